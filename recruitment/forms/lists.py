"""Filters of the candidate list, and the columns it can show."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from foundation import clock
from foundation.web.lists import ListForm
from membership import scope
from membership.forms.fields import UnitsField
from membership.models import Person, Position
from membership.models.organisations import below
from recruitment import groups, tasks
from recruitment.rulebook import wording

STAGES = [
    "nominated",
    "taken_up",
    "awareness_class",
    "helpers",
    "dossier",
    "cell_meeting",
    "sub_committee",
    "committee_meeting",
    "decision",
    "ceremony",
    "probation",
    "recognition_meeting",
    "recognition_committee",
]
COLUMNS: Mapping[str, Any] = {
    "name": _("Name"),
    "cell": _("Cell, committee"),
    "stage": _("Stage reached"),
    "time": _("Time in this stage"),
    "next": _("Next step"),
    "move": _("Whose move"),
    "due": _("Due"),
    "earliest": _("Earliest admission"),
    "since": _("In this stage since"),
    "state": _("State"),
    "born": _("Born on"),
    "sex": _("Sex"),
    "residence": _("Residence"),
    "education": _("General education"),
    "phone": _("Telephone"),
    "opened": _("Nominated on"),
    "ethnicity": _("Ethnicity"),
    "religion": _("Religion"),
}
USUAL = ("name", "cell", "stage", "next", "move", "earliest")
ON_PAPER = ("name", "born", "sex", "cell", "stage")  # one line a person on A4
RESTRICTED = frozenset({"ethnicity", "religion"})


class CandidatesFilter(ListForm):
    """Search, unit with subtree, stage, group, state, overdue, what is to do, order, columns; all in the address."""

    sorts = {
        "name": ("person__sort_key",),
        "due": (F("standing__due_on").asc(nulls_last=True), "person__sort_key"),
        "since": ("standing__stage_since", "person__sort_key"),
        "earliest": (F("standing__earliest_ceremony_on").asc(nulls_last=True), "person__sort_key"),
    }
    q = forms.CharField(label=_("Name"), required=False, max_length=100)
    unit = UnitsField(label=_("Unit"), required=False, capability="candidate.read")
    stage = forms.ChoiceField(
        label=_("Stage reached"),
        required=False,
        choices=[("", _("Any")), *((code, wording.STAGES[code]) for code in STAGES)],
    )
    state = forms.ChoiceField(
        label=_("State"), required=False, choices=[("", _("Open")), *wording.STATES.items(), ("all", _("All"))]
    )
    group = forms.ChoiceField(label=_("Group"), required=False)
    overdue = forms.BooleanField(label=_("Overdue"), required=False)
    work = forms.ChoiceField(
        label=_("Work"),
        required=False,
        choices=[("", _("Any")), *((code, label) for code, (label, _rows) in tasks.GROUPS.items())],
    )
    columns = forms.MultipleChoiceField(label=_("Columns"), required=False, widget=forms.MultipleHiddenInput)

    def prepare(self) -> None:
        """Groups and columns derived from restricted fields are offered only with the grant."""
        user = self.request.user
        self.fields["unit"].for_user(user)
        self.reads_restricted = scope.may(user, "person.restricted")
        own = {code: label for code, label in groups.GROUPS.items() if self._offered(code, groups.RESTRICTED)}
        self.fields["group"].choices = [("", _("Any")), *own.items()]
        self.fields["columns"].choices = [item for item in COLUMNS.items() if self._offered(item[0], RESTRICTED)]

    def _offered(self, code: str, restricted: frozenset[str]) -> bool:
        return self.reads_restricted or code not in restricted

    @property
    def shown_columns(self) -> list[str]:
        """The columns in their order: those asked for, else the usual ones; the name always."""
        usual = ON_PAPER if self.cleaned_data["format"] == "print" else USUAL
        asked = self.cleaned_data["columns"] or usual
        return [name for name in COLUMNS if name == "name" or name in asked]

    @property
    def column_choices(self) -> list[dict[str, Any]]:
        """Every column on offer, and whether it is shown."""
        shown = self.shown_columns
        return [
            {"name": name, "label": label, "chosen": name in shown}
            for name, label in self.fields["columns"].choices
            if name != "name"
        ]

    def words_of(self, name: str) -> Any:
        """A unit by its name; what nothing is called so as it was typed."""
        if name == "unit":
            units = self.cleaned_data["unit"]
            return units[0].name if len(units) == 1 else self.data["unit"]
        return "" if name == "overdue" else super().words_of(name)

    def narrow(self, rows: Any) -> Any:
        """The candidates that fit."""
        asked, day = self.cleaned_data, clock.today()
        if asked["q"]:
            rows = rows.filter(person__in=Person.objects.found(asked["q"]).values("pk"))
        if asked["unit"] is not None:
            rows = rows.filter(_under(asked["unit"], day))
        if asked["stage"]:
            rows = rows.filter(standing__stage=asked["stage"])
        state = asked["state"]
        if state != "all":
            rows = rows.filter(standing__state=state) if state else rows.open()
        if asked["overdue"]:
            rows = rows.filter(standing__due_on__lt=day, standing__state__in=("open", "admitted"))
        if asked["work"]:
            rows = rows.filter(tasks.GROUPS[asked["work"]][1](self.request.user, day))
        if asked["group"] in groups.RESTRICTED:
            rows = rows.filter(scope.within(self.request.user, "person.restricted", "cell"))
        return rows.filter(groups.of_people(asked["group"], day)) if asked["group"] else rows


def _under(units: list[Any], day: date) -> Q:
    """Candidates in cells that stand on the day in or under one of the units (with `path`)."""
    ranges = Q(pk__in=[])
    for unit in units:
        ranges |= below(unit.path)
    return Q(cell__in=Position.objects.as_at(day).filter(ranges).values("organisation"))
