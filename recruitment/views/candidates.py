"""Where one candidate stands, what next, when at the earliest."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from foundation import clock
from foundation.days import format_day
from foundation.statements import By
from foundation.together import Asked, prepared
from foundation.web import in_frame, page
from foundation.words import enumerated, isolated
from membership import policy, scope
from membership.declare import shows
from membership.lines import way
from membership.models import Appointment, Occupation, OccupationKind, Organisation, Person, Position, Role
from recruitment import committees, tasks
from recruitment.forms.steps import OF_STAGE, STEPS
from recruitment.known import read
from recruitment.models import Candidate, Helper, Introducer
from recruitment.rulebook import wording
from recruitment.rulebook.book import RuleBook
from recruitment.rulebook.evidence import seat_until
from recruitment.rulebook.facts import CandidateFacts
from recruitment.rulebook.findings import Finding, Waiver
from recruitment.rulebook.outlook import Outlook, awaits_time, outlook
from recruitment.rulebook.progress import RESTING, done_stages
from recruitment.views import presented
from recruitment.views.timeline import Line, timeline

_OUT = ("pause", "return", "withdraw", "refuse", "move-away", "remove", "annul")  # what stops the way stands apart
_OF_PERSON = ("sex", "born_on", "residence", "ethnicity", "religion", "education", "professional", "phone")


@dataclass(frozen=True)
class Others:
    """What a page says of others and of the person, read by one statement."""

    knows_person: bool  # the user reads the person as they are now: not once they are a member elsewhere
    occupations: list[Any]
    helpers: list[Any]
    introducers: list[Any]
    officers: list[Any]  # of the unit whose move it is, who can be called: any order


@dataclass(frozen=True)
class Looked:
    """What is read of a candidate once for a page."""

    candidate: Candidate
    user: Any
    day: date
    path: Sequence[Position]  # units above the cell, outermost first, then the cell
    book: RuleBook
    facts: CandidateFacts
    waivers: tuple[Waiver, ...]
    view: Outlook
    others: Others

    def allows(self, capability: str, unit: Organisation) -> bool:
        """Whether the user has the capability over a unit on the path."""
        at = next((row.path for row in self.path if row.organisation_id == unit.pk), None)
        return at is not None and scope.allows_at(self.user, capability, at) is not False

    def may(self, code: str) -> bool:
        """Whether the user may record the step of that code."""
        step = STEPS[code]
        return self.allows(step.operation.capability, step.unit_of(self.candidate))


def look_at(candidate: Candidate, user: Any) -> Looked:
    """The candidate today with facts, rules and outlook; its units know their names."""
    day, known = clock.today(), read([candidate])
    facts, waivers = known.facts[candidate.pk], known.waivers.get(candidate.pk, ())
    path = committees.path_of(candidate.cell)  # which the cell knows by now
    view = outlook(facts, day, known.book, waivers)
    others = _others(candidate, user, day, _unit_of(view, path, candidate))
    return Looked(candidate, user, day, path, known.book, facts, waivers, view, others)


def _others(candidate: Candidate, user: Any, day: date, unit: Organisation | None) -> Others:
    keys = {"candidate": candidate.pk, "person": candidate.person_id, "unit": unit.pk if unit else None}
    found = _about(scope.reader(user), day, **keys)
    return Others(bool(found.pop("seen")), **found)


@prepared
def _about(reader: By, day: date, *, candidate: int, person: int, unit: int | None) -> dict[str, Asked]:
    held = Appointment.objects.in_force(day).filter(organisation=unit, role__in=[Role.SECRETARY, Role.CLERK])
    vouching = Introducer.objects.filter(Q(ended_on=None) | Q(ended_on__gt=day), candidate=candidate)
    helping = Helper.objects.filter(candidate=candidate, until_on__gt=day)
    return {
        "seen": (Person.objects.visible_to(reader.value).filter(pk=person), "pk"),
        "occupations": (Occupation.objects.as_at(day).filter(person=person), "kind", "title", "workplace__name"),
        "helpers": (helping.order_by("from_on", "pk"), "from_on", "pk", "person__full_name"),
        "introducers": (vouching.order_by("pk"), "pk", "person__full_name", "body__name"),
        "officers": (held.exclude(person__phone="").order_by("role", "pk"), "role", "pk", "person__phone"),
    }


@shows(Candidate, "candidate.read")
def candidate(request: HttpRequest, one: Candidate) -> HttpResponse:
    """Where is this person, what next, when at the earliest."""
    seen = look_at(one, request.user)
    in_frame(request, units=way(request.user, seen.path, "candidate.read"))
    return page(request, "recruitment/candidate", _context(seen))


def _context(seen: Looked) -> dict[str, Any]:
    one, view, day = seen.candidate, seen.view, seen.day
    may_write, knows_person = seen.allows("candidate.write", one.cell), seen.others.knows_person
    ahead = next(iter(view.stages), None)
    step = ahead.stage if ahead else None
    step_day = max(day, ahead.day) if ahead and ahead.day else day
    papers = presented.papers(one, seen.facts, view, may_write)
    lines = timeline(one, seen.user)
    return {
        "candidate": one,
        "stage_word": presented.standing_word(view),
        "stage_tone": {"open": "", "admitted": "", "recognised": "", "paused": "quiet"}.get(view.state, "late"),
        "lead": _lead(view, seen.facts, day),
        "reason": _reason(view, lines),
        "earliest": view.earliest_ceremony_on,
        "in_time": view.earliest_ceremony_on.year == day.year if view.earliest_ceremony_on else None,
        "assumption": _assumption(view),
        "actions": _actions(seen, may_write),
        "more": _more(seen) if may_write else [],
        "stages": presented.stages(seen.facts, view, seen.book, day),
        **presented.judged(seen.book.findings(seen.facts, step, day, seen.waivers) if step else (), _foreseen(seen)),
        "move": _move(seen),
        "papers": papers,
        "papers_done": sum(paper["state"] == "done" for paper in papers),
        "papers_url": _url(one, "document") if may_write and view.state == "open" else "",
        "judged_step": wording.stage_title(step) if step else "",
        "determined": _determined(seen, step, step_day) if step else [],
        "facts": _person(seen) if knows_person else [_cell(seen), *_who_helps(seen)],
        "edit_url": reverse("candidate_edit", args=[one.pk]) if may_write and knows_person else "",
        "timeline": lines,
        "note_url": _url(one, "call") if may_write else "",
    }


def _foreseen(seen: Looked) -> list[Finding]:
    """What the next stage waits for that no requirement says; and what later ones want done again, as a class whose
    certificate will have run out by then.
    """
    if not seen.view.stages:
        return []
    first, *later = seen.view.stages
    done = done_stages(seen.facts, seen.day, seen.book)
    said, again = {one.code for one in first.findings}, list[Finding]()
    for item in later:
        anew = {one.code for one in item.findings if one.what in done} - said
        said |= anew
        if anew:  # judged once more, with its clause
            judged = seen.book.findings(seen.facts, item.stage, item.day or seen.day, seen.waivers)
            again += [one for each in judged for one in each.findings if one.code in anew]
    return [*(one for one in first.findings if one.code in wording.OUTLOOK), *again]


def _determined(seen: Looked, step: str, day: date) -> list[dict[str, Any]]:
    """What is determined, but for the papers: the dossier has them one by one."""
    items = seen.book.determined(seen.facts, step, day)
    today = None if seen.view.state in RESTING else seen.day
    return presented.determined((item for item in items if not isinstance(item.value, (list, tuple))), today)


def _url(one: Candidate, step: str) -> str:
    return reverse("candidate_step", args=[one.pk, step])


# The answer -----------------------------------------------------------------------------------------------------------


def _lead(view: Outlook, facts: CandidateFacts, today: date) -> str:
    """The answer in a sentence where it is not an earliest day of admission."""
    word = capfirst(presented.standing_word(view))
    if view.failed:
        decides = _("It is for the %(who)s to decide how it goes on.") % {
            "who": wording.RESOLVERS[view.failed.resolver]
        }
        return f"{wording.text(view.failed, format_day)} {decides}"
    if view.state == "admitted":
        earliest = view.earliest("recognition_meeting") or view.earliest("recognition")
        if not awaits_time(view.next_step) and view.due_on and view.due_on < today:
            return _("Probation is over. The recognition is late: it was due on %(day)s.") % {
                "day": format_day(view.due_on)
            }
        if earliest:
            return _("On probation. The cell can consider recognition from %(day)s on.") % {"day": format_day(earliest)}
        return _("On probation.")
    if view.state in RESTING:
        since = next(day for day in (facts.paused_on, facts.returned_on) if isinstance(day, date))
        return _("%(state)s since %(day)s. The way goes on once it is resumed.") % {
            "state": word,
            "day": format_day(since),
        }
    if isinstance(facts.closed_on, date):
        return _("%(state)s on %(day)s.") % {"state": word, "day": format_day(facts.closed_on)}
    return "" if view.state == "open" else f"{word}."


def _reason(view: Outlook, lines: Iterable[Line]) -> str:
    """Why the way stopped or ended, as the reader may read it."""
    said = next((line.note for line in lines if line.led_to == view.state and not line.undone), "")
    return "" if said == policy.MASK else said


def _assumption(view: Outlook) -> str:
    """What the earliest day supposes, in one line."""
    if not view.earliest_ceremony_on or not view.assumptions:
        return ""
    words = enumerated(_within(wording.assumption(what), what in wording.STAGES) for what in view.assumptions[:4])
    return _("if these come in time: %(things)s") % {"things": words}


def _within(words: Any, title: bool) -> str:
    """Words within a sentence; the title of a stage begins small there."""
    said = str(words)
    return said[:1].lower() + said[1:] if title else said


# What can be done -----------------------------------------------------------------------------------------------------


def _actions(seen: Looked, may_write: bool) -> list[dict[str, Any]]:
    """Print, note a call, and the next step as the one filled button, where it is the reader's to take."""
    found: list[dict[str, Any]] = [{"label": _("Print"), "prints": True}]
    if may_write:
        found.append(_button(seen, "call") | {"icon": "telephone"})
    if (code := next_deed(seen.view, seen.facts)) and seen.may(code):
        found.append(_button(seen, code) | {"primary": True})
    return found


def next_deed(view: Outlook, facts: CandidateFacts) -> str:
    """The page that records the next step; "" where only time, or nobody, can take it."""
    if view.state in RESTING:
        return "resume"
    if view.failed:
        return ""
    if view.next_step == "awareness_class" and seat_until(facts):
        return "certificate"
    return OF_STAGE.get(view.next_step or "", "")


def _more(seen: Looked) -> list[dict[str, Any]]:
    """Everything else that can be recorded now, by this reader."""
    codes = [code for code, step in STEPS.items() if seen.view.state in step.when]
    if seen.view.next_step == "ceremony":
        codes.insert(0, "receipt")
    if seen.view.failed:
        codes.insert(0, OF_STAGE[seen.view.failed.what])
    done = next_deed(seen.view, seen.facts)
    offered = [code for code in codes if code != done and seen.may(code)]
    onward, out = [code for code in offered if code not in _OUT], [code for code in offered if code in _OUT]
    buttons = [_button(seen, code) for code in (*onward, *out)]
    if onward and out:
        buttons[len(onward)]["apart"] = True
    return buttons


def _button(seen: Looked, code: str) -> dict[str, Any]:
    return {"label": STEPS[code].label, "url": _url(seen.candidate, code), "writes": True}


# Whose move -----------------------------------------------------------------------------------------------------------


def _move(seen: Looked) -> dict[str, Any] | None:
    """Who acts next, with a telephone."""
    view = seen.view
    if not view.next_step:
        return None
    on_time = awaits_time(view.next_step)
    unit = None if on_time else _unit_of(view, seen.path, seen.candidate)
    step = {"step": STEPS["resume"].label if view.state in RESTING else wording.stage_title(view.next_step)}
    sentence = _("Next step: %(step)s.") % step
    if view.due_on:
        sentence = _("Next step: %(step)s, due on %(day)s.") % {**step, "day": format_day(view.due_on)}
    if on_time and view.waits_for:
        sentence = wording.text_of_code(view.waits_for, view.waits_until, format_day)
    whose = "" if on_time else view.whose_move
    return {
        "ours": unit is not None and seen.allows("recruitment.step", unit) and whose in tasks.moves(seen.user),
        "late": bool(view.due_on and view.due_on < seen.day),
        "who": str(unit) if unit else str(capfirst(wording.RESOLVERS.get(whose, _("Time")))),
        "who_url": unit.get_absolute_url() if unit else "",
        "sentence": sentence,
        "phone": _phone(seen, unit) if unit else seen.candidate.person.phone if whose == "person" else "",
    }


def _unit_of(view: Outlook, path: Sequence[Position], one: Candidate) -> Organisation | None:
    """The unit that stands behind the resolver of the next step."""
    units = {
        "secretary": lambda: one.cell,
        "introducers": lambda: one.cell,
        "grassroots": lambda: committees.above_on(path) or one.cell,
        "sub_committee": lambda: committees.sub_committee_on(path),
        "competent": lambda: committees.competent_on(path) or one.cell,
    }
    return units[view.whose_move]() if view.whose_move in units else None


def _phone(seen: Looked, unit: Organisation) -> str:
    """Of the unit's secretary, else of its staff, else its own."""
    officers = sorted(seen.others.officers, key=lambda one: one.role != Role.SECRETARY)
    return officers[0].person__phone if officers else unit.phone


# The person -----------------------------------------------------------------------------------------------------------


def _person(seen: Looked) -> list[dict[str, Any]]:
    """The person as the reader may see them."""
    one, person = seen.candidate, seen.candidate.person
    grant = seen.allows("person.restricted", one.cell)
    lines: list[dict[str, Any]] = [_cell(seen)]
    for name in _OF_PERSON:
        label = str(getattr(Person._meta.get_field(name), "verbose_name", name))
        lines.append({"label": capfirst(label), "value": _written(person, name, grant, seen.day)})
    number = policy.FIELDS["identity_number"].mask(person.identity_number)  # whole only on the page that logs it
    lines.append({"label": _("Identity card"), "value": isolated(number)})
    if seen.others.occupations:
        occupied = seen.others.occupations[0]
        kind = str(capfirst(OccupationKind(occupied.kind).label))
        where = occupied.workplace__name or occupied.title
        note = "" if where.casefold() == kind.casefold() else where
        lines.insert(3, {"label": _("Occupation"), "value": kind, "note": note})
    return lines + _who_helps(seen)


def _cell(seen: Looked) -> dict[str, Any]:
    cell = seen.candidate.cell
    above = seen.path[-2].name if len(seen.path) > 1 else ""
    return {"label": _("Cell"), "value": str(cell), "url": cell.get_absolute_url(), "note": above}


def _written(person: Person, name: str, grant: bool, day: date) -> str:
    if name == "born_on":
        return _born(person, day)
    chosen = getattr(person, f"get_{name}_display", None)
    value = capfirst(chosen()) if chosen else getattr(person, name)
    restricted = policy.FIELDS[name].sort == policy.RESTRICTED
    return policy.FIELDS[name].mask(value) if restricted and not grant else str(value)


def _born(person: Person, day: date) -> str:
    born = person.born_on
    age = day.year - born.year - ((day.month, day.day) < (born.month, born.day))
    years = ngettext("%(number)s year old", "%(number)s years old", age) % {"number": age}
    return _(", ").join([presented.birth(person), years])


def _who_helps(seen: Looked) -> list[dict[str, Any]]:
    lines = [{"label": _("Helper"), "value": helper.person__full_name} for helper in seen.others.helpers]
    return lines + [
        {"label": _("Introducer"), "value": who.person__full_name or who.body__name} for who in seen.others.introducers
    ]
