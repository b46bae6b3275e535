from django.apps import AppConfig


class WorkflowConfig(AppConfig):
    name = "guanxi.platform.workflow"
    label = "workflow"

    def ready(self) -> None:
        # Registers what must be true of processes and what the clock does to them, once the models are loaded.
        from guanxi.platform.workflow import checks, ledger, upkeep  # noqa: F401
