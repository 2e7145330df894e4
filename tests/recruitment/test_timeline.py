"""What happened to a candidate, as each reader may see it."""

from datetime import date

import pytest

from membership import policy
from membership.operations.appointments import end_appointment
from membership.timeline import timeline_of
from recruitment import operations
from recruitment.views.timeline import timeline
from tests.builders import (
    a_candidate,
    a_cell,
    a_clerk,
    a_secretary,
    a_town,
    a_ward,
    an_administrator,
    as_user,
    on_day,
    submitted_by,
)

pytestmark = pytest.mark.django_db
DAY = date(2024, 10, 1)


def notes(lines):
    return {line.note for line in lines} - {""}


def test_why_somebody_was_refused_is_read_with_the_grant_only():
    town = a_town()
    candidate = a_candidate(a_cell(under=a_ward(under=town)))
    clerk, secretary = a_clerk(of=town, restricted=True), a_secretary(of=candidate.cell)
    with on_day(DAY):
        operations.refuse(submitted_by(clerk, reason="gia đình"), candidate=candidate, happened_on=DAY)
        assert notes(timeline(candidate, as_user(clerk))) == {"gia đình"}
        assert notes(timeline(candidate, as_user(secretary))) == {policy.MASK}
        assert notes(timeline_of(candidate.person, as_user(clerk))) == {"gia đình"}
        assert notes(timeline_of(candidate.person, as_user(secretary))) == {policy.MASK}


def test_why_somebody_withdrew_is_read_by_all_who_read_the_candidate():
    candidate = a_candidate()
    secretary = a_secretary(of=candidate.cell)
    with on_day(DAY):
        operations.withdraw(submitted_by(secretary, reason="chuyển nhà"), candidate=candidate, happened_on=DAY)
        assert notes(timeline(candidate, as_user(secretary))) == {"chuyển nhà"}


def test_who_recorded_a_certificate_in_another_unit_stays_there():
    elsewhere = a_candidate(a_cell("Chi bộ kín"))
    other, here = a_clerk(of=elsewhere.cell), a_cell()
    with on_day(DAY):
        operations.record_certificate(
            submitted_by(other, reason="ghi kín"), candidate=elsewhere, happened_on=date(2024, 9, 2)
        )
        operations.withdraw(submitted_by(other, reason="thôi"), candidate=elsewhere, happened_on=DAY)
        candidate = a_candidate(here, nominated_on=DAY, person=elsewhere.person)
        [certificate] = [
            line for line in timeline(candidate, as_user(a_secretary(of=here))) if "ertificate" in line.sentence
        ]
    assert certificate.day == date(2024, 9, 2)
    assert (certificate.by, certificate.appointment, certificate.note) == ("", "", "")


def test_an_appointment_ends_on_its_last_day():
    town = a_town()
    [held] = a_clerk(of=town).person.appointments.all()
    administrator = an_administrator(of=town)
    with on_day(DAY):
        end_appointment(submitted_by(administrator), appointment=held, until_on=date(2024, 11, 1))
        [line] = timeline_of(held, as_user(administrator))
    assert [change[2] for change in line.changes if "until" in str(change[0])] == ["31/10/2024"]
