"""The same step for several candidates: on one day, with one note."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from foundation import clock
from foundation.numbers import format_number
from foundation.web import OperationForm, PastDayField
from membership.models.organisations import names_of_unit
from recruitment.forms.steps import STEPS
from recruitment.models import Candidate
from recruitment.operations import together


@dataclass(frozen=True, slots=True)
class Together:
    """A step that is recorded of several at once: what its button says, and its operation; `stage` as for one."""

    label: Any
    operation: Callable[..., None]
    stage: str


TOGETHER = {
    "take-up": Together(STEPS["take-up"].label, together.take_up_together, "taken_up"),
    "ceremony": Together(STEPS["ceremony"].label, together.hold_ceremonies, "ceremony"),
}


class TogetherForm(OperationForm):
    """Whose step it is, the day and a note. `shown`: keys of those for whom the page said that it can be recorded."""

    not_arguments = ("chosen", "shown")
    happened_on = PastDayField(label=_("On"), initial=clock.today)
    chosen: Any = forms.ModelMultipleChoiceField(queryset=None, widget=forms.MultipleHiddenInput)
    shown = forms.CharField(required=False, max_length=4000, widget=forms.HiddenInput)

    def __init__(self, *args: Any, user: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        rows = Candidate.objects.visible_to(user, "recruitment.step").in_full()
        rows = rows.annotate(place=names_of_unit("cell_id", clock.today()))
        self.fields["chosen"].queryset = rows.order_by("person__sort_key", "pk")
        self.fields["chosen"].error_messages["required"] = _("Choose somebody first.")
        self.fields["reason"].widget = forms.Textarea(attrs={"rows": 2})
        self.fields["reason"].label = _("Note")

    def promise(self, step: Together, free: Collection[Candidate]) -> None:
        """The button names how many it is of; only these are recorded when it is pressed."""
        number = len(free)
        people = ngettext("%(number)s person", "%(number)s people", number) % {"number": format_number(number)}
        self.submit = f"{step.label}: {people}" if free else _("Look at this day")
        promised = " ".join(str(one.pk) for one in free)
        if self.is_bound:
            self.data = self.data.copy()
            self.data["shown"] = promised
        self.initial["shown"] = promised

    @property
    def promised(self) -> list[Candidate]:
        """Of the chosen those for whom the page had said that it can be recorded."""
        keys = set(self.cleaned_data["shown"].split())
        return [one for one in self.cleaned_data["chosen"] if str(one.pk) in keys]
