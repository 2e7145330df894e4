"""The first page: each role's own."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from foundation import clock
from foundation.web import page
from membership import scope
from membership.declare import signed_in
from membership.models import Position
from reports.frame import address

# the capability that tells the role, and its home: the first that fits
HOMES = (("candidate.write", "work"), ("unit.write", "admin:index"), ("figures.read", "progress"))


@signed_in()
def home(request: HttpRequest) -> HttpResponse:
    """Staff begin with what is due, officials with progress, administrators in the administration."""
    for capability, name in HOMES:
        if scope.may(request.user, capability) and (url := address(name)):
            return redirect(url)
    return redirect("profile")


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
                    (one.appointment.reads_names, _("reads names")),
                    (one.appointment.reads_restricted, _("reads restricted fields")),
                )
                if given
            ],
        }
        for one in held
    ]
    return page(request, "reports/profile", {"appointments": appointments})
