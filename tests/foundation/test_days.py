import re
from datetime import date

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from foundation.days import FIRST_YEAR, LAST_YEAR, format_day, parse_day, parse_month, western_digits
from tests.hostile import HOSTILE

DAYS = st.dates(date(FIRST_YEAR, 1, 1), date(LAST_YEAR, 12, 31))
ARABIC_INDIC = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")
PERSIAN = str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹")
FULL_WIDTH = str.maketrans("0123456789", "０１２３４５６７８９")


@pytest.mark.parametrize(
    "typed",
    [
        "5/3/2025",
        "05/03/2025",
        "5-3-2025",
        "05.03.2025",
        " 5 / 3 / 2025 ",
        "2025-03-05",
        "٠٥/٠٣/٢٠٢٥",
        "۵.۳.۲۰۲۵",
        "５/３/２０２５",
        "\u200f٥/٣/٢٠٢٥\u200e",
    ],
)
def test_one_day_written_in_many_ways(typed):
    assert parse_day(typed) == date(2025, 3, 5)


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("5/3/25", "four digits"),
        ("31/02/2025", "There is no such day: 31/2/2025."),
        ("29/2/2025", "no such day"),
        ("2025-02-30", "no such day"),
        ("0/1/2025", "no such day"),
        ("5/13/2025", "no such month: 13"),
        ("5/0/2025", "no such month: 0"),
        ("31/12/1899", "1900 to 2200"),
        ("1/1/2201", "1900 to 2200"),
        ("0000-00-00", "1900 to 2200"),
        ("9999-12-31", "1900 to 2200"),
        ("5/3/20255", "1900 to 2200"),
        ("5/3/202", "1900 to 2200"),
        ("2025/03/05", "day/month/year"),
        ("30.02.", "day/month/year"),
        ("today", "day/month/year"),
        ("45000", "day/month/year"),
        ("5/3/2025 08:00", "day/month/year"),
        ("", "day/month/year"),
        ("²/3/2025", "day/month/year"),
        ("5/3/" + "9" * 1000, "day/month/year"),
    ],
)
def test_what_is_no_day_is_refused_with_a_sentence(typed, sentence):
    with pytest.raises(ValueError, match=re.escape(sentence)):
        parse_day(typed)


@pytest.mark.parametrize(("typed", "first"), [("1/1/1900", date(1900, 1, 1)), ("31/12/2200", date(2200, 12, 31))])
def test_the_first_and_the_last_day(typed, first):
    assert parse_day(typed) == first


@given(DAYS)
def test_a_day_written_by_the_program_is_read_back(day):
    assert parse_day(format_day(day)) == day
    assert parse_day(day.isoformat()) == day
    for digits in (ARABIC_INDIC, PERSIAN, FULL_WIDTH):
        assert parse_day(format_day(day).translate(digits)) == day


def sentence_for(parse, text):
    try:
        parse(text)
    except ValueError as refused:
        return str(refused)
    return "It is one."


@given(st.text(max_size=60))
@example("1" * 39 + "/")
def test_any_other_text_gets_a_sentence_of_ours(text):
    for parse in (parse_day, parse_month):
        sentence = sentence_for(parse, text)
        assert sentence.endswith(".")
        assert "invalid literal" not in sentence


def test_hostile_days_get_a_sentence():
    for value in HOSTILE:
        assert sentence_for(parse_day, value) != "It is one."
        assert sentence_for(parse_day, value).endswith(".")
        assert sentence_for(parse_month, value).endswith(".")


@pytest.mark.parametrize(
    ("typed", "year_and_month"),
    [
        ("03/2025", (2025, 3)),
        ("3-2025", (2025, 3)),
        ("3.2025", (2025, 3)),
        ("2025-03", (2025, 3)),
        ("٠٣/٢٠٢٥", (2025, 3)),
        ("2025", (2025, None)),
        ("۲۰۲۵", (2025, None)),
    ],
)
def test_parse_month(typed, year_and_month):
    assert parse_month(typed) == year_and_month


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("13/2025", "no such month: 13"),
        ("00/2025", "no such month: 0"),
        ("3/25", "four digits"),
        ("25", "four digits"),
        ("1899", "1900 to 2200"),
        ("12/2201", "1900 to 2200"),
        ("2025/3", "month/year"),
        ("March 2025", "month/year"),
        ("", "month/year"),
    ],
)
def test_what_is_no_month_is_refused_with_a_sentence(typed, sentence):
    with pytest.raises(ValueError, match=re.escape(sentence)):
        parse_month(typed)


def test_western_digits_leave_the_rest_alone():
    assert western_digits("QY٤٤ – ۱۲ Ánh") == "QY44 – 12 Ánh"
