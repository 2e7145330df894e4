"""Units where others stand beside them or are held by people: a cell is named with its committee, as every ward has a
"Chi bộ khu 1".
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils.html import format_html, format_html_join
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from foundation import clock
from foundation.days import format_day
from foundation.facts import OPEN
from foundation.words import enumerated
from membership.models import Appointment, Organisation, Position
from membership.models.organisations import Kind


def described(units: QuerySet) -> QuerySet:
    """With name, path, tier, parent, order and days: as of today, else as it was last, else as it will be first."""
    rows = Position.objects.so().filter(organisation=OuterRef("pk"))
    known = rows.filter(valid_from__lte=clock.today()).order_by("-valid_from")
    coming = rows.order_by("valid_from")

    def one(name: str) -> Any:
        return Coalesce(Subquery(known.values(name)[:1]), Subquery(coming.values(name)[:1]))

    above = Position.objects.so().filter(organisation=OuterRef("parent"), valid_from__lte=clock.today())
    return units.annotate(
        name=one("name"), path=one("path"), tier=one("tier"), parent=one("parent"), unit_sort=one("sort_key"),
        begins=Subquery(coming.values("valid_from")[:1]),
        ends=Subquery(rows.order_by("-valid_from").values("valid_to")[:1]),
    ).annotate(parent_name=Subquery(above.order_by("-valid_from").values("name")[:1]))  # fmt: skip


def name_in_full(units: Iterable[Any]) -> None:
    """Each of the units knows its name and its parent's from now on, by one statement."""
    units = list(units)
    if keys := {unit.pk for unit in units}:
        rows = described(Organisation.objects.filter(pk__in=keys)).values_list("pk", "name", "parent_name")
        names = {pk: both for pk, *both in rows}
        for unit in units:
            unit.name, unit.parent_name = names[unit.pk]


def placed(held: Iterable[Appointment]) -> list[Appointment]:
    """The appointments; the unit of each is known."""
    rows = list(held)
    name_in_full(row.organisation for row in rows if row.organisation)
    return rows


def last_day(held: Appointment) -> str:
    """The last day on which it is in force; empty while it is open."""
    return "" if held.until_on == OPEN else format_day(held.until_on - timedelta(days=1))


def over(held: Appointment) -> Any:
    """The unit or mass organisation it is held over."""
    return held.organisation or held.mass_organisation


def in_full(place: Any) -> list[Any]:
    """What tells a unit or mass organisation apart: its name; of a cell that is known, its committee's too."""
    committee = getattr(place, "parent_name", "") if getattr(place, "kind", "") == Kind.CELL else ""
    return [place, committee] if committee else [place]


def office(held: Appointment) -> list[Any]:
    """The role, and what it is over."""
    return [held.get_role_display(), *in_full(over(held))]


def shown(place: Any, address: str = "") -> Any:
    """As `in_full`, the committee quietly; a link where there is an address."""
    name, *committee = in_full(place)
    link = format_html('<a href="{}"><bdi>{}</bdi></a>' if address else "{}<bdi>{}</bdi>", address, name)
    quiet = '{}<span class="quiet whole"><bdi>{}</bdi></span>'
    return format_html("{}{}", link, format_html_join("", quiet, ((gettext(", "), one) for one in committee)))


def offices(held: Iterable[Appointment]) -> Any:
    """Each role with what it is over; a dash for none."""
    lines = ((capfirst(one.get_role_display()), gettext(", "), shown(over(one))) for one in held)
    return format_html_join(gettext("; "), "{}{}{}", lines) or "–"


def state_of(unit: Any) -> Any:
    """What of the days of a described unit is not usual, as people say days: the last one on which it stands."""
    today = clock.today()
    if unit.begins and unit.begins > today:
        return _("from %(day)s") % {"day": format_day(unit.begins)}
    if not unit.ends or unit.ends == OPEN:
        return ""
    words = _("until %(day)s") if unit.ends > today else _("dissolved, stood until %(day)s")
    return words % {"day": format_day(unit.ends - timedelta(days=1))}


def told(place: Any) -> str:
    """As `in_full`, in words."""
    return enumerated(in_full(place))
