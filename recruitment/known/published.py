"""The rule book of the versions that are published."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from functools import lru_cache
from typing import Any

from foundation.statements import prepared
from foundation.together import Asked
from recruitment.models import AdmissionStage, ProcedureVersion
from recruitment.rulebook.book import RuleBook

_VERSION = ("pk", "code", "begins_on")


def current() -> RuleBook:
    """The rule book of the published versions: read once, and anew when versions are published."""
    return book_of(_versions())


@prepared
def _versions() -> Any:
    rows, *names = published()
    return rows.values_list(*names)


def published() -> Asked:
    """Which versions are published, to be asked together with other things."""
    return ProcedureVersion.objects.filter(published=True), *_VERSION


def book_of(versions: Iterable[tuple[int, str, date]]) -> RuleBook:
    """The rule book of these versions, as `published` answers."""
    return _book(tuple(versions))


@lru_cache(maxsize=4)
def _book(versions: tuple[tuple[int, str, date], ...]) -> RuleBook:
    return RuleBook.from_data(version_data([key for key, _code, _begins_on in versions]))


def version_data(keys: Sequence[int]) -> list[dict[str, Any]]:
    """Versions as plain data, in the shape of the shipped files."""
    stages = AdmissionStage.objects.prefetch_related("requirements")
    versions = ProcedureVersion.objects.filter(pk__in=keys).order_by("begins_on")
    by_version: dict[int, list[Any]] = defaultdict(list)
    for stage in stages.filter(version__in=keys).order_by("order"):
        by_version[stage.version_id].append(_stage_data(stage))
    return [
        {
            "code": version.code,
            "title": version.title,
            "begins_on": version.begins_on.isoformat(),
            "documents": version.documents,
            "stages": by_version[version.pk],
        }
        for version in versions
    ]


def _stage_data(stage: AdmissionStage) -> dict[str, Any]:
    own = ("code", "title", "order", "after", "evidence", "tier", "resolver")
    asked = ("rule", "parameters", "title", "document", "clause", "confirmed")
    requirements = sorted(stage.requirements.all(), key=lambda one: (one.order, one.pk))
    return {name: getattr(stage, name) for name in own} | {
        "requirements": [{name: getattr(one, name) for name in asked} for one in requirements]
    }
