"""Competitors, market flow, similar products and public relations as the engine sees them."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from guanxi.kernel.chinese.company import company_key
from guanxi.kernel.confidentiality import DataClass
from guanxi.kernel.decision import Decision
from guanxi.records.context import Context
from guanxi.records.module import Module, Related, SameAs, Section, View
from guanxi.rooms.customers.models import (
    Competitor,
    CompetitorStanding,
    MarketFlow,
    PublicContact,
    SimilarProduct,
)
from guanxi.rooms.customers.rules import must_name_competitor

COMPETITOR = Module(
    model=Competitor,
    icon="swords",
    data_class=DataClass.C2,
    profile="market",
    columns=("name", "region", "products", "owner", "changed_at"),
    sections=(
        Section(
            _("Competitor"),
            ("name", "region", "products", "strengths", "weaknesses", "price_policy", "remarks"),
        ),
    ),
    filters=("region",),
    search=("region", "products"),
    same_as=(SameAs("name", _("company name"), key=company_key),),
    related=(
        Related("customers.similarproduct", "competitor"),
        Related("customers.competitorstanding", "competitor"),
        Related("customers.marketflow", "competitor"),
    ),
)

STANDING = Module(
    model=CompetitorStanding,
    icon="scale",
    data_class=DataClass.C2,
    title="comparison",
    scope_through="customer",
    columns=("customer", "competitor", "as_of", "our_share", "their_share", "our_price", "their_price"),
    sections=(
        Section(
            _("Standing against a competitor"),
            ("customer", "competitor", "as_of", "our_share", "their_share", "our_price", "their_price", "comparison"),
        ),
    ),
    filters=("competitor", "customer", "as_of"),
    search=("customer", "competitor"),
)


def _names_competitor(ctx: Context, record: Any, changed: frozenset[str]) -> Decision:
    return must_name_competitor(record.went_to, record.competitor_id is not None)


FLOW = Module(
    model=MarketFlow,
    icon="arrows-split",
    data_class=DataClass.C2,
    title="order_number",
    number="SL-{year}-{seq:05}",
    scope_through="customer",
    sort="-ordered_on",
    columns=(
        "ordered_on",
        "customer",
        "order_number",
        "goods",
        "quantity",
        "amount",
        "went_to",
        "competitor",
        "direction",
    ),
    sections=(
        Section(
            _("The order"),
            (
                "customer",
                "ordered_on",
                "order_number",
                "direction",
                "product",
                "goods",
                "quantity",
                "amount",
                "went_to",
            ),
        ),
        Section(_("Against the competitor"), ("competitor", "our_price", "their_price", "lost_reason", "comparison")),
    ),
    filters=("went_to", "competitor", "customer", "ordered_on", "direction"),
    search=("goods", "customer", "competitor"),
    rules=(_names_competitor,),
    views=(
        View("won", _("Came to us"), {"field": "went_to", "op": "in", "value": ["us"]}),
        View("lost", _("Went to competitors"), {"field": "went_to", "op": "in", "value": ["competitor"]}),
    ),
)

SIMILAR = Module(
    model=SimilarProduct,
    icon="bottle",
    data_class=DataClass.C2,
    profile="market",
    columns=("name", "competitor", "specification", "price", "region", "our_product", "observed_on"),
    sections=(
        Section(
            _("Similar product"),
            ("name", "competitor", "specification", "price", "region", "our_product", "observed_on", "remarks"),
        ),
    ),
    filters=("competitor", "region", "our_product"),
    search=("specification", "region", "competitor"),
)

PUBLIC_CONTACT = Module(
    model=PublicContact,
    icon="building-bank",
    data_class=DataClass.C2,
    profile="market",
    personal=("phone",),
    columns=("name", "organisation", "kind", "post", "phone", "region", "owner"),
    sections=(
        Section(
            _("Public relations contact"),
            ("name", "organisation", "kind", "post", "phone", "region", "remarks", "owner"),
        ),
    ),
    filters=("kind", "region"),
    search=("organisation", "phone", "region"),
)
