"""The pages of this room: what tickets and questions show beside their fields, the statistics."""

from django.urls import path

from guanxi.rooms.service.pages import questions, statistics, tickets

__all__ = ["questions", "tickets", "urlpatterns"]

app_name = "service"
urlpatterns = [
    path("service/statistics/", statistics.show, name="statistics"),
    path("service/statistics/export/", statistics.export, name="statistics_export"),
]
