from importlib import import_module

from django.apps import AppConfig, apps
from django.core.checks import Error, register
from django.utils.module_loading import module_has_submodule
from django.utils.translation import gettext

from guanxi.kernel.messages import set_translator


class RecordsConfig(AppConfig):
    name = "guanxi.records"
    label = "records"

    def ready(self) -> None:
        """Read every room's module.py and upkeep.py once all models are known, and check what the descriptions name."""
        # The jobs of import and export and the checks register themselves; possible only once the models are loaded.
        from guanxi.records import (  # noqa: F401
            batches,
            checks,
            customising,
            deciding,
            events,
            export_upkeep,
            exporting,
            registry,
            resealing,
            search_upkeep,
        )
        from guanxi.records.importing import clearing, running  # noqa: F401

        set_translator(gettext)
        # First what there is, then what each room does with it by itself.
        for part in ("module", "upkeep"):
            for config in apps.get_app_configs():
                if module_has_submodule(config.module, part):
                    import_module(f"{config.name}.{part}")
        events.subscribe(events.RecordsWritten, customising.heed)
        register(lambda app_configs, **kwargs: [Error(problem, id="guanxi.E001") for problem in registry.check()])
