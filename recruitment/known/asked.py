"""What is asked about candidates: of themselves, their persons, their cells and the units above, by one statement."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any

from foundation import together
from foundation.held import tables_of
from foundation.together import Asked
from membership.models import (
    Certificate,
    CertificateKind,
    MassKind,
    MassMembership,
    MassOrganisation,
    MembershipStatus,
    Placement,
    PlacementKind,
    Position,
)
from membership.models.organisations import UNIT
from recruitment import models
from recruitment.known.published import published
from recruitment.models import AdmissionCeremony, AwarenessClass, Candidate, Meeting

_MEMBERSHIP = frozenset(kind._meta.db_table for kind in (MembershipStatus, Placement))
_INTRODUCER = ("candidate_id", "pk", "kind", "person_id", "assigned_on", "together_since", "replaces_id", "ended_on")
_DOCUMENT = ("candidate_id", "pk", "kind", "asked_on", "promised_on", "dated_on")
_WAIVER = ("candidate_id", "pk", "rule", "authority", "document", "granted_on", "until_on")
_STATUS = ("person_id", "status", "valid_from", "valid_to")
_PLACEMENT = ("person_id", "cell_id", "valid_from", "valid_to")
_POSITION = ("organisation_id", "path", "tier", "valid_from")


@dataclass(frozen=True, slots=True)
class Asks:
    """All that is asked about some candidates, by the keys of what they are connected with."""

    keys: list[int]
    people: list[int]
    cells: list[int]
    units: list[str]  # their own keys, as in paths
    day: date
    known_on: datetime | None = None

    def all(self) -> dict[str, Asked]:
        """By the names under which the rows are found."""
        return {**self._own(), **self._of_people(), **self._of_units(), "versions": published()}

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
            "units": (above, *_POSITION, "name", *(f"organisation__{name}" for name in UNIT)),  # these last
            "planned": (planned.order_by("ends_on"), "unit_id", "ends_on"),
            "bodies": (MassOrganisation.objects.filter(**near), "unit_id", "kind"),
            "booked": (meetings.order_by("held_on"), "organisation_id", "held_on"),
        }


def following(people: Sequence[int]) -> dict[str, Asked]:
    """Candidacies that follow what becomes of the people: their own, and those for which they vouch or help."""
    own = {"person__in": people}
    return {
        "candidacies": (Candidate.objects.filter(**own), "pk"),
        "vouches": (models.Introducer.objects.filter(**own), "candidate_id"),
        "helps": (models.Helper.objects.filter(**own), "candidate_id"),
    }


@together.prepared
def ask(names: tuple[str, ...], **values: Any) -> dict[str, Asked]:
    """What has these names, of the keys and the day that are given."""
    asks = Asks(**values)
    asked = {**asks.all(), **following(asks.people)}
    return {name: asked[name] for name in names}


@together.prepared
def ask_following(*, people: list[int]) -> dict[str, Asked]:
    """Which candidacies follow what becomes of the people, alone."""
    return following(people)


@cache
def tables(of_operation: bool) -> dict[str, frozenset[str]]:
    """By the names the tables from which they are answered; an operation also asks who follows, and anew when it has
    written a membership.
    """
    asks = Asks(keys=[0], people=[0], cells=[0], units=["0"], day=date.min)
    found = {name: tables_of(rows.values_list(*fields)) for name, (rows, *fields) in asks.all().items()}
    if of_operation:
        for name, (rows, *fields) in following(asks.people).items():
            found[name] = tables_of(rows.values_list(*fields)) | _MEMBERSHIP
    return found


def _vouching(candidates: Sequence[int]) -> Any:
    """Members who vouch, or vouched, for the candidates."""
    return models.Introducer.objects.filter(candidate__in=candidates, person__isnull=False).values("person")


def by_owner(rows: Iterable[Any]) -> dict[int, list[Any]]:
    """Rows by the first field that is asked of them."""
    found: dict[int, list[Any]] = defaultdict(list)
    for row in rows:
        found[row[0]].append(row)
    return found
