"""The pages of this room: the calendar, the list of customers to watch, and what a meeting goes through."""

from django.urls import path, re_path

from guanxi.rooms.engagement.pages import activities, calendar, dav, feeding, meetings, phone, visits, watching

__all__ = ["activities", "calendar", "meetings", "urlpatterns", "visits"]

app_name = "engagement"
urlpatterns = [
    path("calendar/", calendar.show, name="calendar"),
    path("calendar/move/", calendar.move, name="calendar_move"),
    path("engagement/activities/", activities.show, name="activities"),
    path("engagement/activities/export/", activities.export, name="activities_export"),
    path("engagement/due-visits/", visits.due, name="due_visits"),
    path("calendar/file/", feeding.window, name="calendar_file"),
    path("calendar/event/<uuid:pk>/file/", feeding.one, name="event_file"),
    path("calendar/feed/<str:secret>.ics", feeding.feed, name="calendar_feed"),
    path("calendar/phone/", phone.show, name="phone"),
    path("calendar/phone/token/", phone.make_token, name="phone_token"),
    path("calendar/phone/bring/", phone.bring, name="phone_bring"),
    path(".well-known/caldav", dav.well_known, name="caldav_well_known"),
    re_path(r"^dav/(?P<rest>[^\x00-\x1f]*)\Z", dav.enter, name="caldav"),
    path("engagement/watching/", watching.show, name="watching"),
    path("engagement/minutes/<uuid:pk>/paper/", meetings.paper, name="minutes_paper"),
]
