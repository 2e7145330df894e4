"""What an operation reads about the row it holds is read once, and again only where it has written."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import connection

from foundation import facts, held
from foundation.facts import Change, Overtaken
from foundation.operation import Act
from foundation.together import Asked, prepared
from membership.models import MembershipStatus, Organisation, Person, Position, Status
from tests.builders import a_cell, a_member, an_act

pytestmark = pytest.mark.django_db


@prepared
def ask(names: tuple[str, ...], *, unit: int) -> dict[str, Asked]:
    asked = {
        "units": (Organisation.objects.filter(pk=unit), "pk", "phone"),
        "stood": (Position.objects.so().filter(organisation=unit), "name", "organisation__phone"),
        "named": (Position.objects.so().filter(organisation=unit), "name"),
    }
    return {name: asked[name] for name in names}


TABLES = {
    "units": held.tables_of(Organisation.objects.values_list("phone")),
    "stood": held.tables_of(Position.objects.so().values_list("name", "organisation__phone")),
    "named": held.tables_of(Position.objects.so().values_list("name")),
}


def phones(cell: Organisation, **values: Any) -> list[str]:
    ours = held.held([cell])
    assert ours
    found = ours.rows(TABLES, ask, {"unit": cell.pk, **values}, {})
    return [found["units"][0].phone, found["stood"][0].organisation__phone]


def test_the_tables_of_a_question_are_those_it_is_answered_from():
    own, tree = "membership_organisation", "membership_position"
    under = Organisation.objects.filter(pk__in=Position.objects.so().values("organisation"))
    assert [*TABLES.values(), held.tables_of(under)] == [{own}, {own, tree}, {tree}, {own, tree}]


def test_what_was_not_written_is_not_asked_again(monkeypatch, django_assert_num_queries):
    monkeypatch.setattr(held, "compared", False)
    cell = a_cell()
    ask(tuple(TABLES), unit=cell.pk)  # SQLite is asked once what it can do
    with held.holding(cell):
        with django_assert_num_queries(1):
            assert phones(cell) == phones(cell) == ["", ""]
        Organisation.objects.filter(pk=cell.pk).update(phone="1")
        with django_assert_num_queries(1) as asked:
            assert phones(cell) == ["1", "1"]
        assert "'named'" not in asked.captured_queries[0]["sql"]
        with django_assert_num_queries(0):
            phones(cell)


@pytest.mark.parametrize("write", ["insert", "update", "delete"])
def test_every_kind_of_writing_is_noticed(write):
    cell = a_cell()
    with held.holding(cell):
        phones(cell)
        if write == "insert":
            a_cell()
        elif write == "update":
            Position.records.filter(organisation=cell).update(name="Chi bộ 9")
        else:
            Position.records.filter(organisation=cell).delete()
        named = ask(("named",), unit=cell.pk)["named"]
        ours = held.held([cell])
        assert ours
        assert ours.rows(TABLES, ask, {"unit": cell.pk}, {})["named"] == named


def test_other_rows_are_not_held_and_nothing_is_after_the_block():
    cell, other = a_cell(), a_cell()
    with held.holding(cell):
        assert held.held([other]) is held.held([cell, other]) is None
        assert held.held([Organisation(pk=cell.pk)])
    assert held.held([cell]) is None


def test_what_was_written_past_the_operation_is_found_in_the_tests():
    """Each reading is compared with one made anew, in every test: so a write that is not noticed is."""
    cell = a_cell()
    with held.holding(cell):
        phones(cell)
        with connection.cursor() as cursor:
            cursor.execute("/* unnoticed */ UPDATE membership_organisation SET phone = '9'")
        with pytest.raises(AssertionError, match="no longer so"):
            phones(cell)


# What is to be changed ------------------------------------------------------------------------------------------------


@prepared
def ask_statuses(names: tuple[str, ...], *, people: list[int]) -> dict[str, Asked]:
    statuses = MembershipStatus.objects.so().filter(person__in=people)
    return {name: (statuses, "pk", *MembershipStatus.value_fields()) for name in names}


def read_statuses(person: Person) -> None:
    ours = held.held([person])
    assert ours
    tables = {"statuses": held.tables_of(MembershipStatus.objects.so())}
    ours.rows(tables, ask_statuses, {"people": [person.pk]}, {MembershipStatus: ("statuses", "people")})


def end(act: Act, person: Person) -> None:
    facts.change(act, MembershipStatus, [Change({"person": person}, {"status": Status.DIED}, date(2024, 7, 1))])


def test_what_was_read_is_changed_without_being_read_again(monkeypatch, django_assert_num_queries):
    monkeypatch.setattr(held, "compared", False)
    act, person, other = an_act(), a_member(a_cell()), a_member(a_cell())
    with held.holding(person):
        read_statuses(person)
        with django_assert_num_queries(0):
            [row] = facts.live(MembershipStatus, [person.pk])
        assert row.status == Status.OFFICIAL
        with django_assert_num_queries(1):  # what ended, and what begins
            end(act, person)
        assert [row.status for row in facts.live(MembershipStatus, [person.pk])] == [Status.OFFICIAL, Status.DIED]
        assert len(facts.live(MembershipStatus, [person.pk, other.pk])) == 3


def test_what_somebody_else_has_changed_since_it_was_read_is_not_changed(monkeypatch):
    act, person = an_act(), a_member(a_cell())
    with held.holding(person):
        read_statuses(person)
        with connection.cursor() as cursor:
            cursor.execute("/* elsewhere */ UPDATE membership_membershipstatus SET superseded_at = recorded_at")
        with pytest.raises(AssertionError, match="no longer so"):
            end(act, person)
        monkeypatch.setattr(held, "compared", False)
        with pytest.raises(Overtaken):
            end(act, person)
