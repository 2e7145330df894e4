"""A planned town as far as it is entered: which planned thing is which row."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from foundation import facts, sealed
from foundation.facts import Change
from foundation.names import search_key
from foundation.operation import Act
from membership.models import Appointment, Coverage, MassKind, MassOrganisation, Organisation, Person, Role, Workplace
from membership.models.organisations import Kind
from membership.steps import NewMember, NewUnit
from recruitment.models import Candidate
from reports.demo import tree
from reports.demo.candidacies import Candidacy, bodies_of
from reports.demo.imported import sector_of
from reports.demo.people import Human
from reports.demo.plan import Post, Town

_BODY_NAMES = {
    MassKind.YOUTH_UNION: "Đoàn TNCS Hồ Chí Minh",
    MassKind.TRADE_UNION: "Công đoàn",
    MassKind.WOMEN: "Hội Liên hiệp Phụ nữ",
    MassKind.FARMERS: "Hội Nông dân",
    MassKind.VETERANS: "Hội Cựu chiến binh",
}


class Entered:
    """The rows of one town, by what the plan calls them."""

    def __init__(self, plan: Town):
        self.plan = plan
        self.units: dict[str, Organisation] = {}
        self.people: dict[int, Person] = {}
        self.candidates: dict[int, Candidate] = {}
        self.places: dict[str, Workplace] = {}
        self.bodies: dict[tuple[str, str], MassOrganisation] = {}
        self.classes: dict[int, Any] = {}

    def read(self) -> None:
        """The rows that the import made."""
        codes = [
            self.plan.code,
            *(code for unit in self.plan.units for code in (unit.code, *(c.code for c in unit.cells))),
        ]
        self.units = {unit.code: unit for unit in _by("code", Organisation, codes)}
        self.places = {
            place.code: place for place in _by("code", Workplace, [place.code for place in self.plan.places])
        }
        prints = {sealed.fingerprint(human.identity): human.number for human in self.plan.history.opening}
        self.people = {prints[row.identity_print or ""]: row for row in _by("identity_print", Person, list(prints))}

    def new_cell(self, cell: tree.Cell, unit: tree.Unit) -> NewUnit:
        """The cell under its committee; a grassroots cell is the whole unit."""
        if unit.is_committee:
            return NewUnit(
                code=cell.code, name=cell.name, kind=Kind.CELL, parent=self.units[unit.code],
                from_on=cell.first, sector=sector_of(cell, unit), phone=cell.phone,
            )  # fmt: skip
        return NewUnit(
            code=unit.code, name=unit.row.name, kind=Kind.CELL, parent=self.units[self.plan.code],
            from_on=unit.first, sector=unit.row.sector, phone=unit.phone,
        )  # fmt: skip

    def found_bodies(self, only: str = "") -> None:
        """Beside each unit that stands, or this one alone, its mass organisations."""
        made = []
        for unit in self.plan.units:
            if unit.code not in self.units or (only and unit.code != only):
                continue
            for kind in bodies_of(unit):
                name = f"{_BODY_NAMES[MassKind(kind)]} {unit.row.name}"
                row = MassOrganisation(name=name, search_key=search_key(name), kind=kind, unit=self.units[unit.code])
                self.bodies[unit.code, kind] = row
                made.append(row)
        MassOrganisation.objects.bulk_create(made, batch_size=400)

    def cover_by(self, act: Act, stands: Callable[[str], bool]) -> None:
        """The units work in their workplaces."""
        changes = [
            Change({"organisation": self.units[unit], "workplace": self.places[place.code]}, {}, since)
            for place in self.plan.places
            for unit, since in place.covered
            if stands(unit)
        ]
        facts.change(act, Coverage, changes)

    def member(self, human: Human) -> NewMember:
        """The person as the register has them who came from outside, or was there from the beginning."""
        self.people[human.number] = person = self.person(human)
        stay = human.stays[0]
        official_on = human.official_on if human.official_on and human.official_on <= stay.first else None
        return NewMember(
            person=person,
            cell=self.units[stay.cell],
            placed_on=stay.first,
            admitted_on=human.admitted_on or stay.first,
            recognised_on=official_on,
            awareness_on=human.awareness_on,
            occupation=self.occupation(human),
        )

    def person(self, human: Human) -> Person:
        """The person's row, not stored yet."""
        row = Person(
            full_name=human.name, sex=human.sex, born_on=human.born, birth_place=human.birth_place,
            home_town=human.home_town, residence=human.residence, ethnicity=human.ethnicity, religion=human.religion,
            education=human.education, professional=human.professional, theory=human.theory, languages=human.languages,
            phone=human.phone, card_number=human.card_number,
        )  # fmt: skip
        row.identity_number = human.identity
        return row

    def occupation(self, human: Human) -> dict[str, Any]:
        """What the person does, as the register has it."""
        return {
            "kind": human.occupation,
            "workplace": self.places[human.workplace] if human.workplace else None,
            "title": human.title,
        }

    def appoint(self, posts: Iterable[Post]) -> None:
        """Officers hold their posts."""
        Appointment.objects.bulk_create(
            (
                Appointment(
                    person=self.people[post.human.number],
                    organisation=self.units[post.unit],
                    role=post.role,
                    from_on=post.first,
                    until_on=post.to or facts.OPEN,
                    reads_names=post.role in (Role.SECRETARY, Role.CLERK, Role.OFFICIAL),
                )
                for post in posts
            ),
            batch_size=400,
        )

    def of(self, one: Candidacy) -> Person:
        """Whose candidacy it is."""
        return self.people[one.human.number]

    def candidate(self, one: Candidacy) -> Candidate:
        """The candidacy's row."""
        return self.candidates[one.human.number]


def _by(name: str, model: Any, values: list[str]) -> Iterator[Any]:
    for start in range(0, len(values), 400):
        yield from model.objects.filter(**{f"{name}__in": values[start : start + 400]})
