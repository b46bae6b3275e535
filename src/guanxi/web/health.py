"""For the machine that watches this one. Answered by `web.watch` before anything that needs session or database."""

from __future__ import annotations

import hmac
from collections.abc import Callable
from functools import wraps
from importlib import import_module

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe

from guanxi.platform.monitoring.readiness import readiness
from guanxi.platform.people.addresses import client_address, is_within
from guanxi.web.gate import public


def _plain(view: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """The headers that inner middleware gives every page: these answers are made outside of it, refusals too."""

    @wraps(view)
    def answer(request: HttpRequest) -> HttpResponse:
        made = view(request)
        made.headers["Cache-Control"] = "no-store"
        made.headers["X-Content-Type-Options"] = "nosniff"
        made.headers["X-Frame-Options"] = "DENY"
        made.headers["Content-Security-Policy"] = "default-src 'none'; frame-ancestors 'none'; report-uri /csp-report"
        return made

    return answer


@public
@_plain
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """Whether this process answers at all. Whoever does not get an answer restarts it."""
    return HttpResponse("ok", content_type="text/plain")


@public
@_plain
@require_safe
def readyz(request: HttpRequest) -> HttpResponse:
    """Whether requests should be sent here: 200, or 503 naming what is missing."""
    found = readiness()
    return JsonResponse(found, status=200 if found["ready"] else 503)


@public
@_plain
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """Figures for Prometheus; for everybody but those named in the settings there is no such page."""
    if not _may_read_figures(request):
        return HttpResponse(status=404, content_type="text/plain")
    # By name: where nobody asks for figures, the library that counts them is not even loaded.
    figures = import_module("guanxi.platform.monitoring.metrics")
    return HttpResponse(figures.page(), content_type=figures.CONTENT_TYPE)


def _may_read_figures(request: HttpRequest) -> bool:
    if not settings.METRICS:
        return False
    given = request.headers.get("Authorization", "")
    wanted = f"Bearer {settings.METRICS_TOKEN}"
    if settings.METRICS_TOKEN and hmac.compare_digest(given.encode(), wanted.encode()):
        return True
    return is_within(client_address(request.META), settings.METRICS_ADDRESSES)
