"""Dated facts against a naive replay, day by day: thousands of histories, on whichever database the settings name."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from foundation import facts
from foundation.facts import NEXT, OPEN, Change, Overtaken, Why
from foundation.operation import Act
from membership.models import Certificate, MembershipStatus, Placement, PlacementKind, Status
from tests.at_once import meanwhile
from tests.builders import a_cell, a_person, an_act

FIRST = date(2020, 1, 1)
DAYS = [FIRST + timedelta(days=number) for number in range(12)]
SUBJECTS = 24  # histories side by side: each is a history of its own
VALUES = [Status.PROBATIONARY, Status.OFFICIAL, Status.DEPARTED, None]

pytestmark = pytest.mark.django_db


@st.composite
def a_change(draw: st.DrawFn) -> tuple[int, date, date, Any]:
    """Of which subject, from which day, until which, and what; often open, often beginning where another begins."""
    first = draw(st.integers(0, 10))
    to = draw(st.one_of(st.none(), st.integers(first + 1, 11)))
    last = OPEN if to is None else DAYS[to]
    return draw(st.integers(0, SUBJECTS - 1)), DAYS[first], last, draw(st.sampled_from(VALUES))


calls = st.one_of(
    st.tuples(st.just("change"), st.lists(st.lists(a_change(), min_size=1, max_size=40), min_size=1, max_size=3)),
    st.tuples(st.just("undo"), st.integers(0, 20)),
)
histories = st.lists(calls, min_size=1, max_size=7)


@dataclass
class Replay:
    """What is so of each subject on each day; the whole of it is kept after every entry."""

    now: dict[tuple[int, date], Any] = field(default_factory=dict)
    entries: list[tuple[int, dict, dict]] = field(default_factory=list)  # entry, before it, after it
    moments: list[tuple[datetime, dict]] = field(default_factory=list)

    def change(self, changes: list[tuple[int, date, date, Any]]) -> None:
        for subject, first, to, value in changes:
            for day in DAYS:
                if first <= day < to:
                    self.now[subject, day] = value

    def undo(self, before: dict, after: dict) -> None:
        for key in after:
            if before.get(key) != after[key]:
                assert self.now.get(key) == after[key], "an entry that others are built on was undone"
                self.now[key] = before.get(key)

    def close(self, act: Act, before: dict) -> None:
        self.entries.append((act.entry.pk, before, dict(self.now)))
        self.moments.append((act.now, dict(self.now)))


def told(people: list[Any], known_on: datetime | None) -> dict[tuple[int, date], Any]:
    """What the two doors say, one query a day; every row said twice fails."""
    number = {person.pk: place for place, person in enumerate(people)}
    found: dict[tuple[int, date], Any] = {}
    for day in DAYS:
        for row in MembershipStatus.objects.as_at(day, known_on).filter(person__in=people):
            key = number[row.person_id], day
            assert key not in found, "two values on one day"
            found[key] = row.status
    return found


def said(state: dict) -> dict:
    return {key: value for key, value in state.items() if value is not None}


@settings(max_examples=120, deadline=None, suppress_health_check=list(HealthCheck))
@given(history=histories)
def test_facts_say_what_a_naive_replay_says_on_every_day_known_on_every_moment(history):
    people = [a_person() for _ in range(SUBJECTS)]
    replay = Replay()
    for kind, what in history:
        act, before = an_act(), dict(replay.now)
        if kind == "change":
            for changes in what:  # several calls of one entry
                facts.change(act, MembershipStatus, [_change(people, *one) for one in changes])
                replay.change(changes)
        elif replay.entries:
            _undo(act, replay, what)
        replay.close(act, before)
    assert told(people, None) == said(replay.now)
    for moment, state in replay.moments:
        assert told(people, moment) == said(state)
    assert told(people, replay.moments[0][0] - timedelta(microseconds=1)) == {}


def _change(people: list[Any], subject: int, first: date, to: date, value: Any) -> Change:
    return Change({"person": people[subject]}, None if value is None else {"status": value}, first, to)


def _undo(act: Act, replay: Replay, which: int) -> None:
    latest = len(replay.entries) - 1
    place = max(latest - which % 3, 0)
    entry, before, after = replay.entries[place]
    try:
        with transaction.atomic():
            facts.undo(act, entry)
    except ValueError:
        assert place != latest, "nothing is built on the latest entry"
    else:
        replay.undo(before, after)


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    history=st.lists(
        st.lists(st.tuples(a_change(), st.sampled_from(PlacementKind.values)), min_size=1, max_size=12), max_size=4
    )
)
def test_subjects_of_two_fields_do_not_touch_each_other(history):
    person, cells = a_person(), {value: a_cell() for value in VALUES if value}
    naive: dict[tuple[str, date], Any] = {}
    for changes in history:
        rows = []
        for (_subject, first, to, value), kind in changes:
            rows.append(Change({"person": person, "kind": kind}, {"cell": cells[value]} if value else None, first, to))
            naive |= {(kind, day): cells[value].pk if value else None for day in DAYS if first <= day < to}
        facts.change(an_act(), Placement, rows)
    for day in DAYS:
        rows = Placement.objects.as_at(day).filter(person=person)
        assert {(row.kind, day): row.cell_id for row in rows} == {k: v for k, v in naive.items() if k[1] == day and v}


def test_nothing_is_written_where_nothing_differs():
    person = a_person()
    wanted = [Change({"person": person}, {"status": Status.OFFICIAL}, DAYS[2], DAYS[8])]
    assert len(facts.change(an_act(), MembershipStatus, wanted)) == 1
    assert facts.change(an_act(), MembershipStatus, wanted) == []
    inner = [Change({"person": person}, {"status": Status.OFFICIAL}, DAYS[3], DAYS[5])]
    assert facts.change(an_act(), MembershipStatus, inner) == []
    assert MembershipStatus.records.filter(person=person).count() == 1


@pytest.mark.parametrize(("first", "until"), [(0, 2), (2, 4), (3, 4), (4, 6), (5, 6), (6, OPEN), (9, OPEN)])
def test_a_change_until_the_next_ends_where_a_row_begins_or_the_one_that_holds_ends(first, until):
    person = a_person()
    for begins, ends in ((2, 4), (4, 6)):
        values = {"status": VALUES[begins // 4]}
        facts.change(an_act(), MembershipStatus, [Change({"person": person}, values, DAYS[begins], DAYS[ends])])
    change = Change({"person": person}, {"status": Status.DEPARTED}, DAYS[first], NEXT)
    [made] = [row for row in facts.change(an_act(), MembershipStatus, [change]) if row.status == Status.DEPARTED]
    assert (made.valid_from, made.valid_to) == (DAYS[first], until if until == OPEN else DAYS[until])


def test_a_shortened_fact_ended_and_a_contradicted_one_was_corrected():
    person = a_person()
    facts.change(an_act(), MembershipStatus, [Change({"person": person}, {"status": Status.PROBATIONARY}, DAYS[0])])
    facts.change(an_act(), MembershipStatus, [Change({"person": person}, {"status": Status.OFFICIAL}, DAYS[5])])
    facts.change(an_act(), MembershipStatus, [Change({"person": person}, {"status": Status.DIED}, DAYS[5])])
    gone = MembershipStatus.records.filter(person=person, superseded_at__isnull=False).order_by("pk")
    assert [row.superseded_why for row in gone] == [Why.ENDED, Why.CORRECTED]


def test_an_entry_with_several_calls_on_one_subject_is_undone_as_one():
    person, act = a_person(), an_act()
    facts.change(act, MembershipStatus, [Change({"person": person}, {"status": Status.PROBATIONARY}, DAYS[0])])
    facts.change(act, MembershipStatus, [Change({"person": person}, {"status": Status.OFFICIAL}, DAYS[5])])
    facts.undo(an_act(), act.entry.pk)
    assert not MembershipStatus.objects.so().filter(person=person).exists()


def test_undoing_an_end_after_something_began_there_is_refused():
    person, ending = a_person(), an_act()
    facts.change(an_act(), MembershipStatus, [Change({"person": person}, {"status": Status.OFFICIAL}, DAYS[0])])
    facts.change(ending, MembershipStatus, [Change({"person": person}, None, DAYS[4])])
    facts.change(an_act(), MembershipStatus, [Change({"person": person}, {"status": Status.DEPARTED}, DAYS[7])])
    with pytest.raises(ValueError, match="built on"):
        facts.undo(an_act(), ending.entry.pk)


def test_events_are_recorded_withdrawn_and_undone_and_what_we_believed_stays_true():
    person, first, second, third = a_person(), an_act(), an_act(), an_act()
    rows = facts.record(first, Certificate, [{"person": person, "happened_on": DAYS[3], "number": "7"}])
    facts.withdraw(second, rows)
    facts.undo(third, second.entry.pk)

    def known(day, moment):
        return list(Certificate.objects.as_at(day, moment).filter(person=person).values_list("number", flat=True))

    assert known(DAYS[3], first.now) == ["7"]
    assert known(DAYS[2], first.now) == []
    assert known(DAYS[3], second.now) == []
    assert known(DAYS[3], third.now) == known(DAYS[3], None) == ["7"]
    assert Certificate.records.filter(person=person).count() == 2, "an undo copies, it never revives"


@pytest.mark.django_db(transaction=True)
def test_an_end_is_not_lost_to_a_change_of_the_same_moment():
    """It was read before the other had stored its change: then it is refused, and tried again; or it came after it."""
    person, here, there = a_person(), a_cell(), a_cell()
    subject = {"person": person, "kind": PlacementKind.OFFICIAL}
    facts.change(an_act(), Placement, [Change(subject, {"cell": here}, FIRST)])

    def lays(values: Any) -> None:
        with transaction.atomic():
            facts.change(an_act(), Placement, [Change(subject, values, FIRST)])

    answers = meanwhile(lambda: lays({"cell": there}), lambda: lays(None))
    assert any(isinstance(one, Overtaken) for one in answers) or not Placement.objects.so().exists()


def test_the_database_itself_refuses_overlap_and_emptiness():
    person, act = a_person(), an_act()
    facts.change(act, MembershipStatus, [Change({"person": person}, {"status": Status.OFFICIAL}, DAYS[2], DAYS[6])])

    def insert(first, to):
        row = MembershipStatus(
            person=person, status="died", valid_from=first, valid_to=to, recorded_at=act.now, recorded_by=act.entry
        )
        with transaction.atomic():
            MembershipStatus.records.bulk_create([row])

    for first, to in [(DAYS[0], OPEN), (DAYS[5], DAYS[7]), (DAYS[3], DAYS[4]), (DAYS[2], DAYS[3]), (DAYS[8], DAYS[8])]:
        with pytest.raises(IntegrityError):
            insert(first, to)
    insert(DAYS[6], OPEN)  # closed-open: the next begins on the day the one before ends
    insert(DAYS[0], DAYS[2])


def test_the_database_refuses_an_overlap_by_update():
    person = a_person()
    facts.change(
        an_act(),
        MembershipStatus,
        [
            Change({"person": person}, {"status": Status.PROBATIONARY}, DAYS[0], DAYS[4]),
            Change({"person": person}, {"status": Status.OFFICIAL}, DAYS[4]),
        ],
    )
    with pytest.raises(IntegrityError), transaction.atomic():
        MembershipStatus.objects.so().filter(person=person, valid_from=DAYS[0]).update(valid_to=DAYS[5])


def test_a_change_without_days_or_about_another_subject_is_an_error():
    person = a_person()
    with pytest.raises(ValueError, match="empty interval"):
        facts.change(an_act(), MembershipStatus, [Change({"person": person}, None, DAYS[3], DAYS[3])])
    with pytest.raises(ValueError, match="is about"):
        facts.change(an_act(), Placement, [Change({"person": person}, None, DAYS[3])])


def test_a_fact_has_two_doors_and_no_way_back_from_things():
    person = a_person()
    assert not hasattr(MembershipStatus.objects, "filter")
    with pytest.raises(AttributeError):
        _ = MembershipStatus(person=person).objects
    assert facts.facts_keep_their_rules(None) == []
    assert not [one.name for one in person._meta.related_objects if issubclass(one.related_model, facts.Fact)]
