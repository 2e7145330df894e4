"""Statements that are planned once answer as before; the values of each asking are its own."""

from datetime import date

import pytest
from django.db import connection

from foundation import planned

pytestmark = pytest.mark.django_db
SQL = "SELECT %s AS text, %s + 1 AS number, CASE WHEN %s > '2024-01-01' THEN 'later 100%%' ELSE 'before' END AS day"


def asked(name, *params):
    with connection.cursor() as cursor:
        cursor.execute(*planned.told(name, SQL, params))
        return cursor.fetchone()


def prepared(name):
    if connection.vendor != "postgresql":
        return False
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_prepared_statements WHERE name = %s", [name])
        return bool(cursor.fetchone()[0])


def test_every_asking_has_its_own_values():
    for number in range(7):
        expected = (f"o'{number}%s", number + 1, "later 100%" if number else "before")
        assert asked("asked_often", f"o'{number}%s", number, date(2024, 1, 1 + number)) == expected
        assert prepared("asked_often") == (number >= 2 and connection.vendor == "postgresql")


def test_a_number_that_the_server_was_not_told_of_is_asked_without():
    for _ in range(4):
        asked("asked_large", "a", 1, date(2024, 1, 2))
    assert asked("asked_large", "a", 2**40, date(2024, 1, 2)) == ("a", 2**40 + 1, "later 100%")
