"""Which field of a person is what, why it is kept, who reads and writes it, and how it looks to others."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.core import checks

from membership import scope
from membership.models import Organisation, Person

MASK = "•••"
OPEN, PERSONAL, RESTRICTED = "open", "personal", "restricted"


@dataclass(frozen=True, slots=True)
class Field:
    """What one personal field is. `mask(value)` is what readers without the grant see."""

    sort: str
    purpose: str
    mask: Callable[[str], str] = lambda value: MASK if value else ""


def _last_three(value: str) -> str:
    return f"{MASK} {value[-3:]}" if value else ""


FIELDS: dict[str, Field] = {
    "full_name": Field(OPEN, "names the person in lists, letters and decisions"),
    "sex": Field(PERSONAL, "statistical forms 2 and 3; focus group"),
    "birth_name": Field(PERSONAL, "form 2-KNĐ"),
    "other_names": Field(PERSONAL, "form 2-KNĐ"),
    "born_on": Field(PERSONAL, "age at the cell's consideration; statistical forms"),
    "born_precision": Field(PERSONAL, "how exactly the birth day is known"),
    "birth_place": Field(PERSONAL, "form 2-KNĐ"),
    "home_town": Field(PERSONAL, "form 2-KNĐ"),
    "residence": Field(PERSONAL, "form 2-KNĐ; comments from the residence"),
    "ethnicity": Field(RESTRICTED, "statistical form 2; focus group"),
    "religion": Field(RESTRICTED, "statistical form 2; separate rules of the Politburo"),
    "education": Field(PERSONAL, "education floor"),
    "professional": Field(PERSONAL, "statistical forms"),
    "theory": Field(PERSONAL, "statistical forms"),
    "languages": Field(PERSONAL, "form 2-KNĐ"),
    "phone": Field(PERSONAL, "to reach the person"),
    "card_number": Field(PERSONAL, "party card"),
    "identity_number": Field(RESTRICTED, "tells people apart; one row a person", _last_three),
}
RESTRICTED_REASONS: set[str] = set()  # operations whose reason is as restricted: floors above name theirs
_NOT_PERSONAL = {"id", "search_key", "sort_key", "identity_sealed", "identity_print", "version"}


def reads_restricted(user: Any, unit: Organisation | None) -> bool:
    """Whether the user reads restricted fields of people of this unit."""
    return bool(unit) and scope.allows(user, "person.restricted", unit) is not False


def shown(user: Any, person: Person, field: str, unit: Organisation | None = None) -> Any:
    """The field's value as the user may see it: whole, or its mask."""
    value = getattr(person, field)
    declared = FIELDS[field]
    if declared.sort != RESTRICTED or reads_restricted(user, unit or person.permission_unit()):
        return value
    return declared.mask(value)


def for_journal(field: str, value: Any) -> Any:
    """What the journal keeps of a value: restricted ones leave only the fact that they changed."""
    return (MASK if value else "") if FIELDS[field].sort == RESTRICTED else value


def reason(operation: str, text: str, granted: bool) -> str:
    """Why an operation was done, as readers with or without the grant see it."""
    return MASK if text and operation in RESTRICTED_REASONS and not granted else text


@checks.register
def every_field_is_declared(app_configs: Any, **_kwargs: Any) -> list[checks.CheckMessage]:
    """A personal field that nobody declared would be shown to everybody."""
    have = {f.name for f in Person._meta.concrete_fields} - _NOT_PERSONAL | {"identity_number"}
    return [
        checks.Error(f"Person.{name} is not declared in policy.py.", id="policy.E001")
        for name in sorted(have ^ set(FIELDS))
    ]
