"""`make fresh`: the practice database is gone, so that the demo is loaded anew; any other database is refused."""

import os
import sys

import django
from django.conf import settings
from django.db import DatabaseError

from config.keys import PRACTICE_FILE

_FILES = ("practice.sqlite3", "practice.sqlite3-wal", "practice.sqlite3-shm", "demo-accounts.txt")


def practice_database() -> str:
    """Where `make run` keeps its database."""
    return str(PRACTICE_FILE.parent / "practice.sqlite3")


def database() -> str:
    """The database that the settings name."""
    return str(settings.DATABASES["default"]["NAME"])


def refusal() -> str:
    """Why this database is not thrown away; empty: it may be."""
    from foundation.models import Office

    if not settings.PRACTICE:
        return "PRACTICE is off: make fresh throws away nothing but a practice database."
    if database() != practice_database():
        return "DATABASE_URL names another database than var/practice.sqlite3: make fresh throws away nothing but that."
    try:
        real = Office.objects.filter(practice_day__isnull=True).exists()
    except DatabaseError:
        return ""  # nothing in it yet
    return "The database is a real office's: make fresh throws away nothing but a practice database." if real else ""


def main() -> None:
    """The files of the practice database are removed, or the program ends with one sentence."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    if reason := refusal():
        sys.exit(reason)
    for name in _FILES:
        (PRACTICE_FILE.parent / name).unlink(missing_ok=True)
    sys.stdout.write("The practice database is gone; a new one follows.\n")


if __name__ == "__main__":
    main()
