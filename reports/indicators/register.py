"""`@indicator`: every figure the program shows, by its name."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, TypeAlias

from django.db.models import Count, Exists, OuterRef, QuerySet

from reports.indicators.ask import Ask

Number: TypeAlias = int | Decimal | None


@dataclass(frozen=True, slots=True)
class Indicator:
    """A figure defined as a list: its length is the figure. `by`: the column with the unit for which a row counts.

    `once`: several rows of one such thing count once; then children may add up to more than their parent.
    """

    code: str
    label: Any
    unit: Any
    by: str
    define: Callable[[Ask], QuerySet]
    once: str = ""

    def rows(self, ask: Ask) -> QuerySet:
        """The list."""
        rows = self.define(ask)
        if not self.once:
            return rows
        return rows.filter(~Exists(rows.filter(**{self.once: OuterRef(self.once)}, pk__lt=OuterRef("pk"))))

    def value(self, ask: Ask) -> Number:
        """The figure."""
        return self.define(ask).aggregate(number=self.counted)["number"]

    @property
    def counted(self) -> Count:
        """What an aggregate counts."""
        return Count(self.once, distinct=True) if self.once else Count("pk")


@dataclass(frozen=True, slots=True)
class Measure:
    """A figure that is no list; `behind` names the indicators whose lists explain it."""

    code: str
    label: Any
    unit: Any
    measure: Callable[[Ask], Number]
    behind: tuple[str, ...] = ()

    def value(self, ask: Ask) -> Number:
        """The figure; None where the question has no answer."""
        return self.measure(ask)


FIGURES: dict[str, Indicator | Measure] = {}


def indicator(code: str, *, label: Any, unit: Any, by: str, once: str = "") -> Callable[[Callable], Callable]:
    """The function, from an Ask to its list, is the figure `code`."""

    def declare(define: Callable[[Ask], QuerySet]) -> Callable[[Ask], QuerySet]:
        FIGURES[code] = Indicator(code, label, unit, by, define, once)
        return define

    return declare


def measure(code: str, *, label: Any, unit: Any, behind: tuple[str, ...] = ()) -> Callable[[Callable], Callable]:
    """The function, from an Ask to a number or None, is the figure `code`."""

    def declare(count: Callable[[Ask], Number]) -> Callable[[Ask], Number]:
        FIGURES[code] = Measure(code, label, unit, count, behind)
        return count

    return declare


def value(code: str, ask: Ask) -> Number:
    """The figure of that name."""
    return FIGURES[code].value(ask)


def rows(code: str, ask: Ask) -> QuerySet:
    """The list behind an indicator."""
    figure = FIGURES[code]
    if not isinstance(figure, Indicator):
        raise TypeError(f"{code} is no list")
    return figure.rows(ask)
