"""Loading the practice town: plan, play, accounts, practice day."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from django.db import transaction

from foundation import clock
from foundation.models import JournalEntry, Office
from foundation.operation import Submission
from foundation.planning import take_stock
from membership.accounts import new_code, set_password
from membership.models import Appointment, MassKind, MassOrganisation, Organisation, Person, Role, User
from recruitment.days import begin
from reports.demo.chance import Chance
from reports.demo.copies import copied
from reports.demo.days import EVE, TERM_FIRST
from reports.demo.imported import bring_in
from reports.demo.people import Human
from reports.demo.plan import SEED, Town, plan_town
from reports.demo.play import Player, open_demo, play, stand

Say = Callable[[str], object]


class NotEmpty(Exception):
    """Something is loaded already; `args` is a sentence where a load was broken off."""


@dataclass(frozen=True, slots=True)
class Account:
    """An account of the demo: who it belongs to and what its appointment is."""

    username: str
    role: str
    what: str
    reads_names: bool = False
    reads_restricted: bool = False


CLERK = Account("clerk", Role.CLERK, "staff of the town committee", reads_names=True, reads_restricted=True)
OFFICIALS = (
    Account("official", Role.OFFICIAL, "official who reads figures and names", reads_names=True),
    Account("official-figures", Role.OFFICIAL, "official who reads figures only"),
)
ADMINISTRATOR = Account("administrator", Role.ADMINISTRATOR, "administrator of the town")
SECRETARY = Account("secretary", Role.SECRETARY, "secretary of a cell", reads_names=True)


def load(day: date, scale: int, accounts_file: Path, say: Say) -> None:
    """The town stands in the empty database on that practice day; the accounts are in the file. NotEmpty otherwise."""
    _refuse_unless_empty()
    say("Practice town: planning")
    town = plan_town()
    towns = [town, *(copied(town, number) for number in range(2, scale + 1))]
    players = [Player(one, Chance(SEED + place), EVE) for place, one in enumerate(towns)]
    say(f"Practice town: {TERM_FIRST}, {sum(len(one.history.opening) for one in towns)} members")
    administrator = User.objects.create_user(ADMINISTRATOR.username, is_staff=True, is_superuser=True)
    with clock.at(clock.moment_on(TERM_FIRST, 7)):
        for player in players:
            bring_in(administrator, player.town, with_province=player is players[0])
            open_demo(Submission(administrator), player=player)
    holders = _holders(town)
    users = _accounts(players[0], holders, administrator)
    play(players, users[CLERK], day, say)
    _hand_over(users, accounts_file, day)
    standing = stand(day)
    take_stock()
    say(f"Practice town: {standing} candidacies stand on {day}; accounts are in {accounts_file}")


def _refuse_unless_empty() -> None:
    if Office.objects.exists():
        raise NotEmpty
    if Organisation.objects.exists() or User.objects.exists() or JournalEntry.objects.exists():
        raise NotEmpty("The database holds something, but no finished demo: throw it away (make fresh) and load again.")


def _holders(town: Town) -> dict[Account, Human]:
    """Members of the town committee's own office for the staff, and the secretary of a busy residence cell."""
    office = next(unit for unit in town.units if unit.code == "QY20")
    busy = {post.human.number for post in town.posts}
    staff = [
        human
        for cell in office.cells
        for human in town.history.there(cell.code, TERM_FIRST, EVE)
        if human.number not in busy and human.born.year > 1965
    ]
    cells = {cell.code: 0 for cell in town.units[0].cells if cell.residents}
    for one in town.open:
        if one.cell.code in cells:
            cells[one.cell.code] += 3 if one.group not in ("nominated", "in_class") else 1
    busiest = max(cells, key=lambda code: (cells[code], code))
    secretary = next(post.human for post in town.posts if (post.unit, post.role) == (busiest, Role.SECRETARY))
    return dict(zip((CLERK, *OFFICIALS, ADMINISTRATOR), staff, strict=False)) | {SECRETARY: secretary}


@transaction.atomic
def _accounts(player: Player, holders: dict[Account, Human], administrator: User) -> dict[Account, User]:
    """Accounts bound to their people and appointments; the set-up account becomes the administrator's."""
    users = {}
    for account, human in holders.items():
        person = player.entered.people[human.number]
        if account is ADMINISTRATOR:
            administrator.is_superuser, administrator.person = False, person
            administrator.save(update_fields=["is_superuser", "person"])
            users[account] = administrator
        else:
            users[account] = User.objects.create_user(account.username, person=person)
        if account is not SECRETARY:  # appointed already, with the other officers
            _appoint(player, person, account)
    _others(player, set(holders.values()))
    return users


def _appoint(player: Player, person: Person, account: Account) -> None:
    Appointment.objects.create(
        person=person, organisation=player.entered.units[player.town.code], role=account.role, from_on=TERM_FIRST,
        reads_names=account.reads_names, reads_restricted=account.reads_restricted,
    )  # fmt: skip


def _others(player: Player, taken: set[Human]) -> None:
    """Those without an account: the town's Youth Union, its political centre, its inspector."""
    town = player.entered.units[player.town.code]
    union = MassOrganisation(name="Đoàn TNCS Hồ Chí Minh thị xã", kind=MassKind.YOUTH_UNION, unit=town)
    union.save()
    unit = next(unit for unit in player.town.units if unit.code == "QY21")
    busy = {post.human.number for post in player.town.posts}
    ready = [
        human for human in player.town.history.there(unit.cells[1].code, TERM_FIRST, EVE) if human.number not in busy
    ]
    roles = ((Role.NOMINATOR, union), (Role.ORGANISER, town), (Role.INSPECTOR, town))
    for (role, over), human in zip(roles, (one for one in ready if one not in taken), strict=False):
        where = {"mass_organisation": over} if role == Role.NOMINATOR else {"organisation": over}
        Appointment.objects.create(person=player.entered.people[human.number], role=role, from_on=TERM_FIRST, **where)


def _hand_over(users: dict[Account, User], file: Path, day: date) -> None:
    """Passwords are drawn, and written where only the owner of the file reads them."""
    lines = [f"Practice accounts, practice day {day:%d/%m/%Y}. Nothing here is about real people.", ""]
    for account in (SECRETARY, CLERK, *OFFICIALS, ADMINISTRATOR):
        password = new_code().lower()
        set_password(users[account], password)
        lines.append(f"{account.username:<18} {password:<22} {account.what}")
    file.unlink(missing_ok=True)
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as written:
        written.write("\n".join(lines) + "\n")


def move_practice_day(day: date) -> list[str]:
    """The practice day is `day`, and what the calendar changes has changed; a sentence for what could not."""
    Office.objects.update(practice_day=day)
    clock.forget()
    return begin(day)[1]
