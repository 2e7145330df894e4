"""The rules by name. A module in `rules/` registers its own; nothing else need be told."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import MISSING, dataclass, fields, is_dataclass
from datetime import date
from functools import cache
from typing import Any, Literal, TypeVar, get_args, get_origin, get_type_hints

from recruitment.rulebook.facts import CandidateFacts
from recruitment.rulebook.findings import Determined, Finding

Judge = Callable[[CandidateFacts, date, Any], Iterator[Finding]]
Determine = Callable[[CandidateFacts, date, Any], Iterator[Determined]]
J = TypeVar("J", bound=Judge)
D = TypeVar("D", bound=Determine)


class UnknownRule(LookupError):
    """A version names a rule that no module registers."""


class ParameterError(ValueError):
    """Parameters of a requirement do not fit its rule; the message names the rule and the parameter."""


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule as registered: its title and texts are lazily translated strings."""

    name: str
    parameters: type
    title: Any
    texts: Mapping[str, Any]
    judge: Judge


_RULES: dict[str, Rule] = {}
_DETERMINES: dict[str, Determine] = {}


def rule(name: str, parameters: type, *, title: Any, texts: Mapping[str, Any]) -> Callable[[J], J]:
    """Register `judge(facts, day, parameters)` under `name`; `texts` holds the sentence of each code it yields."""

    def register(judge: J) -> J:
        if name in _RULES:
            raise ValueError(f"Two rules are called {name}.")
        if not is_dataclass(parameters):
            raise TypeError(f"The parameters of {name} are not a dataclass.")
        _RULES[name] = Rule(name, parameters, title, texts, judge)
        return judge

    return register


def determines(name: str) -> Callable[[D], D]:
    """Register what the rule `name` determines: numbers and days, beside its findings."""

    def register(determine: D) -> D:
        _DETERMINES[name] = determine
        return determine

    return register


@cache
def _discover() -> None:
    from recruitment.rulebook import rules

    for module in pkgutil.iter_modules(rules.__path__, prefix=f"{rules.__name__}."):
        importlib.import_module(module.name)


def all_rules() -> Mapping[str, Rule]:
    """Every rule by name."""
    _discover()
    return _RULES


def rule_named(name: str) -> Rule:
    """The rule; UnknownRule where no module registers it."""
    try:
        return all_rules()[name]
    except KeyError:
        raise UnknownRule(f"No rule is called {name}.") from None


def determination(name: str) -> Determine | None:
    """What the rule determines; None where it only judges."""
    all_rules()
    return _DETERMINES.get(name)


def parameters_of(name: str, data: Mapping[str, Any], filled: Mapping[str, Any]) -> Any:
    """The rule's parameters from plain data; `filled` gives what the stage itself says (fields `stage`, `after`)."""
    kind = rule_named(name).parameters
    hints = get_type_hints(kind)
    if strange := sorted(data.keys() - hints.keys()):
        raise ParameterError(f"{name}: no parameter is called {strange[0]}.")
    values = {key: filled[key] for key in hints if key in filled}
    values |= {key: _read(f"{name}.{key}", hints[key], value) for key, value in data.items()}
    for parameter in fields(kind):
        if parameter.name not in values and parameter.default is MISSING:
            raise ParameterError(f"{name}.{parameter.name} is missing.")
    return kind(**values)


def _read(where: str, hint: Any, value: Any) -> Any:
    if get_origin(hint) is tuple and isinstance(value, list | tuple):
        return tuple(_read(where, get_args(hint)[0], item) for item in value)
    if get_origin(hint) is Literal:
        if value in get_args(hint):
            return value
    elif hint is bool or hint is str:
        if isinstance(value, hint):
            return value
    elif hint is int and isinstance(value, int) and not isinstance(value, bool) and 0 < value < 10_000:
        return value
    raise ParameterError(f"{where}: {value!r} does not fit.")
