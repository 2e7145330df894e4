"""Light or dark and the size of the text, without a script and without a flash."""

import pytest
from playwright.sync_api import Browser, expect

from tests.e2e.readers import use_as

pytestmark = pytest.mark.django_db(transaction=True)
LIGHT, DARK = "rgb(255, 255, 255)", "rgb(21, 26, 27)"


def test_the_device_decides_until_the_reader_does(browser: Browser, live_server, clerk):
    plain = browser.new_context(java_script_enabled=False, color_scheme="dark").new_page()
    use_as(plain, live_server, clerk)
    plain.goto(f"{live_server.url}/work/")
    html, body = plain.locator("html"), plain.locator("body")
    expect(body).to_have_css("background-color", DARK)
    for theme, ground in (("Light", LIGHT), ("Dark", DARK), ("As the device", DARK)):
        plain.locator("summary.avatar-button").click()
        plain.get_by_role("button", name=theme, exact=True).first.click()
        expect(plain).to_have_url(f"{live_server.url}/work/")
        expect(body).to_have_css("background-color", ground)
    for size, pixels in (("Large", "18px"), ("Largest", "20px"), ("Normal", "16px")):
        plain.locator("summary.avatar-button").click()
        plain.get_by_role("button", name=size, exact=True).first.click()
        expect(html).to_have_css("font-size", pixels)
    plain.context.close()
