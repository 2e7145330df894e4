"""Meetings of cells and committees, and their votes."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from foundation import clock
from foundation.operation import Act, OperationRefused, operation
from membership.models import Organisation
from recruitment import committees, standing, steps
from recruitment.judging import AlreadyRecorded, counted, for_unit, lawful, not_in_future
from recruitment.known import cell_of
from recruitment.models import Candidate, Meeting, Vote
from recruitment.operations.preparation import the_cell


def its_committee(candidate: Candidate) -> Organisation:
    """The grassroots committee over the candidate's cell; of a grassroots cell the competent committee."""
    return committees.committee_above(cell_of(candidate))


def its_sub_committee(candidate: Candidate) -> Organisation:
    """The sub-committee over the candidate's cell; where there is none, the grassroots committee."""
    return committees.sub_committee(cell_of(candidate)) or its_committee(candidate)


def the_organisation(organisation: Organisation) -> Organisation:
    """The unit that meets."""
    return organisation


@operation("book_meeting", capability="recruitment.step", over=the_organisation)
def book_meeting(act: Act, *, organisation: Organisation, held_on: date) -> Meeting:
    """A meeting of the unit is planned for that day; candidates under it count on it."""
    for_unit(act, organisation)
    if held_on < clock.today():
        raise OperationRefused(_("A meeting is planned for today or a day to come."))
    [meeting] = steps.book_meetings(act, [{"organisation": organisation, "held_on": held_on}])
    steps.touch_derived(act, standing.under([organisation]))
    return meeting


@operation("hold_cell_vote", on="candidate", capability="recruitment.step", over=the_cell)
def hold_cell_vote(act: Act, *, candidate: Candidate, happened_on: date, **numbers: Any) -> Vote:
    """The cell voted on proposing the admission: entitled, present, issued, returned, valid, in_favour, against."""
    return _vote(act, candidate, "cell_meeting", candidate.cell, happened_on, **numbers)


@operation("hold_sub_committee_report", on="candidate", capability="recruitment.step", over=its_sub_committee)
def hold_sub_committee_report(act: Act, *, candidate: Candidate, happened_on: date, **numbers: Any) -> Vote:
    """The sub-committee appraised the dossier (7-KNĐ) and voted on its report."""
    unit = committees.sub_committee(candidate.cell)
    if unit is None:
        raise OperationRefused(_("The cell is under no sub-committee."))
    return _vote(act, candidate, "sub_committee", unit, happened_on, **numbers)


@operation("hold_committee_vote", on="candidate", capability="recruitment.step", over=its_committee)
def hold_committee_vote(act: Act, *, candidate: Candidate, happened_on: date, **numbers: Any) -> Vote:
    """The grassroots committee voted on proposing the admission (with delegated power: on admitting)."""
    return _vote(act, candidate, "committee_meeting", _grassroots(candidate), happened_on, **numbers)


@operation("hold_recognition_vote", on="candidate", capability="recruitment.step", over=the_cell)
def hold_recognition_vote(act: Act, *, candidate: Candidate, happened_on: date, **numbers: Any) -> Vote:
    """The cell voted on proposing the recognition, after the probation."""
    return _vote(act, candidate, "recognition_meeting", candidate.cell, happened_on, **numbers)


@operation("hold_recognition_committee_vote", on="candidate", capability="recruitment.step", over=its_committee)
def hold_recognition_committee_vote(act: Act, *, candidate: Candidate, happened_on: date, **numbers: Any) -> Vote:
    """The grassroots committee voted on proposing the recognition."""
    return _vote(act, candidate, "recognition_committee", _grassroots(candidate), happened_on, **numbers)


def _grassroots(candidate: Candidate) -> Organisation:
    if unit := committees.grassroots_committee(candidate.cell):
        return unit
    raise OperationRefused(_("A grassroots cell is under no grassroots committee; it proposes to the competent one."))


def _vote(
    act: Act,
    candidate: Candidate,
    stage: str,
    unit: Organisation,
    day: date,
    *,
    entitled: int,
    present: int,
    in_favour: int,
    against: int,
    issued: int | None = None,
    returned: int | None = None,
    valid: int | None = None,
) -> Vote:
    for_unit(act, unit)
    counted(entitled, present, in_favour, against, (issued, returned, valid))
    known = lawful(candidate, stage, day)
    not_in_future(day)
    if (stage, day) in known.voted[candidate.pk]:
        raise AlreadyRecorded(_("The vote of that day is recorded already."))
    numbers = {"entitled": entitled, "present": present, "in_favour": in_favour, "against": against}
    ballots = {"issued": issued, "returned": returned, "valid": valid}
    row = {"candidate": candidate, "organisation": unit, "stage": stage, "happened_on": day, **numbers, **ballots}
    [vote] = steps.hold_votes(act, [row])
    return vote
