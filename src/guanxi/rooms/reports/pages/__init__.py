"""The pages of this room: folders, wizard, runs, sharing, dashboards."""

from django.urls import path

from guanxi.rooms.reports.pages import dashboards, department, runs, sharing, shelf, wizard

__all__ = ["urlpatterns"]

app_name = "reports"
urlpatterns = [
    path("reports/all/", shelf.show, name="shelf"),
    path("reports/report/new/", wizard.new, name="new"),
    path("reports/report/<uuid:pk>/", runs.of_report, name="report"),
    path("reports/report/<uuid:pk>/edit/", wizard.change, name="change"),
    path("reports/related/", wizard.related, name="related"),
    path("reports/run/", runs.run, name="run"),
    path("reports/made/<uuid:pk>/", runs.of_job, name="made"),
    path("reports/keep/", runs.keep, name="keep"),
    path("reports/file/", runs.file, name="file"),
    path("reports/share/<uuid:pk>/", sharing.share, name="share"),
    path("reports/dashboards/", dashboards.show, name="dashboards"),
    path("reports/dashboards/<uuid:pk>/", dashboards.show, name="board"),
    path("reports/department/", department.show, name="department"),
    path("reports/tile/<uuid:pk>/", dashboards.tile, name="tile"),
]
