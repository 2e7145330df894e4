"""Appointments, accounts, and the people who hold them: all an administrator sees of people."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.contrib.admin import display
from django.core.exceptions import PermissionDenied
from django.db.models import Prefetch, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from foundation import clock
from foundation.days import format_day
from foundation.names import exact_first
from foundation.numbers import format_number
from foundation.words import enumerated, isolated
from membership import scope
from membership.admin import forms
from membership.admin.base import ByUnit, Choice, OperationAdmin, yes, yes_or_no
from membership.admin.officers import CAPABILITY, appointable, officers
from membership.admin.places import last_day, office, offices, over, placed, shown, told
from membership.admin.units import admin_page
from membership.forms.fields import person_line
from membership.models import Appointment, Person, Position, Role, User
from membership.operations import accounts, appointments
from membership.timeline import timeline_of

SUGGESTIONS = 20
# What of a person's timeline concerns access; the rest is not an administrator's.
ACCESS = {
    "appoint", "end_appointment", "found_unit", "dissolve_unit", "open_account", "close_account", "reopen_account",
    "hand_over_account", "end_sessions_of_account",
}  # fmt: skip


def place_of(appointment: Appointment) -> Any:
    """What the appointment is over, linked to its page."""
    place = over(appointment)
    if appointment.organisation:
        return shown(place, admin_page(place))
    return shown(place, reverse("admin:membership_massorganisation_change", args=[place.pk]))


class RoleFilter(Choice):
    """Appointments in one role."""

    title, parameter_name, choices_of = _("role"), "role", Role


class ForceFilter(Choice):
    """In force today, ended, or to come."""

    title, parameter_name = _("state"), "state"
    choices_of = [("now", _("in force")), ("ended", _("ended")), ("coming", _("to come")), ("all", _("all"))]

    def choices(self, changelist: Any) -> Any:
        """Without a choice: those that have not ended, and it says so."""
        for place, choice in enumerate(super().choices(changelist)):
            yield choice if place else {**choice, "display": capfirst(_("not ended"))}

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        """Without a choice: those that have not ended."""
        today = clock.today()
        if self.value() == "now":
            return queryset.in_force(today)
        if self.value() == "coming":
            return queryset.filter(from_on__gt=today)
        if self.value() == "ended":
            return queryset.filter(until_on__lte=today)
        return queryset if self.value() == "all" else queryset.filter(until_on__gt=today)


@admin.register(Appointment)
class AppointmentAdmin(OperationAdmin):
    """Who holds which role where: made and ended here, never edited."""

    capability = CAPABILITY
    list_display = ("holder", "role_name", "over", "from_day", "until_day",
                    yes_or_no("reads_names", _("reads names")),
                    yes_or_no("reads_restricted", _("reads restricted fields")))  # fmt: skip
    list_display_links = None
    list_filter = (RoleFilter, ForceFilter, ByUnit)
    list_select_related = ("person", "organisation", "mass_organisation")
    search_help_text = _("Name of the person, or of the unit")
    actions = ("end_many",)
    never_deleted = _("Appointments are never deleted: they end.")

    def get_ordering(self, request: HttpRequest) -> tuple[str, ...]:
        """By the person's name."""
        return ("person__sort_key", "from_on")

    def found(self, rows: QuerySet, word: str, text: str) -> QuerySet:
        """By the person's name, or the unit's name or code."""
        here = Position.objects.as_at(clock.today()).filter(search_key__found_within=word).values("organisation")
        return rows.filter(
            Q(person__search_key__found_within=word)
            | Q(organisation__in=here)
            | Q(organisation__code__istartswith=text)
            | Q(mass_organisation__search_key__found_within=word)
        )

    def complete(self, request: HttpRequest, rows: list[Any]) -> None:
        """The units' names."""
        placed(rows)

    def named(self, row: Appointment) -> str:
        """With whose it is."""
        return enumerated([row.person, *office(row)])

    @display(description=_("person"), ordering="person__sort_key")
    def holder(self, row: Appointment) -> Any:
        """The person's name, linked to the appointment; on a phone what it is over."""
        return format_html(
            '<a href="{}"><bdi>{}</bdi></a> <span class="quiet only-phone"><bdi>{}</bdi></span>',
            self.address("change", row.pk), row.person, told(over(row)),
        )  # fmt: skip

    @display(description=_("role"), ordering="role")
    def role_name(self, row: Appointment) -> str:
        """The role in words."""
        return str(capfirst(row.get_role_display()))

    @display(description=_("over"))
    def over(self, row: Appointment) -> Any:
        """The unit or mass organisation."""
        return place_of(row)

    @display(description=_("from"), ordering="from_on")
    def from_day(self, row: Appointment) -> str:
        """The first day."""
        return format_day(row.from_on)

    @display(description=_("last day"), ordering="until_on")
    def until_day(self, row: Appointment) -> str:
        """The last day."""
        return last_day(row) or "–"

    def tools(self, request: HttpRequest) -> list[tuple[Any, str]]:
        """Appoint."""
        return [(_("Appoint"), self.address("appoint"))]

    def own_urls(self) -> list[Any]:
        """Appoint, end, and the suggestions of whom to appoint."""
        return [
            self.at_all("appoint/", self.appoint_view, "appoint"),
            self.at_all("suggest/", self.suggest_view, "suggest", "GET", "HEAD"),
            self.on_row("end/", self.end_view, "end"),
        ]

    def appoint_view(self, request: HttpRequest) -> HttpResponse:
        """An appointment over a unit named in the form."""
        form = forms.AppointAnywhereForm
        return self.run(request, form, appointments.appoint, title=_("Appoint"), then=self._page_of)

    def _page_of(self, appointment: Appointment) -> str:
        return self.address("change", appointment.pk)

    def end_view(self, request: HttpRequest, row: Appointment) -> HttpResponse:
        """The appointment ends."""
        title = _("End the appointment of %(person)s") % {"person": row.person}
        back = self.address("change", row.pk)
        end = appointments.end_appointment
        return self.run(request, forms.EndForm, end, each=placed([row]), of="appointment", title=title, back=back)

    @admin.action(description=_("End"))
    def end_many(self, request: HttpRequest, rows: QuerySet) -> HttpResponse:
        """Many appointments end on one day, after a preview."""
        words = ngettext("End %(number)s appointment", "End %(number)s appointments", len(rows))
        title = words % {"number": format_number(len(rows))}
        return self.run(
            request, forms.EndForm, appointments.end_appointment, each=placed(rows), of="appointment", title=title
        )

    def suggest_view(self, request: HttpRequest) -> HttpResponse:
        """At most 20 people whom the reader may appoint, from 2 letters: name, birth year, cell and committee."""
        text = request.GET.get(request.GET.get("field", "q"), request.GET.get("q", ""))[:300].strip()
        found = appointable(request.user).found(text).order_by("sort_key", "pk") if len(text) > 1 else []
        lines = [person_line(one) for one in exact_first(text, list(found[:SUGGESTIONS]))]
        return render(request, "membership/_suggestions.html", {"lines": lines})

    def about(self, request: HttpRequest, row: Appointment) -> dict[str, Any]:
        """The appointment, its holder's account, and what happened to it."""
        account = getattr(row.person, "account", None)
        placed([row])
        tools = [(_("End it"), self.address("end", row.pk))] if row.until_on > clock.today() else []
        if account is None:
            tools.append((_("Open an account"), reverse("admin:membership_person_open", args=[row.person_id])))
        return {
            "title": _("%(person)s: %(role)s") % {"person": row.person, "role": row.get_role_display()},
            "facts": [
                (_("Person"), _linked("membership_person_change", row.person_id, row.person)),
                (_("Role"), capfirst(row.get_role_display())),
                (_("Over"), place_of(row)),
                (_("From"), format_day(row.from_on)),
                (_("Last day"), last_day(row) or "–"),
                (_("Reads names"), yes(row.reads_names)),
                (_("Reads restricted fields"), yes(row.reads_restricted)),
                (_("Account"), _account(request, account)),
            ],
            "tools": tools,
            "timeline": timeline_of(row, request.user),
        }


def _linked(name: str, pk: int, words: Any) -> Any:
    return format_html('<a href="{}"><bdi>{}</bdi></a>', reverse(f"admin:{name}", args=[pk]), words)


def _account(request: HttpRequest, account: User | None) -> Any:
    if account is None or not User.objects.visible_to(request.user).filter(pk=account.pk).exists():
        return "–"
    return _linked("membership_user_change", account.pk, account.username)


class AccountFilter(Choice):
    """People with or without an account."""

    title, parameter_name = _("account"), "account"
    choices_of = [("yes", _("with")), ("no", _("without"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        """Without a choice: all."""
        return queryset.filter(account__isnull=self.value() == "no") if self.value() else queryset


@admin.register(Person)
class PersonAdmin(OperationAdmin):
    """Officers and account holders by name; of other people an administrator sees numbers only."""

    capability = CAPABILITY
    list_display = ("full_name", "roles", "account_name")
    list_filter = (AccountFilter,)
    search_help_text = _("Name, with or without marks")
    never_deleted = _("People are never deleted. Here are officers and account holders; of others, units show numbers.")

    def rows(self, user: Any) -> QuerySet:
        """Officers and account holders, with the appointments the user may see."""
        held = Appointment.objects.visible_to(user, CAPABILITY).in_force(clock.today())
        held = held.select_related("organisation", "mass_organisation").order_by("role")
        return officers(user).prefetch_related(Prefetch("appointments", held, to_attr="held")).select_related("account")

    def get_ordering(self, request: HttpRequest) -> tuple[str, ...]:
        """In Vietnamese order."""
        return ("sort_key",)

    def complete(self, request: HttpRequest, rows: list[Any]) -> None:
        """The units' names."""
        placed(held for row in rows for held in row.held)

    @display(description=_("appointments"))
    def roles(self, row: Any) -> Any:
        """Roles and units in force today."""
        return offices(row.held)

    @display(description=_("account"), ordering="account__username")
    def account_name(self, row: Person) -> str:
        """The user name."""
        account = getattr(row, "account", None)
        return account.username if account else "–"

    def own_urls(self) -> list[Any]:
        """Open an account."""
        return [self.on_row("account/", self.open_view, "open")]

    def open_view(self, request: HttpRequest, row: Person) -> HttpResponse:
        """An account for the person; then its slip."""
        if getattr(row, "account", None):
            raise Http404
        return self.run(
            request, forms.AccountForm, accounts.open_account, each=[row], of="person",
            title=_("Open an account for %(person)s") % {"person": row}, back=self.address("change", row.pk),
            message=_("The account is open. Print its slip and hand it over."), then=_slip,
        )  # fmt: skip

    def about(self, request: HttpRequest, row: Any) -> dict[str, Any]:
        """The person's appointments and account."""
        placed(row.held)
        held = [(capfirst(one.get_role_display()), place_of(one)) for one in row.held]
        account = getattr(row, "account", None)
        return {
            "facts": [*held, (_("Account"), _account(request, account))],
            "tools": [] if account else [(_("Open an account"), self.address("open", row.pk))],
            "timeline": [line for line in timeline_of(row, request.user) if line.operation in ACCESS],
        }


def _slip(account: User) -> str:
    return reverse("account_slip", args=[account.pk])


class ActiveFilter(Choice):
    """Accounts that may sign in, or not."""

    title, parameter_name = _("right to sign in"), "active"
    choices_of = [("yes", _("yes")), ("no", _("no"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        """Without a choice: all."""
        return queryset.filter(is_active=self.value() == "yes") if self.value() else queryset


@admin.register(User)
class UserAdmin(OperationAdmin):
    """Accounts: opened for officers, handed over by a slip, closed and reopened."""

    capability = CAPABILITY
    list_display = ("username", "holder", "roles", yes_or_no("is_active", _("may sign in")),
                    yes_or_no("is_staff", _("uses the administration")), "last_sign_in")  # fmt: skip
    list_filter = (ActiveFilter,)
    search_help_text = _("User name, or the holder's name")
    never_deleted = _("Accounts are never deleted: they are closed.")

    def rows(self, user: Any) -> QuerySet:
        """Accounts of the user's officers."""
        held = Appointment.objects.visible_to(user, CAPABILITY).in_force(clock.today())
        held = held.select_related("organisation", "mass_organisation").order_by("role")
        shown = User.objects.visible_to(user).select_related("person")
        return shown.prefetch_related(Prefetch("person__appointments", held, to_attr="held"))

    def get_ordering(self, request: HttpRequest) -> tuple[str, ...]:
        """By user name."""
        return ("username",)

    def found(self, rows: QuerySet, word: str, text: str) -> QuerySet:
        """By user name or the holder's name."""
        return rows.filter(Q(username__icontains=word) | Q(person__search_key__found_within=word))

    def complete(self, request: HttpRequest, rows: list[Any]) -> None:
        """The units' names."""
        placed(held for row in rows if row.person for held in row.person.held)

    @display(description=_("person"), ordering="person__sort_key")
    def holder(self, row: User) -> Any:
        """The holder's name."""
        return isolated(row.person or "–")

    @display(description=_("Last sign-in"), ordering="last_login")
    def last_sign_in(self, row: User) -> str:
        """The day of it, as every page writes days."""
        return format_day(timezone.localdate(row.last_login)) if row.last_login else "–"

    @display(description=_("appointments"))
    def roles(self, row: Any) -> Any:
        """Roles and units in force today."""
        return offices(row.person.held if row.person else [])

    def tools(self, request: HttpRequest) -> list[tuple[Any, str]]:
        """Open one: of an officer who has none."""
        return [(_("Open an account"), reverse("admin:membership_person_changelist") + "?account=no")]

    def own_urls(self) -> list[Any]:
        """Close, reopen, end sessions."""
        return [
            self.on_row(f"{name}/", getattr(self, f"{name}_view"), name) for name in ("close", "reopen", "sessions")
        ]

    def close_view(self, request: HttpRequest, row: User) -> HttpResponse:
        """Nobody signs in with it any more."""
        form = forms.CloseAccountForm
        return self._on(request, row, form, accounts.close_account, _("Close the account %(account)s"))

    def reopen_view(self, request: HttpRequest, row: User) -> HttpResponse:
        """It may sign in again."""
        form = forms.ReopenAccountForm
        return self._on(request, row, form, accounts.reopen_account, _("Reopen the account %(account)s"))

    def sessions_view(self, request: HttpRequest, row: User) -> HttpResponse:
        """Whoever is signed in with it is signed out."""
        form = forms.EndSessionsForm
        return self._on(request, row, form, accounts.end_sessions_of_account, _("End the sessions of %(account)s"))

    def _on(self, request: HttpRequest, row: User, form: Any, operation: Any, title: Any) -> HttpResponse:
        return self.run(
            request, form, operation, each=[row], of="account", title=title % {"account": row},
            back=self.address("change", row.pk),
        )  # fmt: skip

    def about(self, request: HttpRequest, row: Any) -> dict[str, Any]:
        """The account, its holder, and what happened to it."""
        if not self._manages(request, row):
            tools = []
        elif row.is_active:
            tools = [
                (_("Print a slip with a one-time code"), _slip(row)),
                (_("End its sessions"), self.address("sessions", row.pk)),
                (_("Close it"), self.address("close", row.pk)),
            ]
        else:
            tools = [(_("Reopen it"), self.address("reopen", row.pk))]
        placed(row.person.held if row.person else [])
        held = [(capfirst(one.get_role_display()), place_of(one)) for one in row.person.held] if row.person else []
        return {
            "facts": [
                (_("Holder"), _linked("membership_person_change", row.person_id, row.person) if row.person else "–"),
                *held,
                (_("May sign in"), yes(row.is_active)),
                (_("Uses the administration"), yes(row.is_staff)),
                (_("Last sign-in"), self.last_sign_in(row)),
            ],
            "tools": tools,
            "timeline": timeline_of(row, request.user),
        }

    def _manages(self, request: HttpRequest, row: User) -> bool:
        try:
            scope.authorise(request.user, CAPABILITY, row.permission_units())
        except PermissionDenied:
            return False
        return True
