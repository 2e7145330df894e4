"""Taking up, class, helper, introducers, papers: what is refused, and on which day."""

from datetime import date

import pytest

from foundation.operation import NotPermitted, OperationRefused
from membership.models import Certificate, Status
from recruitment import operations, steps
from recruitment.judging import AlreadyRecorded, CandidacyClosed
from recruitment.models import AwarenessClass, Document, Enrolment, Helper, Introducer
from recruitment.reasons import StepRefused
from tests.builders import (
    a_candidate,
    a_cell,
    a_clerk,
    a_member,
    a_person,
    a_town,
    a_ward,
    a_youth_union,
    an_act,
    an_organiser,
    helped,
    introduced,
    left,
    on_day,
    submitted_by,
    taken_up,
)

pytestmark = pytest.mark.django_db
NOMINATED, TODAY = date(2024, 9, 5), date(2024, 10, 1)


def do(operation, candidate, on=TODAY, **arguments):
    user = a_clerk(of=candidate.cell)
    with on_day(on):
        return operation(submitted_by(user), candidate=candidate, **arguments)


@pytest.mark.parametrize("day", [NOMINATED, TODAY], ids=["the day of the nomination", "today"])
def test_taken_up_on_the_first_and_the_last_day(day):
    candidate = a_candidate(nominated_on=NOMINATED)
    do(operations.take_up, candidate, happened_on=day)
    assert candidate.standing.stage == "taken_up"


@pytest.mark.parametrize(("day", "code"), [(date(2024, 9, 4), "before-stage"), (date(2024, 10, 2), "day-in-future")])
def test_not_taken_up_a_day_earlier_or_later(day, code):
    candidate = a_candidate(nominated_on=NOMINATED)
    with pytest.raises(StepRefused) as refused:
        do(operations.take_up, candidate, happened_on=day)
    assert [reason.code for reason in refused.value.args] == [code]
    assert candidate.standing.stage == "nominated"


def test_taken_up_once():
    with pytest.raises(AlreadyRecorded):
        do(operations.take_up, taken_up(a_candidate()), happened_on=TODAY)


def test_nothing_happens_to_a_closed_candidacy():
    candidate = left(a_candidate(), "refuse")
    for operation, arguments in (
        (operations.take_up, {"happened_on": TODAY}),
        (operations.name_introducer, {"person": a_member(candidate.cell), "happened_on": TODAY}),
        (operations.record_document, {"kind": "cv", "dated_on": TODAY}),
        (operations.withdraw, {"happened_on": TODAY}),
    ):
        with pytest.raises((CandidacyClosed, OperationRefused)):
            do(operation, candidate, **arguments)
    assert (Introducer.objects.count(), Document.objects.count()) == (0, 0)


def test_an_organiser_plans_a_class_and_a_secretary_does_not():
    town = a_town()
    values = {"unit": town, "name": "Lớp 5", "issuer": "TTCT", "begins_on": TODAY, "ends_on": date(2024, 10, 12)}
    with on_day(TODAY):
        planned = operations.plan_class(submitted_by(an_organiser(of=town)), **values, seats=1)
        with pytest.raises(OperationRefused):
            operations.plan_class(submitted_by(a_clerk(of=town)), **{**values, "ends_on": date(2024, 9, 30)})
        with pytest.raises(NotPermitted):
            operations.plan_class(submitted_by(a_clerk(of=a_ward(under=town))), **values)
    assert AwarenessClass.objects.get() == planned


def test_a_class_planned_shows_in_the_outlook_of_candidates_under_the_unit():
    town = a_town()
    candidate = taken_up(a_candidate(a_cell(under=a_ward(under=town))))
    values = {"unit": town, "name": "Lớp 5", "issuer": "TTCT", "begins_on": TODAY, "ends_on": date(2024, 10, 12)}
    with on_day(TODAY):
        operations.plan_class(submitted_by(a_clerk(of=town)), **values)
    candidate.refresh_from_db()
    assert candidate.standing.earliest["awareness_class"] == "2024-10-12"


def test_seats_are_counted_and_a_class_that_is_over_takes_nobody():
    ward = a_ward()
    first, second, stranger = a_candidate(a_cell(under=ward)), a_candidate(a_cell(under=ward)), a_candidate()
    days = {"begins_on": date(2024, 9, 9), "ends_on": TODAY}
    held = steps.plan_class(an_act(), {"unit": ward, "name": "Lớp 5", "issuer": "TTCT", "seats": 1, **days})
    do(operations.enrol_in_class, first, awareness_class=held, happened_on=TODAY)
    with pytest.raises(OperationRefused):
        do(operations.enrol_in_class, stranger, awareness_class=held, happened_on=TODAY)
    with pytest.raises(OperationRefused):
        do(operations.enrol_in_class, second, awareness_class=held, happened_on=TODAY)
    with pytest.raises(OperationRefused):
        do(operations.enrol_in_class, first, date(2024, 10, 2), awareness_class=held, happened_on=date(2024, 10, 2))
    assert Enrolment.objects.get().person == first.person
    assert first.standing.stage == "awareness_class"


def test_a_certificate_is_not_of_tomorrow_and_not_recorded_twice():
    candidate = a_candidate()
    with pytest.raises(StepRefused):
        do(operations.record_certificate, candidate, happened_on=date(2024, 10, 2))
    do(operations.record_certificate, candidate, happened_on=TODAY)
    with pytest.raises(OperationRefused):
        do(operations.record_certificate, candidate, happened_on=TODAY)
    assert Certificate.objects.so().count() == 1


def test_a_new_helper_takes_over_from_the_one_before():
    candidate = helped(taken_up(a_candidate()), since=date(2024, 1, 8))
    do(operations.assign_helper, candidate, person=a_member(candidate.cell), happened_on=TODAY)
    before, now = Helper.objects.order_by("from_on")
    assert (before.until_on, now.from_on) == (TODAY, TODAY)


def test_a_probationary_member_neither_helps_nor_vouches():
    candidate = taken_up(a_candidate())
    probationer = a_member(candidate.cell, since=date(2024, 3, 4), status=Status.PROBATIONARY)
    for operation in (operations.assign_helper, operations.name_introducer):
        with pytest.raises(OperationRefused):
            do(operation, candidate, person=probationer, happened_on=TODAY)
    assert (Helper.objects.count(), Introducer.objects.count()) == (0, 0)


def test_a_member_vouches_once_and_a_body_only_as_what_it_is():
    candidate = a_candidate()
    member, union = a_member(candidate.cell), a_youth_union(candidate.cell)
    do(operations.name_introducer, candidate, person=member, happened_on=TODAY)
    do(operations.name_introducer, candidate, kind="youth_union", body=union, happened_on=TODAY)
    wrong = [
        {"person": member},
        {"kind": "youth_union", "body": union},
        {"kind": "trade_union", "body": union},
        {"kind": "youth_union", "person": member},
        {"person": None},
        {"person": a_person()},
    ]
    for arguments in wrong:
        with pytest.raises(OperationRefused):
            do(operations.name_introducer, candidate, happened_on=TODAY, **arguments)
    assert Introducer.objects.count() == 2


def test_a_replacement_ends_the_one_before_and_is_bound_by_no_twelve_months():
    candidate = a_candidate()
    introduced(candidate, a_member(candidate.cell), on=date(2024, 6, 3))
    before = candidate.introducers.get()
    new = do(
        operations.replace_introducer,
        candidate,
        introducer=before,
        person=a_member(candidate.cell),
        happened_on=TODAY,
        together_since=TODAY,
    )
    before.refresh_from_db()
    assert (before.ended_on, new.replaces) == (TODAY, before)
    with pytest.raises(OperationRefused):
        do(operations.replace_introducer, candidate, introducer=before, person=a_member(), happened_on=TODAY)


def test_a_paper_that_was_asked_for_is_the_one_that_comes():
    candidate = a_candidate()
    asked = {"kind": "verification", "asked_on": date(2024, 9, 9), "asked_of": "Đảng ủy phường"}
    do(operations.record_document, candidate, **asked, promised_on=date(2024, 10, 15))
    do(operations.record_document, candidate, kind="verification", dated_on=TODAY, number="5-CV/ĐU")
    paper = Document.objects.get()
    assert (paper.asked_on, paper.asked_of, paper.dated_on, paper.number) == (
        date(2024, 9, 9),
        "Đảng ủy phường",
        TODAY,
        "5-CV/ĐU",
    )


@pytest.mark.parametrize("arguments", [{}, {"promised_on": TODAY}, {"dated_on": date(2024, 10, 2)}])
def test_a_paper_has_a_day_and_not_one_to_come(arguments):
    with pytest.raises(OperationRefused):
        do(operations.record_document, a_candidate(), kind="cv", **arguments)
    assert not Document.objects.exists()
