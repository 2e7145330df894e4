"""Units: the list, one unit, and what suggestions and search find."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.core.exceptions import BadRequest, ValidationError
from django.db.models import Count, OuterRef, Q, Subquery
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from foundation import clock
from foundation.names import search_key
from foundation.statements import By, prepared
from foundation.tables import table_response
from foundation.web import asof, in_frame, page
from foundation.web.lists import ListForm
from membership import dependants, scope
from membership.declare import any_day, lists, shows, signed_in
from membership.forms.fields import SUGGESTIONS, UnitField, called, person_line, person_note, unit_line
from membership.forms.people import placed_under
from membership.lines import line_of, way
from membership.models import Appointment, Kind, Lineage, Organisation, Person, Position, Sector, Workplace
from membership.models.organisations import words_of
from membership.timeline import timeline_of

AT_ONCE = 6  # of each kind, while one types
SAID: list[Any] = []  # floors above add what a unit's page says of it today: a template and what it takes
SEARCHES: list[Any] = []  # floors above add (label, rows of a user, a text and how many) of what else may be found


class UnitsFilter(ListForm):
    """Units by name or code, kind and sector."""

    sorts = {"name": ("unit_sort",), "code": ("code",)}
    q = forms.CharField(label=_("Name or code"), required=False, max_length=100)
    kind = forms.ChoiceField(label=_("Kind"), required=False, choices=[("", _("Any")), *Kind.choices])
    sector = forms.ChoiceField(label=_("Sector"), required=False, choices=[("", _("Any")), *Sector.choices])


def found_units(user: Any, text: str) -> Any:
    """Units of the user whose name has each word, or whose code begins so, by name."""
    return Organisation.objects.visible_to(user).standing().named().called(text).order_by("unit_sort", "pk")


@lists(Organisation, "unit.read")
def units(request: HttpRequest) -> HttpResponseBase:
    """The units of the reader, under their parents' names; `switch` leads to the one unit that it means."""
    if words := request.GET.get("switch", "")[:100].strip():
        return _switched(request.user, words)
    form = UnitsFilter(request)
    text = form.cleaned_data["q"]
    rows = found_units(request.user, text) if text else Organisation.objects.visible_to(request.user).standing().named()
    for name in ("kind", "sector"):
        if value := form.cleaned_data[name]:
            rows = rows.filter(**{name: value})
    above = Position.objects.as_at(clock.today()).filter(organisation=OuterRef("parent"))
    rows = form.ordered(rows.annotate(above_name=Subquery(above.values("name")[:1])))
    if kind := form.file_kind("xlsx", "csv"):
        return _exported(request, rows, kind)
    kinds = {kind.value: Count("pk", filter=Q(kind=kind)) for kind in Kind}
    numbers = rows.aggregate(**kinds)
    count = sum(numbers.values())
    shown = form.page_of(rows, count)
    context = {"form": form, "rows": shown, "page": shown, "count": count, "kinds": numbers, "q": text}
    return page(request, "membership/units", context)


def _switched(user: Any, words: str) -> HttpResponse:
    """To the page of the unit that is called so; where there are several, or none, to the list with these words."""
    field = UnitField(capability="unit.read")
    field.for_user(user)
    try:
        unit = field.to_python(words)
    except ValidationError:
        unit = None
    return HttpResponseRedirect(unit.get_absolute_url() if unit else f"{reverse('units')}?{urlencode({'q': words})}")


def _exported(request: HttpRequest, rows: Any, kind: str) -> HttpResponseBase:
    headings = (_("Name"), _("Code"), _("Under"), _("Kind"), _("Sector"))
    values = (
        [one.name, one.code, one.above_name or "", one.get_kind_display(), one.get_sector_display()]
        for one in rows.iterator(chunk_size=1000)
    )
    return table_response(request, str(_("Units")), [str(heading) for heading in headings], values, kind)


@any_day
@shows(Organisation, "unit.read")
def unit(request: HttpRequest, one: Organisation) -> HttpResponse:
    """Everything about one cell or committee that the reader may see, as it stood on the day asked for."""
    asked, kept = asof.as_of(request), asof.query(request)
    day, known_on = asked.day, asked.moment
    position = _named(one, day, known_on)
    units = way(request.user, line_of(position.path, day, known_on), "unit.read") if position else []
    if units:
        in_frame(request, units=units)
    standing = Position.objects.as_at(day, known_on).filter(parent=one).order_by("sort_key")
    under = Position.objects.as_at(day, known_on).filter(parent=OuterRef("organisation"))
    below = under.order_by().values("parent").annotate(number=Count("pk")).values("number")
    children = list(standing.select_related("organisation").annotate(below=Subquery(below[:1]))[:500])
    may_read_names = scope.allows(request.user, "person.read", one) is not False
    context = {
        "unit": one,
        "position": position,
        "above": position.parent if position and position.parent else None,
        "children": children,
        "officers": Appointment.objects.in_force(day)
        .filter(organisation=one)
        .select_related("person")
        .by_rank()
        .order_by("rank", "pk"),
        "may_read_names": may_read_names,
        "says": _says(request, one, position) if position and not asked.is_past else [],
        "counts": list(
            _counts_then(request, one, asked) if asked.is_past else _counts(request, one, position, len(children))
        ),
        "names": _where_it_stood(one, position, request.user),
        **_lineage(one),
        "timeline": timeline_of(one, request.user),
        "urls": {
            "members": _members_url(one, kept) if may_read_names else "",
            "above": units[-2]["url"] if len(units) > 1 else "",  # above the reader's units there is no page for them
            "day": kept,
            "call": reverse("unit_call", args=[one.pk]) if scope.allows(request.user, "member.write", one) else "",
            "admin": _in_administration(one) if scope.allows(request.user, "unit.write", one) else "",
        },
    }
    return page(request, "membership/unit", context)


def _says(request: HttpRequest, one: Organisation, position: Position) -> list[dict[str, Any]]:
    return [said for say in SAID if (said := say(request, one, position))]


def _named(one: Organisation, day: date, known_on: datetime | None) -> Position | None:
    """Where it stood; it and the unit above it are called from now on as they were that day."""
    stood = Position.objects.as_at(day, known_on)
    above = stood.filter(organisation=OuterRef("parent")).values("name")
    found = stood.filter(organisation=one).select_related("parent").annotate(above_name=Subquery(above[:1]))
    if position := found.first():
        one.name = position.name  # type: ignore[attr-defined]
        if position.parent:
            position.parent.name = position.above_name
        if day == clock.today() and known_on is None:
            one.path_today = position.path
    return position


def _in_administration(one: Organisation) -> str:
    return reverse(f"admin:membership_{one.kind}_change", args=[one.pk])


def _members_url(one: Organisation, kept: str) -> str:
    return f"{reverse('members')}?unit={one.pk}{kept.replace('?', '&', 1)}"


def _counts_then(request: HttpRequest, one: Organisation, asked: asof.AsOfForm) -> Iterator[tuple[Any, int, str]]:
    """On another day than today its members alone are known, as the roster of that day lists them."""
    people = Person.objects.members(asked.day, asked.moment).filter(placed_under([one], asked.day, asked.moment))
    readable = scope.allows(request.user, "person.read", one) is not False
    if readable:
        people = people.in_reach_of(request.user)
    number = people.count()
    yield dependants.named("members").words(number), number, _members_url(one, asof.query(request)) if readable else ""


def _lineage(one: Organisation) -> dict[str, list[Lineage]]:
    """Units that it continues, and that continue it, by their names."""
    rows = list(Lineage.objects.filter(Q(successor=one) | Q(predecessor=one)).order_by("from_on", "pk"))
    named = _by_names({key for row in rows for key in (row.predecessor_id, row.successor_id)} - {one.pk})
    for row in rows:
        row.predecessor = named.get(row.predecessor_id, one)
        row.successor = named.get(row.successor_id, one)
    return {
        "continues": [row for row in rows if row.successor_id == one.pk],
        "continued_by": [row for row in rows if row.predecessor_id == one.pk],
    }


def _by_names(keys: set[int]) -> dict[int, Organisation]:
    """Units by their keys, each with its name of today, else its last."""
    return Organisation.objects.named().in_bulk(keys) if keys else {}


def _where_it_stood(one: Organisation, now: Position | None, user: Any) -> list[Position]:
    """Its positions, newest first; those under a unit the reader may not see know that (`elsewhere`)."""
    rows = list(Position.objects.so().filter(organisation=one).order_by("-valid_from"))
    above = {row.parent_id for row in rows if row.parent_id} if len(rows) > 1 else set()
    others = above - {now and now.parent_id}
    seen = (
        set(Organisation.objects.visible_to(user).filter(pk__in=others).values_list("pk", flat=True)) if others else ()
    )
    named = _by_names(above)
    for row in rows:
        row.elsewhere = row.parent_id in others and row.parent_id not in seen
        row.parent = named.get(row.parent_id)
    return rows


def _counts(
    request: HttpRequest, one: Organisation, position: Position | None, children: int
) -> Iterator[tuple[Any, int, str]]:
    """What hangs on the unit, where there is a list for this reader with all under it: label, number, address.

    `children`: the units that stand under it today; more may be to come.
    """
    day = clock.today()
    found = [(dependant, number, dependant.link(one)) for dependant, number in dependants.of(one, day)]
    listed = [dependant for dependant, _number, link in found if position and link and link != request.path]
    deep = dependants.totals(listed, position.path, day) if position else {}
    for dependant, number, link in found:
        if dependant in listed and dependant.rows is not None:
            number = deep.get(dependant.name, 0)
        if dependant.name == "children":
            number = children
        if number or dependant.name == "members":
            readable = position and scope.allows_at(request.user, dependant.reads, position.path) is not False
            yield dependant.words(number), number, link if dependant in listed and readable else ""


@signed_in()
def suggest_unit(request: HttpRequest) -> HttpResponse:
    """At most 20 lines for a field that finds units, from 2 letters; the field's text comes under its own name."""
    capability = request.GET.get("capability", "")
    if capability not in scope.CAPABILITIES or request.GET.get("kind", "") not in ("", *Kind.values):
        raise BadRequest
    field = UnitField(capability=capability, kind=request.GET.get("kind", ""))
    field.for_user(request.user)
    text = _typed(request)
    found = field.suggestions(text) if len(text) > 1 else []
    lines = [unit_line(one, one.above_name or "") for one in found]
    return page(request, "membership/suggestions", {"lines": lines})


@signed_in()
def suggest_person(request: HttpRequest) -> HttpResponse:
    """At most 20 people of the reader, from 2 letters."""
    text = _typed(request)
    near = request.GET.get("near", "0")
    if not (near.isascii() and near.isdigit() and len(near) < 19):
        raise BadRequest
    found = called(request.user, text, near=int(near) or None) if len(text) > 1 else []
    return page(request, "membership/suggestions", {"lines": [person_line(one) for one in found]})


def _typed(request: HttpRequest) -> str:
    name = request.GET.get("field", "q")
    return request.GET.get(name, request.GET.get("q", ""))[:300].strip()


class SearchForm(ListForm):
    """What the search box sends."""

    q = forms.CharField(label=_("Search"), required=False, max_length=100)


@signed_in()
def search(request: HttpRequest) -> HttpResponse:
    """People, units and workplaces the reader may see, best first; 20 of each, while one types six."""
    form = SearchForm(request)
    text, most = form.cleaned_data["q"].strip(), AT_ONCE if request.htmx else SUGGESTIONS  # type: ignore[attr-defined]
    groups = []
    if len(text) > 1:
        user, words = request.user, search_key(text)
        places = _workplaces(scope.reader(user), most, text=words)
        groups = [
            *[{"label": label, "rows": rows(user, text, most)} for label, rows in SEARCHES],
            {"label": _("People"), "rows": [_hit(one, person_note(one)) for one in called(user, text, most=most)]},
            {"label": _("Units"), "rows": [_hit(one, one.code) for one in _units_called(user, text, most)]},
            {"label": _("Workplaces"), "rows": [{"text": one.name, "note": one.code, "url": ""} for one in places]},
        ]
    groups = [{**group, "more": len(group["rows"]) >= most} for group in groups if group["rows"]]
    is_part = most == AT_ONCE and any(group["more"] for group in groups)
    return page(
        request,
        "membership/search",
        {"q": text, "groups": groups, "all_url": request.get_full_path() if is_part else ""},
    )


def _units_called(user: Any, text: str, most: int) -> list[Any]:
    words, code = words_of(text)
    found = _best_units(scope.reader(user), most, words=words, code=code)
    return [one for one in found if one.nearness == found[0].nearness]


@prepared
def _best_units(reader: By, most: int, *, words: list[str], code: str) -> Any:
    return Organisation.objects.visible_to(reader.value).named().best_called(words, code)[:most]


@prepared
def _workplaces(reader: By, most: int, *, text: str) -> Any:
    found = Workplace.objects.visible_to(reader.value).filter(search_key__found_within=text)
    return found.order_by("search_key", "pk")[:most]


def _hit(one: Any, note: str) -> dict[str, Any]:
    return {"text": str(one), "note": note, "url": one.get_absolute_url()}
