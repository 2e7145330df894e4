"""Forms of the register of members."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from foundation.days import western_digits
from foundation.web import BirthField, DayField, NameField, OperationForm
from foundation.web.lists import ListForm
from membership import policy
from membership.forms.fields import ForUser, UnitField
from membership.models import Education, Kind, Organisation, Person, Professional, Sex, Status, Theory

PERSON_FIELDS = (
    "full_name",
    "sex",
    "birth_name",
    "other_names",
    "born_on",
    "birth_place",
    "home_town",
    "residence",
    "ethnicity",
    "religion",
    "education",
    "professional",
    "theory",
    "languages",
    "identity_number",
    "phone",
    "card_number",
)


def choices(of: Any) -> list[tuple[str, Any]]:
    """The choices of a field that may stay empty."""
    return [("", "—"), *of.choices]


def identity_number(text: str) -> str:
    """The 12 digits of an identity card, in any script; ValidationError otherwise."""
    digits = western_digits(text).replace(" ", "")
    if digits and not (len(digits) == 12 and digits.isdigit()):
        raise forms.ValidationError(_("An identity number has 12 digits."))
    return digits


class PersonFields(forms.Form):
    """Fields of a person in the order of form 2-KNĐ."""

    full_name = NameField(label=_("Name in use"), max_length=100)
    sex = forms.ChoiceField(label=_("Sex"), choices=choices(Sex))
    birth_name = NameField(label=_("Name at birth"), max_length=100, required=False)
    other_names = NameField(label=_("Other names"), max_length=100, required=False)
    born_on = BirthField(
        label=_("Born on"), help_text=_("Day/month/year; only month/year or year if no more is known.")
    )
    birth_place = NameField(label=_("Place of birth"), max_length=200, required=False)
    home_town = NameField(label=_("Home town"), max_length=200, required=False)
    residence = NameField(label=_("Residence"), max_length=200, required=False)
    ethnicity = NameField(label=_("Ethnicity"), max_length=40, required=False)
    religion = NameField(label=_("Religion"), max_length=60, required=False)
    education = forms.ChoiceField(label=_("General education"), choices=choices(Education), required=False)
    professional = forms.ChoiceField(label=_("Professional level"), choices=choices(Professional), required=False)
    theory = forms.ChoiceField(label=_("Theory level"), choices=choices(Theory), required=False)
    languages = NameField(label=_("Languages"), max_length=200, required=False)
    identity_number = forms.CharField(label=_("Identity card"), max_length=40, required=False)
    phone = NameField(label=_("Telephone"), max_length=30, required=False)
    card_number = NameField(label=_("Party card"), max_length=20, required=False)

    def clean_identity_number(self) -> str:
        """12 digits, or nothing."""
        return identity_number(self.cleaned_data["identity_number"])

    def person_values(self) -> dict[str, Any]:
        """What the operation takes of the person."""
        values = {name: self.cleaned_data[name] for name in PERSON_FIELDS if name in self.cleaned_data}
        if values.get("born_on"):
            values["born_on"], values["born_precision"] = values["born_on"]
        return values


def person_initial(person: Person) -> dict[str, Any]:
    """How the person fills the fields."""
    values = {name: getattr(person, name) for name in PERSON_FIELDS}
    return values | {"born_on": (person.born_on, person.born_precision)}


class MemberForm(ForUser, PersonFields, OperationForm):
    """A member into the register."""

    submit = _("Register the member")
    cell = UnitField(label=_("Cell"), capability="member.write", kind=Kind.CELL)
    placed_on = DayField(label=_("In this cell since"))
    admitted_on = DayField(label=_("Admitted on"))
    recognised_on = DayField(label=_("Recognised on"), required=False)

    @property
    def arguments(self) -> dict[str, Any]:
        """The operation's arguments; the person's fields are one of them."""
        days = {name: self.cleaned_data[name] for name in ("cell", "placed_on", "admitted_on", "recognised_on")}
        return {**days, "person": self.person_values()}


class ReceiveForm(ForUser, PersonFields, OperationForm):
    """A member from an organisation outside."""

    submit = _("Receive the member")
    cell = UnitField(label=_("Cell"), capability="member.write", kind=Kind.CELL)
    from_on = DayField(label=_("From"))
    outside = NameField(label=_("From which organisation"), max_length=200)
    admitted_on = DayField(label=_("Admitted on"))
    recognised_on = DayField(label=_("Recognised on"), required=False)

    @property
    def arguments(self) -> dict[str, Any]:
        """The operation's arguments; the person's fields are one of them."""
        names = ("cell", "from_on", "outside", "admitted_on", "recognised_on")
        return {name: self.cleaned_data[name] for name in names} | {"person": self.person_values()}


class DescribeForm(PersonFields, OperationForm):
    """A person's description; restricted fields only for those who read them."""

    submit = _("Save")

    def __init__(self, *args: Any, reads_restricted: bool, **kwargs: Any):
        super().__init__(*args, **kwargs)
        if not reads_restricted:
            for name, field in policy.FIELDS.items():
                if field.sort == policy.RESTRICTED:
                    self.fields.pop(name, None)

    @property
    def arguments(self) -> dict[str, Any]:
        """The operation's arguments."""
        return {"values": self.person_values()}

    def current_values(self, current: Person) -> dict[str, Any]:
        """How the stored person would fill the form."""
        return person_initial(current)


class PlaceForm(ForUser, OperationForm):
    """A member into another cell."""

    submit = _("Transfer")
    to_cell = UnitField(label=_("To the cell"), capability="member.write", kind=Kind.CELL)
    from_on = DayField(label=_("From"))


class EndForm(OperationForm):
    """The end of a membership."""

    submit = _("End the membership")
    asks_reason = True
    status = forms.ChoiceField(
        label=_("How"),
        choices=[(s.value, s.label) for s in (Status.DIED, Status.REMOVED, Status.EXPELLED, Status.RESIGNED)],
    )
    from_on = DayField(label=_("On"))


class SendForm(OperationForm):
    """A member to an organisation outside."""

    submit = _("Send")
    outside = NameField(label=_("To which organisation"), max_length=200)
    from_on = DayField(label=_("From"))


class MembersFilter(ListForm):
    """The roster: search, unit with subtree, status, sex, age group."""

    sorts = {"name": ("sort_key",), "born": ("born_on", "sort_key")}
    q = forms.CharField(label=_("Name"), required=False, max_length=100)
    unit = forms.IntegerField(
        label=_("Unit"), required=False, min_value=1, max_value=2**63 - 1, widget=forms.HiddenInput
    )
    status = forms.ChoiceField(
        label=_("Status"),
        required=False,
        choices=[
            ("", _("Any")),
            (Status.OFFICIAL, Status.OFFICIAL.label),
            (Status.PROBATIONARY, Status.PROBATIONARY.label),
        ],
    )
    sex = forms.ChoiceField(label=_("Sex"), required=False, choices=[("", _("Any")), *Sex.choices])

    def chosen_unit(self) -> Organisation | None:
        """The unit in the address, if the reader sees it."""
        if not (pk := self.cleaned_data["unit"]):
            return None
        return Organisation.objects.visible_to(self.request.user, "person.read").filter(pk=pk).first()
