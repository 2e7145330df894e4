"""Further towns: the same history under other names and keys, all of it some days earlier within a week."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from recruitment.rulebook.calendar import add_months
from reports.demo.candidacies import Candidacy
from reports.demo.chance import Chance
from reports.demo.days import TERM_FIRST
from reports.demo.people import Human, Office
from reports.demo.plan import SEED, Town
from reports.demo.tree import TOWN

_STAYS = TERM_FIRST + timedelta(days=7)  # what happened until then is not moved before the term


def copied(town: Town, number: int) -> Town:
    """The town with this number, from 2 on."""
    return _Copy(
        deepcopy(town), f"T{number}", timedelta(days=(number - 2) % 6 + 1), Chance(SEED + 7919 * number)
    ).made()


class _Copy:
    def __init__(self, town: Town, code: str, earlier: timedelta, rng: Chance):
        self.town, self.prefix, self.earlier, self.rng = town, code, earlier, rng

    def made(self) -> Town:
        """The copy, changed in place."""
        town = self.town
        town.code, town.name = self.prefix, f"Thị xã thực hành {self.prefix[1:]}"
        self._rename_units()
        self._rename_people()
        self._move()
        return town

    def code(self, code: str) -> str:
        """QY, QY01 and QY01-03 are T2, T201 and T201-03; workplaces carry the town's code in front."""
        if not code:
            return code
        return self.prefix + code[len(TOWN) :] if code.startswith(TOWN) else f"{self.prefix}-{code}"

    def day(self, day: date) -> date:
        """Some days earlier; the first week of the term stays where it is."""
        return day - self.earlier if day > _STAYS else day

    def _rename_units(self) -> None:
        town = self.town
        for unit in town.units:
            unit.row = replace(unit.row, code=self.code(unit.row.code), name=f"{unit.row.name} {self.prefix}")
            unit.first = self.day(unit.first) if unit.first > TERM_FIRST else unit.first
            for cell in unit.cells:
                cell.code, cell.unit, cell.into = self.code(cell.code), self.code(cell.unit), self.code(cell.into)
                cell.first = self.day(cell.first) if cell.first > TERM_FIRST else cell.first
                cell.to = self.day(cell.to) if cell.to else None
        for place in town.places:
            place.code, place.locality = self.code(place.code), self.code(place.locality)
            place.covered = [
                (self.code(unit), self.day(since) if since > TERM_FIRST else since) for unit, since in place.covered
            ]
        for plan in town.targets:
            plan.numbers = [(self.code(unit), group, number) for unit, group, number in plan.numbers]

    def _rename_people(self) -> None:
        office = Office(self.rng)
        for human in self.town.people:
            human.name = office.name(human.sex, human.born.year)
            human.identity = f"{human.identity[:9]}{int(self.prefix[1:]):03}"
            human.card_number = human.card_number and f"{human.card_number[:-3]}{int(self.prefix[1:]):03}"
            human.workplace = self.code(human.workplace) if human.workplace else None
            for stay in human.stays:
                stay.cell, stay.first = self.code(stay.cell), self.day(stay.first)
                stay.to = self.day(stay.to) if stay.to else None
            human.ended_on = self.day(human.ended_on) if human.ended_on else None

    def _move(self) -> None:
        town = self.town
        town.history.of_cell.clear()
        town.courses = [(first - self.earlier, last - self.earlier) for first, last in town.courses]
        for event in town.history.happenings:
            event.day, event.start, event.to = self.day(event.day), self.code(event.start), self.code(event.to)
        for post in town.posts:
            post.unit, post.first = self.code(post.unit), self.day(post.first)
            post.to = self.day(post.to) if post.to else None
        for one in town.candidacies:
            self._move_candidacy(one)

    def _move_candidacy(self, one: Candidacy) -> None:
        for ballot in one.ballots:
            ballot.organisation = self.code(ballot.organisation)
        if one.ceremony_on and one.ceremony_on <= _STAYS:
            return
        parts: list[Any] = [one, *one.vouchers, *one.papers, *one.ballots, *one.rulings, *one.remarks]
        for part in parts:
            for name in part.__slots__:
                value = getattr(part, name)
                if isinstance(value, date):
                    setattr(part, name, value - self.earlier)
        if one.waiver:
            one.waiver = replace(one.waiver, granted_on=one.waiver.granted_on - self.earlier)
        if one.official_on and one.ceremony_on:
            one.official_on = add_months(one.ceremony_on, 12)
        self._of_candidate(one.human, one)

    def _of_candidate(self, human: Human, one: Candidacy) -> None:
        """The member's own days follow the candidacy's."""
        if one.ceremony_on:
            human.admitted_on, human.official_on = one.ceremony_on, one.official_on
