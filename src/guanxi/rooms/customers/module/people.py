"""Contacts, addresses and billing profiles as the engine sees them."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from guanxi.kernel.chinese.papers import looks_like_a_slip
from guanxi.kernel.confidentiality import DataClass
from guanxi.kernel.decision import Decision, warn
from guanxi.kernel.messages import Message
from guanxi.records.context import Context
from guanxi.records.fields import fingerprint_of
from guanxi.records.module import Menu, Module, Related, SameAs, Section, View
from guanxi.rooms.customers.actions import ERASE_SUBJECT, SUBJECT_REPORT
from guanxi.rooms.customers.models import Address, BillingProfile, Contact


def _card_number(ctx: Context, record: Any, changed: frozenset[str]) -> Decision:
    account = record.account
    if "account" not in changed or not account or not looks_like_a_slip(account.plain):
        return Decision.allow()
    return warn(
        "",
        Message("The last digit of this account does not fit the others, as it does on bank cards."),
        remedy=Message("Compare it with the card or the statement."),
    )


CONTACT = Module(
    model=Contact,
    icon="address-book",
    data_class=DataClass.C2,
    number="LX-{year}-{seq:05}",
    classes={"identity_number": DataClass.C3},
    personal=("mobile", "phone", "email", "wechat", "birthday"),
    scope_through="customer",
    columns=("name", "customer", "post", "roles", "mobile", "phone", "email", "primary", "changed_at"),
    sections=(
        Section(
            _("Contact"),
            (
                "customer",
                "name",
                "gender",
                "post",
                "office",
                "roles",
                "mobile",
                "phone",
                "email",
                "wechat",
                "birthday",
                "identity_number",
                "primary",
                "owner",
            ),
        ),
        Section(
            _("Personal profile"),
            ("personality", "interests", "hobbies", "family", "education", "age", "ability", "career", "remarks"),
            help=_("For legal representatives and managers; others do not need it."),
        ),
    ),
    filters=("roles", "customer", "owner", "primary"),
    search=("mobile", "phone", "email", "post", "customer"),
    same_as=(
        SameAs("mobile", _("mobile")),
        SameAs("email", _("e-mail"), key=str.casefold),
        SameAs("identity_number", _("identity number"), key=fingerprint_of),
    ),
    related=(Related("customers.consent", "contact"),),
    actions=(SUBJECT_REPORT, ERASE_SUBJECT),
    menu=Menu("daily", 30),
    views=(
        View(
            "key_people",
            _("Key people"),
            {"field": "roles", "op": "in", "value": ["legal_representative", "manager", "decision_maker"]},
        ),
    ),
    aliases={
        "name": ("姓名", "联系人", "联系人姓名"),
        "customer": ("客户", "客户名称", "公司", "单位", "所属客户"),
        "post": ("职务", "职位"),
        "office": ("部门", "科室"),
        "mobile": ("手机", "手机号", "移动电话"),
        "phone": ("电话", "座机", "办公电话"),
        "wechat": ("微信", "微信号"),
        "birthday": ("生日", "出生日期"),
    },
)

ADDRESS = Module(
    model=Address,
    icon="map-pin",
    data_class=DataClass.C2,
    # Where the goods go is the customer's; the number of whoever takes them in is that person's.
    classes={"address": DataClass.C2},
    personal=("phone",),
    title="address",
    scope_through="customer",
    columns=("customer", "kind", "address", "city", "recipient", "phone", "usual"),
    sections=(
        Section(
            _("Address"),
            ("customer", "kind", "province", "city", "address", "recipient", "phone", "usual", "remarks"),
        ),
    ),
    filters=("kind", "customer", "city"),
    search=("recipient", "phone", "city", "customer"),
)

BILLING = Module(
    model=BillingProfile,
    icon="file-invoice",
    data_class=DataClass.C2,
    classes={
        "account": DataClass.C3,
        "address": DataClass.C2,
        "phone": DataClass.C2,
        "email": DataClass.C2,
    },
    title="title",
    scope_through="customer",
    columns=("title", "customer", "tax_number", "bank", "account", "usual"),
    sections=(
        Section(
            _("Billing profile"),
            ("customer", "title", "tax_number", "bank", "account", "address", "phone", "email", "usual"),
        ),
    ),
    filters=("customer",),
    search=("tax_number", "customer"),
    same_as=(SameAs("tax_number", _("tax number")),),
    rules=(_card_number,),
)
