from datetime import date

import pytest

from recruitment.rulebook.evidence import Predecessor
from recruitment.rulebook.facts import UNKNOWN, CandidateFacts, Vote
from recruitment.rulebook.findings import BlocksUntil, BlocksUntilDone, Never, Unjudged
from recruitment.rulebook.rules.order import (
    CandidacyOpen,
    DayInOrder,
    StageOrder,
    candidacy_open,
    day_in_order,
    stage_order,
)

AFTER = (Predecessor("cell_meeting", "cell_vote"), Predecessor("committee_meeting", "committee_vote"))
CELL, COMMITTEE = Vote(held_on=date(2024, 5, 2)), Vote(held_on=date(2024, 5, 9))


@pytest.mark.parametrize(
    ("_case", "tier", "cell_vote", "committee_vote", "outcomes"),
    [
        ("both held", "subordinate_cell", CELL, COMMITTEE, []),
        ("one not held", "subordinate_cell", CELL, None, [BlocksUntilDone("committee_meeting")]),
        (
            "none held",
            "subordinate_cell",
            None,
            None,
            [BlocksUntilDone("cell_meeting"), BlocksUntilDone("committee_meeting")],
        ),
        ("a grassroots cell has no committee between", "grassroots", CELL, None, []),
        ("not recorded", "subordinate_cell", CELL, UNKNOWN, [Unjudged("committee_vote")]),
    ],
)
def test_stage_order(_case, tier, cell_vote, committee_vote, outcomes):
    facts = CandidateFacts(cell_tier=tier, cell_vote=cell_vote, committee_vote=committee_vote)
    found = stage_order(facts, date(2024, 6, 1), StageOrder(after=AFTER))
    assert [finding.outcome for finding in found] == outcomes


@pytest.mark.parametrize(
    ("_case", "today", "day", "outcomes"),
    [
        ("the same day", date(2024, 6, 1), date(2024, 5, 9), []),
        ("the day before the last", date(2024, 6, 1), date(2024, 5, 8), [BlocksUntil(date(2024, 5, 9))]),
        (
            "before both",
            date(2024, 6, 1),
            date(2024, 5, 1),
            [BlocksUntil(date(2024, 5, 2)), BlocksUntil(date(2024, 5, 9))],
        ),
        ("today", date(2024, 6, 1), date(2024, 6, 1), []),
        ("tomorrow", date(2024, 6, 1), date(2024, 6, 2), [BlocksUntilDone("day_comes")]),
        ("nobody says which day it is", None, date(2024, 6, 2), []),
    ],
)
def test_day_in_order(_case, today, day, outcomes):
    facts = CandidateFacts(today=today, cell_tier="subordinate_cell", cell_vote=CELL, committee_vote=COMMITTEE)
    assert [finding.outcome for finding in day_in_order(facts, day, DayInOrder(after=AFTER))] == outcomes


@pytest.mark.parametrize(
    ("_case", "changes", "outcomes"),
    [
        ("open", {}, []),
        ("paused", {"paused_on": date(2024, 6, 1)}, [BlocksUntilDone("resume")]),
        ("paused later", {"paused_on": date(2024, 6, 2)}, []),
        ("returned", {"returned_on": date(2024, 5, 20)}, [BlocksUntilDone("resume")]),
        ("closed that day", {"closed_on": date(2024, 6, 1), "closed_as": "recognised"}, []),
        ("closed before", {"closed_on": date(2024, 5, 31), "closed_as": "refused"}, [Never(date(2024, 5, 31))]),
    ],
)
def test_candidacy_open(_case, changes, outcomes):
    found = candidacy_open(CandidateFacts(**changes), date(2024, 6, 1), CandidacyOpen())
    assert [finding.outcome for finding in found] == outcomes
