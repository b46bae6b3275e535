from django.apps import AppConfig


class JobsConfig(AppConfig):
    name = "guanxi.platform.jobs"
    label = "jobs"

    def ready(self) -> None:
        # Registers this package's schedules and checks; possible only once the models are loaded.
        from guanxi.platform.jobs import checks, upkeep  # noqa: F401
