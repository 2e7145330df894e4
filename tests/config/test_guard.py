"""With DEBUG off, nothing insecure starts, and the refusal names the setting."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from config import guard, keys
from foundation.models import Office

ROOT = Path(__file__).resolve().parent.parent.parent


def the_settings(**changed):
    drawn = {name: [keys.new_key(size)] for name, size in guard.KEY_BYTES.items()}
    return {
        "practice": False,
        "debug": False,
        "hosts": ["office.example"],
        "secure_cookies": True,
        "database": "postgres://app@db/office",
        "keys": {**drawn, **changed.pop("keys", {})},
        **changed,
    }


def test_a_real_office_starts():
    guard.refuse_insecure(**the_settings())


def test_practice_starts_without_https():
    guard.refuse_insecure(
        **the_settings(practice=True, debug=True, hosts=["localhost"], secure_cookies=False, database="")
    )


@pytest.mark.parametrize(
    ("changed", "named"),
    [
        ({"debug": True}, "DEBUG"),
        ({"hosts": []}, "ALLOWED_HOSTS"),
        ({"hosts": ["office.example", "*"]}, "ALLOWED_HOSTS"),
        ({"hosts": [".example"]}, "ALLOWED_HOSTS"),
        ({"secure_cookies": False}, "SECURE_COOKIES"),
        ({"database": ""}, "DATABASE_URL"),
        ({"practice": True}, "ALLOWED_HOSTS"),
        ({"keys": {"SECRET_KEY": [""]}}, "SECRET_KEY is not set"),
        ({"keys": {"SECRET_KEY": ["changeme"]}}, "SECRET_KEY is weak"),
        ({"keys": {"SECRET_KEY": ["A" * 64]}}, "SECRET_KEY is weak"),
        ({"keys": {"SECRET_KEY": ["django-insecure-" + "x1y2z3" * 8]}}, "SECRET_KEY is weak"),
        ({"keys": {"SEALING_KEYS": []}}, "SEALING_KEYS is not set"),
        ({"keys": {"SEALING_KEYS": [keys.new_key(16)]}}, "SEALING_KEYS is weak"),
        ({"keys": {"IDENTITY_KEY": [""]}}, "IDENTITY_KEY is not set"),
    ],
)
def test_refused(changed, named):
    with pytest.raises(ImproperlyConfigured, match=named.replace("*", r"\*")) as refused:
        guard.refuse_insecure(**the_settings(**changed))
    assert "\n" not in str(refused.value)


def run(tmp_path, *arguments, mode=0o600, **environment):
    """Python with the settings of a real office from a file."""
    file = tmp_path / "office.env"
    file.write_text(keys.production())
    file.chmod(mode)
    clean = {name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "DEBUG", "PRACTICE")}
    return subprocess.run(
        [sys.executable, *arguments],
        env={**clean, "SETTINGS_FILE": str(file), **environment},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )


def started(tmp_path, **settings):
    """Exit status and last line of `manage.py check`."""
    done = run(tmp_path, "manage.py", "check", **settings)
    return done.returncode, done.stderr.strip().splitlines()[-1:]


def test_the_program_starts_from_a_file_of_its_owner(tmp_path):
    assert started(tmp_path)[0] == 0


def test_how_the_database_is_reached_may_be_said_in_its_address(tmp_path):
    address = "postgres://office@db.office.example/office?sslmode=verify-full"
    command = "from config import settings; print(settings.DATABASES['default']['OPTIONS'])"
    told = run(tmp_path, "-c", command, DATABASE_URL=address).stdout
    assert "'sslmode': 'verify-full'" in told
    assert "statement_timeout" in told


@pytest.mark.parametrize(
    ("environment", "named"),
    [
        ({"DEBUG": "1"}, "DEBUG"),
        ({"ALLOWED_HOSTS": "*"}, "ALLOWED_HOSTS"),
        ({"SECURE_COOKIES": "0"}, "SECURE_COOKIES"),
        ({"SECRET_KEY": "secret"}, "SECRET_KEY"),
        ({"SETTINGS_FILE": "/nowhere.env"}, "SETTINGS_FILE"),
    ],
)
def test_the_program_refuses_to_start(tmp_path, environment, named):
    status, [sentence] = started(tmp_path, **environment)
    assert status != 0
    assert sentence.startswith(f"django.core.exceptions.ImproperlyConfigured: {named}")


def test_secrets_that_others_can_read_are_refused(tmp_path):
    status, [sentence] = started(tmp_path, mode=0o644)
    assert status != 0
    assert "SETTINGS_FILE" in sentence
    assert "chmod 600" in sentence


def test_nothing_private_lies_where_static_files_are_served_from(tmp_path):
    guard.refuse_public(tmp_path / "static", BACKUP_FOLDER=tmp_path / "backups")
    with pytest.raises(ImproperlyConfigured, match="BACKUP_FOLDER lies below STATIC_ROOT"):
        guard.refuse_public(tmp_path, BACKUP_FOLDER=tmp_path / "backups")


@pytest.mark.django_db
@pytest.mark.parametrize(("practice", "day"), [(True, None), (False, "2026-03-02")])
def test_a_database_of_the_other_kind_is_refused(practice, day):
    guard.refuse_other_kind(practice)  # nothing in it yet
    Office.objects.create(practice_day=day)
    with pytest.raises(ImproperlyConfigured, match="DATABASE_URL names"):
        guard.refuse_other_kind(practice)
    guard.refuse_other_kind(not practice)


def test_a_practice_file_is_drawn_once_and_private(tmp_path, monkeypatch):
    file = tmp_path / "var" / "practice.env"
    monkeypatch.setattr(keys, "PRACTICE_FILE", file)
    keys.write_practice_file()
    first = file.read_text()
    keys.write_practice_file()
    assert file.read_text() == first
    assert file.stat().st_mode & 0o777 == 0o600
    assert "PRACTICE=1" in first
