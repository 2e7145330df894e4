"""Taking an entry back: on the same office day, by the same person, as long as nothing is built on it."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.db.models import F, prefetch_related_objects
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from foundation import clock, facts
from foundation.days import format_day
from foundation.models import EntrySubject, JournalEntry
from foundation.operation import Act, OperationRefused, operation
from membership import events as membership_events
from membership.models import Organisation, Person
from recruitment import steps
from recruitment.models import CallNote, Candidate, Document, Enrolment, Helper, Introducer, Waiver
from recruitment.names import operation_name

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
_MADE = (Introducer, Helper, Document, Enrolment, Waiver, CallNote)  # later rows before those they point at
_ASIDE = ("note_call", "edit_candidate")  # nothing of the way rests on these
_OWN_LIST = ("put_off", "bring_back")  # of the actor's list of tasks, and of nothing else


class UndoRefused(OperationRefused):
    """The entry stays; `args` say why, each later entry that is built on it by name."""


def its_cells(entry: JournalEntry) -> list[Organisation]:
    """The cells of the candidacies the entry is about."""
    return [candidate.cell for candidate in candidates_of(entry)]


def candidates_of(entry: JournalEntry) -> list[Candidate]:
    """The candidacies the entry is about."""
    keys = _subjects(entry, Candidate)
    return list(Candidate.objects.filter(pk__in=keys).select_related("cell", "person").order_by("pk"))


@operation("undo_entry", capability="candidate.write", over=its_cells)
def undo_entry(act: Act, *, entry: JournalEntry) -> JournalEntry:
    """What the entry recorded is so no longer, and what it ended is so again; that it was believed stays true."""
    candidates = candidates_of(entry)
    keys = [candidate.pk for candidate in candidates]
    list(Candidate.objects.select_for_update().filter(pk__in=keys).order_by("pk"))
    if reasons := why_not(entry, act.actor):
        raise UndoRefused(*reasons)
    people = list(Person.objects.filter(pk__in=_subjects(entry, Person)))
    try:
        facts.undo(act, entry.pk)
    except ValueError:
        raise UndoRefused(_("A later entry is built on it.")) from None
    _restore(entry)
    _take_away(entry)
    act.entry.undoes = entry
    Candidate.objects.filter(pk__in=keys).update(version=F("version") + 1)
    steps.touch(act, candidates)
    act.emit(membership_events.members_changed, people=people)
    return entry


def why_not(entry: JournalEntry, user: Any) -> list[Any]:
    """Why the user cannot undo the entry; empty: they can."""
    if entry.operation not in UNDOABLE or not _subjects(entry, Candidate):
        return [_("This entry cannot be undone; correct it by another one.")]
    if JournalEntry.objects.filter(undoes=entry).exists():
        return [_("The entry is undone already.")]
    reasons: list[Any] = []
    if entry.actor_id != user.pk:
        reasons.append(_("Only the person who made the entry can undo it."))
    if timezone.localdate(entry.recorded_at) != clock.today():
        reasons.append(_("An entry can be undone on its own day only."))
    if _candidate_elsewhere(entry):
        reasons.append(_("The person has become a candidate elsewhere since."))
    built: list[Any] = [
        _("Built on it: %(entry)s, entered on %(day)s at %(time)s.")
        % {"entry": operation_name(later.operation), **_when(later)}
        for later in _built_on(entry)
    ]
    if built and not reasons:
        built.append(_("Undo that first; of several, the last first."))
    return reasons + built


def _when(entry: JournalEntry) -> dict[str, str]:
    moment = timezone.localtime(entry.recorded_at)
    return {"day": format_day(moment.date()), "time": f"{moment:%H:%M}"}


def _candidate_elsewhere(entry: JournalEntry) -> bool:
    """Whether a candidacy that the entry closed cannot be open again."""
    closed = Candidate.objects.filter(pk__in=_subjects(entry, Candidate), closed_on__isnull=False)
    others = Candidate.objects.open().filter(person__in=closed.values("person"))
    return others.exists()


def _built_on(entry: JournalEntry) -> list[JournalEntry]:
    """Later entries about the same candidacies that are neither undone nor an undo."""
    named = EntrySubject.objects.filter(model=Candidate._meta.label_lower, key__in=_subjects(entry, Candidate))
    later = JournalEntry.objects.filter(pk__in=named.values("entry"), recorded_at__gt=entry.recorded_at)
    later = later.filter(undone_by__isnull=True, undoes__isnull=True).exclude(pk=entry.pk)
    later = later.exclude(operation__in=_OWN_LIST)
    if entry.operation != "enter_candidate":
        later = later.exclude(operation__in=_ASIDE)
    return list(later.order_by("recorded_at"))


def _restore(entry: JournalEntry) -> None:
    """Fields of ordinary rows are as the entry's details say they were before."""
    for subject, name, before, _after in entry.details:
        label, _colon, key = subject.partition(":")
        if not key or not label.startswith("recruitment."):
            continue
        model: Any = apps.get_model(label)
        field = model._meta.get_field(name)
        model.objects.filter(pk=key).update(**{field.attname: field.to_python(before)})


def _take_away(entry: JournalEntry) -> None:
    """Ordinary rows that the entry made are gone: those of which no earlier entry speaks."""
    for model in _MADE:
        keys = _subjects(entry, model)
        named = EntrySubject.objects.filter(model=model._meta.label_lower, key__in=keys)
        earlier = set(named.filter(entry__recorded_at__lt=entry.recorded_at).values_list("key", flat=True))
        model.objects.filter(pk__in=[key for key in keys if key not in earlier]).delete()


def _subjects(entry: JournalEntry, model: Any) -> list[int]:
    prefetch_related_objects([entry], "subjects")  # once: they stay what they are
    return [subject.key for subject in entry.subjects.all() if subject.model == model._meta.label_lower]
