"""Candidates' facts as the rules read them, and the rule book: by a number of statements that does not grow."""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from membership.models import (
    MEMBER,
    Certificate,
    CertificateKind,
    MassKind,
    MassMembership,
    MassOrganisation,
    MembershipStatus,
    Placement,
    PlacementKind,
    Position,
    Status,
    Tier,
)
from membership.models.organisations import KEY_WIDTH
from recruitment import models
from recruitment.closing import closings
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
_VOTES = ("cell_vote", "sub_committee_vote", "committee_vote", "recognition_vote", "recognition_committee_vote")


# The rule book --------------------------------------------------------------------------------------------------------


def current() -> RuleBook:
    """The rule book of the published versions: read once, and anew when versions are published."""
    published = models.ProcedureVersion.objects.filter(published=True)
    return _book(tuple(published.values_list("pk", "code", "begins_on")))


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


def facts_of(
    candidates: Iterable[Candidate], day: date, known_on: datetime | None = None, book: RuleBook | None = None
) -> dict[int, CandidateFacts]:
    """Each candidate's facts by `day` (those of later days are left out), as known on a moment; by candidate's key."""
    found = _read_candidates(candidates)
    return _Loader(found, day, known_on, book or current()).all() if found else {}


def waivers_of(candidates: Iterable[Candidate | int]) -> dict[int, tuple[findings.Waiver, ...]]:
    """Each candidate's waivers; those without any are left out."""
    keys = [one if isinstance(one, int) else one.pk for one in candidates]
    found: dict[int, tuple[findings.Waiver, ...]] = {}
    for row in models.Waiver.objects.filter(candidate__in=keys).order_by("granted_on", "pk"):
        waiver = findings.Waiver(
            rule=row.rule,
            authority=row.authority,
            document=row.document,
            granted_on=row.granted_on,
            until_on=row.until_on,
        )
        found[row.candidate_id] = (*found.get(row.candidate_id, ()), waiver)
    return found


def _read_candidates(candidates: Iterable[Candidate]) -> list[Candidate]:
    if hasattr(candidates, "select_related"):
        return list(candidates.select_related("person"))
    keys = [candidate.pk for candidate in candidates]
    return list(Candidate.objects.filter(pk__in=keys).select_related("person"))


class _Loader:
    """One statement for each kind of thing; then plain dictionaries."""

    def __init__(self, candidates: Sequence[Candidate], day: date, known_on: datetime | None, book: RuleBook):
        self.candidates, self.day, self.known_on = candidates, day, known_on
        self.keys = [candidate.pk for candidate in candidates]
        self.people = sorted({candidate.person_id for candidate in candidates})
        self.field_of = {stage.code: stage.evidence for version in book.versions for stage in version.stages}

    def all(self) -> dict[int, CandidateFacts]:
        """Everything, in the order of the candidates given."""
        self._read_own()
        self._read_closings()
        self._read_people()
        self._read_units()
        return {candidate.pk: self._facts(candidate) for candidate in self.candidates}

    def _read_own(self) -> None:
        self.nominations = self._events(models.Nomination)
        self.records = self._events(models.StageRecord)
        self.votes = self._events(models.Vote)
        self.decisions = self._events(models.Decision)
        self.ceremonies = self._events(AdmissionCeremony)
        self.introducers = _by("candidate_id", models.Introducer.objects.filter(candidate__in=self.keys).order_by("pk"))
        self.helpers = _by("candidate_id", models.Helper.objects.filter(candidate__in=self.keys).order_by("from_on"))
        self.documents = _by("candidate_id", models.Document.objects.filter(candidate__in=self.keys).order_by("pk"))

    def _read_closings(self) -> None:
        """Kept on the rows as known today; as known on an earlier moment they are read from the facts of then."""
        self.closed: Mapping[int, tuple[date | None, str]] = {
            candidate.pk: (candidate.closed_on, candidate.closed_as) for candidate in self.candidates
        }
        if self.known_on is not None:
            self.closed = closings(self.candidates, self.known_on)

    def _read_people(self) -> None:
        vouching = {row.person_id for rows in self.introducers.values() for row in rows if row.person_id}
        known = [*self.people, *vouching]
        statuses = MembershipStatus.objects.so(self.known_on).filter(person__in=known).order_by("valid_from")
        self.statuses = _by("person_id", statuses)
        placed = Placement.objects.so(self.known_on).filter(person__in=vouching, kind=PlacementKind.OFFICIAL)
        self.placements = _by("person_id", placed.order_by("valid_from"))
        held = Certificate.objects.as_at(self.day, self.known_on).filter(person__in=self.people)
        self.certificates = _by("person_id", held.order_by("happened_on"))
        seats = models.Enrolment.objects.filter(person__in=self.people, left_on__isnull=True)
        seats = seats.filter(enrolled_on__lte=self.day, awareness_class__kind=CertificateKind.AWARENESS)
        self.seats = _by("person_id", seats.select_related("awareness_class").order_by("awareness_class__ends_on"))
        union = MassMembership.objects.as_at(self.day, self.known_on).filter(body__kind=MassKind.YOUTH_UNION)
        self.youth = set(union.filter(person__in=self.people).values_list("person", flat=True))

    def _read_units(self) -> None:
        cells = {candidate.cell_id for candidate in self.candidates}
        cells |= {row.cell_id for rows in self.placements.values() for row in rows}
        rows = Position.objects.so(self.known_on).filter(organisation__in=cells).order_by("valid_from")
        self.positions = {unit: self._position(found) for unit, found in _by("organisation_id", rows).items()}
        keys = {key for position in self.positions.values() for key in _keys(position.path)}
        above = Position.objects.as_at(self.day, self.known_on).filter(organisation__key__in=keys)
        self.units = {row.organisation.key: row for row in above.select_related("organisation")}
        self.units_by_id = {row.organisation_id: row for row in self.units.values()}
        ids = list(self.units_by_id)
        planned = AwarenessClass.objects.filter(unit__in=ids, kind=CertificateKind.AWARENESS, begins_on__gte=self.day)
        self.planned = _by("unit_id", planned.order_by("ends_on"))
        bodies = MassOrganisation.objects.filter(unit__in=ids)
        self.bodies = _by("unit_id", bodies)
        meetings = Meeting.objects.filter(organisation__in=ids, booked=True, held_on__gte=self.day).order_by("held_on")
        self.booked = _by("organisation_id", meetings)

    def _position(self, rows: Sequence[Position]) -> Position:
        """Where the unit stood on the day, else where it stood last before, else first after."""
        by_then = [row for row in rows if row.valid_from <= self.day]
        return by_then[-1] if by_then else rows[0]

    def _events(self, model: Any) -> Rows:
        rows = model.objects.as_at(self.day, self.known_on).filter(candidate__in=self.keys)
        return _by("candidate_id", rows.order_by("happened_on", "pk"))

    def _facts(self, candidate: Candidate) -> CandidateFacts:
        key, person, path = candidate.pk, candidate.person, self._path(candidate.cell_id)
        ceremony = next(iter(self.ceremonies[key]), None)
        closed_on, closed_as = self.closed.get(key, (None, ""))
        votes, decisions = self._voted(key), self._decided(key)
        return CandidateFacts(
            today=self.day,
            born=person.born_on,
            born_precision=person.born_precision,
            sex=person.sex,
            education=Education(level=person.education) if person.education else UNKNOWN,
            youth_union=person.pk in self.youth,
            mass_bodies=self._bodies(path),
            certificates=tuple(
                HeldCertificate(issued_on=row.happened_on, kind=row.kind) for row in self.certificates[person.pk]
            ),
            nominated_on=next((row.happened_on for row in self.nominations[key]), None),
            enrolment=self._seat(person.pk),
            next_class_ends_on=min(
                (row.ends_on for unit in path for row in self.planned[unit.organisation_id][:1]), default=None
            ),
            introducers=tuple(self._introducer(row, candidate) for row in self.introducers[key]),
            helpers=tuple(Helper(from_on=row.from_on, until_on=row.until_on) for row in self.helpers[key]),
            documents=tuple(
                Document(kind=row.kind, asked_on=row.asked_on, promised_on=row.promised_on, dated_on=row.dated_on)
                for row in self.documents[key]
            ),
            cell_tier=self.positions[candidate.cell_id].tier if candidate.cell_id in self.positions else UNKNOWN,
            under_sub_committee=any(unit.tier == Tier.SUB_COMMITTEE for unit in path),
            delegated_to_admit=any(
                unit.tier == Tier.GRASSROOTS and unit.organisation.admits_by_delegation for unit in path
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

    def _path(self, cell: int) -> list[Position]:
        """The units above the cell, outermost first, then the cell, where they stand on the day."""
        position = self.positions.get(cell)
        return [self.units[key] for key in _keys(position.path) if key in self.units] if position else []

    def _bodies(self, path: Sequence[Position]) -> tuple[str, ...]:
        """Kinds of mass organisation beside the cell, its committee or a sub-committee."""
        near = [unit for unit in path if unit.tier not in (Tier.SUPERIOR, Tier.PROVINCIAL, Tier.CENTRAL)]
        return tuple(sorted({body.kind for unit in near for body in self.bodies[unit.organisation_id]}))

    def _seat(self, person: int) -> Enrolment | None:
        """The seat in the class that ends last."""
        rows = self.seats[person]
        held = rows[-1].awareness_class if rows else None
        return Enrolment(begins_on=held.begins_on, ends_on=held.ends_on) if held else None

    def _recorded(self, key: int) -> dict[str, Any]:
        found: dict[str, Any] = {"taken_up_on": None, "paused_on": None, "returned_on": None}
        for row in self.records[key]:
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
        for row in self.votes[key]:
            found[self.field_of[row.stage]] = Vote(
                held_on=row.happened_on, entitled=row.entitled, in_favour=row.in_favour, against=row.against
            )
        return found

    def _decided(self, key: int) -> dict[str, Decision]:
        return {
            row.kind: Decision(issued_on=row.happened_on, received_on=row.received_on) for row in self.decisions[key]
        }

    def _introducer(self, row: models.Introducer, candidate: Candidate) -> Introducer:
        return Introducer(
            kind=row.kind,
            status=self._status(row) if row.person_id else None,
            assigned_on=row.assigned_on,
            together_since=row.together_since or (UNKNOWN if row.person_id else None),
            replaces=row.replaces_id is not None,
            ended_on=min((day for day in (row.ended_on, self._left(row, candidate)) if day), default=None),
        )

    def _status(self, row: models.Introducer) -> Maybe[str]:
        """Official or probationary: on the day, or where the membership has ended since, when assigned."""
        for day in (self.day, row.assigned_on):
            for status in self.statuses[row.person_id or 0]:
                if status.valid_from <= day < status.valid_to and status.status in MEMBER:
                    return status.status
        return UNKNOWN

    def _left(self, row: models.Introducer, candidate: Candidate) -> date | None:
        """From which day the member is no longer in the candidate's grassroots organisation, if they have left."""
        until = None
        for placed in self.placements[row.person_id or 0]:
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
        return next((unit.organisation.key for unit in path if unit.tier == Tier.GRASSROOTS), f"cell {cell}")

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

    def _booked(self, path: Sequence[Position]) -> tuple[Booked, ...]:
        """Planned meetings of the cell and the committees above it, as the stages they can decide."""
        found = []
        for unit in path:
            tier = Tier.SUBORDINATE_CELL if unit.organisation.kind == "cell" else Tier(unit.tier)
            for stage, meeting in itertools.product(_MEETS_ON.get(tier, ()), self.booked[unit.organisation_id]):
                found.append(Booked(stage=stage, on=meeting.held_on))
        return tuple(found)


def _keys(path: str) -> list[str]:
    return [path[start : start + KEY_WIDTH] for start in range(0, len(path), KEY_WIDTH)]


def _by(name: str, rows: Iterable[Any]) -> Rows:
    found: Rows = defaultdict(list)
    for row in rows:
        found[getattr(row, name)].append(row)
    return found


def only(found: Mapping[int, CandidateFacts]) -> CandidateFacts:
    """The facts of the one candidate that was asked for."""
    [one] = found.values()
    return one
