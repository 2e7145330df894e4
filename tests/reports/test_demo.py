"""The practice town as loaded: every number of its sheets, by plain queries and by the figures of the program."""

import stat
from collections import Counter
from datetime import date
from decimal import Decimal
from io import StringIO

import pytest
from django.apps import apps
from django.contrib.auth import authenticate
from django.core.management import CommandError, call_command
from django.core.management.color import no_style
from django.db import connection
from django.db.models import Exists, F, OuterRef
from django.test import Client, RequestFactory

from foundation import clock
from foundation.models import JournalEntry, Office
from membership import scope
from membership.constraints import NAMED
from membership.models import (
    MEMBER,
    Appointment,
    Certificate,
    Coverage,
    ImportBatch,
    MembershipStatus,
    NameInCell,
    Organisation,
    Person,
    Placement,
    Position,
    Role,
    Status,
    Tier,
    Transfer,
    User,
    Workplace,
)
from recruitment import standing
from recruitment.known import read
from recruitment.models import AdmissionCeremony, Candidate, CandidateStanding, Decision, DecisionKind, Waiver
from reports import replay
from reports.demo import sheets
from reports.demo.days import EVE, PRACTICE_DAY, TERM_FIRST, TERM_LAST
from reports.indicators import FIGURES, Ask, figures
from reports.models import Directive, Group, Period, Plan, TargetValue
from tests.builders import on_day

pytestmark = pytest.mark.django_db

DAY, LAST = PRACTICE_DAY, TERM_LAST


@pytest.fixture(scope="module")
def accounts(django_db_setup, django_db_blocker, tmp_path_factory):
    """The town is loaded once for all sentences of this file; gives the file with the accounts."""
    file = tmp_path_factory.mktemp("demo") / "demo-accounts.txt"
    with django_db_blocker.unblock():
        before = _filled()
        call_command("load_demo", accounts=file, stdout=StringIO())
    yield file
    with django_db_blocker.unblock():
        tables = [name for name in connection.introspection.table_names() if name not in before]
        connection.ops.execute_sql_flush(connection.ops.sql_flush(no_style(), tables, reset_sequences=True))


def _filled():
    """Tables that the migrations have filled: they stay."""
    filled = {model._meta.db_table for model in apps.get_models() if model._base_manager.exists()}
    return {"django_migrations", *filled}


@pytest.fixture
def town(accounts):
    return Organisation.objects.get(code="QY")


def asked(unit, first=TERM_FIRST, last=LAST, as_at=DAY, **more):
    return Ask(user=None, unit=unit, first=first, last=last, as_at=as_at, **more)


def figure(code, unit, **about):
    return FIGURES[code].value(asked(unit, **about))


# The article's numbers ------------------------------------------------------------------------------------------------


def test_the_figures_of_the_practice_day(town):
    found = figures(asked(town))
    assert {code: found[code] for code in found if code != "ceiling"} == {
        "grassroots_organisations": 46,
        "cells_under_grassroots_committees": 366,
        "members": 5818,
        "non_state_enterprises_with_party_organisation": 8,
        "nominated": 310,
        "in_class": 140,
        "in_dossier": 48,
        "awaiting_decision": 27,
        "decided": 5,
        "admitted": 650,
        "admitted_in_non_state_enterprises": 19,
        "recognised": 478,
        "target": 850,
        "pace": found["pace"],
    }
    assert round(found["pace"], 1) == Decimal("722.9")


@pytest.mark.parametrize(
    ("year", "admitted", "in_enterprises", "target"),
    [(2021, 142, 3, 167), (2022, 148, 4, 168), (2023, 152, 5, 170), (2024, 130, 5, 172)],
)
def test_the_figures_of_each_year(town, year, admitted, in_enterprises, target):
    about = {"first": date(year, 1, 1), "last": date(year, 12, 31)}
    assert figure("admitted", town, **about) == admitted
    assert figure("admitted_in_non_state_enterprises", town, **about) == in_enterprises
    assert figure("target", town, **about) == target


def test_the_ceiling_of_2024_is_one_under_the_target(town):
    assert figure("ceiling", town, first=date(2024, 1, 1), last=date(2024, 12, 31)) == 171
    open_in_time = CandidateStanding.objects.filter(state="open", earliest_ceremony_on__year=2024)
    stages = Counter(open_in_time.values_list("stage", flat=True))
    assert (stages["decision"], stages["cell_meeting"] + stages["committee_meeting"], stages["dossier"]) == (5, 27, 9)
    assert stages.total() == 41
    paused = CandidateStanding.objects.filter(state__in=["paused", "returned"])
    assert paused.count() == 12
    assert min(paused.values_list("earliest_ceremony_on", flat=True)).year == 2025


def test_the_same_by_plain_queries(town):
    status = MembershipStatus.objects.as_at(DAY)
    assert status.filter(status__in=MEMBER).count() == Placement.objects.as_at(DAY).count() == 5818
    stands = Counter(Position.objects.as_at(DAY).values_list("tier", flat=True))
    assert stands == {Tier.PROVINCIAL: 1, Tier.SUPERIOR: 1, Tier.GRASSROOTS: 46, Tier.SUBORDINATE_CELL: 366}
    kinds = Counter(
        Position.objects.as_at(DAY).filter(tier=Tier.GRASSROOTS).values_list("organisation__kind", flat=True)
    )
    assert kinds == {"committee": 33, "cell": 13}
    held = AdmissionCeremony.objects.so()
    assert held.count() == held.values("person").distinct().count() == 650
    assert held.filter(non_state_cell=True).count() == 19
    covered = Coverage.objects.as_at(DAY).filter(workplace__in=Workplace.objects.non_state_enterprises())
    assert covered.values("workplace").distinct().count() == 8


@pytest.mark.parametrize("row", sheets.units(), ids=lambda row: row.code)
def test_each_unit_has_its_members_cells_and_admissions(town, row):
    unit = Organisation.objects.get(code=row.code)
    assert str(unit) == row.name
    assert figure("members", unit) == row.members
    for number, span in enumerate(sheets.SPANS):
        assert figure("admitted", unit, first=span.first, last=span.last) == row.admitted[number]
    assert Position.objects.as_at(DAY).filter(parent=unit).count() == row.cells


@pytest.mark.parametrize("row", sheets.enterprises(), ids=lambda row: row.code)
def test_each_enterprise_has_its_members_and_admissions(town, row):
    place = Workplace.objects.get(code=row.code)
    [coverage] = Coverage.objects.as_at(DAY).filter(workplace=place)
    assert figure("members", coverage.organisation) == row.members
    assert (place.name, place.ownership, place.locality.code) == (row.name, row.ownership, row.ward)
    admitted = [figure("admitted", coverage.organisation, first=span.first, last=span.last) for span in sheets.SPANS]
    assert admitted == list(row.admitted)


@pytest.mark.parametrize(
    ("day", "members", "grassroots", "cells", "enterprises"),
    [
        (date(2020, 8, 1), 5514, 45, 371, 6),
        (date(2020, 12, 31), 5555, 45, 371, 6),
        (date(2021, 6, 9), None, 45, None, 6),
        (date(2021, 6, 10), None, 46, None, 7),
        (date(2021, 12, 31), 5610, 46, 368, 7),
        (date(2022, 5, 18), None, 46, None, 7),
        (date(2022, 5, 19), None, 46, None, 8),
        (date(2022, 12, 31), 5674, 46, 367, 8),
        (date(2023, 1, 1), None, 46, 366, 8),
        (date(2023, 12, 31), 5744, 46, 366, 8),
    ],
)
def test_the_town_as_at_other_days(town, day, members, grassroots, cells, enterprises):
    found = {
        "members": members,
        "grassroots_organisations": grassroots,
        "cells_under_grassroots_committees": cells,
        "non_state_enterprises_with_party_organisation": enterprises,
    }
    wanted = {code: number for code, number in found.items() if number is not None}
    assert {code: figure(code, town, as_at=day) for code in wanted} == wanted


def test_flows_of_members(town):
    for span, row in zip(sheets.SPANS, sheets.flows(), strict=True):
        moved = Counter(
            Transfer.objects.so().filter(happened_on__range=(span.first, span.last)).values_list("kind", flat=True)
        )
        ended = Counter(
            MembershipStatus.objects.so()
            .filter(valid_from__range=(span.first, span.last))
            .exclude(status__in=MEMBER)
            .values_list("status", flat=True)
        )
        assert (moved["arrived"], moved["departed"]) == (row.arrived, row.departed)
        assert (ended[Status.DEPARTED], ended[Status.DIED]) == (row.departed, row.died)
        assert ended[Status.REMOVED] + ended[Status.EXPELLED] + ended[Status.RESIGNED] == row.removed


# What is lawful, and what became of it --------------------------------------------------------------------------------


def test_every_admission_is_lawful_by_what_the_database_says(town):
    """Of those who have not moved to another cell since: introducers are judged by where the candidacy stands now."""
    held = AdmissionCeremony.objects.so()
    moved = held.exclude(cell=F("candidate__cell")).values("candidate")
    admitted = list(Candidate.objects.filter(pk__in=held.values("candidate")).exclude(pk__in=moved))
    assert len(admitted) > 635
    known, wrong = read(admitted, DAY), []
    book = known.book
    for key, facts in known.facts.items():
        for code, day in book.version_on(DAY).done(facts, DAY).items():
            wrong += [
                (key, code, day, finding.code)
                for finding in book.blocking(facts.but(today=None), code, day, known.waivers.get(key, ()))
                if finding.code != "closed"
            ]
    assert wrong == []


def test_what_became_of_the_650(town):
    people = AdmissionCeremony.objects.so().values("person")
    now = Counter(MembershipStatus.objects.as_at(DAY).filter(person__in=people).values_list("status", flat=True))
    probation = MembershipStatus.objects.so().filter(person__in=people, status=Status.PROBATIONARY)
    recognised = Decision.objects.so().filter(kind=DecisionKind.RECOGNITION).count()
    assert now[Status.PROBATIONARY] == 155
    assert recognised == 478
    assert Decision.objects.so().filter(kind=DecisionKind.REMOVAL).count() == 4
    ended = probation.filter(valid_to__lte=DAY).exclude(person__in=_official(people))
    assert ended.count() == 4 + 2 + 11
    overdue = CandidateStanding.objects.filter(state="admitted", due_on__lt=DAY)
    assert overdue.count() == 3
    assert Waiver.objects.count() == 3


def _official(people):
    return MembershipStatus.objects.so().filter(person__in=people, status=Status.OFFICIAL).values("person")


def test_candidacies_of_2020_are_entered_as_past(town):
    held = AdmissionCeremony.objects.so().filter(happened_on__year=2020).values("candidate")
    assert set(Candidate.objects.filter(past=True).values_list("pk", flat=True)) == {row["candidate"] for row in held}
    assert len(held) == 78


def test_students_are_24(town):
    by_year = [
        figure("admitted", town, first=span.first, last=span.last, group=Group.STUDENTS) for span in sheets.SPANS
    ]
    assert by_year == [0, 1, 3, 7, 13]


def test_candidacies_given_up_and_quiet_cells(town):
    closed = Counter(Candidate.objects.values_list("closed_as", flat=True))
    assert closed["withdrawn"] + closed["refused"] == 20
    lively = CandidateStanding.objects.filter(state__in=["open", "paused", "returned"]).values("candidate__cell")
    quiet = Organisation.objects.filter(kind="cell").standing(DAY).exclude(pk__in=lively)
    assert quiet.count() == 40


def test_targets_of_the_directive_are_for_groups_only(town):
    plan = Plan.objects.get(directive=Directive.objects.get(number="05-HD/TU"))
    rows = {(row.unit.code, row.group): row.number for row in TargetValue.objects.so().filter(plan=plan)}
    assert (rows["QY", Group.STUDENTS], rows["QY", Group.NON_STATE_WORKERS]) == (40, 12)
    period = {"first": date(2024, 9, 1), "last": date(2025, 8, 31)}
    assert figure("target", town, **period) is None
    assert figure("target", town, **period, group=Group.STUDENTS) == 40


# Known when -----------------------------------------------------------------------------------------------------------


def test_facts_are_entered_after_they_happened_and_before_the_practice_day(town):
    assert JournalEntry.objects.latest("recorded_at").recorded_at <= clock.end_of(EVE)
    lags = [
        (held.recorded_at.astimezone(clock.moment_on(DAY).tzinfo).date() - held.happened_on).days
        for held in AdmissionCeremony.objects.so()
    ]
    assert min(lags) >= 0
    late = sum(lag > 20 for lag in lags)
    assert 5 < late < 65


def test_what_was_known_differs_from_what_was_so(town):
    day = date(2023, 12, 31)
    known_on = clock.end_of(day)
    about = {"first": date(2023, 1, 1), "last": day, "as_at": day}
    assert figure("admitted", town, **about) == 152
    assert figure("admitted", town, **about, known_on=known_on) < 152
    assert AdmissionCeremony.records.filter(superseded_at__isnull=False).count() == 7


@pytest.mark.parametrize(("as_at", "known_on"), [(DAY, None), (date(2022, 12, 31), date(2023, 1, 10))])
def test_the_replay_finds_no_difference(town, as_at, known_on):
    """`check_figures` asks more of the same kind; here two questions of every unit."""
    units = Organisation.objects.all()
    moment = known_on and clock.end_of(known_on)
    question = replay.Question(first=TERM_FIRST, last=TERM_LAST, as_at=as_at, known_on=moment)
    assert list(replay.compared(question, {unit.pk: unit for unit in units})) == []


def test_every_unit_and_period_and_some_past_days_have_their_progress(town):
    desk, units = Client(), Organisation.objects.under(town, DAY).filter(kind="committee").values_list("pk", flat=True)
    desk.force_login(User.objects.get(username="official"))
    with on_day(DAY):
        addresses = [f"/progress/?period={code}" for code in Period.objects.values_list("code", flat=True)]
        addresses += [f"/progress/?as_at={day}" for day in ("31/12/2022", "01/11/2023", "31/12/2023", "30/06/2024")]
        addresses += [address.format(unit) for unit in units for address in ("/progress/?unit={}", "/units/{}/")]
        assert [one for one in addresses if desk.get(one).status_code != 200] == []
    assert len(addresses) > 75


def test_everybody_is_found_by_name_in_their_cells(town):
    found = NameInCell.objects.filter(person=OuterRef("person"), cell=OuterRef("cell"))
    found = found.filter(**{name: OuterRef(f"person__{name}") for name in NAMED})
    for kind in (Placement.objects.so(), Candidate.objects.all()):
        assert kind.exists()
        assert not kind.filter(~Exists(found)).exists()


def test_derived_rows_are_as_facts_and_rules_say(town):
    assert list(standing.recompute()) == []


def test_the_first_day_came_through_the_register_import(town):
    batches = ImportBatch.objects.order_by("pk")
    assert [batch.template for batch in batches] == ["units", "workplaces", "members"]
    assert all(batch.applied_by_id for batch in batches)
    assert not any(batch.rows for batch in batches)  # no identity number lies open
    assert Certificate.objects.so().filter(recorded_by=batches[2].applied_by).exists()


# Accounts and the practice day ----------------------------------------------------------------------------------------


def test_accounts_are_readable_by_the_owner_only_and_open_the_door(town, accounts, settings):
    assert stat.S_IMODE(accounts.stat().st_mode) == 0o600
    rows = [line.split()[:2] for line in accounts.read_text("utf-8").splitlines()[2:]]
    assert [name for name, _password in rows] == ["secretary", "clerk", "official", "official-figures", "administrator"]
    for name, password in rows:
        user = authenticate(RequestFactory().post("/"), username=name, password=password)
        assert user == User.objects.get(username=name)
        assert not user.is_superuser
    assert len({password for _name, password in rows}) == 5


@pytest.mark.parametrize(
    ("name", "capability", "may"),
    [
        ("secretary", "candidate.write", True),
        ("secretary", "register.import", False),
        ("clerk", "register.import", True),
        ("clerk", "person.restricted", True),
        ("official", "person.read", True),
        ("official", "candidate.write", False),
        ("official-figures", "figures.read", True),
        ("official-figures", "person.read", False),
        ("administrator", "unit.write", True),
        ("administrator", "person.read", False),
    ],
)
def test_each_account_may_what_its_appointment_says(town, name, capability, may):
    assert scope.may(User.objects.get(username=name), capability) is may


def test_every_cell_has_a_secretary_and_every_committee_staff(town):
    appointments = Appointment.objects.in_force(DAY)
    cells = Organisation.objects.filter(kind="cell").standing(DAY)
    assert not cells.exclude(pk__in=appointments.filter(role=Role.SECRETARY).values("organisation")).exists()
    committees = Organisation.objects.filter(code__startswith="QY", kind="committee").standing(DAY)
    assert not committees.exclude(pk__in=appointments.filter(role=Role.CLERK).values("organisation")).exists()
    members = Person.objects.members(DAY).values("pk")
    assert not appointments.exclude(person__in=members).exists()


def test_a_second_load_does_nothing_or_says_why(town, accounts):
    before = JournalEntry.objects.count()
    call_command("load_demo", if_empty=True, accounts=accounts, stdout=StringIO())
    with pytest.raises(CommandError, match="empty"):
        call_command("load_demo", accounts=accounts, stdout=StringIO())
    assert JournalEntry.objects.count() == before


def test_the_practice_day_moves_forward_only(town):
    with pytest.raises(CommandError, match="forward only"):
        call_command("practice_day", "2024-10-31", stdout=StringIO())
    with pytest.raises(CommandError, match="30/2/2025"):
        call_command("practice_day", "2025-02-30", stdout=StringIO())
    call_command("practice_day", "2025-01-16", stdout=StringIO())
    assert clock.today() == Office.objects.get().practice_day == date(2025, 1, 16)
    under_way = CandidateStanding.objects.filter(candidate__closed_on__isnull=True)
    assert set(under_way.values_list("assessed_on", flat=True)) == {date(2025, 1, 16)}


def test_nothing_is_loaded_into_a_real_office(town, settings):
    settings.PRACTICE = False
    with pytest.raises(CommandError, match="PRACTICE is off"):
        call_command("load_demo", stdout=StringIO())
    with pytest.raises(CommandError, match="no practice database"):
        call_command("practice_day", "2025-01-16", stdout=StringIO())
