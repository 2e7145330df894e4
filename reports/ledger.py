"""A plan as a ledger: unit, group, number; the sum of the children against their parent."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from membership.models import Position
from reports.models import Group, Plan
from reports.operations.plans import standing


@dataclass(frozen=True, slots=True)
class Line:
    """A unit with its numbers by group."""

    position: Position
    numbers: dict[str, int]
    own: bool  # the plan's unit itself


@dataclass(frozen=True, slots=True)
class Ledger:
    """The plan's unit first, then its children in their order; `groups` are those in which a number stands."""

    lines: list[Line]
    groups: list[str]

    def own(self, group: str) -> int | None:
        """The number of the plan's unit."""
        return next((line.numbers.get(group) for line in self.lines if line.own), None)

    def handed_down(self, group: str) -> int | None:
        """The sum of the children; None where no child has a number."""
        numbers = [line.numbers[group] for line in self.lines if not line.own and group in line.numbers]
        return sum(numbers) if numbers else None

    def left(self, group: str) -> int | None:
        """What is not handed down yet (negative: too much); None where there is nothing to compare."""
        own, below = self.own(group), self.handed_down(group)
        return None if own is None or below is None else own - below


def ledger(plan: Plan, day: date) -> Ledger:
    """The plan's numbers on the day. Units are those that stand then."""
    numbers: dict[int, dict[str, int]] = {}
    for (unit, group), number in standing(plan, day).items():
        numbers.setdefault(unit, {})[group] = number
    stand = Position.objects.as_at(day).select_related("organisation")
    own = list(stand.filter(organisation=plan.unit))
    children = list(stand.filter(parent=plan.unit).order_by("sort_key"))
    lines = [
        Line(row, numbers.get(row.organisation_id, {}), row.organisation_id == plan.unit_id)
        for row in [*own, *children]
    ]
    used = {group for line in lines for group in line.numbers}
    return Ledger(lines, [group for group in Group.values if group in used] or [Group.ALL.value])
