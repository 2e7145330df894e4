from datetime import date

import pytest

from recruitment.rulebook.facts import UNKNOWN, CandidateFacts, Decision, Vote
from recruitment.rulebook.findings import Unjudged, Warns
from recruitment.rulebook.rules.terms import (
    CeremonyTerm,
    DecisionTerm,
    RecognitionDecisionTerm,
    ceremony_due,
    ceremony_term,
    decision_due,
    decision_term,
    recognition_decision_due,
    recognition_decision_term,
)

DECIDED = Decision(issued_on=date(2024, 10, 24), received_on=date(2024, 10, 31))
LAST = date(2024, 12, 12)  # the 30th working day after 31 October 2024


@pytest.mark.parametrize(
    ("_case", "decision", "day", "counts_from", "outcomes"),
    [
        ("the last day", DECIDED, LAST, "receipt", []),
        ("a day late", DECIDED, date(2024, 12, 13), "receipt", [Warns()]),
        ("from the issue, the last day", DECIDED, date(2024, 12, 5), "issue", []),
        ("from the issue, a day late", DECIDED, date(2024, 12, 6), "issue", [Warns()]),
        ("not received", Decision(issued_on=date(2024, 1, 2), received_on=None), LAST, "receipt", []),
        (
            "receipt not recorded",
            Decision(issued_on=date(2024, 1, 2)),
            LAST,
            "receipt",
            [Unjudged("decision.received_on")],
        ),
        ("not decided", None, LAST, "receipt", []),
        ("nothing recorded", UNKNOWN, LAST, "receipt", [Unjudged("decision.received_on")]),
    ],
)
def test_ceremony_term(_case, decision, day, counts_from, outcomes):
    p = CeremonyTerm(working_days=30, counts_from=counts_from)
    found = ceremony_term(CandidateFacts(decision=decision), day, p)
    assert [finding.outcome for finding in found] == outcomes


def test_a_late_ceremony_names_the_day_it_was_due():
    [finding] = ceremony_term(CandidateFacts(decision=DECIDED), date(2024, 12, 13), CeremonyTerm(working_days=30))
    assert (finding.code, finding.due_on) == ("ceremony-late", LAST)
    due = ceremony_due(CandidateFacts(decision=DECIDED), date(2024, 11, 1), CeremonyTerm(working_days=30))
    assert [(item.what, item.value) for item in due] == [("counts_from", date(2024, 10, 31)), ("due_on", LAST)]


@pytest.mark.parametrize(
    ("_case", "vote", "day", "outcomes"),
    [
        ("the last day", Vote(held_on=date(2024, 5, 2)), date(2024, 7, 24), []),
        ("a day late", Vote(held_on=date(2024, 5, 2)), date(2024, 7, 25), [Warns()]),
        ("not voted", None, date(2024, 7, 25), []),
        ("not recorded", UNKNOWN, date(2024, 7, 25), [Unjudged("cell_vote")]),
    ],
)
def test_decision_term(_case, vote, day, outcomes):
    found = decision_term(CandidateFacts(cell_vote=vote), day, DecisionTerm(working_days=60))
    assert [finding.outcome for finding in found] == outcomes


def test_the_decision_is_due_sixty_working_days_after_the_resolution():
    due = decision_due(CandidateFacts(cell_vote=Vote(held_on=date(2024, 5, 2))), LAST, DecisionTerm(working_days=60))
    assert [item.value for item in due] == [date(2024, 5, 2), date(2024, 7, 24)]


@pytest.mark.parametrize(
    ("_case", "day", "outcomes"),
    [("the last day", LAST, []), ("a day late", date(2024, 12, 13), [Warns()])],
)
def test_recognition_decision_term(_case, day, outcomes):
    facts = CandidateFacts(recognition_vote=Vote(held_on=date(2024, 10, 31)))
    p = RecognitionDecisionTerm(working_days=30)
    assert [finding.outcome for finding in recognition_decision_term(facts, day, p)] == outcomes
    assert LAST in [item.value for item in recognition_decision_due(facts, day, p)]
