"""What quotes and orders have in common: whose they are, and what a copy of one takes along."""

from __future__ import annotations

from typing import Any

from guanxi.kernel.decision import Decision
from guanxi.records.context import Context
from guanxi.rooms.sales.rules import of_the_customer

CLAUSES = {"quote": "CRM-30", "salesorder": "CRM-36"}
#: What goes over from one document to the next, beside its lines.
CARRIED = (
    "name", "customer", "contact", "opportunity", "price_book", "discount", "freight", "adjustment", "terms",
    "billing_recipient", "billing_phone", "billing_address", "billing_postcode", "shipping_recipient",
    "shipping_phone", "shipping_address", "shipping_postcode", "owner",
)  # fmt: skip
_OF_LINES = ("product", "description", "quantity", "unit_price", "discount", "tax_rate")


def links_are_of_the_customer(ctx: Context, document: Any, changed: frozenset[str]) -> Decision:
    """Contact, opportunity and quote are the customer's, whichever was entered anew."""
    links = [name for name in ("contact", "opportunity", "quote") if hasattr(document, f"{name}_id")]
    if not changed & {"customer", *links}:
        return Decision.allow()
    linked = [getattr(document, name) for name in links if getattr(document, f"{name}_id")]
    theirs = all(each.customer_id == document.customer_id for each in linked)
    return of_the_customer(theirs, CLAUSES[document._meta.model_name])


def carried_over(document: Any) -> dict[str, Any]:
    """The values of a document for another one made from it, lines included: nothing is typed again."""
    values = {name: getattr(document, name) for name in CARRIED}
    lines = [{name: getattr(line, name) for name in _OF_LINES} for line in document.lines.select_related("product")]
    return {**values, "lines": lines}
