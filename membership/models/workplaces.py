"""Where people work or learn, and which party unit covers it."""

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from foundation.facts import Interval, for_each
from foundation.names import search_key
from membership.models.organisations import Organisation


class Ownership(models.TextChoices):
    """Whose the workplace is."""

    STATE = "state", pgettext_lazy("ownership", "state")
    PRIVATE = "private", _("private")
    FOREIGN = "foreign", _("foreign-invested")


class WorkplaceKind(models.TextChoices):
    """What the workplace is."""

    ENTERPRISE = "enterprise", _("enterprise")
    SCHOOL = "school", _("school")
    AGENCY = "agency", _("agency")
    COOPERATIVE = "cooperative", _("cooperative")
    FISHING_FLEET = "fishing_fleet", _("fishing fleet")


class WorkplaceQuerySet(models.QuerySet):
    """Questions about workplaces."""

    def visible_to(self, user: Any, capability: str = "unit.read") -> "WorkplaceQuerySet":
        """Workplaces in the locality of units the user reads."""
        from membership import scope

        return self.filter(scope.within(user, capability, "locality"), withdrawn=False)

    def around(self, user: Any) -> "WorkplaceQuerySet":
        """Workplaces in which people of the user's may work: those of the whole town."""
        from membership import scope

        return self.filter(scope.around(user, "locality"), withdrawn=False)

    def non_state_enterprises(self) -> "WorkplaceQuerySet":
        """Enterprises of private or foreign-invested ownership; schools of private ownership are none."""
        return self.filter(kind=WorkplaceKind.ENTERPRISE, ownership__in=[Ownership.PRIVATE, Ownership.FOREIGN])


class Workplace(models.Model):
    """An enterprise, school, agency, cooperative or fishing fleet."""

    code = models.CharField(_("code"), max_length=30, unique=True)
    name = models.CharField(_("name"), max_length=200)
    search_key = models.CharField(max_length=600, editable=False)
    kind = models.CharField(_("kind"), max_length=20, choices=WorkplaceKind)
    ownership = models.CharField(_("ownership"), max_length=10, choices=Ownership)
    workers = models.PositiveIntegerField(_("workers"), null=True, blank=True)
    zone = models.CharField(_("zone"), max_length=100, blank=True)
    locality = models.ForeignKey(
        Organisation, models.PROTECT, verbose_name=_("ward or commune in which it lies"), related_name="+"
    )
    withdrawn = models.BooleanField(default=False, editable=False)  # its import was undone
    version = models.PositiveIntegerField(default=1)

    objects = WorkplaceQuerySet.as_manager()

    class Meta:
        verbose_name = _("workplace")
        verbose_name_plural = _("workplaces")

    def __str__(self):
        return self.name

    def save(self, *args, **kwargs):
        self.search_key = search_key(self.name)
        super().save(*args, **kwargs)

    def permission_unit(self) -> Organisation:
        """The ward or commune in which it lies."""
        return self.locality


class Coverage(Interval):
    """A unit covers a workplace: its party organisation."""

    subject = ("organisation", "workplace")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    workplace = models.ForeignKey(Workplace, models.PROTECT, related_name="+")

    class Meta(Interval.Meta):
        constraints = for_each("organisation", "workplace")

    def __str__(self):
        return f"{self.organisation_id} {self.workplace_id}"
