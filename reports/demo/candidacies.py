"""One candidacy as planned: everything that is recorded about it, and the same as facts for the rulebook."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from recruitment.rulebook import facts as known
from recruitment.rulebook.findings import Waiver
from reports.demo.people import Human
from reports.demo.tree import Cell, Unit


@dataclass(slots=True, eq=False)
class Voucher:
    """An introducer: a member, or (without a person) the unit's Youth Union or trade union."""

    kind: str
    human: Human | None
    assigned_on: date
    together_since: date | None = None


@dataclass(slots=True, eq=False)
class Paper:
    """A paper of the dossier."""

    kind: str
    dated_on: date | None = None
    asked_on: date | None = None
    asked_of: str = ""
    promised_on: date | None = None
    number: str = ""


@dataclass(slots=True, eq=False)
class Ballot:
    """A vote of the meeting of `organisation` (code)."""

    stage: str
    organisation: str
    on: date
    entitled: int
    present: int
    valid: int
    in_favour: int
    against: int


@dataclass(slots=True, eq=False)
class Ruling:
    """A decision of the town's committee."""

    kind: str
    on: date
    received_on: date | None = None
    number: str = ""


@dataclass(slots=True, eq=False)
class Remark:
    """A plain record off the path: pause, return, withdraw, refuse."""

    kind: str
    on: date
    stage: str
    reason: str


@dataclass(slots=True, eq=False)
class Candidacy:
    """Somebody on the way to membership in a cell."""

    human: Human
    cell: Cell
    unit: Unit
    student: bool = False
    nominated_on: date = date.max
    source: str = "cell"
    taken_up_on: date | None = None
    course: int | None = None  # its place in the list of classes
    enrolled_on: date | None = None
    certificate_on: date | None = None
    helper: Human | None = None
    helper_from: date | None = None
    vouchers: list[Voucher] = field(default_factory=list)
    papers: list[Paper] = field(default_factory=list)
    ballots: list[Ballot] = field(default_factory=list)
    rulings: list[Ruling] = field(default_factory=list)
    ceremony_on: date | None = None
    new_member_on: date | None = None
    official_on: date | None = None
    overdue: bool = False  # still on probation though its end is long past
    ends_as: str = ""  # removed, died, departed: in probation
    ends_on: date | None = None
    remarks: list[Remark] = field(default_factory=list)
    waiver: Waiver | None = None
    booked_on: date | None = None  # of the cell's next meeting
    group: str = ""  # of the open ones: which share of the stock it belongs to

    def ballot(self, stage: str) -> Ballot | None:
        """The vote at that stage."""
        return next((one for one in self.ballots if one.stage == stage), None)

    def ruling(self, kind: str) -> Ruling | None:
        """The decision of that kind."""
        return next((one for one in self.rulings if one.kind == kind), None)


def waivers_of(one: Candidacy) -> tuple[Waiver, ...]:
    """The written consents to exceptions."""
    return (one.waiver,) if one.waiver else ()


def facts_of(one: Candidacy, courses: list[tuple[date, date]], today: date | None = None) -> known.CandidateFacts:
    """What the office has recorded about the candidacy, for the rulebook."""
    human = one.human
    return known.CandidateFacts(
        **{
            **known.NOTHING_YET,
            "today": today,
            "born": human.born,
            "sex": human.sex,
            "education": known.Education(level=human.education),
            "mass_bodies": bodies_of(one.unit),
            "nominated_on": one.nominated_on,
            "taken_up_on": one.taken_up_on,
            "certificates": _certificates(one),
            "enrolment": _enrolment(one, courses),
            "next_class_ends_on": min((last for first, last in courses if today and first >= today), default=None),
            "introducers": tuple(_introducer(voucher) for voucher in one.vouchers),
            "helpers": (known.Helper(from_on=one.helper_from),) if one.helper else (),
            "documents": tuple(_document(paper) for paper in one.papers),
            "cell_tier": "subordinate_cell" if one.unit.is_committee else "grassroots",
            "under_sub_committee": False,
            "delegated_to_admit": False,
            "cell_vote": _vote(one.ballot("cell_meeting")),
            "committee_vote": _vote(one.ballot("committee_meeting")),
            "decision": _decision(one.ruling("admission")),
            "ceremony_on": one.ceremony_on,
            "recognition_vote": _vote(one.ballot("recognition_meeting")),
            "recognition_committee_vote": _vote(one.ballot("recognition_committee")),
            "recognition_decision": _decision(one.ruling("recognition")),
            "booked": (known.Booked(stage="cell_meeting", on=one.booked_on),) if one.booked_on else (),
            **_ways_off(one),
        }
    )


def bodies_of(unit: Unit) -> tuple[str, ...]:
    """Kinds of mass organisations beside the unit."""
    if unit.row.sector in ("ward", "commune"):
        return ("youth_union", "women", "farmers", "veterans")
    return ("youth_union",) if unit.row.sector == "armed_forces" else ("youth_union", "trade_union")


def _certificates(one: Candidacy) -> tuple[known.Certificate, ...]:
    found = []
    if one.certificate_on:
        found.append(known.Certificate(issued_on=one.certificate_on))
    if one.new_member_on:
        found.append(known.Certificate(issued_on=one.new_member_on, kind="new_member"))
    return tuple(found)


def _enrolment(one: Candidacy, courses: list[tuple[date, date]]) -> known.Enrolment | None:
    if one.course is None:
        return None
    begins_on, ends_on = courses[one.course]
    return known.Enrolment(begins_on=begins_on, ends_on=ends_on)


def _introducer(voucher: Voucher) -> known.Introducer:
    return known.Introducer(
        kind=voucher.kind,
        status="official" if voucher.human else None,
        assigned_on=voucher.assigned_on,
        together_since=voucher.together_since,
    )


def _document(paper: Paper) -> known.Document:
    return known.Document(
        kind=paper.kind, asked_on=paper.asked_on, promised_on=paper.promised_on, dated_on=paper.dated_on
    )


def _vote(ballot: Ballot | None) -> known.Vote | None:
    if ballot is None:
        return None
    return known.Vote(held_on=ballot.on, entitled=ballot.entitled, in_favour=ballot.in_favour, against=ballot.against)


def _decision(ruling: Ruling | None) -> known.Decision | None:
    return known.Decision(issued_on=ruling.on, received_on=ruling.received_on) if ruling else None


def _ways_off(one: Candidacy) -> dict[str, date | str | None]:
    found: dict[str, date | str | None] = {}
    for remark in one.remarks:
        if remark.kind in ("pause", "return"):
            found["paused_on" if remark.kind == "pause" else "returned_on"] = remark.on
        else:
            found |= {"closed_on": remark.on, "closed_as": {"withdraw": "withdrawn", "refuse": "refused"}[remark.kind]}
    return found
