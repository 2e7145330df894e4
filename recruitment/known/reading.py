"""What is known of candidates is read: by two statements at most, however many they are."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from foundation import clock
from foundation.held import Whole, held, held_rows
from foundation.statements import prepared
from foundation.together import read_together
from membership.lines import keys_of
from membership.models import MembershipStatus, Organisation, Person, Placement, Position
from membership.models.organisations import path_of_unit
from recruitment.closing import Closed, closed_by, closings
from recruitment.known.asked import Asks, ask, ask_following, following, tables
from recruitment.known.facts import Facts
from recruitment.known.places import Places
from recruitment.known.published import book_of
from recruitment.models import Candidate
from recruitment.rulebook.book import RuleBook
from recruitment.rulebook.facts import CandidateFacts
from recruitment.rulebook.findings import Waiver

_CANDIDATE = {kind._meta.db_table for kind in (Candidate, Person, Organisation, Position)}  # as read in full
_WHOLE: Whole = {MembershipStatus: ("statuses", "people"), Placement: ("placed", "people")}  # all that is so of them
_AT_ONCE = 400
_Placed = Sequence[tuple[Candidate, str]]  # with the paths of their cells


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of candidates by a day: the rules, and for each candidate's key facts, waivers and votes."""

    book: RuleBook
    facts: dict[int, CandidateFacts]
    waivers: dict[int, tuple[Waiver, ...]]  # those without any are left out
    voted: dict[int, set[tuple[str, date]]]  # stage and day of every vote
    candidates: list[Candidate]
    closed: Mapping[int, Closed]  # those open may be left out


def read(
    candidates: Iterable[Candidate], day: date | None = None, known_on: datetime | None = None, lock: bool = False
) -> Known:
    """All that is known of the candidates by the day (today; what came later is left out), as known on a moment.

    Their cells know from then on what is above them. `lock`: their rows are ours until the end of the transaction, as
    those are already that are given in full, and when they were closed is read from the facts, not from the rows.
    """
    today = clock.today()
    of_today = known_on is None and day in (None, today)
    day = day or today
    placed = _with_paths(candidates, day, known_on, of_today, lock)
    found = _found(placed, day, known_on)
    ours = [candidate for candidate, _path in placed]
    book, places = book_of(found["versions"]), Places(found, day)
    closed = _closings(ours, found, day, known_on, lock)
    facts = Facts(found, day, book, places, closed)
    if of_today and not lock:
        for candidate in ours:
            places.tell(candidate.cell)
    return Known(
        book,
        {candidate.pk: facts.of_candidate(candidate) for candidate in ours},
        facts.waivers(),
        {candidate.pk: facts.voted(candidate) for candidate in ours},
        ours,
        closed,
    )


def hold_following(people: Collection[int], but: Collection[int] = ()) -> list[int]:
    """Keys of the candidacies that follow what becomes of these people: their own, and those for which they vouch or
    help. Their rows are ours until the end of the transaction, but for some.

    Of the persons of candidates whom an operation holds they are read with all that the rules ask.
    """
    rows, keys = held_rows(Candidate), sorted(people)
    found: list[Mapping[str, Sequence[Any]]]
    if rows and keys == sorted({row.person_id for row in rows}):
        today = clock.today()
        found = [_found(_with_paths(rows, today, None, True, False), today, None)]
    elif len(keys) <= _AT_ONCE:
        return [key for key in _hold_following(people=keys) if key not in but]
    else:
        found = [ask_following(people=keys[start : start + _AT_ONCE]) for start in range(0, len(keys), _AT_ONCE)]
    following = {row[0] for answer in found for name in ("candidacies", "vouches", "helps") for row in answer[name]}
    ours = sorted(following.difference(but))
    for start in range(0, len(ours), _AT_ONCE):
        _locked(keys=ours[start : start + _AT_ONCE])
    return ours


def cell_of(candidate: Candidate) -> Organisation:
    """The candidate's cell. Of a candidate whom an operation holds, what the rules will ask is read at once: the cell
    then knows what is above it.
    """
    if candidate.cell.line_read is None and held([candidate]):
        read([candidate])
    return candidate.cell


def facts_of(candidates: Iterable[Candidate], day: date, known_on: datetime | None = None) -> dict[int, CandidateFacts]:
    """Each candidate's facts by `day`, as known on a moment; by candidate's key."""
    return read(candidates, day, known_on).facts


def only(found: Mapping[int, CandidateFacts]) -> CandidateFacts:
    """The facts of the one candidate that was asked for."""
    [one] = found.values()
    return one


def _with_paths(
    candidates: Iterable[Candidate], day: date, known_on: datetime | None, of_today: bool, lock: bool
) -> _Placed:
    """The candidates with the paths of their cells; those that were read in full a moment ago are taken as they are."""
    given = list(candidates)
    if ours := held(given):
        lock = False
        if of_today and _CANDIDATE.isdisjoint(ours.written) and not all(one.cell_path for one in given):
            given = held_rows(Candidate)
    if of_today and all(candidate.cell_path for candidate in given):
        return [(candidate, candidate.cell_path or "") for candidate in given]
    keys = [candidate.pk for candidate in given]
    if lock:
        _locked(keys=keys)  # by itself: who waits for a row finds it no more beside the cell in which it was
    found = _in_their_cells(day, known_on, keys=keys)
    return [(candidate, candidate.path_then or "") for candidate in found]


@prepared
def _hold_following(*, people: list[int]) -> Any:
    first, *others = (rows.values_list(*fields) for rows, *fields in following(people).values())
    found = Candidate.objects.filter(pk__in=first.union(*others, all=True)).order_by("pk")
    return found.select_for_update(no_key=True).values_list("pk", flat=True)


@prepared
def _locked(*, keys: list[int]) -> Any:
    return Candidate.objects.select_for_update(no_key=True).filter(pk__in=keys).order_by("pk").values_list("pk")


@prepared
def _in_their_cells(day: date, known_on: datetime | None, *, keys: list[int]) -> Any:
    rows = Candidate.objects.filter(pk__in=keys).select_related("person", "cell")
    return rows.annotate(path_then=path_of_unit("cell", day, known_on)).order_by("pk")


def _found(candidates: _Placed, day: date, known_on: datetime | None) -> dict[str, list[Any]]:
    """The rows of all that is asked about them, by its name."""
    ours = [candidate for candidate, _path in candidates]
    values: dict[str, Any] = {
        "keys": [candidate.pk for candidate in ours],
        "people": sorted({candidate.person_id for candidate in ours}),
        "cells": sorted({candidate.cell_id for candidate in ours}),
        "units": sorted({key for _candidate, path in candidates for key in keys_of(path)}),
        "day": day,
    }
    if known_on is not None:
        return read_together(**Asks(**values, known_on=known_on).all())
    if of_operation := held(ours):
        return of_operation.rows(tables(of_operation=True), ask, values, _WHOLE)
    return ask(tuple(tables(of_operation=False)), **values)


def _closings(
    candidates: Sequence[Candidate],
    found: Mapping[str, Sequence[Any]],
    day: date,
    known_on: datetime | None,
    lock: bool,
) -> Mapping[int, Closed]:
    """Kept on the rows as known today; as known on an earlier moment they are read from the facts of then."""
    if known_on is not None:
        return closings(candidates, known_on)
    if lock:
        return closed_by([one for one in candidates if one.opened_on <= day], found)
    return {candidate.pk: (candidate.closed_on, candidate.closed_as) for candidate in candidates}
