"""Votes of cells and committees, and meetings planned."""

from datetime import date

import pytest

from foundation import facts
from foundation.operation import NotPermitted, OperationRefused
from membership.models import Certificate
from recruitment import operations, steps
from recruitment.judging import AlreadyRecorded
from recruitment.models import Meeting, Vote
from recruitment.reasons import StepRefused
from tests.at_once import meanwhile
from tests.builders import (
    a_cell,
    a_certificate,
    a_clerk,
    a_complete_candidate,
    a_person,
    a_sub_committee,
    a_town,
    a_ward,
    an_act,
    on_day,
    submitted_by,
    voted,
)

pytestmark = pytest.mark.django_db
TODAY = date(2024, 10, 1)
ALL = {"entitled": 9, "present": 9, "in_favour": 9, "against": 0}


def do(operation, candidate, on=TODAY, by=None, **arguments):
    with on_day(on):
        return operation(submitted_by(by or a_clerk(of=candidate.cell)), candidate=candidate, **arguments)


def vote(candidate, on=TODAY, operation=operations.hold_cell_vote, by=None, **numbers):
    return do(operation, candidate, by=by, happened_on=on, **{**ALL, **numbers})


@pytest.mark.parametrize(
    "numbers",
    [
        {"present": 10},
        {"in_favour": 8, "against": 2},
        {"issued": 10, "returned": 9, "valid": 9},
        {"issued": 9, "returned": 9, "valid": 8},
        {"issued": 8, "returned": 9, "valid": 9},
        {"entitled": 0, "present": 0, "in_favour": 0},
    ],
    ids=["more present", "more votes than present", "more ballots", "more votes than valid", "more back", "nobody"],
)
def test_numbers_that_cannot_be_are_refused_in_a_sentence(numbers):
    candidate = a_complete_candidate()
    with pytest.raises(OperationRefused) as refused:
        vote(candidate, **numbers)
    assert all(str(message).endswith(".") for message in refused.value.messages)
    assert not Vote.objects.so().exists()


def test_ballots_may_be_fewer_at_each_turn():
    made = vote(a_complete_candidate(), present=8, issued=8, returned=8, valid=7, in_favour=6, against=1)
    assert (made.issued, made.valid, made.meeting.held_on) == (8, 7, TODAY)


@pytest.mark.parametrize(("in_favour", "lawful"), [(6, True), (5, False)])
def test_two_thirds_of_the_cell_let_the_committee_meet(in_favour, lawful):
    candidate = a_complete_candidate()
    vote(candidate, in_favour=in_favour, against=9 - in_favour)
    clerk = a_clerk(of=candidate.cell.position().parent)
    meets = {"operation": operations.hold_committee_vote, "by": clerk}
    if lawful:
        assert vote(candidate, **meets).stage == "committee_meeting"
        return
    with pytest.raises(StepRefused) as refused:
        vote(candidate, **meets)
    assert [reason.code for reason in refused.value.args] == ["vote-short"]
    assert not Vote.objects.so().filter(stage="committee_meeting").exists()


@pytest.mark.parametrize(("born_on", "lawful"), [(date(2006, 10, 31), True), (date(2006, 11, 1), False)])
def test_full_eighteen_by_the_month_of_the_meeting(born_on, lawful):
    candidate = a_complete_candidate(person=a_person(born_on=born_on))
    if lawful:
        vote(candidate)
        return
    with pytest.raises(StepRefused) as refused:
        vote(candidate)
    assert [reason.code for reason in refused.value.args] == ["under-age"]
    assert "01/11/2024" in str(refused.value.messages[0])
    assert not Vote.objects.so().exists()


@pytest.mark.parametrize(("issued_on", "lawful"), [(date(2019, 10, 2), True), (date(2019, 10, 1), False)])
def test_the_certificate_is_good_for_sixty_months(issued_on, lawful):
    candidate = a_complete_candidate()
    facts.withdraw(an_act(), Certificate.objects.so())
    a_certificate(candidate.person, on=issued_on)
    if lawful:
        vote(candidate)
        return
    with pytest.raises(StepRefused) as refused:
        vote(candidate)
    assert [reason.code for reason in refused.value.args] == ["certificate-expired"]


def test_one_vote_a_day_and_another_on_another_day():
    candidate = a_complete_candidate()
    vote(candidate, in_favour=5, against=4, on=date(2024, 9, 2))
    with pytest.raises(AlreadyRecorded):
        vote(candidate, on=date(2024, 9, 2))
    vote(candidate, on=TODAY)
    assert Vote.objects.so().count() == 2


def test_a_sub_committee_reports_before_the_committee_meets():
    ward = a_ward()
    sub = a_sub_committee(under=ward)
    candidate = voted(a_complete_candidate(a_cell(under=sub)))
    with pytest.raises(StepRefused) as refused:
        vote(candidate, operation=operations.hold_committee_vote, by=a_clerk(of=ward))
    assert [reason.code for reason in refused.value.args] == ["stage-not-done"]
    with pytest.raises(NotPermitted):
        vote(candidate, operation=operations.hold_sub_committee_report, by=a_clerk(of=candidate.cell))
    reported = vote(candidate, operation=operations.hold_sub_committee_report, by=a_clerk(of=sub))
    assert reported.meeting.organisation == sub
    assert vote(candidate, operation=operations.hold_committee_vote, by=a_clerk(of=ward)).meeting.organisation == ward


def test_without_a_sub_committee_nobody_reports_and_over_a_grassroots_cell_no_committee_meets():
    candidate = voted(a_complete_candidate())
    ward = candidate.cell.position().parent
    with pytest.raises(OperationRefused):
        vote(candidate, operation=operations.hold_sub_committee_report, by=a_clerk(of=ward))
    town = a_town()
    own = voted(a_complete_candidate(a_cell(under=town)))
    with pytest.raises(OperationRefused):
        vote(own, operation=operations.hold_committee_vote, by=a_clerk(of=town))
    assert not Vote.objects.so().exclude(stage="cell_meeting").exists()


def book(unit, by, held_on):
    with on_day(TODAY):
        return operations.book_meeting(submitted_by(by), organisation=unit, held_on=held_on)


def test_a_booked_meeting_moves_the_outlook_of_the_candidates_of_the_cell():
    candidate = a_complete_candidate()
    book(candidate.cell, a_clerk(of=candidate.cell), date(2024, 11, 5))
    candidate.refresh_from_db()
    assert candidate.standing.earliest["cell_meeting"] == "2024-11-05"


def test_a_meeting_is_booked_from_today_on_and_once_a_day():
    cell = a_cell()
    clerk = a_clerk(of=cell)
    assert book(cell, clerk, TODAY) == book(cell, clerk, TODAY)
    with pytest.raises(OperationRefused):
        book(cell, clerk, date(2024, 9, 30))
    with pytest.raises(NotPermitted):
        book(cell, a_clerk(of=a_cell()), TODAY)
    assert Meeting.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_clerks_who_enter_votes_at_the_same_moment_speak_of_one_meeting():
    first = a_complete_candidate()
    second, clerk = a_complete_candidate(cell=first.cell), a_clerk(of=first.cell)
    counted = {**ALL, "issued": None, "returned": None, "valid": None}
    row = {"candidate": first, "organisation": first.cell, "stage": "cell_meeting", "happened_on": TODAY, **counted}
    with on_day(TODAY):
        answers = meanwhile(lambda: steps.hold_votes(an_act(), [row]), lambda: vote(second, by=clerk))
    assert answers == [None, None]
    assert (Meeting.objects.count(), Vote.objects.so().count()) == (1, 2)
