"""`@operation`: the only code that writes. What all operations share happens here, once and in one order."""

from __future__ import annotations

import contextlib
import functools
import inspect
import time
import uuid
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextvars import ContextVar
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, IntegrityError, OperationalError, models, transaction
from django.db.models import F
from django.dispatch import Signal
from django.utils import timezone
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _

from foundation import clock
from foundation.facts import Overtaken
from foundation.held import holding
from foundation.inserts import insert
from foundation.models import EntrySubject, JournalEntry
from foundation.statements import prepared, updating

REGISTRY: dict[str, Callable[..., Any]] = {}
_TRIES = 3
_running: ContextVar[str] = ContextVar("operation", default="")
_rehearsing: ContextVar[bool] = ContextVar("rehearsing", default=False)


class OperationRefused(Exception):
    """The meaning of the input does not allow it. `args` are the reasons, all of them; nothing was written."""

    status = 422

    @property
    def messages(self) -> list[Any]:
        """One sentence a reason, in the reader's language."""
        return [getattr(reason, "sentence", reason) for reason in self.args]


class StaleVersion(OperationRefused):
    """Somebody changed the object since it was read; `current` is how it is now."""

    status = 409

    def __init__(self, current: models.Model):
        super().__init__(_("Somebody changed this while you were writing. Choose for each field what holds."))
        self.current = current


class NotPermitted(PermissionDenied):
    """The actor has no appointment in force today that allows this over that unit. 403."""


@dataclass(slots=True)
class Submission:
    """Who asks, why, which version they saw, and the form's key: the one positional argument of every operation.

    Afterwards it knows the entry that was written.
    """

    actor: Any
    reason: str = ""
    version: int | None = None
    key: uuid.UUID | None = None
    entry: JournalEntry | None = None


def label_of(thing: Any) -> str:
    """How the journal names the kind of a thing; a proxy has the name of what it stands for."""
    return thing._meta.concrete_model._meta.label_lower


@dataclass(slots=True)
class Act:
    """An operation under way: what its body and steps need to know and to say."""

    actor: Any
    appointment: Any
    entry: JournalEntry
    now: datetime
    reason: str = ""
    details: list[list[Any]] = field(default_factory=list)
    subjects: dict[tuple[str, int], None] = field(default_factory=dict)
    events: list[tuple[Signal, dict[str, Any]]] = field(default_factory=list)
    seen: Sequence[Any] = ()  # the rows it is about, as they were given: the body has them as they are now
    until_done: contextlib.ExitStack | None = None

    def holds(self, row: models.Model) -> None:
        """The row, made or locked by the act and read after that, is held until the operation ends.

        An act that is no operation holds nothing.
        """
        if self.until_done:
            self.until_done.enter_context(holding(row))

    def about(self, *things: models.Model) -> None:
        """The entry stands in the timelines of these things."""
        for thing in things:
            self.subjects[label_of(thing), thing.pk] = None

    def note(self, subject: str, name: str, before: Any, after: Any) -> None:
        """The entry says what changed, field by field. Restricted values come masked (`policy.shown`)."""
        self.details.append([subject, name, _plain(before), _plain(after)])

    def emit(self, event: Signal, **what: Any) -> None:
        """The event is sent as the transaction's last act."""
        self.events.append((event, what))

    def gather(self, event: Signal, name: str, things: Iterable[Any]) -> None:
        """The event is sent once, after those that were told before, with all things that are told during the act."""
        told: dict[Any, None] = {}
        for one, what in self.events:
            told |= dict.fromkeys(what[name]) if one is event else {}
        self.events = [(one, what) for one, what in self.events if one is not event]
        self.emit(event, **{name: list(told | dict.fromkeys(things))})


def operation(
    name: str, *, capability: str, on: str = "", beside: str = "", over: Callable[..., Any] | None = None
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Make `function(act, **arguments)` an operation, called as `function(submission, **arguments)`.

    `on` names the argument whose row is locked and whose `version` moves, or whose rows, all of one kind, and then with
    an `over`; `beside` one whose row is locked and stays as it is; `over(**arguments)` gives the unit (or units) over
    which the actor needs `capability`, by default the object's own (`permission_unit`); None asks for it anywhere.
    Order: transaction, lock, permission, version, body, entry with the form's key, events, commit; without a lock the
    entry is there before the body. What fails because the same form was carried out before gives the first result.
    """

    def declare(function: Callable[..., Any]) -> Callable[..., Any]:
        signature = inspect.signature(function)

        @functools.wraps(function)
        def run(submission: Submission, **arguments: Any) -> Any:
            if _running.get():
                raise RuntimeError(
                    f"{name} inside {_running.get()}: operations share steps, they never call each other"
                )
            signature.bind(None, **arguments)
            token = _running.set(name)
            try:
                return _once(functools.partial(_perform, run, submission, arguments), submission)
            finally:
                _running.reset(token)

        run.operation_name, run.capability, run.on, run.beside = name, capability, on, beside  # type: ignore[attr-defined]
        run.over, run.body = over, function  # type: ignore[attr-defined]
        run.over_what = inspect.signature(over).parameters if over else ()  # type: ignore[attr-defined]
        if name in REGISTRY:
            raise ValueError(f"two operations are called {name}")
        REGISTRY[name] = run
        return run

    return declare


def rehearse(run: Callable[..., Any], submission: Submission, **arguments: Any) -> None:
    """Refuses what the operation would refuse if it were called so now (OperationRefused, NotPermitted); else nothing.

    It runs as it would, but for the commit, and all it wrote to the database is taken back: a page may say beforehand
    what cannot be. Rows given to it, but for those it is `on`, may hold what it set on them: read them anew.
    """
    token = _rehearsing.set(True)
    try:
        run(replace(submission, key=None), **arguments)  # whether the form was sent before is no matter
    finally:
        _rehearsing.reset(token)


def _once(attempt: Callable[[], Any], submission: Submission) -> Any:
    """What the attempt gives; where it fails and the same submission was carried out before, the first result."""
    try:
        return _with_patience(attempt)
    except (OperationRefused, PermissionDenied, IntegrityError):
        if submission.key and (first := _submitted(submission)):
            submission.entry = first
            return result_of(first)
        raise


def _with_patience(attempt: Callable[[], Any]) -> Any:
    """Deadlocks, serialisation errors and what somebody else has just made are tried again, three times in all.

    Tried again, the operation sees what the other one stored, and says what it has to say of it.
    """
    for tried in range(1, _TRIES + 1):
        try:
            return attempt()
        except (OperationalError, IntegrityError) as error:
            if tried == _TRIES or not _passes(error) or transaction.get_connection().in_atomic_block:
                raise
            time.sleep(0.03 * tried)
    raise AssertionError("unreachable")


def _passes(error: DatabaseError) -> bool:
    if isinstance(error, Overtaken):
        return True
    code = getattr(error.__cause__, "pgcode", "") or ""
    text = str(error)
    if any(word in text for word in ("one_submission", "form_key")):  # sent twice: trying again changes nothing
        return False
    return code in ("40001", "40P01", "23505", "23P01") or any(word in text for word in ("locked", "recorded_at"))


def _perform(run: Any, submission: Submission, arguments: dict[str, Any]) -> Any:
    with transaction.atomic(durable=True), contextlib.ExitStack() as until_done:
        named = run.on or run.beside
        given = arguments[named] if named else ()
        seen = given if isinstance(given, (list, tuple)) else [given]
        if rows := _locked(seen, moved=bool(run.on)):
            arguments = {**arguments, named: rows[0] if given is not seen else rows}
        if run.on and rows:
            until_done.enter_context(holding(*rows))
        units = _units(run, arguments)
        appointment = import_string(settings.OPERATION_AUTHORISER)(submission.actor, run.capability, units)
        if run.on and submission.version is not None:
            _not_stale(arguments[run.on], submission.version)
        act = _open(run.operation_name, submission, appointment, rows)
        act.seen, act.until_done = seen, until_done
        if run.on:
            act.about(*rows)
        result = run.body(act, **arguments)
        _close(act, result)
        for event, what in act.events:
            event.send(sender=run, act=act, **what)
        submission.entry = act.entry
        if _rehearsing.get():
            transaction.set_rollback(True)
        return result


@contextlib.contextmanager
def carried_out(name: str, ordered: JournalEntry) -> Iterator[Act]:
    """What an operation ordered for a day that has come: an entry of its own, in the name of who ordered it, once the
    right to order was asked. Its steps run in the block, in one transaction.
    """
    with transaction.atomic(durable=True):
        act = _open(name, Submission(ordered.actor, ordered.reason), None)
        act.entry.appointment = ordered.appointment
        yield act
        _close(act, None)
        for event, what in act.events:
            event.send(sender=carried_out, act=act, **what)


def _submitted(submission: Submission) -> JournalEntry | None:
    return JournalEntry.objects.filter(actor=submission.actor, form_key=submission.key).first()


def in_full(rows: Any) -> Any:
    """The rows with what pages and operations ask of them, where their kind says what that is."""
    return rows.in_full() if hasattr(rows, "in_full") else rows


def _locked(seen: Sequence[Any], moved: bool) -> list[Any]:
    """The rows as they are now, ours until the end; several are locked in the order of their keys, in which everybody
    does. Where their versions are `moved`, that locks one by itself.

    With the moment of the last entry, and the number of the next.
    """
    if not seen:
        return []
    model, keys = type(seen[0]), sorted(row.pk for row in seen)
    if not moved or len(keys) > 1:
        _kept(model, keys=keys)
    if moved:
        _moved(model, keys=keys)
    found = _rows(model, clock.today(), keys=keys)
    if len(found) < len(keys):
        raise model.DoesNotExist(f"{model._meta.label} {keys}")
    return found


@updating
def _moved(model: Any, *, keys: list[int]) -> tuple[models.QuerySet, dict[str, Any]]:
    return model._default_manager.filter(pk__in=keys), {"version": F("version") + 1}


@prepared
def _kept(model: Any, *, keys: list[int]) -> models.QuerySet:
    rows = model._default_manager.select_for_update(no_key=True).filter(pk__in=keys)
    return rows.order_by("pk").values_list("pk")


@prepared
def _rows(model: Any, _day: date, *, keys: list[int]) -> models.QuerySet:
    rows = in_full(model._default_manager.filter(pk__in=keys).order_by("pk"))
    return rows.annotate(last_entry=models.Subquery(clock.last_entry()), next_entry=_NextEntry())


class _NextEntry(models.Func):
    """The number of an entry that is not written yet: nobody else gets it."""

    output_field = models.BigIntegerField()
    template = "(SELECT COALESCE(MAX(id), 0) + 1 FROM foundation_journalentry)"  # SQLite has one writer

    def as_postgresql(self, compiler: Any, connection: Any, **_context: Any) -> Any:
        """Also where the transaction fails."""
        return self.as_sql(
            compiler, connection, template="nextval(pg_get_serial_sequence('foundation_journalentry', 'id'))"
        )


def _units(run: Any, arguments: dict[str, Any]) -> Sequence[Any]:
    if run.over:
        found = run.over(**{k: v for k, v in arguments.items() if k in run.over_what})
    else:
        found = arguments[run.on].permission_unit() if run.on else None
    return [] if found is None else list(found) if isinstance(found, (list, tuple, set)) else [found]


def _not_stale(thing: Any, seen: int) -> None:
    if thing.version != seen + 1:
        thing.version -= 1  # nothing of this stays
        raise StaleVersion(thing)


def _open(name: str, submission: Submission, appointment: Any, rows: Sequence[Any] = ()) -> Act:
    """The act. Under the lock of rows its entry is written at the end, once, with all it says; until then facts point
    at the number it will have. Else it is written now: of those who send the same form at once one alone goes on.
    """
    moment = clock.after(rows[0].last_entry) if rows else clock.now()
    entry = JournalEntry(
        pk=rows[0].next_entry if rows else None,
        operation=name,
        actor=submission.actor,
        appointment=appointment.pk if appointment else None,
        reason=submission.reason,
        recorded_at=moment,
        machine_time=timezone.now(),
        form_key=submission.key,
    )
    if not rows:
        entry.save(force_insert=True)
    return Act(submission.actor, appointment, entry, moment, submission.reason)


def _close(act: Act, result: Any) -> None:
    act.entry.details, act.entry.result = act.details, _named(result)
    if act.entry._state.adding:
        insert([act.entry])
    else:
        act.entry.save()
    insert(EntrySubject(entry=act.entry, model=model, key=key) for model, key in act.subjects)


def _named(result: Any) -> Any:
    if isinstance(result, models.Model):
        return {"model": result._meta.label, "pk": result.pk}
    if isinstance(result, (list, tuple)):
        return [_named(one) for one in result]
    return result


def result_of(entry: JournalEntry) -> Any:
    """What the operation of this entry returned, read anew."""
    return _read(entry.result)


def _read(named: Any) -> Any:
    if isinstance(named, dict) and set(named) == {"model", "pk"}:
        return apps.get_model(named["model"])._base_manager.get(pk=named["pk"])
    return [_read(one) for one in named] if isinstance(named, list) else named


def _plain(value: Any) -> Any:
    return value if value is None or isinstance(value, (bool, int)) else str(value)
