"""Entering and correcting a candidate; calls and waivers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from foundation import clock, facts, sealed
from foundation.days import format_day
from foundation.facts import Change
from foundation.operation import Act, NotPermitted, OperationRefused, operation
from membership import steps as membership_steps
from membership.lines import path_of
from membership.models import (
    MEMBER,
    MassKind,
    MassMembership,
    MassOrganisation,
    MembershipStatus,
    Organisation,
    Person,
    Workplace,
)
from membership.models.organisations import Kind
from membership.operations.people import new_person
from recruitment import steps
from recruitment.judging import for_unit, not_in_future
from recruitment.known import current
from recruitment.models import CallNote, Candidate, Source, Waiver
from recruitment.operations.decisions import its_competent_committee
from recruitment.operations.preparation import check_introducer, introducer_rows, the_cell
from recruitment.reasons import StepRefused
from recruitment.rulebook.facts import CandidateFacts
from recruitment.rulebook.registry import all_rules

_OCCUPIED = ("occupation", "workplace", "occupation_title")
_UNITED = ("youth_union_on", "youth_union_at", "trade_union")


class EntryRefused(OperationRefused):
    """The candidate cannot be entered so; nothing was written."""


def its_cell(cell: Organisation) -> Organisation:
    """The cell in which the person becomes a candidate."""
    return cell


@operation("enter_candidate", capability="candidate.write", over=its_cell)
def enter_candidate(
    act: Act,
    *,
    cell: Organisation,
    source: str,
    nominated_on: date,
    body: MassOrganisation | None = None,
    person: Person | None = None,
    introducers: Iterable[Mapping[str, Any]] = (),
    **fields: Any,
) -> Candidate:
    """The person is nominated in the cell on that day, which opens a candidacy or joins the open one.

    Either `person` of the register, or `fields` of form 2-KNĐ: those of Person with identity_number, occupation (kind),
    workplace, occupation_title, youth_union_on, youth_union_at, trade_union. `introducers`: {person, together_since}.
    """
    for_unit(act, cell)
    check_nomination(cell, source, body, nominated_on)
    person = registered(act, person) if person else enter_person(fields)
    _not_a_member(person)
    describe_life(act, person, cell, fields, nominated_on)
    row = {"person": person, "cell": cell, "source": source, "body": body, "happened_on": nominated_on}
    [candidate] = steps.nominate(act, [row])
    vouching = introducer_rows(candidate, introducers, nominated_on)
    for one in vouching:
        check_introducer(candidate, one["kind"], one["person"], None, nominated_on)
    steps.add_introducers(act, vouching)
    return candidate


def check_nomination(
    cell: Organisation, source: str, body: MassOrganisation | None, day: date, stands_on: date | None = None
) -> None:
    """StepRefused or EntryRefused, unless the cell, or a body of that kind, may have nominated somebody on the day.

    The cell stands on that day, or on `stands_on`: papers may be older than what the register knows of a unit.
    """
    if blocking := current().blocking(CandidateFacts(today=clock.today(), nominated_on=day), "nominated", day):
        raise StepRefused.because(blocking)
    stands_on = stands_on or day
    membership_steps.hold(cell)
    if cell.kind != Kind.CELL or not cell.position(stands_on):
        raise EntryRefused(_("%(unit)s is no cell on %(day)s.") % {"unit": cell, "day": format_day(stands_on)})
    if source == Source.CELL and body:
        raise EntryRefused(_("A nomination by the cell names no mass organisation."))
    if source in (Source.YOUTH_UNION, Source.TRADE_UNION) and body and body.kind != source:
        raise EntryRefused(_("%(body)s is not of that kind.") % {"body": body})


def registered(act: Act, person: Person) -> Person:
    """The person, if the actor may know of them; else NotPermitted."""
    if not Person.objects.visible_to(act.actor).filter(pk=person.pk).exists():
        raise NotPermitted("candidate.write")
    return person


def enter_person(fields: Mapping[str, Any]) -> Person:
    """A person who is in the register from now on; an identity number in use is refused without saying whose it is."""
    person = new_person({name: value for name, value in fields.items() if name not in (*_OCCUPIED, *_UNITED)})
    if person.born_on > clock.today():
        raise EntryRefused(_("The day of birth is in the future."))
    person.save()
    return person


def describe_life(act: Act, person: Person, cell: Organisation, fields: Mapping[str, Any], day: date) -> None:
    """What the person does and to which unions they belong, as far as given; from `day` where no day is given."""
    if kind := fields.get("occupation"):
        workplace: Workplace | None = fields.get("workplace")
        values = {"kind": kind, "workplace": workplace, "title": fields.get("occupation_title") or ""}
        membership_steps.occupy(act, [(person, values, day)])
    unions = []
    if joined_on := fields.get("youth_union_on"):
        not_in_future(joined_on)
        body = _union(cell, MassKind.YOUTH_UNION)
        values = {"joined_at": fields.get("youth_union_at") or ""}
        unions.append(Change({"person": person, "body": body}, values, joined_on))
    if fields.get("trade_union"):
        unions.append(Change({"person": person, "body": _union(cell, MassKind.TRADE_UNION)}, {}, day))
    facts.change(act, MassMembership, unions)


def _union(cell: Organisation, kind: MassKind) -> MassOrganisation:
    """The nearest union beside the cell or above it; where none is recorded, the one of the whole tree."""
    path = [position.organisation for position in reversed(path_of(cell))]
    found = {body.unit_id: body for body in MassOrganisation.objects.filter(unit__in=path, kind=kind).order_by("-pk")}
    nearest = next((found[unit.pk] for unit in path if unit.pk in found), None)
    return nearest or MassOrganisation.objects.create(unit=path[-1], kind=kind, name=str(kind.label))


def _not_a_member(person: Person) -> None:
    status = MembershipStatus.objects.as_at(clock.today()).filter(person=person, status__in=MEMBER)
    if status.exists():
        raise EntryRefused(_("%(person)s is a member already.") % {"person": person})


@operation("edit_candidate", on="candidate", capability="candidate.write", over=the_cell)
def edit_candidate(act: Act, *, candidate: Candidate, **fields: Any) -> Candidate:
    """The person's description is as given, field by field; what is not given stays."""
    known = Person.objects.visible_to(act.actor).select_for_update(of=("self",))
    if not (person := known.filter(pk=candidate.person_id).first()):
        raise NotPermitted("candidate.write")
    number = fields.get("identity_number")
    if number and number != person.identity_number:
        others = Person.objects.filter(identity_print=sealed.fingerprint(number)).exclude(pk=person.pk)
        if others.exists():
            raise EntryRefused(_("This identity number is already registered. Ask the superior office."))
    described = {name: value for name, value in fields.items() if name not in (*_OCCUPIED, *_UNITED)}
    if described.get("born_on") and described["born_on"] > clock.today():
        raise EntryRefused(_("The day of birth is in the future."))
    person.version += 1
    membership_steps.describe_person(act, person, described)
    describe_life(act, person, candidate.cell, fields, clock.today())
    steps.touch(act, [candidate])
    candidate.person = person
    return candidate


@operation("note_call", on="candidate", capability="candidate.write", over=the_cell)
def note_call(act: Act, *, candidate: Candidate, with_whom: str, text: str, noted_on: date | None = None) -> CallNote:
    """What was said in a call stands in the candidate's timeline."""
    noted_on = noted_on or clock.today()
    not_in_future(noted_on)
    note = CallNote.objects.create(
        candidate=candidate, with_whom=with_whom, text=text, noted_on=noted_on, noted_by=act.actor
    )
    act.about(note)
    return note


@operation("grant_waiver", on="candidate", capability="recruitment.step", over=its_competent_committee)
def grant_waiver(
    act: Act,
    *,
    candidate: Candidate,
    rule: str,
    authority: str,
    document: str,
    granted_on: date,
    until_on: date | None = None,
) -> Waiver:
    """The written consent lifts this rule from its day, before `until_on`; it stays listed."""
    for_unit(act, its_competent_committee(candidate))
    not_in_future(granted_on)
    if rule not in all_rules():
        raise OperationRefused(_("No rule is called so."))
    if until_on and until_on <= granted_on:
        raise OperationRefused(_("A waiver cannot end before it begins."))
    waiver = Waiver.objects.create(
        candidate=candidate,
        rule=rule,
        authority=authority,
        document=document,
        granted_on=granted_on,
        until_on=until_on,
    )
    act.about(waiver)
    steps.touch(act, [candidate])
    return waiver
