"""Judgements on tickets and answers: pure, each with its clause."""

from __future__ import annotations

import datetime

from guanxi.kernel.decision import Decision, refuse
from guanxi.kernel.messages import Message


def may_be_reported_on(day: datetime.date, today: datetime.date) -> Decision:
    """Nothing is reported tomorrow: the time to settle it runs from the day on which it was (CRM-40)."""
    if day <= today:
        return Decision.allow()
    return refuse(
        "CRM-40",
        Message("It cannot have been reported later than today."),
        remedy=Message("Enter the day on which the customer told us."),
        reported_on=day,
    )


def must_belong(contact_customer: object, customer: object, contact: str) -> Decision:
    """The contact of a ticket is somebody of its customer (CRM-40)."""
    if contact_customer == customer:
        return Decision.allow()
    return refuse(
        "CRM-40",
        Message("%(contact)s does not belong to this customer.", contact=contact),
        remedy=Message("Choose a contact of the ticket's customer, or leave it empty."),
    )


def must_tell(solution: str) -> Decision:
    """Settling a ticket says what was done about it (CRM-40)."""
    if solution.strip():
        return Decision.allow()
    return refuse(
        "CRM-40",
        Message("The solution is missing."),
        remedy=Message("Write what was done, so that the next one with this trouble finds it."),
    )


def may_change_answer(is_checked: bool, may_publish: bool) -> Decision:
    """An answer that was found right is changed by who may publish answers, or written anew (CRM-42)."""
    if not is_checked or may_publish:
        return Decision.allow()
    return refuse(
        "CRM-42",
        Message("This answer has been reviewed; its text stays."),
        remedy=Message("Add a note, and somebody who publishes answers changes it."),
    )
