"""What a view shows or acts on, said by a decorator; undeclared views fail the walk of all URLs."""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.db.models import Model
from django.http import Http404, HttpRequest, HttpResponseNotAllowed
from django.http.response import HttpResponseBase

from foundation.operation import in_full
from foundation.statements import By, prepared
from foundation.web import asof
from membership import scope

View = Callable[..., HttpResponseBase]


@dataclass(frozen=True, slots=True)
class Declaration:
    """What the walk knows of a view."""

    kind: str  # public, signed_in, lists, shows, acts
    model: type[Model] | None = None
    capability: str = ""
    methods: tuple[str, ...] = ("GET", "HEAD")
    any_day: bool = False  # follows `as_at` and `known_on`; other views refuse them


def any_day(view: View) -> View:
    """The view, declared below, follows the day and the knowledge asked for in the address."""
    view.declaration = replace(view.declaration, any_day=True)  # type: ignore[attr-defined]
    return view


def public(*methods: str) -> Callable[[View], View]:
    """Anybody, without signing in."""
    return lambda view: login_not_required(_declared(view, Declaration("public", methods=_with_get(methods))))


def signed_in(*methods: str) -> Callable[[View], View]:
    """Anybody who is signed in; shows the reader's own things only."""
    return lambda view: _declared(view, Declaration("signed_in", methods=_with_get(methods)))


def lists(model: type[Model], capability: str, *methods: str) -> Callable[[View], View]:
    """Rows visible to the reader, who must have the capability somewhere; else 403."""

    def decorate(view: View) -> View:
        declaration = Declaration("lists", model, capability, _with_get(methods))

        @functools.wraps(view)
        def run(request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
            if not scope.may(request.user, capability):
                raise PermissionDenied
            return view(request, **kwargs)

        return _declared(run, declaration)

    return decorate


def shows(model: type[Model], capability: str) -> Callable[[View], View]:
    """GET; the row of the URL, if visible to the reader, else 404."""
    return _on_a_row("shows", model, capability, capability, ())


def acts_on(model: type[Model], capability: str, read: str = "") -> Callable[[View], View]:
    """GET and POST; the row of the URL, if visible, else 404; without the capability over its unit 403."""
    return _on_a_row("acts", model, capability, read or capability.split(".")[0] + ".read", ("POST",))


def _on_a_row(
    kind: str, model: type[Model], capability: str, read: str, methods: tuple[str, ...]
) -> Callable[[View], View]:
    def decorate(view: View) -> View:
        declaration = Declaration(kind, model, capability, _with_get(methods))

        @functools.wraps(view)
        def run(request: HttpRequest, pk: int, **kwargs: Any) -> HttpResponseBase:
            row = visible(model, request.user, pk, read)
            if capability != read and scope.allows(request.user, capability, row.permission_unit()) is False:
                raise PermissionDenied
            return view(request, row, **kwargs)

        return _declared(run, declaration)

    return decorate


def visible(model: Any, user: Any, pk: int, capability: str) -> Any:
    """The row, if visible to the user; foreign and missing rows give the same 404."""
    rows = _row(model, capability, scope.reader(user), pk=pk) if pk < 2**63 else []
    if not rows:
        raise Http404
    return rows[0]


@prepared
def _row(model: Any, capability: str, reader: By, *, pk: int) -> Any:
    return in_full(model.objects.visible_to(reader.value, capability)).filter(pk=pk)[:1]


def _with_get(methods: tuple[str, ...]) -> tuple[str, ...]:
    return ("GET", "HEAD", *methods)


def _declared(view: View, declaration: Declaration) -> View:
    @functools.wraps(view)
    def run(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.method not in declaration.methods:
            return HttpResponseNotAllowed(declaration.methods)
        if not run.declaration.any_day:  # type: ignore[attr-defined]
            asof.refuse_a_day(request)
        return view(request, *args, **kwargs)

    run.declaration = declaration  # type: ignore[attr-defined]
    return run
