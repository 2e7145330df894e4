"""Small histories for figures, and how tests ask for them."""

from datetime import date
from typing import Any

from foundation.facts import Change, change
from foundation.operation import Act
from membership import steps as membership_steps
from membership.models import Organisation
from recruitment import steps
from recruitment.models import Candidate
from reports.indicators import FIGURES, Ask
from reports.models import Period, PeriodKind, Plan, PlanState, TargetValue
from tests.builders import START, a_person, entering

YEAR = (date(2024, 1, 1), date(2024, 12, 31))
TODAY = date(2024, 10, 31)


def asked(unit: Organisation, **values: Any) -> Ask:
    """The office itself asks for 2024, as at 31 October 2024, if nothing else is said."""
    values = {"user": None, "first": YEAR[0], "last": YEAR[1], "as_at": TODAY, **values}
    return Ask(unit=unit, **values)


def figure(code: str, unit: Organisation, **values: Any) -> Any:
    """One figure of a unit."""
    return FIGURES[code].value(asked(unit, **values))


def admitted(cell: Organisation, on: date = date(2024, 5, 19), entered: date | None = None, **person: Any) -> Candidate:
    """Somebody admitted by the cell on the day, entered then or later; before it only a nomination."""
    with entering(entered or on) as act:
        row = {"person": a_person(**person), "cell": cell, "source": "cell", "happened_on": date(2023, 9, 5)}
        [candidate] = steps.nominate(act, [row])
        steps.hold_ceremonies(act, [{"candidate": candidate, "happened_on": on}])
    return candidate


def moved(unit: Organisation, to: Organisation, on: date, entered: date | None = None) -> None:
    """The unit stands under another from the day on."""
    with entering(entered or on) as act:
        membership_steps.move(act, unit, to, on)


def dissolved(unit: Organisation, on: date, into: Organisation | None = None) -> None:
    """The unit stands nowhere from the day on."""
    with entering(on) as act:
        membership_steps.dissolve(act, [unit], on, [into] if into else [])


def recorded(candidate: Candidate, kind: str, on: date, entered: date | None = None) -> None:
    """A plain record: pause, resume, withdraw, ..."""
    with entering(entered or on) as act:
        steps.record(act, [{"candidate": candidate, "kind": kind, "happened_on": on}])


def a_period(first: date = YEAR[0], last: date = YEAR[1], kind: str = PeriodKind.YEAR) -> Period:
    """The period from and to these days."""
    found, _new = Period.objects.get_or_create(
        code=f"{first:%Y%m%d}-{last:%Y%m%d}", defaults={"kind": kind, "first": first, "last": last}
    )
    return found


def a_plan(
    unit: Organisation,
    numbers: dict[Organisation, int],
    period: Period | None = None,
    group: str = "",
    state: str = PlanState.DECIDED,
    since: date = START,
    title: str = "Kế hoạch",
) -> Plan:
    """A plan of the unit that asks these numbers of units."""
    plan = Plan.objects.create(unit=unit, period=period or a_period(), title=title, state=state)
    with entering(since) as act:
        set_numbers(act, plan, numbers, group, since)
    return plan


def set_numbers(act: Act, plan: Plan, numbers: dict[Organisation, int], group: str = "", since: date = START) -> None:
    """The plan asks these numbers of units from the day on."""
    rows = [
        Change({"plan": plan, "unit": unit, "group": group}, {"number": number}, since)
        for unit, number in numbers.items()
    ]
    change(act, TargetValue, rows)
