"""Forms that found, rename, move, describe and dissolve units."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from django import forms
from django.urls import reverse
from django.utils.html import format_html
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from django.utils.translation import npgettext_lazy

from foundation import clock
from foundation.days import format_day, parse_day
from foundation.numbers import format_number
from foundation.web import CodeField, DayField, NameField, NumericField
from membership import dependants, scope, steps
from membership.admin.forms.base import AdminForm, Preview, optional
from membership.admin.officers import OfficerField
from membership.admin.places import name_in_full, shown, told
from membership.dependants import Dependant
from membership.forms.fields import UnitField
from membership.models import (
    Organisation,
    Position,
    Sector,
)
from membership.models.organisations import Kind, Tier

_UNITS = Dependant(
    "units", _("units"), npgettext_lazy("beside a number", "unit", "units"),
    lambda unit, day: Position.objects.as_at(day).filter(organisation=unit), lambda unit: "",
    rows=Position.objects.as_at, field="organisation",
)  # fmt: skip


def numbers_of(units: Sequence[Organisation], day: date) -> tuple[list[Any], dict[int, list[int]]]:
    """Headings, and for each unit how much hangs on it and on everything under it on the day."""
    kinds = [_UNITS, *(one for name in ("members", "candidacies", "officers") for one in dependants.countable(name))]
    tallies = [dependants.tally(one, units, day, deep=True) for one in kinds]
    return [one.label for one in kinds], {unit.pk: [tally.get(unit.pk, 0) for tally in tallies] for unit in units}


def parents_of(units: Sequence[Organisation]) -> dict[int, str]:
    """For each unit the name of its parent, as it is today."""
    rows = Position.objects.as_at(clock.today())
    above = dict(rows.filter(organisation__in=[unit.pk for unit in units]).values_list("organisation", "parent"))
    names = dict(rows.filter(organisation__in=set(above.values()) - {None}).values_list("organisation", "name"))
    return {unit: names.get(parent, "–") for unit, parent in above.items()}


class FoundForm(AdminForm):
    """A unit that begins to stand; a cell may have its secretary at once."""

    name = NameField(label=_("Name"), max_length=200)
    code = CodeField(
        label=_("Code"),
        max_length=30,
        help_text=_("Letters, digits, dots and hyphens; it never changes."),
    )
    parent = UnitField(
        label=_("Under"), capability="unit.write", kind=Kind.COMMITTEE, help_text=_("Type a name or a code.")
    )
    from_on = DayField(label=_("From"), initial=clock.today)
    sector = forms.ChoiceField(label=_("Sector"), choices=optional(Sector), required=False)
    phone = NumericField(label=_("Telephone"), max_length=30, required=False)
    secretary = OfficerField(label=_("Secretary"), required=False)

    def clean(self) -> dict[str, Any]:
        """A code in use is told beside whatever else is wrong; the operation refuses it anyway."""
        cleaned = super().clean() or self.cleaned_data
        if self.errors and "code" in cleaned:
            for problem in steps.codes_in_use(Organisation.objects.filter(code=cleaned["code"])):
                self.add_error("code", problem)
        return cleaned

    def preview(self) -> Preview:
        """Where the unit will stand, and who leads it."""
        given = self.cleaned_data
        said = {
            "name": given["name"],
            "code": given["code"],
            "parent": given.get("parent"),
            "day": format_day(given["from_on"]),
        }
        under, topmost = (
            _("%(name)s [%(code)s] stands under %(parent)s from %(day)s on."),
            _("%(name)s [%(code)s] is the topmost unit from %(day)s on."),
        )
        sentences: list[Any] = [(under if said["parent"] else topmost) % said]
        if given["secretary"]:
            sentences.append(_("%(person)s is its secretary from that day.") % {"person": given["secretary"]})
        described = [name for name in ("sector", "phone") if given.get(name)]
        rows = self.values(*(name for name in self.own_fields() if name not in described))
        return Preview(sentences, [_("Field"), _("Then")] if rows else [], rows)


class FoundCommitteeForm(FoundForm):
    """A committee that begins to stand, with a member of its staff if one is named."""

    submit = _("Found the committee")

    def prepare(self) -> None:
        """A committee has staff. The first of the office stands under nothing, and says at which tier."""
        self.fields["secretary"].label = _("Staff")
        if not self.data.get("parent") and not steps.has_a_top():
            del self.fields["parent"]
            tiers = [(tier.value, tier.label) for tier in (Tier.PROVINCIAL, Tier.SUPERIOR, Tier.GRASSROOTS)]
            self.fields["tier"] = forms.ChoiceField(label=_("Tier"), choices=tiers, initial=Tier.SUPERIOR)

    def preview(self) -> Preview:
        """Where the unit will stand, and who keeps its papers."""
        said = super().preview()
        if person := self.cleaned_data["secretary"]:
            said.sentences[1:] = [_("%(person)s is its staff from that day.") % {"person": person}]
        return said


class FoundCellForm(FoundForm):
    """A cell that begins to stand, with its secretary if one is named."""

    submit = _("Found the cell")


class RenameForm(AdminForm):
    """Another name from a day on."""

    submit = _("Rename")
    name = NameField(label=_("New name"), max_length=200)
    from_on = DayField(label=_("From"), initial=clock.today)

    def current_values(self, current: Any) -> dict[str, Any]:
        """As the unit is called."""
        return {"name": current.name_on(), "from_on": self.cleaned_data.get("from_on")}

    def preview(self) -> Preview:
        """The name before and after."""
        day = self.cleaned_data["from_on"]
        said = {"before": self.row.name_on(day), "after": self.cleaned_data["name"], "day": format_day(day)}
        return Preview([_("%(before)s is called %(after)s from %(day)s on.") % said])


class MoveForm(AdminForm):
    """Another parent from a day on, for one unit or many."""

    submit = _("Move")
    parent = UnitField(label=_("To the committee"), capability="unit.write", kind=Kind.COMMITTEE)
    from_on = DayField(label=_("From"), initial=clock.today, help_text=_("A past or a future day too."))

    def current_values(self, current: Any) -> dict[str, Any]:
        """As the unit stands."""
        position = current.position()
        return {"parent": position.parent if position else None, "from_on": self.cleaned_data.get("from_on")}

    def preview(self) -> Preview:
        """Each unit with all that goes with it on that day."""
        day, parent = self.cleaned_data["from_on"], self.cleaned_data["parent"]
        head, numbers = numbers_of(self.rows, day)
        parents = parents_of(self.rows)
        rows = [[str(unit), parents.get(unit.pk, "–"), *numbers[unit.pk]] for unit in self.rows]
        sums = [sum(numbers[unit.pk][place] for unit in self.rows) for place in range(len(head))]
        said = {"parent": parent, "day": format_day(day), "eve": format_day(day - timedelta(days=1))}
        sentences: list[Any] = [
            _("From %(day)s on they stand under %(parent)s.") % said,
            _("As at %(eve)s and before, each counts where it stood until then.") % said,
        ]
        if day > clock.today():
            sentences.append(_("Until then the change is shown as waiting."))
        head = [_("Name"), _("Now under"), *head]
        return Preview(sentences, head, rows, [_("Together"), "", *sums], numbers=range(2, len(head)))


class DescribeUnitForm(AdminForm):
    """What has no history of its own: sector, telephone, address, delegated power."""

    submit = _("Save the description")
    sector = forms.ChoiceField(label=_("Sector"), choices=optional(Sector), required=False)
    phone = NumericField(label=_("Telephone"), max_length=30, required=False)
    address = NameField(label=_("Address"), max_length=200, required=False)
    admits_by_delegation = NameField(
        label=_("Decision that delegates the power to admit"), max_length=60, required=False
    )

    def preview(self) -> Preview:
        """Fields that change."""
        return self.differences({name: getattr(self.row, name) for name in self.own_fields()})


class DissolveForm(AdminForm):
    """The unit stands no longer; everything that hangs on it has a destination."""

    submit = _("Dissolve")
    asks_reason = True
    from_on = DayField(label=_("From"), initial=clock.today, help_text=_("The first day on which it stands no longer."))
    successor = UnitField(
        label=_("Continued by"), capability="unit.write", required=False, help_text=_("Its past counts for this unit.")
    )

    def prepare(self) -> None:
        """A field for each kind of thing that hangs on the unit, with its number and its list."""
        self.row.path_today = self.row.path
        successor: Any = self.fields["successor"]
        successor.kind = successor.widget.parameters["kind"] = self.row.kind
        self.hanging = [(one, number) for one, number in dependants.of(self.row, self._day()) if number]
        label, needed = _("%(things)s (%(number)s) go to"), _("Choose the unit that takes them over.")
        for one, number in self.hanging:
            said = {"number": format_number(number), "things": one.label}
            if one.move:
                self.fields[f"to_{one.name}"] = UnitField(
                    capability="unit.write", kind=one.destination, required=one.mandatory,
                    label=capfirst(label % said), help_text=self._help(one), error_messages={"required": needed},
                )  # fmt: skip
        self.order_fields(["from_on", "successor", *self.destinations])

    @property
    def destinations(self) -> list[str]:
        """Names of the fields that take a destination."""
        return [name for name in self.fields if name.startswith("to_")]

    @property
    def by_hand(self) -> list[tuple[Any, int]]:
        """What can be given no destination here and must be ended first."""
        return [(one, number) for one, number in self.hanging if one.mandatory and not one.move and not one.end]

    def _day(self) -> date:
        """The day that was typed, else today: both it and what comes later is listed."""
        try:
            return parse_day(self.data.get("from_on", "")) if self.is_bound else clock.today()
        except ValueError:
            return clock.today()

    def _help(self, one: Any) -> Any:
        note = _("Left empty, they end with the unit.") if one.end else ""
        if scope.allows(self.user, one.reads, self.row) is False:
            return note
        words, address = _("Show them"), one.link(self.row)
        if one.name == "children":
            address = f"{reverse('admin:tree')}?under={self.row.pk}"
        elif one.name == "officers":
            address = f"{reverse('admin:membership_appointment_changelist')}?unit={self.row.pk}"
        elif one.name == "workplaces":
            address = f"{reverse('admin:membership_workplace_changelist')}?unit={self.row.pk}"
        return format_html('{} <a href="{}">{}</a>', note, address, words) if address else note

    def clean(self) -> dict[str, Any]:
        """Nothing goes to what is dissolved, and what has no destination is ended before."""
        cleaned = super().clean() or self.cleaned_data
        for name in self.destinations:
            if cleaned.get(name) == self.row:
                self.add_error(name, _("What is dissolved cannot be its own destination."))
        for one, number in self.by_hand:
            said = {"number": format_number(number), "things": one.label}
            self.add_error(None, _("These must be ended first: %(things)s (%(number)s).") % said)
        return cleaned

    @property
    def arguments(self) -> dict[str, Any]:
        """The operation's arguments, with the destinations by name."""
        given = self.cleaned_data
        places = {name.removeprefix("to_"): given[name] for name in self.destinations if given.get(name)}
        return {"from_on": given["from_on"], "successor": given["successor"], "destinations": places}

    def current_values(self, current: Any) -> dict[str, Any]:
        """Nothing of this form is stored on the unit."""
        return {name: self.cleaned_data.get(name) for name in self.own_fields()}

    def preview(self) -> Preview:
        """Each kind of thing, how many, and where they go."""
        given = self.cleaned_data
        places = {one.name: given.get(f"to_{one.name}") for one, _number in self.hanging}
        name_in_full(unit for unit in (given["successor"], *places.values()) if unit)
        said = {"unit": told(self.row), "day": format_day(given["from_on"])}
        sentences = [_("%(unit)s stands no longer from %(day)s on.") % said]
        if given["successor"]:
            sentences.append(_("%(unit)s continues it.") % {"unit": told(given["successor"])})
        rows = [
            [capfirst(one.label), number, shown(place) if (place := places[one.name]) else _("end with the unit")]
            for one, number in self.hanging
        ]
        return Preview(sentences, [_("What hangs on it"), _("How many"), _("Goes to")], rows, numbers=[1])
