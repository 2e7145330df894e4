"""What an operation reads about the rows it holds is read once; again only what it has itself written meanwhile.

Whoever else changes what is so about a row waits for its lock before the end, and then reads what is stored. So from
the lock to the commit nothing about the rows changes but by the operation's own statements.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextvars import ContextVar
from typing import Any, TypeVar

from django.db import connection, models
from django.db.models import QuerySet

Rows = dict[str, list[Any]]
Row = TypeVar("Row", bound=models.Model)
Whole = Mapping[type[models.Model], tuple[str, str]]
_WRITES = re.compile(r'(?:INSERT (?:OR \w+ )?INTO|UPDATE|DELETE FROM) "?(\w+)')
_READS = re.compile(r'\b(?:FROM|JOIN) "?(\w+)')
_held: ContextVar[Held | None] = ContextVar("held", default=None)
compared = False  # tests: what is kept of an earlier reading is compared with one made anew


class Held:
    """Rows that are locked until the end of the transaction, which tables were written to since, and what was read."""

    def __init__(self, rows: Sequence[models.Model]):
        self.held = list(rows)
        self.written: list[str] = []  # in the order of the statements
        self.values: Mapping[str, Any] | None = None
        self.found: Rows = {}
        self.whole: Whole = {}
        self.read_at = 0  # how many statements had been written by then

    def __call__(self, execute: Callable[..., Any], sql: str, *more: Any) -> Any:
        """Around every statement of the connection."""
        if found := _WRITES.match(sql):
            self.written.append(found[1])
        return execute(sql, *more)

    def rows(
        self, tables: Mapping[str, frozenset[str]], ask: Callable[..., Rows], values: Mapping[str, Any], whole: Whole
    ) -> Rows:
        """What `ask(names, **values)` answers for all names; each is answered from these tables.

        `whole` says under which name all rows of a kind that are so are found, and of whom: by the name of the value.
        """
        names = [name for name in tables if self.values != values or not tables[name].isdisjoint(self._since())]
        self.found = {**self.found, **ask(tuple(names), **values)} if names else self.found
        self.values, self.whole, self.read_at = values, whole, len(self.written)
        if compared and _in_any_order(anew := ask(tuple(tables), **values)) != _in_any_order(self.found):
            raise AssertionError(f"what is kept of {self.held!r} is no longer so: {self.found}, now {anew}")
        return dict(self.found)

    def live(self, model: type[models.Model], owners: Collection[int]) -> list[Any] | None:
        """The rows of the kind that are so of these, where they were read and none was written since."""
        name, value = self.whole.get(model, ("", ""))
        if not name or not self.values or not set(owners) <= set(self.values[value]):
            return None
        return None if model._meta.db_table in self._since() else self.found[name]

    def _since(self) -> set[str]:
        return set(self.written[self.read_at :])


@contextlib.contextmanager
def holding(*rows: models.Model) -> Iterator[None]:
    """Within the block the rows, which are locked and were read after that, are held."""
    held = Held(rows)
    token = _held.set(held)
    try:
        with connection.execute_wrapper(held):
            yield
    finally:
        _held.reset(token)


def held(rows: Sequence[models.Model]) -> Held | None:
    """What is held, if these are the rows, in that order."""
    found = _held.get()
    return found if found and list(rows) == found.held else None


def held_rows(kind: type[Row]) -> list[Row]:
    """The rows of the kind that the operation under way holds."""
    found = _held.get()
    return [row for row in found.held if isinstance(row, kind)] if found else []


def live(model: type[models.Model], owners: Collection[int]) -> list[Any] | None:
    """What an operation has read of the kind about the rows it holds, as it still is; None: it is to be asked."""
    found = _held.get()
    return found.live(model, owners) if found else None


def tables_of(rows: QuerySet) -> frozenset[str]:
    """The tables from which the rows are read, subqueries included."""
    return frozenset(_READS.findall(str(rows.query)))


def _in_any_order(found: Rows) -> dict[str, list[str]]:
    return {name: sorted(map(repr, rows)) for name, rows in found.items()}
