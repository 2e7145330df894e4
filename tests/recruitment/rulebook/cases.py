"""Candidates in a few words: facts for tests of the rule book."""

from datetime import date
from typing import Any

from recruitment.rulebook.facts import (
    NOTHING_YET,
    CandidateFacts,
    Certificate,
    Decision,
    Document,
    Education,
    Helper,
    Introducer,
    Vote,
)

PAPERS = ("application", "cv", "verification", "introduction", "comments")


def a_nominee(**changes: Any) -> CandidateFacts:
    """Nominated on 2 September 2024, 24 years old, about whom everything else is known to be still ahead."""
    values = {
        **NOTHING_YET,
        "born": date(2000, 5, 5),
        "education": Education(level="upper_secondary"),
        "mass_bodies": (),
        "nominated_on": date(2024, 9, 2),
        "cell_tier": "subordinate_cell",
        "under_sub_committee": False,
    }
    return CandidateFacts(**{**values, **changes})


def in_dossier(**changes: Any) -> CandidateFacts:
    """Taken up, certificate, helper, two introducers, all papers: ready for the cell from 15 October 2024 on."""
    values = {
        "taken_up_on": date(2024, 9, 5),
        "certificates": (Certificate(issued_on=date(2023, 6, 1)),),
        "helpers": (Helper(from_on=date(2024, 9, 6)),),
        "introducers": (a_member(), a_member()),
        "documents": tuple(Document(kind=kind, dated_on=date(2024, 10, 15)) for kind in PAPERS),
    }
    return a_nominee(**{**values, **changes})


def decided(**changes: Any) -> CandidateFacts:
    """Cell on 21 October, committee on 24, decision issued on 28, received on 29 October 2024."""
    values = {
        "cell_vote": Vote(held_on=date(2024, 10, 21), entitled=9, in_favour=9, against=0),
        "committee_vote": Vote(held_on=date(2024, 10, 24), entitled=15, in_favour=12, against=0),
        "decision": Decision(issued_on=date(2024, 10, 28), received_on=date(2024, 10, 29)),
    }
    return in_dossier(**{**values, **changes})


def on_probation(**changes: Any) -> CandidateFacts:
    """Admitted on 4 November 2024."""
    return decided(**{"ceremony_on": date(2024, 11, 4), **changes})


def recognised(**changes: Any) -> CandidateFacts:
    """Recognised by a decision of 28 November 2025."""
    values = {
        "recognition_vote": Vote(held_on=date(2025, 11, 12), entitled=9, in_favour=9, against=0),
        "recognition_committee_vote": Vote(held_on=date(2025, 11, 20), entitled=15, in_favour=15, against=0),
        "recognition_decision": Decision(issued_on=date(2025, 11, 28), received_on=date(2025, 12, 1)),
    }
    return on_probation(**{**values, **changes})


def a_member(**changes: Any) -> Introducer:
    """An official member, assigned on 6 September 2024, together with the candidate since 2020."""
    values = {"status": "official", "assigned_on": date(2024, 9, 6), "together_since": date(2020, 1, 2)}
    return Introducer(**{**values, **changes})
