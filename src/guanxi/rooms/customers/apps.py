from django.apps import AppConfig


class CustomersConfig(AppConfig):
    name = "guanxi.rooms.customers"
    label = "customers"
