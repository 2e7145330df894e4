"""Memberships of the term, day by day: who came, went, moved and died. No cell falls under three official members."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, timedelta

from recruitment.rulebook.calendar import add_months
from recruitment.rulebook.facts import known
from reports.demo import sheets
from reports.demo.admissions import workplace_of
from reports.demo.candidacies import Candidacy
from reports.demo.chance import Chance
from reports.demo.days import TERM_FIRST, days_of, office_days
from reports.demo.people import OUTSIDE, Human, Office, Stay, joined
from reports.demo.quotas import PERIODS, Quotas
from reports.demo.tree import Cell, Unit

PROBATIONERS = 118  # on the term's first day
LEAST_OFFICIAL = 3
LAST_MOVE = date(2024, 10, 25)
_ENDS = {"removed": ("removed", "removed", "expelled", "resigned")}


@dataclass(slots=True, eq=False)
class Happening:
    """Something that happened to a membership; `kind`: arrived, moved, departed, died, removed, expelled, resigned."""

    kind: str
    human: Human
    day: date
    start: str = ""
    to: str = ""


@dataclass(slots=True)
class _Slot:
    day: date
    kind: str
    cell: str
    to: str = ""
    human: Human | None = None


@dataclass(slots=True, eq=False)
class History:
    """All happenings in their order, and who was ever in which cell."""

    opening: list[Human] = field(default_factory=list)
    happenings: list[Happening] = field(default_factory=list)
    of_cell: dict[str, list[Human]] = field(default_factory=lambda: defaultdict(list))

    def officials(self, cell: str, day: date) -> int:
        """Official members of the cell on that day, before the term those of its first day: the base of its votes."""
        there_on = max(day, TERM_FIRST)
        return sum(one.is_official(day) and one.cell_on(there_on) == cell for one in self.of_cell[cell])

    def there(self, cell: str, first: date, last: date) -> list[Human]:
        """Official members who were in the cell from `first` (at most from the term's first day) to `last`."""
        since, until = max(first, TERM_FIRST), max(last, TERM_FIRST)
        return [
            one
            for one in self.of_cell[cell]
            if one.is_official(first)
            and one.is_official(until)
            and any(_spans(stay, cell, since, until) for stay in one.stays)
        ]


def _spans(stay: Stay, cell: str, first: date, last: date) -> bool:
    return stay.cell == cell and stay.first <= first and (stay.to is None or last < stay.to)


def live(rng: Chance, units: list[Unit], quotas: Quotas, admitted: list[Candidacy], office: Office) -> History:
    """Play the term; afterwards every person has their stays, and every cell its members of the practice day."""
    return _Play(rng, units, office).run(quotas, admitted)


class _Play:
    def __init__(self, rng: Chance, units: list[Unit], office: Office):
        self.rng, self.office, self.history = rng, office, History()
        self.cells = {cell.code: cell for unit in units for cell in unit.cells}
        self.units = {unit.code: unit for unit in units}
        self.roster: dict[str, list[Human]] = defaultdict(list)

    def run(self, quotas: Quotas, admitted: list[Candidacy]) -> History:
        self._open()
        slots = [*self._drawn(quotas), *self._named(quotas, admitted)]
        order = {"admitted": 0, "arrived": 0, "dissolved": 1, "moved": 2}
        slots.sort(key=lambda slot: (slot.day, order.get(slot.kind, 3), slot.cell, slot.to, slot.kind))
        for slot in slots:
            getattr(self, f"_{slot.kind}")(slot)
        return self.history

    def _open(self) -> None:
        probationers = PROBATIONERS
        for cell in self.cells.values():
            for place in range(cell.opening):
                on_probation = place >= 5 and probationers > 0 and self.rng.random() < 0.035
                probationers -= on_probation
                human = self._member(cell, TERM_FIRST, on_probation)
                self._join(human, cell.code, TERM_FIRST)
                self.history.opening.append(human)

    def _member(self, cell: Cell, day: date, on_probation: bool = False) -> Human:
        age = (20.5, 36.0) if on_probation else None
        human = self.office.human(cell.sort, day, age)
        human.workplace = workplace_of(self.units[cell.unit], cell)
        if on_probation:
            admitted_on = self.rng.choice(office_days(date(2019, 8, 20), date(2020, 7, 17)))
            human.admitted_on, human.official_on = admitted_on, add_months(admitted_on, 12)
            human.awareness_on = admitted_on - timedelta(days=self.rng.randint(150, 500))
        else:
            joined(self.office, human, day)
        return human

    def _drawn(self, quotas: Quotas) -> list[_Slot]:
        """Slots on days drawn within their period; who it is is chosen on the day."""
        slots = []
        for period in PERIODS:
            span = sheets.SPANS[period]
            last = min(span.last, LAST_MOVE)
            any_day, working = (
                days_of(max(span.first, TERM_FIRST + timedelta(days=2)), last),
                office_days(span.first, last),
            )
            for kind in ("arrived", "departed", "died", "removed"):
                days = any_day if kind == "died" else working
                for (cell, when), number in sorted(getattr(quotas, kind).items()):
                    if when == period:
                        slots += [_Slot(self.rng.choice(days), kind, cell) for _one in range(number)]
            for move in quotas.moved:
                if move.period == period and move.day is None:
                    slots.append(_Slot(self.rng.choice(working), "moved", move.start, move.to))
        return slots

    def _named(self, quotas: Quotas, admitted: list[Candidacy]) -> list[_Slot]:
        """Slots of people or days that are settled."""
        slots = [_Slot(move.day, "moved", move.start, move.to, move.human) for move in quotas.moved if move.day]
        for one in admitted:
            one.human.admitted_on, one.human.official_on = one.ceremony_on, one.official_on
            slots.append(_Slot(known(one.ceremony_on), "admitted", one.cell.code, human=one.human))
            if one.ends_as and one.ends_on:
                slots.append(_Slot(one.ends_on, one.ends_as, one.cell.code, human=one.human))
        slots += [_Slot(cell.to, "dissolved", cell.code, cell.into) for cell in self.cells.values() if cell.to]
        return slots

    def _join(self, human: Human, cell: str, day: date) -> None:
        human.stays.append(Stay(cell, day))
        self.roster[cell].append(human)
        self.history.of_cell[cell].append(human)

    def _leave(self, human: Human, cell: str, day: date) -> None:
        human.stays[-1].to = day
        self.roster[cell].remove(human)

    def _admitted(self, slot: _Slot) -> None:
        self._join(known(slot.human), slot.cell, slot.day)

    def _arrived(self, slot: _Slot) -> None:
        human = self._member(self.cells[slot.cell], slot.day)
        human.outside = self.rng.choice(OUTSIDE)
        self._join(human, slot.cell, slot.day)
        self.history.happenings.append(Happening("arrived", human, slot.day, to=slot.cell))

    def _moved(self, slot: _Slot) -> None:
        human = slot.human or self._who(slot, "moved")
        if enterprise := {"QY46": "E8", "QY44-06": "E6"}.get(slot.to):
            human.occupation, human.workplace, human.title = "worker", enterprise, "Nhân viên"
        self._move(human, slot.cell, slot.to, slot.day)

    def _move(self, human: Human, start: str, to: str, day: date) -> None:
        self._leave(human, start, day)
        self._join(human, to, day)
        self.history.happenings.append(Happening("moved", human, day, start, to))

    def _dissolved(self, slot: _Slot) -> None:
        unit = self.units[self.cells[slot.cell].unit]
        if unit.code != "QY12":  # the health station's members went to the office; elsewhere to the largest cell
            slot.to = max(unit.cells, key=lambda cell: len(self.roster[cell.code])).code
            if slot.to != self.cells[slot.cell].into:
                raise ValueError(f"{self.cells[slot.cell].into} is not the largest cell of {unit.code}")
        for human in list(self.roster[slot.cell]):
            self._move(human, slot.cell, slot.to, slot.day)

    def _departed(self, slot: _Slot) -> None:
        human = slot.human or self._who(slot, "departed")
        human.outside = self.rng.choice(OUTSIDE)
        self._end(human, "departed", slot)

    def _died(self, slot: _Slot) -> None:
        self._end(slot.human or self._who(slot, "died"), "died", slot)

    def _removed(self, slot: _Slot) -> None:
        human = slot.human or self._who(slot, "removed")
        self._end(human, "removed" if slot.human else self.rng.choice(_ENDS["removed"]), slot)

    def _end(self, human: Human, kind: str, slot: _Slot) -> None:
        self._leave(human, slot.cell, slot.day)
        human.ended_as, human.ended_on = kind, slot.day
        self.history.happenings.append(Happening(kind, human, slot.day, start=slot.cell))

    def _who(self, slot: _Slot, kind: str) -> Human:
        """An official member who has been there for some time; the dead are mostly old, those who move are not."""
        settled_since = slot.day - timedelta(days=120)
        officials = [one for one in self.roster[slot.cell] if one.is_official(slot.day)]
        ready = [one for one in officials if not one.bound and one.stays[-1].first <= settled_since] or [
            one for one in officials if not one.bound
        ]
        if slot.day < TERM_FIRST + timedelta(days=125):
            ready = [one for one in officials if not one.bound]
        if len(officials) <= LEAST_OFFICIAL or not ready:
            raise ValueError(f"{slot.cell} has nobody to spare on {slot.day}: {len(officials)} official")
        ages = [(slot.day - one.born).days / 365 for one in ready]
        if kind == "died":
            weights = [1.1 ** (age - 30) for age in ages]
        elif slot.to in ("QY46", "QY44-06"):
            weights = [1.0 if age < 52 else 0.0001 for age in ages]
        elif self.cells[slot.cell].residents:
            weights = [3.0 if age < 55 else 0.6 for age in ages]
        else:
            weights = [3.0 if age > 50 and kind == "moved" else 1.0 for age in ages]
        return self.rng.choices(ready, weights)[0]
