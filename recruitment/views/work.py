"""Home of staff: what is late, what is due, what waits for others, what is coming; worst first."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, F, OuterRef, Q, Subquery, Window
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from foundation import clock
from foundation.addresses import address
from foundation.days import format_day
from foundation.statements import By, prepared, totals
from foundation.web import page
from foundation.web.lists import in_places
from membership import scope
from membership.declare import lists
from membership.models.organisations import names_of_unit
from recruitment import tasks
from recruitment.forms.steps import OF_STAGE, STEPS
from recruitment.known import current
from recruitment.models import Candidate
from recruitment.rulebook import wording
from recruitment.rulebook.book import RuleBook
from recruitment.rulebook.calendar import is_working_day
from recruitment.views import presented
from recruitment.views.listing import in_words, new_candidate
from recruitment.views.putting_off import days_on_offer
from recruitment.views.together import FROM_WORK, deeds

AT_ONCE = 25  # rows a group; the rest is one activation away, in the list
_ORDERS = {"late": "due_on", "week": "due_on", "waiting": "stage_since", "ahead": "waits_until"}
_DUE = "_due_numbers"  # counted once a request
_MEETS = ("probation", "recognition_meeting", "cell_meeting")


@lists(Candidate, "candidate.write")
def work(request: HttpRequest) -> HttpResponse:
    """What must I do now."""
    day, book, reader = clock.today(), current(), scope.reader(request.user)
    off = _put_off(reader, day)
    those = _those(reader, day, off)
    groups = [
        _group("late", *those["late"], lambda one: _task(one, day, book)),
        _group("week", *those["week"], lambda one: _task(one, day, book)),
        _waiting(*those["waiting"], reader, day),
        _group("ahead", *those["ahead"], lambda one: _ahead(one, day)),
    ]
    late_count, week_count = groups[0]["count"], groups[1]["count"]
    setattr(request, _DUE, {"count": late_count + week_count, "late": late_count})
    past = {"label": _("Record a past admission"), "url": address("past_admission_new"), "writes": True}
    context = {
        "groups": groups if any(group["rows"] for group in groups) else [],
        "count": late_count + week_count,
        "late": late_count,
        **_most_urgent(groups[:2]),
        "actions": [*([past] if "grassroots" in tasks.moves(request.user) else []), new_candidate()],
        "first_step": new_candidate(),
        "put_off": _aside(those["put_off"][0], off, day),
        "bulk": [*deeds(FROM_WORK, _codes(groups)), {"label": _("Put off until")}, *days_on_offer()],
        "bulk_url": address("work_put_off"),
    }
    return page(request, "recruitment/work", context)


def _those(reader: By, day: date, off: list[Any]) -> dict[str, tuple[list[Any], int]]:
    """The first of each group, and the number of all; of those that wait for others, who waits for no paper."""
    chosen = {code: _chosen(reader, day, code, order) for code, order in _ORDERS.items()}
    chosen["put_off"] = [(one.candidate_id, one.total) for one in off]
    keys = sorted({key for rows in chosen.values() for key, _total in rows})
    found = _in_words(day, keys=keys) if keys else []
    return {
        code: (in_places([key for key, _total in rows], found), rows[0][1] if rows else 0)
        for code, rows in chosen.items()
    }


@prepared
def _chosen(reader: By, day: date, code: str, order: str) -> Any:
    which = tasks.GROUPS[code][1](reader.value, day)
    if code == "waiting":
        which = tasks.others_move(reader.value) & ~tasks.aside(reader.value, day)
    rows = Candidate.objects.visible_to(reader.value).filter(which)
    rows = rows.order_by(F(f"standing__{order}").asc(nulls_last=True), "person__sort_key", "pk")
    return rows.annotate(total=Window(Count("pk"))).values_list("pk", "total")[:AT_ONCE]


@prepared
def _put_off(reader: By, day: date) -> Any:
    """What the reader has put off, what comes back first at the top; with the number of all, and of the overdue."""
    those = Candidate.objects.visible_to(reader.value).filter(tasks.ON_THE_WAY)
    rows = tasks.put_off(reader.value, day).filter(candidate__in=those.values("pk"))
    rows = rows.annotate(total=Window(Count("pk")), late=Window(Count("pk", filter=Q(due_on__lt=day))))
    return rows.order_by("until_on", "candidate__person__sort_key", "pk")[:AT_ONCE]


@prepared
def _in_words(day: date, *, keys: list[int]) -> Any:
    return in_words(Candidate.objects.filter(pk__in=keys), day)


def due_numbers(request: HttpRequest) -> dict[str, int]:
    """How many tasks the reader has, and how many of them are late: the count in the side navigation."""
    if (known := getattr(request, _DUE, None)) is not None:
        return known
    [(late, count)] = _due(scope.reader(request.user), clock.today())
    return {"late": late, "count": count}


@prepared
def _due(reader: By, day: date) -> Any:
    due = Candidate.objects.filter(
        tasks.ours(reader.value), tasks.late(day) | tasks.this_week(day), ~tasks.aside(reader.value, day)
    )
    return totals(due.visible_to(reader.value), late=Count("pk", filter=tasks.late(day)), due=Count("pk"))


def _group(code: str, found: list[Any], count: int, row: Any) -> dict[str, Any]:
    """A group with the number of all its rows, also of those that are not shown; the list has exactly these."""
    return {
        "code": code,
        "label": tasks.GROUPS[code][0],
        "rows": [row(one) for one in found],
        "count": count,
        "more_url": _all_of(code) if count > len(found) else "",
    }


def _all_of(code: str) -> str:
    return f"{address('candidates')}?work={code}&sort=due"


def _codes(groups: Iterable[dict[str, Any]]) -> set[str]:
    """The steps that the rows offer to record."""
    return {row["deed"]["code"] for group in groups for row in group["rows"] if row["deed"]}


def _most_urgent(groups: Iterable[dict[str, Any]]) -> dict[str, str]:
    first = next((row for group in groups for row in group["rows"]), None)
    if first is None:
        return {"most_urgent": ""}
    said = {"task": first["task"], "who": first["who"]}
    return {"most_urgent": _("Most urgent: %(task)s, %(who)s.") % said, "named": first["who"]}


def _row(one: Any, task: Any, when: date | None, day: date) -> dict[str, Any]:
    return {
        "pk": one.pk,
        "task": task,
        "who": one.person.full_name,
        "who_url": one.get_absolute_url(),
        "unit": ", ".join(name for name in one.place or () if name),
        "day": when,
        "distance": distance(when, day) if when else "",
        "late": bool(when and when < day),
    }


def _deed(one: Any, code: str) -> dict[str, Any]:
    return {"code": code, "label": STEPS[code].label, "url": reverse("candidate_step", args=[one.pk, code])}


def _task(one: Any, day: date, book: RuleBook) -> dict[str, Any]:
    """A step of ours that is due."""
    step, code = one.standing.next_step, OF_STAGE.get(one.standing.next_step)
    row = _row(one, wording.stage_title(step), one.standing.due_on, day) | {"deed": _deed(one, code) if code else None}
    if one.standing.due_on is None:
        row |= {"day": one.standing.waits_until, "distance": _("possible since then")}
    stage = book.stage(step, day)
    citations = [requirement.citation for requirement in stage.requirements] if stage else []
    return row | {"clause": presented.clause(citations[-1]) if citations else ""}


def _waiting(others: list[Any], number: int, reader: By, day: date) -> dict[str, Any]:
    """Papers that others promised, one a candidate, the earliest first; then those whose next move is another's."""
    papers = _papers(reader, day)
    first = _group("waiting", papers, papers[0].total if papers else 0, lambda paper: _paper(paper, day))
    second = _group("waiting", others, number, lambda one: _other(one, day))
    count = first["count"] + second["count"]
    shown = (first["rows"] + second["rows"])[:AT_ONCE]
    return {**first, "rows": shown, "count": count, "more_url": _all_of("waiting") if count > len(shown) else ""}


@prepared
def _papers(reader: By, day: date) -> Any:
    """Of each candidate the user reads the first paper asked for and not here, with the names of its units."""
    waiting = Candidate.objects.visible_to(reader.value)
    waiting = waiting.filter(tasks.awaits_a_paper(), ~tasks.aside(reader.value, day))
    first = tasks.awaited_papers().filter(candidate=OuterRef("pk")).values("pk")[:1]
    papers = tasks.awaited_papers().filter(pk__in=waiting.values_list(Subquery(first)))
    rows = papers.annotate(place=names_of_unit("candidate__cell_id", day))
    rows = rows.annotate(total=Subquery(totals(waiting, number=Count("pk"))))
    return rows.select_related("candidate__person")[:AT_ONCE]


def _paper(paper: Any, day: date) -> dict[str, Any]:
    one = paper.candidate
    one.place = paper.place
    row = _row(one, capfirst(paper.get_kind_display()), paper.promised_on or paper.asked_on, day)
    if not paper.promised_on:
        row |= {"distance": _("asked for"), "late": False}
    return row | {"clause": paper.asked_of, "deed": _deed(one, "call")}


def _other(one: Any, day: date) -> dict[str, Any]:
    row = _row(one, wording.stage_title(one.standing.next_step), one.standing.stage_since, day)
    who = capfirst(wording.RESOLVERS.get(one.standing.whose_move, ""))
    said = "" if str(who) == str(row["task"]) else who  # a step may be called as who takes it
    return row | {"distance": _("waits since then"), "late": False, "clause": said, "deed": _deed(one, "call")}


def _ahead(one: Any, day: date) -> dict[str, Any]:
    """What holds a candidate until a day that is near."""
    standing = one.standing
    task = wording.text_of_code(standing.waits_for, standing.waits_until, format_day).rstrip(".")
    return _row(one, task, standing.waits_until, day) | {
        "deed": _deed(one, "meeting" if standing.next_step in _MEETS else "call")
    }


def _aside(found: list[Any], off: list[Any], day: date) -> dict[str, Any] | None:
    """What was put off: how much in all, how much of it is overdue, and the first of it with the day of its return."""
    if not off:
        return None
    until = {one.candidate_id: one.until_on for one in off}
    group = _group("put_off", found, off[0].total, lambda one: _off(one, until[one.pk], day))
    return {**group, "late": off[0].late}


def _off(one: Any, until: date, day: date) -> dict[str, Any]:
    row = _row(one, wording.stage_title(one.standing.next_step), until, day) | {"distance": _("back on your list")}
    due_on = one.standing.due_on
    if due_on and due_on < day:
        row |= {"clause": _("Overdue since %(day)s") % {"day": format_day(due_on)}}
    return row


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
