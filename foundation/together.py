"""Rows of several kinds, read by one statement: rules and pages need a little of much about one thing.

One statement is one moment of the database, and one way to the server instead of twenty.
"""

from __future__ import annotations

import itertools
import json
from collections import namedtuple
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime
from functools import lru_cache
from operator import attrgetter
from typing import Any, TypeVar

from django.core.exceptions import EmptyResultSet
from django.db import connection, models
from django.db.models import QuerySet, Value
from django.db.models.functions import JSONArray

from foundation import planned
from foundation.statements import Kept

Asked = tuple[Any, ...]  # a queryset, then the names of the fields that are wanted of its rows
Row = TypeVar("Row", bound=models.Model)
_NUMBERS = itertools.count()
_PLAIN = (models.CharField, models.TextField, models.IntegerField, models.ForeignKey)


def _moment(text: str) -> datetime:
    """SQLite leaves the zone out: it is UTC."""
    found = datetime.fromisoformat(text)
    return found if found.tzinfo else found.replace(tzinfo=UTC)


_READ: dict[type[models.Field], Callable[[Any], Any]] = {
    models.DateField: date.fromisoformat,
    models.DateTimeField: _moment,
    models.BooleanField: bool,
}


def read_together(**asked: Asked) -> dict[str, list[Any]]:
    """For each name the rows of its queryset, in the queryset's order, as tuples with the fields' names.

    Order by fields that are asked for, ascending. Texts, whole numbers, keys, days, moments, booleans can be asked for.
    """
    statement = _Statement(asked)
    return statement.rows(statement.params, None)


def whole(rows: QuerySet) -> Asked:
    """The rows with all their values: `objects` makes of them what they are."""
    return rows, *(field.attname for field in rows.model._meta.concrete_fields)


def objects(model: type[Row], rows: Sequence[Any]) -> list[Row]:
    """The rows that were asked for `whole`."""
    names = [field.attname for field in model._meta.concrete_fields]
    return [model.from_db(connection.alias, names, row) for row in rows]


def prepared(build: Callable[..., Mapping[str, Asked]]) -> Kept:
    """What `read_together` answers to what `build` asks, put together once: see `Kept`."""
    return Kept(build, _Statement)


class _Statement:
    """SQL for several querysets, and how its rows are read."""

    def __init__(self, asked: Mapping[str, Asked]):
        self.name = f"together_{next(_NUMBERS)}"
        self.shapes = {name: _shape(rows.model, tuple(fields)) for name, (rows, *fields) in asked.items()}
        self.orders = {name: attrgetter(*order) for name, (rows, *_) in asked.items() if (order := rows.query.order_by)}
        parts = [_part(name, *one) for name, one in asked.items()]
        self.params: Sequence[Any]
        try:
            self.sql, self.params = parts[0].union(*parts[1:], all=True).query.sql_with_params()
        except EmptyResultSet:
            self.sql, self.params = "", ()

    def rows(self, params: Any, changing: Sequence[bool] | None) -> dict[str, list[Any]]:
        """What the database answers."""
        found: dict[str, list[Any]] = {name: [] for name in self.shapes}
        answer = self._answer(params, changing)
        texts = ",".join(text for _name, text in answer)
        for (name, _text), values in zip(answer, json.loads(f"[{texts}]"), strict=True):
            row, readers = self.shapes[name]
            for place, read in readers:
                if (value := values[place]) is not None:
                    values[place] = read(value)
            found[name].append(row._make(values))
        for name, order in self.orders.items():
            found[name].sort(key=order)
        return found

    def _answer(self, params: Any, changing: Sequence[bool] | None) -> list[Any]:
        if not self.sql:
            return []
        with connection.cursor() as cursor:
            cursor.execute(*planned.told(self.name, self.sql, params, changing))
            return cursor.fetchall()


def _part(name: str, rows: QuerySet, *fields: str) -> QuerySet:
    text = Value(name, models.CharField())
    return rows.order_by().values_list(text, JSONArray(*fields))


@lru_cache(maxsize=200)
def _shape(model: type[models.Model], fields: tuple[str, ...]) -> tuple[Any, list[tuple[int, Callable[[Any], Any]]]]:
    """The kind of its rows, and how the values at some places are read."""
    readers = enumerate(_reader(model, field) for field in fields)
    return namedtuple(model.__name__, fields), [(place, read) for place, read in readers if read]


def _reader(model: type[models.Model], path: str) -> Callable[[Any], Any] | None:
    """How the database's JSON becomes the field's value; None: it is as it is."""
    found: Any = None
    for name in path.split("__"):
        found = model._meta.pk if name == "pk" else model._meta.get_field(name)
        model = found.related_model or model
    read = _READ.get(type(found))
    if read is None and not isinstance(found, _PLAIN):
        raise TypeError(f"{found} cannot be read together with others")
    return read
