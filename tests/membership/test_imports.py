"""A register file: every row with its finding, applied once or not at all, undone as one, done again."""

from __future__ import annotations

import io
from collections import Counter
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from foundation import tables
from foundation.models import JournalEntry
from membership import events, register, steps
from membership.models import (
    Appointment,
    ImportBatch,
    MembershipStatus,
    Organisation,
    Person,
    Placement,
    Position,
    Status,
    Template,
    Workplace,
)
from membership.operations import imports, people
from membership.operations.imports import ImportRefused
from tests.builders import (
    UserFactory,
    a_candidate,
    a_cell,
    a_clerk,
    a_person,
    a_town,
    a_ward,
    entering,
    on_day,
    submitted_by,
)
from tests.membership.register_files import (
    DAY,
    WRONG_MEMBERS,
    WRONG_UNITS,
    Row,
    as_csv,
    as_xlsx,
    sentences,
    some_members,
    some_units,
    taken_over,
    uploaded,
    with_mistakes,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _today():
    with on_day(DAY), translation.override("en"):
        yield


@pytest.fixture
def founder():
    """The first administrator of an empty office, before anybody is appointed."""
    return UserFactory(is_superuser=True, is_staff=True)


def in_the_register(day: date = DAY) -> dict[str, int]:
    """What a reader of the register counts."""
    return {
        "units": Position.objects.as_at(day).count(),
        "officers": Appointment.objects.in_force(day).count(),
        "members": Person.objects.members(day).count(),
        "placed": Placement.objects.as_at(day).count(),
        "workplaces": Workplace.objects.filter(withdrawn=False).count(),
    }


def mend(batch: ImportBatch, user: Any, cells: dict[tuple[int, str], str], out: list[int]) -> ImportBatch:
    imports.mend_rows(submitted_by(user), batch=batch, cells=cells, left_out=out)
    return ImportBatch.objects.get(pk=batch.pk)


def undo(batch: ImportBatch, user: Any) -> ImportBatch:
    imports.undo_register(submitted_by(user), batch=batch)
    return ImportBatch.objects.get(pk=batch.pk)


def apply(batch: ImportBatch, user: Any) -> ImportBatch:
    imports.apply_register(submitted_by(user), batch=batch)
    return ImportBatch.objects.get(pk=batch.pk)


PLACE = {"code": "DN1", "name": "Công ty Sao Mai", "kind": "doanh nghiệp", "ownership": "tư nhân", "locality": "W01"}
EARLIER = [
    {"cell": "C002", "full_name": "Đỗ Văn Riêng", "sex": "nam", "born": "01/02/1970", "admitted_on": "01/01/2012"},
    {"cell": "C002", "full_name": "Vũ Thị Có Số", "sex": "nữ", "born": "01/02/1971", "admitted_on": "01/01/2012",
     "identity_number": "022099000000", "card_number": "77.000001"},
]  # fmt: skip


def test_an_empty_office_becomes_a_working_one_from_three_files_with_wrong_rows(founder):
    told = Counter()
    rows: list[Row] = some_units(400)
    wanted = with_mistakes(rows, WRONG_UNITS, first=200)
    units = uploaded(founder, Template.UNITS, rows)
    assert sentences(units, founder) == {number: [sentence] for number, sentence in wanted.items()}
    told.update(wanted.values())

    with pytest.raises(ImportRefused, match=f"{len(wanted)} rows are wrong"):
        apply(units, founder)
    assert in_the_register() == {"units": 0, "officers": 0, "members": 0, "placed": 0, "workplaces": 0}

    original = some_units(400)
    mended, out = sorted(wanted)[:10], sorted(wanted)[10:]
    cells = {(number, name): original[number - 2].get(name, "") for number in mended for name in rows[number - 2]}
    units = mend(units, founder, cells, out)
    assert set(sentences(units, founder)) == set(out)
    units = apply(units, founder)
    assert in_the_register()["units"] == in_the_register()["officers"] == 400 - len(out)

    taken_over(founder, Template.WORKPLACES, [PLACE])
    taken_over(founder, Template.MEMBERS, EARLIER)
    with entering(date(2026, 3, 1)) as act:
        steps.dissolve(act, [Organisation.objects.get(code="C379")], date(2026, 3, 1))
    before = in_the_register()
    rows = some_members(6000, cells=150)
    wanted = with_mistakes(rows, WRONG_MEMBERS, first=29)
    rows[5999] = {**EARLIER[0], "full_name": "Hồ Thị Đôi"}
    rows[5998] = {**EARLIER[0], "full_name": "Hồ Thị Đôi"}
    wanted[6001] = (
        "Hồ Thị Đôi stands in row 6000 already, with this birth day. For the same person leave the row out; for "
        "another one type the identity number or party card."
    )
    members = uploaded(founder, Template.MEMBERS, rows)
    assert sentences(members, founder) == {number: [sentence] for number, sentence in wanted.items()}
    told.update(wanted.values())
    assert len(told) >= 60
    assert max(told.values()) == 1
    with pytest.raises(ImportRefused):
        apply(members, founder)
    assert in_the_register() == before

    members = apply(mend(members, founder, {}, sorted(wanted)), founder)
    after = in_the_register()
    assert after["members"] == after["placed"] == before["members"] + 6000 - len(wanted)
    members = undo(members, founder)
    assert in_the_register() == before
    members = apply(members, founder)
    assert in_the_register() == after


# Applied once or not at all -------------------------------------------------------------------------------------------


def office(founder: Any, units: int = 30, members: int = 20) -> ImportBatch:
    """Units and members by import; the members' file."""
    taken_over(founder, Template.UNITS, some_units(units))
    return taken_over(founder, Template.MEMBERS, some_members(members, cells=units - 21))


def test_applied_twice_gives_the_first_result_and_the_same_file_again_is_refused(founder):
    taken_over(founder, Template.UNITS, some_units(30))
    batch = uploaded(founder, Template.MEMBERS, some_members(10, cells=9))
    form = submitted_by(founder, key="6f1a1d9a-8a11-4a1e-9df6-0a8f3e2b5c11")
    assert imports.apply_register(form, batch=batch) == imports.apply_register(form, batch=batch) == batch
    assert JournalEntry.objects.filter(operation="apply_register").count() == 2  # units and members
    with pytest.raises(ImportRefused, match="in the register already"):
        apply(batch, founder)
    with pytest.raises(ImportRefused, match="already in the register"):
        uploaded(founder, Template.MEMBERS, some_members(10, cells=9))
    assert in_the_register()["members"] == 10


def test_another_file_with_the_same_people_is_told_row_by_row(founder):
    office(founder)
    rows = some_members(20, cells=9)
    for row in rows[:10]:
        row |= {"identity_number": "", "card_number": "", "phone": ""}
    found = sentences(uploaded(founder, Template.MEMBERS, rows), founder)
    assert found[2] == [
        f"{rows[0]['full_name']} with this birth day is already registered."
        " For the same person leave the row out; for another one type the identity number or party card."
    ]
    assert found[12] == ["This identity number is already registered. Ask the superior office."]
    assert len(found) == 20


def test_killed_half_way_nothing_is_stored(founder):
    taken_over(founder, Template.UNITS, some_units(30))
    batch, before = uploaded(founder, Template.MEMBERS, some_members(20, cells=9)), in_the_register()
    stored = Person.objects.count()

    def killed(**_what: Any) -> None:
        raise KeyboardInterrupt

    events.members_changed.connect(killed)
    try:
        with pytest.raises(KeyboardInterrupt):
            apply(batch, founder)
    finally:
        events.members_changed.disconnect(killed)
    assert (in_the_register(), Person.objects.count()) == (before, stored)
    assert ImportBatch.objects.get(pk=batch.pk).applied_by is None
    apply(batch, founder)
    assert in_the_register()["members"] == 20


def test_memberships_older_than_every_procedure_are_taken_as_they_are(founder):
    row = {
        "cell": "C001", "full_name": "Trần Văn Lão", "sex": "nam", "born": "1928", "admitted_on": "03/02/1950",
        "recognised_on": "03/05/1950", "awareness_on": "01/01/1950",
    }  # fmt: skip
    taken_over(founder, Template.UNITS, some_units(30))
    taken_over(founder, Template.MEMBERS, [row])
    person = Person.objects.get(full_name="Trần Văn Lão")
    known = MembershipStatus.objects.so().filter(person=person).order_by("valid_from")
    assert [(one.status, one.valid_from) for one in known] == [
        (Status.PROBATIONARY, date(1950, 2, 3)),
        (Status.OFFICIAL, date(1950, 5, 3)),
    ]
    assert (person.born_on, person.born_precision) == (date(1928, 1, 1), "year")


def test_a_secretary_is_one_person_in_every_file(founder):
    rows = some_units(30)
    rows[1] |= {name: rows[0][name] for name in ("secretary", "secretary_sex", "secretary_born")}
    taken_over(founder, Template.UNITS, rows)
    leader = Appointment.objects.get(organisation__code="QY").person
    assert Appointment.objects.get(organisation__code="W01").person == leader
    row = some_members(1)[0] | {"full_name": rows[0]["secretary"], "born": rows[0]["secretary_born"]}
    batch = taken_over(founder, Template.MEMBERS, [row])
    leader.refresh_from_db()
    assert leader.home_town == "Quảng Yên, Quảng Ninh"
    assert leader in Person.objects.members(DAY)
    undo(batch, founder)
    leader.refresh_from_db()
    assert (leader.home_town, leader.identity_number, leader in Person.objects.members(DAY)) == ("", "", False)


def test_two_people_of_one_name_and_birth_day_stay_two(founder):
    taken_over(founder, Template.UNITS, some_units(30))
    one, other = some_members(2)
    other |= {"full_name": one["full_name"], "born": one["born"]}
    taken_over(founder, Template.MEMBERS, [one, other])
    assert Person.objects.members(DAY).filter(full_name=one["full_name"]).count() == 2


# Undone as one --------------------------------------------------------------------------------------------------------


def test_undone_nothing_of_it_is_visible_and_its_numbers_are_gone(founder):
    taken_over(founder, Template.UNITS, some_units(30))
    before = in_the_register()
    batch = undo(taken_over(founder, Template.MEMBERS, some_members(20, cells=9)), founder)
    assert in_the_register() == before
    assert not Person.objects.exclude(identity_sealed="").exists()
    assert not Person.objects.filter(identity_print__isnull=False).exists()
    with pytest.raises(ImportRefused, match="not in the register"):
        undo(batch, founder)


def test_units_are_undone_with_their_officers_and_another_file_may_use_their_codes(founder):
    batch = taken_over(founder, Template.UNITS, some_units(30))
    undo(batch, founder)
    assert in_the_register() == {"units": 0, "officers": 0, "members": 0, "placed": 0, "workplaces": 0}
    rows = some_units(30)
    rows[29] |= {"kind": "đảng bộ", "phone": "0203 111 222"}
    taken_over(founder, Template.UNITS, rows)
    unit = Organisation.objects.get(code=rows[29]["code"])
    assert (unit.kind, unit.phone, in_the_register()["units"]) == ("committee", "0203 111 222", 30)
    assert in_the_register()["officers"] == 30


def test_what_stands_on_the_file_keeps_it(founder):
    units = taken_over(founder, Template.UNITS, some_units(30))
    places = taken_over(founder, Template.WORKPLACES, [PLACE | {"covered_by": "C001"}])
    members = taken_over(founder, Template.MEMBERS, [row | {"workplace": "DN1"} for row in some_members(20, cells=9)])
    before = in_the_register()
    for batch in (units, places):
        with pytest.raises(ImportRefused):
            undo(ImportBatch.objects.get(pk=batch.pk), founder)
        assert in_the_register() == before
    for batch in (members, places, units):
        undo(ImportBatch.objects.get(pk=batch.pk), founder)
    assert in_the_register() == {"units": 0, "officers": 0, "members": 0, "placed": 0, "workplaces": 0}
    for batch in (units, places, members):
        apply(ImportBatch.objects.get(pk=batch.pk), founder)
    assert in_the_register() == before


def test_a_later_change_of_one_person_keeps_the_file_and_is_named(founder):
    batch = office(founder)
    one = Person.objects.members(DAY).first()
    people.describe_person(submitted_by(founder), person=one, values={"phone": "0903 000 000"})
    with pytest.raises(ImportRefused, match="Description corrected"):
        undo(batch, founder)
    assert in_the_register()["members"] == 20


def test_after_seven_days_a_file_stays(founder):
    batch = office(founder)
    with on_day(DAY + timedelta(days=8)), pytest.raises(ImportRefused, match="for 7 days"):
        undo(batch, founder)
    assert in_the_register()["members"] == 20
    with on_day(DAY + timedelta(days=7)):
        undo(batch, founder)
    assert in_the_register()["members"] == 0


# What a row is told ---------------------------------------------------------------------------------------------------


TOP = {"code": "QY", "name": "Đảng bộ thị xã", "kind": "đảng bộ", "founded_on": "01/01/2010"}
WARD = {"code": "W1", "name": "Phường 1", "kind": "đảng bộ", "parent": "QY", "founded_on": "01/01/2012"}
CELL = {"code": "C1", "name": "Chi bộ 1", "kind": "chi bộ", "parent": "W1", "founded_on": "01/01/2015"}


def levels(number: int) -> list[Row]:
    """Committees one under the other, below the top."""
    return [{**WARD, "code": f"D{n}", "parent": f"D{n - 1}" if n else "QY"} for n in range(number)]


BACK = "The units above this one lead back to it."


@pytest.mark.parametrize(
    ("_case", "rows", "told"),
    [
        ("right", [TOP, WARD, CELL], {}),
        ("children first", [CELL, WARD, TOP], {}),
        ("to the day of the unit above", [TOP, WARD, {**CELL, "founded_on": "01/01/2012"}], {}),
        ("a day before it", [TOP, WARD, {**CELL, "founded_on": "31/12/2011"}],
         {4: "The unit above it stands only from 01/01/2012 on."}),
        ("no day is that of the register", [TOP, {**WARD, "founded_on": ""}, CELL],
         {4: "The unit above it stands only from 04/05/2026 on."}),
        ("a circle, and a cell under it", [TOP, {**WARD, "parent": "W2"}, {**WARD, "code": "W2", "parent": "W1"}, CELL],
         {3: BACK, 4: BACK}),
        ("in small letters", [TOP, WARD, {**WARD, "code": "w1"}], {4: "Row 3 has the code w1 already."}),
        ("the top is of the file", [TOP, {**TOP, "code": "HL"}],
         {3: "Row 2 is the top of the tree: here the code of the unit above is missing."}),
        ("a cell as a sub-committee", [TOP, WARD, {**CELL, "tier": "bộ phận"}],
         {4: "A unit of this kind cannot have this tier."}),
        ("twelve levels", [TOP, *levels(11)], {}),
        ("thirteen levels", [TOP, *levels(12)], {14: "The tree would be too deep: at most 12 levels."}),
        ("a secretary of 17",
         [TOP, {**WARD, "secretary": "Lê Thị Đào", "secretary_sex": "nữ", "secretary_born": "2009"}],
         {3: "Not yet 18 years old on 04/05/2026."}),
    ],
)  # fmt: skip
def test_rows_of_units(founder, _case, rows, told):
    assert sentences(uploaded(founder, Template.UNITS, rows), founder) == {row: [one] for row, one in told.items()}


def test_what_stands_under_a_row_left_out_is_told_so(founder):
    batch = mend(uploaded(founder, Template.UNITS, [TOP, WARD, CELL]), founder, {}, [3])
    assert sentences(batch, founder) == {4: ["The unit above it, W1, is left out."]}
    with pytest.raises(ImportRefused):
        apply(batch, founder)
    apply(mend(batch, founder, {}, [3, 4]), founder)
    assert in_the_register()["units"] == 1


@pytest.mark.parametrize(
    ("_case", "change", "told"),
    [
        ("right", {}, []),
        ("a month is enough", {"born": "9/1980"}, []),
        ("18 to the day", {"born": "19/05/1996"}, []),
        ("a day too young", {"born": "20/05/1996"}, ["Admitted before the age of 18."]),
        ("of the year only: taken as they are", {"born": "1996"}, []),
        ("on the day of the register", {"recognised_on": "04/05/2026"}, []),
        ("a day after it", {"recognised_on": "05/05/2026"}, ["Recognised on: this day comes after 04/05/2026."]),
        ("two mistakes, two sentences", {"sex": "", "phone": "?"}, ["Sex is missing.", "“?” is no telephone number."]),
        ("Arabic digits", {"born": "٠٢/٠٩/١٩٨٠", "identity_number": "٠٢٢٠٩٩٩٩٩٩٩٩"}, []),
        ("words of other languages", {"sex": "أنثى", "education": "Upper secondary", "occupation": "مزارع"}, []),
        ("other digits", {"born": "١٢/٣/١٩٨٠", "phone": "٠٩٠٠ ٠٠٠ ١١١"}, []),
        ("words without marks", {"sex": "NU", "education": "thpt", "occupation": "cong nhan"}, []),
        ("not a number at all", {"identity_number": "²²²²²²²²²²²²"}, ["An identity number has digits only."]),
    ],
)  # fmt: skip
def test_rows_of_members(founder, _case, change, told):
    taken_over(founder, Template.UNITS, some_units(30))
    row = some_members(1)[0] | change
    assert sentences(uploaded(founder, Template.MEMBERS, [row]), founder) == ({2: told} if told else {})


@pytest.mark.parametrize(
    ("_case", "change", "told"),
    [
        ("right", {"covered_by": "C001", "covered_since": "01/01/2010", "workers": "1200"}, []),
        ("in use", {"code": "DN0"}, ["The code DN0 is in use. Choose another."]),
        ("no ward", {"locality": "X"}, ["There is no unit with the code X."]),
        ("in a cell", {"locality": "C001"}, ["C001 is a cell: a workplace lies in a ward or commune."]),
        ("since, but not which", {"covered_since": "01/01/2015"},
         ["The day of the party unit is given, but not its code."]),
        ("before its unit", {"covered_by": "C001", "covered_since": "31/12/2009"},
         ["Its party unit C001 stands only from 01/01/2010 on."]),
        ("to come", {"covered_by": "C001", "covered_since": "05/05/2026"},
         ["Party unit since: this day comes after 04/05/2026."]),
        ("a half", {"workers": "1.5"}, ["“1.5” is not a whole number."]),
        ("too many", {"workers": "9" * 400}, ["A number here goes up to 10 million."]),
        ("of nobody", {"ownership": "của ai"}, ["“của ai” is none of: nhà nước, tư nhân, vốn nước ngoài."]),
        ("of no kind", {"kind": "chợ"}, ["“chợ” is none of: doanh nghiệp, trường, cơ quan, hợp tác xã, đội tàu."]),
    ],
)  # fmt: skip
def test_rows_of_workplaces(founder, _case, change, told):
    taken_over(founder, Template.UNITS, some_units(30))
    taken_over(founder, Template.WORKPLACES, [PLACE | {"code": "DN0", "name": "Công ty Một"}])
    batch = uploaded(founder, Template.WORKPLACES, [PLACE | change])
    assert sentences(batch, founder) == ({2: told} if told else {})


def test_a_mended_number_is_no_longer_rounded(founder):
    taken_over(founder, Template.UNITS, some_units(30))
    batch = uploaded(founder, Template.MEMBERS, [some_members(1)[0] | {"identity_number": "2.2E+10"}])
    assert sentences(batch, founder) == {2: ["The sheet has rounded this number: “2.2E+10”. Type it as text."]}
    batch = mend(batch, founder, {(2, "identity_number"): "022000000001"}, [])
    assert sentences(batch, founder) == {}
    apply(batch, founder)
    assert Person.objects.get(identity_print__isnull=False).identity_number == "022000000001"


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_both_kinds_of_files_say_the_same(founder, kind):
    rows = some_units(30)
    file = {"csv": as_csv, "xlsx": as_xlsx}[kind](Template.UNITS, rows)
    table = tables.read(io.BytesIO(file), f"units.{kind}")
    columns = register.match(Template.UNITS, table.headers, {})
    sheet = register.Sheet(
        template=Template.UNITS,
        columns=columns,
        cells=table.rows,
        lossy=table.lossy,
        left_out=(),
        as_on=DAY,
        user=founder,
    )
    checked = register.checked(sheet)
    assert not any(row.findings for row in checked)
    assert [row.values["code"] for row in checked] == [row["code"] for row in rows]


@pytest.mark.parametrize("language", ["en", "vi", "ar"])
def test_the_templates_come_back_right_in_any_language(founder, language):
    """Downloaded in one language, uploaded in another: an empty office takes the example rows of all three."""
    for template in (Template.UNITS, Template.WORKPLACES, Template.MEMBERS):
        with translation.override(language):
            headings = [str(column.heading) for column in register.TEMPLATES[template]]
        columns = register.match(template, headings, {})
        assert list(columns.values()) == list(range(len(headings)))
        names = [column.name for column in register.TEMPLATES[template]]
        taken_over(founder, template, [dict(zip(names, row, strict=True)) for row in register.examples(template)])
    assert in_the_register() == {"units": 3, "officers": 3, "members": 1, "placed": 1, "workplaces": 1}


# Whose files, whose units ---------------------------------------------------------------------------------------------


def test_a_clerk_of_a_town_imports_into_that_town_only(founder):
    town, other = a_town(code="T1"), a_town(code="T2")
    own, foreign = a_ward(under=town, code="W1"), a_ward(under=other, code="W2")
    a_cell(under=own, code="C1")
    a_cell(under=foreign, code="C2")
    clerk = a_clerk(of=town)
    new = {"code": "C9", "name": "Chi bộ 9", "kind": "chi bộ"}
    assert sentences(uploaded(clerk, Template.UNITS, [{**new, "parent": "W1"}]), clerk) == {}
    assert sentences(uploaded(clerk, Template.UNITS, [{**new, "parent": "W2"}]), clerk) == {
        2: ["There is no unit with the code W2."]
    }
    assert sentences(uploaded(clerk, Template.UNITS, [new]), clerk) == {
        2: ["The code of the unit above is missing: the tree has its top already."]
    }
    member = some_members(1)[0]
    assert sentences(uploaded(clerk, Template.MEMBERS, [{**member, "cell": "C2"}]), clerk) == {
        2: ["There is no unit with the code C2."]
    }
    assert sentences(uploaded(clerk, Template.WORKPLACES, [{**PLACE, "locality": "W2"}]), clerk) == {
        2: ["There is no unit with the code W2."]
    }


@pytest.mark.parametrize(("whose", "told"), [("own", ""), ("foreign", "already registered")])
def test_a_number_of_a_candidate_means_them_where_they_are_the_clerks_own(whose, told):
    town = a_town("Thị xã Quảng Yên", code="QY")
    cell = a_cell(under=a_ward(under=town), code="QY01-01")
    person = a_person(full_name="Bàn Thị Hoa", born_on=date(1990, 2, 3), residence="Khu 9")
    person.identity_number = "022190000123"
    person.save()
    a_candidate(cell if whose == "own" else a_cell(), person=person)
    clerk = a_clerk(of=town)
    [row] = some_members(1)
    row |= {"cell": "QY01-01", "identity_number": "022190000123", "residence": "Khu 1", "workplace": ""}
    batch = uploaded(clerk, Template.MEMBERS, [row])
    said = sentences(batch, clerk)
    assert (told in str(said), bool(said)) == (True, bool(told))
    if told:
        with pytest.raises(ImportRefused):
            imports.apply_register(submitted_by(clerk), batch=batch)
    else:
        imports.apply_register(submitted_by(clerk), batch=batch)
    person.refresh_from_db()
    assert person.residence == ("Khu 9" if told else "Khu 1")


def test_the_number_of_statements_does_not_grow_with_the_rows(founder):
    taken_over(founder, Template.UNITS, some_units(60))

    def statements(number: int, start: int) -> int:
        batch = uploaded(founder, Template.MEMBERS, some_members(number, cells=39, start=start))
        with CaptureQueriesContext(connection) as checking:
            imports.checked(batch, founder)
        return len(checking)

    assert statements(2, 0) == statements(300, 1000)


def test_rows_wait_sealed(founder):
    taken_over(founder, Template.UNITS, some_units(30))
    batch = uploaded(founder, Template.MEMBERS, some_members(2))
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM membership_importbatch WHERE id = %s", [batch.pk])
        stored = repr(cursor.fetchone())
    assert "022000000000" not in stored
    assert "Quảng Ninh" not in stored
