"""Logs: one line of JSON for each event, and nothing of what people typed or are called."""

import json
import logging

import pytest
from django.db import IntegrityError, connection, transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import path

from config.urls import handler400, handler403, handler404, handler500
from tests.builders import a_clerk

MARKER = "zoquamarker"
FORGED = "ok\r\n\x1b[31m{}\x7f\x9b\u2028\u0085 end"


def raises(error):
    def view(request):
        name = MARKER  # a local value, too
        raise error(f"{name} is wrong")

    view.login_required = False
    return view


def breaks_a_constraint(request):
    from membership.models import User

    User.objects.create(username=MARKER)
    with transaction.atomic():
        User.objects.create(username=MARKER)


def hides_a_cause(request):
    try:
        int(MARKER)
    except ValueError as error:
        raise KeyError(MARKER) from error


breaks_a_constraint.login_required = hides_a_cause.login_required = False
urlpatterns = [
    path("fine/", lambda request: HttpResponse(), name="fine"),
    path("broken/", raises(RuntimeError), name="broken"),
    path("constraint/", breaks_a_constraint, name="constraint"),
    path("cause/", hides_a_cause, name="cause"),
]
HANDLERS = (handler400, handler403, handler404, handler500)


@pytest.fixture
def small_site(settings):
    settings.ROOT_URLCONF = __name__


def test_line_breaks_and_terminal_codes_are_escaped(written):
    logging.getLogger("config").warning("%s", FORGED)
    [line] = written
    assert line.isprintable()
    assert line.isascii()
    assert json.loads(line)["event"] == FORGED


def test_a_line_says_when_how_grave_and_who(written):
    logging.getLogger("config.test").warning("happened", extra={"facts": {"status": 404}})
    [said] = written.said
    assert said.pop("time").endswith("+00:00")
    assert said == {"level": "warning", "logger": "config.test", "event": "happened", "status": 404}


def test_values_that_others_log_are_left_out(written):
    logging.getLogger("django.request").warning("Not Found: %s", f"/{MARKER}/")
    logging.getLogger("django.security.DisallowedHost").error(MARKER)
    assert MARKER not in "".join(written)
    assert [said["event"] for said in written.said] == ["Not Found: %s", None]
    assert all(said["where"].startswith("test_logs.test_values") for said in written.said)


@pytest.mark.django_db
@pytest.mark.usefixtures("small_site")
def test_a_request_leaves_its_number_route_user_and_duration(written):
    clerk = a_clerk()
    browser = Client()
    browser.force_login(clerk)
    written.clear()
    browser.get(f"/fine/?q={MARKER}")
    [said] = [said for said in written.said if said["event"] == "answered"]
    assert said["route"] == "fine"
    assert said["user"] == clerk.pk
    assert (said["method"], said["status"]) == ("GET", 200)
    assert 0 <= said["ms"] < 60_000
    assert len(said["request"]) == 8
    assert MARKER not in "".join(written)
    assert clerk.username not in "".join(written)


@pytest.mark.django_db
def test_a_strange_method_is_not_repeated_and_static_files_leave_nothing(written, settings):
    settings.WHITENOISE_USE_FINDERS = True
    Client().get("/static/errors.css")
    Client().generic("ZOQUAMARKER", "/sign-in/")
    assert [said["method"] for said in written.said if said["event"] == "answered"] == ["other"]
    assert MARKER not in "".join(written).lower()


@pytest.mark.django_db
@pytest.mark.usefixtures("small_site")
@pytest.mark.parametrize(
    ("route", "error"),
    [
        ("broken", ["builtins.RuntimeError"]),
        ("cause", ["builtins.KeyError", "builtins.ValueError"]),
        ("constraint", ["django.db.utils.IntegrityError", None]),
    ],
)
def test_a_failure_is_logged_by_class_and_place_under_the_number_of_its_page(written, route, error):
    response = Client(raise_request_exception=False).get(f"/{route}/?q={MARKER}")
    assert response.status_code == 500
    assert MARKER not in "".join(written)
    [said] = [said for said in written.said if "error" in said]
    assert all(found == named for found, named in zip(said["error"], error, strict=True) if named)
    assert any("test_logs.py" in place for place in said["trace"])
    assert f"<bdi>{said['request']}</bdi>" in response.content.decode()
    assert said["route"] == route
    if route == "constraint":
        assert said["sqlstate"] == ("23505" if connection.vendor == "postgresql" else "SQLITE_CONSTRAINT_UNIQUE")


def test_a_cause_that_leads_back_to_itself_ends(written):
    first, second = ValueError(), IntegrityError()
    first.__cause__, second.__cause__ = second, first
    try:
        raise first
    except ValueError:
        logging.getLogger("config").exception("round")
    [said] = written.said
    assert len(said["error"]) == 2


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/people/{}/", "/sign-in/?next={}&next={}", "/?{}=%00", "/members/?unknown={}"])
def test_what_was_typed_into_an_address_or_a_form_is_not_repeated(written, address):
    browser = Client(HTTP_USER_AGENT=MARKER, HTTP_REFERER=f"http://testserver/{MARKER}")
    browser.force_login(a_clerk())
    browser.get(address.format(MARKER, MARKER))
    browser.get(address.format(MARKER, MARKER), HTTP_HOST=f"{MARKER}.example")
    browser.post("/sign-in/", {"login": MARKER, "password": MARKER})
    assert len([said for said in written.said if said["event"] == "answered"]) == 3
    assert MARKER not in "".join(written)
