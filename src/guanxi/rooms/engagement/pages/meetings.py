"""What the page of a meeting shows beside it: what has changed since the last one, and its minutes; minutes as PDF."""

from __future__ import annotations

import datetime
import json
from typing import Any

from django.http import HttpResponseBase
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from guanxi.kernel.dates import add_months
from guanxi.platform.calendar import local
from guanxi.records import registry
from guanxi.records.context import Context
from guanxi.rooms.engagement import queries
from guanxi.rooms.engagement.models import Meeting, Minutes
from guanxi.rooms.engagement.models.meetings import ARCHIVE_UPDATE
from guanxi.rooms.engagement.pages.watching import PLACE, may_open
from guanxi.web import addresses, looks, taking_out
from guanxi.web.gate import Request
from guanxi.web.panels import panel

MEETING, MINUTES, TASK = "engagement.meeting", "engagement.minutes", "engagement.task"
#: What stands on a sheet of minutes, in its order.
FACTS = ("customer", "level", "held_on", "place", "present", "content", "decisions")


@panel(MEETING)
def of_meeting(ctx: Context, meeting: Meeting) -> dict[str, Any]:
    """What the meeting goes through, and what was written of it; whoever was asked to it reads its minutes here."""
    asides: list[dict[str, Any]] = []
    if meeting.minutes is not None:
        asides.append({"template": "engagement/parts/minutes.html", **_minutes(ctx, meeting.minutes)})
    if meeting.kind == ARCHIVE_UPDATE:
        asides.append({"template": "engagement/parts/changes.html", **_changes(ctx, meeting)})
    return {"asides": asides}


def _minutes(ctx: Context, minutes: Minutes) -> dict[str, Any]:
    known = registry.entry(MINUTES)
    facts = [(capfirst(str(known.field(name).label)), known.field(name).text(minutes)) for name in FACTS[2:]]
    sees = ctx.search(MINUTES).filter(pk=minutes.pk).exists()
    return {"facts": facts, "href": addresses.record(MINUTES, minutes.pk) if sees else ""}


def _changes(ctx: Context, meeting: Meeting) -> dict[str, Any]:
    """From the last meeting, or the month before where there was none, to this one or today."""
    former = queries.former_meeting(meeting.planned_at)
    day = local(meeting.planned_at).date()
    last = min(day, ctx.today)
    if former is not None and former.minutes is not None:
        first = min(former.minutes.held_on + datetime.timedelta(days=1), last)
    else:
        first = add_months(last, -1)
    changes = [
        {"label": change.label, "count": change.count,
         "href": addresses.listing(change.module, filter=json.dumps(change.filters))}
        for change in queries.changes_since(ctx, first, last)
    ]  # fmt: skip
    seen = former if former is not None and ctx.search(MEETING).filter(pk=former.pk).exists() else None
    return {
        "first": first, "last": last, "former": seen, "changes": changes, "watching": PLACE if may_open(ctx) else "",
    }  # fmt: skip


@panel(MINUTES)
def of_minutes(ctx: Context, minutes: Minutes) -> dict[str, Any]:
    """Minutes can be taken out as a sheet of paper."""
    if not ctx.may(MINUTES, "export"):
        return {}
    href = f"/engagement/minutes/{minutes.pk}/paper/"
    return {"buttons": [{"label": _("As PDF"), "href": href, "icon": "file-type-pdf"}]}


@require_http_methods(["GET", "POST"])
def paper(request: Request, pk: Any) -> HttpResponseBase:
    """The minutes as a document for paper: what it is for (GET), then the file, on record (POST)."""
    module = registry.module(MINUTES)
    minutes = request.ctx.get(module, pk)
    title = f"{_('Minutes')} {minutes.number}"

    def write(ctx: Context, form: str) -> bytes:
        return document(ctx, minutes)

    wanted = taking_out.TakingOut(module, title, addresses.record(module, minutes.pk), 1, ("pdf",), write)
    return taking_out.answer(request, wanted)


def document(ctx: Context, minutes: Minutes) -> bytes:
    """The minutes as PDF, with the tasks that were given out and room for a signature."""
    # The library of PDF: loaded by who writes one.
    from guanxi.web.paper import Column, Paper

    known = registry.entry(MINUTES)
    mark = f"{ctx.actor.name} · {local(ctx.now):%Y-%m-%d %H:%M}"
    sheet = Paper(_("Minutes"), mark=mark, author=ctx.actor.name)
    sheet.opening(" · ".join(part for part in (minutes.number, str(minutes.owner or "")) if part))
    told = [(capfirst(str(known.field(name).label)), known.field(name).text(minutes)) for name in FACTS]
    sheet.table([Column("", 1), Column("", 4)], [[label, text] for label, text in told if text])
    tasks = list(ctx.search(TASK).filter(minutes=minutes).select_related("owner").order_by("due_on", "pk"))
    if tasks:
        sheet.heading(_("Tasks given out"))
        columns = [Column(_("What is to be done"), 4), Column(_("Who"), 1), Column(_("By"), 1.2), Column(_("State"), 1)]
        sheet.table(columns, [[t.subject, str(t.owner or ""), t.due_on, t.get_state_display()] for t in tasks])
    sheet.gap(18)
    sheet.text(_("Chair: ____________________    Recorded by: ____________________    Date: ____________________"))
    return sheet.content()


looks.declare(MEETING, "state", tones={"planned": "blue", "held": "green", "cancelled": ""})
looks.declare(MINUTES, "state", tones={"draft": "", "reviewed": "blue", "sent": "amber", "confirmed": "green"})
