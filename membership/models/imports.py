"""A register file on its way into the database: checked, applied once, undone as one."""

import json
from typing import Any

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.utils.translation import gettext_lazy as _

from foundation import sealed


class SealedJSON(models.TextField):
    """A list that nobody reads in the database or a backup: stored sealed; empty where nothing is."""

    def deconstruct(self) -> Any:
        """To migrations it is a text."""
        name, _path, args, kwargs = super().deconstruct()
        kwargs.pop("default", None)
        return name, "django.db.models.TextField", args, kwargs

    def from_db_value(self, value: str, _expression: Any, _connection: Any) -> Any:
        """The list, opened."""
        return json.loads(sealed.unseal(value)) if value else []

    def get_prep_value(self, value: Any) -> str:
        """The list, sealed."""
        return sealed.seal(json.dumps(value, cls=DjangoJSONEncoder)) if value else ""


class Template(models.TextChoices):
    """What a file holds."""

    UNITS = "units", _("units with officers")
    MEMBERS = "members", _("members")
    WORKPLACES = "workplaces", _("workplaces")


class ImportBatchQuerySet(models.QuerySet):
    """Questions about uploaded files."""

    def visible_to(self, user: Any, capability: str = "register.import") -> "ImportBatchQuerySet":
        """A file belongs to whoever uploaded it, for as long as they may import."""
        from membership import scope

        return self.filter(uploaded_by=user.pk) if scope.may(user, capability) else self.none()


class ImportBatch(models.Model):
    """One uploaded file, as read; nothing of it is in the register until it is applied."""

    template = models.CharField(_("template"), max_length=12, choices=Template)
    file_name = models.CharField(max_length=200)
    file_hash = models.CharField(max_length=64)
    headers = models.JSONField(default=list)
    columns = models.JSONField(default=dict)  # our column -> index of theirs
    rows: Any = SealedJSON(default=list)  # [[row number, [cells]]], as mended; identity numbers are among them
    lossy = models.JSONField(default=list)  # [[row number, place]] of numbers that the sheet may have rounded
    left_out = models.JSONField(default=list)  # row numbers
    before: Any = SealedJSON(default=list)  # how people it found in the register were described: undoing gives it back
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField()
    as_on = models.DateField(_("register as on"))
    applied_by = models.OneToOneField("foundation.JournalEntry", models.PROTECT, null=True, related_name="+")
    undone_by = models.OneToOneField("foundation.JournalEntry", models.PROTECT, null=True, related_name="+")
    version = models.PositiveIntegerField(default=1)

    objects = ImportBatchQuerySet.as_manager()

    def __str__(self):
        return self.file_name

    def permission_unit(self) -> None:
        """None: importing is asked for anywhere, it is of the tree's top unit only."""


class ColumnMatch(models.Model):
    """A heading of theirs that somebody matched to a column of ours, remembered for the next file."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    template = models.CharField(max_length=12, choices=Template)
    heading = models.CharField(max_length=200)
    column = models.CharField(max_length=40)

    class Meta:
        constraints = [models.UniqueConstraint(name="matched_once", fields=["user", "template", "heading"])]

    def __str__(self):
        return f"{self.heading} → {self.column}"
