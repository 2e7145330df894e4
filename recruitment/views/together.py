"""The same step for several candidates, from the rows chosen in a list: first who can and who cannot, then the step."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from foundation import clock
from foundation.addresses import address
from foundation.days import format_day
from foundation.numbers import format_number
from foundation.operation import OperationRefused
from foundation.web import done, page
from membership.declare import lists
from recruitment.forms.together import TOGETHER, Together, TogetherForm
from recruitment.judging import refused
from recruitment.models import Candidate
from recruitment.views.putting_off import keys_in

FROM_WORK = "from=work"  # in an address: one came from the page of tasks


def deeds(query: str, codes: Iterable[str] = TOGETHER) -> list[dict[str, Any]]:
    """Buttons of components/bulk.html for these steps, as far as they can be recorded for several at once.

    `query`: of the list to which one comes back, or `FROM_WORK`.
    """
    return [
        {
            "name": "ask",
            "value": code,
            "label": step.label,
            "url": _with(reverse("candidates_together", args=[code]), query),
        }
        for code, step in TOGETHER.items()
        if code in codes
    ]


def _with(url: str, query: str) -> str:
    return f"{url}?{query}" if query else url


def _back(request: HttpRequest) -> str:
    """The page of tasks, or the list with its filters."""
    query = request.GET.urlencode()
    return address("work") if query == FROM_WORK else _with(address("candidates"), query)


@lists(Candidate, "recruitment.step", "POST")
def candidates_together(request: HttpRequest, deed: str) -> HttpResponse:
    """Who of the chosen can and who cannot on the day; then the step of those who can, as the page had shown it."""
    if not (step := TOGETHER.get(deed)):
        raise Http404
    if request.method != "POST":
        return HttpResponseRedirect(_back(request))
    if "ask" in request.POST:
        form = TogetherForm(initial={"chosen": keys_in(request.POST.getlist("chosen"))}, user=request.user)
        chosen = list(form.fields["chosen"].queryset.filter(pk__in=form.initial["chosen"]))
        return _shown(request, step, form, chosen, clock.today())
    form = TogetherForm(request.POST, user=request.user)
    if not form.is_valid():
        return _shown(request, step, form, list(form.cleaned_data.get("chosen", ())), None)
    chosen, day = list(form.cleaned_data["chosen"]), form.cleaned_data["happened_on"]
    try:
        left = [one for one in chosen if one not in form.promised]
        if not left or refused(left, step.stage, day).keys() == {one.pk for one in left}:
            return _recorded(request, step, form, form.promised)
        form.refuse(OperationRefused(_("On %(day)s it can be recorded for more people.") % {"day": format_day(day)}))
    except OperationRefused as refusal:
        form.refuse(refusal)
    return _shown(request, step, form, chosen, day)


def _shown(
    request: HttpRequest, step: Together, form: TogetherForm, chosen: Sequence[Candidate], day: date | None
) -> HttpResponse:
    """The form beside those who can and those who cannot on the day; None: it is no day."""
    found = refused(chosen, step.stage, day) if day else {}
    free = [one for one in chosen if one.pk not in found]
    form.promise(step, free if day else ())
    context = {
        "form": form,
        "title": step.label,
        "free": [_line(one) for one in free],
        "left_out": [{**_line(one), "reasons": found[one.pk].messages} for one in chosen if one.pk in found],
        "back": _back(request),
    }
    return page(request, "recruitment/together", context, status=form.status)


def _line(one: Any) -> dict[str, Any]:
    """Who it is, and the cell whose step is recorded."""
    unit = ", ".join(name for name in one.place or () if name)
    return {"name": str(one), "url": one.get_absolute_url(), "unit": unit}


def _recorded(request: HttpRequest, step: Together, form: TogetherForm, free: Sequence[Candidate]) -> HttpResponse:
    if not free:
        raise OperationRefused(_("On this day it can be recorded for nobody."))
    submission = form.submission(request.user)
    step.operation(submission, candidates=free, **form.arguments)
    undo = reverse("candidate_undo", args=[free[0].pk, submission.entry.pk]) if submission.entry else ""
    number = len(free)
    people = ngettext("%(number)s person", "%(number)s people", number) % {"number": format_number(number)}
    said = _("Recorded for %(people)s: %(what)s.") % {"people": people, "what": step.label}
    return done(request, _back(request), said, undo=undo)
