from django.apps import AppConfig


class AdministrationConfig(AppConfig):
    name = "guanxi.rooms.administration"
    label = "administration"
