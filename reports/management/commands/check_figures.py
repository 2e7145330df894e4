"""`manage.py check_figures`: every figure counted a second time."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from foundation import clock
from recruitment import standing
from reports import replay


class Command(BaseCommand):
    help = "Count every figure and standing anew by plain replay of the facts; fail, naming each, if one differs."

    def handle(self, **options: Any) -> None:
        """Exit status 1 if a figure or a standing differs."""
        if differences := [*replay.differences(clock.today()), *standing.recompute()]:
            raise CommandError("\n".join(differences))
        self.stdout.write("Every figure agrees with the facts.")
