"""How many people each cell admits, receives and loses in each period: the openings are what is left."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, timedelta

from reports.demo import sheets
from reports.demo.chance import Chance
from reports.demo.days import some_day
from reports.demo.people import Human
from reports.demo.tree import FOUNDED, FOUNDERS, Cell, Unit, enterprise_of

LEAST = 5  # members below which no cell falls: three of them official, and room for probationers
PERIODS = range(len(sheets.SPANS))
QUIET = 40

# In which share a sort of cell dies, moves away, receives.
_DEATHS = {"residents": 1.0, "health": 0.02, "kindergarten": 0.02}
_DEPARTURES = {"residents": 0.5, "military": 1.4, "grassroots": 0.9, "office": 0.8}
_DEPARTURES_OF = {"QY22": 2.6, "QY23": 3.0, "QY36": 1.5}
_ADMISSIONS = {
    "office": 1.3,
    "military": 1.6,
    "health": 0.8,
    "kindergarten": 1.1,
    "primary": 1.0,
    "lower_secondary": 1.0,
}
# Transfers within the town, over the whole term: from, to, how many.
_MOVES = (("QY22", 18), ("QY23", 7), ("agencies", 46), ("schools", 14), ("residents", 28))


@dataclass(frozen=True, slots=True)
class Move:
    """A transfer within the town; the day and the person may be settled."""

    period: int
    start: str
    to: str
    day: date | None = None
    human: Human | None = None


@dataclass(slots=True)
class Quotas:
    """By cell and period: how many. `merged` come from dissolved cells."""

    admitted: dict[tuple[str, int], int] = field(default_factory=Counter)
    arrived: dict[tuple[str, int], int] = field(default_factory=Counter)
    departed: dict[tuple[str, int], int] = field(default_factory=Counter)
    died: dict[tuple[str, int], int] = field(default_factory=Counter)
    removed: dict[tuple[str, int], int] = field(default_factory=Counter)
    moved: list[Move] = field(default_factory=list)
    merged: dict[tuple[str, int], int] = field(default_factory=Counter)
    settled: dict[tuple[str, int], int] = field(default_factory=Counter)  # losses of people who are named elsewhere
    quiet: set[str] = field(default_factory=set)

    def joins(self, cell: str, period: int) -> int:
        """Members gained in the period."""
        moved = sum(1 for move in self.moved if (move.period, move.to) == (period, cell))
        return self.admitted[cell, period] + self.arrived[cell, period] + self.merged[cell, period] + moved

    def leaves(self, cell: str, period: int) -> int:
        """Members lost in the period."""
        moved = sum(1 for move in self.moved if (move.period, move.start) == (period, cell))
        drawn = self.departed[cell, period] + self.died[cell, period] + self.removed[cell, period]
        return drawn + self.settled[cell, period] + moved


def admissions(rng: Chance, units: list[Unit]) -> Quotas:
    """Admissions by cell and period, exactly as the sheets have them; some cells stay quiet."""
    quotas = Quotas()
    quotas.quiet = _quiet_cells(rng, units)
    for unit in units:
        for period in PERIODS:
            _admit(rng, unit, period, quotas)
    return quotas


def _quiet_cells(rng: Chance, units: list[Unit]) -> set[str]:
    """About 40 cells that have no candidates now and have admitted nobody for years."""
    single = [unit.cells[0].code for unit in units if not unit.is_committee and sum(unit.row.admitted[2:]) == 0]
    small = [
        cell.code
        for unit in units
        if unit.is_committee and unit.code not in ("QY44", "QY45", "QY22", "QY36", "QY37", "QY38", "QY39", "QY43")
        for cell in unit.cells
        if cell.to is None and 4 <= cell.closing <= 14
    ]
    return {*single, *rng.sample(small, QUIET - len(single))}


def _admit(rng: Chance, unit: Unit, period: int, quotas: Quotas) -> None:
    for _one in range(unit.row.admitted[period]):
        cells = [cell for cell in unit.cells if _may_admit(cell, unit, period, quotas)]
        if not cells:
            raise ValueError(f"no cell of {unit.code} can admit so many")
        weights = [_ADMISSIONS.get(cell.kind, 0.85) * cell.closing / (1 + _so_far(cell, quotas)) for cell in cells]
        quotas.admitted[rng.choices(cells, weights)[0].code, period] += 1


def _so_far(cell: Cell, quotas: Quotas) -> int:
    return sum(quotas.admitted[cell.code, period] for period in PERIODS)


def _may_admit(cell: Cell, unit: Unit, period: int, quotas: Quotas) -> bool:
    if enterprise := enterprise_of(unit, cell):
        row = next(row for row in sheets.enterprises() if row.code == enterprise)
        asked = row.admitted[period] - (quotas.admitted[cell.code, period] if row.cells else 0)
        return asked > 0
    if cell.to is not None or (cell.code in quotas.quiet and period > 0):
        return False
    if not unit.is_committee:
        return True
    return _so_far(cell, quotas) < cell.closing - LEAST and quotas.admitted[cell.code, period] < max(
        1, cell.closing // 5
    )


def flows(rng: Chance, units: list[Unit], quotas: Quotas, settled: dict[str, list[tuple[str, int]]]) -> None:
    """Arrivals, departures, deaths and removals add up to the flow sheet; `settled` ones are decided elsewhere.

    `settled` gives (cell, period) of each departure, death and removal that happens to somebody named. Afterwards each
    cell has its opening, and none ever falls under its least size.
    """
    cells = [cell for unit in units for cell in unit.cells if cell.to is None]
    ordinary = [cell for cell in cells if cell.code not in _founded()]
    _transfers(rng, units, ordinary, quotas)
    for period in PERIODS:
        row = sheets.flows()[period]
        for name, total, weight in (
            ("arrived", row.arrived, _arrival_weight),
            ("departed", row.departed, _departure_weight),
            ("died", row.died, _death_weight),
            ("removed", row.removed, _size),
        ):
            counts = getattr(quotas, name)
            fixed = [where for where in settled.get(name, ()) if where[1] == period]
            for where in fixed:
                quotas.settled[where] += 1
            for cell in rng.choices(ordinary, [weight(one) for one in ordinary], k=total - len(fixed)):
                counts[cell.code, period] += 1
    _depart_from_founded(quotas)
    _mend(ordinary, quotas)
    for cell in ordinary:
        cell.opening = _opening(cell, quotas)


def _founded() -> set[str]:
    return {"QY46", "QY44-06"}


def _size(cell: Cell) -> float:
    return cell.closing


def _arrival_weight(cell: Cell) -> float:
    return cell.closing * (0.25 if cell.kind in ("health", "enterprise") else 1.0)


def _departure_weight(cell: Cell) -> float:
    return cell.closing * _DEPARTURES_OF.get(cell.unit, _DEPARTURES.get(cell.kind, 0.8))


def _death_weight(cell: Cell) -> float:
    return cell.closing * _DEATHS.get(cell.kind, 0.05)


def _transfers(rng: Chance, units: list[Unit], ordinary: list[Cell], quotas: Quotas) -> None:
    residents = [cell for cell in ordinary if cell.residents]
    by_unit = {unit.code: [cell for cell in unit.cells if cell in ordinary] for unit in units}
    sources = {
        "QY22": by_unit["QY22"],
        "QY23": by_unit["QY23"],
        "agencies": [cell for cell in ordinary if cell.sort in ("agency", "hospital", "state_enterprise", "office")],
        "schools": [cell for cell in ordinary if cell.sort in ("primary", "lower_secondary", "kindergarten", "school")],
        "residents": residents,
    }
    for name, number in _MOVES:
        for _one in range(number):
            start = _one_of(rng, sources[name])
            to = _one_of(rng, [cell for cell in residents if cell is not start])
            quotas.moved.append(Move(rng.choices(PERIODS, (5, 12, 12, 12, 10))[0], start.code, to.code))
    for code, (at_once, in_time) in FOUNDERS.items():
        founded = "QY44-06" if code == "E6" else code
        for number, start in enumerate(rng.sample([one for one in residents if one.closing > 11], at_once + in_time)):
            day = (
                FOUNDED[code]
                if number < at_once
                else some_day(rng, FOUNDED[code] + timedelta(days=60), date(2024, 9, 20))
            )
            quotas.moved.append(Move(period_of(day), start.code, founded, day))
    for unit in units:
        for cell in unit.cells:
            if cell.to:
                quotas.merged[cell.into, period_of(cell.to)] += cell.opening


def period_of(day: date) -> int:
    """The number of the period in which the day lies."""
    return next(number for number, span in enumerate(sheets.SPANS) if span.holds(day))


def _one_of(rng: Chance, cells: list[Cell]) -> Cell:
    return rng.choices(cells, [cell.closing for cell in cells])[0]


def _depart_from_founded(quotas: Quotas) -> None:
    """QY46 received 15 and admitted 3; it has 14 members, so four left: they moved to other towns."""
    for period in (2, 3, 3, 4):
        quotas.departed["QY46", period] += 1
        of_police = [where for where in quotas.departed if where[1] == period and where[0].startswith("QY22")]
        quotas.departed[max(of_police, key=lambda where: (quotas.departed[where], where))] -= 1


def _opening(cell: Cell, quotas: Quotas) -> int:
    return cell.closing + sum(quotas.leaves(cell.code, one) - quotas.joins(cell.code, one) for one in PERIODS)


def _mend(cells: list[Cell], quotas: Quotas) -> None:
    """Arrivals go elsewhere, and departures come here, until no cell is ever too small."""
    large = sorted((cell for cell in cells if cell.residents), key=lambda cell: (-cell.closing, cell.code))[:60]
    turn = 0
    for cell in cells:
        while (period := _too_small(cell, quotas)) is not None:
            turn += 1
            if turn > 20_000:
                raise ValueError(f"{cell.code} stays too small")
            if (other := large[turn % len(large)]) is not cell:
                _help(cell, other, period, quotas)


def _too_small(cell: Cell, quotas: Quotas) -> int | None:
    """The first period in which the cell might fall under its least size, if its losses came first."""
    size = _opening(cell, quotas)
    for period in PERIODS:
        if size - quotas.leaves(cell.code, period) < LEAST - (cell.closing <= LEAST + 1):
            return period
        size += quotas.joins(cell.code, period) - quotas.leaves(cell.code, period)
    return None


def _help(cell: Cell, other: Cell, period: int, quotas: Quotas) -> None:
    for when in reversed(PERIODS[period:]):
        if quotas.arrived[cell.code, when]:
            quotas.arrived[cell.code, when] -= 1
            quotas.arrived[other.code, when] += 1
            return
    for when in reversed(PERIODS[period + 1 :]):
        if quotas.departed[other.code, when]:
            quotas.departed[other.code, when] -= 1
            quotas.departed[cell.code, when] += 1
            return
