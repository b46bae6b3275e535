from django.apps import AppConfig


class PolicyConfig(AppConfig):
    name = "guanxi.platform.policy"
    label = "policy"

    def ready(self) -> None:
        # Registers what must be true of the parameters' values; possible only once the models are loaded.
        from guanxi.platform.policy import checks  # noqa: F401
