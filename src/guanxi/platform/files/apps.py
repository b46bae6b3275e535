from django.apps import AppConfig


class FilesConfig(AppConfig):
    name = "guanxi.platform.files"
    label = "files"

    def ready(self) -> None:
        # Registers this package's schedules; possible only once the models are loaded.
        from guanxi.platform.files import upkeep  # noqa: F401
