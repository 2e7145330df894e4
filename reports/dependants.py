"""What this floor keeps of a unit: the targets asked of it."""

from __future__ import annotations

from datetime import date

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import npgettext_lazy

from membership import dependants
from membership.models import Organisation
from reports.models import TargetValue


def register() -> None:
    """A unit's page and its dissolution count them; they need no destination: what was asked stays."""
    dependants.register(
        dependants.Dependant(
            "targets",
            _("targets"),
            npgettext_lazy("beside a number", "target line", "target lines"),
            _targets,
            lambda unit: reverse("admin:reports_plan_changelist"),
            mandatory=False,
            reads="plan.write",
            rows=TargetValue.objects.as_at,
            field="unit",
        )
    )


def _targets(unit: Organisation, day: date) -> QuerySet:
    return TargetValue.objects.so().filter(unit=unit, valid_to__gt=day)
