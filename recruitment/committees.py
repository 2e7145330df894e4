"""Which unit takes which step: the cell, its grassroots committee, the committee competent to decide."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from membership.lines import path_of
from membership.models import Organisation, Position, Tier
from membership.models.organisations import Kind


def grassroots_on(path: Sequence[Position]) -> Organisation | None:
    """The grassroots committee on the path of a cell; None for a grassroots cell."""
    found = (unit.organisation for unit in path if unit.tier == Tier.GRASSROOTS)
    return next((unit for unit in found if unit.kind == Kind.COMMITTEE), None)


def sub_committee_on(path: Sequence[Position]) -> Organisation | None:
    """The sub-committee between a cell and its grassroots committee, if there is one."""
    return next((unit.organisation for unit in path if unit.tier == Tier.SUB_COMMITTEE), None)


def competent_on(path: Sequence[Position]) -> Organisation | None:
    """The committee that decides: the grassroots one with delegated power, else the nearest above the grassroots."""
    own = grassroots_on(path)
    if own and own.admits_by_delegation:
        return own
    above = [unit.organisation for unit in path if unit.tier in (Tier.CENTRAL, Tier.PROVINCIAL, Tier.SUPERIOR)]
    return above[-1] if above else path[0].organisation if path else None


def above_on(path: Sequence[Position]) -> Organisation | None:
    """The committee to which a cell hands a dossier: its grassroots committee, else the competent one."""
    return grassroots_on(path) or competent_on(path)


def grassroots_committee(cell: Organisation, day: date | None = None) -> Organisation | None:
    """The grassroots committee over the cell; None for a grassroots cell."""
    return grassroots_on(path_of(cell, day))


def sub_committee(cell: Organisation, day: date | None = None) -> Organisation | None:
    """The sub-committee over the cell, if there is one."""
    return sub_committee_on(path_of(cell, day))


def competent_committee(cell: Organisation, day: date | None = None) -> Organisation:
    """The committee that decides on candidates of the cell."""
    return competent_on(path_of(cell, day)) or cell


def committee_above(cell: Organisation, day: date | None = None) -> Organisation:
    """The committee to which the cell hands a dossier."""
    return above_on(path_of(cell, day)) or cell
