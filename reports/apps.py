from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ReportsConfig(AppConfig):
    name = "reports"
    verbose_name = _("Plans and figures")

    def ready(self) -> None:
        """The register below learns what this floor keeps of units."""
        from reports import dependants

        dependants.register()
