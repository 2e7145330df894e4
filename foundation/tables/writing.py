"""Tables as XLSX and CSV files: `reading.read` gives their values back, and no spreadsheet executes one."""

import contextlib
import csv
import io
import re
import tempfile
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from itertools import islice
from typing import IO, Any

import xlsxwriter
from django.core.exceptions import BadRequest
from django.http import FileResponse, HttpRequest
from django.utils import timezone, translation
from django.utils.functional import Promise
from django.utils.text import get_valid_filename
from django.utils.translation import gettext as _

from foundation.days import format_day

MOST_ROWS = 100_000
LONGEST_TEXT = 32_767  # characters in an XLSX cell

# What a spreadsheet may take for a formula: = + - @ (full width and small too, also after blanks), control characters.
_BLANKS = r"[\s\u200b-\u200f\u2060\ufeff]*"
_FORMULA = re.compile(rf"{_BLANKS}[=+\-@＝＋－＠﹦﹢﹣﹫]|[\t\r\n\0]")
_QUOTED_FORMULA = re.compile(rf"'*(?:{_FORMULA.pattern})")
_CONTENT_TYPES = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
}
_MEASURED = 200  # rows that decide how wide a column is
_NARROW, _WIDE = 8, 60  # characters


class TooManyRows(ValueError):
    """More than MOST_ROWS rows were to be written. Its text is a sentence in the reader's language."""

    def __str__(self) -> str:
        return _("A file takes at most 100,000 rows. Choose fewer, for example by a filter.")


class TooLong(ValueError):
    """A text is longer than LONGEST_TEXT. Its text is a sentence in the reader's language."""

    def __str__(self) -> str:
        return _("A text is longer than an XLSX cell can be. Choose CSV instead.")


def write_xlsx(
    file: IO[bytes], title: str, columns: Sequence[str], rows: Iterable[Sequence[Any]], *, rtl: bool = False
) -> None:
    """The table is one sheet in `file`: text as text, days as days (dd/mm/yyyy), a bold header that stays in sight.

    Memory does not grow with the rows. ValueError for a text too long for a cell, TooManyRows for too many rows.
    """
    options = {
        "constant_memory": True,
        "strings_to_urls": False,
        "strings_to_formulas": False,
    }
    with xlsxwriter.Workbook(file, options) as book:
        book.set_properties({"title": title})
        sheet = _Sheet(book, title)
        if rtl:
            sheet.sheet.right_to_left()
        sheet.write_header([str(column) for column in columns])
        for number, row in enumerate(_at_most(rows), 1):
            sheet.write_row(number, row)
        sheet.set_widths()


def write_csv(file: IO[bytes], columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """The table is in `file` as CSV: UTF-8 with a mark, commas, days as dd/mm/yyyy, an apostrophe before risky text.

    `reading.read` takes that apostrophe away again. TooManyRows for too many rows.
    """
    text = io.TextIOWrapper(file, "utf-8-sig", newline="", write_through=True)
    writer = csv.writer(text)
    writer.writerow([_csv_text(str(column)) for column in columns])
    for row in _at_most(rows):
        writer.writerow([_csv_text(value) for value in row])
    text.detach()


def table_response(
    request: HttpRequest, name: str, columns: Sequence[str], rows: Iterable[Sequence[Any]], kind: str
) -> FileResponse:
    """The table as a file to keep, called `name` and the kind: xlsx (right to left for such readers) or csv.

    It is written whole before the first byte leaves, so that an error is an error page. BadRequest for another kind,
    and for more rows, or a longer text, than such a file takes: a table is never cut short in silence.
    """
    if kind not in _CONTENT_TYPES:
        raise BadRequest("The kind of a table is xlsx or csv.")
    with contextlib.ExitStack() as undo:
        file = undo.enter_context(tempfile.TemporaryFile())
        try:
            if kind == "xlsx":
                write_xlsx(file, name, columns, rows, rtl=translation.get_language_info(request.LANGUAGE_CODE)["bidi"])
            else:
                write_csv(file, columns, rows)
        except (TooManyRows, TooLong) as error:
            raise BadRequest(str(error)) from error
        file.seek(0)
        undo.pop_all()
    filename = f"{get_valid_filename(name)}.{kind}"
    return FileResponse(file, as_attachment=True, filename=filename, content_type=_CONTENT_TYPES[kind])


def unguarded(text: str) -> str:
    """The text of a CSV cell without the apostrophe that `write_csv` put before it."""
    return text[1:] if text.startswith("'") and _QUOTED_FORMULA.match(text) else text


class _Sheet:
    """One worksheet, its formats, and the widths it has seen."""

    def __init__(self, book: Any, title: str) -> None:
        self.sheet = book.add_worksheet(_sheet_name(title))
        self.header = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
        self.quoted = book.add_format({"quote_prefix": True})
        self.day = book.add_format({"num_format": "dd/mm/yyyy"})
        self.moment = book.add_format({"num_format": "dd/mm/yyyy hh:mm"})
        self.plain = book.add_format()
        self.widths: list[int] = []

    def write_header(self, headers: list[str]) -> None:
        for column, header in enumerate(headers):
            self._write_text(0, column, header, self.header)
        self.widths = [max(_NARROW, *map(len, header.split() or [""])) for header in headers]
        self.sheet.freeze_panes(1, 0)

    def write_row(self, number: int, row: Sequence[Any]) -> None:
        for column, value in enumerate(row):
            self._write(number, column, value)
        if number <= _MEASURED:
            for column, value in enumerate(row[: len(self.widths)]):
                self.widths[column] = max(self.widths[column], len(_plain(value)))

    def set_widths(self) -> None:
        for column, width in enumerate(self.widths):
            self.sheet.set_column(column, column, min(width, _WIDE) + 2)

    def _write(self, number: int, column: int, value: Any) -> None:
        if isinstance(value, str | Promise):
            self._write_text(number, column, str(value))
        elif isinstance(value, bool):
            self.sheet.write_boolean(number, column, value)
        elif isinstance(value, int | float | Decimal) and -(10**15) < value < 10**15:
            self.sheet.write_number(number, column, value)
        elif isinstance(value, datetime):
            self.sheet.write_datetime(number, column, _local(value), self.moment)
        elif isinstance(value, date) and value.year >= 1901:
            self.sheet.write_datetime(number, column, value, self.day)
        elif value is not None:
            self._write_text(number, column, _plain(value))

    def _write_text(self, number: int, column: int, text: str, form: Any = None) -> None:
        if len(text) > LONGEST_TEXT:
            raise TooLong
        if form is None and _FORMULA.match(text):
            form = self.quoted
        if text.startswith("<r>") and text.endswith("</r>"):  # the writer would take it for markup of its own
            self.sheet.write_rich_string(number, column, self.plain, text[:3], self.plain, text[3:], form or self.plain)
        elif text:
            self.sheet.write_string(number, column, text, form)


def _at_most(rows: Iterable[Sequence[Any]]) -> Iterable[Sequence[Any]]:
    remaining = iter(rows)
    yield from islice(remaining, MOST_ROWS)
    if next(remaining, None) is not None:
        raise TooManyRows


def _sheet_name(title: str) -> str:
    """At most 31 characters, none of []:*?/\\ and no apostrophe at an end: what a spreadsheet allows."""
    return re.sub(r"[\[\]:*?/\\\x00-\x1f]", " ", title)[:31].strip(" '") or "1"


def _plain(value: Any) -> str:
    if isinstance(value, datetime):
        moment = _local(value)
        return f"{format_day(moment)} {moment:%H:%M}"
    if isinstance(value, date):
        return format_day(value)
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, float):
        return repr(value).removesuffix(".0")
    return "" if value is None else str(value)


def _local(moment: datetime) -> datetime:
    return timezone.make_naive(moment) if timezone.is_aware(moment) else moment


def _csv_text(value: Any) -> str:
    text = _plain(value)
    return f"'{text}" if isinstance(value, str | Promise) and _QUOTED_FORMULA.match(text) else text
