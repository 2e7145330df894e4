"""Figures counted a second time, by plain replay of the facts: no query of the indicators, no path of a position.

Everything is read once and judged row by row. `differences` compares the two counts for every unit of the tree.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from functools import cached_property
from typing import Any

from foundation import clock
from membership.models import (
    MEMBER,
    Certificate,
    Coverage,
    Lineage,
    MembershipStatus,
    Organisation,
    Placement,
    Position,
    Workplace,
)
from recruitment import standing
from recruitment.models import (
    AdmissionCeremony,
    Candidate,
    CandidateStanding,
    Decision,
    Document,
    Enrolment,
    Helper,
    Nomination,
    StageRecord,
    Vote,
)
from reports import asking
from reports.indicators import LISTED, Ask, Indicator, Tree, by_child
from reports.indicators.register import FIGURES, value
from reports.models import Plan, TargetValue

_STAGES_BEFORE_CEREMONY = {
    "nominated", "taken_up", "awareness_class", "helpers", "dossier", "cell_meeting", "sub_committee",
    "committee_meeting", "decision",
}  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Question:
    """What is asked of every unit at once."""

    first: date
    last: date
    as_at: date
    known_on: datetime | None = None
    tree: str = Tree.AS_AT

    def of(self, unit: Organisation) -> Ask:
        """The same of one unit, by the office itself."""
        return Ask(user=None, unit=unit, **vars(self))

    def __str__(self) -> str:
        known = f", known on {self.known_on:%Y-%m-%d %H:%M}" if self.known_on else ""
        return f"{self.first} to {self.last}, as at {self.as_at}{known}, {self.tree}"


class Past:
    """All facts as one question sees them: as at its day, as known on its moment."""

    def __init__(self, question: Question):
        self.question, self.day = question, question.as_at
        self.read: dict[Any, list[Any]] = {}

    def known(self, model: Any) -> list[Any]:
        """Rows believed at the moment asked."""
        if model not in self.read:
            self.read[model] = self._known(model)
        return self.read[model]

    def _known(self, model: Any) -> list[Any]:
        moment = self.question.known_on
        if moment is None:
            return [row for row in model.records.all() if row.superseded_at is None]
        return [
            row
            for row in model.records.all()
            if row.recorded_at <= moment and (row.superseded_at is None or row.superseded_at > moment)
        ]

    def events(self, model: Any) -> list[Any]:
        """Events that happened by the as-at day, in their order."""
        found = [row for row in self.known(model) if row.happened_on <= self.day]
        return sorted(found, key=lambda row: (row.happened_on, row.pk))

    def holding(self, model: Any) -> list[Any]:
        """Intervals that hold on the as-at day."""
        return [row for row in self.known(model) if row.valid_from <= self.day < row.valid_to]

    # Where a unit counts ----------------------------------------------------------------------------------------------

    @cached_property
    def positions(self) -> dict[int, list[Position]]:
        """Every position of each unit, in the tree asked for."""
        if self.question.tree == Tree.OF_NOW:
            rows = [row for row in Position.records.all() if row.superseded_at is None]
        else:
            rows = self.known(Position)
        found: dict[int, list[Position]] = defaultdict(list)
        for row in sorted(rows, key=lambda row: row.valid_from):
            found[row.organisation_id].append(row)
        return found

    @cached_property
    def tree_day(self) -> date:
        """The day of the tree asked for."""
        return clock.today() if self.question.tree == Tree.OF_NOW else self.day

    @cached_property
    def heirs(self) -> dict[int, int]:
        """The first successor of each unit."""
        rows = sorted(Lineage.objects.all(), key=lambda row: row.pk, reverse=True)
        return {row.predecessor_id: row.successor_id for row in rows if row.from_on <= self.tree_day}

    def stood(self, unit: int, day: date) -> Position | None:
        """Where the unit stood on the day."""
        rows = self.positions.get(unit, [])
        return next((row for row in rows if row.valid_from <= day < row.valid_to), None)

    def home(self, unit: int) -> int | None:
        """The unit itself if it stands; else its successor's home; else its last parent's."""
        seen = set()
        while not self.stood(unit, self.tree_day):
            rows = self.positions.get(unit)
            if not rows or unit in seen:
                return None
            seen.add(unit)
            before = [row for row in rows if row.valid_from <= self.tree_day]
            last = before[-1] if before else rows[0]
            following = self.heirs.get(unit, last.parent_id)
            if following is None:
                return None
            unit = following
        return unit

    def counts_for(self, unit: int, happened_on: date | None = None) -> list[int]:
        """The units for which something of this unit counts: itself and all above, step by step."""
        day = self.tree_day
        if happened_on and self.question.tree == Tree.OF_THEN and self.stood(unit, happened_on):
            day, start = happened_on, unit
        elif (home := self.home(unit)) is not None:
            start = home
        else:
            return []
        found: list[int] = []
        here: int | None = start
        while here is not None and here not in found:
            found.append(here)
            position = self.stood(here, day)
            here = position.parent_id if position else None
        return found


def replay(question: Question) -> dict[int, dict[str, Any]]:
    """For each unit every listed figure, and `admitted` by group as `admitted:<group>`; what is not there is zero."""
    past = Past(question)
    found: dict[int, dict[str, Any]] = defaultdict(Counter)
    for count in (_organisations, _members, _admissions, _recognitions, _stocks):
        for code, unit, happened_on in count(past):
            for one in past.counts_for(unit, happened_on):
                found[one][code] += 1
    _enterprises(past, found)
    _targets(past, found)
    _ceilings(past, found)
    return found


Counted = Iterator[tuple[str, int, date | None]]  # code, unit, day of the event


def _organisations(past: Past) -> Counted:
    codes = {"grassroots": "grassroots_organisations", "subordinate_cell": "cells_under_grassroots_committees"}
    for row in past.holding(Position):
        if row.tier in codes:
            yield codes[row.tier], row.organisation_id, None


def _members(past: Past) -> Counted:
    members = {row.person_id for row in past.holding(MembershipStatus) if row.status in MEMBER}
    for row in past.holding(Placement):
        if row.kind == "official" and row.person_id in members:
            yield "members", row.cell_id, None


def _annulled(past: Past) -> set[int]:
    return {row.candidate_id for row in past.events(Decision) if row.kind == "annulment"}


GROUPS: dict[str, Callable[[AdmissionCeremony], bool]] = {
    "students": lambda row: row.occupation == "student",
    "non_state_workers": lambda row: row.non_state_worker,
    "women": lambda row: row.sex == "female",
    "minorities": lambda row: row.ethnicity not in ("", "Kinh"),
    "youth_union": lambda row: row.youth_union,
    "fishers": lambda row: row.occupation == "fisher",
}


def _admissions(past: Past) -> Counted:
    annulled = _annulled(past)
    for row in past.events(AdmissionCeremony):
        if row.candidate_id in annulled or not past.question.first <= row.happened_on <= past.question.last:
            continue
        yield "admitted", row.credited_to_id, row.happened_on
        if row.non_state_cell:
            yield "admitted_in_non_state_enterprises", row.credited_to_id, row.happened_on
        for group, belongs in GROUPS.items():
            if belongs(row):
                yield f"admitted:{group}", row.credited_to_id, row.happened_on


def _recognitions(past: Past) -> Counted:
    annulled, cells = _annulled(past), dict(Candidate.objects.values_list("pk", "cell"))
    for row in past.events(Decision):
        in_period = past.question.first <= row.happened_on <= past.question.last
        if row.kind == "recognition" and in_period and row.candidate_id not in annulled:
            yield "recognised", cells[row.candidate_id], row.happened_on


def _stocks(past: Past) -> Counted:
    """Each open candidacy by what is recorded of it, one thing after the other."""
    of = {model: _by_candidate(past.events(model)) for model in (Nomination, AdmissionCeremony, StageRecord, Vote)}
    decided = {row.candidate_id for row in past.events(Decision) if row.kind == "admission"}
    papers = {row.candidate_id for row in Document.objects.all() if _by(past.day, row.asked_on, row.dated_on)}
    helped = {row.candidate_id for row in Helper.objects.all() if row.from_on <= past.day}
    seats, begun = _seats(past)
    certified = {row.person_id for row in past.events(Certificate) if row.kind == "awareness"}
    for candidate in Candidate.objects.all():
        key, person = candidate.pk, candidate.person_id
        kinds = [row.kind for row in of[StageRecord][key]]
        if not of[Nomination][key] or of[AdmissionCeremony][key] or not _under_way(kinds):
            continue
        if key in decided:
            code = "decided"
        elif of[Vote][key]:
            code = "awaiting_decision"
        elif key in papers or key in helped:
            code = "in_dossier"
        elif person in begun or (person in certified and ("taken_up" in kinds or person in seats)):
            code = "in_class"
        else:
            code = "nominated"
        yield code, candidate.cell_id, None


def _by_candidate(rows: Iterable[Any]) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = defaultdict(list)
    for row in rows:
        found[row.candidate_id].append(row)
    return found


def _by(day: date, *days: date | None) -> bool:
    return any(one is not None and one <= day for one in days)


def _seats(past: Past) -> tuple[set[int], set[int]]:
    """People with a seat in an awareness class, and of these those whose class has begun."""
    rows = [
        row
        for row in Enrolment.objects.select_related("awareness_class")
        if row.awareness_class.kind == "awareness"
        and row.enrolled_on <= past.day
        and (row.left_on is None or row.left_on > past.day)
    ]
    begun = {row.person_id for row in rows if row.awareness_class.begins_on <= past.day}
    return {row.person_id for row in rows}, begun


def _under_way(kinds: list[str]) -> bool:
    stopped = False
    for kind in kinds:
        if kind in ("withdraw", "refuse", "move_away"):
            return False
        if kind in ("pause", "return", "resume"):
            stopped = kind != "resume"
    return not stopped


def _enterprises(past: Past, found: dict[int, dict[str, Any]]) -> None:
    non_state = {
        row.pk
        for row in Workplace.objects.all()
        if row.kind == "enterprise" and row.ownership in ("private", "foreign")
    }
    covered: dict[int, set[int]] = defaultdict(set)
    for row in past.holding(Coverage):
        if row.workplace_id in non_state:
            for unit in past.counts_for(row.organisation_id):
                covered[unit].add(row.workplace_id)
    for unit, workplaces in covered.items():
        found[unit]["non_state_enterprises_with_party_organisation"] = len(workplaces)


def _targets(past: Past, found: dict[int, dict[str, Any]]) -> None:
    asked = past.question
    plans = {
        plan.pk
        for plan in Plan.objects.select_related("period")
        if plan.state == "decided" and (plan.period.first, plan.period.last) == (asked.first, asked.last)
    }
    rows = [row for row in past.holding(TargetValue) if row.plan_id in plans and not row.group]
    for row in sorted(rows, key=lambda row: (row.valid_from, row.plan_id)):
        found[row.unit_id]["target"] = row.number
    days = (asked.last - asked.first).days + 1
    gone = min(max((asked.as_at - asked.first).days + 1, 0), days)
    for figures in found.values():
        if "target" in figures:
            share = Decimal(figures["target"] * gone) / days
            figures["pace"] = share.quantize(Decimal("0.1"), ROUND_HALF_UP)


def _ceilings(past: Past, found: dict[int, dict[str, Any]]) -> None:
    asked = past.question
    cells = dict(Candidate.objects.order_by("pk").values_list("pk", "cell"))
    kept = asked.as_at == clock.today() and asked.known_on is None
    nominated = sorted({row.candidate_id for row in past.events(Nomination)})
    rows = CandidateStanding.objects.all() if kept else standing.assess(nominated, asked.as_at, asked.known_on)
    for row in rows:
        if asked.last < asked.as_at or row.state != "open" or row.stage not in _STAGES_BEFORE_CEREMONY:
            continue
        if row.earliest_ceremony_on and row.earliest_ceremony_on <= asked.last:
            for unit in past.counts_for(cells[row.candidate_id]):
                found[unit]["possible"] += 1
    for figures in found.values():
        figures["ceiling"] = figures.get("admitted", 0) + figures.get("possible", 0)


OF_A_PERIOD = ("admitted", "admitted_in_non_state_enterprises", "recognised", "target", "pace", "ceiling")
BY_GROUP = tuple(f"admitted:{group}" for group in GROUPS)


# Comparing ------------------------------------------------------------------------------------------------------------


def questions(day: date) -> list[Question]:
    """The running term and the current year, as at three days, in two trees, and once as known a month before."""
    term, year = asking.term(day), (date(day.year, 1, 1), date(day.year, 12, 31))
    days = (day, date(day.year - 1, 12, 31), day - timedelta(days=182))
    found = [Question(first=first, last=last, as_at=one) for first, last in {term, year} for one in days]
    found += [Question(first=term[0], last=term[1], as_at=day, tree=Tree.OF_THEN)]
    month_ago = clock.end_of(day - timedelta(days=30))
    return [*found, Question(first=term[0], last=term[1], as_at=day, known_on=month_ago)]


def differences(day: date) -> Iterator[str]:
    """One sentence for each figure of a unit that the indicators count otherwise than the replay."""
    units = {unit.pk: unit for unit in Organisation.objects.all()}
    seen: set[tuple] = set()
    for question in questions(day):
        asked_of = (question.as_at, question.known_on, question.tree)
        yield from compared(question, units, OF_A_PERIOD if asked_of in seen else (*LISTED, *BY_GROUP))
        seen.add(asked_of)


def compared(question: Question, units: dict[int, Organisation], codes: Iterable[str] = LISTED) -> Iterator[str]:
    """The same for one question and these figures."""
    codes = list(codes)
    replayed = replay(question)
    past = Past(question)
    standing = [unit for unit in units if past.stood(unit, past.tree_day)]
    children: dict[int | None, list[int]] = defaultdict(list)
    for unit in standing:
        position = past.stood(unit, past.tree_day)
        children[position.parent_id if position else None].append(unit)
    alone = children.pop(None, [])
    if question.tree == Tree.OF_THEN:  # a parent's row counts only the days on which the unit stood under it
        alone += [unit for unit in standing if len({row.parent_id for row in past.positions[unit]}) > 1]
    for unit in alone:
        ask = question.of(units[unit])
        for code in codes:
            yield from _unequal(question, units[unit], code, value(*_of_group(code, ask)), replayed[unit])
    for parent, below in children.items():
        if parent is not None:
            ask = question.of(units[parent])
            for code in codes:
                counted = by_child.number(*_of_group(code, ask))
                for unit in set(below).difference(alone):
                    yield from _unequal(question, units[unit], code, counted.get(units[unit].key), replayed[unit])


def _of_group(code: str, ask: Ask) -> tuple[str, Ask]:
    """`admitted:students` is `admitted`, asked of students."""
    name, _colon, group = code.partition(":")
    return name, ask.but(group=group)


def _unequal(
    question: Question, unit: Organisation, code: str, counted: Any, replayed: dict[str, Any]
) -> Iterator[str]:
    figure = FIGURES.get(code.partition(":")[0])
    nothing = 0 if isinstance(figure, Indicator) else None
    expected = replayed.get(code)
    if (counted or nothing) != (expected or nothing):
        yield f"{unit.code} {code}: counted {counted}, replayed {expected} ({question})"
