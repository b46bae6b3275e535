"""Books, registers and reports over customers."""

import datetime
from decimal import Decimal

import pytest

from guanxi.kernel.errors import Invalid
from guanxi.records.customising import forget
from guanxi.records.models import PicklistValue
from guanxi.records.standard import create
from guanxi.rooms.customers.queries import by_source, incomplete_books
from guanxi.rooms.customers.sources import contact_sources, dealing_sources
from tests.rooms.customers.conftest import TODAY


@pytest.mark.clause("ARC-40")
def test_a_dealing_customer_without_one_of_the_three_books_is_on_the_incomplete_list(world, new, yuzhong, xihu):
    ctx = world.ctx("sales_manager")

    def lacking():
        return [(row.customer.name, row.visits, row.dealings, row.directory) for row in incomplete_books(ctx)]

    assert lacking() == [(yuzhong.name, True, True, True)]  # the hotel in Hangzhou does not deal with us yet
    new("li_wei", "customers.contact", customer=yuzhong, name="秦正华")
    assert lacking() == [(yuzhong.name, True, True, False)]
    new("li_wei", "customers.marketflow", customer=yuzhong, ordered_on="2020-01-01", amount="10", order_number="SO-7")
    assert lacking() == [(yuzhong.name, True, False, False)]
    new("li_wei", "engagement.visitreport", customer=yuzhong, visited_on=TODAY, content="看库存")
    assert lacking() == []
    visits = [entry for source in contact_sources for entry in source.visits(ctx, yuzhong)]
    assert [(entry.at, entry.body) for entry in visits] == [(TODAY, "看库存")]
    dealings = [line for source in dealing_sources for line in source.dealings(ctx, yuzhong)]
    assert [(line.on, line.number, line.amount) for line in dealings] == [
        (datetime.date(2020, 1, 1), "SO-7", Decimal(10))
    ]
    assert incomplete_books(world.ctx("zhang_min")) == []


@pytest.mark.clause("WF-08")
def test_customers_and_won_deals_are_counted_per_source(world, new, yuzhong, xihu):
    new("li_wei", "customers.customer", name="成都锦江烟酒店", source="trade_fair")
    new("li_wei", "customers.marketflow", customer=yuzhong, ordered_on=TODAY, amount="500.50")
    rival = new("li_wei", "customers.competitor", name="川南酒业")
    new(
        "li_wei", "customers.marketflow", customer=yuzhong, ordered_on=TODAY, amount="99", went_to="competitor",
        competitor=rival,
    )  # fmt: skip
    rows = [
        (row["source"], row["customers"], row["orders"], row["amount"]) for row in by_source(world.ctx("sales_manager"))
    ]
    assert rows == [("trade_fair", 2, 1, Decimal("500.50")), ("referral", 1, 0, Decimal(0))]
    with pytest.raises(Invalid):
        create(world.ctx("li_wei"), "customers.customer", name="某店", source="douyin")
    PicklistValue.objects.create(
        picklist="customers.source", value="douyin", label_zh="短视频", created_at=world.now, changed_at=world.now
    )
    forget()
    new("li_wei", "customers.customer", name="某店", source="短视频")
    assert ("douyin", 1, 0, Decimal(0)) in [
        (row["source"], row["customers"], row["orders"], row["amount"]) for row in by_source(world.ctx("sales_manager"))
    ]
