from django.apps import AppConfig


class OwingConfig(AppConfig):
    name = "guanxi.platform.owing"
    label = "owing"

    def ready(self) -> None:
        # Registers the schedules; possible only once the models are loaded.
        from guanxi.platform.owing import upkeep  # noqa: F401
