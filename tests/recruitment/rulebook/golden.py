"""The golden table: candidates typed as plain data, judged by every version that comes with the program.

Run as a module it writes the table anew; the difference is then read line by line before it is committed.
"""

import json
import re
from datetime import date
from pathlib import Path
from typing import Any

from recruitment.rulebook.book import shipped
from recruitment.rulebook.facts import (
    UNKNOWN,
    CandidateFacts,
    Certificate,
    Decision,
    Document,
    Education,
    Introducer,
    Membership,
    Vote,
)
from recruitment.rulebook.findings import BlocksUntil, BlocksUntilDone, Finding, Never, Unjudged
from tests.recruitment.rulebook import cases

TABLE = Path(__file__).with_name("golden.json")
KINDS = {
    "certificates": Certificate,
    "introducers": Introducer,
    "documents": Document,
    "memberships": Membership,
    "education": Education,
    "decision": Decision,
    "cell_vote": Vote,
    "committee_vote": Vote,
    "recognition_vote": Vote,
}


def facts_of(case: dict[str, Any]) -> CandidateFacts:
    """The facts of a case: a candidate of `cases`, with what the case says otherwise."""
    changes = {name: _typed(KINDS.get(name), value) for name, value in case["facts"].items()}
    return getattr(cases, case["of"])(**changes)


def _typed(kind: type | None, value: Any) -> Any:
    if isinstance(value, list):
        return tuple(_typed(kind, item) for item in value)
    if isinstance(value, dict) and kind:
        return kind(**{name: _typed(None, item) for name, item in value.items()})
    if isinstance(value, str) and re.fullmatch(r"\d{4}-\d\d-\d\d", value):
        return date.fromisoformat(value)
    return UNKNOWN if value == "unknown" else value


def judged(case: dict[str, Any], version: str) -> list[str]:
    """What the version finds, one line a finding: requirement, code, outcome."""
    day = date.fromisoformat(case["on"])
    found = shipped().version(version).judge(facts_of(case), case["stage"], day)
    return [
        f"{item.requirement.rule}: {finding.code}, {_outcome(finding)}" for item in found for finding in item.findings
    ]


def _outcome(finding: Finding) -> str:
    match finding.outcome:
        case BlocksUntil(day):
            return f"blocks until {day}"
        case BlocksUntilDone(what):
            return f"blocks until done: {what}"
        case Never(since):
            return f"never since {since}"
        case Unjudged(field):
            return f"not judged without {field}"
        case _:
            return "warns"


def write() -> None:
    """The table, with what the versions find now."""
    lines = []
    for case in json.loads(TABLE.read_text("utf-8")):
        by_version = {version.code: judged(case, version.code) for version in shipped().versions}
        case["found"] = {"all": by_version["0"]} if len({*map(tuple, by_version.values())}) == 1 else by_version
        head = {name: case[name] for name in ("case", "of", "facts", "stage", "on")}
        lines.append(f" {json.dumps(head, ensure_ascii=False)[:-1]},\n  {json.dumps({'found': case['found']})[1:]}")
    TABLE.write_text("[\n" + ",\n".join(lines) + "\n]\n", "utf-8")


if __name__ == "__main__":
    write()
