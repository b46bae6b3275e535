"""Whose a company is: its place, the earlier record, the business manager's word (WF-07, WF-14, WF-15)."""

from __future__ import annotations

import pytest
from django.test import Client

from guanxi.kernel.errors import Invalid, NotAllowed, NotFound, Refused
from guanxi.platform.audit.models import AuditEntry
from guanxi.platform.notices.notify import unread
from guanxi.platform.obligations.models import Obligation
from guanxi.records.actions import run
from guanxi.records.standard import EDIT, create
from guanxi.rooms.customers.models import Customer
from guanxi.rooms.intake.actions import DECIDE_OWNER, ENTER_FILE
from guanxi.rooms.intake.models import FileState
from guanxi.rooms.intake.queries import FILE, conflicting, salesperson_of
from guanxi.rooms.intake.rules import leading, place_key
from tests.digest import digest
from tests.rooms.intake.conftest import shanghai

CUSTOMER, TERRITORY = "customers.customer", "intake.territory"


@pytest.fixture
def territory(world):
    """王芳 is responsible for 成都 from October, 李伟 for the rest of 四川."""

    def make(**values):
        given = {"province": "四川省", "city": "", "salesperson": world["li_wei"], "valid_from": "2026-01-01", **values}
        return create(world.ctx("sales_manager"), TERRITORY, **given)

    make()
    make(city="成都市", salesperson=world["wang_fang"], valid_from="2026-10-01")
    return make


@pytest.mark.clause("WF-07")
@pytest.mark.parametrize(
    ("province", "city", "owner"),
    [
        ("四川", "成都", "wang_fang"),
        ("四川省", "成都市", "wang_fang"),
        ("四川", "绵阳", "li_wei"),  # no row of its own: its province's
        ("四川", "", "li_wei"),
        ("云南", "昆明", "sales_manager"),  # no match: the manager
        ("", "", "sales_manager"),
    ],
)
def test_what_marketing_collects_goes_to_the_salesperson_of_the_place(world, collect, territory, province, city, owner):
    file = collect("marketing", province=province, city=city)
    assert (file.owner, file.collected_by) == (world[owner], world["marketing"])
    assert unread(world[owner]).filter(record_id=file.pk).count() == 1
    assert world.ctx("marketing", now=shanghai(10, 24)).get(FILE, file.pk) == file  # who collected it may read it
    with pytest.raises(NotAllowed):  # but it is not his to submit
        run(ENTER_FILE, world.ctx("marketing"), FILE, file)


@pytest.mark.clause("WF-07")
def test_the_rows_are_dated_and_one_place_has_one_salesperson(world, collect, territory):
    assert salesperson_of("四川", "成都", shanghai(9, 30).date()) == world["li_wei"]
    assert salesperson_of("四川", "成都", shanghai(10, 1).date()) == world["wang_fang"]
    before = digest()
    with pytest.raises(Refused) as refusal:
        territory(city="成都", salesperson=world["zhang_min"], valid_from="2026-12-01")
    assert refusal.value.decision.clauses == ("WF-07",)
    with pytest.raises(NotAllowed):  # the manager maintains the table
        create(world.ctx("li_wei"), TERRITORY, province="云南", salesperson=world["li_wei"], valid_from="2026-10-01")
    assert digest() == before


@pytest.mark.clause("WF-13")
def test_what_a_salesperson_collects_is_his_wherever_it_is(world, collect, territory):
    assert collect("zhang_min").owner == world["zhang_min"]


def test_places_are_the_same_with_and_without_their_kind():
    assert place_key("四川省", "成都市") == place_key("四川", "成都") == "四川/成都"
    assert place_key("广西壮族自治区", "") == "广西/"
    assert place_key("重庆市", "重庆市") == "重庆/重庆"


@pytest.fixture
def two(world, collect):
    """王芳 recorded the company at 10:00:00, 李伟 two seconds later."""
    first = collect("wang_fang", at=shanghai(10, 23, 10, 0, 0))
    return first, collect("li_wei", at=shanghai(10, 23, 10, 0, 2), name="成都锦江酒业有限责任公司")


@pytest.mark.clause("WF-14")
def test_both_record_times_are_shown_and_the_earlier_recorder_is_proposed(world, two, client: Client):
    first, second = two
    assert [one.id for one in conflicting(second)] == [first.pk, second.pk]
    assert leading(conflicting(second)).owner == "王芳"
    client.force_login(world["sales_manager"])
    shown = client.get(f"/intake/informationfile/{second.pk}/").content.decode()
    assert "2026-10-23 10:00" in shown and "WF-14" in shown and "王芳" in shown


@pytest.mark.clause("WF-14")
def test_the_later_file_is_not_entered_and_its_record_time_cannot_be_edited(world, two, review):
    first, second = two
    review(second)
    before = digest()
    with pytest.raises(Refused) as refusal:
        run(ENTER_FILE, world.ctx("li_wei"), FILE, second, confirmed=True)
    assert refusal.value.decision.blocking[0].clause == "WF-14"
    for field in ("created_at", "collected_by", "decided_at"):
        with pytest.raises(Invalid):
            run(EDIT, world.ctx("wang_fang"), FILE, first, {field: "2026-10-01 08:00"})
    assert digest() == before
    review(first)
    run(ENTER_FILE, world.ctx("wang_fang"), FILE, first, confirmed=True)
    assert Customer.objects.get().owner == world["wang_fang"]
    with pytest.raises(Refused) as refusal:  # now it is a customer, and that was earlier too
        run(ENTER_FILE, world.ctx("li_wei"), FILE, second, confirmed=True)
    assert "WF-14" in refusal.value.decision.clauses


@pytest.mark.clause("WF-14")
def test_of_two_at_the_same_moment_the_lower_number_was_first(world, collect):
    first, second = collect("wang_fang"), collect("li_wei")
    assert first.created_at == second.created_at and first.number < second.number
    assert leading(conflicting(first)).id == leading(conflicting(second)).id == first.pk


@pytest.mark.clause("WF-15")
def test_the_business_manager_decides_against_the_order_with_a_reason_that_is_kept(world, two, review):
    first, second = two
    review(first)
    review(second)
    reason = "李伟已与该公司洽谈半年"
    run(DECIDE_OWNER, world.ctx("sales_manager").because(reason), FILE, second, {"owner": world["li_wei"]})
    second.refresh_from_db()
    assert (second.decided_by, second.decision) == (world["sales_manager"], reason)
    entry = AuditEntry.objects.get(module=FILE, record_id=second.pk, action="decide_owner")
    assert (entry.reason, entry.actor) == (reason, world["sales_manager"])
    with pytest.raises(Refused) as refusal:
        run(ENTER_FILE, world.ctx("wang_fang"), FILE, first, confirmed=True)
    assert "WF-15" in refusal.value.decision.clauses
    run(ENTER_FILE, world.ctx("li_wei"), FILE, second, confirmed=True)
    assert Customer.objects.get().owner == world["li_wei"]


@pytest.mark.clause("WF-15")
def test_nobody_else_decides_and_not_without_a_reason(world, two):
    _first, second = two
    before = digest()
    for username in ("li_wei", "wang_fang", "marketing", "archivist", "general_manager"):
        with pytest.raises((NotAllowed, NotFound)):
            run(DECIDE_OWNER, world.ctx(username).because("我要"), FILE, second, {"owner": world["li_wei"]})
    with pytest.raises(Invalid):
        run(DECIDE_OWNER, world.ctx("sales_manager"), FILE, second, {"owner": world["li_wei"]})
    with pytest.raises(Refused) as refusal:  # somebody who looks after no customers
        run(DECIDE_OWNER, world.ctx("sales_manager").because("试"), FILE, second, {"owner": world["clerk"]})
    assert refusal.value.decision.clauses == ("WF-15",)
    assert digest() == before


@pytest.mark.clause("WF-15")
def test_of_a_company_that_is_a_customer_already_the_decision_moves_the_customer(world, collect):
    known = create(
        world.ctx("wang_fang"), CUSTOMER, confirmed=True, name="成都锦江酒业有限公司", owner=world["wang_fang"]
    )
    file = collect("li_wei", at=shanghai(11, 20))
    run(DECIDE_OWNER, world.ctx("sales_manager").because("王芳已转岗"), FILE, file, {"owner": world["li_wei"]})
    known.refresh_from_db()
    file.refresh_from_db()
    assert (known.owner, file.state, file.customer) == (world["li_wei"], FileState.CLOSED, known)
    assert Obligation.objects.get(duty="intake.enter_file").state == "dropped"
    assert Customer.objects.count() == 1
