"""What the system has told this person."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponseBase
from django.views.decorators.http import require_GET, require_POST

from guanxi.kernel.messages import Message
from guanxi.platform.notices.models import Notice
from guanxi.platform.notices.notify import mark_read
from guanxi.records import registry
from guanxi.web import addresses, flashes
from guanxi.web.entered import is_id
from guanxi.web.gate import Request
from guanxi.web.rendering import page

ROWS = 100


@require_GET
def show(request: Request) -> HttpResponseBase:
    """The person's notices, newest first, unread ones marked."""
    mine = Notice.objects.filter(person=request.person, deleted_at=None)
    if request.GET.get("show") == "unread":
        mine = mine.filter(read_at=None)
    notices = [
        {"notice": notice, "href": _address(request, notice)} for notice in mine.order_by("-created_at", "-id")[:ROWS]
    ]
    return page(request, "web/notices.html", {"notices": notices, "only_unread": request.GET.get("show") == "unread"})


def _address(request: Request, notice: Notice) -> str:
    """Where a notice leads: to its record, or to the list where it tells of several."""
    module = registry.find(notice.module)
    if module is None or not request.ctx.may(module):
        return ""
    return addresses.record(module, notice.record_id) if notice.record_id else addresses.listing(module)


@require_POST
def read(request: Request) -> HttpResponseBase:
    """Mark one notice, or all, as read; one that is about a record leads there."""
    key = request.POST.get("notice", "")
    ids: list[Any] | None = [key] if is_id(key) else None
    count = mark_read(request.person, request.ctx.now, ids)
    if ids:
        notice = Notice.objects.filter(pk=key, person=request.person).first()
        address = _address(request, notice) if notice else ""
        return flashes.redirect(address or "/notices/")
    return flashes.redirect("/notices/", Message("%(count)s notices marked as read.", count=count))
