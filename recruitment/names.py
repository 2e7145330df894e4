"""Names of this floor's operations, as timelines and refusals say them."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

NAMES: dict[str, Any] = {
    "enter_candidate": _("Candidate entered"),
    "edit_candidate": _("Description corrected"),
    "take_up": _("Taken up"),
    "plan_class": _("Class planned"),
    "enrol_in_class": _("Seat in a class"),
    "record_certificate": _("Certificate recorded"),
    "assign_helper": _("Helper assigned"),
    "name_introducer": _("Introducer named"),
    "replace_introducer": _("Introducer replaced"),
    "record_document": _("Paper recorded"),
    "book_meeting": _("Meeting booked"),
    "hold_cell_vote": _("Vote of the cell"),
    "hold_sub_committee_report": _("Report of the sub-committee"),
    "hold_committee_vote": _("Vote of the grassroots committee"),
    "decide_admission": _("Decision on admission"),
    "receive_decision": _("Decision received"),
    "hold_ceremony": _("Admission ceremony"),
    "hold_recognition_vote": _("Vote of the cell on recognition"),
    "hold_recognition_committee_vote": _("Vote of the grassroots committee on recognition"),
    "recognise_official": _("Recognised as an official member"),
    "remove_probationer": _("Name removed during probation"),
    "annul_admission": _("Admission annulled"),
    "pause": _("Paused"),
    "resume": _("Resumed"),
    "return_dossier": _("Dossier returned"),
    "withdraw": _("Withdrawn"),
    "refuse": _("Refused"),
    "move_away": _("Moved away"),
    "grant_waiver": _("Waiver recorded"),
    "note_call": _("Call noted"),
    "record_past_admission": _("Past admission recorded"),
    "take_up_together": _("Taken up, several at once"),
    "hold_ceremonies": _("Admission ceremony, several at once"),
    "put_off": _("Task put off"),
    "bring_back": _("Task brought back"),
    "undo_entry": _("Entry undone"),
    "ask_superior_office": _("Superior office asked about somebody registered elsewhere"),
}


def operation_name(code: str) -> Any:
    """The operation in the reader's language; one of another floor by its code."""
    return NAMES.get(code, code)
