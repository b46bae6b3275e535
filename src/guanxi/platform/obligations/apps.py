from django.apps import AppConfig


class ObligationsConfig(AppConfig):
    name = "guanxi.platform.obligations"
    label = "obligations"

    def ready(self) -> None:
        # Registers what looks after duties and what must be true of them; possible only once the models are loaded.
        from guanxi.platform.obligations import checks, ledger, upkeep  # noqa: F401
