"""People in the register who may be the one being entered, and why."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any, NamedTuple

from django.db.models import Case, Q, When
from django.utils.translation import gettext_lazy as _
from rapidfuzz.fuzz import ratio, token_sort_ratio

from foundation import sealed
from foundation.names import search_key, sort_key
from membership.models import Person, Precision
from recruitment.rulebook.calendar import add_months

ALIKE = 88  # of 100: one letter of a usual name may differ, or the order of its words
_MOST = 300  # rows compared


class Twin(NamedTuple):
    """Who it may be, and why. `person` None: somebody outside the reader's scope, of whom only that is said."""

    person: Person | None
    why: Any


def likely(fields: Mapping[str, Any], user: Any, but: Person | None = None) -> list[Twin]:
    """Likely duplicates of {full_name, born_on, born_precision, identity_number}, the surest first; at most 10.

    Those outside the user's scope give one twin without a person, whatever their number.
    """
    number = fields.get("identity_number")
    known = sealed.fingerprint(number) if number else None
    first, last = _born(fields["born_on"], fields.get("born_precision") or Precision.DAY)
    key, ordered = search_key(fields["full_name"]), sort_key(fields["full_name"])
    same_number = Q(identity_print=known) if known else Q(pk__in=[])
    namesake, same_birth = Q(sort_key=ordered, born_on__year=first.year), Q(born_on__range=(first, last))
    people = Person.objects.filter(same_number | namesake | same_birth).exclude(pk__in=[but.pk] if but else [])
    surest = Case(When(same_number, then=0), When(namesake & same_birth, then=1), When(namesake, then=2), default=3)
    found = [
        (verdict, person)
        for person in people.order_by(surest, "pk")[:_MOST]
        if (verdict := _alike(person, key, known, first, last))
    ]
    found.sort(key=lambda pair: (-pair[0][0], pair[1].sort_key))
    return _as_seen(found[:10], user)


def _born(born_on: date, precision: str) -> tuple[date, date]:
    """The days on which the person may be born."""
    months = {Precision.DAY: 0, Precision.MONTH: 1, Precision.YEAR: 12}[Precision(precision)]
    return born_on, add_months(born_on, months) - timedelta(days=1) if months else born_on


def _alike(person: Person, key: str, known: str | None, first: date, last: date) -> tuple[float, Any] | None:
    """How sure, and why; None: not alike."""
    if known and person.identity_print == known:
        return 300.0, _("same identity number")
    alike = max(ratio(person.search_key, key), token_sort_ratio(person.search_key, key))
    begins, ends = _born(person.born_on, person.born_precision)
    same_birth = begins <= last and first <= ends
    if same_birth and person.search_key == key:
        return 100.0 + alike, _("same name, same birth")
    if same_birth and alike >= ALIKE:
        return alike, _("similar name, same birth")
    if person.search_key == key and person.born_on.year == first.year:
        return alike / 2, _("same name, born in the same year")
    return None


def _as_seen(found: list[tuple[tuple[float, Any], Person]], user: Any) -> list[Twin]:
    keys = [person.pk for _verdict, person in found]
    visible = set(Person.objects.visible_to(user).filter(pk__in=keys).values_list("pk", flat=True))
    twins = [Twin(person, verdict[1]) for verdict, person in found if person.pk in visible]
    if len(twins) < len(found):
        twins.append(Twin(None, _("registered elsewhere")))
    return twins
