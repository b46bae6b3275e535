from django.apps import AppConfig


class CustomersConfig(AppConfig):
    name = "guanxi.rooms.customers"
    label = "customers"

    def ready(self) -> None:
        """Make the schedule of this room's own housekeeping known."""
        from guanxi.rooms.customers import upkeep  # noqa: F401
