"""What a page of figures is asked for, all in the address: unit, period, group, day, what was known, tree."""

from __future__ import annotations

from datetime import date
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest
from django.utils.translation import gettext_lazy as _

from foundation import clock
from foundation.web import DayField
from foundation.web.asof import AsOfList
from reports import asking, places
from reports.indicators import Ask, Tree
from reports.models import Group, Period

LARGEST_KEY = 2**63 - 1
_HIDDEN = forms.HiddenInput  # the question stands in the address and in links, not in a form of filters


class AskForm(AsOfList):
    """The parameters every page of figures understands; anything unknown or malformed is refused (400)."""

    unit = forms.IntegerField(label=_("Unit"), required=False, min_value=1, max_value=LARGEST_KEY, widget=_HIDDEN)
    period = forms.CharField(label=_("Period"), required=False, max_length=20, widget=_HIDDEN)
    first = DayField(label=_("From"), required=False, widget=_HIDDEN)
    last = DayField(label=_("To"), required=False, widget=_HIDDEN)
    group = forms.ChoiceField(label=_("Group"), required=False, choices=Group.choices, widget=_HIDDEN)
    tree = forms.ChoiceField(label=_("Tree"), required=False, choices=[("", _("as at")), *Tree.choices], widget=_HIDDEN)

    def __init__(self, request: HttpRequest, **kwargs: Any):
        super().__init__(request, **kwargs)
        self.today = clock.today()
        self.which_tree: str = self.cleaned_data["tree"] or Tree.AS_AT
        self.days = self._days()

    def _days(self) -> tuple[date, date] | None:
        """First and last day asked for; None: nothing was said."""
        code, first, last = (self.cleaned_data[name] for name in ("period", "first", "last"))
        if code:
            if first or last:
                raise BadRequest(_("Ask for a period or for its days, not for both."))
            found = Period.objects.filter(code=code).values_list("first", "last").first()
            if found is None:
                raise BadRequest(_("There is no such period."))
            return found
        if not first and not last:
            return None
        if not first or not last or first > last:
            raise BadRequest(_("A period needs its first and its last day, in this order."))
        return first, last

    @property
    def tree_day(self) -> date:
        """The day on whose tree the unit is looked for."""
        return self.today if self.which_tree == Tree.OF_NOW else self.day

    def place(self, user: Any) -> places.Place:
        """The unit asked for, by default the reader's highest; 404 where it is none of the reader's on that day."""
        unit = self.cleaned_data["unit"] or places.home_unit(user, self.tree_day)
        known_on = None if self.which_tree == Tree.OF_NOW else self.moment
        found = places.place(user, unit, self.tree_day, known_on) if unit else None
        if found is None:
            raise Http404
        return found

    def ask(self, user: Any, place: places.Place) -> Ask:
        """The question; without a period that of the calendar year in which the as-at day lies."""
        first, last = self.days or asking.year(self.day)
        return Ask(
            user=user,
            unit=place.unit,
            first=first,
            last=last,
            as_at=self.day,
            known_on=self.moment,
            tree=self.which_tree,
            group=self.cleaned_data["group"],
            paths=place.paths,
        )

    def query(self, **changed: Any) -> str:
        """An address's query that asks the same but for these; paging, sorting and format are left out."""
        return urlencode({name: value for name, value in {**self._kept, **changed}.items() if value not in (None, "")})

    @cached_property
    def _kept(self) -> dict[str, str]:
        names = ("unit", "period", "first", "last", "group", "tree", "as_at", "known_on")
        return {name: self.request.GET[name] for name in names if self.request.GET.get(name)}
