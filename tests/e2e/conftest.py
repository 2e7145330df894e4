"""A page that fails its test on a violation of the content policy, a script error or a call to another host."""

from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import ConsoleMessage, Page, Request

_FAULTS = ("content security policy", "refused to", "uncaught")


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
