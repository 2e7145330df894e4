"""Things as tests speak of them. Arguments are optional, dates fixed; facts are entered at noon of their day."""

from __future__ import annotations

import contextlib
import importlib
import itertools
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import factory
from django.apps import apps
from django.db import transaction
from django.test import Client
from django.utils import timezone

from foundation import clock, facts
from foundation.facts import OPEN, Change
from foundation.models import JournalEntry
from foundation.operation import Act, Submission, _close
from membership import steps
from membership.models import (
    Appointment,
    Certificate,
    Coverage,
    Education,
    MassKind,
    MassMembership,
    MassOrganisation,
    Occupation,
    OccupationKind,
    Organisation,
    Ownership,
    Person,
    Role,
    Sector,
    Sex,
    Status,
    Tier,
    User,
    Workplace,
    WorkplaceKind,
)
from membership.models.organisations import Kind
from recruitment import steps as recruitment_steps
from recruitment.models import Candidate, DecisionKind, ProcedureVersion, Source

START = date(2015, 1, 1)  # from this day units stand and appointments hold
_numbers = itertools.count(1)


class PersonFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Person

    full_name = factory.Sequence(lambda number: f"Trần Thị Ánh {number}")
    sex = Sex.FEMALE
    born_on = date(1994, 6, 8)
    ethnicity = "Kinh"
    religion = "none"
    education = Education.UPPER_SECONDARY


class UserFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = User

    username = factory.Sequence(lambda number: f"user{number}")
    password = "!"  # nobody signs in with it: tests use force_login
    person = factory.SubFactory(PersonFactory)


class WorkplaceFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Workplace

    code = factory.Sequence(lambda number: f"W{number}")
    name = factory.Sequence(lambda number: f"Công ty {number}")
    kind = WorkplaceKind.ENTERPRISE
    ownership = Ownership.PRIVATE


# Entering -------------------------------------------------------------------------------------------------------------


def an_act(on: date = START, by: User | None = None) -> Act:
    """An operation under way at noon of the day: what steps take first. Its events are not sent; see `entering`."""
    moment = clock.moment_on(on) + timedelta(microseconds=next(_numbers))
    entry = JournalEntry.objects.create(
        operation="test", actor=by or the_enterer(), recorded_at=moment, machine_time=timezone.now()
    )
    return Act(entry.actor, None, entry, moment)


@contextlib.contextmanager
def entering(on: date = START, by: User | None = None) -> Iterator[Act]:
    """An act in a transaction, whose subjects are stored and whose events are sent at its end, as an operation does."""
    with transaction.atomic():
        act = an_act(on, by)
        yield act
        _close(act, None)
        with clock.at(act.now):
            for event, what in act.events:
                event.send(sender=None, act=act, **what)


def the_enterer() -> User:
    """The account in whose name builders enter."""
    return User.objects.filter(username="enterer").first() or UserFactory(username="enterer", person=None)


def on_day(day: date, hour: int = 12) -> contextlib.AbstractContextManager[None]:
    """Within the block the office clock stands at that hour of the day."""
    return clock.at(clock.moment_on(day, hour))


def as_user(user: User) -> User:
    """The account read anew, as a new request does: without remembered appointments."""
    return User.objects.get(pk=user.pk)


def signed_in(user: User) -> Client:
    """A browser in which the user is signed in and reads English."""
    desk = Client(headers={"accept-language": "en"})
    desk.force_login(user)
    return desk


def submitted_by(user: User, **values: Any) -> Submission:
    """The one positional argument of every operation."""
    return Submission(as_user(user), **values)


# The tree -------------------------------------------------------------------------------------------------------------


def a_unit(kind: str, under: Organisation | None, name: str, since: date = START, **values: Any) -> Organisation:
    """A unit that stands under another from a day on; its tier follows."""
    number = next(_numbers)
    new = steps.NewUnit(
        code=values.pop("code", f"U{number}"),
        name=name or f"Unit {number}",
        kind=kind,
        parent=under,
        from_on=since,
        **values,
    )
    with entering(since) as act:
        [unit] = steps.found(act, [new])
    return unit


def a_province(name: str = "Tỉnh Quảng Ninh") -> Organisation:
    """The root of the tree: the one that stands, else a new one."""
    stands = Organisation.objects.filter(code="QN").first()
    return stands or a_unit(Kind.COMMITTEE, None, name, code="QN", tier=Tier.PROVINCIAL)


def a_town(name: str = "", under: Organisation | None = None, since: date = START, **values: Any) -> Organisation:
    """A committee directly above the grassroots, under the province."""
    return a_unit(Kind.COMMITTEE, under or a_province(), name, since, **{"sector": Sector.COMMITTEE, **values})


def a_ward(name: str = "", under: Organisation | None = None, since: date = START, **values: Any) -> Organisation:
    """A grassroots committee, by default in a town of its own."""
    return a_unit(Kind.COMMITTEE, under or a_town(since=since), name, since, **{"sector": Sector.WARD, **values})


def a_sub_committee(name: str = "", under: Organisation | None = None, since: date = START) -> Organisation:
    """A committee under a grassroots committee."""
    return a_unit(Kind.COMMITTEE, under or a_ward(since=since), name, since)


def a_cell(name: str = "", under: Organisation | None = None, since: date = START, **values: Any) -> Organisation:
    """A cell, by default under a grassroots committee of its own; under a town it is a grassroots cell."""
    return a_unit(Kind.CELL, under or a_ward(since=since), name, since, **{"sector": Sector.RESIDENTIAL, **values})


def a_workplace(in_: Organisation | None = None, **values: Any) -> Workplace:
    """A private enterprise lying in a ward, if nothing else is said."""
    return WorkplaceFactory(locality=in_ or a_ward(), **values)


def covers(unit: Organisation, workplace: Workplace, since: date = START, to: date = OPEN) -> None:
    """The unit is the workplace's party organisation."""
    with entering(since) as act:
        facts.change(act, Coverage, [Change({"organisation": unit, "workplace": workplace}, {}, since, to)])


# People ---------------------------------------------------------------------------------------------------------------


def a_person(**values: Any) -> Person:
    """A person in the register, nothing else known of them."""
    return PersonFactory(**values)


def a_member(
    cell: Organisation | None = None, since: date = START, status: str = Status.OFFICIAL, **values: Any
) -> Person:
    """A member of the cell with that status since the day."""
    official = since if status == Status.OFFICIAL else None
    new = steps.NewMember(
        person=PersonFactory.build(**values),
        cell=cell or a_cell(),
        placed_on=since,
        admitted_on=since,
        recognised_on=official,
    )
    with entering(since) as act:
        [person] = steps.register(act, [new])
    return person


def some_members(number: int, cell: Organisation, since: date = START) -> list[Person]:
    """That many official members of the cell."""
    new = [
        steps.NewMember(
            person=PersonFactory.build(), cell=cell, placed_on=since, admitted_on=since, recognised_on=since
        )
        for _ in range(number)
    ]
    with entering(since) as act:
        return steps.register(act, new)


def works(
    person: Person, kind: str = OccupationKind.WORKER, at: Workplace | None = None, since: date = START, title: str = ""
) -> None:
    """The person does this from the day on."""
    with entering(since) as act:
        facts.change(
            act, Occupation, [Change({"person": person}, {"kind": kind, "workplace": at, "title": title}, since)]
        )


def a_youth_union(of: Organisation | None = None, name: str = "Đoàn phường") -> MassOrganisation:
    """The Youth Union beside a unit."""
    return MassOrganisation.objects.create(name=name, kind=MassKind.YOUTH_UNION, unit=of or a_ward())


def a_trade_union(of: Organisation | None = None, name: str = "Công đoàn") -> MassOrganisation:
    """The trade union beside a unit."""
    return MassOrganisation.objects.create(name=name, kind=MassKind.TRADE_UNION, unit=of or a_ward())


def joins(person: Person, body: MassOrganisation, on: date = START) -> None:
    """The person belongs to the mass organisation from the day on."""
    with entering(on) as act:
        facts.change(act, MassMembership, [Change({"person": person, "body": body}, {}, on)])


def a_certificate(person: Person, on: date = date(2023, 6, 20), kind: str = "awareness") -> Certificate:
    """The person has this certificate."""
    with entering(on) as act:
        [certificate] = facts.record(
            act, Certificate, [{"person": person, "kind": kind, "happened_on": on, "number": "01"}]
        )
    return certificate


# Accounts -------------------------------------------------------------------------------------------------------------


def appointed(
    role: str, of: Organisation | MassOrganisation, person: Person | None = None, since: date = START, **values: Any
) -> User:
    """The account of a person who holds the role over the unit or mass organisation."""
    person = person or a_person()
    over = "mass_organisation" if isinstance(of, MassOrganisation) else "organisation"
    Appointment.objects.create(person=person, role=role, from_on=since, **{over: of}, **values)
    return User.objects.filter(person=person).first() or UserFactory(person=person)


def a_clerk(of: Organisation | None = None, restricted: bool = False, **values: Any) -> User:
    """Staff of a committee, with their account; reads restricted fields only if so granted."""
    return appointed(Role.CLERK, of or a_town(), reads_names=True, reads_restricted=restricted, **values)


def a_secretary(of: Organisation | None = None, **values: Any) -> User:
    """The secretary of a cell, with their account."""
    return appointed(Role.SECRETARY, of or a_cell(), reads_names=True, **values)


def an_official(of: Organisation | None = None, names: bool = False, **values: Any) -> User:
    """One who reads figures of a unit, and names only if so granted."""
    return appointed(Role.OFFICIAL, of or a_town(), reads_names=names, **values)


def an_administrator(of: Organisation | None = None, **values: Any) -> User:
    """An administrator of a unit, who uses the administration."""
    user = appointed(Role.ADMINISTRATOR, of or a_town(), **values)
    User.objects.filter(pk=user.pk).update(is_staff=True)
    return as_user(user)


def a_nominator(of: MassOrganisation | None = None, **values: Any) -> User:
    """An officer of a mass organisation."""
    return appointed(Role.NOMINATOR, of or a_youth_union(), **values)


def an_organiser(of: Organisation | None = None, **values: Any) -> User:
    """An organiser of classes at the political centre."""
    return appointed(Role.ORGANISER, of or a_town(), **values)


def an_inspector(of: Organisation | None = None, **values: Any) -> User:
    """An inspector of a unit."""
    return appointed(Role.INSPECTOR, of or a_town(), **values)


def the_procedures() -> None:
    """The shipped procedure versions are there: for tests after whose predecessors the database was emptied."""
    if not ProcedureVersion.objects.exists():
        importlib.import_module("recruitment.migrations.0003_shipped_versions").load(apps, None)


# Candidates -----------------------------------------------------------------------------------------------------------


def a_candidate(
    cell: Organisation | None = None,
    nominated_on: date = date(2023, 9, 5),
    person: Person | None = None,
    source: str = Source.CELL,
    body: MassOrganisation | None = None,
) -> Candidate:
    """A person nominated in the cell, nothing else done."""
    cell = cell or a_cell()
    with entering(nominated_on) as act:
        row = {"person": person or a_person(), "cell": cell, "source": source, "body": body}
        [candidate] = recruitment_steps.nominate(act, [{**row, "happened_on": nominated_on}])
    return candidate


def taken_up(candidate: Candidate, on: date = date(2023, 9, 20)) -> Candidate:
    """The cell took the candidate up."""
    with entering(on) as act:
        recruitment_steps.take_up(act, [{"candidate": candidate, "happened_on": on}])
    return candidate


def helped(candidate: Candidate, by: Person | None = None, since: date = date(2023, 10, 2)) -> Candidate:
    """An official member of the cell helps the candidate."""
    helper = by or a_member(candidate.cell)
    with entering(since) as act:
        recruitment_steps.assign_helpers(act, [{"candidate": candidate, "person": helper, "from_on": since}])
    return candidate


def introduced(
    candidate: Candidate, *members: Person, on: date = date(2024, 6, 3), together_since: date = date(2020, 1, 2)
) -> Candidate:
    """Two official members of the cell (or those given) vouch for the candidate."""
    members = members or (a_member(candidate.cell), a_member(candidate.cell))
    rows = [
        {
            "candidate": candidate,
            "kind": "member",
            "person": member,
            "assigned_on": on,
            "together_since": together_since,
        }
        for member in members
    ]
    with entering(on) as act:
        recruitment_steps.add_introducers(act, rows)
    return candidate


PAPERS = ("application", "cv", "verification", "introduction", "comments")


def with_papers(candidate: Candidate, *kinds: str, dated: date = date(2024, 7, 1)) -> Candidate:
    """The dossier holds these papers, by default all that everybody needs."""
    with entering(dated) as act:
        rows = [{"candidate": candidate, "kind": kind, "dated_on": dated} for kind in kinds or PAPERS]
        recruitment_steps.add_documents(act, rows)
    return candidate


def a_complete_candidate(cell: Organisation | None = None, **values: Any) -> Candidate:
    """A candidate on whom the cell may vote from 1 July 2024 on."""
    candidate = taken_up(a_candidate(cell, **values))
    a_certificate(candidate.person)
    return with_papers(introduced(helped(candidate)))


def voted(
    candidate: Candidate,
    stage: str = "cell_meeting",
    by: Organisation | None = None,
    on: date = date(2024, 8, 5),
    in_favour: int = 9,
    entitled: int = 9,
) -> Candidate:
    """A meeting of the cell (or of that unit) voted on the candidate."""
    counts = {"entitled": entitled, "present": entitled, "in_favour": in_favour, "against": entitled - in_favour}
    row = {"candidate": candidate, "organisation": by or candidate.cell, "stage": stage, "happened_on": on, **counts}
    with entering(on) as act:
        recruitment_steps.hold_votes(act, [row])
    return candidate


def decided(
    candidate: Candidate, by: Organisation | None = None, on: date = date(2024, 9, 2), received: date | None = None
) -> Candidate:
    """The competent committee decided to admit the candidate."""
    row = {"candidate": candidate, "kind": DecisionKind.ADMISSION, "committee": by or a_town(), "number": "12-QĐ/TU"}
    with entering(on) as act:
        recruitment_steps.decide(act, [{**row, "happened_on": on, "received_on": received or on}])
    return candidate


def left(candidate: Candidate, kind: str = "withdraw", on: date = date(2024, 1, 8)) -> Candidate:
    """The candidate after leaving the way so."""
    with entering(on) as act:
        recruitment_steps.record(act, [{"candidate": candidate, "kind": kind, "happened_on": on}])
    candidate.refresh_from_db()
    return candidate


def a_probationary_member(
    cell: Organisation | None = None, since: date = date(2024, 9, 16), by: Organisation | None = None, **values: Any
) -> Candidate:
    """A candidate admitted by a ceremony of the cell on the day."""
    candidate = decided(voted(a_complete_candidate(cell, **values)), by)
    with entering(since) as act:
        recruitment_steps.hold_ceremonies(act, [{"candidate": candidate, "happened_on": since}])
    return candidate
