"""What the orders tell the customer page."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.utils.translation import gettext as _

from guanxi.kernel.money import format_money
from guanxi.records.context import Context
from guanxi.records.scoped import Scoped
from guanxi.rooms.customers.public import TimelineEntry
from guanxi.rooms.sales.models import OrderState

QUOTE = "sales.quote"
ORDER = "sales.salesorder"
_ORDERS = Scoped(
    lambda ctx, limit, customers: (
        ctx.search(ORDER).filter(customer__in=customers).select_related("owner").order_by("-ordered_on", "-pk")[:limit]
    )
)
_ORDER_TONES = {OrderState.DELIVERED: "green", OrderState.CANCELLED: "red", OrderState.BOOKED: "amber"}


class Orders:
    """The orders of a customer as a source of his page (ARC-32): a sale shows as soon as it has been saved (SAL-07)."""

    only = ORDER

    def entries(self, ctx: Context, customers: Sequence[Any], limit: int) -> Iterable[TimelineEntry]:
        """The orders of these customers, the newest first."""
        if not ctx.may(ORDER):
            return
        for order in _ORDERS.rows(ctx, limit, customers=[customer.pk for customer in customers]):
            yield TimelineEntry(
                at=order.ordered_on, icon="shopping-cart", title=_("Sales order: %(name)s") % {"name": order.name},
                actor=str(order.owner or ""), tag=order.get_state_display(), tone=_ORDER_TONES.get(order.state, ""),
                aside=format_money(order.amount, order.currency), module=ORDER, record_id=order.pk,
                customer_id=order.customer_id,
            )  # fmt: skip


ORDERS = Orders()
