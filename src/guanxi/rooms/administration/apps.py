from django.apps import AppConfig


class AdministrationConfig(AppConfig):
    name = "guanxi.rooms.administration"
    label = "administration"

    def ready(self) -> None:
        """Forget calendar days kept in memory when somebody changes them."""
        from guanxi.platform.calendar.working_days import forget_overrides
        from guanxi.records.events import RecordsWritten, subscribe

        def forget(event: RecordsWritten) -> None:
            if event.module == "calendar.calendarday":
                forget_overrides()

        subscribe(RecordsWritten, forget)
