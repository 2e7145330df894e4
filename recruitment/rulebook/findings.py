"""What rules answer. No wording here: texts come by code, title and citation from the requirement."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, ClassVar, TypeAlias


@dataclass(frozen=True, slots=True)
class BlocksUntil:
    """Nothing but time is missing: from `day` on this no longer blocks."""

    day: date
    code: ClassVar[str] = "blocks_until"
    blocks: ClassVar[bool] = True


@dataclass(frozen=True, slots=True)
class BlocksUntilDone:
    """Blocks until `what` is done: a stage, a paper, introducers, resume, ..."""

    what: str
    code: ClassVar[str] = "blocks_until_done"
    blocks: ClassVar[bool] = True


@dataclass(frozen=True, slots=True)
class Never:
    """Blocks for good, since a day (None: not known since when)."""

    since: date | None = None
    code: ClassVar[str] = "never"
    blocks: ClassVar[bool] = True


@dataclass(frozen=True, slots=True)
class Unjudged:
    """Cannot be judged without `field`, the path of a fact that is not recorded."""

    field: str
    code: ClassVar[str] = "unjudged"
    blocks: ClassVar[bool] = False


@dataclass(frozen=True, slots=True)
class Warns:
    """To be looked at; does not block."""

    code: ClassVar[str] = "warns"
    blocks: ClassVar[bool] = False


Outcome: TypeAlias = BlocksUntil | BlocksUntilDone | Never | Unjudged | Warns


@dataclass(frozen=True, slots=True)
class Citation:
    """Where it is written. Not confirmed: the value goes on from an earlier document, or from memory."""

    document: str
    clause: str = ""
    confirmed: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Requirement:
    """A rule with its parameters, asked at a stage, with title (English source) and the clause it rests on."""

    rule: str
    parameters: Any
    title: str
    citation: Citation


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One reason. The book says for which requirement; a rule leaves that open."""

    code: str
    outcome: Outcome
    params: Mapping[str, Any] = field(default_factory=dict, hash=False)
    resolver: str = ""
    due_on: date | None = None
    requirement: Requirement | None = field(default=None, hash=False)

    @property
    def blocks(self) -> bool:
        """Whether the step is unlawful on that day."""
        return self.outcome.blocks

    @property
    def until(self) -> date | None:
        """The first day on which it no longer blocks, where only time is missing."""
        return self.outcome.day if isinstance(self.outcome, BlocksUntil) else None

    @property
    def what(self) -> str:
        """What is to be done until it no longer blocks; "" where that is nothing one can do."""
        return self.outcome.what if isinstance(self.outcome, BlocksUntilDone) else ""

    def of(self, requirement: Requirement) -> Finding:
        """The same finding, of this requirement."""
        return replace(self, requirement=requirement)


@dataclass(frozen=True, slots=True)
class Determined:
    """A number, day or body that the rules determine: `what`, its value, from which fact, by which clause."""

    what: str
    value: Any
    from_: str
    citation: Citation | None = None

    @property
    def of_a_vote(self) -> bool:
        """Whether it is a number of a vote that was held."""
        return self.from_.endswith("_vote.entitled")


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiver:
    """A written consent to an exception from one rule; `until_on` is the first day without."""

    rule: str
    authority: str
    document: str
    granted_on: date
    until_on: date | None = None

    def covers(self, rule: str, day: date) -> bool:
        """Whether it lifts the rule on `day`."""
        return self.rule == rule and self.granted_on <= day and (self.until_on is None or day < self.until_on)


@dataclass(frozen=True, slots=True)
class Judged:
    """A requirement as judged. No findings: it holds."""

    requirement: Requirement
    findings: tuple[Finding, ...] = ()
    waived: Waiver | None = None

    @property
    def holds(self) -> bool:
        """Whether nothing was found."""
        return not self.findings

    @property
    def blocks(self) -> bool:
        """Whether it forbids the step on that day; a waiver lifts that."""
        return self.waived is None and any(finding.blocks for finding in self.findings)
