"""The cell's own work before its meeting: taking up, class, helper, introducers, papers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from foundation.facts import OPEN
from foundation.operation import Act, OperationRefused, operation
from foundation.together import Asked, read_together
from membership.lines import stands_under
from membership.models import (
    Certificate,
    CertificateKind,
    MassOrganisation,
    MembershipStatus,
    Organisation,
    Person,
    Status,
)
from recruitment import standing, steps
from recruitment.judging import for_unit, lawful, not_in_future, still_open
from recruitment.models import AwarenessClass, Candidate, Document, Helper, Introducer, IntroducerKind, Paper


def the_cell(candidate: Candidate) -> Organisation:
    """The cell in which the person is a candidate."""
    return candidate.cell


@operation("take_up", on="candidate", capability="recruitment.step", over=the_cell)
def take_up(act: Act, *, candidate: Candidate, happened_on: date) -> Candidate:
    """The cell has taken the candidate up on that day."""
    for_unit(act, candidate.cell)
    lawful(candidate, "taken_up", happened_on, once=True)
    steps.take_up(act, [{"candidate": candidate, "happened_on": happened_on, "reason": act.reason}])
    return candidate


def its_unit(unit: Organisation) -> Organisation:
    """The unit for which a class is held."""
    return unit


@operation("plan_class", capability="class.write", over=its_unit)
def plan_class(
    act: Act,
    *,
    unit: Organisation,
    name: str,
    issuer: str,
    begins_on: date,
    ends_on: date,
    seats: int | None = None,
    kind: str = CertificateKind.AWARENESS,
) -> AwarenessClass:
    """A class is planned for the unit and all under it; candidates there can count on it."""
    if ends_on < begins_on:
        raise OperationRefused(_("A class cannot end before it begins."))
    row = {"unit": unit, "name": name, "issuer": issuer, "begins_on": begins_on, "ends_on": ends_on}
    planned = steps.plan_class(act, {**row, "seats": seats, "kind": kind})
    steps.touch_derived(act, standing.under([unit]))
    return planned


@operation("enrol_in_class", on="candidate", capability="recruitment.step", over=the_cell)
def enrol_in_class(
    act: Act, *, candidate: Candidate, awareness_class: AwarenessClass, happened_on: date
) -> AwarenessClass:
    """The candidate has a seat in the class."""
    for_unit(act, candidate.cell)
    still_open(candidate)
    not_in_future(happened_on)
    if not stands_under(candidate.cell, awareness_class.unit):
        raise OperationRefused(_("The class is not held for this cell."))
    if happened_on > awareness_class.ends_on:
        raise OperationRefused(_("The class is over on that day."))
    awareness_class = AwarenessClass.objects.select_for_update().get(pk=awareness_class.pk)  # seats are given in turn
    taken = awareness_class.enrolments.filter(left_on__isnull=True).exclude(person=candidate.person_id)
    if awareness_class.seats is not None and taken.count() >= awareness_class.seats:
        told = ngettext("The only seat is taken.", "All %(seats)s seats are taken.", awareness_class.seats)
        raise OperationRefused(told % {"seats": awareness_class.seats})
    seat = {"awareness_class": awareness_class, "person": candidate.person, "enrolled_on": happened_on}
    steps.enrol(act, [seat])
    return awareness_class


@operation("record_certificate", on="candidate", capability="recruitment.step", over=the_cell)
def record_certificate(
    act: Act,
    *,
    candidate: Candidate,
    happened_on: date,
    number: str = "",
    issuer: str = "",
    kind: str = CertificateKind.AWARENESS,
) -> Candidate:
    """The person holds the certificate, issued on that day; it stays theirs whatever becomes of the candidacy."""
    for_unit(act, candidate.cell)
    if kind == CertificateKind.AWARENESS:
        lawful(candidate, "awareness_class", happened_on)
    not_in_future(happened_on)
    same = Certificate.objects.so().filter(person=candidate.person_id, kind=kind, happened_on=happened_on)
    if same.exists():
        raise OperationRefused(_("A certificate of that day is recorded already."))
    row = {"person": candidate.person, "kind": kind, "number": number, "issuer": issuer, "happened_on": happened_on}
    steps.certify(act, [row])
    return candidate


@operation("assign_helper", on="candidate", capability="recruitment.step", over=the_cell)
def assign_helper(act: Act, *, candidate: Candidate, person: Person, happened_on: date) -> Helper:
    """From that day the official member helps the candidate, instead of whoever helped before."""
    for_unit(act, candidate.cell)
    lawful(candidate, "helpers", happened_on)
    helping = (candidate.helpers.filter(until_on=OPEN), "pk", "person_id", "from_on")
    found = read_together(official=_official([person], happened_on), helping=helping)
    _check_official([person], happened_on, candidate.person, found["official"])
    before = [Helper(candidate=candidate, until_on=OPEN, **row._asdict()) for row in found["helping"]]
    if any(helper.person_id == person.pk for helper in before):
        raise OperationRefused(_("%(person)s helps already.") % {"person": person})
    if any(helper.from_on >= happened_on for helper in before):
        raise OperationRefused(_("Another member has helped since that day or later."))
    steps.end_helpers(act, dict.fromkeys(before, happened_on))
    [helper] = steps.assign_helpers(act, [{"candidate": candidate, "person": person, "from_on": happened_on}])
    return helper


@operation("name_introducer", on="candidate", capability="recruitment.step", over=the_cell)
def name_introducer(
    act: Act,
    *,
    candidate: Candidate,
    kind: str = IntroducerKind.MEMBER,
    person: Person | None = None,
    body: MassOrganisation | None = None,
    happened_on: date,
    together_since: date | None = None,
) -> Introducer:
    """From that day the official member, or the body, vouches for the candidate."""
    return _introduce(act, candidate, kind, person, body, happened_on, together_since)


@operation("replace_introducer", on="candidate", capability="recruitment.step", over=the_cell)
def replace_introducer(
    act: Act,
    *,
    candidate: Candidate,
    introducer: Introducer,
    person: Person,
    happened_on: date,
    together_since: date | None = None,
) -> Introducer:
    """From that day another official member vouches instead; the twelve months do not bind them (24-QĐ/TW, 3.2.2)."""
    if introducer.candidate_id != candidate.pk or introducer.ended_on:
        raise OperationRefused(_("This introducer does not vouch for the candidate."))
    if happened_on < introducer.assigned_on:
        raise OperationRefused(_("The introducer was named later than that day."))
    steps.end_introducers(act, {introducer: happened_on})
    return _introduce(act, candidate, IntroducerKind.MEMBER, person, None, happened_on, together_since, introducer)


def _introduce(
    act: Act,
    candidate: Candidate,
    kind: str,
    person: Person | None,
    body: MassOrganisation | None,
    day: date,
    together_since: date | None,
    replaces: Introducer | None = None,
) -> Introducer:
    for_unit(act, candidate.cell)
    still_open(candidate)
    not_in_future(day)
    check_introducer(candidate, kind, person, body, day)
    row = {"candidate": candidate, "kind": kind, "person": person, "body": body, "assigned_on": day}
    [introducer] = steps.add_introducers(act, [{**row, "together_since": together_since, "replaces": replaces}])
    return introducer


def check_introducer(
    candidate: Candidate, kind: str, person: Person | None, body: MassOrganisation | None, day: date
) -> None:
    """OperationRefused, unless this is an official member or a body that does not vouch yet."""
    if kind == IntroducerKind.MEMBER:
        if person is None or body is not None:
            raise OperationRefused(_("Name the member who vouches."))
        check_vouching([person], day, candidate.person, read_together(**of_vouching([person], day, [candidate])))
    else:
        if body is None or person is not None or body.kind != kind:
            raise OperationRefused(_("Name the body that vouches."))
        if candidate.introducers.filter(body=body, ended_on__isnull=True).exists():
            raise _vouches_already(body)


def of_vouching(people: Sequence[Person], day: date, candidates: Collection[Candidate]) -> dict[str, Asked]:
    """What is asked of members who are to vouch: who is `official` on the day, who is `vouching` for one of these."""
    vouching = Introducer.objects.filter(candidate__in=candidates, person__in=people, ended_on__isnull=True)
    return {"official": _official(people, day), "vouching": (vouching, "person_id")}


def check_vouching(people: Sequence[Person], day: date, of: Person | None, found: Mapping[str, Sequence[Any]]) -> None:
    """OperationRefused, unless all of whom was asked are official members, not the person themselves (None: somebody
    new), and do not vouch yet.
    """
    _check_official(people, day, of, found["official"])
    for row in found["vouching"]:
        raise _vouches_already(next(person for person in people if person.pk == row.person_id))


def _vouches_already(who: Person | MassOrganisation) -> OperationRefused:
    return OperationRefused(_("%(who)s vouches already.") % {"who": who})


def introducer_rows(candidate: Candidate, introducers: Iterable[Mapping[str, Any]], day: date) -> list[dict[str, Any]]:
    """Members who vouch from the day on, or from their own `assigned_on`: rows for `steps.add_introducers`.

    OperationRefused where one is named twice.
    """
    rows: list[dict[str, Any]] = [
        {
            "candidate": candidate,
            "kind": IntroducerKind.MEMBER,
            "person": one["person"],
            "assigned_on": one.get("assigned_on") or day,
            "together_since": one.get("together_since"),
        }
        for one in introducers
    ]
    named = Counter(row["person"] for row in rows)
    if twice := [person for person, times in named.items() if times > 1]:
        raise OperationRefused(
            *(_("%(who)s is named twice: two different members vouch.") % {"who": who} for who in twice)
        )
    return rows


@operation("record_document", on="candidate", capability="recruitment.step", over=the_cell)
def record_document(
    act: Act,
    *,
    candidate: Candidate,
    kind: str,
    number: str = "",
    asked_on: date | None = None,
    asked_of: str = "",
    promised_on: date | None = None,
    dated_on: date | None = None,
) -> Document:
    """The paper is asked for, promised or dated; one asked for before is the same paper when it comes."""
    for_unit(act, candidate.cell)
    still_open(candidate)
    if kind not in Paper.values or not (asked_on or dated_on):
        raise OperationRefused(_("Say when the paper was asked for, or its date."))
    for day in (asked_on, dated_on):
        if day:
            not_in_future(day)
    given = {"number": number, "asked_on": asked_on, "asked_of": asked_of}
    given |= {"promised_on": promised_on, "dated_on": dated_on}
    awaited = candidate.documents.filter(kind=kind, dated_on__isnull=True).first()
    if awaited is None:
        [document] = steps.add_documents(act, [{"candidate": candidate, "kind": kind, **given}])
        return document
    steps.mend_documents(act, {awaited: {name: value for name, value in given.items() if value}})
    return awaited


def _official(people: Sequence[Person], day: date) -> Asked:
    return MembershipStatus.objects.as_at(day).filter(person__in=people, status=Status.OFFICIAL), "person_id"


def _check_official(people: Sequence[Person], day: date, of: Person | None, official: Sequence[Any]) -> None:
    """OperationRefused, unless these are official members on the day, and others than the one in question."""
    there = {row.person_id for row in official}
    for person in people:
        if person == of:
            raise OperationRefused(_("Nobody vouches for themselves."))
        if person.pk not in there:
            told = {"person": person, "day": f"{day:%d/%m/%Y}"}
            raise OperationRefused(_("%(person)s is no official member on %(day)s.") % told)
