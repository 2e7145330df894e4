"""Rows of several kinds by one statement are the rows that each kind's own statement gives."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from foundation import clock, statements
from foundation.models import JournalEntry
from foundation.together import prepared, read_together
from membership.models import Organisation, Position
from recruitment.models import Helper, Waiver
from tests.builders import a_candidate, a_cell, a_ward, an_act, helped

pytestmark = pytest.mark.django_db


def test_each_kind_in_its_own_order_with_its_own_types(django_assert_num_queries):
    names = ["Chi bộ 'khu' 2", 'Chi bộ "3"', "Chi bộ \\ 1"]
    for name in names:
        a_cell(name, under=a_ward())
    helped(a_candidate())
    cells = Position.objects.so().filter(tier="subordinate_cell", name__in=names)
    with django_assert_num_queries(1):
        found = read_together(
            cells=(cells.order_by("name"), "name", "valid_from", "valid_to", "organisation_id", "organisation__key"),
            helpers=(Helper.objects.all(), "pk", "from_on", "person__full_name"),
            waivers=(Waiver.objects.filter(pk__in=[]), "pk"),
            nobody=(Waiver.objects.all(), "until_on"),
        )
    plain = cells.order_by("name").select_related("organisation")
    assert [tuple(row) for row in found["cells"]] == [
        (row.name, row.valid_from, row.valid_to, row.organisation_id, row.organisation.key) for row in plain
    ]
    [helper], [row] = Helper.objects.all(), found["helpers"]
    assert (row.pk, row.from_on, row.person__full_name) == (helper.pk, helper.from_on, helper.person.full_name)
    assert isinstance(row.from_on, date)
    assert found["waivers"] == found["nobody"] == []


def test_what_is_not_there_is_none():
    a_candidate()
    unit = a_ward()
    found = read_together(above=(Position.objects.so().filter(organisation=unit), "parent_id", "superseded_by_id"))
    assert found["above"] == [(found["above"][0].parent_id, None)]


def test_kinds_that_would_not_come_back_as_they_are_cannot_be_asked_for():
    for field in ("form_key", "details"):
        with pytest.raises(TypeError):
            read_together(entries=(JournalEntry.objects.all(), field), units=(Organisation.objects.all(), "pk"))


def test_moments_are_exact():
    whole, broken = datetime(2024, 10, 1, 5, 0, 0, tzinfo=UTC), datetime(2024, 10, 1, 5, 0, 0, 120, tzinfo=UTC)
    for moment in (broken, whole):
        with clock.at(moment):
            an_act()
    entries = JournalEntry.objects.order_by("recorded_at")
    found = read_together(entries=(entries, "recorded_at"), nobody=(Waiver.objects.all(), "pk"))["entries"]
    assert [row.recorded_at for row in found] == [entry.recorded_at for entry in entries]


def test_a_prepared_statement_gives_what_one_put_together_anew_gives(django_assert_num_queries):
    def asked(units, day, code):
        stood = Position.objects.as_at(day).filter(organisation__in=units).order_by("pk")
        return {
            "stood": (stood, "pk", "name", "valid_from"),
            "coded": (Organisation.objects.filter(code=code, kind="cell"), "pk", "code"),
        }

    statements.forget()
    once = prepared(asked)
    cells = [a_cell(f"Chi bộ {number}", since=date(2020, number, 1)) for number in range(1, 7)]
    for units in (cells[:2], cells[2:4], cells[4:], cells[:1], [], cells):
        for day, code in ((date(2020, 1, 1), cells[0].code), (date(2020, 4, 30), cells[5].code)):
            values = {"units": [unit.pk for unit in units], "day": day, "code": code}
            with django_assert_num_queries(1):
                found = once(**values)
            assert found == read_together(**asked(**values))
            assert [row.code for row in found["coded"]] == [code]
    assert len(statements._SHELF) == 4  # two, one, none and six units


def test_a_prepared_statement_takes_many_values_too():
    statements.forget()
    once = prepared(lambda keys: {"found": (Organisation.objects.filter(pk__in=keys), "pk")})
    cell = a_cell()
    assert [row.pk for row in once(keys=[*range(10_000, 10_200), cell.pk])["found"]] == [cell.pk]
    assert not statements._SHELF
