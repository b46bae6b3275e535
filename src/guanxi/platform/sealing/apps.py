from django.apps import AppConfig


class SealingConfig(AppConfig):
    name = "guanxi.platform.sealing"
    label = "sealing"
