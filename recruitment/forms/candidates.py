"""The candidate form, in the order of the paper form 2-KNĐ."""

from __future__ import annotations

from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Submit
from django import forms
from django.db.models import OuterRef, Subquery
from django.db.models.functions import Length
from django.utils.translation import gettext_lazy as _

from foundation import clock
from foundation.names import search_key
from foundation.numbers import western_digits
from foundation.together import Asked, objects, whole
from foundation.web import BirthField, DayField, NameField, NumberField, NumericField, OperationForm, PastDayField
from foundation.words import apart
from membership.forms.fields import Finds, ForUser, PersonField, UnitField
from membership.forms.people import MaskedForm, choices, identity_number, masked_number
from membership.lines import keys_of
from membership.models import (
    Education,
    Kind,
    MassKind,
    MassOrganisation,
    OccupationKind,
    Organisation,
    Person,
    Position,
    Professional,
    Sex,
    Theory,
    Workplace,
)
from membership.scope import path_on
from recruitment.models import Candidate, Source

PERSON = (
    "full_name",
    "sex",
    "birth_name",
    "other_names",
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
)
LIFE = ("occupation", "workplace", "occupation_title", "youth_union_on", "youth_union_at", "trade_union")


def beside(cell: Organisation) -> Any:
    """Mass organisations beside the cell and the units above it, the nearest first."""
    keys = keys_of(path_on(cell, clock.today()) or "")
    here = Position.objects.as_at(clock.today()).filter(organisation__key__in=keys)
    depth = here.filter(organisation=OuterRef("unit")).annotate(depth=Length("path")).values("depth")
    found = MassOrganisation.objects.filter(unit__in=here.values("organisation")).select_related("unit")
    return found.annotate(depth=Subquery(depth[:1])).order_by("-depth", "name", "pk")


class WorkplaceField(Finds, NameField):
    """A workplace of the user's town, typed as name or code; gives the `Workplace`."""

    def by_code(self, text: str) -> Asked | None:
        """The workplace that has the code."""
        return whole(Workplace.objects.around(self.user).filter(code__iexact=western_digits(text)))

    def made_of(self, row: Any) -> Workplace:
        """The workplace."""
        return objects(Workplace, [row])[0]

    def clean(self, value: Any) -> Workplace | None:
        """The one workplace that is meant; a sentence where there is none, or several."""
        text = super().clean(value)
        if not text:
            return None
        places = Workplace.objects.around(self.user)
        by_code = self.named[text] if text in self.named else list(places.filter(code__iexact=western_digits(text)))
        if by_code:
            return by_code[0]
        found = list(places.filter(search_key__found_within=search_key(text)).order_by("search_key", "pk")[:3])
        if len(found) > 1:
            same = [one for one in found if one.search_key == search_key(text)]
            if len(same) == 1:
                return same[0]
            names = apart(f"{one.name} [{one.code}]" for one in found)
            raise forms.ValidationError(
                _("Several workplaces are called so: %(names)s. Type the code.") % {"names": names}
            )
        if not found:
            raise forms.ValidationError(
                _("No workplace in the register is called so. Leave it empty, or have it recorded.")
            )
        return found[0]


class PaperFields(forms.Form):
    """Fields of the person, in the order of form 2-KNĐ."""

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
    occupation = forms.ChoiceField(label=_("Occupation"), choices=choices(OccupationKind), required=False)
    workplace = WorkplaceField(
        label=_("Workplace"),
        max_length=200,
        required=False,
        help_text=_("Its name or code in the register of workplaces."),
    )
    occupation_title = NameField(label=_("Post"), max_length=100, required=False)
    education = forms.ChoiceField(label=_("General education"), choices=choices(Education), required=False)
    professional = forms.ChoiceField(label=_("Professional level"), choices=choices(Professional), required=False)
    theory = forms.ChoiceField(label=_("Theory level"), choices=choices(Theory), required=False)
    languages = NameField(label=_("Languages"), max_length=200, required=False)
    youth_union_on = DayField(label=_("Joined the Youth Union on"), required=False)
    youth_union_at = NameField(label=_("Joined the Youth Union at"), max_length=200, required=False)
    trade_union = forms.BooleanField(label=_("Trade union member"), required=False)
    identity_number = forms.CharField(label=_("Identity card"), max_length=40, required=False)
    phone = NumericField(label=_("Telephone"), max_length=30, required=False)

    def clean_identity_number(self) -> str:
        """12 digits, or nothing."""
        return identity_number(self.cleaned_data["identity_number"])

    def person_values(self) -> dict[str, Any]:
        """The person's own fields."""
        values = {name: self.cleaned_data[name] for name in PERSON if name in self.cleaned_data}
        values["born_on"], values["born_precision"] = self.cleaned_data["born_on"]
        return values


class NominationForm(ForUser, OperationForm):
    """Who vouches, the cell, who brought the person forward and when: all that is asked of a person in the register."""

    submit: Any = _("Save the candidate")
    begins_typing = True
    introducer_1 = PersonField(label=_("First introducer"), required=False)
    together_1 = DayField(label=_("Together with the first introducer since"), required=False)
    introducer_2 = PersonField(label=_("Second introducer"), required=False)
    together_2 = DayField(label=_("Together with the second introducer since"), required=False)
    cell = UnitField(label=_("Cell"), capability="candidate.write", kind=Kind.CELL)
    source = forms.ChoiceField(label=_("Brought forward by"), choices=choices(Source))
    body = NameField(
        label=_("Which mass organisation"),
        max_length=200,
        required=False,
        help_text=_("Left empty, the one nearest to the cell."),
    )
    nominated_on = PastDayField(label=_("Day of nomination"))

    def __init__(self, *args: Any, person: Person | None = None, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.person = person
        if person:
            self.submit = _("Nominate %(person)s") % {"person": person}

    @property
    def helper(self) -> FormHelper:
        """Sent back to the page of the person in question."""
        helper = super().helper
        if self.person:
            helper.form_action = f"?person={self.person.pk}"
        return helper

    def clean(self) -> dict[str, Any]:
        """The body that brought the person forward is one beside the cell."""
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("cell") and cleaned.get("source"):
            cleaned["body"] = self._body(cleaned)
        return cleaned

    def _body(self, cleaned: dict[str, Any]) -> MassOrganisation | None:
        source, text = cleaned["source"], cleaned.get("body") or ""
        if source == Source.CELL:
            return None
        bodies = beside(cleaned["cell"])
        if source != Source.OTHER_BODY:
            bodies = bodies.filter(kind=source)
        else:
            bodies = bodies.exclude(kind__in=(MassKind.YOUTH_UNION, MassKind.TRADE_UNION))
        if text:
            bodies = bodies.filter(search_key__found_within=search_key(text))
        found = list(bodies[:4])
        found = [one for one in found if one.unit_id == found[0].unit_id]
        if len(found) > 1:
            names = apart(found[:3])
            self.add_error("body", _("Several are beside this cell: %(names)s. Type the name.") % {"names": names})
        elif not found and text:
            self.add_error("body", _("No mass organisation beside this cell is called so."))
        return found[0] if len(found) == 1 else None

    @property
    def arguments(self) -> dict[str, Any]:
        """The operation's arguments."""
        data = self.cleaned_data
        introducers = [
            {"person": data[f"introducer_{place}"], "together_since": data[f"together_{place}"]}
            for place in (1, 2)
            if data[f"introducer_{place}"]
        ]
        nomination = {name: data[name] for name in ("cell", "source", "body", "nominated_on")}
        return {"introducers": introducers, **nomination, **self.about_person()}

    def about_person(self) -> dict[str, Any]:
        """Who it is: a person of the register; a new one is described."""
        return {"person": self.person}


class CandidateForm(NominationForm, PaperFields):
    """A new candidate: the person, then the nomination."""

    sections = {
        "full_name": _("The person"),
        "occupation": _("Work and schooling"),
        "youth_union_on": _("Unions, identity and telephone"),
        "introducer_1": _("Who vouches"),
        "cell": _("Nomination"),
        "taken_up_on": _("The way to admission"),
    }
    seen_twins = forms.CharField(required=False, max_length=200, widget=forms.HiddenInput)

    @property
    def helper(self) -> FormHelper:
        """Also a button that saves and opens the next form with the same unit and source."""
        helper = super().helper
        helper.add_input(Submit("save_and_next", _("Save and enter the next"), css_class="btn-quiet"))
        return helper

    def own_fields(self) -> list[str]:
        """Fields a person fills in."""
        return [name for name in super().own_fields() if name != "seen_twins"]

    def about_person(self) -> dict[str, Any]:
        """The new person, with what they do and to which unions they belong."""
        data = self.cleaned_data
        return {**self.person_values(), **{name: data.get(name) for name in LIFE}}

    def ask_about(self, twins: str) -> None:
        """The form comes back, filled; sent once more with the same twins it is another person."""
        self.add_error(None, _("Somebody alike is registered already. Save again if this is another person."))
        self.status = 422
        self.remember(twins)

    def remember(self, twins: str) -> None:
        """These twins were shown."""
        self.data = self.data.copy()
        self.data["seen_twins"] = twins


class PastFields(forms.Form):
    """The steps of a finished history, as the papers of the past have them."""

    taken_up_on = PastDayField(label=_("Taken up on"), required=False)
    certificate_on = PastDayField(label=_("Awareness certificate of"), required=False)
    certificate_number = NameField(label=_("Certificate number"), max_length=40, required=False)
    helper_person = PersonField(label=_("Helper"), required=False)
    helped_from = PastDayField(label=_("Helped from"), required=False)
    cell_on = PastDayField(label=_("Cell meeting on"), required=False)
    cell_entitled = NumberField(label=_("Entitled to vote"), min_value=1, max_value=9999, required=False)
    cell_present = NumberField(label=_("Present"), min_value=0, max_value=9999, required=False)
    cell_in_favour = NumberField(label=_("In favour"), min_value=0, max_value=9999, required=False)
    cell_against = NumberField(label=_("Against"), min_value=0, max_value=9999, required=False)
    decision_number = NameField(label=_("Decision number"), max_length=40)
    decided_on = PastDayField(label=_("Date of the decision"))
    received_on = PastDayField(label=_("Received by the cell on"), required=False)
    ceremony_on = PastDayField(label=_("Ceremony on"))
    recognition_number = NameField(label=_("Number of the recognition"), max_length=40, required=False)
    recognised_on = PastDayField(label=_("Date of the recognition"), required=False)

    def clean(self) -> dict[str, Any]:
        """A vote has all its numbers, or none."""
        cleaned = super().clean() or self.cleaned_data
        names = ("cell_entitled", "cell_present", "cell_in_favour", "cell_against")
        if cleaned.get("cell_on") and any(cleaned.get(name) is None for name in names):
            self.add_error("cell_on", _("Give the numbers of the vote too, or leave its day empty."))
        return cleaned

    def steps(self) -> dict[str, Any]:
        """The steps as the operation takes them."""
        data = self.cleaned_data
        numbers = {name: data[f"cell_{name}"] for name in ("entitled", "present", "in_favour", "against")}
        vote = {"stage": "cell_meeting", "happened_on": data["cell_on"], **numbers}
        taken = {name: data[name] for name in _PAST}
        return {**taken, "helper": data["helper_person"], "votes": [vote] if data["cell_on"] else []}


_PAST = (
    "taken_up_on", "certificate_on", "certificate_number", "helped_from", "decision_number", "decided_on",
    "received_on", "ceremony_on", "recognition_number", "recognised_on",
)  # fmt: skip


class PastAdmissionForm(PastFields, CandidateForm):
    """A finished history of a person who is not in the register yet."""

    submit = _("Record the past admission")

    @property
    def helper(self) -> FormHelper:
        """One button: past admissions come one by one from their files."""
        return NominationForm.helper.fget(self)  # type: ignore[attr-defined]

    @property
    def arguments(self) -> dict[str, Any]:
        """The operation's arguments."""
        return {**super().arguments, **self.steps()}


class PastOfRegisteredForm(PastFields, NominationForm):
    """A finished history of a person in the register."""

    @property
    def arguments(self) -> dict[str, Any]:
        """The operation's arguments."""
        return {**super().arguments, **self.steps()}


class RegisteredForm(ForUser, forms.Form):
    """Whether the person to be nominated is in the register."""

    person = PersonField(label=_("Registered already?"), help_text=_("Type the name and choose."))


class CandidateEditForm(MaskedForm, PaperFields):
    """Corrects the person of a candidacy."""

    submit = _("Save")

    def withheld(self) -> list[str]:
        """Also what the person does and to which unions they belong: that is dated."""
        return [*super().withheld(), *LIFE]

    @property
    def arguments(self) -> dict[str, Any]:
        """The operation's arguments."""
        return self.corrected(self.person_values())

    def current_values(self, current: Candidate) -> dict[str, Any]:
        """How the stored person would fill the form."""
        return edit_initial(current.person)


def edit_initial(person: Person) -> dict[str, Any]:
    """How the person fills the fields, the identity number masked."""
    fields = {name: getattr(person, name) for name in PERSON if name != "identity_number"}
    return fields | masked_number(person) | {"born_on": (person.born_on, person.born_precision)}
