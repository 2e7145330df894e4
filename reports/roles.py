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
from reports import done

NUMBER = 3  # first steps of a role


@dataclass(frozen=True, slots=True)
class Step:
    """Something to do, with the page where it is done; `done` names what tells that it was."""

    words: Any
    page: str
    args: tuple[Any, ...] = ()
    query: Callable[[], dict[str, str]] = dict
    capability: str = ""  # shown only to those who have it
    wanted: Callable[[dict[str, bool]], bool] = lambda _found: True
    done: str = ""

    def address(self) -> str:
        """Where it is done."""
        query = urlencode(self.query())
        return reverse(self.page, args=self.args) + (f"?{query}" if query else "")


@dataclass(frozen=True, slots=True)
class Role:
    """Who has all of the capabilities begins at `home`, with the first of the steps that are wanted."""

    capabilities: tuple[str, ...]
    home: str
    steps: tuple[Step, ...]
    asks: tuple[str, ...] = ()  # what its steps ask (`reports/done.py`)


def _end_of_last_month() -> dict[str, str]:
    return {"as_at": f"{clock.today().replace(day=1) - timedelta(days=1):%d/%m/%Y}"}


def _reads_as_chosen(request: HttpRequest) -> bool:
    return any(appearance.chosen(request, what) for what in appearance.CHOICES)


_IMPORT = Step(
    _("Bring your register in from a file"),
    "imports",
    capability=scope.IMPORTS,
    wanted=lambda found: found["imported"] or not found["members"],
    done="members",
)
_ENTER = Step(_("Enter a candidate from the paper form"), "candidate_new", done="entered")
_READ = Step(_("Choose colours and a size of text you read well"), "profile", done="chosen")
_LOOK_UP = Step(_("Look a member up"), "members")

ROLES = (  # the first that fits
    Role(
        ("candidate.write", "member.write"),
        "work",
        (
            _IMPORT,
            Step(
                _("See who is overdue and record the next step"),
                "candidates",
                query=lambda: {"work": "late", "sort": "due"},
                wanted=lambda found: found["candidates"],
                done="recorded",
            ),
            _ENTER,
            _READ,
            _LOOK_UP,
        ),
        ("members", "imported", "candidates", "recorded", "entered"),
    ),
    Role(
        ("candidate.write",),
        "work",
        (
            Step(
                _("Open a candidate, see what is missing and record the next step"),
                "candidates",
                wanted=lambda found: found["candidates"],
                done="recorded",
            ),
            _ENTER,
            _READ,
            _LOOK_UP,
        ),
        ("candidates", "recorded", "entered"),
    ),
    Role(
        ("unit.write",),
        "admin:index",
        (
            _IMPORT,
            Step(
                _("See whether the tree of your units is right"),
                "admin:tree",
                wanted=lambda found: not found["members"],
            ),
            Step(_("Appoint somebody"), "admin:membership_appointment_appoint", done="appointed"),
            Step(_("Open an account and print its slip"), "admin:membership_person_changelist", done="opened"),
            Step(_("Set targets and decide the plan"), "admin:reports_plan_changelist", done="targets"),
        ),
        ("members", "imported", "appointed", "opened", "targets"),
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
    found = {"": False, "chosen": _reads_as_chosen(request), **done.found(user, role.asks)}
    steps = [one for one in role.steps if one.wanted(found) and (not one.capability or scope.may(user, one.capability))]
    return [{"words": one.words, "url": one.address(), "done": found[one.done]} for one in steps[:NUMBER]]
