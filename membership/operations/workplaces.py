"""Workplaces and mass organisations: recorded, described; which unit is a workplace's party organisation."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from foundation import facts
from foundation.days import format_day
from foundation.facts import OPEN, Change
from foundation.names import search_key
from foundation.operation import Act, OperationRefused, operation
from membership import events
from membership.models import Coverage, MassOrganisation, Organisation, Workplace
from membership.models.organisations import Kind

DESCRIBED = ("name", "kind", "ownership", "workers", "zone")


class WorkplaceRefused(OperationRefused):
    """It cannot be recorded like this; nothing was written."""


@operation("found_workplace", capability="workplace.write", over=lambda locality: locality)
def found_workplace(
    act: Act,
    *,
    code: str,
    name: str,
    kind: str,
    ownership: str,
    workers: int | None = None,
    zone: str = "",
    locality: Organisation,
) -> Workplace:
    """The workplace is in the register; it lies in the ward or commune of that committee."""
    if Workplace.objects.filter(code=code).exists():
        raise WorkplaceRefused(_("The code %(code)s is in use. Choose another.") % {"code": code})
    if locality.kind != Kind.COMMITTEE:
        raise WorkplaceRefused(_("A workplace lies in the ward or commune of a committee."))
    made = Workplace.objects.create(
        code=code, name=name, kind=kind, ownership=ownership, workers=workers, zone=zone, locality=locality
    )
    act.note(f"membership.workplace:{made.pk}", "name", None, name)
    act.about(made, locality)
    return made


def edit_values(workplace: Workplace) -> dict[str, Any]:
    """What `describe_workplace` may change, as it is now."""
    return {name: getattr(workplace, name) for name in DESCRIBED}


@operation("describe_workplace", on="workplace", capability="workplace.write")
def describe_workplace(
    act: Act, *, workplace: Workplace, name: str, kind: str, ownership: str, workers: int | None, zone: str
) -> Workplace:
    """Name, kind, ownership, workers and zone are as given."""
    given = {"name": name, "kind": kind, "ownership": ownership, "workers": workers, "zone": zone}
    for field, before in edit_values(workplace).items():
        if before != given[field]:
            act.note(f"membership.workplace:{workplace.pk}", field, before, given[field])
    Workplace.objects.filter(pk=workplace.pk).update(**given, search_key=search_key(name))
    return workplace


def _both(organisation: Organisation, workplace: Workplace) -> list[Organisation]:
    return [organisation, workplace.locality]


@operation("cover_workplace", on="workplace", capability="workplace.write", over=_both)
def cover(act: Act, *, organisation: Organisation, workplace: Workplace, from_on: date, to: date = OPEN) -> Workplace:
    """The unit is the workplace's party organisation from `from_on`, before `to`."""
    if not organisation.position(from_on):
        problem = _("%(unit)s does not stand on %(day)s.")
        raise WorkplaceRefused(problem % {"unit": organisation, "day": format_day(from_on)})
    _cover(act, organisation, workplace, {}, from_on, to)
    return workplace


@operation("uncover_workplace", on="workplace", capability="workplace.write", over=_both)
def uncover(act: Act, *, organisation: Organisation, workplace: Workplace, from_on: date, to: date = OPEN) -> Workplace:
    """The unit is no longer the workplace's party organisation from `from_on`, before `to`."""
    covered = Coverage.objects.so().filter(organisation=organisation, workplace=workplace)
    if not covered.filter(valid_from__lt=to, valid_to__gt=from_on).exists():
        raise WorkplaceRefused(_("%(unit)s does not cover this workplace then.") % {"unit": organisation})
    _cover(act, organisation, workplace, None, from_on, to)
    return workplace


def _cover(act: Act, unit: Organisation, workplace: Workplace, values: Any, first: date, to: date) -> None:
    if first >= to:
        raise WorkplaceRefused(_("The last day is before the first."))
    facts.change(act, Coverage, [Change({"organisation": unit, "workplace": workplace}, values, first, to)])
    subject = f"membership.workplace:{workplace.pk}"
    before, after = (unit.code, None) if values is None else (None, unit.code)
    act.note(subject, "organisation", before, after)
    act.note(subject, "from_on", None, first)
    act.note(unit.code, "workplace", None, workplace.name)
    act.about(unit)


@operation("found_mass_organisation", capability="unit.write", over=lambda unit: unit)
def found_mass_organisation(act: Act, *, name: str, kind: str, unit: Organisation) -> MassOrganisation:
    """The mass organisation stands beside the unit."""
    if MassOrganisation.objects.filter(unit=unit, kind=kind, name=name).exists():
        raise WorkplaceRefused(_("%(unit)s has a mass organisation of this name and kind.") % {"unit": unit})
    made = MassOrganisation.objects.create(name=name, kind=kind, unit=unit)
    act.note(f"membership.massorganisation:{made.pk}", "name", None, name)
    act.about(made, unit)
    act.gather(events.units_changed, "units", [unit])  # who may introduce somebody there
    return made


@operation("rename_mass_organisation", on="mass_organisation", capability="unit.write")
def rename_mass_organisation(act: Act, *, mass_organisation: MassOrganisation, name: str) -> MassOrganisation:
    """The mass organisation is called so."""
    unit = mass_organisation.unit
    same = MassOrganisation.objects.filter(unit=unit, kind=mass_organisation.kind, name=name)
    if same.exclude(pk=mass_organisation.pk).exists():
        raise WorkplaceRefused(_("%(unit)s has a mass organisation of this name and kind.") % {"unit": unit})
    act.note(f"membership.massorganisation:{mass_organisation.pk}", "name", mass_organisation.name, name)
    MassOrganisation.objects.filter(pk=mass_organisation.pk).update(name=name, search_key=search_key(name))
    mass_organisation.name = name
    return mass_organisation
