"""Pieces of pages, drawn once for all requests in which they are alike: frame and filters are half of a page's time."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Hashable, Mapping
from typing import Any

from django.db.models import Model
from django.http import HttpRequest
from django.template import Context
from django.template.loader import get_template
from django.utils.functional import Promise
from django.utils.html import escape
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from foundation import statements

_MOST = 300  # pieces, of 10 KB each
_SHELF: OrderedDict[Hashable, str] = OrderedDict()  # the last used at its end
_shelf_lock = threading.Lock()
_TOKEN, _HERE = "\ue000token\ue001", "\ue000here\ue001"  # stand for what differs from request to request


def of_frame(name: str, context: Context) -> SafeString:
    """The template, which sees the reader's language, `frame`, `csrf_token` and `here` (this page's address) alone.

    `frame.key` is `key_of` all that is in the frame.
    """
    frame = context["frame"]
    text = _kept(name, frame["key"], {"frame": frame, "csrf_token": _TOKEN, "here": _HERE})
    if _TOKEN in text:
        text = text.replace(_TOKEN, str(context.get("csrf_token", "")))
    request = context.get("request")
    return SafeString(text.replace(_HERE, escape(request.get_full_path()) if request else ""))


def of_values(name: str, values: Mapping[str, Any]) -> SafeString:
    """The template, which sees these values alone: texts, numbers and days, no rows of the database."""
    return SafeString(_kept(name, key_of(dict(values)), values))


def of_filters(form: Any, search_words: Any) -> SafeString:
    """A list's filters as they are set."""
    by = type(form), form.shown, str(search_words)
    return SafeString(_kept("components/_filters.html", by, {"form": form, "search_words": search_words}))


def of_list(name: str, form: Any, values: Mapping[str, Any]) -> SafeString:
    """The template, which sees of a list what is asked for (`form`, and `request` for its address) and these values
    alone: texts, numbers and days.
    """
    by = type(form), form.request.get_full_path(), key_of(dict(values))
    return SafeString(_kept(name, by, {**values, "form": form, "request": form.request}))


def of_address(name: str, request: HttpRequest, values: Mapping[str, Any]) -> SafeString:
    """The template, which sees these values and the `request` for its address alone."""
    by = request.get_full_path(), key_of(dict(values))
    return SafeString(_kept(name, by, {**values, "request": request}))


def _kept(name: str, by: Hashable, values: Mapping[str, Any]) -> str:
    label = name, get_language(), by
    with _shelf_lock:
        if (text := _SHELF.get(label)) is not None:
            _SHELF.move_to_end(label)
    if text is not None and not statements.compared:
        return text
    drawn = get_template(name).render(dict(values))
    if text not in (None, drawn):
        raise AssertionError(f"{name} depends on more than it is kept by")
    with _shelf_lock:
        _SHELF[label] = drawn
        if len(_SHELF) > _MOST:
            _SHELF.popitem(last=False)
    return drawn


def forget() -> None:
    """Pieces are drawn anew: the words of a language have changed."""
    with _shelf_lock:
        _SHELF.clear()


def key_of(value: Any) -> Hashable:
    """All that is in it, to be compared; words that depend on the language alone are left out."""
    if isinstance(value, str):
        return value
    if isinstance(value, dict):
        return tuple([(name, key_of(one)) for name, one in value.items()])
    if isinstance(value, list | tuple):
        return tuple([key_of(one) for one in value])
    if isinstance(value, Model):
        raise TypeError(f"{value!r} is the same by its key, whatever else it says")
    return None if isinstance(value, Promise) else value
