"""Steps on the way to admission: they write many rows at once, inside an operation's transaction.

Rows are mappings by field name; the docstring of each step names the keys. Keys not given have the model's default.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from foundation import facts
from foundation.held import held_rows
from foundation.operation import Act, OperationRefused
from membership import steps as membership_steps
from membership.models import (
    Certificate,
    Organisation,
    Person,
    Status,
)
from recruitment import events, profiles
from recruitment.models import (
    AdmissionCeremony,
    AwarenessClass,
    Candidate,
    CandidateStanding,
    Decision,
    DecisionKind,
    Document,
    Enrolment,
    Helper,
    Introducer,
    Meeting,
    Nomination,
    RecordKind,
    StageRecord,
    Vote,
)

Row = Mapping[str, Any]
_AT_ONCE = 400  # rows a statement


class CandidacyRefused(OperationRefused):
    """The person cannot become a candidate there; nothing was written."""


def hold_open(people: Iterable[Person]) -> dict[int, Candidate]:
    """The open candidacies of these people, by the person: their rows are ours until the end of the transaction."""
    rows = Candidate.objects.open().select_for_update(no_key=True).order_by("pk")
    keys = sorted({person.pk for person in people})
    return {candidate.person_id: candidate for chunk in _chunks(keys) for candidate in rows.filter(person__in=chunk)}


def nominate(
    act: Act, rows: Iterable[Row], past: bool = False, standing: Mapping[int, Candidate] | None = None
) -> list[Candidate]:
    """The people are nominated: {person, cell, source, body, happened_on}; returns each row's candidate.

    The first nomination of a person in a cell opens the candidacy, later ones join it. A person with an open
    candidacy in another cell: CandidacyRefused. `standing`: what `hold_open` gave, where the act has asked already; of
    people whom it makes there is nothing.
    """
    rows = list(rows)
    standing = hold_open(row["person"] for row in rows) if standing is None else standing
    opened: dict[int, Candidate] = {}
    refused = []
    for row in sorted(rows, key=lambda row: row["happened_on"]):
        person, cell = row["person"], row["cell"]
        have = standing.get(person.pk) or opened.get(person.pk)
        if have is None:
            opened[person.pk] = Candidate(person=person, cell=cell, opened_on=row["happened_on"], past=past)
        elif have.cell_id != cell.pk:
            refused.append(_("%(person)s is already a candidate in another cell.") % {"person": person})
        else:
            have.person, have.cell = person, cell
    if refused:
        raise CandidacyRefused(*refused)
    Candidate.objects.bulk_create(opened.values(), batch_size=_AT_ONCE)
    candidates = [standing.get(row["person"].pk) or opened[row["person"].pk] for row in rows]
    facts.record(
        act,
        Nomination,
        [
            {
                "candidate": candidate,
                "source": row["source"],
                "body": row.get("body"),
                "happened_on": row["happened_on"],
            }
            for row, candidate in zip(rows, candidates, strict=True)
        ],
    )
    _open_earlier(rows, candidates)
    touch(act, candidates)
    return candidates


def _open_candidacies(people: Iterable[Person]) -> dict[int, Candidate]:
    """By the person, who has one at the most; those which an operation holds are not read again."""
    keys = sorted({person.pk for person in people})
    held = {row.person_id: row for row in held_rows(Candidate) if not row.closed_on}
    if held.keys() >= set(keys):
        return {key: held[key] for key in keys}
    return {
        candidate.person_id: candidate
        for chunk in _chunks(keys)
        for candidate in Candidate.objects.open().filter(person__in=chunk).select_related("person", "cell")
    }


def _open_earlier(rows: Sequence[Row], candidates: Sequence[Candidate]) -> None:
    """A nomination that joins with an earlier day moves the opening back."""
    moved = {}
    for row, candidate in zip(rows, candidates, strict=True):
        if row["happened_on"] < candidate.opened_on:
            candidate.opened_on = row["happened_on"]
            moved[candidate.pk] = candidate
    Candidate.objects.bulk_update(moved.values(), ["opened_on"], batch_size=_AT_ONCE)


def take_up(act: Act, rows: Iterable[Row]) -> None:
    """The cells take the candidates up: {candidate, happened_on}."""
    record(act, [{**row, "kind": RecordKind.TAKEN_UP} for row in rows])


def record(act: Act, rows: Iterable[Row]) -> list[Any]:
    """Plain records: {candidate, kind, stage, reason, happened_on}; closing kinds close the candidacy on that day."""
    rows = list(rows)
    made = facts.record(act, StageRecord, rows)
    touch(act, [row["candidate"] for row in rows])
    return made


def assign_helpers(act: Act, rows: Iterable[Row]) -> list[Helper]:
    """Members help the candidates from their day on: {candidate, person, from_on, until_on}."""
    return _made(act, Helper, rows)


def end_helpers(act: Act, ends: Mapping[Helper, date]) -> None:
    """The helpers no longer help from their day on."""
    _mend(act, ends, "until_on")


def add_introducers(act: Act, rows: Iterable[Row]) -> list[Introducer]:
    """These vouch for the candidates: {candidate, kind, person, body, assigned_on, together_since, replaces}."""
    return _made(act, Introducer, rows)


def end_introducers(act: Act, ends: Mapping[Introducer, date]) -> None:
    """The introducers no longer vouch from their day on."""
    _mend(act, ends, "ended_on")


def add_documents(act: Act, rows: Iterable[Row]) -> list[Document]:
    """Papers of the dossiers: {candidate, kind, number, asked_on, asked_of, promised_on, dated_on}."""
    return _made(act, Document, rows)


def mend_documents(act: Act, changes: Mapping[Document, Row]) -> None:
    """The papers are as given, field by field; what is not named stays."""
    names = sorted({name for values in changes.values() for name in values})
    for document, values in changes.items():
        for name, after in values.items():
            _note(act, document, name, getattr(document, name), after)
            setattr(document, name, after)
    Document.objects.bulk_update(changes, names, batch_size=_AT_ONCE)
    touch(act, [document.candidate for document in changes])


def plan_class(act: Act, row: Row) -> AwarenessClass:
    """A class is planned: {name, kind, unit, issuer, begins_on, ends_on, seats}."""
    planned = AwarenessClass.objects.create(**row)
    act.about(planned)
    return planned


def enrol(act: Act, rows: Iterable[Row]) -> list[Enrolment]:
    """People sit in classes: {awareness_class, person, enrolled_on}; a seat that was left is taken again."""
    rows = list(rows)
    fields = ["enrolled_on", "left_on"]
    made = Enrolment.objects.bulk_create(
        (Enrolment(**row) for row in rows),
        batch_size=_AT_ONCE,
        update_conflicts=True,
        unique_fields=["awareness_class", "person"],
        update_fields=fields,
    )
    act.about(*{row["awareness_class"]: None for row in rows}, *made)
    _touch_people(act, [row["person"] for row in rows])
    return made


def certify(act: Act, rows: Iterable[Row]) -> list[Any]:
    """Certificates belong to the people: {person, kind, number, issuer, happened_on}."""
    rows = list(rows)
    made = facts.record(act, Certificate, rows)
    _touch_people(act, [row["person"] for row in rows])
    return made


def book_meetings(act: Act, rows: Iterable[Row]) -> list[Meeting]:
    """Meetings are planned: {organisation, held_on}; one of that day that is there stays as it is."""
    wanted = {(row["organisation"].pk, row["held_on"]): row for row in rows}
    booked = Meeting.objects.bulk_create(
        (Meeting(**row, booked=True) for row in wanted.values()),
        batch_size=_AT_ONCE,
        update_conflicts=True,
        unique_fields=["organisation", "held_on"],
        update_fields=["held_on"],
    )
    act.about(*booked)
    return booked


def hold_votes(act: Act, rows: Iterable[Row]) -> list[Any]:
    """Meetings voted: {candidate, organisation, stage, happened_on, entitled, present, issued, returned, valid,
    in_favour, against}; the meeting of that day is found (a booked one counts as held) or made.
    """
    rows = list(rows)
    meetings = _meetings(act, [{"organisation": row["organisation"], "held_on": row["happened_on"]} for row in rows])
    votes = [
        {**{name: value for name, value in row.items() if name != "organisation"}, "meeting": meeting}
        for row, meeting in zip(rows, meetings, strict=True)
    ]
    made = facts.record(act, Vote, votes)
    touch(act, [row["candidate"] for row in rows])
    return made


def _meetings(act: Act, rows: Iterable[Row]) -> list[Meeting]:
    """For each row the meeting of that unit on that day: found, else made; a planned one that votes was held."""
    rows = list(rows)
    units = sorted({row["organisation"].pk for row in rows})
    days = sorted({row["held_on"] for row in rows})
    found = {
        (meeting.organisation_id, meeting.held_on): meeting
        for chunk in _chunks(units)
        for meeting in Meeting.objects.filter(organisation__in=chunk, held_on__range=(days[0], days[-1]))
    }
    wanted = {(row["organisation"].pk, row["held_on"]): row["organisation"] for row in rows}
    new = [Meeting(organisation=unit, held_on=key[1]) for key, unit in wanted.items() if key not in found]
    held = [found[key] for key in wanted if key in found and found[key].booked]
    for chunk in _chunks([meeting.pk for meeting in held]):
        Meeting.objects.filter(pk__in=chunk).update(booked=False)
    _plan_no_longer(act, held)
    Meeting.objects.bulk_create(new, batch_size=_AT_ONCE)
    found |= {(meeting.organisation_id, meeting.held_on): meeting for meeting in new}
    return [found[row["organisation"].pk, row["held_on"]] for row in rows]


def _plan_no_longer(act: Act, held: Sequence[Meeting]) -> None:
    """Nobody under these units counts on the meetings any more: they were held."""
    from recruitment import standing

    if units := [meeting.organisation for meeting in held]:
        touch_derived(act, standing.under(units))


def decide(act: Act, rows: Iterable[Row]) -> list[Any]:
    """Committees decided: {candidate, kind, committee, number, happened_on, received_on}."""
    rows = list(rows)
    made = facts.record(act, Decision, rows)
    touch(act, [row["candidate"] for row in rows])
    return made


def receive_decisions(act: Act, days: Mapping[Any, date]) -> list[Any]:
    """The cells received the decisions on their day: the decisions are superseded by rows that say so."""
    made = facts.correct(act, Decision, {decision: {"received_on": day} for decision, day in days.items()})
    touch(act, [decision.candidate for decision in days])
    return made


def hold_ceremonies(act: Act, rows: Iterable[Row], of_new: bool = False) -> list[Any]:
    """Admission ceremonies were held: {candidate, happened_on, credited_to, official_on}, in the candidate's cell and
    credited to it unless said otherwise. The person is a probationary member placed in the cell from that day, and an
    official one from `official_on`, where it is known already; the profile is frozen.

    `of_new` people, made by this act: nobody asks what is recorded of them.
    """
    rows = list(rows)
    with_people = [row["candidate"] for row in rows]
    models.prefetch_related_objects(with_people, "person", "cell")
    held = [
        {"credited_to": row["candidate"].cell, **row, "person": row["candidate"].person, "cell": row["candidate"].cell}
        for row in rows
    ]
    frozen = profiles.of(held)
    ceremonies = [{**_without(row, "official_on"), **profile} for row, profile in zip(held, frozen, strict=True)]
    made = facts.record(act, AdmissionCeremony, ceremonies)
    days = {row["person"]: (row["happened_on"], row.get("official_on")) for row in held}
    membership_steps.admit(act, days, of_new)
    membership_steps.place(act, {row["person"]: (row["cell"], row["happened_on"]) for row in held}, of_new=of_new)
    act.emit(events.member_admitted, ceremonies=made)
    touch(act, with_people)
    return made


def recognise(act: Act, rows: Iterable[Row]) -> list[Any]:
    """The people are official members: {candidate, committee, number, happened_on, received_on, official_on}.

    `official_on` is the day the probation ended, however late the decision of `happened_on` (24-QĐ/TW, 4.2.2).
    """
    rows = list(rows)
    models.prefetch_related_objects([row["candidate"] for row in rows], "person")
    membership_steps.change_status(act, {row["candidate"].person: row["official_on"] for row in rows}, Status.OFFICIAL)
    made = decide(act, [{**_without(row, "official_on"), "kind": DecisionKind.RECOGNITION} for row in rows])
    act.emit(events.member_recognised, decisions=made)
    return made


def remove(act: Act, rows: Iterable[Row]) -> list[Any]:
    """The names are off the list of probationary members: {candidate, committee, number, happened_on}."""
    rows = list(rows)
    models.prefetch_related_objects([row["candidate"] for row in rows], "person")
    membership_steps.change_status(act, {row["candidate"].person: row["happened_on"] for row in rows}, Status.REMOVED)
    return decide(act, [{**row, "kind": DecisionKind.REMOVAL} for row in rows])


def annul(act: Act, rows: Iterable[Row]) -> list[Any]:
    """The admissions never took effect: {candidate, committee, number, happened_on, admitted_on}. From the day of the
    ceremony, `admitted_on`, the person is to the Party what they were on its eve; the ceremony stays, with the
    annulment beside it.
    """
    rows = list(rows)
    models.prefetch_related_objects([row["candidate"] for row in rows], "person")
    membership_steps.take_back(act, {row["candidate"].person: row["admitted_on"] for row in rows})
    return decide(act, [{**_without(row, "admitted_on"), "kind": DecisionKind.ANNULMENT} for row in rows])


def move_candidacies(act: Act, candidates: Iterable[Candidate], cell: Organisation) -> None:
    """The candidacies stand in the other cell."""
    candidates = list(candidates)
    for candidate in candidates:
        _note(act, candidate, "cell", candidate.cell_id, cell.pk)
        candidate.cell = cell
    Candidate.objects.bulk_update(candidates, ["cell"], batch_size=_AT_ONCE)
    touch(act, candidates)


def refresh_standing(act: Act | None, candidates: Iterable[Candidate | int]) -> list[CandidateStanding]:
    """The derived rows of these candidates are as the facts and rules say today."""
    from recruitment import standing

    return standing.rewrite({one if isinstance(one, int) else one.pk for one in candidates})


def touch(act: Act, candidates: Iterable[Candidate]) -> None:
    """The entry is about these candidates; whether they are closed, and their derived rows, follow at its end, once."""
    touched = list({candidate.pk: candidate for candidate in candidates}.values())
    act.about(*touched, *(Person(pk=candidate.person_id) for candidate in touched))
    touch_derived(act, touched)


def touch_derived(act: Act, candidates: Iterable[Candidate]) -> None:
    """The derived rows of these candidates are rewritten at the act's end, once; the entry is not about them."""
    act.gather(events.candidates_changed, "candidates", (candidate.pk for candidate in candidates))


def _touch_people(act: Act, people: Sequence[Person]) -> None:
    act.about(*people)
    touch(act, _open_candidacies(people).values())


def _made(act: Act, model: type[Any], rows: Iterable[Row]) -> list[Any]:
    made = model.objects.bulk_create((model(**row) for row in rows), batch_size=_AT_ONCE)
    act.about(*made)
    touch(act, [row.candidate for row in made])
    return made


def _mend(act: Act, values: Mapping[Any, Any], name: str) -> None:
    """Each row's field has its value; the entry says what it was before."""
    if not values:
        return
    for row, after in values.items():
        _note(act, row, name, getattr(row, name), after)
        setattr(row, name, after)
    rows = list(values)
    type(rows[0]).objects.bulk_update(rows, [name], batch_size=_AT_ONCE)
    touch(act, [row.candidate for row in rows])


def _note(act: Act, row: models.Model, name: str, before: Any, after: Any) -> None:
    """Subject and field are named so that an undo finds them again."""
    if before != after:
        act.note(f"{row._meta.label_lower}:{row.pk}", name, before, after)


def _without(row: Row, name: str) -> dict[str, Any]:
    return {key: value for key, value in row.items() if key != name}


def _chunks(keys: Sequence[Any]) -> Iterable[Sequence[Any]]:
    for start in range(0, len(keys), _AT_ONCE):
        yield keys[start : start + _AT_ONCE]
