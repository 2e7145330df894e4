"""A hundred files that are no table, or a dangerous one (security.md, I1 and I3): each gets its sentence, quickly."""

import gzip
import io
import json
import random
import re
import resource
import zipfile

import pytest
import xlsxwriter

from foundation import tables
from foundation.tables import worker
from foundation.tables.reading import _SENTENCES
from tests.hostile import HOSTILE

SHEET, STRINGS, WORKBOOK = "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "xl/workbook.xml"
RELATIONS, SHEET_RELATIONS = "xl/_rels/workbook.xml.rels", "xl/worksheets/_rels/sheet1.xml.rels"
MIB = 1024 * 1024


def book(*fills, **options):
    """An XLSX file with one sheet for each function given; one with a plain table if none is."""
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, options) as workbook:
        for fill in fills or [plain]:
            fill(workbook.add_worksheet())
    return file.getvalue()


def plain(sheet):
    for number, row in enumerate([["Name", "Cell"], ["Ánh", "QY01"], ["Đức", "QY02"]]):
        sheet.write_row(number, 0, row)


def with_also(*calls):
    """The plain table and then, on the same sheet, each call: (method name, arguments ...)."""

    def fill(sheet):
        plain(sheet)
        for method, *arguments in calls:
            getattr(sheet, method)(*arguments)

    return book(fill)


def rows_of(*rows):
    return book(lambda sheet: [sheet.write_row(number, 0, row) for number, row in enumerate(rows)])


def packed(parts):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return file.getvalue()


def parts_of(content):
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def changed(name, old, new, content=None):
    """The plain file, or the one given, with bytes of one part replaced."""
    parts = parts_of(content or book())
    assert old in parts[name]
    return packed(parts | {name: parts[name].replace(old, new, 1)})


def added(name, content=b"x"):
    return packed(parts_of(book()) | {name: content})


def without(name):
    parts = parts_of(book())
    del parts[name]
    return packed(parts)


def sheet_of(rows, rest=""):
    """The plain file with another sheet, its rows as XML."""
    head = '<?xml version="1.0" encoding="UTF-8"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
    xml = f"{head}<sheetData>{rows}</sheetData>{rest}</worksheet>"
    return packed(parts_of(book()) | {SHEET: xml.encode()})


def declaring(doctype, name=SHEET):
    return changed(name, b"?>", b"?>\n" + doctype)


def relation(kind, target):
    schema = "http://schemas.openxmlformats.org"
    link = f'<Relationship Id="rId9" Type="{schema}/officeDocument/2006/relationships/{kind}" '
    link += f'Target="{target}" TargetMode="External"/>'
    return f'<Relationships xmlns="{schema}/package/2006/relationships">{link}</Relationships>'.encode()


def flagged(content):
    """The first entry says, in both places, that it is encrypted."""
    content = bytearray(content)
    content[6] |= 1
    content[content.index(b"PK\x01\x02") + 8] |= 1
    return bytes(content)


def by_method(content, method):
    """The first entry says, in both places, that it is compressed by another method."""
    content = bytearray(content)
    content[8] = method
    content[content.index(b"PK\x01\x02") + 10] = method
    return bytes(content)


def noise(size):
    """Text that hardly shrinks."""
    return random.Random(1).randbytes(size // 2).hex().encode()


def lying():
    """A sheet of 60 MiB that says it has 1,000 bytes."""
    content = packed(parts_of(book()) | {SHEET: b"<worksheet>" + (noise(20_000) + bytes(MIB)) * 60})
    directory = content.index(SHEET.encode(), content.index(b"PK\x01\x02")) - 46
    return content[: directory + 24] + (1000).to_bytes(4, "little") + content[directory + 28 :]


def twice(name):
    file = io.BytesIO(book())
    with zipfile.ZipFile(file, "a") as archive, pytest.warns(UserWarning, match="Duplicate name"):
        archive.writestr(name, b"<worksheet/>")
    return file.getvalue()


def flipped(content):
    place = content.index(b"xl/worksheets/sheet1.xml") + 80
    return content[:place] + bytes([content[place] ^ 0xFF]) + content[place + 1 :]


def bulky(megabytes, parts=1):
    """Parts that really have that size together, and shrink less than 100 times."""
    piece = (noise(20_000) + bytes(MIB - 20_000)) * (megabytes // parts)
    return packed(parts_of(book()) | {f"xl/media/{number}.bin": piece for number in range(parts)})


def hidden(*states):
    content = book(*[plain] * len(states))
    for number, state in enumerate(states, 1):
        name = f'name="Sheet{number}"'.encode()
        content = changed(WORKBOOK, name, name + f' state="{state}"'.encode(), content)
    return content


def chart_only():
    file = io.BytesIO()
    with xlsxwriter.Workbook(file) as workbook:
        data = workbook.add_worksheet()
        data.write_row(0, 0, [1, 2])
        chart = workbook.add_chart({"type": "line"})
        chart.add_series({"values": "=Sheet1!$A$1:$B$1"})
        workbook.add_chartsheet().set_chart(chart)
    return changed(WORKBOOK, b'name="Sheet1"', b'name="Sheet1" state="hidden"', file.getvalue())


def repeated_text():
    """One text of 30,000 characters that 20,000 cells share: 600 MB out of a small file."""
    cells = "".join(f'<row r="{n}"><c r="A{n}" t="s"><v>0</v></c></row>' for n in range(1, 20_001))
    content = sheet_of(cells)
    return packed(parts_of(content) | {STRINGS: f"<sst><si><t>{'ab' * 15_000}</t></si></sst>".encode()})


BILLION = b'<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;">]>'
XXE = b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/hostname">]>'
VIETNAMESE = "Họ tên,Chi bộ\nNguyễn Thị Ánh,QY01\n"
HEADER, CELLS = "Name,Cell\n", "Ánh,QY01\n"
VERY_LONG = "a" * 200_000

XLSX = [
    # Not the file it says it is
    ("empty", b"", "empty"),
    ("four bytes", b"PK\x03\x04", "damaged"),
    ("CSV named .xlsx", VIETNAMESE.encode(), "not-xlsx"),
    ("web page", b"<html><table><tr><td>1</td></tr></table></html>", "not-xlsx"),
    ("XML spreadsheet of 2003", b'<?xml version="1.0"?><Workbook/>', "not-xlsx"),
    ("PDF", b"%PDF-1.7\n", "not-xlsx"),
    ("picture", b"\x89PNG\r\n\x1a\n", "not-xlsx"),
    ("gzip", gzip.compress(b"Name,Cell\n", mtime=0), "not-xlsx"),
    ("zip within gzip", gzip.compress(book(), mtime=0), "not-xlsx"),
    ("old or encrypted Excel", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512), "old-excel"),
    ("noise", random.Random(3).randbytes(5000), "not-xlsx"),
    ("something before the archive", b"MZ" + book(), "not-xlsx"),
    ("zip of a CSV", packed({"table.csv": VIETNAMESE}), "no-workbook"),
    ("Word document", packed({"[Content_Types].xml": "<Types/>", "word/document.xml": "<document/>"}), "no-workbook"),
    ("OpenDocument", packed({"mimetype": "application/vnd.oasis.opendocument", "content.xml": "<x/>"}), "no-workbook"),
    ("binary workbook", packed({"xl/workbook.bin": b"\0", RELATIONS: b"<Relationships/>"}), "no-workbook"),
    ("over 20 MiB", book() + bytes(20 * MIB), "size"),
    # Damaged
    *[(f"cut off at {part} %", book()[: len(book()) * part // 100], "damaged") for part in (1, 25, 50, 75, 99)],
    ("a bit of the sheet flipped", flipped(book()), "damaged"),
    ("empty archive", b"PK\x05\x06" + bytes(18), "no-workbook"),
    ("no workbook", without(WORKBOOK), "no-workbook"),
    ("no relations", without(RELATIONS), "no-workbook"),
    ("no sheet", without(SHEET), "no-sheet"),
    ("workbook is not XML", added(WORKBOOK, b"\x00\x01\x02"), "damaged"),
    ("workbook cut off", added(WORKBOOK, b"<workbook><sheets><sheet"), "damaged"),
    ("sheet without end", added(SHEET, b'<worksheet><sheetData><row r="1"><c r="A1"><v>1</v>'), "damaged"),
    ("sheet with crossed tags", sheet_of('<row r="1"><c r="A1"><v>1</c></v></row>'), "damaged"),
    ("sheet is empty", added(SHEET, b""), "damaged"),
    ("shared text that is not there", sheet_of('<row r="1"><c r="A1" t="s"><v>999999</v></c></row>'), "damaged"),
    ("shared texts cut off", added(STRINGS, b"<sst><si><t>Na"), "damaged"),
    ("number that is none", sheet_of('<row r="1"><c r="A1" t="n"><v>12x</v></c></row>'), "damaged"),
    ("the same part twice", twice(SHEET), "damaged"),
    ("the same part in other case", added("XL/Workbook.xml", b"<workbook/>"), "damaged"),
    ("compressed by an unknown method", by_method(book(), 99), "damaged"),
    ("encrypted entry", flagged(book()), "password"),
    ("part in UTF-16", added(SHEET, "<worksheet/>".encode("utf-16")), "damaged"),
    ("part that says UTF-16", changed(SHEET, b"UTF-8", b"UTF-16"), "damaged"),
    ("part that says windows-1258", changed(SHEET, b"UTF-8", b"windows-1258"), "damaged"),
    # Bombs
    ("bomb", added("xl/media/a.bin", bytes(50 * MIB)), "ratio"),
    ("bomb of a sheet", added(SHEET, b"<worksheet>" + b" " * 50 * MIB), "ratio"),
    ("nested bomb", added("xl/media/a.png", packed({"b.zip": packed({"c": bytes(80 * MIB)})})), "embedded"),
    ("bomb in many parts", bulky(201, parts=67), "unpacked"),
    ("bomb that lies about its size", lying(), "damaged"),
    ("1,001 parts", packed(parts_of(book()) | {f"xl/media/{n}.bin": b"" for n in range(1001)}), "too-many-entries"),
    ("one text in 20,000 cells", repeated_text(), "too-large"),
    ("entity bomb in the sheet", declaring(BILLION), "entities"),
    ("entity bomb in the texts", declaring(BILLION, STRINGS), "entities"),
    ("entity bomb in the workbook", declaring(BILLION, WORKBOOK), "entities"),
    ("external entity", declaring(XXE), "entities"),
    ("external entity in the relations", declaring(XXE, RELATIONS), "entities"),
    ("external definition", declaring(b'<!DOCTYPE x SYSTEM "http://127.0.0.1/x.dtd">'), "entities"),
    ("parameter entity", declaring(b'<!DOCTYPE x [<!ENTITY % e SYSTEM "file:///x"> %e;]>'), "entities"),
    ("entity on the border of two pieces", added(SHEET, b"<x>" + noise(MIB - 8) + BILLION), "entities"),
    # More than values
    ("macros", added("xl/vbaProject.bin"), "macros"),
    ("macro sheet", added("xl/macrosheets/sheet1.xml", b"<x/>"), "macros"),
    ("ActiveX", added("xl/activeX/activeX1.xml", b"<x/>"), "macros"),
    ("embedded object", added("xl/embeddings/oleObject1.bin"), "embedded"),
    ("linked workbook", added("xl/externalLinks/externalLink1.xml", b"<x/>"), "external"),
    ("data connection", added("xl/connections.xml", b"<x/>"), "external"),
    ("query", added("xl/queryTables/queryTable1.xml", b"<x/>"), "external"),
    ("linked picture", added("xl/drawings/_rels/drawing1.xml.rels", relation("image", "file:///x.png")), "external"),
    ("attached template", added("xl/_rels/x.xml.rels", relation("attachedTemplate", "http://127.0.0.1/")), "external"),
    ("formula", with_also(("write_formula", "B3", "=1+1", None, 2)), ("formula", "B3")),
    ("formula without value", with_also(("write_formula", "A3", '=HYPERLINK("x")')), ("formula", "A3")),
    ("formula over an area", with_also(("write_array_formula", "C2:C3", "{=A1:A2}")), ("formula", "C2")),
    ("formula in another file", with_also(("write_formula", "D2", "='[x.xlsx]S'!A1")), ("formula", "D2")),
    ("formula with a prefix", sheet_of('<x:row r="1"><x:c r="A1"><x:f>1</x:f></x:c></x:row>'), ("formula", "A1")),
    ("shared formula", sheet_of('<row r="1"><c r="B1"><f t="shared" si="0"/></c></row>'), ("formula", "B1")),
    ("link", with_also(("write_url", "A2", "http://127.0.0.1/")), ("link", "A2")),
    ("link to a file", with_also(("write_url", "B2", "external:x.xlsx")), ("link", "B2")),
    ("error value", sheet_of('<row r="1"><c r="C1" t="e"><v>#N/A</v></c></row>'), ("error-cell", "C1")),
    ("NUL in a cell", rows_of(["Name"], ["An\0h"]), ("nul-row", "Row 2")),
    # Not a table
    ("merged headers", with_also(("merge_range", "C1:D1", "x")), ("merged", "C1:D1")),
    ("merged title", with_also(("merge_range", "A8:D9", "x")), ("merged", "A8:D9")),
    ("the same header twice", rows_of(["Name", "Cell", "Name"], [1, 2, 3]), ("same-header", "A and C")),
    ("the same header, other case", rows_of(["Tên", "TÊN"], [1, 2]), ("same-header", "A and B")),
    ("the same header, other marks", rows_of(["Te\u0302n", "Tên "], [1, 2]), ("same-header", "A and B")),
    ("a column without header", rows_of(["Name", "", "Cell"], [1, 2, 3]), ("no-header", "Column B")),
    ("a title above the header", rows_of(["Members"], ["Name", "Cell"], [1, 2]), ("no-header", "Column B")),
    ("header only", rows_of(["Name", "Cell"]), "no-rows"),
    ("nothing in it", rows_of([]), "empty"),
    ("only blanks", rows_of([" ", "\u00a0"]), "empty"),
    ("201 columns", rows_of([f"c{n}" for n in range(201)], range(201)), "too-many-columns"),
    ("16,384 columns", rows_of([f"c{n}" for n in range(16_384)], range(16_384)), "too-many-columns"),
    ("one cell far right", with_also(("write", "XFD2", 1)), "too-many-columns"),
    ("one cell far down", with_also(("write", "A1048576", 1)), "too-many-rows"),
    ("50,001 rows", rows_of(["Name"], *[[n] for n in range(50_001)]), "too-many-rows"),
    ("all sheets hidden", hidden("hidden", "veryHidden"), "no-sheet"),
    ("only a chart to be seen", chart_only(), "no-sheet"),
]

CSV = [
    ("empty", b"", "empty"),
    ("only a mark", b"\xef\xbb\xbf", "empty"),
    ("only blank lines", b"\n\n , \n", "empty"),
    ("XLSX named .csv", book(), "not-csv"),
    ("old Excel named .csv", b"\xd0\xcf\x11\xe0" + bytes(512), "old-excel"),
    ("windows-1258", "Tên,Chi bô\nPhạm Ðức,QY01\n".encode("cp1258", "replace"), ("not-utf-8", "Line 1")),
    ("latin-1 in line 3", (HEADER + CELLS).encode() + "José,QY01\n".encode("latin-1"), ("not-utf-8", "Line 3")),
    ("UTF-16", VIETNAMESE.encode("utf-16"), "utf-16"),
    ("UTF-16, other order", b"\xfe\xff" + VIETNAMESE.encode("utf-16-be"), "utf-16"),
    ("UTF-16 without mark", VIETNAMESE.encode("utf-16-le"), ("nul-line", "Line 1")),
    ("UTF-32", VIETNAMESE.encode("utf-32"), "utf-16"),
    ("overlong UTF-8", HEADER.encode() + b"\xc0\xaf,1\n", ("not-utf-8", "Line 2")),
    ("half a character", HEADER.encode() + b"\xed\xa0\x80,1\n", ("not-utf-8", "Line 2")),
    ("cut off within a character", VIETNAMESE.encode()[:3], ("not-utf-8", "Line 1")),
    ("noise", b"\x01" + random.Random(4).randbytes(3000).replace(b"\0", b""), "not-utf-8"),
    ("NUL", (HEADER + CELLS + "A\0,1\n").encode(), ("nul-line", "Line 3")),
    ("quotation mark not closed", (HEADER + '"Ánh,QY01\nĐức,QY02\n').encode(), ("quotation", "row 2")),
    ("quotation mark that stands alone", (HEADER + CELLS + '"Á"nh,1\n').encode(), ("quotation", "row 3")),
    ("a very long text", f"{HEADER}{VERY_LONG},1\n".encode(), ("quotation", "row 2")),
    ("formula", (HEADER + "Ánh,=1+1\n").encode(), ("formula", "B2")),
    ("formula after blanks", (HEADER + "  =1+1,x\n").encode(), ("formula", "A2")),
    ("formula in quotation marks", (HEADER + "x,\"=cmd|' /C calc'!A0\"\n").encode(), ("formula", "B2")),
    ("the same header twice", b"Name,name\n1,2\n", ("same-header", "A and B")),
    ("a column without header", b"Name,,Cell\n1,2,3\n", ("no-header", "Column B")),
    ("a row longer than the header", (HEADER + "a,b,c\n").encode(), ("no-header", "Column C")),
    ("header only", HEADER.encode(), "no-rows"),
    ("201 columns", (",".join(f"c{n}" for n in range(201)) + "\n" + "1," * 201).encode(), "too-many-columns"),
    ("16,384 columns", (",".join(f"c{n}" for n in range(16_384)) + "\n1\n").encode(), "too-many-columns"),
    ("50,001 rows", b"Name\n" + b"x\n" * 50_001, "too-many-rows"),
    ("over 20 MiB", b"Name\n" + b"x\n" * 11 * MIB, "size"),
    ("more text than can be handed over", b"Name\n" + (b"\x01" * 100_000 + b"\n") * 60, "too-large"),
]

NAMES = [
    ("old Excel", "members.xls"),
    ("macros", "members.xlsm"),
    ("OpenDocument", "members.ods"),
    ("text", "members.txt"),
    ("no kind", "members"),
    ("nothing", ""),
    ("only a kind", ".xlsx"),
    ("two kinds", "members.xlsx.exe"),
]


def seconds_used():
    """Processor time of this process and its ended children: what a busy machine does not change."""
    return sum(sum(resource.getrusage(who)[:2]) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))


def refusal(content, name):
    started = seconds_used()
    with pytest.raises(tables.TableRefused) as refused:
        tables.read(io.BytesIO(content), name)
    assert seconds_used() - started < 5
    return refused.value


def assert_says(refused, expected):
    code, words = expected if isinstance(expected, tuple) else (expected, "")
    assert refused.code == code
    assert words in str(refused)
    assert str(refused).endswith(".")
    assert "%(" not in str(refused)


@pytest.mark.parametrize(("content", "expected"), [pytest.param(*case[1:], id=case[0]) for case in XLSX])
def test_xlsx_is_refused(content, expected):
    assert_says(refusal(content, "members.xlsx"), expected)


@pytest.mark.parametrize(("content", "expected"), [pytest.param(*case[1:], id=case[0]) for case in CSV])
def test_csv_is_refused(content, expected):
    assert_says(refusal(content, "members.csv"), expected)


@pytest.mark.parametrize("name", [pytest.param(name, id=case) for case, name in NAMES])
def test_other_kinds_are_refused(name):
    assert_says(refusal(book(), name), "kind")


def test_there_are_a_hundred_of_them_and_none_took_the_memory():
    assert len(XLSX) + len(CSV) + len(NAMES) >= 100
    assert resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024 < worker.MEMORY


def test_every_reason_of_the_reader_has_a_sentence():
    source = re.findall(r'Refused\(\s*"([a-z0-9-]+)"', worker.__loader__.get_source(worker.__name__))
    assert len(source) > 20
    assert set(source) <= set(_SENTENCES)


def test_a_reader_that_takes_too_long_is_ended(monkeypatch):
    monkeypatch.setattr(tables.reading, "SECONDS", 0.001)
    assert_says(refusal(book(), "members.xlsx"), "too-slow")


def test_the_reader_cannot_take_more_memory_than_it_may(monkeypatch, tmp_path):
    greedy = tmp_path / "worker.py"
    limit = f"import resource; resource.setrlimit(resource.RLIMIT_AS, ({worker.MEMORY},) * 2)"
    greedy.write_text(f"{limit}\nimport os\ntry:\n    bytes({worker.MEMORY})\nexcept MemoryError:\n    os.abort()\n")
    monkeypatch.setattr(tables.reading, "_WORKER", greedy)
    assert_says(refusal(book(), "members.xlsx"), "too-large")


def test_hostile_values_are_read_as_text_or_refused_with_a_sentence():
    for value in HOSTILE[::7]:
        line = json.dumps(value, ensure_ascii=False)
        content = f"Name,Cell\n{line},1\n".encode(errors="surrogatepass")
        try:
            table = tables.read(io.BytesIO(content), "members.csv")
        except tables.TableRefused as refused:
            sentence = str(refused)
        else:
            sentence = f"{len(table.rows)} row."
        assert sentence.endswith(".")
