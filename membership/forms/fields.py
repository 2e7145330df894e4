"""Fields that find a unit or a person by typing: a name, a code, or a line of the suggestions."""

from __future__ import annotations

import functools
import operator
import re
from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Case, Exists, F, Min, OuterRef, Q, QuerySet, Subquery, Value, When
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _

from foundation import clock
from foundation.names import clean, search_key
from foundation.numbers import western_digits
from foundation.statements import By, prepared, sought
from foundation.together import Asked, objects, read_together, whole
from foundation.words import apart
from membership import scope
from membership.models import Organisation, Person, Placement, PlacementKind, Position
from membership.models.organisations import UNIT, names_of_unit, words_of

SUGGESTIONS = 20
LONGEST = 300
_CODE = re.compile(r"\[([^\[\]]{1,30})\]\s*$")


def _code_in(text: str) -> str:
    """The code with which a suggestion ends; else what was typed may be one."""
    return western_digits(match[1] if (match := _CODE.search(text)) else text.strip())


class SuggestInput(forms.TextInput):
    """A text input with a list of suggestions that htmx fills while one types."""

    template_name = "membership/suggest_input.html"

    def __init__(self, address: Any, **parameters: str):
        self.address, self.parameters = address, parameters
        super().__init__({"autocomplete": "off"})

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        """Adds the address of the suggestions."""
        context = super().get_context(name, value, attrs)
        query = "&".join(f"{key}={text}" for key, text in {**self.parameters, "field": name}.items())
        context["widget"] |= {"address": f"{self.address}?{query}", "list": f"list-{name}"}
        return context


def unit_line(unit: Any, parent_name: str = "") -> str:
    """A unit as the suggestions write it: name, parent, code."""
    return f"{unit.name}, {parent_name} [{unit.code}]" if parent_name else f"{unit.name} [{unit.code}]"


class Finds:
    """A field that finds a thing of the register by what somebody typed."""

    user: Any = None
    named: Mapping[str, list[Any]] = {}  # what the code in a text names, where the form has asked beside others

    def for_user(self, user: Any) -> None:
        """The user whose things are meant."""
        self.user = user

    def by_code(self, text: str) -> Asked | None:
        """What a code in the text names, one at the most; None: there is no code in it."""
        raise NotImplementedError

    def made_of(self, row: Any) -> Any:
        """The thing of the row that was found so."""
        raise NotImplementedError


class Typed(Finds, forms.CharField):
    """A thing of the register that is typed, or chosen among suggestions."""

    def __init__(self, *, widget: SuggestInput, **kwargs: Any):
        super().__init__(max_length=LONGEST, widget=widget, **kwargs)
        self.help_text = self.help_text or _("Type two letters of the name and choose.")
        self.validators = []  # they would meet the thing, not its text

    def typed(self, value: Any) -> str:
        """The text; a sentence where it is longer than any name."""
        text = str(forms.CharField.to_python(self, value) or "")
        if len(text) > LONGEST:
            raise ValidationError(_("That is longer than any name. Type a part of the name, or the code."))
        return text


class UnitField(Typed):
    """A unit the user may use, typed as name or code; gives the `Organisation`."""

    def __init__(self, *, capability: str, kind: str = "", **kwargs: Any):
        self.capability, self.kind = capability, kind
        widget = SuggestInput(reverse_lazy("suggest_unit"), kind=kind, capability=capability)
        super().__init__(widget=widget, **kwargs)

    def by_code(self, text: str) -> Asked | None:
        """Where the unit that has the code stands, with all of it."""
        here = Position.objects.as_at(clock.today()).filter(organisation__code__iexact=_code_in(text))
        here = here.filter(scope.within(self.user, self.capability, "organisation"))
        here = here.filter(organisation__kind=self.kind) if self.kind else here
        return here, "path", "name", *(f"organisation__{name}" for name in UNIT)

    def made_of(self, row: Any) -> Organisation:
        """The unit, which knows its name, and its path today."""
        unit: Any = Organisation.of_values([*row[2:], row.path])
        unit.name = row.name
        return unit

    def prepare_value(self, value: Any) -> Any:
        """A unit is shown as its line; a key as the unit it belongs to."""
        if isinstance(value, Organisation):
            return unit_line(Organisation.objects.named().get(pk=value.pk))
        return value

    def to_python(self, value: Any) -> Organisation | None:  # type: ignore[override]
        """The one unit that is meant; a sentence where there is none, or several."""
        if isinstance(value, Organisation):
            return value
        text = self.typed(value)
        if not text:
            return None
        if named := self.named.get(text):
            return named[0]
        found = self.suggestions(text)
        words = set(search_key(text.replace(",", " ")).split())
        whole = [unit for unit in found if words <= set(search_key(f"{unit.name} {unit.above_name or ''}").split())]
        if len(found := whole or found) > 1:
            names = apart(unit_line(unit, unit.above_name or "") for unit in found[:3])
            raise ValidationError(_("Several units are called so: %(names)s. Add the code.") % {"names": names})
        if not found:
            raise ValidationError(_("No unit of yours is called so. Type a part of its name, or its code."))
        found[0].path_today = found[0].path
        return found[0]

    def only(self) -> Organisation | None:
        """The user's unit where there is but one to choose."""
        found = list(self.units()[:2])
        return found[0] if len(found) == 1 else None

    def units(self) -> Any:
        """What can be meant."""
        units = Organisation.objects.visible_to(self.user, self.capability).standing().named()
        return units.filter(kind=self.kind) if self.kind else units

    def suggestions(self, text: str) -> list[Any]:
        """At most 20 units of the user that the text may mean, exact code or name first."""
        units = self.units()
        exact = Q(code__iexact=_code_in(text))
        is_code = _CODE.search(text)
        meant = units.filter(exact).annotate(nearness=Value(0)) if is_code else units.best_called(*words_of(text))
        above = Position.objects.as_at(clock.today()).filter(organisation=OuterRef("parent"))
        meant = meant.annotate(
            by_code=Case(When(exact, then=Value(0)), default=Value(1)), above_name=Subquery(above.values("name")[:1])
        )
        found = list(meant.order_by("by_code", "nearness", "unit_sort", "pk")[:SUGGESTIONS])
        if found and found[0].by_code == 0:
            return found[:1]
        found = [unit for unit in found if unit.nearness == found[0].nearness]
        same = [unit for unit in found if search_key(unit.name) == search_key(text)]
        return same or found


class UnitsField(UnitField):
    """A unit in an address: its key, or what somebody typed; gives the units that are meant, [] where none is."""

    def __init__(self, **kwargs: Any):
        super().__init__(**kwargs)
        self.help_text = ""  # a filter is no form
        self.meant: list[Organisation] = []

    def to_python(self, value: Any) -> list[Organisation] | None:  # type: ignore[override]
        """None where nothing is typed."""
        text = self.typed(value)
        if not text:
            return None
        if text.isascii() and text.isdigit() and len(text) < 19:
            units = Organisation.objects.visible_to(self.user, self.capability).named()
            self.meant = list(units.filter(pk=int(text)))
        else:
            self.meant = self.suggestions(text)
        return self.meant

    def prepare_value(self, value: Any) -> Any:
        """One unit as the suggestions write it, else what was typed."""
        return unit_line(self.meant[0]) if len(self.meant) == 1 else value


class PersonField(Typed):
    """A member the user may use, typed by name; gives the `Person`."""

    def __init__(self, *, capability: str = "person.read", **kwargs: Any):
        self.capability = capability
        super().__init__(widget=SuggestInput(reverse_lazy("suggest_person")), **kwargs)

    def people(self) -> Any:
        """Who can be meant."""
        return Person.objects.visible_to(self.user, self.capability)

    def by_code(self, text: str) -> Asked | None:
        """The person who has the number."""
        if not ((match := _CODE.search(text)) and match[1].isascii() and match[1].isdigit()):
            return None
        return whole(self.people().filter(pk=min(int(match[1]), 2**63 - 1)))

    def made_of(self, row: Any) -> Person:
        """The person."""
        return objects(Person, [row])[0]

    def near(self, cell: Organisation) -> None:
        """Suggestions begin with the members of this cell."""
        self.widget.parameters["near"] = str(cell.pk)

    def prepare_value(self, value: Any) -> Any:
        """A person is shown with the year of birth and a number that tells namesakes apart."""
        return person_line(value) if isinstance(value, Person) else value

    def to_python(self, value: Any) -> Person | None:  # type: ignore[override]
        """The one person that is meant; a sentence where there is none, or several."""
        if isinstance(value, Person):
            return value
        text = self.typed(value)
        if not text:
            return None
        if text in self.named:
            found = self.named[text]
        elif asked := self.by_code(text):
            found = list(asked[0])
        else:
            found = called(self.user, text, self.capability)[:2] if len(text) > 1 else []
        if len(found) > 1:
            raise ValidationError(_("Several people are called so. Choose one of the suggestions."))
        if not found:
            raise ValidationError(_("Nobody you can see is called so. Type a part of the name and choose."))
        return found[0]


def person_line(person: Person) -> str:
    """A person as the suggestions write it; with the cell where `called` found it."""
    return f"{person.full_name}, {person_note(person)} [{person.pk}]"


def person_note(person: Any) -> str:
    """What tells namesakes apart: the year of birth, the cell and its committee."""
    words = (f"{person.born_on:%Y}", *(getattr(person, "place", None) or ()))
    return ", ".join(word for word in words if word)


def called(
    user: Any, text: str, capability: str = "person.read", near: int | None = None, most: int = SUGGESTIONS
) -> list[Any]:
    """At most so many people of the user with each word in their name; where nobody has, a word in it and the others in
    year, cell or committee.

    Those of the cell `near` first, then those with the marks as typed. Cells outside the user's units stay unsaid.
    """
    reader, shapes = scope.reader(user), shapes_of(text)
    words, many = search_key(text).split()[:8], search_key(text.replace(",", " ")).split()[:12]
    likely = _likely(reader, capability, 2 * most, words=words, shapes=shapes, near=near)
    found = [one for one in likely if one.known][:most]
    if len(found) < most and len(likely) == 2 * most:  # too many of them were not the user's
        found = _called(reader, capability, most, words=words, shapes=shapes, near=near)
    if found:
        return found
    years = tuple(int(word) if word.isdecimal() and len(word) == 4 else None for word in many)
    return _called_about(reader, capability, most, years, words=many, shapes=shapes, near=near)


def _begins_with_names(reader: By, capability: str, *_more: Any) -> bool:
    return scope.begins_with_names(reader.value, capability)


@prepared
def _likely(reader: By, capability: str, most: int, *, words: list[str], shapes: list[str], near: int | None) -> Any:
    """The first who are called so, each with whether they are `known` to the reader: asked of these alone."""
    rows, person = scope.likely_names(reader.value, capability, words)
    known = Exists(Person.objects.visible_to(reader.value, capability).filter(pk=OuterRef("pk")))
    return _first_of(rows, most, reader.value, capability, shapes, near, person).annotate(known=known)


@prepared
def _called(reader: By, capability: str, most: int, *, words: list[str], shapes: list[str], near: int | None) -> Any:
    people = Person.objects.in_reach_of(reader.value, capability, words)
    return _first_of(people, most, reader.value, capability, shapes, near)


@sought(_begins_with_names)
def _called_about(
    reader: By,
    capability: str,
    most: int,
    years: Sequence[int | None],
    *,
    words: list[str],
    shapes: list[str],
    near: int | None,
) -> Any:
    today, found = clock.today(), Person.objects.in_reach_of(reader.value, capability, words, any_of_them=True)
    for word, year in zip(words, years, strict=True):
        standing = Position.objects.as_at(today).filter(search_key__found_within=word).values("organisation")
        under = Position.objects.as_at(today).filter(parent__in=standing).values("organisation")
        of_cell = _placed(reader.value, capability).filter(Q(cell__in=standing) | Q(cell__in=under))
        born = Q(born_on__year=year) if year else Q()
        found = found.filter(Q(search_key__holds=word) | born | Exists(of_cell))
    return _first_of(found, most, reader.value, capability, shapes, near)


def _first_of(
    rows: Any, most: int, user: Any, capability: str, shapes: list[str], near: int | None, person: str = "pk"
) -> Any:
    """The first people of rows with names, and only then where each stands: most who are called so are not shown."""
    ranks = {**_order(_placed(user, capability, person), shapes, near), "by_name": F("sort_key")}
    if person == "pk":
        ranked = rows.annotate(**ranks)
    else:  # who stands there twice is one
        ranked = rows.values(person).annotate(**{name: Min(rank) for name, rank in ranks.items()})
    first = ranked.order_by(*ranks, person).values(person)[:most]
    placed = _placed(user, capability)
    order = _order(placed, shapes, near)
    found = Person.objects.filter(pk__in=first).annotate(**order).order_by(*order, "sort_key", "pk")
    return found.annotate(place=Subquery(placed.values_list(names_of_unit("cell", clock.today()))[:1]))


def _order(placed: Any, shapes: list[str], near: int | None) -> dict[str, Any]:
    own = Case(When(Exists(placed.filter(cell=near)), then=0), default=1) if near else Value(0)
    return {"own": own, "as_typed": Case(When(as_typed(shapes), then=0), default=1)}


def _placed(user: Any, capability: str, person: str = "pk") -> Any:
    placed = Placement.objects.as_at(clock.today()).filter(kind=PlacementKind.OFFICIAL, person=OuterRef(person))
    return placed.filter(scope.within(user, capability, "cell", of_few=True))


def shapes_of(text: str) -> list[str]:
    """Each word as typed, in small letters, in capitals, and with a capital."""
    return [
        shape for word in clean(text).split()[:8] for shape in (word, word.lower(), word.upper(), word.capitalize())
    ]


def as_typed(shapes: list[str]) -> Q:
    """Names that have each word with these marks, in small or capital letters (SQLite folds ASCII only)."""
    fits = Q()
    for at in range(0, len(shapes), 4):
        fits &= functools.reduce(operator.or_, (Q(full_name__found_within=shape) for shape in shapes[at : at + 4]))
    return fits or Q(pk__in=[])


def exact_marks_first(people: QuerySet[Person], text: str) -> QuerySet[Person]:
    """People found by a name: those with the marks as typed first, each part by given name."""
    exact = Case(When(as_typed(shapes_of(text)), then=0), default=1)
    return people.annotate(as_typed=exact).order_by("as_typed", "sort_key", "pk")


class ForUser:
    """A form whose fields look only at what `user` may use. What codes name in several is read by one statement."""

    fields: dict[str, Any]

    def full_clean(self) -> None:
        """Beforehand the fields are told what the codes name."""
        if self.is_bound:  # type: ignore[attr-defined]
            self._read_named()
        super().full_clean()  # type: ignore[misc]

    def _read_named(self) -> None:
        form: Any = self
        typed = {name: form[name].data or "" for name, field in self.fields.items() if isinstance(field, Finds)}
        found = {name: self.fields[name].by_code(text) for name, text in typed.items() if 0 < len(text) <= LONGEST}
        asked = {name: one for name, one in found.items() if one}
        for name, rows in read_together(**asked).items() if len(asked) > 1 else ():
            field = self.fields[name]
            field.named = {typed[name]: list(map(field.made_of, rows))}

    def narrow_to(self, user: Any) -> None:
        """Every field that finds units or people finds the user's own."""
        for field in self.fields.values():
            if hasattr(field, "for_user"):
                field.for_user(user)
