from django.apps import AppConfig


class ReportsConfig(AppConfig):
    name = "reports"

    def ready(self) -> None:
        """The register below learns what this floor keeps of units."""
        from reports import dependants

        dependants.register()
