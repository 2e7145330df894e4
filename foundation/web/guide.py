"""What each page answers, in the reader's words: one help a page, told by the floor that owns the page."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.urls import ResolverMatch, reverse


@dataclass(frozen=True, slots=True)
class For:
    """A sentence for readers with one capability."""

    capability: str
    sentence: Any


@dataclass(frozen=True, slots=True)
class Help:
    """The question a page answers, what one does there, what its words mean, and what to do when it refuses."""

    question: Any
    do: tuple[Any, ...] = ()  # sentences, some of them `For`
    words: tuple[tuple[Any, Any], ...] = ()
    rules: Callable[[], list[tuple[str, str, str]]] | None = None  # what the regulation of today asks for
    refused: Any = ""

    def sentences(self, may: Callable[[str], bool]) -> list[Any]:
        """What one does, as far as the reader may."""
        told = [one for one in self.do if not isinstance(one, For) or may(one.capability)]
        return [one.sentence if isinstance(one, For) else one for one in told]


PAGES: dict[str, Help] = {}  # by the name of the address; "name:value" where a page differs by what its address says


def key_of(match: ResolverMatch | None) -> str:
    """Under which key the page of the address has its help; empty where it has none."""
    if match is None:
        return ""
    keys = [*(f"{match.view_name}:{value}" for value in match.kwargs.values()), match.view_name]
    return next((key for key in keys if key in PAGES), "")


def address_of(match: ResolverMatch | None) -> str:
    """Where the help of the page stands."""
    key = key_of(match)
    return reverse("help", args=[key]) if key else ""
