"""Rows that are stored by a statement put together once: Django takes longer to put it together than to store them."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache, lru_cache
from typing import Any, TypeVar

from django.db import connection, models

_MOST = 900  # values a statement: SQLite takes a limited number
Row = TypeVar("Row", bound=models.Model)


def insert(rows: Iterable[Row], over: bool = False) -> list[Row]:
    """The rows, all of one model, are stored; those without a key know theirs afterwards. As `bulk_create` does it.

    `over`: a stored row with the key of one of them becomes as that one.
    """
    stored = list(rows)
    if stored:
        keyed = stored[0].pk is not None
        fields = _fields(type(stored[0]), keyed)
        size = max(1, _MOST // len(fields))
        for start in range(0, len(stored), size):
            _insert(stored[start : start + size], fields, keyed, over)
    return stored


def _insert(rows: list[Any], fields: tuple[Any, ...], keyed: bool, over: bool) -> None:
    model: Any = type(rows[0])
    values = [field.get_db_prep_save(field.pre_save(row, True), connection) for row in rows for field in fields]
    with connection.cursor() as cursor:
        cursor.execute(_statement(connection.vendor, model, len(rows), keyed, over), values)
        keys = [row.pk for row in rows] if keyed else [key for (key,) in cursor.fetchall()]
    for row, key in zip(rows, keys, strict=True):
        row.pk = key
        row._state.adding, row._state.db = False, connection.alias


@cache
def _fields(model: Any, keyed: bool) -> tuple[Any, ...]:
    return tuple(field for field in model._meta.concrete_fields if keyed or not field.primary_key)


@lru_cache(maxsize=200)
def _statement(_vendor: str, model: Any, number: int, keyed: bool, over: bool) -> str:
    quoted = connection.ops.quote_name
    columns, key = [quoted(field.column) for field in _fields(model, keyed)], quoted(model._meta.pk.column)
    row = _listed(["%s"] * len(columns))
    words = ["INSERT INTO", quoted(model._meta.db_table), _listed(columns), "VALUES", ", ".join([row] * number)]
    if over:
        replaced = ", ".join(f"{column} = EXCLUDED.{column}" for column in columns if column != key)
        words += ["ON CONFLICT", _listed([key]), "DO UPDATE SET", replaced]
    return " ".join(words if keyed else [*words, "RETURNING", key])


def _listed(words: list[str]) -> str:
    return f"({', '.join(words)})"
