"""A page that fails its test on a violation of the content policy, a script error or a call to another host."""

from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import ConsoleMessage, Page, Request

from foundation import clock
from foundation.models import Office
from tests.builders import a_cell, a_clerk, a_town, a_ward, a_youth_union, the_procedures
from tests.e2e.readers import TODAY

_FAULTS = ("content security policy", "refused to", "uncaught")


@pytest.fixture(autouse=True)
def served_as_in_the_office(what_is_kept_is_compared: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is kept is compared with what is made anew by the tests without a browser."""
    monkeypatch.setattr("foundation.statements.compared", None)
    monkeypatch.setattr("foundation.held.compared", False)


@pytest.fixture
def screen(page: Page) -> Iterator[Page]:
    """The page; what went wrong in it is asserted at the end of the test."""
    faults: list[str] = []

    def heard(message: ConsoleMessage) -> None:
        if any(fault in message.text.lower() for fault in _FAULTS):
            faults.append(message.text)

    def asked(request: Request) -> None:
        if urlsplit(request.url).hostname not in ("localhost", "127.0.0.1", None):
            faults.append(f"asked {request.url}")

    page.on("console", heard)
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("request", asked)
    yield page
    assert faults == []


@pytest.fixture
def town(settings):
    """A practice office on its day."""
    settings.PRACTICE = True
    Office.objects.update_or_create(defaults={"practice_day": TODAY})
    clock.forget()
    the_procedures()
    return a_town("Thị xã Quảng Yên")


@pytest.fixture
def cell(town):
    ward = a_ward("Trường THPT Bạch Đằng", under=town)
    a_youth_union(of=ward, name="Đoàn trường THPT Bạch Đằng")
    return a_cell("Chi bộ học sinh", under=ward, code="QY-BD-HS")


@pytest.fixture
def clerk(town):
    return a_clerk(of=town)
