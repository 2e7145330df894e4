"""Forms of the register import."""

from __future__ import annotations

import hashlib
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from foundation import clock
from foundation.tables import TableRefused, read
from foundation.web import DayField, OperationForm
from membership.models import ImportBatch, Template
from membership.register import TEMPLATES

LARGEST = 20 * 2**20  # bytes


class UploadForm(OperationForm):
    """A file of one template."""

    submit = _("Check the file")
    not_arguments = ("file",)
    template = forms.ChoiceField(label=_("What the file holds"), choices=Template.choices)
    file = forms.FileField(label=_("File (XLSX or CSV)"), max_length=200)
    as_on = DayField(label=_("Register as on"), initial=clock.today)

    def clean_file(self) -> Any:
        """The table in the file; a sentence where it cannot be read."""
        file = self.cleaned_data["file"]
        if file.size > LARGEST:
            raise forms.ValidationError(_("A file has at most 20 MB."))
        try:
            self.table = read(file, file.name)
        except TableRefused as refused:
            raise forms.ValidationError(refused.args[0]) from refused
        file.seek(0)
        self.file_hash = hashlib.file_digest(file, "sha256").hexdigest()
        return file

    def clean_as_on(self) -> Any:
        """Not in the future."""
        if (day := self.cleaned_data["as_on"]) > clock.today():
            raise forms.ValidationError(_("This day is still to come."))
        return day

    @property
    def arguments(self) -> dict[str, Any]:
        """The operation's arguments."""
        return {
            "template": self.cleaned_data["template"], "as_on": self.cleaned_data["as_on"],
            "file_name": self.cleaned_data["file"].name, "file_hash": self.file_hash,
            "headers": self.table.headers, "rows": self.table.rows,
        }  # fmt: skip


class ColumnsForm(OperationForm):
    """Which heading of theirs is which column of ours."""

    submit = _("These are the columns")

    def __init__(self, *args: Any, batch: ImportBatch, **kwargs: Any):
        super().__init__(*args, initial={"version": batch.version}, **kwargs)
        headings = [
            ("", _("not in the file")),
            *((str(place), text or f"#{place + 1}") for place, text in enumerate(batch.headers)),
        ]
        for column in TEMPLATES[batch.template]:
            self.fields[column.name] = forms.ChoiceField(
                label=column.heading,
                choices=headings,
                required=column.required,
                initial=str(batch.columns.get(column.name, "")),
            )

    def clean(self) -> dict[str, Any]:
        """One heading is one column."""
        cleaned = super().clean() or self.cleaned_data
        chosen = [place for name in self.own_fields() if (place := cleaned.get(name))]
        if len(chosen) != len(set(chosen)):
            raise forms.ValidationError(_("One heading stands for two columns."))
        return cleaned

    @property
    def arguments(self) -> dict[str, Any]:
        """The operation's arguments."""
        return {"columns": {name: int(place) for name in self.own_fields() if (place := self.cleaned_data[name])}}
