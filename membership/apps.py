from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MembershipConfig(AppConfig):
    name = "membership"
    verbose_name = _("Units, people and access")

    def ready(self):
        """The floor's dependants are known."""
        from membership import registrations

        registrations.register()
