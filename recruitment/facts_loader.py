"""Candidates' facts as the rules read them, and the rule book: by a number of statements that does not grow."""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache, lru_cache, partial
from typing import Any, cast

from foundation import clock, together
from foundation.held import Whole, held, held_row, tables_of
from foundation.statements import prepared
from foundation.together import Asked, read_together
from membership.models import (
    MEMBER,
    Certificate,
    CertificateKind,
    MassKind,
    MassMembership,
    MassOrganisation,
    MembershipStatus,
    Organisation,
    Person,
    Placement,
    PlacementKind,
    Position,
    Status,
    Tier,
)
from membership.models.organisations import KEY_WIDTH, path_of_unit
from recruitment import models
from recruitment.closing import Closed, closed_by, closings
from recruitment.models import AdmissionCeremony, AwarenessClass, Candidate, DecisionKind, Meeting, RecordKind
from recruitment.rulebook import findings
from recruitment.rulebook.book import RuleBook
from recruitment.rulebook.facts import (
    UNKNOWN,
    Booked,
    CandidateFacts,
    Decision,
    Document,
    Education,
    Enrolment,
    Helper,
    Introducer,
    Maybe,
    Membership,
    Vote,
)
from recruitment.rulebook.facts import Certificate as HeldCertificate

Rows = dict[int, list[Any]]
_MEETS_ON = {  # what a planned meeting of the unit at this tier can decide
    Tier.SUBORDINATE_CELL: ("cell_meeting", "recognition_meeting"),
    Tier.SUB_COMMITTEE: ("sub_committee",),
    Tier.GRASSROOTS: ("committee_meeting", "recognition_committee"),
    Tier.SUPERIOR: ("decision", "recognition"),
}
_CANDIDATE = {kind._meta.db_table for kind in (Candidate, Person, Organisation, Position)}  # as read in full
_WHOLE: Whole = {MembershipStatus: ("statuses", "people"), Placement: ("placed", "people")}  # all that is so of them
_AT_ONCE = 400
_MEMBERSHIP = frozenset(kind._meta.db_table for kind in (MembershipStatus, Placement))
_VERSION = ("pk", "code", "begins_on")
_INTRODUCER = ("candidate_id", "pk", "kind", "person_id", "assigned_on", "together_since", "replaces_id", "ended_on")
_DOCUMENT = ("candidate_id", "pk", "kind", "asked_on", "promised_on", "dated_on")
_WAIVER = ("candidate_id", "pk", "rule", "authority", "document", "granted_on", "until_on")
_STATUS = ("person_id", "status", "valid_from", "valid_to")
_PLACEMENT = ("person_id", "cell_id", "valid_from", "valid_to")
_POSITION = ("organisation_id", "path", "tier", "valid_from")
_UNIT = tuple(field.attname for field in Organisation._meta.concrete_fields)
_VOTES = ("cell_vote", "sub_committee_vote", "committee_vote", "recognition_vote", "recognition_committee_vote")


# The rule book --------------------------------------------------------------------------------------------------------


def current() -> RuleBook:
    """The rule book of the published versions: read once, and anew when versions are published."""
    return _book(tuple(_versions()))


@prepared
def _versions() -> Any:
    return _published().values_list(*_VERSION)


def _published() -> Any:
    return models.ProcedureVersion.objects.filter(published=True)


@lru_cache(maxsize=4)
def _book(published: tuple[tuple[int, str, date], ...]) -> RuleBook:
    return RuleBook.from_data(version_data([key for key, _code, _begins_on in published]))


def version_data(keys: Sequence[int]) -> list[dict[str, Any]]:
    """Versions as plain data, in the shape of the shipped files."""
    stages = models.AdmissionStage.objects.prefetch_related("requirements")
    versions = models.ProcedureVersion.objects.filter(pk__in=keys).order_by("begins_on")
    by_version: Rows = defaultdict(list)
    for stage in stages.filter(version__in=keys).order_by("order"):
        by_version[stage.version_id].append(_stage_data(stage))
    return [
        {
            "code": version.code,
            "title": version.title,
            "begins_on": version.begins_on.isoformat(),
            "documents": version.documents,
            "stages": by_version[version.pk],
        }
        for version in versions
    ]


def _stage_data(stage: models.AdmissionStage) -> dict[str, Any]:
    own = ("code", "title", "order", "after", "evidence", "tier", "resolver")
    asked = ("rule", "parameters", "title", "document", "clause", "confirmed")
    requirements = sorted(stage.requirements.all(), key=lambda one: (one.order, one.pk))
    return {name: getattr(stage, name) for name in own} | {
        "requirements": [{name: getattr(one, name) for name in asked} for one in requirements]
    }


# Facts ----------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of candidates by a day: the rules, and for each candidate's key facts, waivers and votes."""

    book: RuleBook
    facts: dict[int, CandidateFacts]
    waivers: dict[int, tuple[findings.Waiver, ...]]  # those without any are left out
    voted: dict[int, set[tuple[str, date]]]  # stage and day of every vote
    candidates: list[Candidate]
    closed: Mapping[int, Closed]  # those open may be left out


def read(
    candidates: Iterable[Candidate], day: date | None = None, known_on: datetime | None = None, lock: bool = False
) -> Known:
    """All that is known of the candidates by the day (today; what came later is left out), as known on a moment.

    Their cells know from then on what is above them. `lock`: their rows are ours until the end of the transaction, and
    when they were closed is read from the facts, not from the rows.
    """
    today = clock.today()
    of_today = known_on is None and day in (None, today)
    loader = _Loader(_with_paths(candidates, day or today, known_on, of_today, lock), day or today, known_on, lock)
    known = loader.all()
    if of_today and not lock:
        for candidate in loader.candidates:
            loader.tell(candidate.cell)
    return known


def following(people: Collection[int]) -> set[int]:
    """Keys of the candidacies that follow what becomes of these people: their own, and those for which they vouch or
    help. Of the person of a candidate whom an operation holds they are read with all that the rules ask.
    """
    row, keys = held_row(), sorted(people)
    found: list[Mapping[str, Sequence[Any]]]
    if isinstance(row, Candidate) and keys == [row.person_id]:
        today = clock.today()
        found = [_Loader(_with_paths([row], today, None, True, False), today, None, False).read()]
    else:
        found = [_ask_following(people=keys[start : start + _AT_ONCE]) for start in range(0, len(keys), _AT_ONCE)]
    return {row[0] for answer in found for name in ("candidacies", "vouches", "helps") for row in answer[name]}


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


def _with_paths(
    candidates: Iterable[Candidate], day: date, known_on: datetime | None, of_today: bool, lock: bool
) -> list[tuple[Candidate, str]]:
    """The candidates with the paths of their cells; those that were read in full a moment ago are taken as they are."""
    given = list(candidates)
    if of_today and (ours := held(given)) and _CANDIDATE.isdisjoint(ours.written):
        given, lock = [cast("Candidate", ours.row)], False
    if of_today and not lock and all(candidate.cell_path for candidate in given):
        return [(candidate, candidate.cell_path or "") for candidate in given]
    found = _in_their_cells(day, known_on, lock, keys=[candidate.pk for candidate in given])
    return [(candidate, candidate.path_then or "") for candidate in found]


@prepared
def _in_their_cells(day: date, known_on: datetime | None, lock: bool, *, keys: list[int]) -> Any:
    rows = Candidate.objects.filter(pk__in=keys).select_related("person", "cell")
    if lock:
        rows = rows.select_for_update(of=("self",), no_key=True)
    return rows.annotate(path_then=path_of_unit("cell", day, known_on)).order_by("pk")


@dataclass(frozen=True, slots=True)
class _Asks:
    """All that is asked about some candidates, by the keys of what they are connected with."""

    keys: list[int]
    people: list[int]
    cells: list[int]
    units: list[str]  # their own keys, as in paths
    day: date
    known_on: datetime | None = None

    def all(self) -> dict[str, Asked]:
        """By the loader's names."""
        return {**self._own(), **self._of_people(), **self._of_units(), "versions": (_published(), *_VERSION)}

    def following(self) -> dict[str, Asked]:
        """Candidacies that follow what becomes of the people: their own, and those for which they vouch or help."""
        own = {"person__in": self.people}
        return {
            "candidacies": (Candidate.objects.filter(**own), "pk"),
            "vouches": (models.Introducer.objects.filter(**own), "candidate_id"),
            "helps": (models.Helper.objects.filter(**own), "candidate_id"),
        }

    def _own(self) -> dict[str, Asked]:
        """What is recorded of the candidacies themselves."""
        own = {"candidate__in": self.keys}
        return {
            "nominations": self._events(models.Nomination),
            "records": self._events(models.StageRecord, "kind"),
            "votes": self._events(models.Vote, "stage", "entitled", "in_favour", "against"),
            "decisions": self._events(models.Decision, "kind", "received_on"),
            "ceremonies": self._events(AdmissionCeremony, "person_id"),
            "introducers": (models.Introducer.objects.filter(**own).order_by("pk"), *_INTRODUCER),
            "helpers": (
                models.Helper.objects.filter(**own).order_by("from_on"), "candidate_id", "from_on", "until_on"
            ),
            "documents": (models.Document.objects.filter(**own).order_by("pk"), *_DOCUMENT),
            "waivers": (models.Waiver.objects.filter(**own).order_by("granted_on", "pk"), *_WAIVER),
        }  # fmt: skip

    def _events(self, model: Any, *fields: str) -> Asked:
        rows = model.objects.as_at(self.day, self.known_on).filter(candidate__in=self.keys)
        return rows.order_by("happened_on", "pk"), "candidate_id", "happened_on", "pk", *fields

    def _of_people(self) -> dict[str, Asked]:
        """What is recorded of the candidates' persons, and of the members who vouch for them."""
        own = {"person__in": self.people}
        vouch = {"person__in": _vouching(self.keys)}
        statuses = MembershipStatus.objects.so(self.known_on).order_by("valid_from")
        held = Certificate.objects.as_at(self.day, self.known_on).filter(**own)
        seats = models.Enrolment.objects.filter(**own, left_on__isnull=True, enrolled_on__lte=self.day)
        seats = seats.filter(awareness_class__kind=CertificateKind.AWARENESS)
        union = MassMembership.objects.as_at(self.day, self.known_on).filter(body__kind=MassKind.YOUTH_UNION)
        begins, ends = "awareness_class__begins_on", "awareness_class__ends_on"
        return {
            "statuses": (statuses.filter(**own), *_STATUS, "pk"),
            "placed": (Placement.objects.so(self.known_on).filter(**own), *_PLACEMENT, "kind", "pk"),
            "statuses_vouching": (statuses.filter(**vouch), *_STATUS),
            "placements": (self._placed().filter(**vouch).order_by("valid_from"), *_PLACEMENT),
            "certificates": (held.order_by("happened_on"), "person_id", "happened_on", "kind"),
            "seats": (seats.order_by(ends), "person_id", begins, ends),
            "youth": (union.filter(**own), "person_id"),
        }

    def _placed(self) -> Any:
        return Placement.objects.so(self.known_on).filter(kind=PlacementKind.OFFICIAL)

    def _of_units(self) -> dict[str, Asked]:
        """Where the cells stood, the units above them, and what is planned there."""
        elsewhere = self._placed().filter(person__in=_vouching(self.keys)).values("cell")
        stood = Position.objects.so(self.known_on).order_by("valid_from")
        above = Position.objects.as_at(self.day, self.known_on).filter(organisation__key__in=self.units)
        near = {"unit__key__in": self.units}
        planned = AwarenessClass.objects.filter(**near, kind=CertificateKind.AWARENESS, begins_on__gte=self.day)
        meetings = Meeting.objects.filter(organisation__key__in=self.units, booked=True, held_on__gte=self.day)
        return {
            "positions": (stood.filter(organisation__in=self.cells), *_POSITION),
            "positions_vouching": (stood.filter(organisation__in=elsewhere), *_POSITION),
            "units": (above, *_POSITION, "name", *(f"organisation__{name}" for name in _UNIT)),
            "planned": (planned.order_by("ends_on"), "unit_id", "ends_on"),
            "bodies": (MassOrganisation.objects.filter(**near), "unit_id", "kind"),
            "booked": (meetings.order_by("held_on"), "organisation_id", "held_on"),
        }


@together.prepared
def _ask(names: tuple[str, ...], **values: Any) -> dict[str, Asked]:
    asks = _Asks(**values)
    asked = {**asks.all(), **asks.following()}
    return {name: asked[name] for name in names}


@together.prepared
def _ask_following(*, people: list[int]) -> dict[str, Asked]:
    return _Asks(keys=[], people=people, cells=[], units=[], day=date.min).following()


@cache
def _tables(of_operation: bool) -> dict[str, frozenset[str]]:
    """By the loader's names the tables from which they are answered; an operation also asks who follows, and anew when
    it has written a membership.
    """
    asks = _Asks(keys=[0], people=[0], cells=[0], units=["0"], day=date.min)
    tables = {name: tables_of(rows.values_list(*fields)) for name, (rows, *fields) in asks.all().items()}
    if of_operation:
        for name, (rows, *fields) in asks.following().items():
            tables[name] = tables_of(rows.values_list(*fields)) | _MEMBERSHIP
    return tables


class _Loader:
    """One statement for all that is asked about the candidates; then plain dictionaries."""

    def __init__(self, candidates: Sequence[tuple[Candidate, str]], day: date, known_on: datetime | None, lock: bool):
        self.candidates = [candidate for candidate, _path in candidates]
        self.paths = {path for _candidate, path in candidates}
        self.day, self.known_on, self.lock = day, known_on, lock

    def all(self) -> Known:
        """Everything, in the order of the candidates given."""
        found = self.read()
        book = _book(tuple(found.pop("versions")))
        self.of = {name: _by_owner(rows) for name, rows in found.items()}
        self.field_of = {stage.code: stage.evidence for version in book.versions for stage in version.stages}
        self.closed = self._closings(found)
        self.statuses = self.of["statuses_vouching"] | self.of["statuses"]
        stood = self.of["positions_vouching"] | self.of["positions"]
        self.positions = {unit: self._position(rows) for unit, rows in stood.items()}
        self.units = {row.organisation__key: row for row in found["units"]}
        return Known(
            book,
            {candidate.pk: self._facts(candidate) for candidate in self.candidates},
            {key: tuple(_waiver(row) for row in rows) for key, rows in self.of["waivers"].items()},
            {one.pk: {(row.stage, row.happened_on) for row in self.of["votes"][one.pk]} for one in self.candidates},
            self.candidates,
            self.closed,
        )

    def tell(self, cell: Organisation) -> None:
        """The cell knows its name, and the units above it for whoever asks."""
        cell.line_read = partial(self._line, cell.pk)
        if unit := self.units.get(cell.key):
            cell.name = unit.name  # type: ignore[attr-defined]

    def _line(self, cell: int) -> list[Position]:
        """The units above the cell, outermost first, then the cell, where they stand on the day."""
        return [_unit(row) for row in self._path(cell)]

    def read(self) -> dict[str, list[Any]]:
        """The rows of all that is asked, by its name."""
        values: dict[str, Any] = {
            "keys": [candidate.pk for candidate in self.candidates],
            "people": sorted({candidate.person_id for candidate in self.candidates}),
            "cells": sorted({candidate.cell_id for candidate in self.candidates}),
            "units": sorted({key for path in self.paths for key in _keys(path)}),
            "day": self.day,
        }
        if self.known_on is not None:
            return read_together(**_Asks(**values, known_on=self.known_on).all())
        if ours := held(self.candidates):
            return ours.rows(_tables(of_operation=True), _ask, values, _WHOLE)
        return _ask(tuple(_tables(of_operation=False)), **values)

    def _closings(self, found: Mapping[str, Sequence[Any]]) -> Mapping[int, Closed]:
        """Kept on the rows as known today; as known on an earlier moment they are read from the facts of then."""
        if self.known_on is not None:
            return closings(self.candidates, self.known_on)
        if self.lock:
            return closed_by([one for one in self.candidates if one.opened_on <= self.day], found)
        return {candidate.pk: (candidate.closed_on, candidate.closed_as) for candidate in self.candidates}

    def _position(self, rows: Sequence[Any]) -> Any:
        """Where the unit stood on the day, else where it stood last before, else first after."""
        by_then = [row for row in rows if row.valid_from <= self.day]
        return by_then[-1] if by_then else rows[0]

    def _facts(self, candidate: Candidate) -> CandidateFacts:
        key, person, path = candidate.pk, candidate.person, self._path(candidate.cell_id)
        ceremony = next(iter(self.of["ceremonies"][key]), None)
        closed_on, closed_as = self.closed.get(key, (None, ""))
        votes, decisions = self._voted(key), self._decided(key)
        return CandidateFacts(
            today=self.day,
            born=person.born_on,
            born_precision=person.born_precision,
            sex=person.sex,
            education=Education(level=person.education) if person.education else UNKNOWN,
            youth_union=person.pk in self.of["youth"],
            mass_bodies=self._bodies(path),
            certificates=tuple(
                HeldCertificate(issued_on=row.happened_on, kind=row.kind) for row in self.of["certificates"][person.pk]
            ),
            nominated_on=next((row.happened_on for row in self.of["nominations"][key]), None),
            enrolment=self._seat(person.pk),
            next_class_ends_on=min(
                (row.ends_on for unit in path for row in self.of["planned"][unit.organisation_id][:1]), default=None
            ),
            introducers=tuple(self._introducer(row, candidate) for row in self.of["introducers"][key]),
            helpers=tuple(Helper(from_on=row.from_on, until_on=row.until_on) for row in self.of["helpers"][key]),
            documents=tuple(
                Document(kind=row.kind, asked_on=row.asked_on, promised_on=row.promised_on, dated_on=row.dated_on)
                for row in self.of["documents"][key]
            ),
            cell_tier=self.positions[candidate.cell_id].tier if candidate.cell_id in self.positions else UNKNOWN,
            under_sub_committee=any(unit.tier == Tier.SUB_COMMITTEE for unit in path),
            delegated_to_admit=any(
                unit.tier == Tier.GRASSROOTS and unit.organisation__admits_by_delegation for unit in path
            ),
            ceremony_on=ceremony and ceremony.happened_on,
            memberships=self._memberships(person.pk, ceremony and ceremony.happened_on),
            closed_on=closed_on,
            closed_as=closed_as or None,
            booked=self._booked(path),
            cell_vote=votes["cell_vote"],
            sub_committee_vote=votes["sub_committee_vote"],
            committee_vote=votes["committee_vote"],
            recognition_vote=votes["recognition_vote"],
            recognition_committee_vote=votes["recognition_committee_vote"],
            decision=decisions.get(DecisionKind.ADMISSION),
            recognition_decision=decisions.get(DecisionKind.RECOGNITION),
            **self._recorded(key),
        )

    def _path(self, cell: int) -> list[Any]:
        """The rows of the units above the cell, outermost first, then of the cell."""
        position = self.positions.get(cell)
        return [self.units[key] for key in _keys(position.path) if key in self.units] if position else []

    def _bodies(self, path: Sequence[Any]) -> tuple[str, ...]:
        """Kinds of mass organisation beside the cell, its committee or a sub-committee."""
        near = [unit for unit in path if unit.tier not in (Tier.SUPERIOR, Tier.PROVINCIAL, Tier.CENTRAL)]
        return tuple(sorted({body.kind for unit in near for body in self.of["bodies"][unit.organisation_id]}))

    def _seat(self, person: int) -> Enrolment | None:
        """The seat in the class that ends last."""
        rows = self.of["seats"][person]
        if not rows:
            return None
        return Enrolment(begins_on=rows[-1].awareness_class__begins_on, ends_on=rows[-1].awareness_class__ends_on)

    def _recorded(self, key: int) -> dict[str, Any]:
        found: dict[str, Any] = {"taken_up_on": None, "paused_on": None, "returned_on": None}
        for row in self.of["records"][key]:
            if row.kind == RecordKind.TAKEN_UP:
                found["taken_up_on"] = found["taken_up_on"] or row.happened_on
            elif row.kind == RecordKind.PAUSE:
                found["paused_on"] = row.happened_on
            elif row.kind == RecordKind.RETURN:
                found["returned_on"] = row.happened_on
            elif row.kind == RecordKind.RESUME:
                found |= {"paused_on": None, "returned_on": None}
        return found

    def _voted(self, key: int) -> dict[str, Vote | None]:
        """The last vote at each stage with votes."""
        found: dict[str, Vote | None] = dict.fromkeys(_VOTES)
        for row in self.of["votes"][key]:
            found[self.field_of[row.stage]] = Vote(
                held_on=row.happened_on, entitled=row.entitled, in_favour=row.in_favour, against=row.against
            )
        return found

    def _decided(self, key: int) -> dict[str, Decision]:
        return {
            row.kind: Decision(issued_on=row.happened_on, received_on=row.received_on)
            for row in self.of["decisions"][key]
        }

    def _introducer(self, row: Any, candidate: Candidate) -> Introducer:
        return Introducer(
            kind=row.kind,
            status=self._status(row) if row.person_id else None,
            assigned_on=row.assigned_on,
            together_since=row.together_since or (UNKNOWN if row.person_id else None),
            replaces=row.replaces_id is not None,
            ended_on=min((day for day in (row.ended_on, self._left(row, candidate)) if day), default=None),
        )

    def _status(self, row: Any) -> Maybe[str]:
        """Official or probationary: on the day, or where the membership has ended since, when assigned."""
        for day in (self.day, row.assigned_on):
            for status in self.statuses[row.person_id or 0]:
                if status.valid_from <= day < status.valid_to and status.status in MEMBER:
                    return status.status
        return UNKNOWN

    def _left(self, row: Any, candidate: Candidate) -> date | None:
        """From which day the member is no longer in the candidate's grassroots organisation, if they have left."""
        until = None
        for placed in self.of["placements"][row.person_id or 0]:
            if placed.valid_to <= row.assigned_on or placed.valid_from > self.day:
                continue
            if not self._together(placed.cell_id, candidate.cell_id):
                return max(placed.valid_from, row.assigned_on)
            until = placed.valid_to
        return until if until and until <= self.day else None

    def _together(self, one: int, other: int) -> bool:
        return one == other or self._grassroots(one) == self._grassroots(other)

    def _grassroots(self, cell: int) -> str:
        """The key of the grassroots organisation of a cell; of one not in the tree that day its own."""
        path = self._path(cell)
        return next((unit.organisation__key for unit in path if unit.tier == Tier.GRASSROOTS), f"cell {cell}")

    def _memberships(self, person: int, ceremony_on: date | None) -> tuple[Membership, ...]:
        """Earlier memberships, not the one that began with this candidacy's ceremony."""
        found: list[Membership] = []
        begun = None
        for row in self.statuses[person]:
            if row.valid_from > self.day or (ceremony_on and row.valid_from >= ceremony_on):
                break
            if row.status in MEMBER:
                begun = begun or row.valid_from
            else:
                found.append(Membership(admitted_on=begun, ended_on=row.valid_from, ended_as=Status(row.status).value))
                begun = None
        if begun:
            found.append(Membership(admitted_on=begun, ended_on=None, ended_as=None))
        return tuple(found)

    def _booked(self, path: Sequence[Any]) -> tuple[Booked, ...]:
        """Planned meetings of the cell and the committees above it, as the stages they can decide."""
        found = []
        for unit in path:
            tier = Tier.SUBORDINATE_CELL if unit.organisation__kind == "cell" else Tier(unit.tier)
            for stage, meeting in itertools.product(_MEETS_ON.get(tier, ()), self.of["booked"][unit.organisation_id]):
                found.append(Booked(stage=stage, on=meeting.held_on))
        return tuple(found)


def _vouching(candidates: Sequence[int]) -> Any:
    """Members who vouch, or vouched, for the candidates."""
    return models.Introducer.objects.filter(candidate__in=candidates, person__isnull=False).values("person")


def _waiver(row: Any) -> findings.Waiver:
    return findings.Waiver(
        rule=row.rule,
        authority=row.authority,
        document=row.document,
        granted_on=row.granted_on,
        until_on=row.until_on,
    )


def _unit(row: Any) -> Position:
    """The position with its unit, which knows its name."""
    unit = Organisation(*row[-len(_UNIT) :])
    unit.name = row.name  # type: ignore[attr-defined]
    return Position(organisation=unit, path=row.path, name=row.name, tier=row.tier)


def _keys(path: str) -> list[str]:
    return [path[start : start + KEY_WIDTH] for start in range(0, len(path), KEY_WIDTH)]


def _by_owner(rows: Iterable[Any]) -> Rows:
    """Rows by the first field that is asked of them."""
    found: Rows = defaultdict(list)
    for row in rows:
        found[row[0]].append(row)
    return found


def only(found: Mapping[int, CandidateFacts]) -> CandidateFacts:
    """The facts of the one candidate that was asked for."""
    [one] = found.values()
    return one
