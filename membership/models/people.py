"""People: one row a human being, described as now; what counts about them is in dated facts."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.db import models
from django.db.models import OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from foundation import clock, sealed
from foundation.addresses import address_of
from foundation.facts import Interval, for_each
from foundation.names import search_key, sort_key
from membership.models.organisations import Organisation, unit_as_values
from membership.models.workplaces import Workplace


class Sex(models.TextChoices):
    """As on the identity card."""

    FEMALE = "female", _("female")
    MALE = "male", _("male")


class Precision(models.TextChoices):
    """How exactly the day of birth is known."""

    DAY = "day", _("day")
    MONTH = "month", _("month")
    YEAR = "year", _("year")


class Education(models.TextChoices):
    """General education completed; the rules compare levels by their order here."""

    NONE = "none", _("reads and writes")
    PRIMARY = "primary", _("primary")
    LOWER_SECONDARY = "lower_secondary", _("lower secondary")
    UPPER_SECONDARY = "upper_secondary", _("upper secondary")


class Professional(models.TextChoices):
    """Highest professional level."""

    ELEMENTARY = "elementary", _("skilled worker, elementary")
    INTERMEDIATE = "intermediate", _("intermediate")
    COLLEGE = "college", _("college")
    UNIVERSITY = "university", _("university")
    MASTER = "master", _("master")
    DOCTOR = "doctor", _("doctor")


class Theory(models.TextChoices):
    """Level of political theory."""

    ELEMENTARY = "elementary", _("elementary")
    INTERMEDIATE = "intermediate", _("intermediate")
    ADVANCED = "advanced", _("advanced")


class PersonQuerySet(models.QuerySet):
    """Questions about people; each returns a queryset, so that questions combine."""

    def visible_to(self, user: Any, capability: str = "person.read") -> "PersonQuerySet":
        """People whose page the user may open: members and candidates of the user's units, over today's tree."""
        from membership import scope

        return self.filter(scope.person_within(user, capability))

    def in_reach_of(
        self, user: Any, capability: str = "person.read", words: Iterable[str] = (), any_of_them: bool = False
    ) -> "PersonQuerySet":
        """The same people, each of the words in their name, or any: for lists, quick however many others there are."""
        from membership import scope

        return self.filter(scope.people_within(user, capability, words, any_of_them))

    def in_full(self) -> "PersonQuerySet":
        """With the unit in whose care each is, and its path today: what pages and operations ask of a person."""
        return self.alias(unit_key=_unit_of_person()).annotate(unit_values=unit_as_values("unit_key"))

    def on_probation(self, day: date, known_on: datetime | None = None) -> "PersonQuerySet":
        """Probationary members on `day`: recognition, removal, death or leaving ends it, whichever came first."""
        from membership.models.memberships import MembershipStatus, Status

        probationary = MembershipStatus.objects.as_at(day, known_on).filter(status=Status.PROBATIONARY)
        return self.filter(models.Exists(probationary.filter(person=models.OuterRef("pk"))))

    def members(self, day: date | None = None, known_on: datetime | None = None) -> "PersonQuerySet":
        """Probationary and official members on `day`."""
        from membership.models.memberships import MEMBER, MembershipStatus

        status = MembershipStatus.objects.as_at(day or clock.today(), known_on).filter(status__in=MEMBER)
        return self.filter(models.Exists(status.filter(person=models.OuterRef("pk"))))

    def placed_under(self, unit: Organisation, day: date | None = None) -> "PersonQuerySet":
        """People whose official placement on `day` is in the unit or under it."""
        from membership.models.memberships import Placement, PlacementKind

        day = day or clock.today()
        cells = Organisation.objects.under(unit, day).values("pk")
        placed = Placement.objects.as_at(day).filter(kind=PlacementKind.OFFICIAL, cell__in=cells)
        return self.filter(models.Exists(placed.filter(person=models.OuterRef("pk"))))

    def found(self, text: str) -> "PersonQuerySet":
        """Names that contain each word, without regard to marks."""
        query = self
        for word in search_key(text).split()[:8]:
            query = query.filter(search_key__found_within=word)
        return query


def _unit_of_person() -> Coalesce:
    """The cell of the official placement today, else of the last one, else the one of a candidacy."""
    from membership import scope
    from membership.models.memberships import Placement, PlacementKind

    placed = Placement.objects.so().filter(kind=PlacementKind.OFFICIAL)
    begun = placed.filter(valid_from__lte=clock.today()).order_by("-valid_from")
    found = (begun, placed.order_by("valid_from"), *(rows() for rows in scope.PERSON_UNITS))
    return Coalesce(*(Subquery(rows.filter(person=OuterRef("pk")).values("cell")[:1]) for rows in found))


class Person(models.Model):
    """One human being. Each field is declared in `policy.py`."""

    full_name = models.CharField(_("name in use"), max_length=100)
    search_key = models.CharField(max_length=300, editable=False)
    sort_key = models.CharField(max_length=400, editable=False)
    sex = models.CharField(_("sex"), max_length=6, choices=Sex)
    birth_name = models.CharField(_("name at birth"), max_length=100, blank=True)
    other_names = models.CharField(_("other names"), max_length=100, blank=True)
    born_on = models.DateField(_("born on"))  # the first day of the month or year where only that is known
    born_precision = models.CharField(max_length=5, choices=Precision, default=Precision.DAY)
    birth_place = models.CharField(_("place of birth"), max_length=200, blank=True)
    home_town = models.CharField(_("home town"), max_length=200, blank=True)
    residence = models.CharField(_("residence"), max_length=200, blank=True)
    ethnicity = models.CharField(_("ethnicity"), max_length=40, blank=True)
    religion = models.CharField(_("religion"), max_length=60, blank=True)
    education = models.CharField(_("general education"), max_length=20, choices=Education, blank=True)
    professional = models.CharField(_("professional level"), max_length=20, choices=Professional, blank=True)
    theory = models.CharField(_("theory level"), max_length=20, choices=Theory, blank=True)
    languages = models.CharField(_("languages"), max_length=200, blank=True)
    phone = models.CharField(_("telephone"), max_length=30, blank=True)
    card_number = models.CharField(_("party card number"), max_length=20, blank=True)
    identity_sealed = models.TextField(blank=True, editable=False)
    identity_print = models.CharField(max_length=64, null=True, unique=True, editable=False)
    version = models.PositiveIntegerField(default=1)
    unit_today: "Organisation | None"  # in whose care they are, where they were read `in_full`

    objects = PersonQuerySet.as_manager()

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        indexes = [
            models.Index(fields=["sort_key"], name="person_sort"),
            # who is called so, and who of them comes first, from the index alone
            models.Index(fields=["search_key", "sort_key", "full_name"], name="person_called"),
            models.Index(fields=["born_on"], name="person_born"),
        ]

    def __str__(self):
        return self.full_name

    def get_absolute_url(self):
        return address_of("person", self.pk)

    def save(self, *args, **kwargs):
        self.set_keys()
        super().save(*args, **kwargs)

    def set_keys(self) -> "Person":
        """Search and sort keys follow the name: for rows that go in or change in bulk."""
        self.search_key, self.sort_key = search_key(self.full_name), sort_key(self.full_name)
        return self

    @property
    def identity_number(self) -> str:
        """The 12-digit number, opened; empty where none is recorded."""
        return sealed.unseal(self.identity_sealed) if self.identity_sealed else ""

    @identity_number.setter
    def identity_number(self, number: str) -> None:
        self.identity_sealed = sealed.seal(number) if number else ""
        self.identity_print = sealed.fingerprint(number) if number else None

    @property
    def unit_values(self) -> None:
        """Set where the person is read `in_full`."""

    @unit_values.setter
    def unit_values(self, values: list[Any] | None) -> None:
        self.unit_today = Organisation.of_values(values)

    def permission_unit(self) -> Organisation | None:
        """The unit in whose care the person is; asked where it was not read with them."""
        if hasattr(self, "unit_today"):
            return self.unit_today
        found = Person.objects.filter(pk=self.pk).in_full().values_list("unit_values", flat=True)
        return Organisation.of_values(found.first())


class NameInCell(models.Model):
    """The names of all who are, were or will be in a cell, or stand there as candidates: an index over three tables,
    for searches, which begin with the reader's cells and show who comes first. The database keeps it itself
    (`membership/constraints.py`). Whom the reader may find is asked elsewhere; a row too many costs a glance.
    """

    cell = models.ForeignKey(Organisation, models.CASCADE, related_name="+", db_index=False)
    person = models.ForeignKey(Person, models.CASCADE, related_name="+", db_index=False)
    search_key = models.CharField(max_length=300)
    sort_key = models.CharField(max_length=400, db_default="")
    full_name = models.CharField(max_length=100, db_default="")

    class Meta:
        constraints = [models.UniqueConstraint(name="one_name_in_cell", fields=["person", "cell"])]
        indexes = [models.Index(fields=["cell", "search_key", "sort_key", "full_name", "person"], name="names_in_cell")]

    def __str__(self):
        return self.full_name


class OccupationKind(models.TextChoices):
    """What a person does; statistics and focus groups derive from it."""

    STUDENT = "student", _("student or pupil")
    TEACHER = "teacher", _("teacher")
    WORKER = "worker", _("worker")
    CLERICAL = "clerical", _("office worker")
    MANAGER = "manager", _("manager or owner")
    FARMER = "farmer", _("farmer")
    FISHER = "fisher", _("fisher")
    HEALTH = "health", _("health worker")
    POLICE = "police", _("police")
    MILITARY = "military", _("military")
    CIVIL_SERVANT = "civil_servant", _("civil servant")
    RETIRED = "retired", _("retired")
    OTHER = "other", _("other")


class Occupation(Interval):
    """What a person does and where."""

    subject = ("person",)
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    kind = models.CharField(_("occupation"), max_length=20, choices=OccupationKind)
    workplace = models.ForeignKey(Workplace, models.PROTECT, null=True, related_name="+")
    title = models.CharField(_("post"), max_length=100, blank=True)

    class Meta(Interval.Meta):
        constraints = for_each("person")

    def __str__(self):
        return self.kind


class MassKind(models.TextChoices):
    """Kinds of mass organisation."""

    YOUTH_UNION = "youth_union", _("Youth Union")
    TRADE_UNION = "trade_union", _("trade union")
    WOMEN = "women", _("Women's Union")
    FARMERS = "farmers", _("Farmers' Union")
    VETERANS = "veterans", _("Veterans' Association")
    FRONT = "front", _("Fatherland Front")


class MassOrganisation(models.Model):
    """A youth union, trade union or other mass organisation beside a party unit."""

    name = models.CharField(_("name"), max_length=200)
    search_key = models.CharField(max_length=600, editable=False)
    kind = models.CharField(_("kind"), max_length=20, choices=MassKind)
    unit = models.ForeignKey(Organisation, models.PROTECT, related_name="mass_organisations")
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = _("mass organisation")
        verbose_name_plural = _("mass organisations")
        constraints = [models.UniqueConstraint(name="one_mass_name", fields=["unit", "kind", "name"])]

    def __str__(self):
        return self.name

    def save(self, *args, **kwargs):
        self.search_key = search_key(self.name)
        super().save(*args, **kwargs)

    def permission_unit(self) -> Organisation:
        """The party unit beside it."""
        return self.unit


class MassMembership(Interval):
    """A person belongs to a mass organisation."""

    subject = ("person", "body")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    body = models.ForeignKey(MassOrganisation, models.PROTECT, related_name="+")
    joined_at = models.CharField(_("joined at"), max_length=200, blank=True)

    class Meta(Interval.Meta):
        constraints = for_each("person", "body")

    def __str__(self):
        return f"{self.person_id} {self.body_id}"
