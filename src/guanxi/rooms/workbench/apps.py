from django.apps import AppConfig


class WorkbenchConfig(AppConfig):
    name = "guanxi.rooms.workbench"
    label = "workbench"
