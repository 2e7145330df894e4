"""From the slip to the first page and out again, in a real browser."""

import re

import pytest
from playwright.sync_api import Page, expect

from membership import accounts
from membership.models import User

PASSWORD = "three quiet herons wade"
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("width", [360, 1280])
def test_a_slip_becomes_an_account_with_a_password_of_ones_own(screen: Page, live_server, width):
    user = User.objects.create_user("le.thi.hoa", language="en")
    screen.set_viewport_size({"width": width, "height": 740})
    screen.goto(f"{live_server.url}/sign-in/?next=/account/sessions/")
    screen.get_by_role("link", name="one-time code").click()
    screen.get_by_label("User name").fill(user.username)
    screen.get_by_label("One-time code").fill(accounts.issue_code(user))
    for field in screen.locator("input[type=password]").all():
        field.fill(PASSWORD)
    screen.get_by_role("button", name="sign in").click()
    expect(screen).not_to_have_url(re.compile("sign-in"))
    screen.goto(f"{live_server.url}/account/sessions/")
    expect(screen.get_by_role("heading", level=1)).to_be_visible()
    assert screen.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_signing_in_with_a_password_leads_where_one_was_going(screen: Page, live_server):
    User.objects.create_user("le.thi.hoa", PASSWORD, language="en")
    screen.goto(f"{live_server.url}/account/sessions/")
    screen.get_by_label("User name").fill("le.thi.hoa")
    screen.locator("input[type=password]").fill("wrong")
    screen.keyboard.press("Enter")
    expect(screen.get_by_text("The user name or the password is not right.")).to_be_visible()
    screen.locator("input[type=password]").fill(PASSWORD)
    screen.keyboard.press("Enter")
    expect(screen).to_have_url(f"{live_server.url}/account/sessions/")


def test_arabic_is_laid_out_from_the_right(screen: Page, live_server):
    screen.context.set_extra_http_headers({"Accept-Language": "ar"})
    screen.goto(f"{live_server.url}/sign-in/")
    expect(screen.locator("html")).to_have_attribute("dir", "rtl")
    field = screen.locator("input[name=login]")  # a code such as 12-QĐ runs from the left, where the page's lines begin
    expect(field).to_have_css("unicode-bidi", "plaintext")
    expect(field).to_have_css("text-align", "right")


def test_a_missing_page_is_an_own_page(screen: Page, live_server):
    screen.goto(f"{live_server.url}/nothing/")
    expect(screen.get_by_text("Reference number")).to_be_visible()
