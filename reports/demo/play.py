"""The planned town is entered, day by day with the office clock on that day."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from django.db import transaction

from foundation import clock
from foundation.models import Office
from foundation.operation import Act, Submission, operation
from membership.models import User
from recruitment import steps as recruitment
from recruitment.models import Candidate
from reports.demo.chance import Chance
from reports.demo.days import TERM_FIRST
from reports.demo.entered import Entered
from reports.demo.entries import enter
from reports.demo.imported import comes_with_unit
from reports.demo.ledger import Ledger, Work
from reports.demo.plan import Town


class Player:
    """One town on its way into the database."""

    def __init__(self, town: Town, rng: Chance, eve: date):
        self.town, self.ledger, self.entered = town, Ledger(town, rng, eve), Entered(town)

    def open(self) -> None:
        """After the import: what stands is known, with mass organisations beside it and officers of other roles."""
        self.entered.read()
        self.entered.found_bodies()
        posts = self.town.posts
        self.entered.appoint(post for post in posts if post.first <= TERM_FIRST and not comes_with_unit(post))

    def enter(self, act: Act, day: date, work: Work) -> None:
        """What the office entered on that day, and who holds a post from then on."""
        enter(self.entered, act, work)
        self.entered.appoint(post for post in self.ledger.posts_of(day) if post.human.number in self.entered.people)


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
