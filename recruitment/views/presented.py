"""What the rule book answers, as the pages' components take it: words, days and clauses instead of codes."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from foundation.days import format_day
from foundation.words import isolated
from membership.models import Person, Precision
from recruitment.models import Candidate, Paper
from recruitment.rulebook import wording
from recruitment.rulebook.book import RuleBook
from recruitment.rulebook.evidence import papers_needed
from recruitment.rulebook.facts import CandidateFacts, every
from recruitment.rulebook.findings import BlocksUntil, BlocksUntilDone, Citation, Finding, Judged, Never, Unjudged
from recruitment.rulebook.outlook import Outlook
from recruitment.rulebook.progress import done_stages
from recruitment.rulebook.rules.votes import Majority, needed

_STATES = {BlocksUntil: "until", BlocksUntilDone: "blocked", Never: "never", Unjudged: "unknown"}
_ORDER = ["never", "blocked", "until", "unknown", "reminds", "waived"]
_AFTER_CEREMONY = {"probation", "recognition_meeting", "recognition_committee"}
_DETERMINED = {  # labels of what is determined, where the fact it is counted from says more than "from" and "until"
    ("starts_on", "born"): gettext_lazy("old enough from"),
    ("ends_on", "born"): gettext_lazy("young enough until"),
    ("ends_on", "certificates.issued_on"): gettext_lazy("certificate valid until"),
    ("ends_on", "ceremony_on"): gettext_lazy("probation until"),
    ("due_on", "documents.promised_on"): gettext_lazy("paper promised for"),
    ("base", "cell_vote.entitled"): gettext_lazy("entitled at the cell's vote"),
    ("needed", "cell_vote.entitled"): gettext_lazy("needed at the cell's vote"),
    ("base", "committee_vote.entitled"): gettext_lazy("entitled at the committee's vote"),
    ("needed", "committee_vote.entitled"): gettext_lazy("needed at the committee's vote"),
    ("base", "recognition_vote.entitled"): gettext_lazy("entitled at the cell's vote on recognition"),
    ("needed", "recognition_vote.entitled"): gettext_lazy("needed at the cell's vote on recognition"),
    ("base", "recognition_committee_vote.entitled"): gettext_lazy("entitled at the committee's vote on recognition"),
    ("needed", "recognition_committee_vote.entitled"): gettext_lazy("needed at the committee's vote on recognition"),
}
OFF_THE_WAY = {"withdrawn", "refused", "moved_away", "removed", "ended", "annulled"}
SHUT = {*OFF_THE_WAY, "recognised"}  # nothing more comes into the dossier


def clause(citation: Citation | None) -> str:
    """Document and clause; an unconfirmed one says so."""
    if not citation:
        return ""
    text = f"{citation.document},\N{NO-BREAK SPACE}{citation.clause}" if citation.clause else citation.document
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


def judged(items: Iterable[Judged], foreseen: Iterable[Finding] = ()) -> dict[str, Any]:
    """findings, holds, blocking and reminding of components/findings.html; blocking ones first.

    `foreseen`: what an outlook found beside (a class that is not planned, or not over).
    """
    lines, holds = [finding(found) for found in foreseen], []
    for item in items:
        lines += [finding(found, item.waived is not None) for found in item.findings]
        if item.holds:
            holds.append({"sentence": wording.title(item.requirement), "clause": clause(item.requirement.citation)})
    lines.sort(key=lambda line: _ORDER.index(line["state"]))
    blocking = sum(line["state"] in ("never", "blocked", "until") for line in lines)
    reminding = sum(line["state"] == "reminds" for line in lines)
    return {"findings": lines, "holds": holds, "blocking": blocking, "reminding": reminding}


def standing_word(one: Any) -> str:
    """Where a candidacy stands: the stage that comes, as the tracker marks it; or what stopped or ended the way.

    `one`: an outlook, or a standing kept from one.
    """
    if one.state == "open" and one.next_step:
        return _("Next: %(step)s") % {"step": wording.stage_title(one.next_step)}
    return str(wording.STATES.get(one.state, one.state))


def stages(facts: CandidateFacts, view: Outlook, book: RuleBook, today: date) -> list[dict[str, Any]]:
    """The tracker: done with their day, or to be done again, or not enough; the present one, ahead with the earliest
    lawful day; who left, left at one.

    Before the ceremony the stages of recognition are one step; what the present version does not know is left out.
    """
    done = done_stages(facts, today, book)
    ahead = {item.stage: item.day for item in view.stages}
    now = view.reached.stage if view.reached else None
    left = view.state in OFF_THE_WAY
    if left and isinstance(facts.closed_on, date):
        done = {code: day for code, day in done.items() if day <= facts.closed_on}
    codes = [one.code for one in book.stages_for(facts, today) if "ceremony" in done or one.code not in _AFTER_CEREMONY]
    ended_at = max((place for place, code in enumerate(codes) if code in done), default=-1) + 1
    shown: list[dict[str, Any]] = []
    for place, code in enumerate(codes):
        if code in done and code == view.next_step:
            state, day = "again", None  # what was done holds no longer
        elif code in done:
            state, day = "short" if view.failed and view.failed.what == code else "done", done[code]
        elif left:
            state, day = "out" if place == ended_at else "never", None
        elif code in (now, view.next_step) and not any(item["state"] == "now" for item in shown):
            state, day = "now", view.reached.since if now == code and view.reached else _later(ahead.get(code), today)
        else:
            state, day = "ahead", ahead.get(code)
        shown.append({"word": wording.stage_title(code), "state": state, "day": day, "key": code == "ceremony"})
    return shown


def _later(day: date | None, today: date) -> date | None:
    return day if day and day > today else None


def determined(items: Iterable[Any], today: date | None) -> list[dict[str, Any]]:
    """What the rules determine, with the clause under each; a term that has passed is late (None: nothing is due)."""
    lines = []
    for item in items:
        value = format_day(item.value) if isinstance(item.value, date) else item.value
        if isinstance(value, (list, tuple)):
            value = capfirst(_(", ").join(str(wording.PAPERS.get(one, one)) for one in value))
        label = str(_DETERMINED.get((item.what, item.from_)) or wording.DETERMINED.get(item.what, item.what))
        line = {"label": label[:1].upper() + label[1:], "value": value, "note": clause(item.citation)}
        lines.append(line | {"late": bool(today and item.what == "due_on" and item.value < today)})
    return lines


def votes_needed(book: RuleBook, stage: str, day: date, entitled: int | None, in_favour: int | None = None) -> str:
    """What a vote at the stage needs, with its clause, and whether that is reached; "" where nothing asks for a share
    of those entitled.
    """
    for asked, citation in book.asked(Majority, day):
        if asked.of == stage:
            share = {"share": f"{asked.of_three}/3", "clause": isolated(clause(citation))}
            if entitled is None:
                return _("At least %(share)s of those entitled are needed: %(clause)s.") % share
            least = needed(entitled, asked.of_three)
            said = _("At least %(needed)s of %(entitled)s are needed: %(clause)s.") % {
                **share,
                "needed": least,
                "entitled": entitled,
            }
            if in_favour is not None and in_favour <= entitled:
                said += " " + (_("That is reached.") if in_favour >= least else _("That is not reached."))
            return said
    return ""


def papers(candidate: Candidate, facts: CandidateFacts, view: Outlook, may_write: bool = False) -> list[Any]:
    """The dossier in the order of its papers. Until it is shut, what is needed and not here is awaited or missing; or
    still to come, where the stages before the dossier are not done.
    """
    shut = view.state in SHUT
    begun = bool(view.reached and view.reached.stage == "dossier")
    early = not begun and any(item.stage == "dossier" for item in view.stages[1:])
    have = _papers_there(facts)
    asked = set(papers_needed(facts))
    lines = []
    for paper in Paper:
        document = have.get(paper)
        here = document is not None and document.dated_on
        if not here and (shut or (not document and paper not in asked)):
            continue
        code, _space, title = str(paper.label).partition(" ")
        code, title = (code, title) if "KNĐ" in code else ("", str(paper.label))
        line: dict[str, Any] = {
            "code": code,
            "title": title[:1].upper() + title[1:],
            "state": "ahead" if early else "missing",
            "day": None,
        }
        if document and here:
            line |= {"state": "done", "day": document.dated_on}
        elif document:
            word = _("promised for") if document.promised_on else _("asked for")
            line |= {"state": "waiting", "word": word, "day": document.promised_on or document.asked_on}
        if may_write and view.state == "open" and line["state"] != "done":
            line["url"] = f"{reverse('candidate_step', args=[candidate.pk, 'document'])}?kind={paper.value}"
        lines.append(line)
    return lines


def missing_papers(facts: CandidateFacts) -> list[str]:
    """Kinds of papers that are needed and not here, in their order."""
    here = {kind for kind, document in _papers_there(facts).items() if document.dated_on}
    return [paper.value for paper in Paper if paper.value in papers_needed(facts) and paper.value not in here]


def _papers_there(facts: CandidateFacts) -> dict[str, Any]:
    """The last paper of each kind, here or awaited."""
    return {document.kind: document for document in every(facts.documents)}


def birth(person: Person) -> str:
    """The birth day as exactly as it is known."""
    if person.born_precision == Precision.DAY:
        return format_day(person.born_on)
    return f"{person.born_on:%m/%Y}" if person.born_precision == Precision.MONTH else f"{person.born_on:%Y}"


def pips(furthest: str, next_step: str, codes: list[str]) -> list[str]:
    """Eight pips for a list, as the tracker has them: the stages before the one under way, or the next one, are done;
    behind the last one, all of them.
    """
    at = codes.index(furthest) if furthest in codes else len(codes)
    if next_step in codes:
        at = max(at, codes.index(next_step))
    return ["done" if place < at else "now" if place == at else "ahead" for place in range(len(codes))]
