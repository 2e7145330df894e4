"""A register file: every row with its finding, applied once or not at all, undone as one, done again."""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import Any

import pytest
from django.utils import translation

from membership import steps
from membership.models import (
    Appointment,
    ImportBatch,
    Organisation,
    Person,
    Placement,
    Position,
    Template,
    Workplace,
)
from membership.operations import imports
from membership.operations.imports import ImportRefused
from tests.builders import (
    UserFactory,
    entering,
    on_day,
    submitted_by,
)
from tests.membership.register_files import (
    DAY,
    WRONG_MEMBERS,
    WRONG_UNITS,
    Row,
    sentences,
    some_members,
    some_units,
    taken_over,
    uploaded,
    with_mistakes,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _today():
    with on_day(DAY), translation.override("en"):
        yield


@pytest.fixture
def founder():
    """The first administrator of an empty office, before anybody is appointed."""
    return UserFactory(is_superuser=True, is_staff=True)


def in_the_register(day: date = DAY) -> dict[str, int]:
    """What a reader of the register counts."""
    return {
        "units": Position.objects.as_at(day).count(),
        "officers": Appointment.objects.in_force(day).count(),
        "members": Person.objects.members(day).count(),
        "placed": Placement.objects.as_at(day).count(),
        "workplaces": Workplace.objects.filter(withdrawn=False).count(),
    }


def mend(batch: ImportBatch, user: Any, cells: dict[tuple[int, str], str], out: list[int]) -> ImportBatch:
    imports.mend_rows(submitted_by(user), batch=batch, cells=cells, left_out=out)
    return ImportBatch.objects.get(pk=batch.pk)


def undo(batch: ImportBatch, user: Any) -> ImportBatch:
    imports.undo_register(submitted_by(user), batch=batch)
    return ImportBatch.objects.get(pk=batch.pk)


def apply(batch: ImportBatch, user: Any) -> ImportBatch:
    imports.apply_register(submitted_by(user), batch=batch)
    return ImportBatch.objects.get(pk=batch.pk)


PLACE = {"code": "DN1", "name": "Công ty Sao Mai", "kind": "doanh nghiệp", "ownership": "tư nhân", "locality": "W01"}
EARLIER = [
    {"cell": "C002", "full_name": "Đỗ Văn Riêng", "sex": "nam", "born": "01/02/1970", "admitted_on": "01/01/2012"},
    {"cell": "C002", "full_name": "Vũ Thị Có Số", "sex": "nữ", "born": "01/02/1971", "admitted_on": "01/01/2012",
     "identity_number": "022099000000", "card_number": "77.000001"},
]  # fmt: skip


def test_an_empty_office_becomes_a_working_one_from_three_files_with_wrong_rows(founder):
    told = Counter()
    rows: list[Row] = some_units(400)
    wanted = with_mistakes(rows, WRONG_UNITS, first=200)
    units = uploaded(founder, Template.UNITS, rows)
    assert sentences(units, founder) == {number: [sentence] for number, sentence in wanted.items()}
    told.update(wanted.values())

    with pytest.raises(ImportRefused, match=f"{len(wanted)} rows are wrong"):
        apply(units, founder)
    assert in_the_register() == {"units": 0, "officers": 0, "members": 0, "placed": 0, "workplaces": 0}

    original = some_units(400)
    mended, out = sorted(wanted)[:10], sorted(wanted)[10:]
    cells = {(number, name): original[number - 2].get(name, "") for number in mended for name in rows[number - 2]}
    units = mend(units, founder, cells, out)
    assert set(sentences(units, founder)) == set(out)
    units = apply(units, founder)
    assert in_the_register()["units"] == in_the_register()["officers"] == 400 - len(out)

    taken_over(founder, Template.WORKPLACES, [PLACE])
    taken_over(founder, Template.MEMBERS, EARLIER)
    with entering(date(2026, 3, 1)) as act:
        steps.dissolve(act, [Organisation.objects.get(code="C379")], date(2026, 3, 1))
    before = in_the_register()
    rows = some_members(6000, cells=150)
    wanted = with_mistakes(rows, WRONG_MEMBERS, first=29)
    rows[5999] = {**EARLIER[0], "full_name": "Hồ Thị Đôi"}
    rows[5998] = {**EARLIER[0], "full_name": "Hồ Thị Đôi"}
    wanted[6001] = "Hồ Thị Đôi stands in row 6000 already, with this birth day. Of another person, add the numbers."
    members = uploaded(founder, Template.MEMBERS, rows)
    assert sentences(members, founder) == {number: [sentence] for number, sentence in wanted.items()}
    told.update(wanted.values())
    assert len(told) >= 60
    assert max(told.values()) == 1
    with pytest.raises(ImportRefused):
        apply(members, founder)
    assert in_the_register() == before

    members = apply(mend(members, founder, {}, sorted(wanted)), founder)
    after = in_the_register()
    assert after["members"] == after["placed"] == before["members"] + 6000 - len(wanted)
    members = undo(members, founder)
    assert in_the_register() == before
    members = apply(members, founder)
    assert in_the_register() == after
