"""Which candidates, and where one of them stands."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import OuterRef, Subquery
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from foundation import clock
from foundation.days import format_day
from foundation.tables import table_response
from foundation.web import page
from membership import policy, scope
from membership.declare import lists, shows
from membership.models import Appointment, Occupation, Organisation, Person, Position, Role
from membership.timeline import timeline_of
from recruitment.facts_loader import current, facts_of, only, waivers_of
from recruitment.forms.lists import STAGES, CandidatesFilter
from recruitment.models import Candidate, CandidateStanding
from recruitment.rulebook import wording
from recruitment.rulebook.book import RuleBook
from recruitment.rulebook.facts import CandidateFacts
from recruitment.rulebook.outlook import Outlook, outlook
from recruitment.views import presented

_PIPS = ["nominated", "taken_up", "awareness_class", "helpers", "dossier", "cell_meeting", "decision", "ceremony"]
_SHOWN = (
    "sex",
    "born_on",
    "residence",
    "ethnicity",
    "religion",
    "education",
    "professional",
    "identity_number",
    "phone",
)
COLUMNS = {
    "name": gettext_lazy("Name"),
    "cell": gettext_lazy("Cell, committee"),
    "stage": gettext_lazy("Stage"),
    "since": gettext_lazy("In this stage since"),
    "next": gettext_lazy("Next step"),
    "move": gettext_lazy("Whose move"),
    "due": gettext_lazy("Due"),
    "earliest": gettext_lazy("Earliest admission"),
}


def listed(user: Any, day: date) -> Any:
    """Candidates the user reads, with their standing and the names of cell and committee."""
    cell = Position.objects.as_at(day).filter(organisation=OuterRef("cell_id"))
    above = Position.objects.as_at(day).filter(organisation=OuterRef("above_id"))
    rows = Candidate.objects.visible_to(user).select_related("person", "standing")
    return rows.annotate(
        cell_name=Subquery(cell.values("name")[:1]), above_id=Subquery(cell.values("parent")[:1])
    ).annotate(above_name=Subquery(above.values("name")[:1]))


@lists(Candidate, "candidate.read")
def candidates(request: HttpRequest) -> HttpResponse:
    """The list: filters, order and page in the address; export gives exactly these rows."""
    form = CandidatesFilter(request)
    day = clock.today()
    rows = form.ordered(form.narrow(listed(request.user, day)))
    if kind := form.cleaned_data["format"]:
        scope.authorise(request.user, "export", [])
        lines = ([_text(cell) for cell in row["cells"]] for row in map(_row, rows[:100_000].iterator(chunk_size=500)))
        if kind == "print":
            context = {"columns": COLUMNS.values(), "rows": list(lines)[:1000], "title": _("Candidates"), "as_at": day}
            return page(request, "recruitment/print_list", context)
        return table_response(request, "candidates", list(COLUMNS.values()), lines, kind)
    shown = form.page_of(rows)
    new = {
        "label": _("New candidate"),
        "url": reverse("candidate_new"),
        "icon": "plus",
        "primary": True,
        "writes": True,
    }
    sortable = {"name": "name", "since": "since", "due": "due", "earliest": "earliest"}
    context = {
        "form": form,
        "columns": [
            {
                "label": label,
                "key": sortable.get(name),
                "kind": "day" if name in ("since", "due", "earliest") else "text",
            }
            for name, label in COLUMNS.items()
        ],
        "rows": [_row(candidate) for candidate in shown],
        "page": shown,
        "count": shown.paginator.count,
        "actions": [new] if scope.may(request.user, "candidate.write") else [],
        "may_export": scope.may(request.user, "export"),
    }
    return page(request, "recruitment/candidates", context)


def _row(candidate: Any) -> dict[str, Any]:
    standing: CandidateStanding | None = getattr(candidate, "standing", None)
    if standing is None:  # entered in this very moment
        standing = CandidateStanding(stage="nominated", stage_since=candidate.opened_on, state="open")
    late = bool(standing.due_on and standing.due_on < clock.today())
    stage = str(wording.stage_title(standing.stage))
    state = "" if standing.state == "open" else str(wording.STATES.get(standing.state, standing.state))
    return {
        "pk": candidate.pk,
        "url": candidate.get_absolute_url(),
        "name": candidate.person.full_name,
        "cells": [
            {"kind": "person", "value": candidate.person.full_name, "url": candidate.get_absolute_url()},
            {"kind": "clip", "value": candidate.cell_name, "second": candidate.above_name, "label": _("Cell")},
            {
                "kind": "pips",
                "value": presented.pips(_pip(standing.stage), _PIPS),
                "words": f"{stage}, {state}" if state else stage,
            },
            {"kind": "day", "value": standing.stage_since, "label": _("Since")},
            {"kind": "text", "value": str(wording.stage_title(standing.next_step)) if standing.next_step else state},
            {"kind": "text", "value": str(wording.RESOLVERS.get(standing.whose_move, ""))},
            {"kind": "day", "value": standing.due_on, "late": late, "label": _("Due")},
            {"kind": "day", "value": standing.earliest_ceremony_on, "label": _("Earliest admission")},
        ],
    }


def _pip(stage: str) -> str:
    if stage in ("sub_committee", "committee_meeting"):
        return "cell_meeting"
    return stage if stage in _PIPS else "ceremony" if STAGES.index(stage) > STAGES.index("ceremony") else stage


def _text(cell: dict[str, Any]) -> Any:
    if cell["kind"] == "pips":
        return cell["words"]
    return f"{cell['value']}, {cell['second']}" if cell.get("second") else cell["value"]


@shows(Candidate, "candidate.read")
def candidate(request: HttpRequest, one: Candidate) -> HttpResponse:
    """Where is this person, what next, when at the earliest."""
    day, book = clock.today(), current()
    facts = only(facts_of([one], day))
    waivers = waivers_of([one]).get(one.pk, ())
    view = outlook(facts, day, book, waivers)
    may_write = scope.allows(request.user, "candidate.write", one.cell) is not False
    step = view.next_step
    ahead = next((item for item in view.stages if item.stage == step), None)
    step_day = max(day, ahead.day) if ahead and ahead.day else day
    papers = presented.papers(one, facts)
    context = {
        "candidate": one,
        "stage_word": _stage_word(view),
        "stage_tone": {"open": "", "admitted": "", "paused": "quiet"}.get(view.state, "late"),
        "lead": _lead(view, facts, book, day),
        "earliest": view.earliest_ceremony_on,
        "in_time": view.earliest_ceremony_on.year == day.year if view.earliest_ceremony_on else None,
        "assumption": _assumption(view),
        "actions": actions(one, view, may_write),
        "more": more_actions(one, view) if may_write else [],
        "stages": presented.stages(facts, view, book, day),
        **presented.judged(book.findings(facts, step, day, waivers) if step else ()),
        "move": _move(request.user, one, view, day),
        "papers": papers,
        "papers_done": sum(paper["state"] == "done" for paper in papers),
        "papers_url": reverse("candidate_step", args=[one.pk, "document"]) if may_write else "",
        "determined": presented.determined(book.determined(facts, step, step_day)) if step else [],
        "facts": person_facts(request.user, one),
        "edit_url": reverse("candidate_edit", args=[one.pk]) if may_write else "",
        "timeline": timeline_of(one, request.user),
        "note_url": reverse("candidate_step", args=[one.pk, "call"]) if may_write else "",
    }
    return page(request, "recruitment/candidate", context)


def _stage_word(view: Outlook) -> str:
    if view.state == "open" and view.reached:
        return str(wording.stage_title(view.reached.stage))
    return str(wording.STATES.get(view.state, view.state))


def _lead(view: Outlook, facts: CandidateFacts, book: RuleBook, day: date) -> str:
    """The answer in a sentence where it is not an earliest day of admission."""
    if view.state == "admitted":
        earliest = view.earliest("recognition_meeting") or view.earliest("recognition")
        if earliest:
            return _("On probation. The cell can consider recognition from %(day)s on.") % {"day": format_day(earliest)}
        return _("On probation.")
    if view.state in ("paused", "returned"):
        return _("%(state)s. The way goes on once it is resumed.") % {"state": str(_stage_word(view)).capitalize()}
    if view.state != "open":
        return f"{str(_stage_word(view)).capitalize()}."
    return ""


def _assumption(view: Outlook) -> str:
    """What the earliest day supposes, in one line."""
    if not view.earliest_ceremony_on or not view.assumptions:
        return ""
    words = ", ".join(str(wording.assumption(what)) for what in view.assumptions[:4])
    return _("if these come in time: %(things)s") % {"things": words}


def actions(one: Candidate, view: Outlook, may_write: bool) -> list[dict[str, Any]]:
    """The next step as the one filled button, and a call to note."""
    if not may_write:
        return []
    found = [
        {
            "label": _("Note a call"),
            "url": reverse("candidate_step", args=[one.pk, "call"]),
            "icon": "telephone",
            "writes": True,
        }
    ]
    if view.state in ("paused", "returned"):
        deed = {"label": _("Resume"), "url": reverse("candidate_step", args=[one.pk, "resume"])}
        return [*found, {**deed, "primary": True, "writes": True}]
    if view.next_step in STEP_OF:
        deed = {
            "label": STEP_LABELS[view.next_step],
            "url": reverse("candidate_step", args=[one.pk, STEP_OF[view.next_step]]),
        }
        found.append({**deed, "primary": True, "writes": True})
    return found


# Which page records the evidence of a stage; a person can always have a certificate, papers, introducers recorded.
STEP_OF = {
    "taken_up": "take-up",
    "awareness_class": "class",
    "helpers": "helper",
    "dossier": "document",
    "cell_meeting": "cell-vote",
    "sub_committee": "sub-committee",
    "committee_meeting": "committee-vote",
    "decision": "decision",
    "ceremony": "ceremony",
    "probation": "recognition-vote",
    "recognition_meeting": "recognition-vote",
    "recognition_committee": "recognition-committee",
    "recognition": "recognition",
}
STEP_LABELS = {
    "taken_up": gettext_lazy("Take up"),
    "awareness_class": gettext_lazy("Enrol in a class"),
    "helpers": gettext_lazy("Assign a helper"),
    "dossier": gettext_lazy("Record a paper"),
    "cell_meeting": gettext_lazy("Record the cell’s vote"),
    "sub_committee": gettext_lazy("Record the sub-committee’s report"),
    "committee_meeting": gettext_lazy("Record the committee’s vote"),
    "decision": gettext_lazy("Record the decision"),
    "ceremony": gettext_lazy("Record the ceremony"),
    "probation": gettext_lazy("Record the vote on recognition"),
    "recognition_meeting": gettext_lazy("Record the vote on recognition"),
    "recognition_committee": gettext_lazy("Record the committee’s vote"),
    "recognition": gettext_lazy("Record the recognition"),
}


def more_actions(one: Candidate, view: Outlook) -> list[dict[str, Any]]:
    """Everything else that can be recorded now."""
    always = [
        ("document", _("Record a paper")),
        ("introducer", _("Name an introducer")),
        ("replace-introducer", _("Replace an introducer")),
        ("helper", _("Assign a helper")),
        ("class", _("Enrol in a class")),
        ("certificate", _("Record a certificate")),
        ("meeting", _("Book a meeting")),
        ("waiver", _("Record a consent to an exception")),
    ]
    ways_out = {
        "open": [
            ("pause", _("Pause")),
            ("return", _("Return for completion")),
            ("withdraw", _("Withdraw")),
            ("refuse", _("Refuse")),
            ("move-away", _("Moved away")),
        ],
        "admitted": [("remove", _("Remove the name")), ("annul", _("Annul the admission"))],
        "paused": [("withdraw", _("Withdraw")), ("refuse", _("Refuse")), ("move-away", _("Moved away"))],
    }
    ways_out["returned"] = ways_out["paused"]
    received = [("receipt", _("Record the receipt of the decision"))] if view.next_step == "ceremony" else []
    if view.state not in ways_out:
        return []
    offered = [*received, *(always if view.state == "open" else []), *ways_out[view.state]]
    return [
        {"label": label, "url": reverse("candidate_step", args=[one.pk, step]), "writes": True}
        for step, label in offered
    ]


def _move(user: Any, one: Candidate, view: Outlook, day: date) -> dict[str, Any] | None:
    """Who acts next, with the telephone of their secretary."""
    if not view.next_step:
        return None
    whose = view.whose_move
    unit = _unit_of(one.cell, whose, day)
    officer = _officer(unit) if unit else None
    step = {"step": wording.stage_title(view.next_step)}
    sentence = _("Next step: %(step)s.") % step
    if view.due_on:
        sentence = _("Next step: %(step)s, due on %(day)s.") % {**step, "day": format_day(view.due_on)}
    return {
        "ours": unit is not None and scope.allows(user, "recruitment.step", unit) is not False,
        "late": bool(view.due_on and view.due_on < day),
        "who": str(unit) if unit else str(wording.RESOLVERS.get(whose, _("The calendar"))),
        "who_url": unit.get_absolute_url() if unit else "",
        "sentence": sentence,
        "phone": (officer and officer.person.phone) or (unit.phone if unit else ""),
    }


def _unit_of(cell: Organisation, whose: str, day: date) -> Organisation | None:
    """The unit that stands behind a resolver's code."""
    if whose in ("secretary", "introducers"):
        return cell
    tiers = {"grassroots": "grassroots", "sub_committee": "sub_committee", "competent": "superior"}
    position = cell.position(day)
    if whose not in tiers or not position:
        return None
    width = len(cell.key)
    keys = [position.path[at : at + width] for at in range(0, len(position.path), width)]
    above = Position.objects.as_at(day).filter(organisation__key__in=keys, tier=tiers[whose])
    row = above.select_related("organisation").order_by("-path").first()
    return row.organisation if row else None


def _officer(unit: Organisation) -> Appointment | None:
    held = Appointment.objects.in_force(clock.today()).filter(organisation=unit, role__in=[Role.SECRETARY, Role.CLERK])
    return held.select_related("person").order_by("-role", "pk").first()


def person_facts(user: Any, one: Candidate) -> list[dict[str, Any]]:
    """The person as the reader may see them."""
    person = one.person
    lines: list[dict[str, Any]] = []
    for name in _SHOWN:
        value = policy.shown(user, person, name, one.cell)
        display = getattr(person, f"get_{name}_display", None)
        shown = display() if display else format_day(value) if isinstance(value, date) else value
        label = _("Identity card") if name == "identity_number" else Person._meta.get_field(name).verbose_name
        lines.append({"label": str(label).capitalize(), "value": shown})
    occupied = Occupation.objects.as_at(clock.today()).filter(person=person).select_related("workplace").first()
    if occupied:
        where = str(occupied.workplace or occupied.title)
        lines.insert(2, {"label": _("Occupation"), "value": occupied.get_kind_display(), "note": where})
    lines.insert(0, {"label": _("Cell"), "value": str(one.cell), "url": one.cell.get_absolute_url()})
    helpers = one.helpers.filter(until_on__gt=clock.today()).select_related("person")
    introducers = one.introducers.filter(ended_on=None).select_related("person", "body")
    lines += [{"label": _("Helper"), "value": str(helper.person)} for helper in helpers]
    return lines + [{"label": _("Introducer"), "value": str(introducer)} for introducer in introducers]
