"""Invented people: names as they are common in the north of Viet Nam, everything else drawn."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from recruitment.rulebook.calendar import add_months
from reports.demo.chance import Chance

FAMILIES = {
    "Nguyễn": 300, "Trần": 95, "Lê": 80, "Phạm": 85, "Vũ": 75, "Bùi": 60, "Đỗ": 45, "Ngô": 45, "Hoàng": 40,
    "Đặng": 28, "Dương": 28, "Lương": 20, "Đinh": 18, "Đào": 15, "Phùng": 8, "Tô": 10, "Cao": 9, "Mai": 9, "Tạ": 6,
    "Hà": 9, "Lưu": 7, "Đoàn": 15, "Trịnh": 9, "Phan": 9, "Vương": 4, "Chu": 4, "Ninh": 2, "Khổng": 1, "Từ": 1,
}  # fmt: skip
MIDDLE = {
    "female": {"Thị": 52, "Thu": 6, "Thị Thu": 6, "Ngọc": 5, "Thanh": 5, "Thị Thanh": 4, "Phương": 4, "Minh": 4,
               "Hồng": 4, "Thị Hồng": 3, "Kim": 2, "Thúy": 3, "Thị Bích": 2, "Mai": 2, "Hải": 2, "Khánh": 2},
    "male": {"Văn": 34, "Đức": 10, "Quang": 7, "Hữu": 5, "Minh": 6, "Công": 4, "Xuân": 5, "Đình": 5, "Mạnh": 5,
             "Tuấn": 3, "Ngọc": 4, "Trọng": 2, "Quốc": 3, "Hoàng": 3, "Việt": 2, "Bá": 2, "Thế": 2, "Duy": 3},
}  # fmt: skip
GIVEN = {
    "female": [
        "Hạnh",
        "Hương",
        "Lan",
        "Mai",
        "Hoa",
        "Thủy",
        "Hà",
        "Yến",
        "Nga",
        "Loan",
        "Hằng",
        "Dung",
        "Thảo",
        "Trang",
        "Linh",
        "Ngọc",
        "Phương",
        "Huyền",
        "Nhung",
        "Vân",
        "Anh",
        "Ánh",
        "Oanh",
        "Liên",
        "Tuyết",
        "Xuân",
        "Thu",
        "Hiền",
        "Hòa",
        "Bích",
        "Nguyệt",
        "Thơm",
        "Ngân",
        "Quỳnh",
        "My",
        "Chi",
        "Giang",
        "Hải",
        "Hồng",
        "Thúy",
        "Lương",
        "Mận",
        "Đào",
        "Diệp",
        "Duyên",
        "Ngà",
        "Nhàn",
        "Thoa",
        "Ước",
        "Tươi",
        "Sen",
        "Châu",
        "Tâm",
        "Thanh",
    ],
    "male": [
        "Hùng",
        "Dũng",
        "Tuấn",
        "Cường",
        "Minh",
        "Hải",
        "Sơn",
        "Long",
        "Thắng",
        "Quân",
        "Đức",
        "Nam",
        "Trung",
        "Hiếu",
        "Thành",
        "Tùng",
        "Kiên",
        "Hưng",
        "Bình",
        "Phúc",
        "Vinh",
        "Toàn",
        "Khánh",
        "Duy",
        "Huy",
        "Việt",
        "Anh",
        "Hoàng",
        "Chiến",
        "Thưởng",
        "Khuê",
        "Tuyến",
        "Lợi",
        "Thịnh",
        "Đạt",
        "Tiến",
        "Hòa",
        "Quyết",
        "Chung",
        "Đông",
        "Giang",
        "Lâm",
        "Ngọc",
        "Phong",
        "Quang",
        "Sáng",
        "Tân",
        "Thái",
        "Thuận",
        "Tráng",
        "Trường",
        "Tú",
        "Vượng",
        "Ân",
        "Ước",
        "Ích",
        "Đoàn",
        "Điệp",
    ],
}
ETHNICITIES = {"Kinh": 962, "Tày": 11, "Hoa": 8, "Dao": 7, "Sán Dìu": 6, "Mường": 4, "Sán Chay": 2}
RELIGIONS = {"Không": 968, "Công giáo": 17, "Phật giáo": 15}
HOMES = (
    "phường Quảng Yên", "phường Cộng Hòa", "phường Đông Mai", "phường Hà An", "phường Minh Thành", "phường Nam Hòa",
    "phường Phong Cốc", "phường Phong Hải", "phường Tân An", "phường Yên Giang", "phường Yên Hải", "xã Cẩm La",
    "xã Hiệp Hòa", "xã Hoàng Tân", "xã Liên Hòa", "xã Liên Vị", "xã Sông Khoai", "xã Tiền An", "xã Tiền Phong",
)  # fmt: skip
TOWN = "thị xã Quảng Yên, tỉnh Quảng Ninh"
ELSEWHERE = (
    "huyện Thủy Nguyên, thành phố Hải Phòng", "huyện Kim Thành, tỉnh Hải Dương", "huyện Tiên Lãng, thành phố Hải Phòng",
    "thành phố Uông Bí, tỉnh Quảng Ninh", "thành phố Hạ Long, tỉnh Quảng Ninh", "huyện Thái Thụy, tỉnh Thái Bình",
    "thị xã Đông Triều, tỉnh Quảng Ninh", "huyện Giao Thủy, tỉnh Nam Định",
)  # fmt: skip
OUTSIDE = (
    "Đảng bộ thành phố Hạ Long", "Đảng bộ thành phố Uông Bí", "Đảng bộ huyện Thủy Nguyên, Hải Phòng",
    "Đảng bộ thành phố Hải Phòng", "Đảng bộ thị xã Đông Triều", "Đảng bộ Quân khu 3", "Đảng bộ thành phố Hà Nội",
    "Đảng bộ thành phố Cẩm Phả", "Đảng bộ tỉnh Hải Dương", "Đảng bộ Than Quảng Ninh", "Đảng bộ tỉnh Bắc Ninh",
)  # fmt: skip


@dataclass(slots=True, eq=False)
class Stay:
    """In a cell from `first` on, before `to`."""

    cell: str
    first: date
    to: date | None = None


@dataclass(slots=True, eq=False)
class Human:
    """One invented person and what the Party knows of them."""

    number: int
    name: str
    sex: str
    born: date
    ethnicity: str
    religion: str
    education: str
    professional: str
    theory: str
    home_town: str
    birth_place: str
    residence: str
    languages: str
    identity: str
    occupation: str
    workplace: str | None = None  # code
    title: str = ""
    phone: str = ""
    card_number: str = ""
    admitted_on: date | None = None
    official_on: date | None = None
    awareness_on: date | None = None  # of those who came as members
    stays: list[Stay] = field(default_factory=list)
    ended_as: str = ""
    ended_on: date | None = None
    outside: str = ""  # where those come from who arrived, where those go who departed
    bound: bool = False  # what becomes of this one is decided elsewhere

    def is_official(self, day: date) -> bool:
        """Official member, and still one, on `day`."""
        return bool(self.official_on and self.official_on <= day and not (self.ended_on and self.ended_on <= day))

    def cell_on(self, day: date) -> str | None:
        """The cell in which the member is."""
        return next((one.cell for one in self.stays if one.first <= day and (one.to is None or day < one.to)), None)


def pick(rng: Chance, weights: dict[Any, int]) -> Any:
    """One of the keys, by weight."""
    return rng.choices(list(weights), weights=list(weights.values()))[0]


@dataclass(frozen=True, slots=True)
class Sort:
    """What the people of a sort of cell are like."""

    women: float
    ages: tuple[int, int, int]  # youngest, most frequent, oldest
    occupations: dict[str, int]
    title: dict[str, int] = field(default_factory=lambda: {"": 1})
    educated: float = 0.5  # share with a professional level of college and above


SORTS = {
    "office": Sort(0.42, (26, 42, 59), {"civil_servant": 1}, {"Công chức": 8, "Cán bộ chuyên trách": 3}, 0.95),
    "military": Sort(0.1, (22, 34, 55), {"police": 5, "military": 3}, {"Chiến sĩ": 3, "Chỉ huy": 1}, 0.6),
    "health": Sort(0.68, (25, 38, 59), {"health": 1}, {"Y sĩ": 3, "Điều dưỡng": 4, "Bác sĩ": 2}, 0.9),
    "kindergarten": Sort(0.97, (23, 37, 57), {"teacher": 9, "clerical": 1}, {"Giáo viên": 1}, 0.95),
    "primary": Sort(0.84, (24, 41, 59), {"teacher": 12, "clerical": 1}, {"Giáo viên": 1}, 0.98),
    "lower_secondary": Sort(0.72, (24, 41, 59), {"teacher": 12, "clerical": 1}, {"Giáo viên": 1}, 0.98),
    "ward_residents": Sort(
        0.38,
        (24, 63, 88),
        {"retired": 52, "worker": 12, "other": 14, "clerical": 8, "manager": 3, "farmer": 8},
        educated=0.3,
    ),
    "commune_residents": Sort(
        0.32,
        (24, 61, 88),
        {"retired": 40, "farmer": 34, "worker": 9, "other": 10, "fisher": 4, "manager": 1},
        educated=0.15,
    ),
    "coast_residents": Sort(
        0.28, (24, 60, 88), {"retired": 36, "farmer": 14, "fisher": 30, "worker": 9, "other": 9}, educated=0.12
    ),
    "agency": Sort(
        0.43, (25, 41, 60), {"civil_servant": 9, "clerical": 1}, {"Chuyên viên": 4, "Phó trưởng phòng": 1}, 0.97
    ),
    "police": Sort(0.13, (22, 35, 57), {"police": 1}, {"Cán bộ": 1}, 0.8),
    "army": Sort(0.07, (20, 33, 54), {"military": 1}, {"Trợ lý": 1, "Chiến sĩ": 2}, 0.6),
    "hospital": Sort(0.62, (24, 38, 60), {"health": 10, "clerical": 1}, {"Bác sĩ": 3, "Điều dưỡng": 5}, 0.92),
    "state_enterprise": Sort(0.34, (24, 40, 60), {"worker": 5, "clerical": 5, "manager": 1}, {"Nhân viên": 1}, 0.7),
    "company": Sort(0.36, (22, 36, 58), {"worker": 8, "manager": 2, "clerical": 2}, {"Nhân viên": 1}, 0.45),
    "school": Sort(0.6, (25, 40, 60), {"teacher": 12, "clerical": 1}, {"Giáo viên": 1}, 0.99),
    "college": Sort(0.45, (26, 41, 60), {"teacher": 9, "clerical": 2}, {"Giảng viên": 1}, 0.99),
}
_PROFESSIONS = {"university": 60, "college": 20, "master": 9}
_OTHERS = {"": 55, "elementary": 15, "intermediate": 30}


class Office:
    """Draws people; no two with the same identity number, which ends on the number of the town."""

    def __init__(self, rng: Chance):
        self.rng = rng
        self.people: list[Human] = []
        self._numbers: set[str] = set()
        self._cards: set[str] = set()

    def human(self, sort: str, day: date, age: tuple[float, float] | None = None, **given: Any) -> Human:
        """Somebody of this sort, of that age (years, from and to) on `day`."""
        rng, like = self.rng, SORTS[sort]
        sex = given.get("sex") or ("female" if rng.random() < like.women else "male")
        born = given.get("born") or self._born(like, day, age)
        values: dict[str, Any] = {
            "number": len(self.people),
            "name": self.name(sex, born.year),
            "sex": sex,
            "born": born,
            "ethnicity": pick(rng, ETHNICITIES),
            "religion": pick(rng, RELIGIONS),
            "education": "upper_secondary",
            **self._levels(like),
            **self._places(),
            "languages": "Tiếng Anh" if rng.random() < 0.25 else "",
            "identity": self._identity(sex, born),
            "occupation": self._occupation(like, day.year - born.year),
            "title": pick(rng, like.title),
        }
        made = Human(**{**values, **given})
        self.people.append(made)
        return made

    def name(self, sex: str, year: int) -> str:
        """Family, middle and given name; "Thị" is rarer among the young."""
        rng = self.rng
        middle = pick(rng, MIDDLE[sex])
        if middle == "Thị" and year > 1992 and rng.random() < 0.6:
            middle = pick(rng, MIDDLE[sex])
        given = rng.choice([one for one in GIVEN[sex] if one not in middle.split()])
        return f"{pick(rng, FAMILIES)} {middle} {given}"

    def _born(self, like: Sort, day: date, age: tuple[float, float] | None) -> date:
        low, mode, high = like.ages
        years = self.rng.triangular(low, high, mode) if age is None else self.rng.uniform(*age)
        return day - timedelta(days=int(years * 365.2425))

    def _levels(self, like: Sort) -> dict[str, str]:
        rng = self.rng
        high = rng.random() < like.educated
        theory = pick(rng, {"": 50, "elementary": 25, "intermediate": 20, "advanced": 3 if high else 0})
        return {"professional": pick(rng, _PROFESSIONS if high else _OTHERS), "theory": theory}

    def _places(self) -> dict[str, str]:
        rng = self.rng
        here = f"{rng.choice(HOMES)}, {TOWN}"
        home = here if rng.random() < 0.82 else rng.choice(ELSEWHERE)
        live = f"{rng.choice(HOMES)}, {TOWN}" if rng.random() < 0.3 else here
        return {"home_town": home, "birth_place": home if rng.random() < 0.9 else here, "residence": live}

    def _occupation(self, like: Sort, age: int) -> str:
        weights = dict(like.occupations)
        if "retired" in weights and age < 56:
            weights.pop("retired")
        if "retired" in weights and age > 62:
            weights = {"retired": 85, "farmer": weights.get("farmer", 0), "other": 4}
        return pick(self.rng, weights)

    def card(self) -> str:
        """The number of a party card; it ends on the number of the town."""
        while (number := f"22{self.rng.randrange(100_000):05}001") in self._cards:
            pass
        self._cards.add(number)
        return number

    def _identity(self, sex: str, born: date) -> str:
        digit = (0 if born.year < 2000 else 2) + (sex == "female")
        while (number := f"022{digit}{born.year % 100:02}{self.rng.randrange(1000):03}001") in self._numbers:
            pass
        self._numbers.add(number)
        return number


def joined(office: Office, human: Human, until: date) -> None:
    """The person was admitted some day before `until`, official a year later."""
    rng = office.rng
    earliest = add_months(human.born, 12 * 19)
    latest = min(add_months(human.born, 12 * 45), until - timedelta(days=400))
    likely = earliest + (latest - earliest) / 3
    days = rng.triangular(0, max((latest - earliest).days, 1), max((likely - earliest).days, 0))
    admitted_on = earliest + timedelta(days=int(days))
    human.admitted_on, human.official_on = admitted_on, add_months(admitted_on, 12)
    if admitted_on.year >= 2014 and rng.random() < 0.8:
        human.awareness_on = admitted_on - timedelta(days=rng.randint(120, 700))
    human.card_number = office.card()
