from django.apps import AppConfig


class BackupsConfig(AppConfig):
    name = "guanxi.platform.backups"
    label = "backups"

    def ready(self) -> None:
        # Registers this package's jobs, schedules and parameters; possible only once the models are loaded.
        from guanxi.platform.backups import upkeep  # noqa: F401
