"""What is wrong with each row, in a sentence, before anything is stored."""

from __future__ import annotations

from collections.abc import Callable

from membership.models import Template
from membership.register import members, units, workplaces
from membership.register.sheet import Row, Sheet

_CHECKS: dict[str, Callable[[Sheet, list[Row]], None]] = {
    Template.UNITS: units.check,
    Template.WORKPLACES: workplaces.check,
    Template.MEMBERS: members.check,
}


def checked(sheet: Sheet) -> list[Row]:
    """Every row with its values and findings; as many queries for one row as for 400."""
    rows = sheet.rows()
    _CHECKS[sheet.template](sheet, rows)
    return rows
