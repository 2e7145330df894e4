"""One page a step of a candidate."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from foundation import clock
from foundation.operation import OperationRefused
from foundation.web import done, in_frame, page
from membership.declare import acts_on
from membership.lines import path_of, way
from recruitment.forms.steps import STEPS, UNDO, Step, StepForm, VoteForm
from recruitment.known import current, read
from recruitment.models import Candidate
from recruitment.names import operation_name
from recruitment.operations import undo
from recruitment.views import presented


@acts_on(Candidate, "candidate.write", read="candidate.read")
def candidate_step(request: HttpRequest, candidate: Candidate, step: str) -> HttpResponse:
    """The form of the step, and the step when the form is right; a refusal shows every finding with its clause."""
    if not (found := STEPS.get(step)):
        raise Http404
    initial = _suggested(request, found, candidate)
    form = found.form(request.POST or None, candidate=candidate, label=found.label, initial=initial)
    form.narrow_to(request.user)
    if form.is_valid():
        try:
            return _recorded(request, found, form, candidate)
        except OperationRefused as refusal:
            form.refuse(refusal)
    if isinstance(form, VoteForm):
        day, *numbers = (form.typed(name) for name in VoteForm.WEIGHED)
        form.tell_needed(presented.votes_needed(current(), found.stage, day or clock.today(), *numbers))
    in_frame(request, units=way(request.user, path_of(candidate.cell), "candidate.read"))
    context = {
        "form": form,
        "title": found.title % {"person": candidate},
        "named": candidate,
        "back": candidate.get_absolute_url(),
        "consequences": [found.follows, UNDO] if found.follows else [],
        "findings": [presented.finding(reason.finding) for reason in form.findings],
        **(_by_regulation(found, candidate, form.is_bound) if found.stage else {}),
    }
    return page(request, "membership/operation", context, status=form.status)


def _by_regulation(step: Step, candidate: Candidate, answered: bool) -> dict[str, Any]:
    """What the stage's rules determine; and before anything was `answered`, what forbids the step today."""
    day, known = clock.today(), read([candidate])
    facts, book, waivers = known.facts[candidate.pk], known.book, known.waivers.get(candidate.pk, ())
    found = book.determined(facts, step.stage, day)
    if issubclass(step.form, VoteForm):  # the numbers of a vote before it are not those of this one
        found = tuple(one for one in found if not one.of_a_vote)
    told: dict[str, Any] = {"facts": presented.determined(found, day)}
    if not answered and step.judged:
        told["findings"] = [presented.finding(one) for one in book.blocking(facts, step.stage, day, waivers)]
        told["not_today"] = day
    return told


def _suggested(request: HttpRequest, step: Step, candidate: Candidate) -> dict[str, Any]:
    """Values an address may bring along: the base of a vote and its day; the paper in question, by default the first
    that is missing.
    """
    if issubclass(step.form, VoteForm):
        return {name: request.GET[name][:20] for name in VoteForm.WEIGHED if request.GET.get(name)}
    if "kind" not in step.form.base_fields or request.method == "POST":
        return {}
    if kind := request.GET.get("kind", "")[:30]:
        return {"kind": kind}
    missing = _missing(candidate) if step is STEPS["document"] else []
    return {"kind": missing[0]} if missing else {}


def _missing(candidate: Candidate) -> list[str]:
    return presented.missing_papers(read([candidate]).facts[candidate.pk])


def _recorded(request: HttpRequest, step: Step, form: StepForm, candidate: Candidate) -> HttpResponse:
    submission = form.submission(request.user)
    step.operation(submission, **step.about(candidate), **form.arguments)
    entry = submission.entry
    undoable = entry and entry.operation in undo.UNDOABLE
    back = reverse("candidate_undo", args=[candidate.pk, entry.pk]) if entry and undoable else ""
    where = candidate.get_absolute_url()
    if "save_and_next" in request.POST:
        where = request.path
    return done(
        request, where, _("Recorded: %(what)s.") % {"what": operation_name(step.operation.operation_name)}, undo=back
    )
