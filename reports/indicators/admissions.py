"""Admissions and recognitions of a period. Admissions count ceremonies, not people: so units add up."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext_lazy as _

from recruitment.models import AdmissionCeremony, Decision, DecisionKind
from reports.indicators.ask import Ask
from reports.indicators.groups import of_ceremonies
from reports.indicators.register import indicator


def ceremonies(ask: Ask) -> QuerySet[AdmissionCeremony]:
    """Ceremonies held by the as-at day and not annulled by it, of the group and unit asked for, of any period."""
    held = AdmissionCeremony.objects.as_at(ask.as_at, ask.known_on).filter(of_ceremonies(ask.group))
    return ask.within(held.filter(~_annulled(ask)), "credited_to")


def _annulled(ask: Ask) -> Exists:
    annulled = Decision.objects.as_at(ask.as_at, ask.known_on).filter(kind=DecisionKind.ANNULMENT)
    return Exists(annulled.filter(candidate=OuterRef("candidate")))


@indicator("admitted", label=_("Admissions"), unit=_("ceremonies"), by="credited_to")
def admitted(ask: Ask) -> QuerySet[AdmissionCeremony]:
    """Ceremonies from `ask.first` to `ask.last`, both included, not annulled by the as-at day."""
    return ceremonies(ask).filter(happened_on__range=(ask.first, ask.last))


@indicator(
    "admitted_in_non_state_enterprises",
    label=_("Admissions in non-state enterprises"),
    unit=_("ceremonies"),
    by="credited_to",
)
def admitted_in_non_state_enterprises(ask: Ask) -> QuerySet[AdmissionCeremony]:
    """Admissions by cells that covered a non-state enterprise on the day of the ceremony."""
    return admitted(ask).filter(non_state_cell=True)


@indicator("recognised", label=_("Recognitions"), unit=_("decisions"), by="candidate__cell")
def recognised(ask: Ask) -> QuerySet[Decision]:
    """Recognitions decided from `ask.first` to `ask.last`; they count for the cell of the candidacy."""
    decided = Decision.objects.as_at(ask.as_at, ask.known_on).filter(
        ~_annulled(ask), kind=DecisionKind.RECOGNITION, happened_on__range=(ask.first, ask.last)
    )
    if ask.group:
        held = AdmissionCeremony.objects.as_at(ask.as_at, ask.known_on).filter(of_ceremonies(ask.group))
        decided = decided.filter(Exists(held.filter(candidate=OuterRef("candidate"))))
    return ask.within(decided, "candidate__cell")
