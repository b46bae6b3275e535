"""Commission: which scheme holds on a day, and what each promoter has earned month by month (ARC-17)."""

from __future__ import annotations

import datetime
import uuid
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Count, Q, Sum
from django.db.models.functions import TruncMonth

from guanxi.kernel.dates import add_months
from guanxi.records.context import Context
from guanxi.rooms.customers.models import CommissionScheme

#: The report shows this month and so many before it.
MONTHS_BACK = 11


def scheme_in_force(side: str, day: datetime.date) -> CommissionScheme | None:
    """The scheme for promoters of that side on that day; the newest, should two ever stand."""
    holds = Q(ends_on=None) | Q(ends_on__gte=day)
    rows = CommissionScheme.objects.filter(holds, side=side, begins_on__lte=day, deleted_at=None)
    return rows.order_by("-begins_on", "-pk").first()


def overlapping_scheme(scheme: CommissionScheme) -> CommissionScheme | None:
    """Another living scheme of the same side that has a day in common with this one."""
    others = CommissionScheme.objects.filter(
        Q(ends_on=None) | Q(ends_on__gte=scheme.begins_on), side=scheme.side, deleted_at=None
    ).exclude(pk=scheme.pk)
    if scheme.ends_on is not None:
        others = others.filter(begins_on__lte=scheme.ends_on)
    return others.order_by("begins_on").first()


@dataclass(frozen=True)
class Earned:
    """What one promoter sold in one month, and the commission; `month` is its first day, amounts in yuan."""

    promoter_id: uuid.UUID
    promoter: str
    side: str
    month: datetime.date
    sales: int
    amount: Decimal
    commission: Decimal


def earned_by_month(ctx: Context) -> list[Earned]:
    """Sales and commission per promoter and month, this month and the eleven before, newest month first (ARC-17)."""
    since = add_months(ctx.today.replace(day=1), -MONTHS_BACK)
    rows: Any = (
        ctx.search("customers.promotedsale")
        .filter(sold_on__gte=since)
        .annotate(month=TruncMonth("sold_on"))
        .values("month", "promoter_id", "promoter__name", "promoter__side")
        .annotate(sales=Count("pk"), total=Sum("amount"), earned=Sum("commission"))
        .order_by("-month", "promoter__side", "promoter__name", "promoter_id")
    )
    return [
        Earned(
            row["promoter_id"], row["promoter__name"], row["promoter__side"], row["month"], row["sales"],
            row["total"], row["earned"],
        )
        for row in rows
    ]  # fmt: skip
