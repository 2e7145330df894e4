"""A finding as a person meets it: a sentence in their language, with the clause it rests on."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from foundation.days import format_day
from foundation.operation import OperationRefused
from recruitment.rulebook import wording
from recruitment.rulebook.findings import Finding, Judged


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason of a refusal: what was found, and its sentence."""

    finding: Finding

    @property
    def code(self) -> str:
        """Of the finding."""
        return self.finding.code

    @property
    def outcome(self) -> Any:
        """Of the finding."""
        return self.finding.outcome

    @property
    def citation(self) -> str:
        """Document and clause, as far as there are."""
        requirement = self.finding.requirement
        cited = requirement.citation if requirement else None
        return ", ".join(part for part in (cited.document, cited.clause) if part) if cited else ""

    @property
    def sentence(self) -> str:
        """What was found, and in brackets where it is written."""
        text = wording.text(self.finding, format_day)
        return f"{text} ({self.citation})" if self.citation else text


class StepRefused(OperationRefused):
    """Rules in force on the day of the step block it; `args` are the reasons, all of them. Nothing was written."""

    @classmethod
    def because(cls, findings: Iterable[Finding]) -> StepRefused:
        """The refusal for these findings."""
        return cls(*map(Reason, findings))


def of(judged: Iterable[Judged]) -> list[Reason]:
    """Every finding that no waiver lifts, also those that only warn or cannot be judged."""
    return [Reason(finding) for item in judged if item.waived is None for finding in item.findings]
