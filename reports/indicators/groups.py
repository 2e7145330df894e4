"""Focus groups: derived by predicates, never typed in. Of a ceremony from its frozen profile, of people as at a day."""

from __future__ import annotations

from datetime import date, datetime

from django.db.models import Exists, OuterRef, Q

from membership.models import MassKind, MassMembership, Occupation, OccupationKind, Ownership, Sex, WorkplaceKind
from reports.models import Group

MAJORITY = ("", "Kinh")  # ethnicity not recorded, or the majority's
NON_STATE = (Ownership.PRIVATE, Ownership.FOREIGN)

_PROFILE: dict[str, Q] = {
    Group.ALL: Q(),
    Group.STUDENTS: Q(occupation=OccupationKind.STUDENT),
    Group.NON_STATE_WORKERS: Q(non_state_worker=True),
    Group.WOMEN: Q(sex=Sex.FEMALE),
    Group.MINORITIES: ~Q(ethnicity__in=MAJORITY),
    Group.YOUTH_UNION: Q(youth_union=True),
    Group.FISHERS: Q(occupation=OccupationKind.FISHER),
}


def of_ceremonies(group: str) -> Q:
    """Ceremonies whose frozen profile is of the group."""
    return _PROFILE[group]


def of_people(group: str, day: date, known_on: datetime | None = None) -> Q:
    """Rows whose `person` is of the group on `day`. Sex and ethnicity are as described now."""
    occupied = Occupation.objects.as_at(day, known_on).filter(person=OuterRef("person"))
    in_youth_union = MassMembership.objects.as_at(day, known_on).filter(
        person=OuterRef("person"), body__kind=MassKind.YOUTH_UNION
    )
    in_enterprise = occupied.filter(workplace__kind=WorkplaceKind.ENTERPRISE, workplace__ownership__in=NON_STATE)
    predicates: dict[str, Q] = {
        Group.ALL: Q(),
        Group.STUDENTS: Q(Exists(occupied.filter(kind=OccupationKind.STUDENT))),
        Group.NON_STATE_WORKERS: Q(Exists(in_enterprise)),
        Group.WOMEN: Q(person__sex=Sex.FEMALE),
        Group.MINORITIES: ~Q(person__ethnicity__in=MAJORITY),
        Group.YOUTH_UNION: Q(Exists(in_youth_union)),
        Group.FISHERS: Q(Exists(occupied.filter(kind=OccupationKind.FISHER))),
    }
    return predicates[group]
