"""Workplaces and mass organisations."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.contrib.admin import display
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.text import capfirst
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from foundation import clock
from foundation.days import format_day
from foundation.numbers import format_number
from foundation.words import isolated
from membership import scope
from membership.admin import forms
from membership.admin.base import ByUnit, Choice, OperationAdmin
from membership.admin.units import admin_page
from membership.models import (
    Appointment,
    Coverage,
    MassKind,
    MassMembership,
    MassOrganisation,
    Organisation,
    Ownership,
    Position,
    Workplace,
    WorkplaceKind,
)
from membership.operations import appointments, workplaces
from membership.timeline import timeline_of


def names_of(units: Any) -> dict[int, str]:
    """Names of units as of today, by one query."""
    return dict(
        Position.objects.as_at(clock.today()).filter(organisation__in=units).values_list("organisation", "name")
    )


class KindFilter(Choice):
    """Workplaces of one kind."""

    title, parameter_name, choices_of = _("kind"), "kind", WorkplaceKind


class OwnershipFilter(Choice):
    """Workplaces of one ownership."""

    title, parameter_name, choices_of = _("ownership"), "ownership", Ownership


class CoveredFilter(Choice):
    """With or without party organisation today."""

    title, parameter_name = _("party organisation"), "covered"
    choices_of = [("yes", _("with")), ("no", _("without"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        """Without a choice: all."""
        covered = Exists(Coverage.objects.as_at(clock.today()).filter(workplace=OuterRef("pk")))
        return {"yes": queryset.filter(covered), "no": queryset.filter(~covered)}.get(self.value() or "", queryset)


class CoveringFilter(ByUnit):
    """Workplaces a unit covers."""

    title = _("covered by")

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        """Of the unit."""
        if not self.value():
            return queryset
        here = Coverage.objects.as_at(clock.today()).filter(organisation=self.value())
        return queryset.filter(pk__in=here.values("workplace"))


class LocalityFilter(ByUnit):
    """Workplaces that lie in a ward or commune."""

    title, parameter_name, field = _("lies in"), "lies_in", "locality"


def _workers(row: Workplace) -> str:
    return "–" if row.workers is None else format_number(row.workers)


@admin.register(Workplace)
class WorkplaceAdmin(OperationAdmin):
    """Enterprises, schools, agencies, cooperatives, fishing fleets of the reader's wards and communes."""

    capability = "workplace.write"
    list_display = ("name", "code", "kind", "ownership", "number", "lies_in", "covered_by")
    list_filter = (KindFilter, OwnershipFilter, CoveredFilter, CoveringFilter, LocalityFilter)
    search_help_text = _("Name, with or without marks")
    never_deleted = _("Workplaces are never deleted: what was covered stays.")

    def get_ordering(self, request: HttpRequest) -> tuple[str, ...]:
        """By name."""
        return ("search_key",)

    def complete(self, request: HttpRequest, rows: list[Any]) -> None:
        """Names of the wards, and of the units that cover each."""
        covering: dict[int, list[int]] = {row.pk: [] for row in rows}
        for unit, workplace in (
            Coverage.objects.as_at(clock.today())
            .filter(workplace__in=list(covering))
            .values_list("organisation", "workplace")
        ):
            covering[workplace].append(unit)
        seen = {unit for units in covering.values() for unit in units} | {row.locality_id for row in rows}
        mine = Organisation.objects.visible_to(request.user).filter(pk__in=seen).values_list("pk", "kind")
        kinds, names = dict(mine), names_of(seen)
        for row in rows:
            row.lies = names.get(row.locality_id, "–")
            row.covering = [(names.get(unit, "–"), unit, kinds[unit]) for unit in covering[row.pk] if unit in kinds]
            row.others = len(covering[row.pk]) - len(row.covering)

    @display(description=_("Workers"), ordering="workers")
    def number(self, row: Any) -> str:
        """How many work there."""
        return _workers(row)

    @display(description=_("lies in"))
    def lies_in(self, row: Any) -> str:
        """The ward or commune."""
        return isolated(row.lies)

    @display(description=_("covered by"))
    def covered_by(self, row: Any) -> Any:
        """The units of the reader that cover it; of others only how many."""
        links = format_html_join(
            gettext("; "),
            '<a href="{}"><bdi>{}</bdi></a>',
            ((_page(pk, kind), name) for name, pk, kind in row.covering),
        )
        others = _("%(number)s outside your units") % {"number": format_number(row.others)} if row.others else ""
        return format_html("{} {}", links, others) if row.covering or row.others else "–"

    def tools(self, request: HttpRequest) -> list[tuple[Any, str]]:
        """Record one."""
        return [(forms.FoundWorkplaceForm.submit, self.address("found"))]

    def own_urls(self) -> list[Any]:
        """Record, describe, cover, uncover."""
        rows = [self.on_row(f"{n}/", getattr(self, f"{n}_view"), n) for n in ("describe", "cover", "uncover")]
        return [self.at_all("found/", self.found_view, "found"), *rows]

    def found_view(self, request: HttpRequest) -> HttpResponse:
        """A workplace into the register."""
        form = forms.FoundWorkplaceForm
        return self.run(request, form, workplaces.found_workplace, title=form.submit, then=self._page_of)

    def _page_of(self, row: Workplace) -> str:
        return self.address("change", row.pk)

    def describe_view(self, request: HttpRequest, row: Workplace) -> HttpResponse:
        """What the workplace is."""
        return self._on(request, row, forms.DescribeWorkplaceForm, workplaces.describe_workplace, _("Describe %(row)s"))

    def cover_view(self, request: HttpRequest, row: Workplace) -> HttpResponse:
        """A unit becomes its party organisation."""
        return self._on(request, row, forms.CoverForm, workplaces.cover, _("Party organisation of %(row)s"))

    def uncover_view(self, request: HttpRequest, row: Workplace) -> HttpResponse:
        """A unit is its party organisation no longer."""
        return self._on(request, row, forms.CoverForm, workplaces.uncover, _("%(row)s is covered no longer"))

    def _on(self, request: HttpRequest, row: Workplace, form: Any, operation: Any, title: Any) -> HttpResponse:
        return self.run(
            request, form, operation, each=[row], of="workplace", title=title % {"row": row},
            back=self._page_of(row), initial=workplaces.edit_values(row) if form is forms.DescribeWorkplaceForm else {},
        )  # fmt: skip

    def about(self, request: HttpRequest, row: Any) -> dict[str, Any]:
        """The workplace and who covers it."""
        self.complete(request, [row])
        facts = [
            (_("Code"), row.code),
            (_("Kind"), capfirst(row.get_kind_display())),
            (_("Ownership"), capfirst(row.get_ownership_display())),
            (_("Workers"), _workers(row)),
            (_("Zone"), row.zone or "–"),
            (_("Lies in"), row.lies),
            (_("Covered by"), self.covered_by(row)),
        ]
        mine = Organisation.objects.visible_to(request.user).values("pk")
        covered = Coverage.objects.so().filter(workplace=row, organisation__in=mine).select_related("organisation")
        facts.extend((_("Covered so far"), _with_days(one)) for one in covered)
        return {
            "facts": facts,
            "tools": [
                (_("A unit covers it"), self.address("cover", row.pk)),
                (_("A unit covers it no longer"), self.address("uncover", row.pk)),
                (_("Describe"), self.address("describe", row.pk)),
            ],
            "timeline": timeline_of(row, request.user),
        }


def _with_days(one: Coverage) -> str:
    said = {"unit": one.organisation, "first": format_day(one.valid_from)}
    if one.last_on is None:
        return _("%(unit)s: from %(first)s") % said
    return _("%(unit)s: %(first)s to %(last)s") % {**said, "last": format_day(one.last_on)}


def _page(pk: int, kind: str) -> str:
    return admin_page(Organisation(pk=pk, kind=kind))


def _officer(held: Appointment) -> Any:
    """The officer, linked to the appointment, where it is ended."""
    address = reverse("admin:membership_appointment_change", args=[held.pk])
    return format_html('<a href="{}"><bdi>{}</bdi></a>', address, held.person.full_name)


class MassKindFilter(Choice):
    """Mass organisations of one kind."""

    title, parameter_name, choices_of = _("kind"), "kind", MassKind


class BesideFilter(ByUnit):
    """Beside one unit."""

    field = "unit"


@admin.register(MassOrganisation)
class MassOrganisationAdmin(OperationAdmin):
    """Youth unions, trade unions and other mass organisations beside the reader's units."""

    list_display = ("name", "kind", "beside", "members", "officers")
    list_filter = (MassKindFilter, BesideFilter)
    search_help_text = _("Name, with or without marks")

    def rows(self, user: Any) -> QuerySet:
        """Beside units the user administers."""
        return MassOrganisation.objects.filter(scope.within(user, self.capability, "unit")).select_related("unit")

    def get_ordering(self, request: HttpRequest) -> tuple[str, ...]:
        """By name."""
        return ("search_key",)

    def complete(self, request: HttpRequest, rows: list[Any]) -> None:
        """Names of the units, numbers of members and officers."""
        today, names = clock.today(), names_of([row.unit_id for row in rows])
        keys = [row.pk for row in rows]
        members = list(MassMembership.objects.as_at(today).filter(body__in=keys).values_list("body", flat=True))
        officers = list(
            Appointment.objects.in_force(today)
            .filter(mass_organisation__in=keys)
            .values_list("mass_organisation", flat=True)
        )
        for row in rows:
            row.unit_name, row.number = names.get(row.unit_id, "–"), members.count(row.pk)
            row.held = officers.count(row.pk)

    @display(description=_("beside"))
    def beside(self, row: Any) -> Any:
        """The unit."""
        return format_html('<a href="{}"><bdi>{}</bdi></a>', admin_page(row.unit), row.unit_name)

    @display(description=pgettext_lazy("of a mass organisation", "members"))
    def members(self, row: Any) -> int:
        """How many belong to it today."""
        return row.number

    @display(description=_("officers"))
    def officers(self, row: Any) -> int:
        """How many officers it has today."""
        return row.held

    def tools(self, request: HttpRequest) -> list[tuple[Any, str]]:
        """Record one."""
        return [(forms.FoundMassForm.submit, self.address("found"))]

    def own_urls(self) -> list[Any]:
        """Record, rename, appoint."""
        return [
            self.at_all("found/", self.found_view, "found"),
            self.on_row("rename/", self.rename_view, "rename"),
            self.on_row("appoint/", self.appoint_view, "appoint"),
        ]

    def found_view(self, request: HttpRequest) -> HttpResponse:
        """A mass organisation beside a unit."""
        form = forms.FoundMassForm
        return self.run(request, form, workplaces.found_mass_organisation, title=form.submit, then=self._page_of)

    def _page_of(self, row: MassOrganisation) -> str:
        return self.address("change", row.pk)

    def rename_view(self, request: HttpRequest, row: MassOrganisation) -> HttpResponse:
        """Another name."""
        return self.run(
            request, forms.RenameMassForm, workplaces.rename_mass_organisation, each=[row], of="mass_organisation",
            title=_("Rename %(unit)s") % {"unit": row}, back=self._page_of(row), initial={"name": row.name},
        )  # fmt: skip

    def appoint_view(self, request: HttpRequest, row: MassOrganisation) -> HttpResponse:
        """An officer who nominates."""
        return self.run(
            request, forms.AppointForm, appointments.appoint, each=[row], mass_organisation=row,
            title=_("Appoint in %(unit)s") % {"unit": row}, back=self._page_of(row),
        )  # fmt: skip

    def about(self, request: HttpRequest, row: Any) -> dict[str, Any]:
        """The mass organisation and its officers."""
        self.complete(request, [row])
        held = Appointment.objects.in_force(clock.today()).filter(mass_organisation=row).select_related("person")
        return {
            "facts": [
                (_("Kind"), capfirst(row.get_kind_display())),
                (_("Beside"), self.beside(row)),
                (pgettext_lazy("of a mass organisation", "members"), row.number),
                *((capfirst(one.get_role_display()), _officer(one)) for one in held),
            ],
            "tools": [(_("Appoint"), self.address("appoint", row.pk)), (_("Rename"), self.address("rename", row.pk))],
            "timeline": timeline_of(row, request.user),
        }
