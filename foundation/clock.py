"""The office clock. Facts, rules, pages and journal use it; sessions, limits and codes use the machine's."""

import contextlib
import secrets
import time
from collections.abc import Iterator
from contextvars import ContextVar
from datetime import UTC, date, datetime, timedelta

from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone

_fixed: ContextVar[datetime | None] = ContextVar("office_clock", default=None)
_practice: dict[str, tuple[float, date | None]] = {}  # the practice day moves by a command: read it again after a while
_FRESH_FOR = 2.0  # seconds


def today() -> date:
    """The office's day: the practice day in a practice database, else the day in the office's zone."""
    if fixed := _fixed.get():
        return timezone.localdate(fixed)
    return practice_day() or timezone.localdate()


def now() -> datetime:
    """The office's moment, UTC: never earlier than the last journal entry plus a microsecond."""
    return after(last_entry().first())


def after(last: datetime | None) -> datetime:
    """The same, where the moment of the last entry was just read.

    Where the clock stands behind that entry, many ask at once for the moment after it: no two entries have the same, so
    each is given one of the next thousand.
    """
    moment = _fixed.get() or _running()
    return moment if last is None or last < moment else last + timedelta(microseconds=1 + secrets.randbelow(1000))


def last_entry() -> QuerySet:
    """The moment of the last journal entry, to be read by itself or beside other things."""
    from foundation.models import JournalEntry

    return JournalEntry.objects.order_by("-recorded_at").values_list("recorded_at", flat=True)[:1]


def practice_day() -> date | None:
    """The day a practice database stands on; None in a real office."""
    from foundation.models import Office

    if not settings.PRACTICE:
        return None
    read_at, day = _practice.get("day", (-_FRESH_FOR, None))
    if time.monotonic() - read_at > _FRESH_FOR:
        day = Office.objects.values_list("practice_day", flat=True).first()
        _practice["day"] = (time.monotonic(), day)
    return day


def forget() -> None:
    """The practice day is read anew at the next question."""
    _practice.clear()


@contextlib.contextmanager
def at(moment: datetime) -> Iterator[None]:
    """Within the block the office clock stands at `moment` (aware): how the demo and tests enter the past."""
    token = _fixed.set(moment)
    try:
        yield
    finally:
        _fixed.reset(token)


def moment_on(day: date, hour: int = 12, minute: int = 0) -> datetime:
    """That time of `day` in the office's zone, as UTC."""
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=timezone.get_default_timezone()).astimezone(UTC)


def end_of(day: date) -> datetime:
    """The last microsecond of `day` in the office's zone: what "known on a day" means."""
    return moment_on(day + timedelta(days=1), hour=0) - timedelta(microseconds=1)


def _running() -> datetime:
    if day := practice_day():
        local = timezone.localtime()
        return local.replace(year=day.year, month=day.month, day=day.day).astimezone(UTC)
    return timezone.now()
