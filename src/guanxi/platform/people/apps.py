from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "guanxi.platform.people"
    label = "people"
