"""The pages of this room: the calendar, the list of customers to watch, and what a meeting goes through."""

from django.urls import path

from guanxi.rooms.engagement.pages import calendar, meetings, watching

__all__ = ["calendar", "meetings", "urlpatterns"]

app_name = "engagement"
urlpatterns = [
    path("calendar/", calendar.show, name="calendar"),
    path("calendar/move/", calendar.move, name="calendar_move"),
    path("engagement/watching/", watching.show, name="watching"),
    path("engagement/minutes/<uuid:pk>/paper/", meetings.paper, name="minutes_paper"),
]
