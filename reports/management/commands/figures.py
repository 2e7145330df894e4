"""`manage.py figures`: every figure of a unit, from a shell."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from collections.abc import Callable
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from foundation import clock
from foundation.days import parse_day
from foundation.web import asof
from membership.models import Organisation
from reports import asking
from reports.indicators import FIGURES, Ask, figures


class Command(BaseCommand):
    help = "Print every figure of a unit for a period, as at a day, as known on a moment."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """What may be asked."""
        parser.add_argument("--unit", metavar="CODE", help="by default the only unit of tier superior, else the root")
        parser.add_argument("--from", dest="first", metavar="DAY", help="by default the running term's first day")
        parser.add_argument("--to", dest="last", metavar="DAY", help="by default the running term's last day")
        parser.add_argument("--as-at", metavar="DAY", help="by default the office's today")
        parser.add_argument("--known-on", metavar="MOMENT", help="a day (its end) or a date-time in the office's zone")
        parser.add_argument("--format", choices=["table", "json"], default="table")

    def handle(self, **options: Any) -> None:
        """The figures are printed; a wrong argument ends with a sentence and exit status 1."""
        ask = self._ask(options)
        found = {code: None if number is None else _plain(number) for code, number in figures(ask).items()}
        if options["format"] == "json":
            self.stdout.write(json.dumps({**_head(ask), "figures": found}, ensure_ascii=False))
            return
        for name, said in _head(ask).items():
            self.stdout.write(f"{name:<10} {'–' if said is None else said}")
        for code, number in found.items():
            shown = "–" if number is None else str(number)
            self.stdout.write(f"{code:<48} {shown:>10}  {FIGURES[code].label}")

    def _ask(self, options: dict[str, Any]) -> Ask:
        as_at = _read("--as-at", parse_day, options["as_at"]) or clock.today()
        first, last = asking.term(as_at)
        first = _read("--from", parse_day, options["first"]) or first
        last = _read("--to", parse_day, options["last"]) or last
        if first > last:
            raise CommandError("--from is after --to.")
        known_on = _read("--known-on", asof.moment, options["known_on"])
        unit = self._unit(options["unit"], as_at)
        return Ask(user=None, unit=unit, first=first, last=last, as_at=as_at, known_on=known_on)

    def _unit(self, code: str | None, day: date) -> Organisation:
        unit = Organisation.objects.filter(code=code).first() if code else asking.head_office(day)
        if unit is None:
            raise CommandError(f"There is no unit with the code {code}." if code else f"No unit stands on {day}.")
        return unit


def _head(ask: Ask) -> dict[str, str | None]:
    known_on = timezone.localtime(ask.known_on).isoformat() if ask.known_on else None
    days = {"from": ask.first.isoformat(), "to": ask.last.isoformat(), "as_at": ask.as_at.isoformat()}
    return {"unit": ask.unit.code, **days, "known_on": known_on}


def _plain(number: Any) -> int | float:
    return number if isinstance(number, int) else float(number)


def _read(option: str, parse: Callable[[str], Any], text: str | None) -> Any:
    if text is None:
        return None
    try:
        return parse(text)
    except ValueError as error:
        raise CommandError(f"{option}: {error.args[0] if error.args else error}") from error
