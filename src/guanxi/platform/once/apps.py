from django.apps import AppConfig


class OnceConfig(AppConfig):
    name = "guanxi.platform.once"
    label = "once"

    def ready(self) -> None:
        """Make the schedule that forgets old submissions known."""
        from guanxi.platform.once import upkeep  # noqa: F401
