"""The office and its journal: the two tables every other floor stands on."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Office(models.Model):
    """One row: what kind of database this is, and which day it is in a practice one."""

    practice_day = models.DateField(null=True)  # null: a real office, where the day is the machine's

    def __str__(self):
        return f"practice, {self.practice_day}" if self.practice_day else "real"


class JournalEntry(models.Model):
    """What one operation did: who, by which appointment, what, why and when. Written by `@operation` alone."""

    operation = models.CharField(max_length=60)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    appointment = models.PositiveBigIntegerField(null=True)  # membership's; this floor knows no appointments
    on_behalf_of = models.PositiveBigIntegerField(null=True)  # the unit whose step a superior recorded
    reason = models.CharField(max_length=1000, blank=True)
    recorded_at = models.DateTimeField(unique=True)  # office clock
    machine_time = models.DateTimeField()
    form_key = models.UUIDField(null=True)
    result = models.JSONField(null=True)  # what the operation returned: {"model", "pk"} or a list of them
    details = models.JSONField(default=list)  # [[subject, field, before, after]], restricted values masked
    undoes = models.OneToOneField("self", models.PROTECT, null=True, related_name="undone_by")

    class Meta:
        verbose_name = _("journal entry")
        verbose_name_plural = _("journal entries")
        constraints = [models.UniqueConstraint(name="one_submission", fields=["actor", "form_key"])]
        # most entries undo nothing: SQLite, which counts these in the field's own index, would rather read all entries
        indexes = [models.Index(name="entry_undoing", fields=["undoes"], condition=models.Q(undoes__isnull=False))]

    def __str__(self):
        return f"{self.pk} {self.operation}"


class EntrySubject(models.Model):
    """A thing an entry is about: the timelines of units, people and candidates read these."""

    entry = models.ForeignKey(JournalEntry, models.PROTECT, related_name="subjects")
    model = models.CharField(max_length=60)  # label_lower
    key = models.PositiveBigIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(name="named_once", fields=["model", "key", "entry"])]

    def __str__(self):
        return f"{self.model} {self.key}"
