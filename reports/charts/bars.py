"""Bars without lettering: they stretch with their place and are mirrored by the style sheet (`.flip`)."""

from collections.abc import Sequence

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from foundation.numbers import format_number
from foundation.words import said_once
from reports.charts.svg import element, joined

TARGET_AT = 88.0  # per cent of the width: what goes beyond the target still finds room


def percent(value: float) -> str:
    """A place or a length within 0 and 100 per cent."""
    return f"{max(0.0, min(100.0, value)):.2f}%"


@said_once
def ladder(pieces: Sequence[tuple[str, int]], title: str = "") -> SafeString:
    """One bar of all pieces (tone, number), in their order; tones: result, step-2, step-3, possible, short, track."""
    whole = sum(count for _tone, count in pieces)
    drawn, begun = [], 0
    for tone, count in pieces:
        if count > 0:
            place = {"x": percent(100 * begun / whole), "width": percent(100 * count / whole)}
            drawn.append(element("rect", f"piece tone-{tone}", y="0", height="20", **place))
            begun += count
    if not drawn:
        drawn = [element("rect", "tone-track", x="0", y="0", width="100%", height="20")]
    return format_html(
        '<svg class="ladder-bar flip" role="img" height="20"><title>{}</title>{}</svg>',
        title or _("Where the target stands"),
        joined(drawn),
    )


@said_once
def bullet(admitted: int, possible: int | None, pace: float | None, target: int | None) -> SafeString:
    """Admitted (bar), still possible in all (band), even pace (thin tick), target (thick tick); short in signal.

    Scaled to the row's own target, so that the targets of several rows stand in one line; without a target to what is
    possible. What passes the border of the drawing ends there.
    """
    possible = max(admitted, possible or 0)
    unit = TARGET_AT / (target or possible or 1)
    short = bool(target) and possible < target  # type: ignore[operator]
    drawn = [element("rect", "tone-track", x="0", y="4", width=percent(unit * (target or possible)), height="10")]
    if possible:
        drawn.append(element("rect", "tone-possible", x="0", y="4", width=percent(unit * possible), height="10"))
    if admitted:
        drawn.append(element("rect", "tone-result", x="0", y="6", width=percent(unit * admitted), height="6"))
    if short:
        drawn.append(_level(percent(unit * possible), percent(TARGET_AT)))
    if pace and target:
        drawn.append(_tick(percent(unit * pace), "tick-pace", "3", "15", "1"))
    if target:
        drawn.append(_tick(percent(TARGET_AT), "tick-target short" if short else "tick-target", "1", "17", "2"))
    title = _bullet_words(admitted, possible, target)
    return format_html(
        '<svg class="bullet flip" role="img" height="18"><title>{}</title>{}</svg>', title, joined(drawn)
    )


def _bullet_words(admitted: int, possible: int, target: int | None) -> str:
    given = {"admitted": admitted, "target": target, "possible": possible}
    values = {name: format_number(value) for name, value in given.items()}
    if not target:
        return _("%(admitted)s admitted, at most %(possible)s; no target") % values
    return _("%(admitted)s of %(target)s admitted, at most %(possible)s") % values


def _level(begin: str, end: str) -> SafeString:
    return element("line", "line-short", x1=begin, x2=end, y1="9", y2="9", stroke_width="1")


def _tick(at: str, kind: str, top: str, bottom: str, thickness: str) -> SafeString:
    return element("line", kind, x1=at, x2=at, y1=top, y2=bottom, stroke_width=thickness)
