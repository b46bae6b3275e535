"""Pages of administration: settings home, parameters, audit trail, and why somebody sees a record."""

from django.urls import path

from guanxi.rooms.administration.pages import backups, disclosed, entrance, layout, parameters, trail, why

app_name = "administration"
urlpatterns = [
    path("administration/", entrance.show, name="home"),
    path("administration/parameters/", parameters.show, name="parameters"),
    path("administration/parameters/<str:name>/", parameters.change, name="parameter"),
    path("administration/layout/", layout.show_all, name="layouts"),
    path("administration/layout/<str:key>/", layout.show, name="layout"),
    path("administration/layout/<str:key>/arrange/", layout.arrange, name="arrange"),
    path("administration/packs/<str:name>/", layout.change_pack, name="pack"),
    path("administration/conditions/<uuid:pk>/", layout.conditions, name="conditions"),
    path("administration/audit/", trail.show, name="audit"),
    path("administration/audit/verify/", trail.prove, name="verify"),
    path("administration/disclosures/", disclosed.show, name="disclosures"),
    path("administration/backups/", backups.show, name="backups"),
    path("administration/backups/make/", backups.make, name="make_backup"),
    path("administration/backups/<str:file>/try/", backups.try_out, name="try_backup"),
    path("administration/backups/<str:file>/download/", backups.download, name="download_backup"),
    path("administration/why/", why.show, name="why"),
]
