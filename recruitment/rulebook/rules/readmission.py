"""Re-admission of former members."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext_lazy as _

from recruitment.rulebook.calendar import add_months
from recruitment.rulebook.facts import UNKNOWN, CandidateFacts, Membership, every, recorded
from recruitment.rulebook.findings import BlocksUntil, BlocksUntilDone, Determined, Finding, Never, Unjudged
from recruitment.rulebook.registry import determines, rule


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadmissionWait:
    """`months` from leaving, or `months_from_cleared` after a criminal record is cleared; some may never come back."""

    months: int = 36
    months_from_cleared: int = 60
    never_left_as: tuple[str, ...] = ("dropped_out", "resigned")
    never_causes: tuple[str, ...] = ("disunity", "corruption", "serious_crime")
    times: int = 1


@rule(
    "readmission-wait",
    ReadmissionWait,
    title=_("Waiting time of former members"),
    texts={
        "memberships-not-known": _("Cannot be judged without the earlier memberships."),
        "still-a-member": _("The person is a member already."),
        "never-readmitted": _("Left the Party in a way after which nobody is admitted again."),
        "readmitted-once": _("Nobody is admitted a second time again."),
        "readmission-wait": _("May be considered again only from %(until)s."),
        "record-not-cleared": _("The criminal record is not cleared."),
        "leaving-not-known": _("Cannot be judged without the day of leaving the Party."),
        "leaving-kind-not-known": _("Cannot be judged without how and why the membership ended."),
        "record-not-known": _("Cannot be judged without the day on which the criminal record was cleared."),
    },
)
def readmission_wait(facts: CandidateFacts, day: date, p: ReadmissionWait) -> Iterator[Finding]:
    """A former member waits; some never come back; once only. 24-QĐ/TW, 3.5; 294-QĐ/TW, 3.5."""
    if facts.memberships is UNKNOWN:
        yield Finding(code="memberships-not-known", outcome=Unjudged("memberships"), resolver="secretary")
        return
    earlier = every(facts.memberships)
    if len(earlier) > p.times:
        yield Finding(code="readmitted-once", outcome=Never(recorded(earlier[-1].ended_on)))
    for membership in earlier:
        yield from _after(membership, day, p)


def _after(membership: Membership, day: date, p: ReadmissionWait) -> Iterator[Finding]:
    ended_on = membership.ended_on
    if ended_on is None or membership.ended_as in ("died", "departed"):
        yield Finding(code="still-a-member", outcome=Never(recorded(membership.admitted_on)))
        return
    if never_again(membership, p):
        yield Finding(code="never-readmitted", outcome=Never(recorded(ended_on)))
        return
    if membership.ended_as is UNKNOWN or membership.cause is UNKNOWN:
        yield Finding(code="leaving-kind-not-known", outcome=Unjudged("memberships.ended_as"), resolver="secretary")
    if membership.cause == "less_serious_crime":
        yield from _after_crime(membership, day, p)
    elif ended_on is UNKNOWN:
        yield Finding(code="leaving-not-known", outcome=Unjudged("memberships.ended_on"), resolver="secretary")
    elif day < (free_on := add_months(ended_on, p.months)):
        yield Finding(code="readmission-wait", outcome=BlocksUntil(free_on))


def never_again(membership: Membership, p: ReadmissionWait) -> bool:
    """Whether this way of leaving closes the door; very hard family circumstances excuse a resignation."""
    if membership.cause in p.never_causes:
        return True
    return membership.ended_as in p.never_left_as and not (membership.ended_as == "resigned" and membership.hardship)


def _after_crime(membership: Membership, day: date, p: ReadmissionWait) -> Iterator[Finding]:
    cleared_on = membership.cleared_on
    if cleared_on is UNKNOWN:
        yield Finding(code="record-not-known", outcome=Unjudged("memberships.cleared_on"), resolver="secretary")
    elif cleared_on is None:
        yield Finding(code="record-not-cleared", outcome=BlocksUntilDone("record_cleared"), resolver="person")
    elif day < (free_on := add_months(cleared_on, p.months_from_cleared)):
        yield Finding(code="readmission-wait", outcome=BlocksUntil(free_on))


@determines("readmission-wait")
def free_from(facts: CandidateFacts, day: date, p: ReadmissionWait) -> Iterator[Determined]:
    """From which day a former member may be considered again."""
    for membership in every(facts.memberships):
        if membership.cause == "less_serious_crime" and isinstance(membership.cleared_on, date):
            until = add_months(membership.cleared_on, p.months_from_cleared)
            yield Determined("starts_on", until, "memberships.cleared_on")
        elif membership.cause != "less_serious_crime" and isinstance(membership.ended_on, date):
            yield Determined("starts_on", add_months(membership.ended_on, p.months), "memberships.ended_on")
