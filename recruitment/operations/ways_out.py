"""Off the way and back on it: pause, resume, return, withdraw, refuse, move away."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext_lazy as _

from foundation.days import format_day
from foundation.operation import Act, OperationRefused, operation
from membership.models import Organisation
from recruitment import committees, steps
from recruitment.judging import for_unit, not_in_future, still_open, with_reason
from recruitment.known import Known, cell_of, read
from recruitment.models import Candidate, RecordKind, StageRecord
from recruitment.operations.preparation import the_cell
from recruitment.rulebook.facts import CandidateFacts
from recruitment.rulebook.progress import reached


def committee_to_which_it_went(candidate: Candidate) -> Organisation:
    """The grassroots committee; of a grassroots cell the competent one."""
    return committees.committee_above(cell_of(candidate))


@operation("pause", on="candidate", capability="recruitment.step", over=the_cell)
def pause(act: Act, *, candidate: Candidate, happened_on: date) -> StageRecord:
    """The candidacy rests from that day until it is resumed."""
    with_reason(act)
    return _off_the_way(act, candidate, RecordKind.PAUSE, happened_on, candidate.cell)


@operation("return_dossier", on="candidate", capability="recruitment.step", over=committee_to_which_it_went)
def return_dossier(act: Act, *, candidate: Candidate, happened_on: date) -> StageRecord:
    """The committee returned the dossier for completion; it goes on when resumed."""
    with_reason(act)
    unit = committee_to_which_it_went(candidate)
    return _off_the_way(act, candidate, RecordKind.RETURN, happened_on, unit)


@operation("resume", on="candidate", capability="recruitment.step", over=the_cell)
def resume(act: Act, *, candidate: Candidate, happened_on: date) -> StageRecord:
    """The candidacy goes on from that day."""
    known, facts = _known(candidate, happened_on)
    since = max((day for day in (facts.paused_on, facts.returned_on) if isinstance(day, date)), default=None)
    if since is None:
        raise OperationRefused(_("The candidacy is neither paused nor returned."))
    if happened_on < since:
        raise OperationRefused(_("It has rested since %(day)s.") % {"day": format_day(since)})
    return _recorded(act, candidate, RecordKind.RESUME, happened_on, known, candidate.cell)


@operation("withdraw", on="candidate", capability="recruitment.step", over=the_cell)
def withdraw(act: Act, *, candidate: Candidate, happened_on: date) -> StageRecord:
    """The candidate withdrew; the candidacy is closed."""
    return _leave(act, candidate, RecordKind.WITHDRAW, happened_on)


@operation("refuse", on="candidate", capability="recruitment.step", over=the_cell)
def refuse(act: Act, *, candidate: Candidate, happened_on: date) -> StageRecord:
    """The candidate was refused; the candidacy is closed."""
    return _leave(act, candidate, RecordKind.REFUSE, happened_on)


@operation("move_away", on="candidate", capability="recruitment.step", over=the_cell)
def move_away(act: Act, *, candidate: Candidate, happened_on: date) -> StageRecord:
    """The candidate lives or works elsewhere; the candidacy in this cell is closed."""
    return _leave(act, candidate, RecordKind.MOVE_AWAY, happened_on)


def _leave(act: Act, candidate: Candidate, kind: str, day: date) -> StageRecord:
    with_reason(act)
    known, facts = _known(candidate, day)
    if isinstance(facts.ceremony_on, date):
        raise OperationRefused(_("The person is a member already: a membership is ended, a name removed."))
    return _recorded(act, candidate, kind, day, known, candidate.cell)


def _off_the_way(act: Act, candidate: Candidate, kind: str, day: date, unit: Organisation) -> StageRecord:
    known, facts = _known(candidate, day)
    if isinstance(facts.ceremony_on, date):
        raise OperationRefused(_("The person is a member already; a probation does not rest."))
    if isinstance(facts.paused_on, date) or isinstance(facts.returned_on, date):
        raise OperationRefused(_("The candidacy rests already."))
    return _recorded(act, candidate, kind, day, known, unit)


def _known(candidate: Candidate, day: date) -> tuple[Known, CandidateFacts]:
    """What is known of the candidate today, and their facts; OperationRefused where the day cannot be."""
    still_open(candidate)
    not_in_future(day)
    if day < candidate.opened_on:
        raise OperationRefused(_("The candidacy was opened on %(day)s.") % {"day": format_day(candidate.opened_on)})
    known = read([candidate])
    return known, known.facts[candidate.pk]


def _recorded(act: Act, candidate: Candidate, kind: str, day: date, known: Known, unit: Organisation) -> StageRecord:
    for_unit(act, unit)
    where = reached(known.facts[candidate.pk], day, known.book)
    row = {"candidate": candidate, "kind": kind, "stage": where.stage if where else "", "reason": act.reason}
    [record] = steps.record(act, [{**row, "happened_on": day}])
    return record
