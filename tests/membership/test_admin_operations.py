"""Operations in the administration: a form, what will change, then it is so; refusals, stale versions, sent twice."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.html import strip_tags

from foundation.models import JournalEntry
from membership import steps
from membership.models import Appointment, MassOrganisation, Organisation, Person, Role, User, Workplace
from membership.operations.organisations import found_unit
from recruitment.days import begin
from tests.builders import (
    a_candidate,
    a_cell,
    a_member,
    a_secretary,
    a_town,
    a_ward,
    a_workplace,
    a_youth_union,
    an_administrator,
    covers,
    entering,
    on_day,
    some_members,
    submitted_by,
)

TODAY = date(2026, 5, 4)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _today():
    with on_day(TODAY):
        yield


@pytest.fixture
def town():
    return a_town("Đảng bộ thị xã")


@pytest.fixture
def client(town):
    client = Client(headers={"accept-language": "en"})
    client.force_login(an_administrator(of=town))
    return client


class Desk:
    """An administrator at a browser: opens a form, types, looks at the preview, confirms."""

    def __init__(self, client: Client, address: str, /, **typed: Any):
        self.client, self.address = client, address
        self.opened = client.get(address)
        form = self.opened.context["form"]
        self.values = {name: str(form[name].value() or "") for name in form.fields} | typed

    def send(self, stage: str, **more: Any) -> Any:
        return self.client.post(self.address, {**self.values, **more, "stage": stage})

    def preview(self) -> Any:
        answer = self.send("preview")
        assert answer.status_code == 200, answer.context["form"].errors
        assert answer.context["stage"] == "preview", answer.context["form"].errors
        return answer.context["preview"]

    def confirm(self) -> Any:
        self.preview()
        return self.send("do")


def desk(client: Client, page: str, /, *args: Any, **typed: Any) -> Desk:
    return Desk(client, reverse(f"admin:membership_{page}", args=args), **typed)


def test_a_cell_with_its_secretary_takes_four_activations(client, town):
    ward = a_ward("Phường Đông", under=town)
    person = a_member(cell=a_cell(under=ward), full_name="Trần Thị Ánh")
    link = reverse("admin:membership_cell_found")
    assert link in client.get("/admin/tree/").text  # the first: "New cell"
    new = desk(client, "cell_found", name="Chi bộ Mới", code="PD-9", parent="Phường Đông", from_on="1/6/2026",
               secretary=f"Trần Thị Ánh [{person.pk}]", phone="0203 555 0142")  # fmt: skip
    said = new.preview()  # the second: "Show what will change"
    assert any("PD-9" in sentence and "01/06/2026" in sentence for sentence in said.sentences)
    assert any("Trần Thị Ánh" in sentence for sentence in said.sentences)
    assert [[str(one) for one in row] for row in said.rows] == [["Telephone", "0203 555 0142"]]
    assert not Organisation.objects.filter(code="PD-9").exists(), "nothing happens before"
    answer = new.send("do")  # the third: "Found the cell"
    cell = Organisation.objects.get(code="PD-9")
    assert answer.url == reverse("admin:membership_cell_change", args=[cell.pk])
    assert cell.position(date(2026, 6, 1)).parent == ward
    assert not cell.position(TODAY)
    held = Appointment.objects.get(organisation=cell)
    assert (held.person, held.role, held.from_on) == (person, Role.SECRETARY, date(2026, 6, 1))
    page = client.get(answer.url)
    assert page.status_code == 200, "what is still to stand can be looked at"
    assert "waiting" in page.text


def test_the_first_administrator_founds_the_topmost_unit_and_then_one_under_it():
    client = Client(headers={"accept-language": "en"})
    client.force_login(User.objects.create(username="first", is_staff=True, is_superuser=True))
    first = desk(client, "committee_found", name="Thị xã Đông Hải", code="DH", tier="superior")
    assert "Thị xã Đông Hải [DH] is the topmost unit" in str(first.preview().sentences[0])
    assert first.confirm().status_code == 302
    top = Organisation.objects.get(code="DH")
    assert (top.position().parent, top.position().tier) == (None, "superior")

    second = desk(client, "committee_found", name="Phường Hải An", code="HA", parent="DH")
    second.confirm()
    assert Organisation.objects.get(code="HA").position().tier == "grassroots"


def test_there_is_one_topmost_unit(client, town):
    new = {"code": "X", "name": "Thị xã khác", "kind": "committee", "from_on": TODAY}
    with pytest.raises(steps.TreeRefused):
        found_unit(submitted_by(an_administrator(of=town)), **new)
    assert not Organisation.objects.filter(code="X").exists()


def test_sent_twice_makes_one_unit(client, town):
    new = desk(client, "committee_found", name="Đảng bộ A", code="A-1", parent=town.code, from_on="1/5/2026")
    first, second = new.send("do"), new.send("do")
    assert first.url == second.url
    assert Organisation.objects.filter(code="A-1").count() == 1
    assert JournalEntry.objects.filter(operation="found_unit").count() == 1


def test_a_code_in_use_is_refused_with_a_sentence_and_what_was_typed(client, town):
    taken = a_ward(under=town)
    answer = desk(client, "committee_found", name="Đảng bộ A", code=taken.code, parent=town.code).send("do")
    assert answer.status_code == 422
    assert f"The code {taken.code} is in use." in answer.text
    assert "Đảng bộ A" in answer.text


def test_a_code_in_use_and_a_wrong_day_are_told_at_once_before_the_preview(client, town):
    taken = a_ward(under=town)
    new = desk(client, "committee_found", name="Đảng bộ A", code=taken.code, parent=town.code)
    alone = new.send("preview")
    assert (alone.context["stage"], f"The code {taken.code} is in use." in alone.text) == ("form", True)
    errors = new.send("preview", from_on="32/1/2026").context["form"].errors
    assert set(errors) == {"code", "from_on"}


def test_what_would_be_refused_is_refused_before_the_preview(client, town):
    cell = a_cell(under=a_ward(under=town))
    away = desk(client, "cell_move", cell.pk, parent=cell.position().parent.code).send("preview")
    assert (away.status_code, away.context["stage"]) == (422, "form")
    assert "already stands under" in away.text
    assert not JournalEntry.objects.filter(operation="move_unit").exists()


def test_where_nothing_can_be_recorded_no_button_offers_it(client, town):
    ward = a_ward(under=town)
    cells = [a_cell(under=ward), a_cell(under=ward)]
    chosen = {"action": "move_many", "_selected_action": [one.pk for one in cells]}
    typed = {**chosen, "parent": ward.code, "from_on": "1/6/2026", "stage": "preview"}
    shown = client.post(reverse("admin:membership_cell_changelist"), typed)
    assert "Cannot be recorded: 2 of 2." in shown.text
    assert 'value="do"' not in shown.text


def _numbers(preview: Any) -> dict[str, int]:
    [row] = preview.rows
    return dict(zip([str(cell) for cell in preview.head], row, strict=True))


@pytest.mark.parametrize("day", [date(2026, 3, 1), TODAY, date(2026, 7, 1)])
def test_a_move_shows_what_goes_with_the_unit_and_that_is_what_goes(client, town, day):
    old, new = a_ward("Phường Cũ", under=town), a_ward("Phường Mới", under=town)
    cell = a_cell("Chi bộ 1", under=old)
    some_members(3, cell)
    a_secretary(of=cell)
    typed = desk(client, "cell_move", cell.pk, parent=new.code, from_on=f"{day:%d/%m/%Y}", reason="Nghị quyết 7")
    said = _numbers(typed.preview())
    assert said["Now under"] == "Phường Cũ"
    assert (said["units"], said["members"], said["officers"]) == (1, 3, 1)
    before = Person.objects.members(day).placed_under(new, day).count()
    assert typed.send("do").status_code == 302
    assert Person.objects.members(day).placed_under(new, day).count() - before == said["members"]
    eve = date.fromordinal(day.toordinal() - 1)
    assert cell.position(eve).parent == old, "the day before it counts for the old committee"
    assert cell.position(day).parent == new
    page = client.get(reverse("admin:membership_cell_change", args=[cell.pk])).text
    assert "Nghị quyết 7" in page
    assert ("waiting" in page) is (day > TODAY)


def test_many_cells_move_at_once_on_a_day(client, town):
    old, new = a_ward(under=town), a_ward(under=town)
    cells = [a_cell(under=old) for _ in range(3)]
    some_members(2, cells[0])
    address = reverse("admin:membership_cell_changelist")
    chosen = {"action": "move_many", "_selected_action": [cell.pk for cell in cells]}
    opened = client.post(address, chosen)
    form = opened.context["form"]
    typed = {name: str(form[name].value() or "") for name in form.fields}
    typed |= {"parent": new.code, "from_on": "1/6/2026", **chosen}
    shown = client.post(address, {**typed, "stage": "preview"})
    assert [row[2:] for row in shown.context["preview"].rows] == [[1, 2, 0, 0], [1, 0, 0, 0], [1, 0, 0, 0]]
    assert shown.context["preview"].foot[2:] == [3, 2, 0, 0]
    assert all(cell.position(date(2026, 6, 1)).parent == old for cell in cells)
    assert client.post(address, {**typed, "stage": "do"}).status_code == 302
    assert all(cell.position(date(2026, 6, 1)).parent == new for cell in cells)
    assert client.post(address, {**typed, "stage": "do"}).status_code == 302, "the same again gives the first results"
    assert JournalEntry.objects.filter(operation="move_unit").count() == 3


def test_of_many_the_refused_are_named_before_and_after_and_the_rest_is_done(client, town):
    old, new = a_ward(under=town), a_ward(under=town)
    cells = [a_cell("Chi bộ khu 1", under=ward) for ward in (old, new)]
    address = reverse("admin:membership_cell_changelist")
    typed = {
        "action": "move_many",
        "_selected_action": [one.pk for one in cells],
        "parent": new.code,
        "from_on": "1/6/2026",
    }
    shown = client.post(address, {**typed, "stage": "preview"})
    assert [row for row, _why in shown.context["refused"]] == [f"{cells[1]}, {new.name_on()}"]
    assert "Cannot be recorded: 1 of 2." in shown.text
    assert re.search(r'value="do">Move: 1 of 2</button>', shown.text)
    assert [row[0] for row in shown.context["preview"].rows] == [str(cells[0])], "the others alone are counted"
    assert not JournalEntry.objects.filter(operation="move_unit").exists()
    answer = client.post(address, {**typed, "stage": "do"})
    assert answer.status_code == 422
    told = [row for row, _why in answer.context["refused"]]
    assert (answer.context["done"], told) == (1, [f"Chi bộ khu 1, {new}"]), "as there is one of the name in each ward"
    assert "already stands under" in answer.text


def test_a_unit_is_renamed_from_a_day_and_its_past_keeps_its_name(client, town):
    ward = a_ward("Xã Bắc", under=town)
    typed = desk(client, "committee_rename", ward.pk, name="Phường Bắc", from_on="1/7/2026", reason="NQ 12")
    assert "Xã Bắc" in str(typed.preview().sentences[0])
    assert typed.send("do").status_code == 302
    assert (ward.name_on(date(2026, 6, 30)), ward.name_on(date(2026, 7, 1))) == ("Xã Bắc", "Phường Bắc")
    page = client.get(reverse("admin:membership_committee_change", args=[ward.pk])).text
    assert "Is renamed Phường Bắc" in page
    assert "waiting" in page


def test_who_appoints_a_second_secretary_is_told_of_the_first(client, town):
    cell = a_cell(under=a_ward(under=town))
    first, [person, other] = a_secretary(of=cell).person, some_members(2, cell)
    chosen = {"person": f"{person} [{person.pk}]", "from_on": "1/6/2026"}
    said = [
        str(one) for one in desk(client, "cell_appoint", cell.pk, role=Role.SECRETARY, **chosen).preview().sentences
    ]
    assert [one for one in said if str(first) in one]
    said = [str(one) for one in desk(client, "cell_appoint", cell.pk, role=Role.DEPUTY, **chosen).preview().sentences]
    assert not [one for one in said if str(first) in one or str(other) in one]


def test_of_many_appointments_the_refused_is_named_with_whose_it_is(client, town):
    held = [a_secretary(of=a_cell(under=a_ward(under=town))).person.appointments.get() for _each in range(2)]
    chosen = {"action": "end_many", "_selected_action": [one.pk for one in held]}
    listed = reverse("admin:membership_appointment_changelist")
    form = client.post(listed, chosen).context["form"]
    typed = {name: form[name].value() or "" for name in form.fields} | chosen
    typed |= {"last_on": "4/5/2026"}
    assert client.post(listed, {**typed, "stage": "preview"}).status_code == 200
    desk(client, "appointment_end", held[1].pk).confirm()
    answer = client.post(listed, {**typed, "stage": "do"})
    [(named, why)] = answer.context["refused"]
    assert named.startswith(f"{held[1].person}, secretary of a cell, ")
    assert [str(one) for one in why] == ["Somebody changed it meanwhile. Look at it, then do it again."]


def test_a_description_changed_meanwhile_is_refused_and_each_field_can_be_chosen(client, town):
    cell = a_cell(under=a_ward(under=town))
    mine = desk(client, "cell_describe", cell.pk, phone="111", address="Số 1")
    theirs = desk(client, "cell_describe", cell.pk, phone="222", address="Số 2")
    assert theirs.confirm().status_code == 302
    answer = mine.send("do")
    assert answer.status_code == 409
    conflict = {row["name"]: row for row in answer.context["form"].conflict}
    shown = [
        (conflict[name]["original"], conflict[name]["theirs"], conflict[name]["yours"]) for name in ("phone", "address")
    ]
    assert shown == [("", "222", "111"), ("", "Số 2", "Số 1")]
    typed = dict(re.findall(r'<input type="text" name="(phone|address)" value="([^"]*)"', answer.text))
    assert typed == {"phone": "111", "address": "Số 1"}, "as a browser would send it again"
    again = {name: answer.context["form"][name].value() or "" for name in answer.context["form"].fields}
    choices = {"choice-phone": "theirs", "choice-address": "yours"}
    assert client.post(mine.address, {**again, **choices, "stage": "do"}).status_code == 302
    cell.refresh_from_db()
    assert (cell.phone, cell.address) == ("222", "Số 1")


def test_the_preview_of_a_description_names_the_fields_that_change(client, town):
    cell = a_cell(under=a_ward(under=town), phone="1")
    said = desk(client, "cell_describe", cell.pk, phone="2").preview()
    assert [[str(cell) for cell in row] for row in said.rows] == [["Telephone", "1", "2"]]


def test_a_unit_is_not_dissolved_until_everything_has_a_destination(client, town):
    ward, other = a_ward("Phường A", under=town), a_ward("Phường B", under=town)
    cell, target = a_cell(under=ward), a_cell("Chi bộ Nhận", under=other)
    some_members(3, cell)
    secretary = a_secretary(of=cell)
    workplace = a_workplace(in_=ward)
    covers(cell, workplace)
    union = a_youth_union(of=cell)
    typed = desk(client, "cell_dissolve", cell.pk, from_on="1/6/2026", reason="Hợp nhất")
    assert {name for name in typed.values if name.startswith("to_")} == {
        "to_members", "to_officers", "to_workplaces", "to_mass_organisations"
    }  # fmt: skip
    answer = typed.send("do")
    assert answer.status_code == 422
    assert "Choose the unit that takes them over." in answer.text
    assert cell.position(date(2026, 6, 1)), "nothing was done"
    typed.values |= {"to_members": target.code, "to_workplaces": target.code, "to_mass_organisations": target.code,
                     "successor": target.code}  # fmt: skip
    said = {str(row[0]): (row[1], strip_tags(row[2])) for row in typed.preview().rows}
    assert said["Members"] == (3, "Chi bộ Nhận, Phường B")
    assert said["Officers"] == (1, "end with the unit")
    answer = typed.send("do")
    assert f"Recorded for {cell}, Phường A: Dissolved." in client.get(answer.url).text
    assert cell.position(date(2026, 5, 31))
    assert not cell.position(date(2026, 6, 1))
    people = Person.objects.members(date(2026, 6, 1))
    assert people.placed_under(target, date(2026, 6, 1)).count() == 3
    assert people.placed_under(target, date(2026, 5, 31)).count() == 0
    assert secretary.person.appointments.get().until_on == date(2026, 6, 1)
    assert MassOrganisation.objects.get(pk=union.pk).unit == cell, "it moves on the day"
    with on_day(date(2026, 6, 1)):
        begin(date(2026, 6, 1))
    assert MassOrganisation.objects.get(pk=union.pk).unit == target
    assert [one.predecessor.pk for one in target.continues.all()] == [cell.pk]
    assert Workplace.objects.get(pk=workplace.pk).locality == ward
    answer = client.get(reverse("admin:membership_cell_change", args=[cell.pk]))
    assert "Stands no longer" in answer.text


def facts_of(page: Any) -> dict[str, str]:
    return {str(label): strip_tags(value) for label, value in page.context["facts"]}


@pytest.mark.parametrize(
    ("first_without", "state"), [("1/6/2026", "until 31/05/2026"), ("1/5/2026", "dissolved, stood until 30/04/2026")]
)
def test_a_unit_that_ends_says_its_last_day_everywhere_and_is_not_dissolved_twice(client, town, first_without, state):
    ward = a_ward("Phường A", under=town)
    cell, there = a_cell(under=ward), a_cell("Chi bộ khu 2", under=ward)
    secretary = a_secretary(of=cell).person
    address = reverse("admin:membership_cell_change", args=[cell.pk])
    assert reverse("admin:membership_cell_dissolve", args=[cell.pk]) in client.get(address).text
    desk(client, "cell_dissolve", cell.pk, from_on=first_without, reason="x", successor=there.code).confirm()
    page = client.get(address)
    last = state.removeprefix("dissolved, stood ").removeprefix("until ")
    assert page.context["state"] == state
    assert f"</svg>{state}</span></h1>" in page.text
    assert reverse("admin:membership_cell_dissolve", args=[cell.pk]) not in page.text
    assert facts_of(page)["Until"] == last
    assert state in client.get(reverse("admin:membership_cell_changelist"), {"state": "all"}).text
    ends = [(one.person, day) for one, day in page.context["officers"]]
    assert ends == ([(secretary, last)] if last == "31/05/2026" else [])


def test_who_continues_a_unit_is_linked_and_does_not_stand_beside_it(client, town):
    ward = a_ward("Phường A", under=town)
    cell, there = a_cell("Chi bộ khu 1", under=ward), a_cell("Chi bộ khu 2", under=ward)
    desk(client, "cell_dissolve", cell.pk, from_on="1/6/2026", reason="x", successor=there.code).confirm()
    pages = [client.get(reverse("admin:membership_cell_change", args=[one.pk])) for one in (cell, there)]
    assert facts_of(pages[0])["Continued by"] == "Chi bộ khu 2, Phường A from 01/06/2026"
    assert facts_of(pages[1])["continues"] == "Chi bộ khu 1, Phường A from 01/06/2026"
    for page, other in zip(pages, (there, cell), strict=True):
        assert f'<a href="{reverse("admin:membership_cell_change", args=[other.pk])}">' in page.text
        assert "Beside it" not in page.text


def test_who_continues_a_unit_outside_the_readers_is_named_without_a_link(town):
    ward, other = a_ward("Phường A", under=town), a_ward("Phường B", under=town)
    cell, there = a_cell("Chi bộ khu 1", under=ward), a_cell("Chi bộ khu 2", under=other)
    with entering(TODAY) as act:
        steps.dissolve(act, [cell], date(2026, 6, 1), [there])
    reader = Client(headers={"accept-language": "en"})
    reader.force_login(an_administrator(of=ward))
    page = reader.get(reverse("admin:membership_cell_change", args=[cell.pk]))
    assert facts_of(page)["Continued by"] == "Chi bộ khu 2 from 01/06/2026"
    assert reverse("admin:membership_cell_change", args=[there.pk]) not in page.text


@pytest.mark.parametrize(("number", "opened"), [(2, True), (10, True), (11, False)])
def test_a_few_chosen_rows_stand_openly_each_with_its_committee(client, town, number, opened):
    ward = a_ward("Phường A", under=town)
    cells = [a_cell("Chi bộ khu 1", under=ward) for _ in range(number)]
    chosen = {"action": "move_many", "_selected_action": [cell.pk for cell in cells]}
    page = client.post(reverse("admin:membership_cell_changelist"), chosen).text
    assert page.count("<li><bdi>Chi bộ khu 1, Phường A</bdi></li>") == number
    assert ('<details class="chosen" open>' in page) is opened


def test_previews_of_people_name_a_cell_with_its_committee(client, town):
    cell = a_cell("Chi bộ khu 1", under=a_ward("Phường A", under=town))
    [officer] = some_members(1, cell)
    typed = {"person": f"{officer} [{officer.pk}]", "role": Role.DEPUTY, "from_on": "1/5/2026"}
    place = "Chi bộ khu 1, Phường A"
    for page, row, more in (("cell_appoint", [cell.pk], {}), ("appointment_appoint", [], {"organisation": cell.code})):
        assert place in str(desk(client, page, *row, **typed, **more).preview().sentences[0])
    desk(client, "cell_appoint", cell.pk, **typed).confirm()
    said = map(str, desk(client, "person_open", officer.pk, username="le.duc").preview().sentences)
    assert any(place in one for one in said)
    ending = desk(client, "appointment_end", officer.appointments.get().pk, last_on="31/5/2026").preview()
    assert strip_tags(ending.rows[0][2]) == place


def test_an_error_bears_an_icon_and_is_not_said_twice(client, town):
    page = desk(client, "cell_rename", a_cell(under=a_ward(under=town)).pk, name="", from_on="1/6/2026").send("preview")
    assert re.search(r'id="id_name_error"><div class="errorlist"><svg.*?</svg><span>This field is required.', page.text)


def test_a_committee_is_dissolved_with_its_cells_going_elsewhere(client, town):
    ward, other = a_ward(under=town), a_ward(under=town)
    cell = a_cell(under=ward)
    coming = a_cell(under=ward, since=date(2026, 9, 1))
    typed = desk(client, "committee_dissolve", ward.pk, from_on="1/6/2026", reason="Sáp nhập", to_children=other.code)
    assert "Units directly under it (2) go to" in typed.opened.text
    assert typed.confirm().status_code == 302
    assert cell.position(date(2026, 6, 1)).parent == other
    assert cell.position(date(2026, 5, 31)).parent == ward
    assert coming.position(date(2026, 9, 1)).parent == other
    assert not ward.position(date(2026, 6, 1))


def test_what_is_dissolved_is_not_its_own_destination(client, town):
    cell = a_cell(under=a_ward(under=town))
    some_members(1, cell)
    typed = desk(client, "cell_dissolve", cell.pk, from_on="1/6/2026", reason="x", to_members=cell.code)
    assert typed.send("do").status_code == 422
    assert cell.position(date(2026, 6, 1))


def test_an_officer_is_appointed_with_an_account_and_a_slip(client, town):
    cell = a_cell("Chi bộ 1", under=a_ward(under=town))
    person = a_member(cell=cell, full_name="Lê Văn Đức")
    typed = desk(client, "cell_appoint", cell.pk, person=f"Lê Văn Đức [{person.pk}]", role=Role.SECRETARY,
                 from_on="1/5/2026", last_on="31/12/2026", reads_names="on")  # fmt: skip
    said = typed.preview()
    assert "Lê Văn Đức" in str(said.sentences[0])
    assert not person.appointments.exists()
    assert typed.send("do").status_code == 302
    held = person.appointments.get()
    assert (held.organisation, held.until_on, held.reads_names) == (cell, date(2027, 1, 1), True)
    answer = desk(client, "person_open", person.pk, username="le.duc").confirm()
    account = User.objects.get(username="le.duc")
    assert answer.url == reverse("account_slip", args=[account.pk])
    assert client.get(answer.url).status_code == 200
    timeline = client.get(reverse("admin:membership_person_change", args=[person.pk])).text
    assert "Appointment made" in timeline


def test_a_user_name_that_is_taken_is_refused_before_the_preview(client, town):
    ward = a_ward(under=town)
    person = a_member(cell=a_cell(under=ward))
    desk(client, "committee_appoint", ward.pk, role=Role.CLERK, person=f"{person.full_name} [{person.pk}]").confirm()
    User.objects.create_user("le.duc")
    taken = desk(client, "person_open", person.pk, username="le.duc").send("preview")
    assert (taken.status_code, taken.context["stage"]) == (422, "form")
    said = desk(client, "person_open", person.pk, username="le.duc.2", staff="on").preview()
    assert "It opens the administration." in map(str, said.sentences)


def test_a_role_without_pages_is_told_before_somebody_is_appointed_or_gets_an_account(client, town):
    ward = a_ward(under=town)
    person = a_member(cell=a_cell(under=ward))
    typed = {"person": f"{person.full_name} [{person.pk}]"}
    nothing = "This role opens no page of the program: it says who holds the office."
    assert nothing in desk(client, "committee_appoint", ward.pk, role=Role.INSPECTOR, **typed).preview().sentences
    assert nothing not in desk(client, "committee_appoint", ward.pk, role=Role.CLERK, **typed).preview().sentences
    desk(client, "committee_appoint", ward.pk, role=Role.INSPECTOR, **typed).confirm()
    account = desk(client, "person_open", person.pk, username="le.duc")
    assert "None of them opens a page yet." in account.preview().sentences
    desk(client, "committee_appoint", ward.pk, role=Role.CLERK, **typed).confirm()
    assert "None of them opens a page yet." not in account.preview().sentences


@pytest.mark.parametrize(
    ("name", "button", "follows"),
    [
        ("close", "Close the account", "Nobody signs in as le.duc any more;"),
        ("sessions", "End the sessions", "Whoever is signed in as le.duc is signed out at the next click;"),
        ("reopen", "Reopen the account", "le.duc may sign in again, with the password it had."),
    ],
)
def test_before_an_account_is_touched_it_is_said_what_follows(client, town, name, button, follows):
    account = a_secretary(of=a_cell(under=a_ward(under=town)))
    User.objects.filter(pk=account.pk).update(username="le.duc")
    typed = desk(client, f"user_{name}", account.pk, reason="Nghỉ việc")
    assert typed.preview().sentences[0].startswith(follows)
    assert f"{button}: le.duc" in typed.send("preview").text
    assert typed.confirm().status_code == 302


def test_a_field_that_is_needed_bears_a_mark_and_a_value_stands_as_pages_write_it(client, town):
    ward = a_ward(under=town)
    typed = desk(client, "workplace_found", name="công ty Than", code="TH-1", kind="enterprise", ownership="private",
                 locality=ward.code, workers="1200")  # fmt: skip
    marked = re.findall(r"<label[^>]*>([^<]*)<span class=.asteriskField.>", typed.opened.text)
    assert marked == ["Name", "Kind", "Ownership", "Code", "Ward or commune in which it lies"]
    said = {str(label): value for label, value in typed.preview().rows}
    assert (said["Name"], said["Kind"], said["Workers"]) == ("công ty Than", "Enterprise", "1,200")


def test_roles_that_do_not_exist_there_are_not_offered(client, town):
    cell, ward = a_cell(under=a_ward(under=town)), a_ward(under=town)
    union = a_youth_union(of=ward)

    def offered(name: str, pk: int) -> set[str]:
        return {value for value, _words in desk(client, name, pk).opened.context["form"].fields["role"].choices}

    assert Role.SECRETARY in offered("cell_appoint", cell.pk)
    assert Role.CLERK not in offered("cell_appoint", cell.pk)
    assert Role.SECRETARY not in offered("committee_appoint", ward.pk)
    assert offered("massorganisation_appoint", union.pk) == {Role.NOMINATOR}


def test_appointments_end_one_by_one_and_many_at_once(client, town):
    cell = a_cell(under=a_ward(under=town))
    held = [a_secretary(of=cell).person.appointments.get() for _ in range(3)]
    assert desk(client, "appointment_end", held[0].pk, last_on="31/5/2026").confirm().status_code == 302
    address = reverse("admin:membership_appointment_changelist")
    typed = {"action": "end_many", "_selected_action": [one.pk for one in held[1:]], "last_on": "30/6/2026"}
    assert client.post(address, {**typed, "stage": "preview"}).context["stage"] == "preview"
    assert client.post(address, {**typed, "stage": "do"}).status_code == 302
    ends = [Appointment.objects.get(pk=one.pk).until_on for one in held]
    assert ends == [date(2026, 6, 1), date(2026, 7, 1), date(2026, 7, 1)]


def test_an_account_is_closed_and_reopened(client, town):
    account = a_secretary(of=a_cell(under=a_ward(under=town)))
    for name, active in [("user_close", False), ("user_reopen", True)]:
        assert desk(client, name, account.pk, reason="nghỉ").confirm().status_code == 302
        account.refresh_from_db()
        assert account.is_active is active


def test_a_workplace_is_recorded_described_and_covered(client, town):
    ward = a_ward(under=town)
    cell = a_cell("Chi bộ Công ty", under=ward)
    answer = desk(client, "workplace_found", name="Công ty Than", code="TH-1", kind="enterprise", ownership="private",
                  locality=ward.code, workers="120").confirm()  # fmt: skip
    workplace = Workplace.objects.get(code="TH-1")
    assert answer.url == reverse("admin:membership_workplace_change", args=[workplace.pk])
    assert desk(client, "workplace_describe", workplace.pk, workers="130").confirm().status_code == 302
    assert (
        desk(client, "workplace_cover", workplace.pk, organisation=cell.code, from_on="1/1/2026").confirm().status_code
        == 302
    )
    workplace.refresh_from_db()
    assert (workplace.workers, workplace.search_key) == (130, "cong ty than")
    page = client.get(reverse("admin:membership_workplace_change", args=[workplace.pk])).text
    assert "Chi bộ Công ty" in page
    listed = reverse("admin:membership_workplace_changelist")
    assert "Công ty Than" in client.get(listed, {"covered": "yes"}).text
    assert (
        desk(client, "workplace_uncover", workplace.pk, organisation=cell.code, from_on="1/2/2026")
        .confirm()
        .status_code
        == 302
    )
    assert "Công ty Than" in client.get(listed, {"covered": "no"}).text
    facts = client.get(reverse("admin:membership_workplace_change", args=[workplace.pk])).context["facts"]
    assert ("Covered so far", "Chi bộ Công ty: 01/01/2026 to 31/01/2026") in facts  # the last day, not the day after


def test_a_mass_organisation_is_recorded_and_renamed(client, town):
    ward = a_ward(under=town)
    assert (
        desk(client, "massorganisation_found", name="Đoàn cũ", kind="youth_union", unit=ward.code).confirm().status_code
        == 302
    )
    union = MassOrganisation.objects.get(unit=ward)
    answer = desk(client, "massorganisation_rename", union.pk, name="Đoàn mới").confirm()
    assert "Recorded for Đoàn cũ: Mass organisation renamed." in client.get(answer.url).text
    union.refresh_from_db()
    assert (union.name, union.search_key) == ("Đoàn mới", "doan moi")


def test_the_timeline_says_who_when_and_why_field_by_field(client, town):
    old, new = a_ward("Phường Cũ", under=town), a_ward("Phường Mới", under=town)
    cell = a_cell(under=old)
    desk(client, "cell_move", cell.pk, parent=new.code, from_on="1/4/2026", reason="Quyết định 5").confirm()
    lines = client.get(reverse("admin:membership_cell_change", args=[cell.pk])).context["timeline"]
    [moved] = [line for line in lines if line.operation == "move_unit"]
    assert (moved.day, moved.note, moved.appointment) == (TODAY, "Quyết định 5", "administrator")
    assert moved.by.startswith("Trần Thị Ánh")
    assert [(str(name), before, after) for name, before, after in moved.changes] == [
        ("under", f"Phường Cũ [{old.code}]", f"Phường Mới [{new.code}]"), ("from", "–", "01/04/2026")
    ]  # fmt: skip


def test_the_timeline_of_an_appointment_says_where_in_words_and_what_it_gives(client, town):
    ward = a_ward("Phường Cũ", under=town)
    union, person = a_youth_union(of=ward, name="Đoàn phường Cũ"), a_member(cell=a_cell(under=ward))
    typed = {"person": f"{person.full_name} [{person.pk}]", "role": Role.NOMINATOR, "reads_names": "on"}
    desk(client, "massorganisation_appoint", union.pk, **typed).confirm()
    role = "officer of a mass organisation"
    start = [("role", "–", role), ("from", "–", "04/05/2026")]

    def told(thing: str, pk: int) -> list[tuple[str, str, str]]:
        lines = client.get(reverse(f"admin:membership_{thing}_change", args=[pk])).context["timeline"]
        return [(str(name), before, after) for name, before, after in lines[0].changes]

    holder, where = ("holder", "–", person.full_name), ("mass organisation", "–", union.name)
    assert told("massorganisation", union.pk) == [*start, holder]
    assert told("committee", ward.pk) == [*start, holder, where]
    more = [where, ("unit", "–", f"Phường Cũ [{ward.code}]"), ("reads names", "–", "yes")]
    assert told("person", person.pk) == [*start, *more], "no word of what it does not give"
    desk(client, "appointment_end", person.appointments.get().pk).confirm()
    ended = [("role", role, role), ("until", "–", "04/05/2026")]
    assert told("massorganisation", union.pk) == [*ended, ("holder", person.full_name, "–")]
    assert ("mass organisation", union.name, "–") in told("committee", ward.pk)


def test_the_timeline_does_not_name_units_of_others(client, town):
    foreign = a_ward("Phường Zulu")
    cell = a_cell(under=foreign)
    with entering(date(2026, 4, 1)) as act:
        steps.move(act, cell, a_ward(under=town), date(2026, 4, 1))
    page = client.get(reverse("admin:membership_cell_change", args=[cell.pk]))
    assert page.status_code == 200
    assert "Zulu" not in page.text
    assert foreign.code not in page.text


@pytest.mark.parametrize(
    "value",
    ["\u202eabc", "x" * 5000, "-1", "31/02/2026", "9999-12-31", "0000-00-00", "' or 1=1 --", "{{7*7}}", "٣١/١٢/٢٠٢٦x"],
)
def test_hostile_values_are_answered_with_sentences(client, town, value):
    cell = a_cell(under=a_ward(under=town))
    before = JournalEntry.objects.count()
    names = ["cell_move", "cell_rename", "cell_dissolve", "cell_appoint"]
    for name in names:
        typed = desk(client, name, cell.pk)
        for field in typed.values:
            answer = client.post(typed.address, {**typed.values, field: value, "stage": "preview"})
            assert answer.status_code in (200, 400, 422), (name, field)
        answer = client.post(typed.address, dict.fromkeys(typed.values, value) | {"stage": "do"})
        assert answer.status_code in (400, 422), name
    answer = client.post(
        reverse("admin:membership_cell_found"), {"name": value, "code": value, "parent": value, "stage": "do"}
    )
    assert answer.status_code == 422
    assert JournalEntry.objects.count() == before


def test_a_form_from_an_ended_session_is_shown_again_and_not_carried_out(client, town):
    cell = a_cell(under=a_ward(under=town))
    typed = desk(client, "cell_rename", cell.pk, name="Tên mới")
    answer = typed.send("do", _resumed="1")
    assert answer.status_code == 200
    assert "Tên mới" in answer.text
    assert cell.name_on() != "Tên mới"


def test_what_was_typed_can_be_changed_after_the_preview(client, town):
    cell = a_cell(under=a_ward(under=town))
    typed = desk(client, "cell_rename", cell.pk, name="Tên mới")
    shown = typed.send("preview").text
    hidden = dict(re.findall(r'<input type="hidden" name="([a-z_]+)" value="([^"]*)"', shown))
    assert hidden["name"] == "Tên mới", "the preview carries what was typed"
    answer = typed.send("edit")
    assert answer.context["stage"] == "form"
    assert "Tên mới" in answer.text


# What an operation takes ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("others", [2, 20])
def test_statements_of_an_operation_are_few(client, town, others):
    ward, other = a_ward("Phường A", under=town), a_ward("Phường B", under=town)
    cell, union, workplace = a_cell("Chi bộ 1", under=ward), a_youth_union(of=ward), a_workplace(in_=ward)
    some_members(others, cell)
    for _ in range(others):
        a_candidate(cell)  # judged anew where their cell comes under another committee
        a_secretary(of=a_cell(under=ward))
    account = a_secretary(of=cell)
    officer, secretary, staff = (f"{one.full_name} [{one.pk}]" for one in some_members(3, cell))
    new = {"parent": "Phường A", "from_on": "1/5/2026"}
    typed = {"kind": "enterprise", "ownership": "private", "locality": ward.code}
    most = [
        (14, "cell_found", [], {**new, "name": "Chi bộ Mới", "code": "N-1", "secretary": secretary}),
        (14, "committee_found", [], {**new, "parent": town.code, "name": "Mới", "code": "N-2", "secretary": staff}),
        (9, "cell_rename", [cell.pk], {"name": "Tên mới", "from_on": "1/5/2026"}),
        (7, "cell_describe", [cell.pk], {"phone": "22"}),
        (12, "massorganisation_found", [], {"name": "Đoàn 2", "kind": "youth_union", "unit": ward.code}),
        (14, "cell_move", [cell.pk], {"parent": other.code, "from_on": "1/4/2026"}),
        (14, "committee_move", [other.pk], {"parent": a_ward(under=town).code, "from_on": "1/5/2026"}),
        (11, "cell_appoint", [cell.pk], {"person": officer, "role": Role.DEPUTY, "from_on": "1/5/2026"}),
        (10, "massorganisation_appoint", [union.pk], {"person": officer, "role": Role.NOMINATOR}),
        (10, "user_sessions", [account.pk], {"reason": "x"}),
        (12, "user_close", [account.pk], {"reason": "x"}),
        (10, "user_reopen", [account.pk], {"reason": "x"}),
        (8, "workplace_found", [], {**typed, "name": "Công ty Than", "code": "TH-1"}),
        (9, "workplace_describe", [workplace.pk], {"name": "Công ty Biển"}),
        (12, "workplace_cover", [workplace.pk], {"organisation": ward.code, "from_on": "1/5/2026"}),
        (12, "workplace_uncover", [workplace.pk], {"organisation": ward.code, "from_on": "2/5/2026"}),
        (10, "massorganisation_rename", [union.pk], {"name": "Đoàn 3"}),
        (13, "cell_dissolve", [a_cell(under=ward).pk], {"from_on": "1/5/2026", "reason": "x"}),
    ]
    for number, page, row, values in most:
        assert len(written := statements_of(desk(client, page, *row, **values))) <= number, (page, written)
    held = Appointment.objects.filter(role__in=[Role.DEPUTY, Role.NOMINATOR])
    for one in held:
        assert len(statements_of(desk(client, "appointment_end", one.pk, last_on="31/5/2026"))) <= 13
    person = held[0].person
    assert len(statements_of(desk(client, "person_open", person.pk, username="le.duc"))) <= 13
    slip = reverse("account_slip", args=[person.account.pk])
    sent = {"key": client.get(slip).context["form"]["key"].value()}
    with CaptureQueriesContext(connection) as asked:
        assert client.post(slip, sent).status_code == 200
    assert len([one for one in asked if "SAVEPOINT" not in one["sql"]]) <= 11


@pytest.mark.parametrize("others", [2, 20])
def test_statements_of_a_dissolution_do_not_grow_with_what_hangs_on_the_unit(client, town, others):
    ward, other = a_ward(under=town), a_ward(under=town)
    cell, there = a_cell(under=ward), a_cell(under=other)
    some_members(others, cell)
    for number in range(others):
        a_secretary(of=cell)
        a_candidate(cell)
        covers(cell, a_workplace(in_=town))
        a_youth_union(of=cell, name=f"Đoàn {number}")
        a_candidate(a_cell(under=ward))
    kinds = ("members", "candidacies", "workplaces", "mass_organisations")
    typed = {
        "from_on": "1/5/2026",
        "reason": "x",
        "successor": there.code,
        **{f"to_{kind}": there.code for kind in kinds},
    }
    assert len(written := statements_of(desk(client, "cell_dissolve", cell.pk, **typed))) <= 37, written
    typed = {"from_on": "1/5/2026", "reason": "x", "to_children": other.code}
    assert len(written := statements_of(desk(client, "committee_dissolve", ward.pk, **typed))) <= 21, written


def statements_of(typed: Desk) -> list[str]:
    """What confirming what is typed takes, beside the transaction's own."""
    typed.preview()
    with CaptureQueriesContext(connection) as asked:
        answer = typed.send("do")
    assert answer.status_code == 302, answer.context["form"].errors
    return [one["sql"] for one in asked if "SAVEPOINT" not in one["sql"]]
