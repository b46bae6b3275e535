"""What every answer says to the browser about how far it may be trusted and kept: pages, refusals and defects alike."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.cache import add_never_cache_headers
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from guanxi.web.gate import public

logger = logging.getLogger(__name__)

#: What pages of ours may ask of the device: where a visit takes place, a photo of it, a security key. All else is off.
_OWN = ("camera", "geolocation", "publickey-credentials-create", "publickey-credentials-get", "clipboard-write")
_OFF = (
    "accelerometer", "autoplay", "display-capture", "encrypted-media", "fullscreen", "gyroscope", "hid",
    "identity-credentials-get", "idle-detection", "local-fonts", "magnetometer", "microphone", "midi", "payment",
    "picture-in-picture", "screen-wake-lock", "serial", "storage-access", "usb", "xr-spatial-tracking",
)  # fmt: skip
PERMISSIONS = ", ".join([*(f"{name}=(self)" for name in _OWN), *(f"{name}=()" for name in _OFF)])
#: The longest report that is read, and how much of it is written down.
REPORT_BYTES, NOTED = 16_384, 300


class HeadersMiddleware:
    """Outermost of all, so that an answer carries these whoever made it; what an answer says itself stands."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        answer = self.get_response(request)
        answer.headers.setdefault("Permissions-Policy", PERMISSIONS)
        answer.headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
        answer.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        answer.headers.setdefault("Referrer-Policy", "same-origin")
        answer.headers.setdefault("X-Content-Type-Options", "nosniff")
        if not request.path.startswith(settings.STATIC_URL):
            _never_kept(answer)
        return answer


def _never_kept(answer: HttpResponseBase) -> None:
    """No browser and no proxy keeps an answer of ours: what one person may see, the next may not."""
    if "no-store" not in answer.headers.get("Cache-Control", ""):
        add_never_cache_headers(answer)


@public
@csrf_exempt
@require_POST
def policy_report(request: Any) -> HttpResponse:
    """A browser tells that it blocked something by our policy: an attack, or a defect of a page. One line of log."""
    body = request.read(REPORT_BYTES + 1)
    if len(body) <= REPORT_BYTES:
        logger.warning("content policy: %s", _told(body))
    return HttpResponse(status=204)


def _told(body: bytes) -> str:
    """What was blocked where, without line breaks and without the address's query, which may name somebody."""
    try:
        report = json.loads(body)["csp-report"]
        parts = [str(report.get(name, "")) for name in ("effective-directive", "blocked-uri", "document-uri")]
    except (ValueError, KeyError, TypeError, AttributeError):
        return "unreadable report"
    return " ".join("".join(sign for sign in part.split("?")[0] if sign.isprintable())[:NOTED] for part in parts)
