"""One line of news for the next page, carried in a signed cookie: showing it writes nothing on the server."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect

from guanxi.kernel.messages import Message

COOKIE = "guanxi_flash"
SALT = "guanxi.web.flashes"
SECONDS = 120


def redirect(path: str, text: object = "", tone: str = "ok", undo: str = "") -> HttpResponseBase:
    """Go to a page of ours and say something there; tones: ok, warn, bad, info. `undo`: where it is taken back."""
    answer = HttpResponseRedirect(path)
    if text:
        say(answer, text, tone, undo)
    return answer


def say(answer: HttpResponseBase, text: object, tone: str = "ok", undo: str = "") -> None:
    """Leave one line for the next page."""
    value = signing.dumps({"tone": tone, "text": str(Message.of(text))[:600], "undo": undo}, salt=SALT, compress=True)
    answer.set_cookie(COOKIE, value, max_age=SECONDS, httponly=True, samesite="Lax", secure=settings.HTTPS)


def heard(request: HttpRequest) -> list[dict[str, Any]]:
    """What the last answer left for this page."""
    cookie = request.COOKIES.get(COOKIE)
    if not cookie:
        return []
    try:
        return [signing.loads(cookie, salt=SALT, max_age=SECONDS)]
    except signing.BadSignature:
        return []


def forget(request: HttpRequest, answer: HttpResponseBase) -> None:
    """The news has been shown."""
    if COOKIE in request.COOKIES:
        answer.delete_cookie(COOKIE, samesite="Lax")
