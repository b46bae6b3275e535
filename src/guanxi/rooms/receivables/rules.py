"""Judgements on invoices: pure, each with its clause."""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping
from decimal import Decimal

from guanxi.kernel.decision import Decision, refuse
from guanxi.kernel.messages import Message
from guanxi.kernel.money import format_money

_PAPER_CODE, _PAPER_NUMBER = re.compile(r"\d{10}|\d{12}"), re.compile(r"\d{8}")
_ELECTRONIC_NUMBER = re.compile(r"\d{20}")


def within_order(amount: Decimal, left: Decimal, order: str) -> Decision:
    """No more is invoiced than was ordered (CRM-38)."""
    if amount <= left:
        return Decision.allow()
    return refuse(
        "CRM-38",
        Message(
            "Of order %(order)s %(left)s are left to be invoiced; this would be %(amount)s.",
            order=order, left=format_money(left), amount=format_money(amount),
        ),
        remedy=Message(
            "Lower it by %(more)s, or delete the draft that holds the rest.", more=format_money(amount - left)
        ),
        left=str(left),
        amount=str(amount),
    )  # fmt: skip


def quantities_within(asked: Mapping[str, Decimal], left: Mapping[str, Decimal], what: str) -> Decision:
    """No more of a product is invoiced than was ordered, or taken back than was invoiced (CRM-38)."""
    decision = Decision.allow()
    for name, quantity in asked.items():
        rest = left.get(name, Decimal(0))
        if quantity > rest:
            decision &= refuse(
                "CRM-38",
                Message(
                    "%(product)s: %(quantity)s stand here, %(left)s are left of %(document)s.",
                    product=name, quantity=f"{quantity.normalize():f}", left=f"{rest.normalize():f}", document=what,
                ),
                remedy=Message("Enter at most the quantity that is left."),
            )  # fmt: skip
    return decision


def order_can_be_invoiced(is_open: bool, is_theirs: bool, is_in_yuan: bool, order: str) -> Decision:
    """An order is invoiced to its own customer, once it was approved, in yuan (CRM-38)."""
    if not is_theirs:
        return refuse(
            "CRM-38",
            Message("Order %(order)s is of another customer.", order=order),
            remedy=Message("Choose an order of this customer, or leave it empty."),
        )
    if not is_open:
        return refuse(
            "CRM-38",
            Message("Order %(order)s has not been approved, or was cancelled.", order=order),
            remedy=Message("Have it approved first."),
        )
    if not is_in_yuan:
        return refuse(
            "CRM-38",
            Message("Order %(order)s is not in yuan, as invoices are.", order=order),
            remedy=Message("Write the invoice by hand, without the order."),
        )
    return Decision.allow()


def takes_back(is_issued: bool, is_red: bool, is_theirs: bool, amount: Decimal, left: Decimal) -> Decision:
    """A red letter takes back an issued invoice of the same customer, and never more than is left of it (CRM-38)."""
    if not is_issued or is_red:
        return refuse(
            "CRM-38",
            Message("Only an invoice that was issued can be taken back by a red letter."),
            remedy=Message("Edit or delete the draft; a voided invoice counts no more anyway."),
        )
    if not is_theirs:
        return refuse(
            "CRM-38",
            Message("A red letter names the customer and the order of the invoice that it takes back."),
            remedy=Message("Choose the same customer and order."),
        )
    if amount > left:
        return refuse(
            "CRM-38",
            Message(
                "%(left)s are left of the invoice; the red letter would take back %(amount)s.",
                left=format_money(left), amount=format_money(amount),
            ),
            remedy=Message("Lower it by %(more)s.", more=format_money(amount - left)),
            left=str(left),
            amount=str(amount),
        )  # fmt: skip
    return Decision.allow()


def names_its_buyer(title: str, tax_number: str, is_special: bool) -> Decision:
    """An invoice names the buyer; one of which he deducts the tax also his tax number (CRM-38)."""
    if not title:
        return refuse(
            "CRM-38",
            Message("The invoice has no title."),
            remedy=Message("Enter it here, or in the customer's billing data for all times."),
        )
    if is_special and not tax_number:
        return refuse(
            "CRM-38",
            Message("A special VAT invoice needs the buyer's tax number."),
            remedy=Message("Enter the tax number, or choose an ordinary invoice."),
        )
    return Decision.allow()


def fapiao_number_fits(code: str, number: str, is_on_paper: bool) -> Decision:
    """The tax office's numbers have their form: 20 digits, on paper a code of 10 or 12 and a number of 8 (CRM-38)."""
    if is_on_paper:
        if _PAPER_CODE.fullmatch(code) and _PAPER_NUMBER.fullmatch(number):
            return Decision.allow()
        return refuse(
            "CRM-38",
            Message("On paper an invoice has a code of 10 or 12 digits and a number of 8."),
            remedy=Message("Enter them as they are printed at the top."),
        )
    if not code and _ELECTRONIC_NUMBER.fullmatch(number):
        return Decision.allow()
    return refuse(
        "CRM-38",
        Message("An electronic invoice has a number of 20 digits, and no code."),
        remedy=Message("Enter the number as the tax office's platform gave it."),
    )


def issued_in_time(day: datetime.date, after: datetime.date | None, today: datetime.date) -> Decision:
    """An invoice is noted as issued once it was; a red letter not before the invoice that it takes back (CRM-38)."""
    if day > today:
        return refuse(
            "CRM-38",
            Message("The day of issue, %(day)s, lies in the future.", day=day),
            remedy=Message("Enter the day that stands on the invoice."),
        )
    if after is not None and day < after:
        return refuse(
            "CRM-38",
            Message("The red letter would be of %(day)s, before the invoice of %(first)s.", day=day, first=after),
            remedy=Message("Enter the day that stands on the red letter."),
        )
    return Decision.allow()


def due_after_issue(due: datetime.date, issued: datetime.date) -> Decision:
    """Nobody owes before the invoice was issued (CRM-38)."""
    if due >= issued:
        return Decision.allow()
    return refuse(
        "CRM-38",
        Message("It would be due on %(due)s, before its issue on %(issued)s.", due=due, issued=issued),
        remedy=Message("Enter a later day, or leave it empty."),
    )


def may_void(is_on_paper: bool, issued: datetime.date, today: datetime.date, has_red: bool) -> Decision:
    """An invoice is voided in the month of its issue only, on paper only, and while no red letter follows (CRM-38)."""
    remedy = Message("Take it back by a red letter.")
    if not is_on_paper:
        return refuse("CRM-38", Message("An electronic invoice cannot be voided."), remedy=remedy)
    if (issued.year, issued.month) != (today.year, today.month):
        return refuse("CRM-38", Message("It was issued on %(day)s; its month is over.", day=issued), remedy=remedy)
    if has_red:
        return refuse(
            "CRM-38",
            Message("A red letter to this invoice exists."),
            remedy=Message("Delete or void the red letter first."),
        )
    return Decision.allow()


def may_delete(is_draft: bool) -> Decision:
    """An invoice that was issued is never deleted (CRM-37)."""
    if is_draft:
        return Decision.allow()
    return refuse(
        "CRM-37",
        Message("An invoice that was issued cannot be deleted."),
        remedy=Message("Void it in its month, or take it back by a red letter; it stays on file."),
    )


def something_left(amount: Decimal, what: str) -> Decision:
    """There is something left to be invoiced, or to be taken back (CRM-38)."""
    if amount > 0:
        return Decision.allow()
    return refuse(
        "CRM-38",
        Message("Nothing of %(document)s is left.", document=what),
        remedy=Message("Look at the invoices and drafts below it."),
    )
