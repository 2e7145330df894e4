"""The three templates: columns, the headings they go by, and how a cell is read."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from django.conf import settings
from django.db.models import TextChoices
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from foundation import names
from foundation.days import parse_day, parse_month
from foundation.numbers import parse_number, western_digits
from membership.models import (
    Education,
    Kind,
    OccupationKind,
    Ownership,
    Professional,
    Sector,
    Sex,
    Template,
    Tier,
    WorkplaceKind,
)

Reader = Callable[[str], Any]  # raises ValueError with the sentence


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its name with us, its heading, other headings it goes by, and how its cells are read."""

    name: str
    heading: Any
    also: Sequence[str]
    read: Reader
    required: bool = False
    examples: Sequence[str] = ()  # one a row of the template


def text(longest: int) -> Reader:
    """Text up to that many characters."""

    def read(cell: str) -> str:
        cleaned = names.clean(cell)
        if len(cleaned) > longest:
            raise ValueError(_("Longer than %(longest)s characters.") % {"longest": longest})
        return cleaned

    return read


def person_name(cell: str) -> str:
    """The name of a person: at least two words, of letters."""
    name = text(100)(cell)
    if any(c.isdecimal() for c in name):
        raise ValueError(_("A name has no digits: “%(cell)s”.") % {"cell": name})
    if len(name.split()) < 2:
        raise ValueError(_("“%(cell)s” is only a part of a name.") % {"cell": name})
    return name


def phone(cell: str) -> str:
    """A telephone number: 3 to 15 digits, in groups as people like."""
    cleaned = text(30)(western_digits(cell))
    digits = [c for c in cleaned if c.isdecimal()]
    if not 3 <= len(digits) <= 15 or not all(c.isdecimal() or c in "+ .-/()" for c in cleaned):
        raise ValueError(_("“%(cell)s” is no telephone number.") % {"cell": cleaned})
    return cleaned


def code(cell: str) -> str:
    """A code: letters, digits, dots, hyphens, at most 30."""
    cleaned = names.clean(cell)
    if len(cleaned) > 30:
        raise ValueError(_("A code has at most 30 characters."))
    if not all(c.isalnum() or c in "-._/" for c in cleaned):
        raise ValueError(_("A code has only letters, digits, dots and hyphens, not “%(cell)s”.") % {"cell": cleaned})
    return cleaned


def one_of(choices: type[TextChoices], words: dict[str, str]) -> Reader:
    """A choice by its value, its label in any language of the office or a word people use, marks and case aside."""
    known = {names.search_key(word): value for word, value in words.items()}
    known |= {names.search_key(value): value for value in choices.values}

    def read(cell: str) -> str:
        key = names.search_key(cell)
        if (value := known.get(key) or _labels(choices).get(key)) is None:
            raise ValueError(_("“%(cell)s” is none of: %(words)s.") % {"cell": cell[:40], "words": _(", ").join(words)})
        return value

    return read


@cache
def _labels(choices: type[TextChoices]) -> dict[str, str]:
    found: dict[str, str] = {}
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            found |= {names.search_key(str(label)): value for value, label in choices.choices}
    return found


def birth(cell: str) -> tuple[date, str]:
    """A birth day, or its month and year, or its year: (first day, precision)."""
    parts = [part for part in western_digits(cell[:100]).replace("-", "/").replace(".", "/").split("/") if part.strip()]
    if len(parts) >= 3:
        return parse_day(cell), "day"
    year, month = parse_month(cell)
    return date(year, month or 1, 1), "month" if month else "year"


def identity(cell: str) -> str:
    """12 digits."""
    digits = western_digits(cell[:100]).replace(" ", "").replace(".", "")
    if not (digits.isascii() and digits.isdigit()):
        raise ValueError(_("An identity number has digits only."))
    if len(digits) != 12:
        raise ValueError(_("An identity number has 12 digits; this one has %(number)s.") % {"number": len(digits)})
    return digits


def number(cell: str) -> int:
    """A whole number from 0 to 10 million."""
    try:
        found = parse_number(cell[:100])
    except ValueError:
        raise ValueError(_("“%(cell)s” is not a whole number.") % {"cell": cell[:40]}) from None
    if found > 10_000_000:
        raise ValueError(_("A number here goes up to 10 million."))
    return found


_SEX = one_of(Sex, {"nam": Sex.MALE, "nữ": Sex.FEMALE})
_KIND = one_of(
    Kind,
    {
        "chi bộ": Kind.CELL,
        "đảng bộ": Kind.COMMITTEE,
        "chi bộ cơ sở": Kind.CELL,
        "chi bộ trực thuộc": Kind.CELL,
        "đảng bộ cơ sở": Kind.COMMITTEE,
        "đảng bộ bộ phận": Kind.COMMITTEE,
    },
)
_SECTOR = one_of(
    Sector,
    {
        "phường": Sector.WARD,
        "xã": Sector.COMMUNE,
        "cơ quan": Sector.AGENCY,
        "lực lượng vũ trang": Sector.ARMED_FORCES,
        "doanh nghiệp nhà nước": Sector.STATE_ENTERPRISE,
        "doanh nghiệp ngoài nhà nước": Sector.NON_STATE_ENTERPRISES,
        "cao đẳng": Sector.COLLEGE,
        "trường học": Sector.SCHOOL,
        "giáo dục thường xuyên": Sector.CONTINUING_EDUCATION,
        "y tế": Sector.HEALTH,
        "khu dân cư": Sector.RESIDENTIAL,
        "cấp ủy": Sector.COMMITTEE,
    },
)
_TIER = one_of(
    Tier,
    {
        "tỉnh": Tier.PROVINCIAL,
        "trên cơ sở": Tier.SUPERIOR,
        "cơ sở": Tier.GRASSROOTS,
        "bộ phận": Tier.SUB_COMMITTEE,
        "trực thuộc": Tier.SUBORDINATE_CELL,
    },
)
_EDUCATION = one_of(
    Education,
    {
        "biết chữ": Education.NONE,
        "tiểu học": Education.PRIMARY,
        "THCS": Education.LOWER_SECONDARY,
        "THPT": Education.UPPER_SECONDARY,
        "12/12": Education.UPPER_SECONDARY,
    },
)
_PROFESSIONAL = one_of(
    Professional,
    {
        "sơ cấp": Professional.ELEMENTARY,
        "trung cấp": Professional.INTERMEDIATE,
        "cao đẳng": Professional.COLLEGE,
        "đại học": Professional.UNIVERSITY,
        "thạc sĩ": Professional.MASTER,
        "tiến sĩ": Professional.DOCTOR,
    },
)
_OCCUPATION = one_of(
    OccupationKind,
    {
        "học sinh": OccupationKind.STUDENT,
        "sinh viên": OccupationKind.STUDENT,
        "giáo viên": OccupationKind.TEACHER,
        "công nhân": OccupationKind.WORKER,
        "nhân viên": OccupationKind.CLERICAL,
        "quản lý": OccupationKind.MANAGER,
        "nông dân": OccupationKind.FARMER,
        "ngư dân": OccupationKind.FISHER,
        "y tế": OccupationKind.HEALTH,
        "công an": OccupationKind.POLICE,
        "bộ đội": OccupationKind.MILITARY,
        "công chức": OccupationKind.CIVIL_SERVANT,
        "hưu trí": OccupationKind.RETIRED,
        "khác": OccupationKind.OTHER,
    },
)
_OWNERSHIP = one_of(
    Ownership, {"nhà nước": Ownership.STATE, "tư nhân": Ownership.PRIVATE, "vốn nước ngoài": Ownership.FOREIGN}
)
_WORKPLACE = one_of(
    WorkplaceKind,
    {
        "doanh nghiệp": WorkplaceKind.ENTERPRISE,
        "trường": WorkplaceKind.SCHOOL,
        "cơ quan": WorkplaceKind.AGENCY,
        "hợp tác xã": WorkplaceKind.COOPERATIVE,
        "đội tàu": WorkplaceKind.FISHING_FLEET,
    },
)

TEMPLATES: dict[str, list[Column]] = {
    Template.UNITS: [
        Column("code", _("Code"), ["mã", "ma to chuc"], code, True, ("QY", "QY01", "QY01-01")),
        Column(
            "name", _("Name"), ["tên", "tên tổ chức"], text(200), True,
            ("Đảng bộ thị xã Quảng Yên", "Đảng bộ phường Quảng Yên", "Chi bộ khu phố 1"),
        ),
        Column(
            "kind", _("Cell or committee"), ["loại", "kind", "النوع", "loại hình"], _KIND, True,
            ("đảng bộ", "đảng bộ", "chi bộ"),
        ),
        Column("parent", _("Code of the unit above"), ["mã cấp trên", "trực thuộc"], code, False, ("", "QY", "QY01")),
        Column("tier", _("Tier"), ["cấp"], _TIER, False, ("trên cơ sở", "cơ sở", "trực thuộc")),
        Column("sector", _("Sector"), ["lĩnh vực", "khối"], _SECTOR, False, ("cấp ủy", "phường", "khu dân cư")),
        Column("founded_on", _("Founded on"), ["ngày thành lập"], parse_day, False, ("01/01/2012",) * 3),
        Column(
            "phone", _("Telephone"), ["điện thoại"], phone, False,
            ("0203 555 0100", "0203 555 0101", "0203 555 0111"),
        ),
        Column(
            "secretary", _("Secretary"), ["bí thư"], person_name, False,
            ("Nguyễn Văn Bình", "Trần Thị Hoa", "Lê Thị Đào"),
        ),
        Column("secretary_sex", _("Secretary’s sex"), ["giới tính bí thư"], _SEX, False, ("nam", "nữ", "nữ")),
        Column(
            "secretary_born", _("Secretary born on"), ["ngày sinh bí thư"], birth, False,
            ("20/11/1968", "15/04/1975", "08/03/1980"),
        ),
        Column("secretary_phone", _("Secretary’s telephone"), ["điện thoại bí thư"], phone),
    ],
    Template.MEMBERS: [
        Column("cell", _("Code of the cell"), ["mã chi bộ", "chi bộ"], code, True, ("QY01-01",)),
        Column(
            "full_name", _("Full name"), ["họ và tên", "họ tên", "tên", "name", "الاسم"], person_name, True,
            ("Nguyễn Văn Ân",),
        ),
        Column("sex", _("Sex"), ["giới tính"], _SEX, True, ("nam",)),
        Column("born", _("Born on"), ["ngày sinh", "sinh ngày"], birth, True, ("02/09/1980",)),
        Column("admitted_on", _("Admitted on"), ["ngày vào đảng", "ngày kết nạp"], parse_day, True, ("19/05/2005",)),
        Column("recognised_on", _("Recognised on"), ["ngày chính thức"], parse_day, False, ("19/05/2006",)),
        Column("placed_on", _("In this cell since"), ["sinh hoạt tại chi bộ từ"], parse_day, False, ("01/01/2012",)),
        Column("card_number", _("Party card"), ["số thẻ", "số thẻ đảng"], text(20), False, ("12.345678",)),
        Column("identity_number", _("Identity card"), ["cccd", "căn cước", "số cccd"], identity, False),
        Column("home_town", _("Home town"), ["quê quán"], text(200), False, ("Quảng Yên, Quảng Ninh",)),
        Column("residence", _("Residence"), ["nơi ở", "thường trú"], text(200)),
        Column("ethnicity", _("Ethnicity"), ["dân tộc"], text(40), False, ("Kinh",)),
        Column("religion", _("Religion"), ["tôn giáo"], text(60), False, ("không",)),
        Column("education", _("General education"), ["học vấn", "trình độ học vấn"], _EDUCATION, False, ("THPT",)),
        Column(
            "professional", _("Professional level"), ["chuyên môn", "trình độ chuyên môn"], _PROFESSIONAL, False,
            ("đại học",),
        ),
        Column("occupation", _("Occupation"), ["nghề nghiệp"], _OCCUPATION, False, ("công nhân",)),
        Column("workplace", _("Code of the workplace"), ["mã nơi làm việc"], code, False, ("DN1",)),
        Column("awareness_on", _("Awareness certificate of"), ["ngày giấy chứng nhận"], parse_day),
        Column("awareness_number", _("Awareness certificate no."), ["số giấy chứng nhận"], text(40)),
        Column("phone", _("Telephone"), ["điện thoại"], phone, False, ("0903 555 012",)),
    ],
    Template.WORKPLACES: [
        Column("code", _("Code"), ["mã"], code, True, ("DN1",)),
        Column("name", _("Name"), ["tên"], text(200), True, ("Công ty CP Sao Mai",)),
        Column("kind", _("Kind"), ["loại", "loại hình"], _WORKPLACE, True, ("doanh nghiệp",)),
        Column("ownership", _("Ownership"), ["sở hữu", "hình thức sở hữu"], _OWNERSHIP, True, ("tư nhân",)),
        Column("locality", _("Code of the ward or commune"), ["mã địa bàn", "địa bàn"], code, True, ("QY01",)),
        Column("workers", _("Workers"), ["số lao động"], number, False, ("120",)),
        Column("zone", _("Zone"), ["khu công nghiệp"], text(100)),
        Column("covered_by", _("Code of its party unit"), ["mã tổ chức đảng"], code, False, ("QY01-01",)),
        Column("covered_since", _("Party unit since"), ["có tổ chức đảng từ"], parse_day, False, ("01/01/2015",)),
    ],
}  # fmt: skip


def examples(template: str) -> list[list[str]]:
    """The example rows of the template: three units, a workplace, a member; they go together."""
    columns = TEMPLATES[template]
    return [
        [column.examples[row] if row < len(column.examples) else "" for column in columns]
        for row in range(max(len(column.examples) for column in columns))
    ]


def match(template: str, headings: Iterable[str], remembered: Mapping[str, str]) -> dict[str, int]:
    """Column name -> place among the file's headings: as remembered, by our heading, or by another it goes by."""
    by_key = {names.search_key(text): place for place, text in reversed(list(enumerate(headings)))}
    columns = TEMPLATES[template]
    known = {column.name for column in columns}
    matched = {name: by_key[heading] for heading, name in remembered.items() if heading in by_key and name in known}
    for column in columns:
        for words in _words_for(column):
            place = by_key.get(names.search_key(words))
            if column.name not in matched and place is not None and place not in matched.values():
                matched[column.name] = place
    return matched


def template_of(headings: Sequence[str]) -> str | None:
    """The template of which a file has all that is required, or else most columns; None where that does not tell."""
    matched = {name: match(name, headings, {}).keys() for name in TEMPLATES}
    ranks = {name: (required(name) <= found, len(found)) for name, found in matched.items() if found}
    best = [name for name, rank in ranks.items() if rank == max(ranks.values())]
    return best[0] if len(best) == 1 else None


def required(template: str) -> set[str]:
    """Names of the columns that a file of the template must have."""
    return {column.name for column in TEMPLATES[template] if column.required}


def _words_for(column: Column) -> Iterable[str]:
    """Its name, its heading in each language of the office, and others it goes by."""
    yield column.name
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            yield str(column.heading)
    yield from column.also
