"""What was typed when a session ended: kept, sealed, for the same account, given back after signing in (A4)."""

import json
from typing import Any

from django.http import HttpRequest

from foundation import sealed

_KEY = "kept_form"
_LARGEST = 200_000  # characters
_NEVER = ("csrfmiddlewaretoken", "password", "oldpassword", "password1", "password2")  # one-time codes: a public page


def keep(request: HttpRequest, account: int, path: str) -> None:
    """The values of this POST wait in the (now anonymous) session for `account`; files and passwords do not."""
    values = [[name, value] for name, found in request.POST.lists() for value in found if name not in _NEVER]
    text = json.dumps({"account": account, "path": path, "values": values})
    if len(text) <= _LARGEST:
        request.session[_KEY] = sealed.seal(text)


def waits(request: HttpRequest) -> bool:
    """Whether a form waits for somebody to sign in again."""
    return _KEY in request.session


def waits_for(request: HttpRequest, account: Any) -> bool:
    """Whether a form of this account waits; one of another account is thrown away."""
    found = _opened(request)
    if found and found["account"] != account.pk:
        del request.session[_KEY]
        return False
    return bool(found)


def waiting(request: HttpRequest) -> tuple[str, list[tuple[str, str]]] | None:
    """Path and values of the form that waits for the reader."""
    found = _opened(request)
    if not found or found["account"] != request.user.pk:
        return None
    return found["path"], [(name, value) for name, value in found["values"]]


def _opened(request: HttpRequest) -> dict[str, Any] | None:
    """What waits; where its key is out of use by now, nothing: signing in goes on without it."""
    if not (token := request.session.get(_KEY)):
        return None
    try:
        return json.loads(sealed.unseal(token))
    except sealed.SealBroken:
        del request.session[_KEY]
        return None
