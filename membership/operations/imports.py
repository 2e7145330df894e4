"""A register file: uploaded, matched, mended, applied exactly once, undone as one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext_lazy as _

from foundation import facts
from foundation.facts import Change
from foundation.names import search_key
from foundation.operation import Act, OperationRefused, operation
from membership import register, scope, steps
from membership.models import (
    Appointment,
    ColumnMatch,
    Coverage,
    ImportBatch,
    Kind,
    MembershipStatus,
    Organisation,
    Person,
    Position,
    Role,
    Template,
    Workplace,
)

CAPABILITY = scope.IMPORTS
UNDO_DAYS = 7


class ImportRefused(OperationRefused):
    """The file cannot be taken as it stands; nothing was written."""


@operation("upload_register", capability=CAPABILITY)
def upload_register(
    act: Act,
    *,
    template: str,
    file_name: str,
    file_hash: str,
    headers: Sequence[str],
    rows: Sequence[tuple[int, Sequence[str]]],
    as_on: date,
) -> ImportBatch:
    """The file's rows wait to be looked at; headings are matched as this user did before."""
    remembered = dict(ColumnMatch.objects.filter(user=act.actor, template=template).values_list("heading", "column"))
    if ImportBatch.objects.filter(
        template=template, file_hash=file_hash, applied_by__isnull=False, undone_by=None
    ).exists():
        raise ImportRefused(_("This very file is already in the register: nothing to do."))
    return ImportBatch.objects.create(
        template=template,
        file_name=file_name[:200],
        file_hash=file_hash,
        headers=list(headers),
        columns=register.match(template, headers, remembered),
        rows=[[number, list(cells)] for number, cells in rows],
        uploaded_by=act.actor,
        uploaded_at=act.now,
        as_on=as_on,
    )


@operation("match_columns", on="batch", capability=CAPABILITY)
def match_columns(act: Act, *, batch: ImportBatch, columns: Mapping[str, int]) -> ImportBatch:
    """The file's headings are these columns of ours, and will be the next time too."""
    _not_applied(batch)
    ImportBatch.objects.filter(pk=batch.pk).update(columns=dict(columns))
    for name, place in columns.items():
        ColumnMatch.objects.update_or_create(
            user=act.actor,
            template=batch.template,
            heading=search_key(batch.headers[place])[:200],
            defaults={"column": name},
        )
    return batch


@operation("mend_rows", on="batch", capability=CAPABILITY)
def mend_rows(
    act: Act, *, batch: ImportBatch, cells: Mapping[tuple[int, str], str], left_out: Sequence[int]
) -> ImportBatch:
    """Cells by (row number, column) are as typed, and these rows are left out."""
    _not_applied(batch)
    rows = dict(batch.rows)
    for (number, name), cell in cells.items():
        place = batch.columns.setdefault(name, len(batch.headers))
        if place == len(batch.headers):
            batch.headers.append(name)
        row = rows[number]
        row.extend([""] * (place + 1 - len(row)))
        row[place] = cell
    ImportBatch.objects.filter(pk=batch.pk).update(
        rows=batch.rows, columns=batch.columns, headers=batch.headers, left_out=sorted(left_out)
    )
    return batch


@operation("apply_register", on="batch", capability=CAPABILITY)
def apply_register(act: Act, *, batch: ImportBatch) -> ImportBatch:
    """Every row that was not left out is in the register; one wrong row and none is."""
    _not_applied(batch)
    rows = [row for row in checked(batch) if row.number not in set(batch.left_out)]
    wrong = [row for row in rows if row.findings]
    if wrong:
        raise ImportRefused(_("%(number)s rows are wrong: mend them or leave them out.") % {"number": len(wrong)})
    if not rows:
        raise ImportRefused(_("No row is left to take over."))
    takes = {Template.UNITS: take_units, Template.MEMBERS: take_members, Template.WORKPLACES: take_workplaces}
    takes[Template(batch.template)](act, [row.values for row in rows], batch.as_on)
    ImportBatch.objects.filter(pk=batch.pk).update(applied_by=act.entry, undone_by=None)
    act.note(batch.file_name, "rows", None, len(rows))
    return batch


@operation("undo_register", on="batch", capability=CAPABILITY)
def undo_register(act: Act, *, batch: ImportBatch) -> ImportBatch:
    """Nothing of the file is in the register any more; possible for 7 days, while nothing is built on it."""
    if batch.applied_by is None or batch.undone_by_id:
        raise ImportRefused(_("This file is not in the register."))
    if act.now - batch.applied_by.recorded_at > timedelta(days=UNDO_DAYS):
        raise ImportRefused(_("A file can be taken back for 7 days."))
    try:
        facts.undo(act, batch.applied_by_id)
    except ValueError as error:
        raise ImportRefused(_("Something recorded later stands on this file: it cannot be taken back.")) from error
    about = batch.applied_by.subjects
    people = about.filter(model="membership.person").values("key")
    units = about.filter(model="membership.organisation").values("key")
    if Position.objects.so().filter(parent__in=units).exists():
        raise ImportRefused(_("Something recorded later stands on this file: it cannot be taken back."))
    for one in Appointment.objects.filter(person__in=people, organisation__in=units):
        Appointment.objects.filter(pk=one.pk).update(until_on=one.from_on)
    Workplace.objects.filter(pk__in=about.filter(model="membership.workplace").values("key")).update(withdrawn=True)
    ImportBatch.objects.filter(pk=batch.pk).update(applied_by=None, undone_by=act.entry)
    return batch


def checked(batch: ImportBatch) -> list[register.Row]:
    """The batch's rows, with what is wrong with each."""
    return register.checked(batch.template, batch.columns, batch.rows, batch.as_on)


def _not_applied(batch: ImportBatch) -> None:
    if batch.applied_by_id:
        raise ImportRefused(_("This file is in the register already."))


def take_units(act: Act, rows: Sequence[Mapping[str, Any]], as_on: date) -> list[Organisation]:
    """The units stand, parents first, with their secretaries; codes of an undone file are used again."""
    known = {unit.code: unit for unit in Organisation.objects.filter(code__in={row.get("parent") for row in rows})}
    new = [
        steps.NewUnit(
            code=row["code"],
            name=row["name"],
            kind=row["kind"],
            tier=row.get("tier", ""),
            sector=row.get("sector", ""),
            phone=row.get("phone", ""),
            from_on=row.get("founded_on", as_on),
            parent=known.get(row.get("parent"), row.get("parent")) or None,
        )
        for row in _parents_first(rows)
    ]
    units = {unit.code: unit for unit in steps.found(act, new)}
    with_secretary = [row for row in rows if row.get("secretary")]
    people = [_officer(row) for row in with_secretary]
    Person.objects.bulk_create(people, batch_size=200)
    appointments = [
        Appointment(
            person=person,
            organisation=units[row["code"]],
            from_on=max(row.get("founded_on", as_on), as_on),
            role=Role.SECRETARY if row["kind"] == Kind.CELL else Role.OFFICIAL,
            reads_names=True,
        )
        for row, person in zip(with_secretary, people, strict=True)
    ]
    Appointment.objects.bulk_create(appointments, batch_size=400)
    act.about(*people)
    return list(units.values())


def _parents_first(rows: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    by_code = {row["code"]: row for row in rows}
    placed: dict[str, Mapping[str, Any]] = {}

    def place(row: Mapping[str, Any]) -> None:
        above = row.get("parent")
        if above in by_code and above not in placed:
            place(by_code[above])
        placed.setdefault(row["code"], row)

    for row in rows:
        place(row)
    return list(placed.values())


def _officer(row: Mapping[str, Any]) -> Person:
    born, precision = row["secretary_born"]
    person = Person(
        full_name=row["secretary"],
        sex=row["secretary_sex"],
        born_on=born,
        born_precision=precision,
        phone=row.get("secretary_phone", ""),
    )
    return person.set_keys()


_DESCRIPTION = ("card_number", "home_town", "residence", "ethnicity", "religion", "education", "professional", "phone")


def take_members(act: Act, rows: Sequence[Mapping[str, Any]], as_on: date) -> list[Person]:
    """The people are members of their cells as of the day of the register; officers known by name become members."""
    cells = {unit.code: unit for unit in Organisation.objects.filter(code__in={row["cell"] for row in rows})}
    places = {
        one.code: one for one in Workplace.objects.filter(code__in={r["workplace"] for r in rows if "workplace" in r})
    }
    officers = _known_without_membership(rows)
    members = []
    for row in rows:
        born, precision = row["born"]
        person = officers.pop(_who(row["full_name"], born), None) or Person(full_name=row["full_name"], born_on=born)
        person.sex, person.born_precision = row["sex"], precision
        for name in _DESCRIPTION:
            if value := row.get(name):
                setattr(person, name, value)
        if number := row.get("identity_number"):
            person.identity_number = number
        members.append(
            steps.NewMember(
                person=person,
                cell=cells[row["cell"]],
                placed_on=row.get("placed_on", as_on),
                admitted_on=row["admitted_on"],
                recognised_on=row.get("recognised_on"),
                awareness_on=row.get("awareness_on"),
                awareness_number=row.get("awareness_number", ""),
                occupation={"kind": row["occupation"], "workplace": places.get(row.get("workplace"))}
                if "occupation" in row
                else None,
            )
        )
    return steps.register(act, members)


def _who(full_name: str, born: date) -> tuple[str, date]:
    return search_key(full_name), born


def _known_without_membership(rows: Sequence[Mapping[str, Any]]) -> dict[tuple[str, date], Person]:
    """Officers and people of an undone file: in the register, but no members; found by name and birth day."""
    keys = list({search_key(row["full_name"]) for row in rows})
    found: dict[tuple[str, date], Person] = {}
    for start in range(0, len(keys), 400):
        people = Person.objects.filter(search_key__in=keys[start : start + 400])
        members = MembershipStatus.objects.so().filter(person__in=people.values("pk")).values("person")
        found |= {(one.search_key, one.born_on): one for one in people.exclude(pk__in=members)}
    return found


def take_workplaces(act: Act, rows: Sequence[Mapping[str, Any]], as_on: date) -> list[Workplace]:
    """The workplaces are in the register, with the unit that covers each."""
    codes = {row[name] for row in rows for name in ("locality", "covered_by") if row.get(name)}
    units = {unit.code: unit for unit in Organisation.objects.filter(code__in=codes)}
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
        batch_size=200,
        update_fields=["name", "search_key", "kind", "ownership", "workers", "zone", "locality", "withdrawn"],
    )
    places = {one.code: one for one in Workplace.objects.filter(code__in=[row["code"] for row in rows])}
    facts.change(
        act,
        Coverage,
        [
            Change(
                {"organisation": units[row["covered_by"]], "workplace": places[row["code"]]},
                {},
                row.get("covered_since", as_on),
            )
            for row in rows
            if row.get("covered_by")
        ],
    )
    act.about(*places.values())
    return list(places.values())
