"""The first page: each role's own."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from foundation import clock
from foundation.web import page
from membership import scope
from membership.declare import signed_in
from membership.models import Position
from reports.roles import role_of


@signed_in()
def home(request: HttpRequest) -> HttpResponse:
    """Staff begin with what is due, officials with progress, administrators in the administration."""
    role = role_of(request.user)
    return redirect(role.home if role else "profile")


@signed_in("POST")
def first_steps(request: HttpRequest) -> HttpResponse:
    """POST puts the first steps of the reader's role away, or shows them again; kept with the account."""
    if request.method == "POST":
        if (shown := request.POST.get("shown")) not in ("yes", "no"):
            raise BadRequest
        user: Any = request.user
        user.first_steps = shown == "yes"
        user.save(update_fields=["first_steps"])
    return redirect("home")


@signed_in()
def profile(request: HttpRequest) -> HttpResponse:
    """The reader's own account and appointments; all that there is for somebody without an appointment."""
    held = scope.holdings(request.user)
    units = {one.appointment.organisation_id for one in held}
    names = dict(
        Position.objects.as_at(clock.today()).filter(organisation__in=units).values_list("organisation", "name")
    )
    appointments = [
        {
            "role": one.appointment.get_role_display(),
            "over": names.get(one.appointment.organisation_id, one.appointment.mass_organisation),
            "from_on": one.appointment.from_on,
            "grants": [
                word
                for given, word in (
                    (one.grants("figures.read"), _("figures")),
                    (one.appointment.reads_names, _("names")),
                    (one.appointment.reads_restricted, _("restricted fields")),
                )
                if given
            ],
        }
        for one in held
    ]
    opens = role_of(request.user) is not None
    return page(request, "reports/profile", {"appointments": appointments, "opens": opens})
