"""Home of staff: what is late, what is due, what waits for others, what is coming; worst first."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, Subquery, Window
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from foundation import clock
from foundation.days import format_day
from foundation.web import page
from membership import scope
from membership.declare import lists
from membership.models import Position, Tier
from recruitment.facts_loader import current
from recruitment.forms.steps import OF_STAGE, STEPS
from recruitment.models import Candidate, Document
from recruitment.rulebook import wording
from recruitment.rulebook.book import RuleBook
from recruitment.rulebook.calendar import is_working_day
from recruitment.views import presented
from recruitment.views.listing import listed, new_candidate

AT_ONCE = 25  # rows a group; the rest is one activation away, in the list
SOON, AHEAD = timedelta(days=7), timedelta(days=45)
_CELL = {"secretary", "introducers", "person", ""}
_COMMITTEE = _CELL | {"sub_committee", "grassroots"}
_MOVES = {  # whose moves an office at this tier sees to; at a higher tier all that units of the Party take
    Tier.SUBORDINATE_CELL: _CELL,
    Tier.SUB_COMMITTEE: _CELL | {"sub_committee"},
    Tier.UNDER_GRASSROOTS: _CELL | {"sub_committee"},
    Tier.GRASSROOTS: _COMMITTEE,
}
_DUE = "_due_numbers"  # counted once a request
_ON_THE_WAY = Q(standing__state__in=("open", "admitted"))
_MEETS = ("probation", "recognition_meeting", "cell_meeting")


@lists(Candidate, "candidate.write")
def work(request: HttpRequest) -> HttpResponse:
    """What must I do now."""
    day, moves, book = clock.today(), _moves(request.user), current()
    rows = listed(request.user, day).annotate(total=Window(Count("pk")))
    on_the_way = rows.filter(_ON_THE_WAY)
    due = on_the_way.filter(standing__whose_move__in=moves).order_by("standing__due_on", "person__sort_key", "pk")
    late, week = due.filter(_late(day))[:AT_ONCE], due.filter(_this_week(day))[:AT_ONCE]
    ahead = on_the_way.filter(standing__waits_until__range=(day + timedelta(days=1), day + AHEAD))
    ahead = ahead.exclude(standing__due_on__lte=day + SOON).order_by("standing__waits_until", "person__sort_key", "pk")
    groups = [
        _group("late", _("Overdue"), late, lambda one: _task(one, day, book)),
        _group("week", _("Next seven days"), week, lambda one: _task(one, day, book)),
        _waiting(request.user, on_the_way.exclude(standing__whose_move__in=moves), day),
        _group("ahead", _("Coming up"), ahead[:AT_ONCE], lambda one: _ahead(one, day)),
    ]
    late_count, week_count = groups[0]["count"], groups[1]["count"]
    setattr(request, _DUE, {"count": late_count + week_count, "late": late_count})
    past = {"label": _("Record a past admission"), "url": reverse("past_admission_new"), "writes": True}
    context = {
        "groups": groups if any(group["rows"] for group in groups) else [],
        "count": late_count + week_count,
        "late": late_count,
        "most_urgent": _most_urgent(groups[:2]),
        "actions": [*([past] if "grassroots" in moves else []), new_candidate()],
        "first_step": new_candidate(),
    }
    return page(request, "recruitment/work", context)


def _late(day: date) -> Q:
    return Q(standing__due_on__lt=day)


def _this_week(day: date) -> Q:
    # A standing says days, as assessed on a day: what held somebody until a day that has come since holds no longer.
    free = Q(standing__waits_until__lte=day, standing__assessed_on__lt=F("standing__waits_until"))
    return Q(standing__due_on__range=(day, day + SOON)) | free & Q(standing__due_on=None)


def due_numbers(request: HttpRequest) -> dict[str, int]:
    """How many tasks the reader has, and how many of them are late: the count in the side navigation."""
    if (known := getattr(request, _DUE, None)) is not None:
        return known
    user, day = request.user, clock.today()
    own = Candidate.objects.visible_to(user).filter(_ON_THE_WAY, standing__whose_move__in=_moves(user))
    return own.aggregate(late=Count("pk", filter=_late(day)), count=Count("pk", filter=_late(day) | _this_week(day)))


def _moves(user: Any) -> set[str]:
    """Whose moves the user's offices see to."""
    paths = scope.reach(user, "recruitment.step")
    tiers = {one.tier for one in scope.holdings(user) if one.tier and one.path in (paths or ())}
    known = [_MOVES.get(Tier(tier), _COMMITTEE | {"competent"}) for tier in tiers]
    return set().union(*known) if paths is not None else _COMMITTEE | {"competent"}


def _group(code: str, label: str, found: Iterable[Any], row: Any) -> dict[str, Any]:
    """A group with the number of all its rows, also of those that are not shown."""
    found = list(found)
    more = {"late": f"{reverse('candidates')}?overdue=on&sort=due", "week": f"{reverse('candidates')}?sort=due"}
    return {
        "code": code,
        "label": label,
        "rows": [row(one) for one in found],
        "count": found[0].total if found else 0,
        "more_url": more.get(code, reverse("candidates")) if found and found[0].total > len(found) else "",
    }


def _most_urgent(groups: Iterable[dict[str, Any]]) -> str:
    first = next((row for group in groups for row in group["rows"]), None)
    return _("Most urgent: %(task)s, %(who)s.") % {"task": first["task"], "who": first["who"]} if first else ""


def _row(one: Any, task: Any, when: date | None, day: date) -> dict[str, Any]:
    return {
        "pk": one.pk,
        "task": task,
        "who": one.person.full_name,
        "who_url": one.get_absolute_url(),
        "unit": f"{one.cell_name}, {one.above_name}" if one.above_name else one.cell_name,
        "day": when,
        "distance": distance(when, day) if when else "",
        "late": bool(when and when < day),
    }


def _deed(one: Any, code: str) -> dict[str, Any]:
    return {"label": STEPS[code].label, "url": reverse("candidate_step", args=[one.pk, code])}


def _task(one: Any, day: date, book: RuleBook) -> dict[str, Any]:
    """A step of ours that is due."""
    step, code = one.standing.next_step, OF_STAGE.get(one.standing.next_step)
    row = _row(one, wording.stage_title(step), one.standing.due_on, day) | {"deed": _deed(one, code) if code else None}
    if one.standing.due_on is None:
        row |= {"day": one.standing.waits_until, "distance": _("possible since then")}
    stage = book.stage(step, day)
    citations = [requirement.citation for requirement in stage.requirements] if stage else []
    return row | {"clause": presented.clause(citations[-1]) if citations else ""}


def _waiting(user: Any, rows: Any, day: date) -> dict[str, Any]:
    """Papers that others promised, the earliest first, then candidates whose next move is another's."""
    asked = Document.objects.filter(candidate=OuterRef("pk"), dated_on=None, asked_on__isnull=False)
    others = rows.exclude(Exists(asked)).order_by("standing__stage_since", "person__sort_key", "pk")[:AT_ONCE]
    first = _group("waiting", _("Waiting for others"), _papers(user, day), lambda paper: _paper(paper, day))
    second = _group("waiting", "", others, lambda one: _other(one, day))
    count = first["count"] + second["count"]
    shown = (first["rows"] + second["rows"])[:AT_ONCE]
    return {**first, "rows": shown, "count": count, "more_url": reverse("candidates") if count > len(shown) else ""}


def _papers(user: Any, day: date) -> list[Any]:
    """Papers asked for and not here, of candidates the user reads, with the names of cell and committee."""
    cell = Position.objects.as_at(day).filter(organisation=OuterRef("candidate__cell_id"))
    above = Position.objects.as_at(day).filter(organisation=OuterRef("above_id"))
    visible = Candidate.objects.visible_to(user).filter(standing__state="open")
    rows = Document.objects.filter(candidate__in=visible.values("pk"), dated_on=None, asked_on__isnull=False)
    rows = rows.annotate(cell_name=Subquery(cell.values("name")[:1]), above_id=Subquery(cell.values("parent")[:1]))
    rows = rows.annotate(above_name=Subquery(above.values("name")[:1]), total=Window(Count("pk")))
    ordered = rows.order_by(F("promised_on").asc(nulls_last=True), "asked_on", "pk")
    return list(ordered.select_related("candidate__person")[:AT_ONCE])


def _paper(paper: Any, day: date) -> dict[str, Any]:
    one = paper.candidate
    one.cell_name, one.above_name = paper.cell_name, paper.above_name
    row = _row(one, capfirst(paper.get_kind_display()), paper.promised_on or paper.asked_on, day)
    if not paper.promised_on:
        row |= {"distance": _("asked for"), "late": False}
    return row | {"clause": paper.asked_of, "deed": _deed(one, "call")}


def _other(one: Any, day: date) -> dict[str, Any]:
    row = _row(one, wording.stage_title(one.standing.next_step), one.standing.stage_since, day)
    who = capfirst(wording.RESOLVERS.get(one.standing.whose_move, ""))
    return row | {"distance": _("waits since then"), "late": False, "clause": who, "deed": _deed(one, "call")}


def _ahead(one: Any, day: date) -> dict[str, Any]:
    """What holds a candidate until a day that is near."""
    standing = one.standing
    task = wording.text_of_code(standing.waits_for, standing.waits_until, format_day).rstrip(".")
    return _row(one, task, standing.waits_until, day) | {
        "deed": _deed(one, "meeting" if standing.next_step in _MEETS else "call")
    }


def distance(when: date, day: date) -> str:
    """How far a day is, in working days, in words."""
    first, last = min(when, day), max(when, day)
    span = (last - first).days
    if span > 120:
        return format_day(when)
    number = sum(is_working_day(first + timedelta(days=offset)) for offset in range(1, span + 1))
    words = {"number": number}
    if when < day:
        return ngettext("%(number)s working day late", "%(number)s working days late", number) % words
    if when == day:
        return _("today")
    return ngettext("%(number)s working day left", "%(number)s working days left", number) % words
