"""Pages of administration: settings home, parameters, audit trail, and why somebody sees a record."""

from django.urls import path

from guanxi.rooms.administration.pages import disclosed, entrance, parameters, trail, why

app_name = "administration"
urlpatterns = [
    path("administration/", entrance.show, name="home"),
    path("administration/parameters/", parameters.show, name="parameters"),
    path("administration/parameters/<str:name>/", parameters.change, name="parameter"),
    path("administration/audit/", trail.show, name="audit"),
    path("administration/audit/verify/", trail.prove, name="verify"),
    path("administration/disclosures/", disclosed.show, name="disclosures"),
    path("administration/why/", why.show, name="why"),
]
