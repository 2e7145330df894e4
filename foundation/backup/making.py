"""`manage.py backup`."""

import contextlib
import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings
from django.db import connection

from foundation import backup, sealed
from foundation.backup import BackupRefused, archive, databases

SUFFIX = ".backup"
_STAGING = ".staging-"


def make(folder: Path, note: str = "") -> Path:
    """A new backup in the folder."""
    with alone(folder) as staging:
        return pack(folder, staging, note)


def pack(folder: Path, staging: Path, note: str = "") -> Path:
    """A new backup of database and files as they are at this instant; whoever calls is `alone`."""
    copy = staging / "copy"
    moment = datetime.now(UTC)
    contents = databases.save(copy)
    members = {archive.DATABASE: copy, **{name: path for name, path in backup.files().items() if path.is_file()}}
    manifest = archive.Manifest(
        made_at=moment.isoformat(timespec="seconds"),
        practice=settings.PRACTICE,
        vendor=connection.vendor,
        identity_key=sealed.fingerprint("backup"),
        migrations=contents.migrations,
        counts=contents.counts,
        members={name: archive.sha256(path) for name, path in members.items()},
    )
    path = folder / f"{moment:%Y-%m-%dT%H%M%S.%f}Z{note}{SUFFIX}"
    archive.write(path, manifest, members)
    copy.unlink()
    return path


def present(folder: Path) -> list[Path]:
    """The backups in the folder, newest first."""
    return sorted(folder.glob(f"*{SUFFIX}"), reverse=True)


def keep_newest(folder: Path, number: int) -> list[Path]:
    """Older backups than that many are removed; says which."""
    older = present(folder)[number:]
    for path in older:
        path.unlink()
    return older


@contextlib.contextmanager
def alone(folder: Path) -> Iterator[Path]:
    """No other backup or restore runs meanwhile; gives a folder for what is not sealed, gone afterwards."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    lock = os.open(folder / ".lock", os.O_CREAT | os.O_RDWR, 0o600)
    try:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise BackupRefused("Another backup or restore is running.") from None
        for left in [*folder.glob(f"{_STAGING}*"), *folder.glob("*.partial")]:  # of one that was killed
            shutil.rmtree(left) if left.is_dir() else left.unlink()
        with tempfile.TemporaryDirectory(dir=folder, prefix=_STAGING) as staging:
            yield Path(staging)
    finally:
        os.close(lock)
