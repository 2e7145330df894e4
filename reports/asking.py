"""Questions in words: periods and units nobody named."""

from __future__ import annotations

from datetime import date

from membership.models import Organisation, Position, Tier
from reports.models import Period, PeriodKind


def running(kind: str, day: date) -> tuple[date, date] | None:
    """First and last day of the period of this kind in which `day` lies; of several, the one that began last."""
    found = Period.objects.filter(kind=kind, first__lte=day, last__gte=day).order_by("-first")
    return found.values_list("first", "last").first()


def term(day: date) -> tuple[date, date]:
    """First and last day of the running term; where none is recorded, of the calendar year."""
    return running(PeriodKind.TERM, day) or year(day)


def year(day: date) -> tuple[date, date]:
    """First and last day of the calendar year."""
    return date(day.year, 1, 1), date(day.year, 12, 31)


def head_office(day: date) -> Organisation | None:
    """The only unit of tier superior on `day`, else the root of the tree."""
    stand = Position.objects.as_at(day).order_by("path").select_related("organisation")
    superior = list(stand.filter(tier=Tier.SUPERIOR)[:2])
    first = superior[0] if len(superior) == 1 else stand.filter(parent__isnull=True).first()
    return first.organisation if first else None
