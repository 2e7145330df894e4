"""Terms in working days. What is late is not unlawful for that: these warn, and name the day due."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Literal

from django.utils.translation import gettext_lazy as _

from recruitment.rulebook.calendar import add_working_days
from recruitment.rulebook.facts import UNKNOWN, CandidateFacts, Decision, Maybe, Vote
from recruitment.rulebook.findings import Determined, Finding, Unjudged, Warns
from recruitment.rulebook.registry import determines, rule


@dataclass(frozen=True, slots=True, kw_only=True)
class CeremonyTerm:
    """Working days from the receipt, or from the issue, of the decision."""

    working_days: int
    counts_from: Literal["receipt", "issue"] = "receipt"


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionTerm:
    """Working days from the resolution of the cell."""

    working_days: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RecognitionDecisionTerm:
    """Working days from the resolution of the cell on recognition."""

    working_days: int


def decision_day(facts: CandidateFacts, counts_from: str) -> Maybe[date]:
    """The day from which the term of the ceremony runs; None where it does not run yet."""
    if not isinstance(facts.decision, Decision):
        return facts.decision
    return facts.decision.received_on if counts_from == "receipt" else facts.decision.issued_on


def vote_day(vote: Maybe[Vote]) -> Maybe[date]:
    """The day of the vote, on which the resolution is made."""
    return vote.held_on if isinstance(vote, Vote) else vote


def _late(start: Maybe[date], working_days: int, day: date, code: str, field: str) -> Iterator[Finding]:
    if start is UNKNOWN:
        yield Finding(code="term-not-known", outcome=Unjudged(field))
    elif start is not None and day > (due_on := add_working_days(start, working_days)):
        yield Finding(code=code, outcome=Warns(), params={"working_days": working_days, "due": due_on}, due_on=due_on)


def _due(start: Maybe[date], working_days: int, field: str) -> Iterator[Determined]:
    if isinstance(start, date):
        yield Determined("counts_from", start, field)
        yield Determined("due_on", add_working_days(start, working_days), field)


NOT_KNOWN = {"term-not-known": _("The term cannot be judged without the day from which it runs.")}


@rule(
    "ceremony-term",
    CeremonyTerm,
    title=_("Ceremony within its term"),
    texts=NOT_KNOWN
    | {
        "ceremony-late": _(
            "The ceremony was due by %(due)s; later it needs the consent of the directly superior committee."
        )
    },
)
def ceremony_term(facts: CandidateFacts, day: date, p: CeremonyTerm) -> Iterator[Finding]:
    """The ceremony is within 30 working days of receipt of the decision. 24-QĐ/TW, 4.1; 294-QĐ/TW, 4."""
    return _late(decision_day(facts, p.counts_from), p.working_days, day, "ceremony-late", "decision.received_on")


@determines("ceremony-term")
def ceremony_due(facts: CandidateFacts, day: date, p: CeremonyTerm) -> Iterator[Determined]:
    """By when the ceremony is due."""
    return _due(decision_day(facts, p.counts_from), p.working_days, "decision.received_on")


@rule(
    "decision-term",
    DecisionTerm,
    title=_("Decision on admission within its term"),
    texts=NOT_KNOWN | {"decision-late": _("The decision on admission was due by %(due)s.")},
)
def decision_term(facts: CandidateFacts, day: date, p: DecisionTerm) -> Iterator[Finding]:
    """The decision is within 60 working days of the cell's resolution. 24-QĐ/TW, 4.3.1."""
    return _late(vote_day(facts.cell_vote), p.working_days, day, "decision-late", "cell_vote")


@determines("decision-term")
def decision_due(facts: CandidateFacts, day: date, p: DecisionTerm) -> Iterator[Determined]:
    """By when the decision is due."""
    return _due(vote_day(facts.cell_vote), p.working_days, "cell_vote.held_on")


@rule(
    "recognition-decision-term",
    RecognitionDecisionTerm,
    title=_("Decision on recognition within its term"),
    texts=NOT_KNOWN | {"recognition-decision-late": _("The decision on recognition was due by %(due)s.")},
)
def recognition_decision_term(facts: CandidateFacts, day: date, p: RecognitionDecisionTerm) -> Iterator[Finding]:
    """The decision is within 30 working days of the cell's resolution on recognition. 24-QĐ/TW, 4.3.1."""
    start = vote_day(facts.recognition_vote)
    return _late(start, p.working_days, day, "recognition-decision-late", "recognition_vote")


@determines("recognition-decision-term")
def recognition_decision_due(facts: CandidateFacts, day: date, p: RecognitionDecisionTerm) -> Iterator[Determined]:
    """By when the decision is due."""
    return _due(vote_day(facts.recognition_vote), p.working_days, "recognition_vote.held_on")
