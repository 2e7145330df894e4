"""The few words of SVG the drawings are made of. Every value is escaped."""

from collections.abc import Iterable
from typing import Any

from django.utils.html import conditional_escape
from django.utils.safestring import SafeString


def attributes(values: dict[str, Any]) -> SafeString:
    """`name="value"` for each; underscores become hyphens, numbers are rounded to a tenth of a pixel."""
    shown = ((name.replace("_", "-"), number(value)) for name, value in values.items() if value is not None)
    return SafeString("".join(f' {name}="{conditional_escape(value)}"' for name, value in shown))


def number(value: Any) -> Any:
    """A number as short as a drawing needs it."""
    return f"{value:.1f}".removesuffix(".0") if isinstance(value, float) else value


def joined(parts: Iterable[SafeString]) -> SafeString:
    """All parts, one after the other."""
    return SafeString("".join(map(conditional_escape, parts)))


def element(tag: str, kind: str = "", **values: Any) -> SafeString:
    """An element without content, with its class."""
    return SafeString(f"<{tag}{attributes({'class': kind or None, **values})}/>")


def text(words: Any, x: float, y: float, kind: str, anchor: str = "start") -> SafeString:
    """A line of lettering; the style sheet gives it a halo of the page's colour, so that it can stand on lines."""
    placed = attributes({"x": x, "y": y, "class": kind, "text_anchor": anchor})
    return SafeString(f"<text{placed}>{conditional_escape(words)}</text>")


def line(x1: float, y1: float, x2: float, y2: float, kind: str, **values: Any) -> SafeString:
    """A straight line."""
    return element("line", kind, x1=x1, y1=y1, x2=x2, y2=y2, **values)


def path(points: Iterable[tuple[float, float]], kind: str, close: bool = False, **values: Any) -> SafeString:
    """A line through the points; closed, it can be filled."""
    drawn = "M" + "L".join(f"{number(float(x))} {number(float(y))}" for x, y in points) + ("Z" if close else "")
    return element("path", kind, d=drawn, **values)
