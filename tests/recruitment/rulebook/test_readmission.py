from datetime import date

import pytest

from recruitment.rulebook.facts import UNKNOWN, CandidateFacts, Membership
from recruitment.rulebook.findings import BlocksUntil, BlocksUntilDone, Never, Unjudged
from recruitment.rulebook.rules.readmission import ReadmissionWait, free_from, readmission_wait

LEFT = date(2021, 10, 15)
FREE = date(2024, 10, 15)


def left(**changes):
    return Membership(**{"admitted_on": date(2015, 5, 19), "ended_on": LEFT, "ended_as": "removed"} | changes)


def after_crime(cleared_on):
    return left(ended_as="expelled", cause="less_serious_crime", cleared_on=cleared_on)


@pytest.mark.parametrize(
    ("_case", "memberships", "day", "outcomes"),
    [
        ("never a member", (), FREE, []),
        ("36 months to the day", (left(),), FREE, []),
        ("a day early", (left(),), date(2024, 10, 14), [BlocksUntil(FREE)]),
        ("dropped out", (left(ended_as="dropped_out"),), FREE, [Never(LEFT)]),
        ("resigned", (left(ended_as="resigned"),), FREE, [Never(LEFT)]),
        ("resigned in hardship", (left(ended_as="resigned", hardship=True),), FREE, []),
        ("disunity", (left(ended_as="expelled", cause="disunity"),), FREE, [Never(LEFT)]),
        (
            "disunity, resigned in hardship",
            (left(ended_as="resigned", hardship=True, cause="disunity"),),
            FREE,
            [Never(LEFT)],
        ),
        ("corruption", (left(ended_as="expelled", cause="corruption"),), FREE, [Never(LEFT)]),
        ("crime, 60 months to the day", (after_crime(date(2019, 10, 15)),), FREE, []),
        ("crime, a day early", (after_crime(date(2019, 10, 16)),), FREE, [BlocksUntil(date(2024, 10, 16))]),
        ("crime, not cleared", (after_crime(None),), FREE, [BlocksUntilDone("record_cleared")]),
        ("crime, not recorded", (after_crime(UNKNOWN),), FREE, [Unjudged("memberships.cleared_on")]),
        ("a member still", (left(ended_on=None, ended_as=None),), FREE, [Never(date(2015, 5, 19))]),
        ("a member elsewhere", (left(ended_as="departed"),), FREE, [Never(date(2015, 5, 19))]),
        ("day not recorded", (left(ended_on=UNKNOWN),), FREE, [Unjudged("memberships.ended_on")]),
        ("kind not recorded", (left(ended_as=UNKNOWN),), FREE, [Unjudged("memberships.ended_as")]),
        ("twice already", (left(ended_on=date(2000, 1, 2)), left()), FREE, [Never(LEFT)]),
        ("not recorded", UNKNOWN, FREE, [Unjudged("memberships")]),
    ],
)
def test_readmission_wait(_case, memberships, day, outcomes):
    found = readmission_wait(CandidateFacts(memberships=memberships), day, ReadmissionWait())
    assert [finding.outcome for finding in found] == outcomes


@pytest.mark.parametrize(("membership", "day"), [(left(), FREE), (after_crime(date(2020, 1, 2)), date(2025, 1, 2))])
def test_the_first_free_day_is_determined(membership, day):
    [item] = free_from(CandidateFacts(memberships=(membership,)), FREE, ReadmissionWait())
    assert item.value == day
