"""Periods, directives, plans and their targets."""

from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from foundation import clock
from foundation.facts import Interval, for_each
from membership.models import Organisation
from membership.models.organisations import path_of_unit


class PeriodKind(models.TextChoices):
    """How long a period is."""

    TERM = "term", _("term")
    YEAR = "year", _("year")
    QUARTER = "quarter", _("quarter")
    MONTH = "month", _("month")
    SCHOOL_YEAR = "school_year", _("school year")
    OTHER = "other", _("other")


class Period(models.Model):
    """A stretch of days, both ends included."""

    code = models.CharField(_("code"), max_length=20, unique=True)
    kind = models.CharField(_("kind"), max_length=12, choices=PeriodKind)
    first = models.DateField(_("from"))
    last = models.DateField(_("to"))
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")

    class Meta:
        verbose_name = _("period")
        verbose_name_plural = _("periods")
        ordering = ["first"]
        constraints = [models.CheckConstraint(name="period_forwards", condition=Q(first__lte=F("last")))]

    def __str__(self):
        return self.code


class Directive(models.Model):
    """The document that asks for the numbers."""

    number = models.CharField(_("number"), max_length=60, unique=True)
    title = models.CharField(_("title"), max_length=300)
    issued_on = models.DateField(_("issued on"))
    unit = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name=_("unit"))

    class Meta:
        verbose_name = _("directive")
        verbose_name_plural = _("directives")

    def __str__(self):
        return self.number


class PlanState(models.TextChoices):
    """How far a plan has come."""

    DRAFT = "draft", _("draft")
    SUBMITTED = "submitted", _("submitted")
    DECIDED = "decided", _("decided")


class PlanQuerySet(models.QuerySet):
    """Questions about plans."""

    def visible_to(self, user: Any, capability: str = "figures.read") -> "PlanQuerySet":
        """Plans of units whose figures the user reads."""
        from membership import scope

        return self.filter(scope.within(user, capability, "unit"))

    def in_full(self) -> "PlanQuerySet":
        """With the unit and its path today: what operations ask of a plan."""
        return self.select_related("unit").annotate(unit_path=path_of_unit("unit", clock.today()))


class Plan(models.Model):
    """Targets of a unit and of those below it for one period."""

    unit = models.ForeignKey(Organisation, models.PROTECT, related_name="plans", verbose_name=_("unit"))
    period = models.ForeignKey(Period, models.PROTECT, related_name="plans", verbose_name=_("period"))
    directive = models.ForeignKey(Directive, models.PROTECT, null=True, blank=True, related_name="plans")
    title = models.CharField(_("title"), max_length=300)
    state = models.CharField(_("state"), max_length=10, choices=PlanState, default=PlanState.DRAFT)
    version = models.PositiveIntegerField(default=1)

    objects = PlanQuerySet.as_manager()

    class Meta:
        verbose_name = _("plan")
        verbose_name_plural = _("plans")

    def __str__(self):
        return self.title

    @property
    def unit_path(self) -> None:
        """Set where the plan is read `in_full`."""

    @unit_path.setter
    def unit_path(self, path: str | None) -> None:
        self.unit.path_today = path

    def permission_unit(self) -> Organisation:
        """The unit whose plan it is."""
        return self.unit


class Group(models.TextChoices):
    """Focus groups a target may be for; derived by predicates, never typed in."""

    ALL = "", _("everybody")
    STUDENTS = "students", _("students and pupils")
    NON_STATE_WORKERS = "non_state_workers", _("workers in non-state enterprises")
    WOMEN = "women", _("women")
    MINORITIES = "minorities", _("ethnic minorities")
    YOUTH_UNION = "youth_union", _("Youth Union members")
    FISHERS = "fishers", _("fishers")


class TargetValue(Interval):
    """The number a plan asks of a unit for a group, from day to day."""

    subject = ("plan", "unit", "group")
    plan = models.ForeignKey(Plan, models.PROTECT, related_name="+")
    unit = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    group = models.CharField(max_length=20, choices=Group, blank=True, default=Group.ALL)
    number = models.PositiveIntegerField()

    class Meta(Interval.Meta):
        constraints = for_each("plan", "unit", "group")
        indexes = [models.Index(fields=["unit", "valid_from"], name="target_unit")]

    def __str__(self):
        return str(self.number)
