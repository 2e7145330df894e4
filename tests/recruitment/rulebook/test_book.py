import copy
import dataclasses
from datetime import date

import pytest

from recruitment.rulebook.book import RuleBook, VersionError, shipped, shipped_data
from recruitment.rulebook.facts import Vote
from recruitment.rulebook.findings import BlocksUntilDone, Waiver
from recruitment.rulebook.registry import ParameterError, UnknownRule, all_rules
from recruitment.rulebook.rules.education import EducationFloor
from recruitment.rulebook.rules.probation import Probation
from tests.recruitment.rulebook.cases import a_nominee, decided, in_dossier, on_probation, recognised

BOOK = shipped()
STAGES = [
    *("nominated", "taken_up", "awareness_class", "helpers", "dossier", "cell_meeting", "sub_committee"),
    *("committee_meeting", "decision", "ceremony", "probation", "recognition_meeting", "recognition_committee"),
    "recognition",
]


@pytest.mark.parametrize(
    ("day", "code"),
    [
        (date(2016, 7, 24), None),
        (date(2016, 7, 25), "0"),
        (date(2021, 7, 29), "0"),
        (date(2021, 7, 30), "A"),
        (date(2025, 6, 30), "A"),
        (date(2025, 7, 1), "C"),
        (date(2030, 1, 1), "C"),
    ],
)
def test_a_version_holds_until_the_next_begins(day, code):
    version = BOOK.version_on(day)
    assert (version.code if version else None) == code


@pytest.mark.parametrize("code", ["0", "A", "C"])
def test_every_version_has_the_stages_in_their_order(code):
    assert [stage.code for stage in BOOK.version(code).stages] == STAGES


def test_every_rule_is_named_by_a_version():
    named = {item.rule for version in BOOK.versions for stage in version.stages for item in stage.requirements}
    assert named == set(all_rules())


def test_what_is_not_confirmed_says_so():
    [floor] = [
        item for item in BOOK.version("0").by_code["cell_meeting"].requirements if item.rule == "education-floor"
    ]
    assert (floor.citation.document, floor.citation.confirmed) == ("29-QĐ/TW", False)


@pytest.mark.parametrize(("day", "diploma"), [(date(2021, 7, 29), False), (date(2021, 7, 30), True)])
def test_parameters_are_those_of_the_day(day, diploma):
    assert BOOK.parameters(EducationFloor, day).diploma is diploma


def test_parameters_that_no_version_has_are_not_found():
    with pytest.raises(LookupError):
        BOOK.parameters(Probation, date(2010, 1, 1))


def test_requirements_that_hold_are_listed():
    judged = BOOK.findings(in_dossier(), "cell_meeting", date(2024, 10, 21))
    assert len(judged) == 11
    assert all(item.holds and not item.blocks for item in judged)


def test_a_finding_knows_its_requirement():
    [finding] = BOOK.blocking(in_dossier(introducers=()), "cell_meeting", date(2024, 10, 21))
    assert (finding.code, finding.requirement.rule) == ("introducers-missing", "introducers-complete")
    assert finding.requirement.citation.clause == "3.2.1"


@pytest.mark.parametrize(
    ("_case", "granted_on", "until_on", "lifted"),
    [
        ("in force", date(2024, 10, 1), None, True),
        ("from the day on", date(2024, 10, 21), None, True),
        ("a day too late", date(2024, 10, 22), None, False),
        ("the last day", date(2024, 10, 1), date(2024, 10, 22), True),
        ("over", date(2024, 10, 1), date(2024, 10, 21), False),
    ],
)
def test_a_waiver_lifts_a_finding_and_stays_listed(_case, granted_on, until_on, lifted):
    waiver = Waiver(rule="age", authority="QN", document="12", granted_on=granted_on, until_on=until_on)
    facts, day = in_dossier(born=date(1950, 1, 2)), date(2024, 10, 21)
    [judged] = [item for item in BOOK.findings(facts, "cell_meeting", day, [waiver]) if item.findings]
    assert (judged.waived, judged.blocks) == (waiver if lifted else None, not lifted)
    assert bool(BOOK.blocking(facts, "cell_meeting", day, [waiver])) is not lifted


def test_a_waiver_of_one_rule_lifts_no_other():
    waiver = Waiver(rule="education-floor", authority="QN", document="12", granted_on=date(2024, 10, 1))
    facts = in_dossier(born=date(1950, 1, 2))
    assert [item.code for item in BOOK.blocking(facts, "cell_meeting", date(2024, 10, 21), [waiver])] == ["over-age"]


def test_a_whole_history_is_lawful_on_its_days():
    facts = recognised()
    days = {
        "nominated": date(2024, 9, 2),
        "taken_up": date(2024, 9, 5),
        "helpers": date(2024, 9, 6),
        "dossier": date(2024, 10, 15),
        "cell_meeting": date(2024, 10, 21),
        "committee_meeting": date(2024, 10, 24),
        "decision": date(2024, 10, 28),
        "ceremony": date(2024, 11, 4),
        "recognition_meeting": date(2025, 11, 12),
        "recognition_committee": date(2025, 11, 20),
        "recognition": date(2025, 11, 28),
    }
    assert {stage: BOOK.blocking(facts, stage, day) for stage, day in days.items()} == dict.fromkeys(days, ())


def test_a_vote_that_fell_short_stops_the_committee_and_the_decision():
    facts = decided(cell_vote=Vote(held_on=date(2024, 10, 21), entitled=9, in_favour=5, against=4))
    for stage, day in (("committee_meeting", date(2024, 10, 24)), ("decision", date(2024, 10, 28))):
        assert [item.outcome for item in BOOK.blocking(facts, stage, day)] == [BlocksUntilDone("cell_meeting")]


def test_what_is_determined_cites_its_clause():
    [base, needed, *_rest] = BOOK.determined(decided(), "decision", date(2024, 10, 28))
    assert (base.what, base.value, base.citation.clause) == ("base", 9, "3.6b")
    assert (needed.what, needed.value) == ("needed", 6)


def test_before_the_oldest_version_nothing_is_asked():
    assert BOOK.findings(a_nominee(), "recognition", date(2010, 1, 1)) == ()
    assert BOOK.determined(a_nominee(), "recognition", date(2010, 1, 1)) == ()


@pytest.mark.parametrize(
    ("tier", "sub_committee", "between"),
    [
        ("subordinate_cell", False, ["committee_meeting"]),
        ("subordinate_cell", True, ["sub_committee", "committee_meeting"]),
        ("grassroots", False, []),
    ],
)
def test_the_way_depends_on_where_the_cell_stands(tier, sub_committee, between):
    facts = a_nominee(cell_tier=tier, under_sub_committee=sub_committee)
    codes = [stage.code for stage in BOOK.stages_for(facts, date(2024, 10, 1))]
    assert codes[codes.index("cell_meeting") + 1 : codes.index("decision")] == between
    assert ("recognition_committee" in codes) is (tier != "grassroots")


@pytest.mark.parametrize(
    ("tier", "delegated", "competent"),
    [
        ("subordinate_cell", True, "grassroots"),
        ("subordinate_cell", False, "superior"),
        ("grassroots", True, "superior"),
    ],
)
def test_the_competent_tier_follows_the_delegation(tier, delegated, competent):
    assert BOOK.competent(a_nominee(cell_tier=tier, delegated_to_admit=delegated)) == competent


def _changed(change):
    data = copy.deepcopy(shipped_data()[0])
    change(data["stages"])
    return [data]


def _set(stages, rule, **parameters):
    [item] = [item for item in stages[5]["requirements"] if item["rule"] == rule]
    item["parameters"] |= parameters


@pytest.mark.parametrize(
    ("_case", "change", "error", "says"),
    [
        ("no such rule", lambda s: s[5]["requirements"][0].update(rule="hearsay"), UnknownRule, "hearsay"),
        ("no such parameter", lambda s: _set(s, "age", height=170), ParameterError, "height"),
        ("a word for a number", lambda s: _set(s, "age", least="18"), ParameterError, "age.least"),
        ("true for a number", lambda s: _set(s, "age", least=True), ParameterError, "age.least"),
        ("nothing for a number", lambda s: _set(s, "age", least=0), ParameterError, "age.least"),
        ("not a choice", lambda s: _set(s, "age", counted_by="guess"), ParameterError, "age.counted_by"),
        ("a list of numbers", lambda s: _set(s, "papers-fresh", papers=[1]), ParameterError, "papers-fresh.papers"),
        ("missing", lambda s: s[5]["requirements"][3].update(parameters={}), ParameterError, "missing"),
        ("no such evidence", lambda s: s[5].update(evidence="rumour"), VersionError, "rumour"),
        ("after no stage", lambda s: s[5].update(after=["lunch"]), VersionError, "lunch"),
        ("after a later stage", lambda s: s[5].update(after=["decision"]), VersionError, "later place"),
    ],
)
def test_a_version_that_is_wrong_is_refused(_case, change, error, says):
    with pytest.raises(error, match=says):
        RuleBook.from_data(_changed(change))


def test_two_versions_cannot_begin_on_one_day():
    with pytest.raises(VersionError):
        RuleBook.from_data([shipped_data()[0], {**shipped_data()[0], "code": "1"}])


def test_days_may_come_as_days():
    book = RuleBook.from_data([{**shipped_data()[0], "begins_on": date(2016, 7, 25)}])
    assert book.version_on(date(2020, 1, 1)).code == "0"


def test_nothing_in_the_book_can_be_changed():
    with pytest.raises(dataclasses.FrozenInstanceError):
        BOOK.versions = ()
    with pytest.raises(dataclasses.FrozenInstanceError):
        BOOK.parameters(Probation, date(2024, 1, 1)).months = 6
    with pytest.raises(dataclasses.FrozenInstanceError):
        on_probation().ceremony_on = None
