"""The sheets of the practice town, as read: what must come out exactly."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib import resources
from typing import Any

YEARS = ("a2020", "a2021", "a2022", "a2023", "a2024")  # the columns of admissions; a2020 begins on 1 August


@dataclass(frozen=True, slots=True)
class Span:
    """A period of the flow sheet, both ends included."""

    code: str
    first: date
    last: date

    def holds(self, day: date) -> bool:
        """Whether the day is in it."""
        return self.first <= day <= self.last


SPANS = (
    Span("a2020", date(2020, 8, 1), date(2020, 12, 31)),
    Span("a2021", date(2021, 1, 1), date(2021, 12, 31)),
    Span("a2022", date(2022, 1, 1), date(2022, 12, 31)),
    Span("a2023", date(2023, 1, 1), date(2023, 12, 31)),
    Span("a2024", date(2024, 1, 1), date(2024, 10, 31)),
)


@dataclass(frozen=True, slots=True)
class UnitRow:
    """A grassroots organisation: cells under it and members on the practice day, admissions by period."""

    code: str
    name: str
    sector: str
    kind: str
    cells: int
    members: int
    admitted: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class EnterpriseRow:
    """A non-state enterprise with a party organisation."""

    code: str
    name: str
    ownership: str
    ward: str
    unit: str
    cells: int
    members: int
    admitted: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class FlowRow:
    """Stock and flow of members in a period."""

    opening: int
    admitted: int
    arrived: int
    departed: int
    died: int
    removed: int
    closing: int


def _rows(name: str) -> list[dict[str, str]]:
    text = (resources.files("reports.demo") / "data" / name).read_text("utf-8")
    return list(csv.DictReader(text.splitlines()))


def _admitted(row: dict[str, str]) -> tuple[int, ...]:
    return tuple(int(row[year]) for year in YEARS)


@cache
def units() -> tuple[UnitRow, ...]:
    """The grassroots organisations, in the order of their codes."""
    return tuple(
        UnitRow(
            code=row["code"],
            name=row["name_vi"].split(" (")[0],
            sector=row["sector"].replace(" ", "_").replace("-", "_"),
            kind=row["kind"],
            cells=int(row["cells_under"]),
            members=int(row["members"]),
            admitted=_admitted(row),
        )
        for row in _rows("units.csv")
    )


@cache
def enterprises() -> tuple[EnterpriseRow, ...]:
    """The non-state enterprises with a party organisation, in the order of their codes."""
    return tuple(_enterprise(row) for row in _rows("enterprises.csv"))


def _enterprise(row: dict[str, Any]) -> EnterpriseRow:
    under = row["organisation"].startswith("cell under ")
    return EnterpriseRow(
        code=row["code"],
        name=row["name"],
        ownership={"private": "private", "foreign-invested": "foreign"}[row["ownership"]],
        ward=row["ward"],
        unit=row["organisation"].split()[2 if under else 0],
        cells=1 if under else 0,
        members=int(row["members"]),
        admitted=_admitted(row),
    )


@cache
def flows() -> tuple[FlowRow, ...]:
    """The flow of members, a row a period in the order of SPANS."""
    return tuple(
        FlowRow(*(int(value) for name, value in row.items() if name != "period")) for row in _rows("member-flow.csv")
    )
