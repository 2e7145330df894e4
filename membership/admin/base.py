"""Admin pages that show rows and offer operations: nothing is edited field by field, nothing is deleted."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import Any

from django.contrib import messages
from django.contrib.admin import ModelAdmin, ShowFacets, SimpleListFilter, display, helpers
from django.contrib.admin.views.main import ChangeList
from django.core.exceptions import BadRequest
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from foundation.names import search_key
from foundation.numbers import format_number, western_digits
from foundation.operation import OperationRefused, StaleVersion, Submission, rehearse
from membership import scope
from membership.admin.forms import AdminForm, Preview
from membership.declare import Declaration
from membership.models import Organisation
from membership.timeline import WORDS

PAGE_SIZE, AT_ONCE = 50, 500
_ORDER = re.compile(r"-?\d{1,2}(\.-?\d{1,2}){0,9}")
_NUMBER = re.compile(r"\d{1,9}")


def yes(value: Any) -> Any:
    """A true or false value, in words that stand alone."""
    return capfirst(_("yes") if value else _("no"))


def yes_or_no(name: str, label: Any) -> Any:
    """A column that says a true or false field in words."""

    @display(description=label, ordering=name)
    def column(row: Any) -> Any:
        return _("yes") if getattr(row, name) else _("no")

    return column


class CountedList(ChangeList):
    """A changelist whose page of rows is completed by a fixed number of queries."""

    def get_results(self, request: HttpRequest) -> None:
        """The rows of the page, each with what the admin adds to it."""
        super().get_results(request)
        self.result_list = list(self.result_list)
        owner: Any = self.model_admin
        owner.complete(request, self.result_list)


class Choice(SimpleListFilter):
    """A filter by one of some values; any other value in the address is refused."""

    choices_of: Any = ()

    def lookups(self, request: HttpRequest, model_admin: Any) -> Any:
        """The values, in words."""
        found = list(getattr(self.choices_of, "choices", self.choices_of))
        if self.value() is not None and self.value() not in {str(value) for value, _words in found}:
            raise BadRequest
        return [(value, capfirst(words)) for value, words in found]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        """Rows with the value."""
        return queryset.filter(**{str(self.parameter_name): self.value()}) if self.value() else queryset


class ByUnit(SimpleListFilter):
    """Rows of one unit: set by links, shown where it is set; a unit that is not the reader's is not found."""

    title = _("unit")
    parameter_name = "unit"
    field = "organisation"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Any:
        """The unit that was asked for."""
        if (value := self.value()) is None:
            return []
        if not _NUMBER.fullmatch(value):
            raise BadRequest
        unit = Organisation.objects.visible_to(request.user).filter(pk=value).first()
        if unit is None:
            raise Http404
        return [(value, str(unit))]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        """Rows of the unit."""
        return queryset.filter(**{self.field: self.value()}) if self.value() else queryset


class OperationAdmin(ModelAdmin):
    """Rows the reader administers, found and filtered by allowlists; every change is an operation with a preview."""

    capability = "unit.write"
    change_list_template = "admin/membership/list.html"
    change_template = "admin/membership/row.html"
    search_fields = ("search_key",)  # shows the box; `found` does the work
    list_per_page = PAGE_SIZE
    list_max_show_all = 200
    show_full_result_count = False
    show_facets = ShowFacets.NEVER
    actions_selection_counter = True
    never_deleted: Any = _("What has a history is never deleted.")

    # Who -----------------------------------------------------------------------------------------------------------

    def may(self, request: HttpRequest) -> bool:
        """Whether the reader administers any such rows."""
        return request.user.is_staff and scope.may(request.user, self.capability)

    def has_module_permission(self, request: HttpRequest) -> bool:
        """As `may`."""
        return self.may(request)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """As `may`; which rows is in the queryset."""
        return self.may(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Never: operations found."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Never: operations change."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Never."""
        return False

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        """Rows the reader administers."""
        return self.rows(request.user)

    def rows(self, user: Any) -> QuerySet:
        """Rows the user administers."""
        return self.model.objects.visible_to(user, self.capability)

    # Lists ---------------------------------------------------------------------------------------------------------

    def get_changelist(self, request: HttpRequest, **_kwargs: Any) -> type[ChangeList]:
        """With `complete`."""
        return CountedList

    def complete(self, request: HttpRequest, rows: list[Any]) -> None:
        """What the columns need beyond the query, for all rows of a page at once."""

    def get_search_results(self, request: HttpRequest, queryset: QuerySet, search_term: str) -> tuple[QuerySet, bool]:
        """Rows that have every word, without regard to marks."""
        for word in search_key(search_term[:100]).split()[:8]:
            queryset = self.found(queryset, word, western_digits(search_term).strip())
        return queryset, False

    def found(self, rows: QuerySet, word: str, text: str) -> QuerySet:
        """Rows that have the word; `text` is all that was typed."""
        return rows.filter(search_key__found_within=word)

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """The list; an address that asks for what it does not offer is refused."""
        if request.method not in ("GET", "HEAD", "POST"):
            return HttpResponseNotAllowed(["GET", "HEAD", "POST"])
        self._refuse_unknown(request)
        if "index" in request.POST and not request.POST.getlist(helpers.ACTION_CHECKBOX_NAME):
            messages.warning(request, _("Choose at least one row first."))
            return HttpResponseRedirect(request.get_full_path())
        context = {
            "title": capfirst(self.opts.verbose_name_plural), "tools": self.tools(request),
            "never_deleted": self.never_deleted, **(extra_context or {}),
        }  # fmt: skip
        answer = super().changelist_view(request, context)
        if isinstance(answer, HttpResponseRedirect) and answer.url.endswith("?e=1"):
            raise BadRequest
        return answer

    changelist_view.declaration = Declaration("admin", methods=("GET", "HEAD", "POST"))  # type: ignore[attr-defined]

    def get_action_choices(self, request: HttpRequest, default_choices: Any = None) -> Any:
        """Nothing chosen is the dash of every other list of ours."""
        return super().get_action_choices(request, [("", "—")])

    def tools(self, request: HttpRequest) -> list[tuple[Any, str]]:
        """Buttons above the list: what can be founded here, as (words, address)."""
        return []

    def _refuse_unknown(self, request: HttpRequest) -> None:
        asked = request.GET
        names = {one.parameter_name for one in self.get_list_filter(request)}  # type: ignore[union-attr]
        if set(asked) - names - {"q", "p", "o", "all"}:
            raise BadRequest(_("This address asks for something this list does not know."))
        if asked.get("o") and not _ORDER.fullmatch(asked["o"]):
            raise BadRequest(_("This list cannot be sorted by that."))
        if asked.get("p") and not _NUMBER.fullmatch(asked["p"]):
            raise BadRequest

    def response_action(self, request: HttpRequest, queryset: QuerySet, *rest: Any) -> HttpResponse | None:
        """An action on the chosen rows; one row among them that is not the reader's, and all are refused."""
        chosen = set(request.POST.getlist(helpers.ACTION_CHECKBOX_NAME))
        if not all(_NUMBER.fullmatch(one) for one in chosen) or len(chosen) > AT_ONCE:
            raise BadRequest
        if self.rows(request.user).filter(pk__in=chosen).count() != len(chosen):
            raise Http404
        if not any(request.POST.getlist("action")):
            messages.warning(request, _("Choose first what is to be done with the rows."))
            return None
        return super().response_action(request, queryset, *rest)

    # Addresses -----------------------------------------------------------------------------------------------------

    def get_urls(self) -> list[Any]:
        """The list, a row's page, and the operations; nothing of Django's own editing."""
        return [
            path("", self.admin_site.admin_view(self.changelist_view), name=self.url_name("changelist")),
            *self.own_urls(),
            self.on_row("", self.change_view, "change", methods=("GET", "HEAD")),
        ]

    def own_urls(self) -> list[Any]:
        """Addresses of the operations."""
        return []

    def url_name(self, what: str) -> str:
        """The name of an address of this model, as Django's admin forms it."""
        return f"{self.opts.app_label}_{self.opts.model_name}_{what}"

    def address(self, what: str, *args: Any) -> str:
        """An address of this model."""
        return reverse(f"admin:{self.url_name(what)}", args=args)

    def at_all(self, route: str, view: Callable[..., HttpResponse], name: str, *methods: str) -> Any:
        """An address of the list: `view(request)`."""
        return self._path(route, lambda request: view(request), name, methods or ("GET", "HEAD", "POST"))

    def on_row(self, route: str, view: Callable[..., HttpResponse], name: str, methods: Sequence[str] = ()) -> Any:
        """An address of one row: `view(request, row)`; 404 where the row is missing or not the reader's."""

        def run(request: HttpRequest, pk: int) -> HttpResponse:
            if pk > 2**63 - 1 or not (row := self.get_queryset(request).filter(pk=pk).first()):
                raise Http404
            return view(request, row)

        return self._path(f"<int:pk>/{route}", run, name, tuple(methods) or ("GET", "HEAD", "POST"))

    def _path(self, route: str, view: Callable[..., HttpResponse], name: str, methods: tuple[str, ...]) -> Any:
        def run(request: HttpRequest, **kwargs: Any) -> HttpResponse:
            if request.method not in methods:
                return HttpResponseNotAllowed(methods)
            if not self.may(request):
                raise Http404
            return view(request, **kwargs)

        run.declaration = Declaration("admin", self.model, self.capability, methods)  # type: ignore[attr-defined]
        run.__name__ = name
        return path(route, self.admin_site.admin_view(run), name=self.url_name(name))

    # A row ---------------------------------------------------------------------------------------------------------

    def change_view(self, request: HttpRequest, row: Any) -> HttpResponse:  # type: ignore[override]
        """All about one row, with its operations and its timeline."""
        return self.page(request, self.change_template, {"title": str(row), "row": row, **self.about(request, row)})

    def about(self, request: HttpRequest, row: Any) -> dict[str, Any]:
        """What the row's page shows: `facts` [(label, value)], `tools` [(words, address)], `timeline`."""
        return {}

    def page(self, request: HttpRequest, template: str, context: dict[str, Any], status: int = 200) -> HttpResponse:
        """A page of the admin."""
        shared = {**self.admin_site.each_context(request), "opts": self.opts, "never_deleted": self.never_deleted}
        return TemplateResponse(request, template, {**shared, **context}, status=status)

    def named(self, row: Any) -> str:
        """The row in words, where an operation names what it is about."""
        return str(row)

    # Operations ----------------------------------------------------------------------------------------------------

    def run(
        self,
        request: HttpRequest,
        form_class: type[AdminForm],
        operation: Callable[..., Any],
        *,
        title: Any,
        each: Iterable[Any] = (),
        of: str = "",
        message: Any = "",
        back: str = "",
        then: Callable[[Any], str] | None = None,
        initial: dict[str, Any] | None = None,
        **fixed: Any,
    ) -> HttpResponse:
        """The form; what will change, once the calls were rehearsed; then one call a row of `each`, or one call. A
        refusal shows the form again.

        `of` names the operation's argument that takes the row; `then` gives the address after a single call.
        """
        rows = list(each)
        stage = "edit" if "_resumed" in request.POST else request.POST.get("stage", "")
        form = form_class(request.POST if stage else None, user=request.user, rows=rows, initial=initial)
        context = {
            "title": title, "form": form, "stage": "form", "rows": [self.named(row) for row in rows], "selected": [],
            "back": back or self.address("changelist"),
        }  # fmt: skip
        if request.POST.get("action"):
            context |= {"action": request.POST["action"], "selected": [row.pk for row in rows]}
        if stage in ("preview", "do") and form.is_valid():
            call = partial(rehearse, operation) if stage == "preview" else operation
            refused: dict[Any, list[Any]] = {}
            try:
                if len(rows) > 1:
                    result, refused = None, self._each(request, form, call, rows, of, fixed)
                else:
                    arguments = {**form.arguments, **fixed, **({of: rows[0]} if of else {})}
                    result = call(form.submission(request.user), **arguments)
            except OperationRefused as refusal:
                form.refuse(refusal)
            else:
                if stage == "preview":
                    form.rows = [row for row in rows if row not in refused]
                    preview = Preview() if rows and not form.rows else form.preview()
                    context |= {"stage": "preview", "preview": preview, "refused": self._named(refused)}
                    context |= {"left": len(rows) - len(refused)}
                elif len(rows) > 1:
                    return self._outcome(request, refused, context)
                else:
                    done = WORDS.get(operation.operation_name, title)  # type: ignore[attr-defined]
                    told = _("Recorded for %(row)s: %(what)s.") if rows else _("Recorded: %(what)s.")
                    messages.success(request, message or told % {"what": done, "row": "".join(context["rows"])})
                    return HttpResponseRedirect(then(result) if then else context["back"])
        return self.page(request, "admin/operation.html", context, status=form.status)

    def _each(
        self, request: HttpRequest, form: AdminForm, operation: Any, rows: list[Any], of: str, fixed: Any
    ) -> dict[Any, list[Any]]:
        """One call a row, each with its own key and version: rows that are refused, with the reasons."""
        refused: dict[Any, list[Any]] = {}
        for row in rows:
            try:
                operation(self._submission(request, form, row), **{**form.arguments, **fixed, of: row})
            except StaleVersion:
                refused[row] = [_("Somebody changed it meanwhile. Look at it, then do it again.")]
            except OperationRefused as refusal:
                refused[row] = refusal.messages
        return refused

    def _named(self, refused: dict[Any, list[Any]]) -> list[tuple[str, list[Any]]]:
        return [(self.named(row), why) for row, why in refused.items()]

    def _outcome(self, request: HttpRequest, refused: dict[Any, list[Any]], context: dict[str, Any]) -> HttpResponse:
        """What was refused is listed, the rest stays done."""
        done = len(context["rows"]) - len(refused)
        if not refused:
            said = ngettext("Recorded for %(number)s row.", "Recorded for %(number)s rows.", done)
            messages.success(request, said % {"number": format_number(done)})
            return HttpResponseRedirect(context["back"])
        context |= {"stage": "outcome", "refused": self._named(refused), "done": done}
        return self.page(request, "admin/operation.html", context, status=422)

    def _submission(self, request: HttpRequest, form: AdminForm, row: Any) -> Submission:
        given = form.submission(request.user)
        key = uuid.uuid5(given.key, str(row.pk)) if given.key else None
        return Submission(given.actor, given.reason, form.versions.get(str(row.pk)), key)
