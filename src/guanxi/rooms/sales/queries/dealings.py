"""Orders and resales as lines of the customers' purchase-and-sale record (SAL-09, ARC-32, ARC-40)."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from django.db.models import Prefetch, QuerySet, Sum
from django.db.models.functions import TruncMonth
from django.utils.translation import gettext as _

from guanxi.kernel.money import allocate
from guanxi.records.context import Context
from guanxi.rooms.catalog.public import Currency
from guanxi.rooms.customers.public import Dealing
from guanxi.rooms.sales.models import SalesOrder, SalesOrderLine
from guanxi.rooms.sales.queries.orders import ORDER
from guanxi.rooms.sales.queries.plans import SOLD

RESALE = "sales.resale"
_AT_ONCE = 500


def _sold(customers: list[uuid.UUID]) -> QuerySet[SalesOrder]:
    return SalesOrder.objects.filter(customer__in=customers, state__in=SOLD, currency=Currency.CNY, deleted_at=None)


def order_numbers() -> QuerySet[Any, Any]:
    """The numbers of the orders that count: the market flow may hold the same order."""
    return SalesOrder.objects.filter(state__in=SOLD, deleted_at=None).values("number")


class Dealings:
    """Approved orders by the day they were ordered, and what dealers sold on."""

    only = ORDER

    def sales_since(self, customers: Iterable[uuid.UUID], day: datetime.date) -> Mapping[uuid.UUID, Decimal]:
        """What each customer ordered of us since the day, in yuan."""
        ids = list(customers)
        found: dict[uuid.UUID, Decimal] = {}
        for start in range(0, len(ids), _AT_ONCE):
            rows: Any = _sold(ids[start : start + _AT_ONCE]).filter(ordered_on__gte=day).values_list("customer")
            found.update(dict(rows.annotate(total=Sum("amount")).order_by()))
        return found

    def sales_by_month(self, customers: Iterable[uuid.UUID], since: datetime.date) -> Mapping[datetime.date, Decimal]:
        """What the customers together ordered of us, by month."""
        rows: Any = _sold(list(customers)).filter(ordered_on__gte=since).annotate(month=TruncMonth("ordered_on"))
        return dict(rows.values_list("month").annotate(total=Sum("amount")).order_by())

    def dealings(self, ctx: Context, customer: Any) -> Iterable[Dealing]:
        """Each line of the customer's orders with its share in discount and charges; then what he sold on."""
        if ctx.may(ORDER):
            lines = Prefetch("lines", SalesOrderLine.objects.select_related("product"))
            orders = ctx.search(ORDER).filter(customer=customer, state__in=SOLD, currency=Currency.CNY)
            for order in orders.prefetch_related(lines).order_by("-ordered_on", "-pk"):
                yield from _of_order(order)
        if ctx.may(RESALE):
            rows = ctx.search(RESALE).filter(customer=customer).select_related("product")
            for row in rows.order_by("-sold_on", "-pk"):
                yield Dealing(
                    on=row.sold_on, number=row.number, direction=_("sold on by the customer"), goods=str(row.product),
                    quantity=row.quantity, amount=row.amount, module=RESALE, record_id=row.pk, is_sale=False,
                    is_resale=True,
                )  # fmt: skip


def _of_order(order: SalesOrder) -> Iterable[Dealing]:
    lines = list(order.lines.all())
    weights = [line.amount for line in lines]
    shares = allocate(order.amount, weights if any(weights) else [Decimal(1)] * len(lines)) if lines else []
    told = _("sold, delivered on %(day)s") if order.delivered_on else _("sold, not delivered yet")
    direction = told % {"day": order.delivered_on}
    for line, share in zip(lines, shares, strict=True):
        yield Dealing(
            on=order.ordered_on, number=order.number, direction=direction, goods=str(line.product),
            quantity=line.quantity, amount=share, module=ORDER, record_id=order.pk,
        )  # fmt: skip


DEALINGS = Dealings()
