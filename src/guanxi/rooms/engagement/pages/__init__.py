"""The pages of this room: the calendar, the list of customers to watch, and what a meeting goes through."""

from django.urls import path

from guanxi.rooms.engagement.pages import activities, calendar, meetings, visits, watching

__all__ = ["activities", "calendar", "meetings", "urlpatterns", "visits"]

app_name = "engagement"
urlpatterns = [
    path("calendar/", calendar.show, name="calendar"),
    path("calendar/move/", calendar.move, name="calendar_move"),
    path("engagement/activities/", activities.show, name="activities"),
    path("engagement/activities/export/", activities.export, name="activities_export"),
    path("engagement/due-visits/", visits.due, name="due_visits"),
    path("engagement/watching/", watching.show, name="watching"),
    path("engagement/minutes/<uuid:pk>/paper/", meetings.paper, name="minutes_paper"),
]
