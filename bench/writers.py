"""Eight clerks record steps at once, of candidates under one committee; then the same rows are written bare.

Run by itself (python -m bench.writers) in the environment of one database that may be spoilt; prints JSON.
"""

from __future__ import annotations

import io
import json
import multiprocessing
import os
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import django

WRITERS, SECONDS = 8, 6.0
REASON = "bench"


def main() -> None:
    """Print how many a second, with how many errors."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    from django.core.management import CommandError, call_command
    from django.db import connections

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


def _under_one_committee() -> list[int]:
    """One open candidacy for each writer, all under the committee with the most."""
    from collections import defaultdict

    from recruitment.committees import grassroots_committee
    from recruitment.models import Candidate

    by_committee: dict[Any, list[int]] = defaultdict(list)
    for one in Candidate.objects.filter(standing__state="open").select_related("cell").order_by("pk")[:400]:
        by_committee[grassroots_committee(one.cell)].append(one.pk)
    return max(by_committee.values(), key=len)[:WRITERS]


def _at_once(work: Callable[[int, int], Callable[[], None]], candidates: list[int]) -> dict[str, Any]:
    """The work of all writers together: done a second, and what went wrong."""
    context = multiprocessing.get_context("fork")
    barrier, told = context.Barrier(len(candidates)), context.Queue()
    writers = [
        context.Process(target=_write, args=(work, place, key, barrier, told), daemon=True)
        for place, key in enumerate(candidates)
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


def _write(work: Any, place: int, candidate: int, barrier: Any, told: Any) -> None:
    from django.db import DatabaseError

    from foundation.operation import OperationRefused

    step, errors, done = work(place, candidate), [], 0
    barrier.wait(60)
    start = time.monotonic()
    while (spent := time.monotonic() - start) < SECONDS and len(errors) < 5:
        try:
            step()
            done += 1
        except (DatabaseError, OperationRefused) as error:
            errors.append(f"{type(error).__name__}: {error}"[:200])
    told.put((done, spent, errors))


def _operations(_place: int, key: int) -> Callable[[], None]:
    """Pausing and resuming in turn: an operation each, with rules, journal and standing."""
    from foundation import clock
    from foundation.operation import Submission
    from membership.models import User
    from recruitment.models import Candidate
    from recruitment.operations import ways_out

    clerk, candidate, turn = User.objects.get(username="clerk"), Candidate.objects.get(pk=key), [0]

    def step() -> None:
        deed = ways_out.resume if turn[0] % 2 else ways_out.pause
        deed(Submission(clerk, reason=REASON), candidate=candidate, happened_on=clock.today())
        turn[0] += 1

    return step


def _bare(place: int, key: int) -> Callable[[], None]:
    """The same rows, bare: an entry, what it is about, a record, the version, the standing; nothing is asked."""
    from django.db import transaction
    from django.db.models import F

    from foundation import clock
    from foundation.models import EntrySubject, JournalEntry
    from membership.models import User
    from recruitment.models import Candidate, CandidateStanding, StageRecord

    clerk, moment, number = User.objects.get(username="clerk"), clock.now() + timedelta(hours=1 + place), [0]
    person = Candidate.objects.get(pk=key).person_id
    standing = CandidateStanding.objects.get(pk=key)

    @transaction.atomic
    def step() -> None:
        at = moment + timedelta(microseconds=number[0])
        number[0] += 1
        Candidate.objects.filter(pk=key).update(version=F("version") + 1)
        entry = JournalEntry.objects.create(
            operation=REASON, actor=clerk, reason=REASON, recorded_at=at, machine_time=at, result={}, details=[]
        )
        StageRecord.records.create(
            candidate_id=key, kind="pause", happened_on=at.date(), recorded_at=at, recorded_by=entry, reason=REASON
        )
        EntrySubject.objects.bulk_create(
            [
                EntrySubject(entry=entry, model="recruitment.candidate", key=key),
                EntrySubject(entry=entry, model="membership.person", key=person),
            ]
        )
        standing.save()

    return step


if __name__ == "__main__":
    main()
