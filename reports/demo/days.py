"""The town's calendar: on which days its offices meet, celebrate and enter what happened."""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache

from recruitment.rulebook.calendar import is_working_day
from reports.demo.chance import Chance

TERM_FIRST, TERM_LAST = date(2020, 8, 1), date(2025, 7, 31)
PRACTICE_DAY = date(2024, 10, 31)
EVE = PRACTICE_DAY - timedelta(days=1)
STOOD_SINCE = date(2015, 1, 1)

_TET = [  # the first day of the lunar year
    date(2017, 1, 28), date(2018, 2, 16), date(2019, 2, 5), date(2020, 1, 25), date(2021, 2, 12),
    date(2022, 2, 1), date(2023, 1, 22), date(2024, 2, 10), date(2025, 1, 29),
]  # fmt: skip
_TET_DAYS = frozenset(tet + timedelta(days=number) for tet in _TET for number in range(-4, 6))  # 27th to 6th
_ANCHORS = ((2, 3), (5, 19), (9, 2))
_NO_CEREMONY = (date(2023, 9, 21), date(2023, 10, 31))


@cache
def is_office_day(day: date) -> bool:
    """A working day outside the days around Tet."""
    return is_working_day(day) and day not in _TET_DAYS


def back(day: date, number: int) -> date:
    """The last office day that lies at least `number` days before."""
    found = day - timedelta(days=number)
    while not is_office_day(found):
        found -= timedelta(days=1)
    return found


def forward(day: date, number: int) -> date:
    """The first office day that lies at least `number` days later."""
    found = day + timedelta(days=number)
    while not is_office_day(found):
        found += timedelta(days=1)
    return found


def days_of(first: date, last: date) -> list[date]:
    """Every day, both ends included."""
    return [first + timedelta(days=number) for number in range((last - first).days + 1)]


@cache
def office_days(first: date, last: date) -> tuple[date, ...]:
    """The office days, both ends included."""
    return tuple(day for day in days_of(first, last) if is_office_day(day))


@cache
def ceremony_days(first: date, last: date) -> tuple[date, ...]:
    """Days on which ceremonies are held."""
    quiet_first, quiet_last = _NO_CEREMONY
    return tuple(day for day in office_days(first, last) if not quiet_first <= day <= quiet_last)


@cache
def feast_days(first: date, last: date) -> tuple[date, ...]:
    """The four office days nearest to 3 February, 19 May and 2 September, as far as they lie within."""
    found: list[date] = []
    for year in range(first.year, last.year + 1):
        for month, day in _ANCHORS:
            anchor = date(year, month, day)
            near = office_days(anchor - timedelta(days=20), anchor + timedelta(days=20))
            nearest = sorted(near, key=lambda one: (abs((one - anchor).days), one))[:4]
            found += [one for one in sorted(nearest) if first <= one <= last]
    return tuple(found)


@cache
def entry_days(eve: date) -> tuple[date, ...]:
    """Days on which the office enters what happened: the term's first day, Fridays, lately Tuesdays too, and `eve`."""
    found = [day for day in office_days(TERM_FIRST, eve) if day.weekday() in ((1, 4) if day.year >= 2024 else (4,))]
    return tuple(dict.fromkeys([TERM_FIRST, *found, eve]))


def class_days() -> list[tuple[date, date]]:
    """First and last day of the awareness classes: four a year, the three that run on the practice day, the next.

    The first of the three begins on the practice day itself: there is still a seat in it for those who have none.
    """
    found = []
    for year in range(2016, 2025):
        for month, day in ((3, 15), (6, 20), (9, 25), (12, 5)):
            ends_on = back(date(year, month, day), 0)
            found.append((back(ends_on, 80), ends_on))
    running = [
        (date(2024, 10, 31), date(2025, 1, 15)),
        (date(2024, 10, 14), date(2025, 2, 20)),
        (date(2024, 10, 21), date(2025, 3, 10)),
    ]
    return [*(one for one in found if one[1] <= date(2024, 10, 1)), *running, (date(2025, 2, 24), date(2025, 5, 9))]


def some_day(rng: Chance, first: date, last: date) -> date:
    """An office day within."""
    return rng.choice(office_days(first, last))
