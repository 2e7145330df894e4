"""The candidate list: what it shows, how it is narrowed, ordered, exported; and that it does not grow in statements."""

import csv
import io
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from membership.models import OccupationKind, Sex
from recruitment import operations, steps
from recruitment.models import CandidateStanding
from tests.builders import (
    a_candidate,
    a_cell,
    a_clerk,
    a_complete_candidate,
    a_person,
    a_probationary_member,
    a_secretary,
    a_town,
    a_ward,
    a_youth_union,
    an_official,
    joins,
    on_day,
    signed_in,
    submitted_by,
    taken_up,
    works,
)

pytestmark = pytest.mark.django_db
DAY = date(2025, 12, 1)


@pytest.fixture(autouse=True)
def today():
    with on_day(DAY):
        yield


def names(answer) -> list[str]:
    return [row["name"] for row in answer.context["rows"]]


def named(name: str, cell=None, **values):
    return a_candidate(cell, person=a_person(full_name=name), **values)


def somebody_late(cell):
    """Whose probation was over on 16 September 2025, and on whom the cell has not met since."""
    late = a_probationary_member(cell, person=a_person(full_name="Bùi Văn Cường"))
    steps.refresh_standing(None, [late])
    return late


@pytest.fixture
def town():
    return a_town("Thị xã Quảng Yên")


@pytest.fixture
def desk(town):
    return signed_in(a_clerk(of=town))


def test_people_stand_in_vietnamese_order_by_given_name(desk, town):
    cell = a_cell(under=a_ward(under=town))
    for name in ("Đỗ Thị Mơ", "Nguyễn Văn Ân", "Trần Thị Ánh", "Bùi Khánh Anh"):
        named(name, cell)
    assert names(desk.get("/candidates/")) == ["Bùi Khánh Anh", "Trần Thị Ánh", "Nguyễn Văn Ân", "Đỗ Thị Mơ"]


def test_a_name_is_found_without_marks(desk, town):
    cell = a_cell(under=town)
    named("Đỗ Thị Mơ", cell)
    named("Trần Thị Ánh", cell)
    assert names(desk.get("/candidates/?q=do+thi+mo")) == ["Đỗ Thị Mơ"]


def test_a_unit_is_typed_by_name_or_code_or_comes_by_its_key_and_takes_its_subtree_along(desk, town):
    ward = a_ward("Phường Cộng Hòa", under=town, code="QY02")
    named("Trần Thị Ánh", a_cell("Chi bộ khu 2", under=ward))
    named("Đỗ Thị Mơ", a_cell("Chi bộ khu 3", under=a_ward("Phường Yên Hải", under=town)))
    for typed in ("cong hoa", "QY02", str(ward.pk), "Phường Cộng Hòa [QY02]"):
        answer = desk.get("/candidates/", {"unit": typed})
        assert names(answer) == ["Trần Thị Ánh"], typed
        assert [chip["value"] for chip in answer.context["form"].chips] == ["Phường Cộng Hòa"], typed
    assert len(names(desk.get("/candidates/?unit=phuong"))) == 2


@pytest.mark.parametrize("typed", ["nowhere", "99999999", "0"])
def test_a_unit_that_is_not_there_shows_nobody(desk, town, typed):
    named("Trần Thị Ánh", a_cell(under=town))
    assert names(desk.get("/candidates/", {"unit": typed})) == []


def test_a_foreign_unit_shows_nobody_and_not_its_name(desk):
    foreign = a_cell("Chi bộ bí mật")
    named("Trần Thị Ánh", foreign)
    answer = desk.get("/candidates/", {"unit": foreign.pk})
    assert names(answer) == []
    assert "bí mật" not in answer.content.decode()


def test_stage_state_group_and_overdue_narrow(desk, town):
    cell = a_cell(under=town)
    new, taken = named("Trần Thị Ánh", cell), taken_up(named("Đỗ Thị Mơ", cell))
    student = named("Vũ Hoàng Phú", cell)
    works(student.person, OccupationKind.STUDENT)
    joins(taken.person, a_youth_union(of=cell))
    user = a_clerk(of=town)
    operations.withdraw(submitted_by(user, reason="ill"), candidate=new, happened_on=date(2025, 11, 30))
    late = somebody_late(cell)
    assert names(desk.get("/candidates/?stage=taken_up")) == [str(taken)]
    assert names(desk.get("/candidates/?state=withdrawn")) == [str(new)]
    assert names(desk.get("/candidates/?group=students")) == [str(student)]
    assert names(desk.get("/candidates/?group=youth_union")) == [str(taken)]
    assert names(desk.get("/candidates/?overdue=on")) == [str(late)]
    assert str(new) not in names(desk.get("/candidates/"))
    assert len(names(desk.get("/candidates/?state=all"))) == 4


def test_groups_and_columns_of_restricted_fields_are_offered_with_the_grant_only(town):
    cell = a_cell(under=town)
    a_candidate(cell, person=a_person(full_name="Lý Thị Bích", ethnicity="Dao"))
    without, granted = signed_in(a_clerk(of=town)), signed_in(a_clerk(of=town, restricted=True))
    assert "minorities" not in dict(without.get("/candidates/").context["form"].fields["group"].choices)
    for asked in ("?group=minorities", "?columns=ethnicity", "?columns=religion"):
        assert without.get(f"/candidates/{asked}").status_code == 400
    assert names(granted.get("/candidates/?group=minorities")) == ["Lý Thị Bích"]
    assert "Dao" in granted.get("/candidates/?columns=ethnicity").content.decode()


def test_a_grant_over_one_unit_opens_nothing_of_another(town):
    here, there = a_ward(under=town), a_ward(under=town)
    user = a_clerk(of=town)
    a_clerk(of=here, restricted=True, person=user.person)
    for unit in (here, there):
        a_candidate(a_cell(under=unit), person=a_person(full_name=f"Lý Thị {unit}", ethnicity="Dao"))
    answer = signed_in(user).get("/candidates/?columns=cell&columns=ethnicity")
    shown = {row["name"]: row["cells"][-1]["value"] for row in answer.context["rows"]}
    assert shown == {f"Lý Thị {here}": "Dao", f"Lý Thị {there}": "•••"}
    assert names(signed_in(user).get("/candidates/?group=minorities")) == [f"Lý Thị {here}"]


def test_time_in_stage_and_due_day_are_columns_and_order(desk, town):
    cell = a_cell(under=town)
    named("Trần Thị Ánh", cell, nominated_on=date(2025, 11, 21))
    named("Đỗ Thị Mơ", cell, nominated_on=date(2025, 3, 3))
    late = somebody_late(cell)
    answer = desk.get("/candidates/?columns=time&columns=due&sort=-since")
    assert [column["label"] for column in answer.context["columns"]] == ["Name", "Time in this stage", "Due"]
    assert names(answer)[0] == "Trần Thị Ánh"
    assert answer.context["rows"][0]["cells"][1]["value"] == "10 days"
    for order in ("due", "-due"):  # who has no due day stands last, upwards and downwards
        assert names(desk.get(f"/candidates/?sort={order}"))[0] == str(late)


def test_columns_stay_in_the_addresses_of_filters_order_and_page(desk, town):
    a_candidate(a_cell(under=town))
    page = desk.get("/candidates/?columns=born&columns=sex").content.decode()
    for name in ("born", "sex"):
        assert f'<input type="hidden" name="columns" value="{name}"' in page
    assert "columns=born&amp;columns=sex" in page


@pytest.mark.parametrize("address", ["?sort=person__born_on", "?columns=secret", "?stage=x", "?x=1", "?page=x"])
def test_what_the_list_does_not_know_is_refused(desk, address):
    assert desk.get(f"/candidates/{address}").status_code == 400


def test_a_page_has_its_rows_and_the_last_page_answers_for_those_behind_it(desk, town):
    cell = a_cell(under=town)
    for number in range(30):
        named(f"Trần Thị Ánh {number:02}", cell)
    assert len(names(desk.get("/candidates/"))) == 25
    assert names(desk.get("/candidates/?page=9")) == [f"Trần Thị Ánh {number:02}" for number in range(25, 30)]


def test_the_list_says_whose_move_it_is_and_on_probation_that_time_is_awaited(desk, town):
    cell = a_cell(under=a_ward(under=town))
    with on_day(date(2024, 10, 1)):
        steps.refresh_standing(None, [named("Trần Thị Ánh", cell), a_probationary_member(cell)])
        rows = desk.get("/candidates/?columns=move").context["rows"]
    assert sorted(row["cells"][1]["value"] for row in rows) == ["Secretary of the cell", "Time"]


def test_export_has_exactly_these_rows_and_columns(desk, town):
    cell = a_cell("Chi bộ khu 2", under=a_ward("Phường Cộng Hòa", under=town))
    for number in range(30):
        named(f"Trần Thị Ánh {number:02}", cell, nominated_on=date(2025, 11, 21))
    named("Đỗ Thị Mơ", cell)
    answer = desk.get("/candidates/?q=anh&columns=cell&columns=time&columns=since&format=csv")
    text = (b"".join(answer.streaming_content) if answer.streaming else answer.content).decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text)))
    assert rows[0] == ["Name", "Cell, committee", "Time in this stage", "In this stage since"]
    assert len(rows) == 31
    assert rows[1][:3] == ["Trần Thị Ánh 00", "Chi bộ khu 2, Phường Cộng Hòa", "10"]
    assert desk.get("/candidates/?format=xlsx").status_code == 200


def test_a_secretary_sees_the_own_cell_and_does_not_export(town):
    cell = a_cell(under=town)
    named("Trần Thị Ánh", cell)
    named("Đỗ Thị Mơ", a_cell(under=town))
    desk = signed_in(a_secretary(of=cell))
    assert names(desk.get("/candidates/")) == ["Trần Thị Ánh"]
    assert desk.get("/candidates/?format=csv").status_code == 403


@pytest.mark.parametrize(
    ("kind", "limit"),
    [("csv", "foundation.tables.writing.MOST_ROWS"), ("print", "foundation.web.lists.MOST_PRINTED")],
)
def test_what_is_too_long_for_a_file_or_for_paper_is_refused_and_not_cut_short(desk, town, kind, limit, monkeypatch):
    named("Trần Thị Ánh", a_cell(under=town))
    named("Đỗ Thị Mơ", a_cell(under=town))
    monkeypatch.setattr(limit, 2)
    assert desk.get(f"/candidates/?format={kind}").status_code == 200
    monkeypatch.setattr(limit, 1)
    answer = desk.get(f"/candidates/?format={kind}")
    assert (answer.status_code, "Choose fewer" in answer.content.decode()) == (400, True)


@pytest.mark.parametrize("kind", ["csv", "print"])
def test_a_right_to_export_one_unit_is_none_to_export_another(town, kind):
    here, there = a_cell(under=a_ward()), a_cell(under=town)
    named("Trần Thị Ánh", here)
    named("Đỗ Thị Mơ", there)
    desk = signed_in(a_clerk(of=town, person=a_secretary(of=here).person))
    assert names(desk.get("/candidates/")) == ["Trần Thị Ánh", "Đỗ Thị Mơ"]
    answer = desk.get(f"/candidates/?format={kind}")
    text = (b"".join(answer.streaming_content) if answer.streaming else answer.content).decode()
    assert ("Đỗ Thị Mơ" in text, "Trần Thị Ánh" in text) == (True, False)


def test_who_reads_no_names_has_no_list(town):
    assert signed_in(an_official(of=town)).get("/candidates/").status_code == 403


def test_the_sheet_has_one_line_a_person_with_the_chosen_columns(desk, town):
    named("Trần Thị Ánh", a_cell(under=town))
    named("Đỗ Thị Mơ", a_cell(under=town))
    answer = desk.get("/candidates/?format=print")
    assert list(map(str, answer.context["columns"])) == ["Name", "Cell, committee", "Stage reached", "Born on", "Sex"]
    assert [row[0] for row in answer.context["rows"]] == ["Trần Thị Ánh", "Đỗ Thị Mơ"]
    assert answer.context["unit"] == town.name_on()
    assert desk.get("/candidates/?format=print&overdue=on").context["subtitle"] == "Overdue"
    chosen = desk.get("/candidates/?format=print&columns=phone")
    assert list(map(str, chosen.context["columns"])) == ["Name", "Telephone"]


@pytest.mark.parametrize("address", ["", "?q=tran&unit=Ph%C6%B0%E1%BB%9Dng&group=women&stage=nominated&sort=-due"])
def test_statements_do_not_grow_with_the_rows(town, address):
    desk, ward, asked = signed_in(a_clerk(of=town)), a_ward("Phường Yên Hải", under=town), []
    desk.get("/candidates/")  # the session's first request of the day writes that it was used
    for number in (2, 18):
        for _ in range(number):
            a_complete_candidate(a_cell(under=ward), person=a_person(full_name="Trần Thị Ánh", sex=Sex.FEMALE))
            a_candidate(a_cell(under=ward))
        desk.get("/candidates/")  # so is the practice day, every two seconds
        with CaptureQueriesContext(connection) as statements:
            assert desk.get(f"/candidates/{address}").status_code == 200
        asked.append(len(statements))
    assert asked[0] == asked[1] <= 8


def test_the_first_line_says_how_many_can_still_be_admitted_this_year(desk, town):
    said = []
    for on in (date(2025, 12, 15), date(2026, 3, 2), date(2026, 4, 1)):
        CandidateStanding.objects.filter(candidate=named("Trần Thị Ánh", a_cell(under=town))).update(
            earliest_ceremony_on=on
        )
        said.append(str(desk.get("/candidates/").context["lead"]))
    assert "<b>1</b> can lawfully be admitted in 2025." in said[0]
    assert "<b>1</b> can lawfully be admitted in 2025, <b>2</b> only later." in said[2]
    assert said[2] in desk.get("/candidates/").text
    CandidateStanding.objects.filter(earliest_ceremony_on__year=2025).update(earliest_ceremony_on=date(2026, 1, 5))
    assert "None can lawfully be admitted in 2025, <b>3</b> only later." in desk.get("/candidates/").context["lead"]
    CandidateStanding.objects.filter(candidate=named("Lê Văn Bình", a_cell(under=town))).update(
        earliest_ceremony_on=None
    )
    assert desk.get("/candidates/").context["lead"].endswith("without a known day: <b>1</b>.")
    assert desk.get("/candidates/?q=nobody").context["lead"] == ""


def test_who_is_on_probation_is_said_to_be_so_once(desk, town):
    a_probationary_member(a_cell(under=town))
    printed = desk.get("/candidates/", {"format": "print"}).content.decode()
    assert "Probation" in printed
    assert "on probation" not in printed
