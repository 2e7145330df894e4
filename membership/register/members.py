"""What is wrong with rows of members. Old memberships are taken as they are: no procedure version judges them."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from datetime import date
from itertools import chain
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext_lazy as _

from foundation import sealed
from foundation.days import format_day
from foundation.models import EntrySubject, JournalEntry
from foundation.names import search_key
from membership import scope
from membership.models import Appointment, Kind, MembershipStatus, Person, Workplace
from membership.register.sheet import (
    FIRST_DAY,
    YOUNGEST,
    First,
    Row,
    Sheet,
    Standing,
    chunks,
    codes_in,
    folded,
    not_after,
    plausible_birth,
    stands,
    stored,
    told_apart,
    units_by_code,
    years_later,
)

_NUMBERS = ("identity_number", "card_number")


def name_and_birth(full_name: str, born_on: date) -> tuple[str, date]:
    """What tells people apart where no number does."""
    return full_name.casefold(), born_on


def no_members() -> QuerySet[Person]:
    """People who are not, and never were, members."""
    ever = MembershipStatus.objects.so().filter(person=OuterRef("pk"))
    return Person.objects.filter(~Exists(ever))


def officers(user: Any) -> QuerySet[Person]:
    """People appointed over units of the user, and people whom an undone file had brought."""
    held = Appointment.objects.filter(scope.within(user, scope.IMPORTS, "organisation"), person=OuterRef("pk"))
    undone = EntrySubject.objects.filter(
        model=Person._meta.label_lower,
        key=OuterRef("pk"),
        entry__in=JournalEntry.objects.filter(undone_by__isnull=False),
    )
    return Person.objects.filter(Exists(held) | Exists(undone))


def known_by_number(user: Any) -> QuerySet[Person]:
    """Whom a number in a file of the user may mean: officers and candidates of the user's units, not of others'."""
    return no_members() & (officers(user) | Person.objects.in_reach_of(user, scope.IMPORTS))


@dataclass(frozen=True, slots=True)
class _Registered:
    """Numbers and names of people who are, or were, members; people of an undone file are not among them.

    The numbers also of people who are none, where they are not the user's: a candidate of another office.
    `seen`: keys of those whose page the user may open.
    """

    prints: frozenset[str]
    cards: dict[str, Person]
    namesakes: dict[tuple[str, date], list[Person]]
    seen: frozenset[int]


def check(sheet: Sheet, rows: list[Row]) -> None:
    """Cells, numbers, days and workplaces."""
    taken = list(sheet.taken(rows))
    told = {
        "identity_number": _("Row %(row)s has this identity number already."),
        "card_number": _("Row %(row)s has the party card %(value)s already."),
    }
    for column, sentence in told.items():
        told_apart(rows, First(taken, folded(column)), column, sentence)
    twin = _(
        "%(value)s stands in row %(row)s already, with this birth day. For the same person leave the row out; for "
        "another one type the identity number or party card."
    )
    told_apart(rows, First(taken, _without_number), "full_name", twin, _NUMBERS)
    cells = units_by_code(codes_in(rows, "cell"), sheet.user)
    known = Workplace.objects.filter(scope.around(sheet.user, "locality"), withdrawn=False)
    places = stored(known, "code", codes_in(rows, "workplace"))
    registered = _registered(rows, sheet.user)
    for row in rows:
        _check_numbers(row, registered)
        cell = _cell(row, cells)
        if row.values.get("workplace", "") not in {"", *places}:
            row.find(
                "workplace", _("There is no workplace with the code %(code)s.") % {"code": row.values["workplace"]}
            )
        if "workplace" in row.values and "occupation" not in row.values and not row.is_wrong("occupation"):
            row.find("occupation", _("The workplace is given, but not the occupation."))
        check_days(row, sheet.as_on)
        _check_placed(row, cell, sheet.as_on)


def _without_number(row: Row) -> Hashable | None:
    """Name and birth day, where no number tells the person from a namesake."""
    value = row.values
    if any(name in value for name in _NUMBERS) or not {"full_name", "born"} <= set(value):
        return None
    return name_and_birth(value["full_name"], value["born"][0])


def _cell(row: Row, cells: dict[str, Standing]) -> Standing | None:
    if "cell" not in row.values or not (standing := stands(row, "cell", cells)):
        return None
    if standing.unit.kind != Kind.CELL:
        row.find("cell", _("%(code)s is a committee: members belong to cells.") % {"code": row.values["cell"]})
        return None
    return standing


def _registered(rows: Iterable[Row], user: Any) -> _Registered:
    rows = list(rows)
    numbers = [sealed.fingerprint(number) for number in codes_in(rows, "identity_number")]
    ever = MembershipStatus.objects.so().filter(person=OuterRef("pk"))
    members = Person.objects.filter(Exists(ever))
    members = members.only("full_name", "born_on", "identity_print", "card_number")
    namesakes: dict[tuple[str, date], list[Person]] = {}
    for some in chunks(search_key(name) for name in codes_in(rows, "full_name")):
        for one in members.filter(search_key__in=some):
            namesakes.setdefault(name_and_birth(one.full_name, one.born_on), []).append(one)
    cards = {
        one.card_number: one
        for some in chunks(codes_in(rows, "card_number"))
        for one in members.filter(card_number__in=some)
    }
    people = [one.pk for one in (*cards.values(), *chain.from_iterable(namesakes.values()))]
    seen = (Person.objects.visible_to(user).filter(pk__in=some).values_list("pk", flat=True) for some in chunks(people))
    return _Registered(
        prints=frozenset(
            stored(Person.objects.all(), "identity_print", numbers)
            - stored(known_by_number(user), "identity_print", numbers)
        ),
        cards=cards,
        namesakes=namesakes,
        seen=frozenset(chain.from_iterable(seen)),
    )


def _check_numbers(row: Row, registered: _Registered) -> None:
    """Nobody is registered twice. Whose an identity number is stays unsaid; of others, what the user may see."""
    value: Any = row.values.get
    if (number := value("identity_number")) and sealed.fingerprint(number) in registered.prints:
        row.find("identity_number", _("This identity number is already registered. Ask the superior office."))
    elif one := registered.cards.get(value("card_number")):
        told = _("The party card %(card)s is already registered. Leave the row out, or mend the number.")
        row.find("card_number", told % {"card": one.card_number})
        row.registered = one if one.pk in registered.seen else None
    elif {"full_name", "born"} <= set(row.values):
        same = registered.namesakes.get(name_and_birth(value("full_name"), value("born")[0]), [])
        if one := next((one for one in same if not _another(row, one)), None):
            _find_namesake(row, one, one.pk in registered.seen)


def _find_namesake(row: Row, one: Person, seen: bool) -> None:
    """What to do depends on the numbers by which the two could be told apart."""
    helps = [name for name, has in zip(_NUMBERS, (one.identity_print, one.card_number), strict=True) if has]
    if helps:
        told = _(
            "%(name)s with this birth day is already registered. For the same person leave the row out; for another "
            "one type the identity number or party card."
        )
    elif seen:
        told = _(
            "%(name)s with this birth day is already registered. For the same person leave the row out; for another "
            "one first record a number of the person registered."
        )
    else:
        told = _(
            "%(name)s with this birth day is already registered. For the same person leave the row out; for another "
            "one ask the superior office."
        )
    row.find("full_name", told % {"name": row.values["full_name"]}, helps)
    row.registered = one if seen else None


def _another(row: Row, person: Person) -> bool:
    """Whether a number that both have tells the person of the row from the one registered."""
    number, card = row.values.get("identity_number"), row.values.get("card_number")
    return bool(number and person.identity_print) or bool(card and person.card_number)


def check_days(row: Row, as_on: date) -> None:
    """The days follow each other: born, admitted at 18, recognised; none after the day of the register."""
    value: Any = row.values.get
    admitted = value("admitted_on") if not_after(row, "admitted_on", as_on) else None
    born = plausible_birth(row, "born", as_on)
    if admitted and admitted < FIRST_DAY:
        row.find("admitted_on", _("Admitted before the Party was founded, on 3 February 1930."))
    elif admitted and born and admitted < years_later(born, YOUNGEST):
        row.find("admitted_on", _("Admitted before the age of 18."))
    elif admitted and not_after(row, "recognised_on", as_on) and value("recognised_on") < admitted:
        row.find("recognised_on", _("Recognised before the admission. Look at both days."))
    if not_after(row, "awareness_on", as_on) and born and value("awareness_on") < years_later(born, YOUNGEST - 2):
        row.find("awareness_on", _("The awareness certificate is of a child. Look at the day."))
    if value("awareness_number") and not value("awareness_on") and not row.is_wrong("awareness_on"):
        row.find("awareness_on", _("The awareness certificate has a number but no day."))


def _check_placed(row: Row, cell: Standing | None, as_on: date) -> None:
    if "placed_on" in row.values and not not_after(row, "placed_on", as_on):
        return
    placed = row.values.get("placed_on", as_on)
    check_not_before_admission(row, placed, as_on)
    if cell and placed < cell.first and not row.is_wrong("placed_on"):
        told = _("The cell %(code)s stands only from %(day)s on.")
        column = "placed_on" if "placed_on" in row.values else "cell"
        row.find(column, told % {"code": cell.unit.code, "day": format_day(cell.first)})


def check_not_before_admission(row: Row, placed: date, as_on: date) -> None:
    """Nobody is in a cell before the admission."""
    admitted = row.values.get("admitted_on")
    if admitted and admitted <= as_on and placed < admitted:
        row.find("placed_on", _("In this cell before the admission. Look at both days."))
