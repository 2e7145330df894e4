"""Home of staff: worst first, true counts, each office's own moves."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from foundation import clock
from membership.models import User
from recruitment import steps
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
    an_act,
    an_official,
    on_day,
    signed_in,
    taken_up,
    voted,
)

pytestmark = pytest.mark.django_db
DAY = date(2024, 10, 1)


@pytest.fixture
def town():
    return a_town("Thị xã Quảng Yên")


@pytest.fixture
def cell(town):
    return a_cell("Chi bộ khu 2", under=a_ward("Phường Cộng Hòa", under=town))


def work(user: User, on: date = DAY):
    with on_day(on):
        answer = signed_in(user).get("/work/")
    assert answer.status_code == 200
    return answer


def group(answer, code: str) -> dict:
    return next(one for one in answer.context["groups"] if one["code"] == code)


def who(answer, code: str) -> list[str]:
    return [row["who"] for row in group(answer, code)["rows"]]


def asked_for(candidate, kind="verification", **values):
    row = {"candidate": candidate, "kind": kind, "asked_on": date(2024, 9, 2), "asked_of": "Đảng ủy xã", **values}
    steps.add_documents(an_act(date(2024, 9, 2)), [row])


def probationer(cell, name, since):
    """As assessed on 1 December 2025, when the probation is over."""
    one = a_probationary_member(cell, since=since, person=a_person(full_name=name))
    with on_day(date(2025, 12, 1)):
        steps.refresh_standing(None, [one])
    return one


def listed_by(user, address, on=DAY):
    client = Client(headers={"accept-language": "en"})
    client.force_login(user)
    with on_day(on):
        return client.get(address).context["count"]


def test_nothing_to_do_says_what_would_stand_here_and_the_first_step(town):
    answer = work(a_clerk(of=town))
    assert answer.context["groups"] == []
    page = answer.content.decode()
    assert "Nothing waits for you." in page
    assert "/candidates/new/" in page


def test_what_is_late_comes_first_the_latest_on_top(town, cell):
    probationer(cell, "Đỗ Thị Mơ", date(2024, 10, 1))
    probationer(cell, "Trần Thị Ánh", date(2024, 9, 16))
    answer = work(a_clerk(of=town), on=date(2025, 12, 1))
    assert who(answer, "late") == ["Trần Thị Ánh", "Đỗ Thị Mơ"]
    assert (answer.context["count"], answer.context["late"]) == (2, 2)
    first = group(answer, "late")["rows"][0]
    assert first["late"]
    assert "working days late" in first["distance"]
    assert "/recognition-vote/" in first["deed"]["url"]
    assert "Trần Thị Ánh" in answer.context["most_urgent"]


def test_the_counts_are_true_where_not_all_rows_are_shown(town, cell):
    for number in range(27):
        asked_for(taken_up(a_candidate(cell, person=a_person(full_name=f"Trần Thị Ánh {number:02}"))))
    last = taken_up(a_candidate(cell))
    asked_for(last)
    asked_for(last, kind="cv")  # two papers of one candidate are one candidate
    clerk = a_clerk(of=town)
    waiting = group(work(clerk), "waiting")
    assert (waiting["count"], len(waiting["rows"])) == (28, 25)
    assert listed_by(clerk, waiting["more_url"]) == 28


def test_the_list_has_exactly_what_each_group_counts(town, cell):
    one, two, three, four = (taken_up(a_candidate(cell)) for _number in range(4))
    asked_for(four)
    for candidate, values in (
        (one, {"due_on": DAY - timedelta(days=2)}),
        (two, {"due_on": DAY + timedelta(days=2)}),
        (three, {"due_on": None, "waits_until": DAY + timedelta(days=20)}),
        (four, {"due_on": None, "waits_until": None}),
    ):
        CandidateStanding.objects.filter(candidate=candidate).update(whose_move="secretary", **values)
    secretary = a_secretary(of=cell)
    counts = {each["code"]: each["count"] for each in work(secretary).context["groups"]}
    assert counts == {"late": 1, "week": 1, "waiting": 1, "ahead": 1}
    assert {code: listed_by(secretary, f"/candidates/?work={code}") for code in counts} == counts


def test_papers_that_others_promised_wait_with_the_earliest_promise_first(town, cell):
    later, sooner, no_day = (taken_up(a_candidate(cell, person=a_person(full_name=name))) for name in ("A", "B", "C"))
    asked_for(later, promised_on=date(2024, 10, 8))
    asked_for(sooner, promised_on=date(2024, 9, 27))
    asked_for(no_day)
    answer = work(a_clerk(of=town))
    assert who(answer, "waiting")[:3] == ["B", "A", "C"]
    rows = group(answer, "waiting")["rows"]
    assert [row["late"] for row in rows[:3]] == [True, False, False]
    assert rows[0]["clause"] == "Đảng ủy xã"
    assert "/call/" in rows[0]["deed"]["url"]


def test_the_committees_move_is_the_clerks_task_and_waits_for_the_secretary(town, cell):
    candidate = voted(a_complete_candidate(cell, person=a_person(full_name="Đỗ Thị Mơ")))
    with on_day(DAY):
        [standing] = steps.refresh_standing(None, [candidate])
    assert standing.whose_move == "grassroots"
    assert "Đỗ Thị Mơ" in who(work(a_secretary(of=cell)), "waiting")
    clerks = work(a_clerk(of=town))
    assert "Đỗ Thị Mơ" not in [
        row["who"] for one in clerks.context["groups"] if one["code"] == "waiting" for row in one["rows"]
    ]


def test_a_secretary_sees_the_own_cell_only_and_records_no_past_admissions(town, cell):
    asked_for(taken_up(a_candidate(cell, person=a_person(full_name="Đỗ Thị Mơ"))))
    asked_for(taken_up(a_candidate(a_cell(under=town), person=a_person(full_name="Bùi Thị Xa"))))
    answer = work(a_secretary(of=cell))
    page = answer.content.decode()
    assert who(answer, "waiting") == ["Đỗ Thị Mơ"]
    assert "Bùi Thị Xa" not in page
    assert "/candidates/new/past/" not in page
    assert "/candidates/new/past/" in work(a_clerk(of=town)).content.decode()


def test_what_time_alone_held_is_a_task_from_its_day_on_though_nobody_touched_it(town, cell):
    """A standing is as assessed: it says the day, and the page reads the day that has come since."""
    candidate = a_probationary_member(cell, person=a_person(full_name="Đỗ Thị Mơ"))
    candidate.refresh_from_db()
    ends_on = candidate.standing.waits_until
    assert ends_on == date(2025, 9, 16)
    near = work(a_clerk(of=town), on=date(2025, 9, 1))
    assert who(near, "ahead") == ["Đỗ Thị Mơ"]
    come = work(a_clerk(of=town), on=date(2025, 9, 17))
    assert [who(come, "week"), who(come, "ahead")] == [["Đỗ Thị Mơ"], []]


def test_what_has_no_day_stands_behind_what_is_due(town, cell):
    first, second = a_candidate(cell), a_candidate(cell)
    values = {"next_step": "taken_up", "whose_move": "secretary", "assessed_on": DAY - timedelta(days=9)}
    CandidateStanding.objects.filter(candidate=first).update(**values, waits_until=DAY - timedelta(days=2), due_on=None)
    CandidateStanding.objects.filter(candidate=second).update(**values, due_on=DAY + timedelta(days=2))
    rows = group(work(a_clerk(of=town)), "week")["rows"]
    assert [row["pk"] for row in rows] == [second.pk, first.pk]


def test_statements_do_not_grow_with_the_rows(town, cell):
    user, asked = a_clerk(of=town), []
    for number in (2, 18):
        for _ in range(number):
            asked_for(taken_up(a_candidate(cell)))
            probationer(cell, "Đỗ Thị Mơ", date(2024, 9, 16))
            voted(a_complete_candidate(cell))
        with on_day(date(2025, 12, 1)):
            desk = signed_in(user)
            desk.get("/work/")
            clock.practice_day()
            with CaptureQueriesContext(connection) as statements:
                desk.get("/work/")
        asked.append(len(statements))
    assert asked[0] == asked[1] <= 12


def test_the_navigation_counts_what_is_due_and_the_list_agrees(town, cell):
    candidate, user = probationer(cell, "Trần Thị Ánh", date(2024, 9, 16)), a_clerk(of=town)
    candidate.refresh_from_db()
    due_on = candidate.standing.due_on
    for days, numbers in ((1, (1, 1)), (0, (1, 0)), (-8, (0, 0))):
        with on_day(due_on + timedelta(days=days)):
            desk = signed_in(user)
            counted = [
                next(item for item in desk.get(address).context["frame"]["nav"] if item["url"] == "/work/")
                for address in ("/work/", "/candidates/")
            ]
        assert [(item["count"], item["late"]) for item in counted] == [numbers, numbers]


def test_readers_without_tasks_have_no_count(town):
    nav = signed_in(an_official(of=town, names=True)).get("/candidates/").context["frame"]["nav"]
    assert not any(item["count"] for item in nav)
