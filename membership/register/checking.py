"""What is wrong with each row, in a sentence, before anything is stored."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from dateutil.relativedelta import relativedelta
from django.utils.translation import gettext_lazy as _

from foundation import sealed
from foundation.names import search_key
from membership.models import Kind, MembershipStatus, Organisation, Person, Position, Template, Workplace
from membership.register.columns import TEMPLATES, Column

FIRST_DAY = date(1930, 2, 3)  # nobody was admitted earlier
YOUNGEST = 18  # years; a register is taken as it is, but nobody was ever admitted earlier
_AT_ONCE = 500


@dataclass(slots=True)
class Row:
    """One row as read: values by column, and findings as (column, sentence)."""

    number: int
    cells: Sequence[str]
    values: dict[str, Any] = field(default_factory=dict)
    findings: list[tuple[str, Any]] = field(default_factory=list)

    def find(self, column: str, sentence: Any) -> None:
        """Something is wrong in that column."""
        self.findings.append((column, sentence))


def years_later(day: date, years: int) -> date:
    """The same day so many years later; 29 February becomes the 28th."""
    return day + relativedelta(years=years)


def checked(
    template: str, columns: dict[str, int], rows: Iterable[tuple[int, Sequence[str]]], as_on: date
) -> list[Row]:
    """Every row with its values and findings; a fixed number of queries for any number of rows."""
    read = [_read(TEMPLATES[template], columns, number, cells) for number, cells in rows]
    {Template.UNITS: _units, Template.MEMBERS: _members, Template.WORKPLACES: _workplaces}[Template(template)](
        read, as_on
    )
    return read


def _read(template: Sequence[Column], columns: dict[str, int], number: int, cells: Sequence[str]) -> Row:
    row = Row(number, cells)
    for column in template:
        place = columns.get(column.name)
        cell = cells[place].strip() if place is not None and place < len(cells) else ""
        if not cell:
            if column.required:
                row.find(column.name, _("%(column)s is missing.") % {"column": column.heading})
            continue
        try:
            row.values[column.name] = column.read(cell)
        except ValueError as error:
            row.find(column.name, error.args[0])
    return row


def _twice(rows: Sequence[Row], column: str, sentence: Any) -> None:
    seen = Counter(row.values[column].casefold() for row in rows if column in row.values)
    for row in rows:
        if column in row.values and seen[row.values[column].casefold()] > 1:
            row.find(column, sentence % {"value": row.values[column]})


def _known_units(codes: Iterable[str], day: date) -> dict[str, Any]:
    codes, found = list(set(codes)), {}
    for start in range(0, len(codes), _AT_ONCE):
        units = Organisation.objects.filter(code__in=codes[start : start + _AT_ONCE]).named(day)
        found |= {unit.code: unit for unit in units if unit.path}
    return found


def _units(rows: Sequence[Row], as_on: date) -> None:
    _twice(rows, "code", _("The code %(value)s stands twice in this file."))
    known = _known_units((row.values[c] for row in rows for c in ("code", "parent") if c in row.values), as_on)
    standing = set(
        Position.objects.so()
        .filter(organisation__in=[unit.pk for unit in known.values()])
        .values_list("organisation", flat=True)
    )
    in_file = {row.values["code"]: row for row in rows if "code" in row.values}
    for row in rows:
        value = row.values.get
        if (unit := known.get(value("code", ""))) and unit.pk in standing:
            row.find("code", _("The code %(code)s is in use: %(unit)s.") % {"code": value("code"), "unit": unit.name})
        if value("founded_on") and value("founded_on") > as_on:
            row.find("founded_on", _("The day of founding lies after the day of the register."))
        _check_parent(row, known, in_file, as_on)
        if value("secretary") and not (value("secretary_born") and value("secretary_sex")):
            row.find("secretary", _("The secretary needs sex and birth day, to be told from namesakes."))
        if value("secretary_born") and value("secretary_born")[0] > years_later(as_on, -YOUNGEST):
            row.find("secretary_born", _("The secretary would be under 18."))


def _check_parent(row: Row, known: dict[str, Any], in_file: dict[str, Row], as_on: date) -> None:
    parent = row.values.get("parent")
    if not parent or "code" not in row.values:
        return
    if parent == row.values["code"]:
        row.find("parent", _("A unit cannot stand under itself."))
    elif parent in in_file:
        above = in_file[parent]
        if above.values.get("kind") == Kind.CELL:
            row.find("parent", _("%(code)s is a cell: nothing can stand under it.") % {"code": parent})
        if _circles(row, in_file):
            row.find("parent", _("The units above this one lead back to it."))
        own, theirs = row.values.get("founded_on"), above.values.get("founded_on")
        if own and theirs and own < theirs:
            row.find("founded_on", _("It would be older than the unit above it."))
    elif parent not in known:
        row.find("parent", _("There is no unit with the code %(code)s.") % {"code": parent})
    elif known[parent].kind == Kind.CELL:
        row.find("parent", _("%(code)s is a cell: nothing can stand under it.") % {"code": parent})


def _circles(row: Row, in_file: dict[str, Row]) -> bool:
    seen, at = set(), row
    while (above := at.values.get("parent")) in in_file:
        if above in seen:
            return True
        seen.add(above)
        at = in_file[above]
    return False


def _members(rows: Sequence[Row], as_on: date) -> None:
    _twice(rows, "identity_number", _("This identity number stands twice in this file."))
    _twice(rows, "card_number", _("The party card %(value)s stands twice in this file."))
    cells = _known_units((row.values["cell"] for row in rows if "cell" in row.values), as_on)
    places = _known_workplaces(row.values["workplace"] for row in rows if "workplace" in row.values)
    registered = _registered(row.values["identity_number"] for row in rows if "identity_number" in row.values)
    namesakes = Counter(_name_and_birth(row) for row in rows if {"full_name", "born"} <= set(row.values))
    for row in rows:
        value = row.values.get
        _check_cell(row, cells, as_on)
        if value("identity_number") and sealed.fingerprint(value("identity_number")) in registered:
            row.find("identity_number", _("This identity number is already registered. Ask the superior office."))
        if value("workplace") and value("workplace") not in places:
            row.find("workplace", _("There is no workplace with the code %(code)s.") % {"code": value("workplace")})
        if (
            not value("identity_number")
            and {"full_name", "born"} <= set(row.values)
            and namesakes[_name_and_birth(row)] > 1
        ):
            row.find("full_name", _("This name with this birth day stands twice: add the identity numbers."))
        _check_days(row, as_on)


def _name_and_birth(row: Row) -> tuple[str, Any]:
    return search_key(row.values["full_name"]), row.values["born"]


def _check_cell(row: Row, cells: dict[str, Any], as_on: date) -> None:
    if "cell" not in row.values:
        return
    unit = cells.get(row.values["cell"])
    if not unit:
        row.find("cell", _("There is no unit with the code %(code)s.") % {"code": row.values["cell"]})
    elif unit.kind != Kind.CELL:
        row.find("cell", _("%(code)s is a committee: members belong to cells.") % {"code": unit.code})
    elif unit.gone_on <= as_on:
        row.find("cell", _("The cell %(code)s was dissolved before the day of the register.") % {"code": unit.code})


def _check_days(row: Row, as_on: date) -> None:
    value = row.values.get
    born = value("born") and value("born")[0]
    for column in ("admitted_on", "recognised_on", "placed_on", "awareness_on"):
        if value(column) and value(column) > as_on:
            row.find(column, _("This day lies after the day of the register."))
    if born and born.year < as_on.year - 110:
        row.find("born", _("Nobody in a register is over 110."))
    admitted = value("admitted_on")
    if admitted and admitted < FIRST_DAY:
        row.find("admitted_on", _("There was no Party before 3 February 1930."))
    if born and admitted and admitted < years_later(born, YOUNGEST):
        row.find("admitted_on", _("Admitted before the age of 18."))
    if admitted and value("recognised_on") and value("recognised_on") < admitted:
        row.find("recognised_on", _("Recognised before the admission."))
    if admitted and value("placed_on") and value("placed_on") < admitted:
        row.find("placed_on", _("In the cell before the admission."))
    if value("awareness_number") and not value("awareness_on"):
        row.find("awareness_on", _("The certificate has a number but no day."))


def _known_workplaces(codes: Iterable[str]) -> set[str]:
    return set(Workplace.objects.filter(code__in=set(codes), withdrawn=False).values_list("code", flat=True))


def _registered(numbers: Iterable[str]) -> set[str]:
    """Fingerprints that belong to somebody who is, or was, a member: people of an undone file do not count."""
    prints, found = [sealed.fingerprint(number) for number in numbers], set()
    for start in range(0, len(prints), _AT_ONCE):
        people = Person.objects.filter(identity_print__in=prints[start : start + _AT_ONCE])
        members = MembershipStatus.objects.so().filter(person__in=people.values("pk")).values("person")
        found |= set(people.filter(pk__in=members).values_list("identity_print", flat=True))
    return found


def _workplaces(rows: Sequence[Row], as_on: date) -> None:
    _twice(rows, "code", _("The code %(value)s stands twice in this file."))
    places = _known_workplaces(row.values["code"] for row in rows if "code" in row.values)
    units = _known_units((row.values[c] for row in rows for c in ("locality", "covered_by") if c in row.values), as_on)
    for row in rows:
        value = row.values.get
        if value("code") in places:
            row.find("code", _("The code %(code)s is in use.") % {"code": value("code")})
        for column in ("locality", "covered_by"):
            if value(column) and value(column) not in units:
                row.find(column, _("There is no unit with the code %(code)s.") % {"code": value(column)})
        if value("covered_since") and not value("covered_by"):
            row.find("covered_by", _("Since when is there, but not which unit."))
        if value("covered_since") and value("covered_since") > as_on:
            row.find("covered_since", _("This day lies after the day of the register."))
