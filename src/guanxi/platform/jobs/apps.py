from django.apps import AppConfig


class JobsConfig(AppConfig):
    name = "guanxi.platform.jobs"
    label = "jobs"

    def ready(self) -> None:
        # Registers this package's schedules; possible only once the models are loaded.
        from guanxi.platform.jobs import upkeep  # noqa: F401
