"""What is asked of a unit: its targets by period and group, one of which a page is about."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime

from django.db.models import Q, QuerySet
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from foundation.statements import prepared
from reports import asking
from reports.indicators import Ask
from reports.models import Group, PeriodKind, PlanState, TargetValue

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
    found: dict[tuple[date, date, str], Goal] = {}
    below: dict[tuple[date, date, str], dict[int, int]] = defaultdict(dict)
    rows = _targets(ask.as_at, ask.known_on, ask.first, ask.last, units=[ask.unit.pk, *children])
    for unit, number, group, first, last, kind, code in rows:
        goal = found.setdefault((first, last, group), Goal(first, last, group, kind, code))
        if unit in children:
            below[goal.about].setdefault(unit, number)
        elif goal.target is None:
            found[goal.about] = replace(goal, target=number)
    listed = [replace(goal, of_children=tuple(below[about].items())) for about, goal in found.items()]
    mine = (ask.first, ask.last, ask.group)
    kept = [goal for goal in listed if goal.target is not None or goal.about == mine]
    if not any(goal.about == mine for goal in kept):
        kept.append(Goal(ask.first, ask.last, ask.group, kind_of(ask)))
    return sorted(
        kept, key=lambda goal: (goal.group != "", _ORDER.index(PeriodKind(goal.kind)), goal.first, goal.group)
    )


@prepared
def _targets(as_at: date, known_on: datetime | None, first: date, last: date, *, units: list[int]) -> QuerySet:
    """Of decided plans whose period the day lies in, or is the one asked for; the plan that holds comes first."""
    running = Q(plan__period__first__lte=as_at, plan__period__last__gte=as_at)
    asked = Q(plan__period__first=first, plan__period__last=last)
    rows = TargetValue.objects.as_at(as_at, known_on).filter(running | asked, plan__state=PlanState.DECIDED)
    period = (f"plan__period__{name}" for name in ("first", "last", "kind", "code"))
    return rows.filter(unit__in=units).order_by("-valid_from", "-plan").values_list("unit", "number", "group", *period)


def kind_of(ask: Ask) -> str:
    """A whole calendar year, or any other stretch of days."""
    whole_year = (ask.first, ask.last) == asking.year(ask.first)
    return PeriodKind.YEAR if whole_year else PeriodKind.OTHER
