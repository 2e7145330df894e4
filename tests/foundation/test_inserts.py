"""Rows are stored by one kept statement as Django stores them."""

from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from foundation.inserts import insert
from foundation.models import EntrySubject, JournalEntry
from recruitment.models import CandidateStanding
from tests.builders import a_candidate, an_act

pytestmark = pytest.mark.django_db


def an_entry(**values):
    actor = an_act().actor
    return JournalEntry(
        operation="test", actor=actor, recorded_at=timezone.now(), machine_time=timezone.now(), **values
    )


def test_every_value_comes_back_as_it_was_given():
    details = [["1", "name", "Chi bộ 'khu' 2%", None]]
    given = an_entry(form_key=uuid4(), details=details, result={"pk": 3}, undoes=an_act().entry, reason="đi xa")
    assert insert([given]) == [given]
    stored = JournalEntry.objects.get(pk=given.pk)
    for field in JournalEntry._meta.concrete_fields:
        assert getattr(stored, field.attname) == getattr(given, field.attname), field
    given.reason = "changed"
    given.save()
    assert JournalEntry.objects.filter(reason="changed").get() == given
    assert JournalEntry.objects.get(pk=insert([an_entry()])[0].pk).result is None


def test_a_key_that_is_given_stays():
    key = an_act().entry.pk + 1000
    insert([an_entry(pk=key)])
    assert JournalEntry.objects.filter(pk=key).exists()
    with pytest.raises(IntegrityError), transaction.atomic():
        insert([an_entry(pk=key)])


def test_many_rows_know_their_keys(django_assert_num_queries):
    entry = an_act().entry
    rows = [EntrySubject(entry=entry, model="test", key=number) for number in range(700)]
    with django_assert_num_queries(3):  # 300 at once
        insert(iter(rows))
    stored = dict(EntrySubject.objects.filter(model="test").values_list("pk", "key"))
    assert stored == {row.pk: row.key for row in rows}
    with django_assert_num_queries(0):
        assert insert([]) == []


def test_a_row_is_stored_over_the_one_with_its_key():
    first, other = a_candidate(), a_candidate()
    row = CandidateStanding.objects.get(candidate=first)
    row.stage, row.earliest = "dossier", {"dossier": None}
    over = ("stage", "earliest")
    insert([row], over)
    CandidateStanding.objects.filter(candidate=other).delete()
    insert(
        [CandidateStanding(candidate=other, stage="dossier", stage_since=row.stage_since, assessed_on=row.assessed_on)],
        over,
    )
    assert [one.stage for one in CandidateStanding.objects.all()] == ["dossier", "dossier"]
    assert CandidateStanding.objects.get(candidate=first).earliest == {"dossier": None}


def test_only_what_is_named_is_stored_over_and_nothing_where_there_is_a_value_already():
    first, other, entry = an_act().entry, an_act().entry, an_act().entry
    JournalEntry.objects.filter(pk=other.pk).update(undoes=first)
    rows = [an_entry(pk=one.pk, reason="đi xa", undoes=entry) for one in (first, other)]
    made = an_entry(reason="new")
    assert insert([made, *rows], over=("undoes",), unless="undoes") == [rows[0], made]
    stored = JournalEntry.objects.in_bulk([first.pk, other.pk, made.pk])
    assert [stored[one.pk].undoes_id for one in (first, other, made)] == [entry.pk, first.pk, None]
    assert [stored[one.pk].reason for one in (first, other, made)] == [first.reason, other.reason, "new"]


def test_rows_with_a_key_and_without_are_stored_by_one_statement(django_assert_num_queries):
    entry = an_act().entry
    [first] = insert([EntrySubject(entry=entry, model="test", key=0)])
    rows = [EntrySubject(entry=entry, model="test", key=number) for number in range(1, 4)]
    again = EntrySubject(pk=first.pk, entry=entry, model="test", key=9)
    with django_assert_num_queries(1):
        insert([*rows, again], over=("key",))
    stored = dict(EntrySubject.objects.filter(model="test").values_list("pk", "key"))
    assert stored == {first.pk: 9} | {row.pk: row.key for row in rows}
    assert len(stored) == 4
