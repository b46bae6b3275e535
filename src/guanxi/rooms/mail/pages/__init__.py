"""The pages of this room: what mails show beside their fields, where one writes them, the end of advertising."""

from django.urls import path

from guanxi.rooms.mail.pages import letters, unsubscribing

__all__ = ["letters", "unsubscribing", "urlpatterns"]

app_name = "mail"
urlpatterns = [
    path("mail/letter/<uuid:pk>/formatted/", letters.formatted, name="formatted"),
    path("mail/off/<str:token>/", unsubscribing.unsubscribe, name="unsubscribe"),
]
