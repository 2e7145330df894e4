"""The tree, dated: found, rename, move and dissolve today, from a past day and from a day to come."""

from __future__ import annotations

import contextlib
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from foundation import clock
from foundation.facts import OPEN
from membership import lineage, steps
from membership.models import Lineage, Organisation, Person, Position, Tier, TreeMark
from membership.models.organisations import Kind
from membership.operations.people import MemberRefused, place_member
from membership.steps import NewUnit, TreeRefused
from tests.at_once import meanwhile
from tests.builders import a_cell, a_clerk, a_member, a_town, a_ward, an_act, entering, on_day, submitted_by

FIRST = date(2024, 1, 1)
DAYS = [FIRST + timedelta(days=number) for number in range(8)]
NUMBERS = range(7)  # units of one history; the last two are cells

pytestmark = pytest.mark.django_db

some_unit = st.sampled_from(NUMBERS)
some_day = st.integers(0, len(DAYS) - 1)
doings = st.one_of(
    st.tuples(st.just("found"), some_unit, some_unit, some_day),
    st.tuples(st.just("move"), some_unit, some_unit, some_day),
    st.tuples(st.just("move"), some_unit, some_unit, some_day),
    st.tuples(st.just("rename"), some_unit, some_unit, some_day),
    st.tuples(st.just("dissolve"), some_unit, some_unit, some_day),
)


class Replay:
    """Under whom each unit stands on each day, and how it is called; nothing else."""

    def __init__(self):
        self.parent: list[dict[int, int | None]] = [{0: None} for _day in DAYS]
        self.name: list[dict[int, str]] = [{0: "unit 0"} for _day in DAYS]
        self.founded = {0}  # a unit is founded once

    def found(self, unit: int, parent: int, first: int) -> bool:
        if unit in self.founded or _is_cell(parent):
            return False
        if not all(parent in self.parent[day] for day in range(first, len(DAYS))):
            return False
        self.founded.add(unit)
        for day in range(first, len(DAYS)):
            self.parent[day][unit], self.name[day][unit] = parent, f"unit {unit}"
        return True

    def move(self, unit: int, parent: int, first: int) -> bool:
        if unit not in self.parent[first] or _is_cell(parent) or self.parent[first][unit] == parent:
            return False
        before = self.parent[first][unit]
        days = []
        for day in range(first, len(DAYS)):
            if self.parent[day].get(unit, "gone") != before:
                break
            if parent not in self.parent[day] or unit in self._line(day, parent):
                return False
            days.append(day)
        for day in days:
            self.parent[day][unit] = parent
        return True

    def rename(self, unit: int, number: int, first: int) -> bool:
        if unit not in self.parent[first]:
            return False
        before = self.name[first][unit]
        for day in range(first, len(DAYS)):
            if self.name[day].get(unit) != before:
                break
            self.name[day][unit] = f"name {number}"
        return True

    def dissolve(self, unit: int, _other: int, first: int) -> bool:
        later = self.parent[first:]
        if unit not in later[0] or any(unit in here.values() for here in later):
            return False
        for day in range(first, len(DAYS)):
            self.parent[day].pop(unit, None)
            self.name[day].pop(unit, None)
        return True

    def _line(self, day: int, unit: int | None) -> list[int]:
        line = []
        while unit is not None:
            line.append(unit)
            unit = self.parent[day][unit]
        return line

    def paths(self, day: int) -> dict[int, tuple[int, ...]]:
        return {unit: tuple(reversed(self._line(day, unit))) for unit in self.parent[day]}


def _is_cell(unit: int) -> bool:
    return unit >= len(NUMBERS) - 2


def _new(unit: int, parent: Organisation | None, first: date, mark: str) -> NewUnit:
    kind = Kind.CELL if _is_cell(unit) else Kind.COMMITTEE
    return NewUnit(code=f"{mark}-{unit}", name=f"unit {unit}", kind=kind, parent=parent, from_on=first)


def _do(act: Any, units: dict[int, Organisation], mark: str, doing: tuple[str, int, int, int]) -> None:
    kind, unit, other, day = doing
    if kind == "found":
        if unit in units or other not in units:
            raise TreeRefused("code in use, or no such parent")
        [units[unit]] = steps.found(act, [_new(unit, units[other], DAYS[day], mark)])
        return
    if unit not in units or (kind == "move" and other not in units):
        raise TreeRefused("nothing there")
    if kind == "move":
        steps.move(act, units[unit], units[other], DAYS[day])
    elif kind == "rename":
        steps.rename(act, units[unit], f"name {other}", DAYS[day])
    else:
        steps.dissolve(act, [units[unit]], DAYS[day])


def _as_told(units: dict[int, Organisation], day: date, known_on: Any = None) -> dict[int, tuple]:
    number = {unit.pk: place for place, unit in units.items()}
    keys = {unit.key: place for place, unit in units.items()}
    told = {}
    for row in Position.objects.as_at(day, known_on).filter(organisation__in=list(number)):
        path = tuple(keys[row.path[at : at + 5]] for at in range(0, len(row.path), 5))
        told[number[row.organisation_id]] = (path, number.get(row.parent_id), row.name)
    return told


_marks = iter(range(10**9))


@settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))
@given(history=st.lists(doings, min_size=4, max_size=14))
def test_the_path_of_every_unit_on_every_day_is_the_line_of_its_parents(history):
    replay, mark = Replay(), f"H{next(_marks)}"
    [root] = steps.found(an_act(), [_new(0, None, DAYS[0], mark)])
    units = {0: root}
    # some units to begin with, so that most of what follows has something to act on
    for doing in [("found", 1, 0, 0), ("found", 2, 0, 0), ("found", 3, 1, 1), ("found", 6, 3, 2), *history]:
        act = an_act()
        kind, *what = doing
        possible = getattr(replay, kind)(*what)
        try:
            with transaction.atomic():
                _do(act, units, mark, doing)
        except TreeRefused:
            assert not possible, f"{doing} was refused"
        else:
            assert possible, f"{doing} was not refused"
    for number, day in enumerate(DAYS):
        expected = {
            unit: (path, replay.parent[number][unit], replay.name[number][unit])
            for unit, path in replay.paths(number).items()
        }
        assert _as_told(units, day) == expected


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(history=st.lists(doings, min_size=2, max_size=8))
def test_tiers_follow_the_tree(history):
    mark = f"T{next(_marks)}"
    units = {0: steps.found(an_act(), [_new(0, None, DAYS[0], mark)])[0]}
    for doing in [("found", 1, 0, 0), ("found", 2, 1, 0), ("found", 3, 2, 1), ("found", 6, 3, 2), *history]:
        try:
            with transaction.atomic():
                _do(an_act(), units, mark, doing)
        except TreeRefused:
            continue
    for day in DAYS:
        rows = {row.organisation_id: row for row in Position.objects.as_at(day).filter(organisation__in=units.values())}
        for unit in units.values():
            if row := rows.get(unit.pk):
                above = rows[row.parent_id].tier if row.parent_id else None
                assert row.tier == steps.tier_under(unit.kind, above)


def test_as_at_the_day_before_a_move_the_cell_counts_for_the_old_committee():
    town = a_town()
    old, new = a_ward(under=town), a_ward(under=town)
    cell = a_cell(under=old)
    member = a_member(cell=cell)
    with on_day(date(2026, 5, 4)), entering(date(2026, 5, 4)) as act:
        steps.move(act, cell, new, date(2026, 3, 1))  # from a past day
        under = Person.objects.members(date(2026, 2, 28)).placed_under
        assert member in under(old, date(2026, 2, 28))
        assert member not in under(new, date(2026, 2, 28))
        assert member in Person.objects.placed_under(new, date(2026, 3, 1))
        assert member not in Person.objects.placed_under(old, date(2026, 3, 1))
        known = clock.moment_on(date(2026, 5, 3))
        assert cell.position(date(2026, 4, 1), known).parent == old, "that we believed otherwise stays true"


def test_a_unit_founded_in_the_past_follows_the_later_moves_of_its_parent():
    first, second = a_town(), a_town()
    ward = a_ward(under=first)
    steps.move(an_act(), ward, second, date(2024, 6, 1))
    cell = a_cell(under=ward, since=date(2024, 1, 1))
    assert cell in Organisation.objects.under(first, date(2024, 5, 31))
    assert cell not in Organisation.objects.under(first, date(2024, 6, 1))
    assert cell in Organisation.objects.under(second, date(2024, 6, 1))


def test_a_subtree_moves_with_the_later_moves_inside_it():
    first, second = a_town(), a_town()
    ward, other = a_ward(under=first), a_ward(under=first)
    cell = a_cell(under=ward)
    steps.move(an_act(), cell, other, date(2025, 1, 1))
    steps.move(an_act(), ward, second, date(2024, 1, 1))
    assert cell in Organisation.objects.under(second, date(2024, 12, 31))
    assert cell in Organisation.objects.under(first, date(2025, 1, 1))
    assert cell not in Organisation.objects.under(second, date(2025, 1, 1))


def test_a_move_holds_until_the_next_later_one():
    first, second, third = a_town(), a_town(), a_town()
    ward = a_ward(under=first)
    steps.move(an_act(), ward, third, date(2025, 1, 1))
    steps.move(an_act(), ward, second, date(2024, 1, 1))
    parents = [ward.position(day).parent for day in (date(2023, 12, 31), date(2024, 1, 1), date(2025, 1, 1))]
    assert parents == [first, second, third]


def test_a_unit_founded_under_one_that_is_to_be_dissolved_is_refused():
    ward = a_ward()
    steps.dissolve(an_act(), [ward], date(2027, 1, 1))
    with pytest.raises(TreeRefused) as refused:
        a_cell(under=ward, since=date(2026, 6, 1))
    assert "01/01/2027" in str(refused.value.messages[0])
    assert not Organisation.objects.under(ward, date(2026, 6, 2)).exclude(pk=ward.pk).exists()


def test_nothing_stands_under_a_cell():
    cell, other = a_cell(), a_cell()
    with pytest.raises(TreeRefused):
        steps.move(an_act(), other, cell, date(2026, 1, 1))
    with pytest.raises(TreeRefused):
        a_cell(under=cell)


def test_a_committee_with_units_under_it_is_not_dissolved():
    ward = a_ward()
    a_cell(under=ward, since=date(2027, 1, 1))  # also one that is still to come
    with pytest.raises(TreeRefused):
        steps.dissolve(an_act(), [ward], date(2026, 1, 1))
    assert ward.position(date(2026, 1, 1))


def test_a_unit_is_dissolved_once():
    cell = a_cell()
    steps.dissolve(an_act(), [cell], date(2026, 1, 1))
    assert cell.position(date(2025, 12, 31))
    assert not cell.position(date(2026, 1, 1))
    with pytest.raises(TreeRefused):
        steps.dissolve(an_act(), [cell], date(2026, 2, 1))


def test_the_tree_is_not_deeper_than_a_path_holds():
    unit = a_town()
    while len(unit.position().path) < 60:
        unit = a_ward(under=unit)
    with pytest.raises(TreeRefused):
        a_ward(under=unit)


def test_a_cell_moved_to_the_town_becomes_a_grassroots_cell():
    town = a_town()
    cell = a_cell(under=a_ward(under=town))
    assert cell.position().tier == Tier.SUBORDINATE_CELL
    steps.move(an_act(), cell, town, date(2026, 1, 1))
    assert cell.position(date(2026, 1, 1)).tier == Tier.GRASSROOTS


def test_the_database_refuses_two_positions_on_one_day():
    cell, act = a_cell(), an_act()
    row = cell.position()
    row.pk, row.valid_from, row.valid_to = None, date(2026, 1, 1), OPEN
    row.recorded_at, row.recorded_by = act.now, act.entry
    with pytest.raises(IntegrityError), transaction.atomic():
        Position.records.bulk_create([row])


@pytest.mark.django_db(transaction=True)
def test_what_is_founded_while_its_parent_moves_stands_under_it():
    ward, town = a_ward(since=FIRST), a_town()

    def moves() -> None:
        steps.move(an_act(), ward, town, DAYS[1])

    meanwhile(moves, lambda: a_cell(under=ward, since=DAYS[2], code="NEW"))
    cell, today = Organisation.objects.get(code="NEW"), DAYS[3]
    assert cell.position(today).path.startswith(ward.position(today).path)


@pytest.mark.django_db(transaction=True)
def test_of_two_units_that_move_under_each_other_at_once_one_does():
    one, other = a_ward(since=FIRST), a_ward(since=FIRST)

    def moves(unit: Organisation, to: Organisation) -> Any:
        def run() -> None:
            with transaction.atomic():
                steps.move(an_act(), unit, to, DAYS[1])

        return run

    answers = meanwhile(moves(one, other), moves(other, one))
    assert [type(answer) for answer in answers if answer] == [TreeRefused]


def test_who_follows_units_that_are_gone_is_read_once_for_each_state_of_the_tree():
    day, (first, second, heir) = clock.today(), (a_cell() for _ in range(3))
    steps.dissolve(an_act(), [first], day, [heir])

    def asked() -> tuple[dict[int, str], int]:
        mark = TreeMark.objects.get().mark
        with CaptureQueriesContext(connection) as statements:
            return lineage.homes_now(day, mark), len(statements)

    path = heir.position().path
    assert asked() == ({first.pk: path}, 2)
    assert asked() == ({first.pk: path}, 0)
    with contextlib.suppress(ZeroDivisionError), transaction.atomic():
        steps.dissolve(an_act(), [second], day, [heir])
        assert asked() == ({first.pk: path, second.pk: path}, 2)
        raise ZeroDivisionError  # nothing of it becomes so
    assert asked()[0] == {first.pk: path}
    Lineage.objects.all().delete()
    assert set(asked()[0].values()) == {first.position(day - timedelta(days=1)).parent.position().path}


def test_what_was_read_while_the_tree_changed_is_not_kept():
    day, cell = clock.today(), a_cell()
    mark = TreeMark.objects.get().mark
    steps.dissolve(an_act(), [cell], day)
    for _ in range(2):
        with CaptureQueriesContext(connection) as statements:
            assert cell.pk in lineage.homes_now(day, mark)  # for a request that read the mark before the change
        assert len(statements) == 2


@pytest.mark.django_db(transaction=True)
def test_nobody_is_placed_in_a_cell_that_is_being_dissolved():
    ward = a_ward()
    cell, here = a_cell(under=ward), a_cell(under=ward)
    person, day = a_member(here), clock.today()

    def dissolves() -> None:
        Organisation.objects.filter(pk=cell.pk).update(version=2)  # as every operation takes its row
        steps.dissolve(an_act(), [cell], day)

    def places() -> None:
        place_member(submitted_by(a_clerk(of=ward)), person=person, to_cell=cell, from_on=day)

    answers = meanwhile(dissolves, places)
    assert [type(answer) for answer in answers if answer] == [MemberRefused]
