"""The facts that the rules read, made of the rows that were found."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from membership.models import MEMBER, Status, Tier
from recruitment.closing import Closed
from recruitment.known.asked import by_owner
from recruitment.known.places import Places
from recruitment.models import Candidate, DecisionKind, RecordKind
from recruitment.rulebook import findings
from recruitment.rulebook.book import RuleBook
from recruitment.rulebook.facts import (
    UNKNOWN,
    Booked,
    CandidateFacts,
    Certificate,
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

_MEETS_ON = {  # what a planned meeting of the unit at this tier can decide
    Tier.SUBORDINATE_CELL: ("cell_meeting", "recognition_meeting"),
    Tier.SUB_COMMITTEE: ("sub_committee",),
    Tier.GRASSROOTS: ("committee_meeting", "recognition_committee"),
    Tier.SUPERIOR: ("decision", "recognition"),
}
_VOTES = ("cell_vote", "sub_committee_vote", "committee_vote", "recognition_vote", "recognition_committee_vote")


class Facts:
    """What the rows found about some candidates say of each, by the day."""

    def __init__(
        self,
        found: Mapping[str, Sequence[Any]],
        day: date,
        book: RuleBook,
        places: Places,
        closed: Mapping[int, Closed],
    ):
        self.of = {name: by_owner(rows) for name, rows in found.items()}
        self.day, self.places, self.closed = day, places, closed
        self.statuses = self.of["statuses_vouching"] | self.of["statuses"]
        self.field_of = {stage.code: stage.evidence for version in book.versions for stage in version.stages}

    def waivers(self) -> dict[int, tuple[findings.Waiver, ...]]:
        """By candidate's key; those without any are left out."""
        return {key: tuple(_waiver(row) for row in rows) for key, rows in self.of["waivers"].items()}

    def voted(self, candidate: Candidate) -> set[tuple[str, date]]:
        """Stage and day of every vote on the candidate."""
        return {(row.stage, row.happened_on) for row in self.of["votes"][candidate.pk]}

    def of_candidate(self, candidate: Candidate) -> CandidateFacts:
        """The candidate's facts."""
        key, person, path = candidate.pk, candidate.person, self.places.path(candidate.cell_id)
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
                Certificate(issued_on=row.happened_on, kind=row.kind) for row in self.of["certificates"][person.pk]
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
            cell_tier=self.places.tier(candidate.cell_id),
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
            if not self.places.together(placed.cell_id, candidate.cell_id):
                return max(placed.valid_from, row.assigned_on)
            until = placed.valid_to
        return until if until and until <= self.day else None

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


def _waiver(row: Any) -> findings.Waiver:
    return findings.Waiver(
        rule=row.rule,
        authority=row.authority,
        document=row.document,
        granted_on=row.granted_on,
        until_on=row.until_on,
    )
