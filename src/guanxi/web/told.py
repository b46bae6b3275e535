"""What an action tells the person who ran it, once: shown in its answer and kept nowhere, not even in the session."""

from __future__ import annotations

from django.http import HttpResponse

from guanxi.web.gate import Request
from guanxi.web.rendering import page


def show(request: Request, address: str) -> HttpResponse:
    """A page with everything told, and the way on to `address`, where the person would otherwise have been sent."""
    return page(request, "web/told.html", {"told": request.ctx.told, "address": address})
