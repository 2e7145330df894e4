from datetime import date

import pytest

from recruitment.rulebook.facts import UNKNOWN, CandidateFacts
from recruitment.rulebook.findings import BlocksUntil, Never, Unjudged, Warns
from recruitment.rulebook.rules.age import Age, age, age_days

BY_MONTH = Age(least=18, most=60, counted_by="month")
BY_DAY = Age(least=18, most=60, counted_by="birthday")
BORN = date(2006, 10, 20)
OLD = date(1964, 10, 20)


@pytest.mark.parametrize(
    ("_case", "p", "born", "precision", "day", "outcomes"),
    [
        ("by month, the eve of the month", BY_MONTH, BORN, "day", date(2024, 9, 30), [BlocksUntil(date(2024, 10, 1))]),
        ("by month, not by the day", BY_MONTH, BORN, "day", date(2024, 10, 1), [Warns()]),
        ("by month, the eve of the birthday", BY_MONTH, BORN, "day", date(2024, 10, 19), [Warns()]),
        ("both", BY_MONTH, BORN, "day", date(2024, 10, 20), []),
        ("by day, the eve", BY_DAY, BORN, "day", date(2024, 10, 19), [BlocksUntil(date(2024, 10, 20))]),
        ("by day", BY_DAY, BORN, "day", date(2024, 10, 20), []),
        ("by day, a leap day", BY_DAY, date(2004, 2, 29), "day", date(2022, 2, 28), []),
        ("by month, the last day of the month", BY_MONTH, OLD, "day", date(2024, 10, 31), []),
        ("by month, a month too old", BY_MONTH, OLD, "day", date(2024, 11, 1), [Never(date(2024, 11, 1))]),
        ("by day, the 60th birthday", BY_DAY, OLD, "day", date(2024, 10, 20), []),
        ("by day, a day too old", BY_DAY, OLD, "day", date(2024, 10, 21), [Never(date(2024, 10, 21))]),
        ("only the month known", BY_MONTH, date(2006, 10, 1), "month", date(2024, 10, 1), []),
        ("only the month, by day", BY_DAY, date(2006, 10, 1), "month", date(2024, 10, 15), [Unjudged("born")]),
        ("only the month, by day, all of it", BY_DAY, date(2006, 10, 1), "month", date(2024, 10, 31), []),
        (
            "only the year, too young",
            BY_MONTH,
            date(2006, 1, 1),
            "year",
            date(2023, 12, 31),
            [BlocksUntil(date(2024, 1, 1))],
        ),
        ("only the year, perhaps", BY_MONTH, date(2006, 1, 1), "year", date(2024, 6, 1), [Unjudged("born")]),
        ("only the year, surely", BY_MONTH, date(2006, 1, 1), "year", date(2024, 12, 1), []),
        ("only the year, perhaps too old", BY_MONTH, date(1964, 1, 1), "year", date(2024, 6, 1), [Unjudged("born")]),
        ("not known", BY_MONTH, UNKNOWN, "day", date(2024, 10, 1), [Unjudged("born")]),
    ],
)
def test_age(_case, p, born, precision, day, outcomes):
    found = age(CandidateFacts(born=born, born_precision=precision), day, p)
    assert [finding.outcome for finding in found] == outcomes


def test_the_days_of_the_right_age_are_determined():
    found = age_days(CandidateFacts(born=BORN), date(2024, 1, 1), BY_MONTH)
    assert [(item.what, item.value) for item in found] == [
        ("starts_on", date(2024, 10, 1)),
        ("ends_on", date(2066, 10, 31)),
    ]
