"""What this floor tells the one below: who stands in a unit as a candidate, and what hangs on a unit."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy, npgettext_lazy

from foundation import clock
from foundation.operation import Act
from membership import dependants, scope
from membership.models import Organisation, Placement, PlacementKind
from membership.models.organisations import Kind
from recruitment import models, standing, steps


def open_all() -> None:
    """Candidates of a unit are people of it, and a unit with candidacies, classes or meetings is not dissolved over."""
    if candidates not in scope.PERSON_DOORS:
        scope.PERSON_DOORS.append(candidates)
        scope.PERSON_UNITS.append(candidacies)
    for dependant in _DEPENDANTS:
        dependants.register(dependant)


def candidates() -> QuerySet:
    """Candidacies that are open, or closed and of no member anywhere."""
    placed = Placement.objects.as_at(clock.today()).filter(kind=PlacementKind.OFFICIAL, person=OuterRef("person_id"))
    return models.Candidate.objects.filter(Q(closed_on__isnull=True) | ~Exists(placed))


def candidacies() -> QuerySet:
    """Open candidacies first, then the last ones."""
    return models.Candidate.objects.order_by(F("closed_on").desc(nulls_first=True), "-pk")


def _open_candidacies(unit: Organisation, day: date) -> QuerySet:
    return models.Candidate.objects.open().filter(cell=unit)


def _move_candidacies(act: Act, unit: Organisation, destination: Organisation, day: date) -> None:
    steps.move_candidacies(act, models.Candidate.objects.open().filter(cell=unit), destination)


def _booked_meetings(unit: Organisation, day: date) -> QuerySet:
    return models.Meeting.objects.filter(organisation=unit, booked=True, held_on__gte=day)


def _move_meetings(act: Act, unit: Organisation, destination: Organisation, day: date) -> None:
    planned = _booked_meetings(unit, day)
    planned.filter(held_on__in=models.Meeting.objects.filter(organisation=destination).values("held_on")).delete()
    planned.update(organisation=destination)
    steps.touch_derived(act, standing.under([destination]))


def _planned_classes(unit: Organisation, day: date) -> QuerySet:
    return models.AwarenessClass.objects.filter(unit=unit, ends_on__gte=day)


def _move_classes(act: Act, unit: Organisation, destination: Organisation, day: date) -> None:
    models.AwarenessClass.objects.filter(unit=unit, ends_on__gte=day).update(unit=destination)
    steps.touch_derived(act, standing.under([destination]))


def _link(name: str) -> Callable[[Organisation], str]:
    def link(unit: Organisation) -> str:
        try:
            return f"{reverse(name)}?unit={unit.pk}"
        except NoReverseMatch:  # no such page yet
            return ""

    return link


def _open(_day: date) -> QuerySet:
    return models.Candidate.objects.open()


_DEPENDANTS: list[dependants.Dependant] = [
    dependants.Dependant(
        "candidacies", _("open candidacies"), ngettext_lazy("open candidacy", "open candidacies"),
        _open_candidacies, _link("candidates"), _move_candidacies,
        destination=Kind.CELL, reads="candidate.read", rows=_open, field="cell",
    ),
    dependants.Dependant(
        "meetings", _("booked meetings"), ngettext_lazy("booked meeting", "booked meetings"),
        _booked_meetings, _link("meetings"), _move_meetings,
    ),
    dependants.Dependant(
        "classes", _("classes"), npgettext_lazy("beside a number", "class", "classes"),
        _planned_classes, _link("classes"), _move_classes,
    ),
]  # fmt: skip
