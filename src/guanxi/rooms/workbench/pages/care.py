"""The cards of the customers: who needs care, how they stand, one's own figures of the month."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from guanxi.platform.access.models import Scope
from guanxi.records import picklists, registry
from guanxi.records.context import Context
from guanxi.rooms.customers.public import (
    STATUS,
    both_ends,
    by_status,
    new_customers_between,
    quiet_customers,
    sales_between,
    upkeep_by_owner,
    whole_yuan,
)
from guanxi.rooms.engagement.public import latest_talks, talks_between, visits_between
from guanxi.rooms.workbench.pages.cards import Card, register
from guanxi.web import addresses

CUSTOMER = "customers.customer"


def _sees_customers(ctx: Context) -> bool:
    return ctx.may(CUSTOMER)


def standing(ctx: Context) -> Card | None:
    """How many customers stand where, with their sales of twelve months."""
    if not _sees_customers(ctx):
        return None
    shares = by_status(ctx)
    most = max((share.customers for share in shares), default=0)
    rows = [
        {
            "label": picklists.label(STATUS, share.status),
            "share": share.customers * 100 / most,
            "value": f"{share.customers:,}",
            "hot": share.status == "at_risk",
            "href": addresses.listing(CUSTOMER, **{"f-status": share.status}),
        }
        for share in shares
    ]
    total = sum((share.sales for share in shares), Decimal(0))
    given = {"rows": rows, "customers": sum(share.customers for share in shares), "sales": whole_yuan(total)}
    return Card("standing", "workbench/cards/standing.html", given)


def quiet(ctx: Context) -> Card | None:
    """Whom nobody has spoken to for the quiet days (SAL-14)."""
    if not _sees_customers(ctx):
        return None
    rows = quiet_customers(ctx)
    shown = [(row, (ctx.today - row.last_contact_on).days if row.last_contact_on else None) for row in rows[:7]]
    if not shown:
        return None
    return Card(
        "quiet", "workbench/cards/quiet.html", {"rows": shown, "count": rows.count() if len(shown) == 7 else len(shown)}
    )


def team(ctx: Context) -> Card | None:
    """Who looks after how many customers: for those who answer for everybody's (SAL-14)."""
    module = registry.module(CUSTOMER)
    if ctx.scope(module) is not Scope.ALL or not ctx.may(module, "assign"):
        return None
    rows = upkeep_by_owner(ctx)[:10]
    return Card("team", "workbench/cards/team.html", {"rows": rows}) if rows else None


def latest(ctx: Context) -> Card | None:
    """The newest talks and visits with the customers this person sees."""
    if not _sees_customers(ctx):
        return None
    rows = latest_talks(ctx, 6)
    return Card("latest", "workbench/cards/latest.html", {"rows": rows}) if rows else None


def month(ctx: Context) -> Card | None:
    """The figures of this month beside those of the whole month before."""
    if not _sees_customers(ctx):
        return None
    first = ctx.today.replace(day=1)
    before_last = first - datetime.timedelta(days=1)
    before = before_last.replace(day=1)
    counters: tuple[tuple[str, Callable[..., Any], Callable[[Any], str]], ...] = (
        (_("New customers"), new_customers_between, str),
        (_("Visits"), visits_between, str),
        (_("Follow-ups"), talks_between, str),
        (_("Orders of the market flow"), sales_between, whole_yuan),
    )
    rows: list[dict[str, Any]] = []
    for label, counted, shown in counters:
        now, past = counted(ctx, first, ctx.today), counted(ctx, before, before_last)
        share = min(100, int(now * 100 / past)) if past else (100 if now else 0)
        rows.append({"label": label, "value": shown(now), "past": shown(past), "share": share})
    return Card("month", "workbench/cards/month.html", {"rows": rows})


def ends(ctx: Context) -> Card | None:
    """The largest buyers and the largest at risk (抓两头放中间)."""
    if not _sees_customers(ctx):
        return None
    top, worst = both_ends(ctx)
    if not top and not worst:
        return None
    given = {
        "top": [(row, whole_yuan(row.sales_12m)) for row in top],
        "worst": [(row, whole_yuan(row.sales_12m)) for row in worst],
    }
    return Card("ends", "workbench/cards/ends.html", given)


register(standing, column=2, order=10)
register(quiet, column=2, order=20)
register(team, column=1, order=25)
register(latest, column=2, order=40)
register(month, column=3, order=10)
register(ends, column=3, order=20)
