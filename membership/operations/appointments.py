"""Appoint and end an appointment: nothing else gives access."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from foundation.days import format_day
from foundation.facts import OPEN
from foundation.operation import Act, OperationRefused, label_of, operation
from membership.models import Appointment, MassOrganisation, Organisation, Person, Role
from membership.models.organisations import Kind

BESIDE = {Role.NOMINATOR}  # held over a mass organisation; all others over a unit
OF_A_CELL = {Role.SECRETARY}
OF_A_COMMITTEE = {Role.CLERK, Role.OFFICIAL, Role.ORGANISER, Role.INSPECTOR, Role.ADMINISTRATOR, Role.COMMITTEE_MEMBER}


class AppointmentRefused(OperationRefused):
    """The person cannot hold this role there in these days; nothing was written."""


def _over(
    organisation: Organisation | None = None, mass_organisation: MassOrganisation | None = None
) -> Organisation | None:
    return organisation or (mass_organisation.unit if mass_organisation else None)


@operation("appoint", capability="access.write", over=_over)
def appoint(
    act: Act,
    *,
    person: Person,
    organisation: Organisation | None = None,
    mass_organisation: MassOrganisation | None = None,
    role: str,
    from_on: date,
    until_on: date = OPEN,
    reads_names: bool = False,
    reads_restricted: bool = False,
) -> Appointment:
    """The person holds the role from `from_on`, before `until_on`, over the unit or the mass organisation."""
    if problems := _problems(act, person, organisation, mass_organisation, role, from_on, until_on):
        raise AppointmentRefused(*problems)
    made = Appointment.objects.create(
        person=person,
        organisation=organisation,
        mass_organisation=mass_organisation,
        role=role,
        from_on=from_on,
        until_on=until_on,
        reads_names=reads_names,
        reads_restricted=reads_restricted,
    )
    unit = made.permission_unit()
    for subject in _subjects(made):
        act.note(subject, "role", None, role)
        act.note(subject, "from_on", None, from_on)
    _note_holder(act, made, None, person.full_name)
    act.note(str(person.pk), "organisation", None, unit.code)
    for name in ("reads_names", "reads_restricted"):
        act.note(str(person.pk), name, None, getattr(made, name))
    act.about(made, person, unit, *_beside(made))
    return made


def _beside(made: Appointment) -> list[MassOrganisation]:
    return [made.mass_organisation] if made.mass_organisation else []


def _subjects(made: Appointment) -> list[str]:
    """Whom the entry of an appointment concerns: unit, mass organisation, person, and the appointment itself."""
    beside = [f"{label_of(body)}:{body.pk}" for body in _beside(made)]
    return [made.permission_unit().code, *beside, str(made.person_id), f"{label_of(made)}:{made.pk}"]


def _note_holder(act: Act, made: Appointment, before: str | None, after: str | None) -> None:
    """Who holds it, for those over whom it is held; and in which mass organisation, for the unit and the person."""
    unit, person = made.permission_unit().code, str(made.person_id)
    act.note(unit, "holder", before, after)
    for body in _beside(made):
        act.note(f"{label_of(body)}:{body.pk}", "holder", before, after)
        for subject in (unit, person):
            act.note(subject, "mass_organisation", before and body.name, after and body.name)


def own_office(act: Act, people: Iterable[Person]) -> list[Any]:
    """Why these people are not given an office in this act: one of them is who acts. Empty: nobody is."""
    return [_("Nobody appoints themselves. Ask another administrator.") for one in people if one == act.actor.person]


def _problems(
    act: Act,
    person: Person,
    organisation: Organisation | None,
    mass_organisation: MassOrganisation | None,
    role: str,
    from_on: date,
    until_on: date,
) -> list[Any]:
    found: list[Any] = list(own_office(act, [person]))
    if (organisation is None) == (mass_organisation is None):
        return [*found, _("An appointment is over one unit, or over one mass organisation.")]
    if (role in BESIDE) != bool(mass_organisation):
        found.append(_("Officers of mass organisations are appointed there, all others over a unit."))
    elif organisation and role in (OF_A_COMMITTEE if organisation.kind == Kind.CELL else OF_A_CELL):
        found.append(_("This role does not exist in a unit of this kind."))
    if from_on >= until_on:
        found.append(_("The appointment would end before it begins."))
    if organisation and not organisation.position(from_on):
        found.append(_("%(unit)s does not stand on %(day)s.") % {"unit": organisation, "day": format_day(from_on)})
    held = Appointment.objects.filter(
        person=person, role=role, organisation=organisation, mass_organisation=mass_organisation
    )
    if held.filter(from_on__lt=until_on, until_on__gt=from_on).exists():
        found.append(_("%(person)s holds this role there already.") % {"person": person})
    return found


@operation("end_appointment", on="appointment", capability="access.write")
def end_appointment(act: Act, *, appointment: Appointment, until_on: date) -> Appointment:
    """The appointment is in force before `until_on` and no longer; one that had not begun never is."""
    if until_on >= appointment.until_on:
        raise AppointmentRefused(_("The appointment ends before that day already."))
    before = None if appointment.until_on == OPEN else appointment.until_on
    until_on = max(until_on, appointment.from_on)
    Appointment.objects.filter(pk=appointment.pk).update(until_on=until_on)
    appointment.until_on = until_on
    for subject in _subjects(appointment):
        act.note(subject, "role", appointment.role, appointment.role)
        act.note(subject, "until_on", before, until_on)
    _note_holder(act, appointment, appointment.person.full_name, None)
    act.about(appointment.person, appointment.permission_unit(), *_beside(appointment))
    return appointment
