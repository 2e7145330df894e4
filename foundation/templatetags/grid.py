"""Cells and rows of a list, drawn by plain code: a page has hundreds, and every included template costs as much.

A cell is {kind, value, second, url, words, late, later, label}: person · text · clip (names that may be shortened; the
second stands after it in grey) · day (words where there is none) · number · pips (value a list, words) · state (value
is done, waiting, blocked, short or late, words) · time (waits on the calendar). A row is {pk, name, cells}; its first
cell names it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django import template
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from foundation.numbers import format_number
from foundation.templatetags import ui
from foundation.templatetags.ui import escaped

register = template.Library()
Cell = Mapping[str, Any]
_NOTHING = '<span class="nothing muted">–</span>'
_SIGNS = {"done": "check2", "blocked": "slash-circle", "short": "exclamation-circle", "late": "exclamation-circle"}
_CLASSES = {"day": "end", "number": "end", "clip": "clip"}
_SPEAK_FOR_THEMSELVES = ("clip", "pips")  # on a phone, where others have their head before them
_PIPS = {"done": "<b></b>", "ahead": "<i></i>"}


@register.simple_tag
def cell(cell: Cell) -> SafeString:
    """What stands in the cell."""
    return SafeString(_drawn(cell))


@register.simple_tag
def state(value: str, words: Any) -> SafeString:
    """A word of state (done, waiting, blocked, short or late) with its sign."""
    sign = ui.icon(_SIGNS.get(value, "clock"))
    return SafeString(f'<span class="state {escaped(value)}">{sign}{escaped(words)}</span>')


@register.simple_tag
def grid_rows(rows: Iterable[Mapping[str, Any]], picks: bool = False) -> SafeString:
    """The rows of a table; `picks`: each can be chosen."""
    return SafeString("".join(_row(row, picks) for row in rows))


@register.simple_tag
def hits(rows: Iterable[Mapping[str, Any]]) -> SafeString:
    """What a search found, one line each: {text, note, url}, the last two optional."""
    return SafeString("".join(map(_hit, rows)))


def _hit(row: Mapping[str, Any]) -> str:
    opened, closed = "span", "span"
    if row.get("url"):
        opened, closed = f'a href="{escaped(row["url"])}"', "a"
    shown = f'<{opened} class="fw-medium">{ui.name(row["text"])}</{closed}>'
    note = f' <span class="muted ms-2">{ui.name(row["note"])}</span>' if row.get("note") else ""
    return f"<li>{shown}{note}</li>"


def _row(row: Mapping[str, Any], picks: bool) -> str:
    first, *others = row["cells"]
    kind = ' class="person"' if first["kind"] == "person" else ""
    chosen = _choice(row) if picks else ""
    return f'<tr>{chosen}<th scope="row"{kind}>{_drawn(first)}</th>{"".join(map(_td, others))}</tr>\n'


def _drawn(cell: Cell) -> str:
    return _DRAWN.get(cell["kind"], _words)(cell)


def _choice(row: Mapping[str, Any]) -> str:
    said = escaped(row.get("name") or row["cells"][0]["value"])
    box = f'<input type="checkbox" name="chosen" value="{escaped(row["pk"])}" aria-label="{said}">'
    return f'<td class="pick">{box}</td>'


def _td(cell: Cell) -> str:
    kind = f' class="{_CLASSES[cell["kind"]]}"' if cell["kind"] in _CLASSES else ""
    said = cell.get("label") if cell["kind"] not in _SPEAK_FOR_THEMSELVES else ""
    label = f' data-label="{escaped(said)}"' if said else ""
    return f"<td{kind}{label}>{_drawn(cell)}</td>"


def _day(cell: Cell) -> str:
    if not cell["value"]:
        return f'<span class="muted">{escaped(cell["words"])}</span>' if cell.get("words") else _NOTHING
    kind = "signal" if cell.get("late") else "later" if cell.get("later") else ""
    shown = ui.day(cell["value"])
    return f'<span class="{kind}">{shown}</span>' if kind else shown


def _number(cell: Cell) -> str:
    shown = _linked(cell, escaped(format_number(cell["value"])))
    return f'<span class="signal">{shown}</span>' if cell.get("late") else shown


def _pips(cell: Cell) -> str:
    pips = "".join(_PIPS.get(pip) or f'<i class="{pip}"></i>' for pip in cell["value"])
    words = escaped(cell["words"])
    return f'<span class="pips" role="img" title="{words}">{pips}</span>'


def _state(cell: Cell) -> str:
    return state(cell["value"], cell["words"])


def _time(_cell: Cell) -> str:
    word = _("Time")
    return f'<span class="muted">{escaped(word)}</span>'


def _words(cell: Cell) -> str:
    if cell["value"] is None or cell["value"] == "":
        return _NOTHING
    shown = _linked(cell, ui.name(cell["value"]))
    second = cell.get("second")
    if cell["kind"] == "clip":
        after = f', <bdi class="muted">{ui.codes(second)}</bdi>' if second else ""
        return f'<bdi dir="ltr">{shown}{after}</bdi>'
    return f'{shown}<span class="second">{ui.name(second)}</span>' if second else shown


def _linked(cell: Cell, shown: str) -> str:
    return f'<a href="{escaped(cell["url"])}">{shown}</a>' if cell.get("url") else shown


_DRAWN: dict[str, Callable[[Cell], str]] = {
    "day": _day, "number": _number, "pips": _pips, "state": _state, "time": _time
}  # fmt: skip
