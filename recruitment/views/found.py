"""What the search box finds of this floor: candidacies by the person's name, and by the number of a paper."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import JSONArray
from django.utils.text import capfirst

from foundation import clock
from foundation.days import format_day
from foundation.lookups import ChosenFirst
from foundation.names import search_key
from foundation.numbers import western_digits
from foundation.statements import By, prepared
from foundation.words import enumerated
from membership import scope
from membership.models import Certificate, CertificateKind, Person
from recruitment.models import Candidate, Decision, DecisionKind, Document
from recruitment.models.dossiers import Paper
from recruitment.views import presented
from recruitment.views.listing import in_words

_OWNERS = (("candidate", "pk"), ("person", "person"))
_KINDS = {"decision": DecisionKind, "paper": Paper, "certificate": CertificateKind}


def found_by_name(user: Any, text: str, most: int) -> list[dict[str, Any]]:
    """Open candidacies of people who are called so, with stage and cell: what the search box shows first."""
    return [
        {"text": one.person.full_name, "note": _place_and_stage(one), "url": one.get_absolute_url()}
        for one in _called(scope.reader(user), clock.today(), most, words=search_key(text).split()[:8])
    ]


@prepared
def _called(reader: By, day: date, most: int, *, words: list[str]) -> Any:
    user, sort_key = reader.value, "person__sort_key"
    named = scope.name_has(user, "candidate.read", words, "person__")
    rows = Candidate.objects.visible_to(user).open().filter(named)
    first = sort_key if scope.begins_with_names(user, "candidate.read") else ChosenFirst(sort_key)
    return in_words(rows.order_by(first, "pk")[:most], day).order_by(sort_key, "pk")


def _place_and_stage(one: Any) -> str:
    return enumerated([capfirst(presented.standing_word(one.standing)), *(name or "" for name in one.place or ())])


def found_by_number(user: Any, text: str, most: int) -> list[dict[str, Any]]:
    """Candidacies with a decision, a paper or a certificate whose number begins so: who holds one in their hand."""
    number = western_digits(text).strip()
    if not any(sign.isdecimal() for sign in number.split(" ")[0]):
        return []
    return [
        {"text": one.person.full_name, "note": _paper_and_place(one), "url": one.get_absolute_url()}
        for one in _numbered(scope.reader(user), clock.today(), most, number=number)
    ]


@prepared
def _numbered(reader: By, day: date, most: int, *, number: str) -> Any:
    # asked of each of the reader's candidacies, as in `scope.person_within`
    own, of_person = ({name: OuterRef(key), f"{name}__gte": OuterRef(key)} for name, key in _OWNERS)
    theirs: dict[str, QuerySet] = {
        "decision": Decision.objects.so().filter(**own).values_list(_said("happened_on")),
        "paper": Document.objects.filter(**own).values_list(_said("dated_on")),
        "certificate": Certificate.objects.so().filter(**of_person).values_list(_said("happened_on")),
    }
    found = {name: rows.filter(number__istartswith=number).order_by("-pk") for name, rows in theirs.items()}
    known = Exists(Person.objects.visible_to(reader.value).filter(pk=OuterRef("person")))
    held = Q(Exists(found["decision"])) | Q(Exists(found["paper"])) | Q(Exists(found["certificate"])) & known
    order = ("-opened_on", "-pk")  # the newest first
    first = Candidate.objects.visible_to(reader.value).filter(held).order_by(*order)[:most]
    return in_words(first, day).order_by(*order).annotate(**{name: Subquery(rows[:1]) for name, rows in found.items()})


def _said(day: str) -> JSONArray:
    return JSONArray("kind", "number", day)


def _paper_and_place(one: Any) -> str:
    name, (kind, number, day) = next((name, said) for name in _KINDS if (said := getattr(one, name)))
    when = format_day(date.fromisoformat(day)) if day else ""
    return enumerated([capfirst(_KINDS[name](kind).label), number, when, *(name or "" for name in one.place or ())])
