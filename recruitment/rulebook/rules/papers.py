"""Papers of the dossier."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from recruitment.rulebook.calendar import add_months
from recruitment.rulebook.evidence import papers_held, papers_needed
from recruitment.rulebook.facts import UNKNOWN, CandidateFacts, Document, every, recorded
from recruitment.rulebook.findings import BlocksUntil, BlocksUntilDone, Determined, Finding, Outcome, Unjudged, Warns
from recruitment.rulebook.registry import determines, rule

RESOLVERS = {
    "application": "person",
    "cv": "person",
    "verification": "grassroots",
    "introduction": "introducers",
    "youth_resolution": "youth_union",
    "union_resolution": "trade_union",
    "comments": "secretary",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class PapersComplete:
    """No parameters: the papers follow from who introduces."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PapersFresh:
    """These papers are redone when older than `months`."""

    months: int
    papers: tuple[str, ...]


@rule(
    "papers-complete",
    PapersComplete,
    title=_("The papers of the dossier are in the file"),
    texts={
        "papers-not-known": _("Cannot be judged without the papers of the dossier."),
        "paper-missing": _("Missing: %(paper)s."),
        "paper-overdue": _("Promised for %(promised)s, and not there: %(paper)s."),
        "paper-announced": _("Announced for %(until)s: %(paper)s."),
        "paper-later": _("Dated %(until)s only: %(paper)s."),
    },
)
def papers_complete(facts: CandidateFacts, day: date, p: PapersComplete) -> Iterator[Finding]:
    """Application, CV, verification, comments and introductions are dated by `day`. 12-HD/BTCTW 2022, II.

    A paper whose answer is announced for a day blocks until that day.
    """
    if facts.documents is UNKNOWN:
        yield Finding(code="papers-not-known", outcome=Unjudged("documents"), resolver="secretary")
        return
    held = papers_held(facts)
    for kind in papers_needed(facts):
        if finding := _of_paper(kind, held.get(kind), day):
            yield finding


def _of_paper(kind: str, row: Document | None, day: date) -> Finding | None:
    def found(code: str, outcome: Outcome, **params: Any) -> Finding:
        due_on = recorded(row.promised_on) if row else None
        resolver = RESOLVERS.get(kind, "secretary")
        return Finding(code=code, outcome=outcome, params={"paper": kind, **params}, resolver=resolver, due_on=due_on)

    if row is None:
        return found("paper-missing", BlocksUntilDone(kind))
    if row.dated_on is UNKNOWN:
        return found("papers-not-known", Unjudged("documents.dated_on"))
    if row.dated_on is not None:
        return None if row.dated_on <= day else found("paper-later", BlocksUntil(row.dated_on))
    if not isinstance(row.promised_on, date):
        return found("paper-missing", BlocksUntilDone(kind))
    if row.promised_on > day:
        return found("paper-announced", BlocksUntil(row.promised_on))
    return found("paper-overdue", BlocksUntilDone(kind), promised=row.promised_on)


@determines("papers-complete")
def papers_due(facts: CandidateFacts, day: date, p: PapersComplete) -> Iterator[Determined]:
    """The papers needed, and by when those promised are due."""
    yield Determined("papers_needed", papers_needed(facts), "introducers")
    held = papers_held(facts)
    for kind in papers_needed(facts):
        row = held.get(kind)
        if row and row.dated_on is None and isinstance(row.promised_on, date):
            yield Determined("due_on", row.promised_on, "documents.promised_on")


@rule(
    "papers-fresh",
    PapersFresh,
    title=_("Papers that are too old are redone"),
    texts={"paper-old": _("Of %(dated)s, older than %(months)s months, to be redone or supplemented: %(paper)s.")},
)
def papers_fresh(facts: CandidateFacts, day: date, p: PapersFresh) -> Iterator[Finding]:
    """Papers older than `months` are redone or supplemented. 01-HD/TW 2021, 5.4."""
    for row in every(facts.documents):
        if row.kind in p.papers and isinstance(row.dated_on, date) and add_months(row.dated_on, p.months) < day:
            params = {"paper": row.kind, "dated": row.dated_on, "months": p.months}
            yield Finding(
                code="paper-old", outcome=Warns(), params=params, resolver=RESOLVERS.get(row.kind, "secretary")
            )
