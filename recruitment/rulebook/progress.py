"""Where a candidate stands: what is done, the stage reached, the state, the next stage. Read from the evidence."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from recruitment.rulebook.book import RuleBook, Stage, Version
from recruitment.rulebook.evidence import applies, begun_on
from recruitment.rulebook.facts import CandidateFacts, Decision, Enrolment

RESTING = ("paused", "returned")
OPEN_STATES = ("open", *RESTING, "admitted")


class Reached(NamedTuple):
    """The furthest stage in which a candidate is, and since when."""

    stage: str
    since: date


def state(facts: CandidateFacts, day: date) -> str:
    """What has become of the candidacy by `day`.

    open, paused, returned, admitted (on probation), recognised; or as it was closed: withdrawn, refused, moved_away,
    removed, ended.
    """
    if isinstance(facts.closed_on, date) and facts.closed_on <= day and isinstance(facts.closed_as, str):
        return facts.closed_as
    if isinstance(facts.recognition_decision, Decision) and facts.recognition_decision.issued_on <= day:
        return "recognised"
    for code, since in (("paused", facts.paused_on), ("returned", facts.returned_on), ("admitted", facts.ceremony_on)):
        if isinstance(since, date) and since <= day:
            return code
    return "open"


def done_stages(facts: CandidateFacts, day: date, book: RuleBook) -> dict[str, date]:
    """Stages done by `day`, by their evidence, with their days, in order."""
    version = version_for(book, day)
    return version.done(facts, day) if version else {}


def version_for(book: RuleBook, day: date) -> Version | None:
    """The version in force on `day`; before the oldest one, the oldest."""
    return book.version_on(day) or (book.versions[0] if book.versions else None)


def reached(facts: CandidateFacts, day: date, book: RuleBook) -> Reached | None:
    """The furthest stage in which the candidate is on `day`; None: in none.

    Who has a seat in a class is in the class; who has a paper asked for, in the dossier; after the ceremony, on
    probation. A certificate from before, of somebody not taken up yet, does not put them in a class.
    """
    version = version_for(book, day)
    if version is None:
        return None
    done = version.done(facts, day)
    furthest = None
    for stage in version.stages:
        since = _in_since(stage, facts, done, day)
        if since and not (stage.evidence == "certificate" and _only_nominated(facts, done)):
            furthest = Reached(stage.code, since)
    return furthest


def _in_since(stage: Stage, facts: CandidateFacts, done: dict[str, date], day: date) -> date | None:
    if not applies(stage.evidence, facts):
        return None
    begun = begun_on(stage.evidence, facts)
    return begun if begun and begun <= day else done.get(stage.code)


def _only_nominated(facts: CandidateFacts, done: dict[str, date]) -> bool:
    return not isinstance(facts.enrolment, Enrolment) and "taken_up" not in done


def ahead(facts: CandidateFacts, day: date, book: RuleBook) -> tuple[Stage, ...]:
    """The stages not done by `day`, in order, without those that a later stage already done has overtaken."""
    version = version_for(book, day)
    if version is None:
        return ()
    done = version.done(facts, day)
    overtaken = frozenset().union(*(version.before[code] for code in done))
    return tuple(
        stage
        for stage in version.stages
        if stage.code not in done and stage.code not in overtaken and applies(stage.evidence, facts)
    )


def next_stage(facts: CandidateFacts, day: date, book: RuleBook) -> Stage | None:
    """The first stage ahead; None where all are done or the candidacy is closed."""
    if state(facts, day) not in OPEN_STATES:
        return None
    return next(iter(ahead(facts, day, book)), None)
