"""What every test stands on: plain static files, and a browser from this machine."""

import os
import shutil
from collections.abc import Iterator

import pytest
from django.conf import settings
from django.test import override_settings
from django.utils import translation

from foundation import clock
from tests.builders import the_procedures

_BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


@pytest.fixture(scope="session", autouse=True)
def plain_static_files(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Static files under their own names: hashed ones need collectstatic, and live servers do not serve them."""
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    root = tmp_path_factory.mktemp("static")
    with override_settings(STORAGES={**settings.STORAGES, "staticfiles": plain}, STATIC_ROOT=root):
        yield


@pytest.fixture(autouse=True)
def sentences_as_written() -> Iterator[None]:
    """Tests read the sentences of the source; those of other languages ask for their language."""
    with override_settings(LANGUAGE_CODE="en"), translation.override("en"):
        yield


@pytest.fixture(autouse=True)
def shipped_versions(request: pytest.FixtureRequest) -> None:
    """The procedure versions that migrations bring are there, also after a test that emptied the database."""
    if request.node.get_closest_marker("django_db") or {"db", "transactional_db"} & set(request.fixturenames):
        request.getfixturevalue("db")
        the_procedures()


@pytest.fixture(autouse=True)
def counted_alike(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Between two counts of statements a slow run neither notes the session again nor reads the practice day again."""
    if "statements" in request.node.name or "ask_as_much" in request.node.name:
        monkeypatch.setattr("membership.middleware._SEEN_EVERY", 3600)
        monkeypatch.setattr("foundation.clock._FRESH_FOR", 3600)


@pytest.fixture(autouse=True)
def no_practice_day_from_before() -> Iterator[None]:
    """The office clock asks the database of this test, not of the one before."""
    clock.forget()
    yield
    clock.forget()


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict) -> dict:
    """The distribution's own Chromium; Playwright never downloads one."""
    os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
    found = next((path for name in _BROWSERS if (path := shutil.which(name))), None)
    assert found, "The tests need a browser: install the package 'chromium'."
    return {**browser_type_launch_args, "executable_path": found, "args": ["--no-sandbox"]}
