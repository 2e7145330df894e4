"""Statements put together once answer as those put together anew, and notice what they are not kept by."""

import gc
import weakref
from datetime import date

import pytest
from django.db.models import Count

from foundation import statements
from foundation.statements import By, prepared, totals, updating
from membership.models import Organisation, Position
from tests.builders import a_cell

pytestmark = pytest.mark.django_db


@prepared
def standing(day: date, *, named: list[str], code: str | None):
    rows = Position.objects.as_at(day).select_related("organisation").order_by("pk")
    for word in named:
        rows = rows.filter(name__contains=word)
    return rows.filter(organisation__code__istartswith=code) if code else rows


def test_values_stand_in_patterns_and_are_escaped_there():
    names = ("Chi bộ 50%", "Chi bộ 50 và 1", "Chi bộ 5_0", "Chi bộ 510", "Khu 9")
    half, and_one, underscored, _other, last = cells = [a_cell(name, since=date(2020, 1, 1)) for name in names]
    day = date(2024, 1, 1)
    for named, meant in (
        (["bộ 50%"], [half]),
        (["bộ 50"], [half, and_one]),
        (["bộ 5_0"], [underscored]),
        (["Chi", "bộ 5"], cells[:4]),
    ):
        assert [row.organisation for row in standing(day, named=named, code=None)] == meant
    assert [row.organisation for row in standing(day, named=[], code=last.code.lower())] == [last]
    assert not standing(date(2019, 1, 1), named=["bộ 50"], code=None)


def test_objects_tuples_and_totals_come_as_from_the_queryset(django_assert_num_queries):
    cell = a_cell("Chi bộ một", since=date(2020, 1, 1))
    pairs = prepared(lambda *, keys: Organisation.objects.filter(pk__in=keys).values_list("pk", "code"))
    number = prepared(lambda *, key: totals(Organisation.objects.filter(pk=key), all=Count("pk"), coded=Count("code")))
    for _time in range(2):
        with django_assert_num_queries(2):
            assert pairs(keys=[cell.pk]) == [(cell.pk, cell.code)]
            assert number(key=cell.pk) == [(1, 1)]
    assert pairs(keys=[]) == []
    assert number(key=0) == [(0, 0)]


def test_rows_are_changed_as_by_the_queryset(django_assert_num_queries):
    cells = [a_cell(), a_cell(), a_cell()]
    rung = updating(lambda *, keys, phone: (Organisation.objects.filter(pk__in=keys), {"phone": phone}))
    for phone in ("1", "2"):
        with django_assert_num_queries(1):
            assert rung(keys=[cells[0].pk, cells[1].pk], phone=phone) == 2
        assert [Organisation.objects.get(pk=cell.pk).phone for cell in cells] == [phone, phone, ""]
    assert rung(keys=[0, cells[2].pk], phone="3") == 1


def test_what_it_is_not_kept_by_is_noticed(monkeypatch):
    monkeypatch.setattr(statements, "compared", lambda *_asked: True)
    codes = prepared(lambda by: Organisation.objects.filter(code=by.value))
    assert codes(By("same", "A")) == []
    with pytest.raises(AssertionError, match="depends on more"):
        codes(By("same", "B"))
    assert codes(By("other", "B")) == []


def test_of_a_reader_or_a_request_only_the_key_is_kept():
    class Request:
        """What a form holds."""

    statements.forget()
    codes, request = prepared(lambda by: Organisation.objects.filter(code="A")), Request()
    gone = weakref.ref(request)
    codes(By("asked", request))
    del request
    gc.collect()
    assert gone() is None
    assert len(statements._SHELF) == 1


def test_the_statements_used_last_are_kept(monkeypatch):
    monkeypatch.setattr(statements, "_KEPT", 2)
    statements.forget()
    built: list[str] = []
    coded = prepared(lambda code: built.append(code) or Organisation.objects.filter(code=code))
    monkeypatch.setattr(statements, "compared", None)
    for code in ("A", "B", "A", "C", "A", "B"):
        coded(code)
    assert built == ["A", "B", "C", "B"]
