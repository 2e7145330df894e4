"""The list of units and a unit's page: found by name or code, scoped, counted with a link to each list."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from membership import steps
from membership.forms.fields import UnitField
from membership.models import Role
from membership.views.units import found_units
from tests.builders import (
    a_cell,
    a_clerk,
    a_person,
    a_secretary,
    a_town,
    a_ward,
    an_act,
    an_administrator,
    an_official,
    appointed,
    entering,
    on_day,
    signed_in,
    some_members,
)

TODAY = date(2026, 5, 4)
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _today():
    with on_day(TODAY):
        yield


@pytest.fixture
def town():
    return a_town("Đảng bộ thị xã", code="T1")


@pytest.fixture
def ward(town):
    return a_ward("Đảng bộ phường Đông Mai", under=town, code="W1")


@pytest.fixture
def cell(ward):
    return a_cell("Chi bộ 2", under=ward, code="C2")


def test_a_call_with_a_unit_is_noted_in_two_activations(ward, cell):
    desk = signed_in(a_clerk(of=ward))
    address = reverse("unit_call", args=[cell.pk])
    assert address in desk.get(cell.get_absolute_url()).text
    answer = desk.post(address, {"with_whom": "bí thư", "text": "Họp ngày 20."})
    assert (answer.status_code, answer.url) == (302, cell.get_absolute_url())
    [line] = [one for one in desk.get(cell.get_absolute_url()).context["timeline"] if one.changes]
    assert [after for _label, _before, after in line.changes] == ["bí thư", "Họp ngày 20."]
    for other, reads in (
        (a_secretary(of=cell), True),
        (an_official(of=ward, names=True), True),
        (an_official(of=ward), False),
        (an_administrator(of=ward), False),
    ):
        page = signed_in(other).get(cell.get_absolute_url())
        assert ("Họp ngày 20." in page.text, "bí thư" in page.text) == (reads, reads), other
        assert any(str(line.sentence) == "Call" for line in page.context["timeline"])
    reader = signed_in(a_secretary(of=cell))
    assert address not in reader.get(cell.get_absolute_url()).text
    assert reader.get(address).status_code == 403


@pytest.fixture
def client(town):
    return signed_in(a_clerk(of=town))


def listed(client: Client, **asked: Any) -> list[str]:
    return [unit.code for unit in client.get(reverse("units"), asked).context["rows"]]


def test_units_by_name_code_and_kind(client, cell, ward):
    a_cell("Chi bộ 10", under=ward, code="C10")
    assert listed(client) == ["C2", "C10", "W1", "T1"]  # numbers in names by their value
    assert listed(client, q="dong mai") == listed(client, q="Đông") == listed(client, q="w1") == ["W1"]
    assert listed(client, q="chi bo ١٠") == listed(client, q="C١٠") == ["C10"]
    assert listed(client, q="chi bo 2، dong mai") == ["C2"]
    assert listed(client, kind="cell", sort="code") == ["C10", "C2"]
    assert listed(client, sector="ward") == ["W1"]
    assert "<b>4 units</b>: 2 committees, 2 cells." in client.get(reverse("units")).content.decode()
    assert "<b>2 units</b>." in client.get(reverse("units"), {"kind": "cell"}).content.decode()
    assert listed(signed_in(a_secretary(of=cell))) == ["C2"]
    assert client.get(reverse("units"), {"sort": "key"}).status_code == 400


@pytest.mark.parametrize(("language", "word"), [("en", "Page:"), ("vi", "Trang:"), ("ar", "الصفحة:")])
def test_what_is_wrong_in_the_address_is_called_as_the_reader_calls_it(client, language, word):
    answer = client.get("/units/?page=x", headers={"accept-language": language})
    assert answer.status_code == 400
    assert word in answer.text
    assert "page:" not in answer.text


def test_the_bar_leads_to_the_one_unit_that_is_meant(client, cell, ward):
    def led(words):
        return client.get("/units/", {"switch": words}).headers["Location"]

    assert led("dong mai") == led("Đảng bộ phường Đông Mai, Đảng bộ thị xã [W1]") == f"/units/{ward.pk}/"
    a_cell("Chi bộ 10", under=ward, code="C10")
    assert led("chi bo") == "/units/?q=chi+bo"
    a_ward("Phường lạ", under=a_town("Thị xã lạ", code="T2"), code="W9")
    assert led("phuong la") == "/units/?q=phuong+la"
    assert led("[W9]") == "/units/?q=%5BW9%5D"


def test_a_unit_counts_what_its_lists_show(client, cell, ward):
    some_members(3, cell)
    for unit in (cell, ward):
        page = client.get(reverse("unit", args=[unit.pk]))
        [(number, address)] = [(n, url) for label, n, url in page.context["counts"] if str(label) == "members"]
        assert number == client.get(address).context["count"] == 3


def test_a_unit_counts_the_units_that_stand_under_it_today(client, town, ward, cell):
    with entering(TODAY) as act:
        steps.move(act, a_cell(under=a_ward(under=town)), ward, date(2026, 7, 1))
    page = client.get(reverse("unit", args=[ward.pk]))
    [number] = [number for label, number, _url in page.context["counts"] if "under it" in str(label)]
    assert number == len(page.context["children"]) == 1


@pytest.mark.parametrize(
    ("language", "one", "three"),
    [("en", "member", "members"), ("vi", "đảng viên", "đảng viên"), ("ar", "عضو", "أعضاء")],
)
def test_a_number_stands_beside_the_word_for_so_many(cell, ward, language, one, three):
    client = Client(headers={"accept-language": language})
    client.force_login(a_clerk(of=ward))

    def counts():
        return [(label, number) for label, number, _url in client.get(f"/units/{cell.pk}/").context["counts"]]

    some_members(1, cell)
    assert counts() == [(one, 1)]
    some_members(2, cell)
    assert counts() == [(three, 3)]


def test_counts_are_linked_for_those_who_read_the_list(cell, ward):
    some_members(3, cell)
    for user in (an_official(of=ward), an_administrator(of=ward)):
        client = signed_in(user)
        links = {str(label): url for label, _n, url in client.get(reverse("unit", args=[cell.pk])).context["counts"]}
        assert links["members"] == ""
        assert client.get(reverse("members")).status_code == 403


def test_who_leads_a_unit_stands_first(client, cell):
    for role in (Role.OFFICIAL, Role.DEPUTY, Role.CLERK, Role.SECRETARY):
        appointed(role, cell)
    officers = client.get(reverse("unit", args=[cell.pk])).context["officers"]
    assert [one.role for one in officers] == [Role.SECRETARY, Role.DEPUTY, Role.CLERK, Role.OFFICIAL]


def test_officers_and_what_it_was(client, cell, ward, town):
    holder = a_secretary(of=cell, person=a_person(full_name="Lê Thị Đào", phone="0903 111 222")).person
    with entering(TODAY) as act:
        steps.rename(act, cell, "Chi bộ Hai", TODAY)
    page = client.get(reverse("unit", args=[cell.pk])).content.decode()
    for words in ("Chi bộ Hai", "Chi bộ 2", "Lê Thị Đào", 'href="tel:0903111222"', "Đảng bộ phường Đông Mai"):
        assert words in page
    assert holder.get_absolute_url() in page
    plain = signed_in(an_administrator(of=town)).get(reverse("unit", args=[cell.pk])).content.decode()
    assert ("Lê Thị Đào" in plain, "0903111222" in plain, holder.get_absolute_url() in plain) == (True, False, False)


def test_a_unit_that_is_gone(client, cell, ward):
    with entering(TODAY) as act:
        steps.dissolve(act, [cell], TODAY)
    assert "C2" not in listed(client)
    assert client.get(reverse("unit", args=[cell.pk])).status_code == 200  # its last committee's, as it was
    for unit in (ward, cell):
        assert signed_in(a_clerk(of=a_town())).get(reverse("unit", args=[unit.pk])).status_code == 404


def test_suggestions_are_the_users_own(client, cell):
    a_cell("Chi bộ 2 xa", code="F2")
    asked = {"field": "cell", "cell": "chi bo 2", "capability": "member.write", "kind": "cell"}
    assert client.get(reverse("suggest_unit"), asked).context["lines"] == ["Chi bộ 2, Đảng bộ phường Đông Mai [C2]"]
    assert client.get(reverse("suggest_unit"), {**asked, "cell": "c"}).context["lines"] == []
    assert client.get(reverse("suggest_unit"), {**asked, "capability": "all"}).status_code == 400
    assert signed_in(an_official(of=cell)).get(reverse("suggest_unit"), asked).context["lines"] == []


def test_a_cell_is_found_by_its_name_and_its_committees_together(cell, ward, town):
    """Every ward has a "Chi bộ 2": its own name alone does not find it."""
    other = a_ward("Đảng bộ phường Hà An", under=town)
    for name, code in (("Chi bộ 2", "H2"), ("Chi bộ 21", "H21")):
        a_cell(name, under=other, code=code)
    clerk = a_clerk(of=town)
    client = signed_in(clerk)
    asked = {"field": "cell", "capability": "member.write", "kind": "cell"}

    def suggested(text: str) -> list[str]:
        return client.get(reverse("suggest_unit"), {**asked, "cell": text}).context["lines"]

    assert suggested("2 ha an") == ["Chi bộ 2, Đảng bộ phường Hà An [H2]", "Chi bộ 21, Đảng bộ phường Hà An [H21]"]
    assert suggested("dong mai") == ["Chi bộ 2, Đảng bộ phường Đông Mai [C2]"]
    assert suggested("h2") == ["Chi bộ 2, Đảng bộ phường Hà An [H2]"]
    field = UnitField(capability="member.write", kind="cell")
    field.for_user(clerk)
    assert field.clean("Chi bộ 2, phường Hà An").code == "H2"
    with pytest.raises(ValidationError, match=r"Chi bộ 2, Đảng bộ phường Hà An \[H2\]"):
        field.clean("Chi bộ 2")
    assert [unit.code for unit in found_units(clerk, "2 ha an")] == ["H2", "H21"]
    assert [unit.code for unit in found_units(clerk, "ha an")] == [other.code]


def test_the_list_leaves_as_a_file_with_the_rows_of_its_filters(client, cell, ward):
    a_cell("Chi bộ xa", code="X9")
    answer = client.get(reverse("units"), {"format": "csv", "kind": "cell"})
    rows = b"".join(answer.streaming_content if answer.streaming else [answer.content]).decode("utf-8-sig").splitlines()
    assert rows[0] == "Name,Code,Under,Kind,Sector"
    assert [row.split(",")[:3] for row in rows[1:]] == [["Chi bộ 2", "C2", "Đảng bộ phường Đông Mai"]]
    assert client.get(reverse("units"), {"format": "xlsx"}).status_code == 200
    assert "format=xlsx" in client.get(reverse("units")).content.decode()


def test_the_frame_shows_the_way_to_the_unit_as_far_as_it_is_the_readers(client, town, ward, cell):
    def way(reader: Client) -> list[str]:
        return [unit["name"] for unit in reader.get(reverse("unit", args=[cell.pk])).context["frame"]["units"]]

    assert way(client) == ["Đảng bộ thị xã", "Đảng bộ phường Đông Mai", "Chi bộ 2"]
    secretary = signed_in(a_secretary(of=cell))
    assert way(secretary) == ["Chi bộ 2"]
    address = reverse("unit", args=[ward.pk])
    assert f'href="{address}"' in client.get(reverse("unit", args=[cell.pk])).content.decode()
    assert f'href="{address}"' not in secretary.get(reverse("unit", args=[cell.pk])).content.decode()


def test_a_unit_offers_its_page_in_the_administration_and_no_list_that_is_not_the_readers(town, cell):
    administrator, reader = signed_in(an_administrator(of=town)), signed_in(an_official(of=town, names=False))
    offered = administrator.get(reverse("unit", args=[cell.pk])).context["urls"]
    assert administrator.get(offered["admin"]).status_code == 200
    assert str(cell.pk) in offered["admin"]
    assert reader.get(reverse("unit", args=[cell.pk])).context["urls"]["members"] == ""


def test_a_group_of_hits_that_was_cut_says_so(client, ward):
    for number in range(21):
        a_cell(f"Chi bộ Thôn {number}", under=ward)
    [group] = client.get(reverse("search"), {"q": "thon"}).context["groups"]
    assert (len(group["rows"]), group["more"]) == (20, True)


def test_statements_do_not_grow(client, ward):
    counts: dict[str, list[int]] = {"units": [], "unit": []}
    for number in (2, 18):
        for place in range(number):
            a_cell(f"Chi bộ {number}-{place}", under=ward)
        for name, args in (("units", []), ("unit", [ward.pk])):
            client.get(reverse(name, args=args))
            with CaptureQueriesContext(connection) as statements:
                assert client.get(reverse(name, args=args)).status_code == 200
            counts[name].append(len(statements))
    assert all(few == many for few, many in counts.values())
    assert counts["units"][0] <= 8
    assert counts["unit"][0] <= 19


def test_statements_of_a_units_page_are_as_few_for_a_long_past(client, town, cell):
    counts = []
    for number in range(6):
        there, gone = a_ward(under=town), a_cell(under=a_ward(under=town))
        steps.move(an_act(), cell, there, date(2020 + number, 1, 1))
        steps.dissolve(an_act(), [gone], date(2020 + number, 1, 1), [cell])
        if number in (1, 5):
            client.get(reverse("unit", args=[cell.pk]))
            with CaptureQueriesContext(connection) as statements:
                assert client.get(reverse("unit", args=[cell.pk])).status_code == 200
            counts.append(len(statements))
    assert counts[0] == counts[1]


def test_where_it_stood_names_no_committee_outside_the_readers_units(town, ward, cell):
    other = a_ward("Đảng bộ phường Tân An", under=town)
    steps.move(an_act(), cell, other, date(2026, 1, 1))
    address = reverse("unit", args=[cell.pk])
    told = signed_in(a_clerk(of=other)).get(address).content.decode()
    assert "Đông Mai" not in told
    assert "a unit outside yours" in told
    assert "Đông Mai" in signed_in(a_clerk(of=town)).get(address).content.decode()
