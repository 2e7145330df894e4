"""Dated facts: never edited, superseded by later knowledge, read as at a day and as known on a moment.

`change` is the only writer of intervals; `record`, `correct` and `withdraw` write events; `undo` takes an entry back.
"""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from operator import attrgetter
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.core import checks
from django.db import OperationalError, models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from foundation import held
from foundation.inserts import insert
from foundation.together import Asked, read_together

if TYPE_CHECKING:
    from foundation.operation import Act

OPEN = date(9999, 12, 31)
NEXT = date.min  # the end of a change that goes on until the next row begins, or the one that holds ends
SO = Q(superseded_at__isnull=True)
_SUPERSEDED = ("superseded_at", "superseded_by", "superseded_why")
_AT_ONCE = 400  # subjects a statement: SQLite takes a limited number of parameters


class Overtaken(OperationalError):
    """Somebody else has superseded a fact since it was read: an operation is tried again, and sees what is so now."""


class Why(models.TextChoices):
    """Why a fact is no longer so."""

    ENDED = "ended", _("ended")
    CORRECTED = "corrected", _("corrected")
    UNDONE = "undone", _("undone")


class Doors:
    """`Model.objects` of a fact: two doors and nothing else, so that no query meets superseded rows by accident."""

    def __get__(self, instance: object, owner: type[Fact]) -> _Doors:
        if instance is not None:
            raise AttributeError("A fact's doors belong to its class.")
        return _Doors(owner)


class _Doors:
    def __init__(self, model: type[Fact]):
        self.model = model

    def so(self, known_on: datetime | None = None) -> models.QuerySet:
        """Facts believed now, or believed at the moment `known_on`."""
        return self.model.records.filter(_believed(known_on))

    def as_at(self, day: date, known_on: datetime | None = None) -> models.QuerySet:
        """Intervals that hold on `day`; events that happened by `day`, the day included."""
        return self.model.records.filter(_believed(known_on), self.model.on_day(day))


def _believed(known_on: datetime | None) -> Q:
    if known_on is None:
        return SO
    return Q(recorded_at__lte=known_on) & (SO | Q(superseded_at__gt=known_on))


class Fact(models.Model):
    """What enters a published figure or the lawfulness of a decision. Points at things, never at facts."""

    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey("foundation.JournalEntry", models.PROTECT, related_name="+")
    superseded_at = models.DateTimeField(null=True)
    superseded_by = models.ForeignKey("foundation.JournalEntry", models.PROTECT, null=True, related_name="+")
    superseded_why = models.CharField(max_length=10, choices=Why, blank=True)

    records = models.Manager()  # all rows, also superseded ones: for this module and timelines
    objects = Doors()

    class Meta:
        abstract = True
        default_manager_name = "records"
        base_manager_name = "records"

    @classmethod
    def on_day(cls, day: date) -> Q:
        """Which rows `as_at(day)` gives."""
        raise NotImplementedError

    @classmethod
    def value_fields(cls) -> list[str]:
        """Attributes that say what is so: all but the key and the record of who knew it when."""
        own = {f.name for f in Fact._meta.get_fields()} | {"id"}
        return [f.attname for f in cls._meta.concrete_fields if f.name not in own]


class Interval(Fact):
    """Holds on every day from `valid_from`, before `valid_to`. `subject` names the fields that never overlap."""

    subject: Sequence[str] = ()
    valid_from = models.DateField()
    valid_to = models.DateField(default=OPEN)

    class Meta(Fact.Meta):
        abstract = True

    @property
    def last_on(self) -> date | None:
        """The last day on which it holds, as people say it; None: it has no end."""
        return None if self.valid_to == OPEN else self.valid_to - timedelta(days=1)

    @classmethod
    def on_day(cls, day: date) -> Q:
        return Q(valid_from__lte=day, valid_to__gt=day)


class Event(Fact):
    """Happened on a day."""

    happened_on = models.DateField()

    class Meta(Fact.Meta):
        abstract = True

    @classmethod
    def on_day(cls, day: date) -> Q:
        return Q(happened_on__lte=day)


def for_each(*subject: str) -> list[models.BaseConstraint]:
    """Constraints of an interval fact: never empty, and one row from a day. No overlap: `constraints.NoOverlap`."""
    return [
        models.CheckConstraint(name="%(class)s_not_empty", condition=Q(valid_from__lt=F("valid_to"))),
        models.UniqueConstraint(name="%(class)s_from_a_day", fields=[*subject, "valid_from"], condition=SO),
    ]


@dataclass(frozen=True, slots=True)
class Change:
    """On `[first, to)` the subject has these values; None: nothing holds of it on these days."""

    subject: Mapping[str, Any]
    values: Mapping[str, Any] | None
    first: date
    to: date = field(default=OPEN)


def change(
    act: Act, model: type[Interval], changes: Iterable[Change], known: Iterable[Interval] | None = None
) -> list[Interval]:
    """Afterwards each subject has its values on the days of its change, and is as before on every other day.

    Changes apply in their order. Rows that hold elsewhere are superseded and their outer pieces inserted anew;
    nothing is written where nothing differs. Returns the rows inserted. Overtaken where another act was faster.
    `known`: all rows that are so of these subjects, where the act has read them; none of those it has made.
    """
    wanted: dict[tuple, list[Change]] = {}
    for one in changes:
        if one.first >= one.to != NEXT:
            raise ValueError(f"empty interval: {one.first} to {one.to}")
        wanted.setdefault(_subject_of(model, one.subject), []).append(one)
    gone: list[Any] = []
    pieces: list[_Piece] = []
    for subject, rows in _live(model, wanted) if known is None else _by_subject(model, wanted, known):
        kept = [_Piece(row.valid_from, row.valid_to, _values_of(model, row), row) for row in rows]
        for asked in wanted[subject]:
            one = replace(asked, to=_next_day(kept, asked.first)) if asked.to == NEXT else asked
            kept = _laid_over(
                kept, one, None if one.values is None else _complete(model, {**one.subject, **one.values})
            )
        intact = {piece.row for piece in kept if piece.row}
        gone += [row for row in rows if row not in intact]
        pieces += [piece for piece in kept if not piece.row]
    return _replace(act, model, gone, pieces)


def record(act: Act, model: type[Event], rows: Iterable[Mapping[str, Any]]) -> list[Event]:
    """The events are so from now on."""
    return _insert(act, model, (_as_columns(model, row) for row in rows))


def correct(act: Act, model: type[Event], changes: Mapping[Any, Mapping[str, Any]]) -> list[Event]:
    """The events are superseded by such as differ in the values beside them. Overtaken where one is so no longer."""
    gone = dict.fromkeys(changes, Why.CORRECTED)
    rows = (_with_days(model, row) | _as_columns(model, values) for row, values in changes.items())
    return _superseded_by(act, model, gone, rows)


def withdraw(act: Act, rows: Iterable[Fact], why: Why = Why.CORRECTED) -> None:
    """The facts are so no longer; that they were believed stays true."""
    for model, same in itertools.groupby(sorted(rows, key=lambda row: row._meta.label), key=type):
        _mark(act, model, [row.pk for row in same], why, all_of_them=True)


def of_entry(entry_id: int) -> dict[str, Asked]:
    """What `undo` asks: by the label of each kind of fact the rows that the entry recorded or superseded, and as `so`
    of the label the intervals that are so of whom it superseded one.
    """
    record = ("pk", "recorded_by_id", "superseded_by_id")
    asked: dict[str, Asked] = {}
    for model in kinds():
        its = model.records.filter(Q(recorded_by=entry_id) | Q(superseded_by=entry_id))
        asked[model._meta.label] = (its.order_by("pk"), *record, *model.value_fields())
        if issubclass(model, Interval):
            owner = _subject_columns(model)[0]
            owners = model.records.filter(superseded_by=entry_id).values(owner)
            asked[_so(model)] = (model.objects.so().filter(**{f"{owner}__in": owners}), "pk", *model.value_fields())
    return asked


def _so(model: type[Fact]) -> str:
    return f"{model._meta.label} so"


def undo(act: Act, entry_id: int, found: Mapping[str, Sequence[Any]] | None = None) -> list[type[Fact]]:
    """What the entry recorded is so no longer, and what it superseded is so again, as copies. Built on: ValueError.

    What was built on it and is undone holds it no longer. `found`: the answer to `of_entry`, where it was asked beside
    other things. Returns the kinds of which anything changed.
    """
    found = found or read_together(**of_entry(entry_id))
    touched = [model for model in kinds() if found[model._meta.label]]
    for model in touched:
        rows = found[model._meta.label]
        recorded = [row for row in rows if row.recorded_by_id == entry_id]
        back = [row for row in rows if row.superseded_by_id == entry_id != row.recorded_by_id]
        own = [row for one in recorded if (row := _as_it_stands(model, one, entry_id))]
        if len(own) < len(recorded) or _taken(model, {row.pk for row in own}, back, found.get(_so(model), ())):
            raise ValueError(f"{model._meta.label}: a later entry is built on entry {entry_id}")
        gone = {row: Why.UNDONE for row in own if row.superseded_by_id is None}
        if back:
            _superseded_by(
                act, model, gone, ({name: getattr(row, name) for name in model.value_fields()} for row in back)
            )
        else:
            _mark(act, model, sorted(row.pk for row in gone), Why.UNDONE)
    return touched


def _as_it_stands(model: type[Fact], row: Any, entry_id: int) -> Any:
    """The row, or its copy where an entry that superseded it was undone; None where one is built on it."""
    while row and row.superseded_by_id not in (None, entry_id):
        said = _with_days(model, row)
        row = model.records.filter(recorded_by__undoes=row.superseded_by_id, **said).first()
    return row


def _taken(model: Any, own: set[int], back: Sequence[Any], so: Iterable[Any]) -> bool:
    """Whether an interval that is so, but none of our own, says something of a subject on a day of one of these."""
    if not issubclass(model, Interval) or not back:
        return False
    subject = attrgetter(*_subject_columns(model))
    others: dict[Any, list[Any]] = defaultdict(list)
    for row in so:
        if row.pk not in own:
            others[subject(row)].append(row)
    return any(
        one.valid_from < row.valid_to and row.valid_from < one.valid_to for row in back for one in others[subject(row)]
    )


def live(model: type[Interval], owners: Collection[int]) -> list[Any]:
    """The rows that are so of these owners, by their keys: what the subject names first. With `pk` and every value.

    What the operation under way has read of them is not read a second time.
    """
    known = held.live(model, owners)
    if known is None:
        return _asked(model, owners)
    if held.compared and {row.pk for row in known} != {row.pk for row in _asked(model, owners)}:
        raise AssertionError(f"what was read of {model} is no longer so: {known}")
    return known


def _asked(model: type[Interval], owners: Collection[int]) -> list[Any]:
    owner, keys = _subject_columns(model)[0], sorted(owners)
    found: list[Any] = []
    for start in range(0, len(keys), _AT_ONCE):
        rows = model.objects.so().filter(**{f"{owner}__in": keys[start : start + _AT_ONCE]})
        found += rows.values_list("pk", *model.value_fields(), named=True)
    return found


def kinds() -> list[type[Fact]]:
    """Every concrete kind of fact."""
    return [model for model in apps.get_models() if issubclass(model, Fact) and not model._meta.proxy]


@dataclass(frozen=True, slots=True)
class _Piece:
    first: date
    to: date
    values: Mapping[str, Any]
    row: Any = None  # the stored row, as long as the piece is all of it


def _next_day(pieces: list[_Piece], first: date) -> date:
    return min((day for piece in pieces for day in (piece.first, piece.to) if day > first), default=OPEN)


def _laid_over(pieces: list[_Piece], one: Change, values: Mapping[str, Any] | None) -> list[_Piece]:
    if any(p.first <= one.first and one.to <= p.to and p.values == values for p in pieces):
        return pieces
    kept = []
    for piece in pieces:
        if piece.to <= one.first or one.to <= piece.first:
            kept.append(piece)
            continue
        if piece.first < one.first:
            kept.append(_Piece(piece.first, one.first, piece.values))
        if one.to < piece.to:
            kept.append(_Piece(one.to, piece.to, piece.values))
    if values is not None:
        kept.append(_Piece(one.first, one.to, values))
    return kept


def _live(model: type[Interval], subjects: Iterable[tuple]) -> Iterator[tuple[tuple, list[Any]]]:
    subjects = list(subjects)
    for start in range(0, len(subjects), _AT_ONCE):
        chunk = subjects[start : start + _AT_ONCE]
        yield from _by_subject(model, chunk, live(model, {subject[0] for subject in chunk}))


def _by_subject(
    model: type[Interval], subjects: Iterable[tuple], rows: Iterable[Any]
) -> Iterator[tuple[tuple, list[Any]]]:
    names = _subject_columns(model)
    found: dict[tuple, list[Any]] = {subject: [] for subject in subjects}
    for row in rows:
        found.get(tuple(getattr(row, name) for name in names), []).append(row)
    yield from found.items()


def _subject_columns(model: type[Interval]) -> list[str]:
    return [_field(model, name).attname for name in model.subject]


def _field(model: type[Fact], name: str) -> Any:
    return model._meta.get_field(name)


def _subject_of(model: type[Interval], subject: Mapping[str, Any]) -> tuple:
    if set(subject) != set(model.subject):
        raise ValueError(f"{model._meta.label} is about {model.subject}, not {tuple(subject)}")
    columns = _as_columns(model, subject)
    return tuple(columns[name] for name in _subject_columns(model))


def _as_columns(model: type[Fact], values: Mapping[str, Any]) -> dict[str, Any]:
    """Values by column name; things by their key."""
    columns = {}
    for name, value in values.items():
        fact_field = _field(model, name)
        columns[fact_field.attname] = value.pk if isinstance(value, models.Model) else fact_field.to_python(value)
    return columns


def _complete(model: type[Interval], values: Mapping[str, Any]) -> dict[str, Any]:
    """Every value of an interval, in the order of its fields; what is not named has its default."""
    given = _as_columns(model, values)
    names = [name for name in model.value_fields() if name not in ("valid_from", "valid_to")]
    return {name: given[name] if name in given else _field(model, name).get_default() for name in names}


def _values_of(model: type[Interval], row: Any) -> dict[str, Any]:
    return {name: value for name, value in _with_days(model, row).items() if name not in ("valid_from", "valid_to")}


def _with_days(model: type[Fact], row: Any) -> dict[str, Any]:
    return {name: getattr(row, name) for name in model.value_fields()}


def _said(model: type[Interval], row: Any) -> tuple:
    return tuple(_values_of(model, row).items())


def _replace(act: Act, model: type[Interval], gone: list[Any], pieces: list[_Piece]) -> list[Any]:
    """The rows that are gone are superseded and the pieces are so."""
    begun = {(tuple(piece.values.items()), piece.first): piece.to for piece in pieces}
    why = {row: _why(row, begun.get((_said(model, row), row.valid_from), row.valid_from)) for row in gone}
    rows = ({**piece.values, "valid_from": piece.first, "valid_to": piece.to} for piece in pieces)
    return _superseded_by(act, model, why, rows)


def _superseded_by(
    act: Act, model: type[Fact], gone: Mapping[Any, Why], rows: Iterable[Mapping[str, Any]]
) -> list[Any]:
    """The rows that are gone are superseded and the others are so, by one statement. Overtaken where one of the rows is
    so no longer.
    """
    superseded = [
        model(
            **{name: getattr(row, name) for name in ("pk", *model.value_fields())},
            recorded_at=act.now,  # these two stay as they are stored
            recorded_by=act.entry,
            superseded_at=act.now,
            superseded_by=act.entry,
            superseded_why=why,
        )
        for row, why in gone.items()
    ]
    made = [model(**row, recorded_at=act.now, recorded_by=act.entry) for row in rows]
    written = insert([*superseded, *made], over=_SUPERSEDED, unless="superseded_at")
    if len(written) < len(superseded) + len(made):
        raise Overtaken(f"{model._meta.label}: superseded by somebody else meanwhile")
    return made


def _why(row: Any, now_to: date) -> Why:
    """A row of which the beginning stays so, until a day before it was to end, has ended."""
    return Why.ENDED if row.valid_from < now_to < row.valid_to else Why.CORRECTED


def _mark(act: Act, model: type[Fact], keys: list[int], why: Why, all_of_them: bool = False) -> None:
    """The rows that are so are superseded; `all_of_them`: Overtaken where one of them is so no longer."""
    for start in range(0, len(keys), _AT_ONCE):
        chunk = keys[start : start + _AT_ONCE]
        rows = model.records.filter(SO, pk__in=chunk)
        marked = rows.update(superseded_at=act.now, superseded_by=act.entry, superseded_why=why)
        if all_of_them and marked < len(set(chunk)):
            raise Overtaken(f"{model._meta.label}: superseded by somebody else meanwhile")


def _insert(act: Act, model: type[Fact], rows: Iterable[Mapping[str, Any]]) -> list[Any]:
    return insert(model(**row, recorded_at=act.now, recorded_by=act.entry) for row in rows)


@checks.register
def facts_keep_their_rules(app_configs: Any, **_kwargs: Any) -> list[checks.CheckMessage]:
    """A fact points at things, never at facts, and nothing points back at it by name."""
    found: list[checks.CheckMessage] = []
    for model in kinds():
        one: Any
        for one in model._meta.fields:
            if not one.is_relation:
                continue
            if issubclass(one.related_model, Fact):
                found.append(checks.Error("A fact points at a fact.", obj=one, id="facts.E001"))
            if one.remote_field.related_name != "+":
                found.append(checks.Error("A fact has a reverse relation.", obj=one, id="facts.E002"))
    return found
