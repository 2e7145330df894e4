"""Names as people write them, as they search for them, and as they order them. Pure functions of text."""

import unicodedata
from collections.abc import Callable, Iterable
from typing import TypeVar

from django.utils.translation import gettext_lazy as _

from foundation.numbers import western_digits

SORT_KEY_LENGTH = 400  # characters

T = TypeVar("T")

_JOINERS = "\u200c\u200d"  # format characters that Persian and Indic writing needs
_LETTERS = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"  # Vietnamese order, with f, j, w, z in their Latin places
_DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
# "0" ends a word, "1" begins a digit, "2" to "Y" are the letters, "Z" begins any other letter.
_LETTER_CODES = dict(zip(_LETTERS, _DIGITS[2:-1], strict=True))
_SHAPES = {"\u0302": {"a": "â", "e": "ê", "o": "ô"}, "\u0306": {"a": "ă"}, "\u031b": {"o": "ơ", "u": "ư"}}
_TONES = {"\u0300": "1", "\u0309": "2", "\u0303": "3", "\u0301": "4", "\u0323": "5"}  # huyền, hỏi, ngã, sắc, nặng
_STROKED = str.maketrans("ðɖ", "đđ")  # other letters that look like đ in capitals: Ð, Ɖ


def composed(text: str) -> str:
    """The text in NFC, otherwise as it was typed, lines and all. ValueError, worded for the person, as `clean`."""
    _refuse_unstorable(text)
    return unicodedata.normalize("NFC", text.replace("\r\n", "\n"))


def clean(text: str) -> str:
    """The text in NFC, single spaces, without control characters and direction marks. Repeating it changes nothing.

    ValueError, worded for the person, where it holds NUL or half a character (a lone surrogate): databases refuse them.
    """
    _refuse_unstorable(text)
    spaced = " ".join(text.split())
    kept = "".join(character for character in spaced if not _is_invisible(character))
    return " ".join(unicodedata.normalize("NFC", kept).split())


def search_key(text: str) -> str:
    """The text as it is searched: lower case, no marks, đ as d, digits 0 to 9, single spaces.

    Repeating it changes nothing. A key is never longer than its text in NFC, so a column that holds the one holds the
    other.
    """
    folded = _without_marks(_folded(_without_marks(western_digits(text)))).translate(_STROKED).replace("đ", "d")
    return " ".join(unicodedata.normalize("NFC", folded).split())


def sort_key(full_name: str) -> str:
    """A key whose plain order is the Vietnamese one: given name, then family and middle names; word for word.

    Within a word the letters decide first (a ă â b c d đ e ê …), then the tones (ngang, huyền, hỏi, ngã, sắc, nặng).
    The key is made of 0-9 and A-Z and sorts alike under C and language collations; at most SORT_KEY_LENGTH characters.
    Two names may share a key (they differ in punctuation, or in where a tone is written): order by row number then.
    """
    words = _word_keys(full_name)
    return "".join(words[-1:] + words[:-1])[:SORT_KEY_LENGTH]


def text_key(text: str) -> str:
    """As `sort_key`, word for word from the first: for words that are no person's name."""
    return "".join(_word_keys(text))


def exact_first(query: str, items: Iterable[T], text: Callable[[T], str] = str) -> list[T]:
    """Those items first whose text has each word of the query as typed, marks included; else in the order given."""
    words = unicodedata.normalize("NFC", query).casefold().split()

    def differs(item: T) -> bool:
        found = unicodedata.normalize("NFC", text(item)).casefold()
        return not all(word in found for word in words)

    return sorted(items, key=differs)


def initials(full_name: str) -> str:
    """First letters of family and given name, in capitals: "Trần Thị Ánh" gives "TÁ". Empty without a letter."""
    letters = [first.upper() for word in clean(full_name).split() if (first := _first_letter(word))]
    return "".join(letters[:1] + letters[1:][-1:])


def _refuse_unstorable(text: str) -> None:
    if "\0" in text or any("\ud800" <= character <= "\udfff" for character in text):
        raise ValueError(_("The text contains characters that cannot be saved. Type it again instead of pasting it."))


def _lower_words(text: str) -> list[str]:
    """The words of the text, in lower case and with each mark as a character of its own."""
    return unicodedata.normalize("NFD", text.casefold()).translate(_STROKED).split()


def _is_invisible(character: str) -> bool:
    return unicodedata.category(character) in ("Cc", "Cf") and character not in _JOINERS


def _folded(text: str) -> str:
    """Case-folded, sign by sign: ß and ligatures stay one sign."""
    return "".join(folded if len(folded := c.casefold()) == 1 else c.lower() for c in text)


def _without_marks(text: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.category(c).startswith("M"))


def _first_letter(word: str) -> str:
    return next((character for character in word if character.isalnum()), "")


def _word_keys(text: str) -> list[str]:
    return [key for word in _lower_words(text) if (key := _word_key(word))]


def _word_key(word: str) -> str:
    """Letters, an end, tones, an end; empty for a word without letters and digits."""
    letters, tones = _letters_and_tones(word)
    return "".join(map(_letter_key, letters)) + "0" + "".join(tones) + "0" if letters else ""


def _letters_and_tones(word: str) -> tuple[list[str], list[str]]:
    letters: list[str] = []
    tones: list[str] = []
    for character in word:
        if character.isalnum():
            letters.append(character)
        elif character in _TONES:
            tones.append(_TONES[character])
        elif letters and character in _SHAPES:
            letters[-1] = _SHAPES[character].get(letters[-1], letters[-1])
    return letters, tones


def _letter_key(letter: str) -> str:
    """One character for a letter of the alphabet, two for a digit, five for any other: none begins another."""
    if letter in _LETTER_CODES:
        return _LETTER_CODES[letter]
    if (digit := unicodedata.digit(letter, None)) is not None:
        return f"1{digit}"
    key, rest = "", ord(letter)
    for _place in range(4):
        rest, place = divmod(rest, len(_DIGITS))
        key = _DIGITS[place] + key
    return f"Z{key}"
