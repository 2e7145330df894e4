"""A role begins with three steps on its home, until they are put away; the help brings them back."""

from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from foundation import clock
from foundation.models import JournalEntry
from membership.models import User
from reports.models import PlanState
from tests.builders import (
    a_candidate,
    a_cell,
    a_clerk,
    a_member,
    a_nominator,
    a_secretary,
    a_town,
    an_administrator,
    an_official,
    the_procedures,
)
from tests.reports.histories import a_period, a_plan

pytestmark = pytest.mark.django_db
ENTER, READ = "Enter a candidate from the paper form", "Choose colours and a size of text you read well"
ROLES = [
    (a_clerk, "work", ENTER),
    (a_secretary, "work", ENTER),
    (an_official, "progress", "See which units will fall short"),
    (an_administrator, "admin:index", "See whether the tree of your units is right"),
]


@pytest.fixture(autouse=True)
def procedures():
    the_procedures()


def reader(account):
    client = Client(headers={"Accept-Language": "en"})
    client.user = account()
    client.force_login(client.user)
    return client


def steps(client, page):
    return client.get(reverse(page)).context["frame"]["first_steps"]


@pytest.mark.parametrize(("account", "home", "first"), ROLES)
def test_each_role_begins_at_home_with_three_steps_that_can_be_taken(account, home, first):
    client = reader(account)
    assert client.get("/").url == reverse(home)
    shown = steps(client, home)
    assert len(shown) == 3
    assert first in {str(step["words"]) for step in shown}
    assert all(client.get(step["url"]).status_code == 200 for step in shown)
    assert first in client.get(reverse(home)).text


@pytest.mark.parametrize(("account", "home", "first"), ROLES)
def test_put_away_they_stay_away_until_the_help_brings_them_back(account, home, first):
    client = reader(account)
    help_page = reverse("help", args=[home])
    again = "Show your first three steps again"
    assert again not in client.get(help_page).text
    assert client.post(reverse("first_steps"), {"shown": "no"}).url == "/"
    assert first not in client.get(reverse(home)).text
    elsewhere = Client()
    elsewhere.force_login(User.objects.get(pk=client.user.pk))
    assert steps(elsewhere, home) == []
    assert again in client.get(help_page).text
    client.post(reverse("first_steps"), {"shown": "yes"})
    assert first in client.get(reverse(home)).text


def test_they_stand_on_the_home_alone():
    assert steps(reader(a_clerk), "candidates") == []
    assert steps(reader(a_nominator), "profile") == []


def words(client, page="work"):
    return [str(step["words"]) for step in steps(client, page)]


def done(client, page="work"):
    return {str(step["words"]) for step in steps(client, page) if step["done"]}


def test_a_step_is_done_once_it_was():
    client = reader(a_secretary)
    assert done(client) == set()
    client.post(reverse("appearance"), {"text": "large"})
    assert done(client) == {READ}


def test_who_imports_begins_with_that_while_there_is_nobody():
    town = a_town()
    clerk = reader(lambda: a_clerk(of=town))
    assert steps(clerk, "work")[0]["url"] == reverse("imports")
    first = reader(lambda: User.objects.create(username="first", is_staff=True, is_superuser=True))
    shown = steps(first, "admin:index")
    assert [step["url"] for step in shown][:2] == [reverse("imports"), reverse("admin:tree")]
    assert first.get(shown[0]["url"]).status_code == 200
    a_member()  # of another town
    assert steps(clerk, "work")[0]["url"] == reverse("imports")


def test_in_a_loaded_office_staff_begin_with_who_is_overdue():
    town = a_town()
    cell = a_cell(under=town)
    a_candidate(cell)
    a_member(cell)
    clerk = reader(lambda: a_clerk(of=town))
    assert words(clerk) == ["See who is overdue and record the next step", ENTER, READ]
    assert words(reader(lambda: a_secretary(of=cell))) == [
        "Open a candidate, see what is missing and record the next step", ENTER, READ,
    ]  # fmt: skip
    assert words(reader(a_secretary)) == [ENTER, READ, "Look a member up"]


def test_who_brought_the_register_in_sees_that_it_is_done():
    town = a_town()
    clerk = reader(lambda: a_clerk(of=town))
    a_member(a_cell(under=town))
    an_entry(clerk.user, "apply_register")
    assert words(clerk)[0] == "Bring your register in from a file"
    assert done(clerk) == {"Bring your register in from a file"}


@pytest.mark.parametrize(
    ("operation", "step"),
    [("enter_candidate", ENTER), ("note_call", "See who is overdue"), ("take_up", "See who is overdue")],
)
def test_what_the_reader_recorded_is_done_until_it_is_undone(operation, step):
    town = a_town()
    candidate = a_candidate(a_cell(under=town))
    a_member(candidate.cell)
    clerk, other = reader(lambda: a_clerk(of=town)), reader(lambda: a_clerk(of=town))
    entry = an_entry(clerk.user, operation)
    assert [one.startswith(step) for one in done(clerk)] == [True]
    assert done(other) == set()
    an_entry(clerk.user, "undo_entry", undoes=entry)
    assert done(clerk) == set()


def test_an_administrator_of_a_loaded_office_appoints_opens_accounts_and_sets_targets():
    town = a_town()
    a_member(a_cell(under=town))
    client = reader(lambda: an_administrator(of=town))
    appoint, account, targets = words(client, "admin:index")
    assert (appoint, targets) == ("Appoint somebody", "Set targets and decide the plan")
    assert done(client, "admin:index") == set()
    year = clock.today().year
    plan = a_plan(town, {town: 3}, a_period(date(year, 1, 1), date(year, 12, 31)), state=PlanState.DRAFT)
    an_entry(client.user, "appoint")
    assert done(client, "admin:index") == {appoint}
    type(plan).objects.filter(pk=plan.pk).update(state=PlanState.DECIDED)
    an_entry(client.user, "hand_over_account")
    assert done(client, "admin:index") == {appoint, account, targets}


def test_they_take_one_statement_while_they_are_shown_and_none_when_put_away():
    town = a_town()
    a_member(a_cell(under=town))
    client = reader(lambda: a_clerk(of=town))
    shown, away = asked(client), asked(client, put_away=True)
    assert shown == away + 1


def asked(client, put_away=False):
    User.objects.filter(pk=client.user.pk).update(first_steps=not put_away)
    client.get(reverse("work"))
    with CaptureQueriesContext(connection) as statements:
        client.get(reverse("work"))
    return len(statements)


def an_entry(user, operation, **values):
    at = clock.now()
    return JournalEntry.objects.create(operation=operation, actor=user, recorded_at=at, machine_time=at, **values)


def test_another_answer_changes_nothing():
    client = reader(a_clerk)
    assert client.post(reverse("first_steps"), {"shown": "perhaps"}).status_code == 400
    assert client.get(reverse("first_steps")).url == "/"
    assert User.objects.get(pk=client.user.pk).first_steps
