"""Asking the office above about somebody who is registered where the asker does not see."""

from __future__ import annotations

from typing import Any

from foundation import clock
from foundation.operation import Act, operation
from membership import scope
from membership.models import Organisation, Position
from membership.models.organisations import KEY_WIDTH
from recruitment.operations.candidates import its_cell


def superior_office(user: Any) -> Organisation | None:
    """The unit above the highest one in which the user enters candidates; it knows its name. None: there is none."""
    paths = scope.reach(user, "candidate.write")
    above = min(paths, key=len)[:-KEY_WIDTH] if paths else ""
    here = Position.objects.as_at(clock.today()).filter(path=above).select_related("organisation").first()
    if here is None:
        return None
    here.organisation.name = here.name
    return here.organisation


@operation("ask_superior_office", capability="candidate.write", over=its_cell)
def ask_superior_office(act: Act, *, cell: Organisation, full_name: str, born: str) -> None:
    """The journal says that the office above was asked, in the timelines of cell and office; about whom, it alone."""
    act.about(cell)
    if office := superior_office(act.actor):
        act.about(office)
    act.note("asked_about", "full_name", None, f"{full_name}, {born}")
