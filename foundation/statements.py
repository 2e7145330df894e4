"""Statements that are put together once: Django takes longer to put one together than the database to answer it."""

from __future__ import annotations

import copy
import functools
import itertools
import re
import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Protocol

from django.db import connection, connections
from django.db.models import QuerySet, Value
from django.db.models.sql import UpdateQuery

from foundation import planned

_NUMBERS = itertools.count()
_SMALL = 120  # values; a statement with more is put together anew
_KEPT = 120  # statements, of 70 KB each
_STAND_IN = re.compile("(\ue000[0-9]+\ue001)")
_Made = tuple["Statement", list[Any], list[bool]]
_SHELF: OrderedDict[Any, _Made] = OrderedDict()  # the last used at its end
_shelf_lock = threading.Lock()
compared: Callable[..., bool] | None = None  # tests: which statements are compared with those put together anew


@dataclass(frozen=True, slots=True)
class By:
    """A value that decides a statement by its `key` alone, as a reader does by who they are and their rights."""

    key: Hashable
    value: Any = field(compare=False, repr=False)


class Statement(Protocol):
    """What is kept: SQL with its parameters, and how it is asked with others."""

    sql: str
    params: Sequence[Any]

    def rows(self, params: Sequence[Any], changing: Sequence[bool] | None) -> Any:
        """What the database answers; `changing` says of each parameter whether it does, None: asked once."""


class Kept:
    """What `build(*fixed, **values)` asks, put together once for equal `fixed` and values of the same kinds.

    The values are whole numbers, texts, days, and lists of them, and come to stand in the statement as they are, texts
    also within a pattern of LIKE; None decides what is asked. Whatever else decides it is in `fixed`, which can be
    hashed: of a reader the key and the rights.
    """

    def __init__(
        self, build: Callable[..., Any], make: Callable[[Any], Statement], may_plan: Callable[..., bool] | None = None
    ):
        self.build, self.make, self.may_plan = build, make, may_plan

    def __call__(self, *fixed: Any, **values: Any) -> Any:
        """The answer for these."""
        named = {name: value if isinstance(value, list) else [value] for name, value in values.items()}
        if sum(map(len, named.values())) > _SMALL:
            anew = self.make(self.build(*fixed, **values))
            return anew.rows(anew.params, None)
        kinds = tuple((name, isinstance(values[name], list), *map(type, each)) for name, each in named.items())
        keys = tuple(By(one.key, None) if isinstance(one, By) else one for one in fixed)
        label = self, connection.vendor, keys, kinds
        statement, places, changing = self._statement(label, fixed)
        adapted = {name: list(map(_adapted, each)) for name, each in named.items()}
        params = [place(adapted) if place else given for place, given in places]
        if compared and compared(label, fixed, tuple(map(tuple, named.values()))):
            anew = self.make(self.build(*fixed, **values))
            if (anew.sql, list(anew.params)) != (statement.sql, params):
                raise AssertionError(f"{self.build} depends on more than it is kept by: {anew.sql} {anew.params}")
        return statement.rows(params, changing if self.may_plan is None or self.may_plan(*fixed) else None)

    def _statement(self, label: tuple[Any, ...], fixed: Any) -> _Made:
        """From the shelf, else put together; of what decides it only the keys stay there, no request and no user."""
        with _shelf_lock:
            if label in _SHELF:
                _SHELF.move_to_end(label)
                return _SHELF[label]
        made = self._put_together(fixed, label[-1])
        with _shelf_lock:
            _SHELF[label] = made
            if len(_SHELF) > _KEPT:
                _SHELF.popitem(last=False)
        return made

    def _put_together(self, fixed: Any, kinds: Any) -> _Made:
        """The statement with stand-ins for the values; of each parameter where its value is found, and which change."""
        stand_ins: dict[str, Any] = {}
        places: dict[Any, tuple[str, int]] = {}
        numbers = itertools.count()
        for name, is_list, *types in kinds:
            made = [_stand_in(kind, next(numbers)) for kind in types]
            places |= {_adapted(one): (name, at) for at, one in enumerate(made) if one is not None}
            stand_ins[name] = made if is_list else made[0]
        statement = self.make(self.build(*fixed, **stand_ins))
        found = [(_found(given, places), given) for given in statement.params]
        return statement, found, [place is not None for place, _given in found]


def forget() -> None:
    """Statements are put together anew: what decides them has changed in another way than by what is in `fixed`."""
    with _shelf_lock:
        _SHELF.clear()


def prepared(build: Callable[..., QuerySet]) -> Callable[..., list[Any]]:
    """The function that answers the rows of the queryset that `build` returns; see `Kept`."""
    kept = Kept(build, _Rows)
    return functools.wraps(build)(lambda *fixed, **values: kept(*fixed, **values))


def sought(may_plan: Callable[..., bool]) -> Callable[[Callable[..., QuerySet]], Callable[..., list[Any]]]:
    """The same for what looks for texts among many names: how many have them decides which way is the best, and
    PostgreSQL does not know them when it plans beforehand. It may where `may_plan(*fixed)` says that there is but one.
    """

    def decorate(build: Callable[..., QuerySet]) -> Callable[..., list[Any]]:
        kept = Kept(build, _Rows, may_plan)
        return functools.wraps(build)(lambda *fixed, **values: kept(*fixed, **values))

    return decorate


def updating(build: Callable[..., tuple[QuerySet, Mapping[str, Any]]]) -> Callable[..., int]:
    """The function that changes the rows of the queryset that `build` returns to the values beside it; how many."""
    kept = Kept(build, _Update)
    return functools.wraps(build)(lambda *fixed, **values: kept(*fixed, **values))


def totals(rows: QuerySet, **wanted: Any) -> QuerySet:
    """One row with these aggregates of all rows, as a tuple: `aggregate`, to be prepared."""
    return rows.order_by().values(all_of_them=Value(1)).annotate(**wanted).values_list(*wanted)


class _Rows:
    """The statement of a queryset."""

    def __init__(self, rows: QuerySet):
        self.queryset = rows
        self.name = f"rows_{next(_NUMBERS)}"
        # asked also where nothing can be found: the row of totals is there nevertheless
        self.compiler = rows.query.get_compiler(using=rows.db, elide_empty=False)
        self.sql, self.params = self.compiler.as_sql()
        columns = self.compiler.select[: self.compiler.col_count]
        self.converters = self.compiler.get_converters([column for column, *_rest in columns])

    def rows(self, params: Sequence[Any], changing: Sequence[bool] | None) -> list[Any]:
        """As the queryset would have them: objects, dictionaries or tuples."""
        asked_as = planned.told(self.name, self.sql, tuple(params), changing)
        asked, using = self.queryset, self.queryset.db
        compiler = copy.copy(self.compiler)
        compiler.connection = connections[using]
        compiler.as_sql = lambda *_args, **_options: asked_as
        compiler.get_converters = lambda _columns: self.converters
        query = object.__new__(type(asked.query))
        query.__dict__ = {**asked.query.__dict__, "get_compiler": lambda *_args, **_options: compiler}
        fresh = type(asked)(asked.model, query, using)
        for name in ("_iterable_class", "_fields"):
            setattr(fresh, name, getattr(asked, name))
        return list(fresh)


class _Update:
    """The statement that changes the rows of a queryset."""

    def __init__(self, asked: tuple[QuerySet, Mapping[str, Any]]):
        rows, values = asked
        query: Any = rows.query.chain(UpdateQuery)
        query.add_update_values(values)
        self.sql, self.params = query.get_compiler(using=rows.db).as_sql()

    def rows(self, params: Sequence[Any], _changing: Sequence[bool] | None) -> int:
        """How many were changed. The server is not told beforehand: what is written is read from the statement."""
        with connection.cursor() as cursor:
            cursor.execute(self.sql, params)
            return cursor.rowcount


def _found(given: Any, places: Mapping[Any, tuple[str, int]]) -> Callable[[Mapping[str, list[Any]]], Any] | None:
    """What fills a parameter in which a stand-in is found; a text within a longer one is part of a pattern of LIKE."""
    if given in places:
        name, place = places[given]
        return lambda named: named[name][place]
    parts = _STAND_IN.split(given) if isinstance(given, str) else []
    if len(parts) < 2:
        return None
    escaped = connection.ops.prep_for_like_query
    where = [places.get(part) for part in parts]
    return lambda named: "".join(
        escaped(named[at[0]][at[1]]) if at else part for at, part in zip(where, parts, strict=True)
    )


def _stand_in(kind: type, number: int) -> Any:
    """A value of that kind that is no other in the statement."""
    if kind is type(None):
        return None
    if issubclass(kind, date):
        return date.fromordinal(3_000_000 + number)
    return f"\ue000{number}\ue001" if issubclass(kind, str) else 7_000_000_000_000 + number


def _adapted(value: Any) -> Any:
    return connection.ops.adapt_datefield_value(value) if isinstance(value, date) else value
