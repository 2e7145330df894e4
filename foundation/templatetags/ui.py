"""What templates need beyond Django's own tags: icons, days, names and numbers as the reader writes them.

To change one parameter of the address, use Django's `{% querystring page=2 %}`.
"""

import re
from datetime import date, datetime
from functools import lru_cache
from html import escape
from typing import Any

from django import template
from django.core.paginator import Page
from django.templatetags.static import static
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString
from django.utils.timezone import localtime
from django.utils.translation import get_language_bidi

from foundation.numbers import format_number
from foundation.web import pieces
from foundation.words import enumerated, isolated

register = template.Library()

# Icons that point somewhere; the others (ticks, clocks, telephones, magnifiers) are never mirrored.
POINTING = {"arrow-90deg-left", "arrow-left", "arrow-right", "box-arrow-right", "chevron-left", "chevron-right", "send"}

_MARKS = ("", *".,:;،؛")  # what never begins a line
_CODE = re.compile(r"\b\d+[A-Z]?-[A-ZĐ]{2,}\w*(?:/[A-ZĐ]\w*)?")


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """One icon of scripts/icons.txt in the colour of the text; without `label` it is hidden from screen readers."""
    return _icon(name, str(label))


@lru_cache(maxsize=1000)
def _icon(name: str, label: str) -> SafeString:
    kind = "icon flip" if name in POINTING else "icon"
    said = format_html('role="img" aria-label="{}"', label) if label else SafeString('aria-hidden="true"')
    sprite = static("vendor/icons/sprite.svg")
    return format_html('<svg class="{}" {}><use href="{}#{}"/></svg>', kind, said, sprite, name)


@register.simple_tag(takes_context=True)
def kept(context: template.Context, name: str) -> SafeString:
    """A piece of the frame, kept from page to page: an include that sees `frame`, `csrf_token` and `here` alone."""
    return pieces.of_frame(name, context)


@register.simple_tag
def piece(name: str, **values: Any) -> SafeString:
    """A part of a page, kept from page to page while it shows the same: an include that sees these values alone."""
    return pieces.of_values(name, values)


@register.simple_tag(takes_context=True)
def pager(context: template.Context, page: Page, order: Any = "") -> SafeString:
    """Which rows of a list these are, and the way to the others; `order` in words, optional."""
    rows = {"count": page.paginator.count, "first": page.start_index(), "last": page.end_index()}
    values = {**rows, "pages": page.paginator.num_pages, "number": page.number, "order": str(order)}
    return pieces.of_address("components/pager.html", context["request"], values)


@register.simple_tag
def list_piece(name: str, form: Any, **values: Any) -> SafeString:
    """A part of a list that its address decides, and these values."""
    return pieces.of_list(name, form, values)


@register.simple_tag
def filters(form: Any, search_words: Any = "") -> SafeString:
    """What components/filters.html shows of a list's form, kept from page to page."""
    return pieces.of_filters(form, search_words)


@register.simple_tag
def day(value: date | datetime | None, short: bool = False) -> SafeString:
    """Day/month/year (`short`: day/month), with the time where there is one; a date that is not known is a dash."""
    if value is None or value == "":
        return SafeString("–")
    if isinstance(value, datetime):
        value = localtime(value) if value.tzinfo else value
        shown, machine = f"{value:%d/%m/%Y %H:%M}", value.isoformat(timespec="seconds")
    else:
        shown, machine = f"{value:%d/%m}" if short else f"{value:%d/%m/%Y}", value.isoformat()
    direction = ' dir="ltr"' if get_language_bidi() else ""
    return SafeString(f'<time datetime="{machine}"{direction}>{shown}</time>')


@register.simple_tag
def name(person: Any) -> SafeString:
    """A person's or a unit's name, isolated for direction; nobody is a dash."""
    return SafeString(f"<bdi>{codes(str(person))}</bdi>" if person else "–")


def escaped(value: Any) -> str:
    """As Django's `conditional_escape`; quick for plain text, which most of a list is."""
    return escape(value) if type(value) is str else conditional_escape(value)


@register.filter
def codes(text: Any) -> SafeString:
    """The text with its codes of papers and documents (2-KNĐ, 24-QĐ/TW) each kept on one line."""
    shown = escaped(text)
    return SafeString(_CODE.sub(r'<span class="nowrap">\g<0></span>', shown) if "-" in shown else shown)


@register.filter
def unsaid(field: Any) -> SafeString:
    """The field's help, without the sentences its errors say already."""
    text = escaped(field.help_text)
    for error in field.errors:
        text = text.replace(escaped(error), "")
    return SafeString(text.strip())


@register.filter
def parts(names: str) -> SafeString:
    """Names one behind the other, a cell and its committee, each on one line, where a line is long enough for it."""
    shown = (f'<span class="whole">{codes(name)}</span>' for name in re.split(r"(?<=,) ", names))
    return SafeString(f"<bdi>{' '.join(shown)}</bdi>")


@register.simple_tag
def whole(text: Any, named: Any) -> SafeString:  # no filter: those fail where nobody is named
    """The sentence with a person's name, and the mark behind it, on one line, where a line is long enough for it."""
    shown, kept = escaped(str(text)), escaped(str(named or ""))
    before, found, after = shown.partition(kept) if kept else (shown, "", "")
    if not found:
        return SafeString(shown)
    before, after = before.removesuffix("\u2068"), after.removeprefix("\u2069")  # the element isolates
    mark = after[:1] if after[:1] in _MARKS else ""
    return SafeString(f'{before}<span class="whole"><bdi>{kept}</bdi>{mark}</span>{after[len(mark) :]}')


@register.simple_tag
def written(value: Any) -> SafeString:
    """A value of a table as it is read: a day as a day, a text isolated for direction, nothing as nothing."""
    if isinstance(value, date):
        return day(value)
    return SafeString("") if value is None or value == "" else name(value)


register.filter("number", format_number)
register.filter("isolated", isolated)
register.filter("enumerated", enumerated)
