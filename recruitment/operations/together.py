"""The same plain step of several candidates, as one entry: all of them, or none."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.utils.translation import gettext_lazy as _

from foundation.operation import Act, OperationRefused, operation
from recruitment import steps
from recruitment.judging import for_unit, refused
from recruitment.models import Candidate
from recruitment.operations.putting_off import their_cells


@operation("take_up_together", on="candidates", capability="recruitment.step", over=their_cells)
def take_up_together(act: Act, *, candidates: Sequence[Candidate], happened_on: date) -> None:
    """The cells have taken all these candidates up on that day."""
    _each_can(act, candidates, "taken_up", happened_on)
    steps.take_up(act, [{"candidate": one, "happened_on": happened_on, "reason": act.reason} for one in candidates])


@operation("hold_ceremonies", on="candidates", capability="recruitment.step", over=their_cells)
def hold_ceremonies(act: Act, *, candidates: Sequence[Candidate], happened_on: date) -> None:
    """The cells held the admission ceremony of all these candidates on that day."""
    _each_can(act, candidates, "ceremony", happened_on)
    steps.hold_ceremonies(act, [{"candidate": one, "happened_on": happened_on} for one in candidates])


def _each_can(act: Act, candidates: Sequence[Candidate], stage: str, day: date) -> None:
    """OperationRefused where the stage of one cannot be recorded, or one was changed, or came to another cell, since
    they were read.
    """
    before = {one.pk: (one.version + 1, one.cell_id) for one in act.seen}
    reasons = [
        _("%(person)s: somebody changed this meanwhile.") % {"person": one}
        for one in candidates
        if (one.version, one.cell_id) != before[one.pk]
    ]
    found = refused(candidates, stage, day)
    reasons += [
        _("%(person)s: %(reason)s") % {"person": one, "reason": reason}
        for one in candidates
        for reason in (found[one.pk].messages if one.pk in found else ())
    ]
    if reasons:
        raise OperationRefused(*reasons)
    if len(cells := their_cells(candidates)) == 1:
        for_unit(act, cells[0])
