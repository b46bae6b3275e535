"""Django's command over states that are drawn once."""

from typing import Any

from django.core.management.commands import migrate

from guanxi.platform.migrating.states import drawn_once


class Command(migrate.Command):
    """Brings the database to the version of the program."""

    def handle(self, *args: Any, **options: Any) -> Any:
        with drawn_once():
            return super().handle(*args, **options)
