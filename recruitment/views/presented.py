"""What the rule book answers, as the pages' components take it: words, days and clauses instead of codes."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from foundation.days import format_day
from recruitment.models import Candidate, Document, Paper
from recruitment.rulebook import wording
from recruitment.rulebook.book import RuleBook
from recruitment.rulebook.evidence import papers_needed
from recruitment.rulebook.facts import CandidateFacts
from recruitment.rulebook.findings import BlocksUntil, BlocksUntilDone, Citation, Finding, Judged, Never, Unjudged
from recruitment.rulebook.outlook import Outlook
from recruitment.rulebook.progress import done_stages

_STATES = {BlocksUntil: "until", BlocksUntilDone: "blocked", Never: "never", Unjudged: "unknown"}
_ORDER = ["never", "blocked", "until", "unknown", "reminds", "waived"]
OFF_THE_WAY = {"withdrawn", "refused", "moved_away", "removed", "ended", "annulled"}


def clause(citation: Citation | None) -> str:
    """Document and clause; an unconfirmed one says so."""
    if not citation:
        return ""
    text = f"{citation.document}, {citation.clause}" if citation.clause else citation.document
    return text if citation.confirmed else _("%(clause)s (to be confirmed)") % {"clause": text}


def finding(found: Finding, waived: bool = False) -> dict[str, Any]:
    """One line of components/findings.html."""
    state = "waived" if waived else _STATES.get(type(found.outcome), "reminds")
    return {
        "state": state,
        "day": found.until,
        "sentence": wording.text(found, format_day),
        "resolver": wording.RESOLVERS.get(found.resolver, "")
        and _("Resolved by: %(who)s.") % {"who": wording.RESOLVERS[found.resolver]},
        "clause": clause(found.requirement.citation) if found.requirement else "",
    }


def judged(items: Iterable[Judged]) -> dict[str, Any]:
    """findings, holds, blocking and reminding of components/findings.html; blocking ones first."""
    lines, holds = [], []
    for item in items:
        lines += [finding(found, item.waived is not None) for found in item.findings]
        if item.holds:
            holds.append({"sentence": wording.title(item.requirement), "clause": clause(item.requirement.citation)})
    lines.sort(key=lambda line: _ORDER.index(line["state"]))
    blocking = sum(line["state"] in ("never", "blocked", "until") for line in lines)
    reminding = sum(line["state"] == "reminds" for line in lines)
    return {"findings": lines, "holds": holds, "blocking": blocking, "reminding": reminding}


def stages(facts: CandidateFacts, view: Outlook, book: RuleBook, today: date) -> list[dict[str, Any]]:
    """The tracker: done with their day, the present one, ahead with the earliest lawful day."""
    done = done_stages(facts, today, book)
    ahead = {item.stage: item.day for item in view.stages}
    now = view.reached.stage if view.reached else None
    out = view.state in OFF_THE_WAY
    shown = []
    for stage in book.stages_for(facts, today):
        if stage.code in done:
            state, day = "done", done[stage.code]
        elif out:
            state, day = "out", None
        elif stage.code in (now, view.next_step) and not any(item["state"] == "now" for item in shown):
            state, day = "now", view.reached.since if now == stage.code and view.reached else ahead.get(stage.code)
        else:
            state, day = "ahead", ahead.get(stage.code)
        shown.append(
            {"word": wording.stage_title(stage.code), "state": state, "day": day, "key": stage.code == "ceremony"}
        )
    return shown


def determined(items: Iterable[Any]) -> list[dict[str, Any]]:
    """What the rules determine, with the clause under each."""
    lines = []
    for item in items:
        value = format_day(item.value) if isinstance(item.value, date) else item.value
        if isinstance(value, (list, tuple)):
            value = ", ".join(str(wording.PAPERS.get(one, one)) for one in value)
        lines.append(
            {"label": wording.DETERMINED.get(item.what, item.what), "value": value, "note": clause(item.citation)}
        )
    return lines


def papers(candidate: Candidate, facts: CandidateFacts) -> list[dict[str, Any]]:
    """The dossier in the order of its papers; what is needed and not here is missing or waited for."""
    have: dict[str, Document] = {}
    for document in candidate.documents.order_by("pk"):
        have[document.kind] = document
    needed = set(papers_needed(facts))
    lines = []
    for kind in Paper.values:
        document = have.get(kind)
        if not document and kind not in needed:
            continue
        code, _space, title = str(Paper(kind).label).partition(" ")
        code, title = (code, title) if "KNĐ" in code else ("", str(Paper(kind).label))
        line = {"code": code, "title": title, "state": "missing", "day": None}
        if document and document.dated_on:
            line |= {"state": "done", "day": document.dated_on}
        elif document:
            line |= {"state": "waiting", "day": document.promised_on or document.asked_on}
        lines.append(line)
    return lines


def pips(furthest: str, codes: list[str]) -> list[str]:
    """Eight pips for a list: stages before the present one are done."""
    at = codes.index(furthest) if furthest in codes else -1
    return ["done" if place < at else "now" if place == at else "ahead" for place in range(len(codes))]
