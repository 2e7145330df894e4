"""The fonts are cut to what is needed: no letter that is read is missing, and none is sent that no page asks for."""

import re
import unicodedata
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import pytest
from django.conf import settings
from fontTools.subset import parse_unicodes
from fontTools.ttLib import TTFont

ROOT = Path(settings.BASE_DIR)
SHEET = ROOT / "static" / "css" / "fonts.css"
RULE = re.compile(r'family: "([^"]+)"; font-weight: (\d+);.*?url\("([^"]+)"\).*?unicode-range: ([^;]+);', re.DOTALL)
WEIGHTS = ("400", "500", "600")
TONES = ("", "\u0300", "\u0301", "\u0303", "\u0309", "\u0323")
VIETNAMESE = {unicodedata.normalize("NFC", base + tone) for base in "aăâeêioôơuưyAĂÂEÊIOÔƠUƯY" for tone in TONES} | {
    *"đĐ"
}
ARABIC = {*"ءآأؤإئابةتثجحخدذرزسشصضطظعغفقكلمنهوىيـ٠١٢٣٤٥٦٧٨٩،؛؟\u064b\u064c\u064d\u064e\u064f\u0650\u0651\u0652\u0670"}
NOT_DRAWN = {"Cf", "Cc"}  # what isolates a name, and the end of a line


@dataclass(frozen=True)
class Face:
    family: str
    weight: str
    file: Path
    ranges: str

    @cached_property
    def asked(self):
        return {chr(code) for code in parse_unicodes(self.ranges.replace(" ", ""))}

    @cached_property
    def font(self):
        return TTFont(self.file)

    @cached_property
    def letters(self):
        return {chr(code) for code in self.font.getBestCmap()}


FACES = [Face(family, weight, SHEET.parent / file, r) for family, weight, file, r in RULE.findall(SHEET.read_text())]


def face(family, weight):
    return next(one for one in FACES if (one.family, one.weight) == (family, weight))


def test_faces_name_files_that_are_there_and_no_file_is_there_in_vain():
    files = (ROOT / "static" / "vendor" / "fonts").glob("*.woff2")
    assert sorted(one.file.resolve() for one in FACES) == sorted(files)
    assert len(FACES) == 12


@pytest.mark.parametrize("one", FACES, ids=lambda one: one.file.stem)
def test_no_letter_is_sent_that_no_page_asks_for(one):
    assert one.letters <= one.asked


@pytest.mark.parametrize("weight", WEIGHTS)
def test_every_letter_of_the_catalogues_and_of_names_is_drawn(weight):
    words = {letter for catalogue in (ROOT / "locale").rglob("*.po") for letter in catalogue.read_text()}
    read = words | {chr(code) for code in range(0x20, 0x7F)} | VIETNAMESE | ARABIC
    drawn = {letter for one in FACES if one.weight == weight for letter in one.letters & one.asked}
    assert {letter for letter in read - drawn if unicodedata.category(letter) not in NOT_DRAWN} == set()


@pytest.mark.parametrize("weight", WEIGHTS)
def test_a_vietnamese_word_is_set_in_one_face(weight):
    one = face("Be Vietnam Pro", weight)
    assert VIETNAMESE | {*"bcdghklmnpqrstvxBCDGHKLMNPQRSTVX .,–()"} <= one.letters & one.asked
    assert {"kern", "mark", "mkmk"} <= features(one.font)


@pytest.mark.parametrize("weight", WEIGHTS)
def test_arabic_letters_join_and_carry_their_marks(weight):
    font = face("IBM Plex Sans Arabic", weight).font
    assert {"init", "medi", "fina", "rlig", "ccmp", "mark", "mkmk"} <= features(font)
    lam, alef = (shapes(font, letter) for letter in "لا")
    assert any(first in lam and set(rest) & alef for first, rest in pairs(font))


def features(font):
    return {record.FeatureTag for table in ("GSUB", "GPOS") for record in font[table].table.FeatureList.FeatureRecord}


def shapes(font, letter):
    alone = font.getBestCmap()[ord(letter)]
    return {alone} | {table.mapping[alone] for table in substitutions(font, 1) if alone in table.mapping}


def pairs(font):
    return [
        (of, one.Component) for table in substitutions(font, 4) for of, ones in table.ligatures.items() for one in ones
    ]


def substitutions(font, kind):
    """1: another shape of a letter; 4: one sign for several letters."""
    found = [table for lookup in font["GSUB"].table.LookupList.Lookup for table in lookup.SubTable]
    return [table for table in (getattr(one, "ExtSubTable", one) for one in found) if table.LookupType == kind]
