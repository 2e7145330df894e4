"""Rows that are stored by a statement put together once: Django takes longer to put it together than to store them."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache, lru_cache
from typing import Any, TypeVar

from django.db import connection, models

_MOST = 900  # values a statement: SQLite takes a limited number
Row = TypeVar("Row", bound=models.Model)


def insert(rows: Iterable[Row], over: tuple[str, ...] = (), unless: str = "") -> list[Row]:
    """The rows, all of one model, are stored; those without a key know theirs afterwards. As `bulk_create` does it.

    `over`: where a row with the key of one of them is stored, these fields of it become as that one's, and no other;
    but where its field `unless` already has a value it stays as it is. Returns the rows that were written: those with
    a key that was given first.
    """
    ordered = sorted(rows, key=lambda row: row.pk is None)
    written: list[Row] = []
    if ordered:
        size = max(1, _MOST // len(_fields(type(ordered[0]), keyed=ordered[0].pk is not None)))
        for start in range(0, len(ordered), size):
            written += _insert(ordered[start : start + size], over, unless)
    return written


def _insert(rows: list[Row], over: tuple[str, ...], unless: str) -> list[Row]:
    model: Any = type(rows[0])
    given = {row.pk for row in rows if row.pk is not None}
    values = [
        field.get_db_prep_save(field.pre_save(row, True), connection)
        for row in rows
        for field in _fields(model, keyed=row.pk is not None)
    ]
    with connection.cursor() as cursor:
        cursor.execute(_statement(connection.vendor, model, len(given), len(rows) - len(given), over, unless), values)
        keys = [key for (key,) in cursor.fetchall()]
    written = [row for row in rows if row.pk is None or row.pk in keys]
    made = iter(key for key in keys if key not in given)
    for row in written:
        row.pk = next(made) if row.pk is None else row.pk
        row._state.adding, row._state.db = False, connection.alias
    return written


@cache
def _fields(model: Any, keyed: bool) -> tuple[Any, ...]:
    return tuple(field for field in model._meta.concrete_fields if keyed or not field.primary_key)


@lru_cache(maxsize=200)
def _statement(_vendor: str, model: Any, keyed: int, others: int, over: tuple[str, ...], unless: str) -> str:
    """For so many rows that have a key, then so many others, which the database gives one."""

    def column(name: str) -> str:
        return connection.ops.quote_name(model._meta.get_field(name).column)

    table, key = connection.ops.quote_name(model._meta.db_table), column(model._meta.pk.name)
    fields = _fields(model, keyed=keyed > 0)
    row = _listed("%s" for _field in fields)
    other = _listed(connection.ops.pk_default_value() if field.primary_key else "%s" for field in fields)
    words = ["INSERT INTO", table, _listed(column(field.name) for field in fields)]
    words += ["VALUES", ", ".join([row] * keyed + [other] * others)]
    if over:
        changed = ", ".join(f"{column(name)} = EXCLUDED.{column(name)}" for name in over)
        words += ["ON CONFLICT", _listed([key]), "DO UPDATE SET", changed]
        words += ["WHERE", f"{table}.{column(unless)} IS NULL"] if unless else []
    return " ".join([*words, "RETURNING", key])


def _listed(words: Iterable[str]) -> str:
    return f"({', '.join(words)})"
