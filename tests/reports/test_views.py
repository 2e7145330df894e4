"""Pages of figures: by role, by unit, by day; every figure opens its list; what is not the reader's is not told."""

import csv
import io
import re
from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from python_calamine import CalamineWorkbook

from membership import steps as membership_steps
from membership.models import Appointment, Role, User
from recruitment.models import CandidateStanding
from recruitment.rulebook import wording
from reports import listing
from reports.indicators import FIGURES
from reports.views.progress import reason
from tests.builders import (
    a_candidate,
    a_cell,
    a_clerk,
    a_complete_candidate,
    a_member,
    a_person,
    a_probationary_member,
    a_secretary,
    a_town,
    a_ward,
    a_workplace,
    an_administrator,
    an_inspector,
    an_official,
    as_user,
    covers,
    decided,
    entering,
    on_day,
    some_members,
    voted,
)
from tests.reports.histories import TODAY, a_period, a_plan, admitted, dissolved, moved, recorded

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def today():
    with on_day(TODAY):
        yield


@pytest.fixture
def town():
    return a_town("Thị xã Quảng Yên")


@pytest.fixture
def ward(town):
    return a_ward("Phường Hà An", under=town)


@pytest.fixture
def cell(ward):
    return a_cell("Chi bộ khu 1", under=ward)


def signed_in(user):
    client = Client(headers={"accept-language": "en"})
    client.force_login(as_user(user))
    return client


def show(user, name="progress", code=None, **query):
    return signed_in(user).get(reverse(name, args=[code] if code else []), query)


def text(response):
    return response.content.decode()


# Home and frame -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("make", "name"),
    [
        (lambda town: a_clerk(of=town), "work"),
        (lambda town: a_secretary(), "work"),
        (lambda town: an_official(of=town), "progress"),
        (lambda town: an_administrator(of=town), "admin:index"),
        (lambda town: an_inspector(of=town), "profile"),
    ],
)
def test_each_role_has_its_own_first_page(town, make, name):
    assert show(make(town), "home").url == reverse(name)


def test_who_has_no_appointment_sees_the_own_profile_and_no_page_fails(town):
    user = an_official(of=town)
    Appointment.objects.update(until_on=TODAY)
    assert show(user, "home").url == reverse("profile")
    assert show(user, "profile").status_code == 200
    assert show(user).status_code == 403
    assert show(user, "figure_list", "admitted").status_code == 403


@pytest.mark.parametrize(
    ("make", "words"), [(an_official, "Figures"), (a_clerk, "Figures, names"), (an_inspector, "–")]
)
def test_the_profile_says_what_an_appointment_reads(town, make, words):
    assert f'data-label="Reads">{words}</td>' in text(show(make(of=town), "profile"))


def test_the_navigation_shows_the_task_of_a_page_also_at_another_address(town, cell):
    reader, person = signed_in(an_official(of=town, names=True)), a_probationary_member(cell).person
    for address, task in (
        (reverse("figure_list", args=["admitted"]), "Progress"),
        (f"/people/{person.pk}/", "Members"),
    ):
        tasks = reader.get(address).context["frame"]["nav"]
        assert [str(each["label"]) for each in tasks if each["current"]] == [task]


def test_the_frame_stands_on_the_unit_and_the_day_asked_for(town, ward):
    page = show(an_official(of=town), unit=ward.pk, as_at="31/12/2023")
    frame = page.context["frame"]
    assert [unit["name"] for unit in frame["units"]] == ["Thị xã Quảng Yên", "Phường Hà An"]
    assert frame["is_past"]
    assert frame["as_at"] == date(2023, 12, 31)
    assert "as_at" not in frame["today_url"]
    assert 'class="is-past"' in text(page)


def test_the_frame_offers_only_what_the_reader_may(town):
    labels = {item["url"] for item in show(an_official(of=town)).context["frame"]["nav"]}
    assert reverse("progress") in labels
    assert reverse("work") not in labels
    assert reverse("admin:index") not in labels


@pytest.mark.parametrize(("make", "opens"), [(an_inspector, False), (an_official, True)])
def test_whoever_may_open_no_page_is_told_so_and_led_to_none(town, make, opens):
    page = show(make(of=town), "profile")
    shown = text(page)
    assert ("These appointments open no page yet." in shown) != opens
    assert (reverse("search") in shown, reverse("unit", args=[town.pk]) in shown) == (opens, opens)


# The answer -----------------------------------------------------------------------------------------------------------


def test_one_more_ceremony_is_one_more_admission_and_its_link_lists_the_person(town, ward, cell):
    reader = an_official(of=town, names=True)
    a_plan(town, {town: 2, ward: 2})
    assert show(reader).context["admitted"] == 0
    candidate = admitted(cell, full_name="Nguyễn Thị Ước")
    page = show(reader)
    assert (page.context["admitted"], page.context["target"], page.context["ceiling"]) == (1, 2, 1)
    assert page.context["short"] == 1
    first = page.context["figures"][0]
    listed = signed_in(reader).get(first["url"])
    assert listed.context["count"] == 1
    assert str(candidate.person) in text(listed)


def test_pieces_of_the_ladder_are_lists_of_their_length(town, cell):
    a_plan(town, {town: 5})
    a_complete_candidate(cell)
    decided(voted(a_complete_candidate(cell)), by=town)
    reader = an_official(of=town, names=True)
    figures = show(reader).context["figures"]
    assert [figure["label"] for figure in figures][3] == "other still in time"
    for figure in figures:
        if figure["tone"] != "short":
            assert signed_in(reader).get(figure["url"]).context["count"] == figure["number"]
    ceiling = show(reader).context["ceiling"]
    assert ceiling == CandidateStanding.objects.filter(earliest_ceremony_on__lte=date(2024, 12, 31)).count() == 2


@pytest.mark.parametrize("named", [True, False])
def test_the_ceiling_lists_whom_it_counts_with_the_sum_beside_it(town, cell, named):
    done = admitted(cell)
    possible = decided(voted(a_complete_candidate(cell)), by=town)
    a_plan(town, {town: 5})
    reader = an_official(of=town, names=named)
    address = next(each["url"] for each in show(reader).context["figures"] if each["tone"] == "short")
    page = signed_in(reader).get(address)
    assert page.context["count"] == show(reader).context["ceiling"] == 2
    rows = [[str(cell["value"]) for cell in row["cells"]] for row in page.context["rows"]]
    if named:
        assert {row[0] for row in rows} == {str(done.person), str(possible.person)}
        assert page.context["sum"].startswith("1\xa0admitted + 1\xa0decided, ceremony to come + 0\xa0")
        assert len(signed_in(reader).get(f"{address}&page_size=1&page=2").context["rows"]) == 1
    else:
        assert [row[-1] for row in rows] == ["2"]
        assert str(done.person) not in text(page)
    assert signed_in(reader).get(f"{address}&format=csv").status_code == 200


def test_the_bars_open_whom_they_count_and_what_is_asked(town, ward, cell):
    admitted(cell)
    a_plan(town, {town: 4, ward: 3})
    reader = an_official(of=town, names=True)
    [child] = show(reader).context["children"]
    assert signed_in(reader).get(child["ceiling_url"]).context["count"] == child["ceiling"] == 1
    asked = signed_in(reader).get(child["target_url"]).context
    assert [[cell["value"] for cell in row["cells"]] for row in asked["rows"]] == [["Phường Hà An", "Everybody", 3]]
    asked = show(reader, "figure_list", "target").context
    assert [row["cells"][2]["value"] for row in asked["rows"]] == [4, 3]
    assert asked["lead"].startswith("4 · ")
    assert "days =" in asked["note"]


def test_children_come_worst_first_and_open_a_level_down(town):
    good, bad = a_ward("Phường A", under=town), a_ward("Phường B", under=town)
    in_good = a_cell(under=good)
    admitted(in_good)
    a_plan(town, {town: 4, good: 1, bad: 3})
    children = show(an_official(of=town)).context["children"]
    assert [child["name"] for child in children] == ["Phường B", "Phường A"]
    assert [(child["admitted"], child["target"], child["short"]) for child in children] == [(0, 3, 3), (1, 1, 0)]
    below = signed_in(an_official(of=town)).get(children[1]["url"])
    assert below.context["admitted"] == 1
    leaf = below.context["children"][0]
    assert leaf["url"] == leaf["list_url"]
    assert reverse("figure_list", args=["admitted"]) in leaf["url"]


def test_what_a_dissolved_cell_did_stands_on_a_line_of_its_own(town, ward, cell):
    admitted(cell, date(2024, 2, 1))
    a_cell(under=ward)
    dissolved(cell, date(2024, 6, 1))
    children = show(an_official(of=town), unit=ward.pk).context["children"]
    assert sum(child["admitted"] for child in children) == 1
    assert [child["admitted"] for child in children if "dissolved" in child["name"]] == [1]


def test_tabs_carry_the_scores_of_other_periods(town, cell):
    a_plan(town, {town: 172})
    a_plan(town, {town: 850}, a_period(date(2020, 8, 1), date(2025, 7, 31), kind="term"))
    a_plan(town, {town: 40}, a_period(date(2024, 9, 1), date(2025, 8, 31), kind="school_year"), group="students")
    admitted(cell, date(2022, 5, 19))
    admitted(cell, date(2024, 5, 19))
    page = show(an_official(of=town))
    assert [tab["score"] for tab in page.context["tabs"]] == ["", "2/850", "0/40"]
    other = signed_in(an_official(of=town)).get(page.context["tabs"][1]["url"])
    assert (other.context["admitted"], other.context["target"]) == (2, 850)


def test_another_day_shows_what_was_so_then_and_what_could_be_reached_but_nobody_to_call(town, ward, cell):
    a_plan(town, {town: 2, ward: 2})
    a_probationary_member(cell, since=date(2024, 9, 16), by=town)
    for day in ({"as_at": "2024-09-15"}, {"known_on": "15/09/2024"}):
        page = show(an_official(of=town, names=True), **day)
        assert (page.context["admitted"], page.context["ceiling"], page.context["short"]) == (0, 1, 1)
        assert page.context["children_short"] == 1
        assert page.context["calls"] == []


def test_calls_need_names_and_somebody_short(town, ward, cell):
    a_plan(town, {town: 3, ward: 3})
    person = a_person(full_name="Vũ Thị Hạnh", phone="0203 555 0142")
    Appointment.objects.create(person=person, organisation=ward, role=Role.OFFICIAL, from_on=date(2020, 1, 1))
    [call] = show(an_official(of=town, names=True)).context["calls"]
    assert (call["name"], call["phone"], call["office"]) == (person.full_name, "0203 555 0142", "Phường Hà An")
    without = show(an_official(of=town))
    assert without.context["calls"] == []
    assert "Vũ Thị Hạnh" not in text(without)


def test_people_too_late_are_counted_by_reason_and_listed(town, cell):
    candidate = a_complete_candidate(cell)
    recorded(candidate, "pause", date(2024, 10, 1))
    reader = an_official(of=town, names=True)
    late = show(reader).context["too_late"]
    assert late["count"] == 1
    listed = signed_in(reader).get(late["rows"][0]["url"])
    assert listed.context["count"] == 1
    assert str(candidate.person) in text(listed)


def test_a_list_of_who_is_too_late_says_from_when_each_could_be_admitted(town, cell):
    candidate = a_complete_candidate(cell)
    CandidateStanding.objects.filter(candidate=candidate).update(earliest_ceremony_on=date(2025, 2, 1), waits_for="x")
    page = show(an_official(of=town, names=True), "figure_list", "too_late")
    assert [str(one["label"]) for one in page.context["columns"]][-1] == "Earliest admission"
    [row] = page.context["rows"]
    assert (row["cells"][-1]["value"], str(row["cells"][-1]["label"])) == (date(2025, 2, 1), "Earliest admission")
    sooner = a_complete_candidate(cell)
    CandidateStanding.objects.filter(candidate=sooner).update(earliest_ceremony_on=date(2025, 1, 5), waits_for="x")
    page = show(an_official(of=town, names=True), "figure_list", "too_late")
    assert [one["pk"] for one in page.context["rows"]] == [sooner.pk, candidate.pk]
    assert signed_in(an_official(of=town, names=True)).get(reverse("figure_list", args=["admitted"])).status_code == 200


def test_no_reason_has_a_gap():
    gaps = {code for code in wording.texts() if "…" in reason(code)}
    late = {"recognition-meeting-late", "ceremony-late", "decision-late", "recognition-decision-late", "paper-overdue"}
    stopped = {"paused", "returned", "closed", "on-probation"}
    assert gaps == {
        "booked-too-early",
        "age-by-month",
        "vote-not-known",
        *late,
        *stopped,
    }  # nobody is too late by these


def test_a_period_whose_last_day_is_looked_back_at_is_over(town, ward, cell):
    admitted(cell)
    decided(voted(voted(a_complete_candidate(cell)), "committee_meeting"))
    a_plan(town, {ward: 3}, a_period(date(2024, 1, 1), TODAY, kind="quarter"))
    reader = an_official(of=town, names=True)
    query = {"unit": ward.pk, "first": "01/01/2024", "last": f"{TODAY:%d/%m/%Y}"}
    on_the_day = show(reader, **query)
    assert (on_the_day.context["period"]["over"], on_the_day.context["short"]) == (False, 1)
    with on_day(TODAY + timedelta(days=1)):
        for as_at in ("", f"{TODAY:%d/%m/%Y}"):
            page = show(reader, **query, as_at=as_at)
            assert page.context["period"]["over"], as_at
            assert (page.context["ceiling"], page.context["short"]) == (None, 2), as_at
            assert [one["tone"] for one in page.context["figures"]] == ["result", "short"]
            assert page.context["too_late"]["count"] == 0


# Lists ----------------------------------------------------------------------------------------------------------------


def test_readers_without_names_get_the_list_by_cell(town, cell):
    candidate = admitted(cell)
    admitted(cell)
    page = show(an_official(of=town), "figure_list", "admitted")
    assert page.context["count"] == 2
    assert [row["cells"][2]["value"] for row in page.context["rows"]] == [2]
    assert "Export this row" in text(page), "the list is exported as it stands: by cell"
    assert str(candidate.person) not in text(page)


def test_a_row_no_longer_visible_has_no_name_but_unit_of_then_and_day(town, ward, cell):
    candidate = admitted(cell, date(2024, 3, 1), full_name="Trần Văn Kín")
    elsewhere = a_cell("Chi bộ xa", under=a_ward("Phường Xa", under=town))
    with entering(date(2024, 6, 1)) as act:
        membership_steps.place(act, {candidate.person: (elsewhere, date(2024, 6, 1))})
    type(candidate).objects.filter(pk=candidate.pk).update(closed_on=date(2024, 6, 1), closed_as="moved_away")
    reader = an_official(of=ward, names=True)
    page = show(reader, "figure_list", "admitted")
    assert page.context["count"] == page.context["hidden"] == 1
    assert "now in another committee" in text(page)
    assert "Chi bộ khu 1" in text(page)
    assert "01/03/2024" in text(page)
    assert "Trần Văn Kín" not in text(page)
    for kind in ("csv", "print"):
        answer = show(reader, "figure_list", "admitted", format=kind)
        body = answer.getvalue().decode() if answer.streaming else text(answer)
        assert "Trần Văn Kín" not in body


@pytest.mark.parametrize(
    "code", ["members", "nominated", "grassroots_organisations", "cells_under_grassroots_committees", "possible"]
)
def test_the_list_is_as_long_as_the_figure(town, cell, code):
    some_members(3, cell)
    a_candidate(cell)
    page = show(an_official(of=town, names=True), "figure_list", code)
    assert page.status_code == 200
    assert len(page.context["rows"]) == page.context["count"]


@pytest.mark.parametrize("code", ["pace", "nothing", "password"])
def test_what_is_no_list_is_not_found(town, code):
    assert show(an_official(of=town), "figure_list", code).status_code == 404


def test_names_come_in_vietnamese_order(town, cell):
    for name in ("Lê Văn Đức", "Lê Văn Dũng", "Lê Văn An"):
        a_member(cell, full_name=name)
    page = show(an_official(of=town, names=True), "figure_list", "members", sort="name")
    assert [row["cells"][0]["value"] for row in page.context["rows"]] == ["Lê Văn An", "Lê Văn Dũng", "Lê Văn Đức"]


@pytest.fixture
def scattered(town):
    """Four admissions in cells of two wards, each on a day of its own."""
    first, second = a_ward("Phường Ánh", under=town), a_ward("Phường Đông", under=town)
    cells = [a_cell("Chi bộ 10", under=second), a_cell("Chi bộ 2", under=first), a_cell("Chi bộ 1", under=second)]
    for cell, name, day in ((0, "Lê Đức", 4), (1, "Lê Dũng", 1), (2, "Lê An", 3), (2, "Lê Ánh", 2)):
        admitted(cells[cell], date(2024, 3, day), full_name=name)


@pytest.mark.parametrize(
    ("sort", "names"),
    [
        ("", "Đức An Ánh Dũng"),
        ("day", "Dũng Ánh An Đức"),
        ("-day", "Đức An Ánh Dũng"),
        ("name", "An Ánh Dũng Đức"),
        ("-name", "Đức Dũng Ánh An"),
        ("cell", "An Ánh Dũng Đức"),
        ("-cell", "Đức Dũng An Ánh"),
        ("committee", "Dũng An Ánh Đức"),
        ("-committee", "Đức An Ánh Dũng"),
    ],
)
def test_a_list_behind_a_figure_is_sorted_by_each_of_its_heads(town, scattered, sort, names):
    page = show(an_official(of=town, names=True), "figure_list", "admitted", **({"sort": sort} if sort else {}))
    assert [row["cells"][0]["value"].removeprefix("Lê ") for row in page.context["rows"]] == names.split()
    for column in ("name", "cell", "committee", "day"):
        assert re.search(rf'<th scope="col"[^>]*>\s*<a href="\?[^"]*sort=-?{column}"', text(page))
    assert text(page).count("sorted upwards") + text(page).count("sorted downwards") == 1
    rows = csv.reader(io.StringIO(show(an_official(of=town, names=True), "figure_list", "admitted", format="csv",
                                       sort=sort).getvalue().decode("utf-8-sig")))  # fmt: skip
    assert [row[0].removeprefix("Lê ") for row in rows][1:] == names.split(), "a file has the order of the page"


@pytest.mark.parametrize(
    ("sort", "cells"),
    [
        ("", "2 1 10"),
        ("cell", "1 2 10"),
        ("-cell", "10 2 1"),
        ("-committee", "10 1 2"),
        ("number", "2 10 1"),
        ("-number", "1 2 10"),
    ],
)
@pytest.mark.parametrize("figure", ["admitted", "ceiling"])
def test_without_names_the_cells_are_sorted_by_each_head(town, scattered, figure, sort, cells):
    page = show(an_official(of=town), "figure_list", figure, **({"sort": sort} if sort else {}))
    assert text(page).count("sorted upwards") + text(page).count("sorted downwards") == 1
    assert [row["cells"][0]["value"].removeprefix("Chi bộ ") for row in page.context["rows"]] == cells.split()


def test_every_list_behind_a_figure_can_be_sorted(town, cell):
    covers(cell, a_workplace(in_=town))
    some_members(2, cell)
    a_candidate(cell)
    reader = an_official(of=town, names=True)
    for code in (code for code in FIGURES if listing.figure_of(code)):
        for sort in ("-name", "cell"):
            page = show(reader, "figure_list", code, sort=sort)
            assert (page.status_code, len(page.context["rows"])) == (200, page.context["count"]), (code, sort)


def test_the_list_on_paper_has_the_columns_chosen(town, cell):
    a_member(cell, full_name="Lê Văn An", phone="0912 000 111")
    page = show(an_official(of=town, names=True), "figure_list", "members", format="print", columns=["name", "phone"])
    assert [str(label) for label in page.context["columns"]] == ["Name", "Telephone"]
    assert page.context["rows"] == [["Lê Văn An", "0912 000 111"]]


# Files ----------------------------------------------------------------------------------------------------------------


def test_tables_leave_as_csv_and_xlsx(town, cell):
    candidate = admitted(cell)
    reader = an_official(of=town, names=True)
    answer = show(reader, "figure_list", "admitted", format="csv")
    rows = list(csv.reader(io.StringIO(answer.getvalue().decode("utf-8-sig"))))
    assert rows[1][0] == str(candidate.person)
    book = CalamineWorkbook.from_filelike(io.BytesIO(show(reader, "figure_list", "admitted", format="xlsx").getvalue()))
    assert book.get_sheet_by_index(0).to_python()[1][0] == str(candidate.person)


def test_a_cell_has_no_table_of_units(town, ward, cell):
    admitted(cell)
    reader = an_official(of=town)
    alone = show(reader, "progress_units", unit=cell.pk)
    assert (alone.context["rows"], alone.context["may_export"]) == ([], False)
    assert "No unit stands under this one." in text(alone)
    assert "<table" not in text(alone)
    assert len(show(reader, "progress_units", unit=ward.pk).context["rows"]) == 2  # the cell, and the sum


@pytest.mark.parametrize("name", ["progress_units", "progress_months"])
@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_the_tables_of_progress_leave_as_files_for_every_reader(town, cell, name, kind):
    a_plan(town, {town: 3})
    admitted(cell)
    answer = show(an_official(of=town), name, format=kind)
    assert answer.status_code == 200
    named = {"progress_units": "Units", "progress_months": "Months"}[name]
    assert answer["Content-Disposition"].endswith(f'"{named}.{kind}"')


def test_months_add_up_to_the_admissions(town, cell):
    a_plan(town, {town: 172})
    for day in (date(2024, 2, 3), date(2024, 2, 5), date(2024, 9, 2)):
        admitted(cell, day)
    rows = [
        [one["value"] for one in row["cells"]] for row in show(an_official(of=town), "progress_months").context["rows"]
    ]
    assert [row[1] for row in rows] == [0, 2, 0, 0, 0, 0, 0, 0, 1, 0]
    assert rows[-1][2] == 3
    assert str(rows[-1][3]) == "143.3"


def test_each_number_of_a_month_leads_to_its_names(town, cell):
    a_plan(town, {town: 172})
    for day in (date(2024, 2, 3), date(2024, 2, 29), date(2024, 9, 2)):
        admitted(cell, day)
    reader = an_official(of=town)
    for row in show(reader, "progress_months").context["rows"]:
        month, number, total, pace = row["cells"]
        for cell_ in (number, total):
            assert signed_in(reader).get(cell_["url"]).context["count"] == cell_["value"], (month, cell_)
        assert signed_in(reader).get(pace["url"]).status_code == 200


def test_people_are_exported_only_with_the_right(town, cell):
    admitted(cell)
    assert show(a_secretary(of=cell), "figure_list", "admitted").status_code == 200
    assert show(a_secretary(of=cell), "figure_list", "admitted", format="csv").status_code == 403


def test_a_right_to_read_names_here_and_to_export_there_exports_nobody_here(town, cell):
    admitted(cell)
    reader = a_clerk(of=a_ward(), person=a_secretary(of=cell).person)
    for code in ("admitted", "ceiling"):
        page = show(reader, "figure_list", code, unit=cell.pk)
        assert (page.status_code, page.context["may_export"]) == (200, False)
        assert show(reader, "figure_list", code, unit=cell.pk, format="csv").status_code == 403


@pytest.mark.parametrize("code", ["admitted", "members", "ceiling"])
def test_who_belongs_to_a_group_of_a_restricted_field_is_named_to_those_who_read_it(town, cell, code):
    admitted(cell, full_name="Bàn Thị Dao", ethnicity="Dao")
    asked = {"name": "figure_list", "code": code, "group": "minorities"}
    for reader, named in ((a_clerk(of=town), False), (a_clerk(of=town, restricted=True), True)):
        page = show(reader, **asked)
        assert (page.context["count"], "Bàn Thị Dao" in text(page)) == (1, named)
        answer = show(reader, **asked, format="csv")
        assert ("Bàn Thị Dao" in answer.getvalue().decode()) == named


# What is not the reader's ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["progress", "progress_units", "progress_months"])
def test_a_foreign_unit_is_not_found_like_a_missing_one(town, ward, name):
    reader = an_official(of=ward, names=True)
    foreign = a_ward(under=town)
    for unit in (foreign.pk, town.pk, 2**62):
        assert show(reader, name, unit=unit).status_code == 404
        assert show(reader, "figure_list", "admitted", unit=unit).status_code == 404


def test_a_former_unit_sees_its_own_past_and_nothing_newer(town):
    old, new = a_ward(under=town), a_ward(under=town)
    cell = a_cell(under=old)
    admitted(cell, date(2024, 3, 1))
    moved(cell, new, date(2024, 6, 1))
    reader = an_official(of=old, names=True)
    assert show(reader, unit=cell.pk).status_code == 404
    assert show(reader, unit=cell.pk, as_at="31/05/2024").context["admitted"] == 1


@pytest.mark.parametrize(
    "query",
    [
        {"unit": "x"},
        {"unit": "-1"},
        {"unit": str(2**70)},
        {"period": "no such"},
        {"first": "01/01/2024"},
        {"first": "02/01/2024", "last": "01/01/2024"},
        {"period": "2024", "first": "01/01/2024", "last": "31/12/2024"},
        {"group": "everybody"},
        {"tree": "oak"},
        {"as_at": "31/02/2024"},
        {"as_at": "0000-00-00"},
        {"known_on": "2024-13-01T10:00"},
        {"known_on": "yesterday:"},
        {"person__identity_number__startswith": "0"},
        {"sort": "person"},
        {"page": "0"},
        {"format": "exe"},
        {"columns": "identity_number"},
        {"reason": "under-age"},
    ],
)
def test_a_malformed_address_is_refused(town, query):
    a_period()
    assert show(an_official(of=town, names=True), "figure_list", "admitted", **query).status_code == 400


def test_huge_pages_answer(town, cell):
    some_members(30, cell)
    reader = an_official(of=town, names=True)
    page = show(reader, "figure_list", "members", page_size=1_000_000_000, page=1_000_000_000)
    assert len(page.context["rows"]) == 30
    assert len(show(reader, "figure_list", "members").context["rows"]) == 25


def test_the_account_menu_calls_the_reader_by_name(town):
    official = an_official(of=town)
    frame = show(official, "progress").context["frame"]
    assert frame["user_name"] == official.person.full_name
    set_up = User.objects.create_superuser("set-up")
    assert show(set_up, "profile").context["frame"]["user_name"] == "set-up"


# Statements -----------------------------------------------------------------------------------------------------------


def at_work(user):
    """Signed in a moment ago: the first page, which writes the session's limits, is behind."""
    client = signed_in(user)
    client.get(reverse("profile"))
    return client


def test_a_units_page_answers_whether_it_reaches_its_target_as_its_progress_does(town, ward, cell):
    admitted(cell)
    recorded(a_complete_candidate(cell), "pause", date(2024, 10, 1))
    a_plan(town, {ward: 3})
    reader = an_official(of=town)
    page, progress = show(reader, "unit", ward.pk), show(reader, unit=ward.pk)
    [said] = page.context["says"]
    assert said["answer"] == {name: progress.context[name] for name in said["answer"]}
    assert "<b>1 of 3</b> admitted" in text(page)
    assert f'href="{reverse("progress")}?unit={ward.pk}"' in text(page)
    assert said["too_late"] == progress.context["too_late"]["count"] == 1
    assert signed_in(reader).get(said["too_late_url"]).context["count"] == 1


@pytest.mark.parametrize("language", ["en", "vi", "ar"])
@pytest.mark.parametrize(
    ("asked", "under_way", "words"),
    [
        (None, 0, "<b>1</b> admitted. No target is set for exactly this period."),
        (1, 0, "Yes. <b>1 of 1</b> admitted."),
        (2, 1, "at most <b>2</b> are possible."),
        (3, 1, 'at most <b class="signal">2, 1 short</b>'),
    ],
)
def test_the_answer_of_a_period_under_way(town, ward, cell, language, asked, under_way, words):
    admitted(cell)
    for _ in range(under_way):
        decided(voted(voted(a_complete_candidate(cell)), "committee_meeting"))
    if asked:
        a_plan(town, {ward: asked})
    desk = signed_in(an_official(of=town))
    answer = desk.get(reverse("progress"), {"unit": ward.pk}, headers={"accept-language": language})
    assert answer.status_code == 200
    assert words in text(answer) or language != "en"


@pytest.mark.parametrize(("asked", "words"), [(1, "Yes. <b>1 of 1</b> admitted."), (2, "No. <b>1 of 2</b> admitted")])
def test_the_answer_of_a_period_that_is_over(town, ward, cell, asked, words):
    admitted(cell)
    a_plan(town, {ward: asked})
    assert words in text(show(an_official(of=town), unit=ward.pk, as_at="31/12/2024"))


def test_a_units_page_of_another_day_says_nothing_of_the_running_year(town, ward):
    assert show(an_official(of=town), "unit", ward.pk, as_at="01/05/2024").context["says"] == []


@pytest.mark.parametrize("wards", [2, 20])
def test_the_dashboard_takes_at_most_12_statements(town, wards, django_assert_max_num_queries):
    numbers = {town: wards}
    for _ in range(wards):
        below = a_ward(under=town)
        admitted(a_cell(under=below))
        a_candidate(a_cell(under=below))
        numbers[below] = 3
    a_plan(town, numbers)
    a_plan(town, numbers, a_period(date(2020, 8, 1), date(2025, 7, 31), kind="term"))
    client = at_work(an_official(of=town, names=True))
    with django_assert_max_num_queries(12):
        client.get(reverse("progress"))


@pytest.mark.parametrize("people", [2, 20])
def test_a_list_takes_at_most_8_statements(town, cell, people, django_assert_max_num_queries):
    for _ in range(people):
        admitted(cell)
    client = at_work(an_official(of=town, names=True))
    with django_assert_max_num_queries(8):
        client.get(reverse("figure_list", args=["admitted"]))
