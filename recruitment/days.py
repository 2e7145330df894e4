"""What the calendar alone changes: carried out once a day, since nobody writes at midnight."""

from __future__ import annotations

from datetime import date

from membership import reorganisation
from recruitment import standing


def begin(day: date) -> tuple[int, list[str]]:
    """What was ordered for the day is carried out, and every open candidacy is judged as of it.

    Returns how many were judged anew, and a sentence for whatever a dissolved unit still holds.
    """
    held = [str(told) for told in reorganisation.carry_out(day)]
    return standing.catch_up(day), held
