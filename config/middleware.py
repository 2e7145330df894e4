"""What holds for every request and every response, before any view."""

import json
import logging
import re
import secrets
import time
from collections.abc import Callable
from urllib.parse import unquote_to_bytes, urlsplit

from django.conf import settings
from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, QueryDict
from django.http.multipartparser import MultiPartParserError
from django.utils.translation import gettext_lazy as _

from config import errors, logs

GetResponse = Callable[[HttpRequest], HttpResponse]
_METHODS = ["GET", "HEAD", "POST", "OPTIONS"]
_NO_FEATURES = ", ".join(
    f"{feature}=()" for feature in ("accelerometer", "camera", "display-capture", "geolocation", "gyroscope", "hid",
                                    "microphone", "midi", "payment", "screen-wake-lock", "serial", "usb")
)  # fmt: skip
_REPORT_LIMIT = 16_384  # bytes

log = logging.getLogger(__name__)


class Logged:
    """Every request has a number, which its error page shows and its log lines carry; one line when it is answered."""

    def __init__(self, get_response: GetResponse):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """The response, unchanged."""
        begun = time.monotonic()
        request.reference = secrets.token_hex(4).upper()  # type: ignore[attr-defined]
        token = logs.current.set(request)
        try:
            response = self.get_response(request)
            if not request.path.startswith(settings.STATIC_URL):
                method = request.method if request.method in _METHODS else "other"
                spent = round((time.monotonic() - begun) * 1000)
                log.info("answered", extra={"facts": {"method": method, "status": response.status_code, "ms": spent}})
            return response
        finally:
            logs.current.reset(token)


class Headers:
    """Every response stays with this origin; all but static files leave no copy behind."""

    def __init__(self, get_response: GetResponse):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """The response, with the headers that other packages do not set."""
        response = self.get_response(request)
        response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
        response.headers["Permissions-Policy"] = _NO_FEATURES
        if not request.path.startswith(settings.STATIC_URL):
            response.headers["Cache-Control"] = "no-store, private"
        return response


class WellFormed:
    """A request that no form of ours sends is answered here: 400, 405 or 413, before anything is loaded."""

    def __init__(self, get_response: GetResponse):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """The view's answer to a well-formed request, else an error page that says what is wrong."""
        if request.path == "/csp-report/":
            return _report(request)
        if request.method == "OPTIONS":
            return HttpResponse(status=204, headers={"Allow": ", ".join(_METHODS)})
        if request.method not in _METHODS:
            return errors.page(request, 405, headers={"Allow": ", ".join(_METHODS)})
        try:
            self._refuse_malformed(request)
        except RequestDataTooBig:
            return errors.page(request, 413)
        except (SuspiciousOperation, MultiPartParserError) as error:
            return errors.page(request, 400, str(error))
        response = self.get_response(request)
        if isinstance(response, HttpResponseNotAllowed) and not response.content:
            return errors.page(request, 405, headers={"Allow": response.headers["Allow"]})
        return response

    def _refuse_malformed(self, request: HttpRequest) -> None:
        if "\0" in request.path:
            raise SuspiciousOperation(_("The address has a character that cannot be part of one."))
        _refuse_undecodable(request.META.get("QUERY_STRING", "").encode("latin-1", "replace"))
        if request.method == "POST" and request.content_type == "application/x-www-form-urlencoded":
            _refuse_undecodable(request.body)
        for values in (request.GET, request.POST):
            _refuse_values(values)


def _refuse_undecodable(encoded: bytes) -> None:
    try:
        unquote_to_bytes(encoded).decode()
    except UnicodeDecodeError as error:
        raise SuspiciousOperation(_("The text sent is not valid UTF-8.")) from error


def _refuse_values(values: QueryDict) -> None:
    for name, found in values.lists():
        if len(found) > 1 and name not in settings.MANY_VALUED_PARAMETERS:
            raise SuspiciousOperation(_("“%(name)s” was sent more than once.") % {"name": name[:60]})
        if any("\0" in text or not _encodable(text) for text in (name, *found)):
            raise SuspiciousOperation(_("“%(name)s” has a character that cannot be saved.") % {"name": _visible(name)})


def _encodable(text: str) -> bool:
    return not any("\ud800" <= char <= "\udfff" for char in text)


def _visible(name: str) -> str:
    return "".join(char for char in name[:60] if char.isprintable())


def _word(text: str) -> str:
    return re.sub(r"[^a-z0-9.:-]", "", text)[:80]  # what directives and hosts are made of


def _report(request: HttpRequest) -> HttpResponse:
    """The browser's note that a page broke our content policy: which rule, and whose file; not on which page."""
    if request.method == "POST":
        try:
            said = json.loads(request.read(_REPORT_LIMIT))["csp-report"]
            directive, blocked = str(said["effective-directive"]), str(said["blocked-uri"])
            facts = {"directive": _word(directive), "blocked": _word(urlsplit(blocked).netloc or blocked)}
        except (ValueError, TypeError, KeyError):
            facts = {"directive": "unreadable"}
        log.warning("content policy broken", extra={"facts": facts})
    return HttpResponse(status=204)
