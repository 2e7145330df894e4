"""What is known about one candidate: the only thing that rules read.

A field is a value, None (known: there is none; an empty tuple for lists) or UNKNOWN (not recorded).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date
from enum import Enum
from operator import attrgetter
from typing import Any, Literal, TypeAlias, TypeVar

from recruitment.rulebook.calendar import add_months, eve


class Unknown(Enum):
    """The type of UNKNOWN, so that a type checker narrows `is UNKNOWN`."""

    UNKNOWN = "unknown"

    def __repr__(self) -> str:
        return "UNKNOWN"

    def __bool__(self) -> bool:
        raise TypeError("UNKNOWN is neither true nor false; ask `is UNKNOWN`.")


UNKNOWN: Literal[Unknown.UNKNOWN] = Unknown.UNKNOWN

T = TypeVar("T")
Maybe: TypeAlias = T | Literal[Unknown.UNKNOWN] | None


class NotKnown(ValueError):
    """A value was needed that is not recorded, or is known to be absent."""


def known(value: Maybe[T]) -> T:
    """The value; NotKnown where it is absent or not recorded."""
    if value is None or value is UNKNOWN:
        raise NotKnown("The value is not known.")
    return value


def recorded(value: Maybe[T]) -> T | None:
    """The value; None both where there is none and where nothing is recorded."""
    return None if value is UNKNOWN else value


def every(value: Maybe[tuple[T, ...]]) -> tuple[T, ...]:
    """The rows of a list; none where it is empty or not recorded."""
    return () if value is UNKNOWN or value is None else value


@dataclass(frozen=True, slots=True, kw_only=True)
class Education:
    """General education completed. `level`: none, primary, lower_secondary, upper_secondary."""

    level: Maybe[str] = UNKNOWN
    shown_by: Maybe[str] = UNKNOWN  # diploma, programme, equivalent


@dataclass(frozen=True, slots=True, kw_only=True)
class Certificate:
    """Of a class; `kind`: awareness or new_member."""

    issued_on: Maybe[date] = UNKNOWN
    kind: str = "awareness"


@dataclass(frozen=True, slots=True, kw_only=True)
class Enrolment:
    """A seat in an awareness class, planned or under way; the certificate comes when the class ends."""

    enrolled_on: Maybe[date] = UNKNOWN
    begins_on: Maybe[date] = UNKNOWN
    ends_on: Maybe[date] = UNKNOWN


@dataclass(frozen=True, slots=True, kw_only=True)
class Introducer:
    """Who vouches. `kind`: member, youth_union, trade_union; `status` of a member: official, probationary."""

    kind: str = "member"
    status: Maybe[str] = UNKNOWN
    assigned_on: Maybe[date] = UNKNOWN
    together_since: Maybe[date] = UNKNOWN  # works, studies or lives with the candidate
    replaces: bool = False  # another introducer: then no time together is asked
    ended_on: Maybe[date] = None  # the first day without


@dataclass(frozen=True, slots=True, kw_only=True)
class Helper:
    """An official member assigned to help; `until_on` is the first day without."""

    from_on: Maybe[date] = UNKNOWN
    until_on: Maybe[date] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A paper of the dossier: asked for, promised for a day, dated."""

    kind: str
    asked_on: Maybe[date] = None
    promised_on: Maybe[date] = None
    dated_on: Maybe[date] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Vote:
    """The last vote of a meeting at a stage. `entitled`: the base; who is absent counts."""

    held_on: date
    entitled: Maybe[int] = UNKNOWN
    in_favour: Maybe[int] = UNKNOWN
    against: Maybe[int] = UNKNOWN


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """Of the competent committee; `received_on`: by the cell, None while it has not come."""

    issued_on: date
    received_on: Maybe[date] = UNKNOWN


@dataclass(frozen=True, slots=True, kw_only=True)
class Membership:
    """An earlier membership, not the one this candidacy leads to.

    `ended_as`: died, departed, removed, expelled, resigned, dropped_out. `cause`: other, disunity, corruption,
    serious_crime, less_serious_crime; `hardship`: resigned for very hard family circumstances.
    """

    admitted_on: Maybe[date] = UNKNOWN
    ended_on: Maybe[date] = UNKNOWN
    ended_as: Maybe[str] = UNKNOWN
    cause: Maybe[str] = None
    cleared_on: Maybe[date] = None  # the criminal record
    hardship: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Booked:
    """A meeting or a ceremony planned for a day, not held yet."""

    stage: str
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class CandidateFacts:
    """One candidate, as far as recorded. Filled from the database, or typed in by hand."""

    today: Maybe[date] = UNKNOWN  # the day on which one asks; None: no day is in the future
    born: Maybe[date] = UNKNOWN  # the first day of the month or year where only that is known
    born_precision: str = "day"  # day, month, year
    sex: Maybe[str] = UNKNOWN
    education: Maybe[Education] = UNKNOWN
    youth_union: Maybe[bool] = UNKNOWN  # is a member of it
    mass_bodies: Maybe[tuple[str, ...]] = UNKNOWN  # that exist where the person works, studies or lives
    certificates: Maybe[tuple[Certificate, ...]] = UNKNOWN
    nominated_on: Maybe[date] = UNKNOWN
    taken_up_on: Maybe[date] = UNKNOWN
    enrolment: Maybe[Enrolment] = UNKNOWN
    next_class_ends_on: Maybe[date] = UNKNOWN  # of the next class recorded as planned
    introducers: Maybe[tuple[Introducer, ...]] = UNKNOWN
    helpers: Maybe[tuple[Helper, ...]] = UNKNOWN
    documents: Maybe[tuple[Document, ...]] = UNKNOWN
    cell_tier: Maybe[str] = UNKNOWN  # grassroots (a grassroots cell) or subordinate_cell
    under_sub_committee: Maybe[bool] = UNKNOWN
    delegated_to_admit: Maybe[bool] = UNKNOWN  # the grassroots committee decides itself
    cell_vote: Maybe[Vote] = UNKNOWN
    sub_committee_vote: Maybe[Vote] = UNKNOWN
    committee_vote: Maybe[Vote] = UNKNOWN
    decision: Maybe[Decision] = UNKNOWN
    ceremony_on: Maybe[date] = UNKNOWN
    recognition_vote: Maybe[Vote] = UNKNOWN
    recognition_committee_vote: Maybe[Vote] = UNKNOWN
    recognition_decision: Maybe[Decision] = UNKNOWN
    memberships: Maybe[tuple[Membership, ...]] = UNKNOWN  # earlier ones
    paused_on: Maybe[date] = None  # open pause; None where resumed
    returned_on: Maybe[date] = None  # returned for completion, and not resumed
    closed_on: Maybe[date] = None
    closed_as: Maybe[str] = None  # withdrawn, refused, moved_away, recognised, removed, ended
    booked: tuple[Booked, ...] = ()

    def but(self, **changes: Any) -> CandidateFacts:
        """These facts with some fields changed; KeyError for a field that there is not.

        As `dataclasses.replace`, at a third of its cost: an outlook does this at every stage.
        """
        copy = object.__new__(CandidateFacts)
        for put, value in zip(_PUT.values(), _READ(self), strict=True):
            put(copy, value)
        for name, value in changes.items():
            _PUT[name](copy, value)
        return copy


_NAMES = tuple(field.name for field in fields(CandidateFacts))
_READ = attrgetter(*_NAMES)
_PUT = {name: getattr(CandidateFacts, name).__set__ for name in _NAMES}  # of the slots: the class itself is frozen

NOTHING_YET: Mapping[str, Any] = {
    "certificates": (),
    "taken_up_on": None,
    "enrolment": None,
    "next_class_ends_on": None,
    "introducers": (),
    "helpers": (),
    "documents": (),
    "cell_vote": None,
    "sub_committee_vote": None,
    "committee_vote": None,
    "decision": None,
    "ceremony_on": None,
    "recognition_vote": None,
    "recognition_committee_vote": None,
    "recognition_decision": None,
    "memberships": (),
}  # what is known of somebody about whom an office that records everything has recorded nothing


def born_between(facts: CandidateFacts) -> tuple[date, date] | None:
    """The first and last day on which the person may be born; None where nothing is known."""
    born = recorded(facts.born)
    if born is None:
        return None
    if facts.born_precision == "day":
        return born, born
    if facts.born_precision == "month":
        first = born.replace(day=1)
        return first, eve(add_months(first, 1))
    return born.replace(month=1, day=1), born.replace(month=12, day=31)
