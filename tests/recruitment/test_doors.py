"""What this floor tells the one below: who may be known as a candidate, and what hangs on a unit."""

from datetime import date

import pytest

from foundation.operation import NotPermitted, OperationRefused
from membership import dependants, scope
from membership import steps as membership_steps
from membership.forms.fields import called
from membership.models import NameInCell, Person, Role
from membership.operations.organisations import dissolve_unit
from membership.operations.people import reveal_identity
from recruitment import steps
from recruitment.models import Candidate, CandidateStanding, Meeting
from tests.builders import (
    a_candidate,
    a_cell,
    a_clerk,
    a_member,
    a_person,
    a_secretary,
    a_town,
    a_ward,
    an_act,
    an_administrator,
    an_official,
    appointed,
    as_user,
    left,
    on_day,
    submitted_by,
)

pytestmark = pytest.mark.django_db
DAY = date(2024, 10, 1)


def known_to(user):
    """Whom the user knows: asked of each, as a list, and as a search, in whichever order the database goes about it."""
    scope._are_most.cache_clear()
    known = set(Person.objects.visible_to(as_user(user)))
    assert set(Person.objects.in_reach_of(as_user(user))) == known
    for words in (["a"], ["a", "n"]):
        has = {one.pk: [word in one.search_key for word in words] for one in known}
        assert set(Person.objects.in_reach_of(as_user(user), words=words)) == {one for one in known if all(has[one.pk])}
        either = Person.objects.in_reach_of(as_user(user), words=words, any_of_them=True)
        assert set(either) == {one for one in known if any(has[one.pk])}
    return known


def test_a_candidate_is_known_to_the_offices_above_and_to_nobody_else():
    town = a_town()
    candidate = a_candidate(a_cell(under=a_ward(under=town)))
    knowing = [a_secretary(of=candidate.cell), a_clerk(of=town), an_official(of=town, names=True)]
    others = [a_secretary(of=a_cell()), a_clerk(of=a_town()), an_official(of=town), an_administrator(of=town)]
    assert all(candidate.person in known_to(user) for user in knowing)
    assert not any(candidate.person in known_to(user) for user in others)
    assert [candidate in Candidate.objects.visible_to(as_user(user)) for user in (*knowing, *others)] == [
        *[True] * 3,
        *[False] * 4,
    ]


def test_who_reads_few_of_all_units_finds_the_same_as_who_reads_most():
    town, other = a_town(), a_town()
    cells = [a_cell(under=a_ward(under=town)), *(a_cell(under=a_ward(under=other)) for _ in range(3))]
    people = [a_member(cell) for cell in cells] + [a_candidate(cell).person for cell in cells]
    few, most = a_clerk(of=town), a_clerk(of=other)
    assert known_to(few) & set(people) == {people[0], people[4]}
    assert known_to(most) & set(people) == set(people) - {people[0], people[4]}
    begun_with_names = [scope._are_most(tuple(scope.reach(as_user(one), "person.read")), DAY) for one in (few, most)]
    assert begun_with_names == [False, True]


@pytest.mark.parametrize("others", [0, 9])
def test_namesakes_who_are_somebody_elses_now_hide_nobody(others):
    """Of many who are called so the first are asked whether they are known; where too few are, all."""
    town, other = a_town(), a_town()
    cell, far = a_cell(under=a_ward(under=town)), a_cell(under=a_ward(under=other))
    for _ in range(others):
        a_ward(under=other)  # the reader's are most of all units, or few
    gone = [a_member(cell, full_name="Lê Văn An") for _ in range(5)]
    membership_steps.place(an_act(), dict.fromkeys(gone, (far, DAY)))
    mine = [a_member(cell, full_name="Lê Văn Ánh"), a_candidate(cell, person=a_person(full_name="Lê Văn Âu")).person]
    with on_day(DAY):
        scope._are_most.cache_clear()
        found = [called(as_user(a_clerk(of=town)), "le van", most=most) for most in (1, 2, 3, 20)]
    assert found == [mine[:1], mine, mine, mine]


def test_a_withdrawn_candidate_stays_known_a_member_elsewhere_does_not():
    cell = a_cell()
    secretary = a_secretary(of=cell)
    withdrawn = a_candidate(cell)
    member = a_person()
    gone = a_candidate(cell, person=member)
    for candidate in (withdrawn, gone):
        left(candidate)
    elsewhere = a_candidate(a_cell(), nominated_on=date(2024, 2, 5), person=member)
    steps.hold_ceremonies(an_act(), [{"candidate": elsewhere, "happened_on": date(2024, 9, 2)}])
    assert withdrawn.person in known_to(secretary)
    assert member not in known_to(secretary)


def test_names_stand_by_cell_however_they_came_there():
    first, second = a_cell(), a_cell()
    moved, renamed, candidate = a_member(first), a_member(first), a_candidate(first)
    membership_steps.place(an_act(), {moved: (second, DAY)})
    membership_steps.describe_person(an_act(), renamed, {"full_name": "Đỗ Thị Mơ"})
    steps.move_candidacies(an_act(), [candidate], second)
    standing = set(NameInCell.objects.values_list("cell", "person", "full_name", "search_key", "sort_key"))
    renamed.refresh_from_db()
    assert renamed.full_name == "Đỗ Thị Mơ"
    for cell, person in ((first, moved), (second, moved), (first, renamed), (second, candidate.person)):
        assert (cell.pk, person.pk, person.full_name, person.search_key, person.sort_key) in standing
    membership_steps.describe_person(an_act(), renamed, {"full_name": "Đỗ Thị Mở"})  # looked for by the same words
    assert [one.full_name for one in NameInCell.objects.filter(person=renamed)] == ["Đỗ Thị Mở"]


def counts(unit):
    return {one.name: number for one, number in dependants.of(unit, DAY)}


def test_candidacies_meetings_and_classes_hang_on_a_unit():
    cell = a_cell()
    a_candidate(cell)
    a_candidate()
    steps.book_meetings(an_act(), [{"organisation": cell, "held_on": DAY}])
    steps.book_meetings(an_act(), [{"organisation": cell, "held_on": date(2024, 9, 30)}])
    row = {"unit": cell, "name": "Lớp 1", "issuer": "TTCT", "begins_on": DAY, "ends_on": DAY}
    steps.plan_class(an_act(), row)
    found = counts(cell)
    assert (found["candidacies"], found["meetings"], found["classes"]) == (1, 1, 1)


def test_a_cell_with_candidates_is_dissolved_only_with_a_destination_for_them():
    ward = a_ward()
    cell, other = a_cell(under=ward), a_cell(under=ward)
    candidate = a_candidate(cell)
    administrator = an_administrator(of=ward)
    with on_day(DAY), pytest.raises(OperationRefused):
        dissolve_unit(submitted_by(administrator), organisation=cell, from_on=DAY, destinations={})
    with on_day(DAY):
        destinations = {one.name: other for one, number in dependants.of(cell, DAY) if number}
        dissolve_unit(submitted_by(administrator), organisation=cell, from_on=DAY, destinations=destinations)
    candidate.refresh_from_db()
    assert candidate.cell == other
    assert CandidateStanding.objects.get(candidate=candidate).assessed_on == DAY


def test_a_planned_meeting_that_moves_is_that_of_the_unit_it_comes_to_if_they_fall_on_one_day():
    ward = a_ward()
    cell, other = a_cell(under=ward), a_cell(under=ward)
    days = [DAY, date(2024, 11, 8), date(2024, 11, 9)]
    steps.book_meetings(an_act(), [{"organisation": cell, "held_on": day} for day in days[:2]])
    steps.book_meetings(an_act(), [{"organisation": other, "held_on": day} for day in days[1:]])
    with on_day(DAY):
        destinations = {one.name: other for one, number in dependants.of(cell, DAY) if number}
        dissolve_unit(
            submitted_by(an_administrator(of=ward)), organisation=cell, from_on=DAY, destinations=destinations
        )
    assert sorted(Meeting.objects.values_list("organisation", "held_on")) == [(other.pk, day) for day in days]


def test_a_helper_of_the_cell_does_not_become_known_through_the_candidate():
    candidate = a_candidate()
    stranger = a_member(a_cell())
    steps.assign_helpers(an_act(), [{"candidate": candidate, "person": stranger, "from_on": DAY}])
    assert stranger not in known_to(a_secretary(of=candidate.cell))


def test_a_cell_is_not_dissolved_over_a_candidacy_that_was_opened_after_the_day():
    ward = a_ward()
    cell = a_cell(under=ward)
    a_candidate(cell, nominated_on=date(2024, 9, 2))
    august = {"organisation": cell, "from_on": date(2024, 8, 1), "destinations": {}}
    with on_day(DAY), pytest.raises(OperationRefused):
        dissolve_unit(submitted_by(an_administrator(of=ward)), **august)
    assert cell.position(DAY)


def test_who_reads_restricted_fields_elsewhere_reads_none_of_a_candidate():
    town = a_town()
    cell, other = a_cell(under=a_ward(under=town)), a_ward(under=town)
    candidate = a_candidate(cell)
    clerk = a_clerk(of=cell)
    appointed(Role.CLERK, other, person=clerk.person, reads_names=True, reads_restricted=True)
    assert candidate.person in known_to(clerk)
    assert candidate.person.permission_unit() == cell
    with pytest.raises(NotPermitted):
        reveal_identity(submitted_by(clerk), person=candidate.person)
    assert reveal_identity(submitted_by(a_clerk(of=cell, restricted=True)), person=candidate.person)


def test_a_closed_candidacy_of_a_dissolved_cell_belongs_to_whoever_follows_it(client):
    town = a_town()
    ward, other = a_ward(under=town), a_ward(under=town)
    alone, continued, successor = a_cell(under=ward), a_cell(under=ward), a_cell(under=other)
    kept, followed = a_candidate(alone), a_candidate(continued)
    for one in (kept, followed):
        left(one)
    membership_steps.dissolve(an_act(), [alone], DAY)
    membership_steps.dissolve(an_act(), [continued], DAY, [successor])
    with on_day(DAY):
        for user, theirs in (
            (a_clerk(of=ward), [kept]),
            (a_clerk(of=other), [followed]),
            (a_clerk(of=town), [kept, followed]),
        ):
            assert list(Candidate.objects.visible_to(as_user(user)).order_by("pk")) == theirs
            assert {one.person for one in theirs} <= known_to(user)
            client.force_login(user)
            for one in (kept, followed):
                wanted = 200 if one in theirs else 404
                assert client.get(one.get_absolute_url()).status_code == wanted
                assert client.get(one.cell.get_absolute_url()).status_code == wanted
