"""Taking an entry back: on the same office day, by the same person, as long as nothing is built on it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.apps import apps
from django.db.models import Exists, OuterRef, Subquery
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from foundation import clock, facts, together
from foundation.days import format_day
from foundation.models import EntrySubject, JournalEntry
from foundation.operation import Act, OperationRefused, operation
from foundation.together import Asked
from membership import events as membership_events
from membership.models import MembershipStatus, Person, Placement
from recruitment import steps
from recruitment.models import CallNote, Candidate, Document, Enrolment, Helper, Introducer, Waiver
from recruitment.names import operation_name
from recruitment.operations.putting_off import their_cells

UNDOABLE = frozenset(
    {
        "enter_candidate", "take_up", "enrol_in_class", "record_certificate", "assign_helper", "name_introducer",
        "replace_introducer", "record_document", "hold_cell_vote", "hold_sub_committee_report", "hold_committee_vote",
        "decide_admission", "receive_decision", "hold_ceremony", "hold_recognition_vote",
        "hold_recognition_committee_vote", "recognise_official", "remove_probationer", "annul_admission", "pause",
        "resume", "return_dossier", "withdraw", "refuse", "move_away", "grant_waiver", "note_call",
        "record_past_admission", "take_up_together", "hold_ceremonies",
    }
)  # fmt: skip
OPENING = ("enter_candidate", "record_past_admission")  # undone, nobody is a candidate
_MADE = (Introducer, Helper, Document, Enrolment, Waiver, CallNote)  # later rows before those they point at
_ASIDE = ("note_call", "edit_candidate")  # nothing of the way rests on these
_CANDIDATE = Candidate._meta.label_lower
_OWN_LIST = ("put_off", "bring_back")  # of the actor's list of tasks, and of nothing else


class UndoRefused(OperationRefused):
    """The entry stays; `args` say why, each later entry that is built on it by name."""


def with_candidates(key: int) -> tuple[JournalEntry | None, list[Candidate]]:
    """The entry, with the candidacies it is about; None where it is about none."""
    named = EntrySubject.objects.filter(entry__pk=key, model=_CANDIDATE).select_related("entry").order_by("key")
    found = list(named)
    return (found[0].entry if found else None), [Candidate(pk=one.key) for one in found]


@operation("undo_entry", on="candidates", capability="candidate.write", over=their_cells)
def undo_entry(act: Act, *, candidates: Sequence[Candidate], entry: JournalEntry) -> Sequence[Candidate]:
    """What the entry recorded is so no longer, and what it ended is so again; that it was believed stays true.

    `candidates` are all that the entry is about, else ValueError; returns them.
    """
    found = _ask_all(entry=entry.pk)
    if {candidate.pk for candidate in candidates} != {row.key for row in found["about"] if row.model == _CANDIDATE}:
        raise ValueError(f"{entry} is about other candidates than {candidates}")
    if reasons := _reasons(entry, act.actor, found):
        raise UndoRefused(*reasons)
    try:
        touched = facts.undo(act, entry.pk, found)
    except ValueError:
        raise UndoRefused(_("A later entry is built on it.")) from None
    _restore(entry)
    _take_away(found["made"])
    act.entry.undoes = entry
    if not {MembershipStatus, Placement}.isdisjoint(touched):
        people = [Person(pk=row.key) for row in found["about"] if row.model == Person._meta.label_lower]
        act.emit(membership_events.members_changed, people=people)
    steps.touch(act, candidates)
    return candidates


def why_not(entry: JournalEntry, user: Any) -> list[Any]:
    """Why the user cannot undo the entry; empty: they can."""
    return _reasons(entry, user, _ask(entry=entry.pk))


def _reasons(entry: JournalEntry, user: Any, found: Mapping[str, Sequence[Any]]) -> list[Any]:
    if entry.operation not in UNDOABLE or not found["about"]:
        return [_("This entry cannot be undone; correct it by another one.")]
    if found["undone"]:
        return [_("The entry is undone already.")]
    reasons: list[Any] = []
    if entry.actor_id != user.pk:
        reasons.append(_("Only the person who made the entry can undo it."))
    if timezone.localdate(entry.recorded_at) != clock.today():
        reasons.append(_("An entry can be undone on its own day only."))
    if found["elsewhere"]:
        reasons.append(_("The person has become a candidate elsewhere since."))
    aside = () if entry.operation == "enter_candidate" else _ASIDE
    built: list[Any] = [
        _("Built on it: %(entry)s, entered on %(day)s at %(time)s.")
        % {"entry": operation_name(later.operation), **_when(later.recorded_at)}
        for later in found["later"]
        if later.operation not in aside
    ]
    if built and not reasons:
        built.append(_("Undo that first; of several, the last first."))
    return reasons + built


@together.prepared
def _ask(*, entry: int) -> dict[str, Asked]:
    """What the entry is about, and what stands against taking it back: that it is undone; candidacies elsewhere, for
    which one that it closed cannot be open again; later entries about the same candidacies that are neither undone nor
    an undo.
    """
    about = EntrySubject.objects.filter(entry=entry)
    candidates = about.filter(model=_CANDIDATE).values("key")
    closed = Candidate.objects.filter(pk__in=candidates, closed_on__isnull=False)
    named = EntrySubject.objects.filter(model=_CANDIDATE, key__in=candidates)
    later = JournalEntry.objects.filter(pk__in=named.values("entry"), recorded_at__gt=_moment_of(entry))
    later = later.filter(undone_by__isnull=True, undoes__isnull=True).exclude(operation__in=_OWN_LIST)
    return {
        "about": (about, "model", "key"),
        "undone": (JournalEntry.objects.filter(undoes=entry), "pk"),
        "elsewhere": (Candidate.objects.open().filter(person__in=closed.values("person")), "pk"),
        "later": (later.order_by("recorded_at"), "operation", "recorded_at"),
    }


@together.prepared
def _ask_all(*, entry: int) -> dict[str, Asked]:
    """The same with what is to be taken back: the facts, and the rows that the entry `made`."""
    rows = EntrySubject.objects.filter(entry=entry, model__in=[model._meta.label_lower for model in _MADE])
    same = EntrySubject.objects.filter(model=OuterRef("model"), key=OuterRef("key"))
    made = rows.filter(~Exists(same.filter(entry__recorded_at__lt=_moment_of(entry))))
    return {**_ask.build(entry=entry), **facts.of_entry(entry), "made": (made, "model", "key")}


def _moment_of(entry: int) -> Subquery:
    return Subquery(JournalEntry.objects.filter(pk=entry).values("recorded_at"))


def _when(moment: datetime) -> dict[str, str]:
    local = timezone.localtime(moment)
    return {"day": format_day(local.date()), "time": f"{local:%H:%M}"}


def _restore(entry: JournalEntry) -> None:
    """Fields of ordinary rows are as the entry's details say they were before."""
    before: dict[str, dict[str, Any]] = defaultdict(dict)
    for subject, name, value, _after in entry.details:
        if subject.startswith("recruitment.") and ":" in subject:
            before[subject][name] = value
    for subject, values in before.items():
        label, _colon, key = subject.partition(":")
        model: Any = apps.get_model(label)
        fields = {model._meta.get_field(name): value for name, value in values.items()}
        model.objects.filter(pk=key).update(
            **{field.attname: field.to_python(value) for field, value in fields.items()}
        )


def _take_away(made: Iterable[Any]) -> None:
    """Ordinary rows that the entry made are gone."""
    keys = defaultdict(list)
    for one in made:
        keys[one.model].append(one.key)
    for model in _MADE:
        if its := keys.get(model._meta.label_lower):
            rows = model.objects.filter(pk__in=its)
            rows._raw_delete(rows.db)  # what points at one was made by a later entry, which stands against undoing
