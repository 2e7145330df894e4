"""Several at the same moment, each with a connection of its own: for tests whose database is emptied afterwards."""

import threading
from collections.abc import Callable
from typing import Any

from django.db import DatabaseError, connection, transaction

from foundation.operation import OperationRefused


def at_once(*calls: Callable[[], Any]) -> list[Any]:
    """What each call gives, or why it was refused; all begin at the same moment, by the machine's own clock: one that
    stands still would make them wait for each other.
    """
    answers: list[Any] = []
    start = threading.Barrier(len(calls))

    def one(call: Callable[[], Any]) -> None:
        try:
            start.wait()
            answers.append(call())
        except (OperationRefused, DatabaseError) as refused:
            answers.append(refused)
        finally:
            connection.close()

    threads = [threading.Thread(target=one, args=(call,)) for call in calls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(answers) == len(calls)
    return answers


def meanwhile(*steps: Callable[[], Any]) -> list[Any]:
    """Each step in a transaction of its own: the first ends once the others have begun and wait for it, or are done."""
    begun, done = threading.Event(), threading.Event()

    def first() -> None:
        with transaction.atomic():
            steps[0]()
            begun.set()
            done.wait(1)

    def others() -> None:
        begun.wait(5)
        try:
            for step in steps[1:]:
                step()
        finally:
            done.set()

    return at_once(first, others)
