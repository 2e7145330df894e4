"""The tree of committees and cells, dated: a `Position` says under whom a unit stood, and under which name."""

import re
from collections.abc import Callable
from datetime import date, datetime
from typing import Any, ClassVar

from django.db import models
from django.db.models import OuterRef, Q, Subquery
from django.db.models.functions import Coalesce, JSONArray
from django.utils.translation import gettext_lazy as _

from foundation import clock
from foundation.addresses import address_of
from foundation.facts import SO, Interval, for_each
from foundation.names import search_key
from foundation.numbers import western_digits

KEY_WIDTH = 5  # base 36: 60 million units
_DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
LAST_KEY = KEY_WIDTH * _DIGITS[-1]  # the end of a path under which nothing else stands: no unit has it


class Tier(models.TextChoices):
    """Levels of the organisation; regulations move units between them (domain, section 3)."""

    CENTRAL = "central", _("central")
    PROVINCIAL = "provincial", _("provincial")
    SUPERIOR = "superior", _("directly above the grassroots")
    GRASSROOTS = "grassroots", _("grassroots")
    SUB_COMMITTEE = "sub_committee", _("sub-committee")
    UNDER_GRASSROOTS = "under_grassroots", _("committee under the grassroots")
    SUBORDINATE_CELL = "subordinate_cell", _("cell under a grassroots committee")


class Sector(models.TextChoices):
    """Where the unit's people work or live."""

    WARD = "ward", _("ward")
    COMMUNE = "commune", _("commune")
    AGENCY = "agency", _("agency")
    ARMED_FORCES = "armed_forces", _("armed forces")
    STATE_ENTERPRISE = "state_enterprise", _("state enterprise")
    NON_STATE_ENTERPRISES = "non_state_enterprises", _("non-state enterprises")
    COLLEGE = "college", _("college")
    SCHOOL = "school", _("school")
    CONTINUING_EDUCATION = "continuing_education", _("continuing education")
    HEALTH = "health", _("health")
    RESIDENTIAL = "residential", _("residential area")
    COMMITTEE = "committee", _("committee above the grassroots")


class Kind(models.TextChoices):
    """What a unit is; it never changes."""

    COMMITTEE = "committee", _("committee")
    CELL = "cell", _("cell")


def path_end(path: str) -> str:
    """The first path behind the subtree of `path`: a subtree is `path >= p and path < path_end(p)`."""
    number = int(path[-KEY_WIDTH:], 36) + 1
    return path[:-KEY_WIDTH] + base36(number)


def base36(number: int) -> str:
    """`number` in the fixed width of a key."""
    digits = ""
    while number:
        number, digit = divmod(number, 36)
        digits = _DIGITS[digit] + digits
    return digits.rjust(KEY_WIDTH, "0")


def below(path: str, name: str = "path") -> Q:
    """The unit at `path` and everything under it."""
    return Q(**{f"{name}__gte": path, f"{name}__lt": path_end(path)})


def path_of_unit(column: str, day: date, known_on: datetime | None = None) -> Coalesce:
    """The path of the unit in that column: on `day`, else where it stood last before, else first after."""
    rows = Position.objects.so(known_on).filter(organisation=OuterRef(column)).values("path")
    last = rows.filter(valid_from__lte=day).order_by("-valid_from")
    return Coalesce(Subquery(last[:1]), Subquery(rows.order_by("valid_from")[:1]))


def unit_as_values(column: str) -> Subquery:
    """The unit in that column, to be read beside what points at it: what `Organisation.of_values` makes one of."""
    rows = Organisation.objects.filter(pk=OuterRef(column))
    return Subquery(rows.values_list(JSONArray(*UNIT, path_of_unit("pk", clock.today())))[:1])


def names_of_unit(column: str, day: date, known_on: datetime | None = None) -> Subquery:
    """Of the unit in that column, on `day`: [its name, the name of the unit above]; None where it did not stand."""
    above = Position.objects.as_at(day, known_on).filter(organisation=OuterRef("parent"))
    here = Position.objects.as_at(day, known_on).filter(organisation=OuterRef(column))
    names = here.annotate(above=Subquery(above.values("name")[:1]))
    return Subquery(names.values_list(JSONArray("name", "above"))[:1])


class OrganisationQuerySet(models.QuerySet):
    """Questions about units."""

    def visible_to(self, user: Any, capability: str = "unit.read") -> "OrganisationQuerySet":
        """Units whose pages the user may open, over today's tree."""
        from membership import scope

        return self.filter(scope.within(user, capability, "pk"))

    def in_full(self) -> "OrganisationQuerySet":
        """With their path today: what operations ask of a unit."""
        return self.annotate(path_today=path_of_unit("pk", clock.today()))

    def standing(self, day: date | None = None, known_on: datetime | None = None) -> "OrganisationQuerySet":
        """Units that have a position on `day`."""
        here = Position.objects.as_at(day or clock.today(), known_on).filter(organisation=OuterRef("pk"))
        return self.filter(models.Exists(here))

    def under(self, unit: "Organisation", day: date | None = None) -> "OrganisationQuerySet":
        """The unit and all that stands under it on `day`."""
        day = day or clock.today()
        if not (position := unit.position(day)):
            return self.none()
        return self.filter(pk__in=Position.objects.as_at(day).filter(below(position.path)).values("organisation"))

    def named(self, day: date | None = None) -> "OrganisationQuerySet":
        """With `name`, `path`, `tier`, `parent`, `unit_sort` as of `day`; those gone have their last."""
        here = Position.objects.so().filter(organisation=OuterRef("pk"), valid_from__lte=day or clock.today())
        last = here.order_by("-valid_from")
        return self.annotate(
            name=Subquery(last.values("name")[:1]),
            path=Subquery(last.values("path")[:1]),
            tier=Subquery(last.values("tier")[:1]),
            unit_sort=Subquery(last.values("sort_key")[:1]),
            parent=Subquery(last.values("parent")[:1]),
            gone_on=Subquery(last.values("valid_to")[:1]),
        )

    def called(self, text: str) -> "OrganisationQuerySet":
        """Units whose code begins so or whose name has each word; where none has, whose name and parent's name have.

        So "Chi bộ khu 1", which every ward has, is found as "khu 1 dong mai", and the cells of a committee by its name.
        """
        own, either = _called(*words_of(text))
        units = self.filter(own)
        return units if units.exists() else self.filter(either)

    def best_called(self, words: list[str], code: str) -> "OrganisationQuerySet":
        """The same by words and beginning of a code, all in one: `nearness` 0 are those meant, where there are any."""
        own, either = _called(words, code)
        nearness = models.Case(models.When(own, then=0), default=1)
        return self.filter(either).annotate(nearness=nearness).order_by("nearness", "unit_sort", "pk")


def words_of(text: str) -> tuple[list[str], str]:
    """What was typed for a unit: words of names, and the beginning of a code."""
    return search_key(re.sub("[,،]", " ", text)).split()[:8], western_digits(text).strip()


def _called(words: list[str], code: str) -> tuple[Q, Q]:
    """Units that stand and whose code begins so or whose name has each word; those whose name and parent's name have.

    Asked of each unit, so that nobody's search reads the names of all.
    """
    own = either = here = Position.objects.as_at(clock.today()).filter(organisation=OuterRef("pk"))
    above = Position.objects.as_at(clock.today()).filter(organisation=OuterRef("parent"))
    for word in words:
        own = own.filter(search_key__found_within=word)
        of_parent = models.Exists(above.filter(search_key__found_within=word))
        either = either.filter(Q(search_key__found_within=word) | Q(of_parent))
    coded = Q(code__istartswith=code) & Q(models.Exists(here))
    return coded | Q(models.Exists(own)), coded | Q(models.Exists(either))


class Organisation(models.Model):
    """A committee or a cell, for as long as there is a record of it."""

    key = models.CharField(max_length=KEY_WIDTH, unique=True)  # its part of every path
    code = models.CharField(_("code"), max_length=30, unique=True)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    sector = models.CharField(_("sector"), max_length=30, choices=Sector, blank=True)
    phone = models.CharField(_("telephone"), max_length=30, blank=True)
    address = models.CharField(_("address"), max_length=200, blank=True)
    admits_by_delegation = models.CharField(_("decision that delegates the power to admit"), max_length=60, blank=True)
    version = models.PositiveIntegerField(default=1)
    path_today: str | None = None  # its path, if the row was read with it
    line_today: "list[Position] | None" = None  # the units above it and itself, if they were read beside it
    line_read: "Callable[[], list[Position]] | None" = None  # gives them, where nobody has asked yet

    objects = OrganisationQuerySet.as_manager()

    class Meta:
        verbose_name = _("unit")
        verbose_name_plural = _("units")
        constraints = [models.CheckConstraint(name="known_kind", condition=Q(kind__in=Kind.values))]

    def __str__(self):
        return getattr(self, "name", None) or self.name_on() or self.code

    def get_absolute_url(self):
        return address_of("unit", self.pk)

    @classmethod
    def of_values(cls, values: list[Any] | None) -> "Organisation | None":
        """The unit that was read `unit_as_values`, which knows its path today; None where there was none."""
        if values is None:
            return None
        unit = cls(*values[:-1])
        unit._state.adding, unit.path_today = False, values[-1]
        return unit

    def permission_unit(self) -> "Organisation":
        """The unit whose appointments count for acting on this one."""
        return self

    def position(self, day: date | None = None, known_on: datetime | None = None) -> "Position | None":
        """Where it stood on `day` (today); None where it did not stand."""
        return Position.objects.as_at(day or clock.today(), known_on).filter(organisation=self).first()

    def name_on(self, day: date | None = None) -> str:
        """Its name on `day`, else the last it bore."""
        positions = Position.objects.so().filter(organisation=self)
        found = positions.filter(valid_from__lte=day or clock.today()).order_by("-valid_from").first()
        return found.name if found else (first.name if (first := positions.order_by("valid_from").first()) else "")


UNIT = tuple(field.attname for field in Organisation._meta.concrete_fields)  # all values of a unit


class _OfKind(models.Manager.from_queryset(OrganisationQuerySet)):  # type: ignore[misc]
    def __init__(self, kind: str = ""):
        super().__init__()
        self.kind = kind

    def get_queryset(self):
        return super().get_queryset().filter(kind=self.kind)


class Committee(Organisation):
    """A committee: has units under it."""

    objects: ClassVar[Any] = _OfKind(Kind.COMMITTEE)

    class Meta:
        proxy = True
        verbose_name = _("committee")
        verbose_name_plural = _("committees")


class Cell(Organisation):
    """A cell: has members."""

    objects: ClassVar[Any] = _OfKind(Kind.CELL)

    class Meta:
        proxy = True
        verbose_name = _("cell")
        verbose_name_plural = _("cells")


class Position(Interval):
    """Under which parent, at which path, under which name and at which tier a unit stood."""

    subject = ("organisation",)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    parent = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+")
    path = models.CharField(max_length=KEY_WIDTH * 12)  # the ancestors' keys, then its own
    name = models.CharField(_("name"), max_length=200)
    search_key = models.CharField(max_length=600)
    sort_key = models.CharField(max_length=250)  # numbers in a name sort as numbers
    tier = models.CharField(_("tier"), max_length=20, choices=Tier)

    class Meta(Interval.Meta):
        constraints = for_each("organisation")
        indexes = [
            # which units stand under a path, from the index alone
            models.Index(
                fields=["path", "superseded_at", "valid_to", "valid_from", "organisation"], name="position_under"
            ),
            # where a unit stands, from the index alone
            models.Index(
                fields=["organisation", "superseded_at", "valid_from", "valid_to", "path"], name="position_stands"
            ),
            models.Index(fields=["parent"], name="position_parent"),
            models.Index(fields=["valid_to"], name="position_ended", condition=SO),
            models.Index(fields=["valid_from"], name="position_begun", condition=SO),
        ]

    def __str__(self):
        return self.name


class Lineage(models.Model):
    """`successor` continues `predecessor` from a day: a dissolved unit's events follow it."""

    predecessor = models.ForeignKey(Organisation, models.PROTECT, related_name="continued_by")
    successor = models.ForeignKey(Organisation, models.PROTECT, related_name="continues")
    from_on = models.DateField()

    class Meta:
        constraints = [models.UniqueConstraint(name="continued_once", fields=["predecessor", "successor", "from_on"])]

    def __str__(self):
        return f"{self.predecessor} → {self.successor}"


class TreeMark(models.Model):
    """The one row says which state of positions and lineage this is: another number by chance after each change, so
    that no two states have one. The database writes it itself (`membership/constraints.py`).
    """

    mark = models.FloatField()

    def __str__(self):
        return str(self.mark)


class Destination(models.Model):
    """Where things of a unit go on the day from which it stands no more; `done_on` once they went."""

    unit = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    things = models.CharField(max_length=30)  # a name of `dependants`
    destination = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    from_on = models.DateField()
    ordered_by = models.ForeignKey("foundation.JournalEntry", models.PROTECT, related_name="+")
    done_on = models.DateField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(name="one_destination", fields=["unit", "things", "ordered_by"])]

    def __str__(self):
        return f"{self.unit}, {self.things} → {self.destination}"
