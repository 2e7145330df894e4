"""200 hostile values meet every field of every form and every parameter: refused in a sentence, nothing half-saved."""

import functools
import re
from html.parser import HTMLParser
from urllib.parse import quote

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, models

from membership.models import SignInBudget
from recruitment.models import Candidate
from tests.hostile import HOSTILE
from tests.walk import oracle
from tests.walk.town import models_of_ours, rolled_back
from tests.walk.walk import Route, routes, writes

LONG = 100_000
POISON = [value for value in HOSTILE if "\0" in value or re.search("[\ud800-\udfff]", value)]  # refused before any view
HUGE = [value for value in HOSTILE if len(value) > LONG]
PLAIN = [value for value in HOSTILE if value not in POISON and value not in HUGE]
HTMX = {"HTTP_HX_REQUEST": "true"}  # the changed part of a page alone: the same view, a third of the time
_WATCHED = ("ready",)  # says 503 of the tests' own database, which a power cut may lose
# Forms whose page cannot be opened by GET: fields every form of an operation has.
_KNOWN: dict[str, list[str]] = {}  # of each page, the parameters it takes: asked once
UNSEEN = {
    "person_identity": [],
    "candidate_undo": ["version", "key", "reason", "seen"],
    "twins": ["full_name", "born_on"],
    "candidates_together": ["chosen", "shown", "happened_on", "ask"],
    "work_put_off": ["chosen", "until_on", "ask", "back"],
}
WHO = {"account_slip": "administrator", "person_identity": "restricted"}
PARAMETERS = (
    "q", "unit", "status", "sex", "kind", "sector", "sort", "page", "page_size", "format", "columns", "stage", "state",
    "group", "overdue", "as_at", "known_on", "first", "last", "period", "tree", "reason", "capability", "field", "next",
    "source", "cell", "body", "switch",
)  # fmt: skip


@pytest.fixture(autouse=True)
def quick_hashes(settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(autouse=True)
def compared_once_a_value(what_is_kept_is_compared, monkeypatch):
    """The same readers ask thousands of times: a kept statement is compared for each value that meets it, once."""
    met = set()

    def is_new(label, _fixed, values):
        before = len(met)
        met.add((label, values))
        return len(met) > before

    monkeypatch.setattr("foundation.statements.compared", is_new)


class _Fields(HTMLParser):
    """Names of the fields of the page's own POST forms."""

    def __init__(self) -> None:
        super().__init__()
        self.names: list[str] = []
        self.inside = False

    def handle_starttag(self, tag, attrs):
        values = dict(attrs)
        if tag == "form":
            self.inside = values.get("method", "get").lower() == "post" and values.get("action", "") in ("", None)
        elif tag in ("input", "select", "textarea") and self.inside:
            name = values.get("name") or "csrfmiddlewaretoken"
            if name not in (*self.names, "csrfmiddlewaretoken"):
                self.names.append(name)

    def handle_endtag(self, tag):
        self.inside = self.inside and tag != "form"


def _who(route: Route) -> str:
    return "anonymous" if route.name in ("account_login", "redeem", "language") else WHO.get(route.name, "town")


def _form_addresses(town) -> list[tuple[str, str, list[str]]]:
    """(role, address, fields) of every form; steps with the same fields once."""
    found, seen = [], set()
    for route in routes():
        if oracle.ADDRESSES[route.name][2] == "405":
            continue
        role = _who(route)
        key = town.object(route.model, role, "own") if route.model else None
        for address in route.addresses(key, key if route.model is Candidate else 0):
            names = UNSEEN[route.name] if route.name in UNSEEN else _fields(town.clients[role], address)
            if (route.name, *names) not in seen:
                seen.add((route.name, *names))
                found.append((role, address, names))
    return found


def _fields(client, address: str) -> list[str]:
    with rolled_back():
        page = _Fields()
        page.feed(client.get(address).content.decode())
    return page.names


def _encoded(values: dict[str, str]) -> str:
    return "&".join(f"{_quoted(name)}={_quoted(value)}" for name, value in values.items())


@functools.cache
def _quoted(text: str) -> str:
    return quote(text.encode(errors="surrogatepass"), safe="")


def _sizes() -> dict[type[models.Model], tuple[int, int]]:
    """How many rows each table has, and what their versions add up to."""
    found = {}
    for model in models_of_ours():
        if model is SignInBudget:  # failed attempts are counted
            continue
        rows = model._base_manager
        has_version = any(one.name == "version" for one in model._meta.concrete_fields)
        total = rows.aggregate(sum=models.Sum("version"))["sum"] if has_version else 0
        found[model] = (rows.count(), total or 0)
    return found


SENTENCE = re.compile(r'role="alert"|invalid-feedback|errorlist|Reference number|class="signal"|<p>[^<]{10,}[.]</p>')


def _post(town, role: str, address: str, values: dict[str, str], before: dict, files: dict | None = None) -> list[str]:
    """What is wrong with the answer."""
    client, cookies = town.clients[role], town.clients[role].cookies.copy()
    with rolled_back(), writes() as written:
        if files:
            response = client.post(address, {**values, **files}, **HTMX)
        else:
            response = client.generic("POST", address, _encoded(values), "application/x-www-form-urlencoded", **HTMX)
        wrong = []
        said = f"{address} { ({k: v[:30] for k, v in values.items()}) }"[:600]
        if response.status_code >= 500:
            wrong.append(f"{response.status_code}: {said}")
        elif response.status_code >= 400:
            if not SENTENCE.search(response.content.decode()):
                wrong.append(f"{response.status_code} without a sentence: {said}")
            if written and _sizes() != before:
                wrong.append(f"{response.status_code}, and written: {said}")
    client.cookies = cookies
    return wrong


def _half(values: list[str]) -> range:
    """Places of the values that meet this database: every second here, the others on the other one."""
    return range(connection.vendor == "postgresql", len(values), 2)


def test_every_field_of_every_form_meets_every_value(walked):
    """Every value, where a form has a field that no form before it had; else every tenth."""
    before, wrong, met = _sizes(), [], set()
    forms = sorted(_form_addresses(walked), key=lambda form: -len(form[2]))
    assert len(forms) > 30
    for role, address, names in forms:
        new = bool(set(names) - met)
        met |= set(names)
        for at in _half(PLAIN) if new else range(0, len(PLAIN), 10):
            values = {name: PLAIN[(at + place) % len(PLAIN)] for place, name in enumerate(names)}
            wrong += _post(walked, role, address, values, before)
        for at, value in enumerate(POISON + HUGE if new else POISON):
            if names:
                wrong += _post(walked, role, address, {names[at % len(names)]: value}, before)
    assert wrong[:20] == []


def _lists() -> list[str]:
    found = []
    for route in routes():
        if route.name in _WATCHED:
            continue
        if not route.model and oracle.expected(route.name, "GET", "town", "-") in (200, 400):
            found += route.addresses(None)[:1]
    return found


def _understood(town, address: str) -> list[str]:
    """The parameters that the page takes; the others it refuses, or does not read."""
    if address not in _KNOWN:
        client = town.clients["town"]
        _KNOWN[address] = [name for name in PARAMETERS if client.get(f"{address}?{name}=", **HTMX).status_code < 400]
    return _KNOWN[address]


def test_every_parameter_of_every_page_meets_every_value(walked):
    wrong = []
    for address in _lists():
        names = _understood(walked, address)
        reads_none = len(names) == len(PARAMETERS)
        for at in range(0, len(HOSTILE), 20) if reads_none else _half(HOSTILE):
            wrong += _get(walked, address, {name: _short(at + place) for place, name in enumerate(names)})
        if "q" in names and not reads_none:  # alone too: a search that runs to its end
            for at in range(0, len(HOSTILE), 4):
                wrong += _get(walked, address, {"q": _short(at), "field": "q"}, names)
    assert wrong[:20] == []


def _short(at: int) -> str:
    return HOSTILE[at % len(HOSTILE)][:LONG]


def _get(town, address: str, values: dict[str, str], names: tuple | list = ("field",)) -> list[str]:
    values = {name: value for name, value in values.items() if name != "field" or "field" in names}
    response = town.clients["town"].get(f"{address}?{_encoded(values)}", **HTMX)
    said = f"{address} { ({k: v[:30] for k, v in values.items()}) }"[:600]
    if response.status_code >= 500:
        return [f"{response.status_code}: {said}"]
    if response.status_code >= 400 and not SENTENCE.search(response.content.decode()):
        return [f"{response.status_code} without a sentence: {said}"]
    return []


# One wrong field among right ones: as far into the operation as possible ----------------------------------------------


def _right_ones(town) -> list[tuple[str, str, dict[str, str]]]:
    cell = town.places["cell A1"].unit
    member = town.places["cell A1"].rows
    person = {"full_name": "Vương Quốc Khánh", "sex": "male", "born_on": "3/3/1991", "identity_number": "012345678901"}
    key = member[Candidate].pk
    return [
        ("restricted", "/candidates/new/", {
            **person, "cell": str(cell), "source": "cell", "nominated_on": "1/9/2024",
            "phone": "1", "residence": "x", "youth_union_on": "1/1/2010", "occupation": "worker", "body": "",
            "introducer_1": "", "together_1": "", "version": "", "key": "", "reason": "",
        }),
        ("restricted", "/members/new/", {
            **person, "cell": str(cell), "placed_on": "1/9/2024", "admitted_on": "1/9/2020",
            "recognised_on": "1/9/2021", "card_number": "1", "version": "", "key": "", "reason": "",
        }),
        ("town", f"/candidates/{key}/document/", {"kind": "cv", "number": "1", "dated_on": "1/9/2024"}),
        ("town", f"/candidates/{key}/call/", {"with_whom": "x", "text": "y", "version": "", "key": "", "reason": ""}),
        ("town", f"/people/{member[list(member)[1]].pk}/describe/", {**person, "version": "", "reason": "", "key": ""}),
    ]  # fmt: skip


def test_one_wrong_field_among_right_ones_saves_nothing_by_halves(walked):
    before, wrong = _sizes(), []
    for role, address, right in _right_ones(walked):
        names = list(right)
        for at in _half(PLAIN):
            name, value = names[at % len(names)], PLAIN[at]
            wrong += _post(walked, role, address, {**right, name: value}, before)
    assert wrong[:20] == []


def test_the_right_ones_are_right(walked):
    for role, address, right in _right_ones(walked):
        with rolled_back():
            response = walked.clients[role].post(address, {**right, "identity_number": "012345678999"}, **HTMX)
            assert response.status_code in (204, 302), (address, re.findall(r"<li>.*", response.content.decode()))


def test_uploaded_files_of_any_name_and_content(walked):
    before, wrong = _sizes(), []
    for at, value in enumerate(PLAIN + HUGE):
        content = PLAIN[(at * 7) % len(PLAIN)].encode() if at % 2 else value.encode()
        name = f"{value[:200]}.{('csv', 'xlsx')[at % 2]}"
        values = {"template": PLAIN[at % len(PLAIN)] if at % 3 == 0 else "members", "as_on": "1/9/2024"}
        wrong += _post(walked, "town", "/register/import/", values, before, {"file": SimpleUploadedFile(name, content)})
    assert wrong[:20] == []


@pytest.mark.parametrize(
    "query",
    [
        "person__identity_number__startswith=0",
        "ordering=background",
        "ordering=-person__identity_print",
        "sort=person__identity_print",
        "sort=password",
        "page_size=1000000000",
        "page=1000000000",
        "page=10000000000000000000000",
        "page_size=1000000000&page=1000000000",
        "unit=9223372036854775808",
        "q=a&q=b",
        "sort=name&sort=born",
    ],
)
def test_questions_no_list_offers_are_refused_or_harmless(walked, query):
    name = query.partition("=")[0]
    for address in _lists():
        offered = _understood(walked, address)
        response = walked.clients["town"].get(f"{address}?{query}")
        assert response.status_code in ((200, 400, 404) if name in ("page", "page_size", "unit") else (200, 400))
        if len(offered) < len(PARAMETERS) and (name not in offered or (query.count("=") == 2 and "&page" not in query)):
            assert response.status_code == 400, (address, query)
