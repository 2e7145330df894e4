"""What the rules read of candidates in the database, and the rule book read from there."""

import importlib
from datetime import date

import pytest
from django.apps import apps
from django.db import connection
from django.test.utils import CaptureQueriesContext

from foundation import clock, facts
from membership import steps as membership_steps
from membership.models import Certificate, Status
from recruitment import steps
from recruitment.known import current, facts_of, only, version_data
from recruitment.known import read as known_of
from recruitment.models import Candidate, ProcedureVersion, Waiver
from recruitment.rulebook import book
from recruitment.rulebook.facts import UNKNOWN, Booked, Enrolment
from tests.builders import (
    a_candidate,
    a_cell,
    a_certificate,
    a_complete_candidate,
    a_member,
    a_person,
    a_probationary_member,
    a_sub_committee,
    a_town,
    a_ward,
    a_youth_union,
    an_act,
    helped,
    introduced,
    joins,
    left,
    on_day,
    taken_up,
    voted,
    with_papers,
)

pytestmark = pytest.mark.django_db
DAY = date(2024, 10, 31)


def read(candidate, day=DAY):
    return only(facts_of([candidate], day))


def test_the_book_in_the_database_is_the_shipped_one():
    assert [one.code for one in current().versions] == ["0", "A", "C"]
    assert current() == book.RuleBook.from_data(item for item in book.shipped_data() if item["code"] in "0AC")


def test_the_book_is_read_once_and_again_when_a_version_is_published():
    first = current()
    with CaptureQueriesContext(
        connection,
    ) as asked:
        assert current() is first
    assert len(asked) == 1
    ProcedureVersion.objects.create(code="Z", title="later", begins_on=date(2030, 1, 1))
    assert [one.code for one in current().versions] == ["0", "A", "C", "Z"]


def test_shipped_versions_go_out_and_in_again():
    before = version_data(ProcedureVersion.objects.values_list("pk", flat=True))
    migration = importlib.import_module("recruitment.migrations.0003_shipped_versions")
    migration.unload(apps, None)
    assert not ProcedureVersion.objects.exists()
    migration.load(apps, None)
    assert version_data(ProcedureVersion.objects.values_list("pk", flat=True)) == before


def test_of_somebody_just_nominated_it_is_known_that_there_is_nothing_else():
    found = read(a_candidate(nominated_on=date(2023, 9, 5)))
    assert found.nominated_on == date(2023, 9, 5)
    assert (found.taken_up_on, found.cell_vote, found.decision, found.ceremony_on) == (None, None, None, None)
    assert (found.certificates, found.introducers, found.helpers, found.documents, found.memberships) == ((),) * 5
    assert (found.enrolment, found.next_class_ends_on, found.closed_on) == (None, None, None)


def test_a_complete_candidate():
    candidate = voted(a_complete_candidate())
    found = read(candidate)
    assert found.taken_up_on == date(2023, 9, 20)
    assert [row.issued_on for row in found.certificates] == [date(2023, 6, 20)]
    assert [row.from_on for row in found.helpers] == [date(2023, 10, 2)]
    assert [(row.status, row.together_since, row.ended_on) for row in found.introducers] == [
        ("official", date(2020, 1, 2), None)
    ] * 2
    assert len(found.documents) == 5
    assert (found.cell_vote.held_on, found.cell_vote.entitled, found.cell_vote.in_favour) == (date(2024, 8, 5), 9, 9)
    assert not current().blocking(found, "committee_meeting", DAY)


def test_what_happened_later_is_left_out():
    found = read(a_probationary_member(since=date(2024, 9, 16)), day=date(2024, 9, 15))
    assert (found.decision.issued_on, found.ceremony_on) == (date(2024, 9, 2), None)


def test_education_not_recorded_is_unknown():
    assert read(a_candidate(person=a_person(education=""))).education is UNKNOWN


def test_youth_union_of_the_committee_and_of_the_person():
    ward = a_ward()
    union = a_youth_union(ward)
    candidate = a_candidate(a_cell(under=ward))
    assert read(candidate).mass_bodies == ("youth_union",)
    assert read(candidate).youth_union is False
    joins(candidate.person, union)
    assert read(candidate).youth_union is True


def test_tiers_delegation_and_sub_committee():
    ward = a_ward()
    plain, deeper, own = a_cell(under=ward), a_cell(under=a_sub_committee(under=ward)), a_cell(under=a_town())
    found = [read(a_candidate(cell)) for cell in (plain, deeper, own)]
    assert [one.cell_tier for one in found] == ["subordinate_cell", "subordinate_cell", "grassroots"]
    assert [one.under_sub_committee for one in found] == [False, True, False]
    ward.admits_by_delegation = "12-QĐ/TU"
    ward.save()
    assert read(Candidate.objects.first()).delegated_to_admit is True


def test_an_introducer_who_dies_no_longer_vouches():
    candidate = a_candidate()
    introducer = a_member(candidate.cell)
    introduced(candidate, introducer, on=date(2024, 6, 3))
    membership_steps.change_status(an_act(), {introducer: date(2024, 8, 1)}, Status.DIED)
    [found] = read(candidate).introducers
    assert (found.status, found.ended_on) == ("official", date(2024, 8, 1))


@pytest.mark.parametrize(("elsewhere", "ended_on"), [(False, None), (True, date(2024, 8, 1))])
def test_an_introducer_who_moves_vouches_on_within_the_grassroots_organisation(elsewhere, ended_on):
    ward = a_ward()
    candidate = a_candidate(a_cell(under=ward))
    introducer = a_member(candidate.cell)
    introduced(candidate, introducer, on=date(2024, 6, 3))
    other = a_cell() if elsewhere else a_cell(under=ward)
    membership_steps.place(an_act(), {introducer: (other, date(2024, 8, 1))})
    [found] = read(candidate).introducers
    assert found.ended_on == ended_on


def test_earlier_memberships_but_not_the_one_of_this_candidacy():
    person = a_member(since=date(2015, 3, 2))
    membership_steps.change_status(an_act(), {person: date(2018, 5, 4)}, Status.REMOVED)
    candidate = a_probationary_member(person=person)
    [earlier] = read(candidate).memberships
    assert (earlier.admitted_on, earlier.ended_on, earlier.ended_as) == (
        date(2015, 3, 2),
        date(2018, 5, 4),
        "removed",
    )


def test_a_seat_and_the_next_class_of_a_unit_above():
    town = a_town()
    candidate = a_candidate(a_cell(under=a_ward(under=town)))
    row = {"unit": town, "issuer": "Trung tâm chính trị", "name": "Lớp 1"}
    steps.plan_class(an_act(), {**row, "begins_on": date(2025, 1, 6), "ends_on": date(2025, 1, 15)})
    under_way = steps.plan_class(an_act(), {**row, "begins_on": date(2024, 10, 7), "ends_on": date(2024, 11, 15)})
    steps.plan_class(an_act(), {**row, "unit": a_town(), "begins_on": DAY, "ends_on": DAY})
    assert read(candidate).next_class_ends_on == date(2025, 1, 15)
    seat = {"awareness_class": under_way, "person": candidate.person, "enrolled_on": date(2024, 9, 30)}
    steps.enrol(an_act(), [seat])
    assert read(candidate).enrolment == Enrolment(begins_on=date(2024, 10, 7), ends_on=date(2024, 11, 15))


def test_pause_and_return_hold_until_resumed():
    candidate = a_candidate()
    for kind, day in (("pause", date(2024, 1, 8)), ("resume", date(2024, 3, 4)), ("return", date(2024, 5, 6))):
        steps.record(an_act(), [{"candidate": candidate, "kind": kind, "happened_on": day}])
    found = read(candidate)
    assert (found.paused_on, found.returned_on) == (None, date(2024, 5, 6))


def test_a_withdrawal_is_not_known_before_it_was_entered():
    candidate = left(a_candidate(), on=DAY)
    assert read(candidate).closed_on == DAY
    then = only(facts_of([candidate], DAY, known_on=clock.end_of(date(2024, 10, 30))))
    assert (then.closed_on, then.closed_as) == (None, None)


def test_booked_meetings_of_cell_and_committee():
    ward = a_ward()
    cell = a_cell(under=ward)
    steps.book_meetings(an_act(), [{"organisation": cell, "held_on": date(2024, 11, 5)}])
    steps.book_meetings(an_act(), [{"organisation": ward, "held_on": date(2024, 11, 20)}])
    booked = read(a_candidate(cell)).booked
    assert Booked(stage="cell_meeting", on=date(2024, 11, 5)) in booked
    assert Booked(stage="committee_meeting", on=date(2024, 11, 20)) in booked
    assert Booked(stage="committee_meeting", on=date(2024, 11, 5)) not in booked


def test_a_corrected_certificate_is_not_counted_twice():
    candidate = a_candidate()
    certificate = a_certificate(candidate.person)
    facts.withdraw(an_act(), [certificate])
    steps.certify(an_act(), [{"person": candidate.person, "happened_on": date(2023, 7, 1), "kind": "awareness"}])
    assert Certificate.records.count() == 2
    assert [row.issued_on for row in read(candidate).certificates] == [date(2023, 7, 1)]


def test_waivers_by_candidate():
    candidate = a_candidate()
    Waiver.objects.create(
        candidate=candidate, rule="age", authority="Tỉnh ủy", document="3-TB/TU", granted_on=date(2024, 1, 2)
    )
    [waiver] = known_of([candidate], DAY).waivers[candidate.pk]
    assert (waiver.rule, waiver.document) == ("age", "3-TB/TU")


@pytest.mark.parametrize("number", [2, 20])
def test_statements_do_not_grow_with_the_candidates(number, django_assert_num_queries):
    town = a_town()
    for _ in range(number):
        candidate = taken_up(a_candidate(a_cell(under=a_ward(under=town))))
        with_papers(introduced(helped(candidate)))
        a_certificate(candidate.person)
    current()
    everybody = list(Candidate.objects.all())
    with on_day(DAY), django_assert_num_queries(2):  # the candidates; all about them
        assert len(facts_of(everybody, DAY)) == number
