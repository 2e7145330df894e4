"""Education floor."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Literal

from django.utils.translation import gettext_lazy as _

from recruitment.rulebook.facts import UNKNOWN, CandidateFacts, Education
from recruitment.rulebook.findings import BlocksUntilDone, Finding, Unjudged
from recruitment.rulebook.registry import rule

LEVELS = ("none", "primary", "lower_secondary", "upper_secondary")


@dataclass(frozen=True, slots=True, kw_only=True)
class EducationFloor:
    """The least level, and whether a diploma must show it."""

    level: Literal["primary", "lower_secondary", "upper_secondary"]
    diploma: bool = False


@rule(
    "education-floor",
    EducationFloor,
    title=_("General education"),
    texts={
        "education-not-known": _("Cannot be judged without the level of general education."),
        "education-too-low": _("General education must be at least: %(level)s."),
        "diploma-missing": _("A diploma must show the level: %(level)s."),
    },
)
def education_floor(facts: CandidateFacts, day: date, p: EducationFloor) -> Iterator[Finding]:
    """At least this level, by diploma where asked. 24-QĐ/TW, 1.2.1; exceptions (01-HD/TW 2021, 1.2) by waiver.

    Whoever completed a higher level than asked needs no other proof.
    """
    education = facts.education
    if education is UNKNOWN or (isinstance(education, Education) and education.level is UNKNOWN):
        yield Finding(code="education-not-known", outcome=Unjudged("education.level"), resolver="secretary")
        return
    reached = LEVELS.index(education.level) if education and education.level in LEVELS else 0
    floor = LEVELS.index(p.level)
    if reached < floor:
        outcome = BlocksUntilDone("education")
        yield Finding(code="education-too-low", outcome=outcome, params={"level": p.level}, resolver="province")
    elif reached == floor and p.diploma and education and education.shown_by != "diploma":
        missing = Unjudged("education.shown_by") if education.shown_by is UNKNOWN else BlocksUntilDone("diploma")
        yield Finding(code="diploma-missing", outcome=missing, params={"level": p.level}, resolver="person")
