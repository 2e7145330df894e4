"""A role begins with three steps on its home, until they are put away; the help brings them back."""

import pytest
from django.test import Client
from django.urls import reverse

from membership.models import User
from tests.builders import a_clerk, a_nominator, a_secretary, a_town, an_administrator, an_official, the_procedures

pytestmark = pytest.mark.django_db
ROLES = [
    (a_clerk, "work", "See who is overdue"),
    (a_secretary, "work", "Open a candidate and see what is missing"),
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


def test_a_step_is_done_once_it_was():
    client = reader(a_secretary)
    assert [step["done"] for step in steps(client, "work")] == [False, False, False]
    client.post(reverse("appearance"), {"text": "large"})
    assert [step["done"] for step in steps(client, "work")] == [False, False, True]


def test_who_imports_begins_with_that():
    assert steps(reader(lambda: a_clerk(of=a_town())), "work")[0]["url"] == reverse("imports")
    first = reader(lambda: User.objects.create(username="first", is_staff=True, is_superuser=True))
    shown = steps(first, "admin:index")
    assert [step["url"] for step in shown][:2] == [reverse("imports"), reverse("admin:tree")]
    assert first.get(shown[0]["url"]).status_code == 200


def test_another_answer_changes_nothing():
    client = reader(a_clerk)
    assert client.post(reverse("first_steps"), {"shown": "perhaps"}).status_code == 400
    assert client.get(reverse("first_steps")).url == "/"
    assert User.objects.get(pk=client.user.pk).first_steps
