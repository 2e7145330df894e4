"""Age at the cell's consideration."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from django.utils.translation import gettext_lazy as _

from recruitment.rulebook.calendar import add_months, eve
from recruitment.rulebook.facts import CandidateFacts, born_between
from recruitment.rulebook.findings import BlocksUntil, Determined, Finding, Never, Unjudged, Warns
from recruitment.rulebook.registry import determines, rule


@dataclass(frozen=True, slots=True, kw_only=True)
class Age:
    """From full `least` to full `most` years, counted by the month or by the birthday."""

    least: int
    most: int
    counted_by: Literal["month", "birthday"] = "month"


def full_from(born: date, years: int, counted_by: str) -> date:
    """The first day on which somebody is full `years` old; by month: the first of the month of the birthday."""
    birthday = add_months(born, 12 * years)
    return birthday.replace(day=1) if counted_by == "month" else birthday


def full_until(born: date, years: int, counted_by: str) -> date:
    """The last day on which somebody is not above full `years`; by month: the last of the month of the birthday."""
    birthday = add_months(born, 12 * years)
    return eve(add_months(birthday.replace(day=1), 1)) if counted_by == "month" else birthday


@rule(
    "age",
    Age,
    title=_("Age of the candidate when the cell considers"),
    texts={
        "under-age": _("Full %(years)s years of age only from %(until)s."),
        "over-age": _(
            "Above full %(years)s years of age since %(since)s; the committee directly under the Centre must consent."
        ),
        "age-by-month": _("Full age by the month only; the birthday is %(birthday)s."),
        "age-not-known": _("The age cannot be judged without the day of birth."),
    },
)
def age(facts: CandidateFacts, day: date, p: Age) -> Iterator[Finding]:
    """Full `least` to full `most` when the cell considers, counted by month. 24-QĐ/TW, 1.1.1; 294-QĐ/TW, 1.1.1.

    Where only month or year of birth is known, both ends of it are judged; where they differ, it is unjudged.
    """
    if (born := born_between(facts)) is None:
        yield Finding(code="age-not-known", outcome=Unjudged("born"), resolver="secretary")
        return
    youngest, oldest = (full_from(end, p.least, p.counted_by) for end in reversed(born))
    if day < oldest:
        yield Finding(code="under-age", outcome=BlocksUntil(oldest), params={"years": p.least})
    elif day < youngest:
        yield Finding(code="age-not-known", outcome=Unjudged("born"), resolver="secretary")
    elif day < (birthday := add_months(born[1], 12 * p.least)) and facts.born_precision == "day":
        yield Finding(code="age-by-month", outcome=Warns(), params={"birthday": birthday})
    first_end, last_end = (full_until(end, p.most, p.counted_by) for end in born)
    if day > last_end:
        outcome = Never(last_end + timedelta(days=1))
        yield Finding(code="over-age", outcome=outcome, params={"years": p.most}, resolver="province")
    elif day > first_end:
        yield Finding(code="age-not-known", outcome=Unjudged("born"), resolver="secretary")


@determines("age")
def age_days(facts: CandidateFacts, day: date, p: Age) -> Iterator[Determined]:
    """From and up to which day the age is right, where the day of birth is known."""
    born = born_between(facts)
    if born and born[0] == born[1]:
        yield Determined("starts_on", full_from(born[0], p.least, p.counted_by), "born")
        yield Determined("ends_on", full_until(born[0], p.most, p.counted_by), "born")
