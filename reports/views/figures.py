"""The list behind every figure."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.core.paginator import Page
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from foundation.addresses import address
from foundation.days import format_day
from foundation.tables import table_response
from foundation.web import page
from foundation.web.lists import Rows, for_paper
from foundation.words import isolated
from membership.declare import any_day, lists
from membership.models import Organisation
from reports import goals, listing
from reports.forms import AskForm
from reports.indicators import FIGURES, Ask, Indicator
from reports.indicators.ground import CAPABILITY
from reports.places import Place
from reports.views import measures
from reports.views.progress import has, reads_names, reason, show_frame

MEASURES = {"ceiling": measures.ceiling, "target": measures.targets}  # figures that are no list: what explains them


class ListOfFigure(AskForm):
    """The question, and which of its rows: a reason (of those too late), an order, columns for paper."""

    sorts = {"name": (), "cell": (), "committee": (), "day": (), "number": ()}
    unsorted = "-day"
    reason = forms.CharField(label=gettext_lazy("Reason"), required=False, max_length=60, widget=forms.HiddenInput)
    columns = forms.MultipleChoiceField(
        label=gettext_lazy("Columns"),
        required=False,
        choices=list(listing.COLUMNS.items()),
        widget=forms.MultipleHiddenInput,
    )


@any_day
@lists(Organisation, CAPABILITY)
def figure_list(request: HttpRequest, code: str) -> HttpResponseBase:
    """One row a counted thing, its length is the figure; readers without names get one row a cell."""
    figure = listing.figure_of(code)
    if figure is None and code not in MEASURES:
        raise Http404
    form = ListOfFigure(request)
    place = form.place(request.user)
    show_frame(request, form, place)
    ask = form.ask(request.user, place)
    if figure is None:
        return MEASURES[code](request, form, place, ask, _head(form, place, ask, FIGURES[code]))
    rows = listing.narrowed(figure.rows(ask), form.cleaned_data["reason"])
    people = bool(listing.KINDS[rows.model].person)
    context = _head(form, place, ask, figure)
    if people and not reads_names(request.user, place, ask.group):
        form.unsorted = "committee"
        found = listing.cells_in_order(listing.by_cell(rows, figure, ask), form.order)
        counted = rows.aggregate(number=figure.counted)["number"]
        return measures.by_cell(request, form, found, str(figure.label), counted, {**context, "form_of_order": form})
    return _people(request, form, place, ask, figure, rows, context)


def _head(form: ListOfFigure, place: Place, ask: Ask, figure: Any) -> dict[str, Any]:
    goal = goals.Goal(ask.first, ask.last, ask.group, goals.kind_of(ask))
    on = (_("as at %(day)s") % {"day": format_day(ask.as_at)}).replace(" ", "\N{NO-BREAK SPACE}")
    about = [isolated(place.name), goal.label]
    if code := form.cleaned_data["reason"]:
        about.append(reason("" if code == "none" else code))
    return {
        "title": figure.label,
        "unit": place.name,
        "lead": " · ".join([*about[:2], on, *about[2:]]),
        "about": " · ".join(about),
        "actions": [{"label": _("Progress"), "url": f"{address('progress')}?{form.query()}", "icon": "speedometer2"}],
        "as_at": ask.as_at,
    }


def _people(
    request: HttpRequest,
    form: ListOfFigure,
    place: Place,
    ask: Ask,
    figure: Indicator,
    rows: Any,
    context: dict[str, Any],
) -> HttpResponseBase:
    words = listing.columns_of(rows)
    kind, personal = form.cleaned_data["format"], bool(listing.KINDS[rows.model].person)
    may_export = not personal or has(request.user, place, "export")
    if kind and not may_export:
        raise PermissionDenied
    if listing.kind_of(rows) is listing.AHEAD:
        form.unsorted = "day"  # who can be admitted soonest comes first
    sort = form.order
    if kind:
        rows = listing.order(listing.described(rows, figure, ask, request.user), sort, figure, ask)
    if kind == "print":
        return _printed(request, form, rows, words, context)
    if kind:
        chosen = [key for key in words if key not in ("phone", "signature")]
        values = ([_value(cell) for cell in listing.cells(row, chosen)] for row in rows.iterator(500))
        return table_response(request, str(figure.label), [words[key] for key in chosen], values, kind)
    count, hidden, read = listing.pages_of(figure, ask, request.user, form.cleaned_data["reason"], sort)
    shown = form.page_of(Rows(read), count)
    chosen = [key for key in listing.SHOWN if key in words]
    lines = [{"pk": row.pk, "cells": _said(listing.cells(row, chosen), chosen, words)} for row in shown]
    return _listed(
        request,
        form,
        shown,
        lines,
        words,
        chosen,
        {**context, "may_export": may_export, "prints": True, "hidden": hidden},
    )


def _said(cells: list[listing.Cell], chosen: list[str], words: dict[str, Any]) -> list[listing.Cell]:
    """The day says on a phone what it is the day of."""
    return [cell | {"label": words[key]} if key == "day" else cell for key, cell in zip(chosen, cells, strict=True)]


def _value(cell: dict[str, Any]) -> Any:
    value = cell["value"]
    return value if value is None or hasattr(value, "year") else str(value)


def _listed(
    request: HttpRequest,
    form: ListOfFigure,
    shown: Page,
    lines: list[dict[str, Any]],
    words: dict[str, Any],
    chosen: list[str],
    context: dict[str, Any],
) -> HttpResponseBase:
    columns = [{"label": words[key], "kind": "day" if key == "day" else "text", "key": key} for key in chosen]
    listed = {
        "form": form,
        "form_of_order": form,
        "columns": columns,
        "rows": lines,
        "page": shown,
        "count": shown.paginator.count,
    }
    return page(request, "reports/figure_list", {**context, **listed})


def _printed(
    request: HttpRequest, form: ListOfFigure, rows: Any, words: dict[str, Any], context: dict[str, Any]
) -> HttpResponseBase:
    """On A4, one line a person, with the columns chosen."""
    asked = form.cleaned_data["columns"] or listing.DEFAULT
    chosen = [key for key in words if key in asked]
    context |= {
        "subtitle": context["about"],  # the day stands beside the number
        "columns": [words[key] for key in chosen],
        "rows": [[cell["value"] for cell in listing.cells(row, chosen)] for row in for_paper(rows)],
        "column_choices": [{"name": key, "label": word, "chosen": key in chosen} for key, word in words.items()],
        "back": form.address(format=None, columns=None),
    }
    return page(request, "recruitment/print_list", context)
