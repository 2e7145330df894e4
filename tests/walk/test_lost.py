"""Rights have dates: what is lost is lost at the next request, and a former unit sees nothing newer."""

from datetime import timedelta

import pytest

from membership import steps
from membership.models import Appointment, ImportBatch, Organisation, Person, Workplace
from recruitment import steps as recruitment_steps
from recruitment.models import Candidate
from tests import builders
from tests.walk import oracle
from tests.walk.town import DAY, rolled_back
from tests.walk.walk import ask, given_away, routes, writes

NEWER = "zqnewer"


def _own(town, name, role):
    route = next(route for route in routes() if route.name == name)
    key = town.object(route.model, role, "own") if route.model else None
    return route.addresses(key, key if route.model is Candidate else 0)[0]


@pytest.mark.parametrize("role", ["secretary", "clerk", "restricted", "names", "figures", "administrator", "town"])
def test_an_ended_appointment_opens_nothing_at_the_next_request(walked, role):
    open_to = [
        name for name in oracle.ADDRESSES if _letter(name, role) == "y" and oracle.ADDRESSES[name][0] != "account"
    ]
    addresses = {name: _own(walked, name, role) for name in open_to}
    before = {name: ask(walked.clients[role], "GET", address).status for name, address in addresses.items()}
    assert set(before.values()) <= {200, 302}
    Appointment.objects.filter(person=walked.users[role].person).update(until_on=DAY)
    after = {name: ask(walked.clients[role], "GET", address).status for name, address in addresses.items()}
    assert {name for name, status in after.items() if status not in (403, 404)} == set()


def _letter(name, role):
    profile = oracle.ADDRESSES[name][0]
    if profile in ("everybody", "signed in"):
        return "."
    return oracle.PROFILES[profile, oracle.relations(name)[0]][role]


def test_a_post_after_the_appointment_ended_writes_nothing(walked):
    address = _own(walked, "member_end", "clerk")
    Appointment.objects.filter(person=walked.users["clerk"].person).update(until_on=DAY)
    with writes() as written:
        answer = ask(walked.clients["clerk"], "POST", address, "status=resigned&from_on=01/10/2024&reason=x")
    assert (answer.status, written) == (404, [])


def test_an_uploaded_file_closes_with_the_right_to_import(walked):
    batch = walked.places["ward A"].rows[ImportBatch]
    assert (
        batch.uploaded_by_id == walked.users["town"].pk
        or ask(walked.clients["clerk"], "GET", f"/register/import/{batch.pk}/").status == 404
    )


def test_a_deactivated_account_is_a_stranger_at_the_next_request(walked):
    client, user = walked.clients["clerk"], walked.users["clerk"]
    type(user).objects.filter(pk=user.pk).update(is_active=False)
    assert ask(client, "GET", "/members/").response.headers["Location"].startswith("/sign-in/")


@pytest.fixture
def moved(walked):
    """A member and candidate of cell A1 belongs to the foreign cell B1 since yesterday, which writes newer things."""
    foreign, day = walked.places["cell B1"].unit, DAY - timedelta(days=1)
    person = walked.places["cell A1"].rows[Person]
    candidate = builders.a_probationary_member(
        walked.places["cell A1"].unit,
        by=walked.places["town A"].unit,
        person=builders.a_person(full_name="Zoqua moved"),
    )
    people = [person, candidate.person]
    with builders.entering(day) as act:
        rows = [
            {"person": one, "kind": "within", "from_cell": candidate.cell, "to_cell": foreign, "happened_on": day}
            for one in people
        ]
        steps.transfer(act, rows)
    with builders.entering(DAY) as act:
        for one in people:
            fresh = Person.objects.get(pk=one.pk)
            steps.describe_person(act, fresh, {"phone": NEWER, "residence": NEWER, "home_town": NEWER})
        builders.works(candidate.person, title=NEWER, since=day)
    return walked, people, candidate


@pytest.mark.parametrize("role", ["secretary", "clerk", "restricted", "names", "town"])
def test_an_old_candidacy_shows_nothing_newer_of_who_became_a_member_elsewhere(walked, role):
    candidate = builders.a_candidate(walked.places["cell A1"].unit, person=builders.a_person(full_name="Zoqua gone"))
    foreign, person = walked.places["cell B1"].unit, candidate.person
    with builders.entering(DAY - timedelta(days=9)) as act:
        recruitment_steps.record(
            act, [{"candidate": candidate, "kind": "withdraw", "happened_on": DAY - timedelta(days=9)}]
        )
    with builders.entering(DAY - timedelta(days=1)) as act:
        steps.place(act, {person: (foreign, DAY - timedelta(days=1))})
        fresh = Person.objects.get(pk=person.pk)
        steps.describe_person(act, fresh, {"phone": NEWER, "residence": NEWER, "ethnicity": NEWER})
        fresh.identity_number = "912345678912"
        fresh.save()
    builders.works(person, title=NEWER, since=DAY - timedelta(days=1))
    wrong = []
    for page in ("", "edit/", "document/", "call/"):
        for method in ("GET", "POST"):
            answer = ask(walked.clients[role], method, f"/candidates/{candidate.pk}/{page}", "walk=1")
            wrong += [
                f"{method} {page} tells {found}" for found in given_away(answer, [NEWER, "912345678912", "678912"])
            ]
    columns = "&".join(f"columns={name}" for name in ("residence", "phone", "ethnicity", "born"))
    for kind in ("", "&format=csv", "&format=print"):
        answer = ask(walked.clients[role], "GET", f"/candidates/?state=all{kind}&{columns}")
        wrong += [f"list{kind} tells {found}" for found in given_away(answer, [NEWER])]
    assert wrong == []
    body = f"full_name=Overwritten&sex=female&born_on=1994&version={candidate.version}"
    with rolled_back():
        walked.clients[role].post(
            f"/candidates/{candidate.pk}/edit/", dict(pair.split("=") for pair in body.split("&"))
        )
        assert Person.objects.get(pk=person.pk).full_name == "Zoqua gone"


@pytest.mark.parametrize("role", ["secretary", "clerk", "restricted", "names", "town"])
def test_after_a_transfer_the_former_unit_sees_nothing_newer(moved, role):
    town, people, candidate = moved
    client, wrong = town.clients[role], []
    addresses = [
        *(f"/people/{one.pk}/" for one in people),
        *(f"/people/{one.pk}/{page}/" for one in people for page in ("describe", "place", "end", "send", "identity")),
        f"/candidates/{candidate.pk}/",
        f"/candidates/{candidate.pk}/edit/",
        f"/candidates/{candidate.pk}/document/",
        "/candidates/?state=all",
        "/candidates/?state=all&format=csv",
        "/members/?q=zoqua",
        "/members/?format=csv",
        "/search/?q=zoqua",
        "/suggest/person/?q=zoqua",
        "/figures/members/",
        "/figures/members/?as_at=01/09/2024",
        "/figures/admitted/",
        "/figures/admitted/?format=csv",
    ]
    for address in addresses:
        answer = ask(client, "GET", address)
        wrong += [
            f"{address} tells {found}" for found in given_away(answer, [NEWER, *town.markers("cell B1", "ward B")])
        ]
        if "/people/" in address and answer.status not in (403, 404):
            wrong.append(f"{address}: {answer.status}")
    assert wrong == []


def test_the_former_unit_writes_nothing_about_who_has_moved(moved):
    town, people, candidate = moved
    body = "full_name=Other&sex=female&born_on=1994&version=1"
    for role in ("secretary", "clerk", "town"):
        for address in (f"/people/{people[1].pk}/describe/", f"/candidates/{candidate.pk}/edit/"):
            answer = ask(town.clients[role], "POST", address, body)
            assert answer.status in (403, 404, 422), (role, address, answer.status)


def test_after_a_unit_moved_its_former_committee_sees_nothing_newer(walked):
    here = Workplace.objects.filter(name__contains=walked.places["cell A2"].marker)
    here.update(withdrawn=True)  # it lies in ward A, and would stay
    cell, ward = walked.places["cell A2"].unit, walked.places["ward B"].unit
    with builders.entering(DAY) as act:
        steps.move(act, Organisation.objects.get(pk=cell.pk), ward, DAY)
    with builders.entering(DAY) as act:
        steps.describe_person(act, Person.objects.get(pk=walked.places["cell A2"].rows[Person].pk), {"phone": NEWER})
    for role in ("clerk", "restricted", "names", "figures", "administrator", "town"):
        for relation in ("child",):
            for route in routes():
                if route.model in (Organisation, Person, Candidate):
                    key = walked.places["cell A2"].rows[route.model].pk
                    answer = ask(walked.clients[role], "GET", route.addresses(key, key)[0])
                    assert answer.status == 404, (role, route.name, relation)
        for address in (
            "/units/",
            "/members/?q=zoqua",
            "/candidates/?state=all",
            "/search/?q=zoqua",
            "/figures/members/",
        ):
            told = given_away(ask(walked.clients[role], "GET", address), [walked.places["cell A2"].marker, NEWER])
            assert told == [], (role, address)
