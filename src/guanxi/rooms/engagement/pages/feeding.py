"""The calendar as a file: one event, what a page of the calendar shows, and the subscription by a secret address."""

from __future__ import annotations

import datetime
import hashlib
import io
import uuid
from collections.abc import Iterable
from typing import Any

from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from guanxi.api import pace
from guanxi.kernel import icalendar_text
from guanxi.kernel.errors import TooMany
from guanxi.kernel.icalendar_text import Written
from guanxi.platform import calendar
from guanxi.platform.access import tokens
from guanxi.platform.access.models import TokenUse
from guanxi.platform.audit.models import Sight
from guanxi.platform.calendar import CHINA, local
from guanxi.platform.files.names import display_name
from guanxi.platform.people import throttle
from guanxi.platform.people.addresses import client_address
from guanxi.records import disclosing, registry
from guanxi.records.context import Context
from guanxi.rooms.engagement import queries
from guanxi.rooms.engagement.pages import calendar as calendar_page
from guanxi.rooms.engagement.queries import outside
from guanxi.rooms.engagement.queries.calendar import EVENT
from guanxi.rooms.engagement.sources import Entry, Window
from guanxi.web import taking_out
from guanxi.web.gate import Request, public

TEXT = "text/calendar; charset=utf-8"
#: So much of the past and of the time to come stands in a subscription.
BEFORE, AFTER = datetime.timedelta(days=92), datetime.timedelta(days=366)


@require_GET
def one(request: Request, pk: uuid.UUID) -> HttpResponseBase:
    """One event as a file for any calendar; a series with its days."""
    event = request.ctx.get(EVENT, pk)
    found = outside.of_event(request.ctx, event)
    disclosing.looked_at(request.ctx, registry.module(EVENT), event, Sight.DOWNLOAD)
    return _file(icalendar_text.write(found.entries, request.ctx.now), f"{event.subject}.ics")


def _file(content: bytes, name: str) -> FileResponse:
    return FileResponse(io.BytesIO(content), as_attachment=True, filename=display_name(name), content_type=TEXT)


@require_http_methods(["GET", "POST"])
def window(request: Request) -> HttpResponseBase:
    """What a page of the calendar shows, taken out under the rules of every export."""
    ctx = request.ctx
    shown, title, back = calendar_page.window_asked(request)
    found = queries.entries(ctx, shown)
    return taking_out.answer(
        request,
        taking_out.TakingOut(
            module=registry.module(EVENT), title=title, back=back, rows=len(found), forms=("ics",),
            write=lambda told, _form: icalendar_text.write(_written(found), told.now, title),
        ),
    )  # fmt: skip


# ---- The subscription ------------------------------------------------------------------------------------------------


@public
@require_http_methods(["GET", "HEAD"])
def feed(request: HttpRequest, secret: str) -> HttpResponse:
    """A person's own calendar, by an address that only he was shown; what he may see is asked anew each time.

    Whatever is wrong with the address, there is nothing at it.
    """
    now, address = calendar.now(), client_address(request.META)
    token = tokens.find(secret, address, now, TokenUse.FEED)
    if token is None:
        return _nothing(address)
    tokens.mark_used(token, address, now)
    ctx = Context.of(
        token.owner, source="caldav", now=now, address=address, limits=tokens.limits_of(token),
        token=tokens.UsedToken(token.pk, token.name),
    )  # fmt: skip
    request.person = token.owner  # type: ignore[attr-defined]  # for the log
    try:
        pace.admit(ctx)
    except TooMany as problem:
        return _wait(problem)
    if not calendar_page.may_open(ctx):
        return HttpResponse(status=404)
    with translation.override(token.owner.language):
        return _fed(request, ctx)


def _nothing(address: str) -> HttpResponse:
    try:
        with throttle.attempt(throttle.link(address)):
            return HttpResponse(status=404)
    except TooMany as problem:
        return _wait(problem)


def _wait(problem: TooMany) -> HttpResponse:
    answer = HttpResponse(status=429)
    answer.headers["Retry-After"] = str(problem.seconds)
    return answer


def _fed(request: HttpRequest, ctx: Context) -> HttpResponse:
    shown = Window(ctx.today - BEFORE, ctx.today + AFTER, frozenset({ctx.actor.pk}))
    found = queries.entries(ctx, shown)
    midnight = datetime.datetime.combine(ctx.today, datetime.time.min, CHINA)
    content = icalendar_text.write(_written(found), midnight, _("Calendar of %(name)s") % {"name": ctx.actor.name})
    mark = f'"{hashlib.sha256(content).hexdigest()[:32]}"'
    if request.headers.get("If-None-Match") == mark:
        answer = HttpResponse(status=304)
    else:
        disclosing.taken(ctx, registry.module(EVENT), Sight.DOWNLOAD, _("Subscribed calendar"), rows=len(found))
        answer = HttpResponse(content, content_type=TEXT)
    answer.headers["ETag"] = mark
    answer.headers["X-Robots-Tag"] = "noindex"
    return answer


def _written(found: Iterable[Entry]) -> list[Written]:
    """What stands in the calendar, each time for itself: as the calendar page shows it, and no more."""
    return [_of_entry(entry) for entry in found]


def _of_entry(entry: Entry) -> Written:
    starts: Any = entry.first
    ends: Any = entry.last + datetime.timedelta(days=1)
    if entry.starts_at is not None:
        starts = local(entry.starts_at)
        ends = local(entry.ends_at) if entry.ends_at is not None else starts + calendar_page.USUAL
    lines = [entry.customer and _("Customer: %(name)s") % {"name": entry.customer}, entry.who]
    return Written(
        uid=f"{entry.record_id}-{entry.first:%Y%m%d}{outside.DOMAIN}", title=entry.title,
        text="\n".join(line for line in lines if line), place=entry.note,
        link=outside.address_of(entry.module, entry.record_id), starts=starts, ends=ends,
        is_private=entry.is_private, status="CANCELLED" if entry.is_over and entry.module == EVENT else "",
    )  # fmt: skip
