"""The administration of units, appointments, accounts and workplaces. It offers operations, not raw fields."""

from membership.admin import people, units, workplaces

__all__ = ["people", "units", "workplaces"]
