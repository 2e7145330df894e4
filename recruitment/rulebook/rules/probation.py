"""Probation and the cell's meeting on recognition."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext_lazy as _

from recruitment.rulebook.calendar import add_months, add_working_days
from recruitment.rulebook.facts import UNKNOWN, CandidateFacts, known
from recruitment.rulebook.findings import BlocksUntil, BlocksUntilDone, Determined, Finding, Unjudged, Warns
from recruitment.rulebook.registry import determines, rule


@dataclass(frozen=True, slots=True, kw_only=True)
class Probation:
    """Calendar months from the day of the ceremony."""

    months: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RecognitionMeetingTerm:
    """Working days after a probation of `months`."""

    months: int
    working_days: int


def probation_ends_on(facts: CandidateFacts, p: Probation | RecognitionMeetingTerm) -> date:
    """The first day after the probation; a month without the day of the ceremony ends on its last day."""
    return add_months(known(facts.ceremony_on), p.months)


@rule(
    "probation-complete",
    Probation,
    title=_("Probation, counted from the ceremony"),
    texts={
        "ceremony-not-recorded": _("Cannot be judged without the day of the ceremony."),
        "not-admitted": _("The ceremony was not held."),
        "on-probation": _("On probation until %(until)s."),
    },
)
def probation_complete(facts: CandidateFacts, day: date, p: Probation) -> Iterator[Finding]:
    """Recognition comes at the earliest `months` calendar months after the ceremony. Party Charter, Article 5.1."""
    if facts.ceremony_on is UNKNOWN:
        yield Finding(code="ceremony-not-recorded", outcome=Unjudged("ceremony_on"))
    elif facts.ceremony_on is None:
        yield Finding(code="not-admitted", outcome=BlocksUntilDone("ceremony"), resolver="secretary")
    elif day < (ends_on := probation_ends_on(facts, p)):
        yield Finding(code="on-probation", outcome=BlocksUntil(ends_on))


@determines("probation-complete")
def probation_days(facts: CandidateFacts, day: date, p: Probation) -> Iterator[Determined]:
    """From the ceremony to the day on which the person may be official, however late the decision."""
    if isinstance(facts.ceremony_on, date):
        yield Determined("counts_from", facts.ceremony_on, "ceremony_on")
        yield Determined("ends_on", probation_ends_on(facts, p), "ceremony_on")


@rule(
    "recognition-meeting-term",
    RecognitionMeetingTerm,
    title=_("The cell meets on recognition within its term"),
    texts={"recognition-meeting-late": _("The cell's meeting on recognition was due by %(due)s.")},
)
def recognition_meeting_term(facts: CandidateFacts, day: date, p: RecognitionMeetingTerm) -> Iterator[Finding]:
    """The cell meets within 30 working days after the probation. 24-QĐ/TW, 4.2.1; 294-QĐ/TW, 4.2."""
    if not isinstance(facts.ceremony_on, date):
        return
    if day > (due_on := add_working_days(probation_ends_on(facts, p), p.working_days)):
        yield Finding(code="recognition-meeting-late", outcome=Warns(), params={"due": due_on}, due_on=due_on)


@determines("recognition-meeting-term")
def recognition_meeting_due(facts: CandidateFacts, day: date, p: RecognitionMeetingTerm) -> Iterator[Determined]:
    """By when the cell's meeting is due."""
    if isinstance(facts.ceremony_on, date):
        due_on = add_working_days(probation_ends_on(facts, p), p.working_days)
        yield Determined("due_on", due_on, "ceremony_on")
