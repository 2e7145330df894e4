"""How many organisations, members and enterprises there are on the as-at day."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext_lazy as _

from membership.models import (
    MEMBER,
    Coverage,
    MembershipStatus,
    Placement,
    PlacementKind,
    Position,
    Tier,
    WorkplaceKind,
)
from recruitment.groups import NON_STATE
from reports.indicators.ask import Ask
from reports.indicators.groups import of_people
from reports.indicators.register import indicator


@indicator("grassroots_organisations", label=_("Grassroots organisations"), unit=_("organisations"), by="organisation")
def grassroots_organisations(ask: Ask) -> QuerySet[Position]:
    """Grassroots committees and grassroots cells that stand on the as-at day."""
    return _standing(ask, Tier.GRASSROOTS)


@indicator(
    "cells_under_grassroots_committees",
    label=_("Cells under grassroots committees"),
    unit=_("cells"),
    by="organisation",
)
def cells_under_grassroots_committees(ask: Ask) -> QuerySet[Position]:
    """Cells that stand under a grassroots committee, or under a sub-committee of one, on the as-at day."""
    return _standing(ask, Tier.SUBORDINATE_CELL)


def _standing(ask: Ask, tier: str) -> QuerySet[Position]:
    return ask.within(Position.objects.as_at(ask.as_at, ask.known_on).filter(tier=tier), "organisation")


@indicator("members", label=_("Members"), unit=_("members"), by="cell")
def members(ask: Ask) -> QuerySet[Placement]:
    """Probationary and official members on the as-at day, in the cell to which they officially belong."""
    day, known_on = ask.as_at, ask.known_on
    status = MembershipStatus.objects.as_at(day, known_on).filter(status__in=MEMBER, person=OuterRef("person"))
    placed = Placement.objects.as_at(day, known_on).filter(Exists(status), kind=PlacementKind.OFFICIAL)
    return ask.within(placed.filter(of_people(ask.group, day, known_on)), "cell")


@indicator(
    "non_state_enterprises_with_party_organisation",
    label=_("Non-state enterprises with a party organisation"),
    unit=_("enterprises"),
    by="organisation",
    once="workplace",
)
def non_state_enterprises_with_party_organisation(ask: Ask) -> QuerySet[Coverage]:
    """Private and foreign-invested enterprises that a unit covers on the as-at day; each counts once."""
    covered = Coverage.objects.as_at(ask.as_at, ask.known_on).filter(
        workplace__kind=WorkplaceKind.ENTERPRISE, workplace__ownership__in=NON_STATE
    )
    return ask.within(covered, "organisation")
