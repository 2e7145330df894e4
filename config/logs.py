"""Logs: one JSON object a line, and nothing in it that a person typed or that tells of one.

What others log is written as the sentence of their source, without the values put into it; an exception as its class
and the places it passed, without its message: both may quote a name, a search or an address.
"""

import json
import logging
import traceback
from contextvars import ContextVar
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.http import HttpRequest

OURS = {"config", "foundation", "membership", "recruitment", "reports"}
_ROOT = Path(__file__).resolve().parent.parent
current: ContextVar[HttpRequest | None] = ContextVar("current_request", default=None)  # set by middleware.Logged


class Json(logging.Formatter):
    """Time, level, logger, event; of a request its number, route and user number. ASCII, so that none is forged."""

    def format(self, record: logging.LogRecord) -> str:
        """The record on one line. Our own code adds plain facts as `extra={"facts": {...}}`."""
        moment = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        said = {"time": moment, "level": record.levelname.lower(), "logger": record.name, **_event(record)}
        said |= of_request(current.get()) | getattr(record, "facts", {})
        if record.exc_info and record.exc_info[1]:
            said |= _error(record.exc_info[1])
        return json.dumps(said, default=str).replace("\x7f", "\\u007f")


def of_request(request: HttpRequest | None) -> dict[str, Any]:
    """Number and route of the request, and its user's number if that is known already."""
    if request is None:
        return {}
    match, user = request.resolver_match, getattr(request, "_cached_user", None)  # no statement for the log's sake
    return {
        "request": getattr(request, "reference", None),
        "route": match.view_name if match else None,
        "user": user.pk if user else None,
    }


def _event(record: logging.LogRecord) -> dict[str, Any]:
    if record.name.partition(".")[0] in OURS:
        return {"event": record.getMessage()}
    where = f"{record.module}.{record.funcName}:{record.lineno}"
    return {"event": record.msg if record.args and isinstance(record.msg, str) else None, "where": where}


def _error(error: BaseException) -> dict[str, Any]:
    chain = [error]
    while (cause := chain[-1].__cause__ or (not chain[-1].__suppress_context__ and chain[-1].__context__)) and (
        cause not in chain
    ):
        chain.append(cause)
    said: dict[str, Any] = {
        "error": [f"{type(one).__module__}.{type(one).__qualname__}" for one in chain],
        "trace": [_place(frame) for one in reversed(chain) for frame in traceback.extract_tb(one.__traceback__)],
    }
    for one in chain:
        if code := getattr(one, "pgcode", None):
            said |= {"sqlstate": code, "constraint": one.diag.constraint_name}  # type: ignore[attr-defined]
        elif code := getattr(one, "sqlite_errorname", None):
            said |= {"sqlstate": code}
    return said


def _place(frame: traceback.FrameSummary) -> str:
    path = frame.filename.rpartition("site-packages/")[2].removeprefix(f"{_ROOT}/")
    return f"{path}:{frame.lineno} {frame.name}"
