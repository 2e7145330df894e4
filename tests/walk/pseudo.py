"""A language that is none: what is translated into every language stands between ⟦ and ⟧, and nothing else does.

It takes the place of Arabic, so pages are mirrored too. What is put into a text stands between ⟪ and ⟫.
"""

from __future__ import annotations

import contextlib
import io
import re
import zipfile
from collections.abc import Iterable, Iterator
from html.parser import HTMLParser
from typing import Any

from django.db import models
from django.http import HttpResponse
from django.utils.translation import trans_real

from foundation import names, words
from foundation.web import pieces
from recruitment.models import AdmissionStage, ProcedureVersion, Requirement
from tests.walk.town import NO_TEXT, models_of_ours

CODE = "ar"
OTHERS = ("vi",)
_PLACEHOLDER = re.compile(r"%\(\w+\)[#0\- +]*[a-z]|%[sd]|\{\w*\}")
_MARKS = re.compile("[⟦⟧⟪⟫]")
_OF_THE_PROGRAM = (ProcedureVersion, AdmissionStage, Requirement)  # their titles are texts to translate
_CITED = ("document", "clause", "documents")
_OF_SHEETS = re.compile(r"xl/(worksheets/|sharedStrings|comments)")
_DRAWN = re.compile(
    r"\b(?:[0-9A-F]{8}|(?:[0-9A-Z]{4}-){3}[0-9A-Z]{4})\b|https?://\S+"
)  # reference numbers, one-time codes, addresses
_ISOLATE = re.compile("\u2068[^\u2068\u2069]*\u2069")
_KEPT_TOGETHER = re.compile(r'<span class="nowrap">([^<]*)</span>')  # codes within a text
_CLOSES = {"⟧": "⟦", "⟫": "⟪"}


def marked(text: str) -> str:
    """The text between its marks, what will be put into it between others."""
    return f"⟦{_PLACEHOLDER.sub(lambda found: f'⟪{found[0]}⟫', text)}⟧"


def _forget() -> None:
    words.forget()
    pieces.forget()


@contextlib.contextmanager
def spoken() -> Iterator[None]:
    """Pages asked for in Arabic speak it for as long as the block."""
    others = [trans_real.DjangoTranslation(code)._catalog for code in OTHERS]  # type: ignore[attr-defined]
    ours = trans_real.DjangoTranslation(CODE)
    for catalogue in ours._catalog._catalogs:  # type: ignore[attr-defined]
        for key in [key for key in catalogue if key != ""]:
            known = (key[0], 0) if isinstance(key, tuple) else key
            if catalogue[key] and all(known in other for other in others):
                catalogue[key] = marked(catalogue[key])
            else:
                del catalogue[key]
    before = trans_real._translations.get(CODE)  # type: ignore[attr-defined]
    _forget()
    trans_real._translations[CODE] = ours  # type: ignore[attr-defined]
    try:
        yield
    finally:
        _forget()
        trans_real._translations.pop(CODE)  # type: ignore[attr-defined]
        if before:
            trans_real._translations[CODE] = before  # type: ignore[attr-defined]


def outside(text: str) -> list[str]:
    """The pieces that stand in no translated text; ValueError where marks do not match."""
    pieces, stack, at = [], ["⟫"], 0
    for mark in _MARKS.finditer(text):
        if stack[-1] != "⟦":
            pieces.append(text[at : mark.start()])
        at = mark.end()
        if mark[0] in "⟦⟪":
            stack.append(mark[0])
        elif stack.pop() != _CLOSES[mark[0]]:
            raise ValueError(text[max(0, at - 80) : at])
    if len(stack) > 1:
        raise ValueError(text)
    return [*pieces, text[at:]]


class Seen(HTMLParser):
    """What of a page people read or hear: `flow`, the text of the page in its order, and `said`, its attributes."""

    ATTRIBUTES = ("aria-label", "aria-description", "aria-valuetext", "aria-roledescription", "placeholder", "alt",
                  "title", "label", "data-label", "data-text")  # fmt: skip
    UNREAD = ("script", "style", "template", "kbd", "code")
    VOID = ("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "use", "wbr")

    def __init__(self, page: str):
        super().__init__()
        self.flow, self.said, self.unread = "", [], []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag, attrs):
        has = dict(attrs)
        own = has.get("lang", CODE) != CODE  # it says itself which language it is in
        if tag not in self.VOID and (self.unread or own or tag in self.UNREAD):
            self.unread.append(tag)
        self.flow += " "
        if not self.unread:
            self.said += [has[name] for name in self.ATTRIBUTES if has.get(name)]
            if tag == "input" and has.get("type") in ("submit", "button", "reset"):
                self.said.append(has.get("value") or "")

    def handle_endtag(self, tag):
        if self.unread and self.unread[-1] == tag:
            self.unread.pop()
        self.flow += " "

    def handle_data(self, data):
        if not self.unread:
            self.flow += data


class Mixed(HTMLParser):
    """`adrift`: blocks of a page in which a name stands in translated text without a direction of its own."""

    BLOCKS = ("title", "option", "p", "li", "dd", "dt", "td", "th", "h1", "h2", "h3", "summary", "legend", "button")
    ISOLATING = ("bdi", "textarea", "script", "style", "select")

    def __init__(self, page: str, name: re.Pattern[str]):
        super().__init__()
        self.name, self.adrift, self.open, self.isolated = name, [], [], []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag, attrs):
        has = dict(attrs)
        self.adrift += [has[name] for name in Seen.ATTRIBUTES if self._is_adrift(has.get(name) or "", self.name)]
        if tag in self.ISOLATING or (has.get("dir") and tag not in ("html", *Seen.VOID)):
            self.isolated.append(tag)
        if tag in self.BLOCKS:
            self.open.append([tag, "", False])

    def handle_endtag(self, tag):
        if self.isolated and self.isolated[-1] == tag:
            self.isolated.pop()
        if self.open and self.open[-1][0] == tag:
            _tag, text, named = self.open.pop()
            if named and "⟦" in text:
                self.adrift.append(" ".join(text.split()))

    def handle_data(self, data):
        if self.open:
            self.open[-1][1] += data
            self.open[-1][2] |= not self.isolated and bool(self.name.search(_ISOLATE.sub("", data)))

    @staticmethod
    def _is_adrift(text: str, name: re.Pattern[str]) -> bool:
        return "⟦" in text and bool(name.search(_ISOLATE.sub("", text)))


class Data:
    """What people entered: every text of the database that is no code of the program."""

    def __init__(self, also: Iterable[str] = ()):
        found = {text for model in models_of_ours() for text in _texts(model)} | set(also)
        told = sorted({names.clean(text) for text in found if text}, key=len, reverse=True)
        self.pattern = re.compile("|".join(rf"(?<!\w){re.escape(text)}(?!\w)" for text in told))

    def without(self, text: str) -> str:
        """The letters that are left when what people entered is taken out."""
        left = _DRAWN.sub(" ", self.pattern.sub(" ", " ".join(text.split())))
        return " ".join(re.sub(r"[\W\d_]+", " ", left).split())


def _texts(model: type[models.Model]) -> Iterator[str]:
    for one in model._meta.concrete_fields:
        typed = isinstance(one, models.CharField | models.TextField) and not one.choices and one.name not in NO_TEXT
        if one.name in _CITED or (typed and model not in _OF_THE_PROGRAM):
            for value in model._base_manager.values_list(one.name, flat=True):
                yield from _within(value)


def _within(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, list | tuple):
        for one in value:
            yield from _within(one)


def untranslated(answer: HttpResponse, data: Data) -> list[str]:
    """Each text of a page, a sheet or a file of commas that is neither translated nor data."""
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    if body.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(body)) as sheet:
            texts = [Seen(sheet.read(name).decode()).flow for name in sheet.namelist() if _OF_SHEETS.match(name)]
            texts += re.findall(r'<sheet name="([^"]*)"', sheet.read("xl/workbook.xml").decode())
    elif "html" in answer.headers.get("Content-Type", ""):
        seen = Seen(_KEPT_TOGETHER.sub(r"\1", body.decode()))
        texts = [seen.flow, *seen.said]
    else:
        texts = [body.decode()]
    return [left for text in texts for piece in outside(text) if (left := data.without(piece))]
