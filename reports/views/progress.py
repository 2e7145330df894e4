"""Will we make it? The page of officials, for any unit and period, and its two tables."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext_lazy

from foundation import clock
from foundation.addresses import address, address_of
from foundation.days import format_day
from foundation.numbers import format_number
from foundation.tables import table_response
from foundation.web import page
from membership import scope
from membership.declare import any_day, lists
from membership.models import Kind, Organisation
from recruitment.groups import RESTRICTED
from recruitment.rulebook import wording
from reports import charts, frame, goals, progress
from reports.forms import AskForm
from reports.indicators.ground import CAPABILITY
from reports.places import Place
from reports.progress import Child, Progress

CHILDREN_SHOWN = 15
PIECES = {  # what a ceiling is the sum of, by the indicators, in the words of the ladder
    "admitted": ngettext_lazy("admitted", "admitted"),
    "possible_decided": ngettext_lazy("decided, ceremony to come", "decided, ceremony to come"),
    "possible_awaiting": ngettext_lazy("awaiting the decision", "awaiting the decision"),
    "possible_earlier": ngettext_lazy("other still in time", "others still in time"),
}
REASONS = {
    "stopped": gettext_lazy("paused or returned for completion"),
    "under-age": gettext_lazy("not yet of full age"),
    "over-age": gettext_lazy("above the highest age, without consent"),
    "introducer-time": gettext_lazy("introducer not long enough together with them"),
    "introducers-missing": gettext_lazy("introducers are missing"),
    "certificate-missing": gettext_lazy("no certificate of the awareness class"),
    "certificate-expired": gettext_lazy("certificate ran out, class to be repeated"),
    "class-ends": gettext_lazy("waiting for the end of the class"),
    "next-class-ends": gettext_lazy("waiting for the next class"),
    "no-class-planned": gettext_lazy("no class is planned"),
    "paper-announced": gettext_lazy("waiting for an answer that is announced"),
    "paper-missing": gettext_lazy("papers are missing"),
    "education-too-low": gettext_lazy("general education below the floor"),
    "vote-short": gettext_lazy("not enough votes"),
    "certificate-later": gettext_lazy("the certificate comes later"),
    "before-stage": gettext_lazy("the day of an earlier step has not come"),
    "paper-later": gettext_lazy("the day of a paper has not come"),
    "paper-old": gettext_lazy("a paper is too old"),
    "diploma-missing": gettext_lazy("proof of education is missing"),
    "readmission-wait": gettext_lazy("cannot be readmitted yet"),
    "never-readmitted": gettext_lazy("cannot be readmitted"),
    "readmitted-once": gettext_lazy("was readmitted once already"),
    "still-a-member": gettext_lazy("already a member"),
    "record-not-cleared": gettext_lazy("criminal record not cleared"),
    "": gettext_lazy("no time is left for the steps ahead"),
}


def _asked(request: HttpRequest) -> tuple[AskForm, Place, Progress]:
    form = AskForm(request)
    place = form.place(request.user)
    ask = form.ask(request.user, place)
    show_frame(request, form, place)
    wanted = goals.goals(ask, (row.organisation_id for row in place.children))
    return form, place, progress.progress(ask, wanted, place.children)


def show_frame(request: HttpRequest, form: AskForm, place: Place) -> None:
    """The frame stands on the unit and the day asked for."""
    url = address("progress")
    units = [{"name": row.name, "url": f"{url}?{form.query(unit=row.organisation_id)}"} for row in place.chain]
    frame.show(request, units=units, as_at=form.day, known_on=form.moment)


@any_day
@lists(Organisation, CAPABILITY)
def show(request: HttpRequest) -> HttpResponseBase:
    """The answer in a sentence, the ladder, the course so far, units worst first, whom to call, who is too late."""
    form, place, found = _asked(request)
    context = {
        "unit": place.name,
        **answer(found),
        "nominations_until": _nominations_until(place, found) if found.known else None,
        "tabs": _tabs(form, found),
        "actions": [{"label": _("Print"), "prints": True}],
        "figures": _pieces(form, found),
        "ladder": _ladder(found),
        "chart": _chart(found) if found.steps or found.goal.target else "",
        "chart_table_url": f"{address('progress_months')}?{form.query()}",
        "children": [_child(form, found, one) for one in found.children[:CHILDREN_SHOWN]],
        "children_count": sum(one.position is not None for one in found.children),
        "children_short": sum(bool(one.short(found.settled)) for one in found.children),
        "more_url": f"{address('progress_units')}?{form.query()}" if len(found.children) > CHILDREN_SHOWN else "",
        "calls": _calls(request.user, place, found),
        "too_late": _too_late(form, found),
    }
    return page(request, "reports/progress", context)


def answer(found: Progress) -> dict[str, Any]:
    """What reports/_answer.html puts into a sentence."""
    return {
        "period": {"label": found.goal.label, "over": found.over},
        "admitted": found.whole.admitted,
        "target": found.goal.target,
        "ceiling": found.whole.ceiling(found.known),
        "short": found.whole.short(found.settled),
        "last_day": found.goal.last,
    }


def _nominations_until(place: Place, found: Progress) -> date | None:
    return progress.nominations_until(place.chain, found.goal.last, found.ask.as_at)


def _tabs(form: AskForm, found: Progress) -> list[dict[str, Any]]:
    tabs = []
    for goal in found.goals:
        current = goal.about == found.goal.about
        other = dict.fromkeys(("period", "first", "last", "group"))
        score = f"{found.scores[goal.about]}/{goal.target}" if goal.target is not None else ""
        url = f"{address('progress')}?{form.query(**{**other, **goal.query})}"
        tabs.append({"label": goal.tab, "url": url, "current": current, "score": "" if current else score})
    return tabs


def _pieces(form: AskForm, found: Progress) -> list[dict[str, Any]]:
    """The ladder's figures, each a link to its list."""
    whole, target = found.whole, found.goal.target
    pieces = [("admitted", whole.admitted, "result")]
    if found.known:
        pieces += [
            ("possible_decided", whole.possible["decided"], "step-2"),
            ("possible_awaiting", whole.possible["awaiting_decision"], "step-3"),
            ("possible_earlier", whole.possible["earlier"], "possible"),
        ]
    figures: list[dict[str, Any]] = [
        {"number": number, "label": PIECES[code] % number, "url": list_url(form, code), "tone": tone}
        for code, number, tone in pieces
    ]
    if target is not None:
        words = {"admitted": figures[0]["label"], "target": format_number(target)}
        figures[0]["label"] = _("%(admitted)s, target %(target)s") % words
    if found.known:
        most = whole.ceiling(True)
        figures.append({"number": most, "label": _("at most"), "url": list_url(form, "ceiling"), "tone": ""})
    if short := whole.short(found.settled):
        figures.append({"number": short, "label": _("short"), "url": list_url(form, "ceiling"), "tone": "short"})
    return figures


def _ladder(found: Progress) -> Any:
    if found.goal.target is None:
        return ""
    possible = found.whole.possible
    pieces = [
        ("result", found.whole.admitted),
        ("step-2", possible["decided"]),
        ("step-3", possible["awaiting_decision"]),
        ("possible", possible["earlier"]),
        ("short", found.whole.short(found.settled) or 0),
    ]
    return charts.ladder(pieces)


def _chart(found: Progress) -> Any:
    pace = found.pace
    return charts.cumulative(
        first=found.goal.first,
        last=found.goal.last,
        today=found.ask.as_at,
        steps=found.steps,
        ahead=found.ahead,
        target=found.goal.target,
        pace=None if pace is None else float(pace),
        past=found.ask.as_at != clock.today(),
    )


def _child(form: AskForm, found: Progress, child: Child) -> dict[str, Any]:
    """One line of components/bullets.html. A cell opens its list, a committee its own progress."""
    unit = child.position.organisation_id if child.position else form.cleaned_data["unit"]
    leaf = child.position is None or child.position.organisation.kind == Kind.CELL
    query, own = form.query(unit=unit), child.position is not None
    list_address = _list(query, "admitted")
    pace = progress.pace_of(child.target, found.ask)
    ceiling = child.ceiling(found.known)
    return {
        "name": child.position.name if child.position else _("the unit itself and dissolved units"),
        "url": list_address if leaf else f"{address('progress')}?{query}",
        "list_url": list_address if own else "",
        "bullet": charts.bullet(child.admitted, ceiling, None if pace is None else float(pace), child.target),
        "admitted": child.admitted,
        "target": child.target,
        "ceiling": ceiling,
        "short": child.short(found.settled),
        "target_url": _list(query, "target") if own else "",
        "ceiling_url": _list(query, "ceiling") if own and ceiling is not None else "",
        "last_day": progress.act_before(child, found.goal.last, found.ask.as_at) if found.known else None,
    }


def _calls(user: Any, place: Place, found: Progress) -> list[dict[str, Any]]:
    """Only for those who may read names of the unit."""
    if not found.ask.is_now or found.over or not reads_names(user, place):
        return []
    return [
        {
            "name": call.person.full_name,
            "url": address_of("person", call.person.pk),
            "phone": call.phone,
            "office": call.child.position.name if call.child.position else "",
            "sentence": _why(call.child, found),
        }
        for call in progress.calls(found.children, found.settled)
    ]


def reads_names(user: Any, place: Place, group: str = "") -> bool:
    """Whether the user may read names in the unit; of a group derived from a restricted field only with that grant."""
    return has(user, place, "person.read") and (group not in RESTRICTED or has(user, place, "person.restricted"))


def has(user: Any, place: Place, capability: str) -> bool:
    """Whether the user has the capability over the unit, by an appointment over it or above it today."""
    reach = scope.reach(user, capability)
    return reach is None or any(place.chain[-1].path.startswith(path) for path in reach)


def _why(child: Child, found: Progress) -> str:
    """Why to call now, with the last useful day."""
    said = [
        words % {"number": format_number(number)}
        for words, number in (
            (_("%(number)s short."), child.short(True)),
            (_("Decided, without a ceremony: %(number)s."), child.possible["decided"]),
            (_("Past the cell, awaiting the decision: %(number)s."), child.possible["awaiting_decision"]),
            (_("Others still in time: %(number)s."), child.possible["earlier"]),
        )
        if number
    ]
    if until := progress.act_before(child, found.goal.last, found.ask.as_at):
        said.append(_("Must move before %(day)s.") % {"day": format_day(until)})
    else:
        said.append(_("Nobody left who could be in time: ask for sources for the next period."))
    return " ".join(said)


def _too_late(form: AskForm, found: Progress) -> dict[str, Any]:
    rows = [
        {
            "number": number,
            "label": reason(code),
            "url": list_url(form, "too_late", reason=code or "none"),
            "note": _("earliest %(day)s") % {"day": format_day(earliest)} if earliest else "",
        }
        for code, number, earliest in progress.reasons(found.late)
    ]
    return {"count": sum(row["number"] for row in rows), "rows": rows}


def reason(code: str) -> str:
    """A finding's code as a few words."""
    return str(REASONS[code]) if code in REASONS else wording.text_of_code(code, None, format_day)


def list_url(form: AskForm, code: str, **changed: Any) -> str:
    """The list behind a figure of this page."""
    own = {name: value for name, value in changed.items() if name == "reason"}
    asked = form.query(**{name: value for name, value in changed.items() if name not in own})
    return _list("&".join(part for part in (asked, urlencode(own)) if part), code)


def _list(query: str, code: str) -> str:
    return f"{address_of('figure_list', code)}?{query}"


# Tables ---------------------------------------------------------------------------------------------------------------


@any_day
@lists(Organisation, CAPABILITY)
def units(request: HttpRequest) -> HttpResponseBase:
    """All units one level down, worst first, as a table; of a unit without any only that it has none."""
    form, place, found = _asked(request)
    labels = [_("Unit"), _("Target"), _("Pace"), _("Admitted"), _("At most"), _("Short"), _("Act before")]
    total = [place.name, found.goal.target, found.pace, found.whole.admitted, found.whole.ceiling(found.known)]
    rows = [_unit_row(form, found, child) for child in found.children] if place.children else []
    rows += [_total_row([*total, found.whole.short(found.settled), None])] if rows else []
    nothing = _("No unit stands under this one.")
    lead = " ".join(filter(None, [_said(found), _made_up(found)]))
    return _table(request, form, place, found, labels, rows, _("Units"), lead, nothing)


def _total_row(values: list[Any]) -> dict[str, Any]:
    cells = _cells(values)
    cells[5]["late"] = bool(values[5])
    return {"cells": cells, "total": True}


def _made_up(found: Progress) -> str:
    """Why the whole is less short than its units: others exceed their targets."""
    together = sum(child.short(found.settled) or 0 for child in found.children)
    made_up = together - (found.whole.short(found.settled) or 0)
    if found.goal.target is None or made_up <= 0:
        return ""
    words = {"together": format_number(together), "made_up": format_number(made_up)}
    return _("Short of all units together: %(together)s; others make up for %(made_up)s.") % words


def _unit_row(form: AskForm, found: Progress, child: Child) -> dict[str, Any]:
    line = _child(form, found, child)
    pace = progress.pace_of(child.target, found.ask)
    values = [line["name"], child.target, pace, child.admitted, line["ceiling"], line["short"], line["last_day"]]
    cells = _cells(values)
    cells[0]["url"] = line["url"]
    for place, name in ((1, "target_url"), (2, "target_url"), (3, "list_url"), (4, "ceiling_url"), (5, "ceiling_url")):
        if values[place] is not None and (place != 5 or line["short"]):
            cells[place]["url"] = line[name]
    cells[5]["late"] = bool(line["short"])
    lost = line["short"] and line["ceiling"] is not None and not line["last_day"]
    cells[6] = {"kind": "day", "value": line["last_day"], "words": _("no source left") if lost else ""}
    return {"cells": cells}


@any_day
@lists(Organisation, CAPABILITY)
def months(request: HttpRequest) -> HttpResponseBase:
    """Admissions by month, cumulative, beside an even pace; each number leads to its names."""
    form, place, found = _asked(request)
    labels = [_("Month"), _("Admitted"), _("Since the first day"), _("Pace")]
    rows = [_month_row(form, found, *month) for month in _months(found)]
    return _table(request, form, place, found, labels, rows, _("Months"), _said(found))


def _month_row(form: AskForm, found: Progress, first: date, last: date, admitted: int, total: int) -> Any:
    pace = progress.pace_of(found.goal.target, found.ask.but(as_at=last))
    cells = _cells([f"{first:%m/%Y}", admitted, total, pace])
    for cell, since in ((cells[1], first), (cells[2], found.goal.first)):
        cell["url"] = list_url(form, "admitted", period=None, first=since.isoformat(), last=last.isoformat())
    if pace is not None:
        cells[3]["url"] = list_url(form, "target")
    return {"cells": cells}


def _months(found: Progress) -> Iterable[tuple[date, date, int, int]]:
    """Each month: its first and last day counted, admissions in it and since the period began."""
    by_month: Counter[tuple[int, int]] = Counter()
    before = 0
    for day, total in found.steps:
        by_month[day.year, day.month] += total - before
        before = total
    total = 0
    for first in charts.course.month_begins(found.goal.first, min(found.goal.last, found.ask.as_at)):
        after = date(first.year + first.month // 12, first.month % 12 + 1, 1)
        until = min(date.fromordinal(after.toordinal() - 1), found.goal.last, found.ask.as_at)
        total += by_month[first.year, first.month]
        yield first, until, by_month[first.year, first.month], total


def _cells(values: Iterable[Any]) -> list[dict[str, Any]]:
    return [{"kind": _kind(place, value), "value": value} for place, value in enumerate(values)]


def _kind(place: int, value: Any) -> str:
    if isinstance(value, date):
        return "day"
    return "number" if place else "text"


def _said(found: Progress) -> str:
    """The answer as one sentence."""
    admitted, target = format_number(found.whole.admitted), found.goal.target
    if target is None:
        return _("%(admitted)s admitted.") % {"admitted": admitted}
    return _("%(admitted)s of %(target)s admitted.") % {"admitted": admitted, "target": format_number(target)}


def _table(
    request: HttpRequest,
    form: AskForm,
    place: Place,
    found: Progress,
    labels: list[str],
    rows: list[dict[str, Any]],
    name: str,
    lead: str,
    nothing: str = "",
) -> HttpResponseBase:
    if kind := form.file_kind("xlsx", "csv"):
        values = ([cell["value"] for cell in row["cells"]] for row in rows)
        return table_response(request, name, labels, values, kind)
    columns = [{"label": label, "kind": "number" if at else "text"} for at, label in enumerate(labels)]
    context = {
        "title": _("%(table)s, %(period)s: %(unit)s")
        % {
            "table": name,
            "period": found.goal.label,
            "unit": place.name,
        },
        "lead": lead,
        "columns": columns,
        "rows": rows,
        "may_export": bool(rows),
        "tabs": [],
        "nothing": nothing,
        "back": f"{address('progress')}?{form.query()}",
    }
    return page(request, "reports/table", context)
