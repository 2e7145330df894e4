"""Whether the program lives, and whether it is ready for work; the details are for administrators only."""

import logging
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse
from django.template.defaultfilters import filesizeformat
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from foundation.backup import restoring
from foundation.days import format_day
from foundation.models import JournalEntry
from foundation.web import page
from membership import scope
from membership.declare import public

log = logging.getLogger(__name__)
_CLOCKS_DIFFER = 60  # seconds
_DRILL_DAYS = 35


@dataclass(frozen=True)
class Notice:
    """Something an administrator should know; `stops`: the program is not ready with it."""

    sentence: str
    stops: bool = True


@public()
def live(request: HttpRequest) -> HttpResponse:
    """The program answers: nothing else is asked, no database either."""
    return HttpResponse("live\n", content_type="text/plain")


@public()
def ready(request: HttpRequest) -> HttpResponse:
    """200, or 503 where work should not be sent here. An administrator reads why."""
    found = {code: list(_asked(check)) for code, (_label, check) in CHECKS.items()}
    is_ready = not any(notice.stops for notices in found.values() for notice in notices)
    if found["database"] or found["migrations"] or not scope.may(request.user, "unit.write"):
        response = HttpResponse("ready\n" if is_ready else "not ready\n", content_type="text/plain")
    else:
        checks = [(label, found[code]) for code, (label, _check) in CHECKS.items()]
        response = page(
            request, "health/ready", {"checks": checks, "is_ready": is_ready, "to_look_at": any(found.values())}
        )
    if not is_ready:
        stopped = [code for code, notices in found.items() if any(notice.stops for notice in notices)]
        log.warning("not ready", extra={"facts": {"checks": stopped}})
        response.status_code = 503
        response["Retry-After"] = "60"
    return response


def _asked(check: Callable[[], Iterator[Notice]]) -> Iterator[Notice]:
    try:
        yield from check()
    except (DatabaseError, OSError):
        yield Notice(_("This could not be checked."))


def _database() -> Iterator[Notice]:
    connection.ensure_connection()
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    yield from ()


def _migrations() -> Iterator[Notice]:
    executor = MigrationExecutor(connection)
    if plan := executor.migration_plan(executor.loader.graph.leaf_nodes()):
        missing = ", ".join(f"{migration.app_label}.{migration.name}" for migration, _backwards in plan)
        yield Notice(_("The database is older than the program; its migrations lack: %(names)s.") % {"names": missing})


def _durability() -> Iterator[Notice]:
    """Nothing that was confirmed is lost with the power; in a practice office it may be."""
    if unsafe := sorted(_unsafe()):
        sentence = _("Confirmed work may be lost in a power cut; database settings to correct: %(names)s.")
        yield Notice(sentence % {"names": ", ".join(unsafe)}, stops=not settings.PRACTICE)


_SQLITE: dict[str, set[Any]] = {
    "journal_mode": {"wal"},
    "synchronous": {2},
    "foreign_keys": {1},
    "busy_timeout": {20_000},
}
_POSTGRESQL: dict[str, set[Any]] = {
    "fsync": {"on"},
    "full_page_writes": {"on"},
    "synchronous_commit": {"on", "remote_apply"},
}


def _unsafe() -> Iterator[str]:
    sqlite = connection.vendor == "sqlite"
    with connection.cursor() as cursor:
        for name, good in (_SQLITE if sqlite else _POSTGRESQL).items():
            cursor.execute(f"{'PRAGMA' if sqlite else 'SHOW'} {name}")
            if cursor.fetchone()[0] not in good:
                yield name
    if sqlite and connection.settings_dict["OPTIONS"].get("transaction_mode") != "IMMEDIATE":
        yield "transaction_mode"


def _disk() -> Iterator[Notice]:
    """The disks of this machine that the program writes to. PostgreSQL's own is seen only if it is one of them."""
    folders = {Path(tempfile.gettempdir()), settings.BACKUP_FOLDER}
    if connection.vendor == "sqlite":
        folders.add(Path(connection.settings_dict["NAME"]).parent)
    for folder in sorted(folder for folder in folders if folder.is_dir()):
        disk = shutil.disk_usage(folder)
        if disk.free < max(settings.DISK_FREE_BYTES, disk.total * settings.DISK_FREE_SHARE):
            words = {"folder": folder, "free": filesizeformat(disk.free), "total": filesizeformat(disk.total)}
            yield Notice(_("Of the disk under %(folder)s, %(free)s of %(total)s are free: make room.") % words)


def _clock() -> Iterator[Notice]:
    last = JournalEntry.objects.order_by("-pk").values_list("machine_time", flat=True).first()
    if last and last > timezone.now() + timedelta(seconds=_CLOCKS_DIFFER):
        yield Notice(_("The clock of this machine stands before the last entry of the journal."))
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT extract(epoch FROM clock_timestamp())")
            if abs(float(cursor.fetchone()[0]) - time.time()) > _CLOCKS_DIFFER:
                yield Notice(_("The clocks of this machine and of the database differ by more than a minute."))


def _backup() -> Iterator[Notice]:
    checked = restoring.verified_at(settings.BACKUP_FOLDER)
    if checked is None:
        yield Notice(_("No backup has been checked by restoring it."), stops=False)
        return
    words = {"day": format_day(timezone.localdate(checked)), "number": _DRILL_DAYS}
    sentence = _("A backup was last checked by restoring it on %(day)s.")
    if timezone.now() - checked > timedelta(days=_DRILL_DAYS):
        sentence = _("A backup was last checked by restoring it on %(day)s, more than %(number)d days ago.")
    yield Notice(sentence % words, stops=False)


CHECKS: dict[str, tuple[Any, Callable[[], Iterator[Notice]]]] = {
    "database": (gettext_lazy("Database"), _database),
    "migrations": (gettext_lazy("Migrations"), _migrations),
    "durability": (gettext_lazy("Safety in a power cut"), _durability),
    "disk": (gettext_lazy("Disk space"), _disk),
    "clock": (gettext_lazy("Clock"), _clock),
    "backup": (gettext_lazy("Backup"), _backup),
}
