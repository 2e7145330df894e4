"""The walk would notice: with the scope of one model taken away, every view that shows that model is caught."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db.models import Q

from foundation import statements
from membership import scope
from membership.models import ImportBatch, Organisation, Person, User, Workplace
from recruitment.models import Candidate
from reports import places
from tests.walk.town import BRANCH_B
from tests.walk.walk import Route, ask, given_away, queries, routes

# Views that show rows of a model which their declaration does not name.
ALSO_SHOWN = {
    Person: {"search", "suggest_person"},
    Organisation: {"search", "suggest_unit"},
    Workplace: {"search"},
}
# Views that name a model, but show none of its rows: forms for new ones, empty templates, invented samples. The fields
# of forms look people and units up by what is typed; `test_tampering` types the foreign ones.
SHOW_NO_ROWS = {
    "member_new", "member_receive", "candidate_new", "past_admission_new", "twins", "import_template", "style",
    "work_put_off", "candidates_together",  # what they answer to a POST: recruitment/test_putting_off, test_together
}  # fmt: skip
# Figures have a scope of their own (`reports.places`): the last test takes it away.
FIGURES = {"progress", "progress_units", "progress_months", "figure_list"}
SEES_MOST = ("restricted", "town", "administrator")


@pytest.fixture(autouse=True)
def mutated(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., None]]:
    """Takes the place of something; no statement that was put together before, or is now, stays."""

    def instead(*what: Any) -> None:
        monkeypatch.setattr(*what)
        statements.forget()

    yield instead
    statements.forget()


def _shows(model: Any) -> set[str]:
    named = {route.name for route in routes() if route.declaration.model is model}
    return (named - SHOW_NO_ROWS - FIGURES) | ALSO_SHOWN.get(model, set())


def _caught(town: Any, route: Route) -> bool:
    """Whether the walk's checks fail at the address: a marker of the foreign branch, or another answer than 404."""
    for role in SEES_MOST:
        if route.model:
            key = town.object(route.model, role, "foreign")
            entry = key if route.model is Candidate else 0
            if ask(town.clients[role], "GET", route.addresses(key, entry)[0]).status != 404:
                return True
            continue
        for query in queries(town):
            answer = ask(town.clients[role], "GET", f"{route.addresses(None)[0]}?{query}")
            if given_away(answer, town.markers(*BRANCH_B)):
                return True
    return False


def _not_caught(town: Any, names: set[str]) -> list[str]:
    return sorted(route.name for route in routes() if route.name in names and not _caught(town, route))


@pytest.mark.parametrize("model", [Organisation, Person, Candidate, Workplace, User, ImportBatch])
def test_a_scope_that_lets_everything_through_is_caught_at_every_view_of_the_model(walked, mutated, model):
    names = _shows(model)
    assert names
    assert _not_caught(walked, names) == sorted(names)
    rows = type(model.objects.all())
    for door in {"visible_to", "in_reach_of"} & set(dir(rows)):
        mutated(rows, door, _everything)
    if model is Person:  # names are looked for in the reader's cells before it is asked whom the reader may see
        mutated(scope, "likely_names", lambda *asked: (_everything(Person.objects.all(), *asked), "pk"))
    assert _not_caught(walked, names) == []


def _everything(rows: Any, user: Any, capability: str = "", words: Any = ()) -> Any:
    return rows.filter(*(Q(search_key__contains=word) for word in words))


def test_every_model_of_a_declaration_is_tried(walked):
    tried = {Organisation, Person, Candidate, Workplace, User, ImportBatch}
    assert {route.declaration.model for route in routes() if route.declaration.model} <= tried


@pytest.mark.parametrize("name", sorted(FIGURES))
def test_figures_of_every_unit_are_caught(walked, mutated, name):
    assert _not_caught(walked, {name}) == [name]
    mutated(places, "held_units", lambda user: None)
    assert _not_caught(walked, {name}) == []


def test_a_scope_that_forgets_its_paths_is_caught_everywhere(walked, mutated):
    _lets_all(mutated)
    names = set().union(*(_shows(model) for model in (Organisation, Person, Candidate)))
    assert _not_caught(walked, names) == []


def _lets_all(patch: Callable[..., None]) -> None:
    patch(scope, "standing_in", lambda user, paths, field, of_few=False: Q(pk__isnull=False))
