"""Where what belonged to units that stand no more belongs now."""

from __future__ import annotations

import operator
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet, Subquery

from foundation.statements import prepared
from membership.models import Lineage, Position, TreeMark

_FIELDS = ("valid_from", "organisation_id", "heir", "heir_path", "parent_id", "parent_path")


def homes_of_the_gone(day: date, known_on: datetime | None = None) -> dict[int, str]:
    """Units that do not stand on the day, and the path at which what is recorded of them counts, by the unit's key.

    A dissolved unit is followed by its successor (the first named, where there are several); without one by its last
    parent: at that parent's own path, under no child of it. Of a unit that is still to stand: its parent to be.
    """
    last: dict[int, tuple[Any, ...]] = {}
    for first, unit, *where in sorted(_gone_rows(day, known_on), key=operator.itemgetter(0)):
        if unit not in last or first <= day:
            last[unit] = tuple(where)
    found = {unit: _home(unit, last) for unit in last}
    return {unit: path for unit, path in found.items() if path}


@prepared
def _gone_rows(day: date, known_on: datetime | None) -> QuerySet:
    return _gone(day, known_on).values_list(*_FIELDS)


class Homes(dict[int, str]):
    """What `homes_of_the_gone` says; it never changes, so it may be part of what a statement is kept by."""

    def __init__(self, found: Mapping[int, str]):
        super().__init__(found)
        self._number = hash(frozenset(found.items()))

    def __hash__(self) -> int:  # type: ignore[override]
        return self._number


_now: dict[tuple[date, float | None], Homes] = {}


def homes_now(day: date, mark: float | None) -> Homes:
    """The same of a day as it is known now, in the state of the tree that has this mark (`TreeMark`); read once for
    each state. The rows are of that state if the mark is the same after they were read: no two states have one.
    """
    if (found := _now.get((day, mark))) is None:
        found = Homes(homes_of_the_gone(day))
        if mark is not None and TreeMark.objects.values_list("mark", flat=True).first() == mark:
            _now.clear()
            _now[day, mark] = found
    return found


def _gone(day: date, known_on: datetime | None = None) -> QuerySet:
    """Begins with the positions of other days, which are few, and asks of each whether the unit stands."""
    so, standing = Position.objects.so(known_on), Position.objects.as_at(day, known_on)
    of_other_days = (
        so.filter(valid_to__lte=day).values("pk").union(so.filter(valid_from__gt=day).values("pk"), all=True)
    )
    heirs = Lineage.objects.filter(predecessor=OuterRef("organisation"), from_on__lte=day).order_by("pk")
    return (
        so.filter(pk__in=of_other_days)
        .filter(~Exists(standing.filter(organisation=OuterRef("organisation"))))
        .annotate(heir=Subquery(heirs.values("successor")[:1]))
        .annotate(
            heir_path=Subquery(standing.filter(organisation=OuterRef("heir")).values("path")[:1]),
            parent_path=Subquery(standing.filter(organisation=OuterRef("parent")).values("path")[:1]),
        )
    )


def _home(unit: int, gone: dict[int, tuple[Any, ...]]) -> str | None:
    seen: set[int] = set()
    while unit not in seen:
        seen.add(unit)
        heir, heir_path, parent, parent_path = gone[unit]
        following = heir or parent
        if following not in gone:
            return heir_path if heir else parent_path
        unit = following
    return None
