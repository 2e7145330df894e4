"""What a published version finds does not change: the table is the proof."""

import json

import pytest

from tests.recruitment.rulebook.golden import TABLE, judged

CASES = json.loads(TABLE.read_text("utf-8"))


@pytest.mark.parametrize("version", ["0", "A", "C"])
@pytest.mark.parametrize("case", CASES, ids=lambda case: case["case"])
def test_golden(case, version):
    assert judged(case, version) == case["found"].get(version, case["found"].get("all"))
