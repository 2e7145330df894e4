from importlib import import_module

from django.apps import AppConfig


class FoundationConfig(AppConfig):
    name = "foundation"

    def ready(self):
        import_module("foundation.lookups")
