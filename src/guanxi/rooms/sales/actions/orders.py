"""The verbs of a sales order: confirm a booking, approve, deliver, cancel (CRM-36, SAL-06, SAL-13)."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from guanxi.kernel.decision import Decision
from guanxi.kernel.messages import Message
from guanxi.platform.obligations import keeping
from guanxi.records.actions import Action
from guanxi.records.context import Context
from guanxi.records.fields import asked
from guanxi.records.standard import DELETE
from guanxi.rooms.sales.actions.invoicing import not_invoiced
from guanxi.rooms.sales.duties import DELIVER
from guanxi.rooms.sales.models import OrderState
from guanxi.rooms.sales.queries import ORDER
from guanxi.rooms.sales.rules import may_be_delivered_on, may_delete_document, promised_after


def begin_as_booking(ctx: Context, values: dict[str, Any], record: Any) -> dict[str, Any]:
    """A booking is none of the orders until it is confirmed; a customer and a price can be noted all the same."""
    if "is_booking" not in values:
        return values
    return {**values, "state": OrderState.BOOKED if values["is_booking"] else OrderState.CREATED}


def days_in_order(ctx: Context, order: Any, changed: frozenset[str]) -> Decision:
    """The promised day is not before the order."""
    if not changed & {"ordered_on", "promised_on"}:
        return Decision.allow()
    return promised_after(order.ordered_on, order.promised_on)


def _confirm(ctx: Context, order: Any, values: dict[str, Any]) -> None:
    order.is_booking = False


CONFIRM_BOOKING = Action(
    name="confirm_booking",
    label=_("Make the booking an order"),
    icon="circle-check",
    tone="ink",
    states=(OrderState.BOOKED,),
    to_state=OrderState.CREATED,
    perform=_confirm,
    undoable=False,
)


def _approve(ctx: Context, order: Any, values: dict[str, Any]) -> None:
    order.approved_by = ctx.actor
    if order.owner is not None:
        keeping.open_duty(
            DELIVER, key=str(order.pk), owner=order.owner, subject=f"{order.number} {order.name}",
            due_on=order.promised_on, at=ctx.now, module=ORDER, record_id=order.pk, within=order.customer_id,
        )  # fmt: skip


APPROVE_ORDER = Action(
    name="approve_order",
    label=_("Approve the order"),
    icon="circle-check",
    tone="ink",
    states=(OrderState.CREATED,),
    to_state=OrderState.APPROVED,
    perform=_approve,
    undoable=False,
)


def _delivered_in_time(ctx: Context, order: Any, values: Mapping[str, Any]) -> Decision:
    return may_be_delivered_on(values["day"], order.ordered_on, ctx.today)


def _deliver(ctx: Context, order: Any, values: dict[str, Any]) -> None:
    order.delivered_on = values["day"]
    keeping.discharge(DELIVER, key=str(order.pk), by=ctx.actor, at=ctx.now, evidence=(ORDER, order.pk))


DELIVER_ORDER = Action(
    name="deliver_order",
    label=_("Note as delivered"),
    icon="truck-delivery",
    tone="ink",
    inputs=(asked("day", _("delivered on"), models.DateField(), required=True),),
    rules=(_delivered_in_time,),
    states=(OrderState.APPROVED,),
    to_state=OrderState.DELIVERED,
    perform=_deliver,
    undoable=False,
)


def _cancel(ctx: Context, order: Any, values: dict[str, Any]) -> None:
    order.closing = ctx.reason
    keeping.drop(DELIVER, key=str(order.pk), reason=Message("The order was cancelled."), at=ctx.now, by=ctx.actor)


CANCEL_ORDER = Action(
    name="cancel_order",
    label=_("Cancel the order"),
    icon="circle-x",
    asks_reason=True,
    rules=(not_invoiced,),
    states=(OrderState.BOOKED, OrderState.CREATED, OrderState.APPROVED),
    to_state=OrderState.CANCELLED,
    perform=_cancel,
    rare=True,
    undoable=False,
)


def _not_under_way(ctx: Context, order: Any, values: Mapping[str, Any]) -> Decision:
    return may_delete_document(order.state not in (OrderState.BOOKED, OrderState.CREATED), "CRM-36")


DELETE_ORDER = dataclasses.replace(DELETE, rules=(_not_under_way,))
