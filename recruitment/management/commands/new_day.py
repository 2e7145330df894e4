"""manage.py new_day"""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from foundation import clock
from foundation.planning import take_stock
from recruitment.days import begin


class Command(BaseCommand):
    help = (
        "Once a day, after midnight: carry out what was ordered for this day, and judge anew what a day that passed"
        " changes. Twice is once. Exit status 1 if a dissolved unit holds something that nothing says where to put."
    )

    def handle(self, **options: Any) -> None:
        """Says how many candidacies were judged anew."""
        day = clock.today()
        number, held = begin(day)
        take_stock()
        self.stdout.write(f"{day}: {number} candidacies judged anew.")
        if held:
            raise CommandError("\n".join(held))
