"""Where the unit of a page stands: what is above it, up to the reader's highest unit, and what is below it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Q, QuerySet, Subquery
from django.db.models.functions import Substr

from foundation.statements import prepared
from membership import scope
from membership.models import Organisation, Position
from membership.models.organisations import KEY_WIDTH
from reports import asking
from reports.indicators.ground import CAPABILITY, held_units

_DEEPEST = (Position._meta.get_field("path").max_length or 0) // KEY_WIDTH
_SHOWN = ("parent", "path", "name", "sort_key", "tier", "organisation__key", "organisation__code", "organisation__kind")


@dataclass(frozen=True, slots=True)
class Place:
    """A unit on a day: `chain` from the reader's highest unit down to it, `children` in their order."""

    chain: list[Position]
    children: list[Position]

    @property
    def unit(self) -> Organisation:
        """The unit itself."""
        return self.chain[-1].organisation

    @property
    def name(self) -> str:
        """Its name on that day."""
        return self.chain[-1].name

    @property
    def paths(self) -> dict[int, str]:
        """Paths of the units of the chain."""
        return {row.organisation_id: row.path for row in self.chain}


def place(user: Any, unit: int, day: date, known_on: datetime | None = None) -> Place | None:
    """Where the unit stood, by one statement; None where it did not, or in no unit whose figures the user reads."""
    rows = _around(day, known_on, unit=unit)
    chain = [row for row in rows if row.parent_id != unit]
    if not chain or chain[-1].organisation_id != unit:
        return None
    held = held_units(user)
    if held is not None:
        highest = next((at for at, row in enumerate(chain) if row.organisation_id in held), None)
        if highest is None:
            return None
        chain = chain[highest:]
    children = sorted((row for row in rows if row.parent_id == unit), key=lambda row: (row.sort_key, row.path))
    return Place(chain, children)


@prepared
def _around(day: date, known_on: datetime | None, *, unit: int) -> QuerySet:
    """The unit, all above it, and those right below."""
    stand = Position.objects.as_at(day, known_on)
    path = Subquery(stand.filter(organisation=unit).values("path")[:1])
    above = [Substr(path, 1, KEY_WIDTH * depth) for depth in range(1, _DEEPEST + 1)]
    rows = stand.filter(Q(path__in=above) | Q(parent=unit)).select_related("organisation")
    return rows.only(*_SHOWN).order_by("path")


def home_unit(user: Any, day: date) -> int | None:
    """The highest unit whose figures the user reads; for set-up the head office. None: reads no figures."""
    if scope.reach(user, CAPABILITY) is None:
        office = asking.head_office(day)
        return office.pk if office else None
    held = [one for one in scope.holdings(user) if one.path and one.grants(CAPABILITY)]
    highest = min(held, key=lambda one: (len(one.path or ""), one.path), default=None)
    return highest.appointment.organisation_id if highest else None
