"""The same plain step of several candidates, as one entry: all of them, or none."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.db.models import F
from django.utils.translation import gettext_lazy as _

from foundation.operation import Act, OperationRefused, operation
from recruitment import steps
from recruitment.judging import for_unit, refused
from recruitment.models import Candidate
from recruitment.operations.putting_off import their_cells


@operation("take_up_together", capability="recruitment.step", over=their_cells)
def take_up_together(act: Act, *, candidates: Sequence[Candidate], happened_on: date) -> None:
    """The cells have taken all these candidates up on that day."""
    held = _held(act, candidates, "taken_up", happened_on)
    steps.take_up(act, [{"candidate": one, "happened_on": happened_on, "reason": act.reason} for one in held])


@operation("hold_ceremonies", capability="recruitment.step", over=their_cells)
def hold_ceremonies(act: Act, *, candidates: Sequence[Candidate], happened_on: date) -> None:
    """The cells held the admission ceremony of all these candidates on that day."""
    held = _held(act, candidates, "ceremony", happened_on)
    steps.hold_ceremonies(act, [{"candidate": one, "happened_on": happened_on} for one in held])


def _held(act: Act, candidates: Sequence[Candidate], stage: str, day: date) -> list[Candidate]:
    """The candidates as they are now, ours until the end; OperationRefused where the stage of one cannot be recorded.

    In whose cell they are was read before: who was changed since, or came to another cell, is refused too.
    """
    seen = {one.pk: (one.version + 1, one.cell_id) for one in candidates}
    rows = Candidate.objects.filter(pk__in=seen)
    list(rows.select_for_update(no_key=True).order_by("pk").values_list("pk"))
    rows.update(version=F("version") + 1)
    held = list(rows.in_full().order_by("pk"))
    reasons = [
        _("%(person)s: somebody changed this meanwhile.") % {"person": one}
        for one in held
        if (one.version, one.cell_id) != seen[one.pk]
    ]
    found = refused(held, stage, day)
    reasons += [
        _("%(person)s: %(reason)s") % {"person": one, "reason": reason}
        for one in held
        for reason in (found[one.pk].messages if one.pk in found else ())
    ]
    if reasons:
        raise OperationRefused(*reasons)
    if len(cells := their_cells(held)) == 1:
        for_unit(act, cells[0])
    return held
