"""Names in sentences: isolated where the language is written from right to left, and nowhere else."""

import pytest
from django.utils import translation

from foundation.words import apart, enumerated, isolated


@pytest.mark.parametrize(
    ("language", "one", "several"),
    [
        ("vi", "Chi bộ 2", "Phó bí thư, Chi bộ 2; Bí thư"),
        (
            "ar",
            "\u2068Chi bộ 2\u2069",
            "\u200f\u2067\u2068Phó bí thư\u2069، \u2068Chi bộ 2\u2069\u2069؛ \u2067\u2068Bí thư\u2069\u2069",
        ),
    ],
)
def test_names_keep_their_direction(language, one, several):
    with translation.override(language):
        assert isolated("Chi bộ 2") == one
        assert isolated("") == ""
        assert apart([enumerated(["Phó bí thư", "Chi bộ 2"]), enumerated(["Bí thư", ""])]) == several
