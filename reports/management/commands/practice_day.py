"""manage.py practice_day"""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from foundation import clock
from foundation.days import parse_day
from reports.demo.load import move_practice_day


class Command(BaseCommand):
    help = "Move the practice day forward; a practice database only."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("day", help="the new practice day")

    def handle(self, **options: Any) -> None:
        before = clock.practice_day() if settings.PRACTICE else None
        if before is None:
            raise CommandError("This is no practice database: its day is the machine's.")
        try:
            day = parse_day(options["day"])
        except ValueError as error:
            raise CommandError(str(error)) from None
        if day <= before:
            raise CommandError(f"The practice day is {before} already; it moves forward only.")
        held = move_practice_day(day)
        self.stdout.write("\n".join([f"The practice day is {day}.", *held]))
