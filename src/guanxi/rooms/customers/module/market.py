"""Competitors, their promotions, trends, market flow, similar products and public relations as the engine sees them."""

from __future__ import annotations

import datetime
from functools import partial
from typing import Any

from django.utils.translation import gettext_lazy as _

from guanxi.kernel.chinese.company import company_key
from guanxi.kernel.confidentiality import DataClass
from guanxi.kernel.dates import add_months
from guanxi.kernel.decision import Decision
from guanxi.records.context import Context
from guanxi.records.module import Menu, Module, Related, SameAs, Section, View
from guanxi.rooms.customers.models import (
    Competitor,
    CompetitorPromotion,
    CompetitorStanding,
    MarketFlow,
    MarketTrend,
    PublicContact,
    SimilarProduct,
    TrendReference,
)
from guanxi.rooms.customers.module.periods import ends_after, going_on, touching
from guanxi.rooms.customers.rules import must_name_competitor

COMPETITOR = Module(
    model=Competitor,
    icon="swords",
    data_class=DataClass.C2,
    profile="market",
    columns=("name", "tier", "region", "products", "commission_method", "owner", "changed_at"),
    sections=(
        Section(
            _("Competitor"),
            (
                "name", "tier", "region", "products", "strengths", "weaknesses", "price_policy", "commission_method",
                "remarks",
            ),
        ),
    ),
    filters=("tier", "region"),
    search=("region", "products"),
    same_as=(SameAs("name", _("company name"), key=company_key),),
    menu=Menu("market", 10),
    views=(
        View("same_tier", _("Of our tier"), {"field": "tier", "op": "in", "value": ["same"]}, sort="name"),
        View("above", _("Above us"), {"field": "tier", "op": "in", "value": ["above"]}, sort="name"),
        View("below", _("Below us"), {"field": "tier", "op": "in", "value": ["below"]}, sort="name"),
        View("no_tier", _("Without a tier"), {"field": "tier", "op": "empty"}),
    ),
    related=(
        Related(
            "customers.competitorpromotion", "competitor", columns=("name", "begins_on", "ends_on", "region", "content")
        ),
        Related("customers.similarproduct", "competitor"),
        Related("customers.competitorstanding", "competitor"),
        Related("customers.marketflow", "competitor"),
    ),
)  # fmt: skip


PROMOTION = Module(
    model=CompetitorPromotion,
    icon="discount",
    data_class=DataClass.C2,
    profile="market",
    sort="-begins_on",
    columns=("name", "competitor", "begins_on", "ends_on", "region", "content", "source"),
    sections=(
        Section(
            _("Promotion of a competitor"),
            ("competitor", "name", "begins_on", "ends_on", "region", "source", "content", "owner"),
        ),
    ),
    filters=("competitor", "begins_on", "ends_on", "region", "source"),
    search=("competitor", "region"),
    prepare=ends_after("begins_on", "ends_on"),
    views=(View("going_on", _("Going on now"), going_on("begins_on", "ends_on")),),
)


def _of_quarter(ctx: Context, back: int = 0) -> dict[str, Any]:
    """Trends whose period has a day in this quarter, or in one so many quarters ago."""
    first = add_months(ctx.today.replace(month=(ctx.today.month - 1) // 3 * 3 + 1, day=1), -3 * back)
    return touching("period_from", "period_until", first, add_months(first, 3) - datetime.timedelta(days=1))


def _of_year(ctx: Context) -> dict[str, Any]:
    year = ctx.today.year
    return touching("period_from", "period_until", datetime.date(year, 1, 1), datetime.date(year, 12, 31))


TREND = Module(
    model=MarketTrend,
    icon="trending-up",
    data_class=DataClass.C2,
    profile="market",
    number="QS-{year}-{seq:04}",
    sort="-period_from",
    columns=("name", "area", "period_from", "period_until", "source", "noted_on", "owner"),
    sections=(
        Section(_("Market trend"), ("name", "period_from", "period_until", "area", "source", "reference", "noted_on")),
        Section(_("What is known"), ("content", "file", "owner")),
    ),
    filters=("area", "source", "period_from", "period_until", "noted_on"),
    search=("reference", "content"),
    starts=lambda ctx: {"noted_on": ctx.today},
    prepare=ends_after("period_from", "period_until"),
    related=(Related("customers.trendreference", "trend", columns=("customer", "meaning", "owner")),),
    menu=Menu("market", 20),
    views=(
        View("this_quarter", _("This quarter"), _of_quarter),
        View("last_quarter", _("Last quarter"), partial(_of_quarter, back=1)),
        View("this_year", _("This year"), _of_year),
    ),
)

TREND_REFERENCE = Module(
    model=TrendReference,
    icon="link",
    data_class=DataClass.C2,
    title="meaning",
    scope_through="customer",
    columns=("trend", "customer", "meaning", "owner", "changed_at"),
    sections=(Section(_("Reference to a trend"), ("customer", "trend", "meaning")),),
    filters=("trend", "customer"),
    search=("customer", "trend"),
    without=("merge", "copy"),
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
