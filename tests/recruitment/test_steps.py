"""Steps write many rows at once, by a number of statements that does not grow with them."""

from datetime import date

import pytest

from membership.models import MembershipStatus, Placement, Status
from recruitment import steps
from recruitment.models import AdmissionCeremony, Candidate, Closing, Meeting, Nomination
from tests.builders import (
    a_candidate,
    a_cell,
    a_person,
    a_probationary_member,
    a_town,
    a_ward,
    a_workplace,
    a_youth_union,
    an_act,
    covers,
    entering,
    joins,
    left,
    works,
)

pytestmark = pytest.mark.django_db
DAY = date(2023, 9, 5)


def nomination(person, cell, day=DAY, source="cell"):
    return {"person": person, "cell": cell, "source": source, "body": None, "happened_on": day}


def test_the_first_nomination_opens_a_candidacy_and_later_ones_join_it():
    person, cell = a_person(), a_cell()
    rows = [nomination(person, cell), nomination(person, cell, date(2023, 10, 2), source="youth_union")]
    first, second = steps.nominate(an_act(), rows)
    assert first == second == Candidate.objects.get(person=person)
    assert Nomination.objects.so().filter(candidate=first).count() == 2


def test_a_nomination_entered_later_for_an_earlier_day_moves_the_opening():
    candidate = a_candidate(nominated_on=date(2023, 9, 5))
    steps.nominate(an_act(), [nomination(candidate.person, candidate.cell, date(2023, 8, 1))])
    assert Candidate.objects.get().opened_on == date(2023, 8, 1)


def test_nobody_is_a_candidate_in_two_cells_at_once():
    candidate = a_candidate()
    with pytest.raises(steps.CandidacyRefused):
        steps.nominate(an_act(), [nomination(candidate.person, a_cell())])
    assert Candidate.objects.count() == 1


def test_a_withdrawn_candidate_can_be_nominated_elsewhere():
    candidate = left(a_candidate(), on=date(2023, 12, 1))
    assert (candidate.closed_on, candidate.closed_as) == (date(2023, 12, 1), Closing.WITHDRAWN)
    steps.nominate(an_act(), [nomination(candidate.person, a_cell(), date(2024, 1, 2))])
    assert Candidate.objects.open().count() == 1


def test_the_ceremony_makes_a_probationary_member_in_the_cell_and_freezes_the_profile():
    ward = a_ward()
    cell, shipyard = a_cell(under=ward), a_workplace(ward)
    covers(ward, shipyard)
    person = a_person(ethnicity="Tày")
    works(person, at=shipyard)
    joins(person, a_youth_union(ward))
    candidate = a_probationary_member(cell, since=date(2024, 9, 16), person=person)
    held = AdmissionCeremony.objects.so().get()
    assert (held.person, held.cell, held.credited_to) == (person, cell, cell)
    assert (held.sex, held.born_on, held.ethnicity, held.education) == (
        person.sex,
        person.born_on,
        "Tày",
        "upper_secondary",
    )
    assert (held.occupation, held.non_state_worker, held.non_state_cell, held.youth_union) == (
        "worker",
        True,
        True,
        True,
    )
    [status] = MembershipStatus.objects.so().filter(person=candidate.person)
    assert (status.status, status.valid_from) == (Status.PROBATIONARY, date(2024, 9, 16))
    [placed] = Placement.objects.so().filter(person=candidate.person)
    assert (placed.cell, placed.valid_from) == (cell, date(2024, 9, 16))


def test_coverage_counts_as_it_was_on_the_day_of_the_ceremony():
    cell = a_cell()
    covers(cell, a_workplace(), since=date(2024, 9, 17))
    a_probationary_member(cell, since=date(2024, 9, 16))
    assert not AdmissionCeremony.objects.so().get().non_state_cell


def test_recognition_counts_from_the_end_of_probation_and_closes_the_candidacy():
    candidate = a_probationary_member(since=date(2024, 9, 16))
    row = {"candidate": candidate, "committee": a_town(), "number": "7-QĐ/TU", "happened_on": date(2025, 11, 3)}
    with entering(date(2025, 11, 3)) as act:
        steps.recognise(act, [{**row, "official_on": date(2025, 9, 16)}])
    [status] = MembershipStatus.objects.as_at(date(2025, 9, 16)).filter(person=candidate.person)
    assert status.status == Status.OFFICIAL
    candidate.refresh_from_db()
    assert (candidate.closed_on, candidate.closed_as) == (date(2025, 11, 3), Closing.RECOGNISED)


def test_an_annulled_admission_leaves_no_membership():
    candidate = a_probationary_member(since=date(2024, 9, 16))
    row = {"candidate": candidate, "committee": a_town(), "number": "9-QĐ/TU", "happened_on": date(2025, 1, 6)}
    with entering(date(2025, 1, 6)) as act:
        steps.annul(act, [{**row, "admitted_on": date(2024, 9, 16)}])
    assert not MembershipStatus.objects.so().filter(person=candidate.person).exists()
    assert not Placement.objects.so().filter(person=candidate.person).exists()
    candidate.refresh_from_db()
    assert candidate.closed_as == Closing.ANNULLED


def test_votes_of_one_meeting_share_it_and_a_booked_meeting_counts_as_held():
    cell, day = a_cell(), date(2024, 8, 5)
    [booked] = steps.book_meetings(an_act(), [{"organisation": cell, "held_on": day}])
    counts = {"entitled": 9, "present": 9, "in_favour": 9, "against": 0}
    rows = [
        {"candidate": a_candidate(cell), "organisation": cell, "stage": "cell_meeting", "happened_on": day, **counts}
        for _ in range(2)
    ]
    votes = steps.hold_votes(an_act(), rows)
    assert {vote.meeting_id for vote in votes} == {booked.pk}
    assert not Meeting.objects.get().booked


def whole_way(people, cell, town):
    """Everybody nominated, taken up, voted on, decided, admitted and recognised, by one call a step."""
    with entering(DAY) as act:
        candidates = steps.nominate(act, [nomination(person, cell) for person in people])
        everybody = [{"candidate": one, "happened_on": DAY} for one in candidates]
        steps.take_up(act, everybody)
        counts = {"entitled": 9, "present": 9, "in_favour": 9, "against": 0}
        steps.hold_votes(act, [{**row, "organisation": cell, "stage": "cell_meeting", **counts} for row in everybody])
        decision = {"committee": town, "number": "1"}
        steps.decide(act, [{**row, "kind": "admission", **decision} for row in everybody])
        steps.hold_ceremonies(act, everybody)
        recognised = {**decision, "happened_on": date(2024, 10, 1), "official_on": date(2024, 9, 5)}
        steps.recognise(act, [{**row, **recognised} for row in everybody])


@pytest.mark.parametrize("number", [2, 20])
def test_statements_do_not_grow_with_the_rows(number, django_assert_max_num_queries):
    people, cell, town = [a_person() for _ in range(number)], a_cell(), a_town()
    with django_assert_max_num_queries(60):
        whole_way(people, cell, town)
