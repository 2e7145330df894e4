"""The profile frozen at a ceremony: what the groups of figures are derived from, as it was on that day."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from foundation import facts
from foundation.operation import Act
from membership.models import Coverage, MassKind, MassMembership, Occupation, Person, Position, Workplace
from membership.models.organisations import KEY_WIDTH
from recruitment.models import AdmissionCeremony

_OF_PERSON = ("sex", "born_on", "ethnicity", "religion", "education")
_AT_ONCE = 400


def of(ceremonies: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """For each ceremony {person, cell, happened_on} the profile of its person and cell on that day."""
    people = sorted({row["person"].pk for row in ceremonies})
    occupations = _by("person_id", Occupation, people)
    unions = _by("person_id", MassMembership, people, body__kind=MassKind.YOUTH_UNION)
    non_state = set(Workplace.objects.non_state_enterprises().values_list("pk", flat=True))
    covered = _CoveredNonState(sorted({row["cell"].pk for row in ceremonies}))
    found = []
    for row in ceremonies:
        person, day = row["person"], row["happened_on"]
        occupation = _on(day, occupations[person.pk])
        found.append(
            {name: getattr(person, name) for name in _OF_PERSON}
            | {
                "occupation": occupation.kind if occupation else "",
                "non_state_worker": bool(occupation and occupation.workplace_id in non_state),
                "non_state_cell": covered.on(row["cell"].pk, day),
                "youth_union": bool(_on(day, unions[person.pk])),
            }
        )
    return found


def correct(act: Act, people: Iterable[Person]) -> None:
    """Frozen profiles say what the people's descriptions say now: where they differ, they are superseded."""
    wrong = []
    keys = sorted(person.pk for person in people)
    for start in range(0, len(keys), _AT_ONCE):
        held = AdmissionCeremony.objects.so().filter(person__in=keys[start : start + _AT_ONCE]).select_related("person")
        wrong += [one for one in held if any(getattr(one, name) != getattr(one.person, name) for name in _OF_PERSON)]
    facts.withdraw(act, wrong)
    facts.record(
        act,
        AdmissionCeremony,
        [
            {name: getattr(one, name) for name in AdmissionCeremony.value_fields()}
            | {name: getattr(one.person, name) for name in _OF_PERSON}
            for one in wrong
        ],
    )


class _CoveredNonState:
    """Whether a cell, or a committee above it, is on a day the party organisation of a non-state enterprise."""

    def __init__(self, cells: Sequence[int]):
        self.positions = _by("organisation_id", Position, cells)
        keys = sorted({key for rows in self.positions.values() for row in rows for key in _keys(row.path)})
        enterprises = Workplace.objects.non_state_enterprises().values("pk")
        self.coverages: dict[str, list[Coverage]] = defaultdict(list)
        for start in range(0, len(keys), _AT_ONCE):
            chunk = keys[start : start + _AT_ONCE]
            rows = Coverage.objects.so().filter(organisation__key__in=chunk, workplace__in=enterprises)
            for row in rows.select_related("organisation"):
                self.coverages[row.organisation.key].append(row)

    def on(self, cell: int, day: date) -> bool:
        position = _on(day, self.positions[cell])
        return bool(position) and any(_on(day, self.coverages.get(key, [])) for key in _keys(position.path))


def _keys(path: str) -> list[str]:
    return [path[start : start + KEY_WIDTH] for start in range(0, len(path), KEY_WIDTH)]


def _by(name: str, model: Any, keys: Sequence[int], **same: Any) -> dict[int, list[Any]]:
    """Intervals that are so, by the thing they are about."""
    found: dict[int, list[Any]] = defaultdict(list)
    for start in range(0, len(keys), _AT_ONCE):
        for row in model.objects.so().filter(**{f"{name}__in": keys[start : start + _AT_ONCE]}, **same):
            found[getattr(row, name)].append(row)
    return found


def _on(day: date, rows: Iterable[Any]) -> Any:
    return next((row for row in rows if row.valid_from <= day < row.valid_to), None)
