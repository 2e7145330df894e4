"""What happens to a membership: transfers and ends entered late, in any order."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from foundation import facts
from foundation.facts import Change
from membership.models import (
    MEMBER,
    MembershipStatus,
    Organisation,
    Person,
    Placement,
    PlacementKind,
    Status,
)
from membership.operations.people import MemberRefused, end_membership, place_member, send_member
from tests.builders import a_cell, a_clerk, a_member, a_ward, entering, on_day, submitted_by

TODAY = date(2026, 5, 4)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _today():
    with on_day(TODAY):
        yield


@pytest.fixture
def ward():
    return a_ward()


def cell_on(person: Person, day: date) -> Organisation | None:
    row = Placement.objects.as_at(day).filter(person=person, kind=PlacementKind.OFFICIAL).first()
    return row and row.cell


def is_member(person: Person, day: date) -> bool:
    return MembershipStatus.objects.as_at(day).filter(person=person, status__in=MEMBER).exists()


def ended(person: Person, by: Any, on: date, status: str = Status.DIED) -> None:
    end_membership(submitted_by(by), person=person, status=status, from_on=on)


def test_a_transfer_entered_after_the_death_places_nobody_behind_it(ward):
    old, new, clerk = a_cell(under=ward), a_cell(under=ward), a_clerk(of=ward)
    person = a_member(old, since=date(2020, 1, 1))
    ended(person, clerk, on=date(2026, 3, 10))
    place_member(submitted_by(clerk), person=person, to_cell=new, from_on=date(2026, 2, 1))
    assert cell_on(person, date(2026, 3, 9)) == new
    assert cell_on(person, date(2026, 3, 10)) is None


def test_a_membership_does_not_end_before_what_is_recorded_of_it_later(ward):
    cell, clerk = a_cell(under=ward), a_clerk(of=ward)
    person = a_member(cell, since=date(2025, 1, 6), status=Status.PROBATIONARY)
    with entering(date(2026, 1, 8)) as act:
        facts.change(
            act,
            MembershipStatus,
            [Change({"person": person}, {"status": Status.OFFICIAL}, date(2026, 1, 6))],
        )
    with pytest.raises(MemberRefused):
        ended(person, clerk, on=date(2025, 12, 1), status=Status.REMOVED)
    with pytest.raises(MemberRefused):
        send_member(submitted_by(clerk), person=person, outside="Tỉnh khác", from_on=date(2025, 12, 1))
    assert is_member(person, date(2025, 12, 1))
    ended(person, clerk, on=date(2026, 1, 7), status=Status.REMOVED)
    assert not is_member(person, TODAY)


def test_until_a_transfer_to_come_the_present_cell_is_who_acts(ward):
    here, there = a_cell(under=ward), a_cell()
    person = a_member(here, since=date(2020, 1, 1))
    with entering(TODAY) as act:
        facts.change(
            act,
            Placement,
            [Change({"person": person, "kind": PlacementKind.OFFICIAL}, {"cell": there}, date(2026, 6, 1))],
        )
    assert person.permission_unit() == here
    with on_day(date(2026, 6, 1)):
        assert person.permission_unit() == there
