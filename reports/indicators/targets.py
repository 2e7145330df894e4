"""Targets, pace, and what is still possible."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

from django.db.models import Case, Q, QuerySet, Value, When
from django.utils.translation import gettext_lazy as _

from recruitment.models import Candidate
from reports.indicators.admissions import admitted
from reports.indicators.ask import Ask
from reports.indicators.candidacies import STOCK_OF_STAGE
from reports.indicators.groups import of_people
from reports.indicators.register import indicator, measure
from reports.indicators.standings import known, standings
from reports.models import PlanState, TargetValue

STOPPED = ("paused", "returned")
_BEGUN = [stage for stage, stock in STOCK_OF_STAGE.items() if stock in ("in_dossier", "awaiting_decision", "decided")]
LATE = Q(then_state="open", then_stage__in=_BEGUN) | Q(then_state__in=STOPPED)


def targets(ask: Ask) -> QuerySet[TargetValue]:
    """What decided plans for exactly the period asked ask of units for the group; the plan that holds comes first."""
    decided = TargetValue.objects.as_at(ask.as_at, ask.known_on).filter(
        plan__state=PlanState.DECIDED,
        plan__period__first=ask.first,
        plan__period__last=ask.last,
        group=ask.group,
    )
    return decided.order_by("-valid_from", "-plan")


@measure("target", label=_("Target"), unit=_("admissions"))
def target(ask: Ask) -> int | None:
    """The target of the plan whose period is exactly the one asked; none: None. Never prorated.

    Of several plans the one that began last holds. Targets for groups are no target for everybody.
    """
    return targets(ask).filter(unit=ask.unit).values_list("number", flat=True).first()


@measure("pace", label=_("Pace"), unit=_("admissions"))
def pace(ask: Ask) -> Decimal | None:
    """The target's share for the days gone, the as-at day included; one decimal."""
    return pace_of(target(ask), ask)


def pace_of(wanted: int | None, ask: Ask) -> Decimal | None:
    """The same of a target already known."""
    if wanted is None:
        return None
    days = (ask.last - ask.first).days + 1
    gone = max(0, min((ask.as_at - ask.first).days + 1, days))
    return (Decimal(wanted) * gone / days).quantize(Decimal("0.1"), ROUND_HALF_UP)


def in_time(ask: Ask) -> QuerySet:
    """Open candidacies whose ceremony is, on the as-at day, still lawful within the period.

    `piece` says how far each is: decided, awaiting_decision, or earlier.
    """
    rows = standings(ask).filter(of_people(ask.group, ask.as_at, ask.known_on), then_stage__in=STOCK_OF_STAGE)
    rows = rows.filter(then_state="open", then_earliest_ceremony_on__lte=ask.last).annotate(piece=_piece())
    return ask.within(rows if ask.last >= ask.as_at else rows.none(), "cell")


def _piece() -> Case:
    """Which piece of the ladder a candidacy with a standing belongs to."""
    late = ("decided", "awaiting_decision")
    stages = {stock: [stage for stage, of in STOCK_OF_STAGE.items() if of == stock] for stock in late}
    whens = [When(then_stage__in=stages[stock], then=Value(stock)) for stock in late]
    return Case(*whens, default=Value("earlier"))


@indicator("possible", label=_("Still possible in the period"), unit=_("people"), by="cell")
def possible(ask: Ask) -> QuerySet[Candidate]:
    """Candidates recorded by the as-at day whose ceremony is still lawful within the period."""
    return in_time(ask)


@indicator("possible_decided", label=_("Possible: decided, ceremony to come"), unit=_("people"), by="cell")
def possible_decided(ask: Ask) -> QuerySet[Candidate]:
    """Of those possible: the decision is issued."""
    return in_time(ask).filter(piece="decided")


@indicator("possible_awaiting", label=_("Possible: awaiting the decision"), unit=_("people"), by="cell")
def possible_awaiting(ask: Ask) -> QuerySet[Candidate]:
    """Of those possible: the cell meeting was held."""
    return in_time(ask).filter(piece="awaiting_decision")


@indicator("possible_earlier", label=_("Possible: before the cell meeting"), unit=_("people"), by="cell")
def possible_earlier(ask: Ask) -> QuerySet[Candidate]:
    """Of those possible: still before the cell meeting."""
    return in_time(ask).filter(piece="earlier")


@measure("ceiling", label=_("At most"), unit=_("admissions"), behind=("admitted", "possible"))
def ceiling(ask: Ask) -> int | None:
    """Admissions of the period and those still lawful within it; None where nobody knows (`standings.known`)."""
    if not known(ask):
        return None
    return admitted(ask).count() + in_time(ask).count()


@indicator("too_late", label=_("Too late for the period"), unit=_("people"), by="cell")
def too_late(ask: Ask) -> QuerySet[Candidate]:
    """Candidacies whose dossier has begun, or that are paused or returned, and that can no longer be in time."""
    rows = standings(ask).filter(of_people(ask.group, ask.as_at, ask.known_on), then_stage__in=STOCK_OF_STAGE)
    return ask.within(rows.filter(LATE, ~Q(pk__in=in_time(ask).values("pk"))), "cell")
