"""Found a period, issue a directive, draft a plan, set its targets, decide it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from django.utils.translation import gettext_lazy as _

from foundation import facts
from foundation.days import format_day
from foundation.facts import Change
from foundation.operation import Act, OperationRefused, operation
from membership.models import Organisation, Position
from reports.models import Directive, Period, Plan, PlanState, TargetValue


class PlanRefused(OperationRefused):
    """The plan would ask what cannot be asked; nothing was written."""


Numbers = Mapping[tuple[Organisation, str], int | None]


def _unit(unit: Organisation) -> Organisation:
    return unit


@operation("found_period", capability="plan.write")
def found_period(act: Act, *, code: str, kind: str, first: date, last: date, parent: Period | None = None) -> Period:
    """The period is there, from its first day to its last, both included."""
    if first > last:
        raise PlanRefused(_("A period cannot end before it begins."))
    if Period.objects.filter(code=code).exists():
        raise PlanRefused(_("The code %(code)s is in use. Choose another.") % {"code": code})
    if parent and not parent.first <= first <= last <= parent.last:
        raise PlanRefused(_("The period does not lie within %(parent)s.") % {"parent": parent})
    founded = Period.objects.create(code=code, kind=kind, first=first, last=last, parent=parent)
    act.about(founded)
    return founded


@operation("issue_directive", capability="plan.write", over=_unit)
def issue_directive(act: Act, *, unit: Organisation, number: str, title: str, issued_on: date) -> Directive:
    """The document that asks for the numbers is recorded."""
    if Directive.objects.filter(number=number).exists():
        raise PlanRefused(_("The directive %(number)s is recorded already.") % {"number": number})
    issued = Directive.objects.create(unit=unit, number=number, title=title, issued_on=issued_on)
    act.about(issued, unit)
    return issued


@operation("draft_plan", capability="plan.write", over=_unit)
def draft_plan(act: Act, *, unit: Organisation, period: Period, title: str, directive: Directive | None = None) -> Plan:
    """The unit has a plan for the period, without targets yet; it counts once it is decided."""
    drafted = Plan.objects.create(unit=unit, period=period, title=title, directive=directive)
    act.about(drafted, unit)
    return drafted


@operation("set_targets", on="plan", capability="plan.write")
def set_targets(act: Act, *, plan: Plan, numbers: Numbers, from_on: date) -> Plan:
    """From that day on the plan asks these numbers of these units and groups; None: nothing. Others stay as they are.

    Units stand in the plan's unit or under it on that day.
    """
    lay_targets(act, plan, numbers, from_on)
    return plan


def lay_targets(act: Act, plan: Plan, numbers: Numbers, from_on: date) -> None:
    """The same as a step."""
    _check(plan, {unit for unit, _group in numbers}, from_on)
    before = standing(plan, from_on)
    changes = [
        Change({"plan": plan, "unit": unit, "group": group}, None if number is None else {"number": number}, from_on)
        for (unit, group), number in numbers.items()
    ]
    facts.change(act, TargetValue, changes)
    for (unit, group), number in numbers.items():
        if before.get((unit.pk, group)) != number:
            act.note(unit.code, f"target {group}".strip(), before.get((unit.pk, group)), number)


def _check(plan: Plan, units: Iterable[Organisation], day: date) -> None:
    wanted = {unit.pk: unit for unit in units}
    here = Position.objects.as_at(day).filter(organisation__in={*wanted, plan.unit_id})
    paths = dict(here.values_list("organisation", "path"))
    above = paths.get(plan.unit_id)
    if outside := [unit for key, unit in wanted.items() if not above or not paths.get(key, "").startswith(above)]:
        said = {"day": format_day(day), "above": plan.unit}
        raise PlanRefused(
            *(_("%(unit)s does not stand under %(above)s on %(day)s.") % {"unit": unit, **said} for unit in outside)
        )


@operation("decide_plan", on="plan", capability="plan.write")
def decide_plan(act: Act, *, plan: Plan) -> Plan:
    """The plan holds: its numbers are the targets of its period. A plan without numbers is refused."""
    if plan.state == PlanState.DECIDED:
        raise PlanRefused(_("The plan is decided already."))
    if not TargetValue.objects.so().filter(plan=plan).exists():
        raise PlanRefused(_("The plan asks nothing of anybody yet."))
    act.note(str(plan), "state", plan.state, PlanState.DECIDED)
    Plan.objects.filter(pk=plan.pk).update(state=PlanState.DECIDED)
    plan.state = PlanState.DECIDED
    return plan


def standing(plan: Plan, day: date) -> dict[tuple[int, str], int]:
    """The plan's numbers on the day, by unit and group."""
    rows = TargetValue.objects.as_at(day).filter(plan=plan)
    return {(row.unit_id, row.group): row.number for row in rows}
