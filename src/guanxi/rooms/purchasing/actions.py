"""The verbs of a purchase order: approve, send, note what came, cancel (CRM-34)."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from guanxi.kernel.decision import Decision
from guanxi.kernel.errors import Invalid
from guanxi.kernel.messages import Message
from guanxi.records.actions import Action
from guanxi.records.context import Context
from guanxi.records.fields import asked
from guanxi.records.module import Lines
from guanxi.records.standard import DELETE, LINES
from guanxi.rooms.catalog.public import Product, priced_lines
from guanxi.rooms.purchasing.models import PurchaseLine, PurchaseState, Receipt
from guanxi.rooms.purchasing.rules import (
    approved_by_another,
    delivered_after_order,
    may_cancel,
    may_delete,
    received_in_time,
)

ORDER = "purchasing.purchaseorder"


# ---- Writing one -----------------------------------------------------------------------------------------------------


_KIT = priced_lines(PurchaseLine, "order")


def _complete(ctx: Context, values: dict[str, Any], record: Any, rows: Sequence[tuple[Any, dict[str, Any]]]) -> Any:
    """The kit's sums; but the price is the vendor's, for which the prices that we sell at do not stand in."""
    wrong = [
        Message("Line %(number)s: enter the price agreed with the vendor.", number=number)
        for number, (line, given) in enumerate(rows, start=1)
        if given.get("unit_price", getattr(line, "unit_price", None)) is None
    ]
    if wrong:
        raise Invalid({LINES: wrong})
    assert _KIT.complete is not None
    return _KIT.complete(ctx, values, record, rows)


def _offer(ctx: Context, chosen: Sequence[Product], form: Mapping[str, str]) -> dict[str, dict[str, str]]:
    """Tax rate and specification of the products that were chosen on the form."""
    return {
        str(product.pk): {"tax_rate": f"{product.tax_rate.normalize():f}", "description": product.specification}
        for product in chosen
    }


def purchase_lines() -> Lines:
    """The lines of a purchase order: those of the kit, at the vendor's prices."""
    return dataclasses.replace(_KIT, complete=_complete, offer=_offer)


def days_in_order(ctx: Context, order: Any, changed: frozenset[str]) -> Decision:
    """It is ordered before it is delivered."""
    if not changed & {"ordered_on", "due_on"}:
        return Decision.allow()
    return delivered_after_order(order.ordered_on, order.due_on)


# ---- Approving and sending -------------------------------------------------------------------------------------------


def _by_another(ctx: Context, order: Any, values: Mapping[str, Any]) -> Decision:
    return approved_by_another(ctx.actor.pk in (order.owner_id, order.created_by_id))


def _approve(ctx: Context, order: Any, values: dict[str, Any]) -> None:
    order.approved_by, order.approved_on = ctx.actor, ctx.today


def _send(ctx: Context, order: Any, values: dict[str, Any]) -> None:
    order.sent_on = ctx.today


APPROVE_PURCHASE = Action(
    name="approve_purchase",
    label=_("Approve the purchase order"),
    icon="circle-check",
    tone="ink",
    rules=(_by_another,),
    states=(PurchaseState.CREATED,),
    to_state=PurchaseState.APPROVED,
    perform=_approve,
    undoable=False,
)
SEND_PURCHASE = Action(
    name="send_purchase",
    label=_("Note as sent to the vendor"),
    icon="send",
    tone="ink",
    states=(PurchaseState.APPROVED,),
    to_state=PurchaseState.SENT,
    perform=_send,
    undoable=False,
)


# ---- What came -------------------------------------------------------------------------------------------------------


def _in_time(ctx: Context, order: Any, values: Mapping[str, Any]) -> Decision:
    return received_in_time(values["day"], order.sent_on, ctx.today)


def _receive_part(ctx: Context, order: Any, values: dict[str, Any]) -> None:
    order.receipt, order.received_on = Receipt.PART, values["day"]


def _receive_all(ctx: Context, order: Any, values: dict[str, Any]) -> None:
    order.receipt, order.received_on = Receipt.ALL, values["day"]


def _day() -> Any:
    return asked("day", _("goods came on"), models.DateField(), required=True)


RECEIVE_ALL = Action(
    name="receive_all",
    label=_("All has come"),
    icon="truck-delivery",
    tone="ink",
    inputs=(_day(),),
    rules=(_in_time,),
    states=(PurchaseState.SENT,),
    to_state=PurchaseState.RECEIVED,
    perform=_receive_all,
    undoable=False,
)
RECEIVE_PART = Action(
    name="receive_part",
    label=_("Part of it has come"),
    icon="package",
    inputs=(_day(),),
    rules=(_in_time,),
    states=(PurchaseState.SENT,),
    perform=_receive_part,
    undoable=False,
)


# ---- The end ---------------------------------------------------------------------------------------------------------


def _nothing_came(ctx: Context, order: Any, values: Mapping[str, Any]) -> Decision:
    return may_cancel(order.receipt != Receipt.NOTHING)


def _cancel(ctx: Context, order: Any, values: dict[str, Any]) -> None:
    order.closing = ctx.reason


CANCEL_PURCHASE = Action(
    name="cancel_purchase",
    label=_("Cancel the purchase order"),
    icon="circle-x",
    asks_reason=True,
    rules=(_nothing_came,),
    states=(PurchaseState.CREATED, PurchaseState.APPROVED, PurchaseState.SENT),
    to_state=PurchaseState.CANCELLED,
    perform=_cancel,
    rare=True,
    undoable=False,
)


def _never_approved(ctx: Context, order: Any, values: Mapping[str, Any]) -> Decision:
    return may_delete(order.approved_on is not None)


DELETE_PURCHASE = dataclasses.replace(DELETE, rules=(_never_approved,))
