"""Off the list until a day: whose tasks, and the day."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from foundation.numbers import format_number
from foundation.web import DayField, OperationForm
from recruitment.models import Candidate


def writable(user: Any) -> Any:
    """Candidates with whom the user may do something, with all that an operation asks of them."""
    rows = Candidate.objects.visible_to(user, "candidate.write").in_full()
    return rows.select_related("person", "cell", "standing").order_by("person__sort_key", "pk")


class PutOffForm(OperationForm):
    """The tasks that were chosen on the work page, and the day on which they come back."""

    not_arguments = ("chosen",)
    begins_typing = True
    until_on = DayField(label=_("Until"))
    chosen: Any = forms.ModelMultipleChoiceField(queryset=None, widget=forms.MultipleHiddenInput)

    def __init__(self, *args: Any, user: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["chosen"].queryset = writable(user)
        self.fields["chosen"].error_messages["required"] = _("Choose a task first.")
        number = len(self["chosen"].value() or ())
        words = ngettext("Put off %(number)s task", "Put off %(number)s tasks", number)
        self.submit = words % {"number": format_number(number)}
