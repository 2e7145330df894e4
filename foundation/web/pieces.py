"""Pieces of the frame: drawn once for all pages on which they are alike, which spares a page a fifth of its time."""

from __future__ import annotations

from collections.abc import Hashable
from functools import lru_cache
from typing import Any

from django.template import Context
from django.template.loader import get_template
from django.utils.functional import Promise
from django.utils.html import escape
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from foundation import statements
from foundation.statements import By

_KEPT = 300  # pieces, of 10 KB each
_TOKEN, _HERE = "\ue000token\ue001", "\ue000here\ue001"  # stand for what differs from request to request


def drawn(name: str, context: Context) -> SafeString:
    """The template, which sees the reader's language, `frame`, `csrf_token` and `here` (this page's address) alone."""
    frame = dict(context["frame"])
    by = By(_key(frame), frame)
    text = _kept(name, get_language(), by)
    if statements.compared and text != _anew(name, frame):
        raise AssertionError(f"{name} depends on more than it is kept by")
    if _TOKEN in text:
        text = text.replace(_TOKEN, str(context.get("csrf_token", "")))
    request = context.get("request")
    return SafeString(text.replace(_HERE, escape(request.get_full_path()) if request else ""))


@lru_cache(maxsize=_KEPT)
def _kept(name: str, _language: str, by: By) -> str:
    return _anew(name, by.value)


def _anew(name: str, frame: dict[str, Any]) -> str:
    return get_template(name).render({"frame": frame, "csrf_token": _TOKEN, "here": _HERE})


def forget() -> None:
    """Pieces are drawn anew: the words of a language have changed."""
    _kept.cache_clear()


def _key(value: Any) -> Hashable:
    """All that a piece shows; words that only depend on the language are left out."""
    if isinstance(value, dict):
        return tuple((name, _key(one)) for name, one in value.items())
    if isinstance(value, list | tuple):
        return tuple(map(_key, value))
    return None if isinstance(value, Promise) else value
