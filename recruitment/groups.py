"""Focus groups of people: derived by named predicates, never typed in."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from membership.models import MassKind, MassMembership, Occupation, OccupationKind, Ownership, Sex, WorkplaceKind

GROUPS: Mapping[str, Any] = {
    "students": _("students and pupils"),
    "non_state_workers": _("workers in non-state enterprises"),
    "women": _("women"),
    "minorities": _("ethnic minorities"),
    "youth_union": _("Youth Union members"),
    "fishers": _("fishers"),
}
RESTRICTED = frozenset({"minorities"})  # derived from a field that not every reader sees
MAJORITY = ("", "Kinh")  # ethnicity not recorded, or the majority's
NON_STATE = (Ownership.PRIVATE, Ownership.FOREIGN)


def of_people(group: str, day: date, known_on: datetime | None = None) -> Q:
    """Rows whose `person` is of the group on `day`. Sex and ethnicity are as described now."""
    occupied = Occupation.objects.as_at(day, known_on).filter(person=OuterRef("person"))
    in_enterprise = occupied.filter(workplace__kind=WorkplaceKind.ENTERPRISE, workplace__ownership__in=NON_STATE)
    united = MassMembership.objects.as_at(day, known_on).filter(person=OuterRef("person"))
    return {
        "students": Q(Exists(occupied.filter(kind=OccupationKind.STUDENT))),
        "non_state_workers": Q(Exists(in_enterprise)),
        "women": Q(person__sex=Sex.FEMALE),
        "minorities": ~Q(person__ethnicity__in=MAJORITY),
        "youth_union": Q(Exists(united.filter(body__kind=MassKind.YOUTH_UNION))),
        "fishers": Q(Exists(occupied.filter(kind=OccupationKind.FISHER))),
    }[group]
