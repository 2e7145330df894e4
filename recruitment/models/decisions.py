"""Decisions of competent committees, and ceremonies."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from foundation.facts import SO, Event
from membership.models import Education, OccupationKind, Organisation, Person, Sex
from recruitment.models.candidates import Candidate


class DecisionKind(models.TextChoices):
    """What was decided."""

    ADMISSION = "admission", _("admission")
    RECOGNITION = "recognition", _("recognition as an official member")
    REMOVAL = "removal", _("removal of the name")
    ANNULMENT = "annulment", _("annulment of an admission")


class Decision(Event):
    """Issued on `happened_on` by the competent committee."""

    Kind = DecisionKind
    candidate = models.ForeignKey(Candidate, models.PROTECT, related_name="+")
    kind = models.CharField(_("kind"), max_length=12, choices=DecisionKind)
    committee = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    number = models.CharField(_("number"), max_length=40)
    received_on = models.DateField(_("received by the cell on"), null=True)

    class Meta(Event.Meta):
        constraints = [models.UniqueConstraint(name="one_decision", fields=["candidate", "kind"], condition=SO)]

    def __str__(self):
        return self.number


class AdmissionCeremony(Event):
    """Held on `happened_on` by a cell, credited to a unit, with the person's profile as it was."""

    candidate = models.ForeignKey(Candidate, models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    cell = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    credited_to = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    # The frozen profile: what the groups of figures are derived from.
    sex = models.CharField(max_length=6, choices=Sex)
    born_on = models.DateField()
    ethnicity = models.CharField(max_length=40, blank=True)
    religion = models.CharField(max_length=60, blank=True)
    education = models.CharField(max_length=20, choices=Education, blank=True)
    occupation = models.CharField(max_length=20, choices=OccupationKind, blank=True)
    non_state_worker = models.BooleanField(default=False)
    non_state_cell = models.BooleanField(default=False)  # the cell covers a non-state enterprise
    youth_union = models.BooleanField(default=False)

    class Meta(Event.Meta):
        constraints = [models.UniqueConstraint(name="one_ceremony", fields=["candidate"], condition=SO)]
        indexes = [
            models.Index(fields=["credited_to", "happened_on"], name="ceremony_credit"),
            models.Index(fields=["happened_on"], name="ceremony_day"),
            models.Index(fields=["person"], name="ceremony_of"),
        ]

    def __str__(self):
        return f"{self.happened_on:%d/%m/%Y}"
