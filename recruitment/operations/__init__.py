"""One verb each: the only code that writes what happens on the way to admission."""

from recruitment.operations.asking import ask_superior_office
from recruitment.operations.candidates import edit_candidate, enter_candidate, grant_waiver, note_call
from recruitment.operations.decisions import (
    annul_admission,
    decide_admission,
    hold_ceremony,
    receive_decision,
    recognise_official,
    remove_probationer,
)
from recruitment.operations.meetings import (
    book_meeting,
    hold_cell_vote,
    hold_committee_vote,
    hold_recognition_committee_vote,
    hold_recognition_vote,
    hold_sub_committee_report,
)
from recruitment.operations.past import record_past_admission
from recruitment.operations.preparation import (
    assign_helper,
    enrol_in_class,
    name_introducer,
    plan_class,
    record_certificate,
    record_document,
    replace_introducer,
    take_up,
)
from recruitment.operations.putting_off import bring_back, put_off
from recruitment.operations.together import hold_ceremonies, take_up_together
from recruitment.operations.undo import undo_entry
from recruitment.operations.ways_out import move_away, pause, refuse, resume, return_dossier, withdraw

__all__ = [
    "annul_admission",
    "ask_superior_office",
    "assign_helper",
    "book_meeting",
    "bring_back",
    "decide_admission",
    "edit_candidate",
    "enrol_in_class",
    "enter_candidate",
    "grant_waiver",
    "hold_cell_vote",
    "hold_ceremonies",
    "hold_ceremony",
    "hold_committee_vote",
    "hold_recognition_committee_vote",
    "hold_recognition_vote",
    "hold_sub_committee_report",
    "move_away",
    "name_introducer",
    "note_call",
    "pause",
    "plan_class",
    "put_off",
    "receive_decision",
    "recognise_official",
    "record_certificate",
    "record_document",
    "record_past_admission",
    "refuse",
    "remove_probationer",
    "replace_introducer",
    "resume",
    "return_dossier",
    "take_up",
    "take_up_together",
    "undo_entry",
    "withdraw",
]
