"""What can still be reached, and when: the earliest lawful day of each stage ahead.

Open things are assumed done on the first day on which a rule lets them happen: booked ones on their day, meetings,
papers and decisions at once, an awareness class never before the end of the next one planned. What is not recorded
counts as favourable and is listed. Pure: no clock, no query.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from recruitment.rulebook.book import RuleBook, Stage
from recruitment.rulebook.evidence import (
    EVIDENCE,
    applies,
    assume_certificate,
    booked_on,
    papers_needed,
    seat_until,
)
from recruitment.rulebook.facts import CandidateFacts, Document, Introducer, every, recorded
from recruitment.rulebook.findings import BlocksUntil, BlocksUntilDone, Finding, Never, Unjudged, Waiver, Warns
from recruitment.rulebook.progress import OPEN_STATES, RESTING, Reached, ahead, done_stages, reached, state, version_for

ROUNDS = 40  # more than any stage can need: each round passes a day named by a rule, or does what one asks for


@dataclass(frozen=True, slots=True)
class Ahead:
    """A stage ahead: its earliest lawful day (None: none), what is assumed, and what holds it or is not known."""

    stage: str
    day: date | None
    booked: bool = False
    assumptions: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()
    before: CandidateFacts | None = None  # the facts as assumed on its eve: those under which the day was judged


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlook:
    """Where a candidate stands and what is ahead. Days only: what is overdue follows from `due_on`."""

    state: str
    reached: Reached | None
    stages: tuple[Ahead, ...] = ()
    next_step: str | None = None
    failed: Finding | None = None  # the next step is forbidden by something done that was not enough: a vote
    whose_move: str = ""
    due_on: date | None = None
    waits_for: str = ""  # the code of the finding that holds the ceremony (the recognition) longest
    waits_until: date | None = None

    def earliest(self, stage: str) -> date | None:
        """The earliest lawful day of a stage ahead; None where there is none, or it is not ahead."""
        return next((item.day for item in self.stages if item.stage == stage), None)

    @property
    def earliest_ceremony_on(self) -> date | None:
        """The earliest lawful day of the ceremony, where it is ahead."""
        return self.earliest("ceremony")

    @property
    def assumptions(self) -> tuple[str, ...]:
        """All that is assumed, each once, in the order of the stages."""
        return tuple(dict.fromkeys(what for item in self.stages for what in item.assumptions))


def outlook(facts: CandidateFacts, today: date, book: RuleBook, waivers: Iterable[Waiver] = ()) -> Outlook:
    """Walk the stages ahead of the candidate from `today` on.

    `facts` are those of that day: what they date later is planned (a class, an answer promised, a meeting booked).
    While a candidacy rests nothing is due, and the cell resumes it.
    """
    where, now = reached(facts, today, book), state(facts, today)
    if now not in OPEN_STATES:
        return Outlook(state=now, reached=where)
    stages = _Walk(facts, today, book, tuple(waivers)).through(ahead(facts, today, book))
    if not stages:
        return Outlook(state=now, reached=where)
    held, (next_step, failed) = _held_longest(stages), _next_step(facts, stages[0], today, book)
    return Outlook(
        state=now,
        reached=where,
        stages=stages,
        next_step=next_step,
        failed=None if now in RESTING else failed,
        whose_move="secretary" if now in RESTING else _whose_move(stages[0], next_step, today, book),
        due_on=None if now in RESTING else _due_on(facts, next_step, today, book),
        waits_for=held.code if held else "",
        waits_until=held.until if held else None,
    )


class _Walk:
    """One candidate's walk: `facts` grow by what is assumed, `days` by the stages passed."""

    def __init__(self, facts: CandidateFacts, today: date, book: RuleBook, waivers: tuple[Waiver, ...]):
        self.facts, self.today, self.book, self.waivers = facts.but(today=None), today, book, waivers
        self.unreachable: set[str] = set()
        self.assumptions: list[str] = []
        self.findings: list[Finding] = []

    def through(self, stages: tuple[Stage, ...]) -> tuple[Ahead, ...]:
        """Each stage with its earliest day."""
        return tuple(self._pass(stage) for stage in stages)

    def _pass(self, stage: Stage) -> Ahead:
        self.assumptions, self.findings = [], []
        if any(code in self.unreachable for code, _evidence in stage.after):
            self.unreachable.add(stage.code)
            return Ahead(stage.code, None)
        start = max([self.today, *self._days_before(stage)])
        booked = booked_on(stage.code, self.facts, self.today)
        day = self._first_day(stage, max(start, booked or start))
        before = self.facts
        if day is None:
            self.unreachable.add(stage.code)
        else:
            self.facts = EVIDENCE[stage.evidence].assume(before, day)
            if booked and day > booked:
                params = {"stage": stage.code, "booked": booked}
                self.findings.append(Finding(code="booked-too-early", outcome=Warns(), params=params, due_on=booked))
        return Ahead(
            stage.code, day, day is not None and day == booked, tuple(self.assumptions), tuple(self.findings), before
        )

    def _days_before(self, stage: Stage) -> list[date]:
        days = (EVIDENCE[name].done_on(self.facts) for _code, name in stage.after if applies(name, self.facts))
        return [day for day in days if isinstance(day, date)]

    def _first_day(self, stage: Stage, day: date) -> date | None:
        if stage.evidence == "certificate":
            class_day = self._class_day(day)
            if class_day is None:
                return None
            day = class_day
        for _round in range(ROUNDS):
            judged = self.book.stage(stage.code, day)
            found = list(judged.found(self.facts, day, self.waivers)) if judged else []
            blocking = [finding for finding in found if finding.outcome.blocks]
            if not blocking:
                self._note(found)
                return day
            moved = self._beyond(blocking, day)
            if moved is None:
                return None
            day = moved
        return None

    def _beyond(self, blocking: list[Finding], day: date) -> date | None:
        """The next day to try: when time alone has passed, else after what is asked for was assumed done."""
        until = day
        for finding in blocking:
            if isinstance(finding.outcome, Never):
                self.findings.append(finding)
                return None
            if isinstance(finding.outcome, BlocksUntil):
                self.findings.append(finding)
                until = max(until, finding.outcome.day)
        if until > day:
            return until
        for finding in blocking:
            done = self._do(finding, until)
            if done is None:
                return None
            until = done
        return until

    def _do(self, finding: Finding, day: date) -> date | None:
        """Assume done what the finding asks for; the day from which it counts, None where nobody can assume it."""
        what = finding.what
        self.findings.append(finding)
        if what == "awareness_class":
            class_day = self._class_day(day)
            if class_day is not None:
                self.facts = assume_certificate(self.facts, class_day)
            return class_day
        if what == "introducers":
            self.facts = _assume_introducers(self.facts, finding.params["needed"] - finding.params["have"], day)
        elif what == "resume":
            self.facts = self.facts.but(paused_on=None, returned_on=None)
        elif what in papers_needed(self.facts):
            kept = tuple(row for row in every(self.facts.documents) if row.kind != what)
            self.facts = self.facts.but(documents=(*kept, Document(kind=what, dated_on=day)))
        elif evidence := self._evidence_of(what, day):
            self.facts = EVIDENCE[evidence].assume(self.facts, day)
        else:
            return None
        self.assumptions.append(what)
        return day

    def _evidence_of(self, code: str, day: date) -> str:
        stage = self.book.stage(code, day)
        return stage.evidence if stage and stage.evidence != "term" else ""

    def _class_day(self, day: date) -> date | None:
        """When a certificate can come: at the end of the class with a seat, else of the next one planned."""
        if seat_on := seat_until(self.facts):
            code, ends_on, resolver = "class-ends", seat_on, "organiser"
        elif next_on := self._next_class():
            code, ends_on, resolver = "next-class-ends", next_on, "grassroots"
        else:
            outcome = BlocksUntilDone("class_planned")
            self.findings.append(Finding(code="no-class-planned", outcome=outcome, resolver="organiser"))
            return None
        if ends_on > day:
            self.findings.append(Finding(code=code, outcome=BlocksUntil(ends_on), resolver=resolver))
        self.assumptions.append("awareness_class")
        return max(ends_on, day)

    def _next_class(self) -> date | None:
        ends_on = recorded(self.facts.next_class_ends_on)
        return ends_on if ends_on and ends_on >= self.today else None

    def _note(self, found: list[Finding]) -> None:
        self.findings.extend(found)
        self.assumptions.extend(item.outcome.field for item in found if isinstance(item.outcome, Unjudged))


def _assume_introducers(facts: CandidateFacts, number: int, day: date) -> CandidateFacts:
    found = Introducer(status="official", assigned_on=day, together_since=date(1900, 1, 1), ended_on=None)
    return facts.but(introducers=(*every(facts.introducers), *(found for _number in range(number))))


def _held_longest(stages: tuple[Ahead, ...]) -> Finding | None:
    """What holds the next goal longest: the ceremony, after it the recognition.

    What has no end holds longer than time does.
    """
    goal = "ceremony" if any(item.stage == "ceremony" for item in stages) else "recognition"
    held: list[Finding] = []
    for item in stages:
        held += [finding for finding in item.findings if isinstance(finding.outcome, BlocksUntil)]
        if item.day is None and item.findings:
            return item.findings[-1]
        if item.stage == goal:
            break
    return max(held, key=lambda finding: finding.until or date.min, default=None)


def _next_step(facts: CandidateFacts, first: Ahead, today: date, book: RuleBook) -> tuple[str, Finding | None]:
    """The first stage ahead; or one that was done and holds no longer, as a class whose certificate ran out, where it
    is asked of whoever takes it. A vote that fell short is not simply held again, the competent committee decides: with
    that finding.
    """
    asked = [one for one in first.findings if one.what]
    done, version = done_stages(facts, today, book) if asked else {}, version_for(book, today)
    again = [(one, version.by_code[one.what]) for one in asked if version and one.what in done]
    next_step = next((stage.code for one, stage in again if stage.resolver == one.resolver), first.stage)
    return next_step, next((one for one, stage in again if stage.resolver != one.resolver), None)


def _whose_move(first: Ahead, next_step: str, today: date, book: RuleBook) -> str:
    """Who resolves the first thing to be done; where nothing but the step itself is left, or it is to be taken again,
    who takes the step.
    """
    for finding in first.findings if next_step == first.stage else ():
        if finding.resolver and finding.outcome.blocks:
            return finding.resolver
    version = version_for(book, today)
    return version.by_code[next_step].resolver if version else ""


def awaits_time(next_step: str | None) -> bool:
    """Whether nobody takes the next step: the term of probation passes by itself."""
    return next_step == "probation"


def _due_on(facts: CandidateFacts, stage: str, today: date, book: RuleBook) -> date | None:
    """By when the next step is due: the end of its term, the day for which it is booked, promised, or a class ends."""
    days = [item.value for item in book.determined(facts, stage, today) if item.what == "due_on"]
    if booked := booked_on(stage, facts, date.min):
        days.append(booked)
    if stage == "awareness_class":
        days.append(seat_until(facts))
    return min((day for day in days if isinstance(day, date)), default=None)
