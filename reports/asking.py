"""Questions in words: periods, days and moments as people and shells write them."""

from __future__ import annotations

from datetime import date, datetime

from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext_lazy as _

from foundation import clock
from foundation.days import parse_day
from foundation.numbers import western_digits
from membership.models import Organisation, Position, Tier
from reports.models import Period, PeriodKind


def moment(text: str) -> datetime:
    """What "known on" means: a day is its end, a date-time is in the office's zone. ValueError, worded, otherwise."""
    typed = western_digits(text.strip())
    if ":" not in typed:
        return clock.end_of(parse_day(typed))
    try:
        found = parse_datetime(typed)
    except ValueError:
        found = None
    if found is None:
        raise ValueError(_("Write the moment as a day, or as day and time: 2024-10-30T17:00."))
    return found if timezone.is_aware(found) else timezone.make_aware(found)


def running(kind: str, day: date) -> tuple[date, date] | None:
    """First and last day of the period of this kind in which `day` lies; of several, the one that began last."""
    found = Period.objects.filter(kind=kind, first__lte=day, last__gte=day).order_by("-first")
    return found.values_list("first", "last").first()


def term(day: date) -> tuple[date, date]:
    """First and last day of the running term; where none is recorded, of the calendar year."""
    return running(PeriodKind.TERM, day) or (date(day.year, 1, 1), date(day.year, 12, 31))


def head_office(day: date) -> Organisation | None:
    """The only unit of tier superior on `day`, else the root of the tree."""
    stand = Position.objects.as_at(day).order_by("path").select_related("organisation")
    superior = list(stand.filter(tier=Tier.SUPERIOR)[:2])
    first = superior[0] if len(superior) == 1 else stand.filter(parent__isnull=True).first()
    return first.organisation if first else None
