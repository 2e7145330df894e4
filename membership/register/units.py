"""What is wrong with rows of units."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext_lazy as _

from foundation.days import format_day
from membership import scope, steps
from membership.models import Kind, Position, Tier
from membership.models.organisations import KEY_WIDTH
from membership.register.sheet import (
    FIRST_DAY,
    First,
    Row,
    Sheet,
    Standing,
    codes_in,
    folded,
    not_after,
    plausible_birth,
    stands,
    stored,
    told_apart,
    units_by_code,
)

_DEEPEST = (Position._meta.get_field("path").max_length or 0) // KEY_WIDTH
_TIERS = {
    Kind.CELL: {Tier.GRASSROOTS, Tier.SUBORDINATE_CELL},
    Kind.COMMITTEE: set(Tier) - {Tier.SUBORDINATE_CELL},
}


@dataclass(frozen=True, slots=True)
class _Above:
    """Where the rows can stand: in units that stand already, and in those of the file."""

    standing: Mapping[str, Standing]
    in_file: Mapping[str, Row]
    all_codes: frozenset[str]  # of the file, also of rows left out
    as_on: date

    def founded(self, row: Row) -> date:
        return row.values.get("founded_on", self.as_on)

    def parent(self, row: Row) -> Row | None:
        return self.in_file.get(row.values.get("parent", ""))


def check(sheet: Sheet, rows: list[Row]) -> None:
    """Codes, parents, days, tiers and secretaries."""
    taken = list(sheet.taken(rows))
    told_apart(rows, First(taken, folded("code")), "code", _("Row %(row)s has the code %(value)s already."))
    in_use = stored(Position.objects.so(), "organisation__code", codes_in(rows, "code"))
    above = _Above(
        standing=units_by_code(codes_in(rows, "parent"), sheet.user),
        in_file={row.values["code"]: row for row in reversed(taken) if "code" in row.values},
        all_codes=frozenset(codes_in(rows, "code")),
        as_on=sheet.as_on,
    )
    for row in rows:
        if row.values.get("code") in in_use:
            row.find("code", _("The code %(code)s is in use. Choose another.") % {"code": row.values["code"]})
        if not_after(row, "founded_on", sheet.as_on) and row.values["founded_on"] < FIRST_DAY:
            row.find("founded_on", _("Founded before the Party itself, on 3 February 1930. Look at the day."))
        if {"kind", "tier"} <= set(row.values) and row.values["tier"] not in _TIERS[row.values["kind"]]:
            row.find("tier", _("A unit of this kind cannot have this tier."))
        if "parent" in row.values:
            _check_parent(row, above)
        _check_secretary(row, sheet.as_on)
    _check_tops(sheet, [row for row in rows if not row.values.get("parent") and not row.is_wrong("parent")])


def _check_tops(sheet: Sheet, tops: list[Row]) -> None:
    """A tree has one top, and only the set-up of an office begins one."""
    if not tops:
        return
    begins = scope.reach(sheet.user, scope.IMPORTS) is None and not steps.has_a_top()
    first = next(sheet.taken(tops), None) if begins else None
    for row in tops:
        if row is first:
            continue
        if first:
            told = _("Row %(row)s is the top of the tree: here the code of the unit above is missing.")
            row.find("parent", told % {"row": first.number})
        else:
            row.find("parent", _("The code of the unit above is missing: the tree has its top already."))


def _check_parent(row: Row, above: _Above) -> None:
    code = row.values["parent"]
    if code == row.values.get("code"):
        row.find("parent", _("A unit cannot stand under itself."))
    elif parent := above.parent(row):
        if parent.values.get("kind") == Kind.CELL:
            row.find("parent", _("%(code)s is a cell: nothing can stand under it.") % {"code": code})
        elif any(one is row for one in _way_up(row, above)):
            row.find("parent", _("The units above this one lead back to it."))
        else:
            _check_founded(row, above, above.founded(parent))
            _check_depth(row, above)
    elif code in above.all_codes:
        row.find("parent", _("The unit above it, %(code)s, is left out.") % {"code": code})
    elif standing := stands(row, "parent", above.standing):
        if standing.unit.kind == Kind.CELL:
            row.find("parent", _("%(code)s is a cell: nothing can stand under it.") % {"code": code})
        else:
            _check_founded(row, above, standing.first)
            _check_depth(row, above)


def _check_founded(row: Row, above: _Above, parent_founded: date) -> None:
    if above.founded(row) < parent_founded and not row.is_wrong("founded_on"):
        told = _("The unit above it stands only from %(day)s on.")
        row.find("founded_on", told % {"day": format_day(parent_founded)})


def _way_up(row: Row, above: _Above) -> Iterator[Row]:
    """The rows above it, nearest first; a circle is gone round once."""
    seen: set[int] = set()
    at = above.parent(row)
    while at is not None and at.number not in seen:
        seen.add(at.number)
        yield at
        at = above.parent(at)


def _check_depth(row: Row, above: _Above) -> None:
    way = [row, *_way_up(row, above)]
    standing = above.standing.get(way[-1].values.get("parent", ""))
    if len(way) + (standing.depth // KEY_WIDTH if standing else 0) > _DEEPEST:
        row.find("parent", _("The tree would be too deep: at most %(number)s levels.") % {"number": _DEEPEST})


def _check_secretary(row: Row, as_on: date) -> None:
    described = [name for name in ("secretary_born", "secretary_sex", "secretary_phone") if name in row.values]
    if "secretary" in row.values:
        for name, told in (
            ("secretary_born", _("The secretary’s birth day is missing, which tells namesakes apart.")),
            ("secretary_sex", _("The secretary’s sex is missing.")),
        ):
            if name not in row.values and not row.is_wrong(name):
                row.find(name, told)
        plausible_birth(row, "secretary_born", as_on)
    elif described and not row.is_wrong("secretary"):
        row.find("secretary", _("The secretary is described, but the name is missing."))
