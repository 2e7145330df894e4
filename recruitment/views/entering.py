"""Entering a candidate from the paper form, correcting one, and recording a past admission."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from foundation.models import JournalEntry
from foundation.operation import OperationRefused, Submission
from foundation.web import done, in_frame, page
from membership import policy
from membership.declare import acts_on, lists, visible
from membership.lines import path_of, way
from membership.models import Person
from recruitment.duplicates import likely
from recruitment.forms import candidates as forms
from recruitment.models import Candidate
from recruitment.operations import asking, past, undo
from recruitment.operations import candidates as operations
from recruitment.views import presented

_KEPT = ("cell", "source", "body")  # by "save and enter the next"
_ELSEWHERE = "elsewhere"  # stands for twins outside the reader's scope


@lists(Candidate, "candidate.write", "POST")
def candidate_new(request: HttpRequest) -> HttpResponse:
    """A new candidate; likely twins are shown once, then it is saved all the same if the person says so."""
    return _entering(request, _("New candidate"), forms.CandidateForm, forms.NominationForm, _entered)


@lists(Candidate, "candidate.write", "POST")
def past_admission_new(request: HttpRequest) -> HttpResponse:
    """A finished history at once: judged and warned, not blocked."""
    title = _("Record a past admission")
    return _entering(request, title, forms.PastAdmissionForm, forms.PastOfRegisteredForm, _recorded)


def _entering(request: HttpRequest, title: str, for_new: Any, for_registered: Any, save: Any) -> HttpResponse:
    """A form for somebody new, or for a person of the register (`person` in the address, or a twin that was chosen)."""
    registered = forms.RegisteredForm(request.GET if "person" in request.GET else None)
    registered.narrow_to(request.user)
    person = _meant(request, registered)
    kept = {name: request.GET.get(name, "")[:300] for name in _KEPT}
    form = (for_registered if person else for_new)(request.POST or None, person=person, initial=kept)
    form.narrow_to(request.user)
    if not form.is_bound and not kept["cell"]:
        form.initial["cell"] = form.fields["cell"].only()
    twins: list[dict[str, Any]] = []
    if form.is_valid():
        twins = [] if person else _new_twins(form, request)
        if twins and not _sent(request, form):
            (_ask if "ask" in request.POST else _warn)(request, form, _marks(twins))
        else:
            try:
                return save(request, form)
            except OperationRefused as refusal:
                form.refuse(refusal)
    context = {
        "form": form,
        "title": title,
        "person": person,
        "registered": registered,
        "twins": twins,
        "twins_url": "" if person else reverse("twins"),
        "superior": asking.superior_office(request.user) if any(not twin.get("name") for twin in twins) else None,
        "back": reverse("candidates"),
    }
    return page(request, "recruitment/candidate_form", context, status=form.status)


def _sent(request: HttpRequest, form: Any) -> bool:
    """Whether this form was carried out already: sent again, it gives the first result."""
    return JournalEntry.objects.filter(actor=request.user.pk, form_key=form.cleaned_data["key"]).exists()


def _meant(request: HttpRequest, registered: Any) -> Person | None:
    """The person of the register who is to be nominated, if one is meant; 404 where the reader sees nobody so."""
    key = request.POST.get("nominate") or request.GET.get("person", "")
    if key.isascii() and key.isdigit():
        return visible(Person, request.user, int(key), "person.read")
    if "nominate" in request.POST:
        raise Http404
    return registered.cleaned_data["person"] if registered.is_valid() else None


def _entered(request: HttpRequest, form: Any) -> HttpResponse:
    submission = form.submission(request.user)
    candidate = operations.enter_candidate(submission, **form.arguments)
    said = _("%(person)s is a candidate.") % {"person": candidate}
    entry = submission.entry
    back = reverse("candidate_undo", args=[candidate.pk, entry.pk]) if entry else ""
    if "save_and_next" not in request.POST:
        return done(request, candidate, said, undo=back)
    kept = {name: form.data.get(name, "") for name in _KEPT}
    return done(request, f"{reverse('candidate_new')}?{urlencode(kept)}", said, undo=back)


def _recorded(request: HttpRequest, form: Any) -> HttpResponse:
    candidate, found = past.record_past_admission(form.submission(request.user), **form.arguments)
    if found:
        messages.warning(request, _("The rules of those days find: %(found)s") % {"found": " ".join(found)})
        return done(request, candidate, _("Recorded."))
    return done(request, candidate, _("Recorded. The rules of those days find nothing."))


# Twins ----------------------------------------------------------------------------------------------------------------


def _new_twins(form: Any, request: HttpRequest) -> list[dict[str, Any]]:
    """Likely twins, unless the same ones were shown with the form before."""
    found = likely_twins(form, request.user)
    seen = found and form.cleaned_data["seen_twins"] == _marks(found) and "ask" not in request.POST
    return [] if seen else found


def _marks(twins: list[dict[str, Any]]) -> str:
    return ",".join(str(twin.get("pk", _ELSEWHERE)) for twin in twins)


def likely_twins(form: Any, user: Any) -> list[dict[str, Any]]:
    """Likely duplicates as the page shows them; of those outside the reader's scope only that they are registered."""
    shown: list[dict[str, Any]] = []
    for twin in likely(form.person_values(), user):
        line: dict[str, Any] = {"why": twin.why}
        if person := twin.person:
            line |= {"pk": person.pk, "name": person.full_name, "url": person.get_absolute_url()}
            line["born"] = presented.birth(person)
        shown.append(line)
    return shown


@lists(Candidate, "candidate.write", "POST")
def twins(request: HttpRequest) -> HttpResponse:
    """Likely twins of what is typed so far, for the panel beside the form; nothing until name and birth are there."""
    form = forms.CandidateForm(request.POST)
    form.narrow_to(request.user)
    form.is_valid()
    ready = {"full_name", "born_on"} <= set(form.cleaned_data) and form.cleaned_data["born_on"]
    found = likely_twins(form, request.user) if ready else []
    superior = asking.superior_office(request.user) if any(not twin.get("name") for twin in found) else None
    return page(request, "recruitment/twins", {"twins": found, "superior": superior})


def _warn(_request: HttpRequest, form: Any, marks: str) -> None:
    form.ask_about(marks)


def _ask(request: HttpRequest, form: Any, marks: str) -> None:
    """The note that the superior office was asked; the form stays as it is, to be saved or left."""
    form.remember(marks)
    data = form.cleaned_data
    key = data["key"] and uuid.uuid5(data["key"], "ask")  # the form's own key is for saving
    asked = {"cell": data["cell"], "full_name": data["full_name"], "born": form.data.get("born_on", "")}
    asking.ask_superior_office(Submission(request.user, key=key), **asked)
    messages.success(
        request, _("Noted: the superior office is asked about %(person)s.") % {"person": data["full_name"]}
    )


# Correcting and taking back -------------------------------------------------------------------------------------------


@acts_on(Candidate, "candidate.write", read="candidate.read")
def candidate_edit(request: HttpRequest, candidate: Candidate) -> HttpResponse:
    """Corrects the person of a candidacy, while they belong to the reader's units."""
    if not Person.objects.visible_to(request.user).filter(pk=candidate.person_id).exists():
        raise PermissionDenied
    restricted = policy.reads_restricted(request.user, candidate.cell)
    initial = forms.edit_initial(candidate.person) | {"version": candidate.version}
    form = forms.CandidateEditForm(request.POST or None, initial=initial, reads_restricted=restricted)
    if form.is_valid():
        try:
            if not form.is_as_stored():
                operations.edit_candidate(form.submission(request.user), candidate=candidate, **form.arguments)
            return done(request, candidate, _("Saved."))
        except OperationRefused as refusal:
            form.refuse(refusal)
    in_frame(request, units=way(request.user, path_of(candidate.cell), "candidate.read"))
    title = _("Correct %(person)s") % {"person": candidate}
    context = {"form": form, "title": title, "named": candidate, "twins": [], "back": candidate.get_absolute_url()}
    return page(request, "recruitment/candidate_form", context, status=form.status)


@acts_on(Candidate, "candidate.write", read="candidate.read")
def candidate_undo(request: HttpRequest, candidate: Candidate, entry: int) -> HttpResponse:
    """Takes an entry about the candidate back; refused with the list of what is built on it."""
    if request.method != "POST":
        return redirect(candidate)
    found, candidates = undo.with_candidates(entry)
    if not found or candidate not in candidates:
        raise Http404
    try:
        undone = undo.undo_entry(Submission(request.user), entry=found, candidates=candidates)
    except OperationRefused as refusal:
        return _cannot_undo(request, candidate, refusal)
    gone = found.operation in undo.OPENING and any(one == candidate and one.closed_on for one in undone)
    return done(request, reverse("candidates") if gone else candidate, _("Undone."))


def _cannot_undo(request: HttpRequest, candidate: Candidate, refusal: OperationRefused) -> HttpResponse:
    in_frame(request, units=way(request.user, path_of(candidate.cell), "candidate.read"))
    context = {
        "title": _("This cannot be undone"),
        "sentences": refusal.messages,
        "back": candidate.get_absolute_url(),
    }
    return page(request, "recruitment/refused", context, status=refusal.status)
