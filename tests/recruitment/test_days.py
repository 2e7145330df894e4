"""What the calendar alone changes, carried out once a day."""

from datetime import date
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from foundation.models import JournalEntry
from membership.models import Destination, Placement
from membership.operations.organisations import dissolve_unit
from recruitment import standing
from recruitment.days import begin
from recruitment.models import Candidate, CandidateStanding
from tests.builders import (
    a_candidate,
    a_cell,
    a_clerk,
    a_member,
    a_ward,
    an_administrator,
    as_user,
    on_day,
    submitted_by,
)

pytestmark = pytest.mark.django_db
TODAY, EVE, THE_DAY = date(2024, 10, 1), date(2024, 10, 31), date(2024, 11, 1)


def standing_in(cell):
    return set(Candidate.objects.filter(cell=cell))


def ordered(ward, cell, other, **more):
    administrator = an_administrator(of=ward)
    with on_day(TODAY):
        destinations = {"members": other, "candidacies": other, **more}
        dissolve_unit(
            submitted_by(administrator, reason="KH 5"), organisation=cell, from_on=THE_DAY, destinations=destinations
        )
    return administrator


def on(day):
    with on_day(day):
        return begin(day)


def test_a_cell_to_be_dissolved_keeps_its_candidates_until_the_day_and_then_they_go():
    ward = a_ward()
    cell, other = a_cell(under=ward), a_cell(under=ward)
    candidate, member = a_candidate(cell), a_member(cell)
    administrator = ordered(ward, cell, other)
    with on_day(TODAY):
        later = a_candidate(cell, nominated_on=TODAY)
    assert on(EVE) == (2, [])
    assert standing_in(cell) == {candidate, later}
    assert Placement.objects.as_at(EVE).get(person=member).cell == cell
    assert on(THE_DAY)[1] == []
    assert standing_in(other) == {candidate, later}
    assert Placement.objects.as_at(THE_DAY).get(person=member).cell == other
    assert CandidateStanding.objects.get(candidate=candidate).assessed_on == THE_DAY
    entry = JournalEntry.objects.get(operation="carry_out_dissolution")
    assert (entry.actor, entry.reason) == (administrator, "KH 5")
    with on_day(THE_DAY):
        assert set(Candidate.objects.visible_to(as_user(a_clerk(of=ward)))) == {candidate, later}


def test_twice_is_once():
    ward = a_ward()
    cell, other = a_cell(under=ward), a_cell(under=ward)
    a_candidate(cell)
    ordered(ward, cell, other)
    on(THE_DAY)
    entries = JournalEntry.objects.count()
    assert on(THE_DAY) == (0, [])
    assert JournalEntry.objects.count() == entries
    assert set(Destination.objects.values_list("done_on", flat=True)) == {THE_DAY}


def test_what_a_dissolved_unit_still_holds_is_told(capsys):
    ward = a_ward()
    cell = a_cell(under=ward)
    with on_day(TODAY):
        dissolve_unit(submitted_by(an_administrator(of=ward)), organisation=cell, from_on=THE_DAY, destinations={})
        a_candidate(cell, nominated_on=TODAY)
    with on_day(THE_DAY), pytest.raises(CommandError, match="still holds: 1 open candidacy"):
        call_command("new_day", stdout=(said := StringIO()))
    assert "1 candidacies judged anew" in said.getvalue()


def test_dissolved_today_or_before_nothing_waits():
    ward = a_ward()
    cell, other = a_cell(under=ward), a_cell(under=ward)
    a_candidate(cell)
    with on_day(TODAY):
        dissolve_unit(
            submitted_by(an_administrator(of=ward)),
            organisation=cell,
            from_on=TODAY,
            destinations={"candidacies": other},
        )
    assert standing_in(other)
    assert not Destination.objects.exists()


def test_a_day_that_passes_is_followed_by_what_is_derived_from_it():
    candidate = a_candidate()
    with on_day(TODAY):
        standing.rewrite([candidate.pk])
    assert on(EVE)[0] == 1
    assert CandidateStanding.objects.get(candidate=candidate).assessed_on == EVE
    assert list(standing.recompute()) == []
