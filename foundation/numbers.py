"""Whole numbers as people type them, in the digits of their own script, and as they read them."""

import re
import unicodedata
from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext_lazy as _

from foundation.words import said_once

_GROUPED = re.compile(r"\d{1,3}(?:([.,٬ \u00a0\u202f])\d{3}(?:\1\d{3})*)?|\d+", re.ASCII)
_LONGEST = 100  # characters; nothing longer is a number


def western_digits(text: str) -> str:
    """The text with every decimal digit of another script (Arabic-Indic, Persian, full width, ...) as 0 to 9."""
    return "".join(str(unicodedata.decimal(c)) if unicodedata.category(c) == "Nd" else c for c in text)


def parse_number(text: str) -> int:
    """The whole number of 1200, 1.200, 1,200, 1 200 or ١٬٢٠٠. ValueError, worded for the person, for anything else."""
    typed = western_digits("".join(c for c in text if unicodedata.category(c) != "Cf")).strip()
    if len(text) > _LONGEST or not _GROUPED.fullmatch(typed):
        raise ValueError(_("Write a whole number, for example 25."))
    return int("".join(c for c in typed if c.isdecimal()))


@said_once
def format_number(value: Any) -> str:
    """A number with the reader's grouping; what is not known is a dash."""
    return "–" if value is None or value == "" else number_format(value, use_l10n=True, force_grouping=True)
