"""All procedure versions in memory, immutable: a step is judged by the version in force on its day."""

from __future__ import annotations

import json
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache
from importlib import resources
from typing import Any, TypeVar

from recruitment.rulebook.evidence import EVIDENCE, Predecessor, applies, done_on
from recruitment.rulebook.facts import CandidateFacts, Maybe
from recruitment.rulebook.findings import Citation, Determined, Finding, Judged, Requirement, Waiver
from recruitment.rulebook.registry import Judge, determination, parameters_of, rule_named

P = TypeVar("P")


class VersionError(ValueError):
    """A version's data contradict themselves; the message names version and stage."""


@dataclass(frozen=True, slots=True)
class Stage:
    """A step of a version: what proves it, which tier takes it, who moves, what comes before, what is asked."""

    code: str
    title: str
    order: int
    evidence: str
    tier: str
    resolver: str
    after: tuple[Predecessor, ...]
    requirements: tuple[Requirement, ...]
    judges: tuple[tuple[Judge, Any, Requirement], ...] = field(repr=False)

    def found(self, facts: CandidateFacts, day: date, waivers: Iterable[Waiver] = ()) -> Iterator[Finding]:
        """Findings on `day` that no waiver lifts, without their requirement."""
        for judge, parameters, requirement in self.judges:
            if waivers and any(waiver.covers(requirement.rule, day) for waiver in waivers):
                continue
            yield from judge(facts, day, parameters)

    def determined(self, facts: CandidateFacts, day: date) -> Iterator[Determined]:
        """What the stage's requirements determine, each with its citation."""
        for requirement in self.requirements:
            if determine := determination(requirement.rule):
                for item in determine(facts, day, requirement.parameters):
                    yield replace(item, citation=requirement.citation)

    def done_on(self, facts: CandidateFacts) -> Maybe[date]:
        """The day of its evidence; a term is over on the day that its own requirement determines."""
        if self.evidence != "term":
            return done_on(self.evidence, facts)
        return next((item.value for item in self.determined(facts, date.min) if item.what == "ends_on"), None)


@dataclass(frozen=True, slots=True)
class Version:
    """Stages and requirements in force from `begins_on` until the next version begins."""

    code: str
    title: str
    begins_on: date
    documents: tuple[str, ...]
    stages: tuple[Stage, ...]
    by_code: Mapping[str, Stage] = field(repr=False)
    before: Mapping[str, frozenset[str]] = field(repr=False)  # stage -> all that come before it, near or far

    def judge(self, facts: CandidateFacts, stage: str, day: date, waivers: Iterable[Waiver] = ()) -> tuple[Judged, ...]:
        """Every requirement of the stage, also those that hold; waivers lift findings and stay listed."""
        waivers = tuple(waivers)
        judged = []
        for judge, parameters, requirement in self.by_code[stage].judges:
            findings = tuple(finding.of(requirement) for finding in judge(facts, day, parameters))
            waiver = next((waiver for waiver in waivers if waiver.covers(requirement.rule, day)), None)
            judged.append(Judged(requirement, findings, waiver if findings else None))
        return tuple(judged)

    def done(self, facts: CandidateFacts, day: date) -> dict[str, date]:
        """Stages done by `day`, with their days, in order."""
        days = ((stage.code, stage.done_on(facts)) for stage in self.stages if applies(stage.evidence, facts))
        return {code: done for code, done in days if isinstance(done, date) and done <= day}


@dataclass(frozen=True, slots=True)
class RuleBook:
    """All versions, oldest first."""

    versions: tuple[Version, ...]
    begins: tuple[date, ...]

    def __hash__(self):
        return hash(self.begins)

    @classmethod
    def from_data(cls, data: Iterable[Mapping[str, Any]]) -> RuleBook:
        """From plain data, as shipped or read from the database. VersionError, ParameterError, UnknownRule if wrong."""
        versions = sorted((_version(item) for item in data), key=lambda version: version.begins_on)
        begins = tuple(version.begins_on for version in versions)
        if len(set(begins)) < len(begins):
            raise VersionError("Two versions begin on the same day.")
        return cls(tuple(versions), begins)

    def version_on(self, day: date) -> Version | None:
        """The version in force on `day`; None before the oldest: such a step is taken as it is."""
        position = bisect_right(self.begins, day)
        return self.versions[position - 1] if position else None

    def version(self, code: str) -> Version:
        """The version with this code; LookupError where there is none."""
        for version in self.versions:
            if version.code == code:
                return version
        raise LookupError(f"No version is called {code}.")

    def stage(self, code: str, day: date) -> Stage | None:
        """The stage in the version in force on `day`."""
        version = self.version_on(day)
        return version.by_code.get(code) if version else None

    def findings(
        self, facts: CandidateFacts, stage: str, day: date, waivers: Iterable[Waiver] = ()
    ) -> tuple[Judged, ...]:
        """Every requirement of the stage as judged on `day`; those without findings hold. No version: none."""
        version = self.version_on(day)
        return version.judge(facts, stage, day, waivers) if version and stage in version.by_code else ()

    def blocking(
        self, facts: CandidateFacts, stage: str, day: date, waivers: Iterable[Waiver] = ()
    ) -> tuple[Finding, ...]:
        """What forbids the stage on `day`, each with its requirement; empty: the step is lawful."""
        judged = self.findings(facts, stage, day, waivers)
        return tuple(finding for item in judged if item.blocks for finding in item.findings if finding.blocks)

    def determined(self, facts: CandidateFacts, stage: str, day: date) -> tuple[Determined, ...]:
        """What the stage's requirements determine on `day`: days, base and number needed, each with its citation."""
        found = self.stage(stage, day)
        return tuple(found.determined(facts, day)) if found else ()

    def parameters(self, kind: type[P], day: date) -> P:
        """The parameters of the first requirement of this kind in force on `day`; LookupError where there is none."""
        for parameters, _citation in self.asked(kind, day):
            return parameters
        raise LookupError(f"No requirement has {kind.__name__} on {day}.")

    def asked(self, kind: type[P], day: date) -> Iterator[tuple[P, Citation]]:
        """Parameters and citation of each requirement of this kind in force on `day`."""
        version = self.version_on(day)
        for stage in version.stages if version else ():
            for requirement in stage.requirements:
                if type(requirement.parameters) is kind:
                    yield requirement.parameters, requirement.citation

    def stages_for(self, facts: CandidateFacts, day: date) -> tuple[Stage, ...]:
        """The stages on this candidate's way, in order, in the version in force on `day`."""
        version = self.version_on(day)
        return tuple(stage for stage in version.stages if applies(stage.evidence, facts)) if version else ()

    def competent(self, facts: CandidateFacts) -> str:
        """Which tier decides: the grassroots committee where it has delegated power, else the committee above."""
        return "grassroots" if facts.delegated_to_admit is True and facts.cell_tier != "grassroots" else "superior"


def _version(data: Mapping[str, Any]) -> Version:
    rows = sorted(data["stages"], key=lambda row: row["order"])
    evidence = {row["code"]: row["evidence"] for row in rows}
    for row in rows:
        if row["evidence"] not in EVIDENCE:
            raise VersionError(f"{data['code']}, {row['code']}: no evidence is called {row['evidence']}.")
        if strange := [code for code in row["after"] if code not in evidence]:
            raise VersionError(f"{data['code']}, {row['code']}: comes after {strange[0]}, which is no stage.")
    stages = tuple(_stage(row, evidence) for row in rows)
    return Version(
        code=data["code"],
        title=data["title"],
        begins_on=_day(data["begins_on"]),
        documents=tuple(data.get("documents", ())),
        stages=stages,
        by_code={stage.code: stage for stage in stages},
        before=_before(stages, data["code"]),
    )


def _day(value: date | str) -> date:
    return date.fromisoformat(value) if isinstance(value, str) else value


def _stage(row: Mapping[str, Any], evidence: Mapping[str, str]) -> Stage:
    after = tuple(Predecessor(code, evidence[code]) for code in row["after"])
    filled = {"stage": row["code"], "after": after}
    requirements = tuple(_requirement(item, filled) for item in row["requirements"])
    return Stage(
        code=row["code"],
        title=row["title"],
        order=row["order"],
        evidence=row["evidence"],
        tier=row["tier"],
        resolver=row["resolver"],
        after=after,
        requirements=requirements,
        judges=tuple((rule_named(item.rule).judge, item.parameters, item) for item in requirements),
    )


def _requirement(item: Mapping[str, Any], filled: Mapping[str, Any]) -> Requirement:
    return Requirement(
        rule=item["rule"],
        parameters=parameters_of(item["rule"], item.get("parameters", {}), filled),
        title=item["title"],
        citation=Citation(item["document"], item.get("clause", ""), item.get("confirmed", True)),
    )


def _before(stages: tuple[Stage, ...], version: str) -> dict[str, frozenset[str]]:
    before: dict[str, frozenset[str]] = {}
    for stage in stages:
        if late := [code for code, _evidence in stage.after if code not in before]:
            raise VersionError(f"{version}, {stage.code}: comes after {late[0]}, which has a later place.")
        nearer = (before[code] | {code} for code, _evidence in stage.after)
        before[stage.code] = frozenset().union(*nearer)
    return before


@cache
def shipped_data() -> tuple[Mapping[str, Any], ...]:
    """The versions that come with the program, as plain data, oldest first."""
    folder = resources.files("recruitment.rulebook") / "procedures"
    found = [json.loads(item.read_text("utf-8")) for item in folder.iterdir() if item.name.endswith(".json")]
    return tuple(sorted(found, key=lambda version: version["begins_on"]))


@cache
def shipped() -> RuleBook:
    """The rule book of the versions that come with the program."""
    return RuleBook.from_data(shipped_data())
