"""The register of members: roster, a person, and what happens to a membership."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from django.db.models import Count, OuterRef, Subquery, Window
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from foundation import clock
from foundation.operation import OperationRefused, Submission
from foundation.statements import By, prepared
from foundation.tables import table_response
from foundation.web import done, in_frame, page
from foundation.web.lists import in_places
from foundation.words import isolated
from membership import policy, scope
from membership.declare import acts_on, any_day, lists, shows
from membership.forms import people as forms
from membership.lines import path_of, way
from membership.models import (
    MEMBER,
    Appointment,
    MassMembership,
    MembershipStatus,
    Occupation,
    Organisation,
    Person,
    Placement,
    PlacementKind,
    Precision,
    Status,
)
from membership.models.organisations import names_of_unit
from membership.operations import people as operations
from membership.timeline import timeline_of


def in_words(people: Any, day: date, known_on: datetime | None = None) -> Any:
    """People with `place` (names of cell and committee), `status` and `status_since` as of `day`."""
    status = MembershipStatus.objects.as_at(day, known_on).filter(person=OuterRef("pk"), status__in=MEMBER)
    placed = Placement.objects.as_at(day, known_on).filter(person=OuterRef("pk"), kind=PlacementKind.OFFICIAL)
    return people.annotate(
        status=Subquery(status.values("status")[:1]),
        status_since=Subquery(status.values("valid_from")[:1]),
        place=Subquery(placed.values_list(names_of_unit("cell", day, known_on))[:1]),
    )


@any_day
@lists(Person, "person.read")
def members(request: HttpRequest) -> HttpResponseBase:
    """The roster: found by name without marks, exact marks first; filters; export."""
    form = forms.MembersFilter(request)
    in_frame(request, as_at=form.day, known_on=form.moment)
    if kind := form.file_kind("xlsx", "csv"):
        return _exported(request, form, kind)
    by = scope.reader(request.user), By(form.asked, form)
    keys, shown, _numbers = form.page_chosen(lambda first, after: _chosen(*by, first, after))
    context = {
        "form": form,
        "rows": in_places(keys, _of_page(form.day, form.moment, keys=keys)),
        "page": shown,
        "count": shown.paginator.count,
        "unit": form.one_unit,
        "as_at": form.day,
        "may_write": scope.may(request.user, "member.write"),
        "may_export": scope.may(request.user, "export"),
        "may_import": scope.may(request.user, scope.IMPORTS),
        "urls": {"new": reverse("member_new"), "receive": reverse("member_receive"), "import": reverse("imports")},
    }
    return page(request, "membership/members", context)


def _listed(user: Any, form: forms.MembersFilter) -> Any:
    """Members of the form's day whom the user may read today, and who fit."""
    return form.narrow(Person.objects.in_reach_of(user).members(form.day, form.moment))


@prepared
def _chosen(reader: By, asked: By, first: int, after: int) -> Any:
    """Those at these places, by their keys; with how many there are in all."""
    listed = asked.value.ordered(_listed(reader.value, asked.value), by_index=False)
    return listed.annotate(all_of_them=Window(Count("pk"))).values_list("pk", "all_of_them")[first:after]


@prepared
def _of_page(day: date, known_on: datetime | None, *, keys: list[int]) -> Any:
    """Those of a page, put into words."""
    return in_words(Person.objects.filter(pk__in=keys), day, known_on)


def _exported(request: HttpRequest, form: forms.MembersFilter, kind: str) -> HttpResponseBase:
    scope.authorise(request.user, "export", [])
    theirs = _listed(request.user, form).in_reach_of(request.user, "export")  # a right to read is none to export
    rows = form.ordered(in_words(theirs, form.day, form.moment))
    headings = (_("Name"), _("Sex"), _("Born on"), _("Cell"), _("Committee"), _("Status"), _("Since"))
    values = (
        [p.full_name, p.get_sex_display(), _born(p), *(p.place or (None, None)), _status_word(p.status), p.status_since]
        for p in rows.iterator(chunk_size=1000)
    )
    return table_response(request, str(_("Members")), [str(heading) for heading in headings], values, kind)


def _born(person: Person) -> Any:
    """A day where the day is known, else the month or year as text."""
    if person.born_precision == Precision.DAY:
        return person.born_on
    return forms.BirthField().prepare_value((person.born_on, person.born_precision))


def _status_word(status: str) -> Any:
    return Status(status).label


@shows(Person, "person.read")
def person(request: HttpRequest, one: Person) -> HttpResponse:
    """Everything about one person that the reader may see."""
    unit = one.permission_unit()
    units = _in_frame_of(request, unit)
    return page(
        request,
        "membership/person",
        {
            "person": one,
            "cell": unit,
            "above": units[-2] if len(units) > 1 else None,
            "facts": [
                (forms.PersonFields.base_fields[name].label, _shown(request.user, one, name, unit))
                for name in forms.PERSON_FIELDS
                if name != "full_name"
            ],
            "statuses": MembershipStatus.objects.so().filter(person=one).order_by("-valid_from"),
            "placements": Placement.objects.so().filter(person=one).select_related("cell").order_by("-valid_from"),
            "occupations": Occupation.objects.so()
            .filter(person=one)
            .select_related("workplace")
            .order_by("-valid_from"),
            "mass": MassMembership.objects.so().filter(person=one).select_related("body").order_by("-valid_from"),
            "timeline": timeline_of(one, request.user),
            "may_write": scope.allows(request.user, "member.write", unit) is not False,
            "reads_restricted": policy.reads_restricted(request.user, unit),
            "is_member": Person.objects.members().filter(pk=one.pk).exists(),
        },
    )


def _in_frame_of(request: HttpRequest, unit: Organisation | None) -> list[dict[str, str]]:
    """The frame shows the person's cell; also the answer."""
    units = way(request.user, path_of(unit), "person.read") if unit else []
    in_frame(request, units=units)
    return units


def _shown(user: Any, one: Person, name: str, unit: Organisation | None) -> Any:
    if name == "born_on":
        return forms.BirthField().prepare_value((one.born_on, one.born_precision))
    if name == "identity_number":  # whole only on the page that records the look
        return isolated(policy.FIELDS[name].mask(one.identity_number))
    value = policy.shown(user, one, name, unit)
    display = getattr(one, f"get_{name}_display", None)
    return capfirst(display()) if display and value == getattr(one, name) else value


def write(
    request: HttpRequest,
    form: Any,
    run: Any,
    title: Any,
    said: Any,
    back: str,
    consequences: Any = (),
    named: Person | Organisation | None = None,
    button: Any = "",
) -> HttpResponse:
    """The form of an operation, and the operation when the form is right. The `button` is by default the title.

    The frame of the page shows the unit that is `named`, or the cell of the person who is.
    """
    form.submit = button or title
    if hasattr(form, "narrow_to"):
        form.narrow_to(request.user)
    if request.method == "POST" and form.is_valid():
        try:
            return done(request, run(form), said)
        except OperationRefused as refusal:
            form.refuse(refusal)
    if named:
        _in_frame_of(request, named.permission_unit())
    context = {"form": form, "title": title, "named": named, "back": back, "consequences": list(consequences)}
    return page(request, "membership/operation", context, status=form.status)


@lists(Person, "member.write", "POST")
def register(request: HttpRequest) -> HttpResponse:
    """A member into the register."""
    form = forms.MemberForm(request.POST or None)
    return write(
        request,
        form,
        lambda f: operations.register_member(f.submission(request.user), **f.arguments),
        _("Register a member"),
        _("The member is registered."),
        reverse("members"),
    )


@lists(Person, "member.write", "POST")
def receive(request: HttpRequest) -> HttpResponse:
    """A member from an organisation outside."""
    form = forms.ReceiveForm(request.POST or None)
    return write(
        request,
        form,
        lambda f: operations.receive_member(f.submission(request.user), **f.arguments),
        _("Receive a member"),
        _("The member is received."),
        reverse("members"),
    )


@acts_on(Person, "member.write", read="person.read")
def describe(request: HttpRequest, one: Person) -> HttpResponse:
    """The person's description."""
    restricted = policy.reads_restricted(request.user, one.permission_unit())
    initial = forms.described(one) | {"version": one.version}
    form = forms.DescribeForm(request.POST or None, initial=initial, reads_restricted=restricted)
    return write(
        request,
        form,
        lambda f: (
            one
            if f.is_as_stored()
            else operations.describe_person(f.submission(request.user), person=one, **f.arguments)
        ),
        _("Correct %(person)s") % {"person": one},
        _("Saved."),
        one.get_absolute_url(),
        named=one,
    )


_STEPS = {
    "place": (forms.PlaceForm, operations.place_member, _("Transfer %(person)s to another cell")),
    "end": (forms.EndForm, operations.end_membership, _("End the membership of %(person)s")),
    "send": (forms.SendForm, operations.send_member, _("Send %(person)s to an organisation outside")),
}


def _step(name: str) -> Any:
    form_class, operation, title = _STEPS[name]

    @acts_on(Person, "member.write", read="person.read")
    def view(request: HttpRequest, one: Person) -> HttpResponse:
        form = form_class(request.POST or None, initial={"version": one.version})
        return write(
            request,
            form,
            lambda f: operation(f.submission(request.user), person=one, **f.arguments),
            title % {"person": one},
            _("Recorded."),
            one.get_absolute_url(),
            () if name == "place" else _offices_left(one),
            named=one,
        )

    return view


def _offices_left(one: Person) -> Iterator[Any]:
    """Offices that outlive the membership: an administrator ends them."""
    held = Appointment.objects.in_force(clock.today()).filter(person=one)
    for office in held.select_related("organisation", "mass_organisation"):
        over = office.organisation or office.mass_organisation
        told = _("Stays %(role)s of %(unit)s until an administrator ends the appointment.")
        yield told % {"role": office.get_role_display(), "unit": over}


place, end, send = _step("place"), _step("end"), _step("send")


@acts_on(Person, "person.restricted", read="person.read")
def identity(request: HttpRequest, one: Person) -> HttpResponse:
    """Shows the identity number once, to those who read restricted fields; the look is in the journal."""
    if request.method != "POST":
        return redirect(one)
    operations.reveal_identity(Submission(request.user), person=one)
    _in_frame_of(request, one.permission_unit())
    return page(request, "membership/identity", {"person": one, "number": one.identity_number})
