"""Visits: what a plan goes through, what a report found, and who is due for a visit."""

from __future__ import annotations

import json
from typing import Any

from django.http import HttpResponseBase
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from guanxi.kernel.errors import NotAllowed
from guanxi.kernel.messages import Message
from guanxi.platform.audit.models import Sight
from guanxi.platform.calendar import local
from guanxi.records import disclosing, registry
from guanxi.records.context import Context
from guanxi.rooms.engagement import queries
from guanxi.rooms.engagement.actions.visits import PLAN, REPORT, TASK, UNDER_WAY
from guanxi.rooms.engagement.models import VisitPlan, VisitReport
from guanxi.web import addresses, looks, menu
from guanxi.web.gate import Request
from guanxi.web.panels import panel
from guanxi.web.rendering import page

PLACE = "/engagement/due-visits/"
CUSTOMER = "customers.customer"
#: So many customers at most on the list; the rest comes when these are visited.
SHOWN = 200


@panel(PLAN)
def of_plan(ctx: Context, plan: VisitPlan) -> dict[str, Any]:
    """The three times of the form, and the way to its report (WF-24)."""
    strip = [
        _time(_("Approved"), plan.approved_at, plan.approved_by),
        _time(_("Received by the clerk"), plan.received_at, plan.received_by),
        _time(_("Left the office"), plan.left_at, None),
        _time(_("Arrived"), plan.arrived_at, None),
    ]
    buttons = []
    if plan.state in UNDER_WAY and ctx.may(REPORT, "create"):
        day = local(plan.arrived_at or plan.left_at or ctx.now).date()
        told = {
            "plan": str(plan.pk), "customer": str(plan.customer_id), "visited_on": day.isoformat(),
            "purpose": plan.purpose, "place": plan.place,
        }  # fmt: skip
        href = addresses.of_module(REPORT, "new", query=told)
        buttons.append({"label": _("Write the report"), "href": href, "icon": "writing", "tone": "ink"})
    report = ctx.search(REPORT).filter(plan=plan.pk).first() if ctx.may(REPORT) else None
    if report is not None:
        href = addresses.record(REPORT, report.pk)
        buttons.append({"label": _("To the report"), "href": href, "icon": "file-text"})
    return {"strip": strip, "buttons": buttons}


def _time(label: str, moment: Any, person: Any) -> dict[str, Any]:
    value = f"{local(moment):%m-%d %H:%M}" if moment is not None else "—"
    return {"label": label, "value": value, "note": str(person or "")}


@panel(REPORT)
def of_report(ctx: Context, report: VisitReport) -> dict[str, Any]:
    """The way to what was found to be solved (VIS-04)."""
    buttons = []
    if ctx.search(TASK).filter(visit=report.pk).exists():
        found = json.dumps({"field": "visit", "op": "in", "value": [str(report.pk)]})
        buttons.append({"label": _("Found at this visit"), "href": addresses.listing(TASK, filter=found),
                        "icon": "checkbox"})  # fmt: skip
    return {"buttons": buttons}


def may_open(ctx: Context) -> bool:
    """Who looks after customers and visits them."""
    return ctx.may(CUSTOMER) and ctx.may(REPORT)


@require_GET
def due(request: Request) -> HttpResponseBase:
    """Customers that are to be visited again, the longest overdue first: one's own, or all that one sees (VIS-05)."""
    ctx = request.ctx
    if not may_open(ctx):
        disclosing.refused(ctx, registry.module(REPORT), Sight.VIEW)
        raise NotAllowed(Message("You have no right to see: %(module)s.", module=_("Due for a visit")))
    mine = request.GET.get("who") != "all"
    lines = [
        {
            "name": each.customer.short_name or each.customer.name,
            "href": addresses.record(CUSTOMER, each.customer.pk),
            "city": each.customer.city, "owner": str(each.owner), "last": each.last, "due_on": each.due_on,
            "late": each.days_late(ctx.today), "ago": (ctx.today - each.last).days, "is_planned": each.is_planned,
            "plan": addresses.of_module(
                PLAN, "new", query={"customer": str(each.customer.pk), "purpose": "return"}
            ) if ctx.may(PLAN, "create") else "",
        }
        for each in queries.due_visits(ctx, mine=mine, limit=SHOWN)
    ]  # fmt: skip
    tabs = [
        {"label": _("Mine"), "href": PLACE, "on": mine},
        {"label": _("All that I see"), "href": addresses.with_query(PLACE, {"who": "all"}), "on": not mine},
    ]
    return page(request, "engagement/due_visits.html", {"lines": lines, "tabs": tabs, "mine": mine})


looks.declare(
    PLAN, "state",
    tones={"planned": "", "approved": "blue", "handed_in": "blue", "left": "amber", "arrived": "amber",
           "reported": "green", "called_off": ""},
)  # fmt: skip
menu.add(
    menu.Entry(
        "due_visits", gettext_lazy("Due for a visit"), PLACE, "map-pin", group="meeting", order=21, may=may_open
    )
)  # fmt: skip
