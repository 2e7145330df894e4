"""Words for what the rule book answers, in the reader's language. Days are written by the function the caller gives.

The sentence of a finding stands beside its rule; here are those of the outlook, and names of stages and papers.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from functools import cache
from typing import Any

from django.utils.translation import gettext, ngettext_lazy
from django.utils.translation import gettext_lazy as _

from recruitment.rulebook.evidence import EVIDENCE
from recruitment.rulebook.findings import Finding, Never, Requirement
from recruitment.rulebook.registry import all_rules

STAGES: Mapping[str, Any] = {
    "nominated": _("Nominated"),
    "taken_up": _("Taken up"),
    "awareness_class": _("Awareness class"),
    "helpers": _("Helpers assigned"),
    "dossier": _("Dossier"),
    "cell_meeting": _("Cell meeting"),
    "sub_committee": _("Sub-committee"),
    "committee_meeting": _("Grassroots committee"),
    "decision": _("Decision on admission"),
    "ceremony": _("Ceremony"),
    "probation": _("Probation"),
    "recognition_meeting": _("Cell meeting on recognition"),
    "recognition_committee": _("Grassroots committee on recognition"),
    "recognition": _("Recognition"),
}

VERSIONS: Mapping[str, Any] = {
    "0": _("Regulation 29-QĐ/TW of 25 July 2016"),
    "A": _("Regulation 24-QĐ/TW of 30 July 2021"),
    "C": _("Regulation 294-QĐ/TW of 26 May 2025"),
}

STATES: Mapping[str, Any] = {
    "open": _("under way"),
    "paused": _("paused"),
    "returned": _("returned for completion"),
    "admitted": _("on probation"),
    "recognised": _("recognised as an official member"),
    "withdrawn": _("withdrawn"),
    "refused": _("refused"),
    "moved_away": _("moved away"),
    "removed": _("name removed during probation"),
    "ended": _("membership ended during probation"),
    "annulled": _("admission annulled"),
    "in_error": _("entered in error"),
}

RESOLVERS: Mapping[str, Any] = {
    "secretary": _("secretary of the cell"),
    "person": _("the candidate"),
    "introducers": _("introducers"),
    "organiser": _("organiser of the class"),
    "youth_union": _("Youth Union"),
    "trade_union": _("trade union"),
    "sub_committee": _("sub-committee"),
    "grassroots": _("grassroots committee"),
    "competent": _("competent committee"),
    "province": _("provincial committee"),
}

TIERS: Mapping[str, Any] = {
    "cell": _("cell"),
    "sub_committee": _("sub-committee"),
    "grassroots": _("grassroots committee"),
    "superior": _("committee directly above the grassroots"),
    "competent": _("competent committee"),
}

PAPERS: Mapping[str, Any] = {
    "application": _("application (1-KNĐ)"),
    "cv": _("curriculum vitae (2-KNĐ)"),
    "verification": _("verification of the curriculum vitae"),
    "introduction": _("introduction by an official member (3-KNĐ)"),
    "youth_resolution": _("resolution of the Youth Union (4-KNĐ)"),
    "union_resolution": _("resolution of the trade union (4A-KNĐ)"),
    "comments": _("summary of comments (5-KNĐ)"),
    "residence_comments": _("comments from the residence (5B-KNĐ)"),
}

LEVELS: Mapping[str, Any] = {
    "none": _("reads and writes"),
    "primary": _("primary"),
    "lower_secondary": _("lower secondary"),
    "upper_secondary": _("upper secondary"),
}

OUTCOMES: Mapping[str, Any] = {
    "holds": _("holds"),
    "blocks_until": _("not before a day"),
    "blocks_until_done": _("something is to be done first"),
    "never": _("not lawful"),
    "unjudged": _("cannot be judged"),
    "warns": _("to be looked at"),
}

FIELDS: Mapping[str, Any] = {
    "born": _("day of birth"),
    "mass_bodies": _("mass organisations at the place of work or residence"),
    "education.level": _("general education"),
    "education.shown_by": _("diploma of general education"),
    "certificates": _("certificates of the awareness class"),
    "introducers": _("introducers"),
    "introducers.status": _("status of the introducers"),
    "introducers.together_since": _("since when introducer and candidate are together"),
    "nominated_on": _("day of nomination"),
    "taken_up_on": _("day on which the candidate was taken up"),
    "helpers": _("helpers"),
    "documents": _("papers of the dossier"),
    "documents.dated_on": _("days of the papers"),
    "cell_vote": _("vote of the cell"),
    "sub_committee_vote": _("vote of the sub-committee"),
    "committee_vote": _("vote of the grassroots committee"),
    "decision": _("decision on admission"),
    "decision.received_on": _("day of receipt of the decision"),
    "ceremony_on": _("day of the ceremony"),
    "recognition_vote": _("vote of the cell on recognition"),
    "recognition_committee_vote": _("vote of the grassroots committee on recognition"),
    "recognition_decision": _("decision on recognition"),
    "memberships": _("earlier memberships"),
    "memberships.ended_on": _("day of leaving the Party"),
    "memberships.ended_as": _("how an earlier membership ended"),
    "memberships.cleared_on": _("day on which the criminal record was cleared"),
}

OTHERS: Mapping[str, Any] = {
    "introducers": _("introducers"),
    "resume": _("resuming"),
}  # what else an outlook assumes to be done

DETERMINED: Mapping[str, Any] = {
    "starts_on": _("from"),
    "ends_on": _("until"),
    "counts_from": _("counted from"),
    "due_on": _("due by"),
    "base": _("base of the vote"),
    "needed": _("votes needed"),
    "introducers_needed": _("official members who introduce, at least"),
    "papers_needed": _("papers needed"),
}

PARAMETERS: Mapping[str, Any] = {  # what a requirement asks for, in words
    "least": _("at least %(value)s years old"),
    "most": _("at most %(value)s years old"),
    "counted_by": _("age counted by the %(value)s"),
    "months": ngettext_lazy("%(value)s month", "%(value)s months", "value"),
    "level": _("at least %(value)s"),
    "diploma": _("diploma needed: %(value)s"),
    "members": ngettext_lazy(
        "%(value)s official member who introduces", "%(value)s official members who introduce", "value"
    ),
    "youth_age": _("the Youth Union introduces up to the age of %(value)s"),
    "papers": _("papers: %(value)s"),
    "months_from_cleared": ngettext_lazy(
        "%(value)s month after the criminal record was cleared",
        "%(value)s months after the criminal record was cleared",
        "value",
    ),
    "never_left_as": _("never who left as: %(value)s"),
    "never_causes": _("never who left because of: %(value)s"),
    "times": ngettext_lazy("at most %(value)s time", "at most %(value)s times", "value"),
    "of": _("vote: %(value)s"),
    "of_three": _("%(value)s/3 of those entitled"),
    "working_days": ngettext_lazy("%(value)s working day", "%(value)s working days", "value"),
    "counts_from": _("counted from the %(value)s"),
}

_SETTINGS: Mapping[Any, Any] = {
    "month": _("month of birth"),
    "birthday": _("birthday"),
    "receipt": _("receipt of the decision"),
    "issue": _("day of the decision"),
    "dropped_out": _("left without a request"),
    "resigned": _("asked to leave"),
    "disunity": _("causing disunity"),
    "corruption": _("corruption"),
    "serious_crime": _("a serious crime"),
    True: _("yes"),
    False: _("no"),
}  # what a parameter may be set to, beside numbers, stages, papers and levels

OUTLOOK: Mapping[str, Any] = {
    "class-ends": _("The class in which the candidate has a seat ends on %(until)s."),
    "next-class-ends": _("The next awareness class planned ends on %(until)s."),
    "no-class-planned": _("No awareness class is planned."),
    "booked-too-early": _("%(stage)s: booked for %(booked)s, before the first lawful day."),
}

_WORDS_OF = {"stage": STAGES, "paper": PAPERS, "level": LEVELS, "field": FIELDS}


@cache
def texts() -> Mapping[str, Any]:
    """The sentence of every finding code."""
    found = dict(OUTLOOK)
    for rule in all_rules().values():
        found |= rule.texts
    return found


def text(finding: Finding, write_day: Callable[[date], str]) -> str:
    """The finding as a sentence; its days as `write_day` writes them."""
    params = dict(finding.params)
    if isinstance(finding.outcome, Never):
        params["since"] = finding.outcome.since or ""
    if finding.until:
        params["until"] = finding.until
    return str(texts()[finding.code]) % {key: _word(key, value, write_day) for key, value in params.items()}


def text_of_code(code: str, until: date | None, write_day: Callable[[date], str]) -> str:
    """The sentence of a finding kept as code and day alone, as in a standing; what is not kept is left out."""
    kept = {"until": write_day(until)} if until else {}
    return (str(texts()[code]) % _Blank(kept)).replace(": ….", ".")


class _Blank(dict):
    def __missing__(self, key: str) -> str:
        return "…"


def _word(key: str, value: Any, write_day: Callable[[date], str]) -> str:
    if isinstance(value, date):
        return write_day(value)
    return str(_WORDS_OF.get(key, {}).get(value, value))


def title(requirement: Requirement) -> str:
    """The requirement's title in the reader's language."""
    return gettext(requirement.title)


def parameters(given: Mapping[str, Any]) -> list[str]:
    """What a requirement asks for, in words."""
    return [str(PARAMETERS[name] % {"value": _setting(value)}) for name, value in given.items()]


def proof(evidence: str) -> Any:
    """By what a stage is done, lazily translated."""
    return FIELDS[EVIDENCE[evidence].field]


def _setting(value: Any) -> Any:
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    if isinstance(value, list):
        return gettext(", ").join(map(_setting, value))
    return str(next(words[value] for words in (_SETTINGS, STAGES, PAPERS, LEVELS) if value in words))


def stage_title(code: str) -> Any:
    """The name of a stage, lazily translated; an unknown stage has its code."""
    return STAGES.get(code, code)


def assumption(what: str) -> Any:
    """What an outlook assumes: a stage, a paper, a field not recorded; lazily translated."""
    for words in (STAGES, PAPERS, OTHERS, FIELDS):
        if what in words:
            return words[what]
    return what
