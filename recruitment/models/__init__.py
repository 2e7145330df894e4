"""How a person becomes a member."""

from recruitment.models.candidates import (
    CallNote,
    Candidate,
    CandidateStanding,
    Closing,
    Helper,
    Introducer,
    IntroducerKind,
    Nomination,
    PutOff,
    RecordKind,
    Source,
    StageRecord,
    Waiver,
)
from recruitment.models.classes import AwarenessClass, Enrolment
from recruitment.models.decisions import AdmissionCeremony, Decision, DecisionKind
from recruitment.models.dossiers import Document, Paper
from recruitment.models.meetings import Meeting, Vote
from recruitment.models.procedures import AdmissionStage, ProcedureVersion, Requirement

__all__ = [
    "AdmissionCeremony",
    "AdmissionStage",
    "AwarenessClass",
    "CallNote",
    "Candidate",
    "CandidateStanding",
    "Closing",
    "Decision",
    "DecisionKind",
    "Document",
    "Enrolment",
    "Helper",
    "Introducer",
    "IntroducerKind",
    "Meeting",
    "Nomination",
    "Paper",
    "ProcedureVersion",
    "PutOff",
    "RecordKind",
    "Requirement",
    "Source",
    "StageRecord",
    "Vote",
    "Waiver",
]
