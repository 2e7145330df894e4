from datetime import date

import pytest

from recruitment.rulebook.facts import UNKNOWN, CandidateFacts, Document, Introducer
from recruitment.rulebook.findings import BlocksUntil, BlocksUntilDone, Unjudged, Warns
from recruitment.rulebook.rules.papers import PapersComplete, PapersFresh, papers_complete, papers_due, papers_fresh

DATED = date(2024, 3, 1)
DAY = date(2024, 10, 15)
MEMBERS = (Introducer(), Introducer())


def papers(**changes):
    """The papers of a dossier with two introducing members: all dated 1 March 2024, unless said."""
    rows = {kind: Document(kind=kind, dated_on=DATED) for kind in ("application", "cv", "verification", "comments")}
    rows |= {"introduction": Document(kind="introduction", dated_on=DATED)} | changes
    return tuple(row for row in rows.values() if row)


def asked(promised_on=None):
    return Document(kind="verification", asked_on=DATED, promised_on=promised_on)


@pytest.mark.parametrize(
    ("_case", "documents", "outcomes"),
    [
        ("complete", papers(), []),
        ("one missing", papers(comments=None), [BlocksUntilDone("comments")]),
        ("dated today", papers(cv=Document(kind="cv", dated_on=DAY)), []),
        (
            "dated tomorrow",
            papers(cv=Document(kind="cv", dated_on=date(2024, 10, 16))),
            [BlocksUntil(date(2024, 10, 16))],
        ),
        ("an answer asked for", papers(verification=asked()), [BlocksUntilDone("verification")]),
        ("announced", papers(verification=asked(date(2025, 1, 5))), [BlocksUntil(date(2025, 1, 5))]),
        ("announced for today", papers(verification=asked(DAY)), [BlocksUntilDone("verification")]),
        ("its day not recorded", papers(cv=Document(kind="cv", dated_on=UNKNOWN)), [Unjudged("documents.dated_on")]),
        ("not recorded", UNKNOWN, [Unjudged("documents")]),
    ],
)
def test_papers_complete(_case, documents, outcomes):
    facts = CandidateFacts(documents=documents, introducers=MEMBERS)
    assert [finding.outcome for finding in papers_complete(facts, DAY, PapersComplete())] == outcomes


def test_an_introducing_youth_union_needs_its_resolution():
    facts = CandidateFacts(documents=papers(), introducers=(Introducer(), Introducer(kind="youth_union")))
    [finding] = papers_complete(facts, DAY, PapersComplete())
    assert finding.outcome == BlocksUntilDone("youth_resolution")


def test_an_overdue_answer_names_the_day_for_which_it_was_promised():
    facts = CandidateFacts(documents=papers(verification=asked(date(2024, 10, 1))), introducers=MEMBERS)
    [finding] = papers_complete(facts, DAY, PapersComplete())
    assert (finding.code, finding.due_on) == ("paper-overdue", date(2024, 10, 1))
    assert date(2024, 10, 1) in [item.value for item in papers_due(facts, DAY, PapersComplete())]


@pytest.mark.parametrize(
    ("_case", "dated_on", "outcomes"),
    [
        ("twelve months to the day", date(2023, 10, 15), []),
        ("a day older", date(2023, 10, 14), [Warns()]),
        ("not dated", None, []),
    ],
)
def test_papers_fresh(_case, dated_on, outcomes):
    facts = CandidateFacts(documents=papers(comments=Document(kind="comments", dated_on=dated_on)))
    found = papers_fresh(facts, DAY, PapersFresh(months=12, papers=("comments",)))
    assert [finding.outcome for finding in found] == outcomes


def test_papers_that_last_are_not_asked_for_again():
    facts = CandidateFacts(documents=papers(cv=Document(kind="cv", dated_on=date(2020, 1, 2))))
    assert list(papers_fresh(facts, DAY, PapersFresh(months=12, papers=("comments",)))) == []
