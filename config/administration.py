"""The administration's site: it has no door of its own."""

from functools import update_wrapper
from typing import Any

from django.apps import apps
from django.contrib.admin import AdminSite
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views.i18n import JavaScriptCatalog

from membership import scope

# Django's own pages that would be a second door, or tell of rows without asking whose they are.
_LEFT_OUT = {"logout", "password_change", "password_change_done", "autocomplete", "view_on_site"}


_SELECTED = "%(sel)s of %(cnt)s selected"  # alike in every number, in each of our languages


class _Words(JavaScriptCatalog):
    """What Django's scripts of lists say; how many rows are chosen, in our words."""

    packages = ["django.contrib.admin"]

    def get_catalog(self) -> dict[str, Any]:
        """Texts by their English."""
        found = super().get_catalog()
        if _SELECTED in found:
            found[_SELECTED] = [ngettext(_SELECTED, _SELECTED, 5)] * len(found[_SELECTED])
        return found


class Site(AdminSite):
    """For administrators, who sign in where everybody does, so that one limiter guards every door."""

    site_header = site_title = _("Administration")
    index_title = _("Units, accounts and plans")
    enable_nav_sidebar = False  # lists need the width

    def has_permission(self, request: HttpRequest) -> bool:
        """Whether the reader administers any unit today."""
        return super().has_permission(request) and scope.may(request.user, "unit.write")

    def admin_view(self, view: Any, cacheable: bool = False) -> Any:
        """The view for administrators; 403 for others who are signed in."""
        inner = super().admin_view(view, cacheable)

        def run(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if request.user.is_authenticated and not self.has_permission(request):
                raise PermissionDenied
            return inner(request, *args, **kwargs)

        return update_wrapper(run, inner)

    def i18n_javascript(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """Words for scripts."""
        view: Any = _Words.as_view()
        return view(request)

    @method_decorator(login_not_required)
    def login(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """To the login page, and from there back."""
        if not request.user.is_authenticated:
            return redirect_to_login(request.GET.get("next") or reverse("admin:index"), reverse("account_login"))
        if not self.has_permission(request):
            raise PermissionDenied
        return HttpResponseRedirect(reverse("admin:index"))

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[Any]:
        """As registered, units first: the same order in every language."""
        places = {model: place for place, model in enumerate(self._registry)}
        groups = super().get_app_list(request, app_label)
        for group in groups:
            group["models"].sort(key=lambda one: places[one["model"]])
        return sorted(groups, key=lambda group: places[group["models"][0]["model"]])

    def app_index(self, request: HttpRequest, app_label: str, extra_context: Any = None) -> TemplateResponse:
        """The lists of one group, under its name."""
        title = {"title": apps.get_app_config(app_label).verbose_name}
        return super().app_index(request, app_label, title | (extra_context or {}))

    def get_urls(self) -> list[Any]:
        """Django's pages without those left out, and the tree."""
        from membership.admin.units import tree
        from membership.views.accounts import sign_out

        kept = [one for one in super().get_urls() if getattr(one, "name", None) not in _LEFT_OUT]
        return [
            path("logout/", sign_out, name="logout"),
            path("tree/", self.admin_view(tree), name="tree"),
            *kept,
        ]
