from django.apps import AppConfig


class NoticesConfig(AppConfig):
    name = "guanxi.platform.notices"
    label = "notices"

    def ready(self) -> None:
        # Registers the senders with the outbox; the worker imports nothing else of this package.
        from guanxi.platform.notices import mail, passwords  # noqa: F401
