"""What the frame around every page shows: unit, tasks, the day, the account (templates/base.html)."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta
from functools import lru_cache
from typing import Any
from unicodedata import normalize

from django.conf import settings
from django.http import HttpRequest
from django.urls import resolve
from django.utils.functional import SimpleLazyObject
from django.utils.text import capfirst
from django.utils.translation import get_language, get_language_info
from django.utils.translation import gettext_lazy as _

from foundation import clock
from foundation.addresses import address, address_of
from foundation.web import asof, guide
from foundation.web.pieces import key_of
from foundation.words import said_once
from membership import appearance, scope
from recruitment.views.work import due_numbers
from reports import roles

_SHOWN = "_frame_shown"
# label, address by name, icon, the capability that shows it: in the order of tasks
TASKS: tuple[tuple[Any, str, str, str], ...] = (
    (_("Progress"), "progress", "speedometer2", "figures.read"),
    (_("Work"), "work", "check2-square", "candidate.write"),
    (_("Candidates"), "candidates", "people", "candidate.read"),
    (_("Meetings"), "meetings", "calendar3", "recruitment.step"),
    (_("Classes"), "classes", "mortarboard", "class.read"),
    (_("Sources"), "sources", "diagram-3", "nomination.read"),
    (_("Targets"), "targets", "bullseye", "figures.read"),
    (_("Reports"), "reports", "file-earmark-text", "figures.read"),
    (_("Members"), "members", "card-list", "person.read"),
    (_("Units"), "units", "building", "unit.read"),
    (_("Administration"), "admin:index", "gear", "unit.write"),
)
BESIDE = {"progress": ("/figures/",), "members": ("/people/", "/register/")}  # pages of a task at other addresses
# where the reader must act: {count, late} of what is theirs to do
COUNTS: dict[str, Callable[[HttpRequest], dict[str, int]]] = {"work": due_numbers}
ACCOUNT: tuple[tuple[Any, str, str], ...] = (
    (_("Your profile"), "profile", "person"),
    (_("Signed-in devices"), "sessions", "clock-history"),
    (_("Change the password"), "account_change_password", "lock"),
)


def show(request: HttpRequest, **values: Any) -> None:
    """The frame of this request's page shows these: units, as_at, known_on, children."""
    setattr(request, _SHOWN, {**getattr(request, _SHOWN, {}), **values})


def frame(request: HttpRequest) -> dict[str, Any]:
    """Context processor: `frame`, read only when a template asks for it."""
    return {"frame": SimpleLazyObject(lambda: _frame(request))}


def _frame(request: HttpRequest) -> dict[str, Any]:
    user = getattr(request, "user", None)
    today = clock.today()
    shown: dict[str, Any] = {"as_at": today, "known_on": None, **getattr(request, _SHOWN, {})}
    common = {
        **shown,
        "is_past": shown["as_at"] != today or shown["known_on"] is not None,
        "practice_day": clock.practice_day(),
        "languages": languages(),
        **{what: appearance.chosen(request, what) for what in appearance.CHOICES},
        **{f"{what}s": appearance.choices(request, what) for what in appearance.CHOICES},
        "home_url": "/",
        "help_url": guide.address_of(request.resolver_match),
    }
    if user is None or not user.is_authenticated:
        return common | {"key": key_of(common)}
    any_day, reads = _any_day(getattr(request.resolver_match, "func", None)), scope.may(user, "unit.read")
    frame = {
        **common,
        "first_steps": roles.first_steps(request),
        "units": shown.get("units") or own_unit(user, asof.query(request)),
        "nav": tasks(request),
        "user_initials": initials(scope.holder_of(user)),
        "user_name": scope.holder_of(user),
        "search_url": address("search") if reads else "",
        "switch_url": address("units") if reads else "",
        "suggest_url": f"{address('suggest_unit')}?capability=unit.read&field=switch",
        "today_url": _as_of_today(request) if common["is_past"] else "",
        "any_day": any_day,
        "days": days(today),
        "day_keep": [(k, v) for k, v in request.GET.items() if k not in (*asof.NAMES, "page")] if any_day else [],
        "menu": [{"label": label, "url": url, "icon": icon} for label, name, icon in ACCOUNT if (url := address(name))],
    }
    return frame | {"key": key_of(frame)}


def tasks(request: HttpRequest) -> list[dict[str, Any]]:
    """The tasks the reader has, those of pages that exist; pages that follow the day of this one keep it."""
    found, day = [], asof.query(request)
    for label, name, icon, capability in TASKS:
        url = address(name)
        if url and scope.may(request.user, capability):
            own = (url, *BESIDE.get(name, ()))
            current = request.path == url or (url != "/" and request.path.startswith(own) and name != "admin:index")
            counted = COUNTS[name](request) if name in COUNTS else {"count": 0, "late": 0}
            link = f"{url}{day}" if day and _any_day(resolve(url).func) else url
            found.append({"label": label, "url": link, "icon": icon, "current": current, **counted})
    return found


def _any_day(view: Any) -> bool:
    """Whether the view follows the day asked for; others are not asked for one."""
    return getattr(getattr(view, "declaration", None), "any_day", False)


def own_unit(user: Any, day: str = "") -> list[dict[str, str]]:
    """The highest unit the reader may open, by its name of today; its page keeps the `day` of an address."""
    held = [one for one in scope.holdings(user) if one.path and one.grants("unit.read")]
    highest = min(held, key=lambda one: (len(one.path or ""), one.path), default=None)
    if highest is None:
        return []
    return [{"name": highest.name or "", "url": address_of("unit", highest.appointment.organisation_id or 0) + day}]


@said_once
def languages() -> list[dict[str, Any]]:
    """The languages of the office, each under its own name."""
    now = get_language()
    return [
        {
            "code": code,
            "name": capfirst(normalize("NFC", get_language_info(code)["name_local"])),
            "current": code == now,
        }
        for code, _name in settings.LANGUAGES
    ]


@said_once
def days(today: date) -> list[dict[str, Any]]:
    """Days often asked for."""
    return [
        {"label": _("End of last month"), "day": today.replace(day=1) - timedelta(days=1)},
        {"label": _("End of last year"), "day": date(today.year - 1, 12, 31)},
        {"label": _("A year ago"), "day": today - timedelta(days=365)},
    ]


def initials(name: str) -> str:
    """At most two letters for a person or a user name: of the first word and the last."""
    parts = [part for part in re.split(r"[\s._-]+", name) if part]
    return "".join(part[0] for part in (parts[:1] + parts[-1:] if len(parts) > 1 else parts)).upper()


@lru_cache(maxsize=100)
def _as_of_today(request: HttpRequest) -> str:
    query = request.GET.copy()
    for name in asof.NAMES:
        query.pop(name, None)
    return f"{request.path}?{query.urlencode()}" if query else request.path
