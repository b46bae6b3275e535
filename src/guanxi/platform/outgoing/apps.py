from django.apps import AppConfig
from django.core.checks import register


class OutgoingConfig(AppConfig):
    name = "guanxi.platform.outgoing"
    label = "outgoing"

    def ready(self) -> None:
        """Have the registered recipients read once when the program starts."""
        from guanxi.platform.outgoing.recipients import check_settings

        register(check_settings)
