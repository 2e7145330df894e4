"""Forms of the register import."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from foundation import clock, names
from foundation.tables import Table, TableRefused, read
from foundation.web import DayField, OperationForm
from foundation.web.lists import ListForm
from membership.models import ImportBatch, Template
from membership.register import TEMPLATES, template_of

LONGEST_CELL = 1000  # characters


class UploadForm(OperationForm):
    """A file of one template."""

    submit = _("Check the file")
    template = forms.ChoiceField(
        label=_("What the file holds"), choices=[("", _("as its headings say")), *Template.choices], required=False
    )
    file = forms.FileField(
        label=_("File (XLSX or CSV)"),
        max_length=200,
        allow_empty_file=True,
        widget=forms.FileInput({"data-choose": _("Choose a file"), "data-nothing": _("nothing chosen yet")}),
    )
    as_on = DayField(label=_("Register as on"), initial=clock.today)

    def clean_file(self) -> Table:
        """The table in the file; a sentence where it cannot be read."""
        file = self.cleaned_data["file"]
        try:
            self.file_name = names.clean(file.name)
            return read(file, file.name)
        except TableRefused as refused:
            raise forms.ValidationError(str(refused)) from refused
        except ValueError as error:
            raise forms.ValidationError(error.args[0]) from error

    def clean_as_on(self) -> Any:
        """Not in the future."""
        if (day := self.cleaned_data["as_on"]) > clock.today():
            raise forms.ValidationError(_("This day is still to come."))
        return day

    def clean(self) -> dict[str, Any]:
        """Where it is not said what the file holds, its headings tell."""
        cleaned = super().clean() or self.cleaned_data
        if (table := cleaned.get("file")) and not cleaned.get("template"):
            cleaned["template"] = template_of(table.headers)
            if not cleaned["template"] and not self.has_error("template"):
                self.add_error("template", _("The headings do not tell what the file holds. Choose it."))
        return cleaned

    @property
    def arguments(self) -> dict[str, Any]:
        """The operation's arguments."""
        table: Table = self.cleaned_data["file"]
        return {
            "template": self.cleaned_data["template"], "as_on": self.cleaned_data["as_on"],
            "file_name": self.file_name, "file_hash": table.sha256, "headers": table.headers, "rows": table.rows,
            "lossy": table.lossy,
        }  # fmt: skip


class ColumnsForm(OperationForm):
    """Which heading of theirs is which column of ours."""

    submit = _("These are the columns")

    def __init__(self, *args: Any, batch: ImportBatch, **kwargs: Any):
        super().__init__(*args, initial={"version": batch.version}, **kwargs)
        self.headings = {str(place): text or f"#{place + 1}" for place, text in enumerate(batch.headers)}
        for column in TEMPLATES[batch.template]:
            self.fields[column.name] = forms.ChoiceField(
                label=column.heading,
                choices=[("", _("not in the file")), *self.headings.items()],
                required=column.required,
                initial=str(batch.columns.get(column.name, "")),
            )

    def clean(self) -> dict[str, Any]:
        """One heading is one column."""
        cleaned = super().clean() or self.cleaned_data
        first: dict[str, str] = {}
        for name in self.own_fields():
            if (place := cleaned.get(name)) and (other := first.setdefault(place, name)) != name:
                for one, another in ((other, name), (name, other)):
                    self.add_error(one, self._chosen_twice(place, another))
        return cleaned

    def _chosen_twice(self, place: str, other: str) -> Any:
        told = _("“%(heading)s” is chosen for “%(other)s” too. Choose another one here or there.")
        return told % {"heading": self.headings[place], "other": self.fields[other].label}

    @property
    def missing(self) -> list[Any]:
        """Columns that must be there and for which no heading is chosen."""
        return [field.label for field in self.visible_fields() if field.field.required and not field.value()]

    @property
    def arguments(self) -> dict[str, Any]:
        """The operation's arguments."""
        return {"columns": {name: int(place) for name in self.own_fields() if (place := self.cleaned_data[name])}}


class RowsForm(ListForm):
    """Which rows of the file are shown: the wrong ones, or all."""

    show = forms.ChoiceField(label=_("Rows"), required=False, choices=[("", _("to mend")), ("all", _("all"))])


class MendForm(OperationForm):
    """What the page of rows sends: cells (`cell-<row>-<column>`), rows left out (`out-<row>`), and what to do."""

    do = forms.ChoiceField(
        label=_("What to do"),
        choices=[("mend", ""), ("leave_out", ""), ("apply", ""), ("undo", "")],
        error_messages={"invalid_choice": _("Use a button of this page."), "required": _("Use a button of this page.")},
    )

    def current_values(self, current: Any) -> dict[str, Any]:
        """A button is nothing that two could have set differently."""
        return {"do": self.data.get("do", "")}

    def mended(self, batch: ImportBatch) -> dict[str, Any]:
        """Cells and rows left out, of this batch only; a row the page did not show stays as it was."""
        numbers = {number for number, _cells in batch.rows}
        columns = {column.name for column in TEMPLATES[batch.template]}
        cells, left_out = {}, set(batch.left_out)
        for key, text in self.data.items():
            sort, _dash, rest = key.partition("-")
            number, _dash, name = rest.partition("-")
            if not (number.isascii() and number.isdigit() and len(number) < 10 and int(number) in numbers):
                continue
            if sort == "cell" and name in columns:
                cells[int(number), name] = text[:LONGEST_CELL]
            elif sort == "shown":
                left_out = left_out | {int(number)} if f"out-{number}" in self.data else left_out - {int(number)}
        return {"cells": cells, "left_out": sorted(left_out)}
