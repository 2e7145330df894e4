"""When the office entered what: never before it happened, mostly within days, some late, some wrong at first."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from membership.models import Status
from recruitment.rulebook.facts import known
from reports.demo.candidacies import Candidacy
from reports.demo.chance import Chance
from reports.demo.days import TERM_FIRST, entry_days, forward
from reports.demo.history import Happening
from reports.demo.plan import Post, Town

Work = dict[str, list[Any]]  # kind of step -> what it is about
SOON = 20  # days
_LATE = 0.03
_LATE_ON_THE_WAY = 0.003  # of each step of a candidacy: what comes later waits for it
_FIRST_WEEKS = 24  # days in which the office entered what was under way when the term began
_CORRECTED = {"ceremony": 7, "death": 5, "source": 8}


class Ledger:
    """`days` holds the work of each entry day; what is about one person is entered in its order."""

    def __init__(self, town: Town, rng: Chance, eve: date):
        self.town, self.rng, self.entry_days = town, rng, entry_days(eve)
        self.days: dict[date, Work] = defaultdict(lambda: defaultdict(list))
        self.floor: dict[int, date] = {}  # person -> entry day of what was entered last about them
        self.classes: dict[int, date] = {}
        self.units: dict[str, date] = {}
        self._enter_units()
        self._enter_classes()
        self._enter_arrivals()
        self._enter_candidacies()
        self._enter_memberships()
        self._enter_targets()
        self.posts: dict[date, list[Post]] = defaultdict(list)
        for post in town.posts:
            if post.first > TERM_FIRST:
                self.posts[self._after(post)].append(post)

    def posts_of(self, day: date) -> list[Post]:
        """Appointments entered on that day."""
        return self.posts.get(day, [])

    def _after(self, post: Post) -> date:
        """The first day with other work, when the holder is in the register."""
        floor = max(post.first, self.floor.get(post.human.number, TERM_FIRST), self.units.get(post.unit, TERM_FIRST))
        return next(day for day in sorted(self.days) if day >= floor)

    def entered(self, happened: date, floor: date = TERM_FIRST, late_share: float = _LATE) -> date:
        """The entry day of something that happened on a day, not before `floor`."""
        late = self.rng.random() < late_share
        lag = self.rng.randint(SOON + 1, 150) if late else int(self.rng.triangular(0, 13, 2))
        day = self._at(max(happened + timedelta(days=lag), floor))
        if not late and (day - happened).days > SOON:
            day = self._at(max(happened, floor))
        return day

    def _at(self, day: date) -> date:
        """The first entry day from `day` on; the last one of all if there is none."""
        return self.entry_days[min(bisect_left(self.entry_days, day), len(self.entry_days) - 1)]

    def _put(self, day: date, kind: str, what: Any) -> None:
        self.days[day][kind].append(what)

    def _enter_units(self) -> None:
        for unit in self.town.units:
            for cell in unit.cells:
                if cell.first > TERM_FIRST:
                    self.units[cell.code] = day = self._at(cell.first + timedelta(days=3))
                    self._put(day, "found", cell)
                if cell.to:
                    self.units[cell.code] = day = self._at(cell.to + timedelta(days=3))
                    self._put(day, "dissolve", cell)

    def _enter_classes(self) -> None:
        for number, (first, _last) in enumerate(self.town.courses):
            self.classes[number] = day = self._at(max(first - timedelta(days=35), TERM_FIRST + timedelta(days=1)))
            if first <= self.entry_days[-1] or number == len(self.town.courses) - 1 or first.year == 2024:
                self._put(day, "plan_class", number)

    def _enter_arrivals(self) -> None:
        for one in self.town.history.happenings:
            if one.kind == "arrived":
                floor = self.units[one.to] if self._is_news(one.to, one.day) else TERM_FIRST
                self.floor[one.human.number] = day = self.entered(one.day, floor)
                self._put(day, one.kind, one)

    def _enter_candidacies(self) -> None:
        plain = [one for one in self.town.admitted if _in_mid_term(one)]
        wrong = {one.human.number for one in self.rng.sample(plain, _CORRECTED["ceremony"])}
        for one in self.town.candidacies:
            if one.ceremony_on and one.ceremony_on < date(2021, 1, 1):
                self._enter_past(one)
            else:
                self._enter_in_order(one, wrong)
        for one in self.rng.sample([one for one in self.town.open if one.group == "nominated"], _CORRECTED["source"]):
            day = self._at(self.floor[one.human.number] + timedelta(days=1))
            self._put(day, "correct_source", one)
        for one in self.town.open:
            if one.booked_on:
                self._put(self.floor[one.human.number], "book", one)

    def _enter_past(self, one: Candidacy) -> None:
        """A candidacy of 2020: its history at once after the ceremony, then what follows."""
        ceremony_on = known(one.ceremony_on)
        day = max([self.entered(ceremony_on), *(self._known_since(what) for _day, _kind, what in _steps(one))])
        for happened, kind, what in _steps(one):
            if happened <= ceremony_on:
                self._put(day, kind, what)
            else:
                day = self.entered(happened, day)
                self._put(day, kind, what)
        self.floor[one.human.number] = day

    def _enter_in_order(self, one: Candidacy, wrong: set[int]) -> None:
        day = TERM_FIRST
        if one.nominated_on < TERM_FIRST:
            day = self._at(TERM_FIRST + timedelta(days=self.rng.randint(2, _FIRST_WEEKS)))
        for happened, kind, what in _steps(one):
            if kind == "enrol":
                day = max(day, self.classes[what.course])
            if kind in ("help", "vouch"):
                day = max(day, self._known_since(what))
            if kind == "hold_ceremony":
                day = self._enter_ceremony(one, day, one.human.number in wrong)
                continue
            day = self._at(day) if happened < TERM_FIRST else self.entered(happened, day, _LATE_ON_THE_WAY)
            self._put(day, kind, what)
        self.floor[one.human.number] = day

    def _known_since(self, what: Any) -> date:
        """From which day the helper or introducer of a step is in the register."""
        member = what.helper if isinstance(what, Candidacy) else getattr(what[1], "human", None)
        return self.floor.get(member.number, TERM_FIRST) if member else TERM_FIRST

    def _enter_ceremony(self, one: Candidacy, day: date, wrong: bool) -> date:
        held_on = known(one.ceremony_on)
        shown = forward(held_on, self.rng.randint(1, 4)) if wrong else held_on
        day = self.entered(shown, day)
        self._put(day, "hold_ceremony", (one, shown))
        if wrong:
            day = self._at(day + timedelta(days=self.rng.randint(20, 60)))
            self._put(day, "correct_ceremony", one)
        return day

    def _enter_memberships(self) -> None:
        ends_wrong = self._deaths_entered_wrong()
        removed = {one.human.number for one in self.town.admitted if one.ends_as == "removed"}
        for human in self.town.history.opening:
            official_on = human.official_on
            if official_on and official_on > TERM_FIRST and not (human.ended_on and human.ended_on <= official_on):
                self.floor[human.number] = day = self.entered(official_on)
                self._put(day, "official", human)
        for one in self.town.history.happenings:
            if one.kind == "arrived" or one.human.number in removed:
                continue  # entered already; whose name was removed on probation, by the decision
            self.floor[one.human.number] = self._enter_happening(one, one.human.number in ends_wrong)

    def _enter_happening(self, one: Happening, wrong: bool) -> date:
        floor = self.floor.get(one.human.number, TERM_FIRST)
        floor = max([floor, *(self.units[code] for code in (one.start, one.to) if self._is_news(code, one.day))])
        if one.kind == "died" and wrong:
            return self._enter_death(one, floor)
        gone = one.start in self.units and one.day == self._gone_on(one.start)
        day = self.units[one.start] if gone else self.entered(one.day, floor)  # a dissolved cell's with the cell
        self._put(day, one.kind, one)
        return day

    def _is_news(self, code: str, day: date) -> bool:
        """Whether the unit was founded during the term, and is entered later than that day."""
        return code in self.units and self._gone_on(code) is None and self.units[code] > day

    def _gone_on(self, code: str) -> date | None:
        return next((cell.to for unit in self.town.units for cell in unit.cells if cell.code == code), None)

    def _deaths_entered_wrong(self) -> set[int]:
        last = self.entry_days[-1] - timedelta(days=120)
        dead = [
            one.human
            for one in self.town.history.happenings
            if one.kind == "died" and one.day < last and 650 <= one.human.number < 5000
        ]
        return {human.number for human in self.rng.sample(dead, min(len(dead), _CORRECTED["death"]))}

    def _enter_death(self, one: Happening, floor: date) -> date:
        shown = one.day + timedelta(days=self.rng.randint(2, 6))
        day = self.entered(shown, floor)
        self._put(day, "died", Happening("died", one.human, shown, one.start))
        day = self._at(day + timedelta(days=self.rng.randint(15, 60)))
        self._put(day, "correct_death", one)
        return day

    def _enter_targets(self) -> None:
        for one in self.town.targets:
            self._put(self._at(one.decided_on + timedelta(days=4)), "target", one)


def _in_mid_term(one: Candidacy) -> bool:
    """Admitted neither at the beginning nor lately, and still in the cell: a wrong day is easily mended."""
    admitted_on = one.ceremony_on or date.min
    return date(2021, 2, 1) < admitted_on < date(2024, 6, 1) and not one.human.bound and len(one.human.stays) == 1


def _steps(one: Candidacy) -> Iterator[tuple[date, str, Any]]:
    """Everything recorded about a candidacy, by the day it happened."""
    return iter(sorted(_unordered(one), key=lambda item: item[0]))


def _unordered(one: Candidacy) -> Iterator[tuple[date, str, Any]]:
    days = {
        "nominate": one.nominated_on,
        "take_up": one.taken_up_on,
        "enrol": one.enrolled_on if one.course is not None else None,
        "certify": one.certificate_on and max(one.certificate_on, one.nominated_on),
        "help": one.helper_from,
        "waive": one.waiver and one.waiver.granted_on,
        "certify_member": one.new_member_on,
    }
    yield from ((day, kind, one) for kind, day in days.items() if day)
    yield from ((voucher.assigned_on, "vouch", (one, voucher)) for voucher in one.vouchers)
    yield from ((known(paper.dated_on or paper.asked_on), "paper", (one, paper)) for paper in one.papers)
    yield from ((ballot.on, "vote", (one, ballot)) for ballot in one.ballots)
    yield from ((ruling.received_on or ruling.on, "rule", (one, ruling)) for ruling in one.rulings)
    if one.ceremony_on:
        yield one.ceremony_on, "hold_ceremony", (one, one.ceremony_on)
    yield from ((remark.on, "remark", (one, remark)) for remark in one.remarks)


ENDS = {"died": Status.DIED, "removed": Status.REMOVED, "expelled": Status.EXPELLED, "resigned": Status.RESIGNED}
