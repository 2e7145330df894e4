"""Papers of the dossier, by kind, with the days that count."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from recruitment.models.candidates import Candidate


class Paper(models.TextChoices):
    """Kinds of paper, with the form codes of 12-HD/BTCTW."""

    APPLICATION = "application", _("1-KNĐ application")
    CURRICULUM_VITAE = "cv", _("2-KNĐ curriculum vitae")
    VERIFICATION = "verification", _("verification of the curriculum vitae")
    INTRODUCTION = "introduction", _("3-KNĐ introduction by a member")
    YOUTH_RESOLUTION = "youth_resolution", _("4-KNĐ Youth Union resolution")
    UNION_RESOLUTION = "union_resolution", _("4A-KNĐ trade union resolution")
    COMMENTS = "comments", _("5-KNĐ summary of comments")
    RESIDENCE_COMMENTS = "residence_comments", _("5B-KNĐ comments from the residence")


class Document(models.Model):
    """A paper of the dossier: asked for, promised, dated, in the file."""

    candidate = models.ForeignKey(Candidate, models.PROTECT, related_name="documents")
    kind = models.CharField(_("paper"), max_length=20, choices=Paper)
    number = models.CharField(_("number"), max_length=40, blank=True)
    asked_on = models.DateField(_("asked for on"), null=True, blank=True)
    asked_of = models.CharField(_("asked of"), max_length=200, blank=True)
    promised_on = models.DateField(_("promised for"), null=True, blank=True)
    dated_on = models.DateField(_("dated"), null=True, blank=True)

    class Meta:
        verbose_name = _("paper")
        verbose_name_plural = _("papers")
        constraints = [
            models.CheckConstraint(
                name="asked_or_dated", condition=Q(asked_on__isnull=False) | Q(dated_on__isnull=False)
            )
        ]
        indexes = [
            models.Index(name="paper_awaited", fields=["candidate"], condition=Q(asked_on__isnull=False, dated_on=None))
        ]

    def __str__(self):
        return self.get_kind_display()
