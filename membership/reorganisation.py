"""What was ordered for a day to come, and is carried out when it has come (`manage.py new_day`)."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from foundation.days import format_day
from foundation.operation import Act, carried_out
from membership import dependants
from membership.models import Destination, Organisation, Position


def order(act: Act, unit: Organisation, from_on: date, destinations: Mapping[str, Organisation]) -> None:
    """Things of the unit, by the dependants' names, go to their destinations on that day."""
    for name, destination in destinations.items():
        Destination.objects.create(
            unit=unit, things=name, destination=destination, from_on=from_on, ordered_by=act.entry
        )


def carry_out(day: date) -> Iterator[Any]:
    """Units whose last day is over hold nothing that was given a destination; what holds on is told in a sentence."""
    due = Destination.objects.filter(done_on__isnull=True, from_on__lte=day).select_related("unit", "destination")
    for unit, rows in itertools.groupby(due.order_by("unit", "pk"), key=lambda row: row.unit):
        _carry_out(unit, list(rows), day)
    ended = Position.objects.so().filter(valid_to__lte=day).values("organisation")
    standing = Position.objects.so().filter(valid_to__gt=day).values("organisation")
    gone = {unit.pk: unit for unit in Organisation.objects.filter(pk__in=ended).exclude(pk__in=standing).named(day)}
    for dependant in dependants.countable():
        held = dependants.tally(dependant, gone.values(), day) if dependant.mandatory else {}
        for key, number in held.items():
            told = {"unit": gone[key], "day": format_day(gone[key].gone_on)}
            told |= {"number": number, "things": dependant.words(number)}
            yield _("%(unit)s was dissolved on %(day)s and still holds: %(number)s %(things)s.") % told


def _carry_out(unit: Organisation, rows: Sequence[Destination], day: date) -> None:
    with carried_out("carry_out_dissolution", rows[-1].ordered_by) as act:
        act.about(unit)
        for row in rows:
            dependant = dependants.named(row.things)
            if dependant.move and dependant.count(unit, row.from_on):
                dependant.move(act, unit, row.destination, row.from_on)
        Destination.objects.filter(pk__in=[row.pk for row in rows]).update(done_on=day)
