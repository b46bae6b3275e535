"""Around everything else: an id for each request, a line in the log and figures for whoever watches this machine."""

from __future__ import annotations

import logging
import secrets
import time
from collections.abc import Callable
from importlib import import_module
from typing import Any

from django.conf import settings
from django.contrib.auth.signals import user_logged_in, user_login_failed
from django.db import connection
from django.http import HttpRequest, HttpResponseBase

from guanxi.platform.monitoring.logs import request_id
from guanxi.web import health

logger = logging.getLogger("guanxi.request")

#: Asked for by machines, every few seconds and also while the database is away: answered before anything else.
EARLY = {"/healthz": health.healthz, "/readyz": health.readyz, "/metrics": health.metrics}
UNKNOWN = "unknown"


class WatchMiddleware:
    """Gives the request its id and tells afterwards who asked for what, how it ended, and what it cost."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response
        self.metrics: Any = None
        if settings.METRICS:
            # By name: where nobody asks for figures, the library that counts them is not even loaded.
            self.metrics = import_module("guanxi.platform.monitoring.metrics")
            user_logged_in.connect(self._signed_in, weak=False, dispatch_uid="guanxi.web.watch.in")
            user_login_failed.connect(self._refused, weak=False, dispatch_uid="guanxi.web.watch.refused")

    def __call__(self, request: Any) -> HttpResponseBase:
        if view := EARLY.get(request.path_info):
            return view(request)
        if request.path_info.startswith(settings.STATIC_URL):
            return self.get_response(request)
        request.id = secrets.token_hex(8)
        token = request_id.set(request.id)
        begun = time.perf_counter()
        counter = _Counter()
        try:
            with connection.execute_wrapper(counter):
                answer = self.get_response(request)
            answer.headers["X-Request-Id"] = request.id
            self._tell(request, answer.status_code, time.perf_counter() - begun, counter.count)
        finally:
            request_id.reset(token)
        return answer

    def _tell(self, request: Any, status: int, duration: float, statements: int) -> None:
        match = getattr(request, "resolver_match", None)
        route = (match.view_name or match.route) if match else UNKNOWN
        if self.metrics is not None:
            self.metrics.observe(route, _method(request), status, duration, statements)
        if logger.isEnabledFor(logging.INFO):
            person = getattr(request, "person", None)
            facts = {
                "person": str(person.pk) if person else None,
                "source": _source(request.path_info),
                "method": _method(request),
                "route": route,
                "status": status,
                "milliseconds": round(duration * 1000, 1),
                "queries": statements,
            }
            logger.info("answered", extra={"facts": facts})

    def _signed_in(self, **_given: Any) -> None:
        self.metrics.sign_ins.labels("done").inc()

    def _refused(self, **_given: Any) -> None:
        self.metrics.sign_ins.labels("refused").inc()


class _Counter:
    """Counts the statements of one request."""

    def __init__(self) -> None:
        self.count = 0

    def __call__(self, go_on: Callable[..., Any], *given: Any) -> Any:
        self.count += 1
        return go_on(*given)


def _source(path: str) -> str:
    return "api" if path.startswith("/api/") else "caldav" if path.startswith("/dav/") else "page"


def _method(request: HttpRequest) -> str:
    """The method, if it is one: anybody can send any word, and each would be a figure of its own for ever."""
    known = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
    return request.method if request.method in known else UNKNOWN
