"""Logs: one line an event, so that no typed line break can forge another."""

import logging


class OneLine(logging.Formatter):
    """Time, level, logger, message; line breaks and control characters are written as escapes."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s %(message)s")

    def format(self, record: logging.LogRecord) -> str:
        """The record as printable text on one line."""
        text = super().format(record)
        return "".join(char if char.isprintable() else char.encode("unicode_escape").decode() for char in text)
