"""Register files as offices send them: 400 units and 6,000 members, and rows that are wrong in many different ways."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from foundation import tables
from foundation.days import format_day
from membership.models import ImportBatch, User
from membership.operations import imports
from membership.register import TEMPLATES
from tests.builders import submitted_by

Row = dict[str, str]
DAY = date(2026, 5, 4)  # of the register
_FAMILY = ("Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Vũ", "Đặng", "Bùi", "Đỗ", "Hồ")
_MIDDLE = ("Văn", "Thị", "Đức", "Minh", "Thu", "Quốc", "Hữu", "Ngọc")
_GIVEN = ("An", "Ân", "Ánh", "Bình", "Dũng", "Đào", "Hà", "Hạnh", "Lan", "Mai", "Nam", "Oanh", "Phúc", "Sơn", "Yến")


def some_units(number: int = 400) -> list[Row]:
    """The town, its 20 wards, and cells under them, each with its secretary."""
    rows = [{"code": "QY", "name": "Đảng bộ thị xã Quảng Yên", "kind": "đảng bộ", "tier": "trên cơ sở"}]
    rows += [
        {"code": f"W{place:02}", "name": f"Đảng bộ phường {place}", "kind": "đảng bộ", "parent": "QY"}
        for place in range(1, 21)
    ]
    for place in range(1, number - 20):
        ward = f"W{place % 20 + 1:02}"
        rows.append({"code": f"C{place:03}", "name": f"Chi bộ khu {place}", "kind": "chi bộ", "parent": ward})
    for place, row in enumerate(rows):
        row |= {"founded_on": "01/01/2010", "phone": f"0203 555 {place:04}", "secretary": a_name(place)}
        row |= {"secretary_sex": "nam", "secretary_born": format_day(date(1960 + place % 30, 1 + place % 12, 9))}
    return rows


def some_members(number: int, cells: int = 379, start: int = 0) -> list[Row]:
    """Members with all that a register knows of them; the cells are those of `some_units`."""
    return [
        {
            "cell": f"C{place % cells + 1:03}",
            "full_name": a_name(place),
            "sex": ("nam", "nữ")[place % 2],
            "born": format_day(date(1950 + place % 45, 1 + place % 12, 1 + place % 28)),
            "admitted_on": "19/05/2014",
            "recognised_on": "19/05/2015",
            "placed_on": "01/06/2015",
            "card_number": f"10.{place:06}",
            "identity_number": f"0220{place:08}",
            "home_town": "Quảng Yên, Quảng Ninh",
            "residence": f"Khu {place % 20}",
            "ethnicity": "Kinh",
            "religion": "không",
            "education": "12/12",
            "professional": "đại học",
            "occupation": "công nhân",
            "workplace": "",
            "awareness_on": "03/02/2013",
            "awareness_number": f"{place}/GCN",
            "phone": "0903 555 012",
        }
        for place in range(start, start + number)
    ]


def a_name(place: int) -> str:
    """A name; the same again only after 1,200."""
    given, rest = place % 15, place // 15
    return f"{_FAMILY[rest % 10]} {_MIDDLE[rest // 10 % 8]} {_GIVEN[given]}"


def as_csv(template: str, rows: Iterable[Mapping[str, str]]) -> bytes:
    """The rows under our column names."""
    text = io.StringIO()
    writer = csv.DictWriter(text, [column.name for column in TEMPLATES[template]])
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()


def as_xlsx(template: str, rows: Iterable[Mapping[str, str]]) -> bytes:
    """The rows under our headings."""
    file, columns = io.BytesIO(), TEMPLATES[template]
    values = [[row.get(column.name, "") for column in columns] for row in rows]
    tables.write_xlsx(file, template, [str(column.heading) for column in columns], values)
    return file.getvalue()


def uploaded(
    user: User, template: str, rows: Sequence[Mapping[str, str]], as_on: date = DAY, **more: Any
) -> ImportBatch:
    """The rows went through a CSV file and wait to be looked at."""
    table = tables.read(io.BytesIO(as_csv(template, rows)), f"{template}.csv")
    return imports.upload_register(
        submitted_by(user, **more),
        template=template,
        file_name=f"{template}.csv",
        file_hash=table.sha256,
        headers=table.headers,
        rows=table.rows,
        lossy=table.lossy,
        as_on=as_on,
    )


def taken_over(user: User, template: str, rows: Sequence[Mapping[str, str]], as_on: date = DAY) -> ImportBatch:
    """The rows are in the register."""
    return imports.apply_register(submitted_by(user), batch=uploaded(user, template, rows, as_on))


def sentences(batch: ImportBatch, user: User) -> dict[int, list[str]]:
    """What is wrong, by row number."""
    return {
        row.number: [str(sentence) for _column, sentence in row.findings]
        for row in imports.checked(batch, user)
        if row.findings
    }


# One mistake each: what the cells say instead, and what is said about the row. Row 2 is the first.

WRONG_UNITS: list[tuple[Row, str]] = [
    ({"code": ""}, "Code is missing."),
    ({"kind": ""}, "Cell or committee is missing."),
    (
        {"kind": "phòng"},
        "“phòng” is none of: chi bộ, đảng bộ, chi bộ cơ sở, chi bộ trực thuộc, đảng bộ cơ sở, đảng bộ bộ phận.",
    ),
    ({"code": "C001"}, "Row 23 has the code C001 already."),
    ({"code": "C?02"}, "A code has only letters, digits, dots and hyphens, not “C?02”."),
    ({"code": "K" * 31}, "A code has at most 30 characters."),
    ({"parent": ""}, "Row 2 is the top of the tree: here the code of the unit above is missing."),
    ({"code": "X9", "parent": "X9"}, "A unit cannot stand under itself."),
    ({"parent": "C001"}, "C001 is a cell: nothing can stand under it."),
    ({"parent": "Q0"}, "There is no unit with the code Q0."),
    ({"founded_on": "01/01/2009"}, "The unit above it stands only from 01/01/2010 on."),
    ({"founded_on": "05/05/2026"}, "Founded on: this day comes after 04/05/2026."),
    (
        {"founded_on": "02/02/1930", "parent": "W01"},
        "Founded before the Party itself, on 3 February 1930. Look at the day.",
    ),
    ({"tier": "trên cơ sở"}, "A unit of this kind cannot have this tier."),
    ({"tier": "huyện"}, "“huyện” is none of: tỉnh, trên cơ sở, cơ sở, bộ phận, trực thuộc."),
    ({"secretary_born": ""}, "The secretary’s birth day is missing, which tells namesakes apart."),
    ({"secretary_sex": ""}, "The secretary’s sex is missing."),
    ({"secretary": ""}, "The secretary is described, but the name is missing."),
    ({"name": "Đ" * 201}, "Longer than 200 characters."),
    ({"phone": "gọi ông Ba"}, "“gọi ông Ba” is no telephone number."),
]

WRONG_MEMBERS: list[tuple[Row, str]] = [
    ({"cell": ""}, "Code of the cell is missing."),
    ({"full_name": ""}, "Full name is missing."),
    ({"sex": ""}, "Sex is missing."),
    ({"born": ""}, "Born on is missing."),
    ({"admitted_on": ""}, "Admitted on is missing."),
    ({"cell": "C999"}, "There is no unit with the code C999."),
    ({"cell": "W01"}, "W01 is a committee: members belong to cells."),
    ({"cell": "C379"}, "C379 is dissolved from 01/03/2026 on."),
    ({"full_name": "Trần Văn 2"}, "A name has no digits: “Trần Văn 2”."),
    ({"full_name": "Lan"}, "“Lan” is only a part of a name."),
    ({"full_name": "Trần " + "An" * 50}, "Longer than 100 characters."),
    ({"sex": "chưa rõ"}, "“chưa rõ” is none of: nam, nữ."),
    ({"born": "31/02/1980"}, "There is no such day: 31/2/1980."),
    ({"born": "12/13/1980"}, "There is no such month: 13. Months go from 1 to 12."),
    ({"born": "01/01/80"}, "Write the year with four digits, for example 2025."),
    ({"born": "1899"}, "The year must be from 1900 to 2200."),
    ({"born": "khoảng 1980"}, "Write the month as month/year, for example 12/2025, or only the year."),
    ({"born": "01/01/1910"}, "Nobody in a register is over 110 years old."),
    ({"born": "01/01/2027"}, "Born after 04/05/2026."),
    ({"born": "01/01/2009"}, "Not yet 18 years old on 04/05/2026."),
    ({"admitted_on": "năm ngoái"}, "Write the date as day/month/year, for example 31/12/2025."),
    ({"admitted_on": "05/05/2026"}, "Admitted on: this day comes after 04/05/2026."),
    ({"admitted_on": "02/02/1930"}, "Admitted before the Party was founded, on 3 February 1930."),
    ({"born": "01/01/1997"}, "Admitted before the age of 18."),
    ({"recognised_on": "18/05/2014"}, "Recognised before the admission. Look at both days."),
    ({"recognised_on": "05/05/2026"}, "Recognised on: this day comes after 04/05/2026."),
    ({"placed_on": "18/05/2014"}, "In this cell before the admission. Look at both days."),
    ({"placed_on": "05/05/2026"}, "In this cell since: this day comes after 04/05/2026."),
    ({"admitted_on": "19/05/2005", "placed_on": "31/12/2009"}, "The cell C058 stands only from 01/01/2010 on."),
    ({"identity_number": "02200000001"}, "An identity number has 12 digits; this one has 11."),
    ({"identity_number": "A22000000001"}, "An identity number has digits only."),
    ({"identity_number": "022000000000"}, "Row 2 has this identity number already."),
    ({"identity_number": "022099000000"}, "This identity number is already registered. Ask the superior office."),
    ({"identity_number": "2.2E+11"}, "The sheet has rounded this number: “2.2E+11”. Type it as text."),
    ({"card_number": "10.000001"}, "Row 3 has the party card 10.000001 already."),
    (
        {"card_number": "77.000001"},
        "The party card 77.000001 is already registered. Leave the row out, or mend the number.",
    ),
    ({"card_number": "1" * 21}, "Longer than 20 characters."),
    (
        {"full_name": "Đỗ Văn Riêng", "born": "01/02/1970", "card_number": "", "identity_number": ""},
        "Đỗ Văn Riêng with this birth day is already registered. For the same person leave the row out; for another "
        "one first record a number of the person registered.",
    ),
    ({"workplace": "DN9"}, "There is no workplace with the code DN9."),
    ({"workplace": "DN1", "occupation": ""}, "The workplace is given, but not the occupation."),
    (
        {"occupation": "nghề tự do"},
        "“nghề tự do” is none of: học sinh, sinh viên, giáo viên, công nhân, nhân viên, quản lý, nông dân, ngư dân, "
        "y tế, công an, bộ đội, công chức, hưu trí, khác.",
    ),
    ({"education": "10+2"}, "“10+2” is none of: biết chữ, tiểu học, THCS, THPT, 12/12."),
    ({"awareness_on": ""}, "The awareness certificate has a number but no day."),
    ({"awareness_on": "05/05/2026"}, "Awareness certificate of: this day comes after 04/05/2026."),
    ({"born": "01/01/1990", "awareness_on": "01/01/2005"}, "The awareness certificate is of a child. Look at the day."),
    ({"phone": "không có"}, "“không có” is no telephone number."),
    ({"ethnicity": "K" * 41}, "Longer than 40 characters."),
    ({"religion": "k" * 61}, "Longer than 60 characters."),
]  # fmt: skip


def with_mistakes(rows: list[Row], wrong: list[tuple[Row, str]], first: int, step: int = 1) -> dict[int, str]:
    """Every `step`-th of the rows from `first` on is wrong in its own way; what is said, by row number."""
    told = {}
    for place, (change, sentence) in enumerate(wrong):
        at = first + place * step
        rows[at] = {**rows[at], **change}
        told[at + 2] = sentence  # the header is row 1
    return told
