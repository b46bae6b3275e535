"""Judgements on dossiers: pure, each with its clause."""

from __future__ import annotations

import datetime
from decimal import Decimal
from uuid import UUID

from guanxi.kernel.dates import add_months
from guanxi.kernel.decision import Decision, refuse
from guanxi.kernel.messages import Message

CUSTOMER, HANDLER, SUPERIOR = "customer", "handler", "superior"
_MISSING = {
    CUSTOMER: Message("The customer's signature is missing."),
    HANDLER: Message("The handler's signature is missing."),
    SUPERIOR: Message("The signature of the handler's direct superior is missing."),
}
_NEW_LINK = Message("Hand out a new link.")
#: A family name and a given name.
SHORTEST_NAME = 2
_REMEDY = {
    CUSTOMER: Message("Note the customer's signature with the signed page."),
    HANDLER: Message("The handler confirms the document and submits it."),
    SUPERIOR: Message("The handler's direct superior approves the document."),
}


def must_have_class(dossier_class: str) -> Decision:
    """A document is filed in one of the six classes or not at all (ARC-11)."""
    if dossier_class:
        return Decision.allow()
    return refuse(
        "ARC-11",
        Message("The document belongs to none of the six classes yet."),
        remedy=Message("Choose its class."),
    )


def must_belong_to_customer(dossier_class: str, has_customer: bool) -> Decision:
    """Classes one to four are about a customer; trade and promoters need none (ARC-11)."""
    if has_customer or dossier_class in ("", "5", "6"):
        return Decision.allow()
    return refuse(
        "ARC-11",
        Message("A document of this class belongs to a customer; none is named."),
        remedy=Message("Choose the customer, or class 5 or 6."),
    )


def must_be_dated(in_order_of_signing: bool, signed_on: datetime.date | None) -> Decision:
    """Contracts lie by their day of signing: one without it would lie nowhere (ARC-13)."""
    if signed_on is not None or not in_order_of_signing:
        return Decision.allow()
    return refuse(
        "ARC-13",
        Message("Contracts are kept by their day of signing; this one has none."),
        remedy=Message("Enter the day on which it was signed."),
    )


def must_confirm_truth(confirms: bool, is_handler: bool) -> Decision:
    """The handler himself has checked the document and says that it is true and accurate (ARC-21)."""
    if not is_handler:
        return refuse(
            "ARC-21",
            Message("Only who handles a document confirms that it is true."),
            remedy=Message("Ask the handler, or have the document assigned to you first."),
        )
    if not confirms:
        return refuse(
            "ARC-21",
            Message("Nobody has confirmed that the document is true and accurate."),
            remedy=Message("Check it, then tick the confirmation."),
        )
    return Decision.allow()


def must_bear_signatures(signed: frozenset[str], has_customer: bool) -> Decision:
    """Customer, handler and the handler's superior have signed, else each that is missing is named (ARC-22).

    What belongs to no customer (trade, promoters) has no customer to sign it.
    """
    decision = Decision.allow()
    for part in (CUSTOMER, HANDLER, SUPERIOR):
        if part not in signed and (part != CUSTOMER or has_customer):
            decision = decision & refuse("ARC-22", _MISSING[part], remedy=_REMEDY[part])
    return decision


def must_show_signed_page(has_scan: bool, has_original: bool) -> Decision:
    """A customer's signature is seen: on the scan of the page, or on the paper original that is kept (ARC-22)."""
    if has_scan or has_original:
        return Decision.allow()
    return refuse(
        "ARC-22",
        Message("There is nothing on which the customer's signature can be seen."),
        remedy=Message("Attach the scan of the signed page, or enter the paper original first."),
    )


def waits_for_customer(has_customer: bool, is_signed: bool) -> Decision:
    """A link is handed out while a customer's signature is missing (ARC-22)."""
    if not has_customer:
        return refuse("ARC-22", Message("This document belongs to no customer who could sign it."))
    if is_signed:
        return refuse("ARC-22", Message("The customer has signed this document already."))
    return Decision.allow()


def still_to_be_signed(is_submitted: bool, is_signed: bool, is_as_shown: bool, is_in_time: bool) -> Decision:
    """A link serves until its day, for a document that waits as it was shown, and once (ARC-22)."""
    if not is_in_time:
        return refuse("ARC-22", Message("The signing link has expired."), remedy=_NEW_LINK)
    if is_signed or not is_submitted or not is_as_shown:
        return refuse("ARC-22", Message("The document is not what the link was handed out for."), remedy=_NEW_LINK)
    return Decision.allow()


def must_sign_knowingly(is_read: bool, name: str) -> Decision:
    """Who signs by a link says that he has read what he signs, and gives his name (ARC-22)."""
    decision = Decision.allow()
    if not is_read:
        decision = decision & refuse("ARC-22", Message("Please confirm that you have read the document."))
    if len(name.strip()) < SHORTEST_NAME:
        decision = decision & refuse("ARC-22", Message("Please enter your full name."))
    return decision


def may_approve(actor: UUID, handler: UUID | None, superiors: frozenset[UUID]) -> Decision:
    """The handler's direct superior, or who stands in for him, approves; never the handler (ARC-22)."""
    if actor == handler:
        return refuse("ARC-22", Message("The handler cannot give the superior's approval."))
    if actor in superiors:
        return Decision.allow()
    return refuse(
        "ARC-22",
        Message("Only the handler's direct superior approves."),
        remedy=Message("Ask the superior, or whoever stands in for him."),
    )


def must_be_on_paper(legally_effective: bool, paper_number: str, place: str) -> Decision:
    """What is evidence or has legal effect lies on paper, under a file number at a known place (ARC-29)."""
    if not legally_effective or (paper_number and place):
        return Decision.allow()
    return refuse(
        "ARC-29",
        Message("A document with legal effect is kept on paper; its original or the original's place is not known."),
        remedy=Message("Enter the paper original with its file number and storage place first."),
    )


def takes_leaves(is_open: bool, number: str) -> Decision:
    """A bound volume takes no more leaves (ARC-19)."""
    if is_open:
        return Decision.allow()
    return refuse(
        "ARC-19",
        Message("Volume %(number)s is bound and takes no more leaves.", number=number),
        remedy=Message("File it without a place: it goes to the manager's open volume."),
    )


def lies_beside(same_volume: bool) -> Decision:
    """A leaf is inserted behind one of its own volume: same class, same manager (ARC-20)."""
    if same_volume:
        return Decision.allow()
    return refuse(
        "ARC-20",
        Message("The document behind which it should go lies in a volume of another class or another manager."),
        remedy=Message("Choose a document of the same volume, or none."),
    )


def keeps_its_place(moved: bool) -> Decision:
    """A filed document stays in its class and volume; its number would lead nowhere else (ARC-11)."""
    if not moved:
        return Decision.allow()
    return refuse(
        "ARC-11",
        Message("A filed document keeps its class."),
        remedy=Message("Have it deleted with the sales manager's consent, and file it anew."),
    )


def changes_by_approval(clause: str, asks_somebody: bool) -> Decision:
    """What is filed changes with somebody's consent; while no rule asks for it, not at all (ARC-24, ARC-25)."""
    if asks_somebody:
        return Decision.allow()
    return refuse(
        clause,
        Message("Nobody is appointed to consent to changes of filed documents."),
        remedy=Message("Have the administrator put an approval rule in force."),
    )


def last_day_to_restore(deleted_on: datetime.date, months: int) -> datetime.date:
    """Until when a deletion can be taken back: the same day `months` later."""
    return add_months(deleted_on, months)


def may_purge(deleted_on: datetime.date, today: datetime.date, months: int, confirmed: bool) -> Decision:
    """What was deleted stays for a month, and goes for good only on a further confirmation (ARC-26)."""
    last = last_day_to_restore(deleted_on, months)
    if today <= last:
        return refuse(
            "ARC-26",
            Message("It was deleted on %(day)s and can be restored until %(last)s.", day=deleted_on, last=last),
            remedy=Message("Come back after that day."),
            deleted_on=deleted_on,
            until=last,
        )
    if not confirmed:
        return refuse(
            "ARC-26",
            Message("Destroying it for good needs to be confirmed once more."),
            remedy=Message("Tick the confirmation."),
        )
    return Decision.allow()


def may_lend(until: datetime.date, today: datetime.date, most_days: int) -> Decision:
    """An original is lent for a limited time (WF-03)."""
    last = today + datetime.timedelta(days=most_days)
    if today <= until <= last:
        return Decision.allow()
    return refuse(
        "WF-03",
        Message("An original is lent until %(last)s at most (%(days)s days).", last=last, days=most_days),
        remedy=Message("Choose an earlier day."),
        until=until,
        days=most_days,
    )


def finding_of(sales: Decimal, before: Decimal, growth_percent: Decimal, loss_percent: Decimal) -> str:
    """What the sales of two intervals say of a customer, in yuan: "growing", "lost" or "steady" (ARC-34).

    Who bought nothing in the interval before neither grows nor is lost.
    """
    if before <= 0:
        return "steady"
    if sales * 100 >= before * (100 + growth_percent):
        return "growing"
    if sales * 100 <= before * (100 - loss_percent):
        return "lost"
    return "steady"


def must_give_cause(finding: str, cause: str) -> Decision:
    """Of a customer who grows fast or is lost the cause is analysed and written down (ARC-34)."""
    if finding == "steady" or cause.strip():
        return Decision.allow()
    return refuse(
        "ARC-34",
        Message("This customer grows fast or is lost; the cause is not written down."),
        remedy=Message("Analyse the cause and write it down."),
    )


def must_be_important(important: bool, is_assigned: bool) -> Decision:
    """What is important goes on from the daily archive into a dossier, once (ARC-28)."""
    if is_assigned:
        return refuse("ARC-28", Message("This paper has gone into a dossier already."))
    if important:
        return Decision.allow()
    return refuse(
        "ARC-28",
        Message("Only papers marked as important go into a dossier."),
        remedy=Message("Mark it as important first."),
    )
