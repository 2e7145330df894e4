"""Entering a candidate from the paper form, correcting one, and recording a past admission."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from foundation.days import format_day
from foundation.models import JournalEntry
from foundation.operation import OperationRefused
from foundation.web import OperationForm, done, page
from membership import policy
from membership.declare import acts_on, lists
from recruitment.duplicates import likely
from recruitment.forms.candidates import CandidateEditForm, CandidateForm, PastAdmissionForm, edit_initial
from recruitment.models import Candidate
from recruitment.operations import candidates as operations
from recruitment.operations import past, undo

_KEPT = ("cell", "source", "body")  # by "save and enter the next"


@lists(Candidate, "candidate.write", "POST")
def candidate_new(request: HttpRequest) -> HttpResponse:
    """A new candidate; likely twins are shown once, then it is saved all the same if the person says so."""
    form = CandidateForm(request.POST or None, initial={name: request.GET.get(name, "")[:300] for name in _KEPT})
    form.narrow_to(request.user)
    twins: list[dict[str, Any]] = []
    if form.is_valid():
        twins = [] if form.cleaned_data["in_spite_of_twins"] else likely_twins(form, request.user)
        if not twins:
            try:
                return _entered(request, form)
            except OperationRefused as refusal:
                form.refuse(refusal)
        else:
            _ask_about_twins(form)
    context = {
        "form": form,
        "title": _("New candidate"),
        "twins": twins,
        "twins_url": reverse("twins"),
        "back": reverse("candidates"),
    }
    return page(request, "recruitment/candidate_form", context, status=form.status)


def _entered(request: HttpRequest, form: CandidateForm) -> HttpResponse:
    candidate = operations.enter_candidate(form.submission(request.user), **form.arguments)
    said = _("%(person)s is a candidate.") % {"person": candidate}
    if "save_and_next" not in request.POST:
        return done(request, candidate, said)
    kept = {name: form.data.get(name, "") for name in _KEPT}
    return done(request, f"{reverse('candidate_new')}?{urlencode(kept)}", said)


def _ask_about_twins(form: CandidateForm) -> None:
    """The form comes back, filled, with a button that says it is another person."""
    form.add_error(None, _("Somebody alike is registered already. Save again if this is another person."))
    form.status = 422
    form.data = form.data.copy()
    form.data["in_spite_of_twins"] = "on"


def likely_twins(form: CandidateForm, user: Any) -> list[dict[str, Any]]:
    """Likely duplicates as the page shows them; of those outside the reader's scope only that they are registered."""
    shown = []
    for twin in likely(form.person_values(), user):
        if twin.person is None:
            shown.append({"why": twin.why, "ask_url": ""})
            continue
        born = format_day(twin.person.born_on)
        shown.append({"name": str(twin.person), "url": twin.person.get_absolute_url(), "born": born, "why": twin.why})
    return shown


@lists(Candidate, "candidate.write", "POST")
def twins(request: HttpRequest) -> HttpResponse:
    """Likely twins of what is typed so far, for the panel beside the form; nothing until name and birth are there."""
    form = CandidateForm(request.POST)
    form.narrow_to(request.user)
    form.is_valid()
    ready = {"full_name", "born_on"} <= set(form.cleaned_data) and form.cleaned_data["born_on"]
    return page(request, "recruitment/twins", {"twins": likely_twins(form, request.user) if ready else []})


@acts_on(Candidate, "candidate.write", read="candidate.read")
def candidate_edit(request: HttpRequest, candidate: Candidate) -> HttpResponse:
    """Corrects the person of a candidacy."""
    restricted = policy.reads_restricted(request.user, candidate.cell)
    initial = edit_initial(candidate.person) | {"version": candidate.version}
    form = CandidateEditForm(request.POST or None, initial=initial, reads_restricted=restricted)
    if form.is_valid():
        try:
            operations.edit_candidate(form.submission(request.user), candidate=candidate, **form.arguments)
            return done(request, candidate, _("Saved."))
        except OperationRefused as refusal:
            form.refuse(refusal)
    title = _("Correct %(person)s") % {"person": candidate}
    context = {"form": form, "title": title, "twins": [], "back": candidate.get_absolute_url()}
    return page(request, "recruitment/candidate_form", context, status=form.status)


@lists(Candidate, "candidate.write", "POST")
def past_admission_new(request: HttpRequest) -> HttpResponse:
    """A finished history at once: judged and warned, not blocked."""
    form = PastAdmissionForm(request.POST or None)
    form.narrow_to(request.user)
    if form.is_valid():
        try:
            candidate, found = past.record_past_admission(form.submission(request.user), **form.arguments)
            said = _("Recorded. The rules of those days find: %(found)s") % {"found": " ".join(found)}
            return done(request, candidate, said if found else _("Recorded. The rules of those days find nothing."))
        except OperationRefused as refusal:
            form.refuse(refusal)
    context = {"form": form, "title": _("Record a past admission"), "twins": [], "back": reverse("work")}
    return page(request, "recruitment/candidate_form", context, status=form.status)


class UndoForm(OperationForm):
    """Takes an entry back."""

    submit = gettext_lazy("Undo")


@acts_on(Candidate, "candidate.write", read="candidate.read")
def candidate_undo(request: HttpRequest, candidate: Candidate, entry: int) -> HttpResponse:
    """Takes an entry about the candidate back; refused with the list of what is built on it."""
    if request.method != "POST":
        return redirect(candidate)
    found = get_object_or_404(
        JournalEntry, pk=entry, subjects__model=candidate._meta.label_lower, subjects__key=candidate.pk
    )
    form = UndoForm(request.POST)
    form.is_valid()
    try:
        undo.undo_entry(form.submission(request.user), entry=found)
        return done(request, candidate if _still(candidate) else reverse("candidates"), _("Undone."))
    except OperationRefused as refusal:
        form.refuse(refusal)
    context = {"form": form, "title": _("This cannot be undone"), "back": candidate.get_absolute_url()}
    return page(request, "recruitment/step_form", context, status=form.status)


def _still(candidate: Candidate) -> bool:
    return Candidate.objects.open().filter(pk=candidate.pk).exists()
