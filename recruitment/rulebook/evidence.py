"""By what a stage is done. A stage names its evidence; the day comes from the facts, so there is no second truth."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import NamedTuple

from recruitment.rulebook.facts import (
    UNKNOWN,
    CandidateFacts,
    Certificate,
    Decision,
    Document,
    Enrolment,
    Helper,
    Maybe,
    Vote,
    every,
    recorded,
)

BASE_PAPERS = ("application", "cv", "verification", "comments")
PAPER_OF = {"member": "introduction", "youth_union": "youth_resolution", "trade_union": "union_resolution"}


class Predecessor(NamedTuple):
    """A stage that comes before: its code, and the evidence by which it is done."""

    code: str
    evidence: str


def papers_needed(facts: CandidateFacts) -> tuple[str, ...]:
    """Papers that a complete dossier holds: the four of everybody and one for each way of introduction."""
    kinds = {introducer.kind for introducer in every(facts.introducers)} or {"member"}
    return (*BASE_PAPERS, *(paper for kind, paper in PAPER_OF.items() if kind in kinds))


def papers_held(facts: CandidateFacts) -> dict[str, Document]:
    """The papers of the dossier by kind; of several of a kind the one dated last, an undated one last of all."""
    held: dict[str, Document] = {}
    for row in every(facts.documents):
        before = held.get(row.kind)
        if before is None or (recorded(row.dated_on) or date.min) > (recorded(before.dated_on) or date.min):
            held[row.kind] = row
    return held


def _papers(facts: CandidateFacts) -> Maybe[date]:
    if facts.documents is UNKNOWN:
        return UNKNOWN
    held, last = papers_held(facts), date.min
    for kind in papers_needed(facts):
        if (row := held.get(kind)) is None or row.dated_on is None:
            return None
        if row.dated_on is UNKNOWN:
            return UNKNOWN
        last = max(last, row.dated_on)
    return last


def _certificate(facts: CandidateFacts) -> Maybe[date]:
    if facts.certificates is UNKNOWN:
        return UNKNOWN
    return min(awareness_days(facts), default=None)


def awareness_days(facts: CandidateFacts) -> list[date]:
    """Days on which a certificate of the awareness class was issued."""
    days = (row.issued_on for row in every(facts.certificates) if row.kind == "awareness")
    return [day for day in days if isinstance(day, date)]


def seat_until(facts: CandidateFacts) -> date | None:
    """The end of the class in which there is a seat whose certificate has not come."""
    ends_on = recorded(facts.enrolment.ends_on) if isinstance(facts.enrolment, Enrolment) else None
    return ends_on if ends_on and all(issued_on < ends_on for issued_on in awareness_days(facts)) else None


def _helper(facts: CandidateFacts) -> Maybe[date]:
    if facts.helpers is UNKNOWN:
        return UNKNOWN
    days = [helper.from_on for helper in every(facts.helpers)]
    if UNKNOWN in days:
        return UNKNOWN
    return min((day for day in days if isinstance(day, date)), default=None)


def _vote(field: str) -> Callable[[CandidateFacts], Maybe[date]]:
    def held_on(facts: CandidateFacts) -> Maybe[date]:
        vote = getattr(facts, field)
        return vote.held_on if isinstance(vote, Vote) else vote

    return held_on


def _decision(field: str) -> Callable[[CandidateFacts], Maybe[date]]:
    def issued_on(facts: CandidateFacts) -> Maybe[date]:
        decision = getattr(facts, field)
        return decision.issued_on if isinstance(decision, Decision) else decision

    return issued_on


class Evidence(NamedTuple):
    """`done_on` reads the day; `field` is the fact it rests on; `assume` gives facts in which it was done on a day."""

    field: str
    done_on: Callable[[CandidateFacts], Maybe[date]]
    assume: Callable[[CandidateFacts, date], CandidateFacts]


def _assume_papers(facts: CandidateFacts, day: date) -> CandidateFacts:
    held = papers_held(facts)
    missing = [kind for kind in papers_needed(facts) if kind not in held or not isinstance(held[kind].dated_on, date)]
    kept = tuple(document for document in every(facts.documents) if document.kind not in missing)
    return facts.but(documents=(*kept, *(Document(kind=kind, dated_on=day) for kind in missing)))


def _assume_vote(field: str) -> Callable[[CandidateFacts, date], CandidateFacts]:
    return lambda facts, day: facts.but(**{field: Vote(held_on=day, entitled=1, in_favour=1, against=0)})


def _assume_decision(field: str) -> Callable[[CandidateFacts, date], CandidateFacts]:
    return lambda facts, day: facts.but(**{field: Decision(issued_on=day, received_on=day)})


def assume_certificate(facts: CandidateFacts, day: date) -> CandidateFacts:
    """A certificate of the awareness class issued on `day`, beside those held."""
    return facts.but(certificates=(*every(facts.certificates), Certificate(issued_on=day)))


EVIDENCE: dict[str, Evidence] = {
    "nomination": Evidence("nominated_on", lambda facts: facts.nominated_on, lambda f, day: f.but(nominated_on=day)),
    "record": Evidence("taken_up_on", lambda facts: facts.taken_up_on, lambda f, day: f.but(taken_up_on=day)),
    "certificate": Evidence("certificates", _certificate, assume_certificate),
    "helper": Evidence("helpers", _helper, lambda f, day: f.but(helpers=(*every(f.helpers), Helper(from_on=day)))),
    "papers": Evidence("documents", _papers, _assume_papers),
    "cell_vote": Evidence("cell_vote", _vote("cell_vote"), _assume_vote("cell_vote")),
    "sub_committee_vote": Evidence(
        "sub_committee_vote", _vote("sub_committee_vote"), _assume_vote("sub_committee_vote")
    ),
    "committee_vote": Evidence("committee_vote", _vote("committee_vote"), _assume_vote("committee_vote")),
    "decision": Evidence("decision", _decision("decision"), _assume_decision("decision")),
    "ceremony": Evidence("ceremony_on", lambda facts: facts.ceremony_on, lambda f, day: f.but(ceremony_on=day)),
    "term": Evidence("ceremony_on", lambda facts: None, lambda f, day: f),  # its end is determined by its own rule
    "recognition_vote": Evidence("recognition_vote", _vote("recognition_vote"), _assume_vote("recognition_vote")),
    "recognition_committee_vote": Evidence(
        "recognition_committee_vote", _vote("recognition_committee_vote"), _assume_vote("recognition_committee_vote")
    ),
    "recognition_decision": Evidence(
        "recognition_decision", _decision("recognition_decision"), _assume_decision("recognition_decision")
    ),
}


def done_on(evidence: str, facts: CandidateFacts) -> Maybe[date]:
    """The day on which the evidence came; None where there is none, UNKNOWN where nothing is recorded."""
    return EVIDENCE[evidence].done_on(facts)


def _has_sub_committee(facts: CandidateFacts) -> bool:
    return facts.under_sub_committee is True


def _has_grassroots_committee(facts: CandidateFacts) -> bool:
    return facts.cell_tier != "grassroots"


_APPLIES = {
    "sub_committee_vote": _has_sub_committee,
    "committee_vote": _has_grassroots_committee,
    "recognition_committee_vote": _has_grassroots_committee,
}


def applies(evidence: str, facts: CandidateFacts) -> bool:
    """Whether a stage with this evidence is on the candidate's way.

    A grassroots cell proposes straight to the competent committee; few cells are under a sub-committee.
    """
    asked = _APPLIES.get(evidence)
    return asked is None or asked(facts)


def begun_on(evidence: str, facts: CandidateFacts) -> date | None:
    """The day from which a candidate is *in* the stage: a seat in a class, the first paper asked for, else done."""
    if evidence == "certificate" and isinstance(facts.enrolment, Enrolment):
        return recorded(facts.enrolment.enrolled_on) or recorded(facts.enrolment.begins_on)
    if evidence == "term":
        return recorded(facts.ceremony_on)
    if evidence == "papers":
        days = [recorded(day) for row in every(facts.documents) for day in (row.asked_on, row.dated_on)]
        return min((day for day in days if day), default=None)
    return recorded(done_on(evidence, facts))


def booked_on(stage: str, facts: CandidateFacts, today: date) -> date | None:
    """The next day from `today` on for which the stage's meeting or ceremony is booked."""
    return min((row.on for row in facts.booked if row.stage == stage and row.on >= today), default=None)
