from datetime import date

import pytest

from recruitment.rulebook.facts import UNKNOWN, CandidateFacts, Vote
from recruitment.rulebook.findings import BlocksUntilDone, Unjudged
from recruitment.rulebook.rules.votes import Majority, base_and_needed, vote_two_thirds

P = Majority(of="cell_meeting")
HELD = date(2024, 5, 2)


@pytest.mark.parametrize(
    ("_case", "vote", "outcomes"),
    [
        ("six of nine", Vote(held_on=HELD, entitled=9, in_favour=6), []),
        ("five of nine", Vote(held_on=HELD, entitled=9, in_favour=5), [BlocksUntilDone("cell_meeting")]),
        ("seven of ten", Vote(held_on=HELD, entitled=10, in_favour=7), []),
        ("six of ten", Vote(held_on=HELD, entitled=10, in_favour=6), [BlocksUntilDone("cell_meeting")]),
        ("eight of eleven", Vote(held_on=HELD, entitled=11, in_favour=8), []),
        ("seven of eleven", Vote(held_on=HELD, entitled=11, in_favour=7), [BlocksUntilDone("cell_meeting")]),
        ("two of three", Vote(held_on=HELD, entitled=3, in_favour=2), []),
        ("numbers not recorded", Vote(held_on=HELD), [Unjudged("cell_vote")]),
        ("not held", None, []),
        ("nothing recorded", UNKNOWN, []),
    ],
)
def test_vote_two_thirds(_case, vote, outcomes):
    found = vote_two_thirds(CandidateFacts(cell_vote=vote), date(2024, 6, 1), P)
    assert [finding.outcome for finding in found] == outcomes


def test_each_meeting_has_its_own_vote():
    facts = CandidateFacts(cell_vote=Vote(held_on=HELD, entitled=9, in_favour=1), committee_vote=None)
    assert list(vote_two_thirds(facts, HELD, Majority(of="committee_meeting"))) == []


def test_base_and_number_needed_are_determined():
    facts = CandidateFacts(cell_vote=Vote(held_on=HELD, entitled=11, in_favour=1))
    assert [(item.what, item.value) for item in base_and_needed(facts, HELD, P)] == [("base", 11), ("needed", 8)]
