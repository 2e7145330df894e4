"""Pieces of the frame are drawn once, and yet each reader, language, day and page has its own."""

from datetime import date

import pytest
from django.template import Context
from django.test import RequestFactory
from django.utils.translation import override

from foundation.models import Office
from foundation.web import pieces

FRAME = {
    "home_url": "/",
    "as_at": date(2024, 10, 1),
    "units": [{"name": "Chi bộ <1>", "url": "/units/1/"}],
    "nav": [{"label": "Work", "url": "/work/", "icon": "people", "current": True, "count": 3, "late": 1}],
    "user_initials": "AB",
    "user_name": "Anh Ba",
    "languages": [{"code": "vi", "name": "Tiếng Việt", "current": True}],
}


def bar(path="/work/", mark="token-1", **changed):
    frame = FRAME | changed
    context = {
        "frame": frame | {"key": pieces.key_of(frame)},
        "request": RequestFactory().get(path),
        "csrf_token": mark,
    }
    return pieces.of_frame("frame/bar.html", Context(context))


def test_a_piece_has_the_address_and_the_token_of_its_own_request():
    first, second = bar("/work/?q=<b>&x=1", "token-1"), bar("/units/", "token-2")
    assert ["/work/?q=%3Cb%3E&amp;x=1" in one for one in (first, second)] == [True, False]
    assert ['value="/units/"' in one for one in (first, second)] == [False, True]
    assert ["token-1" in one for one in (first, second)] == [True, False]
    assert ["token-2" in one for one in (first, second)] == [False, True]
    assert "\ue000" not in first + second


@pytest.mark.parametrize(
    "changed",
    [
        {"user_name": "Chị Tư"},
        {"units": [{"name": "Chi bộ 2", "url": "/units/2/"}]},
        {"languages": [{"code": "vi", "name": "Tiếng Việt", "current": False}]},
        {"as_at": date(2024, 9, 1), "any_day": True},
        {"help_url": "/help/work/"},
    ],
)
def test_a_piece_follows_everything_in_the_frame(changed):
    assert bar(**changed) != bar()
    assert bar(**changed) == bar(**changed)


def test_a_piece_is_said_in_the_reader_s_language():
    with override("vi"):
        vietnamese = bar()
    with override("en"):
        assert bar() != vietnamese
    with override("vi"):
        assert bar() == vietnamese


def test_names_are_escaped():
    assert "Chi bộ &lt;1&gt;" in bar()


def test_a_row_of_the_database_is_no_value_of_a_piece():
    with pytest.raises(TypeError, match="by its key"):
        pieces.of_values("components/figures.html", {"figures": [Office(pk=1)]})


def test_the_pieces_used_last_stay():
    pieces.forget()
    first = bar()
    for number in range(pieces._MOST + 20):
        bar(user_name=f"Anh {number}")
        assert bar() == first
    assert len(pieces._SHELF) == pieces._MOST
