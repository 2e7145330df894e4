"""The whole town as planned, the same for the same seed: people, units, candidacies, officers, targets."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from itertools import count

from reports.demo import admissions, days, history, judge, quotas, sheets, tree
from reports.demo.candidacies import Candidacy
from reports.demo.chains import Chains, number_rulings
from reports.demo.chance import Chance
from reports.demo.days import EVE, PRACTICE_DAY, TERM_FIRST, TERM_LAST, class_days
from reports.demo.people import Human, Office
from reports.demo.pipeline import Pipeline
from reports.demo.tree import Place, Unit

SEED = 20241040
_TRIES = 200
CELL_COMMITTEE_FROM = 9  # official members
STAFF = (
    "official",
    "clerk",
    "deputy",
    "committee_member",
    "committee_member",
)  # the first is the committee's secretary
FIRST_CHAINS = 2017
TERM_TARGET = 850
DIRECTIVE = (
    "05-HD/TU",
    "Hướng dẫn công tác kết nạp đảng viên là học sinh, sinh viên và công nhân doanh nghiệp",
    date(2024, 3, 7),
)
SCHOOL_YEAR = ("2024-2025", "school_year", date(2024, 9, 1), date(2025, 8, 31))
OF_STUDENTS = {"QY36": 16, "QY37": 7, "QY38": 5, "QY39": 5, "QY40": 3, "QY41": 1, "QY42": 1, "QY43": 2}
OF_WORKERS = {"QY44": 8, "QY45": 2, "QY46": 2}


@dataclass(slots=True, eq=False)
class Post:
    """Somebody holds a role over a unit (code) from a day, before another."""

    human: Human
    unit: str
    role: str
    first: date
    to: date | None = None


@dataclass(slots=True, eq=False)
class Targets:
    """A plan of the town: its period, and the number of each unit for a group; the town's own under its code."""

    period: str
    kind: str
    first: date
    last: date
    title: str
    decided_on: date
    numbers: list[tuple[str, str, int]] = field(default_factory=list)  # unit, group, number
    directive: bool = False


@dataclass(slots=True, eq=False)
class Town:
    """Everything there is to play."""

    code: str
    name: str
    units: list[Unit]
    places: list[Place]
    history: history.History
    people: list[Human]
    admitted: list[Candidacy]
    open: list[Candidacy]
    given_up: list[Candidacy]
    courses: list[tuple[date, date]]
    quiet: set[str]
    posts: list[Post] = field(default_factory=list)
    targets: list[Targets] = field(default_factory=list)

    @property
    def candidacies(self) -> list[Candidacy]:
        """All of them."""
        return [*self.admitted, *self.open, *self.given_up]


class NoTown(Exception):
    """What was drawn does not fit the sheets or the rules."""


def plan_town(seed: int = SEED) -> Town:
    """The town of the sheets, lawful through the rulebook; the first draw that fits, so always the same for a seed."""
    for attempt in range(_TRIES):
        try:
            return _draw(Chance(seed + attempt))
        except (ValueError, NoTown):  # a cell too small for what was drawn, or nobody to vouch: draw again
            continue
    raise NoTown(f"no draw of {_TRIES} fits the sheets")


def _draw(rng: Chance) -> Town:
    units = tree.grow(rng)
    places = tree.workplaces(rng, units)
    office, quota = Office(rng), quotas.admissions(rng, units)
    admitted = admissions.admit(rng, units, quota, places, office)
    admissions.go_home(rng, admitted, units, quota)
    quotas.flows(rng, units, quota, admissions.settled(admitted))
    lived = history.live(rng, units, quota, admitted, office)
    courses = class_days()
    chains = Chains(rng, lived, courses, units)
    for one in admitted:
        chains.admission(one)
        chains.recognition(one)
    pipeline = Pipeline(rng, units, quota.quiet, chains, places, office)
    town = Town(
        code=tree.TOWN,
        name="Thị xã Quảng Yên",
        units=units,
        places=places,
        history=lived,
        people=office.people,
        admitted=admitted,
        open=pipeline.fill(),
        given_up=pipeline.given_up(),
        courses=courses,
        quiet=quota.quiet,
    )
    number_rulings(town.candidacies)
    _hire(rng, town)
    town.posts = list(_posts(rng, town))
    town.targets = list(_targets(town))
    _phone(town)
    _check(town)
    return town


def _hire(rng: Chance, town: Town) -> None:
    """Working residents are with firms of the town; in a few firms without a party organisation there are several."""
    firms = [place.code for place in town.places if place.code.startswith("W")]
    residents = {cell.code for unit in town.units for cell in unit.cells if cell.residents}
    admitted = {one.human.number for one in town.admitted}
    workers = [
        one
        for one in town.people
        if one.number not in admitted
        and one.workplace is None
        and one.occupation in ("worker", "manager")
        and one.cell_on(EVE) in residents
    ]
    rng.shuffle(workers)
    known = [firm for firm, number in zip(firms, (5, 4, 3, 3), strict=False) for _one in range(number)]
    known += [firm for firm in firms[4:] for _one in range(2)]
    for human, firm in zip(workers, known, strict=False):
        human.workplace = firm


def _posts(rng: Chance, town: Town) -> list[Post]:
    """A secretary of each cell, a deputy where nine or more are official, staff of each committee."""
    found: list[Post] = []
    busy: set[int] = set()
    for unit in town.units:
        for cell in unit.cells:
            last = min(EVE, (cell.to or PRACTICE_DAY) - days.timedelta(days=1))
            ready = [one for one in town.history.there(cell.code, last, last) if one.number not in busy]
            ready.sort(
                key=lambda one: (
                    _since(one, cell.code) > TERM_FIRST,
                    not 28 < last.year - one.born.year < 72,
                    rng.random(),
                )
            )
            roles = ["secretary"]
            if len(ready) >= CELL_COMMITTEE_FROM:
                roles.append("deputy")
            for role, human in zip(roles, ready, strict=False):
                busy.add(human.number)
                found.append(Post(human, cell.code, role, max(_since(human, cell.code), cell.first), cell.to))
        if unit.is_committee:
            ready = [
                one
                for cell in unit.cells[:3]
                for one in town.history.there(cell.code, EVE, EVE)
                if one.number not in busy
            ]
            ready = [one for one in ready if 26 < 2024 - one.born.year < 60] or ready
            for role, human in zip(STAFF, ready, strict=False):
                busy.add(human.number)
                found.append(
                    Post(
                        human, unit.code, role, max(TERM_FIRST, human.official_on or TERM_FIRST, human.stays[-1].first)
                    )
                )
    return found


def _since(human: Human, cell: str) -> date:
    stay = next(one for one in human.stays if one.cell == cell)
    return max(stay.first, human.official_on or stay.first, TERM_FIRST)


def _targets(town: Town) -> list[Targets]:
    """The term's, four calendar years', and the directive's of 7 March 2024."""
    opening = members_of(town, TERM_FIRST)
    term = Targets("2020-2025", "term", TERM_FIRST, TERM_LAST, "Chỉ tiêu nhiệm kỳ 2020-2025", date(2020, 8, 14))
    term.numbers = _handed_down(town.code, TERM_TARGET, opening)
    found = [term]
    for year in (2021, 2022, 2023, 2024):
        before = members_of(town, date(year - 1, 12, 31))
        total = (sum(before.values()) * 3 + 50) // 100  # 3 %, rounded half up
        one = Targets(
            str(year),
            "year",
            date(year, 1, 1),
            date(year, 12, 31),
            f"Chỉ tiêu năm {year}",
            days.forward(date(year, 1, 8), 0),
        )
        one.numbers = _handed_down(town.code, total, before)
        found.append(one)
    groups = Targets(*SCHOOL_YEAR, "Chỉ tiêu kết nạp học sinh, sinh viên và công nhân", DIRECTIVE[2], directive=True)
    for group, shares in (("students", OF_STUDENTS), ("non_state_workers", OF_WORKERS)):
        groups.numbers.append((town.code, group, sum(shares.values())))
        groups.numbers += [(unit, group, number) for unit, number in shares.items()]
    return [*found, groups]


def members_of(town: Town, day: date) -> dict[str, int]:
    """Members of each grassroots organisation on that day, also where there are none."""
    unit_of = {cell.code: unit.code for unit in town.units for cell in unit.cells}
    found = {unit.code: 0 for unit in town.units}
    for human in town.people:
        if cell := human.cell_on(day):
            found[unit_of[cell]] += 1
    return found


def _handed_down(town: str, total: int, weights: dict[str, int]) -> list[tuple[str, str, int]]:
    """The town's number and a share for each unit, by largest remainder."""
    whole = sum(weights.values())
    shares = {unit: total * weight // whole for unit, weight in weights.items()}
    by_rest = sorted(weights, key=lambda unit: (-(total * weights[unit] % whole), unit))
    for unit in by_rest[: total - sum(shares.values())]:
        shares[unit] += 1
    return [(town, "", total), *((unit, "", number) for unit, number in shares.items())]


def _phone(town: Town) -> None:
    """Officers can be called; the numbers belong to nobody."""
    numbers = count()
    for post in town.posts:
        if not post.human.phone:
            post.human.phone = f"0900 000 {next(numbers) % 1000:03}"


def _check(town: Town) -> None:
    """The draw is the town of the sheets, and lawful; else NoTown."""
    wrong = [sentence for one in town.candidacies for sentence in judge.unlawful(one, town.courses)]
    by_cell: dict[str, int] = defaultdict(int)
    for human in town.people:
        by_cell[human.cell_on(PRACTICE_DAY) or ""] += 1
    wrong += [
        f"{cell.code} has {by_cell[cell.code]} members, not {cell.closing}"
        for unit in town.units
        for cell in unit.cells
        if by_cell[cell.code] != cell.closing
    ]
    for span, row in zip(sheets.SPANS, sheets.flows(), strict=True):
        if (have := sum(members_of(town, span.last).values())) != row.closing:
            wrong.append(f"{have} members on {span.last}, not {row.closing}")
    wrong += [f"{one.cell.code} did not stand yet" for one in town.candidacies if one.nominated_on < one.cell.first]
    if (first := min(one.nominated_on for one in town.admitted)).year != FIRST_CHAINS:
        wrong.append(f"the first chain starts on {first}")
    reached = [judge.ahead(one, town.courses, PRACTICE_DAY) for one in town.open]
    for one, seen in zip(town.open, reached, strict=True):
        in_time = seen.earliest_ceremony_on is not None and seen.earliest_ceremony_on.year == PRACTICE_DAY.year
        if in_time != (one.group in ("decided", "considered", "lawful")):
            wrong.append(f"{one.human.number} ({one.group}) could be admitted on {seen.earliest_ceremony_on}")
    if wrong:
        raise NoTown("\n".join(wrong))
