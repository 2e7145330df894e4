"""Days as people type them: day, month, year, in the digits of their own script; and as the program writes them."""

import re
import unicodedata
from datetime import date

from django.utils.translation import gettext_lazy as _

from foundation.numbers import western_digits

FIRST_YEAR, LAST_YEAR = 1900, 2200

_PART = r"\s*[/.\-]\s*"
_DAY_MONTH_YEAR = re.compile(rf"(\d{{1,2}}){_PART}(\d{{1,2}}){_PART}(\d+)", re.ASCII)
_YEAR_MONTH_DAY = re.compile(r"(\d{4})-(\d{2})-(\d{2})", re.ASCII)
_MONTH_YEAR = re.compile(rf"(\d{{1,2}}){_PART}(\d+)", re.ASCII)
_YEAR_MONTH = re.compile(r"(\d{4})-(\d{2})", re.ASCII)
_YEAR = re.compile(r"\d+", re.ASCII)
_LONGEST = 40  # characters; nothing longer is a day


def parse_day(text: str) -> date:
    """The day of d/m/yyyy, d-m-yyyy, d.m.yyyy or yyyy-mm-dd, from the year 1900 to 2200.

    ValueError, worded for the person, for anything else.
    """
    typed = _plain(text)
    if found := _YEAR_MONTH_DAY.fullmatch(typed):
        year, month, day = found.groups()
    elif found := _DAY_MONTH_YEAR.fullmatch(typed):
        day, month, year = found.groups()
    else:
        raise ValueError(_("Write the date as day/month/year, for example 31/12/2025."))
    return _date(_year(year), int(month), int(day))


def parse_month(text: str) -> tuple[int, int | None]:
    """Year and month of m/yyyy or yyyy-mm; year and None of yyyy. ValueError, worded for the person, otherwise."""
    typed = _plain(text)
    if _YEAR.fullmatch(typed):
        return _year(typed), None
    if found := _YEAR_MONTH.fullmatch(typed):
        year, month = found.groups()
    elif found := _MONTH_YEAR.fullmatch(typed):
        month, year = found.groups()
    else:
        raise ValueError(_("Write the month as month/year, for example 12/2025, or only the year."))
    return _year(year), _date(_year(year), int(month), 1).month


def format_day(day: date) -> str:
    """dd/mm/yyyy: how every page, sheet and document writes a day; `parse_day` reads it back."""
    return f"{day.day:02}/{day.month:02}/{day.year:04}"


def _plain(text: str) -> str:
    """Western digits, without invisible marks and outer blanks; empty for what is too long to be a day."""
    if len(text) > _LONGEST:
        return ""
    return western_digits("".join(c for c in text if unicodedata.category(c) != "Cf")).strip()


def _year(digits: str) -> int:
    if len(digits) <= 2:
        raise ValueError(_("Write the year with four digits, for example 2025."))
    if len(digits) != 4 or not FIRST_YEAR <= int(digits) <= LAST_YEAR:
        raise ValueError(_("The year must be from 1900 to 2200."))
    return int(digits)


def _date(year: int, month: int, day: int) -> date:
    if not 1 <= month <= 12:
        raise ValueError(_("There is no such month: %(month)s. Months go from 1 to 12.") % {"month": month})
    try:
        return date(year, month, day)
    except ValueError:
        raise ValueError(
            _("There is no such day: %(day)s/%(month)s/%(year)s.") % {"day": day, "month": month, "year": year}
        ) from None
