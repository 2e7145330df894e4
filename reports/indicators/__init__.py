"""Every figure the program shows, defined once, by its name: `FIGURES`; those of `LISTED` are counted by `figures`."""

from reports.indicators import admissions, candidacies, organisations, targets
from reports.indicators.ask import Ask, Tree
from reports.indicators.register import FIGURES, Indicator, Measure, Number, rows, value

LISTED = (
    "grassroots_organisations",
    "cells_under_grassroots_committees",
    "members",
    "non_state_enterprises_with_party_organisation",
    *candidacies.STOCKS,
    "admitted",
    "admitted_in_non_state_enterprises",
    "recognised",
    "target",
    "pace",
    "ceiling",
)


def figures(ask: Ask) -> dict[str, Number]:
    """Every listed figure by its code."""
    return {code: value(code, ask) for code in LISTED}


__all__ = [
    "FIGURES",
    "LISTED",
    "Ask",
    "Indicator",
    "Measure",
    "Number",
    "Tree",
    "admissions",
    "candidacies",
    "figures",
    "organisations",
    "rows",
    "targets",
    "value",
]
