"""A finished history entered at once, from the papers of the past."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext_lazy as _

from foundation import clock
from foundation.operation import Act, OperationRefused, operation
from membership.models import (
    Certificate,
    CertificateKind,
    MassOrganisation,
    Organisation,
    Person,
)
from recruitment import committees, events, steps
from recruitment.judging import counted, for_unit, not_in_future, probation_ended_on
from recruitment.known import read
from recruitment.known.published import book_of
from recruitment.models import AdmissionCeremony, Candidate, DecisionKind
from recruitment.operations.candidates import (
    check_nomination,
    describe_life,
    of_life,
    of_person,
    the_person,
)
from recruitment.operations.preparation import introducer_rows
from recruitment.reasons import Reason, of
from recruitment.rulebook.facts import CandidateFacts
from recruitment.rulebook.progress import done_stages


def committee_with_the_file(cell: Organisation) -> Organisation:
    """The committee above the cell, which keeps the files of members."""
    return committees.committee_above(cell)


@operation("record_past_admission", capability="recruitment.step", beside="cell", over=committee_with_the_file)
def record_past_admission(
    act: Act,
    *,
    cell: Organisation,
    source: str,
    nominated_on: date,
    decided_on: date,
    decision_number: str,
    ceremony_on: date,
    body: MassOrganisation | None = None,
    person: Person | None = None,
    taken_up_on: date | None = None,
    certificate_on: date | None = None,
    certificate_number: str = "",
    introducers: Iterable[Mapping[str, Any]] = (),
    helper: Person | None = None,
    helped_from: date | None = None,
    votes: Iterable[Mapping[str, Any]] = (),
    received_on: date | None = None,
    recognised_on: date | None = None,
    recognition_number: str = "",
    **fields: Any,
) -> list[Any]:
    """The whole way is recorded; returns the candidate and the sentences of what the rules of those days find in it.

    Nothing the rules find blocks: what was done is done. Kept in the entry's details: [stage, code, None, sentence].
    `introducers`: {person, together_since, assigned_on}; `votes`: {stage, happened_on, entitled, present, in_favour,
    against, ...}; `fields` describe a new person as in `enter_candidate`.
    """
    for_unit(act, committee_with_the_file(cell))
    standing = steps.hold_open([person]) if person else {}
    asked = {**of_person(act, person, fields, ceremony_on - timedelta(days=1)), **of_life(cell, fields)}
    if person:
        admitted = AdmissionCeremony.objects.so().filter(person=person, happened_on=ceremony_on)
        certified = Certificate.objects.so().filter(person=person, kind=CertificateKind.AWARENESS)
        asked |= {"admitted": (admitted, "pk"), "certified": (certified, "happened_on")}
    found = check_nomination(cell, source, body, nominated_on, asked, stands_on=clock.today())
    known = [decided_on, ceremony_on, taken_up_on, certificate_on, helped_from, received_on, recognised_on]
    for day in filter(None, known):
        not_in_future(day)
    if recognised_on and recognised_on <= ceremony_on:
        raise OperationRefused(_("Nobody is recognised before the ceremony."))
    if found.get("admitted"):
        raise OperationRefused(_("This admission is recorded already."))
    if found.get("member"):
        raise OperationRefused(_("%(person)s was a member before that ceremony.") % {"person": person})
    new = person is None
    person = the_person(fields, found)
    describe_life(act, person, cell, fields, nominated_on, found, new)
    row = {"person": person, "cell": cell, "source": source, "body": body, "happened_on": nominated_on}
    [candidate] = steps.nominate(act, [row], past=True, standing=standing)
    act.holds(candidate)
    if certificate_on in [row.happened_on for row in found.get("certified", ())]:
        certificate_on = None  # it is the one that the register has
    _prepared(act, candidate, taken_up_on, certificate_on, certificate_number, helper, helped_from)
    steps.add_introducers(act, introducer_rows(candidate, introducers, nominated_on))
    _voted(act, candidate, votes)
    made_by = {"candidate": candidate, "committee": committees.competent_committee(cell)}
    admission = {"kind": DecisionKind.ADMISSION, "number": decision_number, "happened_on": decided_on}
    decisions = [{**made_by, **admission, "received_on": received_on or decided_on}]
    ceremony: dict[str, Any] = {"candidate": candidate, "happened_on": ceremony_on}
    if recognised_on:
        recognition = {"kind": DecisionKind.RECOGNITION, "number": recognition_number, "happened_on": recognised_on}
        decisions.append({**made_by, **recognition})
        probation = CandidateFacts(today=clock.today(), ceremony_on=ceremony_on)
        ended_on = probation_ended_on(probation, book_of(found["versions"]), recognised_on)
        ceremony["official_on"] = min(ended_on, recognised_on)
    [_admitted, *recognised] = steps.decide(act, decisions)
    steps.hold_ceremonies(act, [ceremony], of_new=new)
    if recognised:
        act.emit(events.member_recognised, decisions=recognised)
    return [candidate, [str(reason.sentence) for reason in _judged(act, candidate)]]


def _prepared(
    act: Act,
    candidate: Candidate,
    taken_up_on: date | None,
    certificate_on: date | None,
    certificate_number: str,
    helper: Person | None,
    helped_from: date | None,
) -> None:
    if taken_up_on:
        steps.take_up(act, [{"candidate": candidate, "happened_on": taken_up_on}])
    if certificate_on:
        row = {"person": candidate.person, "kind": CertificateKind.AWARENESS, "number": certificate_number}
        steps.certify(act, [{**row, "happened_on": certificate_on}])
    if helper and helped_from:
        steps.assign_helpers(act, [{"candidate": candidate, "person": helper, "from_on": helped_from}])


def _voted(act: Act, candidate: Candidate, votes: Iterable[Mapping[str, Any]]) -> None:
    cell = candidate.cell
    meets = {
        "sub_committee": committees.sub_committee(cell),
        "committee_meeting": committees.grassroots_committee(cell),
        "recognition_committee": committees.grassroots_committee(cell),
    }
    rows = []
    for vote in votes:
        not_in_future(vote["happened_on"])
        ballots = [vote.get(name) for name in ("issued", "returned", "valid")]
        counted(vote["entitled"], vote["present"], vote["in_favour"], vote["against"], ballots)
        rows.append({**vote, "candidate": candidate, "organisation": meets.get(vote["stage"]) or cell})
    if rows:
        steps.hold_votes(act, rows)


def _judged(act: Act, candidate: Candidate) -> list[Reason]:
    """What the rules in force on the day of each step find, written into the entry."""
    known = read([candidate])
    facts, book = known.facts[candidate.pk], known.book
    found = []
    for stage, day in done_stages(facts, clock.today(), book).items():
        for reason in of(book.findings(facts, stage, day)):
            act.note(stage, reason.code, None, reason.sentence)
            found.append(reason)
    return found
