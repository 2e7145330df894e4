"""Where each candidacy stands: the one derived table, rewritten by whatever touches a candidate."""

from __future__ import annotations

import itertools
import operator
from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Q, Subquery, Value
from django.db.models.functions import Concat

from foundation import clock
from foundation.inserts import insert
from foundation.operation import Act
from membership.models import Organisation, Person, Position
from membership.models.organisations import LAST_KEY
from recruitment import events, profiles
from recruitment.closing import close_so, keep, with_homes
from recruitment.known import Known, hold_following, read
from recruitment.models import Candidate, CandidateStanding
from recruitment.rulebook.book import RuleBook
from recruitment.rulebook.facts import CandidateFacts
from recruitment.rulebook.findings import Waiver
from recruitment.rulebook.outlook import outlook

_AT_ONCE = 1_000
_DERIVED = tuple(field.name for field in CandidateStanding._meta.concrete_fields if not field.primary_key)


def rewrite(keys: Collection[int], day: date | None = None) -> list[CandidateStanding]:
    """These candidacies are closed, or open, and their derived rows are, as facts and rules say on the day (today)."""
    day = day or clock.today()
    written = []
    with transaction.atomic(savepoint=False):
        for chunk in _chunks(sorted(keys)):
            written += _rewrite((Candidate(pk=key) for key in chunk), day)
    return written


def _rewrite(candidates: Iterable[Candidate], day: date) -> list[CandidateStanding]:
    known = read(candidates, day, lock=True)  # else another's newer row is lost
    keep(known.candidates, known.closed)
    return insert(_standings(known, day), over=_DERIVED)


def assess(keys: Sequence[int], day: date, known_on: datetime | None = None) -> list[CandidateStanding]:
    """What the derived rows of these candidates say on the day, as known on a moment; nothing is stored."""
    found: list[CandidateStanding] = []
    for chunk in _chunks(keys):
        found += _standings(read((Candidate(pk=key) for key in chunk), day, known_on), day)
    return found


def _standings(known: Known, day: date) -> list[CandidateStanding]:
    return [_standing(key, facts, day, known.book, known.waivers.get(key, ())) for key, facts in known.facts.items()]


def _standing(
    key: int, facts: CandidateFacts, day: date, book: RuleBook, waivers: tuple[Waiver, ...]
) -> CandidateStanding:
    seen = outlook(facts, day, book, waivers)
    since = facts.nominated_on if isinstance(facts.nominated_on, date) else day
    return CandidateStanding(
        candidate_id=key,
        stage=seen.reached.stage if seen.reached else "nominated",
        stage_since=seen.reached.since if seen.reached else since,
        state=seen.state,
        next_step=seen.next_step or "",
        whose_move=seen.whose_move,
        due_on=seen.due_on,
        earliest_ceremony_on=seen.earliest_ceremony_on,
        waits_for=seen.waits_for,
        waits_until=seen.waits_until,
        earliest={item.stage: item.day.isoformat() if item.day else None for item in seen.stages},
        assessed_on=day,
    )


def catch_up(day: date) -> int:
    """The derived rows of candidacies under way, or on probation, are as facts and rules say on the day; how many."""
    late = CandidateStanding.objects.filter(assessed_on__lt=day, candidate__closed_on__isnull=True)
    keys = list(late.order_by("pk").values_list("pk", flat=True))
    for chunk in _chunks(keys):
        rewrite(chunk, day)  # each in a transaction of its own
    return len(keys)


def judge_anew() -> int:
    """Every derived row is as facts and the rules of this version say of the day for which it was written; how many."""
    kept = CandidateStanding.objects.order_by("assessed_on", "pk").values_list("assessed_on", "pk")
    number = 0
    for day, same_day in itertools.groupby(kept, key=operator.itemgetter(0)):
        for chunk in _chunks([key for _day, key in same_day]):
            number += len(rewrite(chunk, day))
    return number


def recompute() -> Iterator[str]:
    """One sentence for each candidate whose stored row differs from what facts and rules said when it was written."""
    kept = CandidateStanding.objects.order_by("assessed_on", "pk")
    for day, same_day in itertools.groupby(kept.iterator(), key=lambda row: row.assessed_on):
        for rows in _chunks(list(same_day)):
            yield from _differences(rows, day)
    for key in Candidate.objects.filter(standing__isnull=True).values_list("pk", flat=True):
        yield f"Candidate {key} has no standing."


def _differences(rows: Sequence[CandidateStanding], day: date) -> Iterator[str]:
    assessed = {row.pk: row for row in assess([row.pk for row in rows], day)}
    for row in rows:
        for name in _DERIVED:
            before, after = getattr(row, name), getattr(assessed[row.pk], name)
            if before != after:
                yield f"Candidate {row.pk}: {name} is {before}, should be {after}."


# What touches a candidate from elsewhere ------------------------------------------------------------------------------


def on_candidates_changed(candidates: Sequence[int], **_signal: Any) -> None:
    """Their rows follow."""
    rewrite(candidates)


def on_members_changed(act: Act, people: Iterable[Person], **_signal: Any) -> None:
    """Candidacies follow what became of their person; rows follow what became of introducers and helpers.

    A page of the candidacy that was opened before shows the person as they were: its version is stale from now on.
    """
    own = {person.pk for person in people}
    for chunk in _chunks(hold_following(own, but=_pending(act)), 400):
        follow(chunk, own)


def _pending(act: Act) -> set[int]:
    """Candidacies that are rewritten at the act's end whatever else becomes of them."""
    return {key for event, what in act.events if event is events.candidates_changed for key in what["candidates"]}


def follow(keys: Sequence[int], people: Collection[int]) -> None:
    """The candidacies, whose rows are ours, follow what became of these people; their own stand where they are."""
    candidates = with_homes(clock.today(), keys=list(keys))
    own = [one for one in candidates if one.person_id in people]
    left = {one.pk: one.cell for one in own if one.home}
    for one in own:
        one.version += 1
        one.cell = one.home or one.cell
    closed_before = {one.pk for one in candidates if one.closed_on}
    known = read(candidates, lock=True)
    changed = [one for one in candidates if close_so(one, known.closed) or one.person_id in people]
    for one in own:
        if one.closed_on:
            one.cell = left.get(one.pk, one.cell)
    Candidate.objects.bulk_update(changed, ["version", "cell", "closed_on", "closed_as"])
    insert(_standings(known, clock.today()), over=_DERIVED)
    if opened := [one.pk for one in own if one.pk in closed_before and not one.closed_on]:
        follow(opened, people)


def on_people_described(act: Act, people: Iterable[Person], **_signal: Any) -> None:
    """What was frozen of them at a ceremony is as they are described now."""
    profiles.correct(act, people)


def on_units_changed(act: Act, units: Iterable[Organisation], **_signal: Any) -> None:
    """Tiers, committees and classes above a cell changed: rows of open candidacies under the units follow."""
    today, pending = clock.today(), _pending(act)
    ours = under(units).select_for_update(no_key=True).order_by("pk").values_list("pk", flat=True)
    for chunk in _chunks([key for key in ours if key not in pending]):
        _rewrite(Candidate.objects.in_full().filter(pk__in=chunk).order_by("pk"), today)


def under(units: Iterable[Organisation]) -> Any:
    """Open candidacies in cells that stand today in or under one of the units."""
    standing, ranges = Position.objects.as_at(clock.today()), Q()
    for unit in units:
        path = Subquery(standing.filter(organisation=unit.pk).values("path"))
        ranges |= Q(path__gte=path, path__lte=Concat(path, Value(LAST_KEY)))
    if not ranges:
        return Candidate.objects.none()
    return Candidate.objects.open().filter(cell__in=standing.filter(ranges).values("organisation"))


def _chunks(items: Sequence[Any], size: int = _AT_ONCE) -> Iterator[Sequence[Any]]:
    for start in range(0, len(items), size):
        yield items[start : start + size]
