"""Pieces of sentences: names that keep their direction, and lists with the reader's comma."""

from collections.abc import Callable, Iterable
from functools import lru_cache, wraps
from typing import Any, TypeVar

from django.utils.translation import get_language, get_language_bidi, gettext

# Invisible marks: what stands between them has a direction of its own, that of its first letter or from right to left.
_FIRST_STRONG, _FROM_RIGHT, _POP = "\u2068", "\u2067", "\u2069"
_RIGHT = "\u200f"  # a letter without a shape: what it begins is read from right to left


def isolated(name: Any) -> str:
    """The name where no `<bdi>` can stand: within right-to-left text its direction is its own."""
    text = str(name)
    return f"{_FIRST_STRONG}{text}{_POP}" if text and get_language_bidi() else text


def enumerated(words: Iterable[Any]) -> str:
    """The words one after the other, each isolated; empty ones are left out."""
    said = [text for word in words if (text := str(word))]
    return gettext(", ").join(map(isolated, said) if get_language_bidi() else said)


def apart(words: Iterable[Any]) -> str:
    """As `enumerated`, where the words have commas of their own."""
    said = gettext("; ").join(_phrase(str(word)) for word in words if str(word))
    return f"{_RIGHT}{said}" if said and get_language_bidi() else said


def _phrase(text: str) -> str:
    """As `isolated`; isolated words within say nothing about the direction of the whole, which is then the reader's."""
    return f"{_FROM_RIGHT}{text}{_POP}" if _FIRST_STRONG in text else isolated(text)


_SAID: list[Any] = []
Answer = TypeVar("Answer")


def said_once(function: Callable[..., Answer]) -> Callable[..., Answer]:
    """The function, which depends on its arguments and the reader's language alone; its last answers are kept."""
    kept = lru_cache(maxsize=2000, typed=True)(lambda _language, *args, **named: function(*args, **named))
    _SAID.append(kept)

    @wraps(function)
    def said(*args: Any, **named: Any) -> Answer:
        fixed = {name: _fixed(value) for name, value in named.items()}
        return kept(get_language(), *map(_fixed, args), **fixed)

    return said


def _fixed(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def forget() -> None:
    """Answers are given anew: the words of a language have changed."""
    for kept in _SAID:
        kept.cache_clear()
