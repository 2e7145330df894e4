"""The list behind a figure: one row a counted thing, as far as the reader may read it; else one row a cell."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, cast

from django.core.exceptions import BadRequest
from django.db.models import Case, Count, Exists, F, OuterRef, Q, QuerySet, Subquery, Value, When
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from foundation.addresses import address_of
from foundation.statements import By, prepared, totals
from membership import scope
from membership.models import Coverage, Person, Placement, Position
from recruitment.groups import RESTRICTED
from recruitment.models import AdmissionCeremony, Candidate, Decision
from recruitment.rulebook import wording
from reports.indicators import FIGURES, Ask, Indicator
from reports.indicators.targets import STOPPED

Cell = dict[str, Any]
HIDDEN = _("now in another committee")


@dataclass(frozen=True, slots=True)
class Kind:
    """How the rows of one model are listed: paths to the person and to the day that counts, and what the day is."""

    person: str
    day: str
    said: Any
    event: bool = False  # the unit is named as of that day, not of the as-at day


KINDS: Mapping[type, Kind] = {
    AdmissionCeremony: Kind("person", "happened_on", _("Ceremony"), event=True),
    Decision: Kind("candidate__person", "happened_on", _("Decision"), event=True),
    Candidate: Kind("person", "opened_on", _("Nominated")),
    Placement: Kind("person", "valid_from", _("In the cell since")),
    Position: Kind("", "valid_from", _("Since")),
    Coverage: Kind("", "valid_from", _("Since")),
}

AHEAD = Kind("person", "then_earliest_ceremony_on", _("Earliest admission"))  # of who is judged by what lies ahead


def kind_of(rows: QuerySet) -> Kind:
    """How these rows are listed."""
    judged = rows.model is Candidate and AHEAD.day in rows.query.annotations
    return AHEAD if judged else KINDS[rows.model]


COLUMNS: dict[str, Any] = {
    "name": _("Name"),
    "born": _("Born on"),
    "sex": _("Sex"),
    "cell": _("Cell"),
    "committee": _("Committee"),
    "day": _("Day"),
    "stage": _("Stage reached"),
    "phone": _("Telephone"),
    "signature": _("Signature"),
}
DEFAULT = ("name", "born", "sex", "cell", "committee", "day")
SHOWN = ("name", "cell", "committee", "day")


def described(rows: QuerySet, figure: Indicator, ask: Ask, user: Any) -> QuerySet:
    """Rows with `seen` (whether the reader reads the person today), and the names of cell and committee then."""
    kind = kind_of(rows)
    last, over = _stood(kind, figure, ask)
    rows = rows.annotate(
        unit_key=F(figure.by), unit_name=Subquery(last.values("name")[:1]), above=Subquery(last.values("parent")[:1])
    )
    rows = rows.annotate(above_name=Subquery(over.values("name")[:1]), counted_on=F(kind.day))
    if not kind.person:
        return rows.annotate(seen=Value(True))
    seen = Person.objects.visible_to(user).filter(pk=OuterRef(kind.person))
    if ask.group in RESTRICTED:
        seen = seen.visible_to(user, "person.restricted")
    rows = rows.annotate(seen=Exists(seen)).select_related(kind.person)
    return rows.select_related(kind.person, "standing") if rows.model is Candidate else rows


def _stood(kind: Kind, figure: Indicator, ask: Ask) -> tuple[QuerySet, QuerySet]:
    """Where the unit of a row stood, last first, and its committee, which the rows have as `above`."""
    day: Any = OuterRef(kind.day) if kind.event else ask.as_at
    stood = Position.objects.so(ask.known_on)
    last = stood.filter(organisation=OuterRef(figure.by), valid_from__lte=day).order_by("-valid_from")
    return last, stood.filter(organisation=OuterRef("above")).order_by("-valid_from")


def narrowed(rows: Any, code: str) -> Any:
    """Of those who are too late, the ones with this reason."""
    if not code:
        return rows
    if "then_state" not in rows.query.annotations:
        raise BadRequest(_("This list has no reasons."))
    if code == "stopped":
        return rows.filter(then_state__in=STOPPED)
    return rows.filter(then_state="open", then_waits_for="" if code == "none" else code)


def pages_of(
    figure: Indicator, ask: Ask, user: Any, reason: str, sort: str
) -> tuple[int, int, Callable[[int, int], list[Any]]]:
    """How many rows the list has, how many of them stand without a name, and what reads those at some places."""
    by = ask.by, scope.reader(user), figure.code, reason
    if not ask.is_now:  # what could be reached then is in no row of the database
        rows = _listed(*by).order_by()
        hidden = rows.filter(seen=False).count() if KINDS[rows.model].person else 0
        return rows.count(), hidden, lambda first, after: list(order(rows, sort, figure, ask)[first:after])
    [(count, hidden)] = _numbers(*by)
    return count, hidden, lambda first, after: _of_page(*by, sort, first, after)


def _listed(asked: By, reader: By, code: str, reason: str) -> QuerySet:
    figure, ask = cast("Indicator", FIGURES[code]), asked.value
    return described(narrowed(figure.rows(ask), reason), figure, ask, reader.value)


@prepared
def _numbers(asked: By, reader: By, code: str, reason: str) -> QuerySet:
    rows = _listed(asked, reader, code, reason)
    return totals(rows, all=Count("pk"), hidden=Count("pk", filter=Q(seen=False)))


@prepared
def _of_page(asked: By, reader: By, code: str, reason: str, sort: str, first: int, after: int) -> QuerySet:
    rows = order(_listed(asked, reader, code, reason), sort, cast("Indicator", FIGURES[code]), asked.value)
    return rows[first:after]


def order(rows: QuerySet, asked: str, figure: Indicator, ask: Ask) -> QuerySet:
    """By a column, upwards or downwards; who is not shown by name stands last where names decide."""
    kind, column, down = kind_of(rows), asked.removeprefix("-"), asked.startswith("-")

    def way(*fields: Any) -> list[Any]:
        return [one.desc(nulls_last=True) if down else one.asc(nulls_last=True) for one in fields]

    if column in ("cell", "committee") or (column == "name" and rows.model is Position):
        last, over = _stood(kind, figure, ask)
        own, above = Subquery(last.values("sort_key")[:1]), Subquery(over.values("sort_key")[:1])
        rows = rows.alias(unit_sort=own, above_sort=above)
        units = [F("above_sort"), F("unit_sort")] if column == "committee" else [F("unit_sort"), F("above_sort")]
        return rows.order_by(*way(*units), "unit_key", "-counted_on", "pk")
    if column == "name" and kind.person:
        return rows.order_by("-seen", *way(_name_shown(kind.person)), "-counted_on", "pk")
    if column == "name":
        return rows.order_by(*way(F("workplace__search_key")), "pk")
    return rows.order_by("-counted_on" if down else "counted_on", "pk")


def _name_shown(person: str) -> Case:
    """The name's order for those shown only: it must not tell anything of the others."""
    return Case(When(seen=True, then=F(f"{person}__sort_key")), default=Value(""))


def cells(row: Any, columns: Iterable[str]) -> list[Cell]:
    """One line of components/list.html."""
    return [_CELL[column](row) for column in columns]


def _name(row: Any) -> Cell:
    kind = KINDS[type(row)]
    if isinstance(row, Coverage):
        return {"kind": "text", "value": str(row.workplace)}
    if not kind.person:
        return {"kind": "text", "value": row.unit_name, "url": address_of("unit", row.unit_key)}
    person = person_of(row)
    if person is None:
        return {"kind": "text", "value": HIDDEN}
    return {"kind": "person", "value": person.full_name, "url": _address(row, person)}


def person_of(row: Any) -> Person | None:
    """The person counted, for those who may read it; None otherwise."""
    path = KINDS[type(row)].person
    if not path or not row.seen:
        return None
    for part in path.split("__"):
        row = getattr(row, part)
    return row


def _address(row: Any, person: Person) -> str:
    return row.get_absolute_url() if isinstance(row, Candidate) else person.get_absolute_url()


def _of_person(tell: Callable[[Person], Any], kind: str = "text") -> Callable[[Any], Cell]:
    def cell(row: Any) -> Cell:
        person = person_of(row)
        return {"kind": kind, "value": tell(person) if person else ""}

    return cell


def _born(person: Person) -> str:
    return person.born_on.strftime({"day": "%d/%m/%Y", "month": "%m/%Y", "year": "%Y"}[person.born_precision])


def _stage(row: Any) -> Cell:
    standing = getattr(row, "standing", None) if isinstance(row, Candidate) else None
    return {"kind": "text", "value": wording.stage_title(standing.stage) if standing and row.seen else ""}


_CELL: dict[str, Callable[[Any], Cell]] = {
    "name": _name,
    "born": _of_person(_born),
    "sex": _of_person(lambda person: capfirst(person.get_sex_display())),
    "cell": lambda row: {"kind": "text", "value": row.unit_name},
    "committee": lambda row: {"kind": "text", "value": row.above_name},
    "day": lambda row: {"kind": "day", "value": row.counted_on},
    "stage": _stage,
    "phone": _of_person(lambda person: person.phone),
    "signature": lambda row: {"kind": "text", "value": ""},
}


def columns_of(rows: QuerySet) -> dict[str, Any]:
    """The columns of the rows by their code, the day under its own name."""
    kind, model = kind_of(rows), rows.model
    if kind.person:
        kept = dict(COLUMNS) if model is Candidate else {key: word for key, word in COLUMNS.items() if key != "stage"}
    else:
        kept = {key: COLUMNS[key] for key in ("name", "cell", "committee", "day")}
        if model is Position:
            del kept["cell"]
    return kept | {"day": kind.said}


def by_cell(rows: QuerySet, figure: Indicator, ask: Ask) -> QuerySet:
    """For readers without names: (unit, its name, its committee's name, number), in the order of names."""
    stood = Position.objects.so(ask.known_on).filter(organisation=OuterRef(figure.by), valid_from__lte=ask.as_at)
    last = stood.order_by("-valid_from")
    rows = rows.order_by().annotate(
        unit_key=F(figure.by),
        unit_name=Subquery(last.values("name")[:1]),
        unit_sort=Subquery(last.values("sort_key")[:1]),
        above=Subquery(last.values("parent")[:1]),
    )
    over = Position.objects.so(ask.known_on).filter(organisation=OuterRef("above")).order_by("-valid_from")
    rows = rows.annotate(above_name=Subquery(over.values("name")[:1]), above_sort=Subquery(over.values("sort_key")[:1]))
    named = rows.values("unit_key", "unit_name", "above_name", "above_sort", "unit_sort")
    return named.annotate(number=figure.counted).order_by("above_sort", "unit_sort", "unit_key")


def cells_in_order(rows: QuerySet, asked: str) -> QuerySet:
    """The same in the order of a column, upwards or downwards."""
    names, down = _order_of_cells(asked)
    fields = [F(name) for name in names]
    way = [one.desc(nulls_last=True) if down else one.asc(nulls_last=True) for one in fields]
    return rows.order_by(*way, "above_sort", "unit_sort", "unit_key")


def _order_of_cells(asked: str) -> tuple[tuple[str, ...], bool]:
    """What decides the order, and whether it is downwards."""
    columns = {"cell": ("unit_sort", "above_sort"), "committee": ("above_sort", "unit_sort"), "number": ("number",)}
    return columns.get(asked.removeprefix("-"), columns["committee"]), asked.startswith("-")


def cells_together(parts: Iterable[tuple[Indicator, QuerySet]], ask: Ask, asked: str) -> list[dict[str, Any]]:
    """The same of several figures added up."""
    found: dict[Any, dict[str, Any]] = {}
    for figure, rows in parts:
        for row in by_cell(rows, figure, ask):
            kept = found.setdefault(row["unit_key"], {**row, "number": 0})
            kept["number"] += row["number"]
    names, down = _order_of_cells(asked)
    listed = sorted(found.values(), key=lambda row: (row["above_sort"] or "", row["unit_sort"] or "", row["unit_key"]))
    return sorted(listed, key=lambda row: [((row[name] is None) != down, row[name]) for name in names], reverse=down)


class Together:
    """Lists of several figures one after another; each row says in `counted_as` the code of its own."""

    def __init__(self, parts: Iterable[tuple[Indicator, QuerySet]], ask: Ask, user: Any):
        self.parts = [
            (figure, order(described(rows, figure, ask, user), "name", figure, ask)) for figure, rows in parts
        ]
        self.sizes = [(figure, rows.count()) for figure, rows in self.parts]

    @property
    def hidden(self) -> int:
        """How many of them stand without a name."""
        return sum(rows.filter(seen=False).count() for _figure, rows in self.parts)

    def __len__(self) -> int:
        return sum(size for _figure, size in self.sizes)

    def __getitem__(self, wanted: slice) -> list[Any]:
        first, last, _step = wanted.indices(len(self))
        found = []
        for (figure, rows), (_figure, size) in zip(self.parts, self.sizes, strict=True):
            for row in rows[max(0, first) : max(0, min(last, size))] if first < size else ():
                row.counted_as = figure.code
                found.append(row)
            first, last = first - size, last - size
        return found


def figure_of(code: str) -> Indicator | None:
    """The list of that name; None where there is none."""
    figure = FIGURES.get(code)
    return figure if isinstance(figure, Indicator) else None
