"""Customers that leaders follow, as the engine knows them."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from guanxi.kernel.confidentiality import DataClass
from guanxi.records.context import Context
from guanxi.records.module import Menu, Module, Section, View
from guanxi.rooms.customers.models import Following


def _for_oneself(ctx: Context, values: dict[str, Any], record: Any) -> dict[str, Any]:
    """One follows for oneself, whoever else might like to know."""
    return {**values, "owner": ctx.actor} if record is None else values


FOLLOWING = Module(
    model=Following,
    icon="star",
    data_class=DataClass.C2,
    title="customer",
    profile="following",
    columns=("customer", "is_told", "created_at"),
    sections=(Section(_("Followed customer"), ("customer", "is_told")),),
    filters=("is_told",),
    search=("customer",),
    sort="-created_at",
    prepare=_for_oneself,
    menu=Menu("meeting", 41, create=False),
    views=(View("told", _("I am told"), {"field": "is_told", "op": "is", "value": True}),),
    without=("assign", "copy", "merge", "import_rows"),
)
