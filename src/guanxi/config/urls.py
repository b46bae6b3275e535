"""The addresses of the whole product; every kit and room brings its own."""

from django.urls import include, path

urlpatterns = [path("", include("guanxi.web.urls"))]
