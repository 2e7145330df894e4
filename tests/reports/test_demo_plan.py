"""The practice town as planned, before anything is stored: the sheets, the rules, and the same town every time."""

import os
import subprocess
import sys
from collections import Counter
from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.conf import settings

from recruitment.rulebook.calendar import add_months
from reports.demo import judge, sheets, tree
from reports.demo.chance import Chance
from reports.demo.copies import copied
from reports.demo.days import EVE, PRACTICE_DAY, TERM_FIRST, entry_days, feast_days, is_office_day
from reports.demo.ledger import SOON, Ledger
from reports.demo.pipeline import STOCKS
from reports.demo.plan import members_of, plan_town

_DIGEST = """
import hashlib
from reports.demo.plan import plan_town
town = plan_town()
seen = [(one.name, one.born, one.identity, [(stay.cell, stay.first) for stay in one.stays]) for one in town.people]
seen += [(one.human.number, one.nominated_on, one.ceremony_on, len(one.papers)) for one in town.candidacies]
seen += [(post.human.number, post.unit, post.role, post.first) for post in town.posts]
print(hashlib.sha256(repr(seen).encode()).hexdigest())
"""


@pytest.fixture(scope="module")
def town():
    return plan_town()


def _digest(hash_seed):
    environment = {**os.environ, "PYTHONHASHSEED": hash_seed}
    found = subprocess.run(
        [sys.executable, "-c", _DIGEST],
        cwd=settings.BASE_DIR,
        env=environment,
        capture_output=True,
        check=True,
        text=True,
    )
    return found.stdout


def test_the_town_is_the_same_every_time():
    assert _digest("1") == _digest("2") != ""


def test_cells_have_their_members_and_units_their_cells(town):
    now = members_of(town, PRACTICE_DAY)
    assert now == {row.code: row.members for row in sheets.units()}
    for unit in town.units:
        if unit.is_committee:
            assert sum(cell.to is None for cell in unit.cells) == unit.row.cells


@pytest.mark.parametrize(
    ("day", "cells", "grassroots"),
    [
        (date(2020, 8, 1), 371, 45),
        (date(2021, 6, 9), 370, 45),
        (date(2021, 6, 10), 370, 46),
        (date(2021, 12, 31), 368, 46),
        (date(2022, 12, 31), 367, 46),
        (date(2023, 1, 1), 366, 46),
        (date(2024, 10, 31), 366, 46),
    ],
)
def test_units_through_time(town, day, cells, grassroots):
    units = [unit for unit in town.units if unit.first <= day]
    under = [cell for unit in units if unit.is_committee for cell in unit.cells]
    assert len(units) == grassroots
    assert sum(cell.first <= day and (cell.to is None or day < cell.to) for cell in under) == cells


def test_members_flow_as_in_the_sheet(town):
    for span, row in zip(sheets.SPANS, sheets.flows(), strict=True):
        kinds = Counter(one.kind for one in town.history.happenings if span.holds(one.day))
        admitted = sum(span.holds(one.ceremony_on) for one in town.admitted)
        left = kinds["removed"] + kinds["expelled"] + kinds["resigned"]
        assert (admitted, kinds["arrived"], kinds["departed"], kinds["died"], left) == (
            row.admitted, row.arrived, row.departed, row.died, row.removed,
        )  # fmt: skip
        assert sum(members_of(town, span.last).values()) == row.closing


def test_units_and_enterprises_admit_as_in_the_sheets(town):
    for number, span in enumerate(sheets.SPANS):
        held = [one for one in town.admitted if span.holds(one.ceremony_on)]
        by_unit = Counter(one.unit.code for one in held)
        assert {row.code: row.admitted[number] for row in sheets.units()} == {
            row.code: by_unit[row.code] for row in sheets.units()
        }
        by_enterprise = Counter(tree.enterprise_of(one.unit, one.cell) for one in held)
        for row in sheets.enterprises():
            assert by_enterprise[row.code] == row.admitted[number]
    assert [sum(one.student and span.holds(one.ceremony_on) for one in town.admitted) for span in sheets.SPANS] == [
        0, 1, 3, 7, 13,
    ]  # fmt: skip


def test_every_step_of_every_candidacy_is_lawful(town):
    assert [sentence for one in town.candidacies for sentence in judge.unlawful(one, town.courses)] == []
    assert min(one.nominated_on for one in town.admitted).year == 2017
    assert min(ballot.entitled for one in town.candidacies for ballot in one.ballots) >= 3


@pytest.mark.parametrize(
    ("spoil", "code"),
    [
        (lambda one: setattr(one, "certificate_on", one.ballots[0].on + timedelta(days=1)), "certificate-later"),
        (lambda one: setattr(one.vouchers[-1], "together_since", one.ballots[0].on), "introducer-time"),
        (lambda one: one.ballots.pop(1), "stage-not-done"),
        (lambda one: setattr(one.ballots[0], "in_favour", 1), "vote-short"),
        (lambda one: setattr(one.human, "born", add_months(one.ballots[0].on, -12 * 17)), "under-age"),
        (lambda one: setattr(one.rulings[0], "received_on", add_months(one.ceremony_on, -6)), "ceremony-late"),
    ],
)
def test_an_unlawful_step_would_be_found(spoil, code):
    town = plan_town()
    one = next(one for one in town.admitted if one.unit.is_committee and not one.student and one.official_on)
    spoil(one)
    assert any(code in sentence for sentence in judge.unlawful(one, town.courses))


def test_ages_satisfy_both_readings_of_full(town):
    for one in town.admitted:
        considered_on = one.ballot("cell_meeting").on
        full = add_months(one.human.born, 12 * 18)
        assert considered_on >= full
        assert considered_on.replace(day=1) > full.replace(day=1) or considered_on >= full
        above = considered_on.replace(day=1) > add_months(one.human.born, 12 * 60)
        assert above == bool(one.waiver and one.waiver.rule == "age")
    assert sorted(one.waiver.rule for one in town.candidacies if one.waiver) == ["age", "age", "education-floor"]


def test_ceremonies_are_on_office_days_with_peaks_and_a_gap(town):
    days = [one.ceremony_on for one in town.admitted]
    assert all(is_office_day(day) for day in days)
    assert not [day for day in days if date(2023, 9, 21) <= day <= date(2023, 10, 31)]
    feasts = feast_days(TERM_FIRST, EVE)
    assert 0.35 < sum(day in feasts for day in days) / len(days) < 0.75
    assert sum(date(2023, 11, 1) <= day <= date(2023, 12, 31) for day in days) == 22


def test_what_became_of_the_650(town):
    assert Counter(one.ends_as for one in town.admitted) == {"": 633, "departed": 11, "removed": 4, "died": 2}
    on_probation = [one for one in town.admitted if not one.official_on and not one.ends_as]
    assert len(on_probation) == 155
    overdue = [one for one in on_probation if one.ceremony_on < date(2023, 9, 15)]
    assert len(overdue) == 3
    assert all(one.overdue for one in overdue)
    assert Counter(one.ceremony_on.year for one in on_probation) == {2024: 130, 2023: 25}


def test_no_cell_ever_has_fewer_than_three_official_members(town):
    months = [date(year, month, 1) for year in range(2020, 2025) for month in range(1, 13)]
    days = [TERM_FIRST, *(day for day in months if TERM_FIRST < day < EVE), EVE]
    for unit in town.units:
        for cell in unit.cells:
            standing = [day for day in days if cell.first <= day and (cell.to is None or day < cell.to)]
            assert min((town.history.officials(cell.code, day) for day in standing), default=3) >= 3
            assert cell.first > TERM_FIRST or cell.opening >= 4


def test_cells_of_residents_have_the_sizes_asked_for(town):
    for unit in town.units:
        if unit.row.sector in ("ward", "commune"):
            for cell in unit.cells:
                least, most = tree.RANGES[cell.kind]
                assert cell.to or least <= cell.closing <= most


def test_dissolved_cells_went_into_the_largest_and_founders_came_from_residence_cells(town):
    residents = {cell.code for unit in town.units for cell in unit.cells if cell.residents}
    for founded, first, at_once, in_all in (("QY46", date(2021, 6, 10), 9, 15), ("QY44-06", date(2022, 5, 19), 3, 8)):
        came = [one for one in town.history.happenings if one.to == founded]
        assert len(came) == in_all
        assert sum(one.day == first for one in came) == at_once
        assert all(one.start in residents for one in came)
    for unit in town.units:
        for cell in unit.cells:
            if cell.to and unit.code != "QY12":
                sizes = {one.code: _size(town, one.code, cell.to - timedelta(days=1)) for one in unit.cells}
                assert sizes[cell.into] == max(sizes.values())


def _size(town, cell, day):
    return sum(one.cell_on(day) == cell for one in town.history.of_cell[cell])


def test_open_candidacies_stand_where_they_should(town):
    assert Counter(one.group for one in town.open) == STOCKS
    assert len({one.human.number for one in town.open}) == len(town.open)
    in_2024 = [
        one.group
        for one in town.open
        if judge.ahead(one, town.courses, PRACTICE_DAY).earliest_ceremony_on.year == PRACTICE_DAY.year
    ]
    assert Counter(in_2024) == {"decided": 5, "considered": 27, "lawful": 9}
    reasons = {
        group: {judge.ahead(one, town.courses, PRACTICE_DAY).waits_for for one in town.open if one.group == group}
        for group in ("under_age", "introducers", "certificate", "verification")
    }
    assert reasons == {
        "under_age": {"under-age"},
        "introducers": {"introducer-time"},
        "certificate": {"next-class-ends"},
        "verification": {"paper-announced"},
    }
    quiet = {cell.code for unit in town.units for cell in unit.cells if cell.to is None} - {
        one.cell.code for one in town.open
    }
    assert len(quiet) == 40


def test_targets_are_handed_down_without_remainder(town):
    totals = {}
    for plan in town.targets:
        for group in {group for _unit, group, _number in plan.numbers}:
            own = next(number for unit, of, number in plan.numbers if (unit, of) == (town.code, group))
            below = [number for unit, of, number in plan.numbers if of == group and unit != town.code]
            assert sum(below) == own
            totals[plan.period, group] = (own, len(below))
    assert totals == {
        ("2020-2025", ""): (850, 46), ("2021", ""): (167, 46), ("2022", ""): (168, 46), ("2023", ""): (170, 46),
        ("2024", ""): (172, 46), ("2024-2025", "students"): (40, 8), ("2024-2025", "non_state_workers"): (12, 3),
    }  # fmt: skip


def test_firms_without_a_party_organisation_have_members_who_belong_elsewhere(town):
    firms = [
        place
        for place in town.places
        if place.ownership != "state" and place.kind == "enterprise" and not place.covered
    ]
    assert 25 <= len(firms) <= 40
    residents = {cell.code for unit in town.units for cell in unit.cells if cell.residents}
    members = Counter(one.workplace for one in town.people if one.cell_on(EVE) in residents)
    assert sum(members[place.code] >= 3 for place in firms) >= 3
    codes = {place.code for place in firms}
    assert sum(one.human.workplace in codes and one.cell.residents for one in town.admitted) == 20


def test_nothing_is_entered_before_it_happened_and_most_within_days(town):
    ledger = Ledger(town, Chance(1), EVE)
    lags = [
        (day - one.ceremony_on).days
        for day, work in ledger.days.items()
        for one, shown_on in work.get("hold_ceremony", ())
        if one.ceremony_on.year > 2020 and shown_on == one.ceremony_on
    ]
    assert min(lags) >= 0
    late = sum(lag > SOON for lag in lags)
    assert 0 < late < len(lags) * 0.12
    assert set(ledger.days) <= set(entry_days(EVE))
    assert max(ledger.days) == EVE


def test_a_copied_town_is_lawful_under_other_names_some_days_earlier(town):
    other = copied(town, 2)
    assert other.code == "T2"
    assert [unit.code for unit in other.units] == [unit.code.replace("QY", "T2") for unit in town.units]
    same = sum(one.name == two.name for one, two in zip(town.people, other.people, strict=True))
    assert same < len(town.people) / 20
    assert not {one.identity for one in town.people} & {one.identity for one in other.people}
    assert [sentence for one in other.admitted for sentence in judge.unlawful(one, other.courses)] == []
    shifts = {(one.ceremony_on - two.ceremony_on).days for one, two in zip(town.admitted, other.admitted, strict=True)}
    assert shifts <= set(range(7))
    assert town.units[0].row == sheets.units()[0] != replace(town.units[0].row, code="T201")
