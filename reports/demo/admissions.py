"""The 650: who is admitted where and on which day, and the few with whom something is different."""

from __future__ import annotations

from datetime import date, timedelta

from recruitment.rulebook.calendar import add_months
from recruitment.rulebook.facts import known
from recruitment.rulebook.findings import Waiver
from reports.demo import sheets
from reports.demo.candidacies import Candidacy
from reports.demo.chance import Chance
from reports.demo.days import EVE, TERM_FIRST, back, ceremony_days, feast_days, forward, some_day
from reports.demo.people import Office
from reports.demo.quotas import PERIODS, Move, Quotas, period_of
from reports.demo.tree import Cell, Place, Unit, enterprise_of

LATE_2023 = 22  # admitted in November and December 2023
LAST_CEREMONY = date(2024, 10, 22)
STUDENTS: tuple[dict[str, int], ...] = (
    {},
    {"QY36": 1},
    {"QY36": 2, "QY37": 1},
    {"QY36": 2, "QY37": 2, "QY38": 1, "QY39": 1, "QY43": 1},
    {"QY36": 3, "QY37": 3, "QY38": 2, "QY39": 2, "QY40": 1, "QY42": 1, "QY43": 1},
)
PUPILS_OF = ("QY37", "QY38", "QY39", "QY40", "QY41", "QY42")  # they leave school in early summer
PRIVATE_WORKERS = 20  # of firms without a party organisation, admitted where they live
ENDS = (("removed", 4), ("died", 2), ("departed", 11))
_OF_FEASTS = {1: 0.5, 2: 0.5, 3: 0.52, 4: 0.55, 0: 0.4}
_AGES: dict[str, tuple[float, float]] = {
    "military": (20, 34), "police": (22, 38), "army": (20, 32), "company": (23, 47), "health": (24, 44),
    "college": (25, 45),
}  # fmt: skip
PROVINCE = "Ban Thường vụ Tỉnh ủy Quảng Ninh"


def admit(rng: Chance, units: list[Unit], quotas: Quotas, places: list[Place], office: Office) -> list[Candidacy]:
    """The admissions of the term, by day of the ceremony."""
    found = []
    for unit in units:
        for period in PERIODS:
            students = STUDENTS[period].get(unit.code, 0)
            for cell in unit.cells:
                for _one in range(quotas.admitted[cell.code, period]):
                    one = _admission(rng, office, unit, cell, period, student=students > 0)
                    students -= one.student
                    found.append(one)
    _late_in_2023(rng, found)
    found.sort(key=lambda one: (one.ceremony_on, one.human.number))
    _exceptions(rng, found)
    _private_workers(rng, found, places)
    _employ(found)
    _ends(rng, found)
    return found


def _admission(rng: Chance, office: Office, unit: Unit, cell: Cell, period: int, student: bool) -> Candidacy:
    span = sheets.SPANS[period]
    first, last = span.first, min(span.last, LAST_CEREMONY)
    if student and unit.code in PUPILS_OF:
        first, last = date(first.year, 4, 25), date(first.year, 6, 20)
    if cell.first > TERM_FIRST:  # who is admitted by a new cell was nominated there
        first = max(first, cell.first + timedelta(days=520))
    if period == 3:
        last = min(last, date(2023, 9, 20))
    ceremony_on = _ceremony_day(rng, first, last, _OF_FEASTS[period])
    born, sex = None, None
    if student:
        born = _pupil_born(rng, ceremony_on) if unit.code in PUPILS_OF else _student_born(rng, ceremony_on)
        sex = rng.choice(("female", "female", "male"))
    human = office.human(cell.sort, ceremony_on, age_of(rng, cell), **({"born": born, "sex": sex} if student else {}))
    if student:
        human.occupation, human.title, human.professional, human.theory = "student", "", "", ""
        human.workplace = f"S{unit.code[2:]}"
    elif cell.residents and human.occupation == "retired":
        human.occupation = "other"
    return Candidacy(human, cell, unit, student=student, ceremony_on=ceremony_on)


def _ceremony_day(rng: Chance, first: date, last: date, of_feasts: float) -> date:
    feasts = feast_days(first, last)
    return rng.choice(feasts if feasts and rng.random() < of_feasts else ceremony_days(first, last))


def age_of(rng: Chance, cell: Cell) -> tuple[float, float]:
    """A year of age, not near the end of youth age, so that the way of introduction is plain."""
    low, high = _AGES.get(cell.sort, (22, 52) if cell.residents else (23, 44))
    while 29.9 < (age := rng.triangular(low, high, low + (high - low) * 0.3)) < 32.2:
        pass
    return age, age


def _pupil_born(rng: Chance, ceremony_on: date) -> date:
    """In the last school year, and full 18 by both readings some weeks before the cell meets."""
    return date(ceremony_on.year - 18, 1, 3) + timedelta(days=rng.randrange(24))


def _student_born(rng: Chance, ceremony_on: date) -> date:
    return add_months(ceremony_on, -12 * 19) - timedelta(days=rng.randrange(900))


def _late_in_2023(rng: Chance, found: list[Candidacy]) -> None:
    """22 of the admissions of 2023 were held in November and December."""
    of_2023 = [one for one in found if one.ceremony_on and one.ceremony_on.year == 2023 and not one.student]
    for one in rng.sample(of_2023, LATE_2023):
        one.ceremony_on = rng.choice(ceremony_days(date(2023, 11, 6), date(2023, 12, 29)))
    ready = [one for one in of_2023 if date(2023, 8, 10) <= known(one.ceremony_on) <= date(2023, 9, 14)]
    for one in rng.sample(ready, 3):
        one.overdue = True


def _exceptions(rng: Chance, found: list[Candidacy]) -> None:
    """Two above 60 and one without lower-secondary education, each with a consent of the province."""
    plain = [one for one in found if one.cell.residents and not one.overdue]
    for year, number in ((2021, 118), (2023, 204)):
        one = rng.choice([one for one in plain if _year(one) == year and one.cell.sort == "commune_residents"])
        one.human.born = add_months(one.human.born, -12 * (62 - (year - one.human.born.year)))
        one.human.occupation, one.human.title = "farmer", "Người có uy tín trong cộng đồng"
        one.waiver = _consent("age", one, number)
    one = rng.choice([one for one in plain if _year(one) == 2022 and one.cell.sort == "coast_residents"])
    human = one.human
    human.born = add_months(human.born, -12 * (46 - (2022 - human.born.year)))
    human.education, human.professional, human.theory, human.languages = "primary", "", "", ""
    human.occupation, human.title = "fisher", "Thuyền trưởng tàu cá"
    one.waiver = _consent("education-floor", one, 91)


def _year(one: Candidacy) -> int:
    return one.ceremony_on.year if one.ceremony_on else 0


def _consent(rule: str, one: Candidacy, number: int) -> Waiver:
    """Granted before the cell considers."""
    granted_on = back(known(one.ceremony_on), 130)
    return Waiver(rule=rule, authority=PROVINCE, document=f"{number}-CV/TU", granted_on=granted_on)


def _private_workers(rng: Chance, found: list[Candidacy], places: list[Place]) -> None:
    firms = [place.code for place in places if place.code.startswith("W")]
    plain = [one for one in found if one.cell.residents and one.waiver is None]
    for one in rng.sample(plain, PRIVATE_WORKERS):
        one.human.occupation, one.human.title, one.human.workplace = "worker", "Công nhân", rng.choice(firms)


def _employ(found: list[Candidacy]) -> None:
    for one in found:
        if one.human.workplace is None:
            one.human.workplace = workplace_of(one.unit, one.cell)


def workplace_of(unit: Unit, cell: Cell) -> str | None:
    """Where the people of the cell work, if that is among the workplaces."""
    if enterprise := enterprise_of(unit, cell):
        return enterprise
    return f"S{unit.code[2:]}" if unit.row.sector in ("college", "school", "continuing_education") else None


def _ends(rng: Chance, found: list[Candidacy]) -> None:
    """Those whose probation ended before its time; everybody of before November 2023 else becomes official."""
    ready = [one for one in found if _may_end(one)]
    pupils = [one for one in ready if one.student]
    soldiers = [one for one in ready if one.unit.code in ("QY22", "QY23")]
    chosen = {
        "departed": [*rng.sample(pupils, 5), *rng.sample(soldiers, 2)],
        "removed": [],
        "died": [],
    }
    for ends_as, number in ENDS:
        taken = {one.human.number for some in chosen.values() for one in some}
        rest = [one for one in ready if one.human.number not in taken and not one.student]
        chosen[ends_as] += rng.sample(rest, number - len(chosen[ends_as]))
        for one in chosen[ends_as]:
            one.ends_as, one.ends_on = ends_as, _end_day(rng, one)
            one.human.bound = True
    for one in found:
        if not one.ends_as and not one.overdue and one.ceremony_on and one.ceremony_on < date(2023, 10, 1):
            one.official_on = add_months(one.ceremony_on, 12)


def _may_end(one: Candidacy) -> bool:
    return (
        not one.overdue and one.waiver is None and date(2020, 9, 1) < (one.ceremony_on or date.min) < date(2023, 9, 1)
    )


def _end_day(rng: Chance, one: Candidacy) -> date:
    ceremony_on = known(one.ceremony_on)
    if one.student and one.unit.code in PUPILS_OF:
        return some_day(rng, date(ceremony_on.year, 7, 20), date(ceremony_on.year, 9, 20))
    return forward(ceremony_on, rng.randint(70, 320))


def settled(found: list[Candidacy]) -> dict[str, list[tuple[str, int]]]:
    """In which cell and period departures, deaths and removals of those admitted happen."""
    where: dict[str, list[tuple[str, int]]] = {ends_as: [] for ends_as, _number in ENDS}
    for one in found:
        if one.ends_as and one.ends_on:
            where[one.ends_as].append((one.cell.code, period_of(one.ends_on)))
    return where


def go_home(rng: Chance, found: list[Candidacy], units: list[Unit], quotas: Quotas) -> None:
    """Most former pupils of the larger schools move to the residence cell at home when school is over."""
    homes: list[Cell] = [cell for unit in units for cell in unit.cells if cell.residents and cell.to is None]
    for one in found:
        pupil = one.student and one.unit.code in PUPILS_OF and one.unit.is_committee
        if not pupil or one.ends_as or rng.random() < 0.25:
            continue
        year = known(one.ceremony_on).year
        day = some_day(rng, date(year, 8, 1), min(date(year, 10, 10), EVE))
        quotas.moved.append(Move(period_of(day), one.cell.code, rng.choice(homes).code, day, one.human))
        one.human.bound = True
