from django.apps import AppConfig


class EngagementConfig(AppConfig):
    name = "guanxi.rooms.engagement"
    label = "engagement"
