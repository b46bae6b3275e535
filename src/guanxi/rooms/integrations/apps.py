from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class IntegrationsConfig(AppConfig):
    name = "guanxi.rooms.integrations"
    label = "integrations"
    verbose_name = _("Integrations")

    def ready(self) -> None:
        """Witness what is written, and register the sender and the schedule."""
        from guanxi.records.events import RecordsWritten, witness
        from guanxi.rooms.integrations import upkeep

        witness(RecordsWritten, upkeep.note)
