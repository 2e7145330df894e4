"""manage.py reseal"""

from collections.abc import Iterator
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.db.models import F, Model, TextField, Value
from django.db.models.functions import Cast

from foundation import sealed
from membership.models import ImportBatch, Person

SEALED: tuple[tuple[type[Model], str], ...] = (
    (Person, "identity_sealed"),
    (ImportBatch, "rows"),
    (ImportBatch, "before"),
)
_AT_ONCE = 500


class Command(BaseCommand):
    help = "Seal every sealed value anew with the first of SEALING_KEYS, so that the others can be taken out of use."

    def handle(self, **options: Any) -> None:
        """Exit status 1 if a value opens with no key; those before it are sealed anew, and may be again."""
        try:
            number = sum(len(keys) for model, column in SEALED for keys in _resealed(model, column))
        except sealed.SealBroken as broken:
            raise CommandError(str(broken)) from broken
        self.stdout.write(f"Sealed with the first key: {number} values. Keep the other keys for older backups.")


def _resealed(model: type[Model], column: str) -> Iterator[list[int]]:
    """Keys of the rows, some at a time, each lot in a transaction of its own."""
    rows, last = model._base_manager.order_by("pk"), 0
    while True:
        with transaction.atomic():
            found = dict(
                rows.select_for_update()
                .filter(pk__gt=last)
                .annotate(token=Cast(F(column), TextField()))  # as it is stored, not opened
                .exclude(token="")
                .values_list("pk", "token")[:_AT_ONCE]
            )
            for key, token in found.items():
                rows.filter(pk=key).update(**{column: Value(sealed.reseal(token), TextField())})
        if not found:
            return
        yield list(found)
        last = max(found)
