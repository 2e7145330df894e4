"""Whom an administrator may appoint, and sees by name: members of the own subtree, officers and account holders."""

from __future__ import annotations

from typing import Any

from django.db.models import Exists, OuterRef, Subquery
from django.urls import reverse_lazy

from foundation import clock
from membership import scope
from membership.forms.fields import PersonField, SuggestInput
from membership.models import Appointment, Person, Placement, PlacementKind
from membership.models.organisations import names_of_unit

CAPABILITY = "access.write"


def officers(user: Any) -> Any:
    """People who hold or held an appointment over a unit of the user; who sets up sees every account holder."""
    held = Appointment.objects.visible_to(user, CAPABILITY).filter(person=OuterRef("pk"))
    found = Exists(held)
    if scope.reach(user, CAPABILITY) is None:
        return Person.objects.filter(found) | Person.objects.filter(account__isnull=False)
    return Person.objects.filter(found)


def appointable(user: Any) -> Any:
    """Members of the user's subtree, and its officers."""
    today = clock.today()
    held = Appointment.objects.visible_to(user, CAPABILITY).filter(person=OuterRef("pk"))
    placed = Placement.objects.as_at(today).filter(kind=PlacementKind.OFFICIAL, person=OuterRef("pk"))
    here = placed.filter(scope.within(user, CAPABILITY, "cell"))
    people = Person.objects.filter(Exists(here)).members(today) | Person.objects.filter(Exists(held))
    people = people.annotate(cell=Subquery(here.values("cell")[:1]))
    return people.annotate(place=names_of_unit("cell", today))


class OfficerField(PersonField):
    """A person the administrator may appoint, found by typing."""

    def __init__(self, **kwargs: Any):
        super().__init__(capability=CAPABILITY, **kwargs)
        self.widget = SuggestInput(reverse_lazy("admin:membership_appointment_suggest"))

    def people(self) -> Any:
        """Who can be meant."""
        return appointable(self.user)
