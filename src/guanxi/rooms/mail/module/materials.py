"""Company material, and what of it was sent, as the engine knows them (WF-21)."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from guanxi.kernel.confidentiality import DataClass
from guanxi.kernel.decision import Decision
from guanxi.records.context import Context
from guanxi.records.module import Menu, Module, Related, Section, View
from guanxi.rooms.mail import actions
from guanxi.rooms.mail.models import Handout, Material
from guanxi.rooms.mail.rules import may_have_been_sent_on, must_be_in_use


def _sent_by_now(ctx: Context, handout: Any, changed: frozenset[str]) -> Decision:
    decision = may_have_been_sent_on(handout.sent_on, ctx.today) if "sent_on" in changed else Decision.allow()
    if "material" in changed:
        decision &= must_be_in_use(handout.material.is_current, handout.material.name)
    return decision


MATERIAL = Module(
    model=Material,
    icon="book",
    data_class=DataClass.C0,
    classes={"remarks": DataClass.C1},
    profile="material",
    number="ZL-{year}-{seq:04}",
    columns=("number", "name", "kind", "edition", "product", "is_current", "changed_at"),
    sections=(
        Section(_("Company material"), ("name", "kind", "edition", "product", "file", "link", "is_current", "remarks")),
    ),
    filters=("kind", "is_current", "product"),
    search=("number", "edition"),
    related=(Related("mail.handout", "material"),),
    menu=Menu("correspondence", 40),
    views=(View("current", _("In use"), {"field": "is_current", "op": "is", "value": True}),),
    aliases={"name": ("资料名称", "名称"), "kind": ("资料类别", "类别"), "edition": ("版本", "版次")},
    without=("merge",),
)

HANDOUT = Module(
    model=Handout,
    icon="send",
    data_class=DataClass.C2,
    title="material",
    profile="activity",
    scope_through="customer",
    sort="-sent_on",
    columns=("sent_on", "customer", "contact", "material", "channel", "copies", "received_on", "owner"),
    sections=(
        Section(
            _("Material sent"),
            ("customer", "contact", "material", "channel", "sent_on", "copies", "remarks", "owner"),
        ),
        Section(_("Receipt"), ("received_on", "received_by", "letter")),
    ),
    filters=("material", "channel", "customer", "owner", "sent_on", "received_on"),
    search=("customer", "contact", "remarks"),
    read_only=("received_on", "received_by", "letter"),
    actions=(actions.CONFIRM_MATERIAL,),
    rules=(_sent_by_now,),
    prepare=actions.complete_handout,
    starts=lambda ctx: {"sent_on": ctx.today},
    menu=Menu("correspondence", 41),
    views=(
        View("unconfirmed", _("Receipt not confirmed"), {"field": "received_on", "op": "empty"}, sort="sent_on"),
        View("mine", _("Mine"), {"field": "owner", "op": "in", "value": ["me"]}),
    ),
    aliases={
        "customer": ("客户", "客户名称"), "material": ("资料", "资料名称"), "sent_on": ("发送日期", "寄送日期"),
        "channel": ("发送方式", "寄送方式"), "copies": ("份数",),
    },
    without=("merge",),
)  # fmt: skip
