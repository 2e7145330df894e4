import itertools
import random
import re
import unicodedata

import pytest
from django.contrib.contenttypes.models import ContentType
from hypothesis import given
from hypothesis import strategies as st

from foundation.names import SORT_KEY_LENGTH, clean, exact_first, initials, search_key, sort_key, text_key
from tests.hostile import HOSTILE

HALVES = re.compile("[\0\ud800-\udfff]")  # what no database keeps
TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=100)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("Trần Thị Ánh", "Trần Thị Ánh"),
        (unicodedata.normalize("NFD", "Trần Thị Ánh"), "Trần Thị Ánh"),
        ("  Trần\t Thị \n\u00a0Ánh\u3000", "Trần Thị Ánh"),
        ("\u202eTrần\u202c \u2066Ánh\u2069\u200f\ufeff", "Trần Ánh"),
        ("Trần\x07 Á\u200bnh\x7f", "Trần Ánh"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("\u202e \u200e", ""),
        ("", ""),
    ],
)
def test_clean(typed, kept):
    assert clean(typed) == kept


@pytest.mark.parametrize("typed", ["\0", "Trần\0Ánh", "\ud800", "An \udfff"])
def test_what_no_database_keeps_is_refused(typed):
    with pytest.raises(ValueError, match="cannot be saved"):
        clean(typed)


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("Đỗ Thị Ánh", "do thi anh"),
        (unicodedata.normalize("NFD", "ĐỖ THỊ ÁNH"), "do thi anh"),
        ("Ðặng Văn Ðức", "dang van duc"),  # Ð of other alphabets, as old keyboards wrote it
        ("  Nguyễn   Ước ", "nguyen uoc"),
        ("STRAẞE", "straße"),
        ("İzmir", "izmir"),
        ("ﬃ", "ﬃ"),
        ("مُحَمَّد", "محمد"),
        ("H'Hen Niê", "h'hen nie"),
        ("Chi bộ ٢, khu ۱۰", "chi bo 2, khu 10"),
        ("", ""),
    ],
)
def test_search_key(text, key):
    assert search_key(text) == key


@given(TEXTS)
def test_clean_and_search_key_are_stable(text):
    assert clean(clean(text)) == clean(text)
    assert search_key(search_key(text)) == search_key(text)
    assert search_key(clean(text).upper()) == search_key(search_key(clean(text).upper()))
    assert len(search_key(text)) <= len(unicodedata.normalize("NFC", text))


@pytest.mark.parametrize(
    "ascending",
    [
        # letters in their order, as given names
        [f"Lê {letter}" for letter in "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"],
        # tones in their order, on each vowel
        *[[f"Lê B{vowel}n" for vowel in vowels.split()] for vowels in ("a à ả ã á ạ", "ư ừ ử ữ ứ ự", "ê ề ể ễ ế ệ")],
        # letters before tones
        ["Lê An", "Lê Ấn", "Lê Bá", "Lê Bam"],
        ["Lê Má", "Lê Mạ", "Lê Mai"],
        # the given name with its tone before the family name; the family name before the middle name
        ["Vũ Văn Hà", "Bùi Thị Hạ", "Vũ Văn Hạ"],
        ["An", "Lê An", "Lê Văn An", "Nguyên Văn An", "Nguyễn An", "Nguyễn Bá An", "Bùi Anh"],
        # digits by value, before letters; other alphabets last
        ["Cell 1", "Cell 10", "Cell 2", "Cell a", "Cell z", "Cell я", "Cell م"],
    ],
)
def test_sort_key_order(ascending):
    assert sorted(random.Random(7).sample(ascending, len(ascending)), key=sort_key) == ascending
    assert len({sort_key(name) for name in ascending}) == len(ascending)


@pytest.mark.parametrize(
    ("name", "same"),
    [
        ("Lê Hòa", "Lê Hoà"),  # two ways to place the tone
        ("LÊ HÒA", "lê hòa"),
        ("Lê Hòa", unicodedata.normalize("NFD", "Lê Hòa")),
        ("H'Hen Niê", "H’Hen  Niê"),
        ("Ðặng An", "Đặng An"),
        ("Lê An", "Lê An -"),
        ("-", ""),
    ],
)
def test_the_same_name_has_the_same_sort_key(name, same):
    assert sort_key(name) == sort_key(same)


@given(TEXTS)
def test_sort_keys_are_made_of_digits_and_capitals(name):
    assert set(sort_key(name)) <= set("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    assert len(sort_key(name)) <= SORT_KEY_LENGTH
    assert sort_key(name) == sort_key(unicodedata.normalize("NFD", name))


VIETNAMESE = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
MARKS = "\u0300\u0309\u0303\u0301\u0323"
WORDS = st.lists(st.tuples(st.sampled_from(VIETNAMESE), st.sampled_from(["", *MARKS])), min_size=1, max_size=6)


def by_the_book(words):
    """Given name first; of each word the letters, then the tones, both by their place in the alphabet."""
    ordered = words[-1:] + words[:-1]
    return [
        ([VIETNAMESE.index(letter) for letter, _ in word], [MARKS.index(mark) + 1 for _, mark in word if mark])
        for word in ordered
    ]


def written(words):
    return " ".join("".join(letter + mark for letter, mark in word) for word in words)


@given(st.lists(WORDS, min_size=1, max_size=4), st.lists(WORDS, min_size=1, max_size=4))
def test_sort_key_orders_as_the_alphabet_does(left, right):
    assert (sort_key(written(left)) < sort_key(written(right))) == (by_the_book(left) < by_the_book(right))
    assert (sort_key(written(left)) == sort_key(written(right))) == (by_the_book(left) == by_the_book(right))


def test_no_letter_key_begins_another():
    keys = [sort_key(letter)[:-2] for letter in [*VIETNAMESE, *"0123456789ямþ漢"]]
    assert not [(a, b) for a, b in itertools.permutations(keys, 2) if a != b and b.startswith(a)]


@pytest.mark.django_db
def test_the_database_sorts_keys_as_python_does():
    names = ["Lê An", "Lê Anh", "Lê Ẩn", "Đỗ Hạ", "Đỗ Hà", "Cell 2", "Cell 10", "محمد علي", "Bùi Ước", "Bùi Uyên"]
    keys = [sort_key(name) for name in names]
    ContentType.objects.bulk_create(ContentType(app_label="names", model=key) for key in keys)
    stored = ContentType.objects.filter(app_label="names").order_by("model")
    assert list(stored.values_list("model", flat=True)) == sorted(keys)


def test_exact_marks_come_first():
    names = ["Lê Anh", "Lê Ánh", "Trần Ánh", "Lê Ảnh"]
    assert exact_first("ánh", names) == ["Lê Ánh", "Trần Ánh", "Lê Anh", "Lê Ảnh"]
    assert exact_first("ÁNH lê", names)[0] == "Lê Ánh"
    assert exact_first("anh", [{"n": "Ánh"}, {"n": "Anh"}], text=lambda row: row["n"]) == [{"n": "Anh"}, {"n": "Ánh"}]


@pytest.mark.parametrize(
    ("name", "letters"),
    [("Trần Thị Ánh", "TÁ"), ("đức", "Đ"), ("H'Hen Niê", "HN"), ("(Lê) An", "LA"), ("-", ""), ("", "")],
)
def test_initials(name, letters):
    assert initials(name) == letters


@pytest.mark.parametrize("value", [value for value in HOSTILE if HALVES.search(value)])
def test_hostile_names_no_database_keeps_are_refused(value):
    with pytest.raises(ValueError, match="cannot be saved"):
        clean(value)


def test_other_hostile_names_are_cleaned_and_have_keys():
    for value in HOSTILE:
        if HALVES.search(value):
            continue
        name = clean(value)
        assert clean(name) == name
        assert unicodedata.is_normalized("NFC", name)
        assert not re.search("[\x00-\x1f\u202a-\u202e\u2066-\u2069]", name)
        assert len(sort_key(name)) <= SORT_KEY_LENGTH
        assert search_key(search_key(name)) == search_key(name)
        assert len(initials(name)) <= 6


def test_words_are_ordered_from_the_first_by_the_vietnamese_alphabet():
    words = ["Ăn ở", "Cần giấy", "Ảnh", "Đủ hai phần ba", "Dưới 18 tuổi", "Án tích", "Cấp trên đồng ý"]
    ordered = ["Án tích", "Ảnh", "Ăn ở", "Cần giấy", "Cấp trên đồng ý", "Dưới 18 tuổi", "Đủ hai phần ba"]
    assert sorted(words, key=text_key) == ordered
