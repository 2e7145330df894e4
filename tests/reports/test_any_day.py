"""Pages as at another day: they show that day, or they say that they cannot."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from membership import steps
from tests.builders import (
    a_cell,
    a_clerk,
    a_member,
    a_town,
    a_ward,
    an_official,
    entering,
    on_day,
)
from tests.walk.walk import routes

TODAY, BEFORE = date(2026, 5, 4), "31/12/2025"
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _today():
    with on_day(TODAY):
        yield


@pytest.fixture
def town():
    return a_town("Đảng bộ thị xã", code="T1")


@pytest.fixture
def ward(town):
    return a_ward("Đảng bộ phường Đông Mai", under=town, code="W1")


@pytest.fixture
def cells(ward):
    return a_cell("Chi bộ 1", under=ward, code="C1"), a_cell("Chi bộ 2", under=ward, code="C2")


def ask(user: Any, address: str, **asked: Any) -> Any:
    client = Client(headers={"accept-language": "en"})
    client.force_login(user)
    return client.get(address, asked)


def names(answer: Any) -> list[str]:
    return [person.full_name for person in answer.context["rows"]]


def test_the_roster_lists_who_was_a_member_and_where_on_the_day(town, cells):
    first, second = cells
    _stayed, went, left = (a_member(first, full_name=f"Trần Văn {name}") for name in ("An", "Bình", "Cường"))
    day = date(2026, 2, 2)
    with entering(day) as act:
        moves = {"person": went, "kind": "within", "from_cell": first, "to_cell": second, "happened_on": day}
        steps.transfer(act, [moves])
        steps.change_status(act, {left: day}, "died")
    a_member(second, full_name="Trần Văn Dũng", since=day)
    clerk = a_clerk(of=town)
    today, before = (ask(clerk, reverse("members"), **day) for day in ({}, {"as_at": BEFORE}))
    assert names(today) == ["Trần Văn An", "Trần Văn Bình", "Trần Văn Dũng"]
    assert names(before) == ["Trần Văn An", "Trần Văn Bình", "Trần Văn Cường"]
    assert [person.place[0] for person in before.context["rows"]] == ["Chi bộ 1"] * 3
    assert names(ask(clerk, reverse("members"), as_at=BEFORE, unit="C2")) == []
    assert names(ask(clerk, reverse("members"), unit="C1")) == ["Trần Văn An"]
    assert names(ask(clerk, reverse("members"), known_on=BEFORE)) == names(before)
    assert before.context["frame"]["is_past"]
    assert 'class="is-past"' in before.content.decode()
    assert not before.context["form"].chips
    exported = ask(clerk, reverse("members"), as_at=BEFORE, format="csv")
    assert "Cường" in b"".join(exported.streaming_content).decode("utf-8-sig")


def test_a_unit_is_found_where_it_stood_on_the_day(town, ward, cells):
    first, _second = cells
    other = a_ward("Đảng bộ phường Hà An", under=town, code="W2")
    a_member(first, full_name="Trần Văn An")
    with entering(date(2026, 2, 2)) as act:
        steps.move(act, first, other, date(2026, 2, 2))
        steps.rename(act, first, "Chi bộ mới", date(2026, 2, 2))
    clerk = a_clerk(of=town)
    assert names(ask(clerk, reverse("members"), unit="W1")) == []
    assert names(ask(clerk, reverse("members"), unit="W1", as_at=BEFORE)) == ["Trần Văn An"]
    page = ask(clerk, reverse("unit", args=[first.pk]), as_at=BEFORE)
    assert (page.context["position"].name, str(page.context["above"])) == ("Chi bộ 1", "Đảng bộ phường Đông Mai")
    [(_label, number, url)] = page.context["counts"]
    assert number == 1
    assert names(ask(clerk, url)) == ["Trần Văn An"]
    assert page.context["frame"]["is_past"]
    children = ask(clerk, reverse("unit", args=[ward.pk]), as_at=BEFORE).context["children"]
    assert [row.name for row in children] == ["Chi bộ 1", "Chi bộ 2"]
    assert "<h1><bdi>Chi bộ mới" in ask(clerk, reverse("unit", args=[first.pk])).content.decode()


def test_a_page_of_today_refuses_another_day_in_a_sentence(walked_routes, town):
    clerk = a_clerk(of=town)
    assert "candidates" in walked_routes
    for name, address in walked_routes.items():
        for asked in ({"as_at": BEFORE}, {"known_on": BEFORE}):
            answer = ask(clerk, address, **asked)
            assert (name, answer.status_code) in ((name, 400), (name, 403), (name, 405)), name
    answer = ask(clerk, reverse("candidates"), as_at=BEFORE)
    assert "This page shows today only." in answer.content.decode()
    assert ask(clerk, reverse("candidates"), as_at="").status_code == 200


@pytest.fixture
def walked_routes():
    """Addresses of the pages that show today only."""
    today_only = [one for one in routes() if not one.arguments and one.declaration and not one.declaration.any_day]
    return {one.name: reverse(one.name) for one in today_only if one.declaration.kind != "public"}


def test_the_navigation_keeps_the_day_where_it_can_be_followed(town, cells):
    page = ask(an_official(of=town, names=True), reverse("progress"), as_at=BEFORE, known_on="01/02/2026")
    urls = {item["label"]: item["url"] for item in page.context["frame"]["nav"]}
    assert urls["Members"] == f"{reverse('members')}?as_at=31%2F12%2F2025&known_on=01%2F02%2F2026"
    assert urls["Candidates"] == reverse("candidates")
    assert urls["Units"] == reverse("units")


def test_a_day_is_asked_for_only_where_it_is_followed(town):
    official = an_official(of=town, names=True)
    assert 'name="as_at"' in ask(official, reverse("members")).content.decode()
    assert 'name="as_at"' not in ask(official, reverse("candidates")).content.decode()


@pytest.mark.parametrize("asked", [{"as_at": "31/02/2024"}, {"known_on": "yesterday"}])
def test_what_is_no_day_is_refused(town, asked):
    clerk = a_clerk(of=town)
    for address in (reverse("members"), reverse("unit", args=[town.pk])):
        assert ask(clerk, address, **asked).status_code == 400


@pytest.mark.parametrize(
    "address",
    ["/members/", "/units/", "/progress/units/", "/progress/months/", "/figures/ceiling/", "/figures/admitted/"],
)
def test_a_format_that_a_table_does_not_have_is_refused_in_a_sentence(town, address):
    official = an_official(of=town, names=address in ("/members/", "/units/"))
    answer = ask(official, address, format="print")
    assert answer.status_code == 400
    assert "does not come in that format" in answer.content.decode()
    assert ask(official, address, format="csv").status_code == 200
    assert "format=print" not in ask(official, address).content.decode()
