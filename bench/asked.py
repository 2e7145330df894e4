"""What is measured: which pages, by whom, against which floor, and the goal of each.

Run by itself (python -m bench.asked) in the environment of one database it signs the readers in, and prints each page's
address, cookie and number of statements. Floors are asked with the clerk's cookie.
"""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from typing import Any

FLOORS = ("/t1", "/t2", "/t3")


@dataclass(frozen=True)
class Page:
    """A page with its goals: ratio to the floor, statements, kilobytes; None: no goal."""

    name: str
    reader: str
    floor: str
    ratio: float | None
    statements: int | None
    kilobytes: int | None
    fragment: bool = False  # asked for as script asks for it: a search

    def holds_in(self, place: str) -> bool:
        """Whether the ratio is to be held in this place: one town, of a search four too, which are 25,000 people."""
        return place.endswith(", 1 town") or (self.fragment and place.endswith(", 4 towns"))


PAGES = (
    Page("dashboard", "official", "/t3", 2.0, 12, 80),
    Page("candidate list", "clerk", "/t2", 1.5, 8, 40),
    Page("candidate", "clerk", "/t3", 2.5, 15, None),
    Page("list behind a figure", "official", "/t2", None, 8, 40),
    Page("work list", "clerk", "/t3", None, None, 80),
    Page("members", "clerk", "/t2", None, None, 40),
    Page("unit", "clerk", "/t3", None, None, 40),
    Page("search as you type, a person", "clerk", "/t1", 1.5, None, None, True),
    Page("search as you type, everything", "clerk", "/t1", 1.5, None, None, True),
)


def addresses() -> dict[str, str]:
    """Each page's address in this database."""
    from membership.models import Organisation, User
    from recruitment.models import Candidate

    theirs = Candidate.objects.visible_to(User.objects.get(username="clerk"))
    voted = theirs.filter(standing__stage="committee_meeting", standing__state="open").order_by("pk")
    ward = Organisation.objects.get(code="QY01")
    return {
        "dashboard": "/progress/",
        "candidate list": "/candidates/?group=women&sort=-due",
        "candidate": f"/candidates/{voted[0].pk}/",
        "list behind a figure": "/figures/admitted/",
        "work list": "/work/",
        "members": "/members/",
        "unit": f"/units/{ward.pk}/",
        "search as you type, a person": "/suggest/person/?q=nguyen+thi",
        "search as you type, everything": "/search/?q=nguyen+thi",
    }


def _signed_in(username: str) -> Any:
    from django.test import Client

    from membership.models import User

    client = Client()
    client.force_login(User.objects.get(username=username))
    return client


def main() -> None:
    """Print what the measuring process needs to know."""
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    from django.conf import settings
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    settings.ALLOWED_HOSTS = [*settings.ALLOWED_HOSTS, "testserver"]
    readers = {name: _signed_in(name) for name in ("clerk", "official")}
    where, told = addresses(), []
    for page in PAGES:
        headers = {"HX-Request": "true"} if page.fragment else {}
        readers[page.reader].get(where[page.name], headers=headers)  # notes the session, reads the rule book
        with CaptureQueriesContext(connection) as statements:
            readers[page.reader].get(where[page.name], headers=headers)
        told.append(
            {"address": where[page.name], "statements": len(statements), "cookie": _cookie(readers[page.reader])}
        )
    print(json.dumps(told))


def _cookie(client: Any) -> str:
    return "; ".join(f"{name}={morsel.value}" for name, morsel in client.cookies.items())


if __name__ == "__main__":
    main()
