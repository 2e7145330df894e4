"""What happened to a thing, newest first: who recorded what, by which appointment, why, field by field."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from foundation import clock
from foundation.days import format_day
from foundation.facts import OPEN
from foundation.models import EntrySubject, JournalEntry
from foundation.operation import label_of
from foundation.statements import By, prepared
from membership import policy, scope
from membership.models import Appointment, Organisation, Person, Position

LONGEST = 200  # entries; older ones stay in the journal
OF_PEOPLE = "note_call_with_unit"  # what is said there may name people: for those who read names in the unit
_UNITS = {"parent", "unit", "organisation", "destination"}  # fields whose values are codes of units

# What each operation did, in words. Floors above add theirs.
WORDS: dict[str, Any] = {
    "found_unit": _("Founded"),
    "rename_unit": _("Renamed"),
    "move_unit": _("Moved"),
    "dissolve_unit": _("Dissolved"),
    "carry_out_dissolution": _("What hung on the dissolved unit went to its destination"),
    "describe_unit": _("Description changed"),
    "appoint": _("Appointment made"),
    "end_appointment": _("Appointment ended"),
    "open_account": _("Account opened"),
    "close_account": _("Account closed"),
    "reopen_account": _("Account reopened"),
    "hand_over_account": _("Slip with a one-time code made"),
    "end_sessions_of_account": _("Sessions ended"),
    "found_workplace": _("Workplace recorded"),
    "describe_workplace": _("Description of the workplace changed"),
    "cover_workplace": _("Workplace covered"),
    "uncover_workplace": _("Workplace no longer covered"),
    "found_mass_organisation": _("Mass organisation recorded"),
    "rename_mass_organisation": _("Mass organisation renamed"),
    "register_member": _("Registered as a member"),
    "describe_person": _("Description corrected"),
    "place_member": _("Transferred to another cell"),
    "end_membership": _("Membership ended"),
    "send_member": _("Sent to an organisation outside"),
    "receive_member": _("Received from an organisation outside"),
    "reveal_identity": _("Identity number shown"),
    "note_call_with_person": _("Call"),
    "note_call_with_unit": _("Call"),
    "upload_register": _("File uploaded"),
    "match_columns": _("Columns chosen"),
    "mend_rows": _("Rows mended"),
    "apply_register": _("Taken over from a file"),
    "undo_register": _("File taken back"),
}
_LABELS: dict[str, Any] = {
    "name": _("name"),
    "parent": _("under"),
    "from_on": _("from"),
    "until_on": _("until"),
    "dissolved_on": _("stands no longer from"),
    "role": _("role"),
    "holder": _("holder"),
    "organisation": _("unit"),
    "mass_organisation": _("mass organisation"),
    "status": _("membership"),
    "destination": _("destination"),
    "workplace": _("workplace"),
    "reads_names": _("reads names"),
    "reads_restricted": _("reads restricted fields"),
    "username": _("user name"),
    "may_sign_in": _("may sign in"),
    "with_whom": _("with whom"),
    "said": _("what was said"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One entry, as a timeline shows it. `changes`: (field, before, after); `waiting`: it holds from a day to come."""

    day: date
    sentence: Any
    by: str = ""
    appointment: str = ""
    note: str = ""
    recorded: datetime | None = None
    undone: bool = False
    waiting: bool = False
    changes: list[tuple[Any, str, str]] = field(default_factory=list)
    url: str = ""
    undo_url: str = ""
    operation: str = ""


def timeline_of(thing: models.Model, user: Any) -> list[Line]:
    """What is known of the thing: for a unit first what is to come, then the entries about it, newest first."""
    lines = _entries(thing, user)
    return waiting(thing, user) + lines if isinstance(thing, Organisation) else lines


def changes_of(thing: models.Model, entry: JournalEntry) -> list[tuple[Any, str, str]]:
    """What the entry changed of the thing, in words: (field, before, after)."""
    own = _own_subjects(thing)
    return [_worded(thing, row, {}) for row in entry.details if row[0] in own and _tells(row)]


def waiting(unit: Organisation, user: Any) -> list[Line]:
    """Changes of the unit that hold from a day to come, the furthest first."""
    return coming([unit], user)[unit.pk]


def coming(units: Iterable[Organisation], user: Any) -> dict[int, list[Line]]:
    """By unit, as `waiting`; as many statements for one as for a hundred."""
    today = clock.today()
    rows: dict[int, list[Position]] = {unit.pk: [] for unit in units}
    for row in (
        Position.objects.so()
        .filter(organisation__in=list(rows), valid_to__gt=today)
        .select_related("recorded_by__actor__person", "parent")
        .order_by("valid_from")
    ):
        rows[row.organisation_id].append(row)
    later = (row for own in rows.values() for row in own if row.parent and row.valid_from > today)
    named = _names({row.parent.code for row in later if row.parent}, user)
    return {unit: _coming(own, today, named)[::-1] for unit, own in rows.items()}


def _coming(rows: list[Position], today: date, named: dict[str, str]) -> list[Line]:
    found: list[Line] = []
    before: Position | None = None
    for row in rows:
        if row.valid_from > today and (sentence := _change_to(row, before, named)):
            found.append(_waiting(row, row.valid_from, sentence))
        before = row
    if rows and rows[-1].valid_to < OPEN:
        found.append(_waiting(rows[-1], rows[-1].valid_to, _("Stands no longer")))
    return found


def _change_to(row: Position, before: Position | None, named: dict[str, str]) -> Any:
    if before is None or before.valid_to < row.valid_from:
        return _("Stands under %(parent)s") % {"parent": _parent(row, named)}
    if before.parent_id != row.parent_id:
        return _("Moves under %(parent)s") % {"parent": _parent(row, named)}
    if before.name != row.name:
        return _("Is renamed %(name)s") % {"name": row.name}
    return ""  # a unit above it changes


def _parent(row: Position, named: dict[str, str]) -> str:
    return named.get(row.parent.code, str(_OUTSIDE)) if row.parent else "–"


def _waiting(row: Position, day: date, sentence: Any) -> Line:
    entry = row.recorded_by
    return Line(day, sentence, by=_who(entry), note=entry.reason, recorded=entry.recorded_at, waiting=True)


_OUTSIDE = _("a unit outside yours")


def _entries(thing: models.Model, user: Any) -> list[Line]:
    about = EntrySubject.objects.filter(model=label_of(thing), key=thing.pk)
    entries = list(
        JournalEntry.objects.filter(pk__in=about.values("entry"))
        .select_related("actor__person", "undone_by")
        .order_by("-recorded_at")[:LONGEST]
    )
    keys = {entry.appointment for entry in entries if entry.appointment}
    appointments = {one.pk: one.get_role_display() for one in Appointment.objects.filter(pk__in=keys)}
    own = _own_subjects(thing)
    details = {entry.pk: [row for row in entry.details if row[0] in own and _tells(row)] for entry in entries}
    codes = {code for rows in details.values() for row in rows if row[1] in _UNITS for code in row[2:] if code}
    named = _names(codes, user)
    granted = policy.reads_restricted(user, thing.permission_unit()) if isinstance(thing, Person) else False
    of_people = [entry.pk for entry in entries if entry.operation == OF_PEOPLE]
    if of_people and isinstance(thing, Organisation) and scope.allows(user, "person.read", thing) is False:
        details |= {key: [] for key in of_people}
    return [
        Line(
            timezone.localdate(entry.recorded_at),
            WORDS.get(entry.operation, entry.operation.replace("_", " ")),
            by=_who(entry),
            appointment=str(appointments.get(entry.appointment or 0, "")),
            note=policy.reason(entry.operation, entry.reason, granted),
            undone=hasattr(entry, "undone_by"),
            operation=entry.operation,
            changes=[_worded(thing, row, named) for row in details[entry.pk]],
        )
        for entry in entries
    ]


def _who(entry: JournalEntry) -> str:
    person = entry.actor.person
    return person.full_name if person else entry.actor.username


def _own_subjects(thing: models.Model) -> set[str]:
    """How details name the thing: a unit by its code, a person by the bare key, everything by kind and key."""
    named = {f"{label_of(thing)}:{thing.pk}"}
    if isinstance(thing, Organisation):
        return named | {thing.code}
    return named | {str(thing.pk)} if isinstance(thing, Person) else named


def _names(codes: set[str], user: Any) -> dict[str, str]:
    """Names of the units among `codes` that the user may read."""
    units = _coded(scope.reader(user), codes=sorted(codes)) if codes else []
    return {unit.code: f"{unit} [{unit.code}]" for unit in units}


@prepared
def _coded(reader: By, *, codes: list[str]) -> models.QuerySet:
    return Organisation.objects.visible_to(reader.value).named().filter(code__in=codes)


def _tells(row: list[Any]) -> bool:
    """Whether the row tells anything: that a right was not given with what is new goes without saying."""
    return row[2:] != [None, False]


def _worded(thing: models.Model, row: list[Any], named: dict[str, str]) -> tuple[Any, str, str]:
    _subject, name, before, after = row
    return _label(thing, name), _value(thing, name, before, named), _value(thing, name, after, named)


def _label(thing: models.Model, name: str) -> Any:
    if name in _LABELS:
        return _LABELS[name]
    try:
        found: Any = thing._meta.get_field(name)
    except FieldDoesNotExist:
        return name.replace("_", " ")
    return getattr(found, "verbose_name", name)


def _value(thing: models.Model, name: str, value: Any, named: dict[str, str]) -> str:
    if value in (None, ""):
        return "–"
    if isinstance(value, bool):
        return str(_("yes") if value else _("no"))
    if name in _UNITS:
        return named.get(value, str(_OUTSIDE))
    if name.endswith("_on"):
        return _last_day(value) if name == "until_on" else _day(value)
    return str(dict(_choices(thing, name)).get(value, value))


def _choices(thing: models.Model, name: str) -> list[tuple[Any, Any]]:
    if name == "role":
        return list(Appointment._meta.get_field("role").flatchoices)
    try:
        return list(getattr(thing._meta.get_field(name), "flatchoices", []))
    except FieldDoesNotExist:
        return []


def _last_day(value: str) -> str:
    """The journal has the day after it, as rows have."""
    return format_day(date.fromisoformat(value) - timedelta(days=1))


def _day(value: str) -> str:
    try:
        return str(format_day(date.fromisoformat(value)))
    except ValueError:
        return value
