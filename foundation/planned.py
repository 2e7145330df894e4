"""Statements that PostgreSQL plans once a connection: planning takes it as long as answering."""

from __future__ import annotations

import re
from collections import Counter, OrderedDict
from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db import connection

OFTEN = 3  # from so many times on a connection it is worth telling the server of the statement
MOST = 50  # plans a connection, of 300 KB each; then the one that was asked longest ago is given up
_LARGEST = 2**31 - 1
_TYPES = ((bool, "boolean"), (int, "integer"), (date, "date"), (str, "text"))


class _Connection:
    """What one connection to the server was asked."""

    def __init__(self, server: Any):
        self.server = server
        self.used: Counter[str] = Counter()
        self.planned: OrderedDict[str, None] = OrderedDict()  # the last asked at its end


def told(name: str, sql: str, params: Sequence[Any], changing: Sequence[bool] | None) -> tuple[str, Sequence[Any]]:
    """What is to be executed for the statement of that name, which always has the same parameters but for the values of
    those that are `changing`; None for one that is asked once. The others are planned with as they are: a reader's part
    of the tree is as large as it is.
    """
    if changing is None or connection.vendor != "postgresql":
        return sql, params
    values = [value for value, changes in zip(params, changing, strict=True) if changes]
    if not all(map(_is_plain, values)):
        return sql, params
    connection.ensure_connection()
    ours = _ours()
    if name not in ours.planned:
        ours.used[name] += 1
        if ours.used[name] < OFTEN:
            return sql, params
        _plan(ours, name, sql, params, changing)
    ours.planned.move_to_end(name)
    return f"EXECUTE {name}{_listed(['%s'] * len(values))}", values


def _ours() -> _Connection:
    kept = getattr(connection, "_planned", None)
    if kept is None or kept.server is not connection.connection:
        kept = connection._planned = _Connection(connection.connection)  # type: ignore[attr-defined]
    return kept


def _plan(ours: _Connection, name: str, sql: str, params: Sequence[Any], changing: Sequence[bool]) -> None:
    """The server knows the statement by its name."""
    types: list[str] = []
    each = iter(zip(params, changing, strict=True))
    with ours.server.cursor() as cursor:

        def written(found: re.Match[str]) -> str:
            if found[0] == "%%":
                return "%"
            value, changes = next(each)
            if not changes:
                return str(cursor.mogrify("%s", [value]).decode())
            types.append(next(named for kind, named in _TYPES if isinstance(value, kind)))
            return f"${len(types)}"

        whole = re.sub("%s|%%", written, sql)
        cursor.execute(f"PREPARE {name}{_listed(types)} AS {whole}")
        ours.planned[name] = None
        while len(ours.planned) > MOST:
            oldest, _none = ours.planned.popitem(last=False)
            del ours.used[oldest]
            cursor.execute(f"DEALLOCATE {oldest}")


def _listed(words: Sequence[str]) -> str:
    return f" ({', '.join(words)})" if words else ""


def _is_plain(value: Any) -> bool:
    """Whether it is of a type that the server is told, and fits it."""
    if isinstance(value, int):
        return abs(value) <= _LARGEST
    return type(value) is date or isinstance(value, str)
