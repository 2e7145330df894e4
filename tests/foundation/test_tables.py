"""Tables that are read, tables that are written, and that both agree."""

import csv
import hashlib
import io
import zipfile
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
import xlsxwriter
from django.core.exceptions import BadRequest
from django.test import RequestFactory
from django.utils import translation
from django.utils.translation import gettext_lazy
from hypothesis import example, given, settings
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from foundation.tables import Row, cell_name, read, table_response, write_csv, write_xlsx, writing
from tests.hostile import HOSTILE

DAY = date(2025, 3, 5)


def read_bytes(content, name):
    return read(io.BytesIO(content), name)


def book(fill, **options):
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, options) as workbook:
        fill(workbook)
    return file.getvalue()


def of_sheet(*calls):
    """An XLSX file with one sheet, made by the calls: (method name, arguments ...)."""

    def fill(workbook):
        sheet = workbook.add_worksheet()
        for method, *arguments in calls:
            getattr(sheet, method)(*arguments)

    return book(fill)


def cells(table):
    return [row.cells for row in table.rows]


# Reading


@pytest.mark.parametrize(
    "text",
    [
        "Họ tên,Chi bộ\nÁnh,QY01\nĐức,\n",
        "\ufeffHọ tên,Chi bộ\r\nÁnh,QY01\r\nĐức,\r\n",
        "Họ tên;Chi bộ\nÁnh;QY01\nĐức\n",
        "Họ tên\tChi bộ\rÁnh\tQY01\rĐức\r",
        '"Họ tên";"Chi bộ"\n"Ánh";"QY01"\n"Đức";""',
        "\n\nHọ  tên ,Chi bộ,\n,,\nÁnh,QY01,\n\nĐức,,\n\n",
        "Ho\u0323 te\u0302n,Chi bộ\nÁnh,QY01\nĐức,\n",
    ],
)
def test_a_csv_table_is_read_however_it_was_saved(text):
    table = read_bytes(text.encode(), "members.CSV")
    assert [header for header in table.headers if header] == ["Họ tên", "Chi bộ"]
    assert [row[:2] for row in cells(table)] == [["Ánh", "QY01"], ["Đức", ""]]


def test_rows_keep_the_number_they_have_in_the_file():
    table = read_bytes(b'Name,Note\n\n"a","two\nlines"\n\nb,\n', "x.csv")
    assert table.rows == [Row(3, ["a", "two\nlines"]), Row(5, ["b", ""])]
    table = read_bytes(of_sheet(("write", "B3", "Name"), ("write", "B5", "a"), ("write", "B9", "b")), "x.xlsx")
    assert table.headers == ["", "Name"]
    assert table.rows == [Row(5, ["", "a"]), Row(9, ["", "b"])]


def test_the_delimiter_is_that_of_the_header():
    table = read_bytes('"Name, in full";Born\nÁnh, Lê;1,5\n'.encode(), "x.csv")
    assert table.headers == ["Name, in full", "Born"]
    assert cells(table) == [["Ánh, Lê", "1,5"]]


def test_what_stands_in_cells_is_preserved_as_found():
    row = ["030.02.", "30.02.", "31/02/2025", "001234567890", "  Ánh ", "a\nb", "'x", "5/3/2025"]
    content = of_sheet(("write_row", "A1", "abcdefgh"), *[("write_string", 1, n, text) for n, text in enumerate(row)])
    table = read_bytes(content, "x.xlsx")
    assert cells(table) == [row]
    assert not table.lossy


def test_numbers_that_may_have_lost_digits_are_marked():
    numbers = [123456789012, 99999999999, 1.5, 1.23e30, 0, 1e-7, -5]
    content = of_sheet(("write_row", "A1", "abcdefgh"), ("write_row", "A2", [*numbers, "1.23457E+11"]))
    table = read_bytes(content, "x.xlsx")
    assert cells(table) == [["123456789012", "99999999999", "1.5", "1.23e+30", "0", "1e-07", "-5", "1.23457E+11"]]
    assert table.lossy == {(2, 0), (2, 3), (2, 5), (2, 7)}


def test_a_long_number_in_a_csv_file_is_whole_and_a_shortened_one_is_marked():
    table = read_bytes(b"a;b;c;d\n123456789012;1,23457E+11;1.2E+5;QY1E5\n", "x.csv")
    assert table.lossy == {(2, 1), (2, 2)}


@pytest.mark.parametrize("date_1904", [False, True])
def test_days_come_as_iso_whichever_way_the_workbook_counts_them(date_1904):
    def fill(workbook):
        sheet, form = workbook.add_worksheet(), workbook.add_format({"num_format": "dd/mm/yyyy hh:mm"})
        sheet.write_row(0, 0, ["day", "moment", "leap"])
        sheet.write_datetime(1, 0, DAY, form)
        sheet.write_datetime(1, 1, datetime.fromisoformat("2025-03-05T07:30"), form)
        sheet.write_datetime(1, 2, date(2024, 2, 29), form)

    assert cells(read_bytes(book(fill, date_1904=date_1904), "x.xlsx")) == [
        ["2025-03-05", "2025-03-05 07:30:00", "2024-02-29"]
    ]


def test_the_first_sheet_that_is_not_hidden_is_read():
    def fill(workbook):
        for name, state in (("a", "hide"), ("b", "very_hidden"), ("Chi bộ <&>", "activate"), ("d", "select")):
            sheet = workbook.add_worksheet(name)
            sheet.write_column(0, 0, ["Sheet", name])
            getattr(sheet, state)()

    assert cells(read_bytes(book(fill), "x.xlsx")) == [["Chi bộ <&>"]]


@pytest.mark.parametrize(
    "call",
    [
        ("protect", "secret"),
        ("right_to_left",),
        ("set_row", 1, None, None, {"hidden": True}),
        ("autofilter", "A1:B2"),
        ("write_url", "A9", "internal:Sheet1!A1", None, " "),
        ("data_validation", "B2:B99", {"validate": "list", "source": "=$A$1:$A$9"}),
        ("conditional_format", "A1:B9", {"type": "formula", "criteria": "=$A1>1"}),
        ("write_comment", "A1", "a note"),
        ("add_table", "D1:E3", {"header_row": False}),
    ],
)
def test_what_a_sheet_may_have_besides_values(call):
    content = of_sheet(("write_row", "A1", ["Name", "Cell"]), ("write_row", "A2", ["Ánh", "QY01"]), call)
    assert cells(read_bytes(content, "x.xlsx"))[0][:2] == ["Ánh", "QY01"]


def test_coloured_cells_far_away_are_no_values():
    def fill(workbook):
        sheet, form = workbook.add_worksheet(), workbook.add_format({"bg_color": "yellow"})
        sheet.write_column(0, 0, ["Name", "Ánh"])
        sheet.write_blank("XFD1", None, form)
        sheet.write_blank("A1048576", None, form)

    assert cells(read_bytes(book(fill), "x.xlsx")) == [["Ánh"]]


def test_the_limits_themselves_are_allowed():
    header, widest = ",".join(f"c{n}" for n in range(200)), ",".join("x" * 200)
    table = read_bytes(f"{header}\n{widest}\n".encode(), "x.csv")
    assert len(table.headers) == 200
    assert len(read_bytes(b"Name\n" + b"x\n" * 50_000, "x.csv").rows) == 50_000


def test_the_hash_is_that_of_the_file():
    content = "Tên\nÁnh\n".encode()
    assert read_bytes(content, "x.csv").sha256 == hashlib.sha256(content).hexdigest()


def test_the_worker_gets_no_secret(monkeypatch, tmp_path):
    monkeypatch.setenv("SECRET_KEY", "secret")
    spy = tmp_path / "worker.py"
    spy.write_text(
        "import os, json\nprint(json.dumps([1, sorted(os.environ), []]))\nprint(json.dumps([2, ['x'], []]))\n"
    )
    monkeypatch.setattr("foundation.tables.reading._WORKER", spy)
    assert "SECRET_KEY" not in read_bytes(b"a", "x.csv").headers


@pytest.mark.parametrize(
    ("column", "name"), [(0, "A7"), (25, "Z7"), (26, "AA7"), (199, "GR7"), (701, "ZZ7"), (702, "AAA7")]
)
def test_cell_name(column, name):
    assert cell_name(7, column) == name


# Writing


def written(kind, columns, rows):
    file = io.BytesIO()
    if kind == "xlsx":
        write_xlsx(file, "Danh sách", columns, rows)
    else:
        write_csv(file, columns, rows)
    return file.getvalue()


TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0\ufffe\uffff"), max_size=60)
RISKY = st.builds(
    "".join,
    st.tuples(
        st.sampled_from(["", "'", "''", " ", "\u3000", "\u00a0", "\u200b", "\t", "\r", "\n", "'\t", "<r>"]),
        st.sampled_from("=+-@＝＋－＠﹦'\"x"),
        TEXTS,
        st.sampled_from(["", "</r>", " ", "\r"]),
    ),
)
# Within <r>...</r>, which no name contains, neither escapes (_x0041_) nor control characters come back as they were.
VALUES = (TEXTS | RISKY).filter(
    lambda text: not (text.startswith("<r>") and ("_x" in text or any(letter < " " for letter in text)))
)


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
@settings(max_examples=25, deadline=None)
@given(st.lists(st.lists(VALUES, min_size=3, max_size=3), min_size=1, max_size=20))
@example(
    [["=1+1", "'=1+1", "<r></r></is></c><c><f>1</f></c><r></r>"], ["_x0041_", "\r\n", "\u200b=1"], ["\t", "'", "''=a"]]
)
def test_what_was_exported_is_imported_equal(kind, rows):
    numbered = [[f"n{number}", *row] for number, row in enumerate(rows)]
    assert cells(read_bytes(written(kind, ["No", "a", "b", "c"], numbered), f"x.{kind}")) == numbered


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_hostile_values_are_exported_and_imported_equal(kind):
    values = [text for text in HOSTILE if len(text) < 32_767 and not set(text) & {"\0", "\ufffe", "\uffff"}]
    values = [text for text in values if not any("\ud800" <= letter <= "\udfff" for letter in text)]
    assert len(values) > 180
    table = read_bytes(written(kind, ["No", "Value"], [["n", text] for text in values]), f"x.{kind}")
    assert [row[1] for row in cells(table)] == values


RISKS = [
    blank + sign + "1+1" for blank in ("", " ", "\u00a0", "\u3000", "\u200b", "\n ") for sign in "=+-@＝＋－＠﹦﹢﹣﹫"
] + ["\tx", "\rx", "\nx", "\0x"]


@pytest.mark.parametrize("text", RISKS)
def test_risky_text_is_marked_as_text_in_csv(text):
    [_header, record] = csv.reader(io.StringIO(written("csv", ["a"], [[text]]).decode("utf-8-sig"), newline=""))
    assert record == [f"'{text}"]


@pytest.mark.parametrize("text", RISKS)
def test_risky_text_is_marked_as_text_in_xlsx(text):
    parts = zipfile.ZipFile(io.BytesIO(written("xlsx", ["a"], [[text], ["x"]])))
    sheet = parts.read("xl/worksheets/sheet1.xml").decode()
    assert '<c r="A2" s="2" t="inlineStr">' in sheet
    assert '<c r="A3" t="inlineStr">' in sheet
    assert "<f" not in sheet
    styles = parts.read("xl/styles.xml").decode()
    assert 'quotePrefix="1"' in styles.split("<cellXfs")[1].split("<xf ")[3]


def test_headers_are_guarded_too():
    assert written("csv", ["=a"], []).decode("utf-8-sig") == "'=a\r\n"


def test_values_keep_their_kind():
    row = ["Ánh", gettext_lazy("Name"), DAY, 7, 1.5, Decimal("2.5"), True, None, date(1899, 5, 3), 10**18]
    moment = datetime(2025, 3, 4, 17, 30, tzinfo=UTC)
    content = written("xlsx", list("abcdefghijk"), [[*row, moment]])
    [values] = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()[1:]
    assert values[:9] == ["Ánh", "Name", DAY, 7.0, 1.5, 2.5, True, "", "03/05/1899"]
    assert values[9:] == ["1000000000000000000", datetime.fromisoformat("2025-03-05T00:30")]
    text = written("csv", list("abcdefghijk"), [[*row, moment]]).decode("utf-8-sig").splitlines()[1]
    assert text == "Ánh,Name,05/03/2025,7,1.5,2.5,TRUE,,03/05/1899,1000000000000000000,05/03/2025 00:30"


def test_days_are_written_as_people_read_them():
    parts = zipfile.ZipFile(io.BytesIO(written("xlsx", ["Day"], [[DAY]])))
    assert 'formatCode="dd/mm/yyyy"' in parts.read("xl/styles.xml").decode()


def test_columns_are_as_wide_as_what_they_hold():
    content = written("xlsx", ["a", "b", "c"], [["x" * 30, "x", "x" * 300]])
    sheet = zipfile.ZipFile(io.BytesIO(content)).read("xl/worksheets/sheet1.xml").decode()
    widths = [float(part.split('"')[0]) for part in sheet.split(' width="')[1:]]
    assert [round(width) for width in widths] == [33, 11, 63]


@pytest.mark.parametrize(
    ("title", "name"), [("Danh sách", "Danh sách"), ("a/b:c*?[x]\\" * 9, None), ("'", None), ("", None), ("\0", None)]
)
def test_any_title_gives_a_sheet_that_opens(title, name):
    file = io.BytesIO()
    write_xlsx(file, title, ["a"], [["x"]])
    [sheet] = CalamineWorkbook.from_filelike(io.BytesIO(file.getvalue())).sheet_names
    assert sheet == (name or sheet)
    assert cells(read_bytes(file.getvalue(), "x.xlsx")) == [["x"]]


def test_a_text_too_long_for_a_cell_is_never_cut():
    with pytest.raises(ValueError, match="Choose CSV"):
        written("xlsx", ["a"], [["x" * 32_768]])
    assert len(cells(read_bytes(written("xlsx", ["a"], [["x" * 32_767]]), "x.xlsx"))[0][0]) == 32_767
    assert len(written("csv", ["a"], [["x" * 32_768]])) > 32_768


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_more_rows_than_allowed_are_refused(kind, monkeypatch):
    monkeypatch.setattr(writing, "MOST_ROWS", 3)
    assert written(kind, ["a"], [["x"]] * 3)
    with pytest.raises(writing.TooManyRows, match="100,000 rows"):
        written(kind, ["a"], [["x"]] * 4)


# The response


def asking(language="vi"):
    request = RequestFactory().get("/")
    request.LANGUAGE_CODE = language
    return request


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_a_response_is_a_file_to_keep(kind):
    response = table_response(asking(), "Danh sách đảng viên", ["Tên"], iter([["Ánh"]]), kind)
    assert response["Content-Disposition"].startswith("attachment; filename*=utf-8''Danh_s")
    assert response["Content-Type"] == writing._CONTENT_TYPES[kind]
    assert cells(read_bytes(b"".join(response), f"x.{kind}")) == [["Ánh"]]


@pytest.mark.parametrize(("language", "mirrored"), [("ar", True), ("vi", False), ("en", False)])
def test_a_sheet_runs_as_its_reader_reads(language, mirrored):
    with translation.override(language):
        content = b"".join(table_response(asking(language), "x", ["a"], [["x"]], "xlsx"))
    sheet = zipfile.ZipFile(io.BytesIO(content)).read("xl/worksheets/sheet1.xml").decode()
    assert ('rightToLeft="1"' in sheet) == mirrored


def test_another_kind_is_a_bad_request():
    with pytest.raises(BadRequest):
        table_response(asking(), "x", ["a"], [], "exe")


def test_an_error_while_writing_is_an_error_before_the_first_byte():
    def rows():
        yield ["x"]
        raise RuntimeError("the database is gone")

    for kind in ("xlsx", "csv"):
        with pytest.raises(RuntimeError, match="the database is gone"):
            table_response(asking(), "x", ["a"], rows(), kind)
