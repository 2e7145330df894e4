"""Rows that were found right go into the register: steps of the import, many rows at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import F, QuerySet

from foundation import facts, sealed
from foundation.facts import Change
from foundation.names import search_key
from foundation.operation import Act
from membership import scope, steps
from membership.models import (
    Appointment,
    Coverage,
    Kind,
    Organisation,
    Person,
    Role,
    Template,
    Workplace,
)
from membership.register.members import known_by_number, name_and_birth, no_members, officers
from membership.register.sheet import chunks

Values = Mapping[str, Any]
_DESCRIPTION = ("card_number", "home_town", "residence", "ethnicity", "religion", "education", "professional", "phone")
_KEPT = ("full_name", "sex", "born_on", "born_precision", "identity_sealed", "identity_print", *_DESCRIPTION)


@dataclass(frozen=True, slots=True)
class Taken:
    """How the people of the file who were in the register already were described before."""

    before: Sequence[Values] = ()


def take(act: Act, template: str, rows: Sequence[Values], as_on: date) -> Taken:
    """The rows are in the register."""
    takes = {Template.UNITS: take_units, Template.MEMBERS: take_members, Template.WORKPLACES: take_workplaces}
    return takes[Template(template)](act, rows, as_on)


def give_back(people_of_file: Any, before: Iterable[Values]) -> None:
    """People who were in the register before are described as they were; of the others only the name is kept."""
    by_key = {one["pk"]: one for one in before}
    made = Person.objects.filter(pk__in=people_of_file).exclude(pk__in=list(by_key))
    blank = dict.fromkeys((*_DESCRIPTION, "identity_sealed"), "")
    made.update(**blank, identity_print=None, version=F("version") + 1)
    people = list(Person.objects.filter(pk__in=list(by_key)))
    for person in people:
        for name in _KEPT:
            setattr(person, name, by_key[person.pk][name])
        person.born_on = date.fromisoformat(by_key[person.pk]["born_on"])
        person.version += 1
        person.set_keys()
    steps.redescribe(people)


# Units ----------------------------------------------------------------------------------------------------------------


def take_units(act: Act, rows: Sequence[Values], as_on: date) -> Taken:
    """The units stand, parents first, with their secretaries; codes of an undone file are used again."""
    known = _by_code(row["parent"] for row in rows if row.get("parent"))
    _renew_those_that_never_stood(rows)
    new = [
        steps.NewUnit(
            code=row["code"],
            name=row["name"],
            kind=row["kind"],
            tier=row.get("tier", ""),
            sector=row.get("sector", ""),
            phone=row.get("phone", ""),
            from_on=row.get("founded_on", as_on),
            parent=known.get(row.get("parent", ""), row.get("parent")),
        )
        for row in _parents_first(rows)
    ]
    units = {unit.code: unit for unit in steps.found(act, new)}
    _appoint(act, [row for row in rows if "secretary" in row], units, as_on)
    return Taken()


def _by_code(codes: Iterable[str]) -> dict[str, Organisation]:
    return {unit.code: unit for some in chunks(codes) for unit in Organisation.objects.filter(code__in=some)}


def _renew_those_that_never_stood(rows: Sequence[Values]) -> None:
    """Units of an undone file are what the new one says; `steps.found` refuses whatever stands."""
    left = _by_code(row["code"] for row in rows)
    for row in rows:
        if unit := left.get(row["code"]):
            unit.kind, unit.sector, unit.phone = row["kind"], row.get("sector", ""), row.get("phone", "")
    Organisation.objects.bulk_update(left.values(), ["kind", "sector", "phone"], batch_size=200)


def _parents_first(rows: Sequence[Values]) -> list[Values]:
    by_code = {row["code"]: row for row in rows}
    placed: dict[str, Values] = {}
    for row in rows:
        way = [row]
        while (above := way[-1].get("parent")) in by_code and above not in placed:
            way.append(by_code[above])
        placed |= {one["code"]: one for one in reversed(way) if one["code"] not in placed}
    return list(placed.values())


def _appoint(act: Act, rows: Sequence[Values], units: Mapping[str, Organisation], as_on: date) -> None:
    """Each unit has its secretary; whoever stands in several rows, or is in the register already, is one person."""
    keys = [name_and_birth(row["secretary"], row["secretary_born"][0]) for row in rows]
    members = Person.objects.in_reach_of(act.actor, scope.IMPORTS).members(as_on)
    people = _by_name((row["secretary"] for row in rows), among=officers(act.actor) | members)
    holders: dict[tuple[str, date], Person] = {key: same[0] for key, same in people.items() if len(same) == 1}
    for key, row in zip(keys, rows, strict=True):
        born, precision = row["secretary_born"]
        holder = holders.setdefault(key, Person(full_name=row["secretary"], born_on=born))
        if not holder.pk:
            holder.sex, holder.born_precision = row["secretary_sex"], precision
            holder.phone = row.get("secretary_phone", "") or holder.phone
    made = [holders[key].set_keys() for key in dict.fromkeys(keys) if not holders[key].pk]
    Person.objects.bulk_create(made, batch_size=200)
    appointments = [
        Appointment(
            person=holders[key],
            organisation=units[row["code"]],
            from_on=max(row.get("founded_on", as_on), as_on),
            role=Role.SECRETARY if row["kind"] == Kind.CELL else Role.OFFICIAL,
            reads_names=True,
        )
        for key, row in zip(keys, rows, strict=True)
    ]
    act.about(*made, *Appointment.objects.bulk_create(appointments, batch_size=400))


# Members --------------------------------------------------------------------------------------------------------------


def take_members(act: Act, rows: Sequence[Values], as_on: date) -> Taken:
    """The people are members of their cells as of the day of the register; officers known by name become members."""
    cells = _by_code(row["cell"] for row in rows)
    codes = chunks(row["workplace"] for row in rows if "workplace" in row)
    places = {place.code: place for some in codes for place in _places(some)}
    people = _people_of(act, rows)
    before = [{"pk": one.pk, **{name: getattr(one, name) for name in _KEPT}} for one in people if one.pk]
    for person, row in zip(people, rows, strict=True):
        _describe(person, row)
    steps.register(act, [_member(*each, cells, places, as_on) for each in zip(people, rows, strict=True)])
    return Taken(before)


def _member(
    person: Person,
    row: Values,
    cells: Mapping[str, Organisation],
    places: Mapping[str, Workplace],
    as_on: date,
) -> steps.NewMember:
    work = (
        {"kind": row["occupation"], "workplace": places.get(row.get("workplace", ""))} if "occupation" in row else None
    )
    return steps.NewMember(
        person=person,
        cell=cells[row["cell"]],
        placed_on=row.get("placed_on", as_on),
        admitted_on=row["admitted_on"],
        recognised_on=row.get("recognised_on"),
        awareness_on=row.get("awareness_on"),
        awareness_number=row.get("awareness_number", ""),
        occupation=work,
    )


def _describe(person: Person, row: Values) -> None:
    """The person is as the row says; what it leaves open stays as it was."""
    person.full_name, person.sex = row["full_name"], row["sex"]
    person.born_on, person.born_precision = row["born"]
    for name in _DESCRIPTION:
        setattr(person, name, row.get(name) or getattr(person, name))
    if number := row.get("identity_number"):
        person.identity_number = number
    if person.pk:
        person.version += 1


def _people_of(act: Act, rows: Sequence[Values]) -> list[Person]:
    """A person a row: whoever has the number, else the one officer of that name and birth day, else somebody new."""
    numbers = {sealed.fingerprint(row["identity_number"]): row for row in rows if "identity_number" in row}
    by_print: dict[str | None, Person] = {}
    for some in chunks(numbers):
        found = _locked(known_by_number(act.actor).filter(identity_print__in=some))
        by_print |= {one.identity_print: one for one in found}
    by_name = _by_name((row["full_name"] for row in rows), among=_locked(officers(act.actor) & no_members()))
    used: set[int] = set()
    people = []
    for row in rows:
        fingerprint = sealed.fingerprint(row["identity_number"]) if "identity_number" in row else ""
        person = by_print.get(fingerprint) or _same_name(row, by_name, used) or Person()
        if person.pk:
            used.add(person.pk)
        people.append(person)
    return people


def _same_name(row: Values, by_name: Mapping[tuple[str, date], list[Person]], used: set[int]) -> Person | None:
    """The one officer of that name and birth day, unless another row is that person or their numbers differ."""
    same = by_name.get(name_and_birth(row["full_name"], row["born"][0]), [])
    if len(same) != 1 or same[0].pk in used or ("identity_number" in row and same[0].identity_print):
        return None
    return same[0]


def _locked(people: QuerySet[Person]) -> QuerySet[Person]:
    """They are ours until the file is taken over."""
    return people.select_for_update(of=("self",))


def _by_name(full_names: Iterable[str], among: QuerySet[Person]) -> dict[tuple[str, date], list[Person]]:
    """These people by name and birth day, those of one name together."""
    found: dict[tuple[str, date], list[Person]] = defaultdict(list)
    for some in chunks(search_key(name) for name in full_names):
        for one in among.filter(search_key__in=some).order_by("pk"):
            found[name_and_birth(one.full_name, one.born_on)].append(one)
    return found


# Workplaces -----------------------------------------------------------------------------------------------------------


def take_workplaces(act: Act, rows: Sequence[Values], as_on: date) -> Taken:
    """The workplaces are in the register, with the unit that covers each; codes of an undone file are used again."""
    units = _by_code(row[name] for row in rows for name in ("locality", "covered_by") if row.get(name))
    fields = ("name", "search_key", "kind", "ownership", "workers", "zone", "locality")
    Workplace.objects.bulk_create(
        (
            Workplace(
                code=row["code"],
                name=row["name"],
                search_key=search_key(row["name"]),
                kind=row["kind"],
                ownership=row["ownership"],
                workers=row.get("workers"),
                zone=row.get("zone", ""),
                locality=units[row["locality"]],
            )
            for row in rows
        ),
        update_conflicts=True,
        unique_fields=["code"],
        update_fields=[*fields, "withdrawn"],
        batch_size=200,
    )
    places = {place.code: place for some in chunks(row["code"] for row in rows) for place in _places(some)}
    changes = [
        Change(
            {"organisation": units[row["covered_by"]], "workplace": places[row["code"]]},
            {},
            row.get("covered_since", as_on),
        )
        for row in rows
        if row.get("covered_by")
    ]
    facts.change(act, Coverage, changes)
    act.about(*places.values())
    return Taken()


def _places(codes: Sequence[str]) -> QuerySet[Workplace]:
    return Workplace.objects.filter(code__in=codes)
