"""The numbers as tables: on the screen and in docs/performance.md the same."""

from __future__ import annotations

from typing import Any

from bench.asked import FLOORS, PAGES

_PAGES = {page.name: page for page in PAGES}


def as_text(told: dict[str, Any]) -> str:
    """All tables, in Markdown."""
    parts = [_pages(one) for one in told["pages"]]
    parts += [_towns(told)] if len(told["pages"]) > 1 else []
    parts += [_visits(told["visits"])] if told["visits"] else []
    parts += [_writers(told["writers"])] if told["writers"] else []
    parts.append(_machine(told))
    return "\n\n".join(parts) + "\n"


def _pages(one: dict[str, Any]) -> str:
    heads = ["page", "median ms", "min", "max", "p95", "floor", "ratio", "goal", "statements", "goal", "KB", "goal"]
    rows = [[f"`{name}`", *_times(one["floors"][name]), "", "", "", "", "", "", ""] for name in FLOORS]
    for line in one["pages"]:
        page = _PAGES[line["name"]]
        ratio = line["median"] / line["floor"]["median"]
        most = page.ratio if page.holds_in(one["place"]) else None
        rows.append(
            [
                line["name"],
                *_times(line),
                f"`{page.floor}`",
                _held(f"{ratio:.2f}", ratio, most),
                _goal(most),
                _held(str(line["statements"]), line["statements"], page.statements),
                _goal(page.statements),
                _held(f"{line['bytes'] / 1000:.0f}", line["bytes"] / 1000, page.kilobytes),
                _goal(page.kilobytes),
            ]
        )
    return f"### {one['place']}\n\n{one['rounds']} rounds, {one['discarded']} discarded.\n\n{_table(heads, rows)}"


def _towns(told: dict[str, Any]) -> str:
    """20 towns against one, each in its own floors: what a page costs more because there is more."""
    by_place = {one["place"]: one for one in told["pages"]}
    rows = []
    for engine in ("SQLite", "PostgreSQL"):
        few, many = by_place.get(f"{engine}, 1 town"), by_place.get(f"{engine}, 20 towns")
        for one, other in zip(few["pages"], many["pages"], strict=True) if few and many else ():
            ratio = (other["median"] / other["floor"]["median"]) / (one["median"] / one["floor"]["median"])
            times = f"{one['median']:.1f}", f"{other['median']:.1f}"
            rows.append([engine, one["name"], *times, _held(f"{ratio:.2f}", ratio, 1.5), "1.5"])
    return "### 20 towns against one\n\n" + _table(["database", "page", "ms, 1 town", "ms, 20", "ratio", "goal"], rows)


def _visits(visits: list[dict[str, Any]]) -> str:
    rows = [
        [
            one["name"],
            one["language"],
            _held(f"{one['first'] / 1000:.0f}", one["first"] / 1000, 200),
            "200",
            _held(f"{one['later'] / 1000:.0f}", one["later"] / 1000, 20),
            "20",
        ]
        for one in visits
    ]
    return "### Visits, in KB as they travel\n\n" + _table(["page", "language", "first", "goal", "later", "goal"], rows)


def _writers(writers: list[dict[str, Any]]) -> str:
    rows = []
    for one in writers:
        ratio = one["operations"]["a_second"] / one["bare"]["a_second"]
        numbers = f"{one['operations']['a_second']:.0f}", f"{one['bare']['a_second']:.0f}"
        errors = len(one["operations"]["errors"]) + len(one["bare"]["errors"])
        share = f"{ratio:.0%}" if ratio >= 0.4 else f"**{ratio:.0%}**"
        rows.append([one["place"], *numbers, share, "40 %", str(errors), "**no**" if one["differences"] else "yes"])
    heads = ["database", "operations a second", "bare", "share", "goal", "errors", "figures equal the recount"]
    return "### Eight writers on one committee\n\n" + _table(heads, rows)


def _machine(told: dict[str, Any]) -> str:
    rows = [
        [
            one["place"],
            _held(f"{one['cold_start']:.1f}", one["cold_start"], 3),
            "3",
            _held(f"{one['memory']:.0f}", one["memory"], 110),
            "110",
            next((f"{load['seconds']:.0f}" for load in told["loads"] if load["place"] == one["place"]), ""),
            "60" if one["place"].endswith("1 town") else "",
        ]
        for one in told["pages"]
    ]
    heads = ["database", "cold start, s", "goal", "worker, MiB", "goal", "demo loaded, s", "goal"]
    return f"### Start, memory, demo\n\n{_table(heads, rows)}\n\nMeasured on {told['day']}: {told['machine']}."


def _times(spread: dict[str, float]) -> list[str]:
    return [f"{spread[name]:.1f}" for name in ("median", "min", "max", "p95")]


def _held(text: str, value: float, goal: float | None) -> str:
    """The number; in bold where it misses its goal."""
    return f"**{text}**" if goal is not None and value > goal else text


def _goal(goal: float | None) -> str:
    return "" if goal is None else f"{goal:g}"


def _table(heads: list[str], rows: list[list[str]]) -> str:
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
