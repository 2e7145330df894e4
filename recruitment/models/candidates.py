"""Candidacies: a person on the way to admission in one cell."""

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from foundation import clock
from foundation.addresses import address_of
from foundation.facts import OPEN, Event
from membership.models import MassOrganisation, Organisation, Person
from membership.models.organisations import path_of_unit


class Closing(models.TextChoices):
    """How a candidacy ended without leading to official membership, or by it."""

    WITHDRAWN = "withdrawn", _("withdrawn")
    REFUSED = "refused", _("refused")
    MOVED_AWAY = "moved_away", _("moved away")
    RECOGNISED = "recognised", _("recognised as an official member")
    REMOVED = "removed", _("name removed during probation")
    ENDED = "ended", _("membership ended during probation")
    ANNULLED = "annulled", _("admission annulled")
    ENTERED_IN_ERROR = "in_error", _("entered in error")


class CandidateQuerySet(models.QuerySet):
    """Questions about candidacies."""

    def visible_to(self, user: Any, capability: str = "candidate.read") -> "CandidateQuerySet":
        """Candidacies whose content may be shown to the user, over today's tree."""
        from membership import scope

        return self.filter(scope.within(user, capability, "cell"))

    def in_full(self) -> "CandidateQuerySet":
        """With the person, and the cell with its path today: what pages and operations ask of a candidacy."""
        return self.select_related("person", "cell").annotate(cell_path=path_of_unit("cell", clock.today()))

    def open(self) -> "CandidateQuerySet":
        """Not closed: under way, paused, returned, or on probation."""
        return self.filter(closed_on__isnull=True)


class Candidate(models.Model):
    """A candidacy in a cell, opened by the first nomination there."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="candidacies")
    cell = models.ForeignKey(Organisation, models.PROTECT, related_name="candidacies", verbose_name=_("cell"))
    opened_on = models.DateField()
    closed_on = models.DateField(null=True)
    closed_as = models.CharField(max_length=12, choices=Closing, blank=True)
    past = models.BooleanField(default=False)  # entered at once, as a finished history
    version = models.PositiveIntegerField(default=1)

    objects = CandidateQuerySet.as_manager()

    class Meta:
        verbose_name = _("candidate")
        verbose_name_plural = _("candidates")
        constraints = [
            models.UniqueConstraint(name="one_open_candidacy", fields=["person"], condition=Q(closed_on__isnull=True)),
        ]
        indexes = [models.Index(fields=["cell", "closed_on", "person"], name="candidate_here")]

    def __str__(self):
        return str(self.person)

    def get_absolute_url(self):
        return address_of("candidate", self.pk)

    @property
    def cell_path(self) -> str | None:
        """The cell's path today, where the candidacy was read `in_full`."""
        return self.cell.path_today if "cell" in self._state.fields_cache else None

    @cell_path.setter
    def cell_path(self, path: str | None) -> None:
        self.cell.path_today = path

    @property
    def home_values(self) -> None:
        """Set where the candidacy is read with its `home` (`closing.with_homes`)."""

    @home_values.setter
    def home_values(self, values: list[Any] | None) -> None:
        self.home = Organisation.of_values(values)

    def permission_unit(self) -> Organisation:
        """The cell in which the person is a candidate."""
        return self.cell


class Source(models.TextChoices):
    """Who brought the person forward."""

    CELL = "cell", _("the cell")
    YOUTH_UNION = "youth_union", _("Youth Union")
    TRADE_UNION = "trade_union", _("trade union")
    OTHER_BODY = "other_body", _("another mass organisation")


class Nomination(Event):
    """A mass organisation or a cell brought the person forward on `happened_on`."""

    candidate = models.ForeignKey(Candidate, models.PROTECT, related_name="+")
    source = models.CharField(_("source"), max_length=12, choices=Source)
    body = models.ForeignKey(MassOrganisation, models.PROTECT, null=True, related_name="+")

    class Meta(Event.Meta):
        indexes = [models.Index(fields=["candidate"], name="nomination_of")]

    def __str__(self):
        return self.source


class RecordKind(models.TextChoices):
    """Plain records of a stage, and the ways off the path."""

    TAKEN_UP = "taken_up", _("taken up")
    PAUSE = "pause", _("paused")
    RESUME = "resume", _("resumed")
    RETURN = "return", _("returned for completion")
    WITHDRAW = "withdraw", _("withdrawn")
    REFUSE = "refuse", _("refused")
    MOVE_AWAY = "move_away", _("moved away")


class StageRecord(Event):
    """A plain record, and pause, resume, return, withdraw, refuse."""

    candidate = models.ForeignKey(Candidate, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10, choices=RecordKind)
    stage = models.CharField(max_length=30, blank=True)
    reason = models.CharField(max_length=1000, blank=True)

    class Meta(Event.Meta):
        indexes = [models.Index(fields=["candidate"], name="stage_record_of")]

    def __str__(self):
        return self.kind


class IntroducerKind(models.TextChoices):
    """Who vouches for the person."""

    MEMBER = "member", _("official member")
    YOUTH_UNION = "youth_union", _("Youth Union committee")
    TRADE_UNION = "trade_union", _("trade union committee")


class Introducer(models.Model):
    """An official member or a body that vouches (forms 3-KNĐ, 4-KNĐ, 4A-KNĐ)."""

    candidate = models.ForeignKey(Candidate, models.PROTECT, related_name="introducers")
    kind = models.CharField(_("kind"), max_length=12, choices=IntroducerKind)
    person = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="introduces")
    body = models.ForeignKey(MassOrganisation, models.PROTECT, null=True, blank=True, related_name="introduces")
    assigned_on = models.DateField(_("assigned on"))
    together_since = models.DateField(_("works, studies or lives with the candidate since"), null=True, blank=True)
    replaces = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="replaced_by")
    ended_on = models.DateField(_("until"), null=True, blank=True)

    class Meta:
        verbose_name = _("introducer")
        verbose_name_plural = _("introducers")

    def __str__(self):
        return str(self.person or self.body)


class Helper(models.Model):
    """An official member assigned to help the candidate, or the probationer."""

    candidate = models.ForeignKey(Candidate, models.PROTECT, related_name="helpers")
    person = models.ForeignKey(Person, models.PROTECT, related_name="helps")
    from_on = models.DateField(_("from"))
    until_on = models.DateField(default=OPEN)

    class Meta:
        verbose_name = _("helper")
        verbose_name_plural = _("helpers")

    def __str__(self):
        return str(self.person)


class CallNote(models.Model):
    """What was said in a call about a candidate."""

    candidate = models.ForeignKey(Candidate, models.PROTECT, related_name="calls")
    with_whom = models.CharField(_("with"), max_length=200)
    text = models.CharField(_("what was said"), max_length=1000)
    noted_on = models.DateField()
    noted_by = models.ForeignKey("membership.User", models.PROTECT, related_name="+")

    def __str__(self):
        return self.text


class Waiver(models.Model):
    """A written consent to an exception from one requirement: applied after the rules, always listed."""

    candidate = models.ForeignKey(Candidate, models.PROTECT, related_name="waivers")
    rule = models.CharField(max_length=60)
    authority = models.CharField(_("authority"), max_length=200)
    document = models.CharField(_("document"), max_length=200)
    granted_on = models.DateField(_("dated"))
    until_on = models.DateField(_("until"), null=True, blank=True)

    class Meta:
        verbose_name = _("waiver")
        verbose_name_plural = _("waivers")

    def __str__(self):
        return self.document


class PutOff(models.Model):
    """A user's task off their own list until a day; it comes back earlier once its step or due day is another."""

    candidate = models.ForeignKey(Candidate, models.PROTECT, related_name="+")
    user = models.ForeignKey("membership.User", models.PROTECT, related_name="+")
    until_on = models.DateField()
    step = models.CharField(max_length=30, blank=True)  # the next step, and its due day, as they were then
    due_on = models.DateField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(name="one_putting_off", fields=["user", "candidate"])]

    def __str__(self):
        return f"{self.step}, {self.until_on}"


class CandidateStanding(models.Model):
    """The one derived table: where a candidacy stands. Rewritten by what touches it; `check_figures` recomputes it."""

    candidate = models.OneToOneField(Candidate, models.PROTECT, related_name="standing", primary_key=True)
    stage = models.CharField(max_length=30)  # the furthest stage reached
    stage_since = models.DateField()
    state = models.CharField(max_length=12)
    next_step = models.CharField(max_length=30, blank=True)
    whose_move = models.CharField(max_length=30, blank=True)
    due_on = models.DateField(null=True)
    earliest_ceremony_on = models.DateField(null=True)
    waits_for = models.CharField(max_length=60, blank=True)  # code of the finding that holds longest
    waits_until = models.DateField(null=True)
    earliest = models.JSONField(default=dict)  # stage -> ISO day or null
    assessed_on = models.DateField()

    class Meta:
        indexes = [
            models.Index(fields=["state", "stage"], name="standing_stage"),
            models.Index(fields=["due_on"], name="standing_due"),
        ]

    def __str__(self):
        return f"{self.stage}, {self.state}"
