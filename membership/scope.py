"""Who may see and do what: the one place that says which rows a user reads, and over which units a user acts.

Rights come from account × appointment in force today; the scope is always in the query.
"""

from __future__ import annotations

import functools
import operator
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import BooleanField, Exists, F, Func, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import JSONArray

from foundation import clock
from foundation.operation import NotPermitted
from foundation.statements import By, prepared
from membership import lineage
from membership.models import (
    Appointment,
    NameInCell,
    Organisation,
    Person,
    Placement,
    PlacementKind,
    Position,
    Role,
    TreeMark,
)
from membership.models.organisations import KEY_WIDTH, below, path_end, path_of_unit

# What each role may do over the subtree of its unit; content about people needs `reads_names` where listed below.
GRANTS: dict[str, frozenset[str]] = {
    Role.SECRETARY: frozenset(
        {"unit.read", "person.read", "candidate.read", "candidate.write", "recruitment.step", "figures.read"}
    ),
    Role.CLERK: frozenset(
        {
            "unit.read", "person.read", "candidate.read", "candidate.write", "recruitment.step", "figures.read",
            "member.write", "class.write", "export",
        }
    ),
    Role.OFFICIAL: frozenset({"unit.read", "figures.read", "person.read", "candidate.read", "export"}),
    Role.NOMINATOR: frozenset({"nomination.read", "nomination.write"}),
    Role.ORGANISER: frozenset({"class.read", "class.write"}),
    Role.INSPECTOR: frozenset({"journal.read"}),
    Role.ADMINISTRATOR: frozenset(
        {"unit.read", "unit.write", "access.write", "workplace.write", "plan.write", "procedure.write", "figures.read"}
    ),
}  # fmt: skip
BY_NAMES_GRANT: dict[str, frozenset[str]] = {Role.OFFICIAL: frozenset({"person.read", "candidate.read", "export"})}
IMPORTS = "register.import"  # of a clerk of the tree's top unit
SET_UP = GRANTS[Role.ADMINISTRATOR] | {IMPORTS, "member.write", "person.read"}  # superuser, for set-up only
CAPABILITIES = frozenset().union(*GRANTS.values()) | {IMPORTS, "person.restricted"}


@dataclass(frozen=True, slots=True)
class Holding:
    """An appointment in force with where its unit stands today, and under what name."""

    appointment: Appointment
    path: str | None
    tier: str | None
    name: str | None

    @property
    def tops(self) -> bool:
        """Whether its unit has nothing above it but the root of a tree: as a town under its province."""
        return self.path is not None and len(self.path) <= 2 * KEY_WIDTH

    def grants(self, capability: str) -> bool:
        """Whether the appointment gives the capability over its unit and what is under it."""
        return capability in self.granted

    @property
    def granted(self) -> frozenset[str]:
        """All that the appointment gives."""
        held = self.appointment
        return _granted_by(held.role, held.reads_names, held.reads_restricted, self.tops)


@functools.cache
def _granted_by(role: str, reads_names: bool, reads_restricted: bool, tops: bool) -> frozenset[str]:
    """All that an appointment with these properties gives."""
    given = set(GRANTS.get(role, frozenset()))
    if not reads_names:
        given -= BY_NAMES_GRANT.get(role, frozenset())
    if reads_restricted:
        given.add("person.restricted")
    if role == Role.CLERK and tops:
        given.add(IMPORTS)
    return frozenset(given)


def opens_pages(role: str) -> bool:
    """Whether the role by itself gives anything to look at: the others say who holds an office."""
    return "unit.read" in GRANTS.get(role, ())


def holdings(user: Any) -> list[Holding]:
    """The user's appointments in force today; read once a request, with where the units that are gone are followed."""
    if not user.is_authenticated or not user.is_active or user.person_id is None:
        return []
    day = clock.today()
    if (kept := getattr(user, "_holdings", None)) and kept[0] == day:
        return kept[1]
    return _keep(user, day, _of_account(day, account=user.pk))


def account_in_office(key: int) -> Any:
    """The account with what `holdings` says of it; None where it holds no appointment in force, or may not sign in."""
    return _in_office(day := clock.today(), _of_account(day, account=key))


def account_of_session(key: str) -> tuple[Any, str, Any]:
    """The same of the account that is signed in with the session, what that remembers, and when it runs out, or ran."""
    rows = _of_session(day := clock.today(), session=key)
    if account := _in_office(day, rows):
        return account, rows[0].session_data, rows[0].expire_date
    return None, "", None


def _in_office(day: date, rows: list[Any]) -> Any:
    if not rows or not (account := rows[0].person.account).is_active:
        return None
    _keep(account, day, rows)
    return account


def _keep(user: Any, day: date, rows: list[Any]) -> list[Holding]:
    found = [Holding(row, *(row.stands or (None, None, None))) for row in rows]
    user._holder = rows[0].person.full_name if found else ""
    user._holdings, user._homes = (day, found), lineage.homes_now(day, rows[0].tree) if found else lineage.Homes({})
    return found


def holder_of(user: Any) -> str:
    """The name of the person behind the account, read with the appointments; without any, the user name."""
    return user._holder if holdings(user) else user.username


@prepared
def _of_account(day: date, *, account: int) -> Any:
    return _appointments(day).filter(person__account=account)


@prepared
def _of_session(day: date, *, session: str) -> Any:
    rows = _appointments(day).filter(person__account__sessions=session)
    data, ends = (F(f"person__account__sessions__{field}") for field in ("session_data", "expire_date"))
    return rows.annotate(session_data=data, expire_date=ends)


def _appointments(day: date) -> QuerySet:
    """In force, each with where its unit stands, and with the mark of the tree."""
    here = Position.objects.as_at(day).filter(organisation=OuterRef("organisation_id"))
    stands = Subquery(here.values_list(JSONArray("path", "tier", "name"))[:1])
    rows = Appointment.objects.in_force(day).select_related("person__account", "organisation", "mass_organisation")
    return rows.annotate(stands=stands, tree=Subquery(TreeMark.objects.values("mark")[:1])).order_by("pk")


def reader(user: Any) -> By:
    """The user, as far as a statement of today can tell one from another: who they are, and by which rights."""
    held = tuple(
        (one.path, one.tier, one.appointment.role, one.appointment.reads_names, one.appointment.reads_restricted)
        for one in holdings(user)
    )
    is_set_up = user.is_active and user.is_superuser
    return By((clock.today(), user.pk, is_set_up, held, user._homes if held else None), user)


def may(user: Any, capability: str) -> bool:
    """Whether the user has the capability anywhere: for showing links, never instead of a scope."""
    return _is_set_up(user, capability) or capability in _granted(user)


def _granted(user: Any) -> frozenset[str]:
    """What the user may do anywhere; a page asks thirty times."""
    held = holdings(user)
    if (kept := getattr(user, "_grants", None)) is None or kept[0] is not held:
        kept = user._grants = held, frozenset().union(*(each.granted for each in held))
    return kept[1]


def reach(user: Any, capability: str) -> list[str] | None:
    """Paths of the units over which the user has the capability, outermost only; None: over everything."""
    if _is_set_up(user, capability):
        return None
    paths = sorted({h.path for h in holdings(user) if h.path and h.grants(capability)})
    return [path for path in paths if not any(path != other and path.startswith(other) for other in paths)]


def within(user: Any, capability: str, field: str, of_few: bool = False) -> Q:
    """Rows whose unit in `field` stands, today, in the subtree of a unit over which the user has the capability.

    What is kept of a dissolved unit belongs to whoever follows it (`lineage`). `of_few` rows: see `StandsUnder`.
    """
    paths = reach(user, capability)
    if paths is None:
        return Q()
    return standing_in(user, paths, field, of_few)


class StandsUnder(Func):
    """Whether the unit in a column stands, on a day, at or under one of the paths, or is one of the `followed`.

    The condition of nearly every statement, and three times in some: written as SQL, because Django takes longer to put
    the same subquery together than the database to answer it. IN lets the database begin with the reader's own units,
    however many others there are; where it has the rows already, and they are `of_few`, it had better look for the unit
    of each. It reads facts that are so, as `Position.objects` does.
    """

    output_field = BooleanField()
    conditional = True
    arity = 1
    there = (
        " FROM membership_position stands WHERE stands.superseded_at IS NULL"
        " AND stands.valid_from <= %%s AND stands.valid_to > %%s AND (%(ranges)s)"
    )
    too = " UNION ALL SELECT id FROM membership_organisation WHERE id IN ({places})"
    too_of_few = " OR {column} IN ({places})"
    template = f"%(expressions)s IN (SELECT stands.organisation_id{there}%(followed)s)"
    of_each = f"(EXISTS (SELECT 1{there} AND stands.organisation_id = %(expressions)s)%(followed)s)"

    def __init__(self, column: Any, *, day: date, paths: tuple[str, ...], followed: tuple[int, ...], of_few: bool):
        super().__init__(column)
        self.day, self.paths, self.followed, self.of_few = day, paths, followed, of_few

    def as_sql(self, compiler: Any, connection: Any, *_more: Any, **_context: Any) -> tuple[str, Any]:
        """IN the units of that day; of few, whether there is such a unit."""
        ranges = " OR ".join(["stands.path >= %s AND stands.path < %s"] * len(self.paths))
        column, _none = compiler.compile(self.source_expressions[0])
        too = (self.too_of_few if self.of_few else self.too).format(
            column=column, places=", ".join(["%s"] * len(self.followed))
        )
        sql, _none = super().as_sql(
            compiler,
            connection,
            template=self.of_each if self.of_few else self.template,
            ranges=ranges,
            followed=too if self.followed else "",
        )
        day = connection.ops.adapt_datefield_value(self.day)
        ends = (end for path in self.paths for end in (path, path_end(path)))
        return sql, [day, day, *ends, *self.followed]


def standing_in(user: Any, paths: Iterable[str], field: str, of_few: bool = False) -> Q:
    """Rows whose unit in `field` stands today in one of these subtrees, or is followed there."""
    paths = tuple(paths)
    if not paths:
        return Q(pk__in=[])
    column = field if field == "pk" or field.endswith("_id") else f"{field}_id"
    followed = tuple(unit for unit, home in user._homes.items() if home.startswith(paths))
    return Q(StandsUnder(F(column), day=clock.today(), paths=paths, followed=followed, of_few=of_few))


def around(user: Any, field: str) -> Q:
    """Rows whose unit in `field` stands, today, in a town in which the user holds office: its workplaces, for one."""
    if user.is_active and user.is_superuser:
        return Q()
    return standing_in(user, {h.path[: 2 * KEY_WIDTH] for h in holdings(user) if h.path}, field)


PERSON_DOORS: list[Callable[[], QuerySet]] = []  # recruitment adds: candidates
PERSON_UNITS: list[Callable[[], QuerySet]] = []  # the same of who was never a member, the one that counts first


def person_within(user: Any, capability: str) -> Q:
    """People who are placed in the user's units, were when their membership ended, or stand there as candidates.

    Asked of each human being, which is quick for a few. The second comparison keeps PostgreSQL at that: without it, it
    draws up all who left and all who stand as candidates first.
    """
    if (paths := reach(user, capability)) is None:
        return Q()
    here = standing_in(user, paths, "cell", of_few=True)
    each = {"person": OuterRef("pk"), "person__gte": OuterRef("pk")}
    doors = (Q(Exists(door().filter(here, **each))) for door in (_placed, _left, *PERSON_DOORS))
    return functools.reduce(operator.or_, doors)


def people_within(user: Any, capability: str, words: Iterable[str] = (), any_of_them: bool = False) -> Q:
    """The same people, with each of the words in their name: for lists and searches, which begin with the user's units
    however many people there are elsewhere.
    """
    if (paths := reach(user, capability)) is None or (words := list(words)):
        return likely_within(user, capability, words, any_of_them) & person_within(user, capability)
    here = standing_in(user, paths, "cell")
    first, *others = (door().filter(here).values("person") for door in (_placed, _left, *PERSON_DOORS))
    return Q(pk__in=first.union(*others, all=True))


def likely_within(user: Any, capability: str, words: Iterable[str], any_of_them: bool = False) -> Q:
    """All people of the user with these words in their name, with few others: of each it is still to be asked whether
    they are (`person_within`), of no more than are shown.
    """
    named = name_has(user, capability, words, any_of_them=any_of_them)
    in_cells = _names_in_cells(user, capability, named)
    return named if in_cells is None else Q(pk__in=in_cells.values("person"))


def likely_names(user: Any, capability: str, words: Iterable[str]) -> tuple[QuerySet, str]:
    """The same people as rows with their name and what it is sorted by, and which field of these is the person: in
    `NameInCell` somebody may stand twice.
    """
    named = name_has(user, capability, words)
    in_cells = _names_in_cells(user, capability, named)
    return (Person.objects.filter(named), "pk") if in_cells is None else (in_cells, "person")


def _names_in_cells(user: Any, capability: str, named: Q) -> QuerySet | None:
    """The rows of the user's cells; None where it is quicker to look at all people."""
    if not named or begins_with_names(user, capability):
        return None
    return NameInCell.objects.filter(standing_in(user, reach(user, capability) or [], "cell"), named)


def name_has(user: Any, capability: str, words: Iterable[str], of: str = "", any_of_them: bool = False) -> Q:
    """Rows whose `search_key`, under the prefix, has each of the words, or any; read among those of the user's units
    unless most are.
    """
    how = "found_within" if begins_with_names(user, capability) else "holds"
    return Q(*((f"{of}search_key__{how}", word) for word in words), _connector=Q.OR if any_of_them else Q.AND)


def begins_with_names(user: Any, capability: str) -> bool:
    """Whether most who have some words in their name are the user's: then names are looked through first."""
    paths = reach(user, capability)
    return paths is None or _are_most(tuple(paths), clock.today())


@functools.lru_cache(maxsize=1000)
def _are_most(paths: tuple[str, ...], day: date) -> bool:
    """Whether at least half of all units stand there: then SQLite is quicker when it begins with the names. It decides
    how long a search takes, not what is found, so an answer of this morning is good enough.
    """
    standing = Position.objects.as_at(day)
    here = functools.reduce(operator.or_, map(below, paths), Q(pk__in=[]))
    return 2 * standing.filter(here).count() >= standing.count()


def _placed() -> QuerySet:
    return Placement.objects.as_at(clock.today()).filter(kind=PlacementKind.OFFICIAL)


def _left() -> QuerySet:
    """Last placements of people who are in no cell any more: whoever had them keeps their page."""
    official = Placement.objects.so().filter(kind=PlacementKind.OFFICIAL)
    later = official.filter(person=OuterRef("person"), valid_from__gt=OuterRef("valid_from"))
    return official.filter(~Exists(later), valid_to__lte=clock.today())


def allows(user: Any, capability: str, unit: Organisation | None) -> Appointment | bool | None:
    """The appointment that lets the user act over the unit today; True for set-up; False where nothing does."""
    if _is_set_up(user, capability):
        return True
    if unit is None:
        return allows_at(user, capability, None)
    if (path := path_on(unit, clock.today())) and (found := allows_at(user, capability, path)) is not False:
        return found
    home = user._homes.get(unit.pk) if holdings(user) else None  # a unit that is gone: who sees what is kept of it acts
    return allows_at(user, capability, home) if home else False


def allows_at(user: Any, capability: str, path: str | None) -> Appointment | bool | None:
    """The same for a unit whose path today is known; None: over any unit."""
    if _is_set_up(user, capability):
        return True
    for holding in holdings(user):
        if holding.grants(capability) and holding.path and (path is None or path.startswith(holding.path)):
            return holding.appointment
    return False


def authorise(user: Any, capability: str, units: Iterable[Organisation]) -> Appointment | None:
    """The appointment in force today that gives the capability over every unit; none: `NotPermitted`."""
    appointment: Any = None
    asked: list[Organisation | None] = [*units] or [None]
    for unit in asked:
        found = allows(user, capability, unit)
        if found is False:
            raise NotPermitted(capability)
        appointment = appointment or (None if found is True else found)
    return appointment


def path_on(unit: Organisation, day: date) -> str | None:
    """The unit's path on the day, else where it stood last before, else first after."""
    if day == clock.today() and unit.path_today:
        return unit.path_today
    return Organisation.objects.filter(pk=unit.pk).values_list(path_of_unit("pk", day), flat=True).first()


def _is_set_up(user: Any, capability: str) -> bool:
    return bool(user.is_active and user.is_superuser and capability in SET_UP)
