"""The town's first day through the register import: the same rows that an office would bring in a file."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from foundation.days import format_day
from foundation.operation import Submission
from membership.models import ImportBatch, Kind, Role, Sector, Template, User
from membership.operations import imports
from reports.demo import tree
from reports.demo.days import STOOD_SINCE, TERM_FIRST
from reports.demo.people import Human
from reports.demo.plan import Post, Town

_SECTORS = {
    "residents": Sector.RESIDENTIAL, "health": Sector.HEALTH, "kindergarten": Sector.SCHOOL, "primary": Sector.SCHOOL,
    "lower_secondary": Sector.SCHOOL, "military": Sector.ARMED_FORCES, "office": Sector.AGENCY,
}  # fmt: skip
_UNITS = (
    "code", "name", "kind", "parent", "sector", "founded_on", "phone", "secretary", "secretary_sex", "secretary_born",
    "secretary_phone",
)  # fmt: skip
_PLACES = ("code", "name", "kind", "ownership", "locality", "workers", "zone", "covered_by", "covered_since")
_MEMBERS = (
    "cell", "full_name", "sex", "born", "admitted_on", "recognised_on", "card_number", "identity_number", "home_town",
    "residence", "ethnicity", "religion", "education", "professional", "occupation", "workplace", "awareness_on",
    "phone",
)  # fmt: skip
Cells = Sequence[str]


def comes_with_unit(post: Post) -> bool:
    """Secretaries of the first day are in the file of units; the import appoints them."""
    return post.first <= TERM_FIRST and post.role in (Role.SECRETARY, Role.OFFICIAL)


def sector_of(cell: tree.Cell, unit: tree.Unit) -> str:
    """Where the people of a cell work or live."""
    return _SECTORS.get(cell.kind, unit.row.sector)


def bring_in(actor: User, town: Town, with_province: bool) -> None:
    """Units with their secretaries, workplaces and members of the term's first day are in the register."""
    for template, headers, rows in (
        (Template.UNITS, _UNITS, _units(town, with_province)),
        (Template.WORKPLACES, _PLACES, _workplaces(town)),
        (Template.MEMBERS, _MEMBERS, _members(town.history.opening)),
    ):
        _import(actor, f"{town.code}-{template}.xlsx", template, headers, list(rows))


def _import(actor: User, file_name: str, template: str, headers: Cells, rows: list[Cells]) -> None:
    batch = imports.upload_register(
        Submission(actor), template=template, file_name=file_name, headers=headers, as_on=TERM_FIRST,
        file_hash=hashlib.sha256(file_name.encode()).hexdigest(), rows=list(enumerate(rows, start=2)),
    )  # fmt: skip
    imports.apply_register(Submission(actor), batch=batch)
    ImportBatch.objects.filter(pk=batch.pk).update(
        rows=[]
    )  # identity numbers lie sealed in the register, and nowhere else


def _units(town: Town, with_province: bool) -> Iterator[Cells]:
    stood = format_day(STOOD_SINCE)
    if with_province:
        yield tree.PROVINCE, "Tỉnh Quảng Ninh", Kind.COMMITTEE, "", Sector.COMMITTEE, stood
    yield town.code, town.name, Kind.COMMITTEE, tree.PROVINCE, Sector.COMMITTEE, stood, "0203 555 0100"
    posts = {post.unit: post for post in town.posts if comes_with_unit(post)}
    for unit in town.units:
        if unit.first > TERM_FIRST:
            continue
        kind = Kind.COMMITTEE if unit.is_committee else Kind.CELL
        secretary = _secretary(posts.get(unit.code))
        yield unit.code, unit.row.name, kind, town.code, unit.row.sector, format_day(unit.first), unit.phone, *secretary
        for cell in unit.cells if unit.is_committee else ():
            if cell.first <= TERM_FIRST:
                secretary = _secretary(posts.get(cell.code))
                sector, first = sector_of(cell, unit), format_day(cell.first)
                yield cell.code, cell.name, Kind.CELL, unit.code, sector, first, cell.phone, *secretary


def _secretary(post: Post | None) -> Cells:
    return (post.human.name, post.human.sex, format_day(post.human.born), post.human.phone) if post else ()


def _workplaces(town: Town) -> Iterator[Cells]:
    for place in town.places:
        covered = [(unit, since) for unit, since in place.covered if since <= TERM_FIRST]
        cover = (covered[0][0], format_day(covered[0][1])) if covered else ()
        yield (
            place.code,
            place.name,
            place.kind,
            place.ownership,
            place.locality,
            str(place.workers),
            place.zone,
            *cover,
        )


def _members(humans: Iterable[Human]) -> Iterator[Cells]:
    for human in humans:
        official_on = human.official_on if human.official_on and human.official_on <= TERM_FIRST else None
        yield (
            human.stays[0].cell, human.name, human.sex, _day(human.born), _day(human.admitted_on), _day(official_on),
            human.card_number, human.identity, human.home_town, human.residence, human.ethnicity, human.religion,
            human.education, human.professional, human.occupation, human.workplace or "", _day(human.awareness_on),
            human.phone,
        )  # fmt: skip


def _day(day: date | None) -> str:
    return format_day(day) if day else ""
