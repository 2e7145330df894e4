"""The planned town is entered, day by day with the office clock on that day, by the steps that every operation uses."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date, timedelta
from typing import Any

from django.db import transaction

from foundation import clock, facts, sealed
from foundation.facts import Change
from foundation.models import Office
from foundation.names import search_key
from foundation.operation import Act, Submission, operation
from membership import steps as register
from membership.models import (
    Appointment,
    CertificateKind,
    Coverage,
    MassKind,
    MassMembership,
    MassOrganisation,
    MembershipStatus,
    Organisation,
    Person,
    Placement,
    PlacementKind,
    Role,
    Status,
    TransferKind,
    User,
    Workplace,
)
from membership.models.organisations import Kind
from recruitment import closing
from recruitment import steps as recruitment
from recruitment.models import AdmissionCeremony, Candidate, DecisionKind, Nomination, RecordKind, Waiver
from recruitment.rulebook.calendar import add_months
from recruitment.rulebook.facts import known
from reports.demo import tree
from reports.demo.candidacies import Candidacy, bodies_of
from reports.demo.chance import Chance
from reports.demo.days import TERM_FIRST
from reports.demo.imported import comes_with_unit, sector_of
from reports.demo.ledger import ENDS, Ledger, Work
from reports.demo.people import Human
from reports.demo.plan import DIRECTIVE, Post, Targets, Town
from reports.models import Directive, Period, PeriodKind, Plan, PlanState, TargetValue

CENTRE = "Trung tâm Chính trị thị xã"
_BODY_NAMES = {
    MassKind.YOUTH_UNION: "Đoàn TNCS Hồ Chí Minh",
    MassKind.TRADE_UNION: "Công đoàn",
    MassKind.WOMEN: "Hội Liên hiệp Phụ nữ",
    MassKind.FARMERS: "Hội Nông dân",
    MassKind.VETERANS: "Hội Cựu chiến binh",
}
_OF_SOURCE = {"youth_union": MassKind.YOUTH_UNION, "trade_union": MassKind.TRADE_UNION}


class Player:
    """One town on its way into the database: which planned thing is which row."""

    def __init__(self, town: Town, rng: Chance, eve: date):
        self.town, self.ledger = town, Ledger(town, rng, eve)
        self.units: dict[str, Organisation] = {}
        self.people: dict[int, Person] = {}
        self.candidates: dict[int, Candidate] = {}
        self.places: dict[str, Workplace] = {}
        self.bodies: dict[tuple[str, str], MassOrganisation] = {}
        self.classes: dict[int, Any] = {}
        self.periods: dict[str, Period] = {}

    # The first day ---------------------------------------------------------------------------------------------------

    def open(self) -> None:
        """After the import: what stands is known, with mass organisations beside it and officers of other roles."""
        self._read()
        self._found_bodies()
        self._appoint(post for post in self.town.posts if post.first <= TERM_FIRST and not comes_with_unit(post))

    def _read(self) -> None:
        """The rows that the import made."""
        codes = [
            self.town.code,
            *(code for unit in self.town.units for code in (unit.code, *(c.code for c in unit.cells))),
        ]
        self.units = {unit.code: unit for unit in _by("code", Organisation, codes)}
        self.places = {
            place.code: place for place in _by("code", Workplace, [place.code for place in self.town.places])
        }
        prints = {sealed.fingerprint(human.identity): human.number for human in self.town.history.opening}
        self.people = {prints[row.identity_print or ""]: row for row in _by("identity_print", Person, list(prints))}

    def _new_units(self, unit: tree.Unit) -> Iterator[register.NewUnit]:
        """The grassroots organisation and its cells; a grassroots cell is one unit."""
        kind = Kind.COMMITTEE if unit.is_committee else Kind.CELL
        yield register.NewUnit(
            code=unit.code, name=unit.row.name, kind=kind, parent=self.units[self.town.code],
            from_on=unit.first, sector=unit.row.sector, phone=unit.phone,
        )  # fmt: skip
        if unit.is_committee:
            yield from (self._new_cell(cell, unit) for cell in unit.cells)

    def _new_cell(self, cell: tree.Cell, unit: tree.Unit) -> register.NewUnit:
        return register.NewUnit(
            code=cell.code, name=cell.name, kind=Kind.CELL, parent=self.units[unit.code],
            from_on=cell.first, sector=sector_of(cell, unit), phone=cell.phone,
        )  # fmt: skip

    def _found_bodies(self, only: str = "") -> None:
        made = []
        for unit in self.town.units:
            if unit.code not in self.units or (only and unit.code != only):
                continue
            for kind in bodies_of(unit):
                name = f"{_BODY_NAMES[MassKind(kind)]} {unit.row.name}"
                row = MassOrganisation(name=name, search_key=search_key(name), kind=kind, unit=self.units[unit.code])
                self.bodies[unit.code, kind] = row
                made.append(row)
        MassOrganisation.objects.bulk_create(made, batch_size=400)

    def _cover_by(self, act: Act, stands: Callable[[str], bool]) -> None:
        changes = [
            Change({"organisation": self.units[unit], "workplace": self.places[place.code]}, {}, since)
            for place in self.town.places
            for unit, since in place.covered
            if stands(unit)
        ]
        facts.change(act, Coverage, changes)

    def member(self, human: Human) -> register.NewMember:
        """The person as the register has them who came from outside, or was there from the beginning."""
        self.people[human.number] = person = self.person(human)
        stay = human.stays[0]
        official_on = human.official_on if human.official_on and human.official_on <= stay.first else None
        return register.NewMember(
            person=person,
            cell=self.units[stay.cell],
            placed_on=stay.first,
            admitted_on=human.admitted_on or stay.first,
            recognised_on=official_on,
            awareness_on=human.awareness_on,
            occupation=self._occupation(human),
        )

    def person(self, human: Human) -> Person:
        """The person's row, not stored yet."""
        row = Person(
            full_name=human.name, sex=human.sex, born_on=human.born, birth_place=human.birth_place,
            home_town=human.home_town, residence=human.residence, ethnicity=human.ethnicity, religion=human.religion,
            education=human.education, professional=human.professional, theory=human.theory, languages=human.languages,
            phone=human.phone, card_number=human.card_number,
        )  # fmt: skip
        row.identity_number = human.identity
        return row

    def _occupation(self, human: Human) -> dict[str, Any]:
        return {
            "kind": human.occupation,
            "workplace": self.places[human.workplace] if human.workplace else None,
            "title": human.title,
        }

    def _appoint(self, posts: Iterable[Post]) -> None:
        Appointment.objects.bulk_create(
            (
                Appointment(
                    person=self.people[post.human.number],
                    organisation=self.units[post.unit],
                    role=post.role,
                    from_on=post.first,
                    until_on=post.to or facts.OPEN,
                    reads_names=post.role in (Role.SECRETARY, Role.CLERK, Role.OFFICIAL),
                )
                for post in posts
            ),
            batch_size=400,
        )

    # A later day -----------------------------------------------------------------------------------------------------

    def enter(self, act: Act, day: date, work: Work) -> None:
        """What the office entered on that day, kind by kind in an order in which nothing is missing."""
        for kind in _ORDER:
            if what := work.get(kind):
                getattr(self, f"_{kind}")(act, what)
        self._follow(work)
        self._appoint(post for post in self.ledger.posts_of(day) if post.human.number in self.people)

    def _found(self, act: Act, cells: list[tree.Cell]) -> None:
        for cell in cells:
            unit = next(unit for unit in self.town.units if unit.code == cell.unit)
            new = self._new_cell(cell, unit) if unit.is_committee else next(iter(self._new_units(unit)))
            [self.units[cell.code]] = register.found(act, [new])
            if not unit.is_committee:
                self._found_bodies(only=unit.code)
            self._cover_by(act, lambda unit, code=cell.code: unit == code)  # type: ignore[misc]

    def _plan_class(self, act: Act, numbers: list[int]) -> None:
        for number in numbers:
            first, last = self.town.courses[number]
            self.classes[number] = recruitment.plan_class(
                act,
                {
                    "name": f"Lớp nhận thức về Đảng {last:%m/%Y}",
                    "unit": self.units[self.town.code],
                    "issuer": CENTRE,
                    "begins_on": first,
                    "ends_on": last,
                    "seats": 60,
                },
            )

    def _nominate(self, act: Act, found: list[Candidacy]) -> None:
        rows = [self.person(one.human).set_keys() for one in found]
        Person.objects.bulk_create(rows, batch_size=200)
        self.people |= {one.human.number: row for one, row in zip(found, rows, strict=True)}
        since = {
            one.human.number: one.nominated_on - timedelta(days=900 if one.human.born.year < 1998 else 240)
            for one in found
        }
        register.occupy(act, [(self._of(one), self._occupation(one.human), since[one.human.number]) for one in found])
        facts.change(act, MassMembership, [change for one in found for change in self._unions(one)])
        past = {one.human.number for one in found if one.ceremony_on and one.ceremony_on.year == TERM_FIRST.year}
        for is_past in (True, False):
            some = [one for one in found if (one.human.number in past) is is_past]
            made = recruitment.nominate(act, [self._nomination(one) for one in some], past=is_past)
            self.candidates |= {one.human.number: candidate for one, candidate in zip(some, made, strict=True)}

    def _nomination(self, one: Candidacy) -> dict[str, Any]:
        return {
            "person": self._of(one), "cell": self.units[one.cell.code], "source": one.source,
            "body": self._body(one, one.source), "happened_on": one.nominated_on,
        }  # fmt: skip

    def _body(self, one: Candidacy, source: str) -> MassOrganisation | None:
        if source == "cell":
            return None
        kinds = [_OF_SOURCE[source]] if source in _OF_SOURCE else [MassKind.WOMEN, MassKind.FARMERS]
        kind = kinds[0] if one.human.sex == "female" else kinds[-1]
        return self.bodies[one.unit.code, kind]

    def _unions(self, one: Candidacy) -> Iterator[Change]:
        """Whoever was young became a member of the Youth Union, until 31; workers are in the trade union."""
        human = one.human
        joined_on, left_on = add_months(human.born, 12 * 16), add_months(human.born, 12 * 31)
        if left_on > one.nominated_on:
            body = self.bodies[one.unit.code, MassKind.YOUTH_UNION]
            yield Change({"person": self._of(one), "body": body}, {}, joined_on, left_on)
        if (one.unit.code, MassKind.TRADE_UNION) in self.bodies and not one.student:
            body = self.bodies[one.unit.code, MassKind.TRADE_UNION]
            yield Change({"person": self._of(one), "body": body}, {}, one.nominated_on - timedelta(days=400))

    def _take_up(self, act: Act, found: list[Candidacy]) -> None:
        recruitment.take_up(act, [{"candidate": self._candidate(one), "happened_on": one.taken_up_on} for one in found])

    def _enrol(self, act: Act, found: list[Candidacy]) -> None:
        recruitment.enrol(
            act,
            [
                {
                    "awareness_class": self.classes[one.course or 0],
                    "person": self._of(one),
                    "enrolled_on": one.enrolled_on,
                }
                for one in found
            ],
        )

    def _certify(self, act: Act, found: list[Candidacy]) -> None:
        recruitment.certify(
            act, [self._certificate(one, one.certificate_on, CertificateKind.AWARENESS) for one in found]
        )

    def _certify_member(self, act: Act, found: list[Candidacy]) -> None:
        recruitment.certify(
            act, [self._certificate(one, one.new_member_on, CertificateKind.NEW_MEMBER) for one in found]
        )

    def _certificate(self, one: Candidacy, day: date | None, kind: str) -> dict[str, Any]:
        number = f"{one.human.number:04}/GCN-{'NT' if kind == CertificateKind.AWARENESS else 'ĐVM'}"
        return {"person": self._of(one), "kind": kind, "number": number, "issuer": CENTRE, "happened_on": day}

    def _help(self, act: Act, found: list[Candidacy]) -> None:
        recruitment.assign_helpers(
            act,
            [
                {
                    "candidate": self._candidate(one),
                    "person": self.people[one.helper.number],
                    "from_on": one.helper_from,
                }
                for one in found
                if one.helper
            ],
        )

    def _vouch(self, act: Act, found: list[Any]) -> None:
        recruitment.add_introducers(
            act,
            [
                {
                    "candidate": self._candidate(one), "kind": voucher.kind, "assigned_on": voucher.assigned_on,
                    "person": self.people[voucher.human.number] if voucher.human else None,
                    "body": None if voucher.human else self.bodies[one.unit.code, voucher.kind],
                    "together_since": voucher.together_since,
                }
                for one, voucher in found
            ],
        )  # fmt: skip

    def _paper(self, act: Act, found: list[Any]) -> None:
        recruitment.add_documents(
            act,
            [
                {
                    "candidate": self._candidate(one), "kind": paper.kind, "number": paper.number,
                    "asked_on": paper.asked_on, "asked_of": paper.asked_of, "promised_on": paper.promised_on,
                    "dated_on": paper.dated_on,
                }
                for one, paper in found
            ],
        )  # fmt: skip

    def _waive(self, act: Act, found: list[Candidacy]) -> None:
        for one in found:
            if one.waiver:
                Waiver.objects.create(
                    candidate=self._candidate(one), rule=one.waiver.rule, authority=one.waiver.authority,
                    document=one.waiver.document, granted_on=one.waiver.granted_on,
                )  # fmt: skip
                act.about(self._candidate(one))

    def _vote(self, act: Act, found: list[Any]) -> None:
        recruitment.hold_votes(
            act,
            [
                {
                    "candidate": self._candidate(one), "organisation": self.units[ballot.organisation],
                    "stage": ballot.stage, "happened_on": ballot.on, "entitled": ballot.entitled,
                    "present": ballot.present, "issued": ballot.present, "returned": ballot.present,
                    "valid": ballot.valid, "in_favour": ballot.in_favour, "against": ballot.against,
                }
                for one, ballot in found
            ],
        )  # fmt: skip

    def _book(self, act: Act, found: list[Candidacy]) -> None:
        recruitment.book_meetings(
            act, [{"organisation": self.units[one.cell.code], "held_on": one.booked_on} for one in found]
        )

    def _rule(self, act: Act, found: list[Any]) -> None:
        rows: dict[str, list[dict[str, Any]]] = {"admission": [], "recognition": [], "removal": []}
        for one, ruling in found:
            row = {
                "candidate": self._candidate(one), "committee": self.units[self.town.code], "number": ruling.number,
                "happened_on": ruling.on, "received_on": ruling.received_on,
            }  # fmt: skip
            if ruling.kind == "recognition":
                row["official_on"] = one.official_on
            rows[ruling.kind].append(row)
        recruitment.decide(act, [{**row, "kind": DecisionKind.ADMISSION} for row in rows["admission"]])
        if rows["recognition"]:
            recruitment.recognise(act, rows["recognition"])
        if rows["removal"]:
            recruitment.remove(act, rows["removal"])

    def _hold_ceremony(self, act: Act, found: list[Any]) -> None:
        recruitment.hold_ceremonies(
            act, [{"candidate": self._candidate(one), "happened_on": shown_on} for one, shown_on in found]
        )

    def _remark(self, act: Act, found: list[Any]) -> None:
        recruitment.record(
            act,
            [
                {
                    "candidate": self._candidate(one), "kind": RecordKind(remark.kind), "stage": remark.stage,
                    "reason": remark.reason, "happened_on": remark.on,
                }
                for one, remark in found
            ],
        )  # fmt: skip

    def _arrived(self, act: Act, found: list[Any]) -> None:
        register.register(act, [self.member(one.human) for one in found])
        self._transfer(act, found, TransferKind.ARRIVED)

    def _moved(self, act: Act, found: list[Any]) -> None:
        self._transfer(act, found, TransferKind.WITHIN)

    def _departed(self, act: Act, found: list[Any]) -> None:
        self._transfer(act, found, TransferKind.DEPARTED)

    def _transfer(self, act: Act, found: list[Any], kind: str) -> None:
        seen: dict[int, list[Any]] = {}
        for one in found:  # somebody who moved twice is entered in two calls, in their order
            seen.setdefault(one.human.number, []).append(one)
        for turn in range(max(len(rows) for rows in seen.values())):
            rows = [rows[turn] for rows in seen.values() if len(rows) > turn]
            register.transfer(
                act,
                [
                    {
                        "person": self.people[one.human.number], "kind": kind, "happened_on": one.day,
                        "from_cell": self.units[one.start] if one.start else None,
                        "to_cell": self.units[one.to] if one.to else None,
                        "outside": "" if kind == TransferKind.WITHIN else one.human.outside,
                    }
                    for one in rows
                ],
            )  # fmt: skip

    def _official(self, act: Act, humans: list[Human]) -> None:
        firsts = {self.people[human.number]: human.official_on for human in humans}
        register.change_status(act, firsts, Status.OFFICIAL)  # type: ignore[arg-type]

    def _end(self, act: Act, found: list[Any]) -> None:
        register.change_status(act, {self.people[one.human.number]: one.day for one in found}, ENDS[found[0].kind])

    _died = _removed = _expelled = _resigned = _end

    def _dissolve(self, act: Act, cells: list[tree.Cell]) -> None:
        for cell in cells:
            register.dissolve(act, [self.units[cell.code]], known(cell.to), [self.units[cell.into]])
            Appointment.objects.filter(organisation=self.units[cell.code]).update(until_on=cell.to)

    def _correct_source(self, act: Act, found: list[Candidacy]) -> None:
        """Another body had brought the person forward."""
        candidates = [self._candidate(one) for one in found]
        rows = list(Nomination.objects.so().filter(candidate__in=candidates))
        facts.withdraw(act, rows)
        again = [{name: getattr(row, name) for name in Nomination.value_fields()} for row in rows]
        facts.record(act, Nomination, [{**row, "source": "cell", "body_id": None} for row in again])
        recruitment.touch(act, candidates)

    def _correct_ceremony(self, act: Act, found: list[Candidacy]) -> None:
        """The ceremony was some days earlier than entered."""
        candidates = {self._candidate(one).pk: one for one in found}
        rows = list(AdmissionCeremony.objects.so().filter(candidate__in=candidates))
        facts.withdraw(act, rows)
        again = [{name: getattr(row, name) for name in AdmissionCeremony.value_fields()} for row in rows]
        facts.record(
            act,
            AdmissionCeremony,
            [{**row, "happened_on": candidates[row["candidate_id"]].ceremony_on} for row in again],
        )
        for one in found:
            person, cell, first = self._of(one), self.units[one.cell.code], known(one.ceremony_on)
            facts.change(act, MembershipStatus, [Change({"person": person}, {"status": Status.PROBATIONARY}, first)])
            placed = {"person": person, "kind": PlacementKind.OFFICIAL}
            facts.change(act, Placement, [Change(placed, {"cell": cell}, first)])
        recruitment.touch(act, [self._candidate(one) for one in found])

    def _correct_death(self, act: Act, found: list[Any]) -> None:
        """The member had died some days earlier than entered."""
        for one in found:
            person = self.people[one.human.number]
            facts.change(act, MembershipStatus, [Change({"person": person}, {"status": Status.DIED}, one.day)])
            facts.change(act, Placement, [Change({"person": person, "kind": PlacementKind.OFFICIAL}, None, one.day)])
            act.about(person)

    def _target(self, act: Act, found: list[Targets]) -> None:
        for one in found:
            self._plan_of(act, one)

    def _plan_of(self, act: Act, one: Targets) -> None:
        top = self.units[self.town.code]
        directive = None
        if one.directive:
            number, title, issued_on = DIRECTIVE
            number = number if self.town.code == tree.TOWN else f"{number} {self.town.code}"
            directive = Directive.objects.create(number=number, title=title, issued_on=issued_on, unit=top)
        period, _made = Period.objects.get_or_create(
            code=one.period, defaults={"kind": PeriodKind(one.kind), "first": one.first, "last": one.last}
        )
        plan = Plan.objects.create(
            unit=top, period=period, directive=directive, title=one.title, state=PlanState.DECIDED
        )
        since = one.decided_on if one.directive else one.first
        changes = [
            Change({"plan": plan, "unit": self.units[unit], "group": group}, {"number": number}, since)
            for unit, group, number in one.numbers
            if unit in self.units
        ]
        facts.change(act, TargetValue, changes)
        act.about(plan)

    def _follow(self, work: Work) -> None:
        """Candidacies follow what became of their people: closed, or in the cell to which a probationer moved."""
        kinds = ("moved", "departed", "died", "removed", "expelled", "resigned")
        numbers = {one.human.number for kind in kinds for one in work.get(kind, ())}
        touched = [self.candidates[number] for number in sorted(numbers) if number in self.candidates]
        if touched:
            closing.settle(touched)
            closing.follow_members(touched)

    def _of(self, one: Candidacy) -> Person:
        return self.people[one.human.number]

    def _candidate(self, one: Candidacy) -> Candidate:
        return self.candidates[one.human.number]


_ORDER = (
    "found", "plan_class", "target", "arrived", "nominate", "take_up", "enrol", "certify", "help", "vouch", "paper",
    "waive", "vote", "book", "hold_ceremony", "certify_member", "rule", "remark", "official", "moved", "dissolve",
    "departed", "died", "removed", "expelled", "resigned", "correct_source", "correct_ceremony", "correct_death",
)  # fmt: skip


def _by(name: str, model: Any, values: list[str]) -> Iterator[Any]:
    for start in range(0, len(values), 400):
        yield from model.objects.filter(**{f"{name}__in": values[start : start + 400]})


@operation("open_demo", capability="register.import")
def open_demo(act: Act, *, player: Player) -> None:
    """Beside the units of the register stand their mass organisations, and officers hold their posts."""
    player.open()


@operation("enter_demo", capability="register.import")
def enter_demo(act: Act, *, player: Player, day: date, work: Work) -> None:
    """What the office entered on that day is in the database; derived rows are written once, at the end of the load."""
    player.enter(act, day, work)
    act.events.clear()


def play(players: list[Player], clerk: User, until: date, say: Callable[[str], object]) -> None:
    """Every entry day before `until`, in turn."""
    days = sorted({day for player in players for day in player.ledger.days if day < until})
    year = 0
    for place, day in enumerate(days):
        if day.year != year:
            year = day.year
            say(f"  {year}: {sum(1 for one in days if one.year == year)} days")
        for player in players:
            if work := player.ledger.days.get(day):
                with clock.at(clock.moment_on(day, 8 + place % 9, place * 7 % 60)):
                    enter_demo(Submission(clerk), player=player, day=day, work=work)


def stand(day: date) -> int:
    """The office is a practice office on that day, and the derived rows say so; how many there are."""
    with transaction.atomic():  # the last act of a load: one that was broken off has no office
        Office.objects.create(practice_day=day)
        clock.forget()
        return len(recruitment.refresh_standing(None, list(Candidate.objects.all())))
