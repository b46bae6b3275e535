from django.apps import AppConfig


class MigratingConfig(AppConfig):
    """Holds the command `migrate`, which takes the place of Django's wherever it is called, in tests as well."""

    name = "guanxi.platform.migrating"
    label = "migrating"
