"""The pages of this room: the list of customers to watch, and what a meeting goes through."""

from django.urls import path

from guanxi.rooms.engagement.pages import meetings, watching

__all__ = ["meetings", "urlpatterns"]

app_name = "engagement"
urlpatterns = [
    path("engagement/watching/", watching.show, name="watching"),
    path("engagement/minutes/<uuid:pk>/paper/", meetings.paper, name="minutes_paper"),
]
