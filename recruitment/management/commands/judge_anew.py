"""manage.py judge_anew"""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from recruitment import standing


class Command(BaseCommand):
    help = (
        "After an upgrade: where each candidacy stands is judged anew by the rules of this version, each for the day"
        " for which it was judged. Twice is once."
    )

    def handle(self, **options: Any) -> None:
        """Says how many candidacies were judged anew."""
        self.stdout.write(f"{standing.judge_anew()} candidacies judged anew.")
