"""What hangs on a unit: each floor registers what it keeps there, and where that is given a destination."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import CharField, Count, Q, QuerySet, Value

from foundation.statements import prepared
from membership.models import Organisation, Position
from membership.models.organisations import KEY_WIDTH, below, path_end


@dataclass(frozen=True, slots=True)
class Dependant:
    """Rows that hang on a unit: how many on a day, where they are listed, and the step that moves them."""

    name: str
    label: Any  # as a heading
    counted: Any  # beside their number: an ngettext_lazy
    held: Callable[[Organisation, date], QuerySet]  # on the day or, where they are dated, on a later one
    link: Callable[[Organisation], str]
    move: Callable[..., None] | None = None  # move(act, unit, destination, day); None: must be ended by hand
    mandatory: bool = True  # dissolving is refused while any is left without a destination
    end: Callable[..., None] | None = None  # end(act, unit, day): what happens without one, where that is allowed
    destination: str = ""  # the kind of unit they can go to; empty: either
    reads: str = "unit.read"  # the capability that opens the list behind the number
    rows: Callable[[date], QuerySet] | None = None  # as of the day: for numbers of many units at once
    field: str = ""  # of these rows: the unit they hang on
    dated: bool = False  # `move` can be told today of a day to come; otherwise it waits for it
    once: str = "pk"  # of what is `held`: the field whose values are counted, each once

    def count(self, unit: Organisation, day: date) -> int:
        """How many hang on the unit on the day or, where they are dated, on a later one."""
        return self.held(unit, day).values(self.once).distinct().count()

    def words(self, number: int) -> str:
        """What stands beside the number."""
        return self.counted % number


_REGISTRY: dict[str, Dependant] = {}


def register(dependant: Dependant) -> None:
    """The floor's things are asked for from now on."""
    _REGISTRY[dependant.name] = dependant


def named(name: str) -> Dependant:
    """The things of that name; KeyError where nobody registered them."""
    return _REGISTRY[name]


def of(unit: Organisation, day: date) -> list[tuple[Dependant, int]]:
    """What hangs on the unit on the day, with its number, also where it is zero; by one statement."""
    numbers = dict(_held(tuple(_REGISTRY), day, unit=unit.pk))
    return [(one, numbers.get(one.name, 0)) for one in _REGISTRY.values()]


@prepared
def _held(names: tuple[str, ...], day: date, *, unit: int) -> QuerySet:
    on = Organisation(pk=unit)
    return _counted((one, one.held(on, day), one.once) for one in map(named, names))


def countable(*names: str) -> list[Dependant]:
    """Those of these names that can be counted for many units at once; without names, all of them."""
    found = [one for one in _REGISTRY.values() if one.rows is not None]
    return [one for one in found if not names or one.name in names]


def totals(found: Iterable[Dependant], path: str, day: date) -> dict[str, int]:
    """By their names how many hang, as of the day, on the unit at the path and on all under it; by one statement."""
    names = tuple(one.name for one in found if one.rows is not None)
    return dict(_standing_under(names, day, first=path, behind=path_end(path))) if names else {}


@prepared
def _standing_under(names: tuple[str, ...], day: date, *, first: str, behind: str) -> QuerySet:
    here = Position.objects.as_at(day).filter(path__gte=first, path__lt=behind).values("organisation")
    asked = [(one, one.rows) for one in map(named, names)]
    return _counted((one, rows(day).filter(**{f"{one.field}__in": here}), "pk") for one, rows in asked if rows)


def _counted(asked: Iterable[tuple[Dependant, QuerySet, str]]) -> QuerySet:
    """The name of each with its number."""
    parts = [
        rows.order_by()
        .annotate(dependant=Value(one.name, CharField()))
        .values("dependant")
        .annotate(number=Count(once, distinct=once != "pk"))
        .values_list("dependant", "number")
        for one, rows, once in asked
    ]
    return parts[0].union(*parts[1:], all=True)


def tally(dependant: Dependant, units: Iterable[Organisation], day: date, deep: bool = False) -> dict[int, int]:
    """Numbers by unit, as of the day; `deep`: with all under it. As many queries for one unit as for a hundred."""
    if dependant.rows is None:
        raise ValueError(f"{dependant.name} cannot be counted for many units")
    keys, rows = [unit.pk for unit in units], dependant.rows(day)
    if not deep:
        return dict(_grouped(rows.filter(**{f"{dependant.field}__in": keys}), dependant.field))
    paths = dict(Position.objects.as_at(day).filter(organisation__in=keys).values_list("path", "organisation"))
    if not paths:
        return {}
    ranges = Q()
    for path in _outermost(paths):
        ranges |= below(path)
    here = Position.objects.as_at(day).filter(ranges)
    rows = rows.filter(**{f"{dependant.field}__in": here.values("organisation")})
    stands = dict(here.values_list("organisation", "path"))
    found: Counter[int] = Counter()
    for unit, number in _grouped(rows, dependant.field):
        path = stands[unit]
        for end in range(KEY_WIDTH, len(path) + 1, KEY_WIDTH):
            if path[:end] in paths:
                found[paths[path[:end]]] += number
    return dict(found)


def _grouped(rows: QuerySet, field: str) -> Any:
    return rows.order_by().values_list(field).annotate(number=Count("pk"))


def _outermost(paths: Iterable[str]) -> list[str]:
    ordered = sorted(paths)
    found: list[str] = []
    for path in ordered:
        if not found or not path.startswith(found[-1]):
            found.append(path)
    return found
