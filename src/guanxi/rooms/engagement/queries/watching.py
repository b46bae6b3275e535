"""The list of customers to watch of each month, and who should come onto it (RPT-02)."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Q

from guanxi.kernel.dates import add_months, month_end
from guanxi.platform.access.models import Scope
from guanxi.records import registry
from guanxi.records.context import Context
from guanxi.rooms.engagement.models import Watch, WatchState
from guanxi.rooms.engagement.queries.meetings import SEE_LIST, WATCH

REVIEW = "dossiers.review"
#: Proposals that fit on the page.
PROPOSED = 40


@dataclass(frozen=True)
class Listed:
    """A customer on the list of a month. `is_new`: not on that of the month before; `is_last`: taken off in it."""

    watch: Watch
    is_new: bool
    is_last: bool


def may_see_every_month(ctx: Context) -> bool:
    """Whether the person may see lists of other months; the front line sees that of this month."""
    return ctx.scope(registry.module(WATCH)) is Scope.ALL


def list_of_month(ctx: Context, month: datetime.date) -> list[Listed]:
    """Who was on the list on any day of a month, the next look first; `month` is its first day.

    Who does not see every month gets that of today, and no other.
    """
    if month != ctx.today.replace(day=1) and not may_see_every_month(ctx):
        return []
    last = min(month_end(month), ctx.today)
    rows = ctx.search(WATCH, SEE_LIST).filter(Q(ended_on=None) | Q(ended_on__gte=month), since__lte=last)
    rows = rows.select_related("customer__owner", "meeting").order_by("state", "look_on", "customer__name", "pk")
    return [
        Listed(
            row,
            is_new=row.since >= month,
            is_last=row.ended_on is not None and row.ended_on < add_months(month, 1),
        )
        for row in rows
    ]


def candidates(ctx: Context) -> list[Any]:
    """Customers whom the last revision found growing fast or lost and nobody watches, the largest change first.

    Revisions as the person sees them (ARC-34).
    """
    if not ctx.may(REVIEW):
        return []
    rows = ctx.search(REVIEW).filter(finding__in=("growing", "lost"))
    newest = rows.order_by("-round__opened_on").values_list("round", flat=True).first()
    watched = Watch.objects.filter(customer=OuterRef("customer"), state=WatchState.ON, deleted_at=None)
    found = rows.filter(~Exists(watched), round=newest).select_related("customer", "owner")
    return sorted(found, key=lambda review: (-abs(review.sales - review.sales_before), str(review.customer)))[:PROPOSED]
