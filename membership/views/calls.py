"""A call with a member or with a unit, noted."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from membership.declare import acts_on
from membership.forms.people import CallForm
from membership.models import Organisation, Person
from membership.operations import calls
from membership.views.people import write


@acts_on(Person, "member.write", read="person.read")
def with_person(request: HttpRequest, one: Person) -> HttpResponse:
    """What was said in a call with the person."""
    return _noted(
        request, one, partial(calls.note_call_with_person, person=one), _("%(person)s: call") % {"person": one}
    )


@acts_on(Organisation, "member.write", read="unit.read")
def with_unit(request: HttpRequest, one: Organisation) -> HttpResponse:
    """What was said in a call with the unit."""
    return _noted(
        request, one, partial(calls.note_call_with_unit, organisation=one), _("%(unit)s: call") % {"unit": one}
    )


def _noted(request: HttpRequest, one: Person | Organisation, note: Callable[..., Any], title: Any) -> HttpResponse:
    return write(
        request,
        CallForm(request.POST or None),
        lambda f: note(f.submission(request.user), **f.arguments),
        title,
        _("The call is noted."),
        one.get_absolute_url(),
        named=one,
        button=_("Note the call: %(name)s") % {"name": one},
    )
