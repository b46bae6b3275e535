"""The list of customers to watch of a month: who, since when, why, and what has changed since the month before."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from typing import Any

from django.http import HttpResponseBase
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from guanxi.kernel.dates import add_months
from guanxi.kernel.errors import NotAllowed
from guanxi.kernel.messages import Message
from guanxi.kernel.money import format_money
from guanxi.platform.audit.models import Sight
from guanxi.records import disclosing, registry
from guanxi.records.context import Context
from guanxi.records.picklists import label
from guanxi.rooms.engagement import queries
from guanxi.rooms.engagement.models.watching import WATCH_REASON
from guanxi.rooms.engagement.queries import Listed
from guanxi.rooms.engagement.queries.meetings import MEETING, SEE_LIST, WATCH
from guanxi.web import addresses, looks, menu
from guanxi.web.gate import Request
from guanxi.web.rendering import page

PLACE = "/engagement/watching/"
CUSTOMER = "customers.customer"


def may_open(ctx: Context) -> bool:
    """The front line, and who looks after the list."""
    return ctx.may(WATCH, SEE_LIST)


@require_GET
def show(request: Request) -> HttpResponseBase:
    """The list of a month, with what is proposed for it and in which months the meeting was held (RPT-01, RPT-02)."""
    ctx = request.ctx
    if not may_open(ctx):
        disclosing.refused(ctx, registry.module(WATCH), Sight.VIEW)
        raise NotAllowed(Message("You have no right to see: %(module)s.", module=_("Customers to watch")))
    month = _month(request)
    listed = queries.list_of_month(ctx, month)
    seen = set(
        ctx.search(CUSTOMER).filter(pk__in=[each.watch.customer_id for each in listed]).values_list("pk", flat=True)
    )
    may_plan = ctx.may(WATCH, "create")
    given = {
        "month": month,
        "lines": [_line(ctx, each, is_seen=each.watch.customer_id in seen) for each in listed],
        "figures": _figures(listed),
        "earlier": _address(ctx, add_months(month, -1)) if queries.may_see_every_month(ctx) else "",
        "later": _address(ctx, add_months(month, 1)) if month < ctx.today.replace(day=1) else "",
        "proposed": [_proposal(review) for review in queries.candidates(ctx)] if may_plan else [],
        "may_plan": may_plan,
        "may_list": queries.may_see_every_month(ctx),
        "months": _meetings(ctx) if ctx.may(MEETING) and queries.may_see_every_month(ctx) else [],
        "new_watch": addresses.of_module(WATCH, "new"),
        "new_meeting": addresses.of_module(MEETING, "new") if may_plan else "",
    }
    return page(request, "engagement/watching.html", given)


def _month(request: Request) -> datetime.date:
    """The month asked for; this one where none or an impossible one is, and for who sees no other."""
    this: datetime.date = request.ctx.today.replace(day=1)
    try:
        asked = datetime.date.fromisoformat(f"{request.GET.get('month', '')}-01")
    except ValueError:
        return this
    return min(asked, this) if queries.may_see_every_month(request.ctx) else this


def _address(ctx: Context, month: datetime.date) -> str:
    is_now = month == ctx.today.replace(day=1)
    return PLACE if is_now else addresses.with_query(PLACE, {"month": f"{month:%Y-%m}"})


def _line(ctx: Context, each: Listed, *, is_seen: bool) -> dict[str, Any]:
    """One customer of the list; whoever may not see the customer reads its name and why it is watched, no more."""
    watch = each.watch
    known = registry.entry(WATCH)
    return {
        "name": watch.customer.name,
        "href": addresses.record(WATCH, watch.pk) if is_seen and ctx.may(WATCH) else "",
        "owner": str(watch.customer.owner or ""),
        "reason": known.field("reason").text(watch),
        "tone": looks.tone_of(WATCH, "reason", watch.reason),
        "cause": watch.cause,
        "since": watch.since,
        "look_on": watch.look_on if watch.state == "on" else None,
        "is_late": watch.state == "on" and watch.look_on < ctx.today,
        "outcome": watch.outcome,
        "is_new": each.is_new,
        "is_last": each.is_last,
    }


def _figures(listed: Sequence[Listed]) -> list[dict[str, Any]]:
    """The list against that of the month before."""
    new, last = sum(each.is_new for each in listed), sum(each.is_last for each in listed)
    stay = sum(not each.is_new and not each.is_last for each in listed)
    before = _("%(count)s the month before") % {"count": len(listed) - new}
    return [
        {"label": _("On the list"), "value": str(len(listed)), "note": before},
        {"label": _("New this month"), "value": str(new)},
        {"label": _("Watched on"), "value": str(stay)},
        {"label": _("Taken off this month"), "value": str(last)},
    ]


def _proposal(review: Any) -> dict[str, Any]:
    """A customer whom the last revision found, with a form that knows already why."""
    sales = {"before": format_money(review.sales_before), "now": format_money(review.sales)}
    told = _("Sales %(before)s → %(now)s") % sales
    cause = "；".join(text for text in (told, review.cause) if text)
    asked = {"customer": str(review.customer_id), "reason": review.finding, "cause": cause}
    return {
        "name": review.customer.name,
        "owner": str(review.customer.owner or ""),
        "finding": label(WATCH_REASON, review.finding),
        "is_lost": review.finding == "lost",
        "told": told,
        "href": addresses.of_module(WATCH, "new", query=asked),
    }


def _meetings(ctx: Context) -> list[dict[str, Any]]:
    return [
        {
            "first": month.first,
            "is_held": month.is_held,
            "is_missing": month.is_missing(ctx.today),
            "meeting": month.meeting,
            "href": addresses.record(MEETING, month.meeting.pk) if month.meeting is not None else "",
        }
        for month in queries.months_of_meetings(ctx.today)
    ]


looks.declare(
    WATCH, "reason",
    tones={"growing": "green", "lost": "red", "falling": "amber", "complaint": "amber", "payment": "red",
           "potential": "blue", "other": ""},
)  # fmt: skip
looks.declare(WATCH, "state", tones={"on": "amber", "off": ""})
menu.add(
    menu.Entry("watching", gettext_lazy("Customers to watch"), PLACE, "eye", group="meeting", order=40, may=may_open)
)  # fmt: skip
