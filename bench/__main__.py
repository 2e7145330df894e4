"""make bench: every goal of docs/performance.md that can be measured on this machine; --quick: one town, SQLite.

Only 127.0.0.1; ends by itself; what it starts it ends. The numbers are kept in var/bench/latest.json; --write puts them
into docs/performance.md.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import time
from typing import Any

from bench import places, rounds, visits
from bench.table import as_text

TOWNS = (1, 4, 20)  # 7,000, 28,000 and 142,000 people
DOCUMENT = places.ROOT / "docs" / "performance.md"
LATEST = places.KEPT / "latest.json"
MARK = "<!-- what follows is written by make bench-write -->\n"


def main() -> None:
    """Measure, print the tables, keep the numbers; or write those of the last run into the document."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="one town, SQLite, pages only")
    parser.add_argument("--write", action="store_true", help="write the numbers of the last run into the document")
    chosen = parser.parse_args()
    if chosen.write:
        kept = DOCUMENT.read_text().partition(MARK)[0]
        DOCUMENT.write_text(kept + MARK + "\n" + as_text(json.loads(LATEST.read_text())))
        return
    told = measured(chosen.quick)
    print(as_text(told))


def measured(quick: bool) -> dict[str, Any]:
    """Everything, or the pages of one town in SQLite."""
    system = f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}"
    told: dict[str, Any] = {"day": time.strftime("%Y-%m-%d"), "machine": system}
    told |= {"pages": [], "loads": [], "writers": [], "visits": []}
    _with_sqlite(told, quick)
    if not quick:
        with places.postgres() as address:
            for towns in TOWNS:
                place, seconds = places.in_postgres(address, towns)
                _in(told, place, seconds)
                if towns == 1:
                    _write_in(told, place)
    return told


def _with_sqlite(told: dict[str, Any], quick: bool) -> None:
    for towns in TOWNS[:1] if quick else TOWNS:
        place, seconds = places.sqlite(towns, fresh=not quick and towns == 1)
        _in(told, place, seconds)
        if towns == 1 and not quick:
            told["visits"] = visits.visited(place)
            _write_in(told, place)


def _in(told: dict[str, Any], place: places.Place, seconds: float | None) -> None:
    print(f"{place.name}: measuring", flush=True)
    told["pages"].append(rounds.measured(place))
    if seconds is not None:
        told["loads"].append({"place": place.name, "seconds": seconds})
    _keep(told)


def _write_in(told: dict[str, Any], place: places.Place) -> None:
    """The median of three times, each in a copy: what the disk does bare differs by half from one time to the next."""
    print(f"{place.name}: eight writers", flush=True)
    runs = [json.loads(places.spoilt(place).run("-m", "bench.writers", seconds=600)) for _time in range(3)]
    runs.sort(key=lambda run: run["operations"]["a_second"] / run["bare"]["a_second"])
    told["writers"].append({"place": place.name, **runs[1]})
    _keep(told)


def _keep(told: dict[str, Any]) -> None:
    """What is known so far stays known, whatever becomes of the rest."""
    LATEST.write_text(json.dumps(told, indent=1))


if __name__ == "__main__":
    main()
