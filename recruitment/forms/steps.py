"""One form a step: the operation's arguments as a person enters them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Submit
from django import forms
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from foundation import clock, names
from foundation.templatetags.ui import codes
from foundation.web import DayField, NameField, NumberField, OperationForm, PastDayField
from membership.forms import people
from membership.forms.fields import ForUser, PersonField
from membership.lines import path_of
from membership.models import CertificateKind
from recruitment.forms.candidates import beside
from recruitment.known import current
from recruitment.models import AwarenessClass, Candidate, IntroducerKind, Paper
from recruitment.operations import candidates, decisions, meetings, preparation, ways_out
from recruitment.rulebook import wording
from recruitment.rulebook.progress import RESTING


class StepForm(ForUser, OperationForm):
    """A step of one candidate; the button names the deed, `submit` or else the step's label, and the person."""

    begins_typing = True
    submit: Any = ""
    again: Any = ""

    def __init__(self, *args: Any, candidate: Candidate, label: Any = "", **kwargs: Any):
        self.candidate = candidate
        initial = {"version": candidate.version, **(kwargs.pop("initial", None) or {})}
        super().__init__(*args, initial=initial, **kwargs)
        self.submit = f"{self.submit or label}: {candidate}"
        for field in self.fields.values():
            if isinstance(field, PersonField):
                field.near(candidate.cell)

    @property
    def helper(self) -> FormHelper:
        """Where several come at once, also a button that saves and opens the form again."""
        helper = super().helper
        if self.again:
            helper.add_input(Submit("save_and_next", self.again, css_class="btn-quiet"))
        return helper


class OnADay(StepForm):
    """Nothing but the day."""

    happened_on = PastDayField(label=_("On"), initial=clock.today)


class WithReason(OnADay):
    """The day and why."""

    asks_reason = True


class VoteForm(StepForm):
    """What a meeting voted; ballots may stay empty where cards were raised.

    How many votes are needed stands below those in favour, and follows what is typed as entitled.
    """

    submit = _("Record the vote")
    WEIGHED = ("happened_on", "entitled", "in_favour")  # on which it depends whether the vote is enough
    happened_on = PastDayField(label=_("Day of the meeting"), initial=clock.today)
    entitled = NumberField(label=_("Entitled to vote"), min_value=1, max_value=9999)
    present = NumberField(label=_("Present"), min_value=0, max_value=9999)
    issued = NumberField(label=_("Ballots issued"), min_value=0, max_value=9999, required=False)
    returned = NumberField(label=_("Ballots returned"), min_value=0, max_value=9999, required=False)
    valid = NumberField(label=_("Valid ballots"), min_value=0, max_value=9999, required=False)
    in_favour = NumberField(label=_("In favour"), min_value=0, max_value=9999)
    against = NumberField(label=_("Against"), min_value=0, max_value=9999)

    def tell_needed(self, sentence: str) -> None:
        """Say how many votes are needed ("": nothing asks for a number), and ask anew when day or base are typed."""
        told = format_html('<output id="votes-needed" for="id_entitled">{}</output>', codes(sentence))
        self["in_favour"].help_text = told
        asks = {
            "hx-get": ".",
            "hx-trigger": "input changed delay:200ms, change",
            "hx-include": "[name=happened_on], [name=entitled], [name=in_favour]",
            "hx-target": "#votes-needed",
            "hx-select": "#votes-needed",
            "hx-swap": "outerHTML",
            "hx-sync": "closest form:replace",
        }
        for name in self.WEIGHED:
            self.fields[name].widget.attrs |= asks


class DecisionForm(StepForm):
    """A decision of the competent committee."""

    submit = _("Record the decision")
    number = NameField(label=_("Decision number"), max_length=40)
    happened_on = PastDayField(label=_("Date of the decision"), initial=clock.today)
    received_on = PastDayField(label=_("Received by the cell on"), required=False)


class EndingForm(StepForm):
    """A decision that ends a probation or an admission."""

    asks_reason = True
    number = NameField(label=_("Decision number"), max_length=40)
    happened_on = PastDayField(label=_("Date of the decision"), initial=clock.today)


class ReceiptForm(StepForm):
    """The day on which the cell received the decision."""

    submit = _("Record the receipt")
    received_on = PastDayField(label=_("Received on"), initial=clock.today)


class HelperForm(StepForm):
    """The official member who helps."""

    submit = _("Assign the helper")
    person = PersonField(label=_("Official member who helps"))
    happened_on = PastDayField(label=_("From"), initial=clock.today)


class IntroducerForm(StepForm):
    """An official member or a body that vouches."""

    submit = _("Record the introducer")
    again = _("Save and name another")
    kind = forms.ChoiceField(label=_("Who vouches"), choices=IntroducerKind.choices)
    person = PersonField(label=_("Official member"), required=False)
    body: Any = forms.ModelChoiceField(label=_("Mass organisation"), queryset=None, required=False)
    happened_on = PastDayField(label=_("Assigned on"), initial=clock.today)
    together_since = DayField(label=_("Works, studies or lives with the candidate since"), required=False)

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["body"].queryset = beside(self.candidate.cell)


class ReplaceIntroducerForm(StepForm):
    """Another official member instead of one who left or was disciplined."""

    submit = _("Replace the introducer")
    introducer: Any = forms.ModelChoiceField(label=_("Who no longer vouches"), queryset=None)
    person = PersonField(label=_("Official member instead"))
    happened_on = PastDayField(label=_("From"), initial=clock.today)
    together_since = DayField(label=_("Works, studies or lives with the candidate since"), required=False)

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["introducer"].queryset = self.candidate.introducers.filter(ended_on=None)


class DocumentForm(StepForm):
    """A paper of the dossier."""

    submit = _("Record the paper")
    again = _("Save and record the next")
    kind = forms.ChoiceField(label=_("Paper"), choices=Paper.choices)
    number = NameField(label=_("Number"), max_length=40, required=False)
    dated_on = PastDayField(label=_("Dated"), required=False, help_text=_("Leave it empty while the paper is awaited."))
    asked_on = PastDayField(label=_("Asked for on"), required=False)
    asked_of = NameField(label=_("Asked of"), max_length=200, required=False)
    promised_on = DayField(label=_("Promised for"), required=False)


class ClassForm(StepForm):
    """A seat in a class that has not ended."""

    submit = _("Enrol")
    awareness_class: Any = forms.ModelChoiceField(label=_("Class"), queryset=None)
    happened_on = PastDayField(label=_("Enrolled on"), initial=clock.today)

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        day = clock.today()
        above = [position.organisation_id for position in path_of(self.candidate.cell)]
        classes = AwarenessClass.objects.filter(ends_on__gte=day, kind=CertificateKind.AWARENESS, unit__in=above)
        self.fields["awareness_class"].queryset = classes.select_related("unit").order_by("ends_on")


class CertificateForm(StepForm):
    """A certificate that the person holds."""

    submit = _("Record the certificate")
    kind = forms.ChoiceField(label=_("Class"), choices=CertificateKind.choices)
    happened_on = PastDayField(label=_("Issued on"))
    number = NameField(label=_("Number"), max_length=40, required=False)
    issuer = NameField(label=_("Issued by"), max_length=200, required=False)


class WaiverForm(StepForm):
    """A written consent to an exception."""

    submit = _("Record the consent")
    rule = forms.ChoiceField(label=_("Exception from"))
    authority = NameField(label=_("Authority"), max_length=200)
    document = NameField(label=_("Document"), max_length=200)
    granted_on = PastDayField(label=_("Date of the document"))
    last_on = DayField(label=_("Last day"), required=False, help_text=_("Empty: without end."))

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        version = current().version_on(clock.today())
        rules = {
            item.rule: wording.title(item)
            for stage in (version.stages if version else ())
            for item in stage.requirements
        }
        self.fields["rule"].choices = [("", "—"), *sorted(rules.items(), key=lambda pair: names.text_key(str(pair[1])))]

    @property
    def arguments(self) -> dict[str, Any]:
        """The operation's arguments: it takes the day after the last."""
        arguments = super().arguments
        last = arguments.pop("last_on")
        return {**arguments, "until_on": last + timedelta(days=1) if last else None}


class MeetingForm(StepForm):
    """A meeting of the cell to come."""

    submit = _("Book the meeting")
    held_on = DayField(label=_("Day of the meeting"))


class CallForm(StepForm, people.CallForm):
    """What was said in a call about the candidate."""

    submit = people.CallForm.submit


@dataclass(frozen=True, slots=True)
class Step:
    """One page of a candidate: its form, its operation, its title, what the button that opens it says.

    `stage`: the stage whose evidence it records; `when`: the states in which it is offered beside the next step;
    `follows`: what it brings about beside, where that is not to be expected; `judged`: whether the stage's rules can
    forbid it (a seat and a paper are what they ask for).
    """

    form: type[StepForm]
    operation: Any
    title: Any
    label: Any
    stage: str = ""
    when: tuple[str, ...] = ()
    follows: Any = ""
    judged: bool = True

    def about(self, candidate: Candidate) -> dict[str, Any]:
        """What of the candidate the operation is about."""
        if self.operation.on == "candidate":
            return {"candidate": candidate}
        return {"organisation": candidate.cell}

    def unit_of(self, candidate: Candidate) -> Any:
        """The unit whose step it is: over it one needs the operation's capability."""
        return self.operation.over(**self.about(candidate))


UNDO = _("A mistake can be undone from the line that says what was recorded, or from the timeline.")
_CLOSES = _("The candidacy is closed and leaves the lists of work.")
_ENDS = _("The membership and the place in the cell end with it, and the candidacy is closed.")
_RESTS = _("Until it is resumed nothing is due, and no step can be recorded.")
_OPEN = ("open",)
_BEFORE = (*_OPEN, *RESTING)
STEPS: dict[str, Step] = {
    "take-up": Step(OnADay, preparation.take_up, _("%(person)s: taken up by the cell"), _("Take up"), "taken_up"),
    "class": Step(
        ClassForm, preparation.enrol_in_class, _("%(person)s: a seat in a class"), _("Enrol in a class"),
        "awareness_class", _OPEN, judged=False,
    ),
    "certificate": Step(
        CertificateForm, preparation.record_certificate, _("%(person)s: certificate"), _("Record a certificate"),
        when=_OPEN,
    ),
    "helper": Step(
        HelperForm, preparation.assign_helper, _("%(person)s: helper"), _("Assign a helper"), "helpers",
        _OPEN,
    ),
    "introducer": Step(
        IntroducerForm, preparation.name_introducer, _("%(person)s: introducer"), _("Name an introducer"),
        when=_OPEN,
    ),
    "replace-introducer": Step(
        ReplaceIntroducerForm, preparation.replace_introducer, _("%(person)s: new introducer"),
        _("Replace an introducer"), when=_OPEN,
    ),
    "document": Step(
        DocumentForm, preparation.record_document, _("%(person)s: paper of the dossier"), _("Record a paper"),
        "dossier", _OPEN, judged=False,
    ),
    "meeting": Step(
        MeetingForm, meetings.book_meeting, _("%(person)s: meeting of the cell"), _("Book a meeting"),
        when=("open", "admitted"),
    ),
    "cell-vote": Step(
        VoteForm, meetings.hold_cell_vote, _("%(person)s: vote of the cell"), _("Record the cell’s vote"),
        "cell_meeting",
    ),
    "sub-committee": Step(
        VoteForm, meetings.hold_sub_committee_report, _("%(person)s: vote of the sub-committee"),
        _("Record the sub-committee’s report"), "sub_committee",
    ),
    "committee-vote": Step(
        VoteForm, meetings.hold_committee_vote, _("%(person)s: vote of the committee"),
        _("Record the committee’s vote"), "committee_meeting",
    ),
    "decision": Step(
        DecisionForm, decisions.decide_admission, _("%(person)s: decision on admission"), _("Record the decision"),
        "decision",
    ),
    "receipt": Step(
        ReceiptForm, decisions.receive_decision, _("%(person)s: the decision was received"),
        _("Record the receipt of the decision"),
    ),
    "ceremony": Step(
        OnADay, decisions.hold_ceremony, _("%(person)s: admission ceremony"), _("Record the ceremony"), "ceremony"
    ),
    "recognition-vote": Step(
        VoteForm, meetings.hold_recognition_vote, _("%(person)s: vote on recognition"),
        _("Record the vote on recognition"), "recognition_meeting",
    ),
    "recognition-committee": Step(
        VoteForm, meetings.hold_recognition_committee_vote, _("%(person)s: the committee’s vote on recognition"),
        _("Record the committee’s vote"), "recognition_committee",
    ),
    "recognition": Step(
        DecisionForm, decisions.recognise_official, _("%(person)s: recognition"), _("Record the recognition"),
        "recognition",
    ),
    "remove": Step(
        EndingForm, decisions.remove_probationer, _("%(person)s: removal of the name"), _("Remove the name"),
        when=("admitted",), follows=_ENDS,
    ),
    "annul": Step(
        EndingForm, decisions.annul_admission, _("%(person)s: annulment of the admission"), _("Annul the admission"),
        when=("admitted",), follows=_ENDS,
    ),
    "pause": Step(
        WithReason, ways_out.pause, _("%(person)s: pause"), _("Pause"), when=_OPEN, follows=_RESTS
    ),
    "resume": Step(OnADay, ways_out.resume, _("%(person)s: resume"), _("Resume"), when=RESTING),
    "return": Step(
        WithReason, ways_out.return_dossier, _("%(person)s: return for completion"), _("Return for completion"),
        when=_OPEN, follows=_RESTS,
    ),
    "withdraw": Step(
        WithReason, ways_out.withdraw, _("%(person)s: withdrawn"), _("Withdraw"), when=_BEFORE, follows=_CLOSES
    ),
    "refuse": Step(
        WithReason, ways_out.refuse, _("%(person)s: refused"), _("Refuse"), when=_BEFORE, follows=_CLOSES
    ),
    "move-away": Step(
        WithReason, ways_out.move_away, _("%(person)s: moved away"), _("Moved away"), when=_BEFORE, follows=_CLOSES
    ),
    "waiver": Step(
        WaiverForm, candidates.grant_waiver, _("%(person)s: consent to an exception"),
        _("Record a consent to an exception"), when=_OPEN,
    ),
    "call": Step(CallForm, candidates.note_call, _("%(person)s: call"), _("Note a call")),
}  # fmt: skip
OF_STAGE = {step.stage: code for code, step in STEPS.items() if step.stage}  # which page records the stage's evidence
