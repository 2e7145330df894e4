from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recruitment.rulebook.calendar import add_months, add_working_days, is_working_day, working_days_of


@pytest.mark.parametrize(
    ("day", "number", "expected"),
    [
        (date(2024, 10, 28), 1, date(2024, 10, 29)),
        (date(2024, 11, 1), 1, date(2024, 11, 4)),  # over a weekend
        (date(2024, 11, 2), 1, date(2024, 11, 4)),  # from a Saturday
        (date(2024, 2, 7), 1, date(2024, 2, 15)),  # over Tet
        (date(2024, 4, 26), 1, date(2024, 5, 2)),  # 29 April was swapped for 4 May
        (date(2024, 5, 3), 1, date(2024, 5, 4)),  # a Saturday worked in exchange
        (date(2024, 8, 30), 1, date(2024, 9, 4)),  # over the national days
        (date(2024, 12, 31), 1, date(2025, 1, 2)),  # over the end of the year
        (date(2024, 10, 31), 30, date(2024, 12, 12)),
    ],
)
def test_working_days_pass_over_holidays(day, number, expected):
    assert add_working_days(day, number) == expected


@given(st.dates(date(2015, 1, 1), date(2030, 12, 31)), st.integers(1, 300))
def test_working_days_are_those_counted_one_by_one(day, number):
    reached = add_working_days(day, number)
    assert is_working_day(reached)
    between = [d for year in range(day.year, reached.year + 1) for d in working_days_of(year) if day < d <= reached]
    assert len(between) == number


def test_at_least_one_working_day_is_counted():
    with pytest.raises(ValueError, match="from one on"):
        add_working_days(date(2024, 1, 2), 0)


def test_years_without_a_lunar_calendar_have_weekends_only():
    assert len(working_days_of(2150)) == 261


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2024, 1, 31), 1, date(2024, 2, 29)),
        (date(2023, 8, 31), 12, date(2024, 8, 31)),
    ],
)
def test_a_month_without_that_day_ends_on_its_last_day(day, months, expected):
    assert add_months(day, months) == expected
