"""Eight clerks record steps at once, each of their own candidates under one committee; then the same rows are written
bare, without rules and reading.

Run by itself (python -m bench.writers) in the environment of one database that may be spoilt; prints JSON.
"""

from __future__ import annotations

import importlib
import io
import json
import multiprocessing
import os
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

WRITERS, SECONDS = 8, 6.0
REASON = "bench"


def main() -> None:
    """Print how many a second, with how many errors."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    importlib.import_module("config.wsgi")  # as the office's worker starts
    from django.core.management import CommandError, call_command
    from django.db import connections

    from foundation.models import JournalEntry

    if JournalEntry.objects.filter(reason=REASON).exists():
        raise SystemExit("The writers have written here before, or were interrupted: load the database anew.")
    candidates = _under_one_committee()
    connections.close_all()
    operations = _at_once(_operations, candidates)
    try:
        call_command("check_figures", stdout=io.StringIO())
        differences = []
    except CommandError as found:
        differences = str(found).splitlines()[:5]
    connections.close_all()
    bare = _at_once(_bare, candidates)
    print(json.dumps({"operations": operations, "bare": bare, "differences": differences}))


def _under_one_committee() -> list[list[int]]:
    """The open candidacies under the committee with the most, dealt out to the writers.

    Each has some, and takes them in turn: nobody's history of a hundred pauses has to be read.
    """
    from collections import defaultdict

    from recruitment.committees import grassroots_committee
    from recruitment.models import Candidate

    by_committee: dict[Any, list[int]] = defaultdict(list)
    for one in Candidate.objects.filter(standing__state="open").in_full().order_by("pk"):
        if committee := grassroots_committee(one.cell):
            by_committee[committee].append(one.pk)
    most = max(by_committee.values(), key=len)
    return [most[place::WRITERS] for place in range(WRITERS)]


def _at_once(work: Callable[[int, list[int]], Callable[[int], None]], candidates: list[list[int]]) -> dict[str, Any]:
    """The work of all writers together: done a second, and what went wrong."""
    context = multiprocessing.get_context("fork")
    barrier, told = context.Barrier(len(candidates)), context.Queue()
    writers = [
        context.Process(target=_write, args=(work, place, keys, barrier, told), daemon=True)
        for place, keys in enumerate(candidates)
    ]
    for writer in writers:
        writer.start()
    answers = [told.get(timeout=SECONDS * 10 + 60) for _writer in writers]
    for writer in writers:
        writer.join(10)
    return {
        "a_second": sum(done / spent for done, spent, _errors in answers),
        "errors": sorted({error for *_numbers, errors in answers for error in errors}),
        "writers": len(writers),
    }


def _write(work: Any, place: int, keys: list[int], barrier: Any, told: Any) -> None:
    from django.db import DatabaseError

    from foundation.operation import OperationRefused

    step, errors, done = work(place, keys), [], 0
    warm = 2 * len(keys)  # each once there and back
    for number in range(warm):
        step(number)
    barrier.wait(60)
    start = time.monotonic()
    while (spent := time.monotonic() - start) < SECONDS and len(errors) < 5:
        try:
            step(warm + done)
            done += 1
        except (DatabaseError, OperationRefused) as error:
            errors.append(f"{type(error).__name__}: {error}"[:200])
    told.put((done, spent, errors))


def _operations(_place: int, keys: list[int]) -> Callable[[int], None]:
    """Pausing all in turn, then resuming all: an operation each, with rules, journal and standing."""
    from foundation import clock
    from foundation.operation import Submission
    from membership.models import User
    from recruitment.models import Candidate
    from recruitment.operations import ways_out

    clerk = User.objects.get(username="clerk")
    candidates = list(Candidate.objects.filter(pk__in=keys))

    def step(number: int) -> None:
        turn, which = divmod(number, len(candidates))
        deed = ways_out.resume if turn % 2 else ways_out.pause
        deed(Submission(clerk, reason=REASON), candidate=candidates[which], happened_on=clock.today())

    return step


def _bare(place: int, keys: list[int]) -> Callable[[int], None]:
    """The same rows, bare: the version, an entry, what it is about, a record, the standing; nothing is asked."""
    from django.db import transaction
    from django.db.models import F

    from foundation import clock
    from foundation.models import EntrySubject, JournalEntry
    from membership.models import User
    from recruitment.models import Candidate, CandidateStanding, StageRecord

    clerk, moment = User.objects.get(username="clerk"), clock.now() + timedelta(hours=1 + place)
    standings = list(CandidateStanding.objects.filter(pk__in=keys).select_related("candidate"))

    @transaction.atomic
    def step(number: int) -> None:
        turn, which = divmod(number, len(standings))
        kind, state = ("resume", "open") if turn % 2 else ("pause", "paused")
        at, standing = moment + timedelta(microseconds=number), standings[which]
        Candidate.objects.filter(pk=standing.pk).update(version=F("version") + 1)
        entry = JournalEntry.objects.create(
            operation=kind, actor=clerk, reason=REASON, recorded_at=at, machine_time=at, result={}, details=[]
        )
        StageRecord.records.create(
            candidate_id=standing.pk, kind=kind, happened_on=at.date(), recorded_at=at, recorded_by=entry, reason=REASON
        )
        EntrySubject.objects.bulk_create(
            [
                EntrySubject(entry=entry, model="recruitment.candidate", key=standing.pk),
                EntrySubject(entry=entry, model="membership.person", key=standing.candidate.person_id),
            ]
        )
        standing.state = state
        standing.save()

    return step


if __name__ == "__main__":
    main()
