"""Committees and cells: found by name, code, tier and sector; the tree as a tree; operations with a preview."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from django.contrib import admin
from django.contrib.admin import display
from django.core.exceptions import BadRequest
from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Length
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from foundation import clock
from foundation.days import format_day
from foundation.facts import OPEN
from foundation.names import search_key
from foundation.numbers import format_number
from foundation.words import isolated
from membership import dependants, scope
from membership.admin import forms
from membership.admin.base import ByUnit, Choice, OperationAdmin
from membership.admin.places import described, last_day, name_in_full, shown, state_of, told
from membership.models import (
    Appointment,
    Cell,
    Committee,
    Coverage,
    MassOrganisation,
    Organisation,
    Position,
    Sector,
    Tier,
)
from membership.models.organisations import KEY_WIDTH, Kind, below
from membership.operations import appointments, organisations
from membership.timeline import coming, timeline_of

COUNTED = ("children", "officers", "members", "candidacies")
DIRECTLY = ("children", "officers", "workplaces", "mass_organisations", "localities")
BRANCHES = 500  # units a page of the tree


def managed(units: QuerySet, user: Any, capability: str = "unit.write") -> QuerySet:
    """Units standing today in the user's subtrees, and those that are still to stand or stood there last."""
    paths = scope.reach(user, capability)
    if paths is None:
        return units
    if not paths:
        return units.none()
    here = Q()
    for path in paths:
        here |= below(path, "last_path")
    last = Position.objects.so().filter(organisation=OuterRef("pk")).order_by("-valid_from")
    not_standing = ~Q(pk__in=Position.objects.as_at(clock.today()).values("organisation"))
    outside = units.annotate(last_path=Subquery(last.values("path")[:1])).filter(here & not_standing)
    return units.filter(scope.within(user, capability, "pk") | Q(pk__in=outside.values("pk")))


def admin_page(unit: Any) -> str:
    """The unit's page in the admin."""
    return reverse(f"admin:membership_{unit.kind}_change", args=[unit.pk])


def list_of(name: str, unit: Any) -> str:
    """Where the admin lists what hangs on the unit; empty where only the program does."""
    lists = {
        "children": reverse("admin:tree") + "?under=",
        "officers": reverse("admin:membership_appointment_changelist") + "?unit=",
        "workplaces": reverse("admin:membership_workplace_changelist") + "?unit=",
        "localities": reverse("admin:membership_workplace_changelist") + "?lies_in=",
        "mass_organisations": reverse("admin:membership_massorganisation_changelist") + "?unit=",
    }
    return f"{lists[name]}{unit.pk}" if name in lists else ""


def counted(user: Any, units: list[Any], names: tuple[str, ...] = COUNTED) -> None:
    """Each unit has `numbers`: name -> (label, number, address or "" where the reader may not open the list)."""
    day = clock.today()
    kinds = dependants.countable(*names)
    found = {one.name: dependants.tally(one, units, day, deep=one.name not in DIRECTLY) for one in kinds}
    readable = {one.name: scope.reach(user, one.reads) for one in kinds}
    for unit in units:
        unit.numbers = {}
        for one in kinds:
            paths = readable[one.name]
            opens = paths is None or any((unit.path or "").startswith(path) for path in paths)
            address = (list_of(one.name, unit) or one.link(unit)) if opens else ""
            unit.numbers[one.name] = (one.label, found[one.name].get(unit.pk, 0), address)


class TierFilter(Choice):
    """Units of one tier."""

    title, parameter_name, choices_of = _("tier"), "tier", Tier

    def lookups(self, request: HttpRequest, model_admin: Any) -> Any:
        """Tiers at which units of this kind stand."""
        of_cells = (Tier.GRASSROOTS, Tier.SUBORDINATE_CELL)
        found = super().lookups(request, model_admin)
        return [
            (value, words) for value, words in found
            if value == self.value() or (value in of_cells if model_admin.kind == Kind.CELL else value != of_cells[1])
        ]  # fmt: skip


class SectorFilter(Choice):
    """Units of one sector."""

    title, parameter_name, choices_of = _("sector"), "sector", Sector


class ParentFilter(ByUnit):
    """Units directly under one."""

    title, parameter_name, field = _("directly under"), "parent", "parent"


class StateFilter(Choice):
    """Standing today, to stand, changed from a day to come, or dissolved."""

    title, parameter_name = _("state"), "state"
    choices_of = [
        ("standing", _("standing")), ("waiting", _("a change is waiting")), ("gone", _("dissolved")), ("all", _("all")),
    ]  # fmt: skip

    def choices(self, changelist: Any) -> Any:
        """Without a choice: all but dissolved units, and it says so."""
        for place, choice in enumerate(super().choices(changelist)):
            yield choice if place else {**choice, "display": capfirst(_("not dissolved"))}

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        """Without a choice: all but dissolved units."""
        today = clock.today()
        if self.value() == "standing":
            return queryset.filter(begins__lte=today, ends__gt=today)
        if self.value() == "gone":
            return queryset.filter(ends__lte=today)
        if self.value() == "waiting":
            later = Position.objects.so().filter(valid_from__gt=today).values("organisation")
            return queryset.filter(Q(pk__in=later) | Q(ends__gt=today, ends__lt=OPEN))
        return queryset if self.value() == "all" else queryset.filter(ends__gt=today)


def _number(name: str, label: Any) -> Any:
    @display(description=label)
    def number(unit: Any) -> Any:
        _label, count, address = unit.numbers.get(name, ("", 0, ""))
        shown = format_number(count)
        return format_html('<a href="{}">{}</a>', address, shown) if address and count else shown

    return number


CHILDREN = _number("children", _("units under it"))


class UnitAdmin(OperationAdmin):
    """What committees and cells share."""

    change_template = "admin/membership/unit.html"
    list_display: tuple[Any, ...] = (
        "linked_name", "code", "tier_name", "sector_name", "above", CHILDREN,
        _number("officers", _("officers")), _number("members", _("members")), _number("candidacies", _("candidates")),
    )  # fmt: skip
    list_display_links = None
    list_filter = (TierFilter, SectorFilter, StateFilter, ParentFilter)
    search_help_text = _("Name or code, with or without marks")
    actions = ("move_many",)
    never_deleted = _("Units are never deleted: what happened in them stays. A unit that ends is dissolved.")
    kind = ""
    new: Any = ""
    found_form: type[forms.FoundForm] = forms.FoundForm

    def rows(self, user: Any) -> QuerySet:
        """Standing, to stand, or dissolved, in the user's subtrees."""
        return described(managed(self.model.objects.all(), user))

    def get_ordering(self, request: HttpRequest) -> tuple[str, ...]:
        """By name, numbers in it by their value; those of one name by code."""
        return ("unit_sort", "code")

    def found(self, rows: QuerySet, word: str, text: str) -> QuerySet:
        """Units whose name of today or of a day to come has the word, or whose code begins so."""
        named = Position.objects.so().filter(search_key__found_within=word)
        return rows.filter(Q(pk__in=named.values("organisation")) | Q(code__istartswith=text))

    def complete(self, request: HttpRequest, rows: list[Any]) -> None:
        """The numbers, and what is to come."""
        counted(request.user, rows)
        lines = coming(rows, request.user)
        for row in rows:
            row.coming = lines[row.pk]

    def named(self, row: Any) -> str:
        """A cell with its committee."""
        return told(row)

    @display(description=_("name"), ordering="unit_sort")
    def linked_name(self, unit: Any) -> Any:
        """The name, on a phone the parent's, and what the reader must know of its days and of what is to come."""
        notes = [state_of(unit), *(_("from %(day)s: %(what)s") % one for one in self._coming(unit))]
        return format_html(
            '<a href="{}"><bdi>{}</bdi></a> <span class="quiet only-phone"><bdi>{}</bdi></span> {}',
            admin_page(unit), unit.name, unit.parent_name or "",
            format_html_join(" ", '<span class="quiet">{}</span>', ((note,) for note in notes if note)),
        )  # fmt: skip

    def _coming(self, unit: Any) -> list[dict[str, Any]]:
        """Changes of a day to come, the nearest first; that it begins or ends is its state."""
        lines = [line for line in unit.coming if line.day not in (unit.begins, unit.ends)]
        return [{"day": format_day(line.day), "what": line.sentence} for line in reversed(lines)]

    @display(description=_("tier"), ordering="tier")
    def tier_name(self, unit: Any) -> Any:
        """The tier in words."""
        return capfirst(dict(Tier.choices).get(unit.tier, "–"))

    @display(description=_("sector"), ordering="sector")
    def sector_name(self, unit: Any) -> Any:
        """The sector in words."""
        return str(capfirst(unit.get_sector_display() or "–"))

    @display(description=_("under"), ordering="parent_name")
    def above(self, unit: Any) -> Any:
        """The parent's name."""
        return isolated(unit.parent_name or "–")

    def tools(self, request: HttpRequest) -> list[tuple[Any, str]]:
        """Found one, or see the tree."""
        return [(self.new, self.address("found")), (_("The tree"), reverse("admin:tree"))]

    def own_urls(self) -> list[Any]:
        """Found, rename, move, describe, dissolve, appoint."""
        return [
            self.at_all("found/", self.found_view, "found"),
            *[
                self.on_row(f"{name}/", getattr(self, f"{name}_view"), name)
                for name in ("rename", "move", "describe", "dissolve", "appoint")
            ],
        ]

    def found_view(self, request: HttpRequest) -> HttpResponse:
        """A new unit, with its secretary or staff."""
        return self.run(
            request, self.found_form, organisations.found_unit, title=self.new, kind=self.kind,
            initial=self._under(request), message=_("The unit is founded."), then=admin_page,
        )  # fmt: skip

    def _under(self, request: HttpRequest) -> dict[str, Any]:
        asked = request.GET.get("under", "")
        if set(request.GET) - {"under"} or not (
            asked == "" or (asked.isascii() and asked.isdigit() and len(asked) < 10)
        ):
            raise BadRequest
        if not asked:
            return {}
        if not (unit := Organisation.objects.visible_to(request.user, self.capability).filter(pk=asked).first()):
            raise Http404
        return {"parent": unit}

    def rename_view(self, request: HttpRequest, unit: Any) -> HttpResponse:
        """Another name from a day on."""
        title = _("Rename %(unit)s")
        return self._on(request, unit, forms.RenameForm, organisations.rename_unit, title, name=unit.name)

    def move_view(self, request: HttpRequest, unit: Any) -> HttpResponse:
        """Another parent from a day on."""
        return self._on(request, unit, forms.MoveForm, organisations.move_unit, _("Move %(unit)s"))

    def describe_view(self, request: HttpRequest, unit: Any) -> HttpResponse:
        """Sector, telephone, address, delegated power."""
        values = organisations.edit_values(unit)
        title = _("Describe %(unit)s")
        return self._on(request, unit, forms.DescribeUnitForm, organisations.describe_unit, title, **values)

    def dissolve_view(self, request: HttpRequest, unit: Any) -> HttpResponse:
        """The unit ends; what hangs on it goes elsewhere."""
        return self._on(request, unit, forms.DissolveForm, organisations.dissolve_unit, _("Dissolve %(unit)s"))

    def _on(
        self, request: HttpRequest, unit: Any, form: Any, operation: Any, title: Any, **initial: Any
    ) -> HttpResponse:
        return self.run(
            request, form, operation, each=[unit], of="organisation", title=title % {"unit": unit},
            back=admin_page(unit), initial=initial,
        )  # fmt: skip

    def appoint_view(self, request: HttpRequest, unit: Any) -> HttpResponse:
        """An officer of the unit."""
        return self.run(
            request, forms.AppointForm, appointments.appoint, each=[unit], organisation=unit,
            title=_("Appoint in %(unit)s") % {"unit": unit}, back=admin_page(unit),
        )  # fmt: skip

    @admin.action(description=_("Move to another committee"))
    def move_many(self, request: HttpRequest, units: QuerySet) -> HttpResponse:
        """Many units to one committee on a day, after a preview."""
        number = len(units)
        title = ngettext("Move %(number)s unit", "Move %(number)s units", number) % {"number": format_number(number)}
        return self.run(request, forms.MoveForm, organisations.move_unit, each=units, of="organisation", title=title)

    def about(self, request: HttpRequest, row: Any) -> dict[str, Any]:
        """Everything an administrator sees of one unit."""
        today = clock.today()
        counted(request.user, [row], names=())
        stands = bool(row.ends and row.ends > today)
        held = Appointment.objects.filter(organisation=row, until_on__gt=today).select_related("person__account")
        return {
            "state": state_of(row),
            "state_icon": "hourglass-split" if stands else "slash-circle",
            "facts": [*self._facts(row), *self._lineage(request, row)],
            "tools": self._tools(row) if stands else [],
            "numbers": list(row.numbers.values()),
            "officers": [(one, last_day(one)) for one in held.by_rank().order_by("rank", "from_on")],
            "workplaces": Coverage.objects.as_at(today).filter(organisation=row).select_related("workplace")[:100],
            "bodies": MassOrganisation.objects.filter(unit=row).order_by("name"),
            "timeline": timeline_of(row, request.user),
        }

    def _facts(self, row: Any) -> list[tuple[Any, Any]]:
        return [
            (_("Code"), row.code),
            (_("Tier"), self.tier_name(row)),
            (_("Sector"), self.sector_name(row)),
            (_("Under"), self.above(row)),
            (_("Stands from"), format_day(row.begins) if row.begins else "–"),
            (_("Until"), format_day(row.ends - timedelta(days=1)) if row.ends and row.ends < OPEN else "–"),
            (_("Telephone"), row.phone or "–"),
            (_("Address"), row.address or "–"),
            (_("Delegated power to admit"), row.admits_by_delegation or "–"),
        ]

    def _lineage(self, request: HttpRequest, row: Any) -> Iterator[tuple[Any, Any]]:
        """Whom it continues, and who continues it, from when on; linked where the reader administers them."""
        found = [
            *((_("continues"), one.predecessor, one.from_on) for one in row.continues.select_related("predecessor")),
            *((_("Continued by"), one.successor, one.from_on) for one in row.continued_by.select_related("successor")),
        ]
        units = [unit for _words, unit, _day in found]
        mine = set(managed(Organisation.objects.filter(pk__in=[unit.pk for unit in units]), request.user))
        name_in_full(units)
        for unit in units:
            if unit not in mine:
                unit.parent_name = ""  # it is named, and no more of where it stands
        for words, unit, day in found:
            since = _("from %(day)s") % {"day": format_day(day)}
            yield (
                words,
                format_html(
                    '{} <span class="whole">{}</span>', shown(unit, admin_page(unit) if unit in mine else ""), since
                ),
            )

    def _tools(self, row: Any) -> list[tuple[Any, str]]:
        found = [
            (_("Appoint"), self.address("appoint", row.pk)),
            (_("Rename"), self.address("rename", row.pk)),
            (_("Move"), self.address("move", row.pk)),
            (_("Describe"), self.address("describe", row.pk)),
            *([(_("Dissolve"), self.address("dissolve", row.pk))] if row.ends == OPEN else []),  # else it is decided
        ]
        if row.kind == Kind.COMMITTEE:
            for kind, words in (("cell", _("New cell under it")), ("committee", _("New committee under it"))):
                found.insert(1, (words, reverse(f"admin:membership_{kind}_found") + f"?under={row.pk}"))
        return found


@admin.register(Committee)
class CommitteeAdmin(UnitAdmin):
    """Committees of the reader's subtrees."""

    kind, new, found_form = Kind.COMMITTEE, _("New committee"), forms.FoundCommitteeForm


@admin.register(Cell)
class CellAdmin(UnitAdmin):
    """Cells of the reader's subtrees."""

    list_display = tuple(column for column in UnitAdmin.list_display if column != CHILDREN)  # a cell has none
    kind, new, found_form = Kind.CELL, _("New cell"), forms.FoundCellForm


# The tree ---------------------------------------------------------------------------------------------------------


def tree(request: HttpRequest) -> HttpResponse:
    """The reader's units as a tree: levels that open, each unit with its numbers; `?under=` begins further down."""
    asked = request.GET.get("under", "")
    if set(request.GET) - {"under"} or not (asked == "" or (asked.isascii() and asked.isdigit() and len(asked) < 10)):
        raise BadRequest
    day = clock.today()
    units = described(managed(Organisation.objects.standing(day), request.user))
    top = None
    if asked:
        if not (top := units.filter(pk=asked).first()):
            raise Http404
        units = units.filter(pk__in=Position.objects.as_at(day).filter(below(top.path)).values("organisation"))
    shown, cut = _levels(units, day)
    counted(request.user, shown)
    context = {
        "title": _("The tree"), "branches": _nested(shown), "cut": cut, "top": top, "total": len(shown), "day": day,
        **admin.site.each_context(request),
    }  # fmt: skip
    return TemplateResponse(request, "admin/tree.html", context)


def _levels(units: QuerySet, day: date) -> tuple[list[Any], bool]:
    """As many whole levels as fit on a page, at least two; whether something below is left out."""
    found = list(units.order_by("path")[: BRANCHES + 1])
    if len(found) <= BRANCHES:
        return found, False
    top = min(len(unit.path) for unit in found)
    levels = Position.objects.as_at(day).annotate(depth=Length("path")).filter(depth__lte=top + KEY_WIDTH)
    return list(units.filter(pk__in=levels.values("organisation")).order_by("path")[:BRANCHES]), True


def _nested(units: list[Any]) -> list[dict[str, Any]]:
    """Each unit with its branches, by name."""
    nodes = {unit.path: {"unit": unit, "url": admin_page(unit), "branches": [], "level": 0} for unit in units}
    tops: list[dict[str, Any]] = []
    for path, node in nodes.items():
        above = nodes.get(path[:-KEY_WIDTH])
        (above["branches"] if above else tops).append(node)
    for node in nodes.values():
        node["branches"].sort(key=lambda one: search_key(one["unit"].unit_sort))
        children = node["unit"].numbers.get("children", ("", 0, ""))[1]
        node["left_out"] = 0 if node["branches"] else children
    for node in tops:
        _level(node, 0)
    return tops


def _level(node: dict[str, Any], level: int) -> None:
    node["level"] = level
    for branch in node["branches"]:
        _level(branch, level + 1)
