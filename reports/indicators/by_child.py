"""Figures of all units one level down at once: one query a figure, however many children there are."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from django.db.models import QuerySet

from membership.models import Position
from reports.indicators.ask import Ask
from reports.indicators.register import FIGURES, Indicator, Number
from reports.indicators.standings import known
from reports.indicators.targets import pace_of, targets

OWN = ""  # the key for what counts for the unit itself, under none of its children


def number(code: str, ask: Ask) -> dict[str, Number]:
    """The figure by the key of the child, zero left out; for a list under `OWN` what no child counts."""
    figure = FIGURES[code]
    if isinstance(figure, Indicator):
        return {row[0]: row[-1] for row in grouped(code, ask)}
    if code in ("target", "pace"):
        wanted = _targets(ask)
        return {key: value if code == "target" else pace_of(value, ask) for key, value in wanted.items()}
    if not known(ask):
        return {}
    return _sum(number("admitted", ask), number("possible", ask))


def grouped(code: str, ask: Ask, *by: Any) -> Iterator[tuple]:
    """Rows (child's key, *by, number) of an indicator."""
    figure = FIGURES[code]
    if not isinstance(figure, Indicator):
        raise TypeError(f"{code} is no list")
    return counted(figure.define(ask), figure, ask, *by)


def counted(rows: QuerySet, figure: Indicator, ask: Ask, *by: Any) -> Iterator[tuple]:
    """The same for a list at hand."""
    rows = rows.order_by().annotate(child=ask.ground.child(rows, figure.by))
    found = rows.values("child", *by).annotate(counted=figure.counted).order_by("child", *by)
    return ((child or OWN, *rest) for child, *rest in found.values_list("child", *by, "counted"))


def _targets(ask: Ask) -> dict[str, int]:
    found: dict[str, int] = {}
    children = positions(ask).values("organisation")
    for key, wanted in targets(ask).filter(unit__in=children).values_list("unit__key", "number"):
        found.setdefault(key, wanted)
    return found


def positions(ask: Ask) -> QuerySet[Position]:
    """The children in the tree asked for; of then: on the as-at day."""
    return Position.objects.as_at(ask.ground.day, ask.ground.known_on).filter(parent=ask.unit).order_by("sort_key")


def _sum(*parts: dict[str, Any]) -> dict[str, Number]:
    keys: Iterable[str] = dict.fromkeys(key for part in parts for key in part)
    return {key: sum(part.get(key, 0) for part in parts) for key in keys}
