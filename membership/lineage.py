"""Where what belonged to units that stand no more belongs now."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from django.db.models import Exists, Expression, Func, JSONField, OuterRef, QuerySet, Subquery
from django.db.models.functions import JSONArray

from foundation.statements import prepared
from membership.models import Lineage, Position

_FIELDS = ("valid_from", "organisation_id", "heir", "heir_path", "parent_id", "parent_path")


def homes_of_the_gone(day: date, known_on: datetime | None = None) -> dict[int, str]:
    """Units that do not stand on the day, and the path at which what is recorded of them counts, by the unit's key.

    A dissolved unit is followed by its successor (the first named, where there are several); without one by its last
    parent: at that parent's own path, under no child of it. Of a unit that is still to stand: its parent to be.
    """
    return homes(day, _gone_rows(day, known_on))


@prepared
def _gone_rows(day: date, known_on: datetime | None) -> QuerySet:
    return _gone(day, known_on).values_list(*_FIELDS)


class AsOneValue(Expression):
    """The rows that `homes` reads on a day, as one value beside those of another query."""

    output_field = JSONField()

    def __init__(self, day: date):
        super().__init__()
        self.day = day

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, Any]:
        """The same subquery all day, for everybody: put together once."""
        return _all_gone(connection.vendor, self.day)


@lru_cache(maxsize=8)
def _all_gone(_vendor: str, day: date) -> tuple[str, tuple[Any, ...]]:
    rows = _gone(day).annotate(all_of_them=_Together(JSONArray(*_FIELDS))).values("all_of_them")
    sql, params = rows.query.sql_with_params()
    return f"({sql})", params


def homes(day: date, rows: Iterable[Sequence[Any]] | None) -> dict[int, str]:
    """By the key of each unit that is gone, the path of whoever follows it and stands."""
    last: dict[int, tuple[Any, ...]] = {}
    for first, unit, *where in sorted(rows or (), key=lambda row: str(row[0])):
        if unit not in last or str(first) <= day.isoformat():
            last[unit] = tuple(where)
    found = {unit: _home(unit, last) for unit in last}
    return {unit: path for unit, path in found.items() if path}


class _Together(Func):
    """Every row of a subquery in one JSON array."""

    function = "JSON_GROUP_ARRAY"
    output_field = JSONField()

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        """JSONB_AGG there."""
        return self.as_sql(compiler, connection, function="JSONB_AGG", **context)


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
