"""How the walk asks: every route of the resolver, one request a method, and what an answer may give away."""

from __future__ import annotations

import contextlib
import copy
import io
import json
import re
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.contrib.messages import get_messages
from django.core import signing
from django.db import connection, models
from django.http import HttpResponse
from django.test import Client
from django.urls import NoReverseMatch, URLPattern, URLResolver, get_resolver, reverse

from foundation.models import JournalEntry
from membership.models import Template
from recruitment.forms.steps import STEPS
from recruitment.forms.together import TOGETHER
from recruitment.models import Candidate
from reports.indicators import FIGURES
from reports.listing import figure_of
from tests.walk.town import MISSING, Town, rolled_back

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
OTHER_HOUSES = ("admin",)  # namespaces with a walk of their own
# Arguments of addresses beside the row itself, each with every value it can take.
ARGUMENTS: dict[str, list[str]] = {
    "step": sorted(STEPS),
    "deed": sorted(TOGETHER),
    "code": [*sorted(code for code in FIGURES if figure_of(code)), "ceiling", "target"],
    "name": list(Template.values),
    "topic": ["account_login", "progress", "candidate_step:cell-vote"],  # all are shown by one page
}
# Sent with every address of a list: what could fetch rows of others. {unit}, {person}: keys of the foreign branch.
QUERIES = (
    "", "q=zoqua", "unit={unit}", "format=xlsx", "format=csv", "format=print", "as_at=01/09/2024", "q=zoqua&field=q",
    "q=zoqua&capability=unit.read", "q=zoqua&capability=candidate.write&kind=cell", "state=all",
    "unit={unit}&format=csv", "first=01/01/2020&last=31/12/2024",
    "tree=of_now&as_at=01/09/2024", "cell={unit}&source=cell",
)  # fmt: skip


@dataclass(frozen=True)
class Route:
    """A named address with the view behind it."""

    name: str
    view: Any
    arguments: tuple[str, ...]

    @property
    def declaration(self) -> Any:
        """What the view says it shows or acts on; None where it says nothing."""
        return getattr(self.view, "declaration", None)

    @property
    def model(self) -> type[models.Model] | None:
        """The model of the row in the address."""
        return self.declaration.model if "pk" in self.arguments else None

    def addresses(self, key: int | None, candidate: int = MISSING) -> list[str]:
        """Addresses with that key, one a value of the other arguments."""
        found: list[dict[str, Any]] = [{"pk": key} if "pk" in self.arguments else {}]
        for name in self.arguments:
            if name != "pk":
                values = [_entry_of(candidate)] if name == "entry" else ARGUMENTS[name]
                found = [{**one, name: value} for one in found for value in values]
        return [reverse(self.name, kwargs=one) for one in found]


def _entry_of(candidate: int) -> int:
    about = JournalEntry.objects.filter(subjects__model=Candidate._meta.label_lower, subjects__key=candidate)
    return about.order_by("-pk").values_list("pk", flat=True).first() or MISSING


def routes(resolver: URLResolver | None = None) -> list[Route]:
    """Every route but those of other houses, in the resolver's order."""
    found: list[Route] = []
    for one in (resolver or get_resolver()).url_patterns:
        if isinstance(one, URLResolver):
            if one.namespace not in OTHER_HOUSES:
                found += routes(one)
        else:
            found.append(_route(one))
    return found


def _route(pattern: URLPattern) -> Route:
    return Route(pattern.name or f"unnamed: {pattern.pattern}", pattern.callback, tuple(pattern.pattern.converters))


def undeclared(found: Iterable[Route]) -> list[str]:
    """Names of the routes whose views do not say what they show."""
    return [route.name for route in found if route.declaration is None or route.name.startswith("unnamed")]


# Asking ---------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Answer:
    """A response, and what it may give away as one lower-case text."""

    status: int
    text: str
    response: HttpResponse


def ask(client: Client, method: str, address: str, data: str | None = None) -> Answer:
    """The answer; what a POST wrote is taken back, session and cookies and all."""
    cookies = copy.deepcopy(client.cookies)
    with rolled_back():
        body = data if method == "POST" and data else ""
        response = client.generic(method, address, body, "application/x-www-form-urlencoded")
        client.cookies = cookies
        return Answer(response.status_code, told(response), response)


def told(response: HttpResponse) -> str:
    """Body, headers, cookies, messages, and files unpacked: everything a reader can find in the answer."""
    body = b"".join(response.streaming_content) if response.streaming else response.content
    parts = [_text(body), *(f"{name}: {value}" for name, value in response.headers.items())]
    parts += [str(morsel) for morsel in response.cookies.values()]
    with contextlib.suppress(AttributeError):
        parts += [f"{message} {message.extra_tags}" for message in get_messages(response.wsgi_request)]
    return "\n".join(parts).lower()


def _text(body: bytes) -> str:
    if not body.startswith(b"PK"):
        text = body.decode(errors="replace")
        return "\n".join([text, *map(_opened, _SIGNED.findall(text))])
    with zipfile.ZipFile(io.BytesIO(body)) as packed:
        return "\n".join(packed.read(name).decode(errors="replace") for name in packed.namelist())


_SIGNED = re.compile(r"\b([\w-]{8,}):\w{6}:[\w-]{43}\b")  # what a form remembers: signed, and readable by anybody


def _opened(signed: str) -> str:
    return str(json.loads(signing.b64_decode(signed.encode())))


_OF_ONE_REQUEST = (
    (re.compile(r'name="csrfmiddlewaretoken" value="[^"]*"'), ""),
    (re.compile(r'"x-csrftoken": ?"[^"]*"'), ""),
    (re.compile(r"<bdi>[0-9a-f]{8}</bdi>"), ""),
    (re.compile(r"nonce-?[\w+/=-]+"), ""),
    (re.compile(r"csrf=[^\n]*"), ""),
)


def blanked(text: str, address: str) -> str:
    """The text without what differs between any two requests: token, reference number, nonce, the path itself."""
    text = text.replace(address.lower(), "")
    for pattern, instead in _OF_ONE_REQUEST:
        text = pattern.sub(instead, text)
    return text


def given_away(answer: Answer, markers: Iterable[str]) -> list[str]:
    """The markers that stand in the answer."""
    return [marker for marker in markers if marker in answer.text]


_WRITES = re.compile(r"\s*(INSERT|UPDATE|DELETE|REPLACE|CREATE|DROP|ALTER)\b", re.IGNORECASE)
_MAY_BE_WRITTEN = ("membership_session", "usersessions_usersession")


@contextlib.contextmanager
def writes() -> Iterator[list[str]]:
    """The statements of the block that write anything but the session."""
    seen: list[str] = []

    def note(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if _WRITES.match(sql) and not any(table in sql for table in _MAY_BE_WRITTEN):
            seen.append(sql[:200])
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        yield seen


def queries(town: Town) -> list[str]:
    """QUERIES with the keys of the foreign branch put in."""
    from membership.models import Organisation, Person

    foreign = town.places["ward B"].rows[Organisation].pk
    person = town.places["cell B1"].rows[Person].pk
    return [query.format(unit=foreign, person=person) for query in QUERIES]


def exists(name: str) -> bool:
    """Whether an address without arguments has that name."""
    try:
        return bool(reverse(name))
    except NoReverseMatch:
        return False
