"""Rows of several kinds, read by one statement: rules and pages need a little of much about one thing.

One statement is one moment of the database, and one way to the server instead of twenty.
"""

from __future__ import annotations

import json
from collections import namedtuple
from collections.abc import Callable, Mapping
from datetime import date
from functools import lru_cache
from operator import attrgetter
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection, models
from django.db.models import QuerySet, Value
from django.db.models.functions import JSONArray

Asked = tuple[Any, ...]  # a queryset, then the names of the fields that are wanted of its rows
_PLAIN = (models.CharField, models.TextField, models.IntegerField, models.ForeignKey)
_READ: dict[type[models.Field], Callable[[Any], Any]] = {
    models.DateField: date.fromisoformat,
    models.BooleanField: bool,
}
_SMALL = 60  # values; a statement with more is put together anew


def read_together(**asked: Asked) -> dict[str, list[Any]]:
    """For each name the rows of its queryset, in the queryset's order, as tuples with the fields' names.

    Order by fields that are asked for, ascending. Texts, whole numbers, keys, days and booleans can be asked for.
    """
    statement = _Statement(asked)
    return statement.rows(statement.params)


class Prepared:
    """`read_together` of what `build(**values)` asks, put together once for values of the same kinds and numbers.

    Django needs longer to put a long statement together than the database to answer it. The values are whole numbers,
    texts, days and lists of them; each must come to stand in the statement as it is, and nothing else may decide what
    is asked.
    """

    def __init__(self, build: Callable[..., Mapping[str, Asked]]):
        self.build = build
        self.kept: dict[Any, tuple[_Statement, list[Any]]] = {}

    def __call__(self, **values: Any) -> dict[str, list[Any]]:
        """The rows for these values."""
        named = {name: value if isinstance(value, list) else [value] for name, value in values.items()}
        if sum(map(len, named.values())) > _SMALL:
            return read_together(**self.build(**values))
        shape = (connection.vendor, *((name, *map(type, each)) for name, each in named.items()))
        if shape not in self.kept:
            self.kept[shape] = self._prepared(values, named)
        statement, places = self.kept[shape]
        return statement.rows([_adapted(named[place[0]][place[1]]) if place else given for place, given in places])

    def _prepared(self, values: Mapping[str, Any], named: Mapping[str, list[Any]]) -> tuple[_Statement, list[Any]]:
        """The statement with stand-ins for the values, and for each of its parameters where the value is found."""
        stand_ins, places, number = {}, {}, 0
        for name, each in named.items():
            made = []
            for place, value in enumerate(each):
                number += 1
                made.append(_stand_in(value, number))
                places[_adapted(made[-1])] = (name, place)
            stand_ins[name] = made if isinstance(values[name], list) else made[0]
        statement = _Statement(self.build(**stand_ins))
        return statement, [(places.get(given), given) for given in statement.params]


class _Statement:
    """SQL for several querysets, and how its rows are read."""

    def __init__(self, asked: Mapping[str, Asked]):
        self.shapes = {name: _shape(rows.model, tuple(fields)) for name, (rows, *fields) in asked.items()}
        self.orders = {name: attrgetter(*order) for name, (rows, *_) in asked.items() if (order := rows.query.order_by)}
        parts = [_part(name, *one) for name, one in asked.items()]
        try:
            self.sql, self.params = parts[0].union(*parts[1:], all=True).query.sql_with_params()
        except EmptyResultSet:
            self.sql, self.params = "", ()

    def rows(self, params: Any) -> dict[str, list[Any]]:
        """What the database answers."""
        found: dict[str, list[Any]] = {name: [] for name in self.shapes}
        for name, values in self._answer(params):
            row, readers = self.shapes[name]
            found[name].append(row._make(read(value) for read, value in zip(readers, json.loads(values), strict=True)))
        for name, order in self.orders.items():
            found[name].sort(key=order)
        return found

    def _answer(self, params: Any) -> list[Any]:
        if not self.sql:
            return []
        with connection.cursor() as cursor:
            cursor.execute(self.sql, params)
            return cursor.fetchall()


def _stand_in(value: Any, number: int) -> Any:
    """A value of the same kind that is no other in the statement."""
    if isinstance(value, date):
        return date.fromordinal(3_000_000 + number)
    return f"\ue000{number}" if isinstance(value, str) else 7_000_000_000_000 + number


def _adapted(value: Any) -> Any:
    return connection.ops.adapt_datefield_value(value) if isinstance(value, date) else value


def _part(name: str, rows: QuerySet, *fields: str) -> QuerySet:
    text = Value(name, models.CharField())
    return rows.order_by().values_list(text, JSONArray(*fields))


@lru_cache(maxsize=200)
def _shape(model: type[models.Model], fields: tuple[str, ...]) -> tuple[Any, tuple[Callable[[Any], Any], ...]]:
    return namedtuple(model.__name__, fields), tuple(_reader(model, field) for field in fields)


def _reader(model: type[models.Model], path: str) -> Callable[[Any], Any]:
    """How the database's JSON becomes the field's value."""
    found: Any = None
    for name in path.split("__"):
        found = model._meta.pk if name == "pk" else model._meta.get_field(name)
        model = found.related_model or model
    read = _READ.get(type(found))
    if read is None and not isinstance(found, _PLAIN):
        raise TypeError(f"{found} cannot be read together with others")
    return lambda value: read(value) if read and value is not None else value
