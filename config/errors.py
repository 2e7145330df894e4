"""Error pages: in the reader's language, with a reference number, without database and session."""

import logging
import sys
from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.core.exceptions import BadRequest
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.template import loader
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from membership import appearance

log = logging.getLogger(__name__)

_SAY: dict[int, tuple[Any, Any, Any]] = {  # title, what happened, what to do
    400: (
        _("This request cannot be read"),
        _("Something in the address or in what was sent is not as it should be. Nothing was saved."),
        _("Go back, look at what you typed and send it again."),
    ),
    403: (
        _("You may not do this"),
        _("Your appointment does not give you this right. Nothing was saved."),
        _("Rights come with an appointment; appointments are made in the administration of your committee."),
    ),
    404: (
        _("Not found"),
        _("There is no such page, or it does not belong to your unit."),
        _("Look at the address, or start from the first page."),
    ),
    405: (
        _("This cannot be done here"),
        _("This page cannot be used in this way. Nothing was saved."),
        _("Open the page from the menu and use its buttons."),
    ),
    409: (
        _("Somebody else changed this first"),
        _("This was changed while you were working on it. Nothing of yours was saved."),
        _("Open the page again and compare."),
    ),
    413: (
        _("This is too large"),
        _("What was sent is larger than the office accepts. Nothing was saved."),
        _("Send less at a time: a smaller file, or a shorter text."),
    ),
    429: (
        _("Too many attempts"),
        _("This was tried too often in a short time. Nothing was saved."),
        _("Wait a few minutes, then try again."),
    ),
    500: (
        _("This is our mistake"),
        _("The program failed. What you sent was not saved."),
        _("Try again. If it happens once more, give the reference number to your administrator."),
    ),
    503: (
        _("Not available just now"),
        _("The database does not answer. What you sent was not saved."),
        _("Wait a minute and try again."),
    ),
}
_NOT_OURS = (
    _("This form was not accepted"),
    _("The form was too old, or the browser refused our cookie. Nothing was saved."),
    _("Open the page anew and send it."),
)
_RETRY_AFTER = {429: 60, 503: 60}  # seconds


def page(
    request: HttpRequest,
    status: int,
    detail: object = "",
    headers: Mapping[str, str] | None = None,
    say: tuple[Any, Any, Any] | None = None,
) -> HttpResponse:
    """The error page of that status, or of `say`; `detail` is a sentence more. It shows its number in the log."""
    reference = getattr(request, "reference", "")
    log.warning("error page", extra={"facts": {"status": status}})
    with translation.override(translation.get_language_from_request(request)):
        title, happened, advice = say or _SAY[status]
        context = {
            "title": title,
            "happened": happened,
            "advice": advice,
            "detail": detail,
            "reference": reference,
            "language": translation.get_language(),
            "direction": "rtl" if translation.get_language_bidi() else "ltr",
            "style": f"{settings.STATIC_URL}errors.css",
            "theme": appearance.chosen(request, "theme"),
            "text": appearance.chosen(request, "text"),
            "icon": f"{settings.STATIC_URL}icon.svg",
        }
        body = loader.render_to_string("errors/error.html", context)
    response = HttpResponse(body, status=status, headers=dict(headers or {}))
    if status in _RETRY_AFTER and "Retry-After" not in response:
        response["Retry-After"] = str(_RETRY_AFTER[status])
    return response


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400; a list says what is wrong with its address, Django's own refusals say nothing more."""
    ours = type(exception) is BadRequest and exception.args
    return page(request, 400, exception.args[0] if ours else "")


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403."""
    return page(request, 403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404, the same for what is missing and for what is not the reader's."""
    return page(request, 404)


def failed(request: HttpRequest) -> HttpResponse:
    """503 if the database does not answer, else 500."""
    return page(request, 503 if isinstance(sys.exc_info()[1], OperationalError | InterfaceError) else 500)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403: the form was not one of ours, or the browser refuses cookies."""
    return page(request, 403, say=_NOT_OURS)
