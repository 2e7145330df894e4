"""Appointments, accounts' officers, workplaces and coverage: what the operations allow and what they refuse."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.utils import translation

from foundation.facts import OPEN
from foundation.operation import NotPermitted, OperationRefused
from membership import scope, steps
from membership.models import Appointment, Coverage, Organisation, Person, Placement, Role
from membership.operations.appointments import AppointmentRefused, appoint, end_appointment
from membership.operations.organisations import StillHolds, dissolve_unit, found_unit, move_unit
from membership.operations.workplaces import WorkplaceRefused, cover, describe_workplace, found_workplace, uncover
from tests.builders import (
    a_cell,
    a_clerk,
    a_member,
    a_person,
    a_secretary,
    a_sub_committee,
    a_town,
    a_ward,
    a_workplace,
    a_youth_union,
    an_administrator,
    as_user,
    covers,
    entering,
    on_day,
    submitted_by,
)

TODAY = date(2026, 5, 4)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _today():
    with on_day(TODAY):
        yield


@pytest.fixture
def ward():
    return a_ward()


@pytest.fixture
def administrator(ward):
    return an_administrator(of=ward)


def appointing(by: Any, person: Person | None = None, **values: Any) -> Appointment:
    person = person or a_person()
    return appoint(submitted_by(by), person=person, **{"role": Role.CLERK, "from_on": TODAY, **values})


def test_an_appointment_gives_access_from_its_day_and_before_its_end(ward, administrator):
    account = a_secretary(of=a_cell())
    appointing(administrator, account.person, organisation=ward, from_on=date(2026, 6, 1), until_on=date(2026, 7, 1))
    for day, has in [((2026, 5, 31), False), ((2026, 6, 1), True), ((2026, 6, 30), True), ((2026, 7, 1), False)]:
        with on_day(date(*day)):
            assert (scope.allows(as_user(account), "member.write", ward) is not False) is has


@pytest.mark.parametrize(
    ("role", "over"),
    [
        (Role.SECRETARY, "ward"), (Role.CLERK, "cell"), (Role.ADMINISTRATOR, "cell"), (Role.NOMINATOR, "ward"),
        (Role.CLERK, "union"),
    ],
)  # fmt: skip
def test_a_role_exists_only_over_its_kind_of_unit(ward, administrator, role, over):
    things = {"ward": ward, "cell": a_cell(under=ward), "union": a_youth_union(of=ward)}
    name = "mass_organisation" if over == "union" else "organisation"
    with pytest.raises(AppointmentRefused):
        appointing(administrator, role=role, **{name: things[over]})
    assert not Appointment.objects.filter(role=role).exclude(person=administrator.person).exists()


def test_nobody_appoints_themselves(ward, administrator):
    with pytest.raises(AppointmentRefused) as refused:
        appointing(administrator, administrator.person, organisation=ward, reads_restricted=True)
    assert len(refused.value.messages) == 1
    assert administrator.person.appointments.count() == 1


def test_the_same_role_is_not_held_twice_at_once(ward, administrator):
    person = a_person()
    appointing(administrator, person, organisation=ward, until_on=date(2026, 6, 1))
    with pytest.raises(AppointmentRefused):
        appointing(administrator, person, organisation=ward, from_on=date(2026, 5, 31))
    appointing(administrator, person, organisation=ward, from_on=date(2026, 6, 1))
    assert person.appointments.count() == 2


def test_an_appointment_is_neither_backwards_nor_over_nothing_nor_over_what_does_not_stand(ward, administrator):
    late = a_cell(under=ward, since=date(2026, 9, 1))
    for values in [
        {"organisation": ward, "until_on": TODAY},
        {},
        {"organisation": ward, "mass_organisation": a_youth_union(of=ward)},
        {"organisation": late, "role": Role.SECRETARY},
    ]:
        with pytest.raises(AppointmentRefused):
            appointing(administrator, **values)


def test_appointing_elsewhere_is_not_permitted(ward, administrator):
    with pytest.raises(NotPermitted):
        appointing(administrator, organisation=a_ward())
    with pytest.raises(NotPermitted):
        appointing(administrator, mass_organisation=a_youth_union(), role=Role.NOMINATOR)
    with pytest.raises(NotPermitted):
        appointing(a_clerk(of=ward), organisation=ward)


def test_an_appointment_ends_once_and_one_to_come_never_begins(ward, administrator):
    person = a_person()
    held = appointing(administrator, person, organisation=ward, from_on=date(2026, 6, 1))
    end_appointment(submitted_by(administrator), appointment=held, until_on=TODAY)
    held.refresh_from_db()
    assert held.until_on == held.from_on == date(2026, 6, 1)
    with pytest.raises(AppointmentRefused):
        end_appointment(submitted_by(administrator), appointment=held, until_on=OPEN)


def test_workplaces_are_recorded_in_the_own_locality_with_codes_of_their_own(ward, administrator):
    values = {"name": "Công ty", "kind": "enterprise", "ownership": "private"}
    made = found_workplace(submitted_by(administrator), code="X1", locality=ward, **values)
    assert (made.search_key, made.locality) == ("cong ty", ward)
    with pytest.raises(WorkplaceRefused):
        found_workplace(submitted_by(administrator), code="X1", locality=ward, **values)
    with pytest.raises(WorkplaceRefused):
        found_workplace(submitted_by(administrator), code="X2", locality=a_cell(under=ward), **values)
    with pytest.raises(NotPermitted):
        found_workplace(submitted_by(administrator), code="X3", locality=a_ward(), **values)
    describe_workplace(submitted_by(administrator), workplace=made, workers=7, zone="", **values | {"name": "Mới"})
    made.refresh_from_db()
    assert (made.name, made.workers, made.search_key) == ("Mới", 7, "moi")


def test_coverage_begins_and_ends_on_its_days(ward, administrator):
    cell, workplace = a_cell(under=ward), a_workplace(in_=ward)
    cover(submitted_by(administrator), organisation=cell, workplace=workplace, from_on=date(2026, 1, 1))
    uncover(submitted_by(administrator), organisation=cell, workplace=workplace, from_on=date(2026, 3, 1))
    for day, number in [((2025, 12, 31), 0), ((2026, 1, 1), 1), ((2026, 2, 28), 1), ((2026, 3, 1), 0)]:
        assert Coverage.objects.as_at(date(*day)).filter(workplace=workplace).count() == number
    with pytest.raises(WorkplaceRefused):
        uncover(submitted_by(administrator), organisation=cell, workplace=workplace, from_on=date(2026, 3, 1))
    with pytest.raises(NotPermitted):
        cover(submitted_by(administrator), organisation=cell, workplace=a_workplace(), from_on=TODAY)


def dissolving(unit: Organisation, by: Any, **destinations: Organisation) -> Organisation:
    day = date(2026, 6, 1)
    return dissolve_unit(submitted_by(by), organisation=unit, from_on=day, destinations=destinations)


def test_each_thing_left_is_named_with_its_number(ward, administrator):
    cell = a_cell(under=ward)
    a_member(cell=cell)
    a_member(cell=cell)
    covers(cell, a_workplace(in_=ward))
    with pytest.raises(StillHolds) as refused:
        dissolving(cell, administrator)
    with translation.override("en"):
        said = [str(sentence) for sentence in refused.value.messages]
    assert said == [
        "Choose first where these go: members (2).",
        "Choose first where these go: workplaces it covers (1).",
    ]
    assert cell.position(date(2026, 6, 1))


def test_who_comes_into_the_cell_later_goes_to_the_destination_too(ward, administrator):
    cell, other, target = a_cell(under=ward), a_cell(under=ward), a_cell(under=ward)
    coming = a_member(cell=other)
    with entering(TODAY) as act:
        steps.place(act, {coming: (cell, date(2026, 9, 1))})
    dissolving(cell, administrator, members=target)
    cells = [Placement.objects.as_at(day).get(person=coming).cell for day in (date(2026, 8, 31), date(2026, 9, 1))]
    assert cells == [other, target]


def test_a_destination_must_fit_and_be_the_actors(ward, administrator):
    cell = a_cell(under=ward)
    a_member(cell=cell)
    with pytest.raises(StillHolds):
        dissolving(cell, administrator, members=ward)
    with pytest.raises(StillHolds):
        dissolving(cell, administrator, members=cell)
    with pytest.raises(NotPermitted):
        dissolving(cell, administrator, members=a_cell())
    assert cell.position(date(2026, 6, 1))


def test_officers_go_with_the_members_where_a_destination_is_named(ward, administrator):
    cell, target = a_cell(under=ward), a_cell(under=ward)
    secretary = a_secretary(of=cell).person
    dissolving(cell, administrator, officers=target)
    held = list(secretary.appointments.order_by("from_on").values_list("organisation", "from_on", "until_on"))
    assert held[0][0::2] == (cell.pk, date(2026, 6, 1))
    assert held[1] == (target.pk, date(2026, 6, 1), OPEN)


def test_a_sub_committee_goes_with_its_cells(administrator, ward):
    sub, other = a_sub_committee(under=ward), a_sub_committee(under=ward)
    cell = a_cell(under=sub)
    move_unit(submitted_by(administrator), organisation=sub, parent=other, from_on=TODAY)
    assert cell.position(TODAY).path.startswith(other.position(TODAY).path)


def test_a_move_out_of_the_own_subtree_needs_the_right_over_both(ward, administrator):
    cell, foreign = a_cell(under=ward), a_ward(under=a_town())
    with pytest.raises(NotPermitted):
        move_unit(submitted_by(administrator), organisation=cell, parent=foreign, from_on=TODAY)
    assert cell.position(TODAY).parent == ward


# Nobody lifts themselves ----------------------------------------------------------------------------------------------


def test_nobody_founds_a_unit_with_themselves_as_its_secretary(ward, administrator):
    new = {"code": "NEW", "name": "Chi bộ mới", "kind": "cell", "parent": ward, "from_on": TODAY}
    with pytest.raises(AppointmentRefused):
        found_unit(submitted_by(administrator), **new, secretary=administrator.person)
    assert not Organisation.objects.filter(code="NEW").exists()
    assert not Appointment.objects.filter(person=administrator.person, role=Role.SECRETARY).exists()


def test_officers_of_a_cell_become_officers_of_a_cell_only(ward, administrator):
    cell, other = a_cell(under=ward), a_cell(under=ward)
    secretary = a_secretary(of=cell)
    with pytest.raises(OperationRefused):
        dissolving(cell, administrator, officers=ward)
    assert Appointment.objects.get(person=secretary.person).organisation == cell
    dissolving(cell, administrator, officers=other)
    [held] = Appointment.objects.in_force(date(2026, 6, 1)).filter(person=secretary.person)
    assert (held.organisation, held.role) == (other, Role.SECRETARY)


def test_nobody_takes_their_own_office_along_to_another_unit(ward, administrator):
    group, other = a_sub_committee(under=ward), a_sub_committee(under=ward)
    Appointment.objects.create(person=administrator.person, organisation=group, role=Role.CLERK, from_on=TODAY)
    with pytest.raises(AppointmentRefused):
        dissolving(group, administrator, officers=other)
    assert not Appointment.objects.filter(organisation=other).exists()
