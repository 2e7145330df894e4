"""Found, rename, move, dissolve: today, from a past day, or from a future one (then visible as waiting)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from foundation import clock
from foundation.operation import Act, OperationRefused, operation
from membership import dependants, reorganisation, steps
from membership.models import Appointment, Organisation, Person, Role
from membership.models.organisations import Kind
from membership.operations.appointments import AppointmentRefused, own_office


class StillHolds(OperationRefused):
    """Things hang on the unit that have no destination yet; `args` are sentences, each counted."""


def _parent_or_anywhere(parent: Organisation | None = None) -> Organisation | None:
    return parent


@operation("found_unit", capability="unit.write", over=_parent_or_anywhere)
def found_unit(
    act: Act,
    *,
    code: str,
    name: str,
    kind: str,
    parent: Organisation | None = None,
    from_on: date,
    tier: str = "",
    sector: str = "",
    phone: str = "",
    secretary: Person | None = None,
) -> Organisation:
    """The unit stands under its parent from that day on, with its secretary if one is named.

    The first of the office has no parent, and the tier that is named.
    """
    if parent is None and steps.has_a_top():
        raise steps.TreeRefused(_("A topmost unit stands already. Name the unit under which this one stands."))
    unit = steps.NewUnit(
        code=code,
        name=name,
        kind=kind,
        parent=parent,
        from_on=from_on,
        tier="" if parent else tier,
        sector=sector,
        phone=phone,
    )
    [founded] = steps.found(act, [unit])
    act.note(founded.code, "name", None, name)
    act.note(founded.code, "parent", None, parent.code if parent else None)
    act.note(founded.code, "from_on", None, from_on)
    if secretary:
        if problems := own_office(act, [secretary]):
            raise AppointmentRefused(*problems)
        role = Role.SECRETARY if kind == Kind.CELL else Role.CLERK
        made = Appointment.objects.create(
            person=secretary, organisation=founded, role=role, from_on=from_on, reads_names=True
        )
        act.note(founded.code, "holder", None, secretary.full_name)
        act.about(secretary, made)
    return founded


@operation("rename_unit", on="organisation", capability="unit.write")
def rename_unit(act: Act, *, organisation: Organisation, name: str, from_on: date) -> Organisation:
    """The unit bears the name from that day until its next later renaming."""
    steps.rename(act, organisation, name, from_on)
    return organisation


def _both(organisation: Organisation, parent: Organisation) -> list[Organisation]:
    return [organisation, parent]


@operation("move_unit", on="organisation", capability="unit.write", over=_both)
def move_unit(act: Act, *, organisation: Organisation, parent: Organisation, from_on: date) -> Organisation:
    """The unit stands under the new parent, with all under it, from that day until its next later move."""
    steps.move(act, organisation, parent, from_on)
    return organisation


def _unit_and_destinations(organisation: Organisation, destinations: Mapping[str, Organisation]) -> list[Organisation]:
    return [organisation, *destinations.values()]


@operation("dissolve_unit", on="organisation", capability="unit.write", over=_unit_and_destinations)
def dissolve_unit(
    act: Act,
    *,
    organisation: Organisation,
    from_on: date,
    destinations: Mapping[str, Organisation],
    successor: Organisation | None = None,
) -> Organisation:
    """From that day the unit stands nowhere; whatever hung on it is at its destination (by the dependants' names).

    On a day to come: what is dated moves from that day; the rest, and what comes until then, goes when it has come.
    """
    if organisation in [successor, *destinations.values()]:
        raise StillHolds(_("What is dissolved cannot be its own destination."))
    if left := list(_sent_on(act, organisation, from_on, destinations)):
        raise StillHolds(*left)
    if from_on > clock.today():
        reorganisation.order(act, organisation, from_on, destinations)
    steps.dissolve(act, [organisation], from_on, [successor] if successor else [])
    return organisation


def _sent_on(act: Act, unit: Organisation, day: date, destinations: Mapping[str, Organisation]) -> Iterator[Any]:
    """What hangs on the unit goes to its destination, or ends; a sentence for each kind that has none and needs one."""
    for dependant, number in dependants.of(unit, day):
        if not number:
            continue
        if dependant.move and (destination := destinations.get(dependant.name)):
            if dependant.destination not in ("", destination.kind):
                problem = _("%(unit)s cannot take these: %(things)s.")
                raise StillHolds(problem % {"unit": destination, "things": dependant.label})
            if dependant.dated or day <= clock.today():
                dependant.move(act, unit, destination, day)
        elif dependant.end:
            dependant.end(act, unit, day)
        elif dependant.mandatory:
            told = {"number": number, "things": dependant.label}
            yield _("Choose first where these go: %(things)s (%(number)s).") % told


def edit_values(unit: Organisation) -> dict[str, Any]:
    """What `describe_unit` may change, as it is now."""
    return {name: getattr(unit, name) for name in ("sector", "phone", "address", "admits_by_delegation")}


@operation("describe_unit", on="organisation", capability="unit.write")
def describe_unit(
    act: Act, *, organisation: Organisation, sector: str, phone: str, address: str, admits_by_delegation: str
) -> Organisation:
    """Sector, telephone, address and delegated power are as given."""
    given = {"sector": sector, "phone": phone, "address": address, "admits_by_delegation": admits_by_delegation}
    for name, before in edit_values(organisation).items():
        if before != given[name]:
            act.note(organisation.code, name, before, given[name])
    Organisation.objects.filter(pk=organisation.pk).update(**given)
    return organisation
