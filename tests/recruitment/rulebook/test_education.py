from datetime import date

import pytest

from recruitment.rulebook.facts import UNKNOWN, CandidateFacts, Education
from recruitment.rulebook.findings import BlocksUntilDone, Unjudged
from recruitment.rulebook.rules.education import EducationFloor, education_floor

FLOOR = EducationFloor(level="lower_secondary", diploma=False)
DIPLOMA = EducationFloor(level="lower_secondary", diploma=True)


@pytest.mark.parametrize(
    ("_case", "p", "education", "outcomes"),
    [
        ("below", FLOOR, Education(level="primary"), [BlocksUntilDone("education")]),
        ("known: none", FLOOR, None, [BlocksUntilDone("education")]),
        ("just enough", FLOOR, Education(level="lower_secondary", shown_by="programme"), []),
        ("no diploma", DIPLOMA, Education(level="lower_secondary", shown_by="programme"), [BlocksUntilDone("diploma")]),
        (
            "known: shown by nothing",
            DIPLOMA,
            Education(level="lower_secondary", shown_by=None),
            [BlocksUntilDone("diploma")],
        ),
        ("diploma", DIPLOMA, Education(level="lower_secondary", shown_by="diploma"), []),
        ("proof not known", DIPLOMA, Education(level="lower_secondary"), [Unjudged("education.shown_by")]),
        ("more than asked", DIPLOMA, Education(level="upper_secondary"), []),
        ("level not known", FLOOR, Education(), [Unjudged("education.level")]),
        ("not known", FLOOR, UNKNOWN, [Unjudged("education.level")]),
    ],
)
def test_education_floor(_case, p, education, outcomes):
    found = education_floor(CandidateFacts(education=education), date(2024, 10, 1), p)
    assert [finding.outcome for finding in found] == outcomes
