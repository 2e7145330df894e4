"""`manage.py figures`: what it prints, what it takes when nothing is said, what it refuses."""

import json
from datetime import date

import pytest
from django.core.management import CommandError, call_command

from reports.indicators import LISTED
from tests.builders import a_cell, a_province, a_town, a_ward, on_day
from tests.reports.histories import TODAY, a_period, a_plan, admitted

pytestmark = pytest.mark.django_db
TERM = (date(2020, 8, 1), date(2025, 7, 31))


@pytest.fixture
def town():
    return a_town(code="QY")


def printed(capsys, *arguments):
    with on_day(TODAY):
        call_command("figures", *arguments, "--format", "json")
    return json.loads(capsys.readouterr().out)


def test_by_default_the_only_superior_unit_the_running_term_and_today(town, capsys):
    a_plan(town, {town: 850}, a_period(*TERM, kind="term"))
    admitted(a_cell(under=town), date(2022, 5, 19))
    found = printed(capsys)
    assert list(found) == ["unit", "from", "to", "as_at", "known_on", "figures"]
    head = [found[name] for name in ("unit", "from", "to", "as_at", "known_on")]
    assert head == ["QY", "2020-08-01", "2025-07-31", "2024-10-31", None]
    assert list(found["figures"]) == list(LISTED)
    assert {code: found["figures"][code] for code in ("admitted", "target", "pace", "ceiling")} == {
        "admitted": 1,
        "target": 850,
        "pace": 722.9,
        "ceiling": 1,
    }


def test_with_two_towns_it_is_the_root(town, capsys):
    a_town()
    assert printed(capsys)["unit"] == a_province().code


def test_what_cannot_be_answered_is_null(town, capsys):
    found = printed(capsys, "--as-at", "2022-12-31")["figures"]
    assert [found[code] for code in ("target", "pace", "ceiling")] == [None, None, 0]


@pytest.mark.parametrize(
    ("moment", "number"),
    [("2024-06-09", 0), ("2024-06-10", 1), ("2024-06-10T11:59", 0), ("2024-06-10 12:30", 1), ("10/06/2024", 1)],
)
def test_known_on_a_day_means_its_end_and_a_moment_is_in_the_offices_zone(town, capsys, moment, number):
    admitted(a_cell(under=town), date(2024, 5, 19), entered=date(2024, 6, 10))
    found = printed(capsys, "--known-on", moment, "--from", "2024-01-01", "--to", "2024-12-31")
    assert found["figures"]["admitted"] == number
    assert found["known_on"].endswith("+07:00")


def test_a_unit_is_named_by_its_code(town, capsys):
    admitted(a_cell(under=a_ward(under=town, code="QY01"), since=date(2015, 1, 1)))
    assert printed(capsys, "--unit", "QY01", "--from", "2024-01-01", "--to", "2024-12-31")["figures"]["admitted"] == 1


def test_the_table_names_every_figure(town, capsys):
    with on_day(TODAY):
        call_command("figures")
    said = capsys.readouterr().out
    assert all(code in said for code in LISTED)


@pytest.mark.parametrize(
    "arguments",
    [
        ("--unit", "none"),
        ("--as-at", "2024-02-31"),
        ("--known-on", "noon"),
        ("--known-on", "2024-10-31T25:00"),
        ("--from", "2025-01-01", "--to", "2024-01-01"),
    ],
)
def test_a_wrong_argument_gets_a_sentence(town, arguments):
    with on_day(TODAY), pytest.raises(CommandError) as refused:
        call_command("figures", *arguments)
    assert len(str(refused.value)) > 10
