"""The administration of units, appointments, accounts and workplaces. It offers operations, not raw fields."""

from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession
from django.contrib import admin
from django.contrib.auth.models import Group

from membership.admin import people, units, workplaces

__all__ = ["people", "units", "workplaces"]

for _raw in (EmailAddress, Group, UserSession):  # of the libraries: nothing an office keeps
    admin.site.unregister(_raw)
