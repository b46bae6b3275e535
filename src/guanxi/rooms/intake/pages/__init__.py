"""Pages of the customer-data workflow: what files show beside their fields, and customers without owner shared out."""

from django.urls import path

from guanxi.rooms.intake.pages import files, share

__all__ = ["files", "urlpatterns"]

app_name = "intake"
urlpatterns = [path("intake/share/", share.show, name="share")]
