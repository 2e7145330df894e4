"""What is asked: of which unit, period, group and tree, as at which day, as known on which moment."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import Any

from django.db.models import QuerySet, TextChoices
from django.utils.translation import gettext_lazy as _

from foundation import clock
from foundation.statements import By
from membership.models import Organisation
from reports.indicators.ground import Ground
from reports.models import Group


class Tree(TextChoices):
    """In which tree units are looked for."""

    AS_AT = "as_at", _("where each unit stands on the as-at day")
    OF_THEN = "of_then", _("where each unit stood on the day of the event")
    OF_NOW = "of_now", _("where each unit stands now")


@dataclass(frozen=True, kw_only=True)
class Ask:
    """One question. `user` None is the office itself; `first` and `last` are both included.

    `paths` (unit to path in the tree asked for) spares a query where the page has read them.
    """

    user: Any
    unit: Organisation
    first: date
    last: date
    as_at: date
    known_on: datetime | None = None
    tree: str = Tree.AS_AT
    group: str = Group.ALL
    paths: Mapping[int, str] | None = field(default=None, compare=False, repr=False)
    shared: dict[str, Any] = field(default_factory=dict, compare=False, repr=False)

    def but(self, **changes: Any) -> Ask:
        """The same question but for these; what was read of the tree is shared where it is the same tree."""
        if changes.keys() & {"user", "unit", "as_at", "known_on", "tree"}:
            changes.setdefault("shared", {})
        return dataclasses.replace(self, **changes)

    def within(self, rows: QuerySet, column: str) -> QuerySet:
        """Rows whose unit in `column` counts for the unit asked for, and for the reader."""
        return self.ground.within(rows, column)

    @cached_property
    def ground(self) -> Ground:
        """The unit in the tree asked for."""
        if "ground" not in self.shared:
            now = self.tree == Tree.OF_NOW
            self.shared["ground"] = Ground(
                user=self.user,
                unit=self.unit.pk,
                day=clock.today() if now else self.as_at,
                known_on=None if now else self.known_on,
                of_then=self.tree == Tree.OF_THEN,
                paths=self.paths,
            )
        return self.shared["ground"]

    @property
    def by(self) -> By:
        """The question as far as it decides a statement: readers who may count the same ask the same."""
        ground = self.ground
        asked = self.unit.pk, self.first, self.last, self.as_at, self.known_on, self.tree, self.group, clock.today()
        return By((asked, *map(tuple, (ground.own, ground.windows, ground.gone_here.items()))), self)

    @property
    def is_now(self) -> bool:
        """Whether it is asked as at the office's today, as known now: what is derived is kept for that day."""
        return self.known_on is None and self.as_at == clock.today()
