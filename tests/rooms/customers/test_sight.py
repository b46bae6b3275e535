"""Who sees which customer, by every way there is below the pages."""

import pytest

from guanxi.kernel.errors import NotAllowed, NotFound
from guanxi.records import links, registry, search
from guanxi.records.listing import Query, page
from guanxi.records.standard import edit
from guanxi.rooms.customers.queries import by_source, incomplete_books, sales_ranking, won_and_lost
from tests.rooms.customers.conftest import TODAY

BELOW = {
    "customers.contact": {"name": "秦正华"},
    "customers.need": {"content": "小瓶装", "collected_on": TODAY},
    "customers.marketflow": {"ordered_on": TODAY, "amount": "88"},
    "engagement.followup": {"happened_at": "2026-11-20 10:00", "content": "电话"},
    "engagement.visitreport": {"visited_on": TODAY, "content": "走访"},
}


def listed(ctx, module):
    return {row.pk for row in page(ctx, registry.module(module), Query()).rows}


@pytest.mark.clause("SEC-01")
def test_an_account_manager_sees_own_customers_and_nothing_of_others(world, new, yuzhong, xihu):
    records = {key: new("li_wei", key, customer=yuzhong, **values) for key, values in BELOW.items()}
    mine, other = world.ctx("li_wei"), world.ctx("zhang_min")
    assert listed(mine, "customers.customer") == {yuzhong.pk} and listed(other, "customers.customer") == {xihu.pk}
    assert mine.get("customers.customer", yuzhong.pk) == yuzhong
    with pytest.raises(NotFound):
        other.get("customers.customer", yuzhong.pk)
    with pytest.raises((NotFound, NotAllowed)):
        edit(other, "customers.customer", yuzhong, city="杭州")
    for key, record in records.items():
        assert listed(mine, key) == {record.pk} and listed(other, key) == set()
        with pytest.raises(NotFound):
            other.get(key, record.pk)
    picker = registry.entry("customers.contact").field("customer")
    assert set(links.candidates(mine, picker)) == {yuzhong} and set(links.candidates(other, picker)) == {xihu}
    module = registry.module("customers.customer")
    for text in ("渝中", "yz", yuzhong.number):
        assert not search.matching(other, other.search(module), module, text).exists()
        assert search.matching(mine, mine.search(module), module, text).exists()
    new("li_wei", "customers.customer", name="涪陵榨菜批发部", status="dealing")
    for report in (won_and_lost, incomplete_books, sales_ranking):
        assert len(report(mine)) == 1 and report(other) == []
    assert [row["source"] for row in by_source(other)] == ["referral"]
    assert {row.pk for row in page(other, module, Query(text="酒店")).rows} == {xihu.pk}


@pytest.mark.clause("SEC-01")
def test_a_change_of_owner_takes_the_sight_along(world, new, yuzhong):
    contact = new("li_wei", "customers.contact", customer=yuzhong, name="秦正华")
    edit(world.ctx("sales_manager"), "customers.customer", yuzhong, owner="王芳")
    assert world.ctx("wang_fang").get("customers.contact", contact.pk) == contact
    for gone in ("customers.customer", "customers.contact"):
        assert listed(world.ctx("li_wei"), gone) == set()


@pytest.mark.clause("SEC-02")
def test_the_heads_see_every_customer_and_other_roles_none(world, new, yuzhong, xihu):
    for head in ("sales_manager", "general_manager"):
        assert listed(world.ctx(head), "customers.customer") == {yuzhong.pk, xihu.pk}
        assert world.ctx(head).get("customers.customer", yuzhong.pk) == yuzhong
    for person in ("storekeeper", "clerk", "system_admin", "security_admin", "audit_admin"):
        assert not world.ctx(person).search("customers.customer").exists()
        with pytest.raises(NotFound):
            world.ctx(person).get("customers.customer", yuzhong.pk)
