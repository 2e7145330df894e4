"""Register, describe, place, end, send, receive: by forms, refused with a sentence, sent twice, stale, foreign."""

from __future__ import annotations

import re
from datetime import date
from html import unescape
from typing import Any

import pytest
from django.core import signing
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from foundation.models import JournalEntry
from foundation.operation import NotPermitted
from membership import steps
from membership.models import MembershipStatus, Person, Placement, Status, Transfer, TransferKind
from membership.operations import people as operations
from tests.builders import (
    a_candidate,
    a_cell,
    a_clerk,
    a_member,
    a_probationary_member,
    a_secretary,
    a_town,
    a_ward,
    an_official,
    entering,
    on_day,
    signed_in,
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
def ward():
    return a_ward()


@pytest.fixture
def cell(ward):
    return a_cell("Chi bộ 1", under=ward, code="C1")


@pytest.fixture
def clerk(ward):
    return a_clerk(of=ward)


@pytest.fixture
def client(clerk):
    return signed_in(clerk)


def text(response: Any) -> str:
    return unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode())))


def as_typed(client: Client, address: str, **typed: str) -> dict[str, Any]:
    """The form as it is shown, with these fields typed over."""
    form = client.get(address).context["form"]
    shown = {name: form[name].value() for name in form.fields} | typed
    return {name: value for name, value in shown.items() if value is not None}


def fill(client: Client, address: str, **typed: str) -> Any:
    """The form is sent so."""
    return client.post(address, as_typed(client, address, **typed))


def placed_in(person: Person, day: date = TODAY) -> str | None:
    row = Placement.objects.as_at(day).filter(person=person).select_related("cell").first()
    return row.cell.code if row else None


def status_of(person: Person, day: date = TODAY) -> str | None:
    return MembershipStatus.objects.as_at(day).filter(person=person).values_list("status", flat=True).first()


NEW = {
    "full_name": "Đỗ Thị Đào", "sex": "female", "born_on": "8/3/1990", "cell": "C1", "placed_on": "1/6/2020",
    "admitted_on": "19/5/2015", "recognised_on": "19/5/2016",
}  # fmt: skip
CAME = {**NEW, "from_on": "1/4/2026", "outside": "Đảng ủy phường Hồng Gai"}


# Registering ----------------------------------------------------------------------------------------------------------


def test_a_member_is_registered(client, cell):
    assert fill(client, reverse("member_new"), **NEW).status_code == 302
    person = Person.objects.get(full_name="Đỗ Thị Đào")
    assert (status_of(person), status_of(person, date(2015, 6, 1)), placed_in(person)) == (
        "official",
        "probationary",
        "C1",
    )
    assert placed_in(person, date(2020, 5, 31)) is None


def test_a_member_is_received(client, cell):
    assert fill(client, reverse("member_receive"), **CAME).status_code == 302
    [came] = Transfer.objects.so()
    assert (came.kind, came.to_cell, came.outside) == (TransferKind.ARRIVED, cell, "Đảng ủy phường Hồng Gai")
    assert (placed_in(came.person), placed_in(came.person, date(2026, 3, 31))) == ("C1", None)


def test_a_field_that_finds_says_how_it_is_filled_in_and_a_filter_does_not(client):
    hint = "Type two letters of the name and choose."
    assert text(client.get(reverse("member_new"))).count(hint) == 1  # the cell
    assert hint not in text(client.get(reverse("members")))


@pytest.mark.parametrize("name", ["member_new", "member_receive"])
@pytest.mark.parametrize(
    ("_case", "change", "sentence"),
    [
        ("to come", {"admitted_on": "5/5/2026", "recognised_on": ""}, "Admitted on: this day comes after 04/05/2026."),
        ("too young", {"born_on": "20/5/1997"}, "Admitted before the age of 18."),
        ("recognised first", {"recognised_on": "18/5/2015"}, "Recognised before the admission. Look at both days."),
        ("before the cell", {"placed_on": "31/12/2014", "from_on": "31/12/2014", "admitted_on": "1/1/2014"},
         "Chi bộ 1 is no cell on 31/12/2014."),
        ("before the admission", {"placed_on": "18/5/2015", "from_on": "18/5/2015"},
         "In this cell before the admission. Look at both days."),
        ("in no cell of theirs", {"cell": "Chi bộ chưa lập"}, "No unit of yours is called so."),
        ("no such day", {"admitted_on": "31/2/2015"}, "There is no such day: 31/2/2015."),
        ("a short number", {"identity_number": "123"}, "An identity number has 12 digits."),
    ],
)  # fmt: skip
def test_what_cannot_be_so_is_refused(client, cell, name, _case, change, sentence):
    answer = fill(client, reverse(name), **(NEW if name == "member_new" else CAME) | change)
    assert answer.status_code == 422
    assert sentence in text(answer)
    assert 'value="Đỗ Thị Đào"' in answer.content.decode()
    assert not Person.objects.filter(full_name="Đỗ Thị Đào").exists()


def test_every_reason_is_said_at_once(client, cell):
    said = text(fill(client, reverse("member_new"), **NEW | {"born_on": "1/1/2000", "placed_on": "5/5/2026"}))
    assert "Admitted before the age of 18." in said
    assert "In this cell since: this day comes after 04/05/2026." in said


def test_a_cell_that_ends_takes_nobody(client, cell):
    with entering(TODAY) as act:
        steps.dissolve(act, [cell], date(2026, 9, 1))
    answer = fill(client, reverse("member_new"), **NEW)
    assert (answer.status_code, "Chi bộ 1 is dissolved from 01/09/2026 on." in text(answer)) == (422, True)


def test_a_registered_number_is_refused_without_saying_whose_it_is(client, cell):
    other = a_member(a_cell(), full_name="Hồ Xa Lạ")
    other.identity_number = "022099112233"
    other.save()
    answer = fill(client, reverse("member_new"), **NEW, identity_number="022 099 112 233")
    assert (answer.status_code, "already registered. Ask the superior office." in text(answer)) == (422, True)
    assert "Hồ Xa Lạ" not in text(answer)


@pytest.mark.parametrize(("name", "typed"), [("member_new", NEW), ("member_receive", CAME)])
def test_sent_twice_makes_one(client, cell, name, typed):
    form = client.get(reverse(name)).context["form"]
    sent = {**typed, "key": form["key"].value()}
    first, second = (client.post(reverse(name), sent) for _ in range(2))
    assert first.url == second.url
    assert Person.objects.filter(full_name="Đỗ Thị Đào").count() == 1


def test_a_foreign_cell_is_no_unit_of_theirs(client, clerk, cell):
    foreign = a_cell("Chi bộ xa", code="F1")
    for typed in ("F1", "Chi bộ xa [F1]", "Chi bộ xa"):
        answer = fill(client, reverse("member_new"), **NEW | {"cell": typed})
        assert (answer.status_code, "No unit of yours is called so." in text(answer)) == (422, True)
    values = {"full_name": "Đỗ Thị Đào", "born_on": date(1990, 1, 1), "sex": "female"}
    days = {"placed_on": TODAY, "admitted_on": date(2015, 5, 19), "recognised_on": None}
    with pytest.raises(NotPermitted):
        operations.register_member(submitted_by(clerk), cell=foreign, person=values, **days)
    assert not Person.objects.filter(full_name="Đỗ Thị Đào").exists()


# A member's way -------------------------------------------------------------------------------------------------------


def test_a_member_goes_to_another_cell(client, cell, ward):
    person, other = a_member(cell), a_cell("Chi bộ 2", under=ward, code="C2")
    answer = fill(client, reverse("member_place", args=[person.pk]), to_cell="C2", from_on="1/4/2026")
    assert answer.status_code == 302
    assert (placed_in(person), placed_in(person, date(2026, 3, 31))) == ("C2", "C1")
    assert Transfer.objects.so().get().to_cell == other


def test_a_membership_ends(client, cell):
    person = a_member(cell)
    typed = {"status": Status.DIED, "from_on": "3/5/2026", "reason": "Giấy chứng tử số 7"}
    assert fill(client, reverse("member_end", args=[person.pk]), **typed).status_code == 302
    assert (status_of(person), placed_in(person), placed_in(person, date(2026, 5, 2))) == ("died", None, "C1")
    assert JournalEntry.objects.get(operation="end_membership").reason == "Giấy chứng tử số 7"


def test_what_ended_is_said_with_its_last_day(client, cell):
    person = a_member(cell)
    fill(client, reverse("member_end", args=[person.pk]), status=Status.DIED, from_on="3/5/2026", reason="số 7")
    told = text(client.get(person.get_absolute_url()))
    assert told.count("until 02/05/2026") == 2  # the membership, and the place in the cell
    assert "until 03/05/2026" not in told


def test_a_member_goes_outside(client, cell):
    person = a_member(cell)
    typed = {"outside": "Đảng bộ Hải Phòng", "from_on": "3/5/2026"}
    assert fill(client, reverse("member_send", args=[person.pk]), **typed).status_code == 302
    assert (status_of(person), placed_in(person)) == ("departed", None)


WAYS = {
    "member_place": {"to_cell": "C2", "from_on": "1/4/2026"},
    "member_end": {"status": "removed", "from_on": "1/4/2026", "reason": "39-KL"},
    "member_send": {"outside": "Hải Phòng", "from_on": "1/4/2026"},
    "person_describe": {"phone": "0903 999 999"},
}


@pytest.mark.parametrize(
    ("name", "change", "sentence"),
    [
        ("member_place", {"from_on": "5/5/2026"}, "05/05/2026 is still to come: record it on its day."),
        ("member_place", {"from_on": "31/12/2014"}, "is no cell on 31/12/2014."),
        ("member_place", {"to_cell": "C1"}, "already belongs to Chi bộ 1."),
        ("member_end", {"from_on": "5/5/2026"}, "05/05/2026 is still to come: record it on its day."),
        ("member_end", {"from_on": "31/12/2014"}, "is no member on 31/12/2014."),
        ("member_end", {"reason": ""}, "This field is required."),
        ("member_end", {"status": ""}, "Choose one."),  # how is never assumed
        ("member_end", {"status": "departed"}, "Select a valid choice."),
        ("member_send", {"from_on": "5/5/2026"}, "05/05/2026 is still to come: record it on its day."),
        ("member_send", {"from_on": "31/12/2014"}, "is no member on 31/12/2014."),
        ("member_send", {"outside": ""}, "This field is required."),
        ("person_describe", {"full_name": ""}, "This field is required."),
        ("person_describe", {"born_on": "13/1990"}, "There is no such month: 13."),
    ],
)
def test_a_way_that_is_not_open(client, cell, ward, name, change, sentence):
    person = a_member(cell)
    a_cell("Chi bộ 2", under=ward, code="C2")
    answer = fill(client, reverse(name, args=[person.pk]), **WAYS[name] | change)
    assert (answer.status_code, sentence in text(answer)) == (422, True), text(answer)
    person.refresh_from_db()
    assert (status_of(person), placed_in(person), person.phone, person.version) == ("official", "C1", "", 1)


@pytest.mark.parametrize("name", WAYS)
def test_who_may_not(cell, ward, name):
    person = a_member(cell)
    a_cell("Chi bộ 2", under=ward, code="C2")
    for user, status in (
        (a_clerk(of=a_town()), 404),
        (a_secretary(of=cell), 403),
        (an_official(of=ward, names=True), 403),
        (an_official(of=ward), 404),
    ):
        client = signed_in(user)
        address = reverse(name, args=[person.pk])
        assert (client.get(address).status_code, client.post(address, WAYS[name]).status_code) == (status, status)
    assert (status_of(person), placed_in(person)) == ("official", "C1")


@pytest.mark.parametrize("name", WAYS)
def test_over_a_newer_version_nothing_typed_is_lost(client, clerk, cell, ward, name):
    person = a_member(cell)
    a_cell("Chi bộ 2", under=ward, code="C2")
    address = reverse(name, args=[person.pk])
    form = client.get(address).context["form"]
    shown = {field: form[field].value() for field in form.fields if form[field].value() is not None}
    values = {"phone": "0903 111 111", "home_town": "Uông Bí"}
    operations.describe_person(submitted_by(clerk), person=person, values=values)
    answer = client.post(address, {**shown, **WAYS[name]})
    assert answer.status_code == 409
    assert "Somebody" in text(answer)
    for typed in WAYS[name].values():
        assert typed in answer.content.decode()
    person.refresh_from_db()
    assert (status_of(person), placed_in(person), person.phone) == ("official", "C1", "0903 111 111")
    if name == "person_describe":
        rows = {row["name"]: row for row in answer.context["form"].conflict}
        assert {name: (row["original"], row["theirs"], row["yours"]) for name, row in rows.items()} == {
            "phone": ("", "0903 111 111", "0903 999 999"),
            "home_town": ("", "Uông Bí", ""),
        }
    again = answer.context["form"]
    sent = {field: again[field].value() for field in again.fields if again[field].value() is not None}
    assert client.post(address, sent).status_code == 302
    person.refresh_from_db()
    assert person.home_town == "Uông Bí"  # theirs stays, where nothing was typed


@pytest.mark.parametrize("name", WAYS)
def test_a_way_sent_twice_is_gone_once(client, cell, ward, name):
    person = a_member(cell)
    a_cell("Chi bộ 2", under=ward, code="C2")
    address = reverse(name, args=[person.pk])
    form = client.get(address).context["form"]
    sent = {field: form[field].value() for field in form.fields if form[field].value() is not None} | WAYS[name]
    before = JournalEntry.objects.count()
    assert [client.post(address, sent).status_code for _ in range(2)] == [302, 302]
    assert JournalEntry.objects.count() == before + 1


def test_offices_that_outlive_the_membership_are_named(client, cell):
    person = a_secretary(of=cell).person
    with entering() as act:
        steps.register(
            act, [steps.NewMember(person=person, cell=cell, placed_on=date(2015, 1, 1), admitted_on=date(2015, 1, 1))]
        )
    said = text(client.get(reverse("member_end", args=[person.pk])))
    assert "Stays secretary of a cell of Chi bộ 1 until an administrator ends the appointment." in said


def test_who_left_keeps_a_page_where_they_were_last(client, clerk, cell, ward):
    left, moved = a_member(cell), a_member(cell)
    fill(client, reverse("member_send", args=[left.pk]), **WAYS["member_send"])
    foreign = a_cell("Chi bộ xa", code="F1")
    with entering(date(2026, 4, 1)) as act:
        steps.place(act, {moved: (foreign, date(2026, 4, 1))})
    assert client.get(reverse("person", args=[left.pk])).status_code == 200
    assert client.get(reverse("person", args=[moved.pk])).status_code == 404
    assert left not in client.get(reverse("members")).context["rows"]
    assert signed_in(a_clerk(of=a_town())).get(reverse("person", args=[left.pk])).status_code == 404


# The person's page ----------------------------------------------------------------------------------------------------


def with_number(person: Person) -> Person:
    person.identity_number = "022099112233"
    person.save()
    return person


def test_the_identity_number_is_masked_until_a_look_that_is_recorded(cell, ward):
    person = with_number(a_member(cell))
    client = signed_in(a_clerk(of=ward, restricted=True))
    for name in ("person", "person_describe"):
        page = client.get(reverse(name, args=[person.pk])).content.decode()
        assert ("••• 233" in page, "022099112233" in page) == (True, False)
    assert client.get(reverse("person_identity", args=[person.pk])).status_code == 302
    assert "022099112233" in text(client.post(reverse("person_identity", args=[person.pk])))
    entry = JournalEntry.objects.get(operation="reveal_identity")
    assert "0220" not in repr([entry.details, entry.result, entry.reason])


def test_without_the_grant_restricted_fields_are_masks_and_no_fields(client, cell):
    person = with_number(a_member(cell, ethnicity="Tày", religion="Công giáo"))
    page = client.get(reverse("person", args=[person.pk])).content.decode()
    assert not {"Tày", "Công giáo", "022099112233"} & {
        word for word in ("Tày", "Công giáo", "022099112233") if word in page
    }
    assert "••• 233" in page
    form = client.get(reverse("person_describe", args=[person.pk])).context["form"]
    kept = set(form.fields) | set(signing.loads(form["seen"].value()))
    assert not {"ethnicity", "religion", "identity_number"} & kept
    extra = {"ethnicity": "Kinh", "religion": "", "identity_number": "022000000000", "full_name": person.full_name}
    fill(client, reverse("person_describe", args=[person.pk]), **extra)
    person.refresh_from_db()
    assert (person.ethnicity, person.religion, person.identity_number) == ("Tày", "Công giáo", "022099112233")
    assert client.post(reverse("person_identity", args=[person.pk])).status_code == 403


def test_a_description_left_as_it_is_makes_no_entry(client, cell):
    address = reverse("person_describe", args=[a_member(cell, residence="Khu 2").pk])
    before = JournalEntry.objects.count()
    assert fill(client, address).status_code == 302
    assert JournalEntry.objects.count() == before
    assert fill(client, address, residence="Khu 3").status_code == 302
    assert JournalEntry.objects.count() == before + 1


def test_a_mask_left_alone_keeps_the_number_and_a_typed_one_changes_it(cell, ward):
    person = with_number(a_member(cell))
    client, address = signed_in(a_clerk(of=ward, restricted=True)), reverse("person_describe", args=[person.pk])
    assert fill(client, address, home_town="Uông Bí").status_code == 302
    assert Person.objects.get(pk=person.pk).identity_number == "022099112233"
    assert fill(client, address, identity_number="022000000007").status_code == 302
    assert Person.objects.get(pk=person.pk).identity_number == "022000000007"
    [entry] = JournalEntry.objects.filter(operation="describe_person", details__icontains="identity")
    assert [row[2:] for row in entry.details if row[1] == "identity_number"] == [["•••", "•••"]]
    assert fill(client, address, identity_number="").status_code == 302
    assert Person.objects.get(pk=person.pk).identity_number == ""


def test_who_follows_a_dissolved_cell_corrects_whom_it_had(cell, client):
    person, successor = a_member(cell), a_cell()
    with entering(date(2026, 1, 5)) as act:
        steps.change_status(act, {person: date(2026, 1, 5)}, Status.DIED)
    with entering(date(2026, 2, 2)) as act:
        steps.dissolve(act, [cell], date(2026, 2, 2), [successor])
    follower = signed_in(a_clerk(of=successor.position().parent))
    assert fill(follower, reverse("person_describe", args=[person.pk]), home_town="Uông Bí").status_code == 302
    assert Person.objects.get(pk=person.pk).home_town == "Uông Bí"
    assert client.get(reverse("person_describe", args=[person.pk])).status_code == 404


def test_a_call_with_a_member_is_noted_in_two_activations(client, cell):
    person = a_member(cell)
    address = reverse("person_call", args=[person.pk])
    assert address in client.get(person.get_absolute_url()).text
    said = {"with_whom": "vợ", "text": "Mai nộp đơn."}
    assert fill(client, address, **said).url == person.get_absolute_url()
    [line] = [one for one in client.get(person.get_absolute_url()).context["timeline"] if one.operation == CALLED]
    assert [after for _label, _before, after in line.changes] == ["vợ", "Mai nộp đơn."]
    assert Person.objects.get(pk=person.pk).version == person.version, "who writes about them is not disturbed"
    assert client.post(address, {"with_whom": "vợ", "text": ""}).status_code == 422


CALLED = "note_call_with_person"


def test_a_foreign_person_is_not_found(cell, client):
    foreign = a_member(a_cell())
    missing = client.get(reverse("person", args=[99_999_999]))
    assert client.get(reverse("person", args=[foreign.pk])).status_code == missing.status_code == 404
    assert client.post(reverse("person_identity", args=[foreign.pk])).status_code == 404


@pytest.mark.parametrize(
    "name",
    ["person", "person_describe", "person_call", "member_place", "member_end", "member_send"],
)
def test_pages_about_a_member_stand_in_the_members_cell(client, ward, cell, name):
    page = client.get(reverse(name, args=[a_member(cell).pk]))
    assert [unit["name"] for unit in page.context["frame"]["units"]] == [str(ward), "Chi bộ 1"]


# What a save takes ----------------------------------------------------------------------------------------------------

NUMBER = "0220900012{:02}"


@pytest.mark.parametrize("others", [2, 20])
def test_statements_of_saving_a_member_are_few(ward, cell, others):
    desk = signed_in(a_clerk(of=ward, restricted=True))
    some_members(others, cell)
    a_cell("Chi bộ 2", under=ward, code="C2")
    most = [
        (11, "member_new", {**NEW, "cell": "Chi bộ 1", "identity_number": NUMBER.format(1)}),
        (12, "member_receive", {**CAME, "cell": "Chi bộ 1", "identity_number": NUMBER.format(2)}),  # and the transfer
    ]
    for number, name, typed in most:
        assert len(written := saved(desk, reverse(name), **typed)) <= number, (name, written)
    person, leaving = a_member(cell), a_member(cell)
    most = [
        (9, "person_describe", person, {"residence": "Khu 3"}),
        (10, "person_describe", person, {"identity_number": NUMBER.format(3)}),  # whether another bears it
        (12, "member_place", person, {"to_cell": "C2", "from_on": "1/4/2026"}),  # and the cell, the transfer
        (10, "member_end", person, {"status": "died", "from_on": "1/5/2026", "reason": "x"}),
        (11, "member_send", leaving, {"outside": "Đảng ủy phường Hồng Gai", "from_on": "1/5/2026"}),
    ]
    for number, name, one, typed in most:
        assert len(written := saved(desk, reverse(name, args=[one.pk]), **typed)) <= number, (name, written)
    candidate = a_candidate(cell)
    gone, sent, moved = (a_probationary_member(cell, since=date(2026, 1, 5)) for _ in range(3))
    most = [  # the candidacy follows: it is locked, read, judged, changed, and its standing written
        (13, "person_describe", candidate, {"residence": "Khu 3"}),
        (14, "person_describe", moved, {"born_on": "1/2/1980"}),  # and what was frozen at the ceremony
        (16, "member_place", moved, {"to_cell": "C2", "from_on": "1/4/2026"}),
        (14, "member_end", gone, {"status": "died", "from_on": "1/5/2026", "reason": "x"}),
        (15, "member_send", sent, {"outside": "Đảng ủy phường Hồng Gai", "from_on": "1/5/2026"}),
    ]
    for number, name, one, typed in most:
        assert len(written := saved(desk, reverse(name, args=[one.person_id]), **typed)) <= number, (name, written)
    with CaptureQueriesContext(connection) as asked:
        assert desk.post(reverse("person_identity", args=[person.pk])).status_code == 200
    assert len([one for one in asked if "SAVEPOINT" not in one["sql"]]) <= 8


def saved(desk, address, **typed) -> list[str]:
    """The statements of sending the form with what is typed, beside the transaction's own."""
    values = as_typed(desk, address, **typed)
    with CaptureQueriesContext(connection) as asked:
        answer = desk.post(address, values)
    assert answer.status_code == 302, dict(answer.context["form"].errors)
    return [one["sql"] for one in asked if "SAVEPOINT" not in one["sql"]]
