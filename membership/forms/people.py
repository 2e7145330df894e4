"""Forms of the register of members."""

from __future__ import annotations

import functools
import operator
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from dateutil.relativedelta import relativedelta
from django import forms
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from foundation import clock
from foundation.numbers import western_digits
from foundation.web import BirthField, DayField, NameField, NumericField, OperationForm, TextField
from foundation.web.asof import AsOfList
from membership import policy
from membership.forms.fields import ForUser, UnitField, UnitsField, exact_marks_first
from membership.models import (
    Education,
    Kind,
    MembershipStatus,
    Person,
    Placement,
    PlacementKind,
    Position,
    Professional,
    Sex,
    Status,
    Theory,
)
from membership.models.organisations import below

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
    phone = NumericField(label=_("Telephone"), max_length=30, required=False)
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


class MaskedForm(OperationForm):
    """Corrects somebody: restricted fields only for those who read them, the identity number masked."""

    def __init__(self, *args: Any, reads_restricted: bool, **kwargs: Any):
        self.reads_restricted = reads_restricted
        super().__init__(*args, **kwargs)

    def withheld(self) -> list[str]:
        """Restricted fields, without the grant."""
        restricted = [name for name, field in policy.FIELDS.items() if field.sort == policy.RESTRICTED]
        return [] if self.reads_restricted else restricted

    def clean_identity_number(self) -> str:
        """12 digits, nothing, or the mask as it was shown."""
        typed = self.cleaned_data["identity_number"]
        return typed if typed.startswith(policy.MASK) else identity_number(typed)

    @staticmethod
    def corrected(values: dict[str, Any]) -> dict[str, Any]:
        """What was filled in; a number left masked stays what it is."""
        left = values.get("identity_number", "").startswith(policy.MASK)
        return {name: value for name, value in values.items() if not (left and name == "identity_number")}


class DescribeForm(MaskedForm, PersonFields):
    """A person's description."""

    submit = _("Save")

    @property
    def arguments(self) -> dict[str, Any]:
        """The operation's arguments."""
        return {"values": self.corrected(self.person_values())}

    def current_values(self, current: Person) -> dict[str, Any]:
        """How the stored person would fill the form."""
        return described(current)


def described(person: Person) -> dict[str, Any]:
    """How the person fills the form, the identity number masked."""
    return person_initial(person) | masked_number(person)


def masked_number(person: Person) -> dict[str, Any]:
    """How the identity number stands in a form: whole only on the page that records the look."""
    return {"identity_number": policy.FIELDS["identity_number"].mask(person.identity_number)}


class CallForm(OperationForm):
    """What was said in a call."""

    submit = _("Note the call")
    begins_typing = True
    with_whom = NameField(label=_("With"), max_length=200)
    text = TextField(label=_("What was said"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3}))


class MemberStepForm(ForUser, OperationForm):
    """Something that happens to a membership; two such things at once have no field in common."""

    def current_values(self, current: Person) -> dict[str, Any]:
        """What was typed stays as it is."""
        return {name: self.data.get(self.add_prefix(name), "") for name in self.own_fields()}


class PlaceForm(MemberStepForm):
    """A member into another cell."""

    submit = _("Transfer")
    to_cell = UnitField(label=_("To the cell"), capability="member.write", kind=Kind.CELL)
    from_on = DayField(label=_("From"))


class EndForm(MemberStepForm):
    """The end of a membership."""

    submit = _("End the membership")
    asks_reason = True
    status = forms.ChoiceField(
        label=_("How"),
        choices=[
            ("", "—"),  # nobody is recorded as dead by a form sent too soon
            *((s.value, s.label) for s in (Status.DIED, Status.REMOVED, Status.EXPELLED, Status.RESIGNED)),
        ],
    )
    from_on = DayField(label=_("On"))


class SendForm(MemberStepForm):
    """A member to an organisation outside."""

    submit = _("Send")
    outside = NameField(label=_("To which organisation"), max_length=200)
    from_on = DayField(label=_("From"))


AGES: dict[str, tuple[Any, int, int]] = {  # words, from, below
    "18-30": (_("up to 30"), 0, 31),
    "31-45": (_("31 to 45"), 31, 46),
    "46-60": (_("46 to 60"), 46, 61),
    "61-": (_("over 60"), 61, 200),
}


class MembersFilter(AsOfList):
    """The roster of a day: search, unit with subtree, status, sex, age."""

    sorts = {"name": ("sort_key",), "born": ("born_on", "sort_key")}
    q = forms.CharField(label=_("Name"), required=False, max_length=100)
    unit = UnitsField(label=_("Unit"), required=False, capability="person.read")
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
    age = forms.ChoiceField(
        label=_("Age"), required=False, choices=[("", _("Any")), *((key, age[0]) for key, age in AGES.items())]
    )

    def prepare(self) -> None:
        """Units are the reader's."""
        field: Any = self.fields["unit"]
        field.for_user(self.request.user)

    def words_of(self, name: str) -> Any:
        """A unit by its name; what nothing is called so as it was typed."""
        if name != "unit":
            return super().words_of(name)
        return unit.name if (unit := self.one_unit) else self.data["unit"]

    @property
    def one_unit(self) -> Any:
        """The one unit that is meant, if it is one."""
        units = self.cleaned_data["unit"] or []
        return units[0] if len(units) == 1 else None

    def narrow(self, rows: Any) -> Any:
        """The people that fit."""
        asked, day = self.cleaned_data, self.day
        if asked["q"]:
            rows = rows.found(asked["q"])
        if asked["unit"] is not None:
            rows = rows.filter(placed_under(asked["unit"], day, self.moment))
        if asked["sex"]:
            rows = rows.filter(sex=asked["sex"])
        if asked["status"]:
            status = MembershipStatus.objects.as_at(day, self.moment).filter(status=asked["status"])
            rows = rows.filter(Exists(status.filter(person=OuterRef("pk"))))
        if asked["age"]:
            _words, first, below_age = AGES[asked["age"]]
            last, before = day - relativedelta(years=first), day - relativedelta(years=below_age)
            rows = rows.filter(born_on__gt=before, born_on__lte=last)
        return rows

    def ordered(self, rows: QuerySet, by_index: bool = True) -> QuerySet:
        """By given name; of those found, the ones with the marks as typed first."""
        if self.cleaned_data["q"] and not self.cleaned_data["sort"]:
            return exact_marks_first(rows, self.cleaned_data["q"])
        return super().ordered(rows, by_index)


def placed_under(units: list[Any], day: date, known_on: datetime | None) -> Q:
    """People officially placed, on the day, in or under one of the units (with `path` of today) as they stood then."""
    stood = Position.objects.as_at(day, known_on)
    paths: Iterable[str] = stood.filter(organisation__in=units).values_list("path", flat=True)
    if day == clock.today() and known_on is None:
        paths = [unit.path for unit in units]
    ranges = functools.reduce(operator.or_, map(below, paths), Q(pk__in=[]))
    here = stood.filter(ranges).values("organisation")
    placed = Placement.objects.as_at(day, known_on).filter(kind=PlacementKind.OFFICIAL, cell__in=here)
    return Q(pk__in=placed.values("person"))
