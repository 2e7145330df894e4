"""What is asked, and what was reported."""

from reports.models.targets import Directive, Group, Period, PeriodKind, Plan, PlanState, TargetValue

__all__ = ["Directive", "Group", "Period", "PeriodKind", "Plan", "PlanState", "TargetValue"]
