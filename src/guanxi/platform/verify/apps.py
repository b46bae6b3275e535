from django.apps import AppConfig


class VerifyConfig(AppConfig):
    name = "guanxi.platform.verify"
    label = "verify"

    def ready(self) -> None:
        # Registers the database's own checks; every other package registers its own.
        from guanxi.platform.verify import database  # noqa: F401
