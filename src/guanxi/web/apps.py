from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "guanxi.web"
    label = "web"

    def ready(self) -> None:
        """Make the schedule of the kit's own housekeeping known."""
        from guanxi.web import upkeep  # noqa: F401
