"""Lists: what to show, in which order and which page, all in the address and all from allowlists."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import BadRequest
from django.core.paginator import Page, Paginator
from django.db.models import F, Model, QuerySet
from django.db.models.expressions import OrderBy
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from foundation.web.pieces import key_of

PAGE_SIZE, LARGEST, MOST_PRINTED = 25, 200, 1_000
_LAST_PAGE = 10**9  # nobody has so many; a database counts no further than this times a page
HIDDEN: dict[str, Any] = {"required": False, "widget": forms.HiddenInput}
_NO_FILTERS = {"page", "page_size", "sort", "format", "columns", "as_at", "known_on"}


class ListForm(forms.Form):
    """The filters of a list as a GET form. `sorts`: key in the address -> fields; without a choice the order is
    `unsorted`, by default the first of them.
    """

    data: Any
    fields: dict[str, Any]
    sorts: Mapping[str, tuple[str | OrderBy, ...]] = {}
    unsorted = ""

    page = forms.IntegerField(label=_("Page"), min_value=1, **HIDDEN)
    page_size = forms.IntegerField(label=_("Rows on a page"), min_value=1, max_value=10**9, **HIDDEN)
    sort = forms.CharField(label=_("Order"), max_length=40, **HIDDEN)
    format = forms.ChoiceField(
        label=_("Format"), choices=[("", ""), ("xlsx", "xlsx"), ("csv", "csv"), ("print", "print")], **HIDDEN
    )

    def __init__(self, request: HttpRequest, **kwargs: Any):
        self.request = request
        super().__init__(request.GET, **kwargs)
        self.prepare()
        if set(request.GET) - set(self.fields) - {"as_at", "known_on"}:
            raise BadRequest(_("This address asks for something this list does not know."))
        if not self.is_valid():
            name, errors = next(iter(self.errors.items()))
            raise BadRequest(f"{self.fields[name].label}: {errors[0]}")
        if self.cleaned_data["sort"].removeprefix("-") not in {"", *self.sorts}:
            raise BadRequest(_("This list cannot be sorted by that."))

    def prepare(self) -> None:
        """Fields that depend on the reader; called before anything is checked."""

    def file_kind(self, *known: str) -> str:
        """The format asked for; empty: a page. Refused where the table cannot be had in it."""
        kind = self.cleaned_data["format"]
        if kind and kind not in known:
            raise BadRequest(_("This table does not come in that format. Choose XLSX or CSV."))
        return kind

    def narrow(self, rows: QuerySet) -> QuerySet:
        """The rows the filters leave; subclasses say how."""
        return rows

    def ordered(self, rows: QuerySet, by_index: bool = True) -> QuerySet:
        """In the order asked for; not `by_index`: where all rows are read anyway."""
        asked = self.order
        fields = self.sorts.get(asked.removeprefix("-"), ())
        if asked.startswith("-"):
            fields = tuple(map(_other_way, fields))
        if not by_index:
            fields = tuple(map(_by_no_index, fields))
        return rows.order_by(*fields, "pk") if fields else rows

    @property
    def order(self) -> str:
        """The order asked for, as the address writes it, else the one without a choice."""
        return self.cleaned_data["sort"] or self.unsorted or next(iter(self.sorts), "")

    @property
    def asked(self) -> Hashable:
        """What is asked for, as far as it decides a statement."""
        pages = {"page", "page_size"}
        return tuple((name, as_key(value)) for name, value in self.cleaned_data.items() if name not in pages)

    def page_chosen(self, chosen: Callable[[int, int], list[tuple[int, ...]]]) -> tuple[list[int], Page, list[int]]:
        """The keys of the page asked for, the page of them, and numbers over all rows.

        `chosen` answers the rows at these places: of each its key, how many there are in all, and those numbers; in one
        statement, since counting takes the database as long as choosing.
        """
        size, number = self._page_size, min(self.cleaned_data["page"] or 1, _LAST_PAGE)
        found = chosen(size * (number - 1), size * number)
        if not found and number > 1 and (first := chosen(0, 1)):
            number = -(-first[0][1] // size)
            found = chosen(size * (number - 1), size * number)
        _key, count, *numbers = found[0] if found else (0, 0)
        keys = [row[0] for row in found]
        pages = Paginator(keys, size)
        pages.count = count
        return keys, Page(keys, number if found else 1, pages), numbers

    @property
    def _page_size(self) -> int:
        return min(self.cleaned_data["page_size"] or PAGE_SIZE, LARGEST)

    def page_of(self, rows: Any, count: int | None = None) -> Page:
        """The page asked for, the last one where there are fewer; 25 rows, at most 200. `count` where it is known."""
        pages = Paginator(rows, self._page_size)
        if count is not None:
            pages.count = count
        return pages.get_page(self.cleaned_data["page"] or 1)

    @property
    def shown(self) -> Hashable:
        """All that the filters show, as far as it is not the same in one language."""
        fields = [
            (one.html_name, one.value(), list(getattr(one.field, "choices", ()))) for one in self.visible_fields()
        ]
        return self.request.path, self.request.GET.urlencode(), key_of([fields, self.chips])

    @property
    def choices(self) -> list[tuple[Any, dict[str, Any] | None]]:
        """Every filter but the search field, with its chip where it is set."""
        chips = {chip["name"]: chip for chip in self.chips}
        return [(field, chips.get(field.name)) for field in self.visible_fields() if field.name != "q"]

    @property
    def chips(self) -> list[dict[str, Any]]:
        """Filters that are set: name, label, value as words, and the address without it."""
        set_ones = []
        for name in self.changed_filters():
            words, label = self.words_of(name), self.fields[name].label
            set_ones.append({"name": name, "label": label, "value": words, "without": self.address(**{name: None})})
        return set_ones

    def words_of(self, name: str) -> Any:
        """What a filter is set to, in words."""
        value = self.cleaned_data[name]
        return dict(getattr(self.fields[name], "choices", ())).get(str(value), value)

    def changed_filters(self) -> list[str]:
        """Names of the filters that are set."""
        own = [name for name in self.fields if name not in _NO_FILTERS]
        return [name for name in own if self.cleaned_data.get(name) not in (None, "", False)]

    @property
    def unfiltered(self) -> str:
        """This list's address with no filter set."""
        return self.address(**dict.fromkeys(self.changed_filters()))

    def address(self, **changed: Any) -> str:
        """This list's address with other parameters; None takes one out; paging starts anew."""
        query = self.request.GET.copy()
        for name, value in {"page": None, **changed}.items():
            query.pop(name, None)
            if value is not None:
                query[name] = str(value)
        return f"?{query.urlencode()}" if query else self.request.path


def for_paper(rows: QuerySet) -> list[Any]:
    """All rows, for a list on paper; BadRequest where they are more than one prints."""
    found = list(rows[: MOST_PRINTED + 1])
    if len(found) > MOST_PRINTED:
        raise BadRequest(_("A list on paper has at most 1,000 rows. Choose fewer, for example by a filter."))
    return found


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows of a page that are read by their places: from the first to before the other."""

    read: Callable[[int, int], list[Any]]

    def __getitem__(self, places: slice) -> list[Any]:
        """The rows at these places."""
        return self.read(places.start, places.stop)


def in_places(keys: Iterable[int], rows: Iterable[Any]) -> list[Any]:
    """The rows in the order of these keys; what went in the moment between choosing and reading is left out."""
    by_key = {row.pk: row for row in rows}
    return [by_key[key] for key in keys if key in by_key]


def as_key(value: Any) -> Hashable:
    """A checked value, to be compared: a unit by its key and where it stands."""
    if isinstance(value, Model):
        return value.pk, getattr(value, "path", None)
    return tuple(map(as_key, value)) if isinstance(value, list) else value


def _by_no_index(field: str | OrderBy) -> str | OrderBy:
    """The same order of what is never empty, written as no index has it. PostgreSQL would begin with an index that has
    the order, as if it could stop after a page, and ask of each row in turn whether it belongs to the list.
    """
    if not isinstance(field, str):
        return field
    down = field.startswith("-")
    return OrderBy(F(field.removeprefix("-")), descending=down, nulls_first=not down or None, nulls_last=down or None)


def _other_way(field: str | OrderBy) -> str | OrderBy:
    """Downwards instead of upwards, or back; what is empty stays last."""
    if isinstance(field, str):
        return field.removeprefix("-") if field.startswith("-") else f"-{field}"
    return OrderBy(field.expression, descending=not field.descending, nulls_last=field.nulls_last)
