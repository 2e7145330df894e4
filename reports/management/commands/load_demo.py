"""manage.py load_demo"""

from datetime import date
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from reports.demo.accounts import accounts_file
from reports.demo.days import PRACTICE_DAY, TERM_FIRST
from reports.demo.load import NotEmpty, load


class Command(BaseCommand):
    help = "Load the practice town into an empty practice database, with accounts whose passwords are drawn now."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--day", type=date.fromisoformat, default=PRACTICE_DAY, help="practice day, YYYY-MM-DD")
        parser.add_argument("--scale", type=int, default=1, help="how many towns; the others are copies")
        parser.add_argument("--if-empty", action="store_true", help="do nothing where something is loaded already")
        parser.add_argument("--accounts", type=Path, help="file for the accounts; by default beside the database")

    def handle(self, **options: Any) -> None:
        if not settings.PRACTICE:
            raise CommandError("PRACTICE is off: the demo is loaded into a practice database only.")
        if options["day"] <= TERM_FIRST or not 1 <= options["scale"] < 1000:
            raise CommandError(f"The practice day lies after {TERM_FIRST}, and there are 1 to 999 towns.")
        try:
            load(options["day"], options["scale"], options["accounts"] or accounts_file(), self.stdout.write)
        except NotEmpty as refusal:
            if not options["if_empty"] or refusal.args:
                raise CommandError(
                    str(refusal) or "The database is not empty: the demo is loaded into an empty one."
                ) from refusal
