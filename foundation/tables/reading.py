"""A table out of an uploaded XLSX or CSV file: text, row by row, or the sentence that says why not."""

import hashlib
import json
import logging
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, NamedTuple, Protocol

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from foundation import names
from foundation.tables.writing import unguarded

MOST_BYTES = 20 * 1024 * 1024
SECONDS = 60

_WORKER = Path(__file__).with_name("worker.py")
_PIECE = 1024 * 1024
_ZIP, _OLD_EXCEL = b"PK", b"\xd0\xcf\x11\xe0"
_log = logging.getLogger(__name__)

_SENTENCES: dict[str, Any] = {
    "kind": _("Only XLSX and CSV files can be read. Save the table as one of them."),
    "empty": _("The file is empty."),
    "size": _("The file is larger than 20 MiB. Split it into several files."),
    "old-excel": _("This is an old Excel file or one with a password. Save it as XLSX without a password."),
    "not-xlsx": _(
        "The file is named .xlsx but is none. Save it as XLSX in the spreadsheet program; renaming is not enough."
    ),
    "not-csv": _("The file is named .csv but is a spreadsheet. Give it its own name again, or save it as CSV."),
    "damaged": _(
        "The file is damaged or incomplete. Open it in the spreadsheet program, save it again, and upload that."
    ),
    "password": _("The file is protected by a password. Save it without one."),
    "unpacked": _("Unpacked, the file is larger than 200 MiB. Split it into several files."),
    "ratio": _("Unpacked, a part of the file is more than 100 times as large. Copy the values into a new file."),
    "too-many-entries": _("The file has more than 1,000 parts. Copy the values into a new file."),
    "too-large": _("The table holds more text than can be read at once. Split it into several files."),
    "too-slow": _("The file could not be read within 60 seconds. Split it into several files."),
    "entities": _(
        "The file holds declarations that no spreadsheet program writes. Open it in one and save it as XLSX."
    ),
    "macros": _("The file holds macros. Save it as XLSX without macros."),
    "embedded": _("The file holds embedded objects. Copy the values into a new file."),
    "external": _("The file is linked with other files or data sources. Copy the values into a new file."),
    "no-workbook": _("There is no spreadsheet in the file. Save it as XLSX in the spreadsheet program."),
    "no-sheet": _("All sheets of the file are hidden. Make the one to be read visible."),
    "formula": _("Cell %(cell)s holds a formula. Replace it by its value (copy, then paste values only)."),
    "error-cell": _("Cell %(cell)s holds an error instead of a value. Type the value or leave it empty."),
    "link": _("Cell %(cell)s holds a link. Remove the link and keep the text."),
    "merged": _("The cells %(cells)s are merged. Unmerge them, so that each row has its own values."),
    "too-many-rows": _("The table has more than 50,000 rows. Split it into several files."),
    "too-many-columns": _("The table has more than 200 columns. Leave out those that are not needed."),
    "utf-16": _("The file is not in UTF-8. Save it as “CSV UTF-8” or as XLSX."),
    "not-utf-8": _("Line %(line)s of the file is not in UTF-8. Save it as “CSV UTF-8” or as XLSX."),
    "nul-line": _("Line %(line)s of the file holds a character that cannot be saved (NUL). Type the line again."),
    "nul-row": _("Row %(row)s holds a character that cannot be saved (NUL). Type the row again."),
    "quotation": _("In row %(row)s a quotation mark is not closed or stands alone. Write it twice within a text."),
    "no-rows": _("There are no rows below the header."),
    "no-header": _("Column %(column)s has values but no header. Headers stand in the first row that is not empty."),
    "same-header": _("The columns %(column)s and %(other)s have the same header “%(header)s”. Rename one of them."),
}


class TableRefused(ValueError):
    """The file is not read; nothing came out of it. Its text is a sentence in the reader's language."""

    def __init__(self, code: str, params: Mapping[str, object] | None = None) -> None:
        super().__init__(code)
        self.code, self.params = code, dict(params or {})

    @property
    def message(self) -> str | Promise:
        """The sentence with its places still open, for translation."""
        return _SENTENCES[self.code]

    def __str__(self) -> str:
        return str(self.message) % self.params if self.params else str(self.message)


class Row(NamedTuple):
    """A row with its number in the file; one text for each header, empty where the cell is; days as yyyy-mm-dd."""

    number: int
    cells: list[str]


@dataclass(frozen=True, slots=True)
class Table:
    """What a file says. `lossy` holds (row number, column from 0) of each number that may have lost digits."""

    headers: list[str]
    rows: list[Row]
    lossy: frozenset[tuple[int, int]]
    sha256: str  # of the file


class Readable(Protocol):
    """An uploaded file, or any other that is open for reading bytes."""

    def read(self, size: int, /) -> bytes: ...


def read(file: Readable, name: str) -> Table:
    """The first visible sheet of an XLSX file, or the records of a CSV file; the first row with text is the header.

    TableRefused beyond the limits (security.md, I1), for formulas, links, merged cells, and whatever is no such file.
    """
    with tempfile.TemporaryFile() as copy, tempfile.TemporaryFile() as answer:
        digest = _copy(file, copy)
        kind = _kind(copy, name)
        _run(kind, copy, answer)
        rows, lossy = _rows(answer)
    if kind == "csv":
        rows = [Row(number, list(map(unguarded, cells))) for number, cells in rows]
    if not rows:
        raise TableRefused("empty")
    headers = _headers(rows)
    if len(rows) == 1:
        raise TableRefused("no-rows")
    blank = [""] * len(headers)
    body = [Row(number, (cells + blank)[: len(headers)]) for number, cells in rows[1:]]
    return Table(headers, body, frozenset(lossy), digest)


def cell_name(number: int, column: int) -> str:
    """How a spreadsheet calls the cell in row `number` (from 1) and `column` (from 0): "B7"."""
    return f"{_column_name(column)}{number}"


def _column_name(column: int) -> str:
    before, letter = divmod(column, 26)
    return (_column_name(before - 1) if before else "") + chr(ord("A") + letter)


def _copy(file: Readable, copy: IO[bytes]) -> str:
    """The file's bytes are in `copy`, which stands at its beginning; their SHA-256 is returned."""
    digest = hashlib.sha256()
    while piece := file.read(_PIECE):
        digest.update(piece)
        copy.write(piece)
        if copy.tell() > MOST_BYTES:
            raise TableRefused("size")
    if not copy.tell():
        raise TableRefused("empty")
    copy.seek(0)
    return digest.hexdigest()


def _kind(copy: IO[bytes], name: str) -> str:
    """xlsx or csv: what the name says, if the content agrees."""
    kind = Path(name).suffix.lower().removeprefix(".")
    start = os.pread(copy.fileno(), 4, 0)  # past Python's buffer: the worker shares the place in the file
    if kind not in ("xlsx", "csv"):
        raise TableRefused("kind")
    if start == _OLD_EXCEL:
        raise TableRefused("old-excel")
    if start.startswith(_ZIP) != (kind == "xlsx"):
        raise TableRefused(f"not-{kind}")
    return kind


def _run(kind: str, copy: IO[bytes], answer: IO[bytes]) -> None:
    """The worker's answer is in `answer`, which stands at its beginning. Nothing of the file's is an argument."""
    command = [sys.executable, "-I", os.fspath(_WORKER), kind]
    try:
        done = subprocess.run(
            command, stdin=copy, stdout=answer, stderr=subprocess.DEVNULL, env={}, timeout=SECONDS, check=False
        )
    except subprocess.TimeoutExpired:
        raise TableRefused("too-slow") from None
    if done.returncode:
        _log.warning("A %s file was not read: the reader ended with %s", kind, done.returncode)
        raise TableRefused(_ENDINGS.get(-done.returncode) or "damaged")
    answer.seek(0)


_ENDINGS: dict[int, str] = {signal.SIGXCPU: "too-slow", signal.SIGKILL: "too-slow", signal.SIGABRT: "too-large"}


def _rows(answer: IO[bytes]) -> tuple[list[Row], list[tuple[int, int]]]:
    rows: list[Row] = []
    lossy: list[tuple[int, int]] = []
    for line in answer:
        said = json.loads(line)
        if isinstance(said, dict):
            _refuse(said)
        else:
            number, cells, columns = said
            rows.append(Row(number, cells))
            lossy.extend((number, column) for column in columns)
    return rows, lossy


def _refuse(last: dict[str, Any]) -> None:
    if code := last.pop("refused", None):
        if "column" in last:
            last["cell"] = cell_name(last["row"], last["column"])
        raise TableRefused(code, last)


def _headers(rows: list[Row]) -> list[str]:
    """The first row, cleaned: each header once, and one above each column that has values."""
    headers = [names.clean(cell) for cell in rows[0].cells]
    seen: dict[str, int] = {}
    for column, header in enumerate(headers):
        if header and (other := seen.setdefault(header.casefold(), column)) != column:
            same = {"column": _column_name(other), "other": _column_name(column), "header": header}
            raise TableRefused("same-header", same)
    widest = max(len(row.cells) for row in rows)
    nameless = {column for column in range(widest) if column >= len(headers) or not headers[column]}
    for row in rows[1:] if nameless else []:
        for column, cell in enumerate(row.cells):
            if column in nameless and cell.strip():
                raise TableRefused("no-header", {"column": _column_name(column)})
    return headers
