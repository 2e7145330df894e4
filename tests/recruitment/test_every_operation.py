"""What every operation on a candidate keeps: its right, the version seen, and one result for one form."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest

from foundation.models import JournalEntry
from foundation.operation import NotPermitted, StaleVersion
from membership import scope
from membership.lines import path_of
from membership.models import Tier
from recruitment import operations, steps
from recruitment.models import Candidate
from tests.builders import (
    a_candidate,
    a_cell,
    a_clerk,
    a_complete_candidate,
    a_member,
    a_probationary_member,
    a_town,
    a_ward,
    an_act,
    an_official,
    as_user,
    decided,
    introduced,
    on_day,
    submitted_by,
    taken_up,
    voted,
)

pytestmark = pytest.mark.django_db
ALL = {"entitled": 9, "present": 9, "in_favour": 9, "against": 0}
DAY = date(2024, 10, 1)
LATER = date(2025, 10, 1)


@dataclass(frozen=True)
class Case:
    operation: Callable[..., Any]
    candidate: Callable[[], Candidate]
    arguments: Callable[[Candidate], dict[str, Any]]
    on: date = DAY

    def __str__(self):
        return self.operation.operation_name


def dated(**values):
    return lambda _candidate: {"happened_on": DAY, **values}


def with_committee():
    return voted(voted(a_complete_candidate()), "committee_meeting", on=date(2024, 8, 20))


def recognisable():
    candidate = a_probationary_member(since=date(2024, 9, 16))
    for stage in ("recognition_meeting", "recognition_committee"):
        voted(candidate, stage, on=date(2025, 9, 17))
    return candidate


def paused():
    candidate = a_candidate()
    with on_day(date(2024, 9, 2)):
        user = a_clerk(of=candidate.cell)
        operations.pause(submitted_by(user, reason="ill"), candidate=candidate, happened_on=date(2024, 9, 2))
    return candidate


def introduced_once():
    candidate = a_candidate()
    return introduced(candidate, a_member(candidate.cell))


def a_class(unit):
    days = {"begins_on": date(2024, 11, 4), "ends_on": date(2024, 11, 15)}
    return steps.plan_class(an_act(), {"unit": unit, "name": "Lớp 1", "issuer": "TTCT", **days})


CASES = [
    Case(operations.edit_candidate, a_candidate, lambda _one: {"residence": "Khu 3"}),
    Case(operations.take_up, a_candidate, dated()),
    Case(
        operations.enrol_in_class, a_candidate, lambda one: {"awareness_class": a_class(one.cell), "happened_on": DAY}
    ),
    Case(operations.record_certificate, a_candidate, dated(number="12")),
    Case(
        operations.assign_helper,
        lambda: taken_up(a_candidate()),
        lambda one: {"person": a_member(one.cell), "happened_on": DAY},
    ),
    Case(operations.name_introducer, a_candidate, lambda one: {"person": a_member(one.cell), "happened_on": DAY}),
    Case(
        operations.replace_introducer,
        introduced_once,
        lambda one: {"introducer": one.introducers.get(), "person": a_member(one.cell), "happened_on": DAY},
    ),
    Case(operations.record_document, a_candidate, lambda _one: {"kind": "cv", "dated_on": DAY}),
    Case(operations.hold_cell_vote, a_complete_candidate, dated(**ALL)),
    Case(operations.hold_committee_vote, lambda: voted(a_complete_candidate()), dated(**ALL)),
    Case(operations.decide_admission, with_committee, dated(number="7")),
    Case(
        operations.receive_decision,
        lambda: decided(a_complete_candidate(), received=date(2024, 9, 3)),
        lambda _one: {"received_on": date(2024, 9, 9)},
    ),
    Case(operations.hold_ceremony, lambda: decided(voted(a_complete_candidate())), dated()),
    Case(
        operations.hold_recognition_vote,
        a_probationary_member,
        lambda _one: {"happened_on": LATER, **ALL},
        LATER,
    ),
    Case(
        operations.hold_recognition_committee_vote,
        lambda: voted(a_probationary_member(), "recognition_meeting", on=date(2025, 9, 17)),
        lambda _one: {"happened_on": LATER, **ALL},
        LATER,
    ),
    Case(operations.recognise_official, recognisable, lambda _one: {"happened_on": LATER, "number": "9"}, LATER),
    Case(operations.remove_probationer, a_probationary_member, dated(number="9")),
    Case(operations.annul_admission, a_probationary_member, dated(number="9")),
    Case(operations.pause, a_candidate, dated()),
    Case(operations.resume, paused, dated()),
    Case(operations.return_dossier, a_candidate, dated()),
    Case(operations.withdraw, a_candidate, dated()),
    Case(operations.refuse, a_candidate, dated()),
    Case(operations.move_away, a_candidate, dated()),
    Case(
        operations.grant_waiver,
        a_candidate,
        lambda _one: {"rule": "age", "authority": "Tỉnh ủy", "document": "3-TB/TU", "granted_on": DAY},
    ),
    Case(operations.note_call, a_candidate, lambda _one: {"with_whom": "chị Ánh", "text": "mai có giấy"}),
]
every = pytest.mark.parametrize("case", CASES, ids=str)


def town_of(candidate):
    above = [unit.organisation for unit in path_of(candidate.cell) if unit.tier == Tier.SUPERIOR]
    return above[-1]


@every
def test_the_clerk_above_may_and_the_entry_is_in_the_candidates_timeline(case):
    candidate = case.candidate()
    arguments = case.arguments(candidate)
    clerk = a_clerk(of=town_of(candidate))
    version = Candidate.objects.get(pk=candidate.pk).version
    with on_day(case.on):
        case.operation(submitted_by(clerk, reason="as told", version=version), candidate=candidate, **arguments)
    entry = JournalEntry.objects.get(operation=str(case), actor=clerk)
    assert entry.subjects.filter(model="recruitment.candidate", key=candidate.pk).exists()
    assert Candidate.objects.get(pk=candidate.pk).version == version + 1


@every
@pytest.mark.parametrize("stranger", ["another town", "reads only"])
def test_nobody_else_may(case, stranger):
    candidate = case.candidate()
    arguments = case.arguments(candidate)
    user = a_clerk(of=a_town()) if stranger == "another town" else an_official(of=town_of(candidate), names=True)
    with on_day(case.on), pytest.raises(NotPermitted):
        case.operation(submitted_by(user, reason="as told"), candidate=candidate, **arguments)
    assert not JournalEntry.objects.filter(actor=user).exists()


@every
def test_a_stale_version_is_refused(case):
    candidate = case.candidate()
    arguments = case.arguments(candidate)
    clerk = a_clerk(of=town_of(candidate))
    with on_day(case.on), pytest.raises(StaleVersion) as refused:
        case.operation(submitted_by(clerk, reason="as told", version=0), candidate=candidate, **arguments)
    assert refused.value.status == 409
    assert not JournalEntry.objects.filter(actor=clerk).exists()


@every
def test_sent_twice_it_is_done_once(case):
    candidate = case.candidate()
    arguments = case.arguments(candidate)
    clerk, key = a_clerk(of=town_of(candidate)), uuid.uuid4()
    with on_day(case.on):
        first = case.operation(submitted_by(clerk, reason="as told", key=key), candidate=candidate, **arguments)
        again = case.operation(submitted_by(clerk, reason="as told", key=key), candidate=candidate, **arguments)
    assert first == again
    assert JournalEntry.objects.filter(actor=clerk).count() == 1


def test_no_operation_on_a_candidate_is_left_out():
    on_candidates = {name for name in operations.__all__ if getattr(operations, name).on == "candidate"}
    assert on_candidates - {str(case) for case in CASES} == {"hold_sub_committee_report"}  # in test_meetings


@pytest.mark.parametrize("number", [2, 20])
def test_statements_of_a_step_do_not_grow_with_the_cell(number, django_assert_max_num_queries):
    ward = a_ward()
    cell = a_cell(under=ward)
    candidates = [a_candidate(cell) for _ in range(number)]
    user = a_clerk(of=ward)
    with on_day(DAY):
        scope.holdings(as_user(user))  # where units that are gone are followed is read once for each state of the tree
    with on_day(DAY), django_assert_max_num_queries(12):
        operations.take_up(submitted_by(user), candidate=candidates[0], happened_on=DAY)
