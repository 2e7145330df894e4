"""What all operations share, in its order: lock, permission, version, entry with the key, body, details, events."""

from __future__ import annotations

import threading
import uuid
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, OperationalError, connection, transaction
from django.dispatch import Signal
from django.utils import timezone

from foundation import clock
from foundation.models import EntrySubject, JournalEntry
from foundation.operation import (
    REGISTRY,
    Act,
    NotPermitted,
    OperationRefused,
    StaleVersion,
    Submission,
    operation,
    rehearse,
    result_of,
)
from membership.models import Organisation
from membership.operations.organisations import describe_unit, rename_unit
from tests.builders import a_cell, a_clerk, a_town, a_ward, an_administrator, on_day, submitted_by

happened = Signal()
trace: list[str] = []


@pytest.fixture(autouse=True)
def _an_empty_trace():
    trace.clear()


@operation("test.number", on="organisation", capability="unit.write")
def number(act: Act, *, organisation: Organisation, phone: str) -> Organisation:
    """The unit has this telephone number."""
    trace.append(f"body: {connection.in_atomic_block}, version {organisation.version}, entry {bool(act.entry.pk)}")
    act.note(organisation.code, "phone", organisation.phone, phone)
    act.emit(happened, phone=phone)
    if phone == "refuse":
        raise OperationRefused("not so", "and not so either")
    Organisation.objects.filter(pk=organisation.pk).update(phone=phone)
    return organisation


def _listen(sender, act, phone, **_more):
    entry = JournalEntry.objects.get(pk=act.entry.pk)
    trace.append(f"event: {phone}, details {len(entry.details)}, subjects {entry.subjects.count()}")
    if phone == "fail at the end":
        raise OperationRefused("a listener refuses")


@pytest.fixture(autouse=True)
def _a_listener():
    happened.connect(_listen)
    yield
    happened.disconnect(_listen)


@pytest.mark.django_db
def test_events_are_sent_inside_the_transaction_after_the_entry_is_complete():
    cell = a_cell()
    by = an_administrator(of=cell)
    assert number(submitted_by(by, reason="moved house"), organisation=cell, phone="1") == cell
    assert trace == ["body: True, version 2, entry True", "event: 1, details 1, subjects 1"]
    entry = JournalEntry.objects.get(operation="test.number")
    assert (entry.actor, entry.reason, entry.details) == (by, "moved house", [[cell.code, "phone", "", "1"]])
    assert entry.appointment == by.person.appointments.get().pk
    assert result_of(entry) == cell
    assert EntrySubject.objects.get(entry=entry).key == cell.pk


@pytest.mark.django_db
@pytest.mark.parametrize("phone", ["refuse", "fail at the end"])
def test_a_refusal_writes_nothing(phone):
    cell = a_cell(phone="before")
    with pytest.raises(OperationRefused) as refused:
        number(submitted_by(an_administrator(of=cell)), organisation=cell, phone=phone)
    assert refused.value.status == 422
    assert refused.value.messages[-1] in ("and not so either", "a listener refuses")
    cell.refresh_from_db()
    assert (cell.phone, cell.version) == ("before", 1)
    assert not JournalEntry.objects.filter(operation="test.number").exists()


@pytest.mark.django_db
def test_a_rehearsal_writes_nothing_and_what_it_allows_is_allowed():
    cell, by = a_cell(phone="before"), submitted_by(an_administrator(of=a_town()), key=uuid.uuid4())
    with pytest.raises(NotPermitted):
        rehearse(number, by, organisation=cell, phone="1")
    by = submitted_by(an_administrator(of=cell), key=uuid.uuid4(), version=1)
    assert rehearse(number, by, organisation=cell, phone="1") is None
    assert trace[-1] == "event: 1, details 1, subjects 1", "it runs to its end"
    cell.refresh_from_db()
    assert (cell.phone, cell.version, by.entry) == ("before", 1, None)
    assert not JournalEntry.objects.filter(operation="test.number").exists()
    assert number(by, organisation=cell, phone="1").phone == "before"
    cell.refresh_from_db()
    assert (cell.phone, cell.version) == ("1", 2)


@pytest.mark.django_db
@pytest.mark.parametrize("phone", ["refuse", "fail at the end"])
def test_a_rehearsal_refuses_what_the_operation_refuses(phone):
    cell = a_cell()
    with pytest.raises(OperationRefused):
        rehearse(number, submitted_by(an_administrator(of=cell)), organisation=cell, phone=phone)
    with pytest.raises(StaleVersion):
        rehearse(number, submitted_by(an_administrator(of=cell), version=7), organisation=cell, phone="1")


@pytest.mark.django_db
def test_the_same_key_twice_gives_the_first_result():
    cell, key = a_cell(), uuid.uuid4()
    by = an_administrator(of=cell)
    first = number(submitted_by(by, key=key, version=1), organisation=cell, phone="1")
    second = number(submitted_by(by, key=key, version=1), organisation=cell, phone="2")
    assert first == second
    cell.refresh_from_db()
    assert (cell.phone, cell.version) == ("1", 2)
    assert len(trace) == 2


@pytest.mark.django_db
def test_a_key_belongs_to_its_user():
    cell, key = a_cell(), uuid.uuid4()
    for by, phone in [(an_administrator(of=cell), "1"), (an_administrator(of=cell), "2")]:
        number(submitted_by(by, key=key), organisation=cell, phone=phone)
    cell.refresh_from_db()
    assert cell.phone == "2"


@pytest.mark.django_db
def test_a_stale_version_is_refused_with_how_it_is_now():
    cell = a_cell()
    by = an_administrator(of=cell)
    number(submitted_by(by, version=1), organisation=cell, phone="1")
    with pytest.raises(StaleVersion) as stale:
        number(submitted_by(by, version=1), organisation=cell, phone="2")
    assert stale.value.status == 409
    assert (stale.value.current.phone, stale.value.current.version) == ("1", 2)
    assert JournalEntry.objects.filter(operation="test.number").count() == 1


@pytest.mark.django_db
def test_permission_comes_before_the_version():
    cell = a_cell()
    with pytest.raises(NotPermitted):
        number(submitted_by(an_administrator(of=a_cell()), version=7), organisation=cell, phone="1")
    assert trace == []
    cell.refresh_from_db()
    assert cell.version == 1


@pytest.mark.django_db
def test_a_role_without_the_capability_and_an_ended_appointment_are_refused():
    cell = a_cell()
    with pytest.raises(NotPermitted):
        number(submitted_by(a_clerk(of=cell)), organisation=cell, phone="1")
    by = an_administrator(of=cell)
    by.person.appointments.update(until_on=date(2026, 5, 4))
    with on_day(date(2026, 5, 3)):
        number(submitted_by(by), organisation=cell, phone="1")
    with on_day(date(2026, 5, 4)), pytest.raises(NotPermitted):
        number(submitted_by(by), organisation=cell, phone="2")


@pytest.mark.django_db
def test_every_unit_named_must_be_the_actors():
    """A move needs both: the cell, and the committee it goes to."""
    ward, foreign = a_ward(), a_ward()
    cell = a_cell(under=ward)
    move = REGISTRY["move_unit"]
    with pytest.raises(NotPermitted):
        move(submitted_by(an_administrator(of=ward)), organisation=cell, parent=foreign, from_on=date(2026, 1, 1))
    assert cell.position(date(2026, 1, 1)).parent == ward


@pytest.mark.django_db
def test_operations_never_call_each_other():
    cell = a_cell()
    by = an_administrator(of=cell)

    def nested(sender, **_what):
        number(submitted_by(by), organisation=cell, phone="2")

    happened.connect(nested)
    try:
        with pytest.raises(RuntimeError, match="operations share steps"):
            number(submitted_by(by), organisation=cell, phone="1")
    finally:
        happened.disconnect(nested)


@pytest.mark.django_db
def test_arguments_and_submission_are_never_optional():
    cell = a_cell()
    with pytest.raises(TypeError):
        number(submitted_by(an_administrator(of=cell)), organisation=cell)
    with pytest.raises(TypeError):
        number(organisation=cell, phone="1")
    with pytest.raises(ValueError, match="two operations"):
        operation("test.number", capability="unit.write")(lambda act: None)


@pytest.mark.django_db(transaction=True)
def test_an_operation_refuses_to_run_inside_a_transaction():
    cell = a_cell()
    with pytest.raises(RuntimeError, match="durable"), transaction.atomic():
        number(submitted_by(an_administrator(of=cell)), organisation=cell, phone="1")


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("failures", "done"), [(2, True), (3, False)])
def test_a_deadlock_is_tried_again_three_times_in_all(failures, done):
    cell, tried = a_cell(), []

    def deadlock(sender, act, **_what):
        tried.append(act.entry.pk)
        if len(tried) <= failures:
            raise OperationalError("database is locked")

    happened.connect(deadlock)
    try:
        if done:
            number(submitted_by(an_administrator(of=cell), version=1), organisation=cell, phone="1")
        else:
            with pytest.raises(OperationalError):
                number(submitted_by(an_administrator(of=cell), version=1), organisation=cell, phone="1")
    finally:
        happened.disconnect(deadlock)
    assert len(tried) == 3
    cell.refresh_from_db()
    assert (cell.phone, cell.version) == (("1", 2) if done else ("", 1))
    assert JournalEntry.objects.filter(operation="test.number").count() == int(done)


@pytest.mark.django_db(transaction=True)
def test_what_is_broken_is_not_tried_again():
    cell, tried = a_cell(), []

    def breaks(sender, **_what):
        tried.append(1)
        raise IntegrityError("some other constraint")

    happened.connect(breaks)
    try:
        with pytest.raises(IntegrityError):
            number(submitted_by(an_administrator(of=cell)), organisation=cell, phone="1")
    finally:
        happened.disconnect(breaks)
    assert len(tried) == 1


def _at_once(run: Any, times: int) -> list[Any]:
    answers: list[Any] = []
    start = threading.Barrier(times)

    def one(place: int) -> None:
        start.wait()
        try:
            answers.append(run(place))
        except OperationRefused as refused:
            answers.append(refused)
        finally:
            connection.close()

    threads = [threading.Thread(target=one, args=(place,)) for place in range(times)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


@pytest.mark.django_db(transaction=True)
def test_one_key_sent_by_twenty_at_once_has_one_effect():
    cell, key = a_cell(), uuid.uuid4()
    by = an_administrator(of=cell)
    answers = _at_once(lambda _place: number(Submission(by, key=key, version=1), organisation=cell, phone="1"), 20)
    assert answers == [cell] * 20
    assert JournalEntry.objects.filter(operation="test.number").count() == 1
    cell.refresh_from_db()
    assert cell.version == 2


@pytest.mark.django_db(transaction=True)
def test_many_at_once_are_served_while_the_clock_stands_behind_the_last_entry():
    """As after a clock was set back, and in practice after midnight."""
    cells = [a_cell() for _ in range(8)]
    by = [an_administrator(of=cell) for cell in cells]
    moment = timezone.now() + timedelta(hours=3)
    JournalEntry.objects.create(operation="test", actor=by[0], recorded_at=moment, machine_time=moment)

    def often(place: int) -> int:
        for turn in range(4):
            number(submitted_by(by[place]), organisation=cells[place], phone=str(turn))
        return place

    assert sorted(_at_once(often, 8)) == list(range(8))


@pytest.mark.django_db(transaction=True)
def test_of_many_who_saw_one_version_one_is_served():
    cell = a_cell()
    by = an_administrator(of=cell)
    answers = _at_once(lambda place: number(Submission(by, version=1), organisation=cell, phone=str(place)), 8)
    assert len([one for one in answers if isinstance(one, StaleVersion)]) == 7
    cell.refresh_from_db()
    assert cell.version == 2


@pytest.mark.django_db
def test_each_operation_writes_one_entry_and_moments_never_stand_still():
    cell = a_cell()
    by = an_administrator(of=cell)
    with on_day(date(2026, 5, 4)):
        rename_unit(submitted_by(by), organisation=cell, name="Chi bộ 2", from_on=date(2026, 5, 4))
        describe_unit(
            submitted_by(by), organisation=cell, sector="ward", phone="2", address="", admits_by_delegation=""
        )
    entries = JournalEntry.objects.filter(actor=by).order_by("pk")
    assert [entry.operation for entry in entries] == ["rename_unit", "describe_unit"]
    assert entries[0].recorded_at < entries[1].recorded_at
    with on_day(date(2026, 5, 1)):  # the clock was set back
        assert clock.now() > entries[1].recorded_at
