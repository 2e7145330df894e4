"""manage.py restore"""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from foundation.backup import BackupRefused, making, restoring


class Command(BaseCommand):
    help = "Check a backup beside the running data and, if it is good, put it in its place; what was there is kept."

    def add_arguments(self, parser: CommandParser) -> None:
        """Which one."""
        parser.add_argument("backup", nargs="?", type=Path, help="the file")
        parser.add_argument("--check-only", action="store_true", help="check it and replace nothing: the drill")
        parser.add_argument("--newest", action="store_true", help="take the newest in BACKUP_FOLDER")

    def handle(self, **options: Any) -> None:
        """Exit status 1 and the reason where it is refused; the running data is then as it was."""
        folder = settings.BACKUP_FOLDER
        newest = next(iter(making.present(folder)), None)
        path = newest if options["newest"] else options["backup"]
        if path is None:
            there = newest or f"none in {folder}"
            raise CommandError(f"Name the backup, as in make restore FILE=…; the newest is {there}.")
        try:
            restoring.restore(path, folder, self.stdout.write, swap=not options["check_only"])
        except (BackupRefused, OSError) as refused:
            raise CommandError(f"Nothing was replaced. {refused}") from refused
