"""Pages of the customer-data workflow: what files show beside their fields, customers without owner
shared out, the report of files."""

from django.urls import path

from guanxi.rooms.intake.pages import files, report, share

__all__ = ["files", "urlpatterns"]

app_name = "intake"
urlpatterns = [
    path("intake/share/", share.show, name="share"),
    path("intake/report/", report.show, name="report"),
    path("intake/report/export/", report.export, name="report_export"),
]
