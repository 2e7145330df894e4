"""What every test stands on: plain static files, and a browser from this machine."""

import json
import logging
import os
import shutil
import zlib
from collections import defaultdict
from collections.abc import Hashable, Iterator
from typing import ClassVar

import pytest
from django.conf import settings
from django.db import connection
from django.test import override_settings
from django.utils import translation

from config import logs
from foundation import clock
from foundation.statements import By
from tests.builders import the_procedures

# They take longest, one after the other: begun first, no core waits for them at the end. Before them comes what looks
# at the memory of all processes that tests have started so far.
_FIRST = [
    "foundation/test_tables_refused.py",
    "walk/test_hostile.py",
    "walk/test_walk.py",
    "reports/test_replay.py",
    "reports/test_demo.py",
    "membership/test_imports_pages.py",
    "membership/test_imports.py",
    "foundation/test_facts.py",
]
# They ask a database, and look only at what is made of its answers.
_ALIKE = ("walk/test_words.py", "walk/test_mutations.py")
_BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Long files come first, the others as they are. Whatever may differ by database is marked so."""
    places = {name: place for place, name in enumerate(_FIRST)}
    items.sort(key=lambda item: places.get("/".join(item.path.parts[-2:]), len(_FIRST)))
    asking = {item.path for item in items if _asks_a_database(item) and not str(item.path).endswith(_ALIKE)}
    for item in items:
        if item.path in asking or item.path.parent.name == "config":  # there settings and processes are looked at
            item.add_marker("database")


def _asks_a_database(item: pytest.Item) -> bool:
    """Whether it may: pytest-django lets no other do so."""
    fixtures = {"db", "transactional_db", "django_db_setup", "live_server"} & set(getattr(item, "fixturenames", ()))
    return bool(fixtures) or item.get_closest_marker("django_db") is not None


@pytest.fixture(scope="session", autouse=True)
def plain_static_files(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Static files under their own names: hashed ones need collectstatic, and live servers do not serve them."""
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    root = tmp_path_factory.mktemp("static")
    roomy = {"DISK_FREE_SHARE": 0, "DISK_FREE_BYTES": 0}  # whatever the disk of this machine has
    with override_settings(STORAGES={**settings.STORAGES, "staticfiles": plain}, STATIC_ROOT=root, **roomy):
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
def counted_alike(
    request: pytest.FixtureRequest, what_is_kept_is_compared: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between two counts of statements a slow run neither notes the session again nor reads the practice day again."""
    if "statement" in request.node.name or "ask_as_much" in request.node.name:
        monkeypatch.setattr("membership.middleware._SEEN_EVERY", 3600)
        monkeypatch.setattr("foundation.clock._FRESH_FOR", 3600)
        monkeypatch.setattr("foundation.held.compared", False)


@pytest.fixture(autouse=True)
def what_is_kept_is_compared(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Wherever a statement is kept, or what an operation has read, the one made anew says the same.

    PostgreSQL is told of each at once, as after a day in the office.
    """
    is_one_of_three = zlib.crc32(request.node.nodeid.encode()) % 3 == 0
    monkeypatch.setattr("foundation.planned.OFTEN", 1)
    monkeypatch.setattr("foundation.statements.compared", _Compared(is_one_of_three))
    monkeypatch.setattr("foundation.held.compared", True)


class _Compared:
    """Which kept statements are compared with those made anew: that takes as long as all else the suite does.

    In one test of three, so that it meets what other tests left, the first of every builder for a reader or form in a
    language. Of all others the first three with values that none had before, on SQLite alone: a statement is decided
    before a database is known, and on PostgreSQL every row has a new key.
    """

    values: ClassVar[dict[Hashable, set[Hashable]]] = defaultdict(set)

    def __init__(self, compares_first: bool) -> None:
        self.compares_first = compares_first
        self.met: set[Hashable] = set()

    def __call__(self, label: tuple[Hashable, ...], fixed: tuple[Hashable, ...], values: Hashable) -> bool:
        readers = (one.key for one in fixed if isinstance(one, By))
        is_first = self.compares_first and _is_new((label[0], translation.get_language(), *readers), self.met)
        known = self.values[label]
        is_new = connection.vendor == "sqlite" and len(known) < 3 and _is_new(values, known)
        return is_first or is_new


def _is_new(asked: Hashable, met: set[Hashable]) -> bool:
    before = len(met)
    met.add(asked)
    return len(met) > before


@pytest.fixture(autouse=True)
def no_practice_day_from_before() -> Iterator[None]:
    """The office clock asks the database of this test, not of the one before."""
    clock.forget()
    yield
    clock.forget()


class Written(list[str]):
    """Log lines as our formatter writes them, of every logger and level."""

    @property
    def said(self) -> list[dict]:
        """What each line says."""
        return [json.loads(line) for line in self]


@pytest.fixture
def written() -> Iterator[Written]:
    """Everything that is logged from now on, down to the finest level."""
    lines, root, handler = Written(), logging.getLogger(), logging.Handler()
    handler.setFormatter(logs.Json())
    handler.emit = lambda record: lines.append(handler.format(record))  # type: ignore[method-assign]
    levels = {name: logging.getLogger(name).level for name in ("", "config", "django", "django.request")}
    for name in levels:
        logging.getLogger(name).setLevel(logging.DEBUG)
    disabled = logging.root.manager.disable
    logging.disable(logging.NOTSET)
    root.addHandler(handler)
    yield lines
    root.removeHandler(handler)
    logging.disable(disabled)
    for name, level in levels.items():
        logging.getLogger(name).setLevel(level)


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict) -> dict:
    """The distribution's own Chromium; Playwright never downloads one."""
    os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
    found = next((path for name in _BROWSERS if (path := shutil.which(name))), None)
    assert found, "The tests need a browser: install the package 'chromium'."
    return {**browser_type_launch_args, "executable_path": found, "args": ["--no-sandbox"]}
