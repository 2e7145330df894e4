"""Whether a candidacy is closed, since when and how: read from the facts, kept on the row for its lists."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any, TypeAlias

from django.db.models import Case, Exists, OuterRef, Q, Subquery, When

from foundation import clock, together
from foundation.statements import prepared
from foundation.together import Asked, read_together
from membership.models import MEMBER, MembershipStatus, Placement, PlacementKind, Status
from membership.models.organisations import unit_as_values
from recruitment.models import (
    AdmissionCeremony,
    Candidate,
    Closing,
    Decision,
    DecisionKind,
    Nomination,
    RecordKind,
    StageRecord,
)

_AT_ONCE = 400
_BY_DECISION: dict[str, str] = {
    DecisionKind.ANNULMENT: Closing.ANNULLED,
    DecisionKind.REMOVAL: Closing.REMOVED,
    DecisionKind.RECOGNITION: Closing.RECOGNISED,
}
_BY_RECORD: dict[str, str] = {
    RecordKind.WITHDRAW: Closing.WITHDRAWN,
    RecordKind.REFUSE: Closing.REFUSED,
    RecordKind.MOVE_AWAY: Closing.MOVED_AWAY,
}
Closed: TypeAlias = tuple[date | None, str]


def settle(candidates: Sequence[Candidate]) -> None:
    """Each candidacy is closed, or open, as its facts say."""
    for start in range(0, len(candidates), _AT_ONCE):
        chunk = candidates[start : start + _AT_ONCE]
        keep(chunk, closings(chunk))


def keep(candidates: Iterable[Candidate], closed: Mapping[int, Closed]) -> None:
    """The rows say when and how each is closed; those left out are open."""
    changed = [candidate for candidate in candidates if close_so(candidate, closed)]
    if changed:
        Candidate.objects.bulk_update(changed, ["closed_on", "closed_as"], batch_size=_AT_ONCE)


def close_so(candidate: Candidate, closed: Mapping[int, Closed]) -> bool:
    """The candidate says when and how it is closed, or that it is open. Returns whether it said otherwise before."""
    before = candidate.closed_on, candidate.closed_as
    candidate.closed_on, candidate.closed_as = closed.get(candidate.pk, (None, ""))
    return (candidate.closed_on, candidate.closed_as) != before


def follow_members(candidates: Iterable[Candidate]) -> None:
    """Candidacies of probationary members stand in the cell in which the member is."""
    by_key = {candidate.pk: candidate for candidate in candidates}
    moved = [one for one in with_homes(clock.today(), keys=list(by_key)) if one.home]
    for one in moved:
        by_key[one.pk].cell = one.cell = one.home
    Candidate.objects.bulk_update(moved, ["cell"], batch_size=_AT_ONCE)


@prepared
def with_homes(day: date, *, keys: list[int]) -> Any:
    """The candidacies in full, each with its `home`, if that is another cell: candidacies of probationary members stand
    in the cell in which the member is, for the new place recognises.
    """
    admitted = Q(Exists(AdmissionCeremony.objects.so().filter(candidate=OuterRef("pk"))), closed_on__isnull=True)
    placed = Placement.objects.as_at(day).filter(kind=PlacementKind.OFFICIAL, person=OuterRef("person"))
    elsewhere = Subquery(placed.exclude(cell=OuterRef("cell")).values("cell")[:1])
    rows = Candidate.objects.in_full().filter(pk__in=keys).order_by("pk")
    return rows.alias(home_key=Case(When(admitted, then=elsewhere))).annotate(home_values=unit_as_values("home_key"))


def closings(candidates: Sequence[Candidate], known_on: datetime | None = None) -> dict[int, Closed]:
    """When and how each is closed, as known on a moment; those open are left out."""
    keys = [candidate.pk for candidate in candidates]
    of = read_together(**_asked(known_on, keys=keys)) if known_on else _ask(None, keys=keys)
    return closed_by(candidates, of)


def closed_by(candidates: Iterable[Candidate], of: Mapping[str, Sequence[Any]]) -> dict[int, Closed]:
    """When and how each is closed by these rows of theirs: records, decisions, ceremonies, statuses and nominations, in
    their order; those open are left out.

    The strongest last: a record, the end of the membership, a decision; no nomination at all.
    """
    found: dict[int, Closed] = {}
    for record in of["records"]:
        if closed_as := _BY_RECORD.get(record.kind):
            found[record.candidate_id] = (record.happened_on, closed_as)
    found |= _ended(of["ceremonies"], [row for row in of["statuses"] if row.status not in MEMBER])
    order = list(_BY_DECISION)
    closing = [one for one in of["decisions"] if one.kind in _BY_DECISION]
    for decision in sorted(closing, key=lambda one: -order.index(one.kind)):
        found[decision.candidate_id] = (decision.happened_on, _BY_DECISION[decision.kind])
    nominated = {row.candidate_id for row in of["nominations"]}
    found |= {one.pk: (one.opened_on, Closing.ENTERED_IN_ERROR) for one in candidates if one.pk not in nominated}
    return found


def _asked(known_on: datetime | None, *, keys: list[int]) -> dict[str, Asked]:
    """What closes a candidacy, or shows that it was opened."""
    own = {"candidate__in": keys}
    left = StageRecord.objects.so(known_on).filter(**own, kind__in=_BY_RECORD).order_by("happened_on")
    decided = Decision.objects.so(known_on).filter(**own, kind__in=_BY_DECISION)
    ceremonies = AdmissionCeremony.objects.so(known_on).filter(**own)
    ends = MembershipStatus.objects.so(known_on).filter(person__in=ceremonies.values("person"))
    ends = ends.exclude(status__in=MEMBER).order_by("valid_from")
    return {
        "records": (left, "candidate_id", "happened_on", "kind"),
        "decisions": (decided, "candidate_id", "happened_on", "kind"),
        "ceremonies": (ceremonies, "candidate_id", "happened_on", "person_id"),
        "statuses": (ends, "person_id", "valid_from", "status"),
        "nominations": (Nomination.objects.so(known_on).filter(**own), "candidate_id"),
    }


_ask = together.prepared(_asked)


def _ended(ceremonies: Iterable[Any], ends: Sequence[Any]) -> dict[int, Closed]:
    """Memberships that ended after the ceremony and before recognition: death, leaving, removal, expulsion."""
    held: dict[int, list[Any]] = defaultdict(list)
    for ceremony in ceremonies:
        held[ceremony.person_id].append(ceremony)  # somebody admitted again has two
    found: dict[int, Closed] = {}
    for end in reversed(ends):
        closed_as = Closing.REMOVED if end.status == Status.REMOVED else Closing.ENDED
        for ceremony in held[end.person_id]:
            if end.valid_from > ceremony.happened_on:
                found[ceremony.candidate_id] = (end.valid_from, closed_as)
    return found
