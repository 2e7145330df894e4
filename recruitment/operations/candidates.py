"""Entering and correcting a candidate; calls and waivers."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from foundation import clock, facts, sealed, together
from foundation.days import format_day
from foundation.facts import Change
from foundation.operation import Act, NotPermitted, OperationRefused, operation
from foundation.together import Asked
from membership import steps as membership_steps
from membership.lines import keys_of
from membership.models import (
    MEMBER,
    MassKind,
    MassMembership,
    MassOrganisation,
    MembershipStatus,
    Organisation,
    Person,
    Position,
    Workplace,
)
from membership.models.organisations import Kind
from membership.operations.people import new_person, of_number
from membership.scope import path_on
from recruitment import steps
from recruitment.judging import for_unit, not_in_future
from recruitment.known.published import book_of, published
from recruitment.models import CallNote, Candidate, Source, Waiver
from recruitment.operations.decisions import its_competent_committee
from recruitment.operations.preparation import check_vouching, introducer_rows, of_vouching, the_cell
from recruitment.reasons import StepRefused
from recruitment.rulebook.facts import CandidateFacts
from recruitment.rulebook.registry import all_rules

_OCCUPIED = ("occupation", "workplace", "occupation_title")
_UNITED = ("youth_union_on", "youth_union_at", "trade_union")
_UNIONS = {"youth_union_on": MassKind.YOUTH_UNION, "trade_union": MassKind.TRADE_UNION}


class EntryRefused(OperationRefused):
    """The candidate cannot be entered so; nothing was written."""


def its_cell(cell: Organisation) -> Organisation:
    """The cell in which the person becomes a candidate."""
    return cell


@operation("enter_candidate", capability="candidate.write", beside="cell", over=its_cell)
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
    introducers = list(introducers)
    vouching = [one["person"] for one in introducers]
    standing = steps.hold_open([person]) if person else {}
    asked = {**of_person(act, person, fields, clock.today()), **of_life(cell, fields)}
    asked |= of_vouching(vouching, nominated_on, standing.values())
    found = check_nomination(cell, source, body, nominated_on, asked)
    if found.get("member"):
        raise EntryRefused(_("%(person)s is a member already.") % {"person": person})
    check_vouching(vouching, nominated_on, person, found)
    new = person is None
    person = the_person(fields, found)
    describe_life(act, person, cell, fields, nominated_on, found, new)
    row = {"person": person, "cell": cell, "source": source, "body": body, "happened_on": nominated_on}
    [candidate] = steps.nominate(act, [row], standing=standing)
    act.holds(candidate)
    steps.add_introducers(act, introducer_rows(candidate, introducers, nominated_on))
    return candidate


def check_nomination(
    cell: Organisation,
    source: str,
    body: MassOrganisation | None,
    day: date,
    asked: Mapping[str, Asked],
    stands_on: date | None = None,
) -> Mapping[str, list[Any]]:
    """StepRefused or EntryRefused, unless the cell, or a body of that kind, may have nominated somebody on the day.

    The cell, which is held, stands on that day, or on `stands_on`: papers may be older than what the register knows of
    a unit. Returns what is `asked` besides.
    """
    stands_on = stands_on or day
    stood = Position.objects.as_at(stands_on).filter(organisation=cell)
    found = together.read_together(stood=(stood, "pk"), versions=published(), **asked)
    book = book_of(found["versions"])
    if blocking := book.blocking(CandidateFacts(today=clock.today(), nominated_on=day), "nominated", day):
        raise StepRefused.because(blocking)
    if cell.kind != Kind.CELL or not found["stood"]:
        raise EntryRefused(_("%(unit)s is no cell on %(day)s.") % {"unit": cell, "day": format_day(stands_on)})
    if source == Source.CELL and body:
        raise EntryRefused(_("A nomination by the cell names no mass organisation."))
    if source in (Source.YOUTH_UNION, Source.TRADE_UNION) and body and body.kind != source:
        raise EntryRefused(_("%(body)s is not of that kind.") % {"body": body})
    if "known" in asked and not found["known"]:
        raise NotPermitted("candidate.write")
    return found


def of_person(act: Act, person: Person | None, fields: Mapping[str, Any], day: date) -> dict[str, Asked]:
    """What is asked before `the_person`: of one of the register are they `known` to the actor, and a `member` on the
    day; of a new one, described by the fields, who has the `same_number`.

    An open candidacy is held before: until the end it says of its person what is read now.
    """
    if person is None:
        return of_number(fields)
    member = MembershipStatus.objects.as_at(day).filter(person=person, status__in=MEMBER)
    known = Person.objects.visible_to(act.actor).filter(pk=person.pk)
    return {"known": together.whole(known), "member": (member, "pk")}


def the_person(fields: Mapping[str, Any], found: Mapping[str, list[Any]]) -> Person:
    """The person of the register who was asked about, as they are now; else a new one, who is there from now on. An
    identity number in use is refused without saying whose it is.
    """
    if known := found.get("known"):
        return together.objects(Person, known)[0]
    described = {name: value for name, value in fields.items() if name not in (*_OCCUPIED, *_UNITED)}
    person = new_person(described, found)
    if person.born_on > clock.today():
        raise EntryRefused(_("The day of birth is in the future."))
    person.save()
    return person


def of_life(cell: Organisation, fields: Mapping[str, Any]) -> dict[str, Asked]:
    """What is asked before `describe_life`: the `unions` beside the cell and above it, of the kinds that are given."""
    kinds = [kind for name, kind in _UNIONS.items() if fields.get(name)]
    keys = keys_of(path_on(cell, clock.today()) or "") if kinds else []
    there = MassOrganisation.objects.filter(unit__key__in=keys, kind__in=kinds)
    return {"unions": (there, "pk", "kind", "unit__key")}


def describe_life(
    act: Act,
    person: Person,
    cell: Organisation,
    fields: Mapping[str, Any],
    day: date,
    found: Mapping[str, Sequence[Any]],
    of_new: bool = False,
) -> None:
    """What the person does and to which unions they belong, as far as given; from `day` where no day is given.

    `found`: the answer to `of_life`. `of_new`: the person is made by this act.
    """
    if kind := fields.get("occupation"):
        workplace: Workplace | None = fields.get("workplace")
        values = {"kind": kind, "workplace": workplace, "title": fields.get("occupation_title") or ""}
        membership_steps.occupy(act, [(person, values, day)], of_new)
    joined: dict[MassKind, tuple[dict[str, str], date]] = {}
    if joined_on := fields.get("youth_union_on"):
        not_in_future(joined_on)
        joined[MassKind.YOUTH_UNION] = {"joined_at": fields.get("youth_union_at") or ""}, joined_on
    if fields.get("trade_union"):
        joined[MassKind.TRADE_UNION] = {}, day
    bodies = _nearest(cell, joined, found["unions"])
    unions = [
        Change({"person": person, "body": bodies[kind]}, values, from_on) for kind, (values, from_on) in joined.items()
    ]
    facts.change(act, MassMembership, unions, () if of_new else None)


def _nearest(cell: Organisation, kinds: Collection[MassKind], unions: Sequence[Any]) -> dict[MassKind, Any]:
    """Of each kind the union nearest to the cell, by its key; where none is recorded, the one of the whole tree."""
    keys = keys_of(path_on(cell, clock.today()) or "") if kinds else []
    in_order = sorted(unions, key=lambda body: (keys.index(body.unit__key), body.pk))
    found = {MassKind(body.kind): body.pk for body in in_order}  # the last of a kind
    for kind in kinds:
        if kind not in found:
            top = Organisation.objects.get(key=keys[0])
            found[kind] = MassOrganisation.objects.create(unit=top, kind=kind, name=str(kind.label)).pk
    return found


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
    unions = together.read_together(**of_life(candidate.cell, fields))
    describe_life(act, person, candidate.cell, fields, clock.today(), unions)
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
