"""Every page in a real browser: each language, light and dark, wide and narrow. Nothing there hinders anybody."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings as configured
from playwright.sync_api import Error, Page

from foundation import clock
from foundation.models import Office
from recruitment.models import Candidate
from tests.e2e.readers import use_as
from tests.walk import town as towns
from tests.walk.pages import administration
from tests.walk.town import MISSING, Town
from tests.walk.walk import routes

pytestmark = pytest.mark.django_db(transaction=True)
WIDE, NARROW = {"width": 1280, "height": 900}, {"width": 360, "height": 740}
ALL = {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
SEEN = {
    "type": "rule",
    "values": ["color-contrast", "link-in-text-block", "scrollable-region-focusable", "target-size"],
}  # what theme and width change
ASKED = ("/progress/?as_at=01/09/2024", "/candidates/?format=print", "/candidates/?q=nobody", "/search/?q=zoqua")
TOO_WIDE = """size => {
  document.documentElement.dataset.text = size;
  document.body.classList.add(`text-${size}`);
  return document.documentElement.scrollWidth - document.documentElement.clientWidth;
}"""
READERS = ("anonymous", "restricted", "town", "administrator")  # a page is shown to the first of them who may see it


@pytest.fixture
def walked(settings) -> Town:
    """The branches of the walk, on their day."""
    settings.PRACTICE = True
    Office.objects.update_or_create(defaults={"practice_day": towns.DAY})
    clock.forget()
    with clock.at(clock.moment_on(towns.DAY)):
        return towns.build()


def _pages(town: Town, every: bool) -> Iterator[tuple[str, str, list[str]]]:
    """Role, name and own addresses of every route; without `every` one step, one figure, one page an operation."""
    for role in READERS:
        for route in routes():
            key = town.object(route.model, role, "own") if route.model else None
            if key is not None or not route.model:
                addresses = route.addresses(key, key if route.model is Candidate else MISSING)
                yield role, route.name, addresses if every else addresses[:1]
        if role == "restricted":
            yield from ((role, address, [address]) for address in ASKED)
        if role == "administrator":
            for address in administration(town.users[role]):
                yield role, address if every else address.split("/")[-2], [address]


def _opened(screen: Page, address: str) -> bool:
    """Whether there is a page, and not a redirect, a refusal, a file or a part of a page."""
    try:
        answer = screen.goto(address)
    except Error as error:
        if "Download is starting" in str(error):
            return False
        raise
    here = answer is not None and answer.status == 200 and answer.url.endswith(address)
    return here and bool(screen.evaluate("document.documentElement.lang"))


def _faults(screen: Page) -> Iterator[str]:
    """What is wrong with the page: at the desk in the light, then on a phone in the dark."""
    screen.evaluate(Axe().axe_script)
    yield from _violations(screen, "light", ALL)
    screen.set_viewport_size(NARROW)
    screen.emulate_media(color_scheme="dark")
    yield from _violations(screen, "dark", SEEN)
    for size in ("normal", "largest"):
        if (wide := screen.evaluate(TOO_WIDE, size)) > 0:
            yield f"{wide} px too wide for a phone, text {size}"
    screen.set_viewport_size(WIDE)
    screen.emulate_media(color_scheme="light")


def _violations(screen: Page, theme: str, rules: dict) -> Iterator[str]:
    asked = {"runOnly": rules, "rules": {"target-size": {"enabled": True}}, "preload": False}
    found = screen.evaluate(
        "async asked => (await axe.run(document, asked)).violations", {**asked, "resultTypes": ["violations"]}
    )
    for one in found:
        yield f"{theme}: {one['id']}: " + "; ".join(node["html"][:160] for node in one["nodes"][:3])


@pytest.mark.parametrize("language", [code for code, _name in configured.LANGUAGES])
def test_every_page_can_be_read_and_used_by_everybody(screen, live_server, walked, language):
    seen: set[str] = set()
    wrong: dict[str, str] = {}
    reader = ""
    screen.emulate_media(reduced_motion="reduce")
    for role, name, addresses in _pages(walked, every=language != "en"):
        if role != reader:
            use_as(screen, live_server, walked.users[role], language)
            reader = role
        for address in [] if name in seen else addresses:
            if _opened(screen, f"{live_server.url}{address}"):
                seen.add(name)
                for fault in _faults(screen):
                    wrong.setdefault(fault, f"{role} {address}")
    assert wrong == {}
    assert {"account_login", "work", "candidate", "progress", "imports", "style"} <= seen
