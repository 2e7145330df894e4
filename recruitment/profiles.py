"""The profile frozen at a ceremony: what the groups of figures are derived from, as it was on that day."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef

from foundation import facts, together
from foundation.operation import Act
from foundation.together import Asked
from membership.lines import keys_of
from membership.models import Coverage, MassKind, MassMembership, Occupation, Person, Position, Workplace
from recruitment.models import AdmissionCeremony

_OF_PERSON = ("sex", "born_on", "ethnicity", "religion", "education")
_POSITION = ("organisation_id", "valid_from", "valid_to", "path")
_AT_ONCE = 400


def of(ceremonies: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """For each ceremony {person, cell, happened_on} the profile of its person and cell on that day."""
    found: list[dict[str, Any]] = []
    for start in range(0, len(ceremonies), _AT_ONCE):
        found += _of(ceremonies[start : start + _AT_ONCE])
    return found


def _of(ceremonies: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    known = _ask(
        people=sorted({row["person"].pk for row in ceremonies}), cells=sorted({row["cell"].pk for row in ceremonies})
    )
    occupations, unions = _by_first(known["occupations"]), _by_first(known["unions"])
    positions, covered = _by_first(known["positions"]), _by_first(known["covered"])
    non_state = {row.pk for row in known["non_state"]}
    found = []
    for row in ceremonies:
        person, day = row["person"], row["happened_on"]
        occupation, position = _on(day, occupations[person.pk]), _on(day, positions[row["cell"].pk])
        found.append(
            {name: getattr(person, name) for name in _OF_PERSON}
            | {
                "occupation": occupation.kind if occupation else "",
                "non_state_worker": bool(occupation and occupation.workplace_id in non_state),
                "non_state_cell": bool(position) and any(_on(day, covered[key]) for key in keys_of(position.path)),
                "youth_union": bool(_on(day, unions[person.pk])),
            }
        )
    return found


@together.prepared
def _ask(*, people: list[int], cells: list[int]) -> dict[str, Asked]:
    """`covered`: when a unit of the cells' paths is the party organisation of non-state enterprises, by its key."""
    occupations = Occupation.objects.so().filter(person__in=people)
    unions = MassMembership.objects.so().filter(person__in=people, body__kind=MassKind.YOUTH_UNION)
    non_state = Workplace.objects.non_state_enterprises()
    positions = Position.objects.so().filter(organisation__in=cells)
    above = Exists(positions.filter(path__contains=OuterRef("organisation__key")))
    covered = Coverage.objects.so().filter(above, workplace__in=non_state.values("pk"))
    return {
        "occupations": (occupations, "person_id", "valid_from", "valid_to", "kind", "workplace_id"),
        "unions": (unions, "person_id", "valid_from", "valid_to"),
        "non_state": (non_state.filter(pk__in=occupations.values("workplace")), "pk"),
        "positions": (positions, *_POSITION),
        "covered": (covered, "organisation__key", "valid_from", "valid_to"),
    }


def correct(act: Act, people: Iterable[Person]) -> None:
    """Frozen profiles say what the people's descriptions say now: where they differ, they are superseded."""
    wrong: list[AdmissionCeremony] = []
    keys = sorted(person.pk for person in people)
    for start in range(0, len(keys), _AT_ONCE):
        held = AdmissionCeremony.objects.so().filter(person__in=keys[start : start + _AT_ONCE]).select_related("person")
        wrong += [one for one in held if any(getattr(one, name) != getattr(one.person, name) for name in _OF_PERSON)]
    now = {one: {name: getattr(one.person, name) for name in _OF_PERSON} for one in wrong}
    facts.correct(act, AdmissionCeremony, now)


def _by_first(rows: Iterable[Any]) -> dict[Any, list[Any]]:
    """Rows by the first field that is asked of them."""
    found: dict[Any, list[Any]] = defaultdict(list)
    for row in rows:
        found[row[0]].append(row)
    return found


def _on(day: date, rows: Iterable[Any]) -> Any:
    return next((row for row in rows if row.valid_from <= day < row.valid_to), None)
