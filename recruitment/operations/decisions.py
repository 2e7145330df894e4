"""Decisions of competent committees, ceremonies, and the end of probation."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from foundation.operation import Act, OperationRefused, operation
from membership.models import Organisation
from recruitment import committees, steps
from recruitment.judging import AlreadyRecorded, for_unit, lawful, not_in_future, probation_ended_on, still_open
from recruitment.known import cell_of, read
from recruitment.models import AdmissionCeremony, Candidate, Closing, Decision, DecisionKind
from recruitment.operations.preparation import the_cell


def its_competent_committee(candidate: Candidate) -> Organisation:
    """The committee competent to decide on the candidate today."""
    return committees.competent_committee(cell_of(candidate))


@operation("decide_admission", on="candidate", capability="recruitment.step", over=its_competent_committee)
def decide_admission(
    act: Act, *, candidate: Candidate, number: str, happened_on: date, received_on: date | None = None
) -> Decision:
    """The competent committee decided to admit (9-KNĐ); the cell received the decision on `received_on`."""
    lawful(candidate, "decision", happened_on, once=True)
    [decision] = steps.decide(
        act, [{**_decision(act, candidate, number, happened_on, received_on), "kind": DecisionKind.ADMISSION}]
    )
    return decision


@operation("receive_decision", on="candidate", capability="recruitment.step", over=the_cell)
def receive_decision(act: Act, *, candidate: Candidate, received_on: date) -> Decision:
    """The cell received the decision on admission on that day, from which the term of the ceremony runs."""
    for_unit(act, candidate.cell)
    still_open(candidate)
    decision = Decision.objects.so().filter(candidate=candidate, kind=DecisionKind.ADMISSION).first()
    if decision is None:
        raise OperationRefused(_("There is no decision on admission yet."))
    _received(decision.happened_on, received_on)
    if decision.received_on == received_on:
        raise AlreadyRecorded(_("The day of receipt is recorded already."))
    [received] = steps.receive_decisions(act, {decision: received_on})
    return received


@operation("hold_ceremony", on="candidate", capability="recruitment.step", over=the_cell)
def hold_ceremony(act: Act, *, candidate: Candidate, happened_on: date) -> AdmissionCeremony:
    """The cell held the admission ceremony: the person is a probationary member of it from that day."""
    for_unit(act, candidate.cell)
    lawful(candidate, "ceremony", happened_on, once=True)
    [ceremony] = steps.hold_ceremonies(act, [{"candidate": candidate, "happened_on": happened_on}])
    return ceremony


@operation("recognise_official", on="candidate", capability="recruitment.step", over=its_competent_committee)
def recognise_official(
    act: Act, *, candidate: Candidate, number: str, happened_on: date, received_on: date | None = None
) -> Decision:
    """The person is official from the day the probation ended, however late the decision (24-QĐ/TW, 4.2.2)."""
    known = lawful(candidate, "recognition", happened_on, once=True)
    row = _decision(act, candidate, number, happened_on, received_on)
    official_on = probation_ended_on(known.facts[candidate.pk], known.book, happened_on)
    [decision] = steps.recognise(act, [{**row, "official_on": official_on}])
    return decision


@operation("remove_probationer", on="candidate", capability="recruitment.step", over=its_competent_committee)
def remove_probationer(act: Act, *, candidate: Candidate, number: str, happened_on: date) -> Decision:
    """The name is off the list of probationary members from that day (Party Charter, Article 5.2)."""
    still_open(candidate)
    _admitted_by(candidate, happened_on)
    [decision] = steps.remove(act, [_decision(act, candidate, number, happened_on)])
    return decision


@operation("annul_admission", on="candidate", capability="recruitment.step", over=its_competent_committee)
def annul_admission(act: Act, *, candidate: Candidate, number: str, happened_on: date) -> Decision:
    """The admission never took effect: the committee cancelled its decision (24-QĐ/TW, 4.4)."""
    admitted_on = _admitted_by(candidate, happened_on)
    if candidate.closed_as == Closing.ANNULLED:
        raise AlreadyRecorded(_("The admission is annulled already."))
    row = _decision(act, candidate, number, happened_on)
    [decision] = steps.annul(act, [{**row, "admitted_on": admitted_on}])
    return decision


def _decision(
    act: Act, candidate: Candidate, number: str, happened_on: date, received_on: date | None = None
) -> dict[str, Any]:
    """The row of a decision by the competent committee; OperationRefused where its days cannot be."""
    not_in_future(happened_on)
    if received_on:
        _received(happened_on, received_on)
    committee = for_unit(act, its_competent_committee(candidate))
    row = {"candidate": candidate, "committee": committee, "number": number, "happened_on": happened_on}
    return {**row, "received_on": received_on} if received_on else row


def _received(decided_on: date, received_on: date) -> None:
    not_in_future(received_on)
    if received_on < decided_on:
        raise OperationRefused(_("A decision is not received before it is made."))


def _admitted_by(candidate: Candidate, day: date) -> date:
    """The day of the ceremony; OperationRefused where there was none by that day."""
    ceremony_on = read([candidate]).facts[candidate.pk].ceremony_on
    if not isinstance(ceremony_on, date) or ceremony_on > day:
        raise OperationRefused(_("The person was not admitted by that day."))
    return ceremony_on
