"""Whoever asks for whatever: the log names nobody, and repeats nothing of what was asked."""

import pytest
from django.db import connections

from tests.walk.town import MISSING
from tests.walk.walk import ask, routes


@pytest.mark.parametrize("role", ["anonymous", "restricted"])
def test_no_log_line_tells_of_anybody(walked, written, monkeypatch, role):
    monkeypatch.setattr(connections["default"], "force_debug_cursor", True)  # statements are logged with their values
    markers = walked.markers(*walked.places)
    for route in routes():
        key = walked.object(route.model, role, "own") if route.model and role != "anonymous" else MISSING
        address = route.addresses(key, key or MISSING)[0]
        ask(walked.clients[role], "GET", f"{address}?q={markers[0]}")
        ask(walked.clients[role], "POST", address, f"full_name={markers[0]}&username={markers[0]}")
    log = "".join(written).lower()
    assert "answered" in log
    assert [marker for marker in markers if marker in log] == []
