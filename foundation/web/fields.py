"""Fields as people type: days and numbers in any digits, months and years where that is all that is known."""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

from foundation import clock, names
from foundation.days import format_day, parse_day, parse_month
from foundation.numbers import parse_number, western_digits


class DayField(forms.CharField):
    """A day as day/month/year, typed or picked; Arabic-Indic digits too."""

    def __init__(self, **kwargs: Any):
        kwargs.setdefault("max_length", 20)
        kwargs.setdefault("widget", forms.TextInput(attrs={"data-day": "", "autocomplete": "off"}))
        super().__init__(**kwargs)
        self.validators = []  # they would meet a day, not its text; what is too long is no day anyway

    def prepare_value(self, value: Any) -> Any:
        """A day is shown as day/month/year."""
        return format_day(value) if isinstance(value, date) else value

    def to_python(self, value: Any) -> date | None:  # type: ignore[override]
        """The day; a sentence where it is none."""
        if isinstance(value, date):
            return value
        text = super().to_python(value) or ""
        if text in self.empty_values:
            return None
        try:
            return parse_day(text)
        except ValueError as error:
            raise ValidationError(error.args[0]) from error

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Whether another day is meant, however it is written."""
        try:
            return self.to_python(initial) != self.to_python(data)
        except ValidationError:
            return True


class PastDayField(DayField):
    """A day that has come: what happened is recorded, not what is planned."""

    def clean(self, value: Any) -> date | None:
        """The day; a sentence where it is in the future."""
        day = super().clean(value)
        if day and day > clock.today():
            raise ValidationError(_("The day is in the future."))
        return day


class BirthField(DayField):
    """A birth day, or only its month and year, or only its year: gives (first day, precision)."""

    def to_python(self, value: Any) -> tuple[date, str] | None:  # type: ignore[override]
        """(day, "day" | "month" | "year")."""
        if isinstance(value, tuple) or value in self.empty_values:
            return value or None
        text = str(value).strip()
        try:
            parts = [part for part in text.replace("-", "/").replace(".", "/").split("/") if part]
            if len(parts) < 3:
                year, month = parse_month(text)
                return (date(year, month or 1, 1), "month" if month else "year")
            return (parse_day(text), "day")
        except ValueError as error:
            raise ValidationError(error.args[0]) from error

    def prepare_value(self, value: Any) -> Any:
        """As exactly as it is known."""
        if not isinstance(value, tuple):
            return super().prepare_value(value)
        day, precision = value
        return {"day": format_day(day), "month": f"{day:%m/%Y}", "year": f"{day:%Y}"}[precision]


class NameField(forms.CharField):
    """A name or short text: NFC, single spaces, nothing invisible."""

    def to_python(self, value: Any) -> str:
        """The text as it is stored."""
        text = super().to_python(value) or ""
        try:
            return names.clean(text)
        except ValueError as error:
            raise ValidationError(error.args[0]) from error


class TextField(forms.CharField):
    """A text of several lines: NFC, otherwise as it was typed."""

    def to_python(self, value: Any) -> str:
        """The text as it is stored."""
        try:
            return names.composed(super().to_python(value) or "")
        except ValueError as error:
            raise ValidationError(error.args[0]) from error


class NumericField(NameField):
    """A short text that is mostly digits, as a telephone number: 0 to 9, whatever script they are typed in."""

    def to_python(self, value: Any) -> str:
        """The text as it is stored."""
        return western_digits(super().to_python(value))


class CodeField(NumericField):
    """Letters, digits, dots and hyphens."""

    default_validators = [RegexValidator(r"^[0-9A-Za-zĐđ._-]+$", _("Letters, digits, dots and hyphens only."))]


class NumberField(forms.IntegerField):
    """A whole number in any digits, grouped or not: a text field, since a browser's own takes 0 to 9 alone."""

    widget = forms.TextInput

    def to_python(self, value: Any) -> int | None:
        """The number; a sentence where it is none."""
        if value in self.empty_values or isinstance(value, int):
            return value if isinstance(value, int) else None
        try:
            return parse_number(str(value))
        except ValueError as error:
            raise ValidationError(error.args[0]) from error

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        """A phone offers its digits."""
        return {"inputmode": "numeric", "autocomplete": "off"}
