"""The admin as this office uses it."""

from django.contrib.admin.apps import AdminConfig


class AdministrationConfig(AdminConfig):
    """Django's admin behind the one login view."""

    default_site = "config.administration.Site"
