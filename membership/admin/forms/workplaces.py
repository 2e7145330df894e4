"""Forms of workplaces and mass organisations."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from foundation import clock
from foundation.facts import OPEN
from foundation.web import CodeField, DayField, NameField, NumberField
from membership.admin.forms.base import AdminForm, Preview
from membership.forms.fields import UnitField
from membership.models import (
    MassKind,
    Ownership,
    WorkplaceKind,
)
from membership.models.organisations import Kind


class DescribeWorkplaceForm(AdminForm):
    """What a workplace is."""

    submit = _("Save the description")
    name = NameField(label=_("Name"), max_length=200)
    kind = forms.ChoiceField(label=_("Kind"), choices=WorkplaceKind.choices)
    ownership = forms.ChoiceField(label=_("Ownership"), choices=Ownership.choices)
    workers = NumberField(label=_("Workers"), min_value=0, max_value=1_000_000, required=False)
    zone = NameField(label=_("Zone"), max_length=100, required=False)

    def preview(self) -> Preview:
        """Fields that change."""
        return self.differences({name: getattr(self.row, name) for name in self.own_fields()})


class FoundWorkplaceForm(DescribeWorkplaceForm):
    """A workplace into the register."""

    submit = _("Record the workplace")
    code = CodeField(label=_("Code"), max_length=30)
    locality = UnitField(label=_("Ward or commune in which it lies"), capability="workplace.write", kind=Kind.COMMITTEE)

    def preview(self) -> Preview:
        """All fields."""
        return Preview([], [_("Field"), _("Then")], self.values())


class CoverForm(AdminForm):
    """A unit is, or is no longer, the workplace's party organisation."""

    submit = _("Record")
    not_arguments = ("last_on",)
    organisation = UnitField(label=_("Unit"), capability="workplace.write")
    from_on = DayField(label=_("From"), initial=clock.today)
    last_on = DayField(label=_("Last day"), required=False, help_text=_("Empty: until further notice."))

    @property
    def arguments(self) -> dict[str, Any]:
        """With the day after the last."""
        last = self.cleaned_data["last_on"]
        return {**super().arguments, "to": last + timedelta(days=1) if last else OPEN}

    def clean(self) -> dict[str, Any]:
        """The last day is not before the first."""
        cleaned = super().clean() or self.cleaned_data
        first, last = cleaned.get("from_on"), cleaned.get("last_on")
        if first and last and last < first:
            raise ValidationError(_("The last day is before the first."))
        return cleaned

    def preview(self) -> Preview:
        """Which unit, from when."""
        return Preview([str(self.row)], [_("Field"), _("Then")], self.values())


class FoundMassForm(AdminForm):
    """A mass organisation beside a unit."""

    submit = _("Record the mass organisation")
    name = NameField(label=_("Name"), max_length=200)
    kind = forms.ChoiceField(label=_("Kind"), choices=MassKind.choices)
    unit = UnitField(label=_("Beside the unit"), capability="unit.write")

    def preview(self) -> Preview:
        """All fields."""
        return Preview([], [_("Field"), _("Then")], self.values())


class RenameMassForm(AdminForm):
    """Another name for a mass organisation."""

    submit = _("Rename")
    name = NameField(label=_("New name"), max_length=200)

    def preview(self) -> Preview:
        """The name before and after."""
        return self.differences({"name": self.row.name})
