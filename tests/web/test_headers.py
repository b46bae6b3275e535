"""Every answer says how far it may be trusted and kept, whoever asks and whatever becomes of it."""

from __future__ import annotations

import json
import logging

from django.test import Client
from django.urls import URLResolver, get_resolver

from tests.web.conftest import text_of

EXAMPLES = {"UUIDConverter": "00000000-0000-0000-0000-000000000000", "IntConverter": "1"}
HEADERS = {
    "Content-Security-Policy": ("default-src 'none'", "frame-ancestors 'none'", "report-uri /csp-report"),
    "Permissions-Policy": ("microphone=()", "geolocation=(self)"),
    "Cross-Origin-Opener-Policy": ("same-origin",),
    "Cross-Origin-Resource-Policy": ("same-origin",),
    "Referrer-Policy": ("same-origin",),
    "X-Content-Type-Options": ("nosniff",),
    "X-Frame-Options": ("DENY",),
    "Cache-Control": ("no-store",),
}


def _paths(resolver, prefix="/"):
    for entry in resolver.url_patterns:
        route = getattr(entry.pattern, "_route", None)
        if route is None:
            continue
        for name, converter in entry.pattern.converters.items():
            example = {"app": "room", "noun": "thing"}.get(name) or EXAMPLES.get(type(converter).__name__, "x")
            route = route.replace(f"<{converter_name(converter)}:{name}>", example).replace(f"<{name}>", example)
        if isinstance(entry, URLResolver):
            yield from _paths(entry, prefix + route)
        else:
            yield prefix + route


def converter_name(converter):
    return type(converter).__name__.removesuffix("Converter").lower().replace("string", "str")


def missing(answer):
    """What an answer does not say."""
    return [
        (name, part) for name, parts in HEADERS.items() for part in parts if part not in answer.headers.get(name, "")
    ]


#: Says 503 by intention: there is no worker beside the test.
READINESS = "/readyz"


def test_every_route_answers_with_all_headers(browser, world):
    paths = sorted(set(_paths(get_resolver())))
    assert len(paths) > 40 and "/room/thing/00000000-0000-0000-0000-000000000000/" in paths
    clients = {"anonymous": Client(), "li_wei": browser("li_wei"), "audit_admin": browser("audit_admin")}
    found = {}
    for who, client in clients.items():
        client.raise_request_exception = False
        for path in [*paths, "/no/such/page", "/\x00", "/room/thing/?sort=;"]:
            for method in ("get", "post", "put"):
                if path == "/logout/" and method == "post":
                    continue
                answer = getattr(client, method)(path)
                if lacking := missing(answer):
                    found[who, method, path] = lacking
                if who != "anonymous" and path != READINESS:
                    assert answer.status_code < 500, (method, path)
    assert found == {}


def test_a_defect_is_answered_with_all_headers_too(browser, monkeypatch):
    client = browser("li_wei")
    client.raise_request_exception = False
    monkeypatch.setattr("guanxi.web.rendering.frame", lambda request: 1 / 0)
    answer = client.get("/settings/")
    assert answer.status_code == 500 and missing(answer) == []


def test_without_the_protection_the_test_fails(browser, settings):
    settings.MIDDLEWARE = [name for name in settings.MIDDLEWARE if "HeadersMiddleware" not in name]
    assert missing(browser("li_wei").get("/settings/"))


def test_reports_of_blocked_content_are_noted_in_one_short_line(db, caplog):
    report = {
        "effective-directive": "script-src",
        "blocked-uri": "https://evil.example/x.js?secret=1",
        "document-uri": "http://testserver/customers/\r\nfake entry",
    }
    with caplog.at_level(logging.WARNING, "guanxi.web.headers"):
        answer = Client(enforce_csrf_checks=True).post(
            "/csp-report", json.dumps({"csp-report": report}), content_type="application/csp-report"
        )
    assert answer.status_code == 204 and text_of(answer) == ""
    line = caplog.messages[-1]
    assert "script-src https://evil.example/x.js" in line and "secret" not in line and "\n" not in line
    for body in ("", "[]", "{", '{"csp-report": 3}', "x" * 20_000):
        assert Client().post("/csp-report", body, content_type="application/json").status_code == 204
