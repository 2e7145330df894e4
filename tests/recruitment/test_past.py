"""A finished history entered at once: judged by the versions of its days, warned, not blocked."""

import uuid
from datetime import date

import pytest

from foundation import clock
from foundation.models import JournalEntry
from foundation.operation import NotPermitted, OperationRefused
from membership.models import Certificate, MembershipStatus, Placement, Status
from recruitment import operations, standing
from recruitment.models import AdmissionCeremony, Candidate, Closing
from tests.builders import (
    a_cell,
    a_certificate,
    a_clerk,
    a_member,
    a_person,
    a_secretary,
    a_town,
    a_ward,
    on_day,
    some_members,
    submitted_by,
)

pytestmark = pytest.mark.django_db
TODAY = date(2024, 10, 1)
ALL = {"entitled": 9, "present": 9, "in_favour": 9, "against": 0}
PAST = {
    "source": "cell",
    "nominated_on": date(2018, 9, 5),
    "taken_up_on": date(2018, 9, 20),
    "certificate_on": date(2018, 12, 14),
    "decided_on": date(2020, 4, 20),
    "decision_number": "44-QĐ/TU",
    "ceremony_on": date(2020, 5, 19),
}
PERSON = {"full_name": "Bùi Thị Hồng", "sex": "female", "born_on": date(1990, 2, 3), "education": "upper_secondary"}


@pytest.fixture
def ward():
    return a_ward()


def record(cell, by=None, key=None, **values):
    user = by or a_clerk(of=cell.position().parent)
    described = {} if "person" in values else PERSON
    with on_day(TODAY):
        return operations.record_past_admission(
            submitted_by(user, key=key), cell=cell, **{**PAST, **described, **values}
        )


def test_a_probationary_member_who_was_recognised(ward):
    cell = a_cell(under=ward)
    candidate, found = record(cell, recognised_on=date(2021, 6, 7), recognition_number="50-QĐ/TU")
    candidate.refresh_from_db()
    assert (candidate.past, candidate.closed_as) == (True, Closing.RECOGNISED)
    statuses = MembershipStatus.objects.so().filter(person=candidate.person).order_by("valid_from")
    assert [(row.status, row.valid_from) for row in statuses] == [
        (Status.PROBATIONARY, date(2020, 5, 19)),
        (Status.OFFICIAL, date(2021, 5, 19)),
    ]
    assert Placement.objects.as_at(TODAY).get(person=candidate.person).cell == cell
    assert AdmissionCeremony.objects.so().get().person == candidate.person
    assert any("29-QĐ/TW" in sentence or "Điều lệ" in sentence for sentence in found)
    kept = [after for _stage, _code, _before, after in JournalEntry.objects.latest("pk").details]
    assert kept == found
    assert list(standing.recompute()) == []


def test_a_complete_lawful_history_leaves_nothing_to_say_but_what_is_not_in_it(ward):
    cell = a_cell(under=ward)
    first, second, helper = some_members(3, cell)
    introducers = [{"person": one, "together_since": date(2016, 1, 4)} for one in (first, second)]
    votes = [
        {"stage": "cell_meeting", "happened_on": date(2020, 2, 7), **ALL},
        {"stage": "committee_meeting", "happened_on": date(2020, 3, 6), **ALL},
    ]
    _candidate, found = record(cell, introducers=introducers, helper=helper, helped_from=date(2018, 10, 1), votes=votes)
    assert found
    assert all("KNĐ" in one or "Dossier" in one or "verification" in one for one in found), found


def test_what_the_rules_of_its_days_find_is_told_and_nothing_is_blocked(ward):
    _candidate, found = record(a_cell(under=ward), ceremony_on=date(2020, 4, 1))
    assert any("20/04/2020" in sentence for sentence in found)
    assert AdmissionCeremony.objects.so().get().happened_on == date(2020, 4, 1)


def test_it_is_not_known_before_it_was_entered(ward):
    candidate, _found = record(a_cell(under=ward))
    assert not AdmissionCeremony.objects.so(known_on=clock.end_of(date(2024, 9, 30))).exists()
    assert AdmissionCeremony.objects.so(known_on=clock.end_of(TODAY)).filter(candidate=candidate).exists()


def test_a_member_of_the_register_gets_their_history(ward):
    cell = a_cell(under=ward)
    member = a_member(cell, since=date(2021, 5, 19))
    candidate, _found = record(cell, person=member, recognised_on=date(2021, 6, 7))
    assert candidate.person == member
    assert [row.valid_from for row in MembershipStatus.objects.so().order_by("valid_from").filter(person=member)] == [
        date(2020, 5, 19),
        date(2021, 5, 19),
    ]
    with pytest.raises(OperationRefused):
        record(cell, person=member)


@pytest.mark.parametrize(
    "wrong",
    [
        {"ceremony_on": date(2024, 10, 2)},
        {"recognised_on": date(2020, 5, 19)},
        {"introducers": "twice"},
        {"votes": [{"stage": "cell_meeting", "happened_on": date(2024, 10, 2), **ALL}]},
        {"votes": [{"stage": "cell_meeting", "happened_on": date(2020, 2, 7), **ALL, "in_favour": 10}]},
    ],
)
def test_what_cannot_be_is_refused_whole(ward, wrong):
    if wrong.get("introducers") == "twice":
        wrong = {"introducers": [{"person": a_member(a_cell(under=ward))}] * 2}
    with pytest.raises(OperationRefused):
        record(a_cell(under=ward), **wrong)
    assert (Candidate.objects.count(), AdmissionCeremony.objects.so().count()) == (0, 0)


def test_by_the_committee_that_keeps_the_file_and_by_nobody_else(ward):
    cell = a_cell(under=ward)
    for stranger in (a_secretary(of=cell), a_clerk(of=a_ward()), a_clerk(of=a_town())):
        with pytest.raises(NotPermitted):
            record(cell, by=stranger)
    assert not Candidate.objects.exists()
    record(cell, by=a_clerk(of=ward))


def test_a_person_whom_the_actor_may_not_know_is_not_taken_over(ward):
    with pytest.raises(NotPermitted):
        record(a_cell(under=ward), person=a_person())


def test_sent_twice_it_is_recorded_once(ward):
    cell, key = a_cell(under=ward), uuid.uuid4()
    clerk = a_clerk(of=ward)
    assert record(cell, by=clerk, key=key) == record(cell, by=clerk, key=key)
    assert Candidate.objects.count() == 1


def test_papers_may_be_older_than_what_the_register_knows_of_the_cell(ward):
    long_ago = {"nominated_on": date(2010, 9, 5), "decided_on": date(2012, 1, 9), "ceremony_on": date(2012, 2, 3)}
    candidate, found = record(a_cell(under=ward), **long_ago, taken_up_on=None, certificate_on=None)
    assert MembershipStatus.objects.so().get(person=candidate.person).valid_from == date(2012, 2, 3)
    assert not [sentence for sentence in found if "03/02/2012" in sentence]


def test_a_certificate_that_the_register_has_is_the_same_one(ward):
    cell = a_cell(under=ward)
    member = a_member(cell, since=date(2020, 5, 19))
    a_certificate(member, on=PAST["certificate_on"])
    record(cell, person=member)
    assert Certificate.objects.so().filter(person=member).count() == 1


def test_nobody_is_admitted_who_was_a_member_on_the_eve(ward):
    cell = a_cell(under=ward)
    for since, refused in ((date(2020, 5, 18), True), (date(2020, 5, 19), False)):
        member = a_member(cell, since=since)
        if refused:
            with pytest.raises(OperationRefused):
                record(cell, person=member)
        else:
            record(cell, person=member)
    assert AdmissionCeremony.objects.so().count() == 1
