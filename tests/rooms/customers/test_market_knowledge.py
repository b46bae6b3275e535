"""Class 5 of the archive and the library beside it: peers by tier, their promotions, trends, cases and laws."""

import datetime

import pytest

from guanxi.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from guanxi.records import registry
from guanxi.records.listing import Query, selected
from guanxi.records.standard import create, edit
from guanxi.rooms.customers.queries import timeline
from tests.digest import digest
from tests.rooms.customers.conftest import TODAY


def named(world, username, module, **query):
    """The names of what a list shows a person, in its order."""
    rows = selected(world.ctx(username), registry.module(module), Query(**query))
    return sorted(str(row) for row in rows)


@pytest.mark.clause("ARC-16")
def test_competitors_are_listed_by_tier_with_their_schemes_and_how_they_pay(world, new):
    made = {
        name: new("marketing", "customers.competitor", name=name, tier=tier, commission_method=method)
        for name, tier, method in (
            ("锦江饭店", "same", "按间夜提成 5%"), ("天府大酒店", "above", ""), ("蓉城客栈", "below", ""),
            ("岷江饭店", "same", ""),
        )
    }  # fmt: skip
    assert named(world, "li_wei", "customers.competitor", view="same_tier") == ["岷江饭店", "锦江饭店"]
    above = {"field": "tier", "op": "in", "value": ["above"]}
    assert named(world, "li_wei", "customers.competitor", filters=above) == ["天府大酒店"]
    assert made["锦江饭店"].commission_method == "按间夜提成 5%"
    before = digest()
    with pytest.raises(Invalid):
        create(world.ctx("marketing"), "customers.competitor", name="望江楼", tier="五星")
    assert digest() == before


@pytest.mark.clause("ARC-16")
def test_a_promotion_of_a_competitor_has_its_days_and_its_source(world, new):
    rival = new("marketing", "customers.competitor", name="锦江饭店", tier="same")
    for name, begins, ends in (
        ("国庆套餐", datetime.date(2026, 9, 20), datetime.date(2026, 10, 10)),
        ("年会预订", datetime.date(2026, 11, 1), datetime.date(2026, 11, 21)),  # its last day is today
        ("会员折扣", datetime.date(2026, 1, 1), None),
        ("圣诞套餐", datetime.date(2026, 11, 22), datetime.date(2026, 12, 26)),
    ):
        new(
            "marketing", "customers.competitorpromotion", competitor=rival, name=name, begins_on=begins, ends_on=ends,
            content="住二送一", source="insider",
        )  # fmt: skip
    assert named(world, "li_wei", "customers.competitorpromotion", view="going_on") == ["会员折扣", "年会预订"]
    before = digest()
    with pytest.raises(Invalid) as wrong:  # no source; ends before it begins
        create(
            world.ctx("marketing"), "customers.competitorpromotion", competitor=rival, name="春节套餐",
            begins_on=TODAY, ends_on=TODAY - datetime.timedelta(days=1), content="住二送一",
        )  # fmt: skip
    assert set(wrong.value.errors) == {"ends_on", "source"}
    assert digest() == before


@pytest.mark.clause("ARC-16")
def test_a_trend_is_found_by_its_period_and_referred_to_by_customers(world, new, yuzhong, xihu):
    spring = _trend(new, "婚宴用酒向低度转移", (2026, 3, 1), (2026, 5, 31))
    _trend(new, "高端商务宴请回落", (2026, 7, 1), (2026, 12, 31))
    _trend(new, "次高端价格带下移", (2025, 12, 1), (2026, 1, 31))
    assert named(world, "li_wei", "customers.markettrend", view="this_quarter") == ["高端商务宴请回落"]
    assert len(named(world, "li_wei", "customers.markettrend", view="this_year")) == 3
    in_may = {"all": [
        {"field": "period_from", "op": "until", "value": "2026-05-31"},
        {"field": "period_until", "op": "from", "value": "2026-05-01"},
    ]}  # fmt: skip
    assert named(world, "li_wei", "customers.markettrend", filters=in_may) == ["婚宴用酒向低度转移"]
    for username, customer in (("li_wei", yuzhong), ("zhang_min", xihu)):
        new(username, "customers.trendreference", customer=customer, trend=spring, meaning="可推 38 度产品")
    # Who may not see a customer does not see that it refers to the trend.
    assert [row.customer for row in world.ctx("li_wei").search("customers.trendreference")] == [yuzhong]
    assert world.ctx("sales_manager").search("customers.trendreference").filter(trend=spring).count() == 2
    told = [entry for entry in timeline(world.ctx("li_wei"), [yuzhong]) if entry.module == "customers.trendreference"]
    assert [(entry.title, entry.body, entry.clause) for entry in told] == [
        ("行业动态：婚宴用酒向低度转移", "可推 38 度产品", "ARC-16")
    ]


@pytest.mark.clause("ARC-16")
def test_a_trend_without_date_or_source_is_refused_and_so_is_a_second_reference(world, new, yuzhong):
    trend = _trend(new, "婚宴用酒向低度转移", (2026, 3, 1), (2026, 5, 31))
    new("li_wei", "customers.trendreference", customer=yuzhong, trend=trend)
    before = digest()
    with pytest.raises(Invalid) as wrong:
        create(world.ctx("marketing"), "customers.markettrend", name="传闻", content="无日期无出处", period_from=TODAY,
               period_until=TODAY, noted_on=None)  # fmt: skip
    assert set(wrong.value.errors) == {"noted_on", "source"}
    with pytest.raises(Conflict):
        create(world.ctx("li_wei"), "customers.trendreference", customer=yuzhong, trend=trend)
    with pytest.raises((Invalid, NotAllowed)):  # somebody else's customer
        create(world.ctx("wang_fang"), "customers.trendreference", customer=yuzhong, trend=trend)
    assert digest() == before


def _trend(new, name, begins, ends):
    return new(
        "marketing", "customers.markettrend", name=name, period_from=datetime.date(*begins),
        period_until=datetime.date(*ends), noted_on=datetime.date(*begins), source="website", area=["southwest"],
        content=name,
    )  # fmt: skip


@pytest.mark.clause("ARC-44")
def test_everybody_finds_cases_and_laws_by_topic_and_date(world, new):
    for name, kind, topic, dated, expires in (
        ("某省名酒厂窜货致价格崩盘", "case", "channels", (2024, 6, 30), None),
        ("某经销商赊销过度破产", "case", "credit", (2025, 3, 1), None),
        ("保障中小企业款项支付条例", "law", "credit", (2025, 6, 1), None),
        ("某部门规章（已废止）", "law", "credit", (2019, 1, 1), (2025, 5, 31)),
    ):
        new(
            "archivist", "customers.libraryentry", name=name, kind=kind, topic=topic,
            dated_on=datetime.date(*dated), expires_on=datetime.date(*expires) if expires else None,
            source="公开资料", content="摘要",
        )  # fmt: skip
    on_credit_since_2025 = {"all": [
        {"field": "topic", "op": "in", "value": ["credit"]},
        {"field": "dated_on", "op": "from", "value": "2025-01-01"},
    ]}  # fmt: skip
    for anybody in ("clerk", "storekeeper", "system_admin"):
        found = named(world, anybody, "customers.libraryentry", filters=on_credit_since_2025)
        assert found == ["保障中小企业款项支付条例", "某经销商赊销过度破产"]
    assert len(named(world, "clerk", "customers.libraryentry", view="cases")) == 2
    assert named(world, "clerk", "customers.libraryentry", view="in_force") == ["保障中小企业款项支付条例"]
    assert named(world, "clerk", "customers.libraryentry", text="窜货") == ["某省名酒厂窜货致价格崩盘"]


@pytest.mark.clause("ARC-44")
def test_the_library_is_kept_by_right_and_every_entry_has_topic_date_and_source(world, new):
    entry = new(
        "archivist", "customers.libraryentry", name="某经销商赊销过度破产", kind="case", topic="credit",
        dated_on=TODAY, source="公开报道", content="摘要",
    )  # fmt: skip
    before = digest()
    with pytest.raises(NotAllowed):
        edit(world.ctx("clerk"), "customers.libraryentry", entry, content="改写")
    with pytest.raises(NotAllowed):
        create(world.ctx("li_wei"), "customers.libraryentry", name="传闻", kind="case", topic="credit")
    with pytest.raises(Invalid) as wrong:
        create(world.ctx("archivist"), "customers.libraryentry", name="传闻", kind="case", content="无主题无日期")
    assert set(wrong.value.errors) == {"topic", "dated_on", "source"}
    with pytest.raises(Invalid):
        create(world.ctx("archivist"), "customers.libraryentry", name="传闻", kind="rumour", topic="credit",
               dated_on=TODAY, source="街谈", content="无")  # fmt: skip
    assert digest() == before
    edit(world.ctx("marketing"), "customers.libraryentry", entry, lesson="授信须有限额")
    entry.refresh_from_db()
    assert entry.lesson == "授信须有限额"
    with pytest.raises(NotFound):
        world.ctx("clerk").get("customers.libraryentry", yet_unknown())


def yet_unknown():
    """An id that nothing bears."""
    return "01890000-0000-7000-8000-000000000000"
