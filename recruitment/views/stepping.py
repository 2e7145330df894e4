"""One page a step of a candidate; and undo."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from foundation import clock
from foundation.models import JournalEntry
from foundation.operation import OperationRefused
from foundation.web import done, page
from membership.declare import acts_on
from recruitment.facts_loader import current, facts_of, only
from recruitment.forms.steps import STEPS, Step, StepForm
from recruitment.models import Candidate
from recruitment.views import presented

_STAGE_OF = {
    "take-up": "taken_up",
    "class": "awareness_class",
    "helper": "helpers",
    "cell-vote": "cell_meeting",
    "sub-committee": "sub_committee",
    "committee-vote": "committee_meeting",
    "decision": "decision",
    "ceremony": "ceremony",
    "recognition-vote": "recognition_meeting",
    "recognition-committee": "recognition_committee",
    "recognition": "recognition",
}


@acts_on(Candidate, "candidate.write", read="candidate.read")
def candidate_step(request: HttpRequest, candidate: Candidate, step: str) -> HttpResponse:
    """The form of the step, and the step when the form is right; a refusal shows every finding with its clause."""
    if not (found := STEPS.get(step)):
        raise Http404
    form = found.form(request.POST or None, candidate=candidate, initial=_suggested(request, found, candidate))
    form.narrow_to(request.user)
    if form.is_valid():
        try:
            return _recorded(request, found, form, candidate)
        except OperationRefused as refusal:
            form.refuse(refusal)
    stage = _STAGE_OF.get(step)
    facts = only(facts_of([candidate], clock.today())) if stage else None
    context = {
        "form": form,
        "title": found.title % {"person": candidate},
        "back": candidate.get_absolute_url(),
        "findings": [presented.finding(reason.finding) for reason in form.findings],
        "facts": presented.determined(current().determined(facts, stage, clock.today())) if facts and stage else [],
    }
    return page(request, "recruitment/step_form", context, status=form.status)


def _suggested(request: HttpRequest, step: Step, candidate: Candidate) -> dict[str, Any]:
    """Values an address may bring along: the paper in question."""
    kind = request.GET.get("kind", "")
    return {"kind": kind[:30]} if kind and "kind" in step.form.base_fields else {}


def _recorded(request: HttpRequest, step: Step, form: StepForm, candidate: Candidate) -> HttpResponse:
    submission = form.submission(request.user)
    if step.on_candidate:
        step.operation(submission, candidate=candidate, **form.arguments)
    else:
        step.operation(submission, **form.arguments)
    entry = latest_entry(request.user, candidate)
    undo = reverse("candidate_undo", args=[candidate.pk, entry.pk]) if entry else ""
    return done(request, candidate, _("Recorded."), undo=undo)


def latest_entry(user: Any, candidate: Candidate) -> Any:
    """The user's newest entry about the candidate."""
    about = JournalEntry.objects.filter(subjects__model="recruitment.candidate", subjects__key=candidate.pk, actor=user)
    return about.order_by("-pk").first()
