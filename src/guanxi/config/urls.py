"""The addresses of the whole product; every kit and room brings its own.

A room's pages.py, where it has one, gives `urlpatterns`; they stand before the kit's, which answer for any record type.
"""

from importlib import import_module

from django.apps import apps
from django.urls import include, path
from django.utils.module_loading import module_has_submodule

ROOMS = [
    config.name
    for config in apps.get_app_configs()
    if config.name.startswith("guanxi.rooms.") and module_has_submodule(config.module, "pages")
]
# Importing a room's pages also enters its panels and its places in the menu, whether it has addresses or not.
PAGES = [import_module(f"{name}.pages") for name in ROOMS]

urlpatterns = [
    *(path("", include(pages.__name__)) for pages in PAGES if hasattr(pages, "urlpatterns")),
    path("api/", include("guanxi.api.urls")),
    path("", include("guanxi.web.urls")),
]

handler400 = "guanxi.config.faults.bad_request"
handler403 = "guanxi.web.errors.forbidden"
handler404 = "guanxi.web.errors.not_found"
handler500 = "guanxi.web.errors.server_error"
