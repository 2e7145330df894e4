"""Signing in: one door, handed over by a slip, in sessions that end."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from config.keys import new_key
from foundation import clock
from foundation.models import Office
from membership import accounts, scope, sessions
from membership.backend import WithAppointments
from membership.constraints import NAMED
from membership.devices import device
from membership.models import Appointment, NameInCell, OneTimeCode, Session, User
from tests.builders import a_candidate, a_cell, a_clerk, a_member

PASSWORD = "three quiet herons wade"
pytestmark = pytest.mark.django_db


def an_account(username="le.thi.hoa", password=PASSWORD, **values):
    return User.objects.create_user(username, password, **values)


def signed_in(user, client=None, password=PASSWORD):
    client = client or Client()
    response = client.post("/sign-in/", {"login": user.username, "password": password})
    assert response.status_code == 302, response.content.decode()
    return client


def is_signed_in(client):
    return client.get("/account/sessions/").status_code == 200


def test_everything_but_the_door_asks_for_a_login(client):
    response = client.get("/account/sessions/?page=2")
    assert response.status_code == 302
    assert response.url == "/sign-in/?next=%2Faccount%2Fsessions%2F%3Fpage%3D2"


def test_the_admin_has_no_door_of_its_own(client):
    assert client.get("/admin/login/?next=/admin/").url.startswith("/sign-in/?next=")
    assert client.get("/admin/").url == "/sign-in/?next=%2Fadmin%2F"


def test_who_is_no_administrator_gets_403_from_the_admins_door():
    client = signed_in(an_account())
    assert client.get("/admin/login/").status_code == 403


def test_a_session_is_read_together_with_its_account():
    desk, account = Client(), a_clerk()
    desk.force_login(account)
    for _ in range(2):
        desk.get("/help/work/")
    with CaptureQueriesContext(connection) as asked:
        answer = desk.get("/help/work/")
    assert answer.wsgi_request.user == account
    assert len(asked) == 2, [one["sql"] for one in asked]  # and the work that is due
    assert Session.objects.get().account == account


@pytest.mark.parametrize("change", ["session", "account", "office"])
def test_what_is_read_with_a_session_is_as_it_is_now(change):
    desk, account = Client(), a_clerk()
    desk.force_login(account)
    assert is_signed_in(desk)
    if change == "session":
        Session.objects.update(expire_date=timezone.now())
    elif change == "account":
        User.objects.update(is_active=False)
    else:
        assert scope.may(desk.get("/help/work/").wsgi_request.user, "candidate.write")
        Appointment.objects.update(until_on=clock.today())
        found = desk.get("/help/work/").wsgi_request.user
        assert found == account
        assert not scope.may(found, "candidate.write")
    assert is_signed_in(desk) == (change == "office")


def test_an_account_read_with_a_session_is_given_out_once():
    first, second = a_clerk(), a_clerk()
    desk = Client()
    desk.force_login(first)
    desk.session.get("anything")
    assert sessions.account_just_read(second.pk) is None
    desk.session.get("anything")
    assert sessions.account_just_read(first.pk) == first
    assert sessions.account_just_read(first.pk) is None


def test_a_session_of_an_account_without_office_takes_one_statement_more():
    desk, account = Client(), an_account()
    desk.force_login(account)
    for _ in range(2):
        desk.get("/help/work/")
    with CaptureQueriesContext(connection) as asked:
        answer = desk.get("/help/work/")
    assert answer.wsgi_request.user == account
    assert len(asked) == 2, [one["sql"] for one in asked]


@pytest.mark.django_db(transaction=True)
def test_who_is_signed_in_stays_so_when_the_program_is_brought_up_to_date():
    desk, account = Client(), a_clerk()
    desk.force_login(account)
    desk.get("/help/work/")
    call_command("migrate", "membership", "0011", verbosity=0)
    call_command("migrate", verbosity=0)
    assert [one.account for one in Session.objects.all()] == [None]
    with time_machine.travel(timezone.now() + timedelta(minutes=2)):
        assert is_signed_in(desk)
    assert [one.account for one in Session.objects.all()] == [account]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("before", [("0010", "0004"), ("0011", "0005"), ("0013", "0008")])
def test_names_in_cells_are_whole_whatever_version_they_come_from(before):
    cell = a_cell()
    a_member(cell), a_candidate(cell)
    call_command("migrate", "recruitment", before[1], verbosity=0)
    call_command("migrate", "membership", before[0], verbosity=0)
    call_command("migrate", verbosity=0)
    a_member(cell), a_candidate(cell)
    names = NameInCell.objects.filter(cell=cell)
    assert names.count() == 4
    assert list(names.values_list(*NAMED)) == list(names.values_list(*(f"person__{name}" for name in NAMED)))


def test_signing_in_makes_a_new_session(client):
    user = an_account()
    client.get("/sign-in/")
    session = client.session
    session["before"] = 1
    session.save()
    before = session.session_key
    signed_in(user, client)
    assert client.session.session_key != before
    assert not Session.objects.filter(pk=before).exists()


@pytest.mark.parametrize(("username", "password"), [("le.thi.hoa", "wrong"), ("nobody", PASSWORD), ("le.thi.hoa", "")])
def test_wrong_credentials_are_422_and_say_the_same(client, username, password):
    an_account()
    response = client.post("/sign-in/", {"login": username, "password": password})
    assert response.status_code == 422
    assert not is_signed_in(client)
    if password:
        assert "The user name or the password is not right." in response.content.decode()


def test_a_deactivated_account_is_told_the_same_as_a_wrong_password(client):
    an_account(is_active=False)
    response = client.post("/sign-in/", {"login": "le.thi.hoa", "password": PASSWORD})
    assert response.status_code == 422
    assert "The user name or the password is not right." in response.content.decode()


def test_an_account_is_read_with_its_office_where_it_has_one_and_may_sign_in(django_assert_num_queries):
    officer = a_clerk()
    read = WithAppointments().get_user(officer.pk)
    with django_assert_num_queries(0):
        assert [one.appointment.role for one in scope.holdings(read)] == ["clerk"]
        assert (read, scope.holder_of(read)) == (officer, read.person.full_name)
    User.objects.filter(pk=officer.pk).update(is_active=False)
    assert WithAppointments().get_user(officer.pk) is None
    without = an_account()
    assert WithAppointments().get_user(without.pk) == without
    assert WithAppointments().get_user(without.pk + 1) is None


def test_there_is_no_sign_up(client):
    for path in ("/accounts/signup/", "/sign-up/", "/accounts/password/reset/"):
        assert client.get(path).status_code == 404


ELSEWHERE = [
    "//evil.example",
    "///evil.example",
    "////evil.example",
    "https:evil.example",
    "https:/evil.example",
    "https://evil.example",
    "http://evil.example/",
    "HTTPS://evil.example",
    "/\\evil.example",
    "\\/evil.example",
    "\\\\evil.example",
    "\\evil.example",
    "/\t/evil.example",
    "\t//evil.example",
    " //evil.example",
    "\n//evil.example",
    "//evil.example@testserver",
    "https://testserver@evil.example",
    "https://testserver.evil.example",
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    "data:text/html,x",
    "vbscript:x",
    "//[::1]",
    "https://[::1]/",
    "//evil%2eexample",
    "ftp://evil.example",
    "//\u200devil.example",
    "https://evil.example#@testserver/",
    "https:\\\\evil.example",
    "/%09/evil.example@/..//evil.example",
]


@pytest.mark.parametrize("onward", ELSEWHERE)
def test_next_leads_only_to_own_paths(client, settings, onward):
    settings.LOGIN_REDIRECT_URL = "/account/sessions/"
    an_account()
    response = client.post("/sign-in/", {"login": "le.thi.hoa", "password": PASSWORD, "next": onward})
    assert response.status_code == 302
    assert re.match(r"/(?![/\\\s])", response.url), response.url
    response = client.post("/language/", {"language": "vi", "next": onward})
    assert response.status_code == 302
    assert re.match(r"/(?![/\\\s])", response.url), response.url


def test_next_leads_to_the_page_that_was_asked_for(client):
    an_account()
    response = client.post("/sign-in/", {"login": "le.thi.hoa", "password": PASSWORD, "next": "/account/sessions/?a=1"})
    assert response.url == "/account/sessions/?a=1"


class TestSessions:
    @pytest.mark.parametrize(
        ("staff", "minutes", "alive"), [(0, 29, True), (0, 31, False), (1, 14, True), (1, 16, False)]
    )
    def test_an_idle_session_ends(self, staff, minutes, alive):
        with time_machine.travel("2026-03-02 08:00", tick=False) as clock:
            client = signed_in(an_account(is_staff=bool(staff)))
            clock.shift(timedelta(minutes=minutes))
            assert is_signed_in(client) is alive

    def test_use_keeps_it_alive_but_never_beyond_twelve_hours(self):
        with time_machine.travel("2026-03-02 08:00", tick=False) as clock:
            client = signed_in(an_account())
            for _ in range(36):
                clock.shift(timedelta(minutes=20))
                assert is_signed_in(client)
            clock.shift(timedelta(minutes=1))
            assert not is_signed_in(client)

    def test_signing_in_again_starts_the_clock_anew(self):
        with time_machine.travel("2026-03-02 08:00", tick=False) as clock:
            user = an_account()
            client = signed_in(user)
            clock.shift(timedelta(minutes=31))
            assert not is_signed_in(client)
            signed_in(user, client)
            assert is_signed_in(client)

    def test_it_ends_with_a_new_password_but_not_where_that_was_set(self):
        user = an_account()
        here, elsewhere = signed_in(user), signed_in(user)
        new = "seven slow rivers run"
        values = {"oldpassword": PASSWORD, "password1": new, "password2": new}
        assert here.post("/account/password/", values).status_code == 302
        assert is_signed_in(here)
        assert not is_signed_in(elsewhere)
        signed_in(user, password=new)

    def test_it_ends_when_the_account_is_deactivated(self):
        user = an_account()
        client = signed_in(user)
        User.objects.filter(pk=user.pk).update(is_active=False)
        assert not is_signed_in(client)

    def test_an_administrator_ends_all_of_an_account(self):
        user, other = an_account(), an_account("tran.van.an")
        ended, kept = signed_in(user), signed_in(other)
        accounts.end_sessions(user)
        assert not is_signed_in(ended)
        assert is_signed_in(kept)

    def test_their_holder_sees_and_ends_them(self):
        user, stranger = an_account(), an_account("tran.van.an")
        here, elsewhere, foreign = signed_in(user), signed_in(user), signed_in(stranger)
        page = here.get("/account/sessions/")
        assert len(page.context["sessions"]) == 2
        [other] = [row for row in page.context["sessions"] if row.session_key != here.session.session_key]
        [not_mine] = foreign.get("/account/sessions/").context["sessions"]
        here.post("/account/sessions/", {"session": not_mine.pk})
        assert is_signed_in(foreign)
        here.post("/account/sessions/", {"session": other.pk})
        assert not is_signed_in(elsewhere)
        assert is_signed_in(here)

    def test_the_one_in_use_stands_first(self):
        user = an_account()
        for client in (signed_in(user), signed_in(user)):
            first, _second = client.get("/account/sessions/").context["sessions"]
            assert first.session_key == client.session.session_key

    def test_all_others_end_at_once(self):
        user = an_account()
        here, second, third = signed_in(user), signed_in(user), signed_in(user)
        here.post("/account/sessions/", {"others": "1"})
        assert [is_signed_in(client) for client in (here, second, third)] == [True, False, False]

    def test_they_outlive_a_change_of_the_key_that_signs_them_while_the_old_one_is_a_fallback(self, settings):
        client = signed_in(an_account())
        old, settings.SECRET_KEY = settings.SECRET_KEY, new_key(48)
        settings.SECRET_KEY_FALLBACKS = [old]
        assert is_signed_in(client)
        settings.SECRET_KEY_FALLBACKS = []
        assert is_signed_in(client)  # signed anew at the request before
        settings.SECRET_KEY = new_key(48)
        assert not is_signed_in(client)

    def test_signing_out_asks_and_then_ends_it(self):
        client = signed_in(an_account())
        assert client.get("/sign-out/").status_code == 200
        assert is_signed_in(client)
        assert client.post("/sign-out/").url == "/sign-in/"
        assert not is_signed_in(client)

    def test_a_fragment_sends_the_whole_page_to_the_door(self, client):
        headers = {"HX-Request": "true", "HX-Current-URL": "http://testserver/candidates/?q=an"}
        response = client.get("/account/sessions/", headers=headers)
        assert response.status_code == 204
        assert response.headers["HX-Redirect"] == "/sign-in/?next=%2Fcandidates%2F%3Fq%3Dan"


class TestAFormThatWasOpenWhenTheSessionEnded:
    NOTE = "dòng một\r\n\r\ndòng <hai>"
    TYPED = {"oldpassword": PASSWORD, "note": NOTE, "sealed": "001099000123", "code": "QY-1"}  # a unit has a code

    def interrupted(self, user):
        with time_machine.travel("2026-03-02 08:00", tick=False) as clock:
            client = signed_in(user)
            clock.shift(timedelta(minutes=31))
            response = client.post("/account/password/", self.TYPED)
            assert response.url == "/sign-in/?next=%2Faccount%2Fpassword%2F"
            return client

    def test_is_back_as_typed_after_signing_in(self):
        user = an_account()
        client = self.interrupted(user)
        with time_machine.travel("2026-03-02 08:32", tick=False):
            kept = "what you typed is still here"
            assert kept in client.get("/sign-in/").content.decode()
            assert kept not in Client().get("/sign-in/").content.decode()
            response = client.post("/sign-in/", {"login": user.username, "password": PASSWORD})
            assert response.url == "/sign-in/resume/"
            page = client.get(response.url)
        assert page.context["path"] == "/account/password/"
        assert page.context["values"] == [(name, self.TYPED[name]) for name in ("note", "sealed", "code")]
        assert "&lt;hai&gt;" in page.content.decode()

    @pytest.mark.parametrize("end", ["from another place", "by an administrator", "by a new password", "overnight"])
    def test_is_back_however_the_session_ended(self, end):
        user = an_account()
        with time_machine.travel("2026-03-02 17:00", tick=False) as clock:
            client = signed_in(user)
            if end == "from another place":
                signed_in(user).post("/account/sessions/", {"others": "1"})
            elif end == "by an administrator":
                accounts.end_sessions(user)
            elif end == "by a new password":
                accounts.set_password(user, PASSWORD)
            else:
                clock.shift(timedelta(hours=15))
            asked = {"HX-Request": "true", "HX-Current-URL": "http://testserver/candidates/new/?source=cell"}
            client.post("/candidates/new/twins/", {"full_name": "Đỗ Thị Bé"}, headers=asked)
            response = client.post("/sign-in/", {"login": user.username, "password": PASSWORD})
            assert response.url == "/sign-in/resume/"
            page = client.get(response.url)
        assert page.context["path"] == "/candidates/new/?source=cell"  # the page around the fragment
        assert page.context["values"] == [("full_name", "Đỗ Thị Bé")]

    def test_is_not_readable_where_sessions_are_stored(self):
        client = self.interrupted(an_account())
        stored = Session.objects.get(pk=client.session.session_key)
        assert "kept_form" in stored.get_decoded()
        assert self.TYPED["sealed"] not in str(stored.get_decoded())

    def test_is_gone_where_its_key_was_taken_out_of_use_and_signing_in_goes_on(self, settings):
        user = an_account()
        client = self.interrupted(user)
        settings.SEALING_KEYS = [new_key(32)]
        with time_machine.travel("2026-03-02 08:32", tick=False):
            assert signed_in(user, client).get("/sign-in/resume/").status_code == 302
            assert is_signed_in(client)

    def test_is_nobody_elses(self):
        client = self.interrupted(an_account())
        other = an_account("tran.van.an")
        with time_machine.travel("2026-03-02 08:32", tick=False):
            response = client.post("/sign-in/", {"login": other.username, "password": PASSWORD})
            assert response.url != "/sign-in/resume/"
            assert client.get("/sign-in/resume/").status_code == 302


class TestSlip:
    NEW = "nine red lanterns glow"

    def redeem(self, code, username="le.thi.hoa", client=None, **changed):
        values = {"username": username, "code": code, "password1": self.NEW, "password2": self.NEW, **changed}
        return (client or Client()).post("/sign-in/code/", values)

    def test_with_the_code_its_holder_chooses_a_password_and_is_in(self, client):
        user = an_account(password=None)
        response = self.redeem(accounts.issue_code(user), client=client)
        assert response.status_code == 302
        assert is_signed_in(client)
        signed_in(user, password=self.NEW)
        assert not OneTimeCode.objects.exists()

    def test_the_next_page_says_so_in_the_language_they_were_reading_in(self, client):
        user = an_account(password=None, language="vi")
        client.post("/language/", {"language": "ar"})
        response = self.redeem(accounts.issue_code(user), client=client)
        assert response.cookies[settings.LANGUAGE_COOKIE_NAME].value == "ar"
        assert User.objects.get(pk=user.pk).language == "ar"
        page = client.get("/account/sessions/")
        assert [str(message) for message in page.context["messages"]] == ["ضُبطت كلمة المرور."]
        assert '<html lang="ar"' in page.text

    @pytest.mark.parametrize(("_case", "came_before", "chosen"), [("has one", True, "ar"), ("nobody chose", False, "")])
    def test_else_the_account_keeps_its_language(self, client, _case, came_before, chosen):
        user = an_account(password=None, language="vi", last_login=timezone.now() if came_before else None)
        if chosen:
            client.post("/language/", {"language": chosen})
        response = self.redeem(accounts.issue_code(user), client=client)
        assert response.cookies[settings.LANGUAGE_COOKIE_NAME].value == "vi"
        assert User.objects.get(pk=user.pk).language == "vi"

    def test_the_code_may_be_typed_without_hyphens_and_small(self):
        code = accounts.issue_code(an_account(password=None))
        assert self.redeem(code.replace("-", " ").lower()).status_code == 302

    def test_it_works_once(self):
        code = accounts.issue_code(an_account(password=None))
        assert self.redeem(code).status_code == 302
        assert self.redeem(code).status_code == 422

    def test_it_works_for_seven_days(self):
        code = accounts.issue_code(an_account(password=None))
        issued = timezone.now()
        with time_machine.travel(issued + timedelta(days=7, minutes=1)):
            assert self.redeem(code).status_code == 422
        with time_machine.travel(issued + timedelta(days=7, minutes=-1)):
            assert self.redeem(code).status_code == 302

    def test_a_new_code_or_password_voids_it(self):
        user = an_account()
        first, second = accounts.issue_code(user), accounts.issue_code(user)
        assert self.redeem(first).status_code == 422
        accounts.set_password(user, PASSWORD)
        assert self.redeem(second).status_code == 422

    @pytest.mark.parametrize("username", ["tran.van.an", "nobody"])
    def test_it_is_of_one_account(self, username):
        an_account("tran.van.an", password=None)
        code = accounts.issue_code(an_account(password=None))
        assert self.redeem(code, username).status_code == 422
        assert OneTimeCode.objects.exists()

    def test_a_deactivated_account_cannot_use_it(self):
        code = accounts.issue_code(an_account(password=None, is_active=False))
        assert self.redeem(code).status_code == 422

    def test_a_bad_password_leaves_the_code_usable(self):
        code = accounts.issue_code(an_account(password=None))
        assert self.redeem(code, password1="short", password2="short").status_code == 422
        assert self.redeem(code, password2="another thing entirely").status_code == 422
        assert self.redeem(code).status_code == 302

    def test_it_is_kept_nowhere(self):
        code = accounts.issue_code(an_account(password=None))
        [row] = OneTimeCode.objects.values_list("code_hash", flat=True)
        assert code.replace("-", "") not in row
        assert row.startswith("argon2")


class TestPassword:
    def changed(self, client, new, old=PASSWORD):
        return client.post("/account/password/", {"oldpassword": old, "password1": new, "password2": new})

    @pytest.mark.parametrize(
        "refused",
        [
            "elevenchars", "x" * 129, "password1234", "le.thi.hoa", "lethihoa123", "LêThịHoà2026", "ThanhUy.2026",
            "recruitment1", "qwertyuiop123",
        ],
    )  # fmt: skip
    def test_refused(self, settings, refused):
        settings.ORGANISATION_NAMES = ["Thành ủy"]
        client = signed_in(an_account())
        assert self.changed(client, refused).status_code == 422
        signed_in(User.objects.get())

    @pytest.mark.parametrize(
        "accepted", ["twelve chars", "x1y2z3" * 21, "mật khẩu rất dài", "        a        b", "hoa sen nở giữa hồ"]
    )
    def test_any_composition_is_accepted(self, accepted):
        client = signed_in(an_account())
        assert self.changed(client, accepted).status_code == 302
        signed_in(User.objects.get(), password=accepted)

    def test_the_present_one_is_asked_for(self):
        client = signed_in(an_account())
        assert self.changed(client, "seven slow rivers run", old="wrong").status_code == 422
        signed_in(User.objects.get())

    def test_it_is_hashed_by_argon2id_with_19_mib_and_two_passes(self):
        assert an_account().password.startswith("argon2$argon2id$v=19$m=19456,t=2,p=1$")

    def test_a_weaker_hash_is_upgraded_at_sign_in(self):
        from argon2 import PasswordHasher

        user = an_account()
        weak = PasswordHasher(time_cost=1, memory_cost=1024, parallelism=1).hash(PASSWORD)
        User.objects.filter(pk=user.pk).update(password=f"argon2{weak}")
        client = signed_in(user)
        assert "m=19456,t=2" in User.objects.get().password
        assert is_signed_in(client)

    def test_who_must_choose_one_does_nothing_else_first(self):
        client = signed_in(an_account(must_change_password=True))
        assert client.get("/account/sessions/").url == "/account/password/"
        assert self.changed(client, "seven slow rivers run").status_code == 302
        assert is_signed_in(client)


class TestLanguage:
    def test_is_kept_for_the_account_and_the_browser(self):
        user = an_account()
        client = signed_in(user)
        client.post("/language/", {"language": "ar", "next": "/account/sessions/"})
        assert 'lang="ar" dir="rtl"' in client.get("/account/sessions/").content.decode()
        elsewhere = signed_in(user)
        assert 'lang="ar"' in elsewhere.get("/account/sessions/").content.decode()
        elsewhere.post("/sign-out/")
        assert 'lang="ar"' in elsewhere.get("/sign-in/").content.decode()

    def test_an_unknown_one_changes_nothing(self, client):
        assert client.post("/language/", {"language": "xx"}).status_code == 422
        assert client.get("/language/").status_code == 200


class TestFirstAdministrator:
    def code(self, **options):
        from io import StringIO

        out = StringIO()
        call_command("first_administrator", stdout=out, **options)
        return re.search(r"code: (\S+)", out.getvalue())[1]

    def test_gets_a_one_time_code_and_no_password(self, client):
        code = self.code(username="quan.tri")
        user = User.objects.get(username="quan.tri")
        assert user.is_superuser
        assert user.is_staff
        assert not user.has_usable_password()
        new = "nine red lanterns glow"
        values = {"username": "quan.tri", "code": code, "password1": new, "password2": new}
        assert client.post("/sign-in/code/", values).status_code == 302
        assert client.get("/admin/").status_code == 200

    def test_is_asked_for_by_a_sentence_where_nobody_can_answer(self, monkeypatch):
        import io

        monkeypatch.setattr("sys.stdin", io.StringIO())
        with pytest.raises(CommandError, match="--username"):
            self.code()

    def test_sees_no_raw_tables_of_libraries(self, client):
        client.force_login(User.objects.create_superuser("quan.tri"))
        apps = client.get("/admin/").context["app_list"]
        assert {app["app_label"] for app in apps} <= {"membership", "recruitment", "reports"}

    @pytest.mark.parametrize("practice", [True, False])
    def test_makes_the_database_a_real_office_unless_it_is_for_practice(self, settings, practice):
        settings.PRACTICE = practice
        self.code(username="quan.tri")
        assert Office.objects.filter(practice_day=None).exists() is not practice

    def test_a_lost_code_is_issued_again_until_it_was_used(self):
        self.code(username="quan.tri")
        accounts.redeem("quan.tri", self.code(username="quan.tri"), PASSWORD)
        with pytest.raises(CommandError, match="already"):
            self.code(username="second")
        assert User.objects.count() == 1

    def test_a_user_name_that_is_none_is_refused(self):
        with pytest.raises(CommandError, match="small letters"):
            self.code(username="Quản trị")
        assert not User.objects.exists()


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/120.0 Safari/537.36", "Chrome · Windows"),
        ("Mozilla/5.0 (Windows NT 6.1) coc_coc_browser/90 Chrome/84 Safari/537.36", "Cốc Cốc · Windows"),
        ("Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/120.0 Mobile Safari/537.36", "Chrome · Android"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) Version/17.0 Safari/604.1", "Safari · iPhone"),
        ("curl/8.1", "curl/8.1"),
        ("", ""),
    ],
)
def test_a_device_is_named_in_words(agent, words):
    assert device(agent) == words


def test_an_account_without_a_password_is_asked_for_its_code(client):
    client.force_login(an_account(password=None))
    assert client.get("/account/password/").url == "/sign-in/code/"
    assert client.post("/account/password/", {"oldpassword": "x"}).url == "/sign-in/code/"
