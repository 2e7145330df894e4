"""Drawings made by the server: SVG from numbers and days, without style attributes or scripts, readable at 360 px."""

from reports.charts.bars import bullet, ladder
from reports.charts.course import cumulative

__all__ = ["bullet", "cumulative", "ladder"]
