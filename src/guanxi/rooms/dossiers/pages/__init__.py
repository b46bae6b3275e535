"""Pages of the dossiers: the catalogues of the six classes, missing papers, and the dossier on the customer's page."""

from django.urls import path

from guanxi.rooms.dossiers.pages import catalogue, dossier, labels, missing, signing, standing

__all__ = ["dossier", "urlpatterns"]

app_name = "dossiers"
urlpatterns = [
    path("dossiers/catalogue/", catalogue.show, name="catalogue"),
    path("dossiers/of/<uuid:pk>/", standing.show, name="standing"),
    path("dossiers/missing/", missing.show, name="missing"),
    path("sign/<str:token>/", signing.sign, name="sign"),
    path("sign/<str:token>/file/", signing.sign_file, name="sign_file"),
    path("dossiers/volumes/labels/", labels.labels, name="labels"),
    path("dossiers/volumes/sheets/", labels.sheets, name="sheets"),
]
