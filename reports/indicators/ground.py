"""Where units stand in the tree a figure is asked for, and which part of it the reader may count."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any

from django.db.models import Case, Exists, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Substr

from foundation.facts import OPEN, Event
from membership import scope
from membership.lineage import homes_of_the_gone
from membership.models import Organisation, Position
from membership.models.organisations import KEY_WIDTH, below

CAPABILITY = "figures.read"


@dataclass(frozen=True, slots=True)
class Window:
    """On the days from `first`, before `to`, rows at or under `path` count."""

    path: str
    first: date = date.min
    to: date = OPEN

    def meets(self, other: Window) -> Window | None:
        """What lies in both."""
        inner, outer = sorted((self, other), key=lambda one: len(one.path), reverse=True)
        first, to = max(self.first, other.first), min(self.to, other.to)
        return Window(inner.path, first, to) if inner.path.startswith(outer.path) and first < to else None

    @property
    def days(self) -> Q:
        """Events of these days."""
        return Q(happened_on__gte=self.first, happened_on__lt=self.to)


@dataclass(frozen=True, kw_only=True)
class Ground:
    """One unit in the tree of `day` and `known_on`; `of_then`: events count where their unit stood on their own day.

    `paths`: paths of units on that day that somebody has read already.
    """

    user: Any
    unit: int
    day: date
    known_on: datetime | None
    of_then: bool = False
    paths: Mapping[int, str] | None = None

    @cached_property
    def own(self) -> list[Window]:
        """Where the unit itself stood."""
        return self._read[0]

    @cached_property
    def windows(self) -> list[Window]:
        """Of the unit's subtree, what the reader may count: the appointments of today over the tree asked for."""
        own, readers = self._read
        if readers is None:
            return own
        return [both for one in own for other in readers if (both := one.meets(other))]

    @cached_property
    def _read(self) -> tuple[list[Window], list[Window] | None]:
        held = held_units(self.user)
        if held and self.paths is not None and self._is_above(held):
            held = None  # the whole subtree is the reader's
        stood = self._stood({self.unit, *(held or ())})
        own = [window for unit, window in stood if unit == self.unit]
        return own, None if held is None else [window for unit, window in stood if unit in held]

    def _is_above(self, held: set[int]) -> bool:
        """Whether one of the reader's units stands, in the tree read already, at or above the unit."""
        paths = self.paths or {}
        own = paths.get(self.unit, "")
        return not self.of_then and any(own.startswith(paths[unit]) for unit in held & paths.keys() if own)

    def _stood(self, units: set[int]) -> list[tuple[int, Window]]:
        if not self.of_then and self.paths is not None and units <= self.paths.keys():
            return [(unit, Window(path)) for unit, path in self.paths.items() if unit in units]
        stand = Position.objects
        rows = stand.so(self.known_on) if self.of_then else stand.as_at(self.day, self.known_on)
        found = rows.filter(organisation__in=units).order_by("valid_from")
        return [
            (unit, Window(path, first, to) if self.of_then else Window(path))
            for unit, path, first, to in found.values_list("organisation", "path", "valid_from", "valid_to")
        ]

    @cached_property
    def gone(self) -> dict[int, str]:
        """Units that do not stand on the day, and at which path their events count."""
        return homes_of_the_gone(self.day, self.known_on)

    @cached_property
    def gone_here(self) -> dict[int, str]:
        """Of the units that do not stand on the day, those whose events the reader counts for this unit."""
        paths = {window.path for window in self.windows if window.first <= self.day < window.to}
        return {unit: home for unit, home in self.gone.items() if any(home.startswith(path) for path in paths)}

    def within(self, rows: QuerySet, column: str) -> QuerySet:
        """Rows whose unit in `column` counts for this unit."""
        if not self.windows:
            return rows.none()
        if not self._by_day(rows):
            return rows.filter(**{f"{column}__in": self._on_the_day()})
        found = self._then(rows, column)
        if self.gone_here:
            found |= Q(**{f"{column}__in": list(self.gone_here)}) & ~Q(Exists(self._positions_then(column)))
        return rows.filter(found)

    def _by_day(self, rows: QuerySet) -> bool:
        return self.of_then and issubclass(rows.model, Event)

    def _on_the_day(self) -> QuerySet:
        """Units that count, as one list: the database begins with it."""
        ranges = Q(pk__in=[])
        for window in self.windows:
            if window.first <= self.day < window.to:
                ranges |= below(window.path)
        here = Position.objects.as_at(self.day, self.known_on).filter(ranges).values("organisation")
        gone = Organisation.objects.filter(pk__in=list(self.gone_here)).values("pk")
        return here.union(gone, all=True) if self.gone_here else here

    def _then(self, rows: QuerySet, column: str) -> Q:
        """Narrowed first to units ever under here: the plain EXISTS would look at every event."""
        found = Q()
        for window in self.windows:
            ever = Position.objects.so(self.known_on).filter(below(window.path)).values("organisation")
            then = self._positions_then(column).filter(below(window.path))
            found |= window.days & Q(**{f"{column}__in": ever}) & Q(Exists(then))
        return found

    def _positions_then(self, column: str) -> QuerySet:
        day = OuterRef("happened_on")
        stood = Position.objects.so(self.known_on)
        return stood.filter(organisation=OuterRef(column), valid_from__lte=day, valid_to__gt=day)

    def child(self, rows: QuerySet, column: str) -> Case | Subquery:
        """The key of the child under which the row counts; empty: for the unit itself."""
        homes: dict[str, list[int]] = {}
        own = next((window.path for window in self.own if window.first <= self.day < window.to), "")
        for unit, path in self.gone_here.items():
            homes.setdefault(path[len(own) : len(own) + KEY_WIDTH], []).append(unit)
        lost = [When(Q(**{f"{column}__in": units}), then=Value(key)) for key, units in homes.items()]
        if not self._by_day(rows):
            here = Position.objects.as_at(self.day, self.known_on).filter(organisation=OuterRef(column))
            return Case(*lost, default=_step(here, own)) if lost else _step(here, own)
        then = self._positions_then(column)
        stood = [When(window.days & Q(Exists(then)), then=_step(then, window.path)) for window in self.own]
        return Case(*stood, *lost, default=Value(""))


def _step(positions: QuerySet, path: str) -> Subquery:
    return Subquery(positions.annotate(step=Substr("path", len(path) + 1, KEY_WIDTH)).values("step")[:1])


def held_units(user: Any) -> set[int] | None:
    """Units over which the user reads figures by an appointment of today; None: all (the office itself, set-up)."""
    if user is None or scope.reach(user, CAPABILITY) is None:
        return None
    held = scope.holdings(user)
    units = (one.appointment.organisation_id for one in held if one.path and one.grants(CAPABILITY))
    return {unit for unit in units if unit is not None}
