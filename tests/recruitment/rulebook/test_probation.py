from datetime import date

import pytest

from recruitment.rulebook.facts import UNKNOWN, CandidateFacts, NotKnown
from recruitment.rulebook.findings import BlocksUntil, BlocksUntilDone, Unjudged, Warns
from recruitment.rulebook.rules.probation import (
    Probation,
    RecognitionMeetingTerm,
    probation_complete,
    probation_days,
    probation_ends_on,
    recognition_meeting_due,
    recognition_meeting_term,
)


@pytest.mark.parametrize(
    ("_case", "ceremony_on", "day", "outcomes"),
    [
        ("a day early", date(2025, 3, 10), date(2026, 3, 9), [BlocksUntil(date(2026, 3, 10))]),
        ("to the day", date(2025, 3, 10), date(2026, 3, 10), []),
        ("from a leap day", date(2024, 2, 29), date(2025, 2, 27), [BlocksUntil(date(2025, 2, 28))]),
        ("from a leap day, to the day", date(2024, 2, 29), date(2025, 2, 28), []),
        ("not held", None, date(2026, 3, 10), [BlocksUntilDone("ceremony")]),
        ("not recorded", UNKNOWN, date(2026, 3, 10), [Unjudged("ceremony_on")]),
    ],
)
def test_probation_complete(_case, ceremony_on, day, outcomes):
    found = probation_complete(CandidateFacts(ceremony_on=ceremony_on), day, Probation(months=12))
    assert [finding.outcome for finding in found] == outcomes


def test_its_days_are_determined():
    found = probation_days(CandidateFacts(ceremony_on=date(2025, 3, 10)), date(2025, 4, 1), Probation(months=12))
    assert [item.value for item in found] == [date(2025, 3, 10), date(2026, 3, 10)]


def test_without_a_ceremony_there_is_no_end():
    with pytest.raises(NotKnown):
        probation_ends_on(CandidateFacts(ceremony_on=None), Probation(months=12))


@pytest.mark.parametrize(
    ("_case", "ceremony_on", "day", "outcomes"),
    [
        ("the last day", date(2023, 10, 31), date(2024, 12, 12), []),
        ("a day late", date(2023, 10, 31), date(2024, 12, 13), [Warns()]),
        ("not held", None, date(2024, 12, 13), []),
    ],
)
def test_recognition_meeting_term(_case, ceremony_on, day, outcomes):
    facts, p = CandidateFacts(ceremony_on=ceremony_on), RecognitionMeetingTerm(months=12, working_days=30)
    assert [finding.outcome for finding in recognition_meeting_term(facts, day, p)] == outcomes


def test_the_meeting_is_due_thirty_working_days_after_the_probation():
    p = RecognitionMeetingTerm(months=12, working_days=30)
    [item] = recognition_meeting_due(CandidateFacts(ceremony_on=date(2023, 10, 31)), date(2024, 11, 1), p)
    assert (item.what, item.value) == ("due_on", date(2024, 12, 12))
