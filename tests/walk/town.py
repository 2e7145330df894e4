"""Two branches of one province, built once a module: every text of a place carries that place's own marker.

province ─┬─ town A ─┬─ ward A ──── cell A1 (the secretary's), cell A2
          │          ├─ ward S ──── cell S1      (sibling of ward A)
          │          └─ cell P1                  (beside the wards: "parent" for what stands in cells)
          └─ town B ─── ward B ──── cell B1      (foreign)
"""

from __future__ import annotations

import contextlib
import logging
import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.apps import apps
from django.contrib.auth.hashers import make_password
from django.db import models, transaction
from django.template import Template
from django.test import Client
from django.test.utils import _TestState
from django.utils import timezone

from foundation import clock
from foundation.models import JournalEntry
from membership.models import Appointment, ImportBatch, MassOrganisation, Organisation, Person, Role, User
from recruitment import steps
from recruitment.models import CallNote, Candidate, Waiver
from reports.models import Directive, Period, Plan
from tests import builders

DAY = date(2024, 10, 1)
COMMON = "Zoqua"  # a word in every name, so that every search finds every place
ROLES = (
    "anonymous", "none", "secretary", "clerk", "restricted", "names", "figures", "nominator", "organiser",
    "inspector", "administrator", "town", "ended", "deactivated",
)  # fmt: skip
RELATIONS = ("own", "child", "parent", "sibling", "foreign", "missing")
MISSING = 999_999_999
# What is no text of a person: keys, derived text, codes of the program.
NO_TEXT = {
    "key", "path", "search_key", "sort_key", "identity_sealed", "identity_print", "password", "operation", "stage",
    "rule", "state", "next_step", "whose_move", "waits_for", "file_hash", "code_hash", "token_hash", "language",
    "model",
}  # fmt: skip


@dataclass
class Place:
    """A unit with what belongs to it, by model; its marker stands in every text."""

    marker: str
    unit: Organisation
    rows: dict[type[models.Model], Any] = field(default_factory=dict)
    identity: str = ""


@dataclass
class Town:
    """The places by name, the accounts and signed-in clients by role."""

    places: dict[str, Place]
    users: dict[str, User | None]
    clients: dict[str, Client] = field(default_factory=dict)

    def object(self, model: type[models.Model], role: str, relation: str) -> Any:
        """The row of the model in that relation to the role; None where there is none to ask for."""
        if relation == "missing":
            return MISSING
        row = self.places[self._place(model, role, relation)].rows.get(model)
        if model is ImportBatch and (role, relation) == ("town", "own"):
            row = self.places["town A"].rows[ImportBatch]
        return row.pk if row else None

    def _place(self, model: type[models.Model], role: str, relation: str) -> str:
        of_cell = role == "secretary" and model in (Organisation, User, Person, Candidate)
        return _WHERE[_sort_of(model)]["secretary" if of_cell else "ward"][RELATIONS.index(relation)]

    def markers(self, *names: str) -> list[str]:
        """Markers of these places, identity numbers included."""
        return [text for name in names for text in (self.places[name].marker, self.places[name].identity) if text]


# own, child, parent, sibling, foreign: where the row of that relation is.
_WHERE = {
    "unit": {
        "ward": ("ward A", "cell A1", "town A", "ward S", "ward B"),
        "secretary": ("cell A1", "cell A1", "ward A", "cell A2", "cell B1"),
    },
    "cell": {
        "ward": ("cell A1", "cell A2", "cell P1", "cell S1", "cell B1"),
        "secretary": ("cell A1", "cell A1", "cell P1", "cell A2", "cell B1"),
    },
}
BRANCH_B = ("town B", "ward B", "cell B1")


def _sort_of(model: type[models.Model]) -> str:
    return "cell" if model in (Person, Candidate) else "unit"


class _Build:
    def __init__(self) -> None:
        self.chance = random.Random()
        self.places: dict[str, Place] = {}

    def marker(self) -> str:
        return "zq" + "".join(self.chance.choices("bcdfghjkmpqrtvwx", k=12))

    @contextlib.contextmanager
    def place(self, name: str, make: Any, under: Organisation, **values: Any) -> Iterator[Place]:
        """A place whose rows, all made inside the block, carry its marker at the end of it."""
        marker = self.marker()
        before = {model: _last(model) for model in models_of_ours()}
        unit = make(f"{COMMON} {marker}", under=under, **values)
        place = self.places[name] = Place(marker, unit, {Organisation: unit})
        yield place
        for model, last in before.items():
            _mark(model, last, marker)


def models_of_ours() -> list[type[models.Model]]:
    ours = ("foundation", "membership", "recruitment", "reports")
    return [model for label in ours for model in apps.get_app_config(label).get_models() if not model._meta.proxy]


def _last(model: type[models.Model]) -> int:
    return model._base_manager.order_by("-pk").values_list("pk", flat=True).first() or 0


def _mark(model: type[models.Model], last: int, marker: str) -> None:
    """Every text field of the rows after `last` carries the marker, those that held nothing too."""
    for row in model._base_manager.filter(pk__gt=last):
        changed = {}
        for one in model._meta.concrete_fields:
            text = getattr(row, one.attname)
            if not isinstance(one, models.CharField | models.TextField) or one.choices or one.name in NO_TEXT:
                continue
            if isinstance(text, str) and marker not in text.lower():
                unique = f"-{row.pk}" if one.unique else ""
                changed[one.attname] = f"{marker}{unique}"[: one.max_length]
        if changed:
            model._base_manager.filter(pk=row.pk).update(**changed)


def _fill_cell(build: _Build, place: Place) -> None:
    """A member, a candidate with a whole dossier, a meeting, calls: what stands in a cell."""
    cell, name = place.unit, f"{COMMON} {place.marker}"
    place.identity = "".join(build.chance.choices("0123456789", k=12))
    member = builders.a_member(cell, full_name=f"{name} M", phone="1")
    member.identity_number = place.identity
    member.save()
    builders.works(member, at=builders.a_workplace(in_=cell.position().parent, name=f"{name} W"))
    person = builders.a_person(full_name=f"{name} C")
    candidate = builders.a_complete_candidate(cell, person=person)
    builders.voted(candidate)
    deputy = builders.appointed(Role.DEPUTY, cell, person=builders.a_person(full_name=f"{name} D"))
    User.objects.filter(pk=deputy.pk).update(username=f"{place.marker}.deputy")
    with builders.entering(DAY - timedelta(days=9)) as act:
        steps.book_meetings(act, [{"organisation": cell, "held_on": DAY + timedelta(days=3)}])
        paper = {"candidate": candidate, "kind": "residence_comments", "asked_on": DAY - timedelta(days=9)}
        steps.add_documents(act, [{**paper, "asked_of": name}])
    day = DAY - timedelta(days=8)
    CallNote.objects.create(
        candidate=candidate, with_whom=name, text=name, noted_on=day, noted_by=builders.the_enterer()
    )
    Waiver.objects.create(candidate=candidate, rule="age", authority=name, document=name, granted_on=day)
    for helper in Person.objects.filter(helps__candidate=candidate) | Person.objects.filter(
        introduces__candidate=candidate
    ):
        helper.full_name = f"{name} H{helper.pk}"
        helper.save()
    place.rows |= {Person: member, Candidate: candidate, User: deputy}


def _fill_committee(build: _Build, place: Place) -> None:
    """A class, a mass organisation, a plan, a workplace, an account, an uploaded file: what stands beside a unit."""
    unit, name = place.unit, f"{COMMON} {place.marker}"
    clerk = builders.a_clerk(unit, person=builders.a_person(full_name=f"{name} K"))
    User.objects.filter(pk=clerk.pk).update(username=f"{place.marker}.clerk")
    body = MassOrganisation.objects.create(name=f"{name} Y", kind="youth_union", unit=unit)
    builders.joins(builders.a_person(full_name=f"{name} J"), body)
    covered = builders.a_workplace(in_=unit, name=f"{name} W")
    builders.covers(unit, covered)
    with builders.entering(DAY - timedelta(days=30)) as act:
        row = {"unit": unit, "name": f"{name} class", "issuer": name, "begins_on": DAY, "ends_on": DAY}
        planned = steps.plan_class(act, row)
    directive = Directive.objects.create(number=name, title=name, issued_on=DAY, unit=unit)
    period = Period.objects.get(code="2024")
    plan = Plan.objects.create(unit=unit, period=period, title=f"{name} plan", directive=directive, state="decided")
    batch = ImportBatch.objects.create(
        template="units", file_name=f"{name}.csv", file_hash="0", uploaded_by=clerk, uploaded_at=timezone.now(),
        headers=[name], columns={"code": 0}, rows=[[2, [name]]], as_on=DAY,
    )  # fmt: skip
    place.rows |= {User: clerk, Plan: plan, ImportBatch: batch, type(planned): planned, type(covered): covered}


def _says_who(place: Place, since: int) -> None:
    """The entries of the place were made by its people, for reasons of its own."""
    values = {"reason": f"{COMMON} {place.marker}"}
    if clerk := place.rows.get(User):
        values["actor"] = clerk
    JournalEntry.objects.filter(pk__gt=since).update(**values)


def build() -> Town:
    """Both branches with all their rows, and an account a role."""
    builders.the_procedures()
    Period.objects.get_or_create(
        code="2024", defaults={"kind": "year", "first": date(2024, 1, 1), "last": date(2024, 12, 31)}
    )
    making = _Build()
    province = builders.a_province()
    _build_place(making, "town A", builders.a_town, province)
    for name, make, under in (
        ("ward A", builders.a_ward, "town A"),
        ("cell A1", builders.a_cell, "ward A"),
        ("cell A2", builders.a_cell, "ward A"),
        ("ward S", builders.a_ward, "town A"),
        ("cell S1", builders.a_cell, "ward S"),
        ("cell P1", builders.a_cell, "town A"),
    ):
        _build_place(making, name, make, making.places[under].unit)
    _build_place(making, "town B", builders.a_town, province)
    _build_place(making, "ward B", builders.a_ward, making.places["town B"].unit)
    _build_place(making, "cell B1", builders.a_cell, making.places["ward B"].unit)
    return Town(making.places, _accounts(making.places))


def _build_place(making: _Build, name: str, make: Any, under: Organisation) -> None:
    since = _last(JournalEntry)
    with making.place(name, make, under) as place:
        (_fill_cell if name.startswith("cell") else _fill_committee)(making, place)
        _says_who(place, since)


def _accounts(places: dict[str, Place]) -> dict[str, User | None]:
    ward, cell = places["ward A"].unit, places["cell A1"].unit
    union = MassOrganisation.objects.get(unit=ward)
    ended = builders.a_clerk(ward)
    Appointment.objects.filter(person=ended.person).update(until_on=DAY)
    users = {
        "anonymous": None,
        "none": builders.UserFactory(),
        "secretary": builders.a_secretary(cell),
        "clerk": builders.a_clerk(ward),
        "restricted": builders.a_clerk(ward, restricted=True),
        "names": builders.an_official(ward, names=True),
        "figures": builders.an_official(ward),
        "nominator": builders.a_nominator(union),
        "organiser": builders.an_organiser(ward),
        "inspector": builders.an_inspector(ward),
        "administrator": builders.an_administrator(ward),
        "town": places["town A"].rows[User],
        "ended": ended,
        "deactivated": builders.a_clerk(ward),
    }
    ImportBatch.objects.filter(pk=places["ward A"].rows[ImportBatch].pk).update(uploaded_by=users["clerk"])
    return users


def sign_in(town: Town) -> None:
    """A client a role, signed in before the account of the deactivated one was closed."""
    User.objects.update(password=make_password("Walked-here-2024"))
    for role, user in town.users.items():
        client = town.clients[role] = Client(headers={"Accept-Language": "en"}, raise_request_exception=False)
        if user:
            client.force_login(User.objects.get(pk=user.pk))
    User.objects.filter(pk=town.users["deactivated"].pk).update(is_active=False)


@contextlib.contextmanager
def standing() -> Iterator[Town]:
    """Both branches, on DAY, for as long as the block; then nothing of them is left."""
    with transaction.atomic():
        transaction.get_connection().atomic_blocks[-1]._from_testcase = True
        with clock.at(clock.moment_on(DAY)), pages_unwatched():
            town = build()
            sign_in(town)
            logging.disable(logging.CRITICAL)  # thousands of refusals are meant
            yield town
            logging.disable(logging.NOTSET)
        transaction.set_rollback(True)


@contextlib.contextmanager
def pages_unwatched() -> Iterator[None]:
    """Templates are drawn as in service: nobody keeps a copy of every context, which takes half of the time."""
    watched = Template._render
    Template._render = _TestState.saved_data.template_render
    yield
    Template._render = watched


@contextlib.contextmanager
def rolled_back() -> Iterator[None]:
    """What is written in the block is gone after it; operations, which are durable, take it for a test's."""
    with transaction.atomic():
        transaction.get_connection().atomic_blocks[-1]._from_testcase = True
        yield
        transaction.set_rollback(True)
