"""Entering and correcting a candidate."""

import json
import uuid
from datetime import date

import pytest

from foundation.models import JournalEntry
from foundation.operation import NotPermitted, OperationRefused, StaleVersion
from membership.models import MassMembership, MassOrganisation, MembershipStatus, Occupation, Person
from membership.operations.people import describe_person
from recruitment import operations
from recruitment.models import Candidate, Introducer, Nomination
from recruitment.operations.candidates import EntryRefused
from recruitment.reasons import StepRefused
from tests.builders import (
    a_candidate,
    a_cell,
    a_clerk,
    a_member,
    a_person,
    a_secretary,
    a_town,
    a_trade_union,
    a_ward,
    a_workplace,
    a_youth_union,
    on_day,
    submitted_by,
)

pytestmark = pytest.mark.django_db
TODAY = date(2024, 10, 1)


def enter(cell, by=None, on=TODAY, key=None, **fields):
    given = {"full_name": "Trần Văn Đức", "sex": "male", "born_on": date(2000, 5, 6)}
    given = {} if "person" in fields else given
    with on_day(on):
        submission = submitted_by(by or a_secretary(of=cell), key=key)
        common = {"cell": cell, "source": "cell", "nominated_on": TODAY}
        return operations.enter_candidate(submission, **{**common, **given, **fields})


def test_a_form_makes_a_person_a_nomination_and_a_candidate():
    ward = a_ward()
    cell, works_at = a_cell(under=ward), a_workplace(ward)
    union = a_youth_union(ward)
    candidate = enter(
        cell,
        identity_number="022200001234",
        occupation="worker",
        workplace=works_at,
        occupation_title="thợ hàn",
        youth_union_on=date(2016, 3, 26),
        youth_union_at="Trường THPT",
        trade_union=True,
        introducers=[{"person": a_member(cell), "together_since": date(2022, 1, 4)}],
    )
    person = candidate.person
    assert (person.full_name, person.search_key) == ("Trần Văn Đức", "tran van duc")
    assert person.identity_number == "022200001234"
    assert Nomination.objects.so().get(candidate=candidate).happened_on == TODAY
    occupied = Occupation.objects.as_at(TODAY).get(person=person)
    assert (occupied.kind, occupied.workplace, occupied.title) == ("worker", works_at, "thợ hàn")
    youth = MassMembership.objects.so().get(person=person, body=union)
    assert (youth.valid_from, youth.joined_at) == (date(2016, 3, 26), "Trường THPT")
    assert Introducer.objects.get(candidate=candidate).together_since == date(2022, 1, 4)
    assert candidate.standing.stage == "nominated"


def test_where_no_trade_union_is_recorded_it_is_the_one_of_the_whole_tree():
    cell = a_cell()
    candidate = enter(cell, trade_union=True)
    body = MassOrganisation.objects.get(kind="trade_union")
    assert body.unit.code == "QN"
    assert MassMembership.objects.so().filter(person=candidate.person, body=body).exists()


def test_the_nearest_union_is_meant():
    ward = a_ward()
    cell = a_cell(under=ward)
    a_trade_union(a_ward(under=None))
    own = a_trade_union(cell)
    a_trade_union(ward)
    candidate = enter(cell, trade_union=True)
    assert MassMembership.objects.so().get(person=candidate.person).body == own


def test_the_journal_keeps_no_restricted_value():
    candidate = enter(a_cell(), identity_number="022200001234", ethnicity="Dao", religion="Tin Lành")
    kept = json.dumps([entry.details for entry in JournalEntry.objects.all()], ensure_ascii=False)
    for value in ("022200001234", "Dao", "Tin Lành"):
        assert value not in kept
    assert candidate.person.ethnicity == "Dao"


def test_a_second_nomination_in_the_cell_joins():
    ward = a_ward()
    cell = a_cell(under=ward)
    union = a_youth_union(ward)
    first = enter(cell)
    again = enter(cell, person=first.person, source="youth_union", body=union)
    assert first == again
    assert Nomination.objects.so().filter(candidate=first).count() == 2


def test_sent_twice_it_is_one_candidate():
    cell = a_cell()
    secretary, key = a_secretary(of=cell), uuid.uuid4()
    assert enter(cell, by=secretary, key=key) == enter(cell, by=secretary, key=key)
    assert Candidate.objects.count() == 1


def test_a_secretary_enters_in_the_own_cell_only():
    ward = a_ward()
    cell, sister = a_cell(under=ward), a_cell(under=ward)
    with pytest.raises(NotPermitted):
        enter(sister, by=a_secretary(of=cell))
    assert not Candidate.objects.exists()


def test_a_person_whom_the_actor_may_not_know_cannot_be_taken_over():
    stranger = a_member(a_cell())
    with pytest.raises(NotPermitted):
        enter(a_cell(), person=stranger)
    assert not Candidate.objects.exists()


@pytest.mark.parametrize(
    ("fields", "refusal"),
    [
        ({"nominated_on": date(2024, 10, 2)}, StepRefused),
        ({"nominated_on": date(2014, 12, 31)}, EntryRefused),
        ({"born_on": date(2024, 10, 2)}, EntryRefused),
        ({"youth_union_on": date(2024, 10, 2)}, OperationRefused),
    ],
    ids=["tomorrow", "before the cell", "born tomorrow", "joins tomorrow"],
)
def test_days_that_cannot_be_are_refused(fields, refusal):
    with pytest.raises(refusal):
        enter(a_cell(), **fields)
    assert not Candidate.objects.exists()
    assert not Person.objects.filter(full_name="Trần Văn Đức").exists()


def test_the_day_of_the_founding_and_today_are_right():
    assert enter(a_cell(since=TODAY)).opened_on == TODAY


def test_an_identity_number_in_use_is_refused_without_saying_whose():
    owner = enter(a_cell(), identity_number="022200001234").person
    with pytest.raises(OperationRefused) as refused:
        enter(a_cell(), identity_number="022200001234")
    assert owner.full_name not in str(refused.value.messages)
    assert Candidate.objects.count() == 1


def test_a_member_is_no_candidate():
    cell = a_cell()
    with pytest.raises(EntryRefused):
        enter(cell, person=a_member(cell))
    assert not Candidate.objects.exists()


def test_a_committee_has_no_candidates():
    ward = a_ward()
    with pytest.raises(EntryRefused):
        enter(ward, by=a_clerk(of=ward))


def test_an_introducer_is_an_official_member():
    cell = a_cell()
    with pytest.raises(OperationRefused):
        enter(cell, introducers=[{"person": a_person(), "together_since": None}])
    assert not Candidate.objects.exists()


def test_the_same_introducer_twice_is_one_and_the_form_says_so():
    cell = a_cell()
    member = a_member(cell)
    with pytest.raises(OperationRefused, match="named twice"):
        enter(cell, introducers=[{"person": member}, {"person": member}])
    assert not Candidate.objects.exists()


def test_an_entry_from_above_says_on_whose_behalf():
    town = a_town()
    cell = a_cell(under=a_ward(under=town))
    enter(cell, by=a_clerk(of=town))
    assert JournalEntry.objects.latest("pk").on_behalf_of == cell.pk


def test_an_edit_says_field_by_field_what_changed_and_masks_what_is_restricted():
    candidate = a_candidate(person=a_person(residence="Khu 1", ethnicity="Kinh"))
    user = a_secretary(of=candidate.cell)
    with on_day(TODAY):
        fields = {"residence": "Khu 3", "ethnicity": "Dao", "sex": candidate.person.sex}
        operations.edit_candidate(submitted_by(user), candidate=candidate, **fields)
    details = {name: (before, after) for _subject, name, before, after in JournalEntry.objects.latest("pk").details}
    assert details == {"residence": ("Khu 1", "Khu 3"), "ethnicity": ("•••", "•••")}
    person = Person.objects.get(pk=candidate.person_id)
    assert (person.residence, person.ethnicity) == ("Khu 3", "Dao")
    assert person.version == 2


def test_an_edit_to_an_identity_number_in_use_is_refused():
    enter(a_cell(), identity_number="022200001234")
    candidate = a_candidate()
    user = a_secretary(of=candidate.cell)
    with on_day(TODAY), pytest.raises(OperationRefused):
        operations.edit_candidate(submitted_by(user), candidate=candidate, identity_number="022200001234")
    assert Person.objects.get(pk=candidate.person_id).identity_number == ""


def test_entering_gives_no_membership():
    candidate = enter(a_cell())
    assert not MembershipStatus.objects.so().filter(person=candidate.person).exists()


def test_a_form_opened_before_the_person_was_described_elsewhere_is_stale():
    candidate = a_candidate(a_cell())
    clerk = a_clerk(of=candidate.cell.position().parent)
    seen = candidate.version
    with on_day(TODAY):
        describe_person(submitted_by(clerk), person=candidate.person, values={"residence": "Khu 1"})
        with pytest.raises(StaleVersion):
            operations.edit_candidate(submitted_by(clerk, version=seen), candidate=candidate, residence="Khu 3")
    assert Person.objects.get(pk=candidate.person_id).residence == "Khu 1"
