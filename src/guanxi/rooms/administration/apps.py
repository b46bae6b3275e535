from django.apps import AppConfig


class AdministrationConfig(AppConfig):
    name = "guanxi.rooms.administration"
    label = "administration"

    def ready(self) -> None:
        """Register the schedules; forget picklists and calendar days kept in memory when somebody changes them."""
        from guanxi.platform.calendar.working_days import forget_overrides
        from guanxi.records import picklists
        from guanxi.records.events import RecordsWritten, subscribe
        from guanxi.rooms.administration import upkeep  # noqa: F401 - registers its schedules

        kept = {"calendar.calendarday": forget_overrides, "records.picklistvalue": picklists.forget}

        def forget(event: RecordsWritten) -> None:
            if event.module in kept:
                kept[event.module]()

        subscribe(RecordsWritten, forget)
