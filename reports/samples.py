"""Invented people and days in every state that a component of the pages knows: what the living page shows."""

from __future__ import annotations

from collections.abc import Mapping
from copy import copy
from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

from crispy_forms.helper import FormHelper
from django import forms
from django.contrib.messages import INFO
from django.contrib.messages.storage.base import Message
from django.core.paginator import Paginator
from django.http import HttpRequest, QueryDict
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from foundation.days import format_day
from foundation.operation import StaleVersion
from foundation.web import DayField, NameField, NumberField, OperationForm
from foundation.web.lists import ListForm
from recruitment.rulebook import wording
from reports import charts
from reports.views.progress import PIECES

# Nobody is called so: texts that stand for what people enter.
PEOPLE = ("Trần Thị Ánh", "Bùi Văn Cường", "Nguyễn Thị Thanh Thương Huyền", "Đỗ Minh Khuê", "Lê Thị Ngọc Diễm")
UNITS = ("Chi bộ khu 2", "Phường Cộng Hòa", "Xã Sông Khoai", "Chi bộ 3", "Trường Cao đẳng Nông Lâm Đông Bắc")
PHONE = "0203 555 0142"
CLAUSES = ("24-QĐ/TW, 3.2.1", "01-HD/TW, 3.4a")
PAPERS = ("1-KNĐ", "2-KNĐ", "3-KNĐ", "4-KNĐ", "5B-KNĐ")
NUMBER = "85-QĐ/TU"
TEXTS = (*PEOPLE, *UNITS, *CLAUSES, *PAPERS, NUMBER)
TODAY = date(2024, 10, 31)


class SampleForm(OperationForm):
    """A field of every kind. It is sent nowhere."""

    submit = gettext_lazy("Save")
    name = NameField(label=gettext_lazy("Name"), help_text=gettext_lazy("As in the paper form."))
    day = DayField(label=gettext_lazy("On"))
    stage = forms.ChoiceField(label=gettext_lazy("Stage"), choices=list(wording.STAGES.items())[:4])
    number = NumberField(label=gettext_lazy("Present"), min_value=0, required=False)
    agreed = forms.BooleanField(label=gettext_lazy("Overdue"), required=False)
    note = forms.CharField(label=gettext_lazy("What was said"), required=False, widget=forms.Textarea({"rows": 2}))

    @property
    def helper(self) -> FormHelper:
        """Several forms stand on the page: each has its own name."""
        helper = super().helper
        helper.form_id, helper.form_method = f"form-{self.prefix}", "get"
        helper.attrs = {"novalidate": ""}
        return helper


class SampleFilter(ListForm):
    """Filters, one of them set."""

    sorts = {"name": ("name",), "day": ("day",)}
    q = forms.CharField(label=gettext_lazy("Name"), required=False)
    stage = forms.ChoiceField(label=gettext_lazy("Stage"), required=False, choices=list(wording.STAGES.items()))
    state = forms.ChoiceField(
        label=gettext_lazy("State"), required=False, choices=[("", gettext_lazy("Any")), *wording.STATES.items()]
    )


def everything(request: HttpRequest) -> dict[str, Any]:
    """The context of the living page."""
    return {
        "actions": actions(),
        "more": [{"label": _("Pause"), "url": "#", "icon": "pause-circle", "writes": True}],
        "tabs": tabs(),
        "figures": figures(),
        "ladder": charts.ladder([("result", 130), ("step-2", 5), ("step-3", 27), ("possible", 9), ("short", 1)]),
        "children": children(),
        "chart": chart(name="running"),
        "chart_over": chart(name="over", today=date(2024, 12, 31), ahead=()),
        "calls": calls(),
        "too_late": tally(),
        "form": filter_form(request),
        "columns": columns(),
        "rows": rows(),
        "page": Paginator(range(60), 25).get_page(2),
        "count": 60,
        "bulk": [{"name": "deed", "value": "call", "label": _("Note a call")}],
        "states": states(),
        "trackers": trackers(),
        "findings": findings(),
        "holds": [
            {"sentence": capfirst(str(wording.DETERMINED["starts_on"])), "clause": CLAUSES[0], "clause_url": "#"}
        ],
        "moves": moves(),
        "papers": papers(),
        "facts": facts(),
        "timeline": timeline(),
        "forms": sample_forms(),
        "first_step": {"label": _("New candidate"), "url": "#"},
        "toasts": [Message(INFO, _("Saved."), extra_tags="#")],
    }


def actions() -> list[dict[str, Any]]:
    """Every button of a page head."""
    return [
        {"label": _("Print"), "prints": True},
        {"label": _("Note a call"), "url": "#", "icon": "telephone"},
        {"label": _("Book a meeting"), "url": "#", "primary": True, "writes": True},
    ]


def tabs() -> list[dict[str, Any]]:
    """One that is open, two with their scores."""
    return [
        {"label": "2024", "url": "#", "current": True},
        {"label": "2020–2025", "url": "#", "score": "650/850"},
        {"label": "2023", "url": "#", "score": "0/0"},
    ]


def figures() -> list[dict[str, Any]]:
    """A figure of every tone, one that is not known."""
    tones: list[tuple[str, int | None, str]] = [
        ("result", 130, PIECES["admitted"] % 130),
        ("step-2", 5, PIECES["possible_decided"] % 5),
        ("step-3", 27, PIECES["possible_awaiting"] % 27),
        ("possible", 1, PIECES["possible_earlier"] % 1),
        ("", None, _("at most")),
        ("short", 1, _("short")),
    ]
    return [{"number": number, "label": label, "url": "#", "tone": tone} for tone, number, label in tones]


def children() -> list[dict[str, Any]]:
    """Rows that are short, without a source, on the way, beyond the target, and without one."""
    lines = ((4, 5, 7, date(2024, 11, 12)), (0, 0, 1, None), (6, 9, 9, date(2024, 12, 20)), (8, 8, 7, None))
    found = []
    for (admitted, ceiling, target, last), name in zip((*lines, (2, 3, None, None)), UNITS, strict=True):
        found.append({
            "name": name, "url": "#", "list_url": "#", "admitted": admitted, "target": target, "ceiling": ceiling,
            "short": None if target is None else max(0, target - ceiling), "last_day": last,
            "bullet": charts.bullet(admitted, ceiling, None if target is None else target * 0.83, target),
        })  # fmt: skip
    return found


def chart(name: str, today: date = TODAY, ahead: Any = ((date(2024, 11, 20), 150), (date(2024, 12, 20), 171))) -> Any:
    """The course of a year."""
    steps = [(date(2024, month, 19), 13 * month) for month in range(1, 11)]
    first, last = date(2024, 1, 1), date(2024, 12, 31)
    return charts.cumulative(
        first=first, last=last, today=today, steps=steps, ahead=ahead, target=172, pace=143.0, name=name
    )


def calls() -> list[dict[str, Any]]:
    """Whom to call."""
    last = format_day(date(2024, 11, 12))
    sentence = f"{_('%(number)s short.') % {'number': 2}} {_('Must move before %(day)s.') % {'day': last}}"
    return [
        {"name": PEOPLE[0], "url": "#", "phone": PHONE, "office": UNITS[1], "sentence": sentence},
        {"name": PEOPLE[2], "url": "", "phone": "", "office": UNITS[4], "sentence": sentence},
    ]


def tally() -> list[dict[str, Any]]:
    """Reasons with their numbers."""
    late = _("earliest %(day)s") % {"day": format_day(date(2025, 1, 14))}
    return [
        {"number": 14, "label": _("not yet of full age"), "url": "#", "note": late},
        {"number": 2, "label": _("papers are missing"), "url": ""},
    ]


def filter_form(request: HttpRequest) -> SampleFilter:
    """As if the address asked for a stage, sorted by name."""
    asked = copy(request)
    asked.GET = QueryDict("stage=dossier&sort=name")
    return SampleFilter(asked)


def columns() -> list[dict[str, Any]]:
    """A column of every kind; the first two sort."""
    labels = (_("Name"), _("Due"), _("Cell, committee"), _("Stage"), _("State"), _("Whose move"), _("Present"))
    kinds = ("person", "day", "clip", "pips", "state", "text", "number")
    keys = ("name", "day", *[""] * 5)
    return [{"label": label, "kind": kind, "key": key} for label, kind, key in zip(labels, kinds, keys, strict=True)]


def rows() -> list[dict[str, Any]]:
    """Rows with every kind of cell, full and empty."""
    found = []
    for number, (person, (state, words)) in enumerate(zip(PEOPLE, states(), strict=True)):
        when = [TODAY - timedelta(days=9), TODAY, TODAY + timedelta(days=90), None, TODAY][number]
        pips = ["done"] * number + ["now"] + ["ahead"] * (7 - number)
        cells: list[dict[str, Any]] = [
            {"kind": "person", "value": person, "url": "#"},
            {"kind": "day", "value": when, "late": number == 0, "later": number == 2},
            {"kind": "clip", "value": UNITS[3], "second": UNITS[4]},
            {"kind": "pips", "value": pips, "words": capfirst(str(wording.stage_title("dossier")))},
            {"kind": "state", "value": state, "words": words},
            {"kind": "time"} if number == 2 else {"kind": "text", "value": UNITS[1] if number else None, "second": ""},
            {"kind": "number", "value": 1200 * number},
        ]
        labelled = [{"label": column["label"], **cell} for column, cell in zip(columns(), cells, strict=True)]
        found.append({"pk": number, "url": "#", "name": person, "cells": labelled})
    return found


def states() -> list[tuple[str, str]]:
    """Words of state, each with its icon."""
    return [
        ("done", _("here")),
        ("waiting", _("waiting")),
        ("blocked", _("Not possible")),
        ("short", _("short")),
        ("late", _("Overdue")),
    ]


def trackers() -> list[list[dict[str, Any]]]:
    """On the way, with something that no longer holds, and off it."""
    titles = [wording.stage_title(code) for code in list(wording.STAGES)[:8]]
    on_the_way = [
        {"word": word, "state": "done" if at < 3 else "now" if at == 3 else "ahead", "key": at == 7,
         "day": date(2024, 5, 15) + timedelta(days=47 * at)}
        for at, word in enumerate(titles)
    ]  # fmt: skip
    off = [
        {**stage, "state": "done" if at < 2 else "out" if at == 2 else "never", "day": None}
        for at, stage in enumerate(on_the_way)
    ]
    anew = {1: "short", 2: "again"}
    again = [{**stage, "state": anew.get(at, stage["state"])} for at, stage in enumerate(on_the_way)]
    return [on_the_way, again, off]


def findings() -> list[dict[str, Any]]:
    """A finding in every state."""
    day = date(2024, 11, 20)
    known: Mapping[str, dict[str, Any]] = {
        "never": {}, "blocked": {}, "until": {"day": day}, "unknown": {}, "reminds": {}, "waived": {},
    }  # fmt: skip
    resolver = _("Resolved by: %(who)s.") % {"who": wording.RESOLVERS["grassroots"]}
    said = [wording.text_of_code(code, day, format_day) for code in ("no-class-planned", "class-ends")]
    return [
        {"state": state, **more, "sentence": said[at % 2], "resolver": resolver, "clause": CLAUSES[at % 2],
         "clause_url": "#" if at % 2 else ""}
        for at, (state, more) in enumerate(known.items())
    ]  # fmt: skip


def moves() -> list[dict[str, Any]]:
    """Ours, another's, and another's that is late."""
    sentence = _("Next step: %(step)s.") % {"step": wording.stage_title("cell_meeting")}
    one = {"who": UNITS[0], "who_url": "#", "sentence": sentence, "phone": PHONE}
    return [{**one, "ours": True}, {**one, "who_url": ""}, {**one, "late": True}]


def papers() -> list[dict[str, Any]]:
    """A paper in every state."""
    titles = [str(title) for title in wording.PAPERS.values()]
    how: tuple[dict[str, Any], ...] = (
        {"state": "done", "day": date(2024, 7, 10)}, {"state": "done"},
        {"state": "waiting", "day": date(2024, 11, 15)}, {"state": "missing", "url": "#"},
        {"state": "ahead", "url": "#"},
    )  # fmt: skip
    return [{"code": code, "title": title, **each} for code, title, each in zip(PAPERS, titles, how, strict=False)]


def facts() -> list[dict[str, Any]]:
    """Labels with a day, a link, a note, and a line that is left out."""
    return [
        {"label": _("Born on"), "day": date(1997, 4, 9)},
        {"label": _("Cell"), "value": UNITS[0], "url": "#", "note": UNITS[1]},
        {"label": _("Number"), "value": NUMBER},
        {"label": _("Residence"), "value": ""},
    ]


def timeline() -> list[dict[str, Any]]:
    """To come, changed, undone, and one that can be undone."""
    words, by = _("Note a call"), PEOPLE[3]
    return [
        {"day": date(2024, 11, 8), "sentence": _("Book a meeting"), "by": by, "waiting": True},
        {"day": TODAY, "sentence": words, "by": by, "recorded": TODAY, "note": NUMBER},
        {"day": TODAY, "sentence": words, "by": by, "changes": [(_("Residence"), UNITS[1], UNITS[2])]},
        {"day": TODAY, "sentence": words, "by": by, "undone": True},
    ]


def sample_forms() -> list[tuple[str, SampleForm]]:
    """A form as it comes, one with errors, one somebody stored meanwhile."""
    fresh = SampleForm(prefix="fresh")
    wrong = SampleForm({"wrong-name": "", "wrong-day": "31/02/2024", "wrong-stage": "nominated"}, prefix="wrong")
    wrong.is_valid()
    typed = {"name": PEOPLE[0], "day": "31/10/2024", "stage": "nominated", "note": UNITS[1]}
    stale = SampleForm({f"stale-{name}": text for name, text in typed.items()}, prefix="stale")
    stale.is_valid()
    stored = {**typed, "name": PEOPLE[4], "note": UNITS[2], "number": None, "agreed": False, "version": 2}
    stale.refuse(StaleVersion(SimpleNamespace(**stored)))  # type: ignore[arg-type]
    return [(_("As it comes"), fresh), (_("With errors"), wrong), (_("Saved by somebody else meanwhile"), stale)]
