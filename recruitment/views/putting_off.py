"""The reader's own list of tasks: some are put off until a day, and brought back."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from foundation import clock
from foundation.addresses import address
from foundation.days import format_day
from foundation.numbers import format_number
from foundation.operation import OperationRefused, Submission
from foundation.web import done, page
from foundation.words import enumerated
from membership.declare import lists
from recruitment.forms.putting_off import PutOffForm, writable
from recruitment.models import Candidate
from recruitment.operations.putting_off import bring_back, put_off
from recruitment.rulebook.calendar import is_working_day


def days_on_offer() -> list[dict[str, Any]]:
    """The days to which a task is put off by one activation: the next working day, in a week, in four; or another."""
    today = clock.today()
    next_day = next(day for ahead in range(1, 30) if is_working_day(day := today + timedelta(days=ahead)))
    days = dict.fromkeys([next_day, today + timedelta(days=7), today + timedelta(days=28)])
    offered = [
        {"label": format_day(day), "spoken": _("Put off until %(day)s") % {"day": format_day(day)}} for day in days
    ]
    ask = {"name": "ask", "value": "day", "label": _("Another day")}
    return [*({"name": "until_on", "value": one["label"], **one} for one in offered), ask]


@lists(Candidate, "candidate.write", "POST")
def work_put_off(request: HttpRequest) -> HttpResponse:
    """The chosen tasks are off the reader's list until the day, or back on it; another day is asked for by a form."""
    if request.method != "POST":
        return HttpResponseRedirect(address("work"))
    if back := request.GET.getlist("back") or request.POST.getlist("back"):
        return _brought_back(request, back)
    if "ask" in request.POST:
        form = PutOffForm(initial={"chosen": request.POST.getlist("chosen")}, user=request.user)
        return _asked(request, form)
    form = PutOffForm(request.POST, user=request.user)
    if form.is_valid():
        candidates = list(form.cleaned_data["chosen"])
        try:
            put_off(form.submission(request.user), candidates=candidates, **form.arguments)
            undo = f"{request.path}?{urlencode([('back', one.pk) for one in candidates])}"
            said = {"day": format_day(form.cleaned_data["until_on"]), "whom": _whom(candidates)}
            return done(request, address("work"), _("Put off until %(day)s: %(whom)s.") % said, undo=undo)
        except OperationRefused as refusal:
            form.refuse(refusal)
    return _asked(request, form)


def _asked(request: HttpRequest, form: PutOffForm) -> HttpResponse:
    keys = keys_in(form["chosen"].value() or ())
    context = {
        "form": form,
        "title": _("Put tasks off"),
        "about": enumerated(str(one) for one in writable(request.user).filter(pk__in=keys)),
        "back": address("work"),
    }
    return page(request, "membership/operation", context, status=form.status)


def _brought_back(request: HttpRequest, keys: Iterable[str]) -> HttpResponse:
    candidates = list(writable(request.user).filter(pk__in=keys_in(keys)))
    try:
        bring_back(Submission(request.user), candidates=candidates)
    except OperationRefused as refusal:
        for sentence in refusal.messages:
            messages.warning(request, sentence)
        return HttpResponseRedirect(address("work"))
    return done(request, address("work"), _("Back on your list: %(whom)s.") % {"whom": _whom(candidates)})


def keys_in(given: Iterable[Any]) -> list[int]:
    """Keys as an address or a form brings them; what is none is left out."""
    return [int(one) for one in map(str, given) if one.isascii() and one.isdigit() and len(one) < 19]


def _whom(candidates: Sequence[Candidate]) -> str:
    number = len(candidates)
    if number == 1:
        return str(candidates[0])
    return ngettext("%(number)s person", "%(number)s people", number) % {"number": format_number(number)}
