"""Register import: upload, match, look at every row, apply once, undo as one."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from itertools import takewhile
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.text import Truncator, capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from foundation.days import format_day
from foundation.operation import OperationRefused, Submission
from foundation.tables import table_response
from foundation.web import done, page
from foundation.words import apart, isolated
from membership import scope
from membership.declare import acts_on, lists
from membership.forms.imports import ColumnsForm, MendForm, RowsForm, UploadForm
from membership.models import ImportBatch, Template
from membership.operations import imports as operations
from membership.register import TEMPLATES, Row, examples, template_of

AT_ONCE = 50  # rows a page
SAMPLE = 3  # rows that show what a column holds


@lists(ImportBatch, scope.IMPORTS, "POST")
def imports(request: HttpRequest) -> HttpResponse:
    """Templates to download, files so far, and a new one."""
    form = UploadForm(request.POST or None, request.FILES or None)
    if form.is_valid():
        try:
            batch = operations.upload_register(form.submission(request.user), **form.arguments)
            return redirect("import_columns" if _missing(batch) else "import_rows", batch.pk)
        except OperationRefused as refusal:
            form.refuse(refusal)
    context = {
        "form": form,
        "batches": ImportBatch.objects.visible_to(request.user).defer("rows", "before").order_by("-pk")[:25],
        "templates": [
            {"label": label, "url": reverse("import_template", args=[name])} for name, label in Template.choices
        ],
    }
    return page(request, "membership/import_upload", context, status=form.status)


def _missing(batch: ImportBatch) -> bool:
    """Whether a column that must be there is not among the file's headings."""
    return any(column.required and column.name not in batch.columns for column in TEMPLATES[batch.template])


@lists(ImportBatch, scope.IMPORTS)
def template(request: HttpRequest, name: str) -> HttpResponseBase:
    """A file with our headings and example rows."""
    if name not in TEMPLATES:
        raise Http404
    headings = [str(column.heading) for column in TEMPLATES[name]]
    return table_response(request, capfirst(str(Template(name).label)), headings, examples(name), "xlsx")


@acts_on(ImportBatch, scope.IMPORTS, read=scope.IMPORTS)
def columns(request: HttpRequest, batch: ImportBatch) -> HttpResponse:
    """Which heading is which column."""
    form = ColumnsForm(request.POST or None, batch=batch)
    if form.is_valid():
        try:
            operations.match_columns(form.submission(request.user), batch=batch, **form.arguments)
            return redirect("import_rows", batch.pk)
        except OperationRefused as refusal:
            form.refuse(refusal)
    holds = template_of(batch.headers)
    context = {
        "form": form,
        "batch": batch,
        "other": Template(holds).label if holds and holds != batch.template else "",
        "sample": [{"label": heading, "value": _begins(batch, int(place))} for place, heading in form.headings.items()],
    }
    return page(request, "membership/import_columns", context, status=form.status)


def _begins(batch: ImportBatch, place: int) -> str:
    """What the first rows have in that column, each once."""
    cells = [cells[place] for _number, cells in batch.rows[:SAMPLE] if place < len(cells)]
    return apart(Truncator(cell).chars(60) for cell in dict.fromkeys(cells)) or "–"


@acts_on(ImportBatch, scope.IMPORTS, read=scope.IMPORTS)
def rows(request: HttpRequest, batch: ImportBatch) -> HttpResponse:
    """Every row with its finding; wrong ones can be mended here or left out; then the file is taken over."""
    shown = RowsForm(request)
    form = MendForm(request.POST or None, initial={"version": batch.version})
    if form.is_valid():
        run, said = _DOES[form.cleaned_data["do"]]
        try:
            run(form, request.user, batch)
            return done(request, request.get_full_path() if run is _mend else request.path, said)
        except OperationRefused as refusal:
            form.refuse(refusal)
    return page(request, "membership/import_rows", _context(form, shown, batch, request.user), status=form.status)


def _mend(form: MendForm, user: Any, batch: ImportBatch) -> None:
    operations.mend_rows(form.submission(user), batch=batch, **form.mended(batch))


def _leave_out(form: MendForm, user: Any, batch: ImportBatch) -> None:
    """What was typed is kept, and every row that is wrong all the same is left out."""
    _mend(form, user, batch)
    batch = ImportBatch.objects.get(pk=batch.pk)
    wrong = {row.number for row in operations.checked(batch, user) if row.findings}
    left_out = sorted(wrong | set(batch.left_out))
    operations.mend_rows(Submission(user, version=batch.version), batch=batch, cells={}, left_out=left_out)


def _apply(form: MendForm, user: Any, batch: ImportBatch) -> None:
    operations.apply_register(form.submission(user), batch=batch)


def _undo(form: MendForm, user: Any, batch: ImportBatch) -> None:
    operations.undo_register(form.submission(user), batch=batch)


_DOES: dict[str, tuple[Callable[[MendForm, Any, ImportBatch], None], Any]] = {
    "mend": (_mend, _("Checked again.")),
    "leave_out": (_leave_out, _("The wrong rows are left out.")),
    "apply": (_apply, _("The file is in the register.")),
    "undo": (_undo, _("The file is out of the register again.")),
}


def _unused(batch: ImportBatch) -> list[str]:
    """Headings of the file that are no column of ours."""
    used = set(batch.columns.values())
    return [text for place, text in enumerate(batch.headers) if text and place not in used]


def _context(form: MendForm, shown: RowsForm, batch: ImportBatch, user: Any) -> dict[str, Any]:
    checked = [] if batch.applied_by_id else operations.checked(batch, user)
    typed = form.mended(batch) if form.is_bound else {"cells": {}, "left_out": batch.left_out}
    left_out = set(batch.left_out)
    wrong = [row for row in checked if row.findings or row.number in left_out]
    open_ones = [row for row in wrong if row.number not in left_out]
    see_all = shown.cleaned_data["show"] == "all"
    current = Paginator(checked if see_all else wrong, AT_ONCE).get_page(shown.cleaned_data["page"] or 1)
    columns = TEMPLATES[batch.template]
    return {
        "batch": batch,
        "form": form,
        "columns": [column for column in columns if column.name in batch.columns],
        "unused": [] if batch.applied_by_id else _unused(batch),
        "total": len(batch.rows),
        "right": len(checked) - len(wrong),
        "wrong": len(wrong),
        "open": len(open_ones),
        "left_out": len(left_out),
        "see_all": see_all,
        "rows": [_as_read(row, batch) if see_all else _to_mend(row, batch, typed) for row in current],
        "page": current,
        "tabs": [] if batch.applied_by_id else _tabs(see_all, len(wrong), len(checked)),
        "can_apply": not batch.applied_by_id and not open_ones and len(checked) > len(left_out),
        "can_undo": batch.applied_by_id is not None,
        "came_in": _came_in(batch) if batch.applied_by_id else None,
    }


def _came_in(batch: ImportBatch) -> dict[str, Any] | None:
    """The list in which the file's rows stand now; workplaces have none."""
    if batch.template == Template.UNITS:  # those whose codes begin as all of the file do
        begins = takewhile(lambda letters: len(set(letters)) == 1, zip(*_codes_taken(batch, "code"), strict=False))
        return {"label": _("Show the units"), "url": _narrowed("units", q="".join(letters[0] for letters in begins))}
    if batch.template == Template.MEMBERS:  # of their cell, where it is one
        cells = set(_codes_taken(batch, "cell"))
        return {
            "label": _("Show the members"),
            "url": _narrowed("members", unit=cells.pop() if len(cells) == 1 else ""),
        }
    return None


def _codes_taken(batch: ImportBatch, column: str) -> list[str]:
    place, left_out = batch.columns[column], set(batch.left_out)
    return [cells[place].strip() for number, cells in batch.rows if number not in left_out]


def _narrowed(name: str, **by: str) -> str:
    return f"{reverse(name)}?{urlencode(by)}" if all(by.values()) else reverse(name)


def _tabs(see_all: bool, wrong: int, every: int) -> list[dict[str, Any]]:
    return [
        {"label": _("To mend or left out"), "url": "?", "current": not see_all, "score": wrong},
        {"label": _("All rows"), "url": "?show=all", "current": see_all, "score": every},
    ]


def _said(row: Row, batch: ImportBatch) -> list[str]:
    """The row's findings, each with the column it is about where its sentence does not name it."""
    headings = {column.name: str(column.heading) for column in TEMPLATES[batch.template]}
    return [_about(headings.get(column, ""), str(sentence)) for column, sentence in row.findings]


def _about(heading: str, sentence: str) -> str:
    if heading.casefold() in sentence.casefold():
        return sentence
    return gettext("%(column)s: %(finding)s") % {"column": isolated(heading), "finding": sentence}


def _as_read(row: Row, batch: ImportBatch) -> dict[str, Any]:
    """A row as it is understood: days as days, whatever else as it is written; a cell a column of the file."""
    cells = [_understood(row, batch, c.name) for c in TEMPLATES[batch.template] if c.name in batch.columns]
    return {**_about_row(row, batch), "cells": cells, "out": row.number in batch.left_out}


def _about_row(row: Row, batch: ImportBatch) -> dict[str, Any]:
    return {"number": row.number, "findings": _said(row, batch), "registered": row.registered}


def _understood(row: Row, batch: ImportBatch, name: str) -> str:
    value = row.values.get(name)
    return format_day(value) if isinstance(value, date) else Truncator(_cell(row, batch, name)).chars(60)


def _to_mend(row: Row, batch: ImportBatch, typed: dict[str, Any]) -> dict[str, Any]:
    """A wrong row for the page: its findings, and a field for each column in question, that helps or must be there."""
    fields = [
        {
            "name": f"cell-{row.number}-{column.name}",
            "label": column.heading,
            "value": typed["cells"].get((row.number, column.name), _cell(row, batch, column.name)),
            "wrong": row.is_wrong(column.name),
        }
        for column in TEMPLATES[batch.template]
        if column.required or row.is_wrong(column.name) or column.name in row.helps
    ]
    return {**_about_row(row, batch), "fields": fields, "out": row.number in typed["left_out"]}


def _cell(row: Row, batch: ImportBatch, name: str) -> str:
    place = batch.columns.get(name)
    return row.cells[place] if place is not None and place < len(row.cells) else ""
