"""Those who are no members: open candidacies on the practice day, each in its stage, and those given up."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import date, timedelta

from recruitment.rulebook.facts import known
from reports.demo.admissions import PUPILS_OF, age_of, workplace_of
from reports.demo.candidacies import Candidacy, Paper, Remark, Ruling
from reports.demo.chains import Chains
from reports.demo.chance import Chance
from reports.demo.days import EVE, PRACTICE_DAY, back, forward, some_day
from reports.demo.people import Office
from reports.demo.tree import Cell, Place, Unit

STOCKS = {  # group: how many, in the order in which they choose their cells
    "decided": 5, "considered": 27, "lawful": 9, "under_age": 14, "introducers": 12, "certificate": 8,
    "verification": 5, "paused": 7, "returned": 5, "in_class": 140, "nominated": 310,
}  # fmt: skip
PUPILS = {"under_age": 12, "in_class": 26, "nominated": 44}  # of them in schools, college and centre
SEATS = (50, 50, 40)  # of those in the three classes that run
GIVEN_UP = 20
_ANSWER_ON = date(2025, 1, 5)
_EXPIRED_ON = (date(2019, 9, 25), date(2019, 12, 5))  # issued elsewhere, good for 60 months
_PAUSES = (
    "Đi học tập trung dài hạn",
    "Nghỉ thai sản",
    "Điều trị bệnh dài ngày",
    "Đi lao động có thời hạn ở nước ngoài",
)
_RETURNS = ("Lý lịch khai chưa đầy đủ", "Giấy chứng nhận lớp nhận thức đã hết hạn", "Bổ sung nhận xét nơi cư trú")
_WITHDRAWALS = (
    "Chuyển nơi làm việc ra ngoài tỉnh",
    "Nguyện vọng cá nhân",
    "Hoàn cảnh gia đình",
    "Đi lao động ở nước ngoài",
)
_REFUSALS = ("Chi bộ xét chưa đủ tín nhiệm", "Quần chúng nhận xét chưa tốt", "Không hoàn thành nhiệm vụ được giao")


class Pipeline:
    """Draws the open candidacies; a quiet cell has none, every other one has some."""

    def __init__(
        self, rng: Chance, units: list[Unit], quiet: set[str], chains: Chains, places: list[Place], office: Office
    ):
        self.rng, self.chains, self.office = rng, chains, office
        self.firms = [place.code for place in places if place.code.startswith("W")]
        self.cells = [(unit, cell) for unit in units for cell in unit.cells if cell.to is None]
        self.lively = [(unit, cell) for unit, cell in self.cells if cell.code not in quiet]
        self.taken: Counter[str] = Counter()
        self.running = len(chains.courses) - 4  # the first of the three classes that run; the last one is planned

    def fill(self) -> list[Candidacy]:
        """The open candidacies, group by group."""
        found = []
        for group, number in STOCKS.items():
            make: Callable[[Candidacy, int], None] = getattr(self, f"_{group}")
            for place in range(number):
                one = self._candidate(group, pupil=place < PUPILS.get(group, 0), fresh=group == "nominated")
                make(one, place)
                found.append(one)
        return found

    def given_up(self) -> list[Candidacy]:
        """Candidacies of the term that were withdrawn or refused."""
        return [self._given_up(place) for place in range(GIVEN_UP)]

    def _candidate(self, group: str, pupil: bool = False, fresh: bool = False) -> Candidacy:
        unit, cell = self._cell(pupil, group == "under_age", fresh)
        rng, given = self.rng, {}
        if pupil and group == "under_age":
            given["born"] = date(2007, 1, 6) + timedelta(days=rng.randrange(200))
        elif pupil and unit.code in PUPILS_OF:
            given["born"] = date(2006, 11, 1) + timedelta(days=rng.randrange(400))
        elif pupil:
            given["born"] = date(2003, 1, 1) + timedelta(days=rng.randrange(900))
        elif group == "under_age":
            given["born"] = date(2007, 1, 4) + timedelta(days=rng.randrange(60))
        human = self.office.human(cell.sort, PRACTICE_DAY, None if given else age_of(rng, cell), **given)
        human.workplace = workplace_of(unit, cell)
        if pupil:
            human.occupation, human.title, human.professional, human.theory = "student", "", "", ""
        elif given:
            human.occupation, human.title, human.professional, human.theory = "other", "", "", ""
        elif cell.residents and human.occupation in ("retired", "worker", "manager"):
            human.occupation = "worker" if human.occupation == "worker" else "other"
            if human.occupation == "worker":
                human.workplace, human.title = rng.choice(self.firms), "Công nhân"
        return Candidacy(human, cell, unit, student=pupil, group=group)

    def _cell(self, pupil: bool, under_age: bool, fresh: bool) -> tuple[Unit, Cell]:
        """A cell for the next one: those with nobody first where `fresh`, else the larger the likelier."""
        ready = self.lively
        if pupil:
            sectors = ("school",) if under_age else ("school", "college", "continuing_education")
            ready = [(unit, cell) for unit, cell in ready if unit.row.sector in sectors]
        elif under_age:
            ready = [(unit, cell) for unit, cell in ready if cell.residents]
        elif fresh and (empty := [(unit, cell) for unit, cell in ready if not self.taken[cell.code]]):
            ready = empty
        weights = [cell.closing**0.7 / (1 + self.taken[cell.code]) ** 2 for _unit, cell in ready]
        unit, cell = self.rng.choices(ready, weights)[0]
        self.taken[cell.code] += 1
        return unit, cell

    def _decided(self, one: Candidacy, place: int) -> None:
        decided_on = some_day(self.rng, date(2024, 10, 8), date(2024, 10, 23))
        before = back(decided_on, self.rng.randint(7, 14)) if one.unit.is_committee else decided_on
        considered_on = back(before, self.rng.randint(5, 12))
        self.chains.preparation(one, considered_on, EVE)
        self.chains.consider(one, considered_on)
        if one.unit.is_committee:
            self.chains.propose(one, before)
        one.rulings.append(Ruling("admission", decided_on, forward(decided_on, 2) if place < 3 else None))

    def _considered(self, one: Candidacy, place: int) -> None:
        considered_on = some_day(self.rng, date(2024, 9, 18), date(2024, 10, 25))
        self.chains.preparation(one, considered_on, EVE)
        self.chains.consider(one, considered_on)
        proposed_on = forward(considered_on, self.rng.randint(5, 12))
        if one.unit.is_committee and place % 2 and proposed_on < EVE:
            self.chains.propose(one, proposed_on)

    def _lawful(self, one: Candidacy, place: int) -> None:
        self._in_dossier(one)
        if place >= 3:  # the last papers are not there yet, and nothing keeps them from coming
            self._open_paper(one, "comments")
        if place < 5:
            one.booked_on = some_day(self.rng, date(2024, 11, 6), date(2024, 11, 22))

    def _in_dossier(self, one: Candidacy, together: date | None = None) -> None:
        """A dossier under way, with certificate, helper, introducers and papers up to the comments."""
        comments_on = some_day(self.rng, date(2024, 9, 23), date(2024, 10, 24))
        applied_on = self.chains.dossier(one, comments_on)
        self.chains.introduce(one, applied_on, EVE, youth_on=forward(comments_on, 5), together=together)
        for paper in one.papers:
            if paper.dated_on and paper.dated_on > EVE:
                paper.dated_on = back(EVE, 1)
        young = one.human.born > date(2006, 9, 1)
        self.chains.help(one, back(applied_on, self.rng.randint(15, 40) if young else self.rng.randint(50, 200)), EVE)
        self.chains.learn(one, before=known(one.helper_from), older=0 if young else None)
        self.chains.nominate(one, before=known(one.enrolled_on))

    def _open_paper(
        self, one: Candidacy, kind: str, asked_on: date | None = None, promised_on: date | None = None
    ) -> None:
        """The paper is asked for, and not there."""
        asked_on = asked_on or some_day(self.rng, date(2024, 10, 14), date(2024, 10, 28))
        one.papers = [paper for paper in one.papers if paper.kind != kind]
        asked_of = "Chi ủy nơi cư trú" if kind == "comments" else "Đảng ủy xã nơi cha mẹ sinh sống"
        one.papers.append(Paper(kind, asked_on=asked_on, asked_of=asked_of, promised_on=promised_on))

    def _under_age(self, one: Candidacy, place: int) -> None:
        self._in_dossier(one)
        self._open_paper(one, "comments")

    def _introducers(self, one: Candidacy, place: int) -> None:
        self._in_dossier(one, together=some_day(self.rng, date(2024, 1, 22), date(2024, 4, 26)))

    def _certificate(self, one: Candidacy, place: int) -> None:
        """Half of them have run out already; the others will, before an answer announced for December has come."""
        self._in_dossier(one)
        one.course, one.enrolled_on = None, None
        one.certificate_on = back(_EXPIRED_ON[place % 2], 0)
        if place % 2:
            promised_on = some_day(self.rng, date(2024, 12, 9), date(2024, 12, 20))
            self._open_paper(one, "verification", promised_on=promised_on)
            one.papers = [paper for paper in one.papers if paper.kind not in ("comments",)]

    def _verification(self, one: Candidacy, place: int) -> None:
        self._in_dossier(one)
        asked_on = some_day(self.rng, date(2024, 9, 16), date(2024, 10, 24))
        self._open_paper(one, "verification", asked_on=asked_on, promised_on=_ANSWER_ON)
        one.papers = [paper for paper in one.papers if paper.kind != "comments"]

    def _paused(self, one: Candidacy, place: int) -> None:
        """Taken up, no class yet."""
        self._nominated(one, place, last=date(2024, 5, 31))
        one.taken_up_on = one.taken_up_on or forward(one.nominated_on, 20)
        on = some_day(self.rng, forward(one.taken_up_on, 30), date(2024, 10, 18))
        one.remarks.append(Remark("pause", on, "taken_up", self.rng.choice(_PAUSES)))

    def _returned(self, one: Candidacy, place: int) -> None:
        """From the dossier, with a certificate that has run out."""
        self._in_dossier(one)
        one.course, one.enrolled_on = None, None
        one.certificate_on = back(date(2019, 6, 20), 0)
        one.papers = [paper for paper in one.papers if paper.kind != "comments"]
        last = max(paper.dated_on for paper in one.papers if paper.dated_on)
        on = min(forward(last, 2), back(EVE, 1))
        one.remarks.append(Remark("return", on, "dossier", _RETURNS[place % len(_RETURNS)]))

    def _in_class(self, one: Candidacy, place: int) -> None:
        course = self.running + (place * 7 % 140 >= SEATS[0]) + (place * 7 % 140 >= SEATS[0] + SEATS[1])
        self.chains.sit(one, course)
        self.chains.nominate(one, before=PRACTICE_DAY)

    def _nominated(self, one: Candidacy, place: int, last: date = date(2024, 10, 25)) -> None:
        days = int(self.rng.triangular(0, 560, 90))
        one.nominated_on = back(last, days)
        taken_up_on = forward(one.nominated_on, self.rng.randint(8, 55))
        if self.rng.random() < 0.74 and taken_up_on < EVE:
            one.taken_up_on = taken_up_on
        one.source = self.chains.source(one)

    def _given_up(self, place: int) -> Candidacy:
        rng = self.rng
        unit, cell = rng.choice(self.lively)
        nominated_on = some_day(rng, max(date(2020, 9, 1), cell.first + timedelta(days=30)), date(2024, 2, 28))
        human = self.office.human(cell.sort, nominated_on, age_of(rng, cell))
        human.workplace = workplace_of(unit, cell)
        one = Candidacy(human, cell, unit, nominated_on=nominated_on, group="given_up")
        one.source = self.chains.source(one)
        on = forward(nominated_on, rng.randint(50, 240))
        if place % 4:
            one.taken_up_on = forward(nominated_on, rng.randint(8, 40))
        kind = "withdraw" if place % 5 < 3 else "refuse"
        reason = rng.choice(_WITHDRAWALS if kind == "withdraw" else _REFUSALS)
        one.remarks.append(Remark(kind, on, "taken_up" if one.taken_up_on else "nominated", reason))
        return one
