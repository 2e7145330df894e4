"""Statements that are planned once answer as before; the values of each asking are its own."""

from datetime import date

import pytest
from django.db import connection

from foundation import planned
from foundation.statements import prepared, sought
from membership.models import Organisation
from tests.builders import a_cell

pytestmark = pytest.mark.django_db
SQL = "SELECT %s AS text, %s + 1 AS number, CASE WHEN %s > '2024-01-01' THEN 'later 100%%' ELSE %s END AS day"
CHANGING = [True, True, True, False]


@pytest.fixture(autouse=True)
def as_in_an_office(monkeypatch):
    monkeypatch.setattr(planned, "OFTEN", 3)


def asked(name, *params):
    with connection.cursor() as cursor:
        cursor.execute(*planned.told(name, SQL, (*params, "before %s"), CHANGING))
        return cursor.fetchone()


def plans(name="%"):
    if connection.vendor != "postgresql":
        return []
    with connection.cursor() as cursor:
        cursor.execute("SELECT statement FROM pg_prepared_statements WHERE name LIKE %s", [name])
        return [statement for (statement,) in cursor.fetchall()]


def test_every_asking_has_its_own_values():
    for number in range(7):
        expected = (f"o'{number}%s", number + 1, "later 100%" if number else "before %s")
        assert asked("asked_often", f"o'{number}%s", number, date(2024, 1, 1 + number)) == expected
        assert bool(plans("asked_often")) == (number >= 2 and connection.vendor == "postgresql")


def test_a_number_that_the_server_was_not_told_of_is_asked_without():
    for _ in range(4):
        asked("asked_large", "a", 1, date(2024, 1, 2))
    assert asked("asked_large", "a", 2**40, date(2024, 1, 2)) == ("a", 2**40 + 1, "later 100%")


def test_what_does_not_change_is_planned_with():
    cell = a_cell("Chi bộ một", since=date(2020, 1, 1))
    coded = prepared(lambda code, *, key: Organisation.objects.filter(code=code, pk=key))
    for _ in range(4):
        assert coded(cell.code, key=cell.pk) == [cell]
        assert coded(cell.code, key=0) == []
    if connection.vendor == "postgresql":
        [plan] = [one for one in plans("rows_%") if f"'{cell.code}'" in one]
        assert "$1" in plan
        assert "$2" not in plan


def test_what_is_sought_among_names_is_planned_anew():
    a_cell("Chi bộ một", since=date(2020, 1, 1))
    found = sought(lambda is_certain: is_certain)(
        lambda _is_certain, *, words: Organisation.objects.filter(code__contains=words)
    )
    before = set(plans())
    for _ in range(4):
        found(False, words="B")
    assert set(plans()) <= before
    for _ in range(4):
        found(True, words="B")
    assert bool(set(plans()) - before) == (connection.vendor == "postgresql")


def test_no_more_plans_are_kept_than_a_connection_holds(monkeypatch):
    monkeypatch.setattr(planned, "MOST", 2)
    for name in ("kept_a", "kept_b", "kept_c"):
        for _ in range(4):
            asked(name, "a", 1, date(2024, 1, 2))
    kept = [bool(plans(name)) for name in ("kept_a", "kept_b", "kept_c")]
    assert kept == ([False, True, True] if connection.vendor == "postgresql" else [False] * 3)
    assert asked("kept_a", "a", 5, date(2024, 1, 2))[1] == 6
