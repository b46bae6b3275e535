from django.apps import AppConfig


class RoomConfig(AppConfig):
    name = "tests.room"
    label = "room"
