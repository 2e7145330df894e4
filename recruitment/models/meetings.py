"""Meetings and their votes."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from foundation.facts import SO, Event
from membership.models import Organisation
from recruitment.models.candidates import Candidate


class Meeting(models.Model):
    """The meeting of a cell or of a committee on a day."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="meetings", verbose_name=_("unit"))
    held_on = models.DateField(_("held on"))
    booked = models.BooleanField(default=False)  # planned, not held yet

    class Meta:
        verbose_name = _("meeting")
        verbose_name_plural = _("meetings")
        constraints = [models.UniqueConstraint(name="one_meeting_a_day", fields=["organisation", "held_on"])]

    def __str__(self):
        return f"{self.organisation} {self.held_on:%d/%m/%Y}"


def ascending(*names: str) -> Q:
    """Each number is at most the next one; those not counted (a show of cards) are passed over."""
    held = Q()
    for position, name in enumerate(names):
        for later in names[position + 1 :]:
            held &= Q(**{f"{name}__lte": F(later)}) | Q(**{f"{name}__isnull": True}) | Q(**{f"{later}__isnull": True})
    return held


class Vote(Event):
    """What a meeting decided on a candidate at a stage. Counts only, never who voted how."""

    candidate = models.ForeignKey(Candidate, models.PROTECT, related_name="+")
    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="+")
    stage = models.CharField(max_length=30)
    entitled = models.PositiveSmallIntegerField(_("entitled"))
    present = models.PositiveSmallIntegerField(_("present"))
    issued = models.PositiveSmallIntegerField(_("ballots issued"), null=True)
    returned = models.PositiveSmallIntegerField(_("returned"), null=True)
    valid = models.PositiveSmallIntegerField(_("valid"), null=True)
    in_favour = models.PositiveSmallIntegerField(_("in favour"))
    against = models.PositiveSmallIntegerField(_("against"))

    class Meta(Event.Meta):
        constraints = [
            models.UniqueConstraint(name="one_vote", fields=["candidate", "meeting", "stage"], condition=SO),
            models.CheckConstraint(
                name="vote_arithmetic", condition=ascending("valid", "returned", "issued", "present", "entitled")
            ),
            models.CheckConstraint(
                name="votes_add_up",
                condition=(Q(valid__isnull=True) & Q(in_favour__lte=F("present") - F("against")))
                | Q(in_favour__lte=F("valid") - F("against")),
            ),
        ]
        indexes = [models.Index(fields=["candidate"], name="vote_of")]

    def __str__(self):
        return f"{self.in_favour}/{self.entitled}"
