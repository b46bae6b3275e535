"""Quotes and sales orders, as the engine knows them (CRM-29, CRM-30, CRM-33, CRM-36)."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from guanxi.kernel.confidentiality import DataClass
from guanxi.records.context import Context
from guanxi.records.module import Lifecycle, Menu, Module, Related, Section, View
from guanxi.rooms.catalog.public import ADDRESS_CLASSES, ADDRESS_SECTION, PRICE_SECTION, priced_lines
from guanxi.rooms.sales.actions import documents, invoicing, orders, quotes
from guanxi.rooms.sales.models import OrderState, Quote, QuoteLine, QuoteState, SalesOrder, SalesOrderLine

#: For so many days a new quote is offered.
USUAL_DAYS = 30


def _state(*states: str) -> dict[str, Any]:
    return {"field": "state", "op": "in", "value": list(states)}


def _mine(*states: str) -> dict[str, Any]:
    return {"all": [_state(*states), {"field": "owner", "op": "in", "value": ["me"]}]}


def _delivered_not_invoiced(ctx: Context) -> dict[str, Any]:
    """What has left the house and stands on no invoice, or not all of it (SAL-12)."""
    return {"all": [_state("delivered"), {"field": "billing", "op": "in", "value": ["nothing", "part"]}]}


def _before_today(field: str) -> Any:
    def tree(ctx: Context) -> dict[str, Any]:
        states = ("sent",) if field == "valid_until" else ("created", "approved")
        yesterday = ctx.today - datetime.timedelta(days=1)
        return {"all": [_state(*states), {"field": field, "op": "until", "value": yesterday.isoformat()}]}

    return tree


def _valid_for_a_month(ctx: Context) -> Mapping[str, Any]:
    return {"valid_until": ctx.today + datetime.timedelta(days=USUAL_DAYS)}


QUOTE = Module(
    model=Quote,
    icon="file-invoice",
    data_class=DataClass.C2,
    classes=ADDRESS_CLASSES,
    profile="quote",
    number="BJ-{year}-{seq:04}",
    scope_through="customer",
    columns=("name", "number", "customer", "amount", "conceded", "state", "valid_until", "edition", "owner"),
    sections=(
        Section(_("Quote"), ("name", "customer", "contact", "opportunity", "valid_until", "owner")),
        PRICE_SECTION,
        ADDRESS_SECTION,
        Section(
            _("Where the quote stands"),
            ("state", "currency", "conceded", "edition", "former", "sent_on", "answered_on", "answer"),
        ),
    ),
    filters=("state", "owner", "customer", "valid_until", "sent_on", "opportunity", "currency"),
    search=("customer",),
    lines=priced_lines(QuoteLine, "quote"),
    related=(
        Related("sales.salesorder", "quote", columns=("name", "amount", "state", "promised_on")),
        Related("sales.quote", "former", _("Later versions"), ("name", "amount", "state", "edition")),
    ),
    lifecycle=Lifecycle(
        "state", QuoteState.DRAFT, locked=tuple(state for state in QuoteState.values if state != "draft")
    ),
    rules=(documents.links_are_of_the_customer,),
    starts=_valid_for_a_month,
    actions=(
        quotes.SEND_QUOTE, quotes.MAKE_ORDER, quotes.REJECT_QUOTE, quotes.REVISE_QUOTE, quotes.DELETE_QUOTE,
    ),
    menu=Menu("orders", 10),
    views=(
        View("open", _("Open quotes"), _state("draft", "sent"), sort="valid_until"),
        View("mine", _("Mine"), _mine("draft", "sent"), sort="valid_until"),
        View("expired", _("Validity over"), _before_today("valid_until"), sort="valid_until"),
        View("rejected", _("Rejected quotes"), _state("rejected")),
        View("accepted", _("Accepted quotes"), _state("accepted")),
    ),
    without=("merge", "import_rows"),
)  # fmt: skip

ORDER = Module(
    model=SalesOrder,
    icon="shopping-cart",
    data_class=DataClass.C2,
    classes=ADDRESS_CLASSES,
    profile="sales_order",
    number="XD-{year}-{seq:04}",
    scope_through="customer",
    columns=("name", "number", "customer", "amount", "state", "ordered_on", "promised_on", "delivered_on", "owner"),
    sections=(
        Section(
            _("Sales order"),
            (
                "name", "customer", "contact", "opportunity", "quote", "customer_reference", "ordered_on",
                "promised_on", "is_booking", "owner",
            ),
        ),
        PRICE_SECTION,
        ADDRESS_SECTION,
        Section(_("Where the order stands"), (
            "state", "currency", "approved_by", "delivered_on", "billing", "invoiced", "closing",
        )),
    ),
    filters=(
        "state", "billing", "owner", "customer", "ordered_on", "promised_on", "delivered_on", "quote", "currency",
    ),
    search=("customer", "customer_reference"),
    lines=priced_lines(SalesOrderLine, "order"),
    related=(
        Related("receivables.invoice", "order", columns=("name", "number", "amount", "state", "issued_on")),
    ),
    lifecycle=Lifecycle("state", OrderState.CREATED, locked=("approved", "delivered", "cancelled")),
    prepare=orders.begin_as_booking,
    rules=(documents.links_are_of_the_customer, orders.days_in_order),
    actions=(
        orders.CONFIRM_BOOKING, orders.APPROVE_ORDER, orders.DELIVER_ORDER, invoicing.INVOICE_ORDER,
        orders.CANCEL_ORDER, orders.DELETE_ORDER,
    ),
    menu=Menu("orders", 20, tab="orders"),
    views=(
        View("open", _("Open orders"), _state("created", "approved"), sort="promised_on"),
        View("mine", _("Mine"), _mine("created", "approved"), sort="promised_on"),
        View("dispatch", _("To be dispatched"), _state("approved"), sort="promised_on"),
        View("late", _("Late deliveries"), _before_today("promised_on"), sort="promised_on"),
        View("to_invoice", _("To be invoiced"), _delivered_not_invoiced, sort="delivered_on"),
        View("bookings", _("Bookings"), _state("booked"), sort="promised_on"),
        View("delivered", _("Delivered orders"), _state("delivered"), sort="-delivered_on"),
    ),
    without=("merge", "import_rows"),
)  # fmt: skip
