"""What happened to a candidate, newest first: each event on its day, with who recorded it when and on whose behalf.

Read by two statements, however long the history: what happened with the entry that wrote it, and the entries.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, NamedTuple

from django.db.models import CharField, DateField, Exists, F, IntegerField, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Cast, Coalesce
from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from foundation import clock
from foundation.facts import Why
from foundation.models import EntrySubject, JournalEntry
from foundation.statements import prepared
from membership import policy
from membership.models import ENDED, Appointment, Certificate, CertificateKind, MembershipStatus, Position, Role, Status
from membership.timeline import WORDS, changes_of
from recruitment.models import (
    AdmissionCeremony,
    CallNote,
    Candidate,
    Closing,
    Decision,
    DecisionKind,
    Document,
    Enrolment,
    Helper,
    Introducer,
    Nomination,
    Paper,
    RecordKind,
    Source,
    StageRecord,
    Vote,
    Waiver,
)
from recruitment.operations import undo
from recruitment.rulebook import wording

LONGEST = 200  # entries; older ones stay in the journal
_COLUMNS = ("t_what", "t_key", "t_on", "t_entry", "t_why", "t_text", "t_more", "t_one", "t_other")


class Happening(NamedTuple):
    """A fact or a row about the candidate: two texts and two numbers say what its kind needs."""

    what: str
    key: int
    on: date
    entry: int  # that wrote it; 0: none did
    why: str  # why it is superseded
    text: str
    more: str
    one: int
    other: int


@dataclass(frozen=True, slots=True)
class Line:
    """A line of components/timeline.html."""

    day: date
    sentence: str
    by: str = ""
    appointment: str = ""
    note: str = ""
    recorded: Any = None
    undone: bool = False
    changes: Iterable[Any] = ()
    undo_url: str = ""
    led_to: str = ""  # the state of the candidacy to which it led
    order: tuple[Any, ...] = ()


def timeline(candidate: Candidate, user: Any) -> list[Line]:
    """Every event and every entry about the candidate, newest first; the user's last entry with an offer to undo it.

    Why somebody was refused is as restricted as other fields; who recorded in another unit that a certificate or a
    seat is the person's stays there.
    """
    happened = [Happening(*row) for row in _happenings(candidate=candidate.pk, person=candidate.person_id)]
    written = _entries(candidate=candidate.pk, keys=list({one.entry for one in happened}))
    entries = {entry.pk: entry for entry in written}
    granted = policy.reads_restricted(user, candidate.cell)
    came = _came_by(entries.values())
    lines: list[Line] = []
    told: set[int] = set()
    for one in happened:
        entry = entries.get((one.what == "paper" and came.get(one.key)) or one.entry)
        told |= {entry.pk} if entry else set()
        lines.append(_line(one, entry, granted))
    silent = (entry for entry in entries.values() if entry.pk not in told and _speaks(entry))
    lines += [_of_entry(entry, candidate, granted) for entry in silent]
    lines.sort(key=lambda line: (line.day, line.order), reverse=True)
    return _with_undo(lines, entries.values(), candidate, user)


# What happened, as one statement --------------------------------------------------------------------------------------


@prepared
def _happenings(*, candidate: int, person: int) -> QuerySet:
    """All events and rows; superseded ones only where they were undone."""
    own, theirs = {"candidate": candidate}, {"person": person}
    parts = [
        _fact(Nomination, own, "nomination", text=F("source"), more=Coalesce(F("body__name"), Value(""))),
        _fact(StageRecord, own, "record", text=F("kind"), more=F("reason")),
        _fact(Vote, own, "vote", text=F("stage"), one=F("in_favour"), other=F("entitled")),
        _fact(Decision, own, "decision", text=F("kind"), more=F("number")),
        _fact(AdmissionCeremony, own, "ceremony"),
        _fact(Certificate, theirs, "certificate", text=F("kind"), more=F("number")),
        _row(Introducer.objects.filter(**own), "introducer", F("assigned_on"), text=_who()),
        _row(Helper.objects.filter(**own), "helper", F("from_on"), text=F("person__full_name")),
        _row(_dated(candidate, "asked_on"), "asked", F("asked_on"), text=F("kind"), more=F("asked_of")),
        _row(_dated(candidate, "dated_on"), "paper", F("dated_on"), text=F("kind"), more=F("number")),
        _row(CallNote.objects.filter(**own), "call", F("noted_on"), text=F("with_whom"), more=F("text")),
        _row(Enrolment.objects.filter(**theirs), "seat", F("enrolled_on"), text=F("awareness_class__name")),
        _row(Waiver.objects.filter(**own), "waiver", F("granted_on"), text=F("authority"), more=F("document")),
        _part(_ends(candidate, person), "end", F("valid_from"), entry=F("recorded_by"), text=F("status")),
    ]
    return parts[0].union(*parts[1:], all=True)


def _ends(candidate: int, person: int) -> QuerySet:
    """How the membership ended, where that closed the candidacy and no decision on it did."""
    closed = Candidate.objects.filter(pk=candidate, closed_as=Closing.ENDED)
    return MembershipStatus.objects.so().filter(Exists(closed), person=person, status__in=ENDED)


def _dated(candidate: int, field: str) -> QuerySet:
    return Document.objects.filter(candidate=candidate, **{f"{field}__isnull": False})


def _who() -> Any:
    return Coalesce(F("person__full_name"), F("body__name"), Value(""))


def _fact(model: Any, about: Mapping[str, Any], what: str, **texts: Any) -> QuerySet:
    rows = model.records.filter(Q(superseded_at__isnull=True) | Q(superseded_why=Why.UNDONE), **about)
    return _part(rows, what, F("happened_on"), entry=F("recorded_by"), why=F("superseded_why"), **texts)


def _row(rows: QuerySet, what: str, on: Any, **texts: Any) -> QuerySet:
    """An ordinary row: the first entry about it made it."""
    about = EntrySubject.objects.filter(model=rows.model._meta.label_lower, key=OuterRef("pk")).order_by("entry")
    return _part(rows, what, on, entry=Coalesce(Subquery(about.values("entry")[:1]), Value(0)), **texts)


def _part(rows: QuerySet, what: str, on: Any, **columns: Any) -> QuerySet:
    text, number = CharField(), IntegerField()
    return (
        rows.order_by()
        .annotate(
            t_what=Value(what, text),
            t_key=F("pk"),
            t_on=Cast(on, DateField()),
            t_entry=Cast(columns.get("entry", Value(0)), number),
            t_why=Cast(columns.get("why", Value("")), text),
            t_text=Cast(columns.get("text", Value("")), text),
            t_more=Cast(columns.get("more", Value("")), text),
            t_one=Cast(columns.get("one", Value(0)), number),
            t_other=Cast(columns.get("other", Value(0)), number),
        )
        .values_list(*_COLUMNS)
    )


# Who wrote it ---------------------------------------------------------------------------------------------------------


def _came_by(entries: Iterable[Any]) -> dict[int, int]:
    """Papers that were asked for by one entry and came by a later one: that one, by the paper's key."""
    prefix = f"{Document._meta.label_lower}:"
    return {
        int(row[0].removeprefix(prefix)): entry.pk
        for entry in entries
        for row in entry.details
        if str(row[0]).startswith(prefix) and row[1] == "dated_on"
    }


@prepared
def _entries(*, candidate: int, keys: list[int]) -> QuerySet:
    """Entries about the candidate, and those that wrote what happened, with role and unit on whose behalf."""
    about = EntrySubject.objects.filter(model=Candidate._meta.label_lower, key=candidate)
    role = Appointment.objects.filter(pk=OuterRef("appointment")).values("role")
    behalf = Position.objects.so().filter(organisation=OuterRef("on_behalf_of")).order_by("-valid_from").values("name")
    these = about.values("entry").union(JournalEntry.objects.filter(pk__in=keys).values("pk"), all=True)
    return (
        JournalEntry.objects.filter(pk__in=these)
        .select_related("actor__person", "undone_by")
        .annotate(role=Subquery(role[:1]), behalf=Subquery(behalf[:1]), own=Exists(about.filter(entry=OuterRef("pk"))))
        .order_by("-recorded_at")[:LONGEST]
    )


def _signed(line: Line, entry: Any, granted: bool) -> Line:
    """The line with who recorded it, in which office, on whose behalf, and when, where that is another day."""
    if entry is None or not entry.own:
        return line
    person, recorded = entry.actor.person, timezone.localdate(entry.recorded_at)
    office = str(dict(Role.choices).get(entry.role, ""))
    if entry.behalf:
        on_behalf = _("on behalf of %(unit)s") % {"unit": entry.behalf}
        office = _(", ").join([office, on_behalf]) if office else on_behalf
    return replace(
        line,
        by=person.full_name if person else entry.actor.username,
        appointment=office,
        note=line.note or policy.reason(entry.operation, entry.reason, granted),
        recorded=recorded if recorded != line.day else None,
        order=(entry.recorded_at, entry.pk),
    )


# In words -------------------------------------------------------------------------------------------------------------


def _line(one: Happening, entry: Any, granted: bool) -> Line:
    sentence, note = _SENTENCES[one.what](one)
    note = policy.reason(one.text, note, granted) if one.what == "record" else note
    led_to = _LED_TO.get(one.text, "") if one.what in ("record", "decision") else ""
    undone = one.why == Why.UNDONE
    first = Line(one.on, sentence, note=note, undone=undone, led_to=led_to, order=(timezone.now(), 0))
    return _signed(first, entry, granted)


def _vote(one: Happening) -> tuple[str, str]:
    numbers = {"stage": wording.stage_title(one.text), "in_favour": one.one, "entitled": one.other}
    return _("%(stage)s: %(in_favour)s of %(entitled)s in favour") % numbers, ""


def _decision(one: Happening) -> tuple[str, str]:
    told = {"kind": capfirst(DecisionKind(one.text).label), "number": one.more}
    return _("%(kind)s: decision %(number)s") % told, ""


def _certificate(one: Happening) -> tuple[str, str]:
    told = {"kind": capfirst(CertificateKind(one.text).label), "number": one.more}
    return (_("%(kind)s: certificate %(number)s") if one.more else _("%(kind)s: certificate")) % told, ""


def _asked(one: Happening) -> tuple[str, str]:
    told = {"paper": capfirst(Paper(one.text).label), "whom": one.more}
    return (_("%(paper)s: asked of %(whom)s") if one.more else _("%(paper)s: asked for")) % told, ""


_LED_TO: Mapping[str, str] = {
    RecordKind.PAUSE: "paused",
    RecordKind.RETURN: "returned",
    RecordKind.WITHDRAW: Closing.WITHDRAWN,
    RecordKind.REFUSE: Closing.REFUSED,
    RecordKind.MOVE_AWAY: Closing.MOVED_AWAY,
    DecisionKind.REMOVAL: Closing.REMOVED,
    DecisionKind.ANNULMENT: Closing.ANNULLED,
}  # what stops or ends the way, and the state that follows

_SENTENCES: Mapping[str, Callable[[Happening], tuple[str, str]]] = {
    "nomination": lambda one: (_("Nominated by: %(whom)s") % {"whom": one.more or Source(one.text).label}, ""),
    "record": lambda one: (str(capfirst(RecordKind(one.text).label)), one.more),
    "vote": _vote,
    "decision": _decision,
    "ceremony": lambda one: (_("Admission ceremony"), ""),
    "certificate": _certificate,
    "introducer": lambda one: (_("Introducer: %(who)s") % {"who": one.text}, ""),
    "helper": lambda one: (_("Helper: %(who)s") % {"who": one.text}, ""),
    "asked": _asked,
    "paper": lambda one: (_("%(paper)s: in the dossier") % {"paper": capfirst(Paper(one.text).label)}, ""),
    "call": lambda one: (_("Call with %(whom)s: %(text)s") % {"whom": one.text, "text": one.more}, ""),
    "seat": lambda one: (_("Seat in the class: %(name)s") % {"name": one.text}, ""),
    "end": lambda one: (_("End of the membership: %(how)s") % {"how": Status(one.text).label}, ""),
    "waiver": lambda one: (
        _("Exception granted by %(who)s: %(document)s") % {"who": one.text, "document": one.more},
        "",
    ),
}


def _speaks(entry: Any) -> bool:
    """Whether an entry without an event of its own is worth a line."""
    return entry.operation in WORDS


def _of_entry(entry: Any, candidate: Candidate, granted: bool) -> Line:
    line = Line(
        timezone.localdate(entry.recorded_at),
        str(WORDS[entry.operation]),
        undone=hasattr(entry, "undone_by"),
        changes=changes_of(candidate.person, entry),
    )
    return _signed(line, entry, granted)


# Undo -----------------------------------------------------------------------------------------------------------------


def _with_undo(lines: list[Line], entries: Iterable[Any], candidate: Candidate, user: Any) -> list[Line]:
    """An offer on the line of the user's newest entry of today, if nothing is built on it."""
    entry = next((one for one in entries if _offered(one, user)), None)
    if entry is None or undo.why_not(entry, user):
        return lines
    url = reverse("candidate_undo", args=[candidate.pk, entry.pk])
    place = next((at for at, line in enumerate(lines) if line.order == (entry.recorded_at, entry.pk)), None)
    if place is not None:
        lines[place] = replace(lines[place], undo_url=url)
    return lines


def _offered(entry: Any, user: Any) -> bool:
    same_day = timezone.localdate(entry.recorded_at) == clock.today()
    own = entry.actor_id == user.pk and entry.operation in undo.UNDOABLE
    return own and same_day and not hasattr(entry, "undone_by")
