"""A step on its day, before the rules of that day; what operations share besides steps."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from foundation import clock
from foundation.days import format_day
from foundation.operation import Act, OperationRefused
from membership.models import Organisation
from recruitment.known import Known, read
from recruitment.models import Candidate
from recruitment.reasons import StepRefused
from recruitment.rulebook import wording
from recruitment.rulebook.book import RuleBook
from recruitment.rulebook.facts import CandidateFacts
from recruitment.rulebook.rules.probation import Probation, probation_ends_on

PROBATION_MONTHS = 12  # Party Charter, Article 5.1: for days before the oldest version


class CandidacyClosed(OperationRefused):
    """The candidacy is closed; nothing was written."""


class AlreadyRecorded(OperationRefused):
    """The step is recorded already; nothing was written."""


def lawful(candidate: Candidate, stage: str, day: date, once: bool = False) -> Known:
    """What is known of the candidate, if the version in force on `day` lets the stage happen then.

    StepRefused with all that blocks it. `once`: a stage that is recorded already is refused.
    """
    known = read([candidate])
    _lawful(candidate, known, stage, day, once)
    return known


def refused(candidates: Sequence[Candidate], stage: str, day: date) -> dict[int, OperationRefused]:
    """Those of whom the stage cannot be recorded on `day`, by their keys, each with all the reasons."""
    known, found = read(candidates), {}
    for one in candidates:
        try:
            _lawful(one, known, stage, day, once=True)
        except OperationRefused as refusal:
            found[one.pk] = refusal
    return found


def _lawful(candidate: Candidate, known: Known, stage: str, day: date, once: bool) -> None:
    still_open(candidate)
    facts, book = known.facts[candidate.pk], known.book
    if once:
        not_yet(facts, stage, day, book)
    if blocking := book.blocking(facts, stage, day, known.waivers.get(candidate.pk, ())):
        raise StepRefused.because(blocking)


def still_open(candidate: Candidate) -> None:
    """CandidacyClosed, unless the candidacy is open."""
    if candidate.closed_on:
        closed = {"day": format_day(candidate.closed_on), "how": candidate.get_closed_as_display()}
        raise CandidacyClosed(_("The candidacy was closed on %(day)s: %(how)s.") % closed)


def not_yet(facts: CandidateFacts, stage: str, day: date, book: RuleBook) -> None:
    """AlreadyRecorded, where the stage is done."""
    found = book.stage(stage, day)
    done = found.done_on(facts) if found else None
    if isinstance(done, date):
        told = {"stage": wording.stage_title(stage), "day": format_day(done)}
        raise AlreadyRecorded(_("%(stage)s: already recorded, on %(day)s.") % told)


def not_in_future(day: date) -> None:
    """OperationRefused for a day after the office's."""
    if day > clock.today():
        raise OperationRefused(_("The day is in the future."))


def with_reason(act: Act) -> str:
    """The reason given; OperationRefused where there is none."""
    if not act.reason.strip():
        raise OperationRefused(_("Say why."))
    return act.reason


def probation_ended_on(facts: CandidateFacts, book: RuleBook, day: date) -> date:
    """The day from which the person is official, by the version in force on `day`."""
    try:
        parameters = book.parameters(Probation, day)
    except LookupError:
        parameters = Probation(months=PROBATION_MONTHS)
    return probation_ends_on(facts, parameters)


def for_unit(act: Act, unit: Organisation) -> Organisation:
    """The unit whose step this is; recorded by an office above it, the entry says on whose behalf."""
    if act.appointment and act.appointment.organisation_id != unit.pk:
        act.entry.on_behalf_of = unit.pk
    return unit


def counted(entitled: int, present: int, in_favour: int, against: int, ballots: Iterable[int | None]) -> None:
    """OperationRefused with a sentence for each number that cannot be, of a vote."""
    issued, returned, valid = ballots
    chain: list[tuple[Any, int | None]] = [
        (_("entitled"), entitled),
        (_("present"), present),
        (_("ballots issued"), issued),
        (_("returned"), returned),
        (_("valid"), valid),
        (_("votes in favour and against"), in_favour + against),
    ]
    known = [(name, number) for name, number in chain if number is not None]
    wrong: list[Any] = [
        _("%(less)s: %(number)s, but only %(most)s %(more)s.")
        % {"less": less, "number": number, "most": most, "more": more}
        for (more, most), (less, number) in itertools.pairwise(known)
        if number > most
    ]
    if entitled < 1:
        wrong.append(_("Nobody is entitled to vote."))
    if wrong:
        raise OperationRefused(*wrong)
