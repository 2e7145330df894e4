"""One form a step: the operation's arguments as a person enters them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from foundation import clock
from foundation.web import DayField, NameField, OperationForm
from membership.forms.fields import ForUser, PersonField
from membership.models import CertificateKind
from recruitment.committees import path_of
from recruitment.facts_loader import current
from recruitment.forms.candidates import beside
from recruitment.models import AwarenessClass, Candidate, IntroducerKind, Paper
from recruitment.operations import candidates, decisions, meetings, preparation, ways_out
from recruitment.rulebook import wording


class StepForm(ForUser, OperationForm):
    """A step of one candidate; the button names the person."""

    def __init__(self, *args: Any, candidate: Candidate, **kwargs: Any):
        self.candidate = candidate
        initial = {"version": candidate.version, **(kwargs.pop("initial", None) or {})}
        super().__init__(*args, initial=initial, **kwargs)
        self.submit = f"{self.submit}: {candidate}"


class OnADay(StepForm):
    """Nothing but the day."""

    submit = _("Record")
    happened_on = DayField(label=_("On"), initial=clock.today)


class WithReason(OnADay):
    """The day and why."""

    asks_reason = True


class VoteForm(StepForm):
    """What a meeting voted; ballots may stay empty where cards were raised."""

    submit = _("Record the vote")
    happened_on = DayField(label=_("Day of the meeting"), initial=clock.today)
    entitled = forms.IntegerField(label=_("Entitled to vote"), min_value=1, max_value=9999)
    present = forms.IntegerField(label=_("Present"), min_value=0, max_value=9999)
    issued = forms.IntegerField(label=_("Ballots issued"), min_value=0, max_value=9999, required=False)
    returned = forms.IntegerField(label=_("Ballots returned"), min_value=0, max_value=9999, required=False)
    valid = forms.IntegerField(label=_("Valid ballots"), min_value=0, max_value=9999, required=False)
    in_favour = forms.IntegerField(label=_("In favour"), min_value=0, max_value=9999)
    against = forms.IntegerField(label=_("Against"), min_value=0, max_value=9999)


class DecisionForm(StepForm):
    """A decision of the competent committee."""

    submit = _("Record the decision")
    number = NameField(label=_("Decision number"), max_length=40)
    happened_on = DayField(label=_("Date of the decision"), initial=clock.today)
    received_on = DayField(label=_("Received by the cell on"), required=False)


class EndingForm(StepForm):
    """A decision that ends a probation or an admission."""

    submit = _("Record the decision")
    asks_reason = True
    number = NameField(label=_("Decision number"), max_length=40)
    happened_on = DayField(label=_("Date of the decision"), initial=clock.today)


class ReceiptForm(StepForm):
    """The day on which the cell received the decision."""

    submit = _("Record the receipt")
    received_on = DayField(label=_("Received on"), initial=clock.today)


class HelperForm(StepForm):
    """The official member who helps."""

    submit = _("Assign the helper")
    person = PersonField(label=_("Official member who helps"))
    happened_on = DayField(label=_("From"), initial=clock.today)


class IntroducerForm(StepForm):
    """An official member or a body that vouches."""

    submit = _("Record the introducer")
    kind = forms.ChoiceField(label=_("Who vouches"), choices=IntroducerKind.choices)
    person = PersonField(label=_("Official member"), required=False)
    body = forms.ModelChoiceField(label=_("Mass organisation"), queryset=None, required=False)
    happened_on = DayField(label=_("Assigned on"), initial=clock.today)
    together_since = DayField(label=_("Works, studies or lives with the candidate since"), required=False)

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["body"].queryset = beside(self.candidate.cell)


class ReplaceIntroducerForm(StepForm):
    """Another official member instead of one who left or was disciplined."""

    submit = _("Replace the introducer")
    introducer = forms.ModelChoiceField(label=_("Who no longer vouches"), queryset=None)
    person = PersonField(label=_("Official member instead"))
    happened_on = DayField(label=_("From"), initial=clock.today)
    together_since = DayField(label=_("Works, studies or lives with the candidate since"), required=False)

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["introducer"].queryset = self.candidate.introducers.filter(ended_on=None)


class DocumentForm(StepForm):
    """A paper of the dossier."""

    submit = _("Record the paper")
    kind = forms.ChoiceField(label=_("Paper"), choices=Paper.choices)
    number = NameField(label=_("Number"), max_length=40, required=False)
    dated_on = DayField(label=_("Dated"), required=False, help_text=_("Leave it empty while the paper is awaited."))
    asked_on = DayField(label=_("Asked for on"), required=False)
    asked_of = NameField(label=_("Asked of"), max_length=200, required=False)
    promised_on = DayField(label=_("Promised for"), required=False)


class ClassForm(StepForm):
    """A seat in a class that has not ended."""

    submit = _("Enrol")
    awareness_class = forms.ModelChoiceField(label=_("Class"), queryset=None)
    happened_on = DayField(label=_("Enrolled on"), initial=clock.today)

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        day = clock.today()
        self.fields["awareness_class"].queryset = AwarenessClass.objects.filter(
            ends_on__gte=day,
            kind=CertificateKind.AWARENESS,
            unit__in=[position.organisation_id for position in path_of(self.candidate.cell)],
        ).order_by("ends_on")


class CertificateForm(StepForm):
    """A certificate that the person holds."""

    submit = _("Record the certificate")
    kind = forms.ChoiceField(label=_("Class"), choices=CertificateKind.choices)
    happened_on = DayField(label=_("Issued on"))
    number = NameField(label=_("Number"), max_length=40, required=False)
    issuer = NameField(label=_("Issued by"), max_length=200, required=False)


class WaiverForm(StepForm):
    """A written consent to an exception."""

    submit = _("Record the consent")
    rule = forms.ChoiceField(label=_("Exception from"))
    authority = NameField(label=_("Authority"), max_length=200)
    document = NameField(label=_("Document"), max_length=200)
    granted_on = DayField(label=_("Dated"))
    until_on = DayField(label=_("Until"), required=False)

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        version = current().version_on(clock.today())
        rules = {item.rule: wording.title(item) for stage in version.stages for item in stage.requirements}
        self.fields["rule"].choices = sorted(rules.items(), key=lambda pair: str(pair[1]))


class MeetingForm(StepForm):
    """A meeting of the cell to come."""

    submit = _("Book the meeting")
    held_on = DayField(label=_("Day of the meeting"))

    @property
    def arguments(self) -> dict[str, Any]:
        """The cell is the candidate's."""
        return {"organisation": self.candidate.cell, "held_on": self.cleaned_data["held_on"]}


class CallForm(StepForm):
    """What was said in a call."""

    submit = _("Note the call")
    with_whom = NameField(label=_("With"), max_length=200)
    text = NameField(label=_("What was said"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3}))


@dataclass(frozen=True, slots=True)
class Step:
    """One page of a candidate: its form, its operation, its title and what is said afterwards."""

    form: type[StepForm]
    operation: Callable[..., Any]
    title: Any
    on_candidate: bool = True


STEPS: dict[str, Step] = {
    "take-up": Step(OnADay, preparation.take_up, _("%(person)s: taken up by the cell")),
    "class": Step(ClassForm, preparation.enrol_in_class, _("%(person)s: a seat in a class")),
    "certificate": Step(CertificateForm, preparation.record_certificate, _("%(person)s: certificate")),
    "helper": Step(HelperForm, preparation.assign_helper, _("%(person)s: helper")),
    "introducer": Step(IntroducerForm, preparation.name_introducer, _("%(person)s: introducer")),
    "replace-introducer": Step(ReplaceIntroducerForm, preparation.replace_introducer, _("%(person)s: new introducer")),
    "document": Step(DocumentForm, preparation.record_document, _("%(person)s: paper of the dossier")),
    "meeting": Step(MeetingForm, meetings.book_meeting, _("%(person)s: meeting of the cell"), on_candidate=False),
    "cell-vote": Step(VoteForm, meetings.hold_cell_vote, _("%(person)s: vote of the cell")),
    "sub-committee": Step(VoteForm, meetings.hold_sub_committee_report, _("%(person)s: vote of the sub-committee")),
    "committee-vote": Step(VoteForm, meetings.hold_committee_vote, _("%(person)s: vote of the committee")),
    "decision": Step(DecisionForm, decisions.decide_admission, _("%(person)s: decision on admission")),
    "receipt": Step(ReceiptForm, decisions.receive_decision, _("%(person)s: the decision was received")),
    "ceremony": Step(OnADay, decisions.hold_ceremony, _("%(person)s: admission ceremony")),
    "recognition-vote": Step(VoteForm, meetings.hold_recognition_vote, _("%(person)s: vote on recognition")),
    "recognition-committee": Step(
        VoteForm, meetings.hold_recognition_committee_vote, _("%(person)s: the committee’s vote on recognition")
    ),
    "recognition": Step(DecisionForm, decisions.recognise_official, _("%(person)s: recognition")),
    "remove": Step(EndingForm, decisions.remove_probationer, _("%(person)s: removal of the name")),
    "annul": Step(EndingForm, decisions.annul_admission, _("%(person)s: annulment of the admission")),
    "pause": Step(WithReason, ways_out.pause, _("%(person)s: pause")),
    "resume": Step(OnADay, ways_out.resume, _("%(person)s: resume")),
    "return": Step(WithReason, ways_out.return_dossier, _("%(person)s: return for completion")),
    "withdraw": Step(WithReason, ways_out.withdraw, _("%(person)s: withdrawn")),
    "refuse": Step(WithReason, ways_out.refuse, _("%(person)s: refused")),
    "move-away": Step(WithReason, ways_out.move_away, _("%(person)s: moved away")),
    "waiver": Step(WaiverForm, candidates.grant_waiver, _("%(person)s: consent to an exception")),
    "call": Step(CallForm, candidates.note_call, _("%(person)s: call")),
}
