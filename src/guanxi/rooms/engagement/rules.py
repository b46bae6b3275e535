"""Judgements on visits: pure, each with its clause."""

from uuid import UUID

from guanxi.kernel.decision import Decision, refuse, warn
from guanxi.kernel.messages import Message


def must_say_what_is_new(facts: str, nothing_new: bool) -> Decision:
    """Closing a visit report feeds the archive, or says expressly that there is nothing new (ARC-04)."""
    if facts.strip() and nothing_new:
        return refuse(
            "ARC-04",
            Message("Facts for the archive are given, yet “nothing new” is ticked."),
            remedy=Message("Take out one of the two."),
        )
    if not facts.strip() and not nothing_new:
        return refuse(
            "ARC-04",
            Message("A visit report is closed with what the archive learns from it."),
            remedy=Message("Write down the facts, or tick “nothing new for the archive”."),
        )
    return Decision.allow()


def is_cold_call(kind: str, purpose: str, *, is_first: bool) -> bool:
    """Whether a contact is the first with a customer, by telephone, and to sell (WF-19)."""
    return is_first and kind == "phone" and purpose == "selling"


def first_contact_in_writing(cold_call: bool) -> Decision:
    """Who is to become a customer is written to first; selling to strangers by telephone is rare (WF-19)."""
    if not cold_call:
        return Decision.allow()
    return warn(
        "WF-19",
        Message("This is the first contact with the customer, by telephone, and to sell."),
        remedy=Message("Send company material by fax, e-mail, post or web address first, and ask for an appointment."),
    )


def may_review(reviewer: UUID, author: UUID | None, manager: UUID | None) -> Decision:
    """The manager of the author's department reviews the minutes, never the author (WF-27)."""
    if reviewer != author and reviewer == manager:
        return Decision.allow()
    return refuse(
        "WF-27",
        Message("Minutes are reviewed by the manager of who wrote them."),
        remedy=Message("Ask the manager to review them."),
    )


def must_be_reviewed(is_reviewed: bool) -> Decision:
    """The customer gets minutes that were reviewed (WF-27)."""
    if is_reviewed:
        return Decision.allow()
    return refuse(
        "WF-27",
        Message("These minutes were not reviewed yet; the customer does not get them."),
        remedy=Message("Have the department's manager review them first."),
    )
