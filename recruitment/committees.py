"""Which unit takes which step: the cell, its grassroots committee, the committee competent to decide."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from contextvars import ContextVar
from datetime import date

from foundation import clock
from membership.models import Organisation, Position, Tier
from membership.models.organisations import KEY_WIDTH, Kind

_kept: ContextVar[dict[tuple[int, date], list[Position]] | None] = ContextVar("paths", default=None)


@contextlib.contextmanager
def reading_once() -> Iterator[None]:
    """Within the block each path is read once: for pages, which ask much and write nothing."""
    token = _kept.set({})
    try:
        yield
    finally:
        _kept.reset(token)


def path_of(cell: Organisation, day: date | None = None) -> list[Position]:
    """The units above the cell on the day (today), outermost first, then the cell; by its last path if dissolved."""
    day, kept = day or clock.today(), _kept.get()
    if kept is None:
        return _path_of(cell, day)
    if (cell.pk, day) not in kept:
        kept[cell.pk, day] = _path_of(cell, day)
    return kept[cell.pk, day]


def _path_of(cell: Organisation, day: date) -> list[Position]:
    rows = Position.objects.so().filter(organisation=cell)
    last = rows.filter(valid_from__lte=day).order_by("-valid_from").first() or rows.order_by("valid_from").first()
    if last is None:
        return []
    keys = [last.path[start : start + KEY_WIDTH] for start in range(0, len(last.path), KEY_WIDTH)]
    found = Position.objects.as_at(day).filter(organisation__key__in=keys).select_related("organisation")
    by_key = {row.organisation.key: row for row in found}
    return [by_key[key] for key in keys if key in by_key]


def grassroots_committee(cell: Organisation, day: date | None = None) -> Organisation | None:
    """The grassroots committee over the cell; None for a grassroots cell."""
    found = (unit.organisation for unit in path_of(cell, day) if unit.tier == Tier.GRASSROOTS)
    return next((unit for unit in found if unit.kind == Kind.COMMITTEE), None)


def sub_committee(cell: Organisation, day: date | None = None) -> Organisation | None:
    """The sub-committee between the cell and its grassroots committee, if there is one."""
    return next((unit.organisation for unit in path_of(cell, day) if unit.tier == Tier.SUB_COMMITTEE), None)


def competent_committee(cell: Organisation, day: date | None = None) -> Organisation:
    """The committee that decides: the grassroots one with delegated power, else the nearest above the grassroots."""
    own = grassroots_committee(cell, day)
    if own and own.admits_by_delegation:
        return own
    path = path_of(cell, day)
    above = [unit.organisation for unit in path if unit.tier in (Tier.CENTRAL, Tier.PROVINCIAL, Tier.SUPERIOR)]
    return above[-1] if above else path[0].organisation if path else cell


def committee_above(cell: Organisation, day: date | None = None) -> Organisation:
    """The committee to which the cell hands a dossier: its grassroots committee, else the competent one."""
    return grassroots_committee(cell, day) or competent_committee(cell, day)
