"""As at which day, as known when: `as_at` and `known_on` of an address, on every page that follows them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django import forms
from django.core.exceptions import BadRequest, ValidationError
from django.http import HttpRequest
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext_lazy as _

from foundation import clock
from foundation.days import parse_day
from foundation.numbers import western_digits
from foundation.web.fields import DayField
from foundation.web.lists import ListForm
from foundation.web.pages import in_frame

NAMES = ("as_at", "known_on")


def moment(text: str) -> datetime:
    """What "known on" means: a day is its end, a date-time is in the office's zone. ValueError, worded, otherwise."""
    typed = western_digits(text.strip())
    if ":" not in typed:
        return clock.end_of(parse_day(typed))
    try:
        found = parse_datetime(typed)
    except ValueError:
        found = None
    if found is None:
        raise ValueError(_("Write the moment as a day, or as day and time: 2024-10-30T17:00."))
    return found if timezone.is_aware(found) else timezone.make_aware(found)


class MomentField(forms.CharField):
    """A day, meaning its end, or a day and time in the office's zone."""

    def to_python(self, value: Any) -> datetime | None:  # type: ignore[override]
        """The moment; a sentence where it is none."""
        text = super().to_python(value)
        if text in self.empty_values:
            return None
        try:
            return moment(text or "")
        except ValueError as error:
            raise ValidationError(error.args[0]) from error

    def run_validators(self, value: Any) -> None:
        """They would meet a moment, not its text."""


class AsOfForm(forms.Form):
    """The two parameters. `day`, `moment`: as at, as known on (None: now)."""

    as_at = DayField(label=_("As at"), required=False, widget=forms.HiddenInput)
    known_on = MomentField(label=_("As known on"), required=False, max_length=40, widget=forms.HiddenInput)

    @property
    def day(self) -> date:
        """The day asked for, by default today."""
        return self.cleaned_data["as_at"] or clock.today()

    @property
    def moment(self) -> datetime | None:
        """The moment of knowledge asked for; None: everything entered until now."""
        return self.cleaned_data["known_on"]

    @property
    def is_past(self) -> bool:
        """Whether anything but today is asked for."""
        return self.day != clock.today() or self.moment is not None


class AsOfList(AsOfForm, ListForm):
    """A list of any day."""


def as_of(request: HttpRequest) -> AsOfForm:
    """The day of a page that is no list; the frame shows it."""
    form = AsOfForm(request.GET)
    if not form.is_valid():
        name, errors = next(iter(form.errors.items()))
        raise BadRequest(f"{form.fields[name].label}: {errors[0]}")
    in_frame(request, as_at=form.day, known_on=form.moment)
    return form


def query(request: HttpRequest) -> str:
    """`?as_at=…&known_on=…` as they stand in the address; empty on a page of today."""
    kept = request.GET.copy()
    for name in request.GET:
        if name not in NAMES or not request.GET[name]:
            del kept[name]
    return f"?{kept.urlencode()}" if kept else ""


def refuse_a_day(request: HttpRequest) -> None:
    """A page that can only show today says so, instead of showing today under another day's name."""
    if any(request.GET.get(name) for name in NAMES):
        raise BadRequest(_("This page shows today only. Take the day out of the address to see it."))
