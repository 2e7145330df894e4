"""A whole way, from the nomination to the recognition, each step by the office whose tier takes it."""

from datetime import date

import pytest

from foundation.models import JournalEntry
from foundation.operation import NotPermitted
from membership.models import MembershipStatus, Person, Status
from recruitment import operations, standing
from recruitment.models import Closing
from recruitment.reasons import StepRefused
from tests.builders import (
    a_cell,
    a_clerk,
    a_member,
    a_secretary,
    a_town,
    a_ward,
    on_day,
    some_members,
    submitted_by,
)

pytestmark = pytest.mark.django_db
ALL = {"entitled": 9, "present": 9, "in_favour": 9, "against": 0}


class Office:
    """A town, a ward, a cell, and who works there."""

    def __init__(self):
        self.town = a_town()
        self.ward = a_ward(under=self.town)
        self.cell = a_cell(under=self.ward)
        self.members = some_members(9, self.cell)
        self.secretary, self.ward_clerk = a_secretary(of=self.cell), a_clerk(of=self.ward)
        self.town_clerk = a_clerk(of=self.town)


@pytest.fixture
def office():
    return Office()


def do(operation, by, on, **arguments):
    with on_day(on):
        return operation(submitted_by(by, reason="as the papers say"), **arguments)


def entered(office):
    return do(
        operations.enter_candidate,
        office.secretary,
        date(2023, 9, 6),
        cell=office.cell,
        source="cell",
        nominated_on=date(2023, 9, 5),
        full_name="Nguyễn Thị Ánh",
        sex="female",
        born_on=date(1996, 4, 2),
        education="upper_secondary",
        identity_number="022196001234",
        occupation="teacher",
        youth_union_on=date(2011, 3, 26),
    )


def prepared(office):
    candidate, secretary = entered(office), office.secretary
    first, second, helper, *_others = office.members
    do(operations.take_up, secretary, date(2023, 9, 20), candidate=candidate, happened_on=date(2023, 9, 20))
    do(
        operations.record_certificate,
        secretary,
        date(2023, 11, 20),
        candidate=candidate,
        happened_on=date(2023, 11, 17),
        number="114/TTCT",
    )
    do(
        operations.assign_helper,
        secretary,
        date(2023, 12, 1),
        candidate=candidate,
        person=helper,
        happened_on=date(2023, 12, 1),
    )
    for member in (first, second):
        do(
            operations.name_introducer,
            secretary,
            date(2024, 6, 3),
            candidate=candidate,
            person=member,
            happened_on=date(2024, 6, 3),
            together_since=date(2020, 9, 1),
        )
    for kind in ("application", "cv", "verification", "introduction", "comments"):
        dated = date(2024, 6, 28)
        do(operations.record_document, secretary, date(2024, 7, 1), candidate=candidate, kind=kind, dated_on=dated)
    return candidate


def admitted(office):
    candidate = prepared(office)
    do(
        operations.hold_cell_vote,
        office.secretary,
        date(2024, 7, 5),
        candidate=candidate,
        happened_on=date(2024, 7, 5),
        **ALL,
    )
    do(
        operations.hold_committee_vote,
        office.ward_clerk,
        date(2024, 7, 19),
        candidate=candidate,
        happened_on=date(2024, 7, 18),
        **ALL,
    )
    do(
        operations.decide_admission,
        office.town_clerk,
        date(2024, 8, 12),
        candidate=candidate,
        number="88-QĐ/TU",
        happened_on=date(2024, 8, 9),
    )
    do(
        operations.receive_decision,
        office.secretary,
        date(2024, 8, 14),
        candidate=candidate,
        received_on=date(2024, 8, 14),
    )
    do(operations.hold_ceremony, office.secretary, date(2024, 9, 2), candidate=candidate, happened_on=date(2024, 9, 2))
    return candidate


def test_from_nomination_to_recognition(office):
    candidate = admitted(office)
    person = Person.objects.get(pk=candidate.person_id)
    assert person in Person.objects.on_probation(date(2024, 9, 2))
    do(
        operations.hold_recognition_vote,
        office.secretary,
        date(2025, 9, 8),
        candidate=candidate,
        happened_on=date(2025, 9, 5),
        **ALL,
    )
    do(
        operations.hold_recognition_committee_vote,
        office.ward_clerk,
        date(2025, 9, 15),
        candidate=candidate,
        happened_on=date(2025, 9, 12),
        **ALL,
    )
    decided = {"candidate": candidate, "number": "91-QĐ/TU", "happened_on": date(2025, 10, 3)}
    do(operations.recognise_official, office.town_clerk, date(2025, 10, 6), **decided)
    statuses = MembershipStatus.objects.so().filter(person=person).order_by("valid_from")
    assert [(row.status, row.valid_from) for row in statuses] == [
        (Status.PROBATIONARY, date(2024, 9, 2)),
        (Status.OFFICIAL, date(2025, 9, 2)),
    ]
    candidate.refresh_from_db()
    assert candidate.closed_as == Closing.RECOGNISED
    assert candidate.standing.state == "recognised"
    assert list(standing.recompute()) == []


def test_each_tier_takes_its_own_steps_and_a_superior_acts_on_behalf(office):
    candidate = prepared(office)
    vote = {"candidate": candidate, "happened_on": date(2024, 7, 5), **ALL}
    do(operations.hold_cell_vote, office.town_clerk, date(2024, 7, 5), **vote)
    assert JournalEntry.objects.latest("pk").on_behalf_of == office.cell.pk
    with pytest.raises(NotPermitted):
        do(operations.hold_committee_vote, office.secretary, date(2024, 7, 19), **vote)
    do(operations.hold_committee_vote, office.ward_clerk, date(2024, 7, 19), **vote)
    assert JournalEntry.objects.latest("pk").on_behalf_of is None
    decision = {"candidate": candidate, "number": "1", "happened_on": date(2024, 8, 9)}
    with pytest.raises(NotPermitted):
        do(operations.decide_admission, office.ward_clerk, date(2024, 8, 9), **decision)
    candidate.refresh_from_db()
    assert candidate.standing.next_step == "decision"


def test_a_committee_with_delegated_power_decides_itself(office):
    candidate = prepared(office)
    office.ward.admits_by_delegation = "15-QĐ/TU"
    office.ward.save()
    vote = {"candidate": candidate, "happened_on": date(2024, 7, 5), **ALL}
    do(operations.hold_cell_vote, office.secretary, date(2024, 7, 5), **vote)
    do(operations.hold_committee_vote, office.ward_clerk, date(2024, 7, 19), **vote)
    decision = {"candidate": candidate, "number": "1", "happened_on": date(2024, 8, 9)}
    decided = do(operations.decide_admission, office.ward_clerk, date(2024, 8, 9), **decision)
    assert decided.committee == office.ward


def test_a_refused_step_shows_everything_that_blocks_it_each_with_its_clause(office):
    candidate = entered(office)
    do(operations.take_up, office.secretary, date(2023, 9, 20), candidate=candidate, happened_on=date(2023, 9, 20))
    with pytest.raises(StepRefused) as refused:
        do(
            operations.hold_cell_vote,
            office.secretary,
            date(2023, 10, 2),
            candidate=candidate,
            happened_on=date(2023, 10, 2),
            **ALL,
        )
    codes = {reason.code for reason in refused.value.args}
    assert {"certificate-missing", "introducers-missing", "paper-missing", "stage-not-done"} <= codes
    assert all("(" in str(message) for message in refused.value.messages)
    candidate.refresh_from_db()
    assert candidate.standing.stage == "taken_up"


def test_a_member_of_a_grassroots_cell_goes_straight_to_the_town(office):
    cell = a_cell(under=office.town)
    office.cell, office.members, office.secretary = cell, [a_member(cell) for _ in range(4)], a_secretary(of=cell)
    candidate = prepared(office)
    do(
        operations.hold_cell_vote,
        office.secretary,
        date(2024, 7, 5),
        candidate=candidate,
        happened_on=date(2024, 7, 5),
        **ALL,
    )
    decision = {"candidate": candidate, "number": "1", "happened_on": date(2024, 8, 9)}
    assert do(operations.decide_admission, office.town_clerk, date(2024, 8, 9), **decision).committee == office.town
