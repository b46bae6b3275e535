"""Invoicing an order: the draft over what is left of it, and what the receivables tell the order (CRM-38, SAL-12)."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from guanxi.kernel.decision import Decision
from guanxi.records.actions import Action
from guanxi.records.context import Context
from guanxi.rooms.receivables.public import Ordered, held_of_order, invoice_order
from guanxi.rooms.sales.models import Billing, OrderState, SalesOrder, SalesOrderLine
from guanxi.rooms.sales.queries.plans import SOLD
from guanxi.rooms.sales.rules import nothing_invoiced


class OrdersAsBasis:
    """Orders as what invoices rest on."""

    def hold(self, order: uuid.UUID) -> Ordered:
        """What an order comes to; its row is locked where something is being written."""
        rows = SalesOrder.objects.filter(pk=order)
        held = (rows.select_for_update() if transaction.get_connection().in_atomic_block else rows).get()
        return _told(held)

    def told(self, order: uuid.UUID, invoiced: Decimal) -> None:
        """Keep on the order how far it has been invoiced: lists are filtered by it."""
        amount = SalesOrder.objects.values_list("amount", flat=True).get(pk=order)
        billing = Billing.NOTHING if invoiced <= 0 else Billing.PART if invoiced < amount else Billing.ALL
        SalesOrder.objects.filter(pk=order).update(invoiced=invoiced, billing=billing, version=models.F("version") + 1)


def _told(order: SalesOrder) -> Ordered:
    quantities: dict[uuid.UUID, Decimal] = {}
    for product, quantity in SalesOrderLine.objects.filter(order=order).values_list("product", "quantity"):
        quantities[product] = quantities.get(product, Decimal(0)) + quantity
    is_open = order.state in SOLD and order.deleted_at is None
    return Ordered(order.number, order.customer_id, order.amount, order.currency, quantities, is_open)


def _invoice(ctx: Context, order: Any, values: dict[str, Any]) -> Any:
    return invoice_order(ctx, order, _told(order))


INVOICE_ORDER = Action(
    name="invoice_order",
    label=_("Invoice the order"),
    icon="receipt",
    tone="ink",
    confirm=_("A draft is written over everything that is not invoiced yet; lower it there for a part. Continue?"),
    states=(OrderState.APPROVED, OrderState.DELIVERED),
    fits=lambda order: order.billing != Billing.ALL,
    perform=_invoice,
    undoable=False,
)


def not_invoiced(ctx: Context, order: Any, values: Mapping[str, Any]) -> Decision:
    """What was invoiced is not cancelled before the invoice is taken back."""
    return nothing_invoiced(held_of_order(order.pk))
