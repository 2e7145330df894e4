"""The replay finds what is wrong, and nothing else; and on any history it agrees with the figures."""

from datetime import date, timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from foundation import clock
from foundation.facts import Change, change
from membership import steps as membership_steps
from membership.models import CertificateKind, MembershipStatus, Organisation, Status
from recruitment import steps
from recruitment.closing import settle
from recruitment.models import AwarenessClass, Candidate, CandidateStanding, DecisionKind
from reports import replay
from reports.indicators import LISTED, Tree, rows, value
from tests.builders import a_candidate, a_cell, a_person, a_town, a_ward, an_act, on_day, some_members
from tests.reports.histories import TODAY, a_plan, admitted, figure

pytestmark = pytest.mark.django_db


@pytest.fixture
def town():
    town = a_town()
    for _ in range(2):
        cell = a_cell(under=a_ward(under=town))
        some_members(3, cell)
        admitted(cell)
        a_candidate(cell)
    a_plan(town, {town: 4})
    return town


def test_nothing_differs_where_nothing_is_wrong(town, capsys):
    with on_day(TODAY):
        call_command("check_figures")
    assert "agrees" in capsys.readouterr().out


def test_who_was_not_nominated_yet_could_not_be_admitted(town, capsys):
    """A class was planned, so that whoever had been nominated by the end of 2023 could still be admitted in 2024."""
    days = {"begins_on": date(2024, 1, 10), "ends_on": date(2024, 2, 10)}
    AwarenessClass.objects.create(name="Lớp 1", kind=CertificateKind.AWARENESS, unit=town, **days)
    cell = a_cell(under=a_ward(under=town))
    a_candidate(cell, nominated_on=date(2023, 12, 1))
    a_candidate(cell, nominated_on=date(2024, 3, 4))
    asked = {"first": date(2024, 1, 1), "last": date(2024, 12, 31), "as_at": date(2023, 12, 31)}
    with on_day(TODAY):
        steps.refresh_standing(None, list(Candidate.objects.all()))  # the class was planned by no operation
        assert figure("possible", cell, **asked) == 1
        assert figure("ceiling", cell, **asked) == 1
        call_command("check_figures")
    assert "agrees" in capsys.readouterr().out


def test_nothing_differs_after_a_cell_was_moved_from_a_past_day(town, capsys):
    """Of then, its earlier admissions count for itself and for the committee it stood under, not for its new one."""
    old, new = a_ward(under=town), a_ward(under=town)
    cell = a_cell(under=old)
    admitted(cell, date(2024, 2, 3))
    admitted(cell, date(2024, 5, 19))
    with transaction.atomic():
        membership_steps.move(an_act(TODAY), cell, new, date(2024, 3, 1))
    with on_day(TODAY):
        call_command("check_figures")
    assert "agrees" in capsys.readouterr().out


def test_a_wrong_path_is_found(town):
    cell = Organisation.objects.filter(kind="cell").first()
    position = cell.position(TODAY)
    other = Organisation.objects.filter(kind="committee").exclude(pk=position.parent_id).last()
    wrong = other.position(TODAY).path + cell.key
    type(position).records.filter(pk=position.pk).update(path=wrong)
    with on_day(TODAY), pytest.raises(CommandError) as failed:
        call_command("check_figures")
    assert "members" in str(failed.value)
    assert "admitted" in str(failed.value)


def test_a_wrong_standing_is_found(town):
    CandidateStanding.objects.update(stage="decision")
    with on_day(TODAY), pytest.raises(CommandError) as failed:
        call_command("check_figures")
    assert "stage is decision, should be" in str(failed.value)


FIRST = date(2024, 1, 1)
DAYS = st.integers(0, 300).map(lambda number: FIRST + timedelta(days=number))
THINGS = st.tuples(
    st.sampled_from(
        ["member", "status", "place", "admit", "annul", "nominate", "record", "move", "dissolve", "target"]
    ),
    st.integers(0, 5),
    st.integers(0, 5),
    DAYS,
    st.integers(0, 40),  # days until it is entered
)
STATUSES = [Status.PROBATIONARY, Status.OFFICIAL, Status.DIED, Status.DEPARTED, Status.REMOVED, Status.RESIGNED]
KINDS = ["taken_up", "pause", "resume", "return", "withdraw", "refuse"]


class World:
    """A small town to which things happen; what the steps refuse does not happen."""

    def __init__(self):
        self.town = a_town(since=FIRST - timedelta(days=30))
        self.wards = [a_ward(under=self.town, since=FIRST - timedelta(days=30)) for _ in range(2)]
        parents = [*self.wards, *self.wards, self.town, self.town]
        self.cells = [a_cell(under=one, since=FIRST - timedelta(days=30)) for one in parents]
        self.people, self.candidates = [], []
        self.plan = a_plan(self.town, {self.town: 9})

    def happens(self, things):
        """Each is entered so many days after its day, one after the other: the clock of the office never runs back."""
        for what, one, other, day, late in sorted(things, key=lambda thing: thing[3] + timedelta(days=thing[4])):
            getattr(self, what)(an_act(day + timedelta(days=late)), one, other, day)

    def member(self, act, one, other, day):
        person = a_person()
        self.people.append(person)
        membership_steps.change_status(act, {person: day}, Status.OFFICIAL)
        membership_steps.place(act, {person: (self.cells[one], day)})

    def status(self, act, one, other, day):
        if self.people:
            change(
                act,
                MembershipStatus,
                [Change({"person": self._of(self.people, one)}, {"status": STATUSES[other]}, day)],
            )

    def place(self, act, one, other, day):
        if self.people:
            membership_steps.place(act, {self._of(self.people, one): (self.cells[other], day)})

    def nominate(self, act, one, other, day):
        row = {"person": a_person(), "cell": self.cells[one], "source": "cell", "happened_on": day}
        self.candidates += steps.nominate(act, [row])

    def admit(self, act, one, other, day):
        row = {"person": a_person(), "cell": self.cells[one], "source": "cell", "happened_on": day}
        [candidate] = steps.nominate(act, [row])
        self.candidates.append(candidate)
        steps.hold_ceremonies(act, [{"candidate": candidate, "happened_on": day, "credited_to": self.cells[other]}])

    def annul(self, act, one, other, day):
        if self.candidates:
            candidate = self._of(self.candidates, one)
            kind = [DecisionKind.ANNULMENT, DecisionKind.RECOGNITION, DecisionKind.ADMISSION][other % 3]
            given = {"committee": self.town, "number": "1", "happened_on": day}
            decided = steps.Decision.objects.so().filter(candidate=candidate, kind=kind)
            if not decided.exists():
                steps.decide(act, [{"candidate": candidate, "kind": kind, **given}])

    def record(self, act, one, other, day):
        if self.candidates:
            row = {"candidate": self._of(self.candidates, one), "kind": KINDS[other], "happened_on": day}
            steps.record(act, [row])

    def move(self, act, one, other, day):
        self._if_possible(membership_steps.move, act, self.cells[one], [*self.wards, self.town][other % 3], day)

    def dissolve(self, act, one, other, day):
        heirs = [self.cells[other]] if other != one else []
        if self.cells[one].position(day):
            self._if_possible(membership_steps.dissolve, act, [self.cells[one]], day, heirs)

    def target(self, act, one, other, day):
        row = Change({"plan": self.plan, "unit": self.cells[one], "group": ""}, {"number": other}, day)
        change(act, replay.TargetValue, [row])

    def _if_possible(self, step, *arguments):
        try:
            step(*arguments)
        except membership_steps.TreeRefused:
            return

    @staticmethod
    def _of(things, number):
        return things[number % len(things)]


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    things=st.lists(THINGS, min_size=4, max_size=14),
    as_at=DAYS,
    known_after=st.none() | st.integers(0, 330),
    tree=st.sampled_from(Tree.values),
)
def test_on_any_history_figures_are_what_the_replay_counts(things, as_at, known_after, tree):
    with transaction.atomic():
        world = World()
        world.happens(things)
        settle(world.candidates)
        known_on = None if known_after is None else clock.end_of(FIRST + timedelta(days=known_after))
        with on_day(date(2024, 12, 31)):
            asked = replay.Question(first=FIRST, last=date(2024, 12, 31), as_at=as_at, known_on=known_on, tree=tree)
            replayed = replay.replay(asked)
            for unit in [world.town, *world.wards, *world.cells[:2]]:
                ask = asked.of(unit)
                counted = {code: value(code, ask) for code in LISTED}
                assert {k: v for k, v in counted.items() if v} == {
                    k: v for k, v in replayed[unit.pk].items() if v and k in LISTED
                }
                assert len(rows("admitted", ask)) == counted["admitted"]
            assert not list(replay.compared(asked, {unit.pk: unit for unit in Organisation.objects.all()}))
        transaction.set_rollback(True)
