"""How often somebody may try: security.md, A2."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client

from membership import limiter
from membership.models import SignInBudget, User

PASSWORD = "three quiet herons wade"
HOUR = timedelta(hours=1)


def tried(username="le.thi.hoa", address="10.0.0.1", browser=""):
    """Whether an attempt is heard; a heard one fails."""
    try:
        limiter.begin(username, address, browser)
    except limiter.TooManyAttempts:
        return False
    return True


def wait(**who):
    with pytest.raises(limiter.TooManyAttempts) as refused:
        limiter.begin(who.get("username", "le.thi.hoa"), who.get("address", "10.0.0.1"), who.get("browser", ""))
    return refused.value.retry_after


@pytest.mark.django_db
class TestBudgets:
    def test_after_five_failures_waits_grow_to_fifteen_minutes(self):
        with time_machine.travel("2026-03-02 08:00", tick=False) as clock:
            assert [tried() for _ in range(6)] == [True] * 5 + [False]
            waits = []
            for _ in range(8):
                waits.append(wait())
                clock.shift(waits[-1] - 0.5)
                assert not tried()
                clock.shift(0.5)
                assert tried()
            assert waits == [15, 30, 60, 120, 240, 480, 900, 900]

    def test_a_refused_attempt_does_not_make_the_wait_longer(self):
        with time_machine.travel("2026-03-02 08:00", tick=False):
            [tried() for _ in range(5)]
            assert {wait() for _ in range(10)} == {15}

    def test_twenty_an_hour_for_an_account_wherever_they_come_from(self):
        with time_machine.travel("2026-03-02 08:00", tick=False) as clock:
            heard = [tried(address=f"10.0.{n}.1") for n in range(30)]
            assert heard == [True] * 20 + [False] * 10
            clock.shift(HOUR)
            assert tried(address="10.1.0.1")

    def test_fifty_an_hour_for_an_address_whatever_account(self):
        with time_machine.travel("2026-03-02 08:00", tick=False):
            heard = [tried(username=f"user{n}") for n in range(60)]
            assert heard == [True] * 50 + [False] * 10

    def test_an_ipv6_line_is_one_address(self):
        with time_machine.travel("2026-03-02 08:00", tick=False):
            heard = [tried(username=f"user{n}", address=f"2001:db8:1:2::{n:x}") for n in range(51)]
            assert heard == [True] * 50 + [False]
            assert tried(username="user52", address="2001:db8:1:3::1")

    def test_the_window_slides(self):
        with time_machine.travel("2026-03-02 08:00", tick=False) as clock:
            for n in range(20):
                assert tried(address=f"10.0.{n}.1")
                clock.shift(60)
            assert not tried(address="10.1.0.1")
            clock.shift(timedelta(minutes=40))
            assert tried(address="10.1.0.1")
            assert not tried(address="10.1.0.2")

    def test_unknown_accounts_and_other_spellings_are_counted_alike(self):
        assert [tried(username=name) for name in ("An", "an ", "AN", "aN", "an", "an")] == [True] * 5 + [False]

    def test_success_gives_the_attempt_back_but_not_the_failures_of_others(self):
        with time_machine.travel("2026-03-02 08:00", tick=False):
            for n in range(19):
                assert tried(address=f"10.0.{n}.1")
            for _ in range(5):
                limiter.succeeded(limiter.begin("le.thi.hoa", "10.9.0.1"))
            assert tried(address="10.8.0.1")
            assert not tried(address="10.7.0.1")

    def test_what_was_typed_as_a_user_name_is_kept_nowhere(self):
        tried(username="my secret typed in the wrong field")
        assert not SignInBudget.objects.filter(key__contains="secret").exists()

    def test_old_budgets_are_swept(self):
        with time_machine.travel("2026-03-02 08:00", tick=False) as clock:
            tried(username="somebody")
            clock.shift(timedelta(days=2))
            limiter.succeeded(limiter.begin("other", "10.0.0.9"))
            assert SignInBudget.objects.count() == 3


def sign_in(client, password, username="le.thi.hoa"):
    return client.post("/sign-in/", {"login": username, "password": password}).status_code


@pytest.mark.django_db
class TestDoors:
    def test_the_login_page_answers_429_and_says_when(self, client):
        User.objects.create_user("le.thi.hoa", PASSWORD)
        assert [sign_in(client, "wrong") for _ in range(5)] == [422] * 5
        response = client.post("/sign-in/", {"login": "le.thi.hoa", "password": PASSWORD})
        assert response.status_code == 429
        assert 0 < int(response.headers["Retry-After"]) <= 15
        assert "Too many attempts" in response.content.decode()
        assert 'value="le.thi.hoa"' in response.content.decode()
        assert PASSWORD not in response.content.decode()

    def test_slips_and_password_changes_share_the_budget(self, client):
        user = User.objects.create_user("le.thi.hoa", PASSWORD)
        new = "nine red lanterns glow"
        values = {"username": "le.thi.hoa", "code": "WRONG", "password1": new, "password2": new}
        assert [client.post("/sign-in/code/", values).status_code for _ in range(5)] == [422] * 5
        assert client.post("/sign-in/code/", values).status_code == 429
        assert sign_in(client, PASSWORD) == 429
        client.force_login(user)
        change = {"oldpassword": PASSWORD, "password1": new, "password2": new}
        assert client.post("/account/password/", change).status_code == 429

    def test_strangers_cannot_lock_out_a_browser_that_was_here_before(self):
        User.objects.create_user("le.thi.hoa", PASSWORD)
        User.objects.create_user("tran.van.an", PASSWORD)
        own, stranger = Client(), Client(REMOTE_ADDR="10.2.0.1")
        assert sign_in(own, PASSWORD) == 302
        own.post("/sign-out/")
        with time_machine.travel("2026-03-02 08:00", tick=False):
            for n in range(20):
                limiter.begin("le.thi.hoa", f"10.0.{n}.1")
            assert sign_in(stranger, PASSWORD) == 429
            assert sign_in(own, PASSWORD) == 302

    def test_a_known_browser_is_known_for_its_own_account_only_and_limited_too(self):
        User.objects.create_user("le.thi.hoa", PASSWORD)
        User.objects.create_user("tran.van.an", PASSWORD)
        browser = Client()
        assert sign_in(browser, PASSWORD) == 302
        browser.post("/sign-out/")
        assert [sign_in(browser, "wrong") for _ in range(6)] == [422] * 5 + [429]
        for n in range(20):
            limiter.begin("tran.van.an", f"10.0.{n}.1")
        assert sign_in(browser, PASSWORD, "tran.van.an") == 429

    def test_an_invented_browser_is_not_known(self):
        User.objects.create_user("le.thi.hoa", PASSWORD)
        for n in range(20):
            limiter.begin("le.thi.hoa", f"10.0.{n}.1")
        browser = Client()
        browser.cookies["browser"] = "invented"
        assert sign_in(browser, PASSWORD) == 429


def at_once(function, numbers):
    """What `function` gives for each number, fifty threads at a time."""

    def run(number):
        try:
            return function(number)
        finally:
            connection.close()

    with ThreadPoolExecutor(50) as pool:
        return list(pool.map(run, numbers))


@pytest.mark.django_db(transaction=True)
def test_of_a_thousand_guesses_fifty_at_once_twenty_are_heard():
    heard = at_once(lambda n: tried(address=f"10.{n % 7}.{n % 250}.1"), range(1000))
    assert sum(heard) == 20


@pytest.mark.django_db(transaction=True)
def test_of_fifty_sign_ins_at_once_twenty_passwords_are_checked(monkeypatch):
    User.objects.create_user("le.thi.hoa", PASSWORD)
    checked, counting = [], threading.Lock()

    def check(self, raw):
        with counting:
            checked.append(raw)
        return False

    monkeypatch.setattr(User, "check_password", check)
    answers = at_once(lambda n: sign_in(Client(REMOTE_ADDR=f"10.0.{n}.1"), f"guess {n}"), range(50))
    assert len(checked) == 20
    assert sorted(answers) == [422] * 20 + [429] * 30
