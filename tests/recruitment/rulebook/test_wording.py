import re
from datetime import date
from pathlib import Path

import pytest
from django.utils import translation

import recruitment.rulebook.rules
from recruitment.models import Closing
from recruitment.rulebook import wording
from recruitment.rulebook.book import shipped, shipped_data
from recruitment.rulebook.evidence import BASE_PAPERS, PAPER_OF
from recruitment.rulebook.findings import BlocksUntil, BlocksUntilDone, Finding, Never
from recruitment.rulebook.registry import all_rules
from recruitment.rulebook.rules.education import LEVELS

RULES = sorted(Path(recruitment.rulebook.rules.__path__[0]).glob("[a-z]*.py"))
OUTLOOK = Path(wording.__file__).with_name("outlook.py")


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


def write(day):
    return f"{day:%d/%m/%Y}"


@pytest.mark.parametrize("path", [*RULES, OUTLOOK], ids=lambda path: path.stem)
def test_every_code_has_its_sentence(path):
    codes = set(re.findall(r'(?:code=|found\(|code, ends_on, resolver = )"([a-z-]+)"', path.read_text("utf-8")))
    assert codes
    assert codes <= wording.texts().keys()


def test_days_and_codes_are_written_for_people():
    finding = Finding(code="before-stage", outcome=BlocksUntil(date(2024, 11, 3)), params={"stage": "cell_meeting"})
    assert wording.text(finding, write) == "The stage before was on 03/11/2024: Cell meeting."


def test_papers_levels_and_since_are_written_for_people():
    paper = Finding(code="paper-missing", outcome=BlocksUntilDone("cv"), params={"paper": "cv"})
    assert wording.text(paper, write) == "Missing: curriculum vitae (2-KNĐ)."
    old = Finding(code="over-age", outcome=Never(date(2024, 11, 1)), params={"years": 60})
    assert "since 01/11/2024" in wording.text(old, write)


def test_a_finding_kept_by_its_code_has_a_sentence():
    assert wording.text_of_code("on-probation", date(2025, 3, 1), write) == "On probation until 01/03/2025."
    assert wording.text_of_code("introducers-missing", None, write) == "Official members who introduce: … of …."


def test_titles_of_requirements_and_stages_can_be_translated():
    rules = all_rules()
    for version in shipped().versions:
        assert version.title == str(wording.VERSIONS[version.code])
        for stage in version.stages:
            assert stage.title == str(wording.stage_title(stage.code))
            assert {item.title for item in stage.requirements} == {str(rules[i.rule].title) for i in stage.requirements}
            assert wording.title(stage.requirements[0])


def test_every_tier_resolver_paper_and_level_has_a_name():
    stages = [stage for version in shipped().versions for stage in version.stages]
    assert {stage.tier for stage in stages} <= wording.TIERS.keys()
    assert {stage.resolver for stage in stages} <= wording.RESOLVERS.keys()
    assert {*BASE_PAPERS, *PAPER_OF.values()} <= wording.PAPERS.keys()
    assert set(LEVELS) == wording.LEVELS.keys()


@pytest.mark.parametrize("path", [*RULES, OUTLOOK], ids=lambda path: path.stem)
def test_every_resolver_has_a_name(path):
    named = set(re.findall(r'resolver="([a-z_]+)"', path.read_text("utf-8")))
    assert named <= wording.RESOLVERS.keys()


def test_what_is_assumed_has_a_name():
    named = [wording.assumption(what) for what in ("introducers", "cv", "awareness_class", "resume", "born")]
    assert [str(name) for name in named] == [
        *("introducers", "curriculum vitae (2-KNĐ)", "Awareness class", "resuming", "day of birth"),
    ]


def test_every_proof_and_parameter_of_every_version_has_words():
    for version in shipped_data():
        for stage in version["stages"]:
            assert str(wording.proof(stage["evidence"]))
            for requirement in stage["requirements"]:
                told = wording.parameters(requirement["parameters"])
                assert "_" not in "".join(told)


def test_parameters_are_written_for_people():
    told = wording.parameters({"least": 18, "counted_by": "month", "papers": ["comments", "cv"], "diploma": True})
    assert told == [
        "at least 18 years old",
        "age counted by the month of birth",
        "papers: summary of comments (5-KNĐ), curriculum vitae (2-KNĐ)",
        "diploma needed: yes",
    ]
    assert wording.parameters({"months": 1, "times": 1}) == ["1 month", "at most 1 time"]
    assert wording.parameters({"months": 60, "working_days": 30}) == ["60 months", "30 working days"]


def test_every_way_in_which_a_candidacy_ends_has_words():
    assert set(Closing.values) <= set(wording.STATES)
