"""Filters of the candidate list."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from foundation import clock
from foundation.web.lists import ListForm
from membership.models import (
    MassKind,
    MassMembership,
    Occupation,
    OccupationKind,
    Organisation,
    Ownership,
    Person,
    Sex,
    WorkplaceKind,
)
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
GROUPS = {
    "women": _("women"),
    "students": _("students and pupils"),
    "non_state_workers": _("workers in non-state enterprises"),
    "youth_union": _("Youth Union members"),
}
OPEN_STATES = ("open", "paused", "returned", "admitted")


class CandidatesFilter(ListForm):
    """Search, unit with subtree, stage, focus group, state, overdue; all in the address."""

    sorts = {
        "name": ("person__sort_key",),
        "due": (F("standing__due_on").asc(nulls_last=True), "person__sort_key"),
        "since": ("standing__stage_since", "person__sort_key"),
        "earliest": (F("standing__earliest_ceremony_on").asc(nulls_last=True), "person__sort_key"),
    }
    q = forms.CharField(label=_("Name"), required=False, max_length=100)
    unit = forms.IntegerField(required=False, min_value=1, max_value=2**63 - 1, widget=forms.HiddenInput)
    stage = forms.ChoiceField(
        label=_("Stage"), required=False, choices=[("", _("Any")), *((code, wording.STAGES[code]) for code in STAGES)]
    )
    state = forms.ChoiceField(
        label=_("State"), required=False, choices=[("", _("Open")), *wording.STATES.items(), ("all", _("All"))]
    )
    group = forms.ChoiceField(label=_("Group"), required=False, choices=[("", _("Any")), *GROUPS.items()])
    overdue = forms.BooleanField(label=_("Overdue"), required=False)

    def chosen_unit(self) -> Organisation | None:
        """The unit in the address, if the reader sees its candidates."""
        if not (pk := self.cleaned_data["unit"]):
            return None
        return Organisation.objects.visible_to(self.request.user, "candidate.read").filter(pk=pk).first()

    def narrow(self, rows: QuerySet) -> QuerySet:
        """The candidates that fit."""
        asked, day = self.cleaned_data, clock.today()
        if asked["q"]:
            rows = rows.filter(person__in=Person.objects.found(asked["q"]).values("pk"))
        if asked["unit"]:
            unit = self.chosen_unit()
            rows = rows.filter(cell__in=Organisation.objects.under(unit, day).values("pk")) if unit else rows.none()
        if asked["stage"]:
            rows = rows.filter(standing__stage=asked["stage"])
        state = asked["state"]
        if state != "all":
            rows = rows.filter(standing__state=state) if state else rows.filter(standing__state__in=OPEN_STATES)
        if asked["overdue"]:
            rows = rows.filter(standing__due_on__lt=day, standing__state__in=("open", "admitted"))
        return rows.filter(_in_group(asked["group"], day)) if asked["group"] else rows


def _in_group(group: str, day: Any) -> Q:
    """People of a focus group on `day`: derived, never typed in."""
    if group == "women":
        return Q(person__sex=Sex.FEMALE)
    occupied = Occupation.objects.as_at(day).filter(person=OuterRef("person"))
    if group == "students":
        return Q(Exists(occupied.filter(kind=OccupationKind.STUDENT)))
    if group == "non_state_workers":
        private = occupied.filter(
            workplace__kind=WorkplaceKind.ENTERPRISE, workplace__ownership__in=[Ownership.PRIVATE, Ownership.FOREIGN]
        )
        return Q(Exists(private))
    member = MassMembership.objects.as_at(day).filter(person=OuterRef("person"), body__kind=MassKind.YOUTH_UNION)
    return Q(Exists(member))
