"""Rounds: floor, page, floor, page. Rounds in which the machine was busy with something else do not count."""

from __future__ import annotations

import json
import statistics
import time
from typing import Any

from bench.asked import FLOORS, PAGES, Page
from bench.places import Place, Server

WARM_UPS, LEAST, MOST = 5, 100, 300  # a busy machine spreads widely: medians of fewer differ by a tenth
SECONDS = 600  # after which a measurement ends with the rounds it has


def measured(place: Place) -> dict[str, Any]:
    """Every page and floor of the place in milliseconds, with bytes, statements, start and memory."""
    told = json.loads(place.run("-m", "bench.asked", seconds=300))
    with Server(place, "bench.floor:application") as floor, Server(place, "config.wsgi") as office:
        rounds = _rounds(floor, office, told)
        memory = office.worker_mebibytes()
    kept = _undisturbed(rounds)
    pages = [
        {
            "name": page.name,
            "statements": asked["statements"],
            "bytes": kept[0]["bytes"][page.name],
            "floor": _spread([one[page.floor] for one in kept]),
            **_spread([one[page.name] for one in kept]),
        }
        for page, asked in zip(PAGES, told, strict=True)
    ]
    floors = {name: _spread([one[name] for one in kept]) for name in FLOORS}
    return {
        "place": place.name,
        "rounds": len(kept),
        "discarded": len(rounds) - len(kept),
        "floors": floors,
        "pages": pages,
        "cold_start": office.cold_start,
        "memory": memory,
    }


def _rounds(floor: Server, office: Server, told: list[dict[str, Any]]) -> list[dict[str, Any]]:
    clerk = next(asked["cookie"] for page, asked in zip(PAGES, told, strict=True) if page.reader == "clerk")
    end = time.monotonic() + SECONDS
    rounds: list[dict[str, Any]] = []
    for number in range(WARM_UPS + MOST):
        one: dict[str, Any] = {"calibration": _calibration(), "bytes": {}}
        for page, asked in zip(PAGES, told, strict=True):
            one.setdefault(page.floor, floor.get(page.floor, clerk)[0])
            one[page.name], body = office.get(asked["address"], asked["cookie"], **_headers(page))
            one["bytes"][page.name] = len(body)
        if number >= WARM_UPS:
            rounds.append(one)
            if time.monotonic() > end or len(_undisturbed(rounds)) >= LEAST:
                break
    return rounds


def _headers(page: Page) -> dict[str, str]:
    return {"HX-Request": "true"} if page.fragment else {}


def _calibration() -> float:
    """Milliseconds of a loop that always does the same."""
    start, total = time.perf_counter(), 0
    for number in range(60_000):
        total += number * number
    return (time.perf_counter() - start) * 1000


def _undisturbed(rounds: list[dict[str, Any]]) -> list[dict[str, Any]]:
    most = 2 * statistics.median(one["calibration"] for one in rounds)
    return [one for one in rounds if one["calibration"] <= most]


def _spread(times: list[float]) -> dict[str, float]:
    """Median, least, most, and what 95 of 100 stay under."""
    ordered = sorted(times)
    return {
        "median": statistics.median(ordered),
        "min": ordered[0],
        "max": ordered[-1],
        "p95": ordered[min(len(ordered) - 1, int(len(ordered) * 0.95))],
    }
