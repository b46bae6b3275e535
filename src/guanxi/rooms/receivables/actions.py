"""The verbs of an invoice: write it, issue it, void it, take it back by a red letter (CRM-37, CRM-38)."""

from __future__ import annotations

import dataclasses
import datetime
import uuid
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from guanxi.kernel.decision import Decision
from guanxi.kernel.errors import Invalid, Refused
from guanxi.kernel.messages import Message
from guanxi.kernel.pricing import amount_of, price_after, sums_of
from guanxi.records.actions import Action
from guanxi.records.context import Context
from guanxi.records.fields import Sealed, asked
from guanxi.records.module import Lines
from guanxi.records.standard import DELETE, LINES, create
from guanxi.records.work import Work
from guanxi.rooms.catalog.public import Product, priced_lines
from guanxi.rooms.customers.public import BillingProfile
from guanxi.rooms.receivables import rules, sources
from guanxi.rooms.receivables.models import ON_PAPER, SPECIAL, Invoice, InvoiceLine, InvoiceState
from guanxi.rooms.receivables.policies import PAYMENT_DAYS
from guanxi.rooms.receivables.queries import (
    INVOICE,
    STANDING,
    held_of_order,
    issued_of_order,
    issued_red_of,
    quantities_of,
    quantities_of_order,
    quantities_taken_back,
    taken_back,
)
from guanxi.rooms.receivables.sources import Ordered

NOTHING = Decimal(0)
_KIT = priced_lines(InvoiceLine, "invoice")
_SUMS = ("goods", "reduction", "amount", "net", "tax")


# ---- Writing one -----------------------------------------------------------------------------------------------------


def with_buyer(ctx: Context, values: dict[str, Any], record: Any) -> dict[str, Any]:
    """The buyer's data from the customer's billing profile, where the title was left empty and the customer is new."""
    customer = values.get("customer")
    if customer is None or values.get("title") or (record is not None and record.customer_id == customer.pk):
        return values
    profile = BillingProfile.objects.filter(customer=customer, deleted_at=None).order_by("-usual", "-pk").first()
    if profile is None:
        return values
    sealed: Any = profile.account
    # A sealed value opens in its own column only.
    account = Sealed(f"{INVOICE}.account", plain=sealed.plain) if sealed else ""
    copied = {
        "title": profile.title, "tax_number": profile.tax_number, "buyer_address": profile.address,
        "buyer_phone": profile.phone, "bank": profile.bank, "account": account,
    }  # fmt: skip
    return {**values, **{name: value for name, value in copied.items() if not values.get(name)}}


def _complete(
    ctx: Context, values: dict[str, Any], record: Invoice | None, rows: Sequence[tuple[Any, dict[str, Any]]]
) -> dict[str, Any]:
    """The kit's sums; of a red letter all of them are turned below nothing, with the quantities they come from."""
    assert _KIT.complete is not None

    def held(name: str) -> Any:
        return values[name] if name in values else getattr(record, name, None)

    is_red = held("original") is not None
    quantities = [given.get("quantity", getattr(line, "quantity", None)) for line, given in rows]
    _refuse_wrong_signs(quantities, held("freight") or NOTHING, is_red)
    if not is_red:
        return _KIT.complete(ctx, values, record, rows)
    for (_line, given), quantity in zip(rows, quantities, strict=True):
        if quantity is not None:
            given["quantity"] = abs(quantity)
    turned = {"freight": abs(held("freight") or NOTHING), "adjustment": -(held("adjustment") or NOTHING)}
    done = _KIT.complete(ctx, {**values, **turned}, record, rows)
    for _line, given in rows:
        given["quantity"], given["amount"] = -given["quantity"], -given["amount"]
    return {
        **done, **{name: -done[name] for name in _SUMS},
        "freight": -turned["freight"], "adjustment": -turned["adjustment"],
    }  # fmt: skip


def _refuse_wrong_signs(quantities: Sequence[Decimal | None], freight: Decimal, is_red: bool) -> None:
    wrong = [
        Message("Line %(number)s: the quantity is not more than nothing.", number=number)
        for number, quantity in enumerate(quantities, start=1)
        if quantity is not None and (quantity == 0 or (quantity < 0 and not is_red))
    ]
    if wrong:
        raise Invalid({LINES: wrong})
    if freight < 0 and not is_red:
        raise Invalid({"freight": [Message("Freight is not less than nothing.")]})


def invoice_lines() -> Lines:
    """The lines of an invoice: those of the kit, below nothing on a red letter."""
    return dataclasses.replace(_KIT, complete=_complete)


def stands_on_its_basis(ctx: Context, invoice: Any, changed: frozenset[str]) -> Decision:
    """No more than was ordered is invoiced, no more than was invoiced taken back, whoever writes at the same time."""
    if invoice.original_id is not None:
        return _judge_red(invoice)
    ordered = _ordered(invoice)
    return Decision.allow() if ordered is None else _judge_order(invoice, ordered)


def _ordered(invoice: Any) -> Ordered | None:
    """What the order of an invoice comes to, held for this transaction."""
    if invoice.order_id is None:
        return None
    return next((basis.hold(invoice.order_id) for basis in sources.bases), None)


def _judge_order(invoice: Any, ordered: Ordered) -> Decision:
    decision = rules.order_can_be_invoiced(
        ordered.is_open, ordered.customer == invoice.customer_id, ordered.currency == invoice.currency, ordered.number
    )
    left = ordered.amount - held_of_order(invoice.order_id, invoice.pk)
    return decision & rules.within_order(invoice.amount, left, ordered.number) if decision.allowed else decision


def _judge_red(invoice: Any) -> Decision:
    rows = Invoice.objects.filter(pk=invoice.original_id)
    # Locked wherever something is written; a look ahead, outside of any transaction, locks nothing.
    first = (rows.select_for_update() if transaction.get_connection().in_atomic_block else rows).get()
    is_theirs = (first.customer_id, first.order_id) == (invoice.customer_id, invoice.order_id)
    left = first.amount - taken_back(first.pk, invoice.pk)
    # One that was taken back whole has nothing left: the figures say so.
    return rules.takes_back(first.state in STANDING, first.is_red, is_theirs, -invoice.amount, left)


def due_in_order(ctx: Context, invoice: Any, changed: frozenset[str]) -> Decision:
    """It is due on the day of its issue at the earliest."""
    if not changed & {"due_on"} or not invoice.due_on or not invoice.issued_on:
        return Decision.allow()
    return rules.due_after_issue(invoice.due_on, invoice.issued_on)


# ---- Issuing ---------------------------------------------------------------------------------------------------------


def _basis_holds(ctx: Context, invoice: Any, values: Mapping[str, Any]) -> Decision:
    """At the last moment quantities are compared as well as amounts, under the lock of order or original."""
    ordered = _ordered(invoice)
    decision = stands_on_its_basis(ctx, invoice, frozenset())
    if not decision.allowed:
        return decision
    here = {product: abs(quantity) for product, quantity in quantities_of(invoice).items()}
    if invoice.original_id is not None:
        left = _less(quantities_of(invoice.original), quantities_taken_back(invoice.original_id, invoice.pk))
        return _quantities(here, left, invoice.original.number)
    if ordered is None:
        return decision
    left = _less(ordered.quantities, quantities_of_order(invoice.order_id, invoice.pk))
    return _quantities(here, left, ordered.number)


def _less(whole: Mapping[uuid.UUID, Decimal], gone: Mapping[uuid.UUID, Decimal]) -> dict[uuid.UUID, Decimal]:
    return {product: quantity - gone.get(product, NOTHING) for product, quantity in whole.items()}


def _quantities(here: Mapping[uuid.UUID, Decimal], left: Mapping[uuid.UUID, Decimal], what: str) -> Decision:
    names = {product.pk: product.name for product in Product.objects.filter(pk__in=[*here, *left])}
    return rules.quantities_within(
        {names[product]: quantity for product, quantity in here.items()},
        {names[product]: quantity for product, quantity in left.items()},
        what,
    )


def _has_buyer(ctx: Context, invoice: Any, values: Mapping[str, Any]) -> Decision:
    return rules.names_its_buyer(invoice.title, invoice.tax_number, invoice.kind in SPECIAL)


def _number_fits(ctx: Context, invoice: Any, values: Mapping[str, Any]) -> Decision:
    code, number = values.get("fapiao_code") or "", values["fapiao_number"]
    return rules.fapiao_number_fits(code, number, invoice.kind in ON_PAPER)


def _day_fits(ctx: Context, invoice: Any, values: Mapping[str, Any]) -> Decision:
    day = values.get("day") or ctx.today
    after = invoice.original.issued_on if invoice.original_id is not None else None
    decision = rules.issued_in_time(day, after, ctx.today)
    return decision & rules.due_after_issue(invoice.due_on, day) if invoice.due_on else decision


def _issue(ctx: Context, invoice: Any, values: dict[str, Any]) -> None:
    day = values.get("day") or ctx.today
    invoice.fapiao_code, invoice.fapiao_number = values.get("fapiao_code") or "", values["fapiao_number"]
    invoice.issued_on, invoice.issued_by = day, ctx.actor
    if invoice.due_on is None:
        invoice.due_on = day + datetime.timedelta(days=ctx.value_of(PAYMENT_DAYS))
    invoice.state = InvoiceState.ISSUED
    _settle(invoice)


def _hold_orders(works: Sequence[Work]) -> None:
    """Orders before invoices, in one order: two who write about the same wait for each other, and never both."""
    orders = {work.record.order_id for work in works if work.record.order_id is not None}
    for order in sorted(orders):
        for basis in sources.bases:
            basis.hold(order)


def _settle(invoice: Any) -> None:
    """Carry an invoice's new state on: to the invoice that a red letter takes back, and to the order."""
    Invoice.objects.filter(pk=invoice.pk).update(
        state=invoice.state, issued_on=invoice.issued_on, due_on=invoice.due_on
    )
    if invoice.original_id is not None:
        back = issued_red_of(invoice.original_id)
        whole = back == invoice.original.amount
        Invoice.objects.filter(pk=invoice.original_id).update(
            red_amount=back, state=InvoiceState.RED_LETTERED if whole else InvoiceState.ISSUED,
            version=models.F("version") + 1,
        )  # fmt: skip
    if invoice.order_id is not None:
        for basis in sources.bases:
            basis.told(invoice.order_id, issued_of_order(invoice.order_id))


ISSUE_INVOICE = Action(
    name="issue_invoice",
    label=_("Note as issued"),
    icon="receipt",
    tone="ink",
    inputs=(
        asked("fapiao_number", _("invoice number of the tax office"), models.CharField(max_length=20), required=True),
        asked("fapiao_code", _("invoice code"), models.CharField(max_length=12, blank=True, default=""),
              help=_("On paper only.")),
        asked("day", _("issued on"), models.DateField(null=True), help=_("Left empty: today.")),
    ),
    confirm=_("An invoice that was issued is not written any more, only taken back by a red letter. Continue?"),
    rules=(_has_buyer, _number_fits, _day_fits, _basis_holds),
    states=(InvoiceState.DRAFT,),
    to_state=InvoiceState.ISSUED,
    perform=_issue,
    locks=_hold_orders,
    undoable=False,
)  # fmt: skip


# ---- Voiding, red letters --------------------------------------------------------------------------------------------


def _voidable(ctx: Context, invoice: Any, values: Mapping[str, Any]) -> Decision:
    has_red = bool(taken_back(invoice.pk))
    return rules.may_void(invoice.kind in ON_PAPER, invoice.issued_on, ctx.today, has_red)


def _void(ctx: Context, invoice: Any, values: dict[str, Any]) -> None:
    invoice.closing, invoice.state = ctx.reason, InvoiceState.VOIDED
    _settle(invoice)


VOID_INVOICE = Action(
    name="void_invoice",
    label=_("Void the invoice"),
    icon="circle-x",
    asks_reason=True,
    rules=(_voidable,),
    states=(InvoiceState.ISSUED,),
    to_state=InvoiceState.VOIDED,
    perform=_void,
    locks=_hold_orders,
    rare=True,
    undoable=False,
)


def _not_all_taken_back(ctx: Context, invoice: Any, values: Mapping[str, Any]) -> Decision:
    return rules.something_left(invoice.amount - taken_back(invoice.pk), invoice.number)


def _red_letter(ctx: Context, invoice: Any, values: dict[str, Any]) -> Any:
    left = invoice.amount - taken_back(invoice.pk)
    rest = rest_of(invoice, quantities_taken_back(invoice.pk), left)
    carried = {name: getattr(invoice, name) for name in _CARRIED}
    # The right to the verb on this invoice is enough: finance does not see the customers' files (SEC-03).
    red = create(
        ctx.as_program(), INVOICE, confirmed=True, original=invoice, **carried,
        **{**rest, "adjustment": -rest["adjustment"], "freight": -rest["freight"]},
    )  # fmt: skip
    red.closing = ctx.reason
    red.save(update_fields=["closing"])
    return red


#: What a red letter takes over from the invoice that it takes back.
_CARRIED = (
    "name", "customer", "order", "kind", "title", "tax_number", "buyer_address", "buyer_phone", "bank", "owner",
)  # fmt: skip

RED_LETTER = Action(
    name="red_letter",
    label=_("Write a red letter"),
    icon="receipt-refund",
    asks_reason=True,
    rules=(_not_all_taken_back,),
    states=(InvoiceState.ISSUED,),
    fits=lambda invoice: not invoice.is_red,
    perform=_red_letter,
    locks=_hold_orders,
    undoable=False,
)


def rest_of(document: Any, gone: Mapping[uuid.UUID, Decimal], left: Decimal) -> dict[str, Any]:
    """Lines and charges of a document for another one of what is left of it, which comes to `left` to the 分.

    `gone` says how much of each product is no longer left. Freight is in the first; in what follows, and where amounts
    were rounded on the way, the adjustment holds the difference.
    """
    pool = dict(gone)
    lines, amounts = [], []
    for line in document.lines.select_related("product"):
        taken = min(pool.get(line.product_id, NOTHING), line.quantity)
        pool[line.product_id] = pool.get(line.product_id, NOTHING) - taken
        quantity = line.quantity - taken
        if quantity > 0:
            values = {name: getattr(line, name) for name in _OF_LINES}
            lines.append({**values, "quantity": quantity})
            amounts.append((amount_of(quantity, price_after(line.unit_price, line.discount)), line.tax_rate))
    freight = document.freight if not any(gone.values()) else NOTHING
    if not lines:
        raise Refused(rules.something_left(NOTHING, document.number))
    sums = sums_of(amounts, document.discount, freight)
    return {
        "lines": lines, "discount": document.discount, "freight": freight, "adjustment": left - sums.amount,
    }  # fmt: skip


_OF_LINES = ("product", "description", "unit_price", "discount", "tax_rate")


def invoice_order(ctx: Context, order: Any, ordered: Ordered) -> Invoice:
    """The draft of an invoice over everything of an order that is not invoiced yet; nothing is typed again (SAL-12)."""
    left = ordered.amount - held_of_order(order.pk)
    if left <= 0:
        raise Refused(rules.something_left(left, ordered.number))
    carried = {name: getattr(order, name) for name in ("name", "customer", "terms", "owner")}
    # The right to the verb on this order is enough: finance does not see the customers' files (SEC-03).
    made: Invoice = create(
        ctx.as_program(), INVOICE, confirmed=True, order=order, **carried,
        **rest_of(order, quantities_of_order(order.pk), left),
    )  # fmt: skip
    return made


def _still_draft(ctx: Context, invoice: Any, values: Mapping[str, Any]) -> Decision:
    return rules.may_delete(invoice.state == InvoiceState.DRAFT)


DELETE_INVOICE = dataclasses.replace(DELETE, rules=(_still_draft,))
