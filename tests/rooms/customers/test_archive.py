"""The customer's archive: one account, its blocks, their completeness, who changed what when."""

import datetime

import pytest

from guanxi.kernel.errors import Invalid, NotFound, Refused
from guanxi.records import history, registry
from guanxi.records.listing import Query, selected
from guanxi.records.standard import create, edit
from guanxi.rooms.customers.models import BLOCKS, Contact, Customer
from guanxi.rooms.customers.queries import (
    block_states,
    completeness,
    key_accounts_without_policy_note,
    length_of_dealings,
    timeline,
)
from tests.rooms.customers.conftest import TODAY


@pytest.mark.clause("ARC-01")
def test_every_department_adds_to_the_one_account(world, new, yuzhong):
    new(
        "li_wei",
        "customers.intelligencenote",
        customer=yuzhong,
        noted_on=TODAY,
        source="sales_staff",
        content="准备扩仓",
    )
    new("service", "customers.opinion", customer_name="渝中糖酒", kind="praise", expressed_on=TODAY, content="送货及时")
    new(
        "finance", "customers.contribution", customer_name=yuzhong.number, kind="missing_data", collected_on=TODAY,
        source="internal_news", content="开户银行改为重庆银行",
    )  # fmt: skip
    for reader in ("li_wei", "sales_manager", "general_manager"):
        ctx = world.ctx(reader)
        customer = ctx.get("customers.customer", yuzhong.pk)
        assert customer.number == "KH-2026-00001"
        shown = {entry.body for entry in timeline(ctx, [customer])}
        assert {"准备扩仓", "送货及时", "开户银行改为重庆银行"} <= shown
    with pytest.raises(NotFound):  # finance contributed, yet the archive stays closed to it
        world.ctx("finance").get("customers.customer", yuzhong.pk)


@pytest.mark.clause("ARC-01")
def test_a_second_account_of_the_same_customer_warns(world, yuzhong):
    with pytest.raises(Refused) as refused:
        create(world.ctx("wang_fang"), "customers.customer", name="重庆渝中糖酒公司")
    assert refused.value.decision.warnings and Customer.objects.count() == 1
    create(world.ctx("wang_fang"), "customers.customer", name="重庆渝中糖酒公司", confirmed=True)
    assert list(Customer.objects.order_by("number").values_list("number", flat=True)) == [
        "KH-2026-00001",
        "KH-2026-00002",
    ]


@pytest.mark.clause("ARC-02")
def test_basic_data_is_stored_and_the_length_of_dealings_computed(world):
    customer = create(
        world.ctx("li_wei"), "customers.customer", name="贵阳南明名酒行", address="贵阳市南明区中华南路 18 号",
        phone="0851-85801234", operating_manager="罗建", legal_representative="罗永强", first_dealing_on="2020-07-15",
        goods_consumed="白酒，葡萄酒",
    )  # fmt: skip
    customer.refresh_from_db()
    assert (customer.operating_manager, customer.legal_representative) == ("罗建", "罗永强")
    assert customer.goods_consumed == ("白酒", "葡萄酒")
    assert registry.entry("customers.customer").field("phone").text(customer) == "0851-85801234"
    assert length_of_dealings(customer, TODAY) == (6, 4)
    assert length_of_dealings(customer, datetime.date(2020, 7, 14)) is None
    with pytest.raises(Invalid) as refused:
        create(world.ctx("li_wei"), "customers.customer", address="贵阳市云岩区")
    assert list(refused.value.errors) == ["name"] and Customer.objects.count() == 1


@pytest.mark.clause("ARC-03")
def test_key_people_carry_a_personal_profile_and_others_need_none(world, yuzhong):
    profile = {
        "personality": "爽快，重承诺", "interests": "书法", "hobbies": "钓鱼", "family": "女儿在成都读大学",
        "education": "本科",
        "age": "52", "ability": "善于谈判", "career": "曾任国营糖酒公司科长",
    }  # fmt: skip
    ctx = world.ctx("li_wei")
    manager = create(ctx, "customers.contact", customer=yuzhong, name="秦正华", roles=["manager"], **profile)
    clerk = create(ctx, "customers.contact", customer=yuzhong, name="小刘", roles=["warehouse"])
    manager.refresh_from_db()
    assert (manager.age, manager.personality, manager.hobbies) == (52, "爽快，重承诺", "钓鱼")
    assert clerk.personality == "" and clerk.age is None
    with pytest.raises(Invalid) as refused:
        edit(ctx, "customers.contact", manager, age="五十二")
    assert list(refused.value.errors) == ["age"]


@pytest.mark.clause("ARC-06")
def test_characteristics_are_filtered_and_key_accounts_without_policy_note_listed(world, new, yuzhong, xihu):
    manager = world.ctx("sales_manager")
    edit(
        manager, "customers.customer", yuzhong, market_area=["southwest", "central"], business_scope="名优白酒批发",
        sales_capability="下游 180 家", growth_potential="年增两成", business_philosophy="先款后货",
        business_methods="分区包干",
        business_policies="不串货", characteristics="重信誉", key_account=True,
    )  # fmt: skip
    module = registry.module("customers.customer")

    def found(condition):
        return set(selected(manager, module, Query(filters=condition)).values_list("name", flat=True))

    assert found({"field": "market_area", "op": "in", "value": ["central"]}) == {yuzhong.name}
    assert found({"field": "market_area", "op": "in", "value": ["east"]}) == set()
    assert found({"field": "business_scope", "op": "contains", "value": "白酒"}) == {yuzhong.name}
    assert [row.pk for row in key_accounts_without_policy_note(manager)] == [yuzhong.pk]
    note = new(
        "li_wei", "customers.policynote", customer=yuzhong, noted_on=TODAY, area="重庆", content="酒类流通备案放宽"
    )
    assert list(key_accounts_without_policy_note(manager)) == []
    note.deleted_at = world.now
    note.save()
    assert [row.pk for row in key_accounts_without_policy_note(manager)] == [yuzhong.pk]


@pytest.mark.clause("ARC-08")
def test_each_item_of_the_transaction_status_knows_its_last_change_and_old_values_stay(world, yuzhong):
    day = datetime.timedelta(days=1)
    edit(world.ctx("li_wei"), "customers.customer", yuzhong, credit_standing="良好", outlook="春节加单两成")
    edit(world.ctx("sales_manager", now=world.now + day), "customers.customer", yuzhong, credit_standing="两次拖延付款")
    known = registry.entry("customers.customer")
    last = history.last_changes(known, yuzhong, ("credit_standing", "outlook", "reputation", "phone"))
    assert (last["credit_standing"].actor, last["credit_standing"].at) == ("陈慧敏", world.now + day)
    assert (last["outlook"].actor, last["outlook"].at) == ("李伟", world.now)
    assert last["phone"].actor == "李伟" and "reputation" not in last
    past = history.of(world.ctx("li_wei"), known, yuzhong)
    assert [(change.old, change.new) for change in past[0].changes] == [("良好", "两次拖延付款")]


@pytest.mark.clause("ARC-09")
def test_completeness_is_the_mean_over_the_blocks(world, yuzhong):
    """Of basic data's 8 fields the customer has phone and source: 25 %; of 11 blocks that makes 25 // 11 = 2 %."""
    states = {state.key: state for state in block_states(yuzhong)}
    assert (states["basic"].filled, states["basic"].total, states["basic"].percent) == (2, 8, 25)
    assert "legal_representative" in states["basic"].missing and "phone" not in states["basic"].missing
    assert completeness(yuzhong) == 2
    full = edit(
        world.ctx("li_wei"), "customers.customer", yuzhong, product_structure="高端三成", market_competition="三家",
        competitiveness="强",
    )  # fmt: skip
    assert completeness(full) == (25 + 100 + 100) // 11
    everything = {name: "有" for _key, _label, names in BLOCKS for name in names}
    everything |= {
        "phone": "023-63801188", "first_dealing_on": "2020-01-01", "credit_code": yuzhong.credit_code,
        "source": "internet",
        "market_area": "southwest", "economic_nature": "private",
    }  # fmt: skip
    del everything["credit_code"]
    whole = edit(world.ctx("li_wei"), "customers.customer", yuzhong, **everything)
    assert completeness(whole) == (7 * 100 // 8 + 10 * 100) // 11  # only the credit code is missing: (87 + 1000) // 11
    assert completeness(Customer(name="无")) == 0


@pytest.mark.clause("ARC-10")
def test_needs_of_different_occasions_stand_side_by_side_with_collector_and_date(world, new, yuzhong):
    new(
        "li_wei",
        "customers.need",
        customer=yuzhong,
        occasion="quick_service",
        content="小瓶装",
        collected_on="2026-11-02",
    )
    new("wang_fang", "customers.contribution", customer_name="渝中糖酒", collected_on=TODAY, content="宴请用 52 度")
    new("li_wei", "customers.need", customer=yuzhong, occasion="entertaining", content="52 度礼盒", collected_on=TODAY)
    needs = list(world.ctx("li_wei").search("customers.need").filter(customer=yuzhong).order_by("collected_on"))
    assert [(need.occasion, need.content, need.owner.name) for need in needs] == [
        ("quick_service", "小瓶装", "李伟"),
        ("entertaining", "52 度礼盒", "李伟"),
    ]
    assert needs[0].collected_on == datetime.date(2026, 11, 2)
    with pytest.raises(Invalid) as refused:
        create(world.ctx("li_wei"), "customers.need", customer=yuzhong, content="无日期")
    assert list(refused.value.errors) == ["collected_on"]


@pytest.mark.clause("WF-13")
def test_who_collects_a_customer_owns_it(world):
    customer = create(world.ctx("wang_fang"), "customers.customer", name="昆明五华酒水商行")
    assert customer.owner == world["wang_fang"] and customer.collected_on == TODAY
    assert customer.department == world.departments["southwest"]
    given = create(world.ctx("sales_manager"), "customers.customer", name="昆明官渡酒业", owner="李伟")
    assert given.owner == world["li_wei"]
    with pytest.raises(Invalid) as refused:
        create(world.ctx("wang_fang"), "customers.customer", name="昆明盘龙酒业", owner="无此人")
    assert list(refused.value.errors) == ["owner"]


def test_the_credit_code_is_checked_by_its_last_character(world):
    ctx = world.ctx("li_wei")
    good = create(ctx, "customers.customer", name="四川川兴酒业", credit_code="91510100MA6C8XYW1F")
    assert good.credit_code == "91510100MA6C8XYW1F"
    with pytest.raises(Invalid) as refused:
        create(ctx, "customers.customer", name="四川蜀兴酒业", credit_code="91510100MA6C8XYW17")
    assert list(refused.value.errors) == ["credit_code"] and Customer.objects.count() == 1


def test_deleting_a_customer_takes_its_contacts_along_and_restoring_brings_them_back(world, yuzhong):
    from guanxi.records.actions import run
    from guanxi.records.standard import DELETE, RESTORE

    ctx = world.ctx("li_wei")
    contact = create(ctx, "customers.contact", customer=yuzhong, name="秦正华")
    run(DELETE, ctx, "customers.customer", yuzhong)
    assert not ctx.search("customers.contact").exists()
    run(RESTORE, ctx.at(world.now + datetime.timedelta(days=1)), "customers.customer", yuzhong)
    assert Contact.objects.get(pk=contact.pk).deleted_at is None
