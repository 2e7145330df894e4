"""Off the way and back on it."""

from datetime import date

import pytest

from foundation.operation import NotPermitted, OperationRefused
from recruitment import operations
from recruitment.models import Closing, StageRecord
from recruitment.reasons import StepRefused
from tests.builders import (
    a_candidate,
    a_cell,
    a_clerk,
    a_probationary_member,
    a_secretary,
    a_ward,
    on_day,
    submitted_by,
)

pytestmark = pytest.mark.django_db
OPENED, TODAY = date(2024, 9, 5), date(2024, 10, 1)
OFF = [operations.pause, operations.return_dossier]
OUT = [
    (operations.withdraw, Closing.WITHDRAWN),
    (operations.refuse, Closing.REFUSED),
    (operations.move_away, Closing.MOVED_AWAY),
]


def do(operation, candidate, on=TODAY, reason="as told", by=None):
    user = by or a_clerk(of=candidate.cell.position().parent)
    with on_day(max(on, TODAY)):
        return operation(submitted_by(user, reason=reason), candidate=candidate, happened_on=on)


@pytest.mark.parametrize(("operation", "state"), list(zip(OFF, ["paused", "returned"], strict=True)))
def test_off_the_way_and_resumed(operation, state):
    candidate = a_candidate(nominated_on=OPENED)
    record = do(operation, candidate)
    assert (record.stage, record.reason) == ("nominated", "as told")
    candidate.refresh_from_db()
    assert candidate.standing.state == state
    with on_day(TODAY), pytest.raises(StepRefused):
        operations.take_up(submitted_by(a_clerk(of=candidate.cell)), candidate=candidate, happened_on=TODAY)
    do(operations.resume, candidate)
    candidate.refresh_from_db()
    assert candidate.standing.state == "open"


@pytest.mark.parametrize(("operation", "closed_as"), OUT)
def test_out_closes_the_candidacy(operation, closed_as):
    candidate = a_candidate(nominated_on=OPENED)
    do(operation, candidate)
    candidate.refresh_from_db()
    assert (candidate.closed_on, candidate.closed_as) == (TODAY, closed_as)
    assert candidate.standing.state == closed_as


@pytest.mark.parametrize("operation", [*OFF, *(out for out, _closed_as in OUT)])
@pytest.mark.parametrize(
    ("on", "reason"),
    [(date(2024, 9, 4), "x"), (date(2024, 10, 2), "x"), (TODAY, " ")],
    ids=["before it was opened", "tomorrow", "without a reason"],
)
def test_not_so(operation, on, reason):
    candidate = a_candidate(nominated_on=OPENED)
    user = a_clerk(of=candidate.cell.position().parent)
    with on_day(TODAY), pytest.raises(OperationRefused):
        operation(submitted_by(user, reason=reason), candidate=candidate, happened_on=on)
    assert not StageRecord.objects.so().exists()


@pytest.mark.parametrize("operation", [*OFF, *(out for out, _closed_as in OUT)])
def test_a_member_does_not_leave_the_way_so(operation):
    candidate = a_probationary_member()
    with pytest.raises(OperationRefused):
        do(operation, candidate)
    assert not StageRecord.objects.so().exclude(kind="taken_up").exists()


def test_what_rests_does_not_rest_again_and_what_goes_on_is_not_resumed():
    candidate = a_candidate(nominated_on=OPENED)
    with pytest.raises(OperationRefused):
        do(operations.resume, candidate)
    do(operations.pause, candidate)
    with pytest.raises(OperationRefused):
        do(operations.return_dossier, candidate)
    with pytest.raises(OperationRefused):
        do(operations.resume, candidate, on=date(2024, 9, 30))
    assert StageRecord.objects.so().count() == 1


def test_the_committee_returns_a_dossier_not_the_cell():
    candidate = a_candidate(a_cell(under=a_ward()), nominated_on=OPENED)
    with pytest.raises(NotPermitted):
        do(operations.return_dossier, candidate, by=a_secretary(of=candidate.cell))
    do(operations.pause, candidate, by=a_secretary(of=candidate.cell))
    assert StageRecord.objects.so().get().kind == "pause"
