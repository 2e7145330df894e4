"""What is wrong with rows of workplaces."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext_lazy as _

from foundation.days import format_day
from membership.models import Kind, Workplace
from membership.register.sheet import (
    First,
    Row,
    Sheet,
    Standing,
    codes_in,
    folded,
    not_after,
    stands,
    stored,
    told_apart,
    units_by_code,
)


def check(sheet: Sheet, rows: list[Row]) -> None:
    """Codes, the ward in which each lies, and the unit that covers it."""
    first = First(sheet.taken(rows), folded("code"))
    told_apart(rows, first, "code", _("Row %(row)s has the code %(value)s already."))
    in_use = stored(Workplace.objects.filter(withdrawn=False), "code", codes_in(rows, "code"))
    units = units_by_code(codes_in(rows, "locality", "covered_by"), sheet.user)
    for row in rows:
        if row.values.get("code") in in_use:
            row.find("code", _("The code %(code)s is in use. Choose another.") % {"code": row.values["code"]})
        lies_in = stands(row, "locality", units) if "locality" in row.values else None
        if lies_in and lies_in.unit.kind == Kind.CELL:
            told = _("%(code)s is a cell: a workplace lies in a ward or commune.")
            row.find("locality", told % {"code": row.values["locality"]})
        _check_coverage(row, units, sheet.as_on)


def _check_coverage(row: Row, units: dict[str, Standing], as_on: date) -> None:
    since = row.values.get("covered_since", as_on)
    if "covered_by" not in row.values:
        if "covered_since" in row.values and not row.is_wrong("covered_by"):
            row.find("covered_by", _("The day of the party unit is given, but not its code."))
        return
    standing = stands(row, "covered_by", units)
    if "covered_since" in row.values and not not_after(row, "covered_since", as_on):
        return
    if standing and since < standing.first:
        told = _("Its party unit %(code)s stands only from %(day)s on.")
        row.find("covered_since", told % {"code": standing.unit.code, "day": format_day(standing.first)})
