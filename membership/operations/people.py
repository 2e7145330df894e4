"""Register, place, describe, end a membership; receive from and send to an organisation outside the tree."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from foundation import clock, sealed
from foundation.days import format_day
from foundation.facts import OPEN
from foundation.operation import Act, OperationRefused, operation
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
    TransferKind,
)
from membership.models.organisations import Kind
from membership.register import members
from membership.register.sheet import Row, not_after


class MemberRefused(OperationRefused):
    """The register would say something that cannot be so; nothing was written."""


def _cell(cell: Organisation) -> Organisation:
    return cell


def _both_cells(person: Person, to_cell: Organisation) -> list[Organisation]:
    return [unit for unit in (person.permission_unit(), to_cell) if unit]


@operation("register_member", capability="member.write", over=_cell)
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
    _check(cell, placed_on, person, admitted_on, recognised_on)
    new = new_person(person)
    member = steps.NewMember(
        person=new, cell=cell, placed_on=placed_on, admitted_on=admitted_on, recognised_on=recognised_on
    )
    [registered] = steps.register(act, [member])
    return registered


def new_person(values: Mapping[str, Any]) -> Person:
    """A person not stored yet; an identity number already in the register is refused without saying whose it is."""
    number = values.get("identity_number", "")
    if number and Person.objects.filter(identity_print=sealed.fingerprint(number)).exists():
        raise MemberRefused(_("This identity number is already registered. Ask the superior office."))
    person = Person(**{name: value for name, value in values.items() if name != "identity_number"})
    person.identity_number = number
    return person


@operation("describe_person", on="person", capability="member.write")
def describe_person(act: Act, *, person: Person, values: Mapping[str, Any]) -> Person:
    """The person's description is as given."""
    number = values.get("identity_number")
    if number and number != person.identity_number:
        others = Person.objects.filter(identity_print=sealed.fingerprint(number)).exclude(pk=person.pk)
        if others.exists():
            raise MemberRefused(_("This identity number is already registered. Ask the superior office."))
    steps.describe_person(act, person, values)
    return person


@operation("place_member", on="person", capability="member.write", over=_both_cells)
def place_member(act: Act, *, person: Person, to_cell: Organisation, from_on: date) -> Person:
    """The member belongs to the other cell of the tree from that day on."""
    _not_to_come(from_on)
    if reasons := _why_not_there(to_cell, from_on):
        raise MemberRefused(*reasons)
    here = _placement(person, from_on)
    if not here:
        raise MemberRefused(_("%(person)s is in no cell on that day.") % {"person": person})
    if here.cell_id == to_cell.pk:
        raise MemberRefused(_("%(person)s already belongs to %(cell)s.") % {"person": person, "cell": to_cell})
    moved = {
        "person": person,
        "kind": TransferKind.WITHIN,
        "from_cell": here.cell,
        "to_cell": to_cell,
        "happened_on": from_on,
    }
    steps.transfer(act, [moved])
    act.about(here.cell, to_cell)
    return person


@operation("end_membership", on="person", capability="member.write")
def end_membership(act: Act, *, person: Person, status: str, from_on: date) -> Person:
    """The membership has ended so from that day on, and with it the placement."""
    if status not in (Status.DIED, Status.REMOVED, Status.EXPELLED, Status.RESIGNED):
        raise MemberRefused(_("Choose how the membership ended."))
    _not_to_come(from_on)
    _may_end(person, from_on)
    if here := _placement(person, from_on):
        act.about(here.cell)
    steps.change_status(act, {person: from_on}, status)
    act.note(str(person.pk), "status", None, status)
    act.note(str(person.pk), "from_on", None, from_on)
    return person


@operation("send_member", on="person", capability="member.write")
def send_member(act: Act, *, person: Person, outside: str, from_on: date) -> Person:
    """The member belongs to an organisation outside the tree from that day on."""
    _not_to_come(from_on)
    _may_end(person, from_on)
    here = _placement(person, from_on)
    gone = {
        "person": person,
        "kind": TransferKind.DEPARTED,
        "from_cell": here.cell if here else None,
        "outside": outside,
        "happened_on": from_on,
    }
    steps.transfer(act, [gone])
    if here:
        act.about(here.cell)
    return person


@operation("receive_member", capability="member.write", over=_cell)
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
    _check(cell, from_on, person, admitted_on, recognised_on)
    member = steps.NewMember(
        person=new_person(person), cell=cell, placed_on=from_on, admitted_on=admitted_on, recognised_on=recognised_on
    )
    [registered] = steps.register(act, [member])
    steps.transfer(
        act,
        [
            {
                "person": registered,
                "kind": TransferKind.ARRIVED,
                "to_cell": cell,
                "outside": outside,
                "happened_on": from_on,
            }
        ],
    )
    act.about(cell)
    return registered


def _check(
    cell: Organisation, placed_on: date, person: Mapping[str, Any], admitted_on: date, recognised_on: date | None
) -> None:
    """The days are as an import would take them; every reason why not."""
    row, today = Row(0, ()), clock.today()
    row.values = {"admitted_on": admitted_on, "placed_on": placed_on}
    if born := person.get("born_on"):
        row.values["born"] = (born, person.get("born_precision"))
    if recognised_on:
        row.values["recognised_on"] = recognised_on
    members.check_days(row, today)
    if not_after(row, "placed_on", today):
        members.check_not_before_admission(row, placed_on, today)
    reasons = [sentence for _column, sentence in row.findings] + _why_not_there(cell, placed_on)
    if reasons:
        raise MemberRefused(*reasons)


def _why_not_there(cell: Organisation, day: date) -> list[Any]:
    """Why nobody can be in the cell from that day on, without end; what holds of it now holds until the commit."""
    steps.hold(cell)
    if cell.kind != Kind.CELL or not cell.position(day):
        return [_("%(unit)s is no cell on %(day)s.") % {"unit": cell, "day": format_day(day)}]
    last = Position.objects.so().filter(organisation=cell).order_by("-valid_from").values_list("valid_to", flat=True)[0]
    if last != OPEN:
        return [_("%(unit)s is dissolved from %(day)s on.") % {"unit": cell, "day": format_day(last)}]
    return []


def _not_to_come(day: date) -> None:
    if day > clock.today():
        raise MemberRefused(_("%(day)s is still to come: record it on its day.") % {"day": format_day(day)})


def _placement(person: Person, day: date) -> Placement | None:
    placed = Placement.objects.as_at(day).filter(person=person, kind=PlacementKind.OFFICIAL)
    return placed.select_related("cell").first()


def _is_member(person: Person, day: date) -> None:
    if not MembershipStatus.objects.as_at(day).filter(person=person, status__in=MEMBER).exists():
        raise MemberRefused(_("%(person)s is no member on %(day)s.") % {"person": person, "day": format_day(day)})


def _may_end(person: Person, day: date) -> None:
    """MemberRefused, unless the person is a member on the day and nothing else is recorded of a membership later."""
    _is_member(person, day)
    later = MembershipStatus.objects.so().filter(person=person, status__in=MEMBER, valid_from__gt=day)
    if row := later.order_by("valid_from").first():
        told = {"person": person, "status": row.get_status_display(), "day": format_day(row.valid_from)}
        raise MemberRefused(_("%(person)s: %(status)s from %(day)s is recorded. It cannot end before.") % told)


@operation("reveal_identity", capability="person.restricted", over=lambda person: person.permission_unit())
def reveal_identity(act: Act, *, person: Person) -> Person:
    """The journal says that the actor saw the person's identity number; never which one."""
    act.about(person)
    return person
