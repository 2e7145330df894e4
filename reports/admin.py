"""Periods, directives and plans in the administration. It offers operations, not raw fields."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import BadRequest
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from foundation import clock
from foundation.days import format_day
from foundation.numbers import format_number
from foundation.web import CodeField, DayField, NameField, NumberField
from foundation.words import isolated
from membership.admin.base import ByUnit, Choice, OperationAdmin
from membership.admin.forms import AdminForm, Preview
from membership.admin.workplaces import names_of
from membership.forms.fields import UnitField
from membership.models import Organisation
from membership.timeline import timeline_of
from reports.ledger import Ledger, ledger
from reports.models import Directive, Group, Period, PeriodKind, Plan, PlanState
from reports.operations import plans

LARGEST = 1_000_000


class PeriodForm(AdminForm):
    """A stretch of days for which targets are set."""

    submit = _("Set the period up")
    code = CodeField(label=_("Code"), max_length=20)
    kind = forms.ChoiceField(label=_("Kind"), choices=PeriodKind.choices)
    first = DayField(label=_("From"))
    last = DayField(label=_("To"), help_text=_("The last day, included."))
    parent = forms.ModelChoiceField(label=_("Within"), queryset=Period.objects.all(), required=False)

    def preview(self) -> Preview:
        """The days."""
        given = self.cleaned_data
        said = {"code": given["code"], "first": format_day(given["first"]), "last": format_day(given["last"])}
        return Preview([_("%(code)s goes from %(first)s to %(last)s, both included.") % said])


class DirectiveForm(AdminForm):
    """The document that asks for the numbers."""

    submit = _("Record the directive")
    unit = UnitField(label=_("Unit"), capability="plan.write")
    number = NameField(label=_("Number"), max_length=60)
    title = NameField(label=_("Title"), max_length=300)
    issued_on = DayField(label=_("Issued on"))

    def preview(self) -> Preview:
        """The document."""
        given = self.cleaned_data
        said = {"number": given["number"], "title": given["title"], "day": format_day(given["issued_on"])}
        return Preview([_("%(number)s of %(day)s: %(title)s.") % said])


class PlanForm(AdminForm):
    """A unit's plan for a period."""

    submit = _("Draft the plan")
    unit = UnitField(label=_("Unit"), capability="plan.write")
    period = forms.ModelChoiceField(label=_("Period"), queryset=Period.objects.order_by("-first"))
    title = NameField(label=_("Title"), max_length=300)
    directive = forms.ModelChoiceField(label=_("Directive"), queryset=Directive.objects.none(), required=False)

    def prepare(self) -> None:
        """Directives of the reader's units."""
        units = Organisation.objects.visible_to(self.user, "plan.write").values("pk")
        directives: Any = self.fields["directive"]
        directives.queryset = Directive.objects.filter(unit__in=units).order_by("-issued_on")

    def preview(self) -> Preview:
        """Whose plan it is."""
        given = self.cleaned_data
        said = {"unit": given["unit"], "period": given["period"], "title": given["title"]}
        return Preview([_("%(unit)s has a plan for %(period)s: %(title)s. Its numbers follow.") % said])


class TargetsForm(AdminForm):
    """The numbers of one group: a field a unit, the children's sum against their parent."""

    submit = _("Set the targets")
    group = forms.ChoiceField(required=False, choices=Group.choices, widget=forms.HiddenInput)
    from_on = DayField(label=_("From"), initial=clock.today)

    def prepare(self) -> None:
        """A field for the plan's unit and for each of its children."""
        asked = self.data.get("group", "") if self.is_bound else self.initial.get("group", "")
        if asked not in Group.values:
            raise BadRequest
        self.ledger = ledger(self.row, clock.today())
        for line in self.ledger.lines:
            self.fields[f"unit_{line.position.organisation_id}"] = NumberField(
                label=isolated(line.position.name),
                required=False,
                min_value=0,
                max_value=LARGEST,
                initial=line.numbers.get(asked),
            )

    @property
    def running(self) -> Any:
        """What of the unit's own number is handed down, as it stands in the fields."""
        numbers = [(line.own, self.typed(f"unit_{line.position.organisation_id}")) for line in self.ledger.lines]
        own = next((number for is_own, number in numbers if is_own), None)
        below = [number for is_own, number in numbers if not is_own and number is not None]
        if own is None or not below:
            return _("Units below together: %(below)s.") % {"below": format_number(sum(below))}
        left = own - sum(below)
        told = {"below": format_number(sum(below)), "left": format_number(abs(left))}
        if left < 0:
            return _("Handed down %(below)s, %(left)s too many.") % told
        return _("Handed down %(below)s, left %(left)s.") % told

    @property
    def arguments(self) -> dict[str, Any]:
        """Only what changes is set."""
        group = self.cleaned_data["group"]
        numbers = {
            (line.position.organisation, group): number
            for line in self.ledger.lines
            if (number := self._number(line)) != line.numbers.get(group)
        }
        return {"numbers": numbers, "from_on": self.cleaned_data["from_on"]}

    def _number(self, line: Any) -> int | None:
        return self.cleaned_data[f"unit_{line.position.organisation_id}"]

    def preview(self) -> Preview:
        """The units whose number changes, now and then; the reconciliation below."""
        group = self.cleaned_data["group"]
        rows, own, below = [], None, 0
        for line in self.ledger.lines:
            number, now = self._number(line), line.numbers.get(group)
            rows += [[line.position.name, format_number(now), format_number(number)]] if number != now else []
            own, below = (number, below) if line.own else (own, below + (number or 0))
        if not rows:
            return Preview([_("Nothing changes.")])
        day = format_day(self.cleaned_data["from_on"])
        sentences = [
            _("From %(day)s on the plan asks these numbers of %(group)s.") % {"day": day, "group": Group(group).label}
        ]
        if own is not None and own != below:
            sentences.append(
                _("The units below have %(below)s together, their parent has %(own)s.")
                % {"below": format_number(below), "own": format_number(own)}
            )
        foot = [_("Units below together"), format_number(self.ledger.handed_down(group)), format_number(below)]
        return Preview(sentences, [_("Unit"), _("Now"), _("Then")], rows, foot, numbers=[1, 2])


class DecideForm(AdminForm):
    """The plan holds from now on."""

    submit = _("Decide the plan")

    def preview(self) -> Preview:
        """Whether the numbers agree: a line a group."""
        found = ledger(self.row, clock.today())
        tells = found.own, found.handed_down, found.left
        head = [_("Group"), _("Target"), _("Units below together"), _("Left to hand down")]
        rows = [
            [capfirst(Group(group).label), *(format_number(tell(group)) for tell in tells)] for group in found.groups
        ]
        said = [_("Its numbers are then the targets on every page of progress.")]
        return Preview(said, head, rows, numbers=[1, 2, 3])


class StateFilter(Choice):
    """Plans in one state."""

    title, parameter_name, choices_of = _("state"), "state", PlanState


class PlansOfUnit(ByUnit):
    """Plans of one unit."""

    field = "unit"


@admin.register(Plan)
class PlanAdmin(OperationAdmin):
    """Plans of the reader's units, each with its ledger."""

    capability = "plan.write"
    change_template = "admin/reports/plan.html"
    list_display = ("title", "of_unit", "period", "state")
    list_filter = (StateFilter, PlansOfUnit)
    search_help_text = _("Words of the title")
    never_deleted = _("Plans are never deleted: what was asked stays.")

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        """With unit and period."""
        return super().get_queryset(request).select_related("unit", "period", "directive")

    def complete(self, request: HttpRequest, rows: list[Any]) -> None:
        """Names of the units."""
        names = names_of({row.unit_id for row in rows})
        for row in rows:
            row.of = names.get(row.unit_id, row.unit.code)

    @admin.display(description=_("unit"))
    def of_unit(self, row: Any) -> str:
        """The unit's name today."""
        return isolated(row.of)

    def get_ordering(self, request: HttpRequest) -> tuple[str, ...]:
        """The newest period first."""
        return ("-period__first", "pk")

    def found(self, rows: QuerySet, word: str, text: str) -> QuerySet:
        """By the title as typed."""
        return rows.filter(title__icontains=text)

    def tools(self, request: HttpRequest) -> list[tuple[Any, str]]:
        """Draft a plan, found a period, record a directive."""
        forms_of = {"draft": PlanForm, "period": PeriodForm, "directive": DirectiveForm}
        return [(form.submit, self.address(name)) for name, form in forms_of.items()]

    def own_urls(self) -> list[Any]:
        """One address an operation."""
        return [
            self.at_all("draft/", self.draft_view, "draft"),
            self.at_all("period/", self.period_view, "period"),
            self.at_all("directive/", self.directive_view, "directive"),
            self.on_row("targets/", self.targets_view, "targets"),
            self.on_row("decide/", self.decide_view, "decide"),
        ]

    def draft_view(self, request: HttpRequest) -> HttpResponse:
        """A plan without numbers yet; its page follows."""
        return self.run(request, PlanForm, plans.draft_plan, title=PlanForm.submit, then=self._page_of)

    def period_view(self, request: HttpRequest) -> HttpResponse:
        """A period."""
        return self.run(request, PeriodForm, plans.found_period, title=PeriodForm.submit)

    def directive_view(self, request: HttpRequest) -> HttpResponse:
        """A directive."""
        return self.run(request, DirectiveForm, plans.issue_directive, title=DirectiveForm.submit)

    def targets_view(self, request: HttpRequest, row: Plan) -> HttpResponse:
        """The numbers of a group."""
        group = request.GET.get("group", "")
        title = _("Targets of %(group)s: %(row)s") % {"group": dict(Group.choices).get(group, ""), "row": row}
        return self._on(request, row, TargetsForm, plans.set_targets, title, {"group": group})

    def decide_view(self, request: HttpRequest, row: Plan) -> HttpResponse:
        """The plan holds."""
        return self._on(request, row, DecideForm, plans.decide_plan, _("Decide %(row)s") % {"row": row}, {})

    def _on(
        self, request: HttpRequest, row: Plan, form: Any, operation: Any, title: Any, initial: dict[str, Any]
    ) -> HttpResponse:
        back = self._page_of(row)
        return self.run(request, form, operation, each=[row], of="plan", title=title, back=back, initial=initial)

    def _page_of(self, row: Plan) -> str:
        return self.address("change", row.pk)

    def about(self, request: HttpRequest, row: Any) -> dict[str, Any]:
        """The plan, its ledger with the line of reconciliation, and the operations."""
        found = ledger(row, clock.today())
        targets = self.address("targets", row.pk)
        tools: list[tuple[Any, str]] = [
            (_("Targets of %(group)s") % {"group": group.label}, f"{targets}?group={group.value}") for group in Group
        ]
        if row.state != PlanState.DECIDED:
            tools.append((DecideForm.submit, self.address("decide", row.pk)))
        facts = [
            (_("Unit"), row.unit),
            (_("Period"), f"{row.period}: {format_day(row.period.first)} – {format_day(row.period.last)}"),
            (_("Directive"), row.directive or "–"),
            (_("State"), capfirst(row.get_state_display())),
        ]
        return {"facts": facts, "tools": tools, "ledger": table(found), "timeline": timeline_of(row, request.user)}


def table(found: Ledger) -> dict[str, Any]:
    """The ledger as a table: head, rows, and the reconciliation: handed down, left."""
    sums: Iterable[tuple[Any, Any]] = (
        (_("Units below together"), found.handed_down),
        (_("Left to hand down"), found.left),
    )
    return {
        "head": [_("Unit"), *(Group(group).label for group in found.groups)],
        "rows": [
            [line.position.name, *(format_number(line.numbers.get(group)) for group in found.groups)]
            for line in found.lines
        ],
        "foot": [[label, *(format_number(tell(group)) for group in found.groups)] for label, tell in sums],
    }
