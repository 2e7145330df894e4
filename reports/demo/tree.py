"""The town's units through time: committees, their cells, enterprises, and other workplaces."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from reports.demo import sheets
from reports.demo.chance import Chance
from reports.demo.days import STOOD_SINCE

PROVINCE, TOWN = "QN", "QY"
WITH_OFFICE = ("QY12", "QY14", "QY19")  # communes whose health station belongs to the office's cell
COAST = ("QY08", "QY14", "QY16", "QY19")
RANGES = {  # members on the practice day
    "office": (15, 25), "military": (8, 14), "health": (5, 8), "kindergarten": (6, 13), "primary": (10, 18),
    "lower_secondary": (10, 18), "residents": (8, 32), "department": (4, 29),
}  # fmt: skip
DEPARTMENTS = {  # what the people of units without residents are like
    "QY22": "police", "QY23": "army", "QY24": "hospital", "QY32": "state_enterprise", "QY33": "state_enterprise",
    "QY34": "state_enterprise", "QY35": "state_enterprise", "QY36": "college", "QY43": "college",
    "QY44": "company", "QY45": "company", "QY46": "company",
    **{f"QY{number}": "school" for number in (37, 38, 39, 40, 41, 42)},
}  # fmt: skip
DISSOLVED = {  # unit -> the days on which a cell of it was dissolved
    "QY21": (date(2021, 4, 20),), "QY16": (date(2021, 6, 15), date(2021, 10, 12)), "QY12": (date(2022, 6, 14),),
    "QY13": (date(2022, 9, 20),), "QY11": (date(2023, 1, 1),),
}  # fmt: skip
GONE_WITH = 5  # members of a cell when it was dissolved
FOUNDED = {"QY46": date(2021, 6, 10), "E6": date(2022, 5, 19)}
FOUNDERS = {"QY46": (9, 6), "E6": (3, 5)}  # members who came from residence cells: on the first day, and in time


@dataclass(slots=True, eq=False)
class Cell:
    """A cell: its people are of one sort, and so many of them on the practice day."""

    code: str
    unit: str
    name: str
    kind: str  # of RANGES, or grassroots, enterprise
    sort: str  # of people.SORTS
    closing: int
    first: date = STOOD_SINCE
    to: date | None = None
    into: str = ""  # the cell its members went to
    phone: str = ""
    opening: int = 0

    @property
    def residents(self) -> bool:
        """Whether people belong to it where they live."""
        return self.kind == "residents"


@dataclass(slots=True, eq=False)
class Unit:
    """A grassroots organisation. A grassroots cell has one cell: itself."""

    row: sheets.UnitRow
    first: date
    cells: list[Cell] = field(default_factory=list)
    committee_members: int = 0
    phone: str = ""

    @property
    def code(self) -> str:
        """As in the sheet."""
        return self.row.code

    @property
    def is_committee(self) -> bool:
        """A committee, with cells under it."""
        return self.row.kind == "committee"


@dataclass(slots=True, eq=False)
class Place:
    """A workplace; `covered` names the units that are its party organisation, and since when."""

    code: str
    name: str
    kind: str
    ownership: str
    locality: str
    workers: int
    zone: str = ""
    covered: list[tuple[str, date]] = field(default_factory=list)


def grow(rng: Chance) -> list[Unit]:
    """The 46 units with their cells, also those dissolved during the term."""
    units = []
    for number, row in enumerate(sheets.units()):
        unit = Unit(row, FOUNDED.get(row.code, STOOD_SINCE), phone=f"0203 555 {101 + number:04}")
        unit.cells = _cells(rng, unit)
        unit.committee_members = min(15, max(7, row.members // 18)) if unit.is_committee else 0
        units.append(unit)
    for number, cell in enumerate(cell for unit in units for cell in unit.cells):
        cell.phone = f"0203 555 {1001 + number:04}"
    return units


def _cells(rng: Chance, unit: Unit) -> list[Cell]:
    if unit.row.sector in ("ward", "commune"):
        return _of_residents(rng, unit)
    if not unit.is_committee:
        sort = DEPARTMENTS.get(unit.code, "agency")
        return [Cell(unit.code, unit.code, unit.row.name, "grassroots", sort, unit.row.members, unit.first)]
    if unit.code == "QY44":
        return [
            Cell(
                f"QY44-{number:02}",
                "QY44",
                f"Chi bộ {row.name}",
                "enterprise",
                "company",
                row.members,
                _since(row.code),
            )
            for number, row in enumerate((row for row in sheets.enterprises() if row.unit == "QY44"), start=1)
        ]
    return _of_departments(rng, unit)


def _since(code: str) -> date:
    return FOUNDED.get(code, STOOD_SINCE)


def _of_departments(rng: Chance, unit: Unit) -> list[Cell]:
    sort = DEPARTMENTS.get(unit.code, "agency")
    gone = DISSOLVED.get(unit.code, ())
    sizes = _shared(rng, unit.row.members, [RANGES["department"]] * unit.row.cells, 0.08 if gone else 0.25)
    sizes[0] = sizes[0] + _swell(sizes, RANGES["department"][1], len(gone)) if gone else sizes[0]
    numbers = iter(range(1, len(sizes) + len(gone) + 1))
    cells = []
    for size in sizes[:-1] if gone else sizes:
        number = next(numbers)
        cells.append(Cell(f"{unit.code}-{number:02}", unit.code, f"Chi bộ {number}", "department", sort, size))
    for day in gone:
        number = next(numbers)
        cell = Cell(f"{unit.code}-{number:02}", unit.code, f"Chi bộ {number}", "department", sort, 0, to=day)
        cell.into, cell.opening = cells[0].code, GONE_WITH
        cells.append(cell)
    if gone:
        number = next(numbers)
        cells.append(Cell(f"{unit.code}-{number:02}", unit.code, f"Chi bộ {number}", "department", sort, sizes[-1]))
    return cells


def _swell(sizes: list[int], most: int, gone: int) -> int:
    """Members taken from the others so that the first cell was the largest before it took in others; how many."""
    wanted, taken = min(most, max(sizes) + 4 + gone * GONE_WITH) - sizes[0], 0
    while taken < wanted:
        other = max(range(1, len(sizes)), key=lambda place: sizes[place])
        sizes[other] -= 1
        taken += 1
    return taken


def _of_residents(rng: Chance, unit: Unit) -> list[Cell]:
    row, gone = unit.row, DISSOLVED.get(unit.code, ())
    own = "phường" if row.sector == "ward" else "xã"
    place = row.name.split(" ", 1)[1]
    fixed = [("office", f"Chi bộ Cơ quan {own}"), ("military", "Chi bộ Quân sự - Công an")]
    if unit.code not in WITH_OFFICE:
        fixed.append(("health", "Chi bộ Trạm Y tế"))
    fixed += [
        ("kindergarten", f"Chi bộ Trường Mầm non {place}"),
        ("primary", f"Chi bộ Trường Tiểu học {place}"),
        ("lower_secondary", f"Chi bộ Trường THCS {place}"),
    ]
    others = row.cells - len(fixed)
    *sizes, rest = _fixed_sizes(rng, row.members, [kind for kind, _name in fixed], others)
    cells = [
        Cell(f"{unit.code}-{number:02}", unit.code, name, kind, kind, size)
        for number, ((kind, name), size) in enumerate(zip(fixed, sizes, strict=True), start=1)
    ]
    if unit.code == "QY12":  # its health station was dissolved into the office
        health = Cell("QY12-06", "QY12", "Chi bộ Trạm Y tế", "health", "health", 0, to=gone[0], into=cells[0].code)
        health.opening = GONE_WITH
        return [*cells, health, *_areas(rng, unit, rest, others, len(cells) + 2, ())]
    return [*cells, *_areas(rng, unit, rest, others, len(cells) + 1, gone)]


def _fixed_sizes(rng: Chance, members: int, kinds: list[str], others: int) -> list[int]:
    """A size for each kind, and what is left for the `others` residence cells, which must fit them."""
    low, high = RANGES["residents"]
    while True:
        sizes = [rng.randint(*RANGES[kind]) for kind in kinds]
        rest = members - sum(sizes)
        if (low + 2) * others <= rest <= (high - 5) * others:
            return [*sizes, rest]


def _areas(rng: Chance, unit: Unit, members: int, number: int, code: int, gone: tuple[date, ...]) -> list[Cell]:
    ward = unit.row.sector == "ward"
    word = "khu" if ward else "thôn"
    sort = "coast_residents" if unit.code in COAST else "ward_residents" if ward else "commune_residents"
    sizes = _shared(rng, members, [RANGES["residents"]] * number, 0.08 if gone else 0.25)
    if gone:
        sizes[0] += _swell(sizes, RANGES["residents"][1], len(gone))
    cells: list[Cell] = []
    days = dict(zip((5, 9), gone, strict=False))
    remaining = list(sizes)
    for place in range(1, number + len(gone) + 1):
        one = Cell(f"{unit.code}-{code + place - 1:02}", unit.code, f"Chi bộ {word} {place}", "residents", sort, 0)
        if place in days:
            one.to, one.into, one.opening = days[place], cells[0].code, GONE_WITH
        else:
            one.closing = remaining.pop(0)
        cells.append(one)
    return cells


def _shared(rng: Chance, total: int, ranges: list[tuple[int, int]], spread: float = 0.25) -> list[int]:
    """Sizes within their ranges that add up to the total; `spread` is their deviation as a share of their mean."""
    low, high = sum(one for one, _most in ranges), sum(most for _least, most in ranges)
    if not low <= total <= high:
        raise ValueError(f"{total} members do not fit {len(ranges)} cells")
    mean = total / len(ranges)
    sizes = [min(most, max(least, round(rng.gauss(mean, mean * spread)))) for least, most in ranges]
    while (over := sum(sizes) - total) != 0:
        place = rng.randrange(len(sizes))
        size = sizes[place] + (-1 if over > 0 else 1)
        if ranges[place][0] <= size <= ranges[place][1]:
            sizes[place] = size
    return sizes


_FIRMS = (
    "May mặc", "Cơ khí", "Chế biến thủy sản", "Vận tải", "Xây dựng", "Vật liệu xây dựng", "Bao bì", "Thương mại",
    "Nuôi trồng thủy sản", "Điện lạnh", "Đóng tàu", "Gỗ nội thất", "Thực phẩm", "Giày da", "Nhựa", "Du lịch",
)  # fmt: skip
_FIRM_NAMES = (
    "Bạch Đằng", "Hà Nam Phát", "Sông Khoai", "Minh Long", "Yên Hưng", "Tân Phú", "Đại Thành", "Hoàng Gia", "An Phát",
    "Thái Sơn", "Đông Bắc", "Nam Phong", "Việt Tiến", "Hưng Thịnh", "Hải Đăng", "Trường Giang", "Phú Quý", "Thành Đạt",
)  # fmt: skip


def workplaces(rng: Chance, units: list[Unit]) -> list[Place]:
    """The 8 enterprises, the 8 schools of the town, and 32 non-state enterprises without a party organisation."""
    found = [_enterprise(rng, row, units) for row in sheets.enterprises()]
    for unit in units:
        if unit.row.sector in ("college", "school", "continuing_education"):
            ownership = "private" if unit.code in ("QY41", "QY42") else "state"
            place = Place(
                f"S{unit.code[2:]}",
                unit.row.name,
                "school",
                ownership,
                rng.choice(units[:19]).code,
                rng.randint(30, 120),
            )
            place.covered = [(unit.code, unit.first)]
            found.append(place)
    names = [f"{kind} {name}" for kind in _FIRMS for name in _FIRM_NAMES]
    for number, name in enumerate(rng.sample(names, 32), start=1):
        form = rng.choice(("Công ty TNHH", "Công ty CP"))
        ownership = "foreign" if number % 6 == 0 else "private"
        zone = rng.choice(("KCN Đông Mai", "KCN Sông Khoai", "KCN Bắc Tiền Phong")) if number % 3 == 0 else ""
        locality = rng.choice(units[:19]).code
        found.append(
            Place(f"W{number:02}", f"{form} {name}", "enterprise", ownership, locality, rng.randint(12, 900), zone)
        )
    return found


def _enterprise(rng: Chance, row: sheets.EnterpriseRow, units: list[Unit]) -> Place:
    place = Place(row.code, row.name, "enterprise", row.ownership, row.ward, rng.randint(60, 1500))
    unit = next(unit for unit in units if unit.code == row.unit)
    if row.unit == "QY44":
        cell = next(cell for cell in unit.cells if cell.name.endswith(row.name))
        place.covered = [(cell.code, cell.first)]
    else:
        place.covered = [(unit.code, unit.first)]
    return place


def enterprise_of(unit: Unit, cell: Cell) -> str:
    """The code of the non-state enterprise whose people the cell has; empty: of none."""
    for row in sheets.enterprises():
        if row.unit == unit.code and (not row.cells or cell.name.endswith(row.name)):
            return row.code
    return ""
