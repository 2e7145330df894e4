"""The administration's site: it has no door of its own."""

from allauth.account.decorators import secure_admin_login
from django.contrib.admin import AdminSite
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _


class Site(AdminSite):
    """Signs in where everybody does, so that one limiter guards every door."""

    site_header = site_title = _("Administration")
    index_title = _("Units, accounts and plans")
    login = method_decorator(secure_admin_login)(AdminSite.login)
