"""Focus groups: derived by predicates, never typed in. Of a ceremony from its frozen profile, of people as at a day."""

from __future__ import annotations

from datetime import date, datetime

from django.db.models import Q

from membership.models import OccupationKind, Sex
from recruitment import groups
from reports.models import Group

_PROFILE: dict[str, Q] = {
    Group.ALL: Q(),
    Group.STUDENTS: Q(occupation=OccupationKind.STUDENT),
    Group.NON_STATE_WORKERS: Q(non_state_worker=True),
    Group.WOMEN: Q(sex=Sex.FEMALE),
    Group.MINORITIES: ~Q(ethnicity__in=groups.MAJORITY),
    Group.YOUTH_UNION: Q(youth_union=True),
    Group.FISHERS: Q(occupation=OccupationKind.FISHER),
}


def of_ceremonies(group: str) -> Q:
    """Ceremonies whose frozen profile is of the group."""
    return _PROFILE[group]


def of_people(group: str, day: date, known_on: datetime | None = None) -> Q:
    """Rows whose `person` is of the group on `day`; of the group of everybody all rows."""
    return groups.of_people(group, day, known_on) if group else Q()
