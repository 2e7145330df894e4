"""Where candidacies stand on the day asked for: kept for today, judged from the facts for any other."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from typing import Any

from django.db.models import Case, DateField, F, Q, QuerySet, TextField, Value, When

from recruitment import standing
from recruitment.models import Candidate, CandidateStanding
from reports.indicators.ask import Ask
from reports.indicators.candidacies import before_ceremony

LONGEST = 5_000  # candidacies judged for one page about another day; over a larger unit nobody knows what was possible
_COLUMNS: dict[str, Any] = {
    "state": TextField,
    "stage": TextField,
    "waits_for": TextField,
    "earliest_ceremony_on": DateField,
}


def known(ask: Ask) -> bool:
    """Whether it is known where each stands: today always, on another day where they are not too many."""
    return ask.is_now or len(_keys(ask)) <= LONGEST


def standings(ask: Ask) -> QuerySet:
    """Candidacies of the unit on the as-at day with `then_state`, `then_stage`, `then_waits_for` and
    `then_earliest_ceremony_on`, as the rules judge what was known. Descriptions and papers are those recorded now.
    """
    if ask.is_now:
        rows = Candidate.objects.filter(standing__isnull=False)  # joined, not looked up for each
        return rows.annotate(**{f"then_{name}": F(f"standing__{name}") for name in _COLUMNS})
    judged = _judged(ask)
    rows = Candidate.objects.filter(pk__in=[one.candidate_id for one in judged])
    return rows.annotate(**{f"then_{name}": _column(judged, name, kind) for name, kind in _COLUMNS.items()})


def _column(judged: list[CandidateStanding], name: str, kind: Callable[[], Any]) -> Case:
    """For each key what was judged of it."""
    keys = defaultdict(list)
    for one in judged:
        keys[getattr(one, name)].append(one.candidate_id)
    whens = [When(Q(pk__in=found), then=Value(value)) for value, found in keys.items() if value is not None]
    return Case(*whens, default=Value(None), output_field=kind())


def _keys(ask: Ask) -> list[int]:
    if "candidacies" not in ask.shared:
        rows = ask.within(before_ceremony(ask), "cell").order_by("pk")
        ask.shared["candidacies"] = list(rows.values_list("pk", flat=True)[: LONGEST + 1])
    return ask.shared["candidacies"]


def _judged(ask: Ask) -> list[CandidateStanding]:
    if "standings" not in ask.shared:
        ask.shared["standings"] = standing.assess(_keys(ask), ask.as_at, ask.known_on) if known(ask) else []
    return ask.shared["standings"]
