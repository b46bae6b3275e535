from django.apps import AppConfig


class NumberingConfig(AppConfig):
    name = "guanxi.platform.numbering"
    label = "numbering"
