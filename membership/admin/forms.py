"""Forms of the admin's operations. Each says what will change before it does."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django import forms
from django.conf import settings
from django.core import signing
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.html import format_html
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from foundation import clock
from foundation.days import format_day, parse_day
from foundation.facts import OPEN
from foundation.numbers import format_number
from foundation.operation import OperationRefused, StaleVersion
from foundation.web import CodeField, DayField, NameField, NumberField, NumericField, OperationForm
from membership import dependants, scope, steps
from membership.admin.officers import OfficerField
from membership.dependants import Dependant
from membership.forms.fields import ForUser, UnitField
from membership.models import (
    MassKind,
    MassOrganisation,
    Organisation,
    Ownership,
    Position,
    Role,
    Sector,
    User,
    WorkplaceKind,
)
from membership.models.organisations import Kind, Tier
from membership.operations import appointments

_VERSIONS, _CHOICES = "membership.admin.versions", "membership.admin.choices"


@dataclass
class Preview:
    """What will change: sentences, and a table with a line a row and a line of sums."""

    sentences: list[Any] = field(default_factory=list)
    head: list[Any] = field(default_factory=list)
    rows: list[list[Any]] = field(default_factory=list)
    foot: list[Any] = field(default_factory=list)


class AdminForm(ForUser, OperationForm):
    """An operation's form over some rows, for a user. Versions of many rows travel signed; conflicts can be chosen."""

    versions_seen = forms.CharField(required=False, widget=forms.HiddenInput)
    in_conflict = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, user: Any, rows: Sequence[Any] = (), initial: dict[str, Any] | None = None):
        self.user, self.rows = user, list(rows)
        versions = {str(row.pk): row.version for row in self.rows if hasattr(row, "version")}
        seen = {"versions_seen": signing.dumps(versions, salt=_VERSIONS)}
        if len(self.rows) == 1 and versions:
            seen["version"] = self.rows[0].version
        super().__init__(_chosen(data), initial={**seen, **(initial or {})})
        self.fields["reason"].widget = forms.Textarea(
            attrs={"rows": 2}
        )  # offered always, asked for where `asks_reason`
        self.prepare()
        self.narrow_to(user)
        self.order_fields([name for name in self.fields if name != "reason"])
        self.initial["seen"] = signing.dumps({name: self._shown(name, self.initial) for name in self.own_fields()})

    def prepare(self) -> None:
        """Fields that depend on the rows or the user."""

    @property
    def row(self) -> Any:
        """The one row, where there is one."""
        return self.rows[0]

    def own_fields(self) -> list[str]:
        """Fields a person fills in."""
        return [name for name in super().own_fields() if name not in ("versions_seen", "in_conflict")]

    @property
    def marks_needed(self) -> bool:
        """Whether some fields bear the mark of those that are needed."""
        return any(field.field.required for field in self.visible_fields())

    @property
    def versions(self) -> dict[str, int]:
        """The version of each row that the reader saw."""
        try:
            return signing.loads(self.cleaned_data["versions_seen"], salt=_VERSIONS)
        except signing.BadSignature:
            return {}

    def refuse(self, refusal: OperationRefused) -> None:
        """Also keeps what can be chosen, for readers without scripts."""
        super().refuse(refusal)
        if isinstance(refusal, StaleVersion):
            choices = {row["name"]: {"original": row["original"], "theirs": row["theirs"]} for row in self.conflict}
            self.data["in_conflict"] = signing.dumps(choices, salt=_CHOICES)  # the form's own copy since the conflict

    def preview(self) -> Preview:
        """What will change. The form is valid."""
        return Preview()

    def shown(self, name: str) -> str:
        """The value of a field, in words, as they stand in a sentence."""
        return self._in_words(name, self.cleaned_data.get(name))

    def _in_words(self, name: str, value: Any) -> str:
        if value in (None, ""):
            return "–"
        if isinstance(value, bool):
            return str(_("yes") if value else _("no"))
        if isinstance(value, date):
            return format_day(value)
        if isinstance(value, int):
            return format_number(value)
        return str(dict(getattr(self.fields[name], "choices", ())).get(value, value))

    def _in_cell(self, name: str, value: Any) -> str:
        """The same as it stands alone; what was typed is left as it is."""
        words = self._in_words(name, value)
        return capfirst(words) if hasattr(self.fields[name], "choices") or isinstance(value, bool) else words

    def values(self, *left_out: str) -> list[list[Any]]:
        """A line a field, as it will be."""
        names = [name for name in self.own_fields() if name not in left_out]
        return [[self.fields[name].label, self._in_cell(name, self.cleaned_data.get(name))] for name in names]

    def differences(self, before: dict[str, Any]) -> Preview:
        """A line a field that changes: as it is, as it will be."""
        after = self.cleaned_data
        rows = [
            [self.fields[name].label, self._in_cell(name, value), self._in_cell(name, after[name])]
            for name, value in before.items()
            if value != after[name]
        ]
        return Preview([] if rows else [_("Nothing changes.")], [_("Field"), _("Now"), _("Then")], rows)


def _chosen(data: Any) -> Any:
    """The values sent, with those of the stored version where the reader chose it without a script."""
    if not data or not data.get("in_conflict"):
        return data
    try:
        offered = signing.loads(data["in_conflict"], salt=_CHOICES)
    except signing.BadSignature:
        return data
    data = data.copy()
    for name, values in offered.items():
        if (choice := data.get(f"choice-{name}")) in values:
            data[name] = values[choice]
    data["in_conflict"] = ""
    return data


def _optional(choices: Any) -> list[tuple[str, Any]]:
    return [("", "—"), *choices.choices]


_UNITS = Dependant(
    "units", _("units"), lambda unit, day: Position.objects.as_at(day).filter(organisation=unit), lambda unit: "",
    rows=Position.objects.as_at, field="organisation",
)  # fmt: skip


def numbers_of(units: Sequence[Organisation], day: date) -> tuple[list[Any], dict[int, list[int]]]:
    """Headings, and for each unit how much hangs on it and on everything under it on the day."""
    kinds = [_UNITS, *(one for name in ("members", "candidacies", "officers") for one in dependants.countable(name))]
    tallies = [dependants.tally(one, units, day, deep=True) for one in kinds]
    return [one.label for one in kinds], {unit.pk: [tally.get(unit.pk, 0) for tally in tallies] for unit in units}


def parents_of(units: Sequence[Organisation], day: date) -> dict[int, str]:
    """For each unit the name of its parent, as of the day."""
    rows = Position.objects.as_at(day)
    above = dict(rows.filter(organisation__in=[unit.pk for unit in units]).values_list("organisation", "parent"))
    names = dict(rows.filter(organisation__in=set(above.values()) - {None}).values_list("organisation", "name"))
    return {unit: names.get(parent, "–") for unit, parent in above.items()}


# Units ------------------------------------------------------------------------------------------------------------


class FoundForm(AdminForm):
    """A unit that begins to stand; a cell may have its secretary at once."""

    name = NameField(label=_("Name"), max_length=200)
    code = CodeField(
        label=_("Code"),
        max_length=30,
        help_text=_("Letters, digits, dots and hyphens; it never changes."),
    )
    parent = UnitField(
        label=_("Under"), capability="unit.write", kind=Kind.COMMITTEE, help_text=_("Type a name or a code.")
    )
    from_on = DayField(label=_("From"), initial=clock.today)
    sector = forms.ChoiceField(label=_("Sector"), choices=_optional(Sector), required=False)
    phone = NumericField(label=_("Telephone"), max_length=30, required=False)
    secretary = OfficerField(label=_("Secretary"), required=False)

    def preview(self) -> Preview:
        """Where the unit will stand, and who leads it."""
        given = self.cleaned_data
        said = {
            "name": given["name"],
            "code": given["code"],
            "parent": given.get("parent"),
            "day": format_day(given["from_on"]),
        }
        under, topmost = (
            _("%(name)s [%(code)s] stands under %(parent)s from %(day)s on."),
            _("%(name)s [%(code)s] is the topmost unit from %(day)s on."),
        )
        sentences: list[Any] = [(under if said["parent"] else topmost) % said]
        if given["secretary"]:
            sentences.append(_("%(person)s is its secretary from that day.") % {"person": given["secretary"]})
        return Preview(sentences)


class FoundCommitteeForm(FoundForm):
    """A committee that begins to stand, with a member of its staff if one is named."""

    submit = _("Found the committee")

    def prepare(self) -> None:
        """A committee has staff. The first of the office stands under nothing, and says at which tier."""
        self.fields["secretary"].label = _("Staff")
        if not steps.has_a_top():
            del self.fields["parent"]
            tiers = [(tier.value, tier.label) for tier in (Tier.PROVINCIAL, Tier.SUPERIOR, Tier.GRASSROOTS)]
            self.fields["tier"] = forms.ChoiceField(label=_("Tier"), choices=tiers, initial=Tier.SUPERIOR)

    def preview(self) -> Preview:
        """Where the unit will stand, and who keeps its papers."""
        said = super().preview()
        if person := self.cleaned_data["secretary"]:
            said.sentences[1:] = [_("%(person)s is its staff from that day.") % {"person": person}]
        return said


class FoundCellForm(FoundForm):
    """A cell that begins to stand, with its secretary if one is named."""

    submit = _("Found the cell")


class RenameForm(AdminForm):
    """Another name from a day on."""

    submit = _("Rename")
    name = NameField(label=_("New name"), max_length=200)
    from_on = DayField(label=_("From"), initial=clock.today)

    def current_values(self, current: Any) -> dict[str, Any]:
        """As the unit is called."""
        return {"name": current.name_on(), "from_on": self.cleaned_data.get("from_on")}

    def preview(self) -> Preview:
        """The name before and after."""
        day = self.cleaned_data["from_on"]
        said = {"before": self.row.name_on(day), "after": self.cleaned_data["name"], "day": format_day(day)}
        return Preview([_("%(before)s is called %(after)s from %(day)s on.") % said])


class MoveForm(AdminForm):
    """Another parent from a day on, for one unit or many."""

    submit = _("Move")
    parent = UnitField(label=_("To the committee"), capability="unit.write", kind=Kind.COMMITTEE)
    from_on = DayField(label=_("From"), initial=clock.today, help_text=_("A past or a future day too."))

    def current_values(self, current: Any) -> dict[str, Any]:
        """As the unit stands."""
        position = current.position()
        return {"parent": position.parent if position else None, "from_on": self.cleaned_data.get("from_on")}

    def preview(self) -> Preview:
        """Each unit with all that goes with it on that day."""
        day, parent = self.cleaned_data["from_on"], self.cleaned_data["parent"]
        head, numbers = numbers_of(self.rows, day)
        parents = parents_of(self.rows, day)
        rows = [[str(unit), parents.get(unit.pk, "–"), *numbers[unit.pk]] for unit in self.rows]
        sums = [sum(numbers[unit.pk][place] for unit in self.rows) for place in range(len(head))]
        said = {"parent": parent, "day": format_day(day), "eve": format_day(day - timedelta(days=1))}
        sentences: list[Any] = [
            _("From %(day)s on they stand under %(parent)s.") % said,
            _("As at %(eve)s and before, each counts where it stood until then.") % said,
        ]
        if day > clock.today():
            sentences.append(_("Until then the change is shown as waiting."))
        return Preview(sentences, [_("Name"), _("Now under"), *head], rows, [_("Together"), "", *sums])


class DescribeUnitForm(AdminForm):
    """What has no history of its own: sector, telephone, address, delegated power."""

    submit = _("Save the description")
    sector = forms.ChoiceField(label=_("Sector"), choices=_optional(Sector), required=False)
    phone = NumericField(label=_("Telephone"), max_length=30, required=False)
    address = NameField(label=_("Address"), max_length=200, required=False)
    admits_by_delegation = NameField(
        label=_("Decision that delegates the power to admit"), max_length=60, required=False
    )

    def preview(self) -> Preview:
        """Fields that change."""
        return self.differences({name: getattr(self.row, name) for name in self.own_fields()})


class DissolveForm(AdminForm):
    """The unit stands no longer; everything that hangs on it has a destination."""

    submit = _("Dissolve")
    asks_reason = True
    from_on = DayField(label=_("From"), initial=clock.today, help_text=_("The first day on which it stands no longer."))
    successor = UnitField(
        label=_("Continued by"), capability="unit.write", required=False, help_text=_("Its past counts for this unit.")
    )

    def prepare(self) -> None:
        """A field for each kind of thing that hangs on the unit, with its number and its list."""
        successor: Any = self.fields["successor"]
        successor.kind = successor.widget.parameters["kind"] = self.row.kind
        self.hanging = [(one, number) for one, number in dependants.of(self.row, self._day()) if number]
        words = _("%(things)s (%(number)s) go to")
        for one, number in self.hanging:
            if one.move:
                self.fields[f"to_{one.name}"] = UnitField(
                    capability="unit.write", kind=one.destination, required=False,
                    label=capfirst(words % {"number": format_number(number), "things": one.label}),
                    help_text=self._help(one),
                )  # fmt: skip
        self.order_fields(["from_on", "successor", *self.destinations])

    @property
    def destinations(self) -> list[str]:
        """Names of the fields that take a destination."""
        return [name for name in self.fields if name.startswith("to_")]

    @property
    def by_hand(self) -> list[tuple[Any, int]]:
        """What can be given no destination here and must be ended first."""
        return [(one, number) for one, number in self.hanging if one.mandatory and not one.move and not one.end]

    def _day(self) -> date:
        """The day that was typed, else today: both it and what comes later is listed."""
        try:
            return parse_day(self.data.get("from_on", "")) if self.is_bound else clock.today()
        except ValueError:
            return clock.today()

    def _help(self, one: Any) -> Any:
        note = _("Left empty, they end with the unit.") if one.end else ""
        if scope.allows(self.user, one.reads, self.row) is False:
            return note
        words, address = _("Show them"), one.link(self.row)
        if one.name == "children":
            address = f"{reverse('admin:tree')}?under={self.row.pk}"
        elif one.name == "officers":
            address = f"{reverse('admin:membership_appointment_changelist')}?unit={self.row.pk}"
        elif one.name == "workplaces":
            address = f"{reverse('admin:membership_workplace_changelist')}?unit={self.row.pk}"
        return format_html('{} <a href="{}">{}</a>', note, address, words) if address else note

    def clean(self) -> dict[str, Any]:
        """Everything that must go somewhere goes somewhere."""
        cleaned = super().clean() or self.cleaned_data
        for one, number in self.hanging:
            name = f"to_{one.name}"
            if one.mandatory and name in self.fields and not cleaned.get(name) and name not in self.errors:
                said = {"number": format_number(number), "things": one.label}
                self.add_error(name, _("Choose first where these go: %(things)s (%(number)s).") % said)
            if cleaned.get(name) == self.row:
                self.add_error(name, _("What is dissolved cannot be its own destination."))
        for one, number in self.by_hand:
            said = {"number": format_number(number), "things": one.label}
            self.add_error(None, _("These must be ended first: %(things)s (%(number)s).") % said)
        return cleaned

    @property
    def arguments(self) -> dict[str, Any]:
        """The operation's arguments, with the destinations by name."""
        given = self.cleaned_data
        places = {name.removeprefix("to_"): given[name] for name in self.destinations if given.get(name)}
        return {"from_on": given["from_on"], "successor": given["successor"], "destinations": places}

    def current_values(self, current: Any) -> dict[str, Any]:
        """Nothing of this form is stored on the unit."""
        return {name: self.cleaned_data.get(name) for name in self.own_fields()}

    def preview(self) -> Preview:
        """Each kind of thing, how many, and where they go."""
        given = self.cleaned_data
        said = {"unit": self.row, "day": format_day(given["from_on"])}
        sentences = [_("%(unit)s stands no longer from %(day)s on.") % said]
        if given["successor"]:
            sentences.append(_("%(unit)s continues it.") % {"unit": given["successor"]})
        rows = [
            [one.label, number, str(given.get(f"to_{one.name}") or _("end with the unit"))]
            for one, number in self.hanging
        ]
        return Preview(sentences, [_("What hangs on it"), _("How many"), _("Goes to")], rows)


# Appointments and accounts ----------------------------------------------------------------------------------------


class AppointForm(AdminForm):
    """A person holds a role over the unit, or over a unit that is named."""

    submit = _("Appoint")
    not_arguments = ("last_on",)
    person = OfficerField(label=_("Person"))
    role = forms.ChoiceField(label=_("Role"))
    from_on = DayField(label=_("From"), initial=clock.today)
    last_on = DayField(label=_("Last day"), required=False, help_text=_("Empty: until it is ended."))
    reads_names = forms.BooleanField(label=_("Reads names"), required=False)
    reads_restricted = forms.BooleanField(label=_("Reads restricted fields"), required=False)

    def prepare(self) -> None:
        """Roles that exist over a thing of this kind."""
        role_field: Any = self.fields["role"]
        role_field.choices = [(role.value, role.label) for role in self._roles()]

    def _roles(self) -> list[Role]:
        if not self.rows:
            return [role for role in Role if role not in appointments.BESIDE]
        if isinstance(self.row, MassOrganisation):
            return [role for role in Role if role in appointments.BESIDE]
        other = appointments.OF_A_COMMITTEE if self.row.kind == Kind.CELL else appointments.OF_A_CELL
        return [role for role in Role if role not in other | appointments.BESIDE]

    def clean(self) -> dict[str, Any]:
        """The last day is not before the first."""
        cleaned = super().clean() or self.cleaned_data
        first, last = cleaned.get("from_on"), cleaned.get("last_on")
        if first and last and last < first:
            self.add_error("last_on", _("The appointment would end before it begins."))
        return cleaned

    @property
    def arguments(self) -> dict[str, Any]:
        """With the day after the last."""
        last = self.cleaned_data["last_on"]
        return {**super().arguments, "until_on": last + timedelta(days=1) if last else OPEN}

    def over(self) -> Any:
        """What the appointment is over."""
        return self.row

    def preview(self) -> Preview:
        """Who will be what, where, from when; what they will read."""
        said = {"person": self.cleaned_data["person"], "role": self.shown("role"), "over": self.over()}
        sentences: list[Any] = [_("%(person)s will be %(role)s: %(over)s.") % said]
        if not scope.opens_pages(self.cleaned_data["role"]):
            sentences.append(_("This role opens no page of the program: it says who holds the office."))
        return Preview(sentences, [_("Field"), _("Then")], self.values("person", "role"))


class AppointAnywhereForm(AppointForm):
    """The unit is named in the form."""

    organisation = UnitField(label=_("Unit"), capability="access.write")

    def prepare(self) -> None:
        """The unit stands behind the person."""
        super().prepare()
        self.order_fields(["person", "organisation"])

    def over(self) -> Any:
        """What the appointment is over."""
        return self.cleaned_data["organisation"]


class EndForm(AdminForm):
    """The last day of an appointment, for one or many."""

    submit = _("End")
    not_arguments = ("last_on",)
    last_on = DayField(label=_("Last day"), initial=clock.today)

    @property
    def arguments(self) -> dict[str, Any]:
        """The day after the last."""
        return {"until_on": self.cleaned_data["last_on"] + timedelta(days=1)}

    def current_values(self, current: Any) -> dict[str, Any]:
        """The last day as it is."""
        return {"last_on": "" if current.until_on == OPEN else current.until_on - timedelta(days=1)}

    def preview(self) -> Preview:
        """Who will hold what no longer."""
        day = format_day(self.cleaned_data["last_on"])
        rows = [[row.person, row.get_role_display(), row.organisation or row.mass_organisation] for row in self.rows]
        return Preview(
            [_("%(day)s is the last day.") % {"day": day}, _("From the next day on it gives no access.")],
            [_("Person"), _("Role"), _("Unit")], rows,
        )  # fmt: skip


class AccountForm(AdminForm):
    """An account for an officer."""

    submit = _("Open the account")
    username = forms.CharField(
        label=_("User name"), max_length=64, validators=User._meta.get_field("username").validators,
        help_text=_("Small letters, digits, dots and hyphens."),
    )  # fmt: skip
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES, initial="vi")
    staff = forms.BooleanField(label=_("Uses the administration"), required=False)

    def preview(self) -> Preview:
        """Whose account, and what it lets them do."""
        held = list(self.row.appointments.in_force(clock.today()))
        said = {"person": self.row, "username": self.cleaned_data["username"]}
        nothing = [] if any(scope.opens_pages(one.role) for one in held) else [_("None of them opens a page yet.")]
        return Preview(
            [
                _("%(person)s will sign in as %(username)s.") % said,
                _("The account gives no right of its own; these appointments do:"),
                *map(str, held),
                *nothing,
                _("Afterwards a slip with a one-time code can be printed."),
            ]
        )


class OnAccountForm(AdminForm):
    """Nothing to fill in but the reason; `follows` says what it does to the account."""

    asks_reason = True
    follows: tuple[Any, ...] = ()

    def preview(self) -> Preview:
        """What follows for the account."""
        return Preview([sentence % {"account": self.row} for sentence in self.follows])


class CloseAccountForm(OnAccountForm):
    """Nobody signs in with it any more."""

    submit = _("Close the account")
    follows = (
        _("Nobody signs in as %(account)s any more; whoever is signed in with it is signed out."),
        _("A one-time code that was handed out for it no longer works."),
    )


class ReopenAccountForm(OnAccountForm):
    """It may sign in again."""

    submit = _("Reopen the account")
    follows = (_("%(account)s may sign in again, with the password it had."),)


class EndSessionsForm(OnAccountForm):
    """Whoever is signed in with it is signed out."""

    submit = _("End the sessions")
    follows = (_("Whoever is signed in as %(account)s is signed out at the next click; the password stays."),)


# Workplaces and mass organisations --------------------------------------------------------------------------------


class DescribeWorkplaceForm(AdminForm):
    """What a workplace is."""

    submit = _("Save the description")
    name = NameField(label=_("Name"), max_length=200)
    kind = forms.ChoiceField(label=_("Kind"), choices=WorkplaceKind.choices)
    ownership = forms.ChoiceField(label=_("Ownership"), choices=Ownership.choices)
    workers = NumberField(label=_("Workers"), min_value=0, max_value=1_000_000, required=False)
    zone = NameField(label=_("Zone"), max_length=100, required=False)

    def preview(self) -> Preview:
        """Fields that change."""
        return self.differences({name: getattr(self.row, name) for name in self.own_fields()})


class FoundWorkplaceForm(DescribeWorkplaceForm):
    """A workplace into the register."""

    submit = _("Record the workplace")
    code = CodeField(label=_("Code"), max_length=30)
    locality = UnitField(label=_("Ward or commune in which it lies"), capability="workplace.write", kind=Kind.COMMITTEE)

    def preview(self) -> Preview:
        """All fields."""
        return Preview([], [_("Field"), _("Then")], self.values())


class CoverForm(AdminForm):
    """A unit is, or is no longer, the workplace's party organisation."""

    submit = _("Record")
    not_arguments = ("last_on",)
    organisation = UnitField(label=_("Unit"), capability="workplace.write")
    from_on = DayField(label=_("From"), initial=clock.today)
    last_on = DayField(label=_("Last day"), required=False, help_text=_("Empty: until further notice."))

    @property
    def arguments(self) -> dict[str, Any]:
        """With the day after the last."""
        last = self.cleaned_data["last_on"]
        return {**super().arguments, "to": last + timedelta(days=1) if last else OPEN}

    def clean(self) -> dict[str, Any]:
        """The last day is not before the first."""
        cleaned = super().clean() or self.cleaned_data
        first, last = cleaned.get("from_on"), cleaned.get("last_on")
        if first and last and last < first:
            raise ValidationError(_("The last day is before the first."))
        return cleaned

    def preview(self) -> Preview:
        """Which unit, from when."""
        return Preview([str(self.row)], [_("Field"), _("Then")], self.values())


class FoundMassForm(AdminForm):
    """A mass organisation beside a unit."""

    submit = _("Record the mass organisation")
    name = NameField(label=_("Name"), max_length=200)
    kind = forms.ChoiceField(label=_("Kind"), choices=MassKind.choices)
    unit = UnitField(label=_("Beside the unit"), capability="unit.write")

    def preview(self) -> Preview:
        """All fields."""
        return Preview([], [_("Field"), _("Then")], self.values())


class RenameMassForm(AdminForm):
    """Another name for a mass organisation."""

    submit = _("Rename")
    name = NameField(label=_("New name"), max_length=200)

    def preview(self) -> Preview:
        """The name before and after."""
        return self.differences({"name": self.row.name})
