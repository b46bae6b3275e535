from django.apps import AppConfig


class CatalogConfig(AppConfig):
    name = "guanxi.rooms.catalog"
    label = "catalog"
