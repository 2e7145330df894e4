"""Forms of the admin's operations: what all share. Each says what will change before it does."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django import forms
from django.core import signing
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from foundation.days import format_day
from foundation.numbers import format_number
from foundation.operation import OperationRefused, StaleVersion
from foundation.web import OperationForm
from membership.forms.fields import ForUser

_VERSIONS, _CHOICES = "membership.admin.versions", "membership.admin.choices"


@dataclass
class Preview:
    """What will change: sentences, and a table with a line a row and a line of sums; `numbers` are in these columns."""

    sentences: list[Any] = field(default_factory=list)
    head: list[Any] = field(default_factory=list)
    rows: list[list[Any]] = field(default_factory=list)
    foot: list[Any] = field(default_factory=list)
    numbers: Collection[int] = ()


class AdminForm(ForUser, OperationForm):
    """An operation's form over some rows, for a user. Versions of many rows travel signed; conflicts can be chosen."""

    running: Any = ""  # a sentence that stands beside the button and follows what is typed
    versions_seen = forms.CharField(required=False, widget=forms.HiddenInput)
    in_conflict = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, user: Any, rows: Sequence[Any] = (), initial: dict[str, Any] | None = None):
        self.user, self.rows = user, list(rows)
        versions = {str(row.pk): row.version for row in self.rows if hasattr(row, "version")}
        seen = {"versions_seen": signing.dumps(versions, salt=_VERSIONS)}
        if len(self.rows) == 1 and versions:
            seen["version"] = self.rows[0].version
        super().__init__(_chosen(data), initial={**seen, **(initial or {})})
        self.fields["reason"].widget = forms.Textarea(
            attrs={"rows": 2}
        )  # offered always, asked for where `asks_reason`
        self.prepare()
        self.narrow_to(user)
        self.order_fields([name for name in self.fields if name != "reason"])
        self.initial["seen"] = signing.dumps({name: self._shown(name, self.initial) for name in self.own_fields()})

    def prepare(self) -> None:
        """Fields that depend on the rows or the user."""

    @property
    def row(self) -> Any:
        """The one row, where there is one."""
        return self.rows[0]

    def own_fields(self) -> list[str]:
        """Fields a person fills in."""
        return [name for name in super().own_fields() if name not in ("versions_seen", "in_conflict")]

    @property
    def versions(self) -> dict[str, int]:
        """The version of each row that the reader saw."""
        try:
            return signing.loads(self.cleaned_data["versions_seen"], salt=_VERSIONS)
        except signing.BadSignature:
            return {}

    def refuse(self, refusal: OperationRefused) -> None:
        """Also keeps what can be chosen, for readers without scripts."""
        super().refuse(refusal)
        if isinstance(refusal, StaleVersion):
            choices = {row["name"]: {"original": row["original"], "theirs": row["theirs"]} for row in self.conflict}
            self.data["in_conflict"] = signing.dumps(choices, salt=_CHOICES)  # the form's own copy since the conflict

    def preview(self) -> Preview:
        """What will change. The form is valid."""
        return Preview()

    def shown(self, name: str) -> str:
        """The value of a field, in words, as they stand in a sentence."""
        return self._in_words(name, self.cleaned_data.get(name))

    def _in_words(self, name: str, value: Any) -> str:
        if value in (None, ""):
            return "–"
        if isinstance(value, bool):
            return str(_("yes") if value else _("no"))
        if isinstance(value, date):
            return format_day(value)
        if isinstance(value, int):
            return format_number(value)
        return str(dict(getattr(self.fields[name], "choices", ())).get(value, value))

    def _in_cell(self, name: str, value: Any) -> str:
        """The same as it stands alone; what was typed is left as it is."""
        words = self._in_words(name, value)
        return capfirst(words) if hasattr(self.fields[name], "choices") or isinstance(value, bool) else words

    def values(self, *left_out: str) -> list[list[Any]]:
        """A line a field, as it will be."""
        names = [name for name in self.own_fields() if name not in left_out]
        return [[self.fields[name].label, self._in_cell(name, self.cleaned_data.get(name))] for name in names]

    def differences(self, before: dict[str, Any]) -> Preview:
        """A line a field that changes: as it is, as it will be."""
        after = self.cleaned_data
        rows = [
            [self.fields[name].label, self._in_cell(name, value), self._in_cell(name, after[name])]
            for name, value in before.items()
            if value != after[name]
        ]
        return Preview([] if rows else [_("Nothing changes.")], [_("Field"), _("Now"), _("Then")], rows)


def _chosen(data: Any) -> Any:
    """The values sent, with those of the stored version where the reader chose it without a script."""
    if not data or not data.get("in_conflict"):
        return data
    try:
        offered = signing.loads(data["in_conflict"], salt=_CHOICES)
    except signing.BadSignature:
        return data
    data = data.copy()
    for name, values in offered.items():
        if (choice := data.get(f"choice-{name}")) in values:
            data[name] = values[choice]
    data["in_conflict"] = ""
    return data


def optional(choices: Any) -> list[tuple[str, Any]]:
    return [("", "—"), *choices.choices]
