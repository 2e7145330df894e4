"""Numbers as people type and read them: any digits, the reader's grouping; texts stay as they were typed."""

import unicodedata

import pytest
from django import forms
from django.template import Context, Template
from django.utils import translation
from django.utils.formats import date_format, number_format

from foundation.days import parse_day
from foundation.numbers import format_number, parse_number
from foundation.web import CodeField, DayField, NameField, NumberField, NumericField, TextField


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("0", 0),
        ("25", 25),
        (" 1200 ", 1200),
        ("1.200", 1200),
        ("1,200", 1200),
        ("1 200", 1200),
        ("1\u00a0200", 1200),
        ("1.234.567", 1234567),
        ("١٢٠٠", 1200),
        ("١٬٢٠٠", 1200),
        ("۱۲۰۰", 1200),  # Persian
        ("\u200f٢٥\u200f", 25),
        ("１２", 12),  # full width
    ],
)
def test_a_number_is_read_in_any_digits_and_grouping(typed, number):
    assert parse_number(typed) == number


@pytest.mark.parametrize("typed", ["", "x", "1.5", "1,20", "1.20.300", "1.200,5", "-3", "1,200.300", "12 3", "9" * 101])
def test_what_is_no_whole_number_is_refused(typed):
    with pytest.raises(ValueError, match="whole number"):
        parse_number(typed)


@pytest.mark.parametrize(
    ("language", "whole", "part"),
    [("en", "1,234,567", "1,234.5"), ("vi", "1.234.567", "1.234,5"), ("ar", "1,234,567", "1,234.5")],
)
def test_numbers_are_written_as_the_reader_writes_them(language, whole, part):
    with translation.override(language):
        assert format_number(1234567) == whole
        assert number_format(1234.5, force_grouping=True) == part
        assert Template("{% load ui %}{{ n|number }}").render(Context({"n": 1234567})) == whole


@pytest.mark.parametrize(("value", "shown"), [(None, "–"), ("", "–"), (0, "0"), (6280, "6,280")])
def test_what_is_not_known_is_a_dash(value, shown):
    assert format_number(value) == shown


@pytest.mark.parametrize("language", ["en", "vi", "ar"])
def test_dates_have_the_day_first_in_every_language(language):
    day = parse_day("2/3/2024")
    with translation.override(language):
        assert {date_format(day, name) for name in ("DATE_FORMAT", "SHORT_DATE_FORMAT")} == {"02/03/2024"}
        assert forms.DateField().clean("02/03/2024") == day


class Form(forms.Form):
    number = NumberField(min_value=1, max_value=9999)
    day = DayField()
    name = NameField(max_length=100)
    phone = NumericField(max_length=30)
    code = CodeField(max_length=30)
    text = TextField(max_length=1000, widget=forms.Textarea)


TYPED = {
    "number": "١٢", "day": "٣١/١٢/٢٠٢٤", "name": "H'Hen  NIÊ", "phone": "٠٢٠٣ ٥٥٥ ٠١٤٢", "code": "QY-٤٤",
    "text": "Một  dòng\r\n  thụt vào: “Đ”",
}  # fmt: skip


def test_fields_take_arabic_digits_and_keep_what_was_typed():
    form = Form({name: unicodedata.normalize("NFD", text) for name, text in TYPED.items()})
    assert form.is_valid(), form.errors
    assert form.cleaned_data == {
        "number": 12, "day": parse_day("31/12/2024"), "name": "H'Hen NIÊ", "phone": "0203 555 0142", "code": "QY-44",
        "text": "Một  dòng\n  thụt vào: “Đ”",
    }  # fmt: skip
    assert unicodedata.is_normalized("NFC", form.cleaned_data["text"])


@pytest.mark.parametrize(
    ("name", "typed", "words"),
    [
        ("number", "một", "whole number"),
        ("number", "0", "greater than or equal to 1"),
        ("number", "10.000", "less than or equal to 9999"),
        ("code", "a b", "Letters, digits"),
        ("text", "a\0", "cannot be saved"),
    ],
)
def test_fields_say_what_is_wrong(name, typed, words):
    assert words in str(Form({**TYPED, name: typed}).errors[name])


def test_a_number_is_typed_into_a_text_field():
    assert 'type="text"' in str(Form()["number"])
    assert 'inputmode="numeric"' in str(Form()["number"])
    assert not NumberField().has_changed(12, "١٢")
