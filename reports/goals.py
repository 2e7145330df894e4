"""What is asked of a unit: its targets by period and group, one of which a page is about."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from reports.indicators import Ask
from reports.models import Group, Period, PeriodKind, PlanState, TargetValue

_ORDER = [
    PeriodKind.YEAR,
    PeriodKind.TERM,
    PeriodKind.SCHOOL_YEAR,
    PeriodKind.QUARTER,
    PeriodKind.MONTH,
    PeriodKind.OTHER,
]


@dataclass(frozen=True, slots=True)
class Goal:
    """A period and a group, with the unit's target if a decided plan has one, and the children's by unit."""

    first: date
    last: date
    group: str
    kind: str
    code: str = ""
    target: int | None = None
    of_children: tuple[tuple[int, int], ...] = ()

    @property
    def about(self) -> tuple[date, date, str]:
        """What tells goals apart."""
        return self.first, self.last, self.group

    @property
    def years(self) -> str:
        """The period without its kind."""
        if self.kind in (PeriodKind.TERM, PeriodKind.SCHOOL_YEAR):
            return f"{self.first.year}–{self.last.year}"
        if (self.first.month, self.first.day, self.last) == (1, 1, date(self.first.year, 12, 31)):
            return str(self.first.year)
        return f"{self.first:%d/%m/%Y}–{self.last:%d/%m/%Y}"

    @property
    def label(self) -> str:
        """How a heading calls it."""
        if self.group:
            return _("%(years)s, %(group)s") % {"years": self.years, "group": Group(self.group).label}
        if self.kind == PeriodKind.TERM:
            return _("term %(years)s") % {"years": self.years}
        if self.kind == PeriodKind.SCHOOL_YEAR:
            return _("school year %(years)s") % {"years": self.years}
        if self.kind == PeriodKind.YEAR:
            return pgettext("a year within a sentence", "%(years)s") % {"years": self.years}
        return self.years

    @property
    def tab(self) -> str:
        """How a tab calls it."""
        if self.group:
            return f"{capfirst(Group(self.group).label)} {self.years}"
        if self.kind == PeriodKind.TERM:
            return _("Term %(years)s") % {"years": self.years}
        return _("Year %(years)s") % {"years": self.years} if self.kind == PeriodKind.YEAR else self.years

    @property
    def query(self) -> dict[str, str]:
        """How an address asks for it."""
        days = {"period": self.code} if self.code else {"first": f"{self.first}", "last": f"{self.last}"}
        return days | ({"group": self.group} if self.group else {})


def goals(ask: Ask, children: Iterable[int]) -> list[Goal]:
    """Goals of the unit whose period the as-at day lies in, and the one asked for: year, term, then groups.

    The one asked for is there also without a target. Read by one statement.
    """
    children = set(children)
    running = Q(plan__period__first__lte=ask.as_at, plan__period__last__gte=ask.as_at)
    asked = Q(plan__period__first=ask.first, plan__period__last=ask.last)
    rows = TargetValue.objects.as_at(ask.as_at, ask.known_on).filter(
        running | asked, plan__state=PlanState.DECIDED, unit__in={ask.unit.pk, *children}
    )
    found: dict[tuple[date, date, str], dict[str, Any]] = {}
    for row in rows.select_related("plan__period").order_by("-valid_from", "-plan"):
        period = row.plan.period
        goal = found.setdefault((period.first, period.last, row.group), {"period": period, "own": None, "below": {}})
        if row.unit_id in children:
            goal["below"].setdefault(row.unit_id, row.number)
        elif goal["own"] is None:
            goal["own"] = row.number
    listed = [_goal(about[2], values) for about, values in found.items()]
    mine = (ask.first, ask.last, ask.group)
    kept = [goal for goal in listed if goal.target is not None or goal.about == mine]
    if not any(goal.about == mine for goal in kept):
        kept.append(Goal(ask.first, ask.last, ask.group, kind_of(ask)))
    return sorted(
        kept, key=lambda goal: (goal.group != "", _ORDER.index(PeriodKind(goal.kind)), goal.first, goal.group)
    )


def _goal(group: str, values: dict[str, Any]) -> Goal:
    period: Period = values["period"]
    below = tuple(values["below"].items())
    return Goal(period.first, period.last, group, period.kind, period.code, values["own"], below)


def kind_of(ask: Ask) -> str:
    """A whole calendar year, or any other stretch of days."""
    whole_year = (ask.first, ask.last) == (date(ask.first.year, 1, 1), date(ask.first.year, 12, 31))
    return PeriodKind.YEAR if whole_year else PeriodKind.OTHER
