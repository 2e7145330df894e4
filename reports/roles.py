"""Which role a reader has, by what they may do: where it begins, and its first three steps."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from foundation import clock
from membership import appearance, scope

NUMBER = 3  # first steps of a role


@dataclass(frozen=True, slots=True)
class Step:
    """Something to do, with the page where it is done; `done` where the request itself tells that it was."""

    words: Any
    page: str
    args: tuple[Any, ...] = ()
    query: Callable[[], dict[str, str]] = dict
    capability: str = ""  # shown only to those who have it
    done: Callable[[HttpRequest], bool] = lambda _request: False

    def address(self) -> str:
        """Where it is done."""
        query = urlencode(self.query())
        return reverse(self.page, args=self.args) + (f"?{query}" if query else "")


@dataclass(frozen=True, slots=True)
class Role:
    """Who has all of the capabilities begins at `home`."""

    capabilities: tuple[str, ...]
    home: str
    steps: tuple[Step, ...]


def _end_of_last_month() -> dict[str, str]:
    return {"as_at": f"{clock.today().replace(day=1) - timedelta(days=1):%d/%m/%Y}"}


def _reads_as_chosen(request: HttpRequest) -> bool:
    return any(appearance.chosen(request, what) for what in appearance.CHOICES)


_ENTER = Step(_("Enter a candidate from the paper form"), "candidate_new")
_READ = Step(_("Choose colours and a size of text you read well"), "profile", done=_reads_as_chosen)

ROLES = (  # the first that fits
    Role(
        ("candidate.write", "member.write"),
        "work",
        (
            Step(_("Bring your register in from a file"), "imports", capability=scope.IMPORTS),
            Step(_("See who is overdue"), "candidates", query=lambda: {"work": "late", "sort": "due"}),
            _ENTER,
            Step(_("Look a member up"), "members"),
        ),
    ),
    Role(
        ("candidate.write",),
        "work",
        (Step(_("Open a candidate and see what is missing"), "candidates"), _ENTER, _READ),
    ),
    Role(
        ("unit.write",),
        "admin:index",
        (
            Step(_("Bring your register in from a file"), "imports", capability=scope.IMPORTS),
            Step(_("See whether the tree of your units is right"), "admin:tree"),
            Step(_("Appoint somebody"), "admin:membership_appointment_appoint"),
            Step(_("Open an account and print its slip"), "admin:membership_person_changelist"),
        ),
    ),
    Role(
        ("figures.read",),
        "progress",
        (
            Step(_("See which units will fall short"), "progress_units"),
            Step(_("Open the list behind a number"), "figure_list", ("admitted",)),
            Step(_("Look back at the end of last month"), "progress", query=_end_of_last_month),
        ),
    ),
)


def role_of(user: Any) -> Role | None:
    """The reader's role; None where no appointment gives one of these."""
    return next((role for role in ROLES if all(scope.may(user, one) for one in role.capabilities)), None)


def first_steps(request: HttpRequest) -> list[dict[str, Any]]:
    """The first steps of the reader's role, on its home, until they are put away."""
    here = request.resolver_match.view_name if request.resolver_match else ""
    user: Any = request.user
    wanted = user.first_steps and any(here == role.home for role in ROLES)
    role = role_of(user) if wanted else None
    if role is None or here != role.home:
        return []
    steps = [one for one in role.steps if not one.capability or scope.may(user, one.capability)]
    return [{"words": one.words, "url": one.address(), "done": one.done(request)} for one in steps[:NUMBER]]
