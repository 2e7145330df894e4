"""Answers: a page, or its changed part for htmx; and what follows a write."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render


def page(request: HttpRequest, name: str, context: dict[str, Any], status: int = 200) -> HttpResponse:
    """`templates/<name>.html`; htmx gets `_<last part>.html` alone where it asks for a part and there is one."""
    names = [f"{name}.html"]
    htmx = getattr(request, "htmx", None)
    if htmx and not htmx.boosted and not htmx.history_restore_request:
        folder, _slash, last = name.rpartition("/")
        names.insert(0, f"{folder}/_{last}.html" if folder else f"_{last}.html")
    return render(request, names, context, status=status)


def in_frame(request: HttpRequest, **values: Any) -> None:
    """The frame around this request's page shows these: units, as_at, known_on, children."""
    request._frame_shown = {**getattr(request, "_frame_shown", {}), **values}  # type: ignore[attr-defined]


def done(request: HttpRequest, where: Any, message: Any, undo: str = "") -> HttpResponse:
    """The message shows on the next page, with an offer to undo; `where` is an object or an address."""
    messages.success(request, message, extra_tags=undo)
    address = where if isinstance(where, str) else where.get_absolute_url()
    if getattr(request, "htmx", None):
        return HttpResponse(status=204, headers={"HX-Redirect": address})
    return HttpResponseRedirect(address)
