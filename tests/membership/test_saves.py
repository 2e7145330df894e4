"""What a save in the pages of the register takes: no more statements where there are more people."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.builders import (
    a_candidate,
    a_cell,
    a_clerk,
    a_member,
    a_probationary_member,
    a_town,
    a_ward,
    on_day,
    signed_in,
    some_members,
)

TODAY = date(2026, 5, 4)
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _today():
    with on_day(TODAY):
        yield


@pytest.fixture
def ward():
    return a_ward(under=a_town())


@pytest.fixture
def cell(ward):
    return a_cell("Chi bộ 1", under=ward, code="C1")


@pytest.fixture
def desk(ward):
    return signed_in(a_clerk(of=ward, restricted=True))


def saved(desk, address, **typed) -> list[str]:
    """The statements of sending the form with what is typed, beside the transaction's own."""
    form = desk.get(address).context["form"]
    shown = {name: form[name].value() for name in form.fields} | typed
    with CaptureQueriesContext(connection) as asked:
        answer = desk.post(address, {name: value for name, value in shown.items() if value is not None})
    assert answer.status_code == 302, dict(answer.context["form"].errors)
    return [one["sql"] for one in asked if "SAVEPOINT" not in one["sql"]]


NEW = {
    "full_name": "Đỗ Thị Đào", "sex": "female", "born_on": "8/3/1990", "admitted_on": "19/5/2015",
    "recognised_on": "19/5/2016",
}  # fmt: skip
NUMBER = "0220900012{:02}"


@pytest.mark.parametrize("others", [2, 20])
def test_statements_of_saving_a_member_are_few(desk, ward, cell, others):
    some_members(others, cell)
    a_cell("Chi bộ 2", under=ward, code="C2")
    new = {**NEW, "cell": "Chi bộ 1"}
    came = {**new, "from_on": "1/4/2026", "outside": "Đảng ủy phường Hồng Gai"}
    most = [
        (14, "member_new", {**new, "placed_on": "1/6/2020", "identity_number": NUMBER.format(1)}),
        (15, "member_receive", {**came, "identity_number": NUMBER.format(2)}),  # and the transfer
    ]
    for number, name, typed in most:
        assert len(written := saved(desk, reverse(name), **typed)) <= number, (name, written)
    person, leaving = a_member(cell), a_member(cell)
    most = [
        (11, "person_describe", person, {"residence": "Khu 3"}),
        (12, "person_describe", person, {"identity_number": NUMBER.format(3)}),  # whether another bears it
        (14, "member_place", person, {"to_cell": "C2", "from_on": "1/4/2026"}),  # and the cell, the transfer
        (12, "member_end", person, {"status": "died", "from_on": "1/5/2026", "reason": "x"}),
        (13, "member_send", leaving, {"outside": "Đảng ủy phường Hồng Gai", "from_on": "1/5/2026"}),
    ]
    for number, name, one, typed in most:
        assert len(written := saved(desk, reverse(name, args=[one.pk]), **typed)) <= number, (name, written)
    candidate = a_candidate(cell)
    gone, sent, moved = (a_probationary_member(cell, since=date(2026, 1, 5)) for _ in range(3))
    most = [  # the candidacy follows: it is locked, read, judged, changed, and its standing written
        (15, "person_describe", candidate, {"residence": "Khu 3"}),
        (16, "person_describe", moved, {"born_on": "1/2/1980"}),  # and what was frozen at the ceremony
        (18, "member_place", moved, {"to_cell": "C2", "from_on": "1/4/2026"}),
        (16, "member_end", gone, {"status": "died", "from_on": "1/5/2026", "reason": "x"}),
        (17, "member_send", sent, {"outside": "Đảng ủy phường Hồng Gai", "from_on": "1/5/2026"}),
    ]
    for number, name, one, typed in most:
        assert len(written := saved(desk, reverse(name, args=[one.person_id]), **typed)) <= number, (name, written)
    with CaptureQueriesContext(connection) as asked:
        assert desk.post(reverse("person_identity", args=[person.pk])).status_code == 200
    assert len([one for one in asked if "SAVEPOINT" not in one["sql"]]) <= 10
