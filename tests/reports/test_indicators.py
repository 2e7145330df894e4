"""Figures on histories made by hand: days, moves, dissolutions, transfers, annulments, and what was known when."""

from datetime import date
from decimal import Decimal

import pytest

from foundation import clock
from membership import steps as membership_steps
from membership.models import Tier
from recruitment import steps
from recruitment.models import AwarenessClass
from reports.indicators import FIGURES, LISTED, Indicator, figures, rows
from reports.indicators.by_child import OWN, number
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
    a_workplace,
    an_official,
    covers,
    decided,
    entering,
    helped,
    on_day,
    some_members,
    taken_up,
    voted,
    with_papers,
    works,
)
from tests.reports.histories import YEAR, a_period, a_plan, admitted, asked, dissolved, figure, moved, recorded

pytestmark = pytest.mark.django_db


@pytest.fixture
def town():
    return a_town()


@pytest.mark.parametrize(
    ("_case", "on", "as_at", "number"),
    [
        ("the eve of the period", date(2023, 12, 31), date(2024, 10, 31), 0),
        ("its first day", date(2024, 1, 1), date(2024, 10, 31), 1),
        ("its last day", date(2024, 12, 31), date(2025, 3, 1), 1),
        ("the day after", date(2025, 1, 1), date(2025, 3, 1), 0),
        ("the as-at day itself", date(2024, 5, 19), date(2024, 5, 19), 1),
        ("the day after the as-at day", date(2024, 5, 19), date(2024, 5, 18), 0),
    ],
)
def test_admissions_of_a_period(town, _case, on, as_at, number):
    cell = a_cell(under=a_ward(under=town))
    admitted(cell, on)
    assert figure("admitted", town, as_at=as_at) == figure("admitted", cell, as_at=as_at) == number


@pytest.mark.parametrize(
    ("_case", "day", "known_on", "number"),
    [
        ("entered late, the eve", date(2024, 6, 9), date(2024, 6, 9), 0),
        ("entered late, that day", date(2024, 6, 10), date(2024, 6, 10), 1),
        ("asked of a day before it was entered, as known now", date(2024, 6, 9), None, 1),
    ],
)
def test_what_was_known_stays_true(town, _case, day, known_on, number):
    admitted(a_cell(under=town), date(2024, 5, 19), entered=date(2024, 6, 10))
    moment = known_on and clock.end_of(known_on)
    assert figure("admitted", town, as_at=day, known_on=moment) == number


def test_a_date_time_is_more_exact_than_its_day(town):
    admitted(a_cell(under=town), date(2024, 5, 19), entered=date(2024, 6, 10))
    assert figure("admitted", town, known_on=clock.moment_on(date(2024, 6, 10), 11)) == 0
    assert figure("admitted", town, known_on=clock.moment_on(date(2024, 6, 10), 13)) == 1


def test_an_annulled_admission_counts_until_its_annulment(town):
    candidate = admitted(a_cell(under=town), date(2024, 5, 19))
    with entering(date(2024, 8, 1)) as act:
        row = {"candidate": candidate, "committee": town, "number": "7-QĐ/TU", "happened_on": date(2024, 8, 1)}
        steps.annul(act, [{**row, "admitted_on": date(2024, 5, 19)}])
    assert figure("admitted", town, as_at=date(2024, 7, 31)) == 1
    assert figure("admitted", town, as_at=date(2024, 8, 1)) == 0
    assert figure("admitted", town, as_at=date(2024, 8, 1), known_on=clock.end_of(date(2024, 7, 31))) == 1


def test_a_moved_cell_takes_its_admissions_along_only_in_the_trees_that_say_so(town):
    old, new = a_ward("old", under=town), a_ward("new", under=town)
    cell = a_cell(under=old)
    admitted(cell, date(2024, 3, 1))
    moved(cell, new, date(2024, 6, 1))
    admitted(cell, date(2024, 9, 2))
    counted = {
        (tree, day): (figure("admitted", old, tree=tree, as_at=day), figure("admitted", new, tree=tree, as_at=day))
        for tree in ("as_at", "of_then", "of_now")
        for day in (date(2024, 5, 31), date(2024, 6, 1), date(2024, 10, 31))
    }
    with on_day(date(2024, 10, 31)):
        of_now = figure("admitted", old, tree="of_now"), figure("admitted", new, tree="of_now")
    assert counted["as_at", date(2024, 5, 31)] == (1, 0)
    assert counted["as_at", date(2024, 6, 1)] == (0, 1)
    assert counted["as_at", date(2024, 10, 31)] == (0, 2)
    assert counted["of_then", date(2024, 10, 31)] == (1, 1)
    assert of_now == (0, 2)
    assert figure("admitted", town) == figure("admitted", town, tree="of_then") == 2


def test_a_move_entered_late_changes_what_is_known_not_what_was_known(town):
    old, new = a_ward("old", under=town), a_ward("new", under=town)
    cell = a_cell(under=old)
    some_members(4, cell)
    moved(cell, new, date(2024, 6, 1), entered=date(2024, 9, 1))
    assert figure("members", new, as_at=date(2024, 7, 1)) == 4
    assert figure("members", new, as_at=date(2024, 7, 1), known_on=clock.end_of(date(2024, 8, 31))) == 0
    assert figure("members", old, as_at=date(2024, 7, 1), known_on=clock.end_of(date(2024, 8, 31))) == 4


def test_a_dissolved_cell_counts_for_its_successor(town):
    old, other = a_ward(under=town), a_ward(under=town)
    cell, heir = a_cell(under=old), a_cell(under=other)
    admitted(cell, date(2024, 3, 1))
    dissolved(cell, date(2024, 6, 1), into=heir)
    assert (figure("admitted", old), figure("admitted", other), figure("admitted", heir)) == (0, 1, 1)
    assert figure("admitted", old, as_at=date(2024, 5, 31)) == 1
    assert (figure("admitted", old, tree="of_then"), figure("admitted", other, tree="of_then")) == (1, 0)
    assert number("admitted", asked(town)) == {other.key: 1}


def test_a_dissolved_cell_without_successor_counts_for_its_last_parent_under_no_child(town):
    ward = a_ward(under=town)
    cell, stays = a_cell(under=ward), a_cell(under=ward)
    admitted(cell, date(2024, 3, 1))
    admitted(stays, date(2024, 3, 1))
    dissolved(cell, date(2024, 6, 1))
    assert (figure("admitted", ward), figure("admitted", stays)) == (2, 1)
    assert number("admitted", asked(ward)) == {OWN: 1, stays.key: 1}


def test_a_successor_may_itself_be_dissolved(town):
    first, second, third = (a_cell(under=town) for _ in range(3))
    admitted(first, date(2024, 3, 1))
    dissolved(first, date(2024, 4, 1), into=second)
    dissolved(second, date(2024, 5, 1), into=third)
    assert figure("admitted", third) == figure("admitted", town) == 1


def test_a_transferred_member_counts_in_one_cell_and_the_admission_where_it_was(town):
    here, there = a_cell(under=a_ward(under=town)), a_cell(under=a_ward(under=town))
    candidate = admitted(here, date(2024, 3, 1))
    with entering(date(2024, 6, 1)) as act:
        membership_steps.place(act, {candidate.person: (there, date(2024, 6, 1))})
    assert (figure("members", here, as_at=date(2024, 5, 31)), figure("members", here)) == (1, 0)
    assert (figure("members", there), figure("members", town)) == (1, 1)
    assert (figure("admitted", here), figure("admitted", there)) == (1, 0)


@pytest.mark.parametrize(("status", "members"), [("died", 0), ("departed", 0), ("expelled", 0), ("official", 1)])
def test_members_are_those_whose_membership_has_not_ended(town, status, members):
    person = a_member(a_cell(under=town), status="probationary")
    with entering(date(2024, 6, 1)) as act:
        membership_steps.change_status(act, {person: date(2024, 6, 1)}, status)
    assert figure("members", town, as_at=date(2024, 5, 31)) == 1
    assert figure("members", town) == members


def test_organisations_are_counted_by_tier(town):
    ward = a_ward(under=town)
    a_cell(under=ward)
    a_cell(under=a_sub_committee(under=ward))
    a_cell(under=town)
    assert figure("grassroots_organisations", town) == 2
    assert figure("cells_under_grassroots_committees", town) == 2
    assert {row.tier for row in rows("grassroots_organisations", asked(town))} == {Tier.GRASSROOTS}


def test_an_enterprise_covered_twice_is_one_enterprise(town):
    ward = a_ward(under=town)
    one, other = a_cell(under=ward), a_cell(under=ward)
    firm, school = a_workplace(in_=ward), a_workplace(in_=ward, kind="school")
    state = a_workplace(in_=ward, ownership="state")
    for cell in (one, other):
        covers(cell, firm)
    covers(one, school)
    covers(one, state)
    code = "non_state_enterprises_with_party_organisation"
    assert figure(code, town) == figure(code, one) == figure(code, other) == 1
    assert len(rows(code, asked(town))) == 1
    assert number(code, asked(ward)) == {one.key: 1, other.key: 1}


def test_an_admission_in_a_non_state_enterprise_is_by_the_admitting_cell(town):
    ward = a_ward(under=town)
    in_firm, at_home = a_cell(under=ward), a_cell(under=ward)
    firm = a_workplace(in_=ward)
    covers(in_firm, firm)
    admitted(in_firm)
    worker = a_person()
    works(worker, at=firm)
    with entering(date(2024, 5, 19)) as act:
        row = {"person": worker, "cell": at_home, "source": "cell", "happened_on": date(2023, 9, 5)}
        steps.hold_ceremonies(
            act, [{"candidate": one, "happened_on": date(2024, 5, 19)} for one in steps.nominate(act, [row])]
        )
    assert figure("admitted_in_non_state_enterprises", town) == 1
    assert figure("admitted", town, group="non_state_workers") == 1
    assert figure("admitted_in_non_state_enterprises", at_home) == 0


def test_recognitions_count_on_the_day_they_are_decided(town):
    candidate = admitted(a_cell(under=town), date(2023, 1, 10))
    with entering(date(2024, 2, 5)) as act:
        row = {"candidate": candidate, "committee": town, "number": "3-QĐ/TU"}
        steps.recognise(act, [{**row, "happened_on": date(2024, 2, 5), "official_on": date(2024, 1, 10)}])
    assert figure("recognised", town, as_at=date(2024, 2, 4)) == 0
    assert figure("recognised", town) == 1


STOCKS = ("nominated", "in_class", "in_dossier", "awaiting_decision", "decided")


def stock_of(candidate, **values):
    found = {code: figure(code, candidate.cell, **values) for code in STOCKS}
    assert sum(found.values()) <= 1
    return next((code for code, number in found.items() if number), None)


def seated(candidate, begins_on=date(2024, 9, 1), enrolled_on=date(2024, 8, 20)):
    classes = {"name": "Lớp", "unit": candidate.cell, "issuer": "TTCT", "begins_on": begins_on}
    one = AwarenessClass.objects.create(**classes, ends_on=date(2024, 12, 20))
    with entering(enrolled_on) as act:
        steps.enrol(act, [{"awareness_class": one, "person": candidate.person, "enrolled_on": enrolled_on}])
    return candidate


def certified(candidate):
    a_certificate(candidate.person, date(2024, 2, 1))
    return candidate


@pytest.mark.parametrize(
    ("_case", "make", "stock"),
    [
        ("nominated", a_candidate, "nominated"),
        ("taken up", lambda: taken_up(a_candidate()), "nominated"),
        ("a seat in a class that has begun", lambda: seated(a_candidate()), "in_class"),
        ("a class yet to begin", lambda: seated(a_candidate(), begins_on=date(2024, 11, 4)), "nominated"),
        ("through the class, taken up", lambda: certified(taken_up(a_candidate())), "in_class"),
        ("a certificate from before", lambda: certified(a_candidate()), "nominated"),
        ("helpers assigned", lambda: helped(taken_up(a_candidate())), "in_dossier"),
        ("the first paper", lambda: with_papers(a_candidate(), "cv"), "in_dossier"),
        ("the cell voted", lambda: voted(a_complete_candidate()), "awaiting_decision"),
        ("decided", lambda: decided(voted(a_complete_candidate())), "decided"),
    ],
)
def test_an_open_candidacy_is_in_the_furthest_stage_it_reached(_case, make, stock):
    assert stock_of(make()) == stock


def test_stocks_are_those_of_the_as_at_day():
    candidate = decided(voted(a_complete_candidate()))
    found = [stock_of(candidate, as_at=day) for day in (date(2024, 6, 30), date(2024, 8, 4), date(2024, 8, 5))]
    assert found == ["in_dossier", "in_dossier", "awaiting_decision"]
    assert stock_of(candidate, as_at=date(2023, 9, 4)) is None
    assert stock_of(candidate, known_on=clock.end_of(date(2024, 9, 1))) == "awaiting_decision"


@pytest.mark.parametrize("kind", ["pause", "return", "withdraw", "refuse", "move_away"])
def test_who_is_off_the_path_is_in_no_stock(kind):
    candidate = taken_up(a_candidate())
    recorded(candidate, kind, date(2024, 3, 1))
    assert stock_of(candidate, as_at=date(2024, 2, 29)) == "nominated"
    assert stock_of(candidate) is None


def test_who_came_back_is_in_a_stock_again():
    candidate = taken_up(a_candidate())
    recorded(candidate, "pause", date(2024, 3, 1))
    recorded(candidate, "resume", date(2024, 5, 1))
    assert stock_of(candidate, as_at=date(2024, 4, 30)) is None
    assert stock_of(candidate) == "nominated"


def test_who_was_admitted_is_in_no_stock(town):
    candidate = admitted(a_cell(under=town), date(2024, 5, 19))
    assert stock_of(candidate) is None
    assert stock_of(candidate, as_at=date(2024, 5, 18)) == "nominated"


@pytest.mark.parametrize(
    ("_case", "as_at", "pace"),
    [
        ("the eve of the term", date(2020, 7, 31), "0.0"),
        ("the README's day", date(2024, 10, 31), "722.9"),
        ("the last day", date(2025, 7, 31), "850.0"),
        ("after it", date(2026, 1, 1), "850.0"),
    ],
)
def test_pace_is_the_targets_share_of_the_days_gone(town, _case, as_at, pace):
    term = (date(2020, 8, 1), date(2025, 7, 31))
    a_plan(town, {town: 850}, a_period(*term, kind="term"))
    assert figure("pace", town, first=term[0], last=term[1], as_at=as_at) == Decimal(pace)


def test_a_target_is_of_exactly_the_period_asked_and_never_prorated(town):
    ward = a_ward(under=town)
    a_plan(town, {town: 172, ward: 9})
    assert (figure("target", town), figure("target", ward)) == (172, 9)
    assert figure("target", town, last=date(2024, 6, 30)) is None
    assert figure("pace", town, last=date(2024, 6, 30)) is None


@pytest.mark.parametrize(("group", "target"), [("", None), ("students", 40), ("women", None)])
def test_a_plan_for_groups_only_has_no_total(town, group, target):
    a_plan(town, {town: 40}, group="students")
    assert figure("target", town, group=group) == target


def test_a_draft_asks_nothing_of_anybody(town):
    a_plan(town, {town: 172}, state="draft")
    assert figure("target", town) is None


def test_a_target_holds_from_its_day(town):
    a_plan(town, {town: 172}, since=date(2024, 2, 1))
    assert figure("target", town, as_at=date(2024, 1, 31)) is None
    assert figure("target", town, known_on=clock.end_of(date(2024, 1, 31))) is None
    assert figure("target", town) == 172


def test_the_ceiling_of_another_day_is_what_could_be_reached_then_with_what_was_known(town):
    a_probationary_member(a_cell(under=town), since=date(2024, 9, 16), by=town)
    year = {"first": date(2024, 1, 1), "last": date(2024, 12, 31)}

    def told(**ask):
        return tuple(figure(code, town, **{**year, **ask}) for code in ("admitted", "possible_decided", "ceiling"))

    with on_day(date(2024, 11, 1)):
        assert told() == told(as_at=date(2024, 9, 16)) == (1, 0, 1)
        assert told(as_at=date(2024, 9, 15)) == told(known_on=clock.end_of(date(2024, 9, 15))) == (0, 1, 1)
        assert told(as_at=date(2024, 9, 1))[1:] == (0, 1)  # voted, not decided
        assert told(known_on=clock.end_of(date(2020, 1, 1))) == (0, 0, 0)
        assert told(as_at=date(2024, 9, 15), last=date(2024, 9, 14)) == (0, 0, 0)  # the period is over


@pytest.mark.parametrize(
    "group", ["", "students", "non_state_workers", "women", "minorities", "youth_union", "fishers"]
)
def test_every_figure_can_be_asked_of_every_group(town, group):
    admitted(a_cell(under=town))
    found = figures(asked(town, group=group))
    assert set(found) == set(LISTED) <= set(FIGURES)


def test_the_length_of_the_list_is_the_figure_and_children_add_up(town):
    wards = [a_ward(under=town) for _ in range(3)]
    for position, ward in enumerate(wards):
        cell = a_cell(under=ward)
        some_members(position + 2, cell)
        admitted(cell)
        taken_up(a_candidate(cell))
    a_candidate(a_cell(under=town))
    for code, one in FIGURES.items():
        if not isinstance(one, Indicator):
            continue
        ask = asked(town)
        assert len(rows(code, ask)) == one.value(ask)
        assert sum(number(code, ask).values()) == one.value(ask)
        assert number(code, ask) == {
            child.key: value
            for child in [*wards, *(row.organisation for row in rows("grassroots_organisations", ask))]
            if (value := figure(code, child))
        }


def test_a_reader_counts_everybody_in_the_own_subtree_and_nobody_else(town):
    mine, foreign = a_ward(under=town), a_ward(under=town)
    admitted(a_cell(under=mine))
    admitted(a_cell(under=foreign))
    reader = an_official(of=mine)
    assert figure("admitted", mine, user=reader) == 1
    assert figure("admitted", foreign, user=reader) == 0
    assert figure("admitted", town, user=reader) == 1
    assert number("admitted", asked(town, user=reader)) == {mine.key: 1}
    assert figure("admitted", town, user=an_official(of=town)) == 2


def test_a_readers_part_is_that_of_the_tree_asked_for(town):
    old, new = a_ward(under=town), a_ward(under=town)
    cell = a_cell(under=old)
    admitted(cell, date(2024, 3, 1))
    moved(cell, new, date(2024, 6, 1))
    admitted(cell, date(2024, 9, 2))
    former = an_official(of=old)
    assert figure("admitted", cell, user=former) == 0
    assert figure("admitted", cell, user=former, as_at=date(2024, 5, 31)) == 1
    assert figure("admitted", cell, user=former, tree="of_then") == 1
    assert figure("admitted", cell, user=an_official(of=new)) == 2


@pytest.mark.parametrize("wards", [2, 12])
@pytest.mark.parametrize("tree", ["as_at", "of_then"])
def test_children_are_counted_by_one_query_however_many(town, django_assert_max_num_queries, wards, tree):
    for _ in range(wards):
        admitted(a_cell(under=a_ward(under=town)))
    for code, one in FIGURES.items():
        if isinstance(one, Indicator):
            with on_day(date(2024, 10, 31)), django_assert_max_num_queries(3):  # the unit, dissolved units, the figure
                number(code, asked(town, tree=tree, first=YEAR[0]))
