"""Where cells stand on a day, and the units above them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from functools import partial
from typing import Any

from membership.lines import keys_of
from membership.models import Organisation, Position, Tier
from membership.models.organisations import UNIT
from recruitment.known.asked import by_owner
from recruitment.rulebook.facts import UNKNOWN, Maybe


class Places:
    """The cells and units that were found, by the day."""

    def __init__(self, found: Mapping[str, Sequence[Any]], day: date):
        stood = by_owner(found["positions_vouching"]) | by_owner(found["positions"])
        self.positions = {unit: _by(day, rows) for unit, rows in stood.items()}
        self.units = {row.organisation__key: row for row in found["units"]}

    def tell(self, cell: Organisation) -> None:
        """The cell knows its name, and the units above it for whoever asks."""
        cell.line_read = partial(self._line, cell.pk)
        if unit := self.units.get(cell.key):
            cell.name = unit.name  # type: ignore[attr-defined]

    def _line(self, cell: int) -> list[Position]:
        """The units above the cell, outermost first, then the cell, where they stand on the day."""
        return [_unit(row) for row in self.path(cell)]

    def path(self, cell: int) -> list[Any]:
        """The rows of the units above the cell, outermost first, then of the cell."""
        position = self.positions.get(cell)
        return [self.units[key] for key in keys_of(position.path) if key in self.units] if position else []

    def tier(self, cell: int) -> Maybe[str]:
        """The cell's own."""
        return self.positions[cell].tier if cell in self.positions else UNKNOWN

    def together(self, one: int, other: int) -> bool:
        """Whether the two cells are of one grassroots organisation."""
        return one == other or self._grassroots(one) == self._grassroots(other)

    def _grassroots(self, cell: int) -> str:
        """The key of the grassroots organisation of a cell; of one not in the tree that day its own."""
        path = self.path(cell)
        return next((unit.organisation__key for unit in path if unit.tier == Tier.GRASSROOTS), f"cell {cell}")


def _by(day: date, rows: Sequence[Any]) -> Any:
    """Where the unit stood on the day, else where it stood last before, else first after."""
    by_then = [row for row in rows if row.valid_from <= day]
    return by_then[-1] if by_then else rows[0]


def _unit(row: Any) -> Position:
    """The position with its unit, which knows its name."""
    unit = Organisation(*row[-len(UNIT) :])
    unit.name = row.name  # type: ignore[attr-defined]
    return Position(organisation=unit, path=row.path, name=row.name, tier=row.tier)
