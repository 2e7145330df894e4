"""Names of this floor's operations, as timelines say them."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

NAMES: dict[str, Any] = {
    "found_period": _("Period founded"),
    "issue_directive": _("Directive recorded"),
    "draft_plan": _("Plan drafted"),
    "set_targets": _("Targets set"),
    "decide_plan": _("Plan decided"),
    "open_demo": _("Practice data opened"),
    "enter_demo": _("Entered with the practice data"),
}
