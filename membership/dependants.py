"""What hangs on a unit: each floor registers what it keeps there, and where that is given a destination."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from membership.models import Organisation


@dataclass(frozen=True, slots=True)
class Dependant:
    """Rows that hang on a unit: how many on a day, where they are listed, and the step that moves them."""

    name: str
    label: Any
    count: Callable[[Organisation, date], int]
    link: Callable[[Organisation], str]
    move: Callable[..., None] | None = None  # move(act, unit, destination, day); None: must be ended by hand
    mandatory: bool = True  # dissolving is refused while any is left without a destination


_REGISTRY: dict[str, Dependant] = {}


def register(dependant: Dependant) -> None:
    """The floor's things are asked for from now on."""
    _REGISTRY[dependant.name] = dependant


def of(unit: Organisation, day: date) -> list[tuple[Dependant, int]]:
    """What hangs on the unit on the day, with its number, also where it is zero."""
    return [(one, one.count(unit, day)) for one in _REGISTRY.values()]
