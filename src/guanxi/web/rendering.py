"""Pages and parts of pages: one function that puts what a view has found into a template, within the frame."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.utils.translation import get_language

from guanxi.platform.notices.notify import unread_count
from guanxi.records.module import Module
from guanxi.web import drawing, flashes, menu, printing
from guanxi.web.gate import Request
from guanxi.web.languages import offered

LINKS = {
    "home": "/",
    "search": "/search/",
    "palette": "/palette/",
    "notices": "/notices/",
    "settings": "/settings/",
    "language": "/language/",
    "logout": "/logout/",
}


def page(
    request: Request, template: str | list[str], context: dict[str, Any] | None = None, status: int = 200
) -> HttpResponse:
    """A page in the frame; a request of a script (htmx) gets the page's own part only."""
    is_part = bool(request.htmx)
    given = {
        "layout": "web/part.html" if is_part else "web/base.html",
        "ctx": request.ctx,
        "person": request.person,
        "language": get_language(),
        "on_paper": printing.shown_on(context or {}),
        **({} if is_part else frame(request)),
        **(context or {}),
    }
    answer = render(request, template, given, status=status)
    patch_vary_headers(answer, ["HX-Request"])
    if not is_part:
        flashes.forget(request, answer)
    return answer


def template_of(module: Module, name: str) -> list[str]:
    """A room's own page for a record type where it has one, else the kit's."""
    return [f"{module.app}/{module.noun}/{name}.html", f"web/{name}.html"]


def frame(request: Request) -> dict[str, Any]:
    """What stands around every page: menu, what can be made new, news."""
    groups = menu.groups(request.ctx, request.path)
    return {
        "rail": drawing.kept("web/parts/rail.html", groups=groups),
        "creations": drawing.kept("web/parts/creations.html", creations=menu.creations(request.ctx)),
        "tabbar": drawing.kept(
            "web/parts/tabbar.html", items=tuple(item for group in groups for item in group.places)[:4]
        ),
        "dialogs": drawing.kept("web/parts/dialogs.html", palette=LINKS["palette"]),
        "unread": unread_count(request.person),
        "flashes": flashes.heard(request),
        "links": LINKS,
        "languages": offered(),
    }
