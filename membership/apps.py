from django.apps import AppConfig


class MembershipConfig(AppConfig):
    name = "membership"

    def ready(self):
        """The floor's dependants are known."""
        from membership import registrations

        registrations.register()
