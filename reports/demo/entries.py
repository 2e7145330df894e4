"""What the office enters on a day, kind by kind, by the steps that every operation uses."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any

from foundation import facts
from foundation.facts import Change
from foundation.operation import Act
from membership import steps as register
from membership.models import (
    Appointment,
    CertificateKind,
    MassKind,
    MassMembership,
    MassOrganisation,
    MembershipStatus,
    Person,
    Placement,
    PlacementKind,
    Status,
    TransferKind,
)
from recruitment import closing
from recruitment import steps as recruitment
from recruitment.models import AdmissionCeremony, DecisionKind, Nomination, RecordKind, Waiver
from recruitment.rulebook.calendar import add_months
from recruitment.rulebook.facts import known
from reports.demo import tree
from reports.demo.candidacies import Candidacy
from reports.demo.days import TERM_FIRST
from reports.demo.entered import Entered
from reports.demo.ledger import ENDS, Work
from reports.demo.people import Human
from reports.demo.plan import DIRECTIVE, Targets
from reports.models import Directive, Period, PeriodKind, Plan, PlanState, TargetValue

CENTRE = "Trung tâm Chính trị thị xã"
_OF_SOURCE = {"youth_union": MassKind.YOUTH_UNION, "trade_union": MassKind.TRADE_UNION}


def enter(town: Entered, act: Act, work: Work) -> None:
    """All of the day's work, in an order in which nothing is missing."""
    for kind, entered in _ENTRIES.items():
        if what := work.get(kind):
            entered(town, act, what)
    _follow(town, work)


def _found(town: Entered, act: Act, cells: list[tree.Cell]) -> None:
    for cell in cells:
        unit = next(unit for unit in town.plan.units if unit.code == cell.unit)
        [town.units[cell.code]] = register.found(act, [town.new_cell(cell, unit)])
        if not unit.is_committee:
            town.found_bodies(only=unit.code)
        town.cover_by(act, lambda unit, code=cell.code: unit == code)  # type: ignore[misc]


def _plan_class(town: Entered, act: Act, numbers: list[int]) -> None:
    for number in numbers:
        first, last = town.plan.courses[number]
        town.classes[number] = recruitment.plan_class(
            act,
            {
                "name": f"Lớp nhận thức về Đảng {last:%m/%Y}",
                "unit": town.units[town.plan.code],
                "issuer": CENTRE,
                "begins_on": first,
                "ends_on": last,
                "seats": 60,
            },
        )


def _nominate(town: Entered, act: Act, found: list[Candidacy]) -> None:
    rows = [town.person(one.human).set_keys() for one in found]
    Person.objects.bulk_create(rows, batch_size=200)
    town.people |= {one.human.number: row for one, row in zip(found, rows, strict=True)}
    since = {
        one.human.number: one.nominated_on - timedelta(days=900 if one.human.born.year < 1998 else 240) for one in found
    }
    register.occupy(act, [(town.of(one), town.occupation(one.human), since[one.human.number]) for one in found])
    facts.change(act, MassMembership, [change for one in found for change in _unions(town, one)])
    past = {one.human.number for one in found if one.ceremony_on and one.ceremony_on.year == TERM_FIRST.year}
    for is_past in (True, False):
        some = [one for one in found if (one.human.number in past) is is_past]
        made = recruitment.nominate(act, [_nomination(town, one) for one in some], past=is_past)
        town.candidates |= {one.human.number: candidate for one, candidate in zip(some, made, strict=True)}


def _nomination(town: Entered, one: Candidacy) -> dict[str, Any]:
    return {
        "person": town.of(one), "cell": town.units[one.cell.code], "source": one.source,
        "body": _body(town, one, one.source), "happened_on": one.nominated_on,
    }  # fmt: skip


def _body(town: Entered, one: Candidacy, source: str) -> MassOrganisation | None:
    if source == "cell":
        return None
    kinds = [_OF_SOURCE[source]] if source in _OF_SOURCE else [MassKind.WOMEN, MassKind.FARMERS]
    kind = kinds[0] if one.human.sex == "female" else kinds[-1]
    return town.bodies[one.unit.code, kind]


def _unions(town: Entered, one: Candidacy) -> Iterator[Change]:
    """Whoever was young became a member of the Youth Union, until 31; workers are in the trade union."""
    human = one.human
    joined_on, left_on = add_months(human.born, 12 * 16), add_months(human.born, 12 * 31)
    if left_on > one.nominated_on:
        body = town.bodies[one.unit.code, MassKind.YOUTH_UNION]
        yield Change({"person": town.of(one), "body": body}, {}, joined_on, left_on)
    if (one.unit.code, MassKind.TRADE_UNION) in town.bodies and not one.student:
        body = town.bodies[one.unit.code, MassKind.TRADE_UNION]
        yield Change({"person": town.of(one), "body": body}, {}, one.nominated_on - timedelta(days=400))


def _take_up(town: Entered, act: Act, found: list[Candidacy]) -> None:
    recruitment.take_up(act, [{"candidate": town.candidate(one), "happened_on": one.taken_up_on} for one in found])


def _enrol(town: Entered, act: Act, found: list[Candidacy]) -> None:
    recruitment.enrol(
        act,
        [
            {
                "awareness_class": town.classes[one.course or 0],
                "person": town.of(one),
                "enrolled_on": one.enrolled_on,
            }
            for one in found
        ],
    )


def _certify(town: Entered, act: Act, found: list[Candidacy]) -> None:
    recruitment.certify(act, [_certificate(town, one, one.certificate_on, CertificateKind.AWARENESS) for one in found])


def _certify_member(town: Entered, act: Act, found: list[Candidacy]) -> None:
    recruitment.certify(act, [_certificate(town, one, one.new_member_on, CertificateKind.NEW_MEMBER) for one in found])


def _certificate(town: Entered, one: Candidacy, day: date | None, kind: str) -> dict[str, Any]:
    number = f"{one.human.number:04}/GCN-{'NT' if kind == CertificateKind.AWARENESS else 'ĐVM'}"
    return {"person": town.of(one), "kind": kind, "number": number, "issuer": CENTRE, "happened_on": day}


def _help(town: Entered, act: Act, found: list[Candidacy]) -> None:
    recruitment.assign_helpers(
        act,
        [
            {
                "candidate": town.candidate(one),
                "person": town.people[one.helper.number],
                "from_on": one.helper_from,
            }
            for one in found
            if one.helper
        ],
    )


def _vouch(town: Entered, act: Act, found: list[Any]) -> None:
    recruitment.add_introducers(
        act,
        [
            {
                "candidate": town.candidate(one), "kind": voucher.kind, "assigned_on": voucher.assigned_on,
                "person": town.people[voucher.human.number] if voucher.human else None,
                "body": None if voucher.human else town.bodies[one.unit.code, voucher.kind],
                "together_since": voucher.together_since,
            }
            for one, voucher in found
        ],
    )  # fmt: skip


def _paper(town: Entered, act: Act, found: list[Any]) -> None:
    recruitment.add_documents(
        act,
        [
            {
                "candidate": town.candidate(one), "kind": paper.kind, "number": paper.number,
                "asked_on": paper.asked_on, "asked_of": paper.asked_of, "promised_on": paper.promised_on,
                "dated_on": paper.dated_on,
            }
            for one, paper in found
        ],
    )  # fmt: skip


def _waive(town: Entered, act: Act, found: list[Candidacy]) -> None:
    for one in found:
        if one.waiver:
            Waiver.objects.create(
                candidate=town.candidate(one), rule=one.waiver.rule, authority=one.waiver.authority,
                document=one.waiver.document, granted_on=one.waiver.granted_on,
            )  # fmt: skip
            act.about(town.candidate(one))


def _vote(town: Entered, act: Act, found: list[Any]) -> None:
    recruitment.hold_votes(
        act,
        [
            {
                "candidate": town.candidate(one), "organisation": town.units[ballot.organisation],
                "stage": ballot.stage, "happened_on": ballot.on, "entitled": ballot.entitled,
                "present": ballot.present, "issued": ballot.present, "returned": ballot.present,
                "valid": ballot.valid, "in_favour": ballot.in_favour, "against": ballot.against,
            }
            for one, ballot in found
        ],
    )  # fmt: skip


def _book(town: Entered, act: Act, found: list[Candidacy]) -> None:
    recruitment.book_meetings(
        act, [{"organisation": town.units[one.cell.code], "held_on": one.booked_on} for one in found]
    )


def _rule(town: Entered, act: Act, found: list[Any]) -> None:
    rows: dict[str, list[dict[str, Any]]] = {"admission": [], "recognition": [], "removal": []}
    for one, ruling in found:
        row = {
            "candidate": town.candidate(one), "committee": town.units[town.plan.code], "number": ruling.number,
            "happened_on": ruling.on, "received_on": ruling.received_on,
        }  # fmt: skip
        if ruling.kind == "recognition":
            row["official_on"] = one.official_on
        rows[ruling.kind].append(row)
    recruitment.decide(act, [{**row, "kind": DecisionKind.ADMISSION} for row in rows["admission"]])
    if rows["recognition"]:
        recruitment.recognise(act, rows["recognition"])
    if rows["removal"]:
        recruitment.remove(act, rows["removal"])


def _hold_ceremony(town: Entered, act: Act, found: list[Any]) -> None:
    recruitment.hold_ceremonies(
        act, [{"candidate": town.candidate(one), "happened_on": shown_on} for one, shown_on in found]
    )


def _remark(town: Entered, act: Act, found: list[Any]) -> None:
    recruitment.record(
        act,
        [
            {
                "candidate": town.candidate(one), "kind": RecordKind(remark.kind), "stage": remark.stage,
                "reason": remark.reason, "happened_on": remark.on,
            }
            for one, remark in found
        ],
    )  # fmt: skip


def _arrived(town: Entered, act: Act, found: list[Any]) -> None:
    register.register(act, [town.member(one.human) for one in found])
    _transfer(town, act, found, TransferKind.ARRIVED)


def _moved(town: Entered, act: Act, found: list[Any]) -> None:
    _transfer(town, act, found, TransferKind.WITHIN)


def _departed(town: Entered, act: Act, found: list[Any]) -> None:
    _transfer(town, act, found, TransferKind.DEPARTED)


def _transfer(town: Entered, act: Act, found: list[Any], kind: str) -> None:
    seen: dict[int, list[Any]] = {}
    for one in found:  # somebody who moved twice is entered in two calls, in their order
        seen.setdefault(one.human.number, []).append(one)
    for turn in range(max(len(rows) for rows in seen.values())):
        rows = [rows[turn] for rows in seen.values() if len(rows) > turn]
        register.transfer(
            act,
            [
                {
                    "person": town.people[one.human.number], "kind": kind, "happened_on": one.day,
                    "from_cell": town.units[one.start] if one.start else None,
                    "to_cell": town.units[one.to] if one.to else None,
                    "outside": "" if kind == TransferKind.WITHIN else one.human.outside,
                }
                for one in rows
            ],
        )  # fmt: skip


def _official(town: Entered, act: Act, humans: list[Human]) -> None:
    firsts = {town.people[human.number]: human.official_on for human in humans}
    register.change_status(act, firsts, Status.OFFICIAL)  # type: ignore[arg-type]


def _end(town: Entered, act: Act, found: list[Any]) -> None:
    register.change_status(act, {town.people[one.human.number]: one.day for one in found}, ENDS[found[0].kind])


def _dissolve(town: Entered, act: Act, cells: list[tree.Cell]) -> None:
    for cell in cells:
        register.dissolve(act, [town.units[cell.code]], known(cell.to), [town.units[cell.into]])
        Appointment.objects.filter(organisation=town.units[cell.code]).update(until_on=cell.to)


def _correct_source(town: Entered, act: Act, found: list[Candidacy]) -> None:
    """Another body had brought the person forward."""
    candidates = [town.candidate(one) for one in found]
    rows = list(Nomination.objects.so().filter(candidate__in=candidates))
    facts.withdraw(act, rows)
    again = [{name: getattr(row, name) for name in Nomination.value_fields()} for row in rows]
    facts.record(act, Nomination, [{**row, "source": "cell", "body_id": None} for row in again])
    recruitment.touch(act, candidates)


def _correct_ceremony(town: Entered, act: Act, found: list[Candidacy]) -> None:
    """The ceremony was some days earlier than entered."""
    candidates = {town.candidate(one).pk: one for one in found}
    rows = list(AdmissionCeremony.objects.so().filter(candidate__in=candidates))
    facts.withdraw(act, rows)
    again = [{name: getattr(row, name) for name in AdmissionCeremony.value_fields()} for row in rows]
    facts.record(
        act,
        AdmissionCeremony,
        [{**row, "happened_on": candidates[row["candidate_id"]].ceremony_on} for row in again],
    )
    for one in found:
        person, cell, first = town.of(one), town.units[one.cell.code], known(one.ceremony_on)
        facts.change(act, MembershipStatus, [Change({"person": person}, {"status": Status.PROBATIONARY}, first)])
        placed = {"person": person, "kind": PlacementKind.OFFICIAL}
        facts.change(act, Placement, [Change(placed, {"cell": cell}, first)])
    recruitment.touch(act, [town.candidate(one) for one in found])


def _correct_death(town: Entered, act: Act, found: list[Any]) -> None:
    """The member had died some days earlier than entered."""
    for one in found:
        person = town.people[one.human.number]
        facts.change(act, MembershipStatus, [Change({"person": person}, {"status": Status.DIED}, one.day)])
        facts.change(act, Placement, [Change({"person": person, "kind": PlacementKind.OFFICIAL}, None, one.day)])
        act.about(person)


def _target(town: Entered, act: Act, found: list[Targets]) -> None:
    for one in found:
        _plan_of(town, act, one)


def _plan_of(town: Entered, act: Act, one: Targets) -> None:
    top = town.units[town.plan.code]
    directive = None
    if one.directive:
        number, title, issued_on = DIRECTIVE
        number = number if town.plan.code == tree.TOWN else f"{number} {town.plan.code}"
        directive = Directive.objects.create(number=number, title=title, issued_on=issued_on, unit=top)
    period, _made = Period.objects.get_or_create(
        code=one.period, defaults={"kind": PeriodKind(one.kind), "first": one.first, "last": one.last}
    )
    plan = Plan.objects.create(unit=top, period=period, directive=directive, title=one.title, state=PlanState.DECIDED)
    since = one.decided_on if one.directive else one.first
    changes = [
        Change({"plan": plan, "unit": town.units[unit], "group": group}, {"number": number}, since)
        for unit, group, number in one.numbers
        if unit in town.units
    ]
    facts.change(act, TargetValue, changes)
    act.about(plan)


def _follow(town: Entered, work: Work) -> None:
    """Candidacies follow what became of their people: closed, or in the cell to which a probationer moved."""
    kinds = ("moved", "departed", "died", "removed", "expelled", "resigned")
    numbers = {one.human.number for kind in kinds for one in work.get(kind, ())}
    touched = [town.candidates[number] for number in sorted(numbers) if number in town.candidates]
    if touched:
        closing.settle(touched)
        closing.follow_members(touched)


_ENTRIES: dict[str, Callable[[Entered, Act, Any], None]] = {
    "found": _found,
    "plan_class": _plan_class,
    "target": _target,
    "arrived": _arrived,
    "nominate": _nominate,
    "take_up": _take_up,
    "enrol": _enrol,
    "certify": _certify,
    "help": _help,
    "vouch": _vouch,
    "paper": _paper,
    "waive": _waive,
    "vote": _vote,
    "book": _book,
    "hold_ceremony": _hold_ceremony,
    "certify_member": _certify_member,
    "rule": _rule,
    "remark": _remark,
    "official": _official,
    "moved": _moved,
    "dissolve": _dissolve,
    "departed": _departed,
    "died": _end,
    "removed": _end,
    "expelled": _end,
    "resigned": _end,
    "correct_source": _correct_source,
    "correct_ceremony": _correct_ceremony,
    "correct_death": _correct_death,
}
