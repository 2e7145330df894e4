"""Register import: upload, match, look at every row, apply once, undo as one."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from foundation import clock
from foundation.operation import OperationRefused
from foundation.tables import table_response
from foundation.web import OperationForm, done, page
from membership import scope
from membership.declare import acts_on, lists
from membership.forms.imports import ColumnsForm, UploadForm
from membership.models import ImportBatch, Template
from membership.operations import imports as operations
from membership.register import TEMPLATES, Row

WRONG_AT_ONCE = 50


class ApplyForm(OperationForm):
    """Takes the file over, or back."""

    submit = _("Take the rows into the register")


@lists(ImportBatch, scope.IMPORTS, "POST")
def imports(request: HttpRequest) -> HttpResponse:
    """Templates to download, files so far, and a new one."""
    form = UploadForm(request.POST or None, request.FILES or None)
    if form.is_valid():
        try:
            batch = operations.upload_register(form.submission(request.user), **form.arguments)
            missing = [
                column for column in TEMPLATES[batch.template] if column.required and column.name not in batch.columns
            ]
            return redirect("import_columns" if missing else "import_rows", batch.pk)
        except OperationRefused as refusal:
            form.refuse(refusal)
    context = {
        "form": form,
        "batches": ImportBatch.objects.visible_to(request.user).order_by("-pk")[:25],
        "templates": [
            {"label": label, "url": reverse("import_template", args=[name])} for name, label in Template.choices
        ],
    }
    return page(request, "membership/import_upload", context, status=form.status)


@lists(ImportBatch, scope.IMPORTS)
def template(request: HttpRequest, name: str) -> HttpResponse:
    """An empty file with our headings and one example row."""
    if name not in TEMPLATES:
        raise Http404
    columns = TEMPLATES[name]
    return table_response(request, name, [str(c.heading) for c in columns], [[c.example for c in columns]], "xlsx")


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
    context = {"form": form, "batch": batch, "sample": [cells for _number, cells in batch.rows[:3]]}
    return page(request, "membership/import_columns", context, status=form.status)


@acts_on(ImportBatch, scope.IMPORTS, read=scope.IMPORTS)
def rows(request: HttpRequest, batch: ImportBatch) -> HttpResponse:
    """Every row with its finding; wrong ones can be mended here or left out; then the file is taken over."""
    status, refused = 200, []
    if request.method == "POST":
        form = ApplyForm(request.POST)
        try:
            if not form.is_valid():
                status = 422
            elif request.POST.get("do") == "apply":
                operations.apply_register(form.submission(request.user), batch=batch)
                return done(request, reverse("import_rows", args=[batch.pk]), _("The file is in the register."))
            elif request.POST.get("do") == "undo":
                operations.undo_register(form.submission(request.user), batch=batch)
                return done(
                    request, reverse("import_rows", args=[batch.pk]), _("The file is out of the register again.")
                )
            else:
                operations.mend_rows(form.submission(request.user), batch=batch, **_mended(request, batch))
                return done(request, reverse("import_rows", args=[batch.pk]), _("Checked again."))
        except OperationRefused as refusal:
            status, refused = refusal.status, refusal.messages
    return page(request, "membership/import_rows", _rows_context(request, batch) | {"refused": refused}, status=status)


def _mended(request: HttpRequest, batch: ImportBatch) -> dict[str, Any]:
    """Cells (`cell-<row>-<column>`) and rows left out (`out-<row>`) as the page sent them, of this batch only."""
    numbers = {number for number, _cells in batch.rows}
    names = {column.name for column in TEMPLATES[batch.template]}
    cells, left_out = {}, set(batch.left_out)
    for key, text in request.POST.items():
        sort, _dash, rest = key.partition("-")
        number, _dash, name = rest.partition("-")
        if not (number.isascii() and number.isdigit() and int(number[:9]) in numbers):
            continue
        if sort == "cell" and name in names:
            cells[int(number), name] = text[:1000]
        elif sort == "shown":
            left_out = left_out | {int(number)} if f"out-{number}" in request.POST else left_out - {int(number)}
    return {"cells": cells, "left_out": sorted(left_out)}


def _rows_context(request: HttpRequest, batch: ImportBatch) -> dict[str, Any]:
    checked = [] if batch.applied_by_id else operations.checked(batch)
    wrong = [row for row in checked if row.findings]
    open_ones = [row for row in wrong if row.number not in set(batch.left_out)]
    number = request.GET.get("page", "1")
    shown = Paginator(wrong, WRONG_AT_ONCE).get_page(number if number.isascii() else 1)
    columns = TEMPLATES[batch.template]
    return {
        "batch": batch,
        "form": ApplyForm(initial={"version": batch.version}),
        "columns": columns,
        "total": len(batch.rows),
        "right": len(checked) - len(wrong),
        "wrong": len(wrong),
        "open": len(open_ones),
        "left_out": len(batch.left_out),
        "rows": [_row(row, batch, columns) for row in shown],
        "page": shown,
        "can_apply": not batch.applied_by_id and not open_ones and len(checked) > len(batch.left_out),
        "can_undo": batch.applied_by_id is not None,
        "today": clock.today(),
    }


def _row(row: Row, batch: ImportBatch, columns: Any) -> dict[str, Any]:
    """A wrong row for the page: its findings, and a field for each column in question."""
    in_question = {name for name, _sentence in row.findings}
    fields = [
        {
            "name": f"cell-{row.number}-{column.name}",
            "label": column.heading,
            "value": _cell(row, batch, column.name),
            "wrong": column.name in in_question,
        }
        for column in columns
        if column.name in in_question or column.required
    ]
    return {"number": row.number, "findings": row.findings, "fields": fields, "out": row.number in batch.left_out}


def _cell(row: Row, batch: ImportBatch, name: str) -> str:
    place = batch.columns.get(name)
    return row.cells[place] if place is not None and place < len(row.cells) else ""
