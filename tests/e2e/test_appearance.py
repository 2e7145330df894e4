"""Light or dark and the size of the text, without a script and without a flash."""

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.builders import a_candidate, a_cell, a_person, a_ward, an_administrator
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


def test_a_word_that_is_wider_than_a_phone_is_broken_in_the_administration_too(screen: Page, live_server, town, clerk):
    clerk.username = "w" * 40
    clerk.save()
    use_as(screen, live_server, an_administrator(of=town))
    screen.set_viewport_size({"width": 360, "height": 740})
    screen.goto(f"{live_server.url}/admin/membership/user/{clerk.pk}/close/")
    expect(screen.locator("#content > h1")).to_contain_text(clerk.username)
    wide = screen.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide <= 0


def test_a_telephone_number_stays_on_its_line_however_large_the_letters(screen: Page, live_server, town, clerk):
    town.phone = "0203 555 0101"
    town.save()
    use_as(screen, live_server, clerk)
    screen.set_viewport_size({"width": 320, "height": 740})
    screen.context.add_cookies([{"name": "text", "value": "largest", "url": live_server.url}])
    screen.goto(f"{live_server.url}/units/{town.pk}/")
    expect(screen.locator("html")).to_have_css("font-size", "20px")
    number = screen.locator(".facts .tel bdi")
    expect(number).to_have_text("0203 555 0101")
    assert number.evaluate("one => one.getClientRects()[0].height < 1.8 * parseFloat(getComputedStyle(one).fontSize)")


def test_on_a_tablet_a_name_of_three_words_stays_on_one_line(screen: Page, live_server, town, clerk):
    a_candidate(a_cell(under=a_ward(under=town)), person=a_person(full_name="Hoàng Hoàng Nhung"))
    use_as(screen, live_server, clerk)
    screen.set_viewport_size({"width": 768, "height": 900})
    screen.goto(f"{live_server.url}/candidates/")
    name = screen.get_by_role("link", name="Hoàng Hoàng Nhung")
    assert name.evaluate("one => one.getClientRects().length") == 1
