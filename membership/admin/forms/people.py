"""Forms of appointments and accounts."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from foundation import clock
from foundation.days import format_day
from foundation.facts import OPEN
from foundation.web import DayField
from foundation.words import enumerated
from membership import scope
from membership.admin.forms.base import AdminForm, Preview
from membership.admin.officers import OfficerField
from membership.admin.places import name_in_full, office, over, placed, shown, told
from membership.forms.fields import UnitField
from membership.models import (
    Appointment,
    MassOrganisation,
    Organisation,
    Role,
    User,
)
from membership.models.organisations import Kind
from membership.operations import appointments


class AppointForm(AdminForm):
    """A person holds a role over the unit, or over a unit that is named."""

    submit = _("Appoint")
    not_arguments = ("last_on",)
    person = OfficerField(label=_("Person"))
    role = forms.ChoiceField(label=_("Role"))
    from_on = DayField(label=_("From"), initial=clock.today)
    last_on = DayField(label=_("Last day"), required=False, help_text=_("Empty: until it is ended."))
    reads_names = forms.BooleanField(label=_("Reads names"), required=False)
    reads_restricted = forms.BooleanField(label=_("Reads restricted fields"), required=False)

    def prepare(self) -> None:
        """Roles that exist over a thing of this kind."""
        role_field: Any = self.fields["role"]
        role_field.choices = [(role.value, role.label) for role in self._roles()]

    def _roles(self) -> list[Role]:
        if not self.rows:
            return [role for role in Role if role not in appointments.BESIDE]
        if isinstance(self.row, MassOrganisation):
            return [role for role in Role if role in appointments.BESIDE]
        other = appointments.OF_A_COMMITTEE if self.row.kind == Kind.CELL else appointments.OF_A_CELL
        return [role for role in Role if role not in other | appointments.BESIDE]

    def clean(self) -> dict[str, Any]:
        """The last day is not before the first."""
        cleaned = super().clean() or self.cleaned_data
        first, last = cleaned.get("from_on"), cleaned.get("last_on")
        if first and last and last < first:
            self.add_error("last_on", _("The appointment would end before it begins."))
        return cleaned

    @property
    def arguments(self) -> dict[str, Any]:
        """With the day after the last."""
        last = self.cleaned_data["last_on"]
        return {**super().arguments, "until_on": last + timedelta(days=1) if last else OPEN}

    def over(self) -> Any:
        """What the appointment is over."""
        return self.row

    def _beside(self) -> Iterator[str]:
        """Who leads the unit on that day already."""
        if self.cleaned_data["role"] == Role.SECRETARY:
            held = Appointment.objects.in_force(self.cleaned_data["from_on"]).filter(role=Role.SECRETARY)
            for one in held.filter(organisation=self.over()).select_related("person"):
                said = {"person": one.person, "role": Role.SECRETARY.label}
                yield _("%(person)s is %(role)s there already, and stays so until that appointment is ended.") % said

    def preview(self) -> Preview:
        """Who will be what, where, from when; what they will read."""
        place = self.over()
        if isinstance(place, Organisation):
            name_in_full([place])
        said = {"person": self.cleaned_data["person"], "role": self.shown("role"), "over": told(place)}
        sentences: list[Any] = [_("%(person)s will be %(role)s: %(over)s.") % said, *self._beside()]
        if not scope.opens_pages(self.cleaned_data["role"]):
            sentences.append(_("This role opens no page of the program: it says who holds the office."))
        return Preview(sentences, [_("Field"), _("Then")], self.values("person", "role"))


class AppointAnywhereForm(AppointForm):
    """The unit is named in the form."""

    organisation = UnitField(label=_("Unit"), capability="access.write")

    def prepare(self) -> None:
        """The unit stands behind the person."""
        super().prepare()
        self.order_fields(["person", "organisation"])

    def over(self) -> Any:
        """What the appointment is over."""
        return self.cleaned_data["organisation"]


class EndForm(AdminForm):
    """The last day of an appointment, for one or many."""

    submit = _("End")
    not_arguments = ("last_on",)
    last_on = DayField(label=_("Last day"), initial=clock.today)

    @property
    def arguments(self) -> dict[str, Any]:
        """The day after the last."""
        return {"until_on": self.cleaned_data["last_on"] + timedelta(days=1)}

    def current_values(self, current: Any) -> dict[str, Any]:
        """The last day as it is."""
        return {"last_on": "" if current.until_on == OPEN else current.until_on - timedelta(days=1)}

    def preview(self) -> Preview:
        """Who will hold what no longer."""
        day = format_day(self.cleaned_data["last_on"])
        rows = [[row.person, row.get_role_display(), shown(over(row))] for row in placed(self.rows)]
        return Preview(
            [_("%(day)s is the last day.") % {"day": day}, _("From the next day on it gives no access.")],
            [_("Person"), _("Role"), _("Unit")], rows,
        )  # fmt: skip


class AccountForm(AdminForm):
    """An account for an officer."""

    submit = _("Open the account")
    username = forms.CharField(
        label=_("User name"), max_length=64, validators=User._meta.get_field("username").validators,
        help_text=_("Small letters, digits, dots and hyphens."),
    )  # fmt: skip
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES, initial="vi")
    staff = forms.BooleanField(label=_("Uses the administration"), required=False)

    def preview(self) -> Preview:
        """Whose account, and what it lets them do."""
        held = self.row.appointments.in_force(clock.today()).select_related("organisation", "mass_organisation")
        held = placed(held)
        said = {"person": self.row, "username": self.cleaned_data["username"]}
        nothing = [] if any(scope.opens_pages(one.role) for one in held) else [_("None of them opens a page yet.")]
        return Preview(
            [
                _("%(person)s will sign in as %(username)s.") % said,
                _("The account gives no right of its own; these appointments do:"),
                *(enumerated(office(one)) for one in held),
                *nothing,
                *([_("It opens the administration.")] if self.cleaned_data["staff"] else []),
                _("Afterwards a slip with a one-time code can be printed."),
            ]
        )


class OnAccountForm(AdminForm):
    """Nothing to fill in but the reason; `follows` says what it does to the account."""

    asks_reason = True
    follows: tuple[Any, ...] = ()

    def preview(self) -> Preview:
        """What follows for the account."""
        return Preview([sentence % {"account": self.row} for sentence in self.follows])


class CloseAccountForm(OnAccountForm):
    """Nobody signs in with it any more."""

    submit = _("Close the account")
    follows = (
        _("Nobody signs in as %(account)s any more; whoever is signed in with it is signed out."),
        _("A one-time code that was handed out for it no longer works."),
    )


class ReopenAccountForm(OnAccountForm):
    """It may sign in again."""

    submit = _("Reopen the account")
    follows = (_("%(account)s may sign in again, with the password it had."),)


class EndSessionsForm(OnAccountForm):
    """Whoever is signed in with it is signed out."""

    submit = _("End the sessions")
    follows = (_("Whoever is signed in as %(account)s is signed out at the next click; the password stays."),)
