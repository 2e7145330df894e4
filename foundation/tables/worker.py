"""Reads one file that nobody has looked at yet, in a process of its own with little time and little memory.

Run as a script, isolated: `python -I worker.py xlsx|csv`, the file as standard input. It imports nothing of ours.
Standard output, one JSON text a line: [row number, cells as text, columns whose numbers may have lost digits] for each
row that is not empty, then {"end": true} – or {"refused": code, ...}, whose sentence `reading.py` knows.
"""

import csv
import io
import json
import re
import resource
import sys
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from pathlib import PurePosixPath
from typing import Any, BinaryIO
from xml.parsers import expat

from python_calamine import CalamineWorkbook

MIB = 1024 * 1024
SECONDS, MEMORY = 60, 512 * MIB
UNPACKED, RATIO, ENTRIES = 200 * MIB, 100, 1_000
ROWS, COLUMNS = 50_000, 200  # below the header; the last column is GR
ANSWER = 32 * MIB  # all cells together, as they are handed over
PIECE = MIB
SMALL_PART = 4 * MIB  # of the parts of a workbook that say where the sheets are

Values = tuple[int, list[Any]]

_MACROS = re.compile(r"xl/(vbaproject\.bin|macrosheets/|dialogsheets/|activex/)")
_OUTSIDE_DATA = re.compile(r"xl/(externallinks/|querytables/|connections\.xml)")
_EMBEDDED = re.compile(r"xl/embeddings/")
_XML_ENCODING = re.compile(rb"^<\?xml[^>]*encoding=[\"']([A-Za-z0-9._-]+)")
_DOCTYPE = re.compile(rb"<!(?:DOCTYPE|ENTITY)")
_SHEET_DATA_END = re.compile(rb"</(?:\w+:)?sheetData\s*>")
_FORMULA = re.compile(rb"<(?:\w+:)?f[\s/>]")
_ERROR_CELL = re.compile(rb"<(?:\w+:)?c\s[^>]*\bt=[\"']e[\"'][^>]*>")
_FAR_CELL = re.compile(
    rb"<(?:\w+:)?c\s(?:[^>]*?\s)?r=[\"'](?:([A-Z]{3,}|[H-Z][A-Z]|G[S-Z])\d+|[A-Z]+\d{6,})[\"'][^>]*(?<!/)>"
)
_CELL_REFERENCE = re.compile(rb"\br=[\"']([A-Z]+[0-9]+)[\"']")
_MERGED = re.compile(rb"<(?:\w+:)?mergeCell\s[^>]*\bref=[\"']([A-Z0-9:]+)[\"']")
_HYPERLINK = re.compile(rb"<(?:\w+:)?hyperlink\s[^>]*>")
_REFERENCE = re.compile(rb"\bref=[\"']([A-Z0-9:]+)[\"']")
_SHORTENED = re.compile(r"[+-]?\d(?:[.,]\d+)?[eE]\+\d+")  # 1.23457E+11: what is left of a long number


class Refused(Exception):
    """The file is not read, for the reason `code`."""

    def __init__(self, code: str, **params: object) -> None:
        super().__init__(code)
        self.code, self.params = code, params


def main() -> None:
    """The answer about standard input stands on standard output."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    rows_of = {"xlsx": xlsx_rows, "csv": csv_rows}[sys.argv[1]]
    sys.stdin.buffer.seek(0)
    try:
        last = hand_over(rows_of(sys.stdin.buffer))
    except Refused as refused:
        last = {"refused": refused.code, **refused.params}
    except MemoryError:
        last = {"refused": "too-large"}
    sys.stdout.buffer.write(json.dumps(last).encode() + b"\n")


def hand_over(rows: Iterator[Values]) -> dict[str, object]:
    """Each row that is not empty is written; what the last line says is returned."""
    written = count = 0
    for number, values in rows:
        cells, lossy = as_text(values)
        if not any(cell.strip() for cell in cells):
            continue
        if count > ROWS:
            raise Refused("too-many-rows")
        if len(cells) > COLUMNS:
            raise Refused("too-many-columns")
        if any("\0" in cell for cell in cells):
            raise Refused("nul-row", row=number)
        line = json.dumps([number, cells, lossy], ensure_ascii=False).encode() + b"\n"
        count, written = count + 1, written + len(line)
        if written > ANSWER:
            raise Refused("too-large")
        sys.stdout.buffer.write(line)
    return {"end": True}


def as_text(values: list[Any]) -> tuple[list[str], list[int]]:
    """The cells as text, without empty ones at the end, and the columns whose numbers may have lost digits."""
    cells = [value if isinstance(value, str) else _text(value) for value in values]
    while cells and not cells[-1]:
        cells.pop()
    lossy = [column for column, cell in enumerate(cells) if _may_have_lost_digits(values[column], cell)]
    return cells, lossy


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, int | float):
        return repr(value).removesuffix(".0")
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time(0) else value.isoformat(" ")
    if isinstance(value, date | time):
        return value.isoformat()
    return str(value) if isinstance(value, timedelta) else ""


def _may_have_lost_digits(value: Any, cell: str) -> bool:
    """A number of 12 digits or more, or one with an exponent: leading zeros and last digits may be gone."""
    if isinstance(value, str):
        return "+" in cell and bool(_SHORTENED.fullmatch(cell.strip()))
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return is_number and ("e" in cell or sum(map(str.isdigit, cell)) >= 12)


# CSV


def csv_rows(file: BinaryIO) -> Iterator[Values]:
    """The records of a CSV file in UTF-8, counted from 1, separated by comma, semicolon or tab as in its first line."""
    text = _decoded(file.read())
    number = 0
    try:
        for number, record in enumerate(
            csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True), 1
        ):
            _refuse_formulas(number, record)
            yield number, record
    except csv.Error:
        raise Refused("quotation", row=number + 1) from None


def _decoded(content: bytes) -> str:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise Refused("utf-16")
    if (place := content.find(b"\0")) >= 0:
        raise Refused("nul-line", line=_line(content, place))
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Refused("not-utf-8", line=_line(content, error.start)) from None


def _line(content: bytes, place: int) -> int:
    return content.count(b"\n", 0, place) + 1


def _delimiter(text: str) -> str:
    first = re.sub(r'"[^"]*"', "", text.lstrip("\r\n").split("\n", 1)[0])
    return max(",;\t", key=first.count)


def _refuse_formulas(number: int, record: list[str]) -> None:
    for column, cell in enumerate(record):
        if cell.lstrip().startswith("="):
            raise Refused("formula", row=number, column=column)


# XLSX


def xlsx_rows(file: BinaryIO) -> Iterator[Values]:
    """The rows of the first visible sheet, counted from 1, once the whole archive has been found harmless."""
    with zipfile.ZipFile(file) as archive:
        entries = _entries(archive)
        for entry in archive.infolist():
            _look_through(archive, entry)
        name, path = _first_visible_sheet(archive, entries)
        _look_at_sheet(archive.read(entries[path]))
        _refuse_outside_links(archive, entries)
    file.seek(0)
    sheet = CalamineWorkbook.from_filelike(file).get_sheet_by_name(name)
    if sheet.start is not None:
        left = [""] * sheet.start[1]  # rows are given from the first one, columns from the first that is not empty
        for number, values in enumerate(sheet.iter_rows(), 1):
            yield number, left + values


def _entries(archive: zipfile.ZipFile) -> dict[str, zipfile.ZipInfo]:
    """Name in lower case → entry; refused by what the directory of the archive already tells."""
    infos = archive.infolist()
    if len(infos) > ENTRIES:
        raise Refused("too-many-entries")
    if sum(info.file_size for info in infos) > UNPACKED:
        raise Refused("unpacked")
    entries = {info.filename.lower(): info for info in infos}
    if len(entries) != len(infos):
        raise Refused("damaged")
    for pattern, code in ((_MACROS, "macros"), (_OUTSIDE_DATA, "external"), (_EMBEDDED, "embedded")):
        if any(pattern.match(name) for name in entries):
            raise Refused(code)
    for info in infos:
        if info.flag_bits & 1:
            raise Refused("password")
        if info.file_size > MIB and info.file_size > RATIO * info.compress_size:
            raise Refused("ratio")
    return entries


def _look_through(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> None:
    """The entry unpacks to the size and checksum it declares; an XML part declares no entities and is UTF-8."""
    is_xml = entry.filename.lower().endswith((".xml", ".rels", ".vml"))
    before = b""
    with archive.open(entry) as part:
        while piece := part.read(PIECE):
            if not before and piece.startswith(b"PK\x03\x04"):
                raise Refused("embedded")  # an archive within the archive
            if is_xml:
                if not before:
                    _refuse_encoding(piece)
                if _DOCTYPE.search(before + piece):
                    raise Refused("entities")
            before = piece[-16:]


def _refuse_encoding(start: bytes) -> None:
    declared = _XML_ENCODING.match(start.removeprefix(b"\xef\xbb\xbf"))
    if b"\0" in start[:64] or (declared and declared[1].lower() not in (b"utf-8", b"utf8", b"us-ascii")):
        raise Refused("damaged")


def _first_visible_sheet(archive: zipfile.ZipFile, entries: dict[str, zipfile.ZipInfo]) -> tuple[str, str]:
    """Name and path (lower case) of the first worksheet that is not hidden."""
    if "xl/workbook.xml" not in entries or "xl/_rels/workbook.xml.rels" not in entries:
        raise Refused("no-workbook")
    paths = {
        link.get("Id"): _path("xl", link.get("Target", ""))
        for link in _elements(archive, entries["xl/_rels/workbook.xml.rels"], "Relationship")
        if link.get("Type", "").endswith("/worksheet")
    }
    for sheet in _elements(archive, entries["xl/workbook.xml"], "sheet"):
        path = paths.get(next((value for key, value in sheet.items() if key.endswith(":id")), None))
        if sheet.get("state", "visible") == "visible" and path in entries:
            return sheet["name"], path
    raise Refused("no-sheet")


def _path(folder: str, target: str) -> str:
    path = PurePosixPath("/", folder, target)
    return str(path).lstrip("/").lower()


def _elements(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, name: str) -> list[dict[str, str]]:
    """The attributes of each element of that name in a small part."""
    if entry.file_size > SMALL_PART:
        raise Refused("damaged")
    found: list[dict[str, str]] = []
    parser = expat.ParserCreate()

    def start(tag: str, attributes: dict[str, str]) -> None:
        if tag.rpartition(":")[2] == name:
            found.append(attributes)

    parser.StartElementHandler = start
    parser.Parse(archive.read(entry), True)
    return found


def _look_at_sheet(xml: bytes) -> None:
    """Nothing but values: each other thing is refused, naming its cell."""
    end = found.start() if (found := _SHEET_DATA_END.search(xml)) else len(xml)
    if far := _FAR_CELL.search(xml, 0, end):
        raise Refused("too-many-columns" if far[1] else "too-many-rows")
    if formula := _FORMULA.search(xml, 0, end):
        before = _CELL_REFERENCE.findall(xml, max(0, formula.start() - PIECE), formula.start())
        raise Refused("formula", cell=before[-1].decode() if before else "?")
    if error := _ERROR_CELL.search(xml, 0, end):
        reference = _CELL_REFERENCE.search(error[0])
        raise Refused("error-cell", cell=reference[1].decode() if reference else "?")
    if merged := _MERGED.search(xml, end):
        raise Refused("merged", cells=merged[1].decode())
    for link in _HYPERLINK.findall(xml, end):
        if b":id=" in link and (place := _REFERENCE.search(link)):
            raise Refused("link", cell=place[1].decode())


def _refuse_outside_links(archive: zipfile.ZipFile, entries: dict[str, zipfile.ZipInfo]) -> None:
    """No part but a cell's hyperlink on another sheet, which nobody reads, points out of the file."""
    for name, entry in entries.items():
        if not name.endswith(".rels"):
            continue
        for link in _elements(archive, entry, "Relationship"):
            if link.get("TargetMode") == "External" and not link.get("Type", "").endswith("/hyperlink"):
                raise Refused("external")


if __name__ == "__main__":
    main()
