from django.apps import AppConfig


class CalendarConfig(AppConfig):
    name = "guanxi.platform.calendar"
    label = "calendar"
