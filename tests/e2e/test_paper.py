"""Reports and candidates on A4: without the frame, on white, a candidate on two sheets at most."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.builders import a_complete_candidate, voted
from tests.e2e.readers import use_as

pytestmark = pytest.mark.django_db(transaction=True)
FRAME = (".bar", ".side", ".tabs-phone", ".actions", ".skip", ".toasts")


def sheets(screen: Page) -> int:
    """How many A4 sheets the page takes."""
    paper = screen.pdf(prefer_css_page_size=True)
    boxes = re.findall(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", paper)
    assert boxes
    assert {(round(float(width)), round(float(height))) for width, height in boxes} == {(595, 842)}
    return len(re.findall(rb"/Type /Page\b", paper))


@pytest.mark.parametrize("language", ["vi", "ar"])
def test_every_report_and_candidate_prints_without_the_frame(screen: Page, live_server, clerk, cell, language):
    candidate = voted(a_complete_candidate(cell))
    use_as(screen, live_server, clerk, language)
    screen.emulate_media(media="print", color_scheme="dark")
    pages = ["/progress/", "/progress/units/", "/progress/months/", "/figures/admitted/", "/candidates/?format=print"]
    for address in [*pages, candidate.get_absolute_url()]:
        screen.goto(f"{live_server.url}{address}")
        for part in FRAME:
            for found in screen.locator(part).all():
                expect(found).to_be_hidden()
        assert screen.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
        assert 1 <= sheets(screen) <= 2, address
