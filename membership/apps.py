from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MembershipConfig(AppConfig):
    name = "membership"
    verbose_name = _("Units, people and access")

    def ready(self):
        """The floor's dependants and its help are known."""
        from foundation.web import guide
        from membership import guide as ours
        from membership import registrations

        registrations.register()
        guide.PAGES.update(ours.PAGES)
