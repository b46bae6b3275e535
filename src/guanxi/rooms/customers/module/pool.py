"""The public pool as the engine knows it."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from guanxi.kernel.confidentiality import DataClass
from guanxi.records.module import Lifecycle, Menu, Module, Section, View
from guanxi.rooms.customers.actions import ASSIGN_FROM_POOL, CLAIM
from guanxi.rooms.customers.models import PoolEntry, PoolState

_FREE: dict[str, Any] = {"field": "state", "op": "in", "value": [PoolState.FREE.value]}

POOL = Module(
    model=PoolEntry,
    icon="users-minus",
    data_class=DataClass.C2,
    profile="pool",
    sort="-entered_on",
    columns=("name", "province", "city", "demand_level", "last_contact_on", "entered_on", "cause", "lost_by", "state"),
    sections=(
        Section(_("Customer"), ("name", "customer", "province", "city", "demand_level", "last_contact_on")),
        Section(
            _("In the public pool"), ("state", "entered_on", "cause", "reason", "lost_by", "owner", "taken_on")
        ),
    ),
    read_only=(
        "name", "customer", "province", "city", "demand_level", "last_contact_on", "state", "entered_on", "cause",
        "reason", "lost_by", "owner", "taken_on",
    ),
    filters=("state", "province", "city", "demand_level", "last_contact_on", "entered_on", "cause"),
    search=("city",),
    lifecycle=Lifecycle("state", PoolState.FREE, locked=tuple(PoolState.values)),
    actions=(CLAIM, ASSIGN_FROM_POOL),
    menu=Menu("daily", 32, create=False),
    views=(
        View("free", _("To be claimed"), _FREE),
        View("mine", _("I took up"), {"field": "owner", "op": "in", "value": ["me"]}, sort="-taken_on"),
        View("lost", _("Mine before"), {"field": "lost_by", "op": "in", "value": ["me"]}),
    ),
    without=("create", "edit", "copy", "delete", "assign", "import_rows", "inline_edit", "merge"),
)  # fmt: skip
