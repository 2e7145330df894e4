"""Who vouches for the candidate."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext_lazy as _

from recruitment.rulebook.calendar import add_months
from recruitment.rulebook.facts import UNKNOWN, CandidateFacts, Introducer, Maybe, born_between, every, recorded
from recruitment.rulebook.findings import BlocksUntil, BlocksUntilDone, Determined, Finding, Unjudged, Warns
from recruitment.rulebook.registry import determines, rule


@dataclass(frozen=True, slots=True, kw_only=True)
class Introducers:
    """Two official members, or a body and one; together for `months`; of youth age up to the end of `youth_age`."""

    members: int = 2
    months: int = 12
    youth_age: int = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class YouthUnion:
    """Of youth age up to the end of the year of life `youth_age`: until the eve of the next birthday."""

    youth_age: int = 30


def active(facts: CandidateFacts, day: date) -> list[Introducer]:
    """Introducers who vouch on `day`."""
    return [
        row
        for row in every(facts.introducers)
        if (recorded(row.assigned_on) or date.min) <= day < (recorded(row.ended_on) or date.max)
    ]


def of_youth_age(facts: CandidateFacts, day: date, youth_age: int) -> Maybe[bool]:
    """Whether the person is of youth age on `day`; UNKNOWN where the recorded birth leaves it open."""
    if (born := born_between(facts)) is None:
        return UNKNOWN
    first, last = (day < add_months(end, 12 * (youth_age + 1)) for end in born)
    return first if first == last else UNKNOWN


def body_counts(facts: CandidateFacts, day: date, youth_age: int) -> Maybe[bool]:
    """Whether a body among the introducers stands for one member.

    The Youth Union for a person of youth age; the trade union likewise, where there is no Youth Union.
    """
    bodies = {row.kind for row in active(facts, day)} - {"member"}
    young = of_youth_age(facts, day, youth_age) if bodies else False
    if young is not True or "youth_union" in bodies:
        return young
    return UNKNOWN if facts.mass_bodies is UNKNOWN else "youth_union" not in every(facts.mass_bodies)


def ready_on(row: Introducer, months: int) -> date | None:
    """From which day a member may introduce; None where it is not recorded since when they are together."""
    if row.replaces:
        return recorded(row.assigned_on) or date.min
    return add_months(row.together_since, months) if isinstance(row.together_since, date) else None


@rule(
    "introducers-complete",
    Introducers,
    title=_("Introducers, official members together with the candidate long enough"),
    texts={
        "introducers-not-known": _("Cannot be judged without the introducers."),
        "introducers-missing": _("Official members who introduce: %(have)s of %(needed)s."),
        "introducer-time": _(
            "Introducer and candidate work, study or live together for %(months)s months only from %(until)s."
        ),
        "introducer-time-not-known": _(
            "Cannot be judged without the day since when introducer and candidate are together."
        ),
        "introducer-status-not-known": _("Cannot be judged without the status of the introducer."),
        "introducing-body-not-known": _("Whether the introducing body counts cannot be judged without: %(field)s."),
    },
)
def introducers_complete(facts: CandidateFacts, day: date, p: Introducers) -> Iterator[Finding]:
    """Two official members, or Youth Union or trade union committee and one. Party Charter, Article 4.1.

    Members have been together with the candidate for `months`; one who replaces another need not (24-QĐ/TW, 3.2).
    What is not recorded about one of them counts as fulfilled, and is named.
    """
    if facts.introducers is UNKNOWN:
        yield Finding(code="introducers-not-known", outcome=Unjudged("introducers"), resolver="secretary")
        return
    counts = body_counts(facts, day, p.youth_age)
    if counts is UNKNOWN:
        field = "born" if of_youth_age(facts, day, p.youth_age) is UNKNOWN else "mass_bodies"
        yield Finding(code="introducing-body-not-known", outcome=Unjudged(field), params={"field": field})
    needed = p.members if counts is False else p.members - 1
    members = [row for row in active(facts, day) if row.kind == "member" and row.status in ("official", UNKNOWN)]
    if any(row.status is UNKNOWN for row in members):
        outcome = Unjudged("introducers.status")
        yield Finding(code="introducer-status-not-known", outcome=outcome, resolver="secretary")
    yield from _time_together(members, day, p.months, needed)
    if (have := len(members)) < needed:
        params = {"have": have, "needed": needed}
        missing = BlocksUntilDone("introducers")
        yield Finding(code="introducers-missing", outcome=missing, params=params, resolver="secretary")


def _time_together(members: list[Introducer], day: date, months: int, needed: int) -> Iterator[Finding]:
    days = [ready_on(row, months) for row in members]
    ready = sorted(since or date.min for since in days)[:needed]
    if ready and day < ready[-1]:
        yield Finding(code="introducer-time", outcome=BlocksUntil(ready[-1]), params={"months": months})
    if None in days and sum(since is not None and since <= day for since in days) < needed:
        outcome = Unjudged("introducers.together_since")
        yield Finding(code="introducer-time-not-known", outcome=outcome, resolver="secretary")


@determines("introducers-complete")
def members_needed(facts: CandidateFacts, day: date, p: Introducers) -> Iterator[Determined]:
    """How many official members must introduce."""
    if facts.introducers is not UNKNOWN:
        needed = p.members if body_counts(facts, day, p.youth_age) is False else p.members - 1
        yield Determined("introducers_needed", needed, "introducers")


@rule(
    "youth-union-introduces",
    YouthUnion,
    title=_("Introduction by the Youth Union"),
    texts={
        "youth-union-does-not-introduce": _(
            "There is a Youth Union, and the candidate is of youth age: its committee should introduce."
        ),
    },
)
def youth_union_introduces(facts: CandidateFacts, day: date, p: YouthUnion) -> Iterator[Finding]:
    """Where there is a Youth Union, its committee introduces a person of youth age. Party Charter, Article 4.1."""
    if facts.introducers is UNKNOWN or "youth_union" not in every(facts.mass_bodies):
        return
    if of_youth_age(facts, day, p.youth_age) is not True:
        return
    if all(row.kind != "youth_union" for row in active(facts, day)):
        yield Finding(code="youth-union-does-not-introduce", outcome=Warns(), resolver="youth_union")
