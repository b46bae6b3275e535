from django.apps import AppConfig


class AccessConfig(AppConfig):
    name = "guanxi.platform.access"
    label = "access"
