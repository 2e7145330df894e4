"""Headers on every answer, and malformed requests refused before any view."""

import json

import pytest
from django.conf import settings
from django.db import OperationalError
from django.http import HttpResponse
from django.test import Client, RequestFactory

from config import errors, middleware

SIGN_IN = "/sign-in/"
pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("path", [SIGN_IN, "/no/such/page/", "/admin/", "/static/errors.css"])
def test_every_answer_carries_the_headers(settings, path):
    settings.WHITENOISE_USE_FINDERS = True
    response = Client().get(path)
    assert response.status_code == {SIGN_IN: 200, "/admin/": 302, "/static/errors.css": 200}.get(path, 404)
    headers = response.headers
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Cross-Origin-Opener-Policy"] == headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Permissions-Policy"]
    assert "Access-Control-Allow-Origin" not in headers
    assert ("no-store" in headers.get("Cache-Control", "")) is not path.startswith("/static/")


@pytest.mark.parametrize("method", ["put", "patch", "delete", "trace"])
def test_unmeant_methods_are_405(client, method):
    response = getattr(client, method)(SIGN_IN)
    assert response.status_code == 405
    assert b"Reference number" in response.content


def test_options_says_what_there_is_and_asks_no_view(client, django_assert_num_queries):
    with django_assert_num_queries(0):
        response = client.options("/admin/")
    assert response.status_code == 204
    assert response.headers["Allow"] == "GET, HEAD, POST, OPTIONS"


def test_pages_travel_compressed_to_whoever_takes_them_so(client):
    plain = client.get(SIGN_IN)
    packed = client.get(SIGN_IN, headers={"Accept-Encoding": "gzip"})
    assert packed.headers["Content-Encoding"] == "gzip"
    assert "Content-Encoding" not in plain.headers
    assert len(packed.content) < len(plain.content) / 2


@pytest.mark.parametrize("query", ["next=/&next=/x", "q=%00", "q=%ff", "q=%ED%A0%80", "%00=1", "a=%C3"])
def test_a_malformed_query_is_400(client, query):
    response = client.get(f"{SIGN_IN}?{query}")
    assert response.status_code == 400
    assert b"Reference number" in response.content


@pytest.mark.parametrize("body", ["login=a&login=b", "login=%00", "login=%ff", "login=%ED%A0%80"])
def test_a_malformed_body_is_400(client, body):
    response = client.post(SIGN_IN, body, content_type="application/x-www-form-urlencoded")
    assert response.status_code == 400


def test_a_broken_multipart_body_is_400(client):
    response = client.post(SIGN_IN, b"--x\r\nnonsense", content_type="multipart/form-data; boundary=\xff")
    assert response.status_code == 400


def test_too_much_text_is_413_and_too_many_fields_400(client):
    assert client.post(SIGN_IN, {"login": "x" * 2_700_000}).status_code == 413
    assert client.post(SIGN_IN, {f"f{n}": "" for n in range(2_001)}).status_code == 400


def test_values_that_may_be_many_are_let_through(client):
    assert client.get(f"{SIGN_IN}?columns=a&columns=b").status_code == 200


def test_a_foreign_host_is_400(client):
    assert client.get(SIGN_IN, HTTP_HOST="evil.example").status_code == 400


@pytest.mark.parametrize("status", [400, 403, 404, 405, 409, 413, 429, 500, 503])
@pytest.mark.parametrize(("language", "direction"), [("en", "ltr"), ("vi", "ltr"), ("ar", "rtl")])
def test_error_pages_need_no_database_and_speak_the_readers_language(
    status, language, direction, django_assert_num_queries
):
    request = RequestFactory().get("/", headers={"Accept-Language": language})
    with django_assert_num_queries(0):
        response = errors.page(request, status)
    assert response.status_code == status
    assert f'lang="{language}" dir="{direction}"' in response.content.decode()
    assert ("Retry-After" in response.headers) is (status in (429, 503))


@pytest.mark.parametrize(
    ("cookies", "told"), [({}, ""), ({"theme": "dark", "text": "large"}, "dark"), ({"theme": "x"}, "")]
)
def test_error_pages_have_the_colours_the_reader_chose(cookies, told):
    request = RequestFactory().get("/")
    request.COOKIES.update(cookies)
    page = errors.page(request, 404).content.decode()
    assert (f'data-theme="{told}"' in page, 'data-text="large"' in page) == (bool(told), bool(told))
    assert ("data-theme" in page) is bool(told)


def test_a_failure_is_500_and_says_nothing_of_itself(monkeypatch):
    monkeypatch.setattr(middleware.WellFormed, "_refuse_malformed", lambda self, request: 1 / 0)
    response = Client(raise_request_exception=False).get(SIGN_IN)
    assert response.status_code == 500
    assert b"ZeroDivision" not in response.content
    assert b"Reference number" in response.content
    assert "Content-Security-Policy" in response.headers


def test_a_silent_database_is_503(monkeypatch):
    def fails(self, request):
        raise OperationalError("gone")

    monkeypatch.setattr(middleware.WellFormed, "_refuse_malformed", fails)
    response = Client(raise_request_exception=False).get(SIGN_IN)
    assert response.status_code == 503
    assert response.headers["Retry-After"]


def test_a_form_of_another_site_is_refused():
    response = Client(enforce_csrf_checks=True).post(SIGN_IN, {"login": "a", "password": "b"})
    assert response.status_code == 403
    assert b"Reference number" in response.content


def test_a_violation_of_the_policy_is_noted(client, caplog):
    page, blocked = "https://office.example/people/?q=zoqua", "https://evil.example/x.js?zoqua"
    report = {"document-uri": page, "effective-directive": "script-src-elem\n", "blocked-uri": blocked}
    for body in (json.dumps({"csp-report": report}), '{"csp-report": 1}', "[]", "forged\nline"):
        response = client.post("/csp-report/", body, content_type="application/csp-report")
        assert response.status_code == 204
    unreadable = {"directive": "unreadable"}
    noted = [record.facts for record in caplog.records if record.message == "content policy broken"]
    assert noted == [{"directive": "script-src-elem", "blocked": "evil.example"}, *[unreadable] * 3]


def test_static_files_carry_no_cookie_and_may_be_kept():
    answered = middleware.Headers(lambda request: HttpResponse())(RequestFactory().get(f"{settings.STATIC_URL}x.css"))
    assert "Cache-Control" not in answered.headers
