"""Two offices at the same moment: one is served, the other is told why not; nothing is there twice or too much."""

from datetime import date
from functools import partial
from typing import Any

import pytest
from django.db.models import F

from foundation import clock
from foundation.operation import OperationRefused
from membership.models import Person, Status
from membership.operations.people import end_membership
from recruitment import operations, standing, steps
from recruitment.models import Candidate, Enrolment
from recruitment.rulebook.calendar import add_months
from tests.at_once import at_once, meanwhile
from tests.builders import (
    a_candidate,
    a_cell,
    a_certificate,
    a_clerk,
    a_member,
    a_person,
    a_town,
    a_ward,
    an_act,
    entering,
    introduced,
    left,
    submitted_by,
    the_procedures,
)

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _procedures():
    the_procedures()


def nominated():
    return {"source": "cell", "nominated_on": clock.today()}


def one_served(answers):
    return sorted(isinstance(answer, OperationRefused) for answer in answers) == [False] + [True] * (len(answers) - 1)


def test_the_last_seat_is_given_once():
    town, today = a_town(), clock.today()
    cells = [a_cell(under=a_ward(under=town)) for _ in range(4)]
    row = {"unit": town, "name": "Lớp 1", "issuer": "TTCT", "begins_on": today, "ends_on": today, "seats": 1}
    awareness_class = steps.plan_class(an_act(), row)
    wanted = {"awareness_class": awareness_class, "happened_on": today}

    def enrols(cell):
        candidate, clerk = a_candidate(cell), a_clerk(of=cell)
        return lambda: operations.enrol_in_class(submitted_by(clerk), candidate=candidate, **wanted)

    answers = at_once(*map(enrols, cells))
    assert one_served(answers), answers
    assert Enrolment.objects.count() == 1


def test_one_identity_number_becomes_one_person():
    fields = {
        "full_name": "Lê Thị Ánh",
        "sex": "female",
        "born_on": date(2001, 2, 3),
        "identity_number": "001301000001",
    }
    fields |= nominated()

    def enters(cell):
        clerk = a_clerk(of=cell)
        return lambda: operations.enter_candidate(submitted_by(clerk), cell=cell, **fields)

    answers = at_once(*map(enters, [a_cell() for _ in range(4)]))
    assert one_served(answers), answers
    assert Person.objects.filter(full_name="Lê Thị Ánh").count() == 1


def test_a_step_and_the_death_of_who_vouches_leave_the_row_that_both_say():
    """Whoever judges a candidacy judges what others have stored of it, not what it read before they did."""
    cell, today = a_cell(), clock.today()
    vouching = a_member(cell)
    candidate = introduced(a_candidate(cell), vouching)

    def pauses():
        with entering(today) as act:
            steps.record(act, [{"candidate": candidate, "kind": "pause", "happened_on": today}])

    def dies():
        end_membership(submitted_by(a_clerk(of=cell)), person=vouching, status=Status.DIED, from_on=today)

    meanwhile(pauses, dies)
    assert candidate.standing.state == "paused"
    assert list(standing.recompute()) == []


def test_who_is_nominated_again_is_judged_as_they_are_described_meanwhile():
    cell, person = a_cell(), a_person(born_on=date(1999, 6, 8))
    a_certificate(person, on=clock.today())
    candidate, ten_years_ago = a_candidate(cell, person=person), add_months(clock.today(), -120)

    def describes():
        Candidate.objects.filter(pk=candidate.pk).update(version=F("version") + 1)
        Person.objects.filter(pk=person.pk).update(born_on=ten_years_ago)

    clerk = a_clerk(of=cell)
    enters = partial(operations.enter_candidate, submitted_by(clerk), cell=cell, person=person, **nominated())
    meanwhile(describes, enters)
    assert list(standing.recompute()) == []


def test_a_row_is_rewritten_though_the_candidacy_has_just_come_to_another_cell():
    cell, other = a_cell(), a_cell()
    candidate = a_candidate(cell)

    def moves():
        Candidate.objects.filter(pk=candidate.pk).update(cell=other)

    written: list[Any] = []
    meanwhile(moves, lambda: written.extend(standing.rewrite([candidate.pk])))
    assert [row.pk for row in written] == [candidate.pk]


def test_one_person_is_a_candidate_once():
    town, person = a_town(), a_person()
    cells = [a_cell(under=a_ward(under=town)) for _ in range(4)]
    left(a_candidate(cells[0], person=person))
    clerk = a_clerk(of=town)

    def enters(cell):
        return lambda: operations.enter_candidate(submitted_by(clerk), cell=cell, person=person, **nominated())

    answers = at_once(*map(enters, cells))
    assert one_served(answers), answers
    assert Candidate.objects.open().filter(person=person).count() == 1
