"""The derived row of a candidacy follows whatever touches it, and a plain recomputation finds no difference."""

from datetime import date

import pytest

from membership import steps as membership_steps
from membership.models import MassKind, Status
from membership.operations.workplaces import found_mass_organisation
from recruitment import standing, steps
from recruitment.models import AdmissionCeremony, CandidateStanding, Closing
from tests.builders import (
    a_candidate,
    a_cell,
    a_complete_candidate,
    a_member,
    a_person,
    a_probationary_member,
    a_town,
    a_trade_union,
    a_ward,
    an_administrator,
    entering,
    introduced,
    on_day,
    submitted_by,
    taken_up,
    voted,
)

pytestmark = pytest.mark.django_db


def standing_of(candidate):
    return CandidateStanding.objects.get(candidate=candidate)


def test_a_nomination_gives_a_standing():
    candidate = a_candidate(nominated_on=date(2023, 9, 5))
    row = standing_of(candidate)
    assert (row.stage, row.stage_since, row.state) == ("nominated", date(2023, 9, 5), "open")
    assert (row.next_step, row.whose_move) == ("taken_up", "secretary")
    assert row.assessed_on == date(2023, 9, 5)


def test_each_step_moves_it():
    candidate = voted(a_complete_candidate())
    row = standing_of(candidate)
    assert (row.stage, row.stage_since, row.next_step) == ("cell_meeting", date(2024, 8, 5), "committee_meeting")
    assert row.earliest_ceremony_on == date(2024, 8, 5)


def test_what_waits_for_a_class_says_so_until_one_is_planned():
    town = a_town()
    candidate = taken_up(a_candidate(a_cell(under=a_ward(under=town))))
    assert (standing_of(candidate).earliest_ceremony_on, standing_of(candidate).waits_for) == (None, "no-class-planned")
    with entering(date(2023, 9, 21)) as act:
        days = {"begins_on": date(2023, 11, 6), "ends_on": date(2023, 11, 15)}
        steps.plan_class(act, {"unit": town, "name": "Lớp 4", "issuer": "TTCT", **days})
        steps.touch(act, standing.under([town]))
    assert standing_of(candidate).earliest["awareness_class"] == "2023-11-15"


def test_an_introducer_who_leaves_leaves_a_finding():
    candidate = a_candidate(a_cell())
    leaving, staying = a_member(candidate.cell), a_member(candidate.cell)
    candidate = introduced(candidate, leaving, staying)
    with entering(date(2024, 7, 1)) as act:
        membership_steps.change_status(act, {leaving: date(2024, 7, 1)}, Status.DIED)
    assert standing_of(candidate).assessed_on == date(2024, 7, 1)


def test_an_introducer_whose_admission_is_annulled_leaves_a_finding():
    admitted = a_probationary_member(since=date(2024, 3, 4))
    candidate = introduced(a_candidate(a_cell()), admitted.person)
    with entering(date(2024, 7, 1)) as act:
        row = {"candidate": admitted, "committee": a_town(), "number": "9-QĐ/TU", "happened_on": date(2024, 7, 1)}
        steps.annul(act, [{**row, "admitted_on": date(2024, 3, 4)}])
    assert standing_of(candidate).assessed_on == date(2024, 7, 1)


def test_a_probationer_who_dies_closes_the_candidacy():
    candidate = a_probationary_member(since=date(2024, 9, 16))
    with entering(date(2025, 2, 3)) as act:
        membership_steps.change_status(act, {candidate.person: date(2025, 2, 1)}, Status.DIED)
    candidate.refresh_from_db()
    assert (candidate.closed_on, candidate.closed_as) == (date(2025, 2, 1), Closing.ENDED)
    assert standing_of(candidate).state == "ended"


def test_a_probationer_who_moves_takes_the_candidacy_along():
    candidate = a_probationary_member(since=date(2024, 9, 16))
    other = a_cell()
    with entering(date(2025, 2, 3)) as act:
        membership_steps.place(act, {candidate.person: (other, date(2025, 2, 1))})
    candidate.refresh_from_db()
    assert candidate.cell == other
    assert AdmissionCeremony.objects.so().get().cell != other


def test_a_candidacy_that_is_open_again_stands_where_the_probationer_is():
    candidate = a_probationary_member(since=date(2024, 9, 16))
    with entering(date(2025, 2, 3)) as act:
        membership_steps.change_status(act, {candidate.person: date(2025, 2, 1)}, Status.RESIGNED)
    other = a_cell()
    with entering(date(2025, 3, 3)) as act:
        membership_steps.change_status(act, {candidate.person: date(2025, 2, 1)}, Status.PROBATIONARY)
        membership_steps.place(act, {candidate.person: (other, date(2025, 2, 1))})
    candidate.refresh_from_db()
    assert (candidate.closed_on, candidate.cell) == (None, other)
    assert standing_of(candidate).state == "admitted"
    assert list(standing.recompute()) == []


def test_a_corrected_birth_day_supersedes_the_frozen_profile():
    candidate = a_probationary_member(person=a_person(born_on=date(1994, 6, 8)))
    with entering(date(2025, 2, 3)) as act:
        membership_steps.describe_person(act, candidate.person, {"born_on": date(1993, 6, 8)})
    assert AdmissionCeremony.objects.so().get().born_on == date(1993, 6, 8)
    assert AdmissionCeremony.records.count() == 2


def test_a_committee_that_moves_takes_its_candidates_along():
    ward = a_ward()
    candidate = a_candidate(a_cell(under=ward))
    with entering(date(2024, 2, 1)) as act:
        membership_steps.move(act, ward, a_town(), date(2024, 2, 1))
    assert standing_of(candidate).assessed_on == date(2024, 2, 1)


def test_recomputing_finds_no_difference_and_names_one():
    candidate = voted(a_complete_candidate())
    a_probationary_member()
    assert list(standing.recompute()) == []
    CandidateStanding.objects.filter(candidate=candidate).update(stage="dossier")
    assert list(standing.recompute()) == [f"Candidate {candidate.pk}: stage is dossier, should be cell_meeting."]


def test_a_mass_organisation_beside_the_committee_is_judged_at_once():
    ward = a_ward()
    candidate = a_complete_candidate(a_cell(under=ward))
    candidate.introducers.all().delete()
    union = a_trade_union(ward)
    with entering(date(2024, 6, 3)) as act:
        row = {"candidate": candidate, "kind": "trade_union", "body": union, "assigned_on": date(2024, 6, 3)}
        steps.add_introducers(act, [row])
    introduced(candidate, a_member(candidate.cell))
    introduced(candidate, a_member(candidate.cell), together_since=date(2024, 5, 6))
    with on_day(date(2024, 8, 6)):
        submission = submitted_by(an_administrator(of=ward))
        found_mass_organisation(submission, name="Đoàn phường", kind=MassKind.YOUTH_UNION, unit=ward)
    assert list(standing.recompute()) == []


def test_a_meeting_that_was_held_is_planned_for_nobody_any_more():
    first = a_complete_candidate()
    other = a_complete_candidate(first.cell)
    with entering(date(2024, 7, 8)) as act:
        days = [date(2024, 8, 5), date(2024, 9, 5)]
        steps.book_meetings(act, [{"organisation": first.cell, "held_on": day} for day in days])
        steps.touch_derived(act, standing.under([first.cell]))
    voted(first, on=date(2024, 8, 5))
    assert standing_of(other).earliest["cell_meeting"] == "2024-09-05"
    assert list(standing.recompute()) == []


def test_somebody_admitted_twice_has_two_candidacies_that_ended_or_go_on_each_for_itself():
    first = a_probationary_member(since=date(2018, 3, 5))
    with entering(date(2018, 9, 3)) as act:
        membership_steps.change_status(act, {first.person: date(2018, 9, 3)}, Status.RESIGNED)
    again = a_candidate(person=first.person)
    with entering(date(2024, 9, 16)) as act:
        steps.hold_ceremonies(act, [{"candidate": again, "happened_on": date(2024, 9, 16)}])
    with entering(date(2025, 2, 3)) as act:
        membership_steps.describe_person(act, first.person, {"phone": "1"})
    for candidate, closed_as in ((first, Closing.ENDED), (again, "")):
        candidate.refresh_from_db()
        assert candidate.closed_as == closed_as


@pytest.mark.parametrize("number", [2, 20])
def test_statements_do_not_grow_with_the_candidates(number, django_assert_max_num_queries):
    candidates = [a_candidate() for _ in range(number)]
    with on_day(date(2024, 1, 2)), django_assert_max_num_queries(4):  # locked, read, what is known, written
        steps.refresh_standing(None, candidates)
