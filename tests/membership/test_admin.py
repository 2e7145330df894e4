"""The administration: pages of the own subtree, operations with a preview, nothing of anybody else's."""

from __future__ import annotations

import json
import re
from datetime import date

import pytest
from django.contrib.admin.sites import site
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.html import strip_tags

from foundation.models import JournalEntry
from membership.models import Appointment, Organisation, Person, Position, Role, User
from membership.models.organisations import Kind
from membership.operations.organisations import move_unit
from recruitment.models import ProcedureVersion
from tests.builders import (
    a_cell,
    a_clerk,
    a_member,
    a_secretary,
    a_town,
    a_ward,
    a_workplace,
    a_youth_union,
    an_administrator,
    an_official,
    appointed,
    covers,
    on_day,
    some_members,
    submitted_by,
    the_procedures,
)

TODAY = date(2026, 5, 4)
MODELS = ["committee", "cell", "appointment", "person", "user", "workplace", "massorganisation"]

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _today():
    with on_day(TODAY):
        yield


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def a_branch(mark: str) -> dict:
    """A town with everything an administrator sees, each name with the mark."""
    town = a_town(f"Đảng bộ {mark}", code=f"T{mark}")
    ward = a_ward(f"Phường {mark}", under=town, code=f"W{mark}")
    cell = a_cell(f"Chi bộ {mark} 1", under=ward, code=f"C{mark}1")
    member = a_member(cell=cell, full_name=f"Trần Thị {mark}")
    secretary = a_secretary(of=cell, person=a_member(cell=cell, full_name=f"Lê Văn {mark}"))
    union = a_youth_union(of=ward, name=f"Đoàn {mark}")
    workplace = a_workplace(in_=ward, name=f"Công ty {mark}", code=f"X{mark}")
    covers(cell, workplace)
    administrator = an_administrator(of=town, person=a_member(cell=cell, full_name=f"Quản trị {mark}"))
    return locals()


def pages_of(branch: dict) -> list[str]:
    """The addresses of every row of the branch, and of every operation on them."""
    rows = {
        "committee": branch["ward"], "cell": branch["cell"],
        "appointment": branch["secretary"].person.appointments.get(),
        "person": branch["secretary"].person, "user": branch["secretary"], "workplace": branch["workplace"],
        "massorganisation": branch["union"],
    }  # fmt: skip
    admins = [admin for admin in site._registry.values() if admin.opts.app_label == "membership"]
    return [
        reverse(f"admin:{pattern.name}", args=[rows[admin.opts.model_name].pk])
        for admin in admins
        for pattern in admin.get_urls()
        if "pk" in str(pattern.pattern)
    ]


def lists() -> list[str]:
    return [reverse(f"admin:membership_{model}_changelist") for model in MODELS] + [reverse("admin:tree"), "/admin/"]


def founding() -> list[str]:
    names = ["committee_found", "cell_found", "appointment_appoint", "workplace_found", "massorganisation_found"]
    return [reverse(f"admin:membership_{name}") for name in names]


def test_an_administrator_opens_every_page_of_the_own_branch():
    branch = a_branch("Alpha")
    client = signed_in(branch["administrator"])
    has_account = reverse("admin:membership_person_open", args=[branch["secretary"].person.pk])
    for address in [*lists(), *founding(), *pages_of(branch)]:
        answer = client.get(address)
        assert answer.status_code == (404 if address == has_account else 200), address
    for address in lists()[:-1]:
        assert "Alpha" in client.get(address).text, address


def test_nothing_of_another_branch_is_found():
    mine, foreign = a_branch("Alpha"), a_branch("Zulu")
    client = signed_in(mine["administrator"])
    for address in pages_of(foreign):
        missing = re.sub(r"/\d+/", "/999999/", address)
        for answer, method in [(client.get(address), "GET"), (client.post(address, {"stage": "preview"}), "POST")]:
            assert answer.status_code in (404, 405), (method, address)
            assert "Zulu" not in answer.text
        assert client.get(address).status_code == client.get(missing).status_code
    for address in [*lists(), *founding(), *pages_of(mine)]:
        assert "Zulu" not in client.get(address).text, address
    for model in MODELS:
        assert "Zulu" not in client.get(reverse(f"admin:membership_{model}_changelist"), {"q": "zulu"}).text.replace(
            "zulu", ""
        )


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        ("?q=%22nobody%22", "Nothing was found for “&quot;nobody&quot;”."),
        ("?kind=women&q=nobody", "Nothing was found for “nobody”."),
        ("?kind=women", "Nothing fits these filters."),
    ],
)
def test_a_list_without_a_hit_says_so_and_leads_back_to_all(asked, sentence):
    branch = a_branch("Alpha")
    address = reverse("admin:membership_massorganisation_changelist")
    page = signed_in(branch["administrator"]).get(address + asked).text
    assert sentence in page
    assert f'<a href="{address}">All of them</a>' in page
    assert "All of them" not in signed_in(branch["administrator"]).get(address).text


def test_an_empty_list_says_that_nothing_was_entered():
    administrator = an_administrator(of=a_town())
    page = signed_in(administrator).get(reverse("admin:membership_massorganisation_changelist")).text
    assert "Nothing has been entered here yet." in page


def test_what_is_wrong_stands_on_top_as_in_the_program():
    page = signed_in(an_administrator(of=a_town())).post(reverse("admin:membership_cell_found"), {"stage": "preview"})
    assert '<div class="summary-errors" role="alert" tabindex="-1" data-errors>' in page.text
    assert '<a href="#id_name">Name: This field is required.</a>' in page.text


def test_search_and_suggestions_stay_in_the_own_branch():
    mine, foreign = a_branch("Alpha"), a_branch("Zulu")
    client = signed_in(mine["administrator"])
    suggest = reverse("admin:membership_appointment_suggest")
    assert (
        f"Trần Thị Alpha, 1994, Chi bộ Alpha 1, Phường Alpha [{mine['member'].pk}]"
        in client.get(suggest, {"q": "tran thi"}).text
    )
    assert "Zulu" not in client.get(suggest, {"q": "zulu"}).text
    assert "option" not in client.get(suggest, {"q": "t"}).text, "from two letters"
    units = client.get(reverse("suggest_unit"), {"q": "chi bo", "capability": "unit.write", "kind": "cell"}).text
    assert "Alpha" in units
    assert "Zulu" not in units
    some_members(30, mine["cell"])
    assert client.get(suggest, {"q": "tran thi anh"}).text.count("<option") == 20
    assert foreign["member"] not in Person.objects.filter(pk=mine["member"].pk)


def test_a_foreign_unit_or_person_in_a_form_is_refused_and_nothing_moves():
    mine, foreign = a_branch("Alpha"), a_branch("Zulu")
    client = signed_in(mine["administrator"])
    move = reverse("admin:membership_cell_move", args=[mine["cell"].pk])
    answer = client.post(move, {"parent": foreign["ward"].code, "from_on": "1/6/2026", "stage": "do"})
    assert answer.status_code == 422
    assert mine["cell"].position(date(2026, 6, 1)).parent == mine["ward"]
    appoint = reverse("admin:membership_cell_appoint", args=[mine["cell"].pk])
    person = f"x [{foreign['member'].pk}]"
    answer = client.post(appoint, {"person": person, "role": Role.DEPUTY, "from_on": "1/6/2026", "stage": "do"})
    assert answer.status_code == 422
    assert not foreign["member"].appointments.exists()
    assert "Zulu" not in answer.text


def test_a_foreign_row_among_the_chosen_refuses_all_and_names_none():
    mine, foreign = a_branch("Alpha"), a_branch("Zulu")
    client = signed_in(mine["administrator"])
    chosen = [mine["cell"].pk, foreign["cell"].pk]
    data = {
        "action": "move_many",
        "_selected_action": chosen,
        "stage": "do",
        "parent": mine["town"].code,
        "from_on": "1/6/2026",
    }
    answer = client.post(reverse("admin:membership_cell_changelist"), data)
    assert answer.status_code == 404
    assert "Zulu" not in answer.text
    assert mine["cell"].position(date(2026, 6, 1)).parent == mine["ward"]


@pytest.mark.parametrize("who", [a_clerk, an_official, a_secretary])
def test_others_do_not_enter_even_with_the_flag(who):
    user = who()
    User.objects.filter(pk=user.pk).update(is_staff=True)
    client = signed_in(user)
    for address in [*lists(), *founding(), "/admin/login/"]:
        assert client.get(address).status_code == 403, address


def test_an_administrator_without_the_flag_does_not_enter():
    user = an_administrator()
    User.objects.filter(pk=user.pk).update(is_staff=False)
    assert signed_in(user).get("/admin/").status_code == 403


def test_a_lost_right_is_lost_at_the_next_request():
    branch = a_branch("Alpha")
    client = signed_in(branch["administrator"])
    assert client.get("/admin/").status_code == 200
    branch["administrator"].person.appointments.update(until_on=TODAY)
    assert client.get("/admin/").status_code == 403


@pytest.mark.parametrize(
    "query",
    [
        "person__identity_number__startswith=0", "ordering=background", "o=name", "p=x", "tier=none", "sector=x",
        "parent=x", "state=x", "e=1", "_facets=True", "all=&organisation__code=1",
    ],
)  # fmt: skip
def test_filters_and_sorts_come_from_lists(query):
    client = signed_in(a_branch("Alpha")["administrator"])
    assert client.get(f"{reverse('admin:membership_cell_changelist')}?{query}").status_code == 400


def test_django_has_no_page_of_its_own_to_add_change_or_delete():
    branch = a_branch("Alpha")
    client = signed_in(branch["administrator"])
    for model in MODELS:
        for end in (
            "add/",
            f"{branch['cell'].pk}/delete/",
            f"{branch['cell'].pk}/history/",
            f"{branch['cell'].pk}/change/",
        ):
            assert client.get(f"/admin/membership/{model}/{end}").status_code == 404
    for address in ["/admin/autocomplete/", "/admin/r/1/1/", "/admin/password_change/"]:
        assert client.get(address).status_code == 404
    page = reverse("admin:membership_cell_change", args=[branch["cell"].pk])
    assert client.post(page, {"code": "stolen"}).status_code == 405
    assert "dissolved" in client.get(page, headers={"accept-language": "en"}).text


@pytest.mark.parametrize(
    ("query", "found"),
    [("chi bo dong", True), ("Chi bộ Đông", True), ("DONG", True), ("D-7", True), ("tây", False), ("đông nam", False)],
)
def test_a_cell_is_found_by_its_name_without_marks_or_its_code(query, found):
    ward = a_ward()
    a_cell("Chi bộ Đông", under=ward, code="D-7")
    client = signed_in(an_administrator(of=ward))
    answer = client.get(reverse("admin:membership_cell_changelist"), {"q": query})
    assert ("Chi bộ Đông" in answer.text) is found


def test_cells_are_found_by_tier_and_sector():
    town = a_town()
    a_cell("Chi bộ Cơ sở", under=town, sector="college")
    a_cell("Chi bộ Trực thuộc", under=a_ward(under=town))
    client = signed_in(an_administrator(of=town))
    address = reverse("admin:membership_cell_changelist")
    for query, shown in [({"tier": "grassroots"}, "Chi bộ Cơ sở"), ({"sector": "residential"}, "Chi bộ Trực thuộc")]:
        text = client.get(address, query).text
        assert shown in text
        assert (text.count("Chi bộ Cơ sở") > 0) + (text.count("Chi bộ Trực thuộc") > 0) == 1


def _numbers(client: Client, kind: str, unit: Organisation) -> dict[str, int]:
    rows = client.get(reverse(f"admin:membership_{kind}_changelist")).context["cl"].result_list
    [row] = [row for row in rows if row.pk == unit.pk]
    return {name: number for name, (_label, number, _address) in row.numbers.items()}


def test_a_committee_counts_its_subtree_and_a_cell_its_own():
    town = a_town()
    ward = a_ward(under=town)
    first, second = a_cell(under=ward), a_cell(under=ward)
    some_members(3, first)
    some_members(2, second)
    a_secretary(of=first)
    client = signed_in(an_administrator(of=town))
    assert _numbers(client, "cell", first) == {"children": 0, "officers": 1, "members": 3, "candidacies": 0}
    assert _numbers(client, "committee", ward) == {"children": 2, "officers": 0, "members": 5, "candidacies": 0}
    assert _numbers(client, "committee", town) == {"children": 1, "officers": 1, "members": 5, "candidacies": 0}


def test_numbers_are_linked_only_for_those_who_may_read_the_list():
    ward = a_ward()
    cell = a_cell(under=ward)
    some_members(3, cell)
    user = an_administrator(of=ward)
    page = reverse("admin:membership_cell_changelist")
    assert f"/members/?unit={cell.pk}" not in signed_in(user).get(page).text
    appointed(Role.CLERK, ward, person=user.person, reads_names=True)
    assert f"/members/?unit={cell.pk}" in signed_in(user).get(page).text


def test_only_officers_are_named():
    branch = a_branch("Alpha")
    client = signed_in(branch["administrator"])
    for address in [*lists(), *pages_of(branch)]:
        assert "Trần Thị Alpha" not in client.get(address).text, address
    assert "Lê Văn Alpha" in client.get(reverse("admin:membership_person_changelist")).text
    assert client.get(reverse("admin:membership_person_change", args=[branch["member"].pk])).status_code == 404


def test_the_tree_shows_every_unit_under_its_parent_with_numbers():
    town = a_town("Đảng bộ thị xã")
    ward = a_ward("Phường Đông", under=town)
    cell = a_cell("Chi bộ 1", under=ward)
    some_members(2, cell)
    client = signed_in(an_administrator(of=town))
    answer = client.get(reverse("admin:tree"))
    [top] = answer.context["branches"]
    assert top["unit"] == town
    assert [one["unit"] for one in top["branches"]] == [ward]
    assert [one["unit"] for one in top["branches"][0]["branches"]] == [cell]
    assert top["unit"].numbers["members"][1] == 2
    assert "<details" in answer.text
    deeper = client.get(reverse("admin:tree"), {"under": ward.pk})
    assert [one["unit"] for one in deeper.context["branches"]] == [ward]
    assert client.get(reverse("admin:tree"), {"under": a_ward().pk}).status_code == 404
    assert client.get(reverse("admin:tree"), {"under": "x"}).status_code == 400


def test_a_large_tree_opens_level_by_level(monkeypatch):
    from membership.admin import units

    monkeypatch.setattr(units, "BRANCHES", 4)
    town = a_town()
    ward = a_ward(under=town)
    cells = [a_cell(under=ward) for _ in range(5)]
    client = signed_in(an_administrator(of=town))
    answer = client.get(reverse("admin:tree"))
    assert answer.context["cut"]
    assert answer.context["branches"][0]["branches"][0]["left_out"] == len(cells)
    assert f"?under={ward.pk}" in answer.text


def _queries(client: Client, address: str) -> int:
    client.get(address)
    with CaptureQueriesContext(
        connection,
    ) as caught:
        assert client.get(address).status_code == 200
    return len(caught)


def test_lists_ask_as_much_for_twenty_rows_as_for_two():
    town = a_town()
    client = signed_in(an_administrator(of=town))

    def grow(number: int) -> None:
        for _ in range(number):
            ward = a_ward(under=town)
            cell = a_cell(under=ward)
            a_secretary(of=cell, person=a_member(cell=cell))
            a_youth_union(of=ward)
            covers(cell, a_workplace(in_=ward))

    grow(2)
    addresses = lists()
    few = {address: _queries(client, address) for address in addresses}
    grow(18)
    many = {address: _queries(client, address) for address in addresses}
    assert many == few
    assert max(many.values()) < 40


def test_reading_pages_writes_nothing():
    branch = a_branch("Alpha")
    client = signed_in(branch["administrator"])
    before = JournalEntry.objects.count(), Position.records.count(), Appointment.objects.count()
    for address in [*lists(), *founding(), *pages_of(branch)]:
        for method in (client.head, client.options):
            assert method(address).status_code in (200, 204, 404, 405)
    assert (JournalEntry.objects.count(), Position.records.count(), Appointment.objects.count()) == before


def test_kinds_do_not_mix():
    branch = a_branch("Alpha")
    client = signed_in(branch["administrator"])
    assert client.get(reverse("admin:membership_committee_change", args=[branch["cell"].pk])).status_code == 404
    assert branch["cell"].kind == Kind.CELL


@pytest.mark.parametrize(
    ("language", "words"), [("vi", "Đã chọn %(sel)s trên %(cnt)s"), ("ar", "اختير %(sel)s من %(cnt)s")]
)
def test_scripts_count_chosen_rows_in_our_words(language, words):
    client = signed_in(a_branch("Alpha")["administrator"])
    told = client.get(reverse("admin:jsi18n"), headers={"accept-language": language}).text
    assert json.dumps(words)[1:-1] in told
    assert "của %(cnt)s" not in told


@pytest.mark.parametrize("language", ["en", "vi", "ar"])
def test_the_lists_stand_in_the_order_of_use_in_every_language(language):
    client = signed_in(an_administrator(of=a_town()))
    groups = client.get(reverse("admin:index"), headers={"accept-language": language}).context["app_list"]
    assert [group["app_label"] for group in groups] == ["membership", "recruitment", "reports"]
    first = [one["model"].__name__ for one in groups[0]["models"]]
    assert first == ["Committee", "Cell", "Appointment", "Person", "User", "Workplace", "MassOrganisation"]


def test_from_the_page_of_a_row_a_way_leads_to_its_list():
    the_procedures()
    town = a_town()
    client = signed_in(an_administrator(of=town))
    for address in pages_of_rows(town):
        listed = address.rsplit("/", 2)[0] + "/"
        assert f'<a href="{listed}">' in client.get(address).text, address


def pages_of_rows(town: Organisation) -> list[str]:
    of_unit = reverse("admin:membership_committee_change", args=[town.pk])
    version = ProcedureVersion.objects.order_by("pk").values_list("pk", flat=True)[0]
    return [of_unit, reverse("admin:recruitment_procedureversion_change", args=[version])]


def test_the_way_back_to_the_program_leads_out_of_the_administration():
    client = signed_in(an_administrator(of=a_town()))
    page = client.get(reverse("admin:index")).content.decode()
    [way_back] = re.findall(r'<a href="([^"]+)">Back to the program</a>', page)
    answer = client.get(way_back, follow=True)
    assert answer.status_code == 200
    assert not answer.request["PATH_INFO"].startswith("/admin/")


def in_words(page: str) -> str:
    return " ".join(strip_tags(page).split())


def test_cells_of_one_name_are_told_apart_by_their_committees_wherever_people_hold_them():
    town = a_town()
    wards = [a_ward(name, under=town) for name in ("Phường Đông", "Phường Tây")]
    cells = [a_cell("Chi bộ khu 1", under=ward) for ward in wards]
    holders = [a_secretary(of=cell, person=a_member(cell=cell)) for cell in cells]
    client = signed_in(an_administrator(of=town))
    for model in ("person", "user", "appointment"):
        page = in_words(client.get(reverse(f"admin:membership_{model}_changelist")).text)
        for ward in ("Phường Đông", "Phường Tây"):
            assert f"Chi bộ khu 1, {ward}" in page, model
    for user in holders:
        for address in (
            reverse("admin:membership_person_change", args=[user.person_id]),
            reverse("admin:membership_user_change", args=[user.pk]),
            reverse("admin:membership_appointment_change", args=[user.person.appointments.get().pk]),
        ):
            assert "Chi bộ khu 1, Phường" in in_words(client.get(address).text), address
    listed = client.get(reverse("admin:membership_cell_changelist")).text
    assert '<span class="quiet only-phone"><bdi>Phường Tây</bdi></span>' in listed


def test_lists_of_appointments_ask_as_much_where_units_are_still_to_stand():
    town = a_town()
    client = signed_in(an_administrator(of=town))
    addresses = [reverse(f"admin:membership_{model}_changelist") for model in ("appointment", "person", "user", "cell")]

    def grow(number: int) -> None:
        for _ in range(number):
            cell = a_cell(under=a_ward(under=town), since=date(2026, 9, 1))
            appointed(Role.SECRETARY, cell, person=a_member(cell=a_cell(under=town)))

    grow(2)
    few = [_queries(client, address) for address in addresses]
    grow(10)
    assert [_queries(client, address) for address in addresses] == few


def test_a_change_that_waits_is_told_in_the_list_with_its_day():
    town = a_town()
    cell, other = a_cell("Chi bộ khu 1", under=a_ward(under=town)), a_ward("Phường Tây", under=town)
    administrator = an_administrator(of=town)
    move_unit(submitted_by(administrator), organisation=cell, parent=other, from_on=date(2026, 9, 1))
    page = in_words(
        signed_in(administrator).get(reverse("admin:membership_cell_changelist"), {"state": "waiting"}).text
    )
    assert f"from 01/09/2026: Moves under Phường Tây [{other.code}]" in page


@pytest.mark.parametrize(
    ("sent", "sentence"),
    [
        ({"action": "move_many"}, "Choose at least one row first."),
        ({"action": ""}, "Choose at least one row first."),
        ({"action": "", "_selected_action": "cell"}, "Choose first what is to be done with the rows."),
    ],
)
def test_an_action_on_nothing_is_answered_in_our_words(sent, sentence):
    branch = a_branch("Alpha")
    client, address = signed_in(branch["administrator"]), reverse("admin:membership_cell_changelist")
    values = {name: branch["cell"].pk if value == "cell" else value for name, value in sent.items()}
    page = client.post(f"{address}?o=1", {"index": "0", **values}, follow=True)
    assert page.redirect_chain == [(f"{address}?o=1", 302)]
    assert f"</svg><span>{sentence}</span></li>" in page.text
    assert "Items must be selected" not in page.text


def test_a_list_tells_how_many_were_found_only_where_something_was_asked():
    client, address = signed_in(a_branch("Alpha")["administrator"]), reverse("admin:membership_user_changelist")
    assert "Show all" not in client.get(address).text
    assert "2 results" in in_words(client.get(address, {"active": "yes"}).text)


def test_from_the_accounts_a_way_leads_to_officers_without_one():
    branch = a_branch("Alpha")
    Appointment.objects.create(
        person=branch["member"], organisation=branch["cell"], role=Role.DEPUTY, from_on=date(2026, 1, 1)
    )
    client = signed_in(branch["administrator"])
    people = reverse("admin:membership_person_changelist")
    assert f'href="{people}?account=no"' in client.get(reverse("admin:membership_user_changelist")).text
    assert list(client.get(people, {"account": "no"}).context["cl"].result_list) == [branch["member"]]
    assert branch["member"] not in client.get(people, {"account": "yes"}).context["cl"].result_list
