"""The line from the outermost unit down to one: for the frame around a page, and for whoever asks who stands above."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from foundation import clock
from membership import scope
from membership.models import Organisation, Position
from membership.models.organisations import KEY_WIDTH


def path_of(unit: Organisation, day: date | None = None) -> list[Position]:
    """The units above the unit on the day (today), outermost first, then the unit; by its last path if dissolved."""
    today = clock.today()
    day = day or today
    if day == today and unit.line_today is not None:
        return unit.line_today
    if day == today and unit.line_read:
        return _as_of_today(unit, unit.line_read())
    line = line_of(scope.path_on(unit, day) or "", day)
    return _as_of_today(unit, line) if day == today and unit.path_today else line


def line_of(path: str, day: date, known_on: datetime | None = None) -> list[Position]:
    """The units of a path as they were on the day; each is called as it was then."""
    keys = keys_of(path)
    found = Position.objects.as_at(day, known_on).filter(organisation__key__in=keys).select_related("organisation")
    by_key = {row.organisation.key: row for row in found}
    line = [by_key[key] for key in keys if key in by_key]
    for row in line:
        row.organisation.name = row.name
    return line


def keys_of(path: str) -> list[str]:
    """The keys of the units on a path, outermost first."""
    return [path[start : start + KEY_WIDTH] for start in range(0, len(path), KEY_WIDTH)]


def stands_under(unit: Organisation, other: Organisation) -> bool:
    """Whether the unit stands under the other today, or is it."""
    return other.key in keys_of(scope.path_on(unit, clock.today()) or "")


def _as_of_today(unit: Organisation, line: list[Position]) -> list[Position]:
    """The line, which the unit knows from now on: a row that was read with its path is younger than any change."""
    for row in line:
        row.organisation.path_today = row.path
        if row.organisation_id == unit.pk:
            unit.name = row.name  # type: ignore[attr-defined]
    unit.line_today = line
    return line


def way(user: Any, line: Iterable[Position], capability: str) -> list[dict[str, str]]:
    """The units of a line for the frame: those over which the reader has the capability."""
    held = [row for row in line if scope.allows_at(user, capability, row.path) is not False]
    return [{"name": row.name, "url": row.organisation.get_absolute_url()} for row in held]
