"""Taking an entry back: on its own day, by the same person, as long as nothing is built on it."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from foundation.days import format_day
from foundation.facts import OPEN
from foundation.models import JournalEntry
from foundation.operation import NotPermitted
from membership import steps as membership_steps
from membership.models import Certificate, MembershipStatus, Placement
from recruitment import operations, standing
from recruitment.models import (
    AdmissionCeremony,
    CallNote,
    Candidate,
    Closing,
    Decision,
    Document,
    Enrolment,
    Helper,
    Introducer,
    Nomination,
    StageRecord,
    Vote,
    Waiver,
)
from recruitment.operations.undo import UndoRefused, why_not, with_candidates
from tests.builders import (
    a_candidate,
    a_cell,
    a_clerk,
    a_complete_candidate,
    a_member,
    a_probationary_member,
    a_ward,
    entering,
    helped,
    introduced,
    on_day,
    signed_in,
    submitted_by,
    taken_up,
    voted,
)
from tests.recruitment.test_every_operation import CASES, town_of

pytestmark = pytest.mark.django_db
TODAY = date(2024, 10, 1)
UNDOABLE = [case for case in CASES if str(case) not in ("edit_candidate",)]
FEW = {  # statements: those whose rows are of one kind, of several, and made by the entry itself
    "take_up": 11, "enrol_in_class": 11, "assign_helper": 12, "replace_introducer": 12, "hold_cell_vote": 11,
    "hold_ceremony": 13, "recognise_official": 13, "remove_probationer": 14, "annul_admission": 14, "withdraw": 12,
}  # fmt: skip
KINDS = [AdmissionCeremony, Certificate, Decision, MembershipStatus, Nomination, Placement, StageRecord, Vote]
ROWS = [CallNote, Document, Enrolment, Helper, Introducer, Waiver]


def do(operation, candidate, by, on=TODAY, **arguments):
    with on_day(on):
        return operation(submitted_by(by, reason="as told"), candidate=candidate, **arguments)


def undo(entry, by, on=TODAY):
    with on_day(on, hour=15):
        return operations.undo_entry(submitted_by(by), entry=entry, candidates=with_candidates(entry.pk)[1])


def last_entry():
    return JournalEntry.objects.latest("recorded_at")


def what_is_so(candidate):
    """Facts and rows about the candidacy, without when and by whom they were recorded."""
    facts = [
        (kind.__name__, {name: getattr(row, name) for name in kind.value_fields()})
        for kind in KINDS
        for row in kind.objects.so().order_by("pk")
    ]
    rows = [
        (model.__name__, {field.attname: getattr(row, field.attname) for field in model._meta.concrete_fields})
        for model in ROWS
        for row in model.objects.order_by("pk")
    ]
    closed = Candidate.objects.filter(pk=candidate.pk).values_list("closed_on", "closed_as", "opened_on").get()
    return sorted(facts, key=str), rows, closed


@pytest.mark.parametrize("case", UNDOABLE, ids=str)
def test_undone_everything_is_as_before(case):
    candidate = case.candidate()
    arguments = case.arguments(candidate)
    before = what_is_so(candidate)
    clerk = a_clerk(of=town_of(candidate))
    do(case.operation, candidate, clerk, case.on, **arguments)
    entry = last_entry()
    assert what_is_so(candidate) != before
    undo(entry, clerk, case.on)
    assert what_is_so(candidate) == before
    entry.refresh_from_db()
    assert entry.undone_by == last_entry()
    assert list(standing.recompute()) == []


@pytest.mark.parametrize("case", [case for case in UNDOABLE if str(case) in FEW], ids=str)
def test_statements_of_taking_back_are_few(case):
    candidate = case.candidate()
    clerk = a_clerk(of=town_of(candidate))
    do(case.operation, candidate, clerk, case.on, **case.arguments(candidate))
    desk, page = signed_in(clerk), candidate.get_absolute_url()
    address = f"{page}undo/{last_entry().pk}/"
    with on_day(case.on, hour=15):
        desk.get(page)
        with CaptureQueriesContext(connection) as asked:
            assert desk.post(address).status_code == 302
    statements = [one["sql"] for one in asked if "SAVEPOINT" not in one["sql"]]
    assert len(statements) <= FEW[str(case)], statements


def test_an_entered_candidate_is_taken_back_as_entered_in_error():
    cell = a_cell()
    clerk = a_clerk(of=cell.position().parent)
    with on_day(TODAY):
        fields = {"full_name": "Lê Văn Bình", "sex": "male", "born_on": date(2000, 1, 2), "trade_union": True}
        candidate = operations.enter_candidate(
            submitted_by(clerk), cell=cell, source="cell", nominated_on=TODAY, **fields
        )
    undo(last_entry(), clerk)
    candidate.refresh_from_db()
    assert candidate.closed_as == Closing.ENTERED_IN_ERROR
    assert not Nomination.objects.so().exists()
    with on_day(TODAY):
        again = operations.enter_candidate(
            submitted_by(clerk), cell=cell, source="cell", nominated_on=TODAY, person=candidate.person
        )
    assert again != candidate


def test_a_past_admission_is_taken_back_whole():
    ward = a_ward()
    cell, clerk = a_cell(under=ward), a_clerk(of=ward)
    with on_day(TODAY):
        candidate, _found = operations.record_past_admission(
            submitted_by(clerk),
            cell=cell,
            source="cell",
            nominated_on=date(2018, 9, 5),
            decided_on=date(2020, 4, 20),
            decision_number="44",
            ceremony_on=date(2020, 5, 19),
            recognised_on=date(2021, 6, 7),
            full_name="Lê Văn Bình",
            sex="male",
            born_on=date(1990, 1, 2),
        )
    undo(last_entry(), clerk)
    assert not MembershipStatus.objects.so().filter(person=candidate.person).exists()
    assert not AdmissionCeremony.objects.so().exists()


def test_what_is_built_on_is_not_taken_back_and_the_refusal_names_it():
    candidate = a_candidate(nominated_on=date(2024, 9, 5))
    clerk = a_clerk(of=candidate.cell)
    do(operations.take_up, candidate, clerk, happened_on=TODAY)
    first = last_entry()
    do(operations.assign_helper, candidate, clerk, person=a_member(candidate.cell), happened_on=TODAY)
    second = last_entry()
    do(operations.note_call, candidate, clerk, with_whom="chị Ánh", text="mai có giấy")
    with pytest.raises(UndoRefused) as refused:
        undo(first, clerk)
    at = f"{timezone.localtime(second.recorded_at):%H:%M}"
    told = f"Built on it: Helper assigned, entered on {format_day(TODAY)} at {at}."
    assert [str(one) for one in refused.value.messages] == [told, "Undo that first; of several, the last first."]
    assert candidate.standing.stage == "helpers"
    undo(second, clerk)
    undo(first, clerk)
    candidate.refresh_from_db()
    assert candidate.standing.stage == "nominated"


def test_not_on_another_day_not_by_another_person_not_twice():
    candidate = a_candidate(nominated_on=date(2024, 9, 5))
    clerk, colleague = a_clerk(of=candidate.cell), a_clerk(of=candidate.cell)
    do(operations.take_up, candidate, clerk, happened_on=TODAY)
    entry = last_entry()
    with pytest.raises(UndoRefused):
        undo(entry, clerk, on=date(2024, 10, 2))
    with pytest.raises(UndoRefused):
        undo(entry, colleague)
    with pytest.raises(NotPermitted):
        undo(entry, a_clerk(of=a_cell()))
    assert StageRecord.objects.so().count() == 1
    undo(entry, clerk)
    with pytest.raises(UndoRefused):
        undo(entry, clerk)
    with on_day(TODAY):
        assert [str(reason) for reason in why_not(entry, clerk)] == ["The entry is undone already."]


def test_a_correction_is_corrected_not_undone():
    candidate = a_candidate()
    clerk = a_clerk(of=candidate.cell)
    do(operations.edit_candidate, candidate, clerk, residence="Khu 3")
    with pytest.raises(UndoRefused):
        undo(last_entry(), clerk)


def test_a_helper_who_was_relieved_helps_again():
    candidate = helped(taken_up(a_candidate()), since=date(2024, 1, 8))
    clerk = a_clerk(of=candidate.cell)
    do(operations.assign_helper, candidate, clerk, person=a_member(candidate.cell), happened_on=TODAY)
    undo(last_entry(), clerk)
    assert Helper.objects.get().until_on == OPEN


def test_an_introducer_who_was_replaced_vouches_again():
    candidate = a_candidate()
    introduced(candidate, a_member(candidate.cell))
    clerk = a_clerk(of=candidate.cell)
    member = a_member(candidate.cell)
    before = candidate.introducers.get()
    do(operations.replace_introducer, candidate, clerk, introducer=before, person=member, happened_on=TODAY)
    undo(last_entry(), clerk)
    assert Introducer.objects.get().ended_on is None


def test_a_withdrawal_stays_when_the_person_has_become_a_candidate_elsewhere():
    candidate = a_candidate(nominated_on=date(2024, 9, 5))
    clerk = a_clerk(of=candidate.cell)
    do(operations.withdraw, candidate, clerk, happened_on=TODAY)
    entry = last_entry()
    a_candidate(a_cell(), nominated_on=TODAY, person=candidate.person)
    with pytest.raises(UndoRefused):
        undo(entry, clerk)
    assert Candidate.objects.open().count() == 1


def test_a_ceremony_after_which_the_member_moved_is_not_taken_back():
    candidate = a_probationary_member(since=date(2024, 9, 16))
    clerk = a_clerk(of=town_of(candidate))
    do(operations.remove_probationer, candidate, clerk, number="4", happened_on=TODAY)
    entry = last_entry()
    with entering(TODAY) as act:
        membership_steps.change_status(act, {candidate.person: TODAY}, "died")
    with pytest.raises(UndoRefused):
        undo(entry, clerk)


def test_what_was_built_on_an_entry_and_undone_holds_it_no_longer():
    candidate = voted(voted(a_complete_candidate()), "committee_meeting", on=date(2024, 8, 20))
    clerk = a_clerk(of=town_of(candidate))
    before = what_is_so(candidate)
    do(operations.decide_admission, candidate, clerk, number="7", happened_on=TODAY)
    decided = last_entry()
    for _again in range(2):
        do(operations.receive_decision, candidate, clerk, received_on=TODAY)
        with pytest.raises(UndoRefused):
            undo(decided, clerk)
        undo(last_entry(), clerk)
    undo(decided, clerk)
    assert what_is_so(candidate) == before


def test_all_candidacies_of_the_entry_are_named():
    candidate = a_candidate(nominated_on=date(2024, 9, 5))
    clerk = a_clerk(of=candidate.cell)
    do(operations.take_up, candidate, clerk, happened_on=TODAY)
    other = a_candidate(candidate.cell)
    for named in ([], [other], [candidate, other]):
        with on_day(TODAY, hour=15), pytest.raises(ValueError, match="other candidates"):
            operations.undo_entry(submitted_by(clerk), entry=last_entry(), candidates=named)
    assert candidate.standing.stage == "taken_up"
