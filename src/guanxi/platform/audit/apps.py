from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "guanxi.platform.audit"
    label = "audit"

    def ready(self) -> None:
        # Registers what must be true of the trail; possible only once the models are loaded.
        from guanxi.platform.audit import checks, policies  # noqa: F401
