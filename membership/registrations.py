"""What this floor keeps on a unit: units under it, members, officers, workplaces, mass organisations."""

from __future__ import annotations

from collections import defaultdict
from datetime import date

from django.db.models import DateField, F, QuerySet, Value
from django.db.models.functions import Greatest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from foundation import facts
from foundation.facts import Change
from foundation.operation import Act
from membership import dependants, events, steps
from membership.dependants import Dependant
from membership.models import (
    Appointment,
    Coverage,
    MassOrganisation,
    Organisation,
    Placement,
    PlacementKind,
    Position,
    Workplace,
)
from membership.models.organisations import Kind
from membership.operations.appointments import AppointmentRefused, own_office


def _page(unit: Organisation) -> str:
    return reverse("unit", args=[unit.pk])


# Units under it -------------------------------------------------------------------------------------------------------


def _children(unit: Organisation, day: date) -> QuerySet:
    return Position.objects.so().filter(parent=unit, valid_to__gt=day)


def _move_children(act: Act, unit: Organisation, destination: Organisation, day: date) -> None:
    """Units that stand under it on the day or come under it later stand under the destination from then on."""
    rows = Position.objects.so().filter(parent=unit, valid_to__gt=day).select_related("organisation")
    stretches: dict[Organisation, list[list[date]]] = defaultdict(list)
    for row in rows.order_by("organisation__pk", "valid_from"):
        last = stretches[row.organisation]
        if last and last[-1][1] == row.valid_from:
            last[-1][1] = row.valid_to
        else:
            last.append([max(day, row.valid_from), row.valid_to])
    moves = [(child, first) for child, found in stretches.items() for first, _to in found]
    steps.move_all(act, moves, destination)
    act.about(*stretches)


# Members --------------------------------------------------------------------------------------------------------------


def _placed(unit: Organisation, day: date) -> QuerySet:
    return Placement.objects.so().filter(cell=unit, valid_to__gt=day)


def _move_members(act: Act, unit: Organisation, destination: Organisation, day: date) -> None:
    """Who is placed in the unit on the day, or comes into it later, is placed in the destination instead."""
    _stands(destination, day)
    placed = Placement.objects.so().filter(cell=unit, valid_to__gt=day)
    known = list(Placement.objects.so().filter(person__in=placed.values("person")).select_related("person"))
    rows = [row for row in known if row.cell_id == unit.pk and row.valid_to > day]
    changes = [
        Change(
            {"person": row.person_id, "kind": row.kind}, {"cell": destination}, max(day, row.valid_from), row.valid_to
        )
        for row in rows
    ]
    facts.change(act, Placement, changes, known)
    people = list({row.person_id: row.person for row in rows}.values())
    act.note(unit.code, "destination", None, destination.code)
    act.about(destination, *people)
    act.gather(events.members_changed, "people", people)


def _stands(unit: Organisation, day: date) -> None:
    if not unit.position(day):
        raise steps.TreeRefused(_("%(unit)s does not stand on %(day)s.") % {"unit": unit, "day": f"{day:%d/%m/%Y}"})


# Officers -------------------------------------------------------------------------------------------------------------


def _officers(unit: Organisation, day: date) -> QuerySet:
    return Appointment.objects.filter(organisation=unit, until_on__gt=day)


def _move_officers(act: Act, unit: Organisation, destination: Organisation, day: date) -> None:
    """Who holds a role over the unit holds it over the destination, of the same kind, from the day on."""
    if unit.kind != destination.kind:
        problem = _("%(unit)s cannot take these: %(things)s.")
        raise steps.TreeRefused(problem % {"unit": destination, "things": _("officers")})
    kept = list(_officers(unit, day).select_related("person"))
    if problems := own_office(act, (one.person for one in kept)):
        raise AppointmentRefused(*problems)
    _end_officers(act, unit, day)
    Appointment.objects.bulk_create(
        Appointment(
            person_id=one.person_id,
            organisation=destination,
            role=one.role,
            from_on=max(day, one.from_on),
            until_on=one.until_on,
            reads_names=one.reads_names,
            reads_restricted=one.reads_restricted,
        )
        for one in kept
    )
    act.about(destination)


def _end_officers(act: Act, unit: Organisation, day: date) -> None:
    """No appointment over the unit is in force from the day on."""
    held = _officers(unit, day)
    act.about(*(thing for one in held.select_related("person") for thing in (one.person, one)))
    held.update(until_on=Greatest("from_on", Value(day, DateField())), version=F("version") + 1)


# Workplaces and mass organisations ------------------------------------------------------------------------------------


def _covered(unit: Organisation, day: date) -> QuerySet:
    return Coverage.objects.so().filter(organisation=unit, valid_to__gt=day)


def _move_coverage(act: Act, unit: Organisation, destination: Organisation, day: date) -> None:
    """The destination covers what the unit covered."""
    _stands(destination, day)
    changes = []
    known = list(Coverage.objects.so().filter(organisation__in=[unit.pk, destination.pk]).order_by("pk"))
    for row in (one for one in known if one.organisation_id == unit.pk and one.valid_to > day):
        first, workplace = max(day, row.valid_from), row.workplace_id
        changes.append(Change({"organisation": unit, "workplace": workplace}, None, first, row.valid_to))
        changes.append(Change({"organisation": destination, "workplace": workplace}, {}, first, row.valid_to))
    facts.change(act, Coverage, changes, known)
    act.about(destination)


def _localities(unit: Organisation, _day: date) -> QuerySet:
    return Workplace.objects.filter(locality=unit, withdrawn=False)


def _move_localities(act: Act, unit: Organisation, destination: Organisation, _day: date) -> None:
    """Workplaces that lie in the ward of the unit lie, at once, in that of the destination."""
    here = Workplace.objects.filter(locality=unit)
    act.about(*here)
    here.update(locality=destination, version=F("version") + 1)


def _mass(unit: Organisation, _day: date) -> QuerySet:
    return MassOrganisation.objects.filter(unit=unit)


def _move_mass(act: Act, unit: Organisation, destination: Organisation, _day: date) -> None:
    """The mass organisations beside the unit stand, at once, beside the destination."""
    here = MassOrganisation.objects.filter(unit=unit)
    there = set(MassOrganisation.objects.filter(unit=destination).values_list("kind", "name"))
    if clash := [one.name for one in here if (one.kind, one.name) in there]:
        problem = _("%(unit)s has a mass organisation called %(name)s already. Rename one of them first.")
        raise steps.TreeRefused(*(problem % {"unit": destination, "name": name} for name in clash))
    act.about(*here, destination)
    here.update(unit=destination, version=F("version") + 1)
    act.gather(events.units_changed, "units", [destination])


def register() -> None:
    """Whoever asks what hangs on a unit hears of these."""
    for one in (
        Dependant(
            "children", _("units directly under it"),
            ngettext_lazy("unit directly under it", "units directly under it"),
            _children, _page, _move_children, destination=Kind.COMMITTEE,
            rows=Position.objects.as_at, field="parent", dated=True, once="organisation",
        ),
        Dependant(
            "members", _("members"), ngettext_lazy("member", "members"),
            _placed, lambda unit: f"{reverse('members')}?unit={unit.pk}", _move_members,
            destination=Kind.CELL, reads="person.read", field="cell", dated=True, once="person",
            rows=lambda day: Placement.objects.as_at(day).filter(kind=PlacementKind.OFFICIAL),
        ),
        Dependant(
            "officers", _("officers"), ngettext_lazy("officer", "officers"),
            _officers, _page, _move_officers, mandatory=False, end=_end_officers,
            rows=Appointment.objects.in_force, field="organisation", dated=True,
        ),
        Dependant(
            "workplaces", _("workplaces it covers"), ngettext_lazy("workplace it covers", "workplaces it covers"),
            _covered, _page, _move_coverage,
            rows=Coverage.objects.as_at, field="organisation", dated=True, once="workplace",
        ),
        Dependant(
            "localities", _("workplaces that lie in it"),
            ngettext_lazy("workplace that lies in it", "workplaces that lie in it"),
            _localities, _page, _move_localities,
            destination=Kind.COMMITTEE, rows=lambda _day: Workplace.objects.filter(withdrawn=False), field="locality",
        ),
        Dependant(
            "mass_organisations", _("mass organisations beside it"),
            ngettext_lazy("mass organisation beside it", "mass organisations beside it"),
            _mass, _page, _move_mass,
            rows=lambda _day: MassOrganisation.objects.all(), field="unit",
        ),
    ):  # fmt: skip
        dependants.register(one)
