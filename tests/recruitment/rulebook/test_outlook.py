from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recruitment.rulebook.book import RuleBook, shipped
from recruitment.rulebook.facts import (
    UNKNOWN,
    Booked,
    CandidateFacts,
    Certificate,
    Decision,
    Document,
    Education,
    Enrolment,
    Introducer,
    Membership,
    Vote,
)
from recruitment.rulebook.findings import Waiver
from recruitment.rulebook.outlook import outlook
from tests.recruitment.rulebook.cases import PAPERS, a_member, a_nominee, decided, in_dossier, on_probation, recognised

BOOK = shipped()
TODAY = date(2024, 10, 31)


def codes(item):
    return [finding.code for finding in item.findings]


def stage(found, code):
    [item] = [item for item in found.stages if item.stage == code]
    return item


def test_a_complete_dossier_can_be_admitted_today():
    found = outlook(in_dossier(), TODAY, BOOK)
    assert (found.state, found.reached.stage, found.next_step) == ("open", "dossier", "cell_meeting")
    assert [item.stage for item in found.stages][:4] == ["cell_meeting", "committee_meeting", "decision", "ceremony"]
    assert found.earliest_ceremony_on == TODAY
    assert found.earliest("recognition") == date(2025, 10, 31)
    assert (found.assumptions, found.waits_for) == ((), "")


@pytest.mark.parametrize(
    ("_case", "changes", "day", "waits_for"),
    [
        ("18 in January", {"born": date(2007, 1, 9)}, date(2025, 1, 1), "under-age"),
        (
            "an introducer too new",
            {"introducers": (a_member(), a_member(together_since=date(2024, 2, 12)))},
            date(2025, 2, 12),
            "introducer-time",
        ),
        (
            "an answer announced",
            {
                "documents": tuple(
                    Document(kind=kind, asked_on=TODAY, promised_on=date(2025, 1, 5))
                    if kind == "verification"
                    else Document(kind=kind, dated_on=TODAY)
                    for kind in PAPERS
                )
            },
            date(2025, 1, 5),
            "paper-announced",
        ),
        (
            "a certificate run out, the next class in January",
            {"certificates": (Certificate(issued_on=date(2019, 10, 1)),), "next_class_ends_on": date(2025, 1, 15)},
            date(2025, 1, 15),
            "next-class-ends",
        ),
        (
            "a certificate run out, a seat in the class of March",
            {
                "certificates": (Certificate(issued_on=date(2019, 10, 1)),),
                "next_class_ends_on": date(2025, 1, 15),
                "enrolment": Enrolment(begins_on=date(2025, 3, 3), ends_on=date(2025, 3, 10)),
            },
            date(2025, 3, 10),
            "class-ends",
        ),
        (
            "a certificate that runs out before the introducer's months are over",
            {
                "certificates": (Certificate(issued_on=date(2019, 12, 1)),),
                "introducers": (a_member(), a_member(together_since=date(2023, 12, 20))),
                "next_class_ends_on": date(2025, 2, 20),
            },
            date(2025, 2, 20),
            "next-class-ends",
        ),
        (
            "a certificate good until the day before",
            {
                "certificates": (Certificate(issued_on=date(2019, 12, 21)),),
                "introducers": (a_member(), a_member(together_since=date(2023, 12, 20))),
                "next_class_ends_on": date(2025, 2, 20),
            },
            date(2024, 12, 20),
            "introducer-time",
        ),
        (
            "left three years ago in March",
            {"memberships": (Membership(ended_on=date(2022, 3, 1), ended_as="removed"),)},
            date(2025, 3, 1),
            "readmission-wait",
        ),
    ],
)
def test_the_longest_wait_decides(_case, changes, day, waits_for):
    found = outlook(in_dossier(**changes), TODAY, BOOK)
    assert (found.earliest("cell_meeting"), found.earliest_ceremony_on) == (day, day)
    assert (found.waits_for, found.waits_until) == (waits_for, day)


def test_without_a_class_planned_there_is_no_earliest_day():
    found = outlook(a_nominee(), TODAY, BOOK)
    item = stage(found, "awareness_class")
    assert (item.day, codes(item)) == (None, ["no-class-planned"])
    assert found.earliest("helpers") == TODAY
    assert (found.earliest("cell_meeting"), found.earliest_ceremony_on, found.earliest("recognition")) == (None,) * 3
    assert (found.waits_for, found.waits_until) == ("no-class-planned", None)


def test_a_class_to_repeat_that_is_not_planned_has_no_day_either():
    found = outlook(in_dossier(certificates=(Certificate(issued_on=date(2019, 10, 1)),)), TODAY, BOOK)
    assert stage(found, "cell_meeting").day is None
    assert found.waits_for == "no-class-planned"


@pytest.mark.parametrize(
    ("enrolment", "due_on"),
    [
        (None, None),
        (
            Enrolment(begins_on=date(2019, 9, 1), ends_on=date(2019, 10, 1)),
            None,
        ),  # that of the certificate that ran out
        (Enrolment(begins_on=date(2024, 11, 1), ends_on=date(2024, 11, 8)), date(2024, 11, 8)),
    ],
)
@pytest.mark.parametrize(("issued_on", "is_next"), [(date(2019, 10, 31), True), (date(2019, 11, 1), False)])
def test_a_class_to_repeat_is_the_next_step_from_the_day_the_certificate_ran_out(issued_on, is_next, enrolment, due_on):
    held = (Certificate(issued_on=issued_on),)
    found = outlook(
        in_dossier(certificates=held, enrolment=enrolment, next_class_ends_on=date(2025, 1, 15)), TODAY, BOOK
    )
    expected = ("awareness_class", "organiser", due_on) if is_next else ("cell_meeting", "secretary", None)
    assert (found.next_step, found.whose_move, found.due_on) == expected
    assert (found.reached.stage, found.stages[0].stage) == ("dossier", "cell_meeting")


def test_a_class_to_repeat_is_its_organisers_move_whatever_else_is_missing():
    held, papers = (Certificate(issued_on=date(2019, 10, 1)),), in_dossier().documents[1:]
    found = outlook(in_dossier(certificates=held, introducers=(), next_class_ends_on=TODAY), TODAY, BOOK)
    assert (found.next_step, found.whose_move) == ("awareness_class", "organiser")
    found = outlook(in_dossier(certificates=held, documents=papers, next_class_ends_on=TODAY), TODAY, BOOK)
    assert found.next_step == "dossier"


def test_a_class_that_is_over_counts_at_once():
    seat = Enrolment(begins_on=date(2024, 10, 1), ends_on=date(2024, 10, 8))
    found = outlook(a_nominee(taken_up_on=date(2024, 9, 5), enrolment=seat), TODAY, BOOK)
    assert found.earliest("awareness_class") == TODAY
    assert (found.next_step, found.due_on) == ("awareness_class", date(2024, 10, 8))


def test_what_is_open_is_done_at_once_and_listed():
    found = outlook(a_nominee(next_class_ends_on=date(2025, 1, 15)), TODAY, BOOK)
    assert found.earliest("dossier") == TODAY
    assert found.earliest_ceremony_on == date(2025, 1, 15)
    assert {"application", "cv", "introducers", "awareness_class"} <= set(found.assumptions)


def test_a_pause_counts_as_ended_today_and_is_named():
    found = outlook(in_dossier(paused_on=date(2024, 10, 20)), TODAY, BOOK)
    assert (found.state, found.earliest_ceremony_on) == ("paused", TODAY)
    assert (stage(found, "cell_meeting").assumptions, found.whose_move) == (("resume",), "secretary")


def test_a_vote_that_fell_short_is_what_failed():
    short = Vote(held_on=date(2024, 10, 1), entitled=15, in_favour=9, against=6)
    found = outlook(in_dossier(cell_vote=short), TODAY, BOOK)
    assert (found.failed.code, found.failed.what) == ("vote-short", "cell_meeting")
    assert (found.next_step, found.whose_move) == ("committee_meeting", "competent")
    resting = in_dossier(cell_vote=short, paused_on=date(2024, 10, 20))
    assert outlook(resting, TODAY, BOOK).failed is None  # first it is resumed
    enough = Vote(held_on=date(2024, 10, 1), entitled=15, in_favour=10, against=5)
    assert outlook(in_dossier(cell_vote=enough), TODAY, BOOK).failed is None


@pytest.mark.parametrize("rests", ["paused_on", "returned_on"])
def test_while_a_candidacy_rests_nothing_is_due_and_the_cell_moves(rests):
    facts = a_nominee(taken_up_on=date(2024, 9, 1), enrolment=Enrolment(ends_on=date(2024, 9, 30)))
    before, resting = (outlook(one, TODAY, BOOK) for one in (facts, facts.but(**{rests: date(2024, 10, 20)})))
    assert (before.next_step, before.whose_move, before.due_on) == ("awareness_class", "organiser", date(2024, 9, 30))
    assert (resting.next_step, resting.whose_move, resting.due_on) == ("awareness_class", "secretary", None)


def test_a_booked_meeting_is_held_on_its_day():
    facts = in_dossier(booked=(Booked(stage="cell_meeting", on=date(2024, 11, 20)),))
    found = outlook(facts, TODAY, BOOK)
    assert stage(found, "cell_meeting").booked
    assert (found.earliest_ceremony_on, found.due_on) == (date(2024, 11, 20), date(2024, 11, 20))


def test_a_meeting_booked_too_early_is_named():
    booked = (Booked(stage="cell_meeting", on=date(2024, 11, 20)),)
    found = outlook(in_dossier(born=date(2006, 12, 9), booked=booked), TODAY, BOOK)
    item = stage(found, "cell_meeting")
    assert (item.day, item.booked) == (date(2024, 12, 1), False)
    assert "booked-too-early" in codes(item)


def test_who_is_too_old_has_no_day_unless_it_is_waived():
    facts = in_dossier(born=date(1960, 1, 2))
    assert outlook(facts, TODAY, BOOK).earliest_ceremony_on is None
    assert outlook(facts, TODAY, BOOK).waits_for == "over-age"
    waiver = Waiver(rule="age", authority="QN", document="12", granted_on=date(2024, 10, 1))
    assert outlook(facts, TODAY, BOOK, [waiver]).earliest_ceremony_on == TODAY


def test_nobody_assumes_a_diploma():
    found = outlook(in_dossier(education=Education(level="primary")), TODAY, BOOK)
    assert (found.earliest_ceremony_on, found.waits_for) == (None, "education-too-low")


def test_what_is_not_recorded_is_favourable_and_listed():
    found = outlook(in_dossier(born=UNKNOWN, memberships=UNKNOWN), TODAY, BOOK)
    assert found.earliest_ceremony_on == TODAY
    assert stage(found, "cell_meeting").assumptions == ("born", "memberships")


def test_a_vote_that_fell_short_is_repeated():
    short = Vote(held_on=date(2024, 10, 21), entitled=9, in_favour=5, against=4)
    found = outlook(in_dossier(cell_vote=short), TODAY, BOOK)
    assert (found.next_step, found.whose_move) == ("committee_meeting", "competent")
    assert "cell_meeting" in stage(found, "committee_meeting").assumptions
    assert found.earliest_ceremony_on == TODAY


def test_each_stage_is_judged_by_the_version_of_its_day():
    day = date(2021, 7, 1)
    facts = in_dossier(
        born=date(2003, 7, 9),
        education=Education(level="lower_secondary", shown_by="equivalent"),
        nominated_on=day,
        taken_up_on=day,
        certificates=(Certificate(issued_on=day),),
        helpers=(),
        documents=(),
        introducers=(),
    )
    assert outlook(facts, day, BOOK).earliest("cell_meeting") == day
    found = outlook(facts.but(born=date(2003, 8, 9)), day, BOOK)  # of age when a diploma is asked for
    assert (found.earliest("cell_meeting"), found.waits_for) == (None, "diploma-missing")


def test_a_decision_has_its_term_for_the_ceremony():
    found = outlook(decided(), TODAY, BOOK)
    assert (found.next_step, found.whose_move, found.due_on) == ("ceremony", "secretary", date(2024, 12, 10))


def test_after_the_ceremony_the_recognition_is_ahead():
    found = outlook(on_probation(), date(2024, 11, 30), BOOK)
    assert (found.state, found.next_step, found.reached.stage) == ("admitted", "probation", "probation")
    assert found.earliest("recognition") == date(2025, 11, 4)
    assert (found.waits_for, found.waits_until) == ("on-probation", date(2025, 11, 4))


def test_an_overdue_recognition_is_due_in_the_past():
    found = outlook(on_probation(ceremony_on=date(2023, 9, 5)), TODAY, BOOK)
    assert (found.next_step, found.due_on) == ("recognition_meeting", date(2024, 10, 17))
    assert codes(stage(found, "recognition_meeting")) == ["recognition-meeting-late"]


@pytest.mark.parametrize(
    ("facts", "state"),
    [
        (a_nominee(closed_on=TODAY, closed_as="withdrawn"), "withdrawn"),
        (recognised(recognition_decision=Decision(issued_on=TODAY)), "recognised"),
    ],
)
def test_where_all_is_over_nothing_is_ahead(facts, state):
    found = outlook(facts, TODAY, BOOK)
    assert (found.state, found.stages, found.next_step) == (state, (), None)


def test_an_empty_book_has_no_outlook():
    assert outlook(a_nominee(), TODAY, RuleBook.from_data([])).stages == ()


def test_of_somebody_of_whom_nothing_is_known_everything_is_assumed():
    found = outlook(CandidateFacts(next_class_ends_on=date(2024, 12, 1)), TODAY, BOOK)
    assert found.earliest_ceremony_on == date(2024, 12, 1)
    assert found.next_step == "nominated"


days = st.dates(date(2019, 1, 1), date(2026, 6, 30))


def members(past):
    return st.builds(
        Introducer,
        kind=st.sampled_from(["member", "youth_union", "trade_union"]),
        status=st.sampled_from(["official", "probationary", UNKNOWN]),
        assigned_on=st.just(UNKNOWN) | past,
        together_since=st.just(UNKNOWN) | past,
        replaces=st.booleans(),
    )


def papers(past):
    return st.builds(
        Document,
        kind=st.sampled_from(PAPERS),
        asked_on=past,
        promised_on=st.none() | days,
        dated_on=st.none() | st.just(UNKNOWN) | past,
    )


def former(past):
    return st.builds(
        Membership,
        ended_on=past,
        ended_as=st.sampled_from(["removed", "expelled"]),
        cause=st.sampled_from(["other", "less_serious_crime"]),
        cleared_on=st.none() | past,
    )


@st.composite
def candidates(draw):
    """A candidate and the day on which one asks: what happened did so by that day, what is planned is on any."""
    today = draw(days)
    past = st.dates(date(2017, 1, 1), today)
    votes = st.builds(Vote, held_on=past, entitled=st.just(9), in_favour=st.integers(4, 9), against=st.just(0))
    facts = a_nominee(
        born=draw(st.dates(date(1960, 1, 1), date(2009, 12, 31)) | st.just(UNKNOWN)),
        born_precision=draw(st.sampled_from(["day", "month", "year"])),
        nominated_on=draw(past),
        taken_up_on=draw(st.none() | past),
        certificates=tuple(draw(st.lists(st.builds(Certificate, issued_on=past), max_size=2))),
        enrolment=draw(st.none() | st.builds(Enrolment, ends_on=days)),
        next_class_ends_on=draw(st.none() | days),
        introducers=draw(st.lists(members(past), max_size=3).map(tuple) | st.just(UNKNOWN)),
        documents=tuple(draw(st.lists(papers(past), max_size=5))),
        mass_bodies=draw(st.sampled_from([(), ("youth_union",), UNKNOWN])),
        cell_tier=draw(st.sampled_from(["grassroots", "subordinate_cell"])),
        cell_vote=draw(st.none() | votes),
        ceremony_on=draw(st.none() | past),
        memberships=tuple(draw(st.lists(former(past), max_size=1))),
        paused_on=draw(st.none() | past),
    )
    return facts, today


@settings(max_examples=400, deadline=None)
@given(candidates())
def test_on_the_earliest_day_nothing_blocks_and_on_its_eve_something_does(case):
    facts, today = case
    earlier = {}
    for item in outlook(facts, today, BOOK).stages:
        if item.day is None:
            continue
        assert item.day >= today
        assert BOOK.blocking(item.before, item.stage, item.day) == ()
        named = BOOK.stage(item.stage, item.day)
        assert all(item.day >= earlier[code] for code, _evidence in named.after if code in earlier)
        earlier[item.stage] = item.day
        on_the_eve = BOOK.blocking(item.before, item.stage, item.day - timedelta(days=1))
        if item.day > today and not item.booked and item.stage != "awareness_class":
            assert on_the_eve, item.stage


@settings(max_examples=200, deadline=None)
@given(candidates(), st.integers(1, 60))
def test_waiting_never_brings_the_day_nearer(case, number):
    facts, today = case
    later = today + timedelta(days=number)
    first, second = outlook(facts, today, BOOK).earliest_ceremony_on, outlook(facts, later, BOOK).earliest_ceremony_on
    if first and second:
        assert second >= first
