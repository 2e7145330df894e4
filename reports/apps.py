from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ReportsConfig(AppConfig):
    name = "reports"
    verbose_name = _("Plans and figures")

    def ready(self) -> None:
        """The floors below learn what this one keeps of units, and what its operations are called."""
        from foundation import backup
        from foundation.web import guide
        from membership import timeline
        from membership.views import units
        from reports import dependants, names
        from reports import guide as ours
        from reports.demo.accounts import accounts_file
        from reports.views.of_unit import year_of

        dependants.register()
        backup.FILES.append(accounts_file)
        timeline.WORDS.update(names.NAMES)
        guide.PAGES.update(ours.PAGES)
        units.SAID.append(year_of)
