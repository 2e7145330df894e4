from datetime import date

import pytest

from recruitment.rulebook.book import RuleBook, shipped
from recruitment.rulebook.facts import UNKNOWN, CandidateFacts, Certificate, Document, Enrolment
from recruitment.rulebook.progress import ahead, done_stages, next_stage, reached, state
from tests.recruitment.rulebook.cases import PAPERS, a_member, a_nominee, decided, in_dossier, on_probation, recognised

BOOK = shipped()
TODAY = date(2024, 10, 31)
SEAT = Enrolment(enrolled_on=date(2024, 10, 1), begins_on=date(2025, 1, 8), ends_on=date(2025, 1, 15))
OLD_CERTIFICATE = (Certificate(issued_on=date(2022, 1, 5)),)


@pytest.mark.parametrize(
    ("_case", "facts", "stage", "since"),
    [
        ("nominated", a_nominee(), "nominated", date(2024, 9, 2)),
        ("nominated, with an old certificate", a_nominee(certificates=OLD_CERTIFICATE), "nominated", date(2024, 9, 2)),
        ("taken up", a_nominee(taken_up_on=date(2024, 9, 5)), "taken_up", date(2024, 9, 5)),
        ("with a seat in a class", a_nominee(enrolment=SEAT), "awareness_class", date(2024, 10, 1)),
        (
            "taken up, with an old certificate",
            a_nominee(taken_up_on=date(2024, 9, 5), certificates=OLD_CERTIFICATE),
            "awareness_class",
            date(2022, 1, 5),
        ),
        (
            "a paper asked for",
            in_dossier(documents=(Document(kind="verification", asked_on=date(2024, 10, 2)),)),
            "dossier",
            date(2024, 10, 2),
        ),
        ("in dossier, the class to repeat", in_dossier(enrolment=SEAT), "dossier", date(2024, 10, 15)),
        ("helpers only", in_dossier(documents=()), "helpers", date(2024, 9, 6)),
        ("before the committee", decided(committee_vote=None, decision=None), "cell_meeting", date(2024, 10, 21)),
        ("decided", decided(), "decision", date(2024, 10, 28)),
        ("on probation", on_probation(ceremony_on=date(2024, 10, 30)), "probation", date(2024, 10, 30)),
        ("ceremony tomorrow", on_probation(ceremony_on=date(2024, 11, 1)), "decision", date(2024, 10, 28)),
    ],
)
def test_reached(_case, facts, stage, since):
    assert reached(facts, TODAY, BOOK) == (stage, since)


def test_who_was_never_nominated_is_nowhere():
    assert reached(CandidateFacts(), TODAY, BOOK) is None


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        (a_nominee(), "open"),
        (a_nominee(paused_on=TODAY), "paused"),
        (a_nominee(paused_on=date(2024, 11, 1)), "open"),
        (a_nominee(returned_on=date(2024, 10, 1)), "returned"),
        (on_probation(ceremony_on=TODAY), "admitted"),
        (a_nominee(closed_on=TODAY, closed_as="refused"), "refused"),
        (a_nominee(closed_on=date(2024, 11, 1), closed_as="refused"), "open"),
    ],
)
def test_state(facts, expected):
    assert state(facts, TODAY) == expected


def test_a_recognised_member_is_recognised_from_the_decision_on():
    assert state(recognised(), date(2025, 11, 27)) == "admitted"
    assert state(recognised(), date(2025, 11, 28)) == "recognised"


def test_stages_are_done_by_their_evidence():
    done = done_stages(in_dossier(), TODAY, BOOK)
    assert done == {
        "nominated": date(2024, 9, 2),
        "taken_up": date(2024, 9, 5),
        "awareness_class": date(2023, 6, 1),
        "helpers": date(2024, 9, 6),
        "dossier": date(2024, 10, 15),
    }


def test_the_probation_is_done_when_its_months_are_over():
    assert "probation" not in done_stages(on_probation(), date(2025, 11, 3), BOOK)
    assert done_stages(on_probation(), date(2025, 11, 4), BOOK)["probation"] == date(2025, 11, 4)


def test_a_dossier_without_one_paper_is_not_done():
    papers = tuple(Document(kind=kind, dated_on=date(2024, 10, 15)) for kind in PAPERS if kind != "cv")
    assert "dossier" not in done_stages(in_dossier(documents=papers), TODAY, BOOK)
    youth = (a_member(), a_member(kind="youth_union"))
    assert "dossier" not in done_stages(in_dossier(introducers=youth), TODAY, BOOK)


@pytest.mark.parametrize(
    ("facts", "stage"),
    [
        (a_nominee(), "taken_up"),
        (a_nominee(taken_up_on=date(2024, 9, 5)), "awareness_class"),
        (in_dossier(documents=()), "dossier"),
        (in_dossier(), "cell_meeting"),
        (decided(decision=None), "decision"),
        (decided(), "ceremony"),
        (on_probation(ceremony_on=TODAY), "probation"),
        (a_nominee(closed_on=TODAY, closed_as="withdrawn"), None),
        (decided(helpers=UNKNOWN, documents=(), taken_up_on=None), "ceremony"),  # overtaken by what is done
    ],
)
def test_next_stage(facts, stage):
    found = next_stage(facts, TODAY, BOOK)
    assert (found.code if found else None) == stage


def test_after_the_probation_the_cell_meets():
    assert next_stage(on_probation(), date(2025, 11, 4), BOOK).code == "recognition_meeting"
    assert next_stage(recognised(), date(2026, 1, 1), BOOK) is None


def test_an_empty_book_knows_no_stages():
    book = RuleBook.from_data([])
    assert (reached(a_nominee(), TODAY, book), ahead(a_nominee(), TODAY, book)) == (None, ())
    assert done_stages(a_nominee(), TODAY, book) == {}
