"""Forms of operations: shape of the input, with the version seen and the form's key."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Fieldset, Layout, Submit
from django import forms
from django.core import signing
from django.utils.translation import gettext_lazy as _

from foundation.operation import OperationRefused, StaleVersion, Submission
from foundation.web.fields import TextField

COMMON = ("version", "key", "seen", "offered", "reason")  # fields of every form
_SIDES = ("original", "theirs", "yours")
CHOICE = "choice-"  # + a field's name: which of original, theirs and yours was chosen
_WRITE = forms.Field.default_error_messages["required"]
RESUMED = "_resumed"  # comes with what was typed when a session ended: shown again, not carried out


class OperationForm(forms.Form):
    """Subclasses declare the operation's arguments as fields; version, key and reason come with it."""

    data: Any
    fields: dict[str, Any]
    status: Any  # of the answer; a subclass may have a field of this name
    submit: Any = _("Save")
    asks_reason = False
    begins_typing = False  # the first field has the focus when the form is opened
    not_arguments: tuple[str, ...] = ()  # fields of the form that the operation does not take
    sections: Mapping[str, Any] = {}  # headings of a long form: the field that begins a section, and its heading

    version = forms.IntegerField(required=False, min_value=0, max_value=2**31 - 1, widget=forms.HiddenInput)
    key = forms.UUIDField(required=False, widget=forms.HiddenInput)
    seen = forms.CharField(required=False, widget=forms.HiddenInput)
    offered = forms.CharField(required=False, widget=forms.HiddenInput)
    reason = TextField(label=_("Reason"), max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, *args: Any, **kwargs: Any):
        kwargs["initial"] = {"key": uuid.uuid4(), **(kwargs.get("initial") or {})}
        self.status = 200
        self.conflict: list[dict[str, Any]] = []
        self.findings: list[Any] = []
        super().__init__(*args, **kwargs)
        for name in self.withheld():
            self.fields.pop(name, None)
        self.order_fields([name for name in self.fields if name != "reason"])
        self.fields["reason"].required = self.asks_reason
        if not self.asks_reason:
            self.fields["reason"].widget = forms.HiddenInput()
        self._take_choices()
        for field in self.fields.values():
            if getattr(field, "empty_label", None):
                field.empty_label = "—"  # as in every other list of ours
        if self.begins_typing and not self.is_bound and (shown := [f.name for f in self.visible_fields()]):
            self.fields[shown[0]].widget.attrs["autofocus"] = True
        self.initial["seen"] = signing.dumps({name: self._shown(name, self.initial) for name in self.own_fields()})

    @property
    def helper(self) -> FormHelper:
        """Form tag, token, hx attributes and the button that names its object."""
        helper = FormHelper()
        helper.form_id = "operation"
        helper.attrs = {"novalidate": "", "data-guard": ""}
        if self.sections:
            helper.layout, helper.render_hidden_fields = Layout(*self._in_sections()), True
        helper.add_input(Submit("save", self.submit))
        return helper

    def _in_sections(self) -> list[Any]:
        parts: list[Any] = []
        for field in self.visible_fields():
            if field.name in self.sections:
                parts.append(Fieldset(self.sections[field.name]))
            (parts[-1].fields if parts else parts).append(field.name)
        return parts

    @property
    def marks_needed(self) -> bool:
        """Whether a mark tells fields that are needed from others: where all are, it has nothing to tell."""
        return len({field.field.required for field in self.visible_fields()}) > 1

    def withheld(self) -> Iterable[str]:
        """Fields this reader does not get: neither shown nor in what the form remembers of the values it showed."""
        return ()

    def own_fields(self) -> list[str]:
        """Fields a person fills in."""
        return [name for name in self.fields if name not in COMMON]

    @property
    def arguments(self) -> dict[str, Any]:
        """The operation's keyword arguments."""
        return {name: self.cleaned_data[name] for name in self.own_fields() if name not in self.not_arguments}

    def typed(self, name: str) -> Any:
        """What stands in the field, as its kind, also while the rest is not right; None where it cannot be read."""
        try:
            return self.fields[name].clean(self[name].value())
        except forms.ValidationError:
            return None

    def is_as_stored(self) -> bool:
        """Whether a form that is right says only what is stored already: no entry is made of it."""
        return not set(self.changed_data).intersection(self.own_fields())

    def submission(self, actor: Any) -> Submission:
        """Who asks, why, the version they saw, and the form's key."""
        data = self.cleaned_data
        return Submission(actor, data.get("reason") or "", data.get("version"), data.get("key"))

    def full_clean(self) -> None:
        """What is missing is asked for as it is given: nobody writes into a list."""
        for field in self.fields.values():
            if field.error_messages["required"] == _WRITE and isinstance(field, forms.FileField):
                field.error_messages["required"] = _("Choose a file.")
            elif field.error_messages["required"] == _WRITE and hasattr(field, "choices"):
                field.error_messages["required"] = _("Choose one.")
        super().full_clean()

    def is_valid(self) -> bool:
        """Also sets `status`: 422 where a field is wrong."""
        valid = super().is_valid()
        if self.is_bound and RESUMED in self.data:
            self.add_error(None, _("Your session had ended. Look at what you typed, then send it."))
            return False
        if self.is_bound and not valid:
            self.status = 422
        return valid

    def refuse(self, refusal: OperationRefused) -> None:
        """The refusal's sentences stand above the form; a stale version shows each differing field three times."""
        self.status = refusal.status
        for sentence in refusal.messages:
            self.add_error(None, sentence)
        if isinstance(refusal, StaleVersion):
            self._show_conflict(refusal.current)
        else:
            self.findings = [reason for reason in refusal.args if hasattr(reason, "outcome")]

    def current_values(self, current: Any) -> dict[str, Any]:
        """How the stored object would fill this form now; subclasses that edit override it."""
        return {name: getattr(current, name, None) for name in self.own_fields()}

    def _show_conflict(self, current: Any) -> None:
        """`conflict`: a row a field that differs, with original, theirs and yours. What the reader left as it was
        comes as it is stored now, what they typed stays; sent again, the form saves what is chosen.
        """
        try:
            original = signing.loads(self.data.get(self.add_prefix("seen"), ""))
        except signing.BadSignature:
            original = {}
        stored = self.current_values(current)
        self.data = self.data.copy()
        for name in self.own_fields():
            theirs, yours = self._shown(name, stored), self.data.get(self.add_prefix(name), "")
            if theirs != yours and self.fields[name].has_changed(theirs, yours):
                texts = {"original": original.get(name, ""), "theirs": theirs, "yours": yours}
                chosen = "yours" if self.fields[name].has_changed(texts["original"], yours) else "theirs"
                self.conflict.append(self._row(name, texts, chosen))
                self.data[self.add_prefix(name)] = texts[chosen]
        self.data[self.add_prefix("version")] = str(current.version)
        self.data[self.add_prefix("key")] = str(uuid.uuid4())
        self.data[self.add_prefix("offered")] = signing.dumps(
            {row["name"]: {which: row[which] for which in _SIDES} for row in self.conflict}
        )

    def _row(self, name: str, texts: dict[str, str], chosen: str) -> dict[str, Any]:
        """A differing field: original, theirs and yours as the field takes them, `words` as people read them."""
        field = self.fields[name]
        named = {str(value): label for value, label in getattr(field, "choices", ())}
        words = {which: named.get(text, text) for which, text in texts.items()}
        return {"name": self.add_prefix(name), "label": field.label, **texts, "words": words, "chosen": chosen}

    def _take_choices(self) -> None:
        """Where nothing was typed since, a field of a conflict has the text that was chosen: without a script too."""
        if not self.is_bound or not (text := self.data.get(self.add_prefix("offered"))):
            return
        try:
            offered = signing.loads(text)
        except signing.BadSignature:
            return
        self.data = self.data.copy()
        for name, texts in offered.items():
            shown = self.data.get(name, "")
            if shown in texts.values() and (chosen := self.data.get(CHOICE + name)) in texts:
                self.data[name] = texts[chosen]

    def _shown(self, name: str, values: Mapping[str, Any]) -> str:
        value = values.get(name, self.fields[name].initial)
        value = self.fields[name].prepare_value(value() if callable(value) else value)
        return "" if value is None else str(getattr(value, "pk", value))
