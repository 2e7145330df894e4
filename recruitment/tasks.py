"""What an office has to do: late, this week, waiting for others, coming up. The work page and the list ask here."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Any

from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from membership import scope
from membership.models import Tier
from recruitment.models import Document, PutOff

SOON, AHEAD = timedelta(days=7), timedelta(days=45)
ON_THE_WAY = Q(standing__state__in=("open", "admitted"), closed_on=None)  # the last is the quicker to find
_CELL = {"secretary", "introducers", "person", ""}
_COMMITTEE = _CELL | {"sub_committee", "grassroots"}
_MOVES = {  # whose moves an office at this tier sees to; at a higher tier all that units of the Party take
    Tier.SUBORDINATE_CELL: _CELL,
    Tier.SUB_COMMITTEE: _CELL | {"sub_committee"},
    Tier.UNDER_GRASSROOTS: _CELL | {"sub_committee"},
    Tier.GRASSROOTS: _COMMITTEE,
}


def moves(user: Any) -> set[str]:
    """Whose moves the user's offices see to."""
    paths = scope.reach(user, "recruitment.step")
    tiers = {one.tier for one in scope.holdings(user) if one.tier and one.path in (paths or ())}
    known = [_MOVES.get(Tier(tier), _COMMITTEE | {"competent"}) for tier in tiers]
    return set().union(*known) if paths is not None else _COMMITTEE | {"competent"}


def awaited_papers() -> Any:
    """Papers asked for and not here, the earliest promised first."""
    papers = Document.objects.filter(dated_on=None, asked_on__isnull=False)
    return papers.order_by(F("promised_on").asc(nulls_last=True), "asked_on", "pk")


def late(day: date) -> Q:
    """What was due before the day."""
    return Q(standing__due_on__lt=day)


def this_week(day: date) -> Q:
    """What is due within seven days, or has become possible."""
    # A standing says days, as assessed on a day: what held somebody until a day that has come since holds no longer.
    free = Q(standing__waits_until__lte=day, standing__assessed_on__lt=F("standing__waits_until"))
    return Q(standing__due_on__range=(day, day + SOON)) | free & Q(standing__due_on=None)


def awaits_a_paper() -> Q:
    """Open candidates of whom a paper was asked for."""
    return Q(Exists(awaited_papers().filter(candidate=OuterRef("pk"))), standing__state="open")


def others_move(user: Any) -> Q:
    """Candidates whose next move is another's, and of whom no paper is awaited."""
    awaited = Exists(awaited_papers().filter(candidate=OuterRef("pk")))
    return ON_THE_WAY & ~Q(standing__whose_move__in=moves(user)) & ~Q(awaited)


def ahead(day: date) -> Q:
    """What is held until a day that is near, and not due before."""
    near = Q(standing__waits_until__range=(day + timedelta(days=1), day + AHEAD))
    return ON_THE_WAY & near & ~Q(standing__due_on__lte=day + SOON)


def ours(user: Any) -> Q:
    """On the way, and the next move is the user's."""
    return ON_THE_WAY & Q(standing__whose_move__in=moves(user))


def put_off(user: Any, day: date) -> Any:
    """What the user has put off until after the day, as long as its step and its due day are what they were then."""
    now = "candidate__standing__"
    same_day = Q(due_on=F(f"{now}due_on")) | Q(**{"due_on": None, f"{now}due_on": None})
    return PutOff.objects.filter(same_day, user=user, until_on__gt=day, step=F(f"{now}next_step"))


def aside(user: Any, day: date) -> Q:
    """Candidates whose task the user has put off until after the day."""
    return Q(pk__in=put_off(user, day).values("candidate"))


GROUPS: Mapping[str, tuple[Any, Callable[[Any, date], Q]]] = {  # label, candidates of the user
    "late": (_("Overdue"), lambda user, day: ours(user) & late(day) & ~aside(user, day)),
    "week": (_("Next seven days"), lambda user, day: ours(user) & this_week(day) & ~aside(user, day)),
    "waiting": (_("Waiting for others"), lambda user, day: (awaits_a_paper() | others_move(user)) & ~aside(user, day)),
    "ahead": (_("Coming up"), lambda user, day: ahead(day) & ~aside(user, day)),
    "put_off": (_("Put off"), lambda user, day: ON_THE_WAY & aside(user, day)),
}
