from datetime import date

import pytest

from recruitment.rulebook.facts import UNKNOWN, CandidateFacts, Certificate
from recruitment.rulebook.findings import BlocksUntil, BlocksUntilDone, Unjudged
from recruitment.rulebook.rules.certificate import CertificateValidity, certificate_valid, valid_until

P = CertificateValidity(months=60)
HELD = (Certificate(issued_on=date(2019, 11, 20)),)
REPEATED = (*HELD, Certificate(issued_on=date(2024, 12, 5)))


@pytest.mark.parametrize(
    ("_case", "certificates", "day", "outcomes"),
    [
        ("on its day", HELD, date(2019, 11, 20), []),
        ("the last day", HELD, date(2024, 11, 19), []),
        ("run out", HELD, date(2024, 11, 20), [BlocksUntilDone("awareness_class")]),
        ("a day before its issue", HELD, date(2019, 11, 19), [BlocksUntil(date(2019, 11, 20))]),
        ("between two", REPEATED, date(2024, 12, 4), [BlocksUntil(date(2024, 12, 5))]),
        ("repeated", REPEATED, date(2024, 12, 5), []),
        ("none", (), date(2024, 1, 1), [BlocksUntilDone("awareness_class")]),
        (
            "of another class",
            (Certificate(issued_on=date(2023, 1, 2), kind="new_member"),),
            date(2024, 1, 1),
            [BlocksUntilDone("awareness_class")],
        ),
        ("not known", UNKNOWN, date(2024, 1, 1), [Unjudged("certificates")]),
        ("its day not known", (Certificate(),), date(2024, 1, 1), [Unjudged("certificates")]),
    ],
)
def test_certificate_valid(_case, certificates, day, outcomes):
    found = certificate_valid(CandidateFacts(certificates=certificates), day, P)
    assert [finding.outcome for finding in found] == outcomes


def test_the_first_day_without_is_determined():
    [item] = valid_until(CandidateFacts(certificates=REPEATED), date(2024, 11, 1), P)
    assert (item.what, item.value) == ("ends_on", date(2024, 11, 20))
