"""The market around a customer: where orders went, competitors, relations, registers, downstream networks, groups."""

from decimal import Decimal

import pytest

from guanxi.kernel.errors import Conflict, Invalid, Refused
from guanxi.records import registry
from guanxi.records.actions import run
from guanxi.records.listing import Query, selected
from guanxi.records.standard import create, edit
from guanxi.rooms.customers.actions import TURN_INTO_ACCOUNT
from guanxi.rooms.customers.models import Customer, DownstreamCustomer, MarketFlow
from guanxi.rooms.customers.models.market import Direction, WentTo
from guanxi.rooms.customers.queries import ancestors, group_of, sales_ranking, timeline, won_and_lost
from guanxi.rooms.customers.rules import must_name_competitor
from tests.rooms.customers.conftest import TODAY


def test_an_order_names_the_competitor_it_went_to_and_no_other():
    assert must_name_competitor("competitor", True).allowed and must_name_competitor("us", False).allowed
    for went_to, named in (("competitor", False), ("us", True)):
        decision = must_name_competitor(went_to, named)
        assert not decision.allowed and [reason.clause for reason in decision.reasons] == ["ARC-07"]


@pytest.mark.clause("ARC-07")
def test_the_market_flow_is_recorded_to_the_single_order(world, new, yuzhong):
    rival = new("li_wei", "customers.competitor", name="川南酒业")
    with pytest.raises(Refused):
        create(
            world.ctx("li_wei"),
            "customers.marketflow",
            customer=yuzhong,
            ordered_on=TODAY,
            went_to="competitor",
            amount="500",
        )
    assert MarketFlow.objects.count() == 0
    for amount, rest in (
        ("120000.50", {}),
        ("80000", {}),
        (
            "45000",
            {
                "went_to": "competitor",
                "competitor": rival,
                "our_price": "268",
                "their_price": "239",
                "lost_reason": "price",
            },
        ),
    ):
        new(
            "li_wei",
            "customers.marketflow",
            customer=yuzhong,
            ordered_on=TODAY,
            goods="52度 500ml",
            amount=amount,
            **rest,
        )
    lost = MarketFlow.objects.get(went_to=WentTo.COMPETITOR)
    assert (lost.competitor, lost.our_price, lost.their_price) == (rival, Decimal(268), Decimal(239))
    result = {(row.customer, row.competitor): row for row in won_and_lost(world.ctx("sales_manager"))}
    ours, theirs = result[yuzhong.name, ""], result[yuzhong.name, "川南酒业"]
    assert (ours.won, ours.lost, ours.won_amount) == (2, 0, Decimal("200000.50"))
    assert (theirs.won, theirs.lost, theirs.lost_amount) == (0, 1, Decimal(45000))
    assert won_and_lost(world.ctx("zhang_min")) == []


@pytest.mark.clause("ARC-39")
def test_five_market_archives_are_kept_and_listed_each_on_its_own(world, new, yuzhong, xihu):
    manager = world.ctx("sales_manager")
    module = registry.module("customers.customer")
    new("sales_manager", "customers.customer", name="成都锦江烟酒店", market_role="retailer")
    for role, expected in (("dealer", yuzhong.name), ("consumer", xihu.name), ("retailer", "成都锦江烟酒店")):
        rows = selected(manager, module, Query(filters={"field": "market_role", "op": "in", "value": [role]}))
        assert [row.name for row in rows] == [expected]
    with pytest.raises(Invalid):
        edit(manager, "customers.customer", yuzhong, market_role="wholesaler of dreams")
    new("li_wei", "customers.similarproduct", name="川南特曲 52 度", price="238", region="重庆")
    new("li_wei", "customers.publiccontact", name="许文", organisation="渝中区市场监督管理局", kind="supervision")
    assert [str(row) for row in manager.search("customers.similarproduct")] == ["川南特曲 52 度"]
    assert [str(row) for row in manager.search("customers.publiccontact")] == ["许文"]
    assert not world.ctx("system_admin").search("customers.publiccontact").exists()


@pytest.mark.clause("ARC-41")
def test_an_account_holds_several_relations_and_lists_can_be_limited_to_one(world, new):
    manager, module = world.ctx("sales_manager"), registry.module("customers.customer")
    relations = [value for value, _label in registry.entry(module).field("relations").choices]
    assert len(relations) == 11
    for number, relation in enumerate(relations):
        new(
            "sales_manager",
            "customers.customer",
            name=f"往来单位{number}号",
            relations=[relation],
            phone=f"138{number:08}",
        )
    both = new("sales_manager", "customers.customer", name="泸州老窖坊包装厂", relations=["buyer", "supplier"])
    for relation, expected in (("supplier", 2), ("buyer", 2), ("media", 1)):
        rows = selected(manager, module, Query(filters={"field": "relations", "op": "in", "value": [relation]}))
        assert rows.count() == expected and all(relation in row.relations for row in rows)
    edit(manager, "customers.customer", both, closeness="client")
    with pytest.raises(Invalid):
        create(manager, "customers.customer", name="某单位", relations=["friend"])


@pytest.mark.clause("ARC-41")
def test_internal_relations_stay_out_of_the_sales_ranking(world, new, yuzhong):
    employee = new("sales_manager", "customers.customer", name="何小雨", kind="person", relations=["buyer", "employee"])
    for customer, amount in ((yuzhong, "1000"), (employee, "9000")):
        new("sales_manager", "customers.marketflow", customer=customer, ordered_on=TODAY, amount=amount)
    employee.refresh_from_db()
    assert employee.sales_12m == Decimal(9000)
    assert [row.name for row in sales_ranking(world.ctx("sales_manager"))] == [yuzhong.name]
    edit(world.ctx("sales_manager"), "customers.customer", employee, relations=["buyer"])
    assert [row.name for row in sales_ranking(world.ctx("sales_manager"))] == ["何小雨", yuzhong.name]


@pytest.mark.clause("ARC-41")
def test_sales_and_purchases_stand_under_one_number(world, new, yuzhong):
    vendor = new("sales_manager", "catalog.vendor", name="重庆渝中糖酒有限公司")
    edit(world.ctx("sales_manager"), "customers.customer", yuzhong, vendor=vendor, relations=["buyer", "supplier"])
    new("sales_manager", "customers.marketflow", customer=yuzhong, ordered_on=TODAY, amount="500", order_number="SO-1")
    new(
        "sales_manager", "customers.marketflow", customer=yuzhong, ordered_on=TODAY, amount="300", order_number="PO-1",
        direction="purchase",
    )  # fmt: skip
    from guanxi.rooms.customers.sources import dealing_sources

    ctx = world.ctx("sales_manager")
    customer = Customer.objects.get(number=yuzhong.number)
    lines = [line for source in dealing_sources for line in source.dealings(ctx, customer)]
    assert {(line.number, line.amount) for line in lines} == {("SO-1", Decimal(500)), ("PO-1", Decimal(300))}
    assert customer.vendor == vendor and customer.sales_12m == Decimal(500)  # what we bought is no sale
    assert MarketFlow.objects.filter(direction=Direction.PURCHASE).count() == 1


@pytest.mark.clause("ARC-42")
def test_a_downstream_customer_becomes_an_account_and_the_link_stays(world, new, yuzhong):
    for name in ("南坪好又多超市", "解放碑老字号酒庄"):
        new("li_wei", "customers.downstreamcustomer", customer=yuzhong, name=name, city="重庆", contact="赵姐")
    ctx = world.ctx("li_wei")
    assert ctx.search("customers.downstreamcustomer").filter(customer=yuzhong).count() == 2
    shop = DownstreamCustomer.objects.get(name="南坪好又多超市")
    run(TURN_INTO_ACCOUNT, ctx, "customers.downstreamcustomer", shop)
    shop.refresh_from_db()
    assert shop.account.name == "南坪好又多超市" and shop.account.owner == world["li_wei"]
    assert shop.customer == yuzhong and shop.account.number.startswith("KH-2026-")
    with pytest.raises(Conflict):
        run(TURN_INTO_ACCOUNT, ctx, "customers.downstreamcustomer", shop)
    assert Customer.objects.filter(name="南坪好又多超市").count() == 1


@pytest.mark.clause("ARC-43")
def test_branches_are_kept_each_for_itself_and_rolled_up_on_the_head_office(world, new, yuzhong):
    branch = new("li_wei", "customers.customer", name="渝中糖酒万州分公司", parent=yuzhong, institution="branch")
    store = new("li_wei", "customers.customer", name="渝中糖酒万达店", parent=branch, institution="store")
    foreign = new("zhang_min", "customers.customer", name="渝中糖酒杭州办", owner="张敏")
    edit(world.ctx("sales_manager"), "customers.customer", foreign, parent=yuzhong)
    new("li_wei", "customers.contact", customer=store, name="店长小何")
    new("li_wei", "engagement.followup", customer=store, happened_at=world.now, content="门店动销良好")
    ctx = world.ctx("li_wei")
    members = group_of(ctx, yuzhong)
    assert [(depth, row.name) for depth, row in members] == [(1, branch.name), (2, store.name)]  # 杭州办 is 张敏's
    everything = timeline(ctx, [yuzhong, *(row for _depth, row in members)])
    assert [(entry.body, entry.customer_id) for entry in everything if entry.module == "engagement.followup"] == [
        ("门店动销良好", store.pk)
    ]
    assert all(entry.module != "engagement.followup" for entry in timeline(ctx, [yuzhong]))
    assert [row.name for row in ancestors(store)] == [branch.name, yuzhong.name]
    assert store.contacts.count() == 1 and yuzhong.contacts.count() == 0


@pytest.mark.clause("ARC-43")
def test_no_institution_belongs_to_itself(world, new, yuzhong):
    branch = new("li_wei", "customers.customer", name="渝中糖酒万州分公司", parent=yuzhong)
    store = new("li_wei", "customers.customer", name="渝中糖酒万达店", parent=branch)
    for parent in (yuzhong, branch, store):
        with pytest.raises(Refused) as refused:
            edit(world.ctx("li_wei"), "customers.customer", yuzhong, parent=parent)
        assert refused.value.decision.reasons[0].clause == "ARC-43"
    yuzhong.refresh_from_db()
    assert yuzhong.parent is None
