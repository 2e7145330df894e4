"""Which candidates: the list, its export and its sheet of paper."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from django.db.models import Case, Count, Exists, OuterRef, Q, Value, When, Window
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from foundation import clock
from foundation.addresses import address
from foundation.numbers import format_number
from foundation.statements import By, prepared
from foundation.tables import table_response
from foundation.web import page
from foundation.web.lists import for_paper, in_places
from foundation.words import enumerated, isolated, said_once
from membership import policy, scope
from membership.declare import lists
from membership.models import Person, Precision
from membership.models.organisations import names_of_unit
from recruitment.forms.lists import COLUMNS, CandidatesFilter
from recruitment.models import Candidate, CandidateStanding
from recruitment.rulebook import wording
from recruitment.rulebook.outlook import awaits_time
from recruitment.rulebook.progress import RESTING
from recruitment.views import presented
from recruitment.views.together import deeds

_PIPS = ["nominated", "taken_up", "awareness_class", "helpers", "dossier", "cell_meeting", "decision", "ceremony"]
_IN_PIPS = {"sub_committee": "cell_meeting", "committee_meeting": "cell_meeting"}
_SORTS = {"name": "name", "time": "since", "since": "since", "due": "due", "earliest": "earliest"}
_OF_PERSON = {"born", "sex", "residence", "education", "phone", "ethnicity", "religion"}
_MORE_OF_PERSON = [f"person__{one.name}" for one in Person._meta.concrete_fields if one.name not in ("id", "full_name")]
_DAYS = {"since", "due", "earliest", "born", "opened"}
Cell = dict[str, Any]
Columns = Mapping[str, str]  # those shown, in their order, each with its words


def listed(user: Any, day: date) -> Any:
    """Candidates the user reads, with their standing, and `place`: the names of cell and committee."""
    return _with_names(Candidate.objects.visible_to(user), day)


def in_words(some: Any, day: date) -> Any:
    """The same of some candidates, in any order: only where these are chosen are their units looked up. Of the person
    no more than the name.
    """
    return _with_names(Candidate.objects.filter(pk__in=some.values("pk")), day).defer(*_MORE_OF_PERSON)


def _with_names(rows: Any, day: date) -> Any:
    return rows.select_related("person", "standing").annotate(place=names_of_unit("cell_id", day))


@lists(Candidate, "candidate.read")
def candidates(request: HttpRequest) -> HttpResponseBase:
    """The list: filters, order, columns and page in the address; export gives exactly these rows."""
    form = CandidatesFilter(request)
    day, columns = clock.today(), {name: str(COLUMNS[name]) for name in form.shown_columns}
    if kind := form.cleaned_data["format"]:
        scope.authorise(request.user, "export", [])
        rows = _rows(request.user, form, day)
        rows = rows.visible_to(request.user, "export")  # a right to read in one unit is none to export it
        return (
            _on_paper(request, form, columns, rows, day)
            if kind == "print"
            else _as_file(request, columns, rows, day, kind)
        )
    by = scope.reader(request.user), By(form.asked, form), day
    keys, shown, numbers = form.page_chosen(lambda first, after: _chosen(*by, first, after))
    context = {
        "form": form,
        "lead": _who_is_in_time(numbers, shown.paginator.count, day.year),
        "columns": [_head(name, label) for name, label in columns.items()],
        "rows": [_row(candidate, columns, day) for candidate in in_places(keys, _shown(*by, keys=keys))],
        "page": shown,
        "count": shown.paginator.count,
        "column_choices": form.column_choices,
        "actions": [new_candidate()] if scope.may(request.user, "candidate.write") else [],
        "first_step": new_candidate() if scope.may(request.user, "candidate.write") else None,
        "bulk": deeds(request.GET.urlencode()) if scope.may(request.user, "recruitment.step") else [],
        "may_export": scope.may(request.user, "export"),
    }
    return page(request, "recruitment/candidates", context)


def _rows(user: Any, form: CandidatesFilter, day: date) -> Any:
    return form.ordered(form.narrow(_with_grant(listed(user, day), user)))


@prepared
def _chosen(reader: By, asked: By, day: date, first: int, after: int) -> Any:
    """Those at these places, by their keys; with how many there are in all, and how many of all can be admitted this
    year or only later.
    """
    last = date(day.year, 12, 31)
    early = Q(standing__state="open", standing__earliest_ceremony_on__lte=last)
    later = Q(standing__state="open", standing__earliest_ceremony_on__gt=last)
    numbers = {
        "all_of_them": Window(Count("pk")),
        "early": Window(Count("pk", filter=early)),
        "later": Window(Count("pk", filter=later)),
    }
    listed = asked.value.ordered(asked.value.narrow(Candidate.objects.visible_to(reader.value)), by_index=False)
    return listed.annotate(**numbers).values_list("pk", *numbers)[first:after]


@prepared
def _shown(reader: By, asked: By, day: date, *, keys: list[int]) -> Any:
    """Those of a page, put into words."""
    rows = _with_names(Candidate.objects.filter(pk__in=keys), day)
    if _OF_PERSON.isdisjoint(asked.value.shown_columns):
        return rows.defer(*_MORE_OF_PERSON)
    return _with_grant(rows, reader.value)


def _who_is_in_time(numbers: list[int], count: int, year: int) -> str:
    if not any(numbers):
        return ""
    early, later = numbers
    words = {"early": _bold(early), "later": _bold(later), "year": year}
    if not later:
        said = _("%(early)s can lawfully be admitted in %(year)s.") % words
    elif not early:
        said = _("None can lawfully be admitted in %(year)s, %(later)s only later.") % words
    else:
        said = _("%(early)s can lawfully be admitted in %(year)s, %(later)s only later.") % words
    if others := count - early - later:
        said += " " + _("Others, admitted already or without a known day: %(number)s.") % {"number": _bold(others)}
    return SafeString(said)


def _bold(number: int) -> str:
    return f"<b>{format_number(number)}</b>"


@said_once
def stage_word(code: str) -> str:
    return str(wording.stage_title(code))


def new_candidate() -> dict[str, Any]:
    """The button that opens the form of a new candidate."""
    url = address("candidate_new")
    return {"label": _("New candidate"), "url": url, "icon": "plus-lg", "primary": True, "writes": True}


def _with_grant(rows: Any, user: Any) -> Any:
    """Each row knows whether the reader reads restricted fields of it, and the person at all as they are now."""
    granted = When(scope.within(user, "person.restricted", "cell", of_few=True), then=Value(True))
    known = Exists(Person.objects.visible_to(user).filter(pk=OuterRef("person_id")))
    return rows.annotate(granted=Case(granted, default=Value(False)), known=known)


def _as_file(request: HttpRequest, columns: Columns, rows: Any, day: date, kind: str) -> HttpResponseBase:
    found = rows.iterator(chunk_size=500)
    lines = ([_text(cell) for cell in _row(one, columns, day)["cells"]] for one in found)
    return table_response(request, _("Candidates"), list(columns.values()), lines, kind)


def _on_paper(request: HttpRequest, form: CandidatesFilter, columns: Columns, rows: Any, day: date) -> HttpResponse:
    """A4, one line a person."""
    context = {
        "title": _("Candidates"),
        "unit": next((one.name for one in scope.holdings(request.user) if one.name), ""),
        "subtitle": enumerated(map(_said, form.chips)),
        "columns": list(columns.values()),
        "rows": [[_text(cell) for cell in _row(one, columns, day)["cells"]] for one in for_paper(rows)],
        "column_choices": form.column_choices,
        "as_at": day,
    }
    return page(request, "recruitment/print_list", context)


def _said(chip: dict[str, Any]) -> str:
    return f"{chip['label']}: {isolated(chip['value'])}" if chip["value"] else str(chip["label"])


def _head(name: str, label: str) -> Cell:
    kind = "day" if name in _DAYS else "text"
    return {"label": label, "key": _SORTS.get(name), "kind": kind}


def _row(candidate: Any, columns: Columns, day: date) -> dict[str, Any]:
    standing: CandidateStanding | None = getattr(candidate, "standing", None)
    if standing is None:  # entered in this very moment
        standing = CandidateStanding(stage="nominated", stage_since=candidate.opened_on, state="open")
    cells = [{"label": label, **_CELLS[name](candidate, standing, day)} for name, label in columns.items()]
    return {
        "pk": candidate.pk,
        "url": cells[0]["url"],
        "name": candidate.person.full_name,
        "cells": cells,
    }


def _text(cell: Cell) -> Any:
    """What a file holds: days as days, numbers as numbers, everything else as words."""
    if cell["kind"] == "pips":
        return cell["words"]
    if "plain" in cell:
        return cell["plain"]
    return f"{cell['value']}, {cell['second']}" if cell.get("second") else cell["value"]


# Cells: (candidate, standing, day) -> what grid.py draws -------------------------------------------------


def _name(candidate: Any, _standing: Any, _day: date) -> Cell:
    return {"kind": "person", "value": candidate.person.full_name, "url": candidate.get_absolute_url()}


def _unit(candidate: Any, _standing: Any, _day: date) -> Cell:
    cell, above = candidate.place or (None, None)
    return {"kind": "clip", "value": cell, "second": above}


def _stage(_candidate: Any, standing: Any, _day: date) -> Cell:
    stage, state = stage_word(standing.stage), _state_word(standing)
    reached, ahead = (_IN_PIPS.get(code, code) for code in (standing.stage, standing.next_step))
    pips = presented.pips(reached, ahead, _PIPS)
    both = state and (standing.stage, standing.state) != ("probation", "admitted")  # these say the same
    return {"kind": "pips", "value": pips, "words": _(", ").join([stage, str(state)]) if both else stage}


def _state_word(standing: Any) -> str:
    return "" if standing.state == "open" else str(wording.STATES.get(standing.state, standing.state))


def _time(_candidate: Any, standing: Any, day: date) -> Cell:
    number = (day - standing.stage_since).days
    words = ngettext("%(number)s day", "%(number)s days", number) % {"number": format_number(number)}
    return {"kind": "text", "value": words, "plain": number}


def _next(_candidate: Any, standing: Any, _day: date) -> Cell:
    waits = not standing.next_step or standing.state in RESTING
    step = capfirst(_state_word(standing)) if waits else stage_word(standing.next_step)
    return {"kind": "text", "value": str(step)}


def _move(_candidate: Any, standing: Any, _day: date) -> Cell:
    return {"kind": "text", "value": _("Time") if awaits_time(standing.next_step) else _whose(standing.whose_move)}


@said_once
def _whose(code: str) -> str:
    return str(capfirst(wording.RESOLVERS.get(code, "")))


def _due(_candidate: Any, standing: Any, day: date) -> Cell:
    return {"kind": "day", "value": standing.due_on, "late": bool(standing.due_on and standing.due_on < day)}


def _born(candidate: Any, _standing: Any, _day: date) -> Cell:
    person = candidate.person
    if not candidate.known:
        return {"kind": "text", "value": ""}
    if person.born_precision == Precision.DAY:
        return {"kind": "day", "value": person.born_on}
    return {"kind": "text", "value": presented.birth(person)}


def _day_of(read: Callable[[Any, Any], date | None]) -> Callable[[Any, Any, date], Cell]:
    return lambda candidate, standing, _day: {"kind": "day", "value": read(candidate, standing)}


def _of_person(field: str) -> Callable[[Any, Any, date], Cell]:
    def cell(candidate: Any, _standing: Any, _day: date) -> Cell:
        if not candidate.known:
            return {"kind": "text", "value": ""}
        words = getattr(candidate.person, f"get_{field}_display", None)
        value = capfirst(words()) if words else getattr(candidate.person, field)
        if policy.FIELDS[field].sort == policy.RESTRICTED and not candidate.granted:
            value = policy.FIELDS[field].mask(value)
        return {"kind": "text", "value": str(value)}

    return cell


_CELLS: Mapping[str, Callable[[Any, Any, date], Cell]] = {
    "name": _name,
    "cell": _unit,
    "stage": _stage,
    "time": _time,
    "next": _next,
    "move": _move,
    "due": _due,
    "earliest": _day_of(lambda _candidate, standing: standing.earliest_ceremony_on),
    "since": _day_of(lambda _candidate, standing: standing.stage_since),
    "state": lambda _candidate, standing, _day: {
        "kind": "text",
        "value": str(capfirst(wording.STATES.get(standing.state, standing.state))),
    },
    "born": _born,
    "sex": _of_person("sex"),
    "residence": _of_person("residence"),
    "education": _of_person("education"),
    "phone": _of_person("phone"),
    "opened": _day_of(lambda candidate, _standing: candidate.opened_on),
    "ethnicity": _of_person("ethnicity"),
    "religion": _of_person("religion"),
}
