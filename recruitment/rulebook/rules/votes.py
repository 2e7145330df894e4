"""Votes of cell and committees."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Literal

from django.utils.translation import gettext_lazy as _

from recruitment.rulebook.facts import UNKNOWN, CandidateFacts, Vote
from recruitment.rulebook.findings import BlocksUntilDone, Determined, Finding, Unjudged
from recruitment.rulebook.registry import determines, rule

VOTES = {
    "cell_meeting": "cell_vote",
    "committee_meeting": "committee_vote",
    "recognition_meeting": "recognition_vote",
    "recognition_committee": "recognition_committee_vote",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Majority:
    """The vote of the meeting `of`: at least `of_three` thirds of those entitled."""

    of: Literal["cell_meeting", "committee_meeting", "recognition_meeting", "recognition_committee"]
    of_three: int = 2


def needed(entitled: int, of_three: int = 2) -> int:
    """The least number of votes in favour: `of_three` thirds of the base, rounded up."""
    return -(-entitled * of_three // 3)


@rule(
    "vote-two-thirds",
    Majority,
    title=_("Two thirds of those entitled voted in favour"),
    texts={
        "vote-short": _("%(stage)s: in favour %(in_favour)s of %(entitled)s, needed %(needed)s."),
        "vote-not-known": _("%(stage)s: cannot be judged without the number of votes."),
    },
)
def vote_two_thirds(facts: CandidateFacts, day: date, p: Majority) -> Iterator[Finding]:
    """Two thirds of the official members of the cell (of the committee's members) are in favour. 01-HD/TW 2021, 3.6.

    The base: official members, without those on temporary activity elsewhere and the exempted, where these are absent
    (24-QĐ/TW, 9.3); whoever else is absent counts. A vote not held is the concern of the order of stages.
    """
    vote = getattr(facts, VOTES[p.of])
    if not isinstance(vote, Vote):
        return
    if vote.entitled is None or vote.entitled is UNKNOWN or vote.in_favour is None or vote.in_favour is UNKNOWN:
        yield Finding(code="vote-not-known", outcome=Unjudged(VOTES[p.of]), params={"stage": p.of})
    elif vote.in_favour < (least := needed(vote.entitled, p.of_three)):
        counted = {"in_favour": vote.in_favour, "entitled": vote.entitled, "needed": least, "stage": p.of}
        yield Finding(code="vote-short", outcome=BlocksUntilDone(p.of), params=counted, resolver="competent")


@determines("vote-two-thirds")
def base_and_needed(facts: CandidateFacts, day: date, p: Majority) -> Iterator[Determined]:
    """The base of the vote and the number needed, where the base is recorded."""
    vote = getattr(facts, VOTES[p.of])
    if isinstance(vote, Vote) and isinstance(vote.entitled, int):
        yield Determined("base", vote.entitled, f"{VOTES[p.of]}.entitled")
        yield Determined("needed", needed(vote.entitled, p.of_three), f"{VOTES[p.of]}.entitled")
