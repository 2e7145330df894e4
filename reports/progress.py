"""Will a unit reach its target? Numbers for the page of progress, by a fixed number of statements."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import Any, NamedTuple

from django.db.models import Case, Count, F, Min, Q, QuerySet, When

from foundation import clock
from foundation.statements import By, prepared
from membership.models import Appointment, CertificateKind, Person, Position, Role
from recruitment.known import current
from recruitment.models import AwarenessClass
from recruitment.rulebook.book import RuleBook
from recruitment.rulebook.facts import NOTHING_YET, CandidateFacts
from recruitment.rulebook.outlook import outlook
from reports.goals import Goal
from reports.indicators import Ask
from reports.indicators.admissions import ceremonies
from reports.indicators.by_child import OWN
from reports.indicators.candidacies import STOCK_OF_STAGE
from reports.indicators.groups import of_ceremonies, of_people
from reports.indicators.standings import known
from reports.indicators.standings import standings as standings_of
from reports.indicators.targets import STOPPED, pace_of

LATE_STOCKS = {"in_dossier", "awaiting_decision", "decided"}  # who of these is not in time is told, with the reason


OFFICERS = [Role.SECRETARY, Role.OFFICIAL, Role.CLERK]  # of a cell, of a committee, its staff: whom to call first


class Held(NamedTuple):
    """Ceremonies by the goals they count for; those that count for the goal of the page by child and day."""

    child: str
    day: date | None
    groups: tuple[bool, ...]
    number: int


class Standing(NamedTuple):
    """Candidacies that stand alike; those in time by child. `ready`: the earliest ceremony, where it is within the
    period.
    """

    child: str
    stock: str
    state: str
    waits_for: str
    ready: date | None
    number: int
    earliest: date | None


@dataclass(slots=True)
class Child:
    """One unit against its target. Pieces still possible: decided, awaiting_decision, earlier."""

    key: str
    position: Position | None
    target: int | None = None
    admitted: int = 0
    possible: Counter[str] = field(default_factory=Counter)
    latest: date | None = None  # the latest of the earliest ceremonies that are in time

    def ceiling(self, known: bool) -> int | None:
        """The most that is possible; None where nobody knows."""
        return self.admitted + self.possible.total() if known else None

    def short(self, settled: bool) -> int | None:
        """What will be missing; None without a target, and while nobody knows what is still possible."""
        if self.target is None or not settled:
            return None
        return max(0, self.target - self.admitted - self.possible.total())


@dataclass(frozen=True, slots=True)
class Progress:
    """A unit's progress to one goal. `known`: what is still possible is, and so the ceiling; of a period that is over
    nothing is.
    """

    ask: Ask
    goal: Goal
    goals: list[Goal]
    scores: dict[tuple[date, date, str], int]
    steps: list[tuple[date, int]]  # cumulative, on days with admissions
    ahead: list[tuple[date, int]]  # the most by each day to come
    whole: Child
    children: list[Child]  # worst first
    late: list[Standing]
    known: bool

    @property
    def pace(self) -> Decimal | None:
        """Of the unit."""
        return pace_of(self.goal.target, self.ask)

    @property
    def over(self) -> bool:
        """Whether nothing can come any more."""
        return _is_over(self.ask, self.goal)

    @property
    def settled(self) -> bool:
        """Whether it is known what will be missing: what is still possible is, or nothing is any more."""
        return self.known or self.over


def progress(ask: Ask, goals: list[Goal], children: list[Position]) -> Progress:
    """Everything the page needs but names: three statements (dissolved units, ceremonies, standings)."""
    goal = next(one for one in goals if one.about == (ask.first, ask.last, ask.group))
    place = goals.index(goal)
    held = list(_held(ask, goals, place))
    is_known = not _is_over(ask, goal) and known(ask)
    standings = list(_standings(ask)) if is_known else []
    own = [one for one in held if one.groups[place]]
    by_key = {OWN: Child(OWN, None)} | {_key(row): Child(_key(row), row) for row in children}
    wanted = dict(goal.of_children)
    for child in by_key.values():
        if child.position:
            child.target = wanted.get(child.position.organisation_id)
    whole = Child("whole", None, goal.target)
    for one in own:
        for child in (by_key.setdefault(one.child, Child(one.child, None)), whole):
            child.admitted += one.number
    for standing in standings:
        if standing.ready:
            for child in (by_key.setdefault(standing.child, Child(standing.child, None)), whole):
                child.possible[_piece(standing.stock)] += standing.number
                child.latest = max(child.latest or standing.ready, standing.ready)
    days = Counter[date]()
    for one in own:
        if one.day:
            days[one.day] += one.number
    settled = is_known or _is_over(ask, goal)
    return Progress(
        ask=ask,
        goal=goal,
        goals=goals,
        scores={one.about: sum(row.number for row in held if row.groups[at]) for at, one in enumerate(goals)},
        steps=list(_cumulative(days, 0)),
        ahead=list(_ahead(standings, whole.admitted, ask)) if is_known else [],
        whole=whole,
        children=worst_first([one for one in by_key.values() if one.position or one.admitted], settled),
        late=[one for one in standings if not one.ready and (one.stock in LATE_STOCKS or one.state in STOPPED)],
        known=is_known,
    )


def _is_over(ask: Ask, goal: Goal) -> bool:
    """Whether the period has ended on the as-at day. Its last day counts as long as it is today; looked back at, it is
    over.
    """
    return goal.last < ask.as_at or (goal.last == ask.as_at and not ask.is_now)


def _key(position: Position) -> str:
    return position.organisation.key


def _piece(stock: str) -> str:
    return stock if stock in ("decided", "awaiting_decision") else "earlier"


def _held(ask: Ask, goals: list[Goal], place: int) -> Iterator[Held]:
    """Ceremonies with the goals they count for; those of the goal at the place by child and day."""
    for child, day, *belonging, number in _ceremonies(ask.but(group="").by, tuple(goal.about for goal in goals), place):
        yield Held(child or OWN, day, tuple(map(bool, belonging)), number)


@prepared
def _ceremonies(asked: By, goals: Sequence[tuple[date, date, str]], place: int) -> QuerySet:
    ask = asked.value
    rows = ceremonies(ask)
    belongs = [_counts(*goal) for goal in goals]
    rows = rows.filter(_any(belongs)).annotate(
        child=Case(When(belongs[place], then=ask.ground.child(rows, "credited_to"))),
        day=Case(When(belongs[place], then=F("happened_on"))),
    )
    flags = {f"goal{at}": Case(When(which, then=1), default=0) for at, which in enumerate(belongs)}
    found = rows.order_by().annotate(**flags).values("child", "day", *flags).annotate(number=Count("pk"))
    return found.values_list("child", "day", *flags, "number")


def _counts(first: date, last: date, group: str) -> Q:
    return Q(happened_on__range=(first, last)) & of_ceremonies(group)


def _any(conditions: Iterable[Q]) -> Q:
    found = Q()
    for one in conditions:
        found |= one
    return found


def _standings(ask: Ask) -> Iterator[Standing]:
    """Candidacies before their ceremony, under way, paused or returned, as they stand on the as-at day."""
    found = _standing_now(ask.by) if ask.is_now else _standing_then(ask)
    for child, stage, state, waits_for, ready, number, first in found:
        yield Standing(child or OWN, STOCK_OF_STAGE[stage], state, waits_for, ready, number, first)


@prepared
def _standing_now(asked: By) -> QuerySet:
    return _standing_then(asked.value)


def _standing_then(ask: Ask) -> QuerySet:
    rows: Any = standings_of(ask).filter(of_people(ask.group, ask.as_at, ask.known_on), then_stage__in=STOCK_OF_STAGE)
    rows = ask.within(rows.filter(then_state__in=("open", *STOPPED)), "cell")
    rows = rows.open() if ask.is_now else rows  # the same, quicker to find
    in_time = Q(then_state="open", then_earliest_ceremony_on__lte=ask.last)
    if ask.last < ask.as_at:
        in_time = Q(pk__in=[])
    rows = rows.annotate(
        child=Case(When(in_time, then=ask.ground.child(rows, "cell"))),
        ready=Case(When(in_time, then=F("then_earliest_ceremony_on"))),
    )
    by = ("child", "then_stage", "then_state", "then_waits_for", "ready")
    found = rows.order_by().values(*by).annotate(number=Count("pk"), first=Min("then_earliest_ceremony_on"))
    return found.values_list(*by, "number", "first")


def _cumulative(days: Counter[date], total: int) -> Iterator[tuple[date, int]]:
    for day in sorted(days):
        total += days[day]
        yield day, total


def _ahead(standings: list[Standing], admitted: int, ask: Ask) -> Iterator[tuple[date, int]]:
    """From the earliest lawful ceremonies; one that was due before the as-at day can be held on it at the earliest."""
    today = ask.as_at
    if ask.last < today:
        return
    days = Counter[date]()
    for one in standings:
        if one.ready:
            days[max(one.ready, today)] += one.number
    yield from _cumulative(days, admitted) if days else [(today, admitted)]


def worst_first(children: list[Child], settled: bool) -> list[Child]:
    """Who will be shortest comes first; of these whoever still has a source; then whoever has least of the target."""

    def badness(child: Child) -> tuple:
        short = child.short(settled) or 0
        share = child.admitted / child.target if child.target else 2
        name = child.position.sort_key if child.position else "~"
        return -short, not child.possible.total(), -(child.target or 0) if short else share, name

    return sorted(children, key=badness)


def act_before(child: Child, last: date, today: date) -> date | None:
    """The last day on which waiting costs nobody their ceremony: today, put off by what the slowest has to spare."""
    if child.latest is None:
        return None
    return today + (last - max(child.latest, today))


@dataclass(frozen=True, slots=True)
class Call:
    """Whom to call about a child."""

    child: Child
    person: Person
    phone: str


def calls(children: list[Child], settled: bool, number: int = 5) -> list[Call]:
    """For each child that will be short its secretary, else another officer, with a telephone; worst first."""
    short = [one for one in children if one.position and one.short(settled)]
    units = {one.position.organisation_id: one for one in short if one.position}
    if not units:
        return []
    held = _officers(clock.today(), units=list(units))
    found: dict[int, Appointment] = {}
    for row in sorted(held, key=lambda row: OFFICERS.index(Role(row.role))):
        found.setdefault(row.organisation_id or 0, row)
    listed = [
        Call(child, row.person, row.person.phone or row.organisation.phone)
        for unit, child in units.items()
        if (row := found.get(unit)) and row.organisation
    ]
    return listed[:number]


@prepared
def _officers(day: date, *, units: list[int]) -> QuerySet:
    held = Appointment.objects.in_force(day).filter(organisation__in=units, role__in=OFFICERS)
    shown = "role", "organisation__phone", "person__full_name", "person__phone"
    return held.select_related("person", "organisation").only(*shown).order_by("pk")


def reasons(late: list[Standing]) -> list[tuple[str, int, date | None]]:
    """Why people cannot be in time: code (or `stopped`), how many, the earliest day of the first; most first."""
    numbers: Counter[str] = Counter()
    earliest: dict[str, list[date]] = defaultdict(list)
    for one in late:
        code = "stopped" if one.state in STOPPED else one.waits_for
        numbers[code] += one.number
        if one.earliest and code != "stopped":
            earliest[code].append(one.earliest)
    return [(code, number, min(earliest[code], default=None)) for code, number in numbers.most_common()]


# A new nomination -----------------------------------------------------------------------------------------------------


def nominations_until(place: list[Position], last: date, today: date) -> date | None:
    """The last day on which somebody nominated then could still be admitted by `last`, if all goes well; None: passed.

    Classes are those planned by the unit and the units above it.
    """
    if last < today:
        return None
    planned = _planned(today, units=[row.organisation_id for row in place])
    return _until(today, last, tuple(sorted(planned, key=lambda days: days[1])), current())


@prepared
def _planned(today: date, *, units: list[int]) -> QuerySet:
    planned = AwarenessClass.objects.filter(unit__in=units, kind=CertificateKind.AWARENESS, begins_on__gte=today)
    return planned.values_list("begins_on", "ends_on")


@lru_cache(maxsize=1000)
def _until(today: date, last: date, classes: tuple[tuple[date, date], ...], book: RuleBook) -> date | None:
    low, high = -1, (last - today).days
    while low < high:
        middle = (low + high + 1) // 2
        if _reaches(today + timedelta(days=middle), last, classes, book):
            low = middle
        else:
            high = middle - 1
    return today + timedelta(days=low) if low >= 0 else None


def _reaches(day: date, last: date, classes: tuple[tuple[date, date], ...], book: RuleBook) -> bool:
    ends_on = next((end for begin, end in classes if begin >= day), None)
    facts = CandidateFacts(nominated_on=day, **{**NOTHING_YET, "next_class_ends_on": ends_on})
    ceremony = outlook(facts, day, book).earliest_ceremony_on
    return ceremony is not None and ceremony <= last


__all__ = [
    "Call",
    "Child",
    "Progress",
    "act_before",
    "calls",
    "nominations_until",
    "progress",
    "reasons",
    "worst_first",
]
