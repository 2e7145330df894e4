from datetime import date

import pytest

from recruitment.rulebook.facts import UNKNOWN, CandidateFacts, Introducer
from recruitment.rulebook.findings import BlocksUntil, BlocksUntilDone, Unjudged, Warns
from recruitment.rulebook.rules.introducers import (
    Introducers,
    YouthUnion,
    introducers_complete,
    members_needed,
    youth_union_introduces,
)

P = Introducers(members=2, months=12, youth_age=30)
DAY = date(2024, 10, 15)
YOUNG, THIRTY_ONE = date(2000, 5, 5), date(1993, 10, 15)


def member(since=date(2020, 1, 1), **changes):
    values = {"status": "official", "assigned_on": date(2024, 1, 2), "together_since": since} | changes
    return Introducer(**values)


YOUTH = Introducer(kind="youth_union", status=None, assigned_on=date(2024, 1, 2), together_since=None)
UNION = Introducer(kind="trade_union", status=None, assigned_on=date(2024, 1, 2), together_since=None)
MISSING = BlocksUntilDone("introducers")


@pytest.mark.parametrize(
    ("_case", "born", "mass_bodies", "introducers", "outcomes"),
    [
        ("two members", YOUNG, (), (member(), member()), []),
        ("one member", YOUNG, (), (member(),), [MISSING]),
        ("nobody", YOUNG, (), (), [MISSING]),
        ("Youth Union and one", YOUNG, ("youth_union",), (YOUTH, member()), []),
        ("Youth Union alone", YOUNG, ("youth_union",), (YOUTH,), [MISSING]),
        ("Youth Union, last day of youth age", date(1993, 10, 16), (), (YOUTH, member()), []),
        ("Youth Union, 31st birthday", THIRTY_ONE, ("youth_union",), (YOUTH, member()), [MISSING]),
        ("Youth Union, age not known", UNKNOWN, (), (YOUTH, member()), [Unjudged("born")]),
        ("trade union where no Youth Union is", YOUNG, (), (UNION, member()), []),
        ("trade union beside a Youth Union", YOUNG, ("youth_union",), (UNION, member()), [MISSING]),
        ("trade union, bodies not known", YOUNG, UNKNOWN, (UNION, member()), [Unjudged("mass_bodies")]),
        ("trade union past youth age", THIRTY_ONE, (), (UNION, member()), [MISSING]),
        ("trade union past youth age and two", THIRTY_ONE, (), (UNION, member(), member()), []),
        ("a probationary member", YOUNG, (), (member(), member(status="probationary")), [MISSING]),
        ("status not known", YOUNG, (), (member(), member(status=UNKNOWN)), [Unjudged("introducers.status")]),
        ("twelve months to the day", YOUNG, (), (member(), member(date(2023, 10, 15))), []),
        (
            "twelve months tomorrow",
            YOUNG,
            (),
            (member(), member(date(2023, 10, 16))),
            [BlocksUntil(date(2024, 10, 16))],
        ),
        ("a third is long enough together", YOUNG, (), (member(date(2024, 9, 1)), member(), member()), []),
        ("a replacement need not wait", YOUNG, (), (member(), member(date(2024, 9, 1), replaces=True)), []),
        (
            "together since a day not known",
            YOUNG,
            (),
            (member(), member(UNKNOWN)),
            [Unjudged("introducers.together_since")],
        ),
        ("one ended today", YOUNG, (), (member(), member(ended_on=DAY)), [MISSING]),
        ("one ends tomorrow", YOUNG, (), (member(), member(ended_on=date(2024, 10, 16))), []),
        ("one assigned tomorrow", YOUNG, (), (member(), member(assigned_on=date(2024, 10, 16))), [MISSING]),
        (
            "one missing, the other too new",
            YOUNG,
            (),
            (member(date(2024, 5, 2)),),
            [BlocksUntil(date(2025, 5, 2)), MISSING],
        ),
        ("not known", YOUNG, (), UNKNOWN, [Unjudged("introducers")]),
    ],
)
def test_introducers_complete(_case, born, mass_bodies, introducers, outcomes):
    facts = CandidateFacts(born=born, mass_bodies=mass_bodies, introducers=introducers)
    assert [finding.outcome for finding in introducers_complete(facts, DAY, P)] == outcomes


@pytest.mark.parametrize(("born", "number"), [(YOUNG, 1), (THIRTY_ONE, 2)])
def test_the_number_needed_is_determined(born, number):
    facts = CandidateFacts(born=born, mass_bodies=("youth_union",), introducers=(YOUTH,))
    assert [item.value for item in members_needed(facts, DAY, P)] == [number]


@pytest.mark.parametrize(
    ("_case", "born", "mass_bodies", "introducers", "outcomes"),
    [
        ("it does", YOUNG, ("youth_union",), (YOUTH, member()), []),
        ("it should", YOUNG, ("youth_union",), (member(), member()), [Warns()]),
        ("there is none", YOUNG, ("trade_union",), (member(), member()), []),
        ("past youth age", THIRTY_ONE, ("youth_union",), (member(), member()), []),
    ],
)
def test_youth_union_introduces(_case, born, mass_bodies, introducers, outcomes):
    facts = CandidateFacts(born=born, mass_bodies=mass_bodies, introducers=introducers)
    assert [finding.outcome for finding in youth_union_introduces(facts, DAY, YouthUnion())] == outcomes
