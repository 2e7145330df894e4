"""What a unit's page says of its target."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from foundation import clock
from foundation.addresses import address, address_of
from membership import scope
from membership.models import Organisation, Position
from reports import asking, goals, progress
from reports.indicators import Ask
from reports.indicators.ground import CAPABILITY
from reports.views.progress import answer


def year_of(request: HttpRequest, unit: Organisation, position: Position) -> dict[str, Any] | None:
    """The answer of the running year, for reports/_unit.html; None where the reader reads no figures of the unit."""
    if scope.allows_at(request.user, CAPABILITY, position.path) is False:
        return None
    day, held = clock.today(), scope.holdings(request.user)
    paths = {one.appointment.organisation_id or 0: one.path for one in held if one.path} | {unit.pk: position.path}
    first, last = asking.year(day)
    ask = Ask(user=request.user, unit=unit, first=first, last=last, as_at=day, paths=paths)
    found = progress.progress(ask, goals.goals(ask, ()), [])
    return {
        "template": "reports/_unit.html",
        "url": f"{address('progress')}?unit={unit.pk}",
        "too_late": sum(one.number for one in found.late),
        "too_late_url": f"{address_of('figure_list', 'too_late')}?unit={unit.pk}",
        "answer": answer(found),
    }
