"""Home of staff: what is due, what is late, what waits for others, what is coming; worst first."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from foundation import clock
from foundation.days import format_day
from foundation.web import page
from membership.declare import lists
from recruitment.facts_loader import current
from recruitment.forms.steps import OF_STAGE, STEPS
from recruitment.models import Candidate, Document
from recruitment.rulebook import wording
from recruitment.rulebook.calendar import is_working_day
from recruitment.views import presented
from recruitment.views.listing import listed

AT_ONCE = 25  # rows a group; the rest is one activation away, in the list
SOON, AHEAD = timedelta(days=7), timedelta(days=45)
_OTHERS = ("youth_union", "trade_union", "organiser", "person", "province")


@lists(Candidate, "candidate.write")
def work(request: HttpRequest) -> HttpResponse:
    """What must I do now."""
    day = clock.today()
    rows = listed(request.user, day).filter(standing__state__in=("open", "admitted"))
    due = rows.order_by("standing__due_on", "person__sort_key", "pk")
    late = due.filter(standing__due_on__lt=day)
    week = due.filter(standing__due_on__range=(day, day + SOON))
    waits = Q(standing__whose_move__in=_OTHERS, standing__state="open")
    ahead = rows.filter(standing__waits_until__range=(day, day + AHEAD)).order_by("standing__waits_until", "pk")
    groups = [
        _group("late", _("Overdue"), [_task(one, one.standing.due_on, day) for one in late[:AT_ONCE]]),
        _group("week", _("Next seven days"), [_task(one, one.standing.due_on, day) for one in week[:AT_ONCE]]),
        _group("waiting", _("Waiting for others"), _waiting(request.user, rows.filter(waits), day)),
        _group("ahead", _("Coming up"), [_ahead(one, day) for one in ahead[:AT_ONCE]]),
    ]
    late_count = late.count() if len(groups[0]["rows"]) == AT_ONCE else len(groups[0]["rows"])
    context = {
        "groups": groups,
        "count": late_count + len(groups[1]["rows"]),
        "late": late_count,
        "most_urgent": _most_urgent(groups),
        "actions": [
            {"label": _("Record a past admission"), "url": reverse("past_admission_new"), "writes": True},
            {
                "label": _("New candidate"),
                "url": reverse("candidate_new"),
                "icon": "plus",
                "primary": True,
                "writes": True,
            },
        ],
        "more_url": f"{reverse('candidates')}?overdue=on",
    }
    return page(request, "recruitment/work", context)


def _group(code: str, label: str, rows: list[dict[str, Any]]) -> dict[str, Any]:
    return {"code": code, "label": label, "rows": rows}


def _most_urgent(groups: Iterable[dict[str, Any]]) -> str:
    first = next((row for group in groups for row in group["rows"]), None)
    return _("Most urgent: %(task)s, %(who)s.") % {"task": first["task"], "who": first["who"]} if first else ""


def _row(one: Any, task: Any, when: date | None, day: date, deed: dict[str, Any] | None) -> dict[str, Any]:
    return {
        "pk": one.pk,
        "task": task,
        "who": one.person.full_name,
        "who_url": one.get_absolute_url(),
        "unit": f"{one.cell_name}, {one.above_name}" if one.above_name else one.cell_name,
        "day": when,
        "distance": distance(when, day) if when else "",
        "late": bool(when and when < day),
        "deed": deed,
    }


def _task(one: Any, when: date, day: date) -> dict[str, Any]:
    """A step of ours that is due."""
    step = one.standing.next_step
    row = _row(one, wording.stage_title(step), when, day, _deed(one, step))
    stage = current().stage(step, day)
    citations = [requirement.citation for requirement in stage.requirements] if stage else []
    return row | {"clause": presented.clause(citations[-1]) if citations else ""}


def _deed(one: Any, step: str) -> dict[str, Any] | None:
    code = OF_STAGE.get(step)
    return {"label": STEPS[code].label, "url": reverse("candidate_step", args=[one.pk, code])} if code else None


def _waiting(user: Any, rows: Any, day: date) -> list[dict[str, Any]]:
    """Papers that others promised, the earliest first, then candidates whose next move is another's."""
    visible = {
        one.pk: one
        for one in listed(user, day)
        .filter(standing__state="open", documents__dated_on=None, documents__asked_on__isnull=False)
        .order_by("pk")[:200]
    }
    asked = Document.objects.filter(candidate__in=visible, dated_on=None).order_by("promised_on", "asked_on", "pk")
    call = _("Note a call")
    found = [
        _row(
            visible[paper.candidate_id],
            paper.get_kind_display(),
            paper.promised_on or paper.asked_on,
            day,
            {"label": call, "url": reverse("candidate_step", args=[paper.candidate_id, "call"])},
        )
        | {
            "clause": paper.asked_of,
            "distance": distance(paper.promised_on, day) if paper.promised_on else _("asked for"),
        }
        for paper in asked[:AT_ONCE]
    ]
    for one in rows.order_by("standing__stage_since", "pk")[: AT_ONCE - len(found)]:
        deed = {"label": call, "url": reverse("candidate_step", args=[one.pk, "call"])}
        row = _row(one, wording.stage_title(one.standing.next_step), one.standing.stage_since, day, deed)
        found.append(row | {"clause": wording.RESOLVERS.get(one.standing.whose_move, ""), "late": False})
    return found


def _ahead(one: Any, day: date) -> dict[str, Any]:
    """What holds a candidate until a day that is near."""
    standing = one.standing
    task = wording.text_of_code(standing.waits_for, standing.waits_until, format_day)
    return _row(one, task, standing.waits_until, day, _deed(one, standing.next_step))


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
