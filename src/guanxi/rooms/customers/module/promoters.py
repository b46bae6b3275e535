"""Promoters, commission schemes and the sales credited to promoters, as the engine sees them (ARC-17)."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from guanxi.kernel.confidentiality import DataClass
from guanxi.kernel.decision import Decision
from guanxi.kernel.errors import Invalid
from guanxi.kernel.messages import Message
from guanxi.records.context import Context
from guanxi.records.fields import fingerprint_of
from guanxi.records.module import Menu, Module, Related, SameAs, Section, View
from guanxi.rooms.customers.models import CommissionScheme, PromotedSale, Promoter
from guanxi.rooms.customers.models.promoters import Side
from guanxi.rooms.customers.module.periods import ends_after, going_on
from guanxi.rooms.customers.queries import overlapping_scheme, scheme_in_force
from guanxi.rooms.customers.rules import commission_of, is_staff_or_stranger, one_scheme_at_a_time


def _of(values: dict[str, Any], record: Any, name: str) -> Any:
    return values[name] if name in values else getattr(record, name, None)


# ---- Promoters -------------------------------------------------------------------------------------------------------


def _named_after_staff(ctx: Context, values: dict[str, Any], record: Any) -> dict[str, Any]:
    """A member of staff need not be named twice."""
    person = _of(values, record, "person")
    return {**values, "name": person.name} if person is not None and not _of(values, record, "name") else values


def _staff_or_stranger(ctx: Context, record: Any, changed: frozenset[str]) -> Decision:
    return is_staff_or_stranger(record.side == Side.INTERNAL, record.person_id is not None)


def _of_side(side: Side) -> dict[str, Any]:
    return {"field": "side", "op": "in", "value": [side.value]}


PROMOTER = Module(
    model=Promoter,
    icon="speakerphone",
    data_class=DataClass.C2,
    profile="promoter",
    classes={"identity_number": DataClass.C3},
    personal=("phone",),
    number="CX-{seq:04}",
    sort="name",
    columns=("name", "side", "person", "phone", "identity_number", "region", "owner"),
    sections=(
        Section(_("Promoter"), ("side", "person", "name", "phone", "identity_number", "region", "remarks", "owner")),
    ),
    filters=("side", "region", "owner"),
    search=("phone", "region"),
    same_as=(
        SameAs("phone", _("phone")),
        SameAs("identity_number", _("identity number"), key=fingerprint_of),
    ),
    prepare=_named_after_staff,
    rules=(_staff_or_stranger,),
    related=(
        Related(
            "customers.promotedsale", "promoter",
            columns=("sold_on", "customer", "order_number", "amount", "rate", "commission"),
        ),
    ),
    menu=Menu("market", 30),
    views=(
        View("internal", _("Internal staff"), _of_side(Side.INTERNAL)),
        View("external", _("External promoters"), _of_side(Side.EXTERNAL)),
    ),
    without=("merge",),
)  # fmt: skip


# ---- Schemes ---------------------------------------------------------------------------------------------------------


def _one_at_a_time(ctx: Context, record: Any, changed: frozenset[str]) -> Decision:
    if not changed & {"side", "begins_on", "ends_on"}:
        return Decision.allow()
    other = overlapping_scheme(record)
    return one_scheme_at_a_time(str(other) if other else "")


SCHEME = Module(
    model=CommissionScheme,
    icon="percentage",
    data_class=DataClass.C2,
    profile="promoter",
    sort="-begins_on",
    columns=("name", "side", "rate", "begins_on", "ends_on", "content"),
    sections=(Section(_("Commission scheme"), ("name", "side", "rate", "begins_on", "ends_on", "content", "owner")),),
    filters=("side", "begins_on", "ends_on"),
    search=("content",),
    prepare=ends_after("begins_on", "ends_on"),
    rules=(_one_at_a_time,),
    related=(
        Related(
            "customers.promotedsale", "scheme",
            columns=("sold_on", "promoter", "customer", "amount", "rate", "commission"),
        ),
    ),
    menu=Menu("market", 40),
    views=(View("in_force", _("In force now"), going_on("begins_on", "ends_on")),),
    without=("merge",),
)  # fmt: skip


# ---- Sales credited --------------------------------------------------------------------------------------------------


def _credited(ctx: Context, values: dict[str, Any], record: Any) -> dict[str, Any]:
    """Scheme, rate and commission of the day of the sale; they stand until the sale itself is put right (ARC-17)."""
    asked = ("promoter", "sold_on", "amount")
    promoter, sold_on, amount = (_of(values, record, name) for name in asked)
    if promoter is None or sold_on is None or amount is None:
        return values  # what is missing is said of the fields themselves
    if record is not None and all(_of(values, record, name) == getattr(record, name) for name in asked):
        return values
    same_terms = record is not None and promoter == record.promoter and sold_on == record.sold_on
    scheme = record.scheme if same_terms else scheme_in_force(promoter.side, sold_on)
    if scheme is None:
        none = Message(
            "No commission scheme for %(side)s was in force on %(day)s.", side=promoter.get_side_display(), day=sold_on
        )
        raise Invalid({"sold_on": [none]})
    rate = record.rate if same_terms else scheme.rate
    return {**values, "scheme": scheme, "rate": rate, "commission": commission_of(amount, rate)}


SALE = Module(
    model=PromotedSale,
    icon="cash",
    data_class=DataClass.C2,
    title="order_number",
    number="TC-{year}-{seq:05}",
    scope_through="customer",
    sort="-sold_on",
    columns=("sold_on", "promoter", "customer", "order_number", "amount", "rate", "commission", "scheme"),
    sections=(
        Section(_("The sale"), ("customer", "promoter", "sold_on", "order_number", "amount", "remarks")),
        Section(_("Commission"), ("scheme", "rate", "commission")),
    ),
    filters=("promoter", "customer", "sold_on", "scheme"),
    search=("customer", "promoter"),
    prepare=_credited,
    menu=Menu("market", 50),
    aliases={
        "promoter": ("促销员", "推广人", "促销人员"),
        "sold_on": ("日期", "销售日期", "成交日期"),
        "amount": ("金额", "销售额"),
        "order_number": ("订单号", "单号"),
    },
    without=("merge", "copy"),
)
