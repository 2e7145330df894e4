"""Accounts are opened, handed over, closed by administrators of the holder's units, and nobody else."""

import pytest
from django.test import Client
from django.urls import reverse

from foundation.models import JournalEntry
from foundation.operation import NotPermitted
from membership import accounts
from membership.models import Appointment, OneTimeCode, Role, User
from membership.operations.accounts import (
    AccountRefused,
    close_account,
    end_sessions_of_account,
    hand_over_account,
    open_account,
    reopen_account,
)
from tests import builders as the

pytestmark = pytest.mark.django_db(transaction=True)
NEW = "nine red lanterns glow"


@pytest.fixture
def ward():
    return the.a_ward()


@pytest.fixture
def administrator(ward):
    return the.an_administrator(of=ward)


@pytest.fixture
def clerk(ward):
    return the.a_clerk(of=ward)


def also_appointed(person, unit, role=Role.CLERK):
    Appointment.objects.create(person=person, organisation=unit, role=role, from_on=the.START)


def page_of(user, account, client=None):
    client = client or Client()
    client.force_login(user)
    return client.post(f"/account/{account.pk}/slip/", {"key": ""})


def test_the_slip_shows_a_code_with_which_its_holder_takes_over(administrator, clerk):
    page = page_of(administrator, clerk)
    assert page.status_code == 200
    code = page.context["code"]
    values = {"username": clerk.username, "code": code, "password1": NEW, "password2": NEW}
    assert Client().post("/sign-in/code/", values).status_code == 302
    entry = JournalEntry.objects.get(operation="hand_over_account")
    assert code not in str([entry.details, entry.result, entry.reason])


def test_the_slip_bears_its_holders_name(administrator, clerk):
    assert f"<dd><bdi>{clerk.person.full_name}</bdi></dd>" in page_of(administrator, clerk).text


@pytest.mark.parametrize("has_one", [True, False])
def test_only_of_an_account_with_a_password_is_it_said_that_it_works_on(administrator, clerk, client, has_one):
    clerk.set_password(NEW if has_one else None)
    clerk.save()
    client.force_login(administrator)
    page = client.get(f"/account/{clerk.pk}/slip/", headers={"accept-language": "en"}).text
    assert "A code made before no longer works" in page
    assert ("the present password works" in page) is has_one


def test_from_the_slip_a_way_leads_back_to_the_account(administrator, clerk, client):
    client.force_login(administrator)
    back = reverse("admin:membership_user_change", args=[clerk.pk])
    for page in (client.get(f"/account/{clerk.pk}/slip/"), page_of(administrator, clerk)):
        assert f'<a href="{back}">' in page.text
    assert client.get(back).status_code == 200


def test_asking_for_the_page_makes_no_code(administrator, clerk, client):
    client.force_login(administrator)
    assert client.get(f"/account/{clerk.pk}/slip/").status_code == 200
    assert not OneTimeCode.objects.exists()


def test_an_account_of_another_unit_is_not_found(clerk):
    assert page_of(the.an_administrator(of=the.a_ward()), clerk).status_code == 404
    assert page_of(clerk, the.a_secretary()).status_code == 404
    assert not OneTimeCode.objects.exists()


def test_who_is_also_appointed_above_is_managed_from_above(administrator, clerk):
    also_appointed(clerk.person, the.a_town())
    for operation, more in [
        (hand_over_account, {"code": accounts.new_code()}),
        (end_sessions_of_account, {}),
        (close_account, {}),
    ]:
        with pytest.raises(NotPermitted):
            operation(the.submitted_by(administrator), account=clerk, **more)
    assert not OneTimeCode.objects.exists()
    assert User.objects.get(pk=clerk.pk).is_active


def test_an_account_that_sets_up_is_never_taken_over_from_a_unit(administrator):
    root = User.objects.create_superuser("root")
    with pytest.raises(NotPermitted):
        hand_over_account(the.submitted_by(administrator), account=root, code=accounts.new_code())
    assert not OneTimeCode.objects.exists()


def test_closing_ends_sessions_and_code_and_reopening_lets_in_again(administrator, clerk):
    accounts.issue_code(clerk)
    at_work = Client()
    at_work.force_login(clerk)
    assert at_work.get("/account/sessions/").status_code == 200
    close_account(the.submitted_by(administrator), account=clerk)
    assert at_work.get("/account/sessions/").status_code == 302
    assert not OneTimeCode.objects.exists()
    with pytest.raises(AccountRefused):
        hand_over_account(the.submitted_by(administrator), account=the.as_user(clerk), code=accounts.new_code())
    reopen_account(the.submitted_by(administrator), account=the.as_user(clerk))
    assert User.objects.get(pk=clerk.pk).is_active
    assert at_work.get("/account/sessions/").status_code == 302


def test_nobody_closes_the_own_account(administrator):
    with pytest.raises(AccountRefused, match="own account"):
        close_account(the.submitted_by(administrator), account=administrator)
    assert User.objects.get(pk=administrator.pk).is_active


def test_an_account_is_opened_for_an_appointed_person_without_a_password(ward, administrator):
    person = the.a_person()
    with pytest.raises((AccountRefused, NotPermitted)):
        open_account(the.submitted_by(administrator), person=person, username="moi")
    also_appointed(person, ward)
    account = open_account(the.submitted_by(administrator), person=person, username="moi")
    assert not account.has_usable_password()
    assert not account.is_superuser
    for username in ("moi", "Có Dấu"):
        with pytest.raises(AccountRefused):
            open_account(the.submitted_by(administrator), person=person, username=username)
    assert User.objects.filter(person=person).count() == 1


def test_a_password_is_not_the_holders_name(clerk):
    clerk.person.full_name = "Nguyễn Thị Khánh Linh"
    clerk.person.save()
    code = accounts.issue_code(clerk)
    values = {"username": clerk.username, "code": code, "password1": "KhanhLinh2026", "password2": "KhanhLinh2026"}
    client = Client()
    assert client.post("/sign-in/code/", values).status_code == 422
    assert OneTimeCode.objects.exists()
    assert client.post("/sign-in/code/", {**values, "password1": NEW, "password2": NEW}).status_code == 302


def test_a_form_that_comes_back_after_a_session_ended_is_shown_and_not_carried_out(administrator, clerk, client):
    client.force_login(administrator)
    page = client.post(f"/account/{clerk.pk}/slip/", {"_resumed": "1"})
    assert page.status_code == 200
    assert "Your session had ended" in page.content.decode()
    assert not OneTimeCode.objects.exists()


def test_a_password_refused_for_what_its_help_asks_says_so_once(client):
    values = {"username": "x", "code": "y", "password1": "short", "password2": "short"}
    page = client.post("/sign-in/code/", values, headers={"accept-language": "en"}).text
    sentence = "Your password has 12 to 128 characters; a few words are easy to keep in mind."
    field = page[page.index("id_password1_error") : page.index('name="password2"')]
    assert field.count(sentence) == 1
    assert "It is more than your name" in field, "what else the help says stays"
