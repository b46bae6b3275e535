"""Who calls: the owner of the access token in the Authorization header, else whoever is logged in with a browser."""

from __future__ import annotations

import dataclasses
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import CsrfViewMiddleware

from guanxi.api.problems import Unauthenticated
from guanxi.kernel.errors import NotAllowed
from guanxi.kernel.messages import Message
from guanxi.platform import calendar
from guanxi.platform.access import tokens
from guanxi.platform.people.addresses import client_address
from guanxi.records.context import Context

READING = frozenset({"GET", "HEAD", "OPTIONS"})


def context_of(request: Any) -> Context:
    """The circumstances of the call. Raises Unauthenticated, or NotAllowed for a write that another site made."""
    given = request.headers.get("Authorization")
    return _by_session(request) if given is None else _by_token(request, given)


def _by_token(request: HttpRequest, given: str) -> Context:
    scheme, _blank, secret = given.partition(" ")
    if scheme.lower() != "bearer":
        raise Unauthenticated
    now, address = calendar.now(), client_address(request.META)
    token = tokens.find(secret.strip(), address, now)
    if token is None:
        raise Unauthenticated
    tokens.mark_used(token, address, now)
    return Context.of(
        token.owner,
        source="api",
        now=now,
        address=address,
        limits=tokens.limits_of(token),
        token=tokens.UsedToken(token.pk, token.name),
        elevated=token.elevated,
    )


def _by_session(request: Any) -> Context:
    if getattr(request, "person", None) is None:
        raise Unauthenticated
    if request.method not in READING and _is_forged(request):
        raise NotAllowed(Message("This call did not come from a page of ours. Use an access token."))
    return dataclasses.replace(request.ctx, source="api")


def _is_forged(request: HttpRequest) -> bool:
    """Whether a call with a browser's cookie lacks the mark that only our own pages can send (X-CSRFToken)."""
    guard = CsrfViewMiddleware(lambda _request: HttpResponse())
    request.csrf_processing_done = False  # type: ignore[attr-defined]
    guard.process_request(request)
    return guard.process_view(request, _nothing, (), {}) is not None


def _nothing(request: HttpRequest) -> HttpResponse:
    return HttpResponse()
