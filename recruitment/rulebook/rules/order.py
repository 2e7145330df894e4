"""Order of the stages, by their evidence; days; and whether the candidacy is open."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext_lazy as _

from recruitment.rulebook.evidence import EVIDENCE, Predecessor, applies, done_on
from recruitment.rulebook.facts import UNKNOWN, CandidateFacts
from recruitment.rulebook.findings import BlocksUntil, BlocksUntilDone, Finding, Never, Unjudged
from recruitment.rulebook.registry import rule

RESOLVERS = {
    "certificate": "organiser",
    "sub_committee_vote": "sub_committee",
    "committee_vote": "grassroots",
    "recognition_committee_vote": "grassroots",
    "decision": "competent",
    "recognition_decision": "competent",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class StageOrder:
    """The stages that come directly before; the book fills them in from the stage."""

    after: tuple[Predecessor, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class DayInOrder(StageOrder):
    """As `StageOrder`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CandidacyOpen:
    """No parameters."""


@rule(
    "stage-order",
    StageOrder,
    title=_("The stages before are done"),
    texts={
        "stage-not-done": _("Not done yet: %(stage)s."),
        "stage-not-known": _("Cannot be judged without: %(stage)s."),
    },
)
def stage_order(facts: CandidateFacts, day: date, p: StageOrder) -> Iterator[Finding]:
    """Each stage before, as far as it is on the candidate's way, has its evidence."""
    for code, evidence in p.after:
        if not applies(evidence, facts):
            continue
        params = {"stage": code}
        resolver = RESOLVERS.get(evidence, "secretary")
        if (done := done_on(evidence, facts)) is None:
            yield Finding(code="stage-not-done", outcome=BlocksUntilDone(code), params=params, resolver=resolver)
        elif done is UNKNOWN:
            outcome = Unjudged(EVIDENCE[evidence].field)
            yield Finding(code="stage-not-known", outcome=outcome, params=params, resolver=resolver)


@rule(
    "day-in-order",
    DayInOrder,
    title=_("The day is not in the future and not before the stages before"),
    texts={
        "day-in-future": _("The day is in the future."),
        "before-stage": _("The stage before was on %(until)s: %(stage)s."),
    },
)
def day_in_order(facts: CandidateFacts, day: date, p: DayInOrder) -> Iterator[Finding]:
    """No step later than the day on which it is asked, nor before a stage before; the same day is right."""
    if isinstance(facts.today, date) and day > facts.today:
        yield Finding(code="day-in-future", outcome=BlocksUntilDone("day_comes"), due_on=day)
    for code, evidence in p.after:
        done = done_on(evidence, facts) if applies(evidence, facts) else None
        if isinstance(done, date) and day < done:
            yield Finding(code="before-stage", outcome=BlocksUntil(done), params={"stage": code})


@rule(
    "candidacy-open",
    CandidacyOpen,
    title=_("The candidacy is open"),
    texts={
        "closed": _("The candidacy was closed on %(since)s."),
        "paused": _("Paused since %(on)s; it must be resumed first."),
        "returned": _("Returned for completion on %(on)s; it must be resumed first."),
    },
)
def candidacy_open(facts: CandidateFacts, day: date, p: CandidacyOpen) -> Iterator[Finding]:
    """A closed candidacy goes no further; one that is paused or returned is resumed first."""
    if isinstance(facts.closed_on, date) and day > facts.closed_on:
        yield Finding(code="closed", outcome=Never(facts.closed_on))
    for code, since in (("paused", facts.paused_on), ("returned", facts.returned_on)):
        if isinstance(since, date) and since <= day:
            yield Finding(code=code, outcome=BlocksUntilDone("resume"), params={"on": since}, resolver="secretary")
