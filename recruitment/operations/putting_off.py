"""A user's own list of tasks: putting some of them off until a day, and bringing them back."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from django.utils.translation import gettext_lazy as _

from foundation import clock
from foundation.days import format_day
from foundation.operation import Act, OperationRefused, operation
from membership.models import Organisation
from recruitment.judging import still_open
from recruitment.models import Candidate, PutOff

LONGEST = timedelta(days=92)


def their_cells(candidates: Iterable[Candidate]) -> list[Organisation]:
    """The cells in which they are candidates."""
    return list({one.cell_id: one.cell for one in candidates}.values())


@operation("put_off", capability="candidate.write", over=their_cells)
def put_off(act: Act, *, candidates: list[Candidate], until_on: date) -> None:
    """The candidates' next steps, as they are now, are off the actor's list, and no other, before that day."""
    today = clock.today()
    if until_on <= today:
        raise OperationRefused(_("Choose a day to come."))
    if until_on > today + LONGEST:
        raise OperationRefused(_("Until %(day)s at the latest.") % {"day": format_day(today + LONGEST)})
    for one in candidates:
        still_open(one)
    values = ["until_on", "step", "due_on"]
    rows = [
        PutOff(
            candidate=one, user=act.actor, until_on=until_on, step=one.standing.next_step, due_on=one.standing.due_on
        )
        for one in candidates
    ]
    PutOff.objects.bulk_create(rows, update_conflicts=True, unique_fields=["user", "candidate"], update_fields=values)
    _tell(act, candidates, None, until_on)


@operation("bring_back", capability="candidate.write", over=their_cells)
def bring_back(act: Act, *, candidates: list[Candidate]) -> None:
    """The candidates' tasks are on the actor's list as if they had never been put off."""
    rows = PutOff.objects.filter(user=act.actor, candidate__in=candidates)
    until = dict(rows.values_list("candidate", "until_on"))
    if not until:
        raise OperationRefused(_("It stands on your list already."))
    rows.delete()
    _tell(act, [one for one in candidates if one.pk in until], until, None)


def _tell(act: Act, candidates: list[Candidate], before: dict[int, date] | None, after: date | None) -> None:
    for one in candidates:
        act.about(one)
        act.note(f"{one._meta.label_lower}:{one.pk}", "put_off_until", (before or {}).get(one.pk), after)
