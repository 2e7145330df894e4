"""Putting a task off: from the own list alone, until its day or until the task is another, never silently."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from foundation.models import JournalEntry
from foundation.operation import NotPermitted, OperationRefused
from recruitment import operations
from recruitment.judging import CandidacyClosed
from recruitment.models import Candidate, CandidateStanding, PutOff
from recruitment.operations.undo import with_candidates
from tests.builders import (
    a_candidate,
    a_cell,
    a_clerk,
    a_person,
    a_secretary,
    a_town,
    a_ward,
    an_official,
    on_day,
    signed_in,
    submitted_by,
    taken_up,
)

pytestmark = pytest.mark.django_db
DAY = date(2024, 10, 1)
LATER = date(2024, 10, 8)


@pytest.fixture
def town():
    return a_town("Thị xã Quảng Yên")


@pytest.fixture
def cell(town):
    return a_cell("Chi bộ khu 2", under=a_ward("Phường Cộng Hòa", under=town))


@pytest.fixture
def clerk(town):
    return a_clerk(of=town)


def a_task(cell, name="Trần Thị Ánh", due_on=DAY - timedelta(days=3)):
    one = taken_up(a_candidate(cell, person=a_person(full_name=name)))
    CandidateStanding.objects.filter(candidate=one).update(whose_move="secretary", due_on=due_on)
    return Candidate.objects.select_related("cell", "person", "standing").get(pk=one.pk)


def off(user, *candidates, until=LATER, on=DAY):
    with on_day(on):
        operations.put_off(submitted_by(user), candidates=list(candidates), until_on=until)


def shown(user, on=DAY):
    with on_day(on):
        return signed_in(user).get("/work/").context


def names(context):
    return [row["who"] for group in context["groups"] for row in group["rows"]]


def send(user, on=DAY, query="", **data):
    with on_day(on):
        return signed_in(user).post(f"/work/put-off/{query}", data)


def test_it_is_off_the_list_until_its_day_and_stays_counted(cell, clerk):
    one = a_task(cell)
    off(clerk, one)
    here = shown(clerk)
    assert (names(here), here["count"], here["late"]) == ([], 0, 0)
    assert (here["put_off"]["count"], here["put_off"]["late"]) == (1, 1)
    assert [(row["who"], row["day"]) for row in here["put_off"]["rows"]] == [("Trần Thị Ánh", LATER)]
    assert shown(clerk, on=LATER - timedelta(days=1))["put_off"]["count"] == 1
    come = shown(clerk, on=LATER)
    assert (names(come), come["put_off"]) == (["Trần Thị Ánh"], None)


def test_the_navigation_and_the_list_agree_with_the_page(cell, clerk):
    one, _other = a_task(cell), a_task(cell, "Đỗ Thị Mơ")
    off(clerk, one)
    with on_day(DAY):
        desk = signed_in(clerk)
        listed = {code: desk.get(f"/candidates/?work={code}").context["count"] for code in ("late", "put_off")}
        nav = desk.get("/candidates/").context["frame"]["nav"]
    assert listed == {"late": 1, "put_off": 1}
    assert next(item for item in nav if item["url"] == "/work/")["count"] == 1


def test_nobody_else_is_kept_from_it(cell, clerk, town):
    one = a_task(cell)
    off(clerk, one)
    for other in (a_clerk(of=town), a_secretary(of=cell)):
        assert names(shown(other)) == ["Trần Thị Ánh"]


@pytest.mark.parametrize(
    "change", [{"next_step": "ceremony"}, {"due_on": DAY + timedelta(days=1)}], ids=["another step", "another due day"]
)
def test_it_comes_back_when_the_task_is_another(cell, clerk, change):
    one = a_task(cell)
    off(clerk, one)
    CandidateStanding.objects.filter(candidate=one).update(**change)
    here = shown(clerk)
    assert (names(here), here["put_off"]) == (["Trần Thị Ánh"], None)


def test_what_gets_a_due_day_comes_back(cell, clerk):
    one = a_task(cell, due_on=None)
    off(clerk, one)
    assert shown(clerk)["put_off"]["count"] == 1
    CandidateStanding.objects.filter(candidate=one).update(due_on=DAY + timedelta(days=2))
    assert names(shown(clerk)) == ["Trần Thị Ánh"]


def test_a_paper_that_others_promised_is_put_off_like_any_task(cell, clerk):
    one = a_task(cell, due_on=None)
    with on_day(DAY):
        paper = {"kind": "verification", "asked_on": DAY, "asked_of": "Đảng ủy xã"}
        operations.record_document(submitted_by(clerk), candidate=one, **paper)
    assert names(shown(clerk)) == ["Trần Thị Ánh"]
    off(clerk, Candidate.objects.select_related("standing").get(pk=one.pk))
    assert names(shown(clerk)) == []


def test_one_press_after_choosing_puts_off_and_undo_brings_back(cell, clerk):
    one, other = a_task(cell), a_task(cell, "Đỗ Thị Mơ")
    answer = send(clerk, chosen=[one.pk, other.pk], until_on="08/10/2024")
    assert (answer.status_code, answer.headers["Location"]) == (302, "/work/")
    assert set(PutOff.objects.values_list("candidate", "until_on")) == {(one.pk, LATER), (other.pk, LATER)}
    assert JournalEntry.objects.filter(operation="put_off", actor=clerk).count() == 1
    [message] = answer.wsgi_request._messages
    assert message.extra_tags.startswith("/work/put-off/?back=")
    send(clerk, query=message.extra_tags.removeprefix("/work/put-off/"))
    assert sorted(names(shown(clerk))) == ["Trần Thị Ánh", "Đỗ Thị Mơ"]
    assert not PutOff.objects.exists()


def test_brought_back_from_the_page_one_by_one(cell, clerk):
    one, other = a_task(cell), a_task(cell, "Đỗ Thị Mơ")
    off(clerk, one, other)
    send(clerk, chosen=[other.pk], back=one.pk)
    assert names(shown(clerk)) == ["Trần Thị Ánh"]
    assert "already" in str(next(iter(send(clerk, back=one.pk).wsgi_request._messages)))


def test_another_day_is_asked_for_and_what_was_chosen_is_kept(cell, clerk):
    one = a_task(cell)
    asked = send(clerk, chosen=[one.pk], ask="day")
    assert asked.status_code == 200
    assert "Trần Thị Ánh" in asked.text
    assert f'name="chosen" value="{one.pk}"' in asked.text
    wrong = send(clerk, chosen=[one.pk], until_on="32/10/2024")
    assert wrong.status_code == 422
    assert f'name="chosen" value="{one.pk}"' in wrong.text
    assert "32/10/2024" in wrong.text
    assert not PutOff.objects.exists()


def test_put_off_again_the_later_day_holds(cell, clerk):
    one = a_task(cell)
    off(clerk, one)
    off(clerk, one, until=DAY + timedelta(days=20))
    assert PutOff.objects.get().until_on == DAY + timedelta(days=20)


@pytest.mark.parametrize(("days", "may"), [(0, False), (1, True), (92, True), (93, False)])
def test_only_days_to_come_and_not_far(cell, clerk, days, may):
    one = a_task(cell)
    if may:
        off(clerk, one, until=DAY + timedelta(days=days))
    else:
        with pytest.raises(OperationRefused):
            off(clerk, one, until=DAY + timedelta(days=days))
    assert PutOff.objects.exists() == may


def test_a_closed_candidacy_is_no_task(cell, clerk):
    one = a_task(cell)
    with on_day(DAY):
        operations.withdraw(submitted_by(clerk, reason="as told"), candidate=one, happened_on=DAY)
    with pytest.raises(CandidacyClosed):
        off(clerk, Candidate.objects.select_related("standing").get(pk=one.pk))


def test_no_version_moves_and_nothing_is_built_on_it(cell, clerk):
    one = a_task(cell)
    with on_day(DAY):
        operations.pause(submitted_by(clerk, reason="ill"), candidate=one, happened_on=DAY)
        operations.resume(submitted_by(clerk), candidate=one, happened_on=DAY)
    resumed = JournalEntry.objects.get(operation="resume")
    version = Candidate.objects.get(pk=one.pk).version
    off(clerk, Candidate.objects.select_related("standing").get(pk=one.pk))
    assert Candidate.objects.get(pk=one.pk).version == version
    with on_day(DAY):
        operations.undo_entry(submitted_by(clerk), entry=resumed, candidates=with_candidates(resumed.pk)[1])


def test_who_may_do_nothing_there_puts_nothing_off(cell, town):
    one = a_task(cell, "Đỗ Thị Mơ")
    for user in (a_clerk(of=a_town()), an_official(of=town, names=True)):
        with pytest.raises(NotPermitted):
            off(user, one)
    stranger = a_clerk(of=a_town())
    answers = [send(stranger, chosen=[key], until_on="08/10/2024") for key in (one.pk, 999_999)]
    assert [answer.status_code for answer in answers] == [422, 422]
    assert "Đỗ Thị Mơ" not in answers[0].text
    assert "Đỗ Thị Mơ" not in send(stranger, chosen=[one.pk], ask="day").text
    assert not PutOff.objects.exists()
    off(a_clerk(of=town), one)
    send(stranger, back=one.pk)
    assert PutOff.objects.count() == 1


def test_statements_do_not_grow_with_the_number(cell, clerk):
    counted = []
    for number in (2, 12):
        chosen = [a_task(cell).pk for _ in range(number)]
        with on_day(DAY):
            desk = signed_in(clerk)
            desk.get("/work/")
            with CaptureQueriesContext(connection) as statements:
                desk.post("/work/put-off/", {"chosen": chosen, "until_on": "08/10/2024"})
        counted.append(len(statements))
    assert counted[0] == counted[1]
