"""manage.py backup"""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from foundation.backup import BackupRefused, making


class Command(BaseCommand):
    help = "Write database and files of this instant into one sealed file, and print where it is."

    def add_arguments(self, parser: CommandParser) -> None:
        """Where to, and how many to keep."""
        parser.add_argument("--folder", type=Path, default=settings.BACKUP_FOLDER, help="by default BACKUP_FOLDER")
        parser.add_argument("--keep", type=int, metavar="N", help="afterwards remove all but the newest N")

    def handle(self, **options: Any) -> None:
        """Exit status 1 and the reason where none could be made."""
        if options["keep"] is not None and options["keep"] < 1:
            raise CommandError("--keep is at least 1: the backup just made stays.")
        try:
            self.stdout.write(str(making.make(options["folder"])))
        except (BackupRefused, OSError) as refused:
            raise CommandError(f"No backup was made. {refused}") from refused
        if options["keep"]:
            for path in making.keep_newest(options["folder"], options["keep"]):
                self.stdout.write(f"removed {path.name}")
