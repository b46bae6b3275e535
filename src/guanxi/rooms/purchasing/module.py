"""Purchase orders, as the engine knows them (CRM-32 to CRM-35)."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from guanxi.kernel.confidentiality import DataClass
from guanxi.records.context import Context
from guanxi.records.module import Lifecycle, Menu, Module, Section, View
from guanxi.records.registry import register
from guanxi.rooms.catalog.public import ADDRESS_CLASSES, ADDRESS_SECTION
from guanxi.rooms.purchasing import actions
from guanxi.rooms.purchasing.models import PurchaseOrder, PurchaseState


def _state(*states: str) -> dict[str, Any]:
    return {"field": "state", "op": "in", "value": list(states)}


def _late(ctx: Context) -> dict[str, Any]:
    yesterday = ctx.today - datetime.timedelta(days=1)
    return {"all": [_state("sent"), {"field": "due_on", "op": "until", "value": yesterday.isoformat()}]}


def _ordered_today(ctx: Context) -> Mapping[str, Any]:
    return {"ordered_on": ctx.today}


PURCHASE_ORDER = Module(
    model=PurchaseOrder,
    icon="truck-delivery",
    data_class=DataClass.C2,
    classes=ADDRESS_CLASSES,
    profile="purchase_order",
    number="CG-{year}-{seq:04}",
    columns=("name", "number", "vendor", "amount", "state", "receipt", "ordered_on", "due_on", "owner"),
    sections=(
        Section(
            _("Purchase order"),
            ("name", "vendor", "contact_person", "requisition", "ordered_on", "due_on", "owner"),
        ),
        Section(_("Charges"), ("discount", "freight", "adjustment", "terms")),
        ADDRESS_SECTION,
        Section(
            _("Where the order stands"),
            ("state", "receipt", "approved_by", "approved_on", "sent_on", "received_on", "closing"),
        ),
    ),
    filters=("state", "receipt", "vendor", "owner", "ordered_on", "due_on"),
    search=("vendor", "requisition"),
    lines=actions.purchase_lines(),
    lifecycle=Lifecycle(
        "state", PurchaseState.CREATED, locked=tuple(state for state in PurchaseState.values if state != "created")
    ),
    rules=(actions.days_in_order,),
    starts=_ordered_today,
    actions=(
        actions.APPROVE_PURCHASE, actions.SEND_PURCHASE, actions.RECEIVE_ALL, actions.RECEIVE_PART,
        actions.CANCEL_PURCHASE, actions.DELETE_PURCHASE,
    ),
    menu=Menu("orders", 30, tab="orders"),
    views=(
        View("open", _("Open orders"), _state("created", "approved", "sent"), sort="due_on"),
        View("approve", _("To be approved"), _state("created"), sort="ordered_on"),
        View("late", _("Late deliveries"), _late, sort="due_on"),
        View("received", _("Received orders"), _state("received"), sort="-received_on"),
    ),
    without=("merge", "import_rows"),
)  # fmt: skip

register(PURCHASE_ORDER)
