"""Statements that PostgreSQL plans once: what is known of a candidate takes longer to plan than to answer."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db import connection

_OFTEN = 3  # from so many times on a connection it is worth telling the server of the statement
_LARGEST = 2**31 - 1
_TYPES = ((bool, "boolean"), (int, "integer"), (date, "date"), (str, "text"))


def told(name: str, sql: str, params: Sequence[Any]) -> tuple[str, Sequence[Any]]:
    """What is to be executed for the statement, which always has the same parameters but for their values; `name` is
    its own.
    """
    if connection.vendor != "postgresql" or not all(map(_is_plain, params)):
        return sql, params
    connection.ensure_connection()
    used = _used()
    used[name] += 1
    if used[name] == _OFTEN:
        _prepare(name, sql, params)
    return _call(name, params) if used[name] >= _OFTEN else (sql, params)


def _used() -> Counter[str]:
    """How often statements were asked on this connection to the server."""
    kept = getattr(connection, "_planned", None)
    if kept is None or kept[0] is not connection.connection:
        kept = connection._planned = connection.connection, Counter()  # type: ignore[attr-defined]
    return kept[1]


def _prepare(name: str, sql: str, params: Sequence[Any]) -> None:
    types = ", ".join(next(named for kind, named in _TYPES if isinstance(one, kind)) for one in params)
    numbers = itertools.count(1)
    numbered = re.sub("%s|%%", lambda found: f"${next(numbers)}" if found[0] == "%s" else "%", sql)
    with connection.connection.cursor() as cursor:
        cursor.execute(f"PREPARE {name} ({types}) AS {numbered}")


def _call(name: str, params: Sequence[Any]) -> tuple[str, Sequence[Any]]:
    return f"EXECUTE {name} ({', '.join(['%s'] * len(params))})", params


def _is_plain(value: Any) -> bool:
    """Whether it is of a type that the server is told, and fits it."""
    if isinstance(value, int):
        return abs(value) <= _LARGEST
    return type(value) is date or isinstance(value, str)
