"""One's open sessions: where one is signed in, and ending what one does not know."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from django.http import HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from guanxi.kernel.messages import Message
from guanxi.platform.people import sessions
from guanxi.platform.people.sign_in import Session
from guanxi.web import door_book, flashes
from guanxi.web.gate import Request

PATH = "/settings/#sessions"
_BROWSERS = (
    (r"MicroMessenger", "WeChat"), (r"DingTalk", "DingTalk"), (r"Edg[eA]?/", "Edge"), (r"OPR/", "Opera"),
    (r"QQBrowser", "QQ"), (r"Firefox|FxiOS", "Firefox"), (r"Chrome|CriOS", "Chrome"), (r"Safari", "Safari"),
)  # fmt: skip
_SYSTEMS = (
    (r"HarmonyOS|OpenHarmony", "HarmonyOS"), (r"Android", "Android"), (r"iPhone", "iPhone"), (r"iPad", "iPad"),
    (r"Windows", "Windows"), (r"Mac OS X|Macintosh", "macOS"), (r"Linux", "Linux"),
)  # fmt: skip


@dataclass(frozen=True)
class Line:
    """One open session as the page shows it."""

    reference: str
    device: str
    address: str
    begun_at: datetime
    used_at: datetime
    is_this: bool


def lines(request: Request) -> list[Line]:
    """The person's open sessions, this one first."""
    here = request.session.session_key
    found = [_line(row, row.session_key == here) for row in sessions.sessions_of(request.person.pk)]
    return sorted(found, key=lambda line: not line.is_this)


def _line(row: Session, is_this: bool) -> Line:
    return Line(sessions.reference_of(row), device_of(row.agent), row.address, row.begun_at, row.used_at, is_this)


def device_of(agent: str) -> str:
    """Browser and system in two words, as far as the browser tells: "Chrome · Windows"."""
    names = [
        next((name for pattern, name in known if re.search(pattern, agent)), "") for known in (_BROWSERS, _SYSTEMS)
    ]
    return " · ".join(filter(None, names)) or _("Unknown browser")


@require_POST
def end(request: Request) -> HttpResponseBase:
    """End one of them, or all but this one."""
    reference = request.POST.get("session", "")
    if reference == "others":
        count = sessions.end_others(request.person.pk, request.session.session_key or "")
    else:
        count = int(sessions.end_one(request.person.pk, reference))
    if count:
        door_book.write(request, "end_sessions", changes={"sessions": [count, 0]})
    return flashes.redirect(PATH, Message("%(count)s sessions ended.", count=count))
