from django.apps import AppConfig


class FilesConfig(AppConfig):
    name = "guanxi.platform.files"
    label = "files"

    def ready(self) -> None:
        # Registers this package's schedules and checks; possible only once the models are loaded.
        from guanxi.platform.files import checks, upkeep  # noqa: F401
