"""Every address × method × role × relation: the status is the oracle's, and nothing of the foreign branch is told."""

import pytest
from django.http import HttpResponse
from django.urls import URLResolver, path
from django.urls.resolvers import RegexPattern

from recruitment.models import Candidate
from tests.walk import oracle
from tests.walk.town import BRANCH_B, MISSING, RELATIONS, ROLES
from tests.walk.walk import METHODS, Route, ask, blanked, given_away, queries, routes, undeclared, writes

READS = ("GET", "HEAD", "OPTIONS")
THOROUGH = ("anonymous", "secretary", "restricted", "figures", "town")  # these try every step and every figure
JUNK = "walk=1"  # a POST that holds nothing a form asks for
ASKING = ("none", "secretary", "figures", "administrator", "town")  # roles that lists differ for


def test_every_view_says_what_it_shows():
    assert undeclared(routes()) == []


def test_every_address_stands_in_the_oracle_and_nothing_else_does():
    assert sorted(route.name for route in routes()) == sorted(oracle.ADDRESSES)


def test_a_view_added_without_a_declaration_fails_the_walk():
    def bare(request):
        return HttpResponse()

    added = URLResolver(RegexPattern(r"^/"), [path("bare/", bare, name="bare"), path("nameless/", bare)])
    assert undeclared(routes(added)) == ["bare", "unnamed: nameless/"]


def test_the_oracle_knows_every_row_that_can_be_asked_for(walked):
    unknown = [
        (route.name, relation)
        for route in routes()
        for relation in _relations(route)
        if relation not in oracle.relations(route.name)
        and any(walked.object(route.model, role, relation) for role in ROLES if route.model)
    ]
    assert unknown == []


def _relations(route: Route) -> tuple[str, ...]:
    return RELATIONS if route.model else ("-",)


def _addresses(town, route: Route, role: str, relation: str, method: str = "GET") -> list[str]:
    """Every value of the other arguments for what is one's own, one of them for the rest and for other roles."""
    key = town.object(route.model, role, relation) if route.model else None
    if route.model and key is None:
        return []
    found = route.addresses(key, key if route.model is Candidate else MISSING)
    every = relation in ("own", "-") and role in THOROUGH and method in ("GET", "POST")
    return found if every else found[:1]


@pytest.mark.parametrize("role", ROLES)
def test_every_address_answers_as_the_oracle_says(walked, role):
    wrong = []
    for route in routes():
        for relation in oracle.relations(route.name):
            for method in METHODS:
                should = oracle.expected(route.name, method, role, relation)
                for address in _addresses(walked, route, role, relation, method) if should else []:
                    wrong += _differences(walked, role, method, address, should)
    assert wrong == []


def _differences(town, role: str, method: str, address: str, should: int) -> list[str]:
    with writes() as written:
        answer = ask(town.clients[role], method, address, JUNK if method == "POST" else None)
    wrong = [] if answer.status == should else [f"{method} {address}: {answer.status}, not {should}"]
    if should == 302 and role in ("anonymous", "deactivated") and not _to_the_door(answer):
        wrong.append(f"{method} {address}: not to the sign-in page")
    if method in READS and written:
        wrong.append(f"{method} {address} writes: {written[0]}")
    return wrong + [f"{method} {address} tells {marker}" for marker in given_away(answer, town.markers(*BRANCH_B))]


def _to_the_door(answer) -> bool:
    return answer.response.headers["Location"].startswith("/sign-in/")


@pytest.mark.parametrize("role", [role for role in ROLES if role not in ("anonymous", "deactivated")])
def test_what_is_foreign_is_answered_as_what_is_missing(walked, role):
    differ = []
    for route in routes():
        if route.model:
            for method in ("GET", "HEAD", "POST", "DELETE"):
                told = [_told(walked, route, role, method, relation) for relation in ("foreign", "missing")]
                if told[0] != told[1]:
                    differ.append(f"{method} {route.name}")
    assert differ == []


def _told(town, route: Route, role: str, method: str, relation: str) -> tuple[int, str] | None:
    key = town.object(route.model, role, relation)
    if key is None:
        return None
    entry = town.object(Candidate, role, "foreign") if route.model is Candidate else MISSING
    address = route.addresses(key, entry)[0]
    answer = ask(town.clients[role], method, address, JUNK if method == "POST" else None)
    return answer.status, blanked(answer.text, address)


@pytest.mark.parametrize("role", ASKING)
def test_no_question_in_an_address_fetches_anything_foreign(walked, role):
    wrong = []
    for route in routes():
        if route.model or oracle.expected(route.name, "GET", role, "-") in (403, 302):
            continue
        for address in route.addresses(None)[:2]:
            for query in queries(walked):
                answer = ask(walked.clients[role], "GET", f"{address}?{query}")
                if answer.status not in (200, 400, 403, 404):
                    wrong.append(f"{address}?{query}: {answer.status}")
                wrong += [f"{address}?{query} tells {m}" for m in given_away(answer, walked.markers(*BRANCH_B))]
    assert wrong == []


@pytest.mark.parametrize(
    ("role", "others"),
    [
        ("secretary", ("cell A2", "cell S1", "cell P1")),
        ("clerk", ("cell S1", "cell P1")),
        ("names", ("cell S1", "cell P1")),
        ("figures", ("cell S1", "cell P1")),
        ("administrator", ("cell S1", "cell P1")),
        ("organiser", ("cell A1", "cell A2", "cell S1", "cell P1")),
        ("nominator", ("cell A1", "cell A2", "cell S1", "cell P1")),
        ("inspector", ("cell A1", "cell A2", "cell S1", "cell P1")),
        ("ended", ("cell A1", "cell A2", "cell S1", "cell P1")),
    ],
)
def test_cells_of_the_own_branch_are_closed_to_those_they_do_not_belong_to(walked, role, others):
    wrong = []
    for route in routes():
        for relation in _relations(route):
            for address in _addresses(walked, route, role, relation):
                query = "?q=zoqua" if route.name in ("search", "suggest_person", "members", "candidates") else ""
                answer = ask(walked.clients[role], "GET", f"{address}{query}")
                wrong += [f"{address}{query} tells {marker}" for marker in given_away(answer, walked.markers(*others))]
    assert wrong == []
