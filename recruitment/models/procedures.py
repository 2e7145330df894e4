"""Procedure versions as dated data. What they mean is in `rulebook/`."""

from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _


class ProcedureVersion(models.Model):
    """The steps and requirements in force from `begins_on` until the next version begins."""

    code = models.CharField(_("code"), max_length=10, unique=True)
    title = models.CharField(_("title"), max_length=300)
    begins_on = models.DateField(_("begins on"), unique=True)
    documents = models.JSONField(_("documents"), default=list)
    published = models.BooleanField(default=True)

    class Meta:
        verbose_name = _("procedure version")
        verbose_name_plural = _("procedure versions")
        ordering = ["begins_on"]

    def __str__(self):
        return f"{gettext(self.title)} ({self.code})"


class AdmissionStage(models.Model):
    """A step of a version: what proves it, which tier takes it, which stages come before it."""

    version = models.ForeignKey(ProcedureVersion, models.PROTECT, related_name="stages")
    code = models.CharField(_("code"), max_length=30)
    title = models.CharField(_("title"), max_length=200)
    order = models.PositiveSmallIntegerField()
    after = models.JSONField(default=list)  # codes of the stages that come before
    evidence = models.CharField(max_length=30)
    tier = models.CharField(max_length=20)
    resolver = models.CharField(max_length=30, blank=True)

    class Meta:
        verbose_name = _("admission stage")
        verbose_name_plural = _("admission stages")
        ordering = ["version", "order"]
        constraints = [models.UniqueConstraint(name="one_stage_code", fields=["version", "code"])]

    def __str__(self):
        return gettext(self.title)


class Requirement(models.Model):
    """A rule with its parameters, asked at a stage, with the clause it rests on."""

    stage = models.ForeignKey(AdmissionStage, models.PROTECT, related_name="requirements")
    rule = models.CharField(max_length=60)
    parameters = models.JSONField(default=dict)
    title = models.CharField(max_length=300)
    document = models.CharField(max_length=200)
    clause = models.CharField(max_length=60, blank=True)
    confirmed = models.BooleanField(default=True)
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = _("requirement")
        verbose_name_plural = _("requirements")
        ordering = ["stage", "order"]

    def __str__(self):
        return gettext(self.title)
