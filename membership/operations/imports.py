"""A register file: uploaded, matched, mended, applied exactly once, undone as one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from django.db.models import Exists, F, OuterRef
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from foundation import clock, facts
from foundation.models import EntrySubject, JournalEntry
from foundation.names import clean, search_key
from foundation.numbers import format_number
from foundation.operation import Act, OperationRefused, operation
from foundation.planning import take_stock
from membership import dependants, events, register, scope, steps
from membership.models import (
    Appointment,
    ColumnMatch,
    Coverage,
    ImportBatch,
    Occupation,
    Organisation,
    Person,
    Workplace,
)
from membership.register import taking
from membership.timeline import WORDS

CAPABILITY = scope.IMPORTS
UNDO_DAYS = 7
_NO_CHANGE = ("reveal_identity",)  # entries that stand on nothing


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
    lossy: Iterable[tuple[int, int]] = (),
) -> ImportBatch:
    """The file's rows wait to be looked at; headings are matched as this user did before."""
    same = ImportBatch.objects.filter(template=template, file_hash=file_hash, applied_by__isnull=False)
    if same.exists():
        raise ImportRefused(_("This very file is already in the register: nothing to do."))
    remembered = dict(ColumnMatch.objects.filter(user=act.actor, template=template).values_list("heading", "column"))
    batch = ImportBatch(
        template=template,
        file_name=clean(file_name)[:200],
        file_hash=file_hash,
        headers=list(headers),
        columns=register.match(template, headers, remembered),
        lossy=sorted(lossy),
        uploaded_by=act.actor,
        uploaded_at=act.now,
        as_on=as_on,
    )
    batch.rows = [[number, list(cells)] for number, cells in rows]
    batch.save(force_insert=True)
    return batch


@operation("match_columns", on="batch", capability=CAPABILITY)
def match_columns(act: Act, *, batch: ImportBatch, columns: Mapping[str, int]) -> ImportBatch:
    """The file's headings are these columns of ours, and will be the next time too."""
    _not_applied(batch)
    ImportBatch.objects.filter(pk=batch.pk).update(columns=dict(columns))
    for name, place in columns.items():
        if heading := search_key(batch.headers[place])[:200]:
            same = {"user": act.actor, "template": batch.template, "heading": heading}
            ColumnMatch.objects.update_or_create(**same, defaults={"column": name})
    return batch


@operation("mend_rows", on="batch", capability=CAPABILITY)
def mend_rows(
    act: Act, *, batch: ImportBatch, cells: Mapping[tuple[int, str], str], left_out: Sequence[int]
) -> ImportBatch:
    """Cells by (row number, column) are as typed, and these rows are left out."""
    _not_applied(batch)
    rows: dict[int, list[str]] = dict(batch.rows)
    mended: set[tuple[int, int]] = set()
    for (number, name), cell in cells.items():
        place = batch.columns.setdefault(name, len(batch.headers))
        if place == len(batch.headers):
            batch.headers.append(name)
        row = rows[number]
        row.extend([""] * (place + 1 - len(row)))
        if row[place] != cell:
            row[place] = cell
            mended.add((number, place))
    ImportBatch.objects.filter(pk=batch.pk).update(
        rows=batch.rows,
        columns=batch.columns,
        headers=batch.headers,
        lossy=[one for one in batch.lossy if tuple(one) not in mended],
        left_out=sorted(left_out),
    )
    return batch


@operation("apply_register", on="batch", capability=CAPABILITY)
def apply_register(act: Act, *, batch: ImportBatch) -> ImportBatch:
    """Every row that was not left out is in the register; one wrong row and none is."""
    _not_applied(batch)
    left_out = set(batch.left_out)
    rows = [row for row in checked(batch, act.actor) if row.number not in left_out]
    if wrong := sum(bool(row.findings) for row in rows):
        told = ngettext(
            "%(number)s row is wrong: mend it or leave it out.",
            "%(number)s rows are wrong: mend them or leave them out.",
            wrong,
        )
        raise ImportRefused(told % {"number": format_number(wrong)})
    if not rows:
        raise ImportRefused(_("No row is left to take over."))
    taken = taking.take(act, batch.template, [row.values for row in rows], batch.as_on)
    ImportBatch.objects.filter(pk=batch.pk).update(applied_by=act.entry, undone_by=None, before=list(taken.before))
    take_stock(Person, *facts.kinds())
    act.note(batch.file_name, "rows", None, len(rows))
    return batch


@operation("undo_register", on="batch", capability=CAPABILITY)
def undo_register(act: Act, *, batch: ImportBatch) -> ImportBatch:
    """Nothing of the file is in the register any more; possible for 7 days, while nothing is built on it."""
    applied = batch.applied_by
    if applied is None:
        raise ImportRefused(_("This file is not in the register."))
    if act.now - applied.recorded_at > timedelta(days=UNDO_DAYS):
        raise ImportRefused(_("A file can be taken back for 7 days."))
    if built := _built_on(applied):
        told = _("Something recorded later stands on this file: %(what)s. Take that back first.")
        raise ImportRefused(*(told % {"what": WORDS.get(name, name)} for name in built))
    act.entry.undoes = applied
    steps.hold_the_tree()
    try:
        facts.undo(act, applied.pk)
    except ValueError as error:
        raise ImportRefused(_("Something recorded later stands on this file: it cannot be taken back.")) from error
    _end_appointments(applied)
    _withdraw_workplaces(applied)
    if hangs := _hangs_on_units(applied):
        raise ImportRefused(*hangs)
    take_stock(Person, *facts.kinds())
    people, units = _subjects(applied, Person), _subjects(applied, Organisation)
    taking.give_back(people, batch.before)
    of_file = list(Person.objects.filter(pk__in=people))
    act.emit(events.members_changed, people=of_file)
    act.emit(events.people_described, people=of_file)
    act.emit(events.units_changed, units=list(Organisation.objects.filter(pk__in=units)))
    ImportBatch.objects.filter(pk=batch.pk).update(applied_by=None, undone_by=act.entry, before=[])
    return batch


def checked(batch: ImportBatch, user: Any) -> list[register.Row]:
    """The batch's rows, with what is wrong with each when this user takes them over."""
    return register.checked(
        register.Sheet(
            template=batch.template,
            columns=batch.columns,
            cells=batch.rows,
            lossy={(number, place) for number, place in batch.lossy},
            left_out=set(batch.left_out),
            as_on=batch.as_on,
            user=user,
        )
    )


def _not_applied(batch: ImportBatch) -> None:
    if batch.applied_by_id:
        raise ImportRefused(_("This file is in the register already."))


def _subjects(entry: JournalEntry, model: Any) -> Any:
    """Keys of the things of a kind that the entry is about."""
    return EntrySubject.objects.filter(entry=entry, model=model._meta.label_lower).values("key")


def _built_on(applied: JournalEntry) -> list[str]:
    """Operations that have since changed something the file brought, unless they are undone themselves."""
    brought = EntrySubject.objects.filter(entry=applied, model=OuterRef("model"), key=OuterRef("key"))
    later = EntrySubject.objects.filter(Exists(brought), entry__recorded_at__gt=applied.recorded_at)
    later = later.exclude(model=ImportBatch._meta.label_lower).exclude(entry__operation__in=_NO_CHANGE)
    later = later.filter(entry__undone_by__isnull=True, entry__undoes__isnull=True)
    return sorted(set(later.values_list("entry__operation", flat=True)))


def _end_appointments(applied: JournalEntry) -> None:
    """Officers the file appointed never held their office."""
    held = Appointment.objects.filter(pk__in=_subjects(applied, Appointment))
    held.update(until_on=F("from_on"), version=F("version") + 1)


def _withdraw_workplaces(applied: JournalEntry) -> None:
    """The workplaces are not in the register; refused while somebody works there or a unit covers one."""
    places = _subjects(applied, Workplace)
    for model in (Occupation, Coverage):
        if model.objects.so().filter(workplace__in=places).exists():
            raise ImportRefused(_("People work in these workplaces, or units cover them: take that back first."))
    Workplace.objects.filter(pk__in=places).update(withdrawn=True, version=F("version") + 1)


def _hangs_on_units(applied: JournalEntry) -> list[Any]:
    """What was put under the units of the file since, each kind with its number."""
    units = list(Organisation.objects.filter(pk__in=_subjects(applied, Organisation)))
    told = _("Still there: %(number)s %(what)s. Take the file back only after them.")
    tallies = [(one, sum(dependants.tally(one, units, clock.today()).values())) for one in dependants.countable()]
    return [told % {"number": format_number(number), "what": one.words(number)} for one, number in tallies if number]
