"""Judgements on purchase orders: pure, each with its clause."""

from __future__ import annotations

import datetime

from guanxi.kernel.decision import Decision, refuse
from guanxi.kernel.messages import Message


def delivered_after_order(ordered: datetime.date, due: datetime.date) -> Decision:
    """What is ordered comes on the day of the order at the earliest (CRM-34)."""
    if due >= ordered:
        return Decision.allow()
    return refuse(
        "CRM-34",
        Message("It would be delivered by %(due)s, before it was ordered on %(ordered)s.", due=due, ordered=ordered),
        remedy=Message("Enter the day that the vendor promised."),
    )


def approved_by_another(is_own: bool) -> Decision:
    """Who orders does not approve what he ordered (CRM-34)."""
    if not is_own:
        return Decision.allow()
    return refuse(
        "CRM-34",
        Message("Nobody approves a purchase order of his own."),
        remedy=Message("Ask somebody else who may approve purchase orders."),
    )


def received_in_time(day: datetime.date, sent: datetime.date, today: datetime.date) -> Decision:
    """A delivery is noted with its day: not before the order was sent, and not to come (CRM-34)."""
    if sent <= day <= today:
        return Decision.allow()
    return refuse(
        "CRM-34",
        Message(
            "It would have come on %(day)s; the order was sent on %(sent)s, and today is %(today)s.",
            day=day, sent=sent, today=today,
        ),
        remedy=Message("Enter the day on which the goods came."),
    )  # fmt: skip


def may_cancel(has_received: bool) -> Decision:
    """Of what is cancelled nothing has come (CRM-34)."""
    if not has_received:
        return Decision.allow()
    return refuse(
        "CRM-34",
        Message("Part of this order has been received."),
        remedy=Message("Note it as received in full, and agree about the rest with the vendor."),
    )


def may_delete(was_approved: bool) -> Decision:
    """An order that was approved is cancelled, never deleted (CRM-33)."""
    if not was_approved:
        return Decision.allow()
    return refuse(
        "CRM-33",
        Message("A purchase order that was approved cannot be deleted."),
        remedy=Message("Cancel it; it stays on file."),
    )
