"""How the reader wants the pages: light or dark, and how large the text. Kept by the browser: desk and phone differ."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.translation import pgettext_lazy

# What is not written into the page stands first: the machine's own colours, text of the usual size.
CHOICES: dict[str, tuple[tuple[str, Any], ...]] = {
    "theme": (
        ("system", pgettext_lazy("colours", "As the device")),
        ("light", pgettext_lazy("colours", "Light")),
        ("dark", pgettext_lazy("colours", "Dark")),
    ),
    "text": (
        ("normal", pgettext_lazy("text", "Normal")),
        ("large", pgettext_lazy("text", "Large")),
        ("largest", pgettext_lazy("text", "Largest")),
    ),
}


def chosen(request: HttpRequest, what: str) -> str:
    """The reader's choice; empty where there is none."""
    kept = request.COOKIES.get(settings.APPEARANCE_COOKIE_NAMES[what], "")
    return kept if kept in dict(CHOICES[what][1:]) else ""


def choices(request: HttpRequest, what: str) -> list[dict[str, Any]]:
    """Everything one can choose, and which of it holds."""
    now = chosen(request, what) or CHOICES[what][0][0]
    return [{"value": value, "label": label, "current": value == now} for value, label in CHOICES[what]]


def remember(response: HttpResponse, what: str, value: str) -> None:
    """From the next page on, in this browser."""
    name = settings.APPEARANCE_COOKIE_NAMES[what]
    response.set_cookie(
        name, value, max_age=settings.LANGUAGE_COOKIE_AGE, secure=settings.SECURE_COOKIES, httponly=True, samesite="Lax"
    )
