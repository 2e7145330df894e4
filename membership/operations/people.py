"""Register, place, describe, end a membership; receive from and send to an organisation outside the tree."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from functools import cache
from typing import Any

from django.utils.translation import gettext_lazy as _

from foundation import clock, facts, sealed, together
from foundation.days import format_day
from foundation.facts import OPEN
from foundation.held import Whole, held, tables_of
from foundation.operation import Act, OperationRefused, operation
from foundation.together import Asked
from membership import steps
from membership.models import (
    MEMBER,
    MembershipStatus,
    Organisation,
    Person,
    Placement,
    PlacementKind,
    Position,
    Status,
    Transfer,
    TransferKind,
)
from membership.models.organisations import Kind
from membership.register import members
from membership.register.sheet import Row, not_after

_REGISTERED = _("This identity number is already registered. Ask the superior office.")
_WHOLE: Whole = {MembershipStatus: ("statuses", "people"), Placement: ("placements", "people")}  # all of them


class MemberRefused(OperationRefused):
    """The register would say something that cannot be so; nothing was written."""


def _cell(cell: Organisation) -> Organisation:
    return cell


def _both_cells(person: Person, to_cell: Organisation) -> list[Organisation]:
    return [unit for unit in (person.permission_unit(), to_cell) if unit]


@operation("register_member", capability="member.write", beside="cell", over=_cell)
def register_member(
    act: Act,
    *,
    cell: Organisation,
    placed_on: date,
    admitted_on: date,
    recognised_on: date | None,
    person: Mapping[str, Any],
) -> Person:
    """The person is a member of the cell, with the days of admission and recognition as the papers have them."""
    [registered] = steps.register(act, [_newcomer(cell, placed_on, person, admitted_on, recognised_on)])
    return registered


def of_number(values: Mapping[str, Any]) -> dict[str, Asked]:
    """What is asked before `new_person`: who has the `same_number`."""
    number = values.get("identity_number")
    return {"same_number": (Person.objects.filter(identity_print__in=_prints(number)), "pk")}


def new_person(values: Mapping[str, Any], found: Mapping[str, Sequence[Any]]) -> Person:
    """A person not stored yet; an identity number already in the register is refused without saying whose it is."""
    if found["same_number"]:
        raise MemberRefused(_REGISTERED)
    return _described(values)


def _prints(number: str | None) -> list[str]:
    return [sealed.fingerprint(number)] if number else []


def _described(values: Mapping[str, Any]) -> Person:
    person = Person(**{name: value for name, value in values.items() if name != "identity_number"})
    person.identity_number = values.get("identity_number", "")
    return person


@operation("describe_person", on="person", capability="member.write")
def describe_person(act: Act, *, person: Person, values: Mapping[str, Any]) -> Person:
    """The person's description is as given."""
    number = values.get("identity_number")
    if number and number != person.identity_number:
        others = Person.objects.filter(identity_print=sealed.fingerprint(number)).exclude(pk=person.pk)
        if others.exists():
            raise MemberRefused(_REGISTERED)
    steps.describe_person(act, person, values)
    return person


@operation("place_member", on="person", capability="member.write", over=_both_cells)
def place_member(act: Act, *, person: Person, to_cell: Organisation, from_on: date) -> Person:
    """The member belongs to the other cell of the tree from that day on."""
    _not_to_come(from_on)
    steps.hold(to_cell)
    known = _recorded(person, to_cell)
    if reasons := _why_not_there(to_cell, from_on, known["positions"]):
        raise MemberRefused(*reasons)
    here = _cell_on(from_on, known)
    if not here:
        raise MemberRefused(_("%(person)s is in no cell on that day.") % {"person": person})
    if here == to_cell:
        raise MemberRefused(_("%(person)s already belongs to %(cell)s.") % {"person": person, "cell": to_cell})
    moved = {
        "person": person,
        "kind": TransferKind.WITHIN,
        "from_cell": here,
        "to_cell": to_cell,
        "happened_on": from_on,
    }
    steps.transfer(act, [moved])
    act.about(here, to_cell)
    return person


@operation("end_membership", on="person", capability="member.write")
def end_membership(act: Act, *, person: Person, status: str, from_on: date) -> Person:
    """The membership has ended so from that day on, and with it the placement."""
    if status not in (Status.DIED, Status.REMOVED, Status.EXPELLED, Status.RESIGNED):
        raise MemberRefused(_("Choose how the membership ended."))
    _not_to_come(from_on)
    known = _recorded(person)
    _may_end(person, from_on, known["statuses"])
    if here := _cell_on(from_on, known):
        act.about(here)
    steps.change_status(act, {person: from_on}, status)
    act.note(str(person.pk), "status", None, status)
    act.note(str(person.pk), "from_on", None, from_on)
    return person


@operation("send_member", on="person", capability="member.write")
def send_member(act: Act, *, person: Person, outside: str, from_on: date) -> Person:
    """The member belongs to an organisation outside the tree from that day on."""
    _not_to_come(from_on)
    known = _recorded(person)
    _may_end(person, from_on, known["statuses"])
    here = _cell_on(from_on, known)
    gone = {
        "person": person,
        "kind": TransferKind.DEPARTED,
        "from_cell": here,
        "outside": outside,
        "happened_on": from_on,
    }
    steps.transfer(act, [gone])
    if here:
        act.about(here)
    return person


@operation("receive_member", capability="member.write", beside="cell", over=_cell)
def receive_member(
    act: Act,
    *,
    cell: Organisation,
    from_on: date,
    admitted_on: date,
    recognised_on: date | None,
    outside: str,
    person: Mapping[str, Any],
) -> Person:
    """A member of an organisation outside the tree belongs to the cell from that day on."""
    [registered] = steps.register(act, [_newcomer(cell, from_on, person, admitted_on, recognised_on)])
    came = {"person": registered, "kind": TransferKind.ARRIVED, "to_cell": cell, "outside": outside}
    facts.record(act, Transfer, [{**came, "happened_on": from_on}])
    act.about(cell)
    return registered


def _newcomer(
    cell: Organisation, placed_on: date, person: Mapping[str, Any], admitted_on: date, recognised_on: date | None
) -> steps.NewMember:
    """The member of the cell, which is held, with days as an import would take them; MemberRefused with every reason
    why not.
    """
    row, today = Row(0, ()), clock.today()
    row.values = {"admitted_on": admitted_on, "placed_on": placed_on}
    if born := person.get("born_on"):
        row.values["born"] = (born, person.get("born_precision"))
    if recognised_on:
        row.values["recognised_on"] = recognised_on
    members.check_days(row, today)
    if not_after(row, "placed_on", today):
        members.check_not_before_admission(row, placed_on, today)
    prints = _prints(person.get("identity_number"))
    known = _ask(("positions", "same_number"), people=[], cells=[cell.pk], prints=prints)
    reasons = [sentence for _column, sentence in row.findings] + _why_not_there(cell, placed_on, known["positions"])
    if reasons or known["same_number"]:
        raise MemberRefused(*reasons, *([_REGISTERED] if known["same_number"] else []))
    return steps.NewMember(
        person=_described(person),
        cell=cell,
        placed_on=placed_on,
        admitted_on=admitted_on,
        recognised_on=recognised_on,
    )


def _why_not_there(cell: Organisation, day: date, positions: Sequence[Any]) -> list[Any]:
    """Why nobody can be in the cell, which is held, from that day on, without end."""
    if cell.kind != Kind.CELL or not any(row.valid_from <= day < row.valid_to for row in positions):
        return [_("%(unit)s is no cell on %(day)s.") % {"unit": cell, "day": format_day(day)}]
    if (last := positions[-1].valid_to) != OPEN:
        return [_("%(unit)s is dissolved from %(day)s on.") % {"unit": cell, "day": format_day(last)}]
    return []


def _not_to_come(day: date) -> None:
    if day > clock.today():
        raise MemberRefused(_("%(day)s is still to come: record it on its day.") % {"day": format_day(day)})


def _recorded(person: Person, *cells: Organisation) -> Mapping[str, Sequence[Any]]:
    """Statuses and placements of the person, whom the operation holds, and positions of the cells: by their days. What
    is then changed is not read again.
    """
    values = {"people": [person.pk], "cells": [cell.pk for cell in cells], "prints": []}
    ours = held([person])
    return ours.rows(_tables(bool(cells)), _ask, values, _WHOLE) if ours else _ask(tuple(_tables(True)), **values)


@together.prepared
def _ask(names: tuple[str, ...], *, people: list[int], cells: list[int], prints: list[str]) -> dict[str, Asked]:
    statuses = MembershipStatus.objects.so().filter(person__in=people)
    placements = Placement.objects.so().filter(person__in=people)
    positions = Position.objects.so().filter(organisation__in=cells)
    asked: dict[str, Asked] = {
        "statuses": (statuses.order_by("valid_from"), "pk", *MembershipStatus.value_fields()),
        "placements": (placements.order_by("valid_from"), "pk", *Placement.value_fields()),
        "positions": (positions.order_by("valid_from"), "valid_from", "valid_to"),
        "same_number": (Person.objects.filter(identity_print__in=prints), "pk"),
    }
    return {name: asked[name] for name in names}


@cache
def _tables(with_cells: bool) -> dict[str, frozenset[str]]:
    """From which tables what is recorded is read."""
    kinds = {"statuses": MembershipStatus, "placements": Placement} | ({"positions": Position} if with_cells else {})
    return {name: tables_of(model.objects.so()) for name, model in kinds.items()}


def _cell_on(day: date, known: Mapping[str, Sequence[Any]]) -> Organisation | None:
    """The cell of the official placement."""
    own = (row for row in known["placements"] if row.kind == PlacementKind.OFFICIAL)
    return next((Organisation(pk=row.cell_id) for row in own if row.valid_from <= day < row.valid_to), None)


def _may_end(person: Person, day: date, statuses: Sequence[Any]) -> None:
    """MemberRefused, unless the person is a member on the day and nothing else is recorded of a membership later."""
    member = [row for row in statuses if row.status in MEMBER and row.valid_to > day]
    if not member or member[0].valid_from > day:
        raise MemberRefused(_("%(person)s is no member on %(day)s.") % {"person": person, "day": format_day(day)})
    if later := member[1:]:
        told = {"person": person, "status": Status(later[0].status).label, "day": format_day(later[0].valid_from)}
        raise MemberRefused(_("%(person)s: %(status)s from %(day)s is recorded. It cannot end before.") % told)


@operation("reveal_identity", capability="person.restricted", over=lambda person: person.permission_unit())
def reveal_identity(act: Act, *, person: Person) -> Person:
    """The journal says that the actor saw the person's identity number; never which one."""
    act.about(person)
    return person
