"""Help for the pages of candidates, and for each step on their way."""

from __future__ import annotations

from dataclasses import asdict
from functools import partial
from typing import Any

from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from foundation import clock
from foundation.web.guide import For, Help
from recruitment.forms.steps import STEPS, UNDO
from recruitment.known import current
from recruitment.rulebook import wording
from recruitment.views import presented

_ORDER = {"candidacy-open", "stage-order", "day-in-order"}  # of every stage: what is done is done in order
_RULES = {  # steps that prepare a stage, with the rules of it that ask for them
    "certificate": ("cell_meeting", {"certificate-valid"}),
    "introducer": ("cell_meeting", {"introducers-complete", "youth-union-introduces"}),
    "replace-introducer": ("cell_meeting", {"introducers-complete", "youth-union-introduces"}),
    "document": ("cell_meeting", {"papers-complete", "papers-fresh"}),
    "meeting": ("cell_meeting", {"age", "education-floor", "readmission-wait"}),
}

_FINDING = (
    _("Finding"),
    _("What a rule says of this person: not yet, something is missing, or not at all; with its clause."),
)
_EARLIEST = (_("Earliest day"), _("The first lawful day of a step, if everything before it is done in time."))
_MOVE = (
    _("Whose move"),
    _("Who has to act next: your office, another one, or the candidate. “Time”: nobody, a day is awaited."),
)
_REFUSED = _(
    "The page names each rule that forbids it, by clause. Nothing is saved. Mend what is missing, or give another day."
)

_STEPS: dict[str, tuple[Any, ...]] = {  # what is recorded in each step
    "take-up": (_("The cell takes the person up as a candidate. Give the day it did."),),
    "class": (_("Choose the awareness class in which the person has a seat."),),
    "certificate": (_("Copy number, day and issuer from the certificate."),),
    "helper": (_("Name an official member of the cell who helps the person."),),
    "introducer": (
        _("Official members who know the person from being together introduce, or the Youth Union in place of one."),
    ),
    "replace-introducer": (_("For an introducer who left, was disciplined or cannot vouch any more."),),
    "document": (
        _("Say which paper it is and the day written on it."),
        _("If it was only asked for, give who promised it and by when."),
    ),
    "meeting": (_("Book the day of the cell’s meeting. If it comes before the first lawful day, you are warned."),),
    "cell-vote": (
        _("Copy the count from the minutes: entitled, present, in favour, against."),
        _("The share is taken of all who are entitled, not only of those present."),
    ),
    "sub-committee": (_("Only where a sub-committee stands between the cell and the grassroots committee."),),
    "committee-vote": (_("Copy the count from the minutes of the grassroots committee."),),
    "decision": (_("Copy number and day of the competent committee’s decision. A late one is recorded, not refused."),),
    "receipt": (_("Give the day the decision reached the cell: the term for the ceremony runs from it."),),
    "ceremony": (
        _("From this day on the person is a probationary member."),
        _("The admission counts for the target on this day, in this cell."),
    ),
    "recognition-vote": (_("When probation is over, the cell votes on recognition. Copy the count from its minutes."),),
    "recognition-committee": (_("Copy the count from the minutes of the grassroots committee."),),
    "recognition": (
        _("Copy number and day of the decision."),
        _("The person is official from the day the probation ended, even if the decision came late."),
    ),
    "remove": (_("By decision, the name is deleted from the list during probation. Say why."),),
    "annul": (_("By decision, the admission is annulled because it was wrong. It no longer counts."),),
    "pause": (_("The way stops for a time; nothing is due. Say why."),),
    "resume": (_("The way goes on from this day, where it stood."),),
    "return": (_("The dossier goes back because something is missing. Say what, so that the cell knows."),),
    "withdraw": (_("The person does not want to go on. The way ends; it can begin anew later."),),
    "refuse": (_("The cell or the committee says no. Say why: whoever looks at it later needs the reason."),),
    "move-away": (_("The person moved out of your units before admission. What was done stays readable."),),
    "waiver": (
        _("A superior office consents in writing to an exception from one rule. Copy authority, document and days."),
        _("Between these days the rule does not hold the person back."),
    ),
    "call": (_("Note with whom you spoke and what was said. It stands in the timeline and changes nothing else."),),
}


def _rules(code: str) -> list[tuple[str, str, str]]:
    """What the regulation of today asks for in the step: title, what is asked, document and clause."""
    stage_code, only = _RULES.get(code, (STEPS[code].stage, set()))
    stage = current().stage(stage_code, clock.today()) if stage_code else None
    asked = [one for one in (stage.requirements if stage else ()) if one.rule not in _ORDER]
    shown = (one for one in asked if not only or one.rule in only)
    return [(wording.title(one), _asked(one.parameters), presented.clause(one.citation)) for one in shown]


def _asked(given: Any) -> str:
    values = {name: sorted(v) if isinstance(v, tuple | frozenset) else v for name, v in asdict(given).items()}
    return capfirst(_("; ").join(wording.parameters(values)))


PAGES: dict[str, Help] = {
    "work": Help(
        _("What must I do now?"),
        (
            _("The worst is first. The link at the end of a line opens the form that does it."),
            _("A name opens the candidate with everything that is missing."),
            For("member.write", _("For those of others: call, and note the call.")),
            _("Tick tasks and choose a day: they are off your list until then, or until the task is another."),
        ),
        words=(
            (_("Overdue"), _("The term of the regulation has passed. It is late, not lost: do it and record it.")),
            (_("Next seven days"), _("Due within seven days, or possible since now.")),
            (_("Waiting for others"), _("The next move is another’s, or a paper is promised.")),
            (_("Coming up"), _("Possible within 45 days, once a term has run.")),
            (_("Put off"), _("By you, for your own list alone. The line at the end opens them and brings them back.")),
        ),
    ),
    "work_put_off": Help(
        _("Until when do I put this off?"),
        (
            _("Give the day on which the tasks come back to your list, three months ahead at most."),
            _("They come back earlier if another step is due, or on another day. The lists of others do not change."),
        ),
        refused=_("Each wrong field says what to type. What you typed stays."),
    ),
    "candidates": Help(
        _("Which candidates are on their way, and how far?"),
        (
            _("Filter by stage reached, unit or who must act. The address keeps it and can be sent."),
            _("A name opens the candidate."),
            For("candidate.write", _("“New candidate” enters a nomination from the paper form.")),
            For("recruitment.step", _("Tick several people to record the same step for all of them.")),
            For("export", _("Choose columns, then print or export exactly these rows.")),
        ),
        words=(_MOVE, _EARLIEST, (_("This year"), _("Whoever can still be admitted before 31 December."))),
    ),
    "candidates_together": Help(
        _("How do I record the same step for several people?"),
        (
            _("Give the day. The page says for whom the step can be recorded on it, and why not for the others."),
            _("The button records it for exactly those who are shown, as one entry."),
            UNDO,
        ),
        refused=_("If the day changes who can, nothing is saved: look once more and press again."),
    ),
    "candidate": Help(
        _("Where is this person, what is next, and when at the earliest?"),
        (
            _("The stages stand in order: done, now, and ahead with the earliest day of each."),
            _("Below stands what is missing, by which clause, and whose move it is."),
            For("candidate.write", _("The filled button records the next step; “More” has the others.")),
        ),
        words=(_FINDING, _EARLIEST, _MOVE),
    ),
    "candidate_new": Help(
        _("How do I enter a candidate?"),
        (
            _("Copy the paper form from top to bottom: the fields stand in its order."),
            _("People who may be the same are shown beside it. If it is one of them, choose that person."),
            _("“Save and enter the next” keeps cell and source."),
        ),
        refused=_("Each wrong field says what to type. What you typed stays."),
    ),
    "past_admission_new": Help(
        _("How do I record an admission of the past?"),
        (
            _("For somebody who was admitted before these records began. Copy the days from the dossier."),
            _("The rules of those days are asked too. They warn; they do not refuse."),
        ),
        refused=_("Each wrong field says what to type. What you typed stays."),
    ),
    "candidate_edit": Help(
        _("How do I correct what is written about a candidate?"),
        (_("Mend what was copied wrongly. Findings and earliest days are judged anew at once."),),
        refused=_("If somebody else changed it meanwhile, both are shown: choose for each field."),
    ),
    "candidate_undo": Help(
        _("Why can this not be undone?"),
        (_("Something else was recorded on top of it. Undo that first, newest first."),),
    ),
    **{
        f"candidate_step:{code}": Help(
            STEPS[code].label, (*sentences, UNDO), rules=partial(_rules, code), refused=_REFUSED
        )
        for code, sentences in _STEPS.items()
    },
    "admin:recruitment_procedureversion_changelist": Help(
        _("Which regulation holds on which day?"),
        (_("Each version holds until the next begins. A way begun under one goes on under the next."),),
    ),
    "admin:recruitment_procedureversion_change": Help(
        _("What does this regulation ask for?"),
        (_("Its stages in order, and each requirement with document and clause."),),
        words=((_("Not confirmed"), _("Nobody has yet compared this clause with the printed text.")),),
    ),
}
