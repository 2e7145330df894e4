"""The rows of a file with their values, and the sentences about them that every template shares."""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from dateutil.relativedelta import relativedelta
from django.db.models import Max, Min, QuerySet
from django.utils.translation import gettext_lazy as _

from foundation.days import format_day
from foundation.facts import OPEN
from membership import scope
from membership.models import Organisation, Person, Position
from membership.register.columns import TEMPLATES

FIRST_DAY = date(1930, 2, 3)  # the Party was founded
YOUNGEST, OLDEST = 18, 110  # years
_AT_ONCE = 400


@dataclass(slots=True)
class Row:
    """One row as read: values by column, and findings as (column, sentence).

    `registered`: who stands in the register already, where the user may know; `helps`: columns that could mend it,
    beside those in which something was found.
    """

    number: int
    cells: Sequence[str]
    values: dict[str, Any] = field(default_factory=dict)
    findings: list[tuple[str, Any]] = field(default_factory=list)
    registered: Person | None = None
    helps: set[str] = field(default_factory=set)

    def find(self, column: str, sentence: Any, helps: Iterable[str] = ()) -> None:
        """Something is wrong in that column, and these others help."""
        self.findings.append((column, sentence))
        self.helps.update(helps)

    def is_wrong(self, column: str) -> bool:
        """Whether something was found in that column."""
        return any(name == column for name, _sentence in self.findings)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """A file as it is to be taken over by `user`: cells by row, and what is known about them."""

    template: str
    columns: Mapping[str, int]  # our column -> place in a row
    cells: Sequence[tuple[int, Sequence[str]]]  # (row number, cells)
    lossy: Collection[tuple[int, int]]  # (row number, place) of numbers that may have lost digits
    left_out: Collection[int]  # row numbers
    as_on: date
    user: Any

    def rows(self) -> list[Row]:
        """Every row with its values, and what is wrong with single cells."""
        return [self._read(Row(number, cells)) for number, cells in self.cells]

    def taken(self, rows: Iterable[Row]) -> Iterator[Row]:
        """The rows that were not left out."""
        return (row for row in rows if row.number not in self.left_out)

    def _read(self, row: Row) -> Row:
        for column in TEMPLATES[self.template]:
            place = self.columns.get(column.name)
            cell = row.cells[place].strip() if place is not None and place < len(row.cells) else ""
            if not cell:
                if column.required:
                    row.find(column.name, _("%(column)s is missing.") % {"column": column.heading})
            elif (row.number, place) in self.lossy:
                row.find(
                    column.name, _("The sheet has rounded this number: “%(cell)s”. Type it as text.") % {"cell": cell}
                )
            else:
                try:
                    row.values[column.name] = column.read(cell)
                except ValueError as error:
                    row.find(column.name, error.args[0])
        return row


class First:
    """Which of the rows taken has a value first: a later one with the same value is told of it."""

    def __init__(self, rows: Iterable[Row], key: Callable[[Row], Hashable | None]):
        self.key = key
        self.rows: dict[Hashable, Row] = {}
        for row in rows:
            if (value := key(row)) is not None:
                self.rows.setdefault(value, row)

    def other(self, row: Row) -> Row | None:
        """The row before that has the same value."""
        value = self.key(row)
        first = self.rows.get(value) if value is not None else None
        return first if first is not row else None


def folded(column: str) -> Callable[[Row], Hashable | None]:
    """The text in a column, whatever its case."""
    return lambda row: row.values[column].casefold() if column in row.values else None


def told_apart(rows: Iterable[Row], first: First, column: str, sentence: Any, helps: Iterable[str] = ()) -> None:
    """A row whose value stands in an earlier row is told the number of that row, and which other columns help."""
    for row in rows:
        if other := first.other(row):
            row.find(column, sentence % {"value": row.values[column], "row": other.number}, helps)


@dataclass(frozen=True, slots=True)
class Standing:
    """A unit of the user's, and from when to when it stands without a gap at either end."""

    unit: Organisation
    first: date
    to: date
    depth: int  # length of its path


def units_by_code(codes: Iterable[str], user: Any) -> dict[str, Standing]:
    """Units the user may import into, by code; those that never stood (of an undone file) are none."""
    wanted, found = sorted(set(codes)), {}
    for start in range(0, len(wanted), _AT_ONCE):
        units = Organisation.objects.visible_to(user, scope.IMPORTS).filter(code__in=wanted[start : start + _AT_ONCE])
        by_key = units.in_bulk()
        rows = Position.objects.so().filter(organisation__in=list(by_key)).order_by().values_list("organisation")
        for key, first, to, path in rows.annotate(Min("valid_from"), Max("valid_to"), Max("path")):
            found[by_key[key].code] = Standing(by_key[key], first, to, len(path))
    return found


def codes_in(rows: Iterable[Row], *columns: str) -> Iterator[str]:
    """What stands in these columns."""
    return (row.values[column] for row in rows for column in columns if column in row.values)


def chunks(items: Iterable[Any]) -> Iterator[list[Any]]:
    """The items, as many at once as a statement takes."""
    every = sorted(set(items))
    for start in range(0, len(every), _AT_ONCE):
        yield every[start : start + _AT_ONCE]


def stored(rows: QuerySet, column: str, values: Iterable[str]) -> set[str]:
    """Which of the values stand in that column of these rows."""
    found: set[str] = set()
    for some in chunks(values):
        found.update(rows.filter(**{f"{column}__in": some}).values_list(column, flat=True))
    return found


def stands(row: Row, column: str, units: Mapping[str, Standing]) -> Standing | None:
    """The unit whose code is in the column, if it stands for good; else the row is told."""
    code = row.values[column]
    standing = units.get(code)
    if standing is None:
        row.find(column, _("There is no unit with the code %(code)s.") % {"code": code})
    elif standing.to != OPEN:
        row.find(column, _("%(code)s is dissolved from %(day)s on.") % {"code": code, "day": format_day(standing.to)})
    else:
        return standing
    return None


def years_later(day: date, years: int) -> date:
    """The same day so many years later; 29 February becomes the 28th."""
    return day + relativedelta(years=years)


def not_after(row: Row, column: str, as_on: date) -> bool:
    """Whether the day in the column is there, and not after `as_on`; else the row is told."""
    day = row.values.get(column)
    if day and day > as_on:
        heading = next(one.heading for template in TEMPLATES.values() for one in template if one.name == column)
        row.find(column, _("%(column)s: this day comes after %(day)s.") % _on(as_on, column=heading))
    return bool(day and day <= as_on)


def plausible_birth(row: Row, column: str, as_on: date) -> date | None:
    """The first day that can be meant, if a person of that age can be in a register; else the row is told."""
    if column not in row.values:
        return None
    born: date = row.values[column][0]
    if born > as_on:
        row.find(column, _("Born after %(day)s.") % _on(as_on))
    elif born < years_later(as_on, -OLDEST):
        row.find(column, _("Nobody in a register is over 110 years old."))
    elif born > years_later(as_on, -YOUNGEST):
        row.find(column, _("Not yet 18 years old on %(day)s.") % _on(as_on))
    else:
        return born
    return None


def _on(day: date, **more: Any) -> dict[str, Any]:
    return {"day": format_day(day), **more}
