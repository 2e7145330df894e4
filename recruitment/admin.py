"""Procedure versions as the administration shows them: published ones never change."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.contrib.admin import display
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from foundation.days import format_day
from foundation.words import apart
from membership.admin.base import OperationAdmin, yes
from recruitment.models import ProcedureVersion
from recruitment.rulebook import wording


@admin.register(ProcedureVersion)
class ProcedureVersionAdmin(OperationAdmin):
    """What holds from which day: stages, requirements and the clauses they rest on."""

    capability = "procedure.write"
    change_template = "admin/recruitment/procedure.html"
    list_display = ("code", "titled", "begins", "stages", "requirements", "is_published")
    search_fields = ("title",)
    list_filter = ()
    never_deleted = _("A published version never changes. What holds from another day is another version.")

    def rows(self, user: Any) -> QuerySet:
        """All: they hold for every unit."""
        return ProcedureVersion.objects.prefetch_related("stages__requirements")

    def get_ordering(self, request: HttpRequest) -> tuple[str, ...]:
        """Newest first."""
        return ("-begins_on",)

    def found(self, rows: QuerySet, word: str, text: str) -> QuerySet:
        """By code or title."""
        return rows.filter(Q(title__icontains=text) | Q(code__iexact=text))

    @display(description=_("title"), ordering="title")
    def titled(self, row: ProcedureVersion) -> str:
        """In the reader's language."""
        return gettext(row.title)

    @display(description=_("published"), ordering="published")
    def is_published(self, row: ProcedureVersion) -> Any:
        """Whether the version may be used."""
        return _("yes") if row.published else _("no")

    @display(description=_("begins on"), ordering="begins_on")
    def begins(self, row: ProcedureVersion) -> str:
        """The first day."""
        return format_day(row.begins_on)

    @display(description=_("stages"))
    def stages(self, row: ProcedureVersion) -> int:
        """How many."""
        return len(row.stages.all())

    @display(description=_("requirements"))
    def requirements(self, row: ProcedureVersion) -> int:
        """How many, over all stages."""
        return sum(len(stage.requirements.all()) for stage in row.stages.all())

    def about(self, request: HttpRequest, row: ProcedureVersion) -> dict[str, Any]:
        """The version with its stages, and each stage with what it asks for."""
        return {
            "facts": [
                (_("Code"), row.code),
                (_("Begins on"), format_day(row.begins_on)),
                (_("Published"), yes(row.published)),
                (_("Documents"), apart(row.documents) or "–"),
            ],
            "stages": [self._stage(one) for one in row.stages.all()],
            "timeline": [],
        }

    def _stage(self, stage: Any) -> tuple[Any, list[Any], Any, list[Any]]:
        asked = [(one, wording.parameters(one.parameters)) for one in stage.requirements.all()]
        return stage, [wording.stage_title(code) for code in stage.after], wording.proof(stage.evidence), asked
