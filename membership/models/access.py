"""Appointments: nothing else gives access."""

from datetime import date
from typing import Any

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from foundation import clock
from foundation.facts import OPEN
from foundation.words import enumerated
from membership.models.organisations import Organisation
from membership.models.people import MassOrganisation, Person


class Role(models.TextChoices):
    """What an appointment lets its holder do: `scope.GRANTS`."""

    SECRETARY = "secretary", _("secretary of a cell")
    CLERK = "clerk", _("staff of a committee")
    OFFICIAL = "official", _("official who reads figures")
    NOMINATOR = "nominator", _("officer of a mass organisation")
    ORGANISER = "organiser", _("organiser of classes")
    INSPECTOR = "inspector", _("inspector")
    ADMINISTRATOR = "administrator", _("administrator")
    DEPUTY = "deputy", _("deputy secretary")
    COMMITTEE_MEMBER = "committee_member", _("committee member")


_RANKS = (Role.SECRETARY, Role.DEPUTY, Role.COMMITTEE_MEMBER, Role.CLERK)


class AppointmentQuerySet(models.QuerySet):
    """Questions about appointments."""

    def in_force(self, day: date) -> "AppointmentQuerySet":
        """From the day they begin, before the day they end."""
        return self.filter(from_on__lte=day, until_on__gt=day)

    def by_rank(self) -> "AppointmentQuerySet":
        """With the `rank` of each in the unit: who leads it first, who only reads last."""
        ranks = (models.When(role=role, then=rank) for rank, role in enumerate(_RANKS))
        return self.annotate(rank=models.Case(*ranks, default=len(_RANKS)))

    def visible_to(self, user: Any, capability: str = "unit.read") -> "AppointmentQuerySet":
        """Appointments over units the user may open, and over the mass organisations beside them."""
        from membership import scope

        beside = scope.within(user, capability, "mass_organisation__unit")
        return self.filter(scope.within(user, capability, "organisation") | beside)


class Appointment(models.Model):
    """A person holds a role over a unit or a mass organisation, from day to day."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="appointments", verbose_name=_("person"))
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="appointments", verbose_name=_("unit")
    )
    mass_organisation = models.ForeignKey(
        MassOrganisation,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="appointments",
        verbose_name=_("mass organisation"),
    )
    role = models.CharField(_("role"), max_length=20, choices=Role)
    from_on = models.DateField(_("from"))
    until_on = models.DateField(_("until"), default=OPEN)  # the day after the last
    reads_names = models.BooleanField(_("reads names"), default=False)
    reads_restricted = models.BooleanField(_("reads restricted fields"), default=False)
    version = models.PositiveIntegerField(default=1)

    objects = AppointmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("appointment")
        verbose_name_plural = _("appointments")
        constraints = [
            models.CheckConstraint(
                name="over_one_thing",
                condition=Q(organisation__isnull=False, mass_organisation__isnull=True)
                | Q(organisation__isnull=True, mass_organisation__isnull=False),
            ),
            models.CheckConstraint(name="appointed_forwards", condition=Q(from_on__lte=F("until_on"))),
        ]

    def __str__(self):
        return enumerated([self.get_role_display(), self.organisation or self.mass_organisation])

    def permission_unit(self) -> Organisation:
        """The unit over which it stands."""
        if self.organisation:
            return self.organisation
        return self.mass_organisation.unit  # type: ignore[union-attr]  # over_one_thing


def units_in_office(person: int | None) -> list[Organisation]:
    """The units over which the person holds an appointment in force, or beside which a mass organisation is over which
    they do: who manages their account needs the right over each.
    """
    held = Appointment.objects.in_force(clock.today()).filter(person=person)
    units = held.annotate(unit=Coalesce("organisation", "mass_organisation__unit")).values("unit")
    return list(Organisation.objects.in_full().filter(pk__in=units).order_by("pk"))
