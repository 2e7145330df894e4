"""Backups: database and files of one instant in one sealed file, restored beside the running data and then swapped.

`stream` seals, `archive` packs with a manifest, `databases` knows each database's own means, `making` and `restoring`
are what the commands `backup` and `restore` do.
"""

from collections.abc import Callable
from pathlib import Path


class BackupRefused(Exception):
    """A backup was not made or not restored; the message is the reason, one sentence. Nothing was changed."""


FILES: list[Callable[[], Path]] = []  # what lies beside the database and belongs to it; a higher floor registers


def files() -> dict[str, Path]:
    """Where each file beside the database has its place, by its name in a backup; there need not be one."""
    return {f"files/{path.name}": path for path in (where() for where in FILES)}
