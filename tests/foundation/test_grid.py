"""Cells and rows of lists: what stands in them, and that nothing of it is markup."""

from datetime import date

import pytest
from django.utils.translation import override

from foundation.templatetags.grid import cell, grid_rows


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ({"kind": "text", "value": "<b>"}, "<bdi>&lt;b&gt;</bdi>"),
        ({"kind": "text", "value": ""}, '<span class="nothing muted">–</span>'),
        ({"kind": "person", "value": "A&B", "url": '/p/"1"'}, '<a href="/p/&quot;1&quot;"><bdi>A&amp;B</bdi></a>'),
        ({"kind": "clip", "value": "C", "second": "<D>"},
         '<bdi dir="ltr"><bdi>C</bdi>, <bdi class="muted">&lt;D&gt;</bdi></bdi>'),
        ({"kind": "text", "value": "C", "second": "D"}, '<bdi>C</bdi><span class="second"><bdi>D</bdi></span>'),
        ({"kind": "day", "value": date(2024, 3, 1)}, '<time datetime="2024-03-01">01/03/2024</time>'),
        ({"kind": "day", "value": date(2024, 3, 1), "late": True},
         '<span class="signal"><time datetime="2024-03-01">01/03/2024</time></span>'),
        ({"kind": "day", "value": None}, '<span class="nothing muted">–</span>'),
        ({"kind": "number", "value": 1234}, "1,234"),
        ({"kind": "pips", "value": ["done", "now", "ahead"], "words": '"Now"'},
         '<span class="pips" role="img" title="&quot;Now&quot;">'
         '<b></b><i class="now"></i><i></i></span>'),
        ({"kind": "time", "value": None}, '<span class="muted">Time</span>'),
    ],
)  # fmt: skip
def test_a_cell_of_each_kind(given, shown):
    assert cell(given) == shown


def test_a_state_has_a_sign_beside_its_word():
    assert "#slash-circle" in cell({"kind": "state", "value": "blocked", "words": "Blocked"})
    assert "#clock" in cell({"kind": "state", "value": "waiting", "words": "Waits"})


def test_days_stay_from_left_to_right_in_arabic():
    with override("ar"):
        assert 'dir="ltr"' in cell({"kind": "day", "value": date(2024, 3, 1)})


def test_a_row_is_named_by_its_first_cell_and_can_be_chosen():
    cells = [{"kind": "person", "value": "<Ann>"}, {"kind": "number", "value": 2, "label": '"Two"'}]
    row = {"pk": 7, "name": "", "cells": cells}
    assert grid_rows([row]) == (
        '<tr><th scope="row" class="person"><bdi>&lt;Ann&gt;</bdi></th>'
        '<td class="end" data-label="&quot;Two&quot;">2</td></tr>\n'
    )
    assert 'name="chosen" value="7" aria-label="&lt;Ann&gt;"' in grid_rows([row], picks=True)
