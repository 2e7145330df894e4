"""Days of the office: calendar months, and working days with the public holidays and swapped days of Viet Nam."""

from bisect import bisect_left, bisect_right
from datetime import date, timedelta
from functools import cache, lru_cache

from dateutil.relativedelta import relativedelta
from holidays import country_holidays

FIRST_YEAR, LAST_YEAR = 1945, 2099  # beyond these no lunar calendar is at hand: weekends are the only days off


def eve(day: date) -> date:
    """The day before."""
    return day - timedelta(days=1)


@lru_cache(maxsize=100_000)
def add_months(day: date, months: int) -> date:
    """The same day `months` calendar months on; the last day of a month that has no such day."""
    return day + relativedelta(months=months)


@cache
def working_days_of(year: int) -> tuple[date, ...]:
    """The working days of a year, in order: Monday to Friday without public holidays, with days worked in exchange."""
    first = date(year, 1, 1)
    days = [first + timedelta(days=number) for number in range((date(year + 1, 1, 1) - first).days)]
    if not FIRST_YEAR <= year <= LAST_YEAR:
        return tuple(day for day in days if day.weekday() < 5)
    holidays = country_holidays("VN", years=year)
    return tuple(day for day in days if holidays.is_working_day(day))


def is_working_day(day: date) -> bool:
    """Whether offices work on `day`."""
    days = working_days_of(day.year)
    position = bisect_left(days, day)
    return position < len(days) and days[position] == day


@lru_cache(maxsize=100_000)
def add_working_days(day: date, number: int) -> date:
    """The working day that is the `number`th after `day`; `day` itself is not counted. `number` is at least 1."""
    if number < 1:
        raise ValueError("Working days are counted from one on.")
    year, before = day.year, bisect_right(working_days_of(day.year), day)
    while (position := before + number - 1) >= len(days := working_days_of(year)):
        number, before, year = number - (len(days) - before), 0, year + 1
    return days[position]
