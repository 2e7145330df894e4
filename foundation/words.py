"""Pieces of sentences: names that keep their direction, and lists with the reader's comma."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import get_language_bidi, gettext

_FIRST_STRONG, _POP = "\u2068", "\u2069"  # invisible marks: what stands between them has a direction of its own


def isolated(name: Any) -> str:
    """The name where no `<bdi>` can stand: within right-to-left text its direction is its own."""
    text = str(name)
    return f"{_FIRST_STRONG}{text}{_POP}" if text and get_language_bidi() else text


def enumerated(words: Iterable[Any]) -> str:
    """The words one after the other, each isolated; empty ones are left out."""
    return gettext(", ").join(isolated(word) for word in words if str(word))


def apart(words: Iterable[Any]) -> str:
    """As `enumerated`, where the words have commas of their own."""
    return gettext("; ").join(isolated(word) for word in words if str(word))
