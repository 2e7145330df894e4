"""What the first steps ask: whether there is something to work with, and what the reader has done. One statement."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from foundation import clock, operation
from foundation.models import JournalEntry
from foundation.statements import By, prepared
from membership import scope
from membership.models import Placement, User
from recruitment.models import Candidate
from reports.models import PlanState, TargetValue


def found(user: Any, names: tuple[str, ...]) -> dict[str, bool]:
    """Of the named questions, which are answered by yes."""
    return dict(zip(names, _answers(scope.reader(user), names, user=user.pk)[0], strict=True)) if names else {}


@prepared
def _answers(reader: By, names: tuple[str, ...], *, user: int) -> QuerySet:
    asked = {name: Exists(QUESTIONS[name](reader.value)) for name in names}
    return User.objects.filter(pk=user).annotate(**asked).values_list(*names)


def _members(user: Any) -> QuerySet:
    return Placement.objects.as_at(clock.today()).filter(scope.within(user, "unit.read", "cell"))


def _candidates(user: Any) -> QuerySet:
    return Candidate.objects.open().visible_to(user, "candidate.write")


def _targets(user: Any) -> QuerySet:
    today = clock.today()
    decided = TargetValue.objects.as_at(today).filter(plan__state=PlanState.DECIDED)
    running = decided.filter(plan__period__first__lte=today, plan__period__last__gte=today)
    return running.filter(scope.within(user, "plan.write", "unit"))


def _by_me(*names: str) -> Callable[[Any], QuerySet]:
    """Entries of the reader for one of these operations, not undone."""
    return lambda _user: JournalEntry.objects.filter(actor=OuterRef("pk"), operation__in=names, undone_by__isnull=True)


def _recorded(user: Any) -> QuerySet:
    steps = [name for name, run in operation.REGISTRY.items() if run.capability == "recruitment.step"]  # type: ignore[attr-defined]
    return _by_me("note_call", *sorted(steps))(user)


QUESTIONS: dict[str, Callable[[Any], QuerySet]] = {
    "members": _members,
    "candidates": _candidates,
    "targets": _targets,
    "imported": _by_me("apply_register"),
    "entered": _by_me("enter_candidate"),
    "recorded": _recorded,
    "appointed": _by_me("appoint"),
    "opened": _by_me("open_account", "hand_over_account"),
}
