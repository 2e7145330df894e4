"""The chain around each admission: before the ceremony backwards, after it forwards, on days the rules allow."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from itertools import count

from recruitment.rulebook.calendar import add_months
from recruitment.rulebook.facts import known
from reports.demo.candidacies import Ballot, Candidacy, Paper, Ruling, Voucher
from reports.demo.chance import Chance
from reports.demo.days import EVE, back, forward
from reports.demo.history import History
from reports.demo.people import Human
from reports.demo.tree import Cell, Unit

YOUTH_AGE = 30
_TRIES = 60
LAST_RULING = date(2024, 10, 18)  # so that everything is entered by the eve


class Chains:
    """Writes chains; knows the classes and who could vouch and vote when."""

    def __init__(self, rng: Chance, history: History, courses: list[tuple[date, date]], units: Iterable[Unit]):
        self.rng, self.history, self.courses = rng, history, courses
        self.unit_of = {cell.code: unit for unit in units for cell in unit.cells}

    def admission(self, one: Candidacy) -> None:
        """Everything from the nomination, which is not older than the cell, to the ceremony of `one.ceremony_on`."""
        for _try in range(_TRIES):
            one.vouchers, one.ballots, one.rulings = [], [], []
            self._to_ceremony(one)
            if one.nominated_on >= one.cell.first:
                return
        raise ValueError(f"nobody can be admitted by {one.cell.code} on {one.ceremony_on}")

    def _to_ceremony(self, one: Candidacy) -> None:
        rng, ceremony_on = self.rng, known(one.ceremony_on)
        received_on = back(ceremony_on, rng.randint(3, 20))
        decided_on = back(received_on, rng.randint(1, 5))
        before = decided_on
        committee_on = None
        if one.unit.is_committee:
            before = committee_on = back(decided_on, rng.randint(7, 20))
        considered_on = back(before, rng.randint(5, 16))
        self.preparation(one, considered_on, ceremony_on)
        self.consider(one, considered_on)
        if committee_on:
            self.propose(one, committee_on)
        one.rulings.append(Ruling("admission", decided_on, received_on))

    def preparation(self, one: Candidacy, considered_on: date, until: date) -> None:
        """Nomination, class, helper, introducers and papers, ready for the cell on `considered_on`."""
        comments_on = back(considered_on, self.rng.randint(4, 12))
        application_on = self.dossier(one, comments_on)
        self.introduce(one, application_on, until, youth_on=considered_on)
        self.help(one, back(application_on, self.rng.randint(50, 260)), until)
        self.learn(one, before=known(one.helper_from))
        self.nominate(one, before=self.courses[one.course or 0][0])

    def dossier(self, one: Candidacy, comments_on: date) -> date:
        """The four papers of everybody and the comments of the residence; returns the day of the application."""
        rng = self.rng
        verified_on = back(comments_on, rng.randint(8, 50))
        written_on = back(verified_on, rng.randint(10, 45))
        applied_on = back(written_on, rng.randint(2, 14))
        asked_of = "Đảng ủy nơi cư trú và nơi công tác của gia đình"
        one.papers = [
            Paper("application", applied_on),
            Paper("cv", written_on),
            Paper("verification", verified_on, asked_on=written_on, asked_of=asked_of),
            Paper("residence_comments", back(comments_on, rng.randint(1, 6))),
            Paper("comments", comments_on),
        ]
        return applied_on

    def introduce(
        self, one: Candidacy, application_on: date, until: date, youth_on: date, together: date | None = None
    ) -> None:
        """Two official members, or the Youth Union and one, assigned before the application; with their letters."""
        assigned_on = back(application_on, self.rng.randint(3, 15))
        young = youth_on < add_months(one.human.born, 12 * (YOUTH_AGE + 1))
        written_on = back(youth_on, self.rng.randint(12, 35)) if one.papers else None
        if young:
            one.vouchers.append(Voucher("youth_union", None, assigned_on))
        for human in self.members(one.cell, assigned_on, until, 1 if young else 2):
            since = together or self._together(one, human, assigned_on)
            one.vouchers.append(Voucher("member", human, assigned_on, since))
        if written_on is None:
            return
        written_on = max(written_on, assigned_on)
        if young:
            one.papers.append(Paper("youth_resolution", written_on))
        one.papers.append(Paper("introduction", written_on))

    def _together(self, one: Candidacy, human: Human, assigned_on: date) -> date:
        """Since when they work, learn or live together: at least a year and a half, for pupils since they came."""
        if one.student:
            year = assigned_on.year - (1 if assigned_on.month >= 9 else 2)
            return date(year, 9, 5)
        grown = add_months(one.human.born, 12 * 18)
        earliest = max(grown, assigned_on - timedelta(days=3200))
        latest = assigned_on - timedelta(days=500)
        if earliest >= latest:
            return latest
        return earliest + timedelta(days=self.rng.randrange((latest - earliest).days))

    def members(self, cell: Cell, first: date, last: date, number: int) -> list[Human]:
        """Official members of the cell from `first` to `last`."""
        ready = self.history.there(cell.code, first, last)
        if len(ready) < number:  # members who came later vouch in a cell that was founded or rebuilt meanwhile
            ready = [one for one in self.history.there(cell.code, last, last) if one.is_official(first)]
        if len(ready) < number:
            raise ValueError(f"{cell.code} has nobody to vouch from {first} to {last}")
        return self.rng.sample(ready, number)

    def help(self, one: Candidacy, helper_from: date, until: date) -> None:
        """An official member helps."""
        ready = self.history.there(one.cell.code, helper_from, until) or self.members(one.cell, until, until, 1)
        one.helper, one.helper_from = self.rng.choice(ready), helper_from

    def learn(self, one: Candidacy, before: date, older: int | None = None) -> None:
        """A seat in an awareness class that ended before, mostly not long before, and its certificate."""
        ended = [number for number, (_first, last) in enumerate(self.courses) if last < before]
        if older is None:
            older = self.rng.choices((0, 1, 2, 4, 7), (58, 24, 10, 6, 2))[0]
        self.sit(one, ended[max(0, len(ended) - 1 - older)])
        one.certificate_on = self.courses[one.course or 0][1]

    def sit(self, one: Candidacy, course: int) -> None:
        """A seat in that class."""
        one.course = course
        one.enrolled_on = back(self.courses[course][0], self.rng.randint(3, 20))

    def nominate(self, one: Candidacy, before: date) -> None:
        """Nominated and taken up before that day."""
        one.taken_up_on = back(one.enrolled_on or before, self.rng.randint(5, 90))
        one.nominated_on = back(one.taken_up_on, self.rng.randint(4, 50))
        one.source = self.source(one)

    def source(self, one: Candidacy) -> str:
        """Who brought the person forward."""
        young = one.nominated_on < add_months(one.human.born, 12 * YOUTH_AGE)
        if young and self.rng.random() < 0.72:
            return "youth_union"
        if one.unit.row.sector not in ("ward", "commune", "armed_forces"):
            return "trade_union" if self.rng.random() < 0.6 else "cell"
        if one.unit.row.sector != "armed_forces" and self.rng.random() < 0.3:
            return "other_body"
        return "cell"

    def consider(self, one: Candidacy, day: date) -> None:
        """The cell votes."""
        one.ballots.append(self._ballot("cell_meeting", one.cell.code, day, self.history.officials(one.cell.code, day)))

    def propose(self, one: Candidacy, day: date) -> None:
        """The grassroots committee votes."""
        one.ballots.append(self._ballot("committee_meeting", one.unit.code, day, one.unit.committee_members))

    def _ballot(self, stage: str, organisation: str, day: date, entitled: int) -> Ballot:
        rng = self.rng
        needed = -(-entitled * 2 // 3)
        present = max(needed, entitled - rng.choices((0, 1, 2, 3), (50, 28, 15, 7))[0])
        valid = present - (rng.random() < 0.04 and present > needed)
        against = min(valid - needed, rng.choices((0, 1, 2), (88, 10, 2))[0])
        return Ballot(stage, organisation, day, entitled, present, valid, valid - against, against)

    def recognition(self, one: Candidacy) -> None:
        """After the ceremony: the class of new members, and recognition or what ended the probation before."""
        rng, ceremony_on = self.rng, known(one.ceremony_on)
        ends_on = add_months(ceremony_on, 12)
        class_on = back(ends_on, rng.randint(30, 200))
        if class_on < min(one.ends_on or date.max, EVE - timedelta(days=20)) and class_on > ceremony_on:
            one.new_member_on = class_on
        if one.ends_as == "removed":
            one.rulings.append(Ruling("removal", known(one.ends_on)))
        if one.official_on is None:
            return
        cell = one.human.cell_on(ends_on) or one.cell.code
        unit = self.unit_of[cell]
        late = ends_on > date(2024, 8, 1)
        met_on = forward(ends_on, rng.randint(0, 5) if late else rng.randint(1, 25))
        day = met_on
        one.ballots.append(self._ballot("recognition_meeting", cell, met_on, self.history.officials(cell, met_on)))
        if unit.is_committee or one.unit.is_committee:
            day = forward(met_on, rng.randint(2, 4) if late else rng.randint(3, 10))
            body = unit if unit.is_committee else one.unit
            one.ballots.append(self._ballot("recognition_committee", body.code, day, body.committee_members))
        day = forward(day, rng.randint(2, 5) if late else rng.randint(4, 14))
        if day > LAST_RULING:
            raise ValueError(f"recognition of {one.human.number} would be on {day}")
        one.rulings.append(Ruling("recognition", day, forward(day, rng.randint(1, 5))))


def number_rulings(found: Iterable[Candidacy]) -> None:
    """The town's decisions are numbered through each year, in the order of their days."""
    rulings = sorted(
        ((ruling.on, one.human.number, ruling.kind, ruling) for one in found for ruling in one.rulings),
        key=lambda item: item[:3],
    )
    numbers: dict[int, count[int]] = {}
    for day, _number, _kind, ruling in rulings:
        ruling.number = f"{next(numbers.setdefault(day.year, count(101)))}-QĐ/ThU"
