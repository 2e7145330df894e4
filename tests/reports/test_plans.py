"""Periods, plans and their numbers; the administration offers them with a preview."""

import re
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from foundation import clock
from foundation.operation import NotPermitted
from reports.ledger import ledger
from reports.models import Period, Plan, PlanState, TargetValue
from reports.operations import plans
from tests.builders import a_clerk, a_town, a_ward, an_administrator, on_day, signed_in, submitted_by
from tests.reports.histories import TODAY, a_period, a_plan, figure

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def town():
    return a_town()


@pytest.fixture
def ward(town):
    return a_ward(under=town)


def test_a_plan_counts_from_its_decision_on(town, ward):
    by = an_administrator(of=town)
    with on_day(TODAY):
        period = plans.found_period(
            submitted_by(by), code="2024", kind="year", first=date(2024, 1, 1), last=date(2024, 12, 31)
        )
        plan = plans.draft_plan(submitted_by(by), unit=town, period=period, title="Kế hoạch 2024")
        plans.set_targets(submitted_by(by), plan=plan, numbers={(town, ""): 9, (ward, ""): 4}, from_on=date(2024, 1, 1))
        assert figure("target", town) is None
        plans.decide_plan(submitted_by(by), plan=Plan.objects.get())
    assert (figure("target", town), figure("target", ward)) == (9, 4)
    assert Plan.objects.get().state == PlanState.DECIDED


def test_a_number_changes_from_a_day_and_stays_as_it_was_before(town):
    plan, by = a_plan(town, {town: 9}), an_administrator(of=town)
    with on_day(TODAY):
        plans.set_targets(submitted_by(by), plan=plan, numbers={(town, ""): 12}, from_on=date(2024, 7, 1))
    assert figure("target", town, as_at=date(2024, 6, 30)) == 9
    assert figure("target", town, as_at=date(2024, 7, 1)) == 12
    assert figure("target", town, known_on=clock.end_of(date(2024, 10, 30))) == 9


def test_a_number_taken_back_asks_nothing(town):
    plan, by = a_plan(town, {town: 9}), an_administrator(of=town)
    with on_day(TODAY):
        plans.set_targets(submitted_by(by), plan=plan, numbers={(town, ""): None}, from_on=date(2024, 7, 1))
    assert figure("target", town) is None


def test_nothing_is_asked_of_a_unit_that_stands_elsewhere(town):
    plan, by, foreign = a_plan(town, {town: 9}), an_administrator(of=town), a_ward()
    with on_day(TODAY), pytest.raises(plans.PlanRefused):
        plans.set_targets(submitted_by(by), plan=plan, numbers={(foreign, ""): 1}, from_on=TODAY)
    assert TargetValue.objects.so().count() == 1


@pytest.mark.parametrize(
    ("_case", "first", "last", "code"),
    [("backwards", date(2024, 2, 1), date(2024, 1, 31), "X"), ("in use", date(2024, 1, 1), date(2024, 1, 31), "2024")],
)
def test_a_wrong_period_is_refused(town, _case, first, last, code):
    Period.objects.create(code="2024", kind="year", first=date(2024, 1, 1), last=date(2024, 12, 31))
    with pytest.raises(plans.PlanRefused):
        plans.found_period(submitted_by(an_administrator(of=town)), code=code, kind="month", first=first, last=last)
    assert Period.objects.count() == 1


def test_an_empty_plan_is_not_decided_and_a_decided_one_not_again(town):
    by = an_administrator(of=town)
    empty = plans.draft_plan(submitted_by(by), unit=town, period=a_period(), title="Kế hoạch")
    for plan in (empty, a_plan(town, {town: 3})):
        state = plan.state
        with pytest.raises(plans.PlanRefused):
            plans.decide_plan(submitted_by(by), plan=plan)
        assert Plan.objects.get(pk=plan.pk).state == state


@pytest.mark.parametrize("make", [lambda town: a_clerk(of=town), lambda town: an_administrator(of=a_town())])
def test_only_the_units_own_administrators_plan(town, make):
    plan = a_plan(town, {town: 9})
    with pytest.raises(NotPermitted):
        plans.set_targets(submitted_by(make(town)), plan=plan, numbers={(town, ""): 1}, from_on=TODAY)
    assert figure("target", town) == 9


def test_the_ledger_says_what_is_left_to_hand_down(town, ward):
    other = a_ward(under=town)
    plan = a_plan(town, {town: 9, ward: 4})
    found = ledger(plan, TODAY)
    assert (found.own(""), found.handed_down(""), found.left("")) == (9, 4, 5)
    assert found.lines[0].position.organisation == town
    assert {line.position.organisation for line in found.lines} == {town, ward, other}


def test_the_administration_shows_a_preview_and_then_sets_the_numbers(town, ward):
    plan, client = a_plan(town, {town: 9}), signed_in(an_administrator(of=town))
    url = reverse("admin:reports_plan_targets", args=[plan.pk])
    page = client.get(url)
    form = page.context["form"]
    typed = {name: form[name].value() or "" for name in form.fields}
    typed |= {f"unit_{ward.pk}": "4", "from_on": "01/02/2024", "stage": "preview"}
    preview = client.post(url, typed)
    assert preview.context["stage"] == "preview"
    assert "Targets of everybody: Kế hoạch" in preview.content.decode()
    assert preview.context["preview"].rows == [[ward.name_on(), "–", "4"]], "what stays as it is does not change"
    assert "together, their parent has 9" in " ".join(map(str, preview.context["preview"].sentences))
    assert figure("target", ward) is None
    done = client.post(url, {**typed, "stage": "do"})
    assert done.status_code == 302
    assert figure("target", ward) == 4


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({}, "Handed down 4, left 5."),
        ({"ward": "7"}, "Handed down 7, left 2."),
        ({"ward": "١١"}, "Handed down 11, 2 too many."),
        ({"ward": ""}, "Units below together: 0."),
        ({"ward": "four", "town": "9"}, "Units below together: 0."),
        ({"town": ""}, "Units below together: 4."),
    ],
)
def test_what_is_handed_down_follows_what_is_typed(town, ward, typed, said):
    plan, client = a_plan(town, {town: 9, ward: 4}), signed_in(an_administrator(of=town))
    url = reverse("admin:reports_plan_targets", args=[plan.pk])
    form = client.get(url).context["form"]
    stands = {name: form[name].value() or "" for name in form.fields}
    changed = {f"unit_{ {'town': town, 'ward': ward}[name].pk }": number for name, number in typed.items()}
    answer = client.post(url, {**stands, **changed, "stage": "typed"}) if typed else client.get(url)
    assert re.findall(r'<output id="running"[^>]*>(.*?)</output>', answer.content.decode()) == [said]
    assert (figure("target", town), figure("target", ward)) == (9, 4)


def test_what_changes_nothing_says_so(town):
    plan, client = a_plan(town, {town: 9}), signed_in(an_administrator(of=town))
    url = reverse("admin:reports_plan_targets", args=[plan.pk])
    form = client.get(url).context["form"]
    typed = {name: form[name].value() or "" for name in form.fields}
    said = client.post(url, {**typed, "stage": "preview"}).context["preview"]
    assert (said.sentences, said.rows) == (["Nothing changes."], [])


def test_before_a_plan_is_decided_each_group_is_reconciled(town, ward):
    plan, client = a_plan(town, {town: 9, ward: 4}, state="draft"), signed_in(an_administrator(of=town))
    clerk = an_administrator(of=town)
    plans.set_targets(submitted_by(clerk), plan=plan, numbers={(town, "women"): 2, (ward, "women"): 3}, from_on=TODAY)
    url = reverse("admin:reports_plan_decide", args=[plan.pk])
    form = client.get(url).context["form"]
    said = client.post(url, {name: form[name].value() or "" for name in form.fields} | {"stage": "preview"})
    assert said.context["preview"].rows == [["Everybody", "9", "4", "5"], ["Women", "2", "3", "-1"]]


def test_the_plan_page_reconciles_children_with_their_parent(town, ward):
    plan, client = a_plan(town, {town: 9, ward: 4}), signed_in(an_administrator(of=town))
    page = client.get(reverse("admin:reports_plan_change", args=[plan.pk]))
    assert [[str(cell) for cell in row][1] for row in page.context["ledger"]["foot"]] == ["4", "5"]
    assert client.get(reverse("admin:reports_plan_changelist")).status_code == 200


def test_another_units_plan_is_not_found(town):
    plan, foreign = a_plan(town, {town: 9}, title="Kế hoạch của thị xã kia"), signed_in(an_administrator(of=a_town()))
    for name in ("change", "targets", "decide"):
        assert foreign.get(reverse(f"admin:reports_plan_{name}", args=[plan.pk])).status_code == 404
    assert plan.title not in foreign.get(reverse("admin:reports_plan_changelist")).content.decode()


@pytest.mark.parametrize("name", ["draft", "period", "directive"])
def test_what_is_missing_is_said_beside_the_field(town, name):
    client = signed_in(an_administrator(of=town))
    url = reverse(f"admin:reports_plan_{name}")
    assert client.get(url).status_code == 200
    assert client.post(url, {"stage": "preview"}).status_code == 422


@pytest.mark.parametrize("others", [2, 20])
def test_statements_of_plans_are_few(town, ward, others):
    for _ in range(others):
        a_ward(under=town)
    plan, desk = a_plan(town, {town: 9}), signed_in(an_administrator(of=town))
    days = {"first": "1/1/2030", "last": "31/12/2030"}
    with on_day(TODAY):
        assert len(saved(desk, "targets", plan.pk, **{f"unit_{ward.pk}": "4"})) <= 13
        Plan.objects.filter(pk=plan.pk).update(state=PlanState.DRAFT)
        assert len(saved(desk, "decide", plan.pk)) <= 8
        assert len(saved(desk, "period", code="2030", kind="year", **days)) <= 7
        period = Period.objects.get(code="2030")
        assert len(saved(desk, "directive", unit=town.code, number="1", title="x", issued_on="1/9/2024")) <= 8
        assert len(saved(desk, "draft", unit=town.code, period=str(period.pk), title="x")) <= 8


def saved(desk, name: str, *row: int, **typed: str) -> list[str]:
    """The statements of an operation in the administration, beside the transaction's own."""
    url = reverse(f"admin:reports_plan_{name}", args=row)
    form = desk.get(url).context["form"]
    shown = {name: form[name].value() for name in form.fields if form[name].value() is not None}
    with CaptureQueriesContext(connection) as asked:
        answer = desk.post(url, {**shown, **typed, "stage": "do"})
    assert answer.status_code == 302, answer.context["form"].errors
    return own(asked)


def own(asked: CaptureQueriesContext) -> list[str]:
    """What was asked beside the transaction's own."""
    return [one["sql"] for one in asked if not one["sql"].startswith(("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE"))]
