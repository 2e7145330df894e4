"""Decisions, ceremonies, the end of probation: to the day."""

from datetime import date

import pytest

from foundation.operation import OperationRefused
from membership.models import MembershipStatus, Person, Placement, Status
from recruitment import operations
from recruitment.judging import AlreadyRecorded, CandidacyClosed
from recruitment.models import AdmissionCeremony, Closing, Decision, Waiver
from recruitment.reasons import StepRefused
from tests.builders import (
    a_clerk,
    a_complete_candidate,
    a_probationary_member,
    decided,
    on_day,
    submitted_by,
    voted,
)

pytestmark = pytest.mark.django_db


def do(operation, candidate, on, **arguments):
    with on_day(on):
        user = a_clerk(of=candidate.cell.position().parent.position().parent)
        return operation(submitted_by(user, reason="as told"), candidate=candidate, **arguments)


def codes(refused):
    return [reason.code for reason in refused.value.args]


def proposed():
    return voted(voted(a_complete_candidate()), "committee_meeting", on=date(2024, 8, 20))


@pytest.mark.parametrize("day", [date(2024, 8, 20), date(2024, 10, 1)])
def test_decided_from_the_day_of_the_committee_on(day):
    decision = do(operations.decide_admission, proposed(), date(2024, 10, 1), number="7", happened_on=day)
    assert (decision.happened_on, decision.received_on) == (day, None)


def test_not_decided_before_the_committee_met():
    with pytest.raises(StepRefused) as refused:
        do(operations.decide_admission, proposed(), date(2024, 10, 1), number="7", happened_on=date(2024, 8, 19))
    assert codes(refused) == ["before-stage"]
    assert not Decision.objects.so().exists()


def test_a_late_decision_is_lawful():
    do(operations.decide_admission, proposed(), date(2025, 3, 3), number="7", happened_on=date(2025, 3, 3))
    assert Decision.objects.so().exists()


def test_decided_once():
    candidate = decided(proposed())
    with pytest.raises(AlreadyRecorded):
        do(operations.decide_admission, candidate, date(2024, 10, 1), number="8", happened_on=date(2024, 9, 30))
    assert Decision.objects.so().count() == 1


def test_received_not_before_it_was_made_and_a_wrong_day_is_corrected():
    candidate = decided(proposed(), on=date(2024, 9, 2), received=date(2024, 9, 5))
    with pytest.raises(OperationRefused):
        do(operations.receive_decision, candidate, date(2024, 10, 1), received_on=date(2024, 9, 1))
    do(operations.receive_decision, candidate, date(2024, 10, 1), received_on=date(2024, 9, 9))
    assert Decision.objects.so().get().received_on == date(2024, 9, 9)
    assert Decision.records.count() == 2


@pytest.mark.parametrize("day", [date(2024, 9, 2), date(2025, 6, 2)], ids=["on the day of the decision", "late"])
def test_the_ceremony_makes_a_probationary_member(day):
    candidate = decided(proposed())
    do(operations.hold_ceremony, candidate, date(2025, 6, 2), happened_on=day)
    assert candidate.person in Person.objects.on_probation(day)
    assert AdmissionCeremony.objects.so().get().credited_to == candidate.cell


@pytest.mark.parametrize(("day", "code"), [(date(2024, 9, 1), "before-stage"), (date(2025, 6, 3), "day-in-future")])
def test_no_ceremony_a_day_before_the_decision_nor_tomorrow(day, code):
    candidate = decided(proposed())
    with pytest.raises(StepRefused) as refused:
        do(operations.hold_ceremony, candidate, date(2025, 6, 2), happened_on=day)
    assert codes(refused) == [code]
    assert not MembershipStatus.objects.so().filter(person=candidate.person).exists()


def recognisable(since):
    candidate = a_probationary_member(since=since)
    for stage in ("recognition_meeting", "recognition_committee"):
        voted(candidate, stage, on=date(2025, 9, 16))
    return candidate


@pytest.mark.parametrize("day", [date(2025, 9, 16), date(2026, 5, 4)], ids=["to the day", "months late"])
def test_recognised_from_the_end_of_probation_however_late(day):
    candidate = recognisable(since=date(2024, 9, 16))
    do(operations.recognise_official, candidate, day, number="9", happened_on=day)
    rows = MembershipStatus.objects.so().filter(person=candidate.person, status=Status.OFFICIAL)
    assert rows.get().valid_from == date(2025, 9, 16)
    candidate.refresh_from_db()
    assert (candidate.closed_on, candidate.closed_as) == (day, Closing.RECOGNISED)


def test_nobody_is_recognised_a_day_early():
    candidate = recognisable(since=date(2024, 9, 17))
    with pytest.raises(StepRefused) as refused:
        do(operations.recognise_official, candidate, date(2025, 9, 16), number="9", happened_on=date(2025, 9, 16))
    assert codes(refused) == ["on-probation"]
    assert candidate.person in Person.objects.on_probation(date(2026, 1, 1))


def test_the_cell_does_not_vote_on_recognition_before_the_end_of_probation():
    candidate = a_probationary_member(since=date(2024, 9, 16))
    numbers = {"entitled": 9, "present": 9, "in_favour": 9, "against": 0}
    with pytest.raises(StepRefused) as refused:
        do(operations.hold_recognition_vote, candidate, date(2025, 9, 15), happened_on=date(2025, 9, 15), **numbers)
    assert codes(refused) == ["on-probation"]
    do(operations.hold_recognition_vote, candidate, date(2025, 9, 16), happened_on=date(2025, 9, 16), **numbers)


def test_removal_ends_membership_and_candidacy():
    candidate = a_probationary_member(since=date(2024, 9, 16))
    do(operations.remove_probationer, candidate, date(2025, 3, 3), number="4", happened_on=date(2025, 3, 3))
    statuses = MembershipStatus.objects.so().filter(person=candidate.person).order_by("valid_from")
    assert [row.status for row in statuses] == [Status.PROBATIONARY, Status.REMOVED]
    assert not Placement.objects.as_at(date(2025, 3, 3)).filter(person=candidate.person).exists()
    with pytest.raises(CandidacyClosed):
        do(operations.remove_probationer, candidate, date(2025, 3, 4), number="5", happened_on=date(2025, 3, 4))


@pytest.mark.parametrize("operation", [operations.remove_probationer, operations.annul_admission])
def test_who_was_not_admitted_is_neither_removed_nor_annulled(operation):
    candidate = decided(proposed())
    with pytest.raises(OperationRefused):
        do(operation, candidate, date(2025, 3, 3), number="4", happened_on=date(2025, 3, 3))
    assert Decision.objects.so().count() == 1


def test_an_annulment_undoes_the_membership_also_of_the_recognised():
    candidate = recognisable(since=date(2024, 9, 16))
    do(operations.recognise_official, candidate, date(2025, 10, 1), number="9", happened_on=date(2025, 10, 1))
    do(operations.annul_admission, candidate, date(2026, 1, 5), number="1", happened_on=date(2026, 1, 5))
    assert not MembershipStatus.objects.so().filter(person=candidate.person).exists()
    assert AdmissionCeremony.objects.so().exists()
    with pytest.raises(AlreadyRecorded):
        do(operations.annul_admission, candidate, date(2026, 1, 6), number="2", happened_on=date(2026, 1, 6))


def test_a_waiver_lifts_one_rule_from_its_day_and_stays():
    candidate = voted(voted(a_complete_candidate(), in_favour=5), "committee_meeting", on=date(2024, 8, 20))
    decision = {"number": "7", "happened_on": date(2024, 10, 1)}
    with pytest.raises(StepRefused) as refused:
        do(operations.decide_admission, candidate, date(2024, 10, 1), **decision)
    assert codes(refused) == ["vote-short"]
    waiver = {"rule": "vote-two-thirds", "authority": "Ban thường vụ", "document": "3-TB/TU"}
    do(operations.grant_waiver, candidate, date(2024, 10, 1), **waiver, granted_on=date(2024, 10, 1))
    do(operations.decide_admission, candidate, date(2024, 10, 1), **decision)
    assert Waiver.objects.get().candidate == candidate


@pytest.mark.parametrize(
    "wrong",
    [{"rule": "no-such-rule"}, {"granted_on": date(2024, 10, 2)}, {"until_on": date(2024, 10, 1)}],
)
def test_a_waiver_that_cannot_be_is_refused(wrong):
    waiver = {"rule": "age", "authority": "Tỉnh ủy", "document": "3-TB/TU", "granted_on": date(2024, 10, 1)}
    with pytest.raises(OperationRefused):
        do(operations.grant_waiver, proposed(), date(2024, 10, 1), **{**waiver, **wrong})
    assert not Waiver.objects.exists()
