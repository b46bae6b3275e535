"""Invoices, as the engine knows them, and what they tell the customer page (CRM-37, CRM-38)."""

from __future__ import annotations

import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from guanxi.kernel.confidentiality import DataClass
from guanxi.records.context import Context
from guanxi.records.module import Computed, Lifecycle, Menu, Module, Related, Section, View
from guanxi.records.registry import register
from guanxi.rooms.catalog.public import ADDRESS_CLASSES
from guanxi.rooms.customers.public import figure_sources, timeline_sources
from guanxi.rooms.receivables import actions
from guanxi.rooms.receivables.models import Invoice, InvoiceState
from guanxi.rooms.receivables.queries import INVOICES, RECEIVABLE


def _state(*states: str) -> dict[str, Any]:
    return {"field": "state", "op": "in", "value": list(states)}


def _is_red(is_red: bool) -> dict[str, Any]:
    return {"field": "original", "op": "filled" if is_red else "empty"}


def _overdue(ctx: Context) -> dict[str, Any]:
    yesterday = ctx.today - datetime.timedelta(days=1)
    return {
        "all": [_state("issued"), _is_red(False), {"field": "due_on", "op": "until", "value": yesterday.isoformat()}]
    }


INVOICE = Module(
    model=Invoice,
    icon="receipt",
    data_class=DataClass.C2,
    classes={
        **ADDRESS_CLASSES,
        "buyer_address": DataClass.C2,
        "buyer_phone": DataClass.C2,
        "account": DataClass.C3,
    },
    profile="invoice",
    number="FP-{year}-{seq:04}",
    scope_through="customer",
    columns=(
        "name", "number", "customer", "amount", "open_amount", "state", "issued_on", "due_on", "fapiao_number", "owner",
    ),
    sections=(
        Section(_("Invoice"), ("name", "customer", "order", "original", "kind", "due_on", "owner")),
        Section(_("Charges"), ("discount", "freight", "adjustment", "terms")),
        Section(
            _("Billing data of the buyer"), ("title", "tax_number", "buyer_address", "buyer_phone", "bank", "account"),
            help=_("Left empty, they are taken from the customer's billing data."),
        ),
        Section(
            _("Where the invoice stands"),
            ("state", "fapiao_code", "fapiao_number", "issued_on", "issued_by", "red_amount", "closing"),
        ),
    ),
    filters=("state", "kind", "customer", "owner", "order", "original", "issued_on", "due_on"),
    search=("customer", "fapiao_number", "title"),
    computed=(
        Computed(
            "open_amount", _("still to be paid"), lambda invoice: invoice.open_amount, "money",
            needs=("amount", "red_amount", "state", "original"),
        ),
    ),
    lines=actions.invoice_lines(),
    related=(
        Related(
            "receivables.invoice", "original", _("Red letters"), ("name", "amount", "state", "issued_on", "closing")
        ),
    ),
    lifecycle=Lifecycle(
        "state", InvoiceState.DRAFT, locked=tuple(state for state in InvoiceState.values if state != "draft")
    ),
    prepare=actions.with_buyer,
    rules=(actions.stands_on_its_basis, actions.due_in_order),
    actions=(actions.ISSUE_INVOICE, actions.RED_LETTER, actions.VOID_INVOICE, actions.DELETE_INVOICE),
    menu=Menu("orders", 33),
    views=(
        View("drafts", _("To be issued"), _state("draft")),
        View("open", _("To be paid"), {"all": [_state("issued"), _is_red(False)]}, sort="due_on"),
        View("overdue", _("Overdue"), _overdue, sort="due_on"),
        View("red", _("Red letters"), _is_red(True), sort="-issued_on"),
        View("voided", _("Voided invoices"), _state("voided"), sort="-issued_on"),
    ),
    without=("merge", "import_rows"),
)  # fmt: skip

register(INVOICE)
timeline_sources.append(INVOICES)
figure_sources.append(RECEIVABLE)
