"""`manage.py restore`: everything is checked beside the running data before anything of it is touched."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from foundation import backup, sealed
from foundation.backup import BackupRefused, archive, databases, making

VERIFIED = ".verified"  # in the folder: when a backup was last checked by restoring it

Say = Callable[[str], None]


def restore(path: Path, folder: Path, say: Say, *, swap: bool) -> None:
    """The backup is found good beside the running data and, if `swap`, takes its place; BackupRefused otherwise."""
    if not path.is_file():
        raise BackupRefused(f"There is no backup {path}.")
    with making.alone(folder) as staging:
        manifest, members = archive.read(path, staging, _refuse_unfit)
        say(f"Backup of {manifest.made_at}: whole, {len(members)} parts as its manifest says.")
        with databases.beside(members[archive.DATABASE]) as restored:
            _check(restored, manifest, say)
            _note_verified(folder)
            if swap and (kept := _swap(restored, members, folder, staging)):
                say(f"What was there is kept: {kept}")
    say("Restored. Everybody signs in anew." if swap else "Checked; nothing was replaced.")


def verified_at(folder: Path) -> datetime | None:
    """When a backup was last found good by restoring it."""
    note = folder / VERIFIED
    return datetime.fromtimestamp(note.stat().st_mtime, UTC) if note.exists() else None


def _refuse_unfit(manifest: archive.Manifest) -> None:
    if newer := sorted(set(manifest.migrations) - _known()):
        raise BackupRefused(f"The backup was made by a newer version of the program, which has {newer[0]}.")
    if manifest.vendor != connection.vendor:
        raise BackupRefused(f"The backup is of {manifest.vendor}, but DATABASE_URL names {connection.vendor}.")
    if manifest.practice != settings.PRACTICE:
        kinds = ("a practice office", "a real office")
        raise BackupRefused("The backup is of {}, this is {}.".format(*(kinds if manifest.practice else kinds[::-1])))
    if manifest.identity_key != sealed.fingerprint("backup"):
        raise BackupRefused("The backup was made with another IDENTITY_KEY.")
    places = {archive.DATABASE, *backup.files()}
    if archive.DATABASE not in manifest.members or not places.issuperset(manifest.members):
        raise BackupRefused("The backup has no database, or a file that has no place here.")


def _check(restored: databases.Beside, manifest: archive.Manifest, say: Say) -> None:
    contents = restored.contents()
    for table in sorted({*contents.counts, *manifest.counts}):
        found, said = contents.counts.get(table), manifest.counts.get(table)
        if found != said:
            raise BackupRefused(f"The restored table {table} has {found} rows, its manifest says {said}.")
    if contents.migrations != manifest.migrations:
        raise BackupRefused("The restored database has other migrations than its manifest says.")
    say(f"Restored beside: {len(contents.counts)} tables, {sum(contents.counts.values())} rows, as counted then.")
    restored.end_sessions()
    if older := sorted(_known() - set(contents.migrations)):
        say(f"Made by an older version of the program: migrations that follow, {len(older)}.")
        _manage(restored.address, "migrate", "--no-input", "--verbosity=0")
        _manage(restored.address, "judge_anew")  # that version may have judged otherwise
    _manage(restored.address, "check_figures")
    say("Every figure agrees with the facts.")


def _swap(restored: databases.Beside, members: dict[str, Path], folder: Path, staging: Path) -> str:
    kept = making.pack(folder, staging, "-before-restore") if databases.overwritten_by_swap() else None
    former = restored.swap()
    for name, place in backup.files().items():
        if name in members:
            arriving = place.with_name(f"{place.name}.restored")  # perhaps on another disk than the backups
            arriving.touch(mode=0o600)
            shutil.copyfile(members[name], arriving)
            arriving.replace(place)
    return str(kept) if kept else former


def _known() -> set[str]:
    """Migrations of this version of the program."""
    return {f"{app}.{name}" for app, name in MigrationLoader(None).disk_migrations}


def _manage(address: str, *arguments: str) -> None:
    """A command of ours on the restored database; its last line is the reason if it fails."""
    command = [sys.executable, str(Path(settings.BASE_DIR) / "manage.py"), *arguments]
    environment = {**os.environ, "DATABASE_URL": address, "STATEMENT_SECONDS": "3000"}
    done = subprocess.run(command, env=environment, cwd=settings.BASE_DIR, capture_output=True, text=True, check=False)
    if done.returncode:
        said = done.stderr.strip().splitlines() or ["no reason given"]
        raise BackupRefused(f"{arguments[0]} fails on the restored database: {said[-1]}")


def _note_verified(folder: Path) -> None:
    (folder / VERIFIED).touch(mode=0o600)
