"""The same step for several candidates: exactly those who were shown, as one entry, undone as one."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from foundation.models import JournalEntry
from foundation.operation import NotPermitted, OperationRefused
from recruitment import operations
from recruitment.models import AdmissionCeremony, Candidate, StageRecord
from recruitment.operations.undo import with_candidates
from tests.builders import (
    a_candidate,
    a_cell,
    a_clerk,
    a_complete_candidate,
    a_person,
    a_secretary,
    a_town,
    a_ward,
    an_official,
    decided,
    on_day,
    signed_in,
    submitted_by,
    taken_up,
    voted,
)

pytestmark = pytest.mark.django_db
DAY = date(2024, 10, 1)
TAKE_UP = "/candidates/together/take-up/"


@pytest.fixture
def ward():
    return a_ward("Phường Cộng Hòa", under=a_town("Thị xã Quảng Yên"))


@pytest.fixture
def clerk(ward):
    return a_clerk(of=ward)


def named(cell, name):
    return a_candidate(cell, person=a_person(full_name=name))


def send(user, address=TAKE_UP, **data):
    with on_day(DAY):
        return signed_in(user).post(address, data)


def asked(user, *chosen, address=TAKE_UP):
    answer = send(user, address, ask="x", chosen=[one.pk for one in chosen])
    assert answer.status_code == 200
    return answer


def confirm(user, answer, address=TAKE_UP, **values):
    form = answer.context["form"]
    first = {name: form[name].value() for name in ("chosen", "shown", "key")}
    return send(user, address, **{**first, "happened_on": "01/10/2024", **values})


def recorded():
    return set(StageRecord.objects.so().filter(kind="taken_up").values_list("candidate", "happened_on"))


def test_who_can_is_shown_and_recorded_as_one_entry(ward, clerk):
    one, other = named(a_cell(under=ward), "Trần Thị Ánh"), named(a_cell(under=ward), "Đỗ Thị Mơ")
    page = asked(clerk, one, other)
    assert [row["name"] for row in page.context["free"]] == ["Trần Thị Ánh", "Đỗ Thị Mơ"]
    answer = confirm(clerk, page, reason="họp ngày 1")
    assert (answer.status_code, answer.headers["Location"]) == (302, "/candidates/")
    assert recorded() == {(one.pk, DAY), (other.pk, DAY)}
    entry = JournalEntry.objects.get(operation="take_up_together", actor=clerk)
    assert entry.reason == "họp ngày 1"
    keys = entry.subjects.filter(model="recruitment.candidate").values_list("key", flat=True)
    assert set(keys) == {one.pk, other.pk}
    assert set(Candidate.objects.values_list("standing__stage", flat=True)) == {"taken_up"}


def test_who_cannot_is_left_out_with_the_reasons(ward, clerk):
    one, done = named(a_cell(under=ward), "Trần Thị Ánh"), taken_up(named(a_cell(under=ward), "Đỗ Thị Mơ"))
    before = recorded()
    page = asked(clerk, one, done)
    assert [row["name"] for row in page.context["free"]] == ["Trần Thị Ánh"]
    [left] = page.context["left_out"]
    assert left["name"] == "Đỗ Thị Mơ"
    assert "already recorded" in str(left["reasons"][0])
    assert "Take up: 1 person" in page.text
    confirm(clerk, page)
    assert recorded() - before == {(one.pk, DAY)}


def test_another_day_on_which_not_all_can_stores_nothing_and_keeps_what_was_typed(ward, clerk):
    early, late = named(a_cell(under=ward), "Trần Thị Ánh"), named(a_cell(under=ward), "Đỗ Thị Mơ")
    page = asked(clerk, early, late)
    answer = confirm(clerk, page, happened_on="01/01/2020", reason="theo biên bản")
    assert answer.status_code == 422
    assert recorded() == set()
    assert "theo biên bản" in answer.text
    assert answer.context["free"] == []
    assert len(answer.context["left_out"]) == 2
    again = confirm(clerk, answer)
    assert again.status_code == 422  # more can on this day: first they are shown
    assert confirm(clerk, again).status_code == 302
    assert len(recorded()) == 2


def test_no_day_is_a_wrong_field_and_the_people_stay(ward, clerk):
    page = asked(clerk, named(a_cell(under=ward), "Trần Thị Ánh"))
    answer = confirm(clerk, page, happened_on="32/10/2024")
    assert answer.status_code == 422
    assert "Trần Thị Ánh" in answer.text
    assert recorded() == set()


def test_sent_twice_it_is_recorded_once(ward, clerk):
    page = asked(clerk, named(a_cell(under=ward), "Trần Thị Ánh"))
    assert [confirm(clerk, page).status_code for _ in range(2)] == [302, 302]
    assert JournalEntry.objects.filter(operation="take_up_together").count() == 1


def test_undone_as_one_unless_something_is_built_on_one_of_them(ward, clerk):
    one, other = named(a_cell(under=ward), "Trần Thị Ánh"), named(a_cell(under=ward), "Đỗ Thị Mơ")
    with on_day(DAY):
        operations.take_up_together(submitted_by(clerk), candidates=[one, other], happened_on=DAY)
        entry = JournalEntry.objects.get(operation="take_up_together")
        operations.pause(submitted_by(clerk, reason="ill"), candidate=other, happened_on=DAY)
        with pytest.raises(OperationRefused):
            operations.undo_entry(submitted_by(clerk), entry=entry, candidates=with_candidates(entry.pk)[1])
        paused = JournalEntry.objects.get(operation="pause")
        operations.undo_entry(submitted_by(clerk), entry=paused, candidates=with_candidates(paused.pk)[1])
        operations.undo_entry(submitted_by(clerk), entry=entry, candidates=with_candidates(entry.pk)[1])
    assert recorded() == set()


def test_one_who_cannot_keeps_all_from_being_recorded(ward, clerk):
    one, done = named(a_cell(under=ward), "Trần Thị Ánh"), taken_up(named(a_cell(under=ward), "Đỗ Thị Mơ"))
    before = recorded()
    with on_day(DAY), pytest.raises(OperationRefused) as refusal:
        operations.take_up_together(submitted_by(clerk), candidates=[one, done], happened_on=DAY)
    assert "Đỗ Thị Mơ" in str(refusal.value.messages[0])
    assert recorded() == before
    assert Candidate.objects.get(pk=one.pk).version == one.version


def test_who_came_to_another_cell_meanwhile_is_refused(ward, clerk):
    seen = named(a_cell(under=ward), "Trần Thị Ánh")
    for cell, error in ((a_cell(under=ward), OperationRefused), (a_cell(), NotPermitted)):
        Candidate.objects.filter(pk=seen.pk).update(cell=cell)  # as a move does it: the version stays
        with on_day(DAY), pytest.raises(error):
            operations.take_up_together(submitted_by(clerk), candidates=[seen], happened_on=DAY)
    assert recorded() == set()


def test_who_was_changed_meanwhile_is_refused(ward, clerk):
    one = named(a_cell(under=ward), "Trần Thị Ánh")
    seen = Candidate.objects.get(pk=one.pk)
    Candidate.objects.filter(pk=one.pk).update(version=seen.version + 1)
    with on_day(DAY), pytest.raises(OperationRefused, match="meanwhile"):
        operations.take_up_together(submitted_by(clerk), candidates=[seen], happened_on=DAY)
    assert recorded() == set()


def test_every_cell_must_be_the_actors(ward, clerk):
    cell = a_cell(under=ward)
    own, sisters = named(cell, "Trần Thị Ánh"), named(a_cell(under=ward), "Bùi Thị Xa")
    secretary = a_secretary(of=cell)
    for user in (secretary, a_clerk(of=a_town()), an_official(of=ward, names=True)):
        with on_day(DAY), pytest.raises(NotPermitted):
            operations.take_up_together(submitted_by(user), candidates=[own, sisters], happened_on=DAY)
    page = asked(secretary, own, sisters)
    assert [row["name"] for row in page.context["free"]] == ["Trần Thị Ánh"]
    assert "Bùi Thị Xa" not in page.text
    told = [send(secretary, chosen=[key], happened_on="01/10/2024") for key in (sisters.pk, 999_999)]
    assert [answer.status_code for answer in told] == [422, 422]
    assert "Bùi Thị Xa" not in told[0].text
    assert recorded() == set()


def test_a_ceremony_of_several_makes_all_of_them_members(ward):
    town = a_clerk(of=ward)
    cell = a_cell(under=ward)
    held = [decided(voted(a_complete_candidate(cell))) for _ in range(2)]
    address = "/candidates/together/ceremony/"
    page = asked(town, *held, address=address)
    assert len(page.context["free"]) == 2, page.context["left_out"]
    assert confirm(town, page, address=address).status_code == 302
    assert AdmissionCeremony.objects.so().filter(candidate__in=held, happened_on=DAY).count() == 2
    assert set(Candidate.objects.filter(pk__in=[one.pk for one in held]).values_list("standing__state", flat=True)) == {
        "admitted"
    }
    assert JournalEntry.objects.get(operation="hold_ceremonies").on_behalf_of == cell.pk


def test_the_list_offers_it_to_who_records_steps(ward, clerk):
    named(a_cell(under=ward), "Trần Thị Ánh")
    with on_day(DAY):
        mine = signed_in(clerk).get("/candidates/?sort=due").text
        theirs = signed_in(an_official(of=ward, names=True)).get("/candidates/").text
    assert f'formaction="{TAKE_UP}?sort=due"' in mine
    assert 'name="chosen"' in mine
    assert "formaction" not in theirs
    assert 'name="chosen"' not in theirs


@pytest.mark.parametrize(
    ("query", "back"),
    [
        ("stage=nominated&sort=due", "/candidates/?stage=nominated&sort=due"),
        ("from=work", "/work/"),
        ("", "/candidates/"),
    ],
)
def test_one_comes_back_to_where_one_chose(ward, clerk, query, back):
    address = f"{TAKE_UP}?{query}"
    page = asked(clerk, named(a_cell(under=ward), "Trần Thị Ánh"), address=address)
    assert page.context["back"] == back
    assert confirm(clerk, page, address=address).headers["Location"] == back


def test_each_stands_with_the_cell_whose_step_is_recorded(ward, clerk):
    can = named(a_cell("Chi bộ 1", under=ward), "Trần Thị Ánh")
    cannot = taken_up(named(a_cell("Chi bộ 2", under=ward), "Lê Văn Bình"))
    page = asked(clerk, can, cannot).context
    assert [one["unit"] for one in page["free"]] == ["Chi bộ 1, Phường Cộng Hòa"]
    assert [one["unit"] for one in page["left_out"]] == ["Chi bộ 2, Phường Cộng Hòa"]


@pytest.mark.parametrize("number", [2, 20])
def test_statements_are_few_however_many_they_are(ward, clerk, number):
    ready = [decided(voted(a_complete_candidate(a_cell(under=ward)))) for _ in range(number)]
    entered = [named(a_cell(under=ward), "Trần Thị Ánh") for _ in range(number)]
    for address, chosen, most in ((TAKE_UP, entered, 11), ("/candidates/together/ceremony/", ready, 14)):
        form = asked(clerk, *chosen, address=address).context["form"]
        data = {name: form[name].value() for name in ("chosen", "shown", "key")}
        desk = signed_in(clerk)
        with on_day(DAY):
            desk.get("/candidates/")
            with CaptureQueriesContext(connection) as asked_for:
                assert desk.post(address, {**data, "happened_on": "01/10/2024"}).status_code == 302
        statements = [one["sql"] for one in asked_for if "SAVEPOINT" not in one["sql"]]
        assert len(statements) <= most, statements
    assert set(recorded()) >= {(one.pk, DAY) for one in entered}
