"""Alive without a database; ready only when nothing that is confirmed can be lost; details for administrators."""

import os
import time
from datetime import UTC, datetime, timedelta

import pytest
from django import VERSION
from django.db import OperationalError, connection
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client
from django.utils import timezone

from config import health
from foundation.backup import restoring
from foundation.models import JournalEntry
from tests.builders import a_clerk, an_administrator, an_official

pytestmark = pytest.mark.django_db


def as_seen_by(user):
    browser = Client()
    browser.force_login(user)
    return browser.get("/ready")


@pytest.fixture
def administrator():
    return an_administrator()


def test_alive_is_said_without_the_database(client, django_assert_num_queries):
    with django_assert_num_queries(0):
        response = client.get("/live")
    assert (response.status_code, response.content) == (200, b"live\n")


def test_strangers_and_staff_learn_only_that_it_is_ready(client):
    for response in (client.get("/ready"), as_seen_by(a_clerk()), as_seen_by(an_official())):
        assert (response.status_code, response.content) == (200, b"ready\n")
        told = f"{response.headers} {response.content}"
        assert ".".join(map(str, VERSION[:2])) not in told
        assert "Server" not in response.headers


def test_an_administrator_reads_what_was_found(administrator, settings, tmp_path):
    settings.BACKUP_FOLDER = tmp_path
    response = as_seen_by(administrator)
    assert response.status_code == 200
    text = response.content.decode()
    assert "The program is ready for work." in text
    assert "No backup has been checked by restoring it." in text


def test_asked_over_plain_http_from_the_same_machine_it_does_not_redirect(settings, client):
    settings.SECURE_SSL_REDIRECT = True
    assert [client.get(address).status_code for address in ("/live", "/ready", "/sign-in/")] == [200, 200, 301]


def test_without_a_database_it_is_not_ready_and_says_no_more(client, monkeypatch):
    def gone():
        raise OperationalError("could not connect to 10.0.0.1")

    monkeypatch.setattr(connection, "ensure_connection", gone)
    response = client.get("/ready")
    assert (response.status_code, response.content) == (503, b"not ready\n")
    assert response.headers["Retry-After"] == "60"
    assert client.get("/live").status_code == 200


def test_with_a_migration_to_come_it_is_not_ready_and_the_log_says_why(client, written):
    MigrationRecorder(connection).migration_qs.filter(app="account", name__startswith="0009").delete()
    response = client.get("/ready")
    assert (response.status_code, response.content) == (503, b"not ready\n")
    assert [said["checks"] for said in written.said if said["event"] == "not ready"] == [["migrations"]]


def test_with_a_full_disk_it_is_not_ready_and_an_administrator_reads_which(settings, administrator, client):
    settings.DISK_FREE_SHARE = 1.01
    assert client.get("/ready").status_code == 503
    response = as_seen_by(administrator)
    assert response.status_code == 503
    assert "Of the disk under " in response.content.decode()


def test_with_a_disk_almost_as_full_it_is_not_ready(settings, client):
    settings.DISK_FREE_BYTES = 1 << 60
    assert client.get("/ready").status_code == 503


def an_entry(machine_time):
    user = a_clerk()
    return JournalEntry.objects.create(
        operation="x", actor=user, recorded_at=timezone.now() + timedelta(days=999), machine_time=machine_time
    )


def test_a_clock_that_was_set_back_is_noticed(client):
    an_entry(timezone.now() + timedelta(minutes=5))
    assert client.get("/ready").status_code == 503


def test_a_clock_a_few_seconds_off_is_not(client):
    an_entry(timezone.now() + timedelta(seconds=5))
    assert client.get("/ready").status_code == 200


def test_the_clock_of_the_database_is_compared(client, monkeypatch):
    monkeypatch.setattr(health.time, "time", lambda now=time.time: now() + 120)
    assert client.get("/ready").status_code == (503 if connection.vendor == "postgresql" else 200)


@pytest.mark.django_db(transaction=True)
def test_a_database_that_may_lose_what_it_confirmed_is_not_ready(client, settings):
    settings.PRACTICE = False
    wrong, right = ("PRAGMA synchronous=NORMAL", "PRAGMA synchronous=FULL")
    if connection.vendor == "postgresql":
        wrong, right = ("SET synchronous_commit=off", "SET synchronous_commit=on")
    name = wrong.split("=")[0].split()[1]
    before = set(health._unsafe())
    with connection.cursor() as cursor:
        cursor.execute(wrong)
        try:
            assert set(health._unsafe()) - before == {name}
            assert client.get("/ready").status_code == 503
            settings.PRACTICE = True
            assert client.get("/ready").status_code == 200
        finally:
            cursor.execute(right)


def test_the_settings_of_the_office_lose_nothing():
    unsafe = set(health._unsafe())
    assert unsafe <= ({"fsync"} if connection.vendor == "postgresql" else set())  # the tests' own server goes without


@pytest.mark.parametrize(("days", "told"), [(34, False), (36, True)])
def test_a_drill_long_ago_is_told_and_stops_nothing(settings, tmp_path, administrator, days, told):
    settings.BACKUP_FOLDER = tmp_path
    moment = (datetime.now(UTC) - timedelta(days=days)).timestamp()
    (tmp_path / restoring.VERIFIED).touch()
    os.utime(tmp_path / restoring.VERIFIED, (moment, moment))
    response = as_seen_by(administrator)
    assert response.status_code == 200
    assert ("more than 35 days ago" in response.content.decode()) is told
    assert "A backup was last checked by restoring it on " in response.content.decode()
