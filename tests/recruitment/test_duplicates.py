"""Who may be the one being entered: found by name and birth, shown only to those who may know of them."""

from datetime import date

import pytest

from membership import scope
from membership.models import Person
from recruitment import duplicates
from tests.builders import a_candidate, a_cell, a_clerk, a_member, a_person, a_town, a_ward, as_user

pytestmark = pytest.mark.django_db
FIELDS = {"full_name": "Nguyễn Thị Ánh", "born_on": date(2000, 5, 6), "born_precision": "day", "identity_number": ""}


@pytest.fixture
def town():
    return a_town()


def somebody(town, **values):
    """A candidate in the town."""
    given = {"full_name": "Nguyễn Thị Ánh", "born_on": date(2000, 5, 6)}
    return a_candidate(a_cell(under=a_ward(under=town)), person=a_person(**{**given, **values})).person


def found(user, **fields):
    return [(twin.person, str(twin.why)) for twin in duplicates.likely({**FIELDS, **fields}, as_user(user))]


@pytest.mark.parametrize(
    ("values", "why"),
    [
        ({}, "same name, same birth"),
        ({"full_name": "Nguyen Thi Anh"}, "same name, same birth"),
        ({"full_name": "Nguyễn Thị Oánh"}, "similar name, same birth"),
        ({"born_on": date(2000, 5, 1), "born_precision": "month"}, "same name, same birth"),
        ({"born_on": date(2000, 11, 9)}, "same name, born in the same year"),
    ],
)
def test_alike(town, values, why):
    person = somebody(town, **values)
    assert found(a_clerk(of=town)) == [(person, why)]


@pytest.mark.parametrize(
    "values",
    [
        {"full_name": "Lê Văn Bình"},
        {"born_on": date(2001, 5, 6)},
        {"full_name": "Lê Văn Bình", "born_on": date(2000, 5, 7)},
    ],
)
def test_not_alike(town, values):
    somebody(town, **values)
    assert found(a_clerk(of=town)) == []


def test_the_same_identity_number_is_the_surest(town):
    other = somebody(town, full_name="Lê Văn Bình", born_on=date(1980, 1, 2))
    person = Person.objects.get(pk=other.pk)
    person.identity_number = "022200001234"
    person.save()
    same_name = somebody(town)
    twins = found(a_clerk(of=town), identity_number="022200001234")
    assert twins == [(person, "same identity number"), (same_name, "same name, same birth")]


def test_the_surest_is_among_those_compared_where_many_are_born_on_the_day(town, monkeypatch):
    for number in range(3):
        a_person(full_name=f"Lê Văn {number}", born_on=date(2000, 5, 6))
    person = somebody(town)
    monkeypatch.setattr(duplicates, "_MOST", 2)
    assert found(a_clerk(of=town)) == [(person, "same name, same birth")]


def test_a_member_is_found_too(town):
    member = a_member(a_cell(under=town), full_name="Nguyễn Thị Ánh", born_on=date(2000, 5, 6))
    assert found(a_clerk(of=town)) == [(member, "same name, same birth")]


def test_of_people_elsewhere_only_that_somebody_is_registered(town):
    somebody(a_town())
    somebody(a_town(), full_name="Nguyen Thi Anh")
    assert found(a_clerk(of=town)) == [(None, "registered elsewhere")]


@pytest.mark.parametrize("number", [2, 20])
def test_statements_do_not_grow(town, number, django_assert_max_num_queries):
    for _ in range(number):
        somebody(town)
    clerk = a_clerk(of=town)
    scope.holdings(as_user(clerk))  # where units that are gone are followed is read once for each state of the tree
    user = as_user(clerk)
    with django_assert_max_num_queries(4):
        assert len(duplicates.likely(FIELDS, user)) == min(number, 10)
