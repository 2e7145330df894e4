"""Every page in a real browser: each language, light and dark, wide and narrow. Nothing there hinders anybody."""

from __future__ import annotations

from collections.abc import Iterator
from contextvars import copy_context
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.contrib.staticfiles import finders
from django.test import Client
from playwright.sync_api import Browser, Page, Route

from membership.models import User
from recruitment.models import Candidate
from tests.walk.pages import administration
from tests.walk.town import MISSING, Town
from tests.walk.walk import routes

HOST = "http://testserver"
WIDE, NARROW = {"width": 1280, "height": 900}, {"width": 360, "height": 740}
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
ALL = {"type": "tag", "values": WCAG}
SEEN = {
    "type": "rule",
    "values": ["color-contrast", "link-in-text-block", "target-size"],
}  # what theme and width change
READERS = ("anonymous", "restricted", "town", "administrator")  # each page is shown to the first of them who may see it
FAULTS = ("content security policy", "refused to", "uncaught")


class Screen:
    """A browser that asks the program directly, without a server between them."""

    def __init__(self, browser: Browser, language: str):
        self.client, self.language, self.faults = Client(), language, []
        self.context = copy_context()  # with the walk's day
        context = browser.new_context(base_url=HOST, locale=language, reduced_motion="reduce")
        context.add_init_script(Axe().axe_script)
        self.page: Page = context.new_page()
        self.page.route("**/*", self._answer)
        self.page.on("pageerror", lambda error: self.faults.append(str(error)))
        self.page.on("console", lambda message: self._heard(message.text))

    def sign_in(self, user: User | None) -> None:
        self.client = Client()
        self.client.cookies[settings.LANGUAGE_COOKIE_NAME] = self.language
        if user:
            self.client.force_login(User.objects.get(pk=user.pk))

    def _heard(self, text: str) -> None:
        if any(fault in text.lower() for fault in FAULTS):
            self.faults.append(text)

    def _answer(self, route: Route) -> None:
        parts = urlsplit(route.request.url)
        if f"{parts.scheme}://{parts.netloc}" != HOST or parts.path == "/csp-report/":
            self.faults.append(f"asked {route.request.url} {route.request.post_data or ''}")
            route.abort()
        elif parts.path.startswith(settings.STATIC_URL):
            route.fulfill(path=finders.find(parts.path.removeprefix(settings.STATIC_URL)))
        else:
            answer = self.context.run(self.client.get, parts.path, QUERY_STRING=parts.query)
            route.fulfill(status=answer.status_code, headers=dict(answer.headers), body=answer.content)

    def show(self, address: str) -> Iterator[str]:
        """What is wrong with the page: at the desk in the light, then on a phone in the dark."""
        self.page.set_viewport_size(WIDE)
        self.page.emulate_media(color_scheme="light")
        self.page.goto(address)
        yield from self._violations("light", ALL)
        self.page.set_viewport_size(NARROW)
        self.page.emulate_media(color_scheme="dark")
        yield from self._violations("dark", SEEN)
        wide = self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        if wide > 0:
            yield f"{wide} px too wide for a phone"
        yield from self.faults
        self.faults.clear()

    def _violations(self, theme: str, rules: dict) -> Iterator[str]:
        asked = {"runOnly": rules, "rules": {"target-size": {"enabled": True}}, "preload": False}
        asked["resultTypes"] = ["violations"]
        found = self.page.evaluate("async asked => (await axe.run(document, asked)).violations", asked)
        for one in found:
            yield f"{theme}: {one['id']}: " + "; ".join(node["html"][:160] for node in one["nodes"][:3])


def _pages(town: Town, every: bool) -> Iterator[tuple[str, list[str]]]:
    """Each page once, under the reader who sees it. `every`: with every step and figure, else with one of them."""
    seen: set[str] = set()
    for role in READERS:
        client, found = town.clients[role], []
        for route in routes():
            key = town.object(route.model, role, "own") if route.model else None
            if route.name in seen or (route.model and key is None):
                continue
            addresses = route.addresses(key, key if route.model is Candidate else MISSING)
            shown = [one for one in (addresses if every else addresses[:1]) if _is_page(client, one)]
            if shown:
                seen.add(route.name)
                found += shown
        if role == "administrator":
            found += [one for one in administration(town.users[role]) if _is_page(client, one)]
        yield role, found


def _is_page(client: Client, address: str) -> bool:
    answer = client.get(address)
    return answer.status_code == 200 and not answer.streaming and b"<html" in answer.content[:2000]


@pytest.mark.parametrize("language", [code for code, _name in settings.LANGUAGES])
def test_every_page_can_be_read_and_used_by_everybody(walked, browser, language):
    screen, wrong = Screen(browser, language), {}
    for role, addresses in _pages(walked, every=language == "vi"):
        screen.sign_in(walked.users[role])
        for address in addresses:
            for fault in screen.show(address):
                wrong.setdefault(fault, f"{role} {address}")
    screen.page.context.close()
    assert wrong == {}
