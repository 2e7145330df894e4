"""Who sits before the browser, and on which day."""

from datetime import date

from django.conf import settings as configured
from django.test import Client
from playwright.sync_api import Page

from membership.models import User

TODAY = date(2024, 10, 31)


def use_as(screen: Page, live_server, user: User | None, language: str = "en") -> None:
    """The browser is signed in as the user, or as nobody, and asks for the language."""
    screen.context.clear_cookies()
    cookies = {configured.LANGUAGE_COOKIE_NAME: language}
    if user:
        session = Client()
        session.force_login(User.objects.get(pk=user.pk))
        cookies[configured.SESSION_COOKIE_NAME] = session.cookies[configured.SESSION_COOKIE_NAME].value
    screen.context.add_cookies([{"name": k, "value": v, "url": live_server.url} for k, v in cookies.items()])
