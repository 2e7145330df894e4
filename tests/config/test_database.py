"""The database the suite runs on is set up as the office's."""

import os
import subprocess
import sys

import pytest
from django.conf import settings
from django.db import connection
from django.db.backends.postgresql import psycopg_any


def test_the_driver_is_psycopg2():
    assert not psycopg_any.is_psycopg3


@pytest.mark.django_db
def test_nothing_acknowledged_is_lost_with_the_power():
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SHOW synchronous_commit")
            assert cursor.fetchone() == ("on",)
            return
        cursor.execute("PRAGMA synchronous")
        assert cursor.fetchone() == (2,)  # FULL
        cursor.execute("PRAGMA foreign_keys")
        assert cursor.fetchone() == (1,)
        assert connection.transaction_mode == "IMMEDIATE"
        assert connection.get_connection_params()["timeout"] == 20


@pytest.mark.django_db
def test_a_statement_of_a_page_cannot_run_for_ever():
    if connection.vendor != "postgresql":
        assert "timeout" in connection.get_connection_params()
        return
    with connection.cursor() as cursor:
        cursor.execute("SHOW statement_timeout")
        assert cursor.fetchone() == ("15s",)
        cursor.execute("SHOW lock_timeout")
        assert cursor.fetchone() == ("5s",)
        cursor.execute("SHOW idle_in_transaction_session_timeout")
        assert cursor.fetchone() == ("30s",)
        cursor.execute("SHOW jit")
        assert cursor.fetchone() == ("off",)


def test_a_command_may_compute_between_two_statements_for_longer_than_a_page():
    ask = "from django.conf import settings; print(settings.DATABASES['default']['OPTIONS']['options'])"
    told = {"DATABASE_URL": "postgres://somebody@localhost/office", "STATEMENT_SECONDS": "300"}
    done = subprocess.run(
        [sys.executable, "manage.py", "shell", "--no-imports", "-c", ask],
        cwd=settings.BASE_DIR,
        env={**os.environ, **told},
        capture_output=True,
        text=True,
    )
    assert "idle_in_transaction_session_timeout=600s" in done.stdout, done.stderr
