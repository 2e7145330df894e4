"""Whether a planned candidacy is lawful: the rulebook says so, stage by stage, under the version of each day."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from recruitment.rulebook import book as rulebook
from recruitment.rulebook.evidence import applies
from recruitment.rulebook.outlook import Outlook, outlook
from reports.demo.candidacies import Candidacy, facts_of, waivers_of


def unlawful(one: Candidacy, courses: list[tuple[date, date]]) -> Iterator[str]:
    """What the rulebook finds against any step taken, each as a sentence for the developer."""
    book, facts, waivers = rulebook.shipped(), facts_of(one, courses), waivers_of(one)
    for stage in book.versions[-1].stages:
        day = stage.done_on(facts)
        if not isinstance(day, date) or not applies(stage.evidence, facts) or stage.evidence == "term":
            continue
        for judged in book.findings(facts, stage.code, day, waivers):
            for finding in judged.findings:
                if judged.waived is None and (finding.blocks or finding.code.endswith("-late")):
                    where = f"{one.human.number} in {one.cell.code}: {stage.code} on {day}"
                    yield f"{where}: {finding.code} {finding.outcome}"


def ahead(one: Candidacy, courses: list[tuple[date, date]], today: date) -> Outlook:
    """What is ahead of an open candidacy, seen from `today`."""
    return outlook(facts_of(one, courses, today), today, rulebook.shipped(), waivers_of(one))
