from django.apps import AppConfig


class ObligationsConfig(AppConfig):
    name = "guanxi.platform.obligations"
    label = "obligations"

    def ready(self) -> None:
        # Registers the schedules and what must be true of duties; possible only once the models are loaded.
        from guanxi.platform.obligations import checks, upkeep  # noqa: F401
