"""What explains a figure that is no list itself: the people behind the ceiling, the targets with their pace."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from foundation.addresses import address, address_of
from foundation.days import format_day
from foundation.numbers import format_number
from foundation.tables import table_response
from foundation.web import page
from reports import goals, listing
from reports.forms import AskForm
from reports.indicators import FIGURES, Ask
from reports.indicators.targets import pace_of
from reports.models import Group
from reports.places import Place
from reports.views.progress import PIECES, has, reads_names


def ceiling(request: HttpRequest, form: AskForm, place: Place, ask: Ask, context: dict[str, Any]) -> HttpResponseBase:
    """Who was admitted and who still could be, one row a person, under the sum; without names, one row a cell."""
    label, total = str(FIGURES["ceiling"].label), FIGURES["ceiling"].value(ask)
    pieces = [figure for code in PIECES if (figure := listing.figure_of(code)) and (total is not None)]
    parts = [(figure, figure.rows(ask)) for figure in pieces]
    if not reads_names(request.user, place, ask.group):
        form.unsorted = "committee"
        found = listing.cells_together(parts, ask, form.order)
        return by_cell(request, form, found, label, total, {**context, "form_of_order": form})
    rows = listing.Together(parts, ask, request.user)
    may_export = has(request.user, place, "export")
    kind = form.file_kind("xlsx", "csv")
    if kind and not may_export:
        raise PermissionDenied
    head = [listing.COLUMNS[name] for name in listing.SHOWN]
    labels = [str(word) for word in (*head, _("Counted as"))]
    if kind:
        values = ([cell["value"] for cell in line] for line in _lines(rows[:]))
        return table_response(request, label, labels, values, kind)
    shown = form.page_of(rows)
    context |= {
        "sum": " + ".join(
            f"{format_number(size)}\N{NO-BREAK SPACE}{PIECES[figure.code] % size}" for figure, size in rows.sizes
        ),
        "columns": [
            {"label": word, "kind": "day" if name == "day" else "text"}
            for name, word in zip((*listing.SHOWN, ""), labels, strict=True)
        ],
        "rows": [{"pk": row.pk, "cells": line} for row, line in zip(shown, _lines(shown), strict=True)],
        "page": shown,
        "count": total,
        "may_export": may_export,
        "hidden": rows.hidden,
    }
    return page(request, "reports/figure_list", context)


def _lines(rows: Iterable[Any]) -> Iterator[list[dict[str, Any]]]:
    for row in rows:
        yield [*listing.cells(row, listing.SHOWN), {"kind": "text", "value": capfirst(PIECES[row.counted_as] % 1)}]


def by_cell(
    request: HttpRequest, form: AskForm, found: Any, label: str, counted: Any, context: dict[str, Any]
) -> HttpResponseBase:
    """One row a cell with its number: for readers without names."""
    labels = [_("Cell"), _("Committee"), label]
    if kind := form.file_kind("xlsx", "csv"):
        values = ([row["unit_name"], row["above_name"], row["number"]] for row in found)
        return table_response(request, label, labels, values, kind)
    shown = form.page_of(found)
    lines = [
        {
            "pk": row["unit_key"],
            "cells": [
                {"kind": "text", "value": row["unit_name"], "url": address_of("unit", row["unit_key"])},
                {"kind": "text", "value": row["above_name"]},
                {"kind": "number", "value": row["number"]},
            ],
        }
        for row in shown
    ]
    columns = [
        {"label": word, "kind": "number" if key == "number" else "text", "key": key}
        for key, word in zip(("cell", "committee", "number"), labels, strict=True)
    ]
    cells = shown.paginator.count
    made_of = ngettext("in %(number)s cell", "in %(number)s cells", cells) % {"number": format_number(cells)}
    context = {"sum": made_of, **context, "columns": columns, "rows": lines, "page": shown}
    context |= {"count": counted, "may_export": True}
    return page(request, "reports/figure_list", context)


def targets(request: HttpRequest, form: AskForm, place: Place, ask: Ask, context: dict[str, Any]) -> HttpResponseBase:
    """What decided plans ask of the unit and of the units under it, by group; and how the pace is counted."""
    names = {row.organisation_id: row.name for row in place.children}
    rows: list[tuple[str, str, int]] = []
    for goal in goals.goals(ask, names):
        if (goal.first, goal.last) == (ask.first, ask.last) and (goal.group == ask.group or not ask.group):
            group, below = str(capfirst(Group(goal.group).label)), dict(goal.of_children)
            rows += [(place.name, group, goal.target)] if goal.target is not None else []
            rows += [(name, group, below[unit]) for unit, name in names.items() if unit in below]
    labels = [_("Unit"), _("Group"), _("Target")]
    if kind := form.file_kind("xlsx", "csv"):
        return table_response(request, str(FIGURES["target"].label), labels, rows, kind)
    wanted = FIGURES["target"].value(ask)
    table = {
        "title": FIGURES["target"].label,
        "lead": context["lead"] if wanted is None else f"{format_number(wanted)} · {context['lead']}",
        "columns": [{"label": word, "kind": "number" if at == 2 else "text"} for at, word in enumerate(labels)],
        "rows": [{"cells": [{"kind": _kind(value), "value": value} for value in row]} for row in rows],
        "may_export": True,
        "note": _pace(wanted, ask),
        "back": f"{address('progress')}?{form.query()}",
    }
    return page(request, "reports/table", table)


def _kind(value: str | int) -> str:
    return "number" if isinstance(value, int) else "text"


def _pace(wanted: Any, ask: Ask) -> str:
    """How the pace is computed, with its numbers."""
    said = _("Pace is the target's share for the days of the period that are gone.")
    if wanted is None:
        return said
    days = (ask.last - ask.first).days + 1
    gone = max(0, (min(ask.as_at, ask.last) - ask.first).days + 1)
    numbers = {
        "day": format_day(ask.as_at),
        "target": format_number(wanted),
        "gone": format_number(gone),
        "days": format_number(days),
        "pace": format_number(pace_of(wanted, ask)),
    }
    return f"{said} " + _("On %(day)s: %(target)s × %(gone)s of %(days)s days = %(pace)s.") % numbers
