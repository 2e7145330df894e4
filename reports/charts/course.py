"""The course of a period: admissions so far, what is still possible, pace and target, in two sizes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language_bidi, ngettext, pgettext
from django.utils.translation import gettext as _

from foundation.numbers import format_number
from foundation.words import said_once
from reports.charts import svg

Steps = Sequence[tuple[date, int]]
NEAR = 16  # lettering closer than this many pixels would touch


@dataclass(frozen=True, slots=True)
class Size:
    """One drawing: its measures and the room its lettering needs."""

    name: str
    width: int
    height: int
    start: int
    end: int
    top: int
    bottom: int
    every: int  # each month, or every second one, is named


WIDE = Size("wide", 790, 420, start=36, end=112, top=40, bottom=28, every=1)
NARROW = Size("narrow", 358, 236, start=32, end=8, top=34, bottom=26, every=2)
DIGIT = 7.5  # at most so wide is a digit of the axis


@said_once
def cumulative(
    *,
    first: date,
    last: date,
    today: date,
    steps: Steps,
    ahead: Steps = (),
    target: int | None = None,
    pace: float | None = None,
    rtl: bool | None = None,
    name: str = "course",
    past: bool = False,
) -> SafeString:
    """Both drawings, one after the other; the style sheet shows the one that fits.

    `steps`: (day, admissions from the period's first day to this day), ascending, no day after `today`.
    `ahead`: (day, most admissions possible by then), ascending; its last number is the ceiling.
    `pace`: what an even pace would have reached by `today`. `last` belongs to the period.
    `rtl`: whether time runs from the right; by default as the reader's language. `past`: seen from a later day.
    """
    rtl = get_language_bidi() if rtl is None else rtl
    about = (first, last, today, steps, ahead, target, pace, rtl, name, past)
    drawings = [Course(size, *about) for size in (WIDE, NARROW)]
    return svg.joined(drawing.drawn() for drawing in drawings)


@dataclass(frozen=True)
class Course:
    """One drawing of the course. Places are counted from inline start; `x` mirrors them."""

    size: Size
    first: date
    last: date
    today: date
    steps: Steps
    ahead: Steps
    target: int | None
    pace: float | None
    rtl: bool
    name: str
    past: bool

    @property
    def now(self) -> int:
        """Admissions so far."""
        return self.steps[-1][1] if self.steps else 0

    @property
    def ceiling(self) -> int | None:
        """The most that is still possible; None where nothing lies ahead."""
        return self.ahead[-1][1] if self.ahead else None

    @property
    def running(self) -> bool:
        """The period has begun and not ended."""
        return self.first <= self.today < self.last

    @property
    def low(self) -> bool:
        """The admissions lie so near the axis that there is no room for lettering between."""
        return self.y(0) - self.y(self.now) < 46

    @property
    def top(self) -> int:
        """The largest number to be shown, at least 1."""
        return max(self.target or 0, self.ceiling or 0, self.now, 1)

    @cached_property
    def start(self) -> float:
        """Where the plot begins: beside the widest number of the axis."""
        widest = max(len(format_number(value)) for value in round_numbers(self.top))
        return max(self.size.start, widest * DIGIT + 10)

    def x(self, place: float) -> float:
        """From inline start."""
        return float(self.size.width - place if self.rtl else place)

    def at(self, day: date) -> float:
        """Where a day begins, from inline start; never outside the plot."""
        share = (day - self.first).days / ((self.last - self.first).days + 1)
        room = self.size.width - self.start - self.size.end
        return self.start + room * min(1.0, max(0.0, share))

    def y(self, value: float) -> float:
        """Height of a number."""
        room = self.size.height - self.size.top - self.size.bottom
        return self.size.height - self.size.bottom - room * value / self.top

    def anchor(self, which: str) -> str:
        """`start` or `end`, as the reader reads."""
        return {"start": "end", "end": "start"}.get(which, which) if self.rtl else which

    def write(self, words: str, place: float, y: float, kind: str, anchor: str = "start") -> SafeString:
        """A line of lettering, `place` from inline start."""
        return svg.text(words, self.x(place), y, kind, self.anchor(anchor))

    @property
    def end(self) -> date:
        """The day after the period."""
        return self.last + timedelta(days=1)

    @property
    def until(self) -> float:
        """How far the line of admissions goes, from inline start."""
        return self.at(self.today if self.running else self.end)

    def drawn(self) -> SafeString:
        """The whole drawing."""
        title, words = f"{self.name}-{self.size.name}-title", f"{self.name}-{self.size.name}-words"
        parts = [*self.grid(), *self.possible(), *self.result(), *self.even_pace(), *self.goal(), *self.present()]
        return format_html(
            '<svg class="chart-{}" viewBox="0 0 {} {}" direction="ltr" role="img" aria-labelledby="{} {}">'
            '<title id="{}">{}</title><desc id="{}">{}</desc>{}</svg>',
            self.size.name,
            self.size.width,
            self.size.height,
            title,
            words,
            title,
            _("Admissions, cumulative"),
            words,
            self.description(),
            svg.joined(parts),
        )

    def description(self) -> str:
        """What the drawing shows, in sentences."""
        so_far = ngettext("%(number)s admission so far.", "%(number)s admissions so far.", self.now)
        said = [so_far % {"number": format_number(self.now)}]
        if self.target:
            said.append(_("Target %(number)s.") % {"number": format_number(self.target)})
        if self.ceiling is not None:
            said.append(_("At most %(number)s.") % {"number": format_number(self.ceiling)})
        return " ".join(said)

    def grid(self) -> list[SafeString]:
        """Up to four lines at round numbers, and the names of the months or years."""
        start, end = self.x(self.start), self.x(self.size.width - self.size.end)
        drawn = []
        for value in round_numbers(self.top):
            kind = "ch-grid" if value else "ch-axis"
            drawn.append(svg.line(start, self.y(value), end, self.y(value), kind, stroke_width="1"))
            drawn.append(self.write(format_number(value), self.start - 8, self.y(value) + 4, "ch-label", "end"))
        for place, words in self.months():
            drawn.append(self.write(words, place, self.size.height - 8, "ch-label", "middle"))
        return drawn

    def months(self) -> list[tuple[float, str]]:
        """The middle of each named month; of each year, where the period is longer than 14 months."""
        begins = month_begins(self.first, self.end)
        if len(begins) > 14:
            begins = [day for day in begins if day.month == 1 or day == begins[0]]
            words, every = [str(day.year) for day in begins], 1
        else:
            words, every = [month_word(day.month) for day in begins], self.size.every
        ends = [*begins[1:], self.end]
        named = [((self.at(a) + self.at(b)) / 2, word) for a, b, word in zip(begins, ends, words, strict=True)]
        return named[::every]

    def staircase(self, steps: Steps, begin: tuple[float, int], until: float) -> list[tuple[float, float]]:
        """Points of a line that rises on each day of `steps`, from (place, number) to the place `until`."""
        points, height = [(self.x(begin[0]), self.y(begin[1]))], begin[1]
        for day, value in steps:
            place = min(max(self.at(day), begin[0]), until)
            points += [(self.x(place), self.y(height)), (self.x(place), self.y(value))]
            height = value
        return [*points, (self.x(until), self.y(height))]

    def result(self) -> list[SafeString]:
        """Admissions so far: a step line, filled beneath."""
        line = self.staircase(self.steps, (self.start, 0), self.until)
        ground = [(line[-1][0], self.y(0)), (line[0][0], self.y(0))]
        drawn = svg.path(line, "ch-result", stroke_width="2.5", stroke_linejoin="round")
        return [svg.path([*line, *ground], "ch-area", close=True), drawn]

    def possible(self) -> list[SafeString]:
        """What could still happen: a band with a dashed edge, and its end's number."""
        if self.ceiling is None or not self.running:
            return []
        end = self.at(self.end)
        line = self.staircase(self.ahead, (self.until, self.now), end)
        ground = [(line[-1][0], self.y(self.now)), (line[0][0], self.y(self.now))]
        words = _("At most %(number)s") % {"number": format_number(self.ceiling)}
        if self.size is WIDE:
            label = self.write(words, end + 8, self.y(self.ceiling) + 4, "ch-accent")
        else:
            near = self.target and abs(self.y(self.target) - self.y(self.ceiling)) < NEAR
            height = min(self.y(self.ceiling), self.y(self.target)) if near and self.target else self.y(self.ceiling)
            label = self.write(words, end, height - 8, "ch-accent", "end")
        edge = svg.path(line, "ch-ceiling", stroke_width="1.5", stroke_dasharray="4 3")
        return [svg.path([*line, *ground], "ch-band", close=True), edge, label]

    def even_pace(self) -> list[SafeString]:
        """A dotted line from nothing to the target."""
        if not self.target:
            return []
        start, end = self.start, self.at(self.end)
        look = {"stroke_width": "1.25", "stroke_dasharray": "2 3"}
        drawn = svg.line(self.x(start), self.y(0), self.x(end), self.y(self.target), "ch-pace", **look)
        share = max((0.36, 0.2, 0.5, 0.64, 0.78), key=self.room_below_pace)
        height = self.pace_at(share) + 22
        if height + 6 > self.y(0):  # no room under the line anywhere
            free = (
                one for one in (0.5, 0.36, 0.2) if not self.near_number(start + (end - start) * one, self.pace_at(one))
            )
            share = next(free, 0.5)
            height = self.pace_at(share) - 8
        words = self.write(_("Even pace"), start + (end - start) * share, height, "ch-label")
        return [drawn, words]

    def pace_at(self, share: float) -> float:
        """Height of the pace after that share of the period."""
        return self.y((self.target or 0) * share)

    def room_below_pace(self, share: float) -> float:
        """How far the line of admissions stays from lettering there, in pixels."""
        begin = self.start + (self.at(self.end) - self.start) * share
        heights = [self.y(self.reached(begin + offset)) for offset in (0, 20, 40, 60)]
        middle = self.pace_at(share) + 18
        if middle + 10 > self.y(0) or self.near_number(begin, middle):
            return 0  # it would stand on the axis, or read as if it belonged to the number
        return min(30, max(0, min(heights) - middle, middle - max(heights)))

    @cached_property
    def number(self) -> tuple[bool, float, float]:
        """The present number: whether it stands before today, where it begins or ends, and its height."""
        place, height, wide = self.until, self.y(self.now), self.size is WIDE
        late = place > self.size.width - self.size.end - (100 if wide else 46)
        lowest = max(height, self.y(self.reached(place - 48))) if late else height
        below = min(lowest + 22, self.y(0) - (40 if wide else 24))
        return late, place - 10 if late else place + 9, below

    def near_number(self, begin: float, middle: float) -> bool:
        """Whether a word that begins there would be read together with the present number and what stands under it."""
        late, beside, below = self.number
        length = 13 * len(format_number(self.now)) + 30
        first, last = (beside - length, beside) if late else (beside, beside + length)
        return begin < last and begin + 66 > first and below - 26 < middle < below + (40 if self.size is WIDE else 22)

    def reached(self, place: float) -> int:
        """Admissions up to the day that stands at `place`."""
        return next((value for day, value in reversed(self.steps) if self.at(day) <= place), 0)

    def goal(self) -> list[SafeString]:
        """The target: a line with its number at inline start, at its end where the present number is in the way."""
        if not self.target:
            return []
        height = self.y(self.target)
        start, end = self.x(self.start), self.x(self.at(self.end))
        drawn = svg.line(start, height, end, height, "ch-target", stroke_width="1.5")
        words = _("Target %(number)s") % {"number": format_number(self.target)}
        if self.low and self.running and self.until < self.start + 100 and self.y(0) - height < 80:
            return [drawn, self.write(words, self.at(self.end), height - 8, "ch-strong", "end")]
        return [drawn, self.write(words, self.start + 2, height - 8, "ch-strong")]

    def present(self) -> list[SafeString]:
        """Today, and where we stand; where the period is over, its result."""
        place, height, drawn = self.until, self.y(self.now), []
        if self.running:
            drawn.append(
                svg.line(self.x(place), self.y(self.top), self.x(place), self.y(0), "ch-today", stroke_width="1")
            )
            early = place < self.start + 100
            day = f"{self.today:%d/%m}"
            words = day if self.past else _("Today %(day)s") % {"day": day}
            beside = place + 6 if early else place - 6
            height_of_day = self.y(self.top) + 14 if self.low else self.y(0) - 8
            drawn.append(self.write(words, beside, height_of_day, "ch-label", "start" if early else "end"))
        drawn.append(svg.element("circle", "ch-dot", cx=self.x(place), cy=height, r="4.5", stroke_width="2"))
        late, beside, below = self.number
        anchor, said = "end" if late else "start", format_number(self.now)
        drawn.append(self.write(said, beside, below, "ch-now", anchor))
        if self.running and self.target and self.pace is not None and self.size is WIDE:
            if self.low and not late:  # on the line of the number
                drawn.append(self.write(self.against_pace(), beside + 13 * len(said) + 6, below, "ch-label", anchor))
            else:
                drawn.append(self.write(self.against_pace(), beside, below + 18, "ch-label", anchor))
        return drawn

    def against_pace(self) -> str:
        """How many ahead of or behind an even pace."""
        difference = round(self.now - (self.pace or 0))
        if difference == 0:
            return _("on pace")
        ahead = ngettext("%(number)s ahead of pace", "%(number)s ahead of pace", difference)
        behind = ngettext("%(number)s behind pace", "%(number)s behind pace", -difference)
        return (ahead if difference > 0 else behind) % {"number": format_number(abs(difference))}


def round_numbers(top: int) -> list[int]:
    """0 and up to three round numbers not above `top`."""
    step = next(m * 10**e for e in range(12) for m in (1, 2, 5) if top // (m * 10**e) <= 3)
    return list(range(0, top + 1, step))


def month_begins(first: date, end: date) -> list[date]:
    """`first` and the first day of each later month before `end`."""
    days = [first]
    while (day := (days[-1].replace(day=1) + timedelta(days=32)).replace(day=1)) < end:
        days.append(day)
    return days


def month_word(month: int) -> str:
    """A month as short as an axis wants it."""
    return (
        pgettext("month on an axis", "Jan"), pgettext("month on an axis", "Feb"), pgettext("month on an axis", "Mar"),
        pgettext("month on an axis", "Apr"), pgettext("month on an axis", "May"), pgettext("month on an axis", "Jun"),
        pgettext("month on an axis", "Jul"), pgettext("month on an axis", "Aug"), pgettext("month on an axis", "Sep"),
        pgettext("month on an axis", "Oct"), pgettext("month on an axis", "Nov"), pgettext("month on an axis", "Dec"),
    )[month - 1]  # fmt: skip
