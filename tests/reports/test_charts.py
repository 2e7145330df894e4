"""The drawings: well-formed, escaped, within their limits, mirrored in Arabic."""

import re
from datetime import date
from xml.etree import ElementTree

import pytest
from django.utils import translation

from reports.charts import bullet, cumulative, ladder
from reports.charts.course import month_begins, round_numbers

YEAR = {"first": date(2024, 1, 1), "last": date(2024, 12, 31), "today": date(2024, 10, 31)}
STEPS = [(date(2024, 2, 3), 44), (date(2024, 5, 19), 88), (date(2024, 9, 2), 130)]
AHEAD = [(date(2024, 11, 20), 150), (date(2024, 12, 20), 171)]


def drawings(text):
    return list(ElementTree.XML(f"<all>{text}</all>"))


def numbers(drawing, *names):
    return [float(each.get(name)) for each in drawing.iter() for name in names if each.get(name)]


@pytest.fixture(autouse=True)
def _english():
    with translation.override("en"):
        yield


def test_both_sizes_are_drawn_with_title_and_description_and_without_style():
    text = cumulative(**YEAR, steps=STEPS, ahead=AHEAD, target=172, pace=143)
    wide, narrow = drawings(text)
    assert (wide.get("class"), narrow.get("class")) == ("chart-wide", "chart-narrow")
    for drawing in (wide, narrow):
        assert drawing.findtext("title") == "Admissions, cumulative"
        assert drawing.findtext("desc") == "130 admissions so far. Target 172. At most 171."
    assert "style=" not in text
    identifiers = re.findall(r' id="([^"]+)"', text)
    assert len(identifiers) == len(set(identifiers)) == 4


def test_lettering_names_target_ceiling_today_and_distance_from_pace():
    wide, narrow = drawings(cumulative(**YEAR, steps=STEPS, ahead=AHEAD, target=172, pace=143))
    words = [each.text for each in wide.iter("text")]
    expected = {"Target 172", "At most 171", "Even pace", "Today 31/10", "130", "13 behind pace", "Jan", "Dec"}
    assert expected <= set(words)
    assert "Feb" not in [each.text for each in narrow.iter("text")]


@pytest.mark.parametrize("target", [None, 0, 1, 12, 172, 1700])
@pytest.mark.parametrize("today", [date(2023, 12, 31), date(2024, 1, 1), date(2024, 12, 30), date(2025, 3, 1)])
def test_nothing_leaves_the_drawing(target, today):
    days = {**YEAR, "today": today}
    for drawing in drawings(cumulative(**days, steps=STEPS, ahead=AHEAD, target=target, pace=5)):
        _x, _y, width, height = (float(part) for part in drawing.get("viewBox").split())
        assert all(0 <= x <= width for x in numbers(drawing, "x", "x1", "x2", "cx"))
        assert all(0 <= y <= height for y in numbers(drawing, "y", "y1", "y2", "cy"))


@pytest.mark.parametrize("rtl", [False, True])
@pytest.mark.parametrize("target", [9, 900, 1700, 24000])
def test_the_numbers_of_the_axis_have_room(target, rtl):
    for drawing in drawings(cumulative(**YEAR, steps=STEPS, target=target, rtl=rtl)):
        width = float(drawing.get("viewBox").split()[2])
        number = max(
            (each for each in drawing.iter("text") if each.get("class") == "ch-label"),
            key=lambda one: one.text.count("0"),
        )
        room = width - float(number.get("x")) if rtl else float(number.get("x"))
        assert room >= 7 * len(number.text)


def test_the_word_of_the_pace_keeps_away_from_the_line_of_admissions():
    on_the_line = [(date(2024, 4, 20), 40), (date(2024, 5, 10), 52), (date(2024, 6, 5), 60)]
    placed = []
    for steps in ([(date(2024, 1, 2), 1)], on_the_line):
        wide = drawings(cumulative(**YEAR, steps=steps, target=172))[0]
        placed.append(next(float(each.get("x")) for each in wide.iter("text") if each.text == "Even pace"))
    assert placed[0] != placed[1]


def box(text):
    """Where lettering stands, about: left, top, right, bottom."""
    size = 20 if text.get("class") == "ch-now" else 12
    x, y, length = float(text.get("x")), float(text.get("y")), 0.55 * size * len(text.text)
    left = x - {"end": length, "middle": length / 2}.get(text.get("text-anchor"), 0)
    return left, y - 0.8 * size, left + length, y


def together(drawing, gap=0):
    """Words of a drawing that stand one over the other, or with less than the gap between them."""
    boxes = [(each.text, box(each)) for each in drawing.iter("text")]
    for at, (words, (left, top, right, bottom)) in enumerate(boxes):
        for others, other in boxes[at + 1 :]:
            beside = right + gap <= other[0] or other[2] + gap <= left
            if not (beside or bottom + gap <= other[1] or other[3] + gap <= top):
                yield words, others


@pytest.mark.parametrize("rtl", [False, True])
@pytest.mark.parametrize("month", range(2, 12))
def test_the_word_of_the_pace_keeps_away_from_the_present_number(month, rtl):
    today = date(2024, month, 28)
    steps = [(date(2024, 1, 20), 30), (date(2024, 2, 27), 39), (date(2024, 5, 20), 87), (date(2024, 6, 20), 89)]
    past = {**YEAR, "today": today, "steps": [one for one in steps if one[0] <= today], "past": True}
    ahead = [(date(2024, 9, 12), 400), (date(2024, 12, 20), 422)]
    for drawing in drawings(cumulative(**past, ahead=ahead, target=172, pace=85, rtl=rtl)):
        near = [words for words in together(drawing, gap=6) if "Even pace" in words]
        assert [words for words in near if any(word.isdigit() for word in words)] == []


@pytest.mark.parametrize("target", [12, 40])
def test_lettering_keeps_apart_where_admissions_have_just_begun(target):
    period = {"first": date(2024, 9, 1), "last": date(2025, 8, 31), "today": date(2024, 10, 31)}
    steps, ahead = [(date(2024, 9, 5), 1), (date(2024, 10, 20), 3)], [(date(2024, 11, 1), 6), (date(2025, 1, 2), 69)]
    for drawing in drawings(cumulative(**period, steps=steps, ahead=ahead, target=target, pace=2)):
        assert list(together(drawing)) == []


def test_without_anything_there_is_an_empty_drawing():
    wide, _narrow = drawings(cumulative(**YEAR, steps=[], target=None))
    words = [each.text for each in wide.iter("text")]
    assert "0" in words
    assert not any(word.startswith(("Target", "At most", "Even")) for word in words)


def test_in_arabic_time_runs_from_the_right_and_lettering_keeps_its_direction():
    left = drawings(cumulative(**YEAR, steps=STEPS, ahead=AHEAD, target=172, pace=143, rtl=False))[0]
    right = drawings(cumulative(**YEAR, steps=STEPS, ahead=AHEAD, target=172, pace=143, rtl=True))[0]
    assert numbers(right, "cx") == pytest.approx([790 - x for x in numbers(left, "cx")])
    assert right.get("direction") == "ltr"
    swapped = {"start": "end", "end": "start", "middle": "middle"}
    anchors = [each.get("text-anchor") for each in left.iter("text")]
    assert [each.get("text-anchor") for each in right.iter("text")] == [swapped[each] for each in anchors]


def test_the_reader_s_language_decides_the_direction():
    with translation.override("ar"):
        text = cumulative(**YEAR, steps=STEPS, target=172)
    assert numbers(drawings(text)[0], "cx")[0] < 790 / 2


@pytest.mark.parametrize(
    ("top", "expected"),
    [(1, [0, 1]), (3, [0, 1, 2, 3]), (4, [0, 2, 4]), (10, [0, 5, 10]), (172, [0, 50, 100, 150]), (850, [0, 500])],
)
def test_round_numbers(top, expected):
    assert round_numbers(top) == expected


def test_months_begin_also_in_a_period_that_does_not():
    begins = month_begins(date(2024, 1, 15), date(2024, 4, 1))
    assert begins == [date(2024, 1, 15), date(2024, 2, 1), date(2024, 3, 1)]


def test_a_term_names_years():
    days = {"first": date(2020, 8, 1), "last": date(2025, 7, 31), "today": date(2024, 10, 31)}
    wide, _narrow = drawings(cumulative(**days, steps=[(date(2021, 5, 1), 300)], target=850))
    words = {each.text for each in wide.iter("text")}
    assert {"2020", "2021", "2025"} <= words
    assert "Jan" not in words


def test_a_name_is_escaped():
    text = cumulative(**YEAR, steps=STEPS, target=172, name='"><script>')
    assert "<script>" not in text
    assert len(drawings(text)) == 2


def widths(text):
    return {each.get("class"): each.get("width") for each in drawings(text)[0].iter("rect")}


def test_a_bullet_is_scaled_to_its_own_target():
    shown = widths(bullet(admitted=4, possible=5, pace=5.8, target=7))
    assert shown["tone-result"] == f"{88 * 4 / 7:.2f}%"
    assert shown["tone-possible"] == f"{88 * 5 / 7:.2f}%"


def test_a_bullet_that_falls_short_says_so_in_signal_up_to_the_target():
    [drawing] = drawings(bullet(admitted=4, possible=5, pace=5.8, target=7))
    kinds = [each.get("class") for each in drawing.iter("line")]
    assert kinds == ["line-short", "tick-pace", "tick-target short"]
    assert drawing.findtext("title") == "4 of 7 admitted, at most 5"


def test_a_bullet_that_can_be_reached_is_quiet():
    [drawing] = drawings(bullet(admitted=6, possible=9, pace=7.5, target=9))
    assert [each.get("class") for each in drawing.iter("line")] == ["tick-pace", "tick-target"]


@pytest.mark.parametrize("target", [None, 0])
def test_a_bullet_without_target_has_no_ticks(target):
    [drawing] = drawings(bullet(admitted=2, possible=4, pace=0, target=target))
    assert list(drawing.iter("line")) == []
    assert widths(bullet(admitted=2, possible=4, pace=0, target=target))["tone-result"] == "44.00%"


def test_a_bullet_with_nothing_at_all():
    assert widths(bullet(admitted=0, possible=0, pace=None, target=None)) == {"tone-track": "0.00%"}


def test_far_beyond_the_target_the_bar_ends_at_the_border():
    assert widths(bullet(admitted=90, possible=90, pace=1, target=9))["tone-result"] == "100.00%"


def test_a_ladder_shares_its_length_and_leaves_out_what_is_nothing():
    [drawing] = drawings(ladder([("result", 130), ("step-2", 0), ("possible", 20), ("short", 50)]))
    pieces = [(each.get("class"), each.get("x"), each.get("width")) for each in drawing.iter("rect")]
    assert pieces == [
        ("piece tone-result", "0.00%", "65.00%"),
        ("piece tone-possible", "65.00%", "10.00%"),
        ("piece tone-short", "75.00%", "25.00%"),
    ]


def test_a_ladder_of_nothing_is_a_track():
    [drawing] = drawings(ladder([("result", 0)]))
    assert [each.get("class") for each in drawing.iter("rect")] == ["tone-track"]


def test_a_title_is_escaped():
    text = ladder([("result", 1)], title="<b>&")
    assert drawings(text)[0].findtext("title") == "<b>&"
