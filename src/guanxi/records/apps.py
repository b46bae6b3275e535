from importlib import import_module
from importlib.util import find_spec

from django.apps import AppConfig, apps
from django.core.checks import Error, register


class RecordsConfig(AppConfig):
    name = "guanxi.records"
    label = "records"

    def ready(self) -> None:
        """Read every room's module.py once all models are known, and check what the descriptions name."""
        from guanxi.records import registry

        for config in apps.get_app_configs():
            if config.name.startswith("guanxi.rooms.") and find_spec(f"{config.name}.module"):
                import_module(f"{config.name}.module")
        register(lambda app_configs, **kwargs: [Error(problem, id="guanxi.E001") for problem in registry.check()])
