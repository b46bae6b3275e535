"""The public pool: given up, taken back after a warning, claimed by exactly one (SAL-14, ADR 0068)."""

from __future__ import annotations

import datetime
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection

from guanxi.kernel.errors import Conflict, NotAllowed, NotFound, Problem, Refused
from guanxi.platform.calendar import CHINA
from guanxi.platform.notices.models import Notice
from guanxi.platform.obligations.models import Obligation
from guanxi.records.actions import run, run_many
from guanxi.records.standard import ASSIGN, create, edit
from guanxi.records.work import Item
from guanxi.rooms.customers.actions import (
    ASSIGN_FROM_POOL,
    CLAIM,
    RECYCLE_CUSTOMER,
    RETURN_TO_POOL,
    note_kept,
    settle_pool,
)
from guanxi.rooms.customers.models import Customer, PoolEntry
from guanxi.rooms.customers.pages.pool import leaving
from guanxi.rooms.customers.queries.pool import leaves_after
from guanxi.rooms.customers.rules import goes_on, may_be_claimed_by, may_claim_another
from tests.digest import digest
from tests.people import World, build_world

CUSTOMER, POOL = "customers.customer", "customers.poolentry"


def day(month: int, number: int, year: int = 2026) -> datetime.date:
    return datetime.date(year, month, number)


def night(of: datetime.date) -> datetime.datetime:
    return datetime.datetime.combine(of, datetime.time(4, 10), CHINA)


@pytest.fixture
def customer(world: World) -> Any:
    return create(
        world.ctx("zhang_min"), CUSTOMER, name="杭州西湖酒业有限公司", city="杭州", province="浙江", demand_level="A",
        phone="0571-87651200",
    )  # fmt: skip


def give_up(world: World, customer: Any, by: str = "zhang_min", **more: Any) -> PoolEntry:
    run(RETURN_TO_POOL, world.ctx(by, **more).because("客户已无采购计划"), CUSTOMER, customer)
    return PoolEntry.objects.get(customer=customer, state="free")


# ---- Rules -----------------------------------------------------------------------------------------------------------


@pytest.mark.clause("SAL-14")
@pytest.mark.parametrize(
    ("since", "days", "warned", "expected"),
    [
        (day(9, 1), 60, day(10, 17), day(10, 31)),  # 60 days after 1 September
        (day(3, 1), 60, day(10, 17), day(10, 31)),  # silent for long: 14 days after the warning all the same
        (day(10, 10), 60, day(10, 17), day(12, 9)),
        (day(3, 1), 0, day(10, 17), None),
    ],
)
def test_last_day_to_keep_a_customer(
    since: datetime.date, days: int, warned: datetime.date, expected: datetime.date | None
) -> None:
    assert goes_on(since, days, warned, 14) == expected


@pytest.mark.clause("SAL-14")
def test_rest_and_caps() -> None:
    assert may_be_claimed_by(None, day(11, 1), 30).allowed
    assert not may_be_claimed_by(day(10, 3), day(11, 1), 30).allowed  # 30 days end on 2 November
    assert may_be_claimed_by(day(10, 3), day(11, 2), 30).allowed
    assert may_claim_another(199, 200, 9, 10).allowed
    assert not may_claim_another(200, 200, 0, 10).allowed
    assert not may_claim_another(0, 200, 10, 10).allowed


# ---- In and out ------------------------------------------------------------------------------------------------------


@pytest.mark.clause("SAL-14")
def test_who_looks_after_a_customer_returns_it_and_another_claims_it(world: World, customer: Any) -> None:
    entry = give_up(world, customer)
    customer.refresh_from_db()
    assert (customer.owner, customer.department) == (None, None)
    assert (entry.name, entry.city, entry.demand_level, entry.lost_by, entry.cause, entry.reason) == (
        "杭州西湖酒业有限公司", "杭州", "A", world["zhang_min"], "returned", "客户已无采购计划",
    )  # fmt: skip
    # In the pool its name and place are for everybody in sales; its telephone is for nobody of them.
    ctx = world.ctx("li_wei")
    assert ctx.get(POOL, entry.pk).name == customer.name
    with pytest.raises(NotFound):
        ctx.get(CUSTOMER, customer.pk)
    run(CLAIM, ctx, POOL, entry)
    assert ctx.get(CUSTOMER, customer.pk).owner == world["li_wei"]
    entry.refresh_from_db()
    assert (entry.state, entry.owner, entry.taken_on) == ("claimed", world["li_wei"], ctx.today)
    with pytest.raises(Conflict):
        run(CLAIM, world.ctx("sales_manager"), POOL, entry)


@pytest.mark.clause("SAL-14")
def test_who_gave_it_up_does_not_claim_it_again_at_once(world: World, customer: Any) -> None:
    entry = give_up(world, customer)
    before = digest()
    with pytest.raises(Refused) as refused:
        run(CLAIM, world.ctx("zhang_min"), POOL, entry)
    assert refused.value.decision.reasons[0].clause == "SAL-14"
    assert digest() == before
    run(CLAIM, world.ctx("zhang_min", now=world.now + datetime.timedelta(days=30)), POOL, entry)
    assert Customer.objects.get(pk=customer.pk).owner == world["zhang_min"]


@pytest.mark.clause("SAL-14")
def test_the_manager_assigns_and_takes_back(world: World, customer: Any) -> None:
    with pytest.raises(NotAllowed):
        run(RECYCLE_CUSTOMER, world.ctx("zhang_min").because("x"), CUSTOMER, customer)
    run(RECYCLE_CUSTOMER, world.ctx("sales_manager").because("久未跟进"), CUSTOMER, customer)
    assert Notice.objects.filter(person=world["zhang_min"], title="杭州西湖酒业有限公司已进入公海").exists()
    entry = PoolEntry.objects.get(customer=customer)
    with pytest.raises(NotAllowed):
        run(ASSIGN_FROM_POOL, world.ctx("li_wei"), POOL, entry, {"owner": world["li_wei"]})
    with pytest.raises(Refused):  # the clerk looks after nobody
        run(ASSIGN_FROM_POOL, world.ctx("sales_manager"), POOL, entry, {"owner": world["clerk"]})
    # Neither rest nor caps bind the manager.
    run(ASSIGN_FROM_POOL, world.ctx("sales_manager"), POOL, entry, {"owner": world["zhang_min"]})
    entry.refresh_from_db()
    assert (entry.state, entry.owner) == ("assigned", world["zhang_min"])


@pytest.mark.clause("SAL-14")
def test_given_to_somebody_from_its_page_a_customer_leaves_the_pool(world: World, customer: Any) -> None:
    entry = give_up(world, customer)
    run(ASSIGN, world.ctx("sales_manager"), CUSTOMER, customer.pk, {"owner": world["li_wei"]})
    entry.refresh_from_db()
    assert (entry.state, entry.owner) == ("assigned", world["li_wei"])


@pytest.mark.clause("SAL-14")
def test_no_more_than_so_many_a_day(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    entries = []
    for number in range(3):
        one = create(world.ctx("zhang_min"), CUSTOMER, name=f"公海测试{number}号有限公司", confirmed=True)
        entries.append(give_up(world, one))
    monkeypatch.setattr(
        "guanxi.rooms.customers.actions.pool.value_of", lambda parameter, on: {"customers.pool_claims_a_day": 2}.get(
            parameter.name, parameter.default)
    )  # fmt: skip
    works = run_many(CLAIM, world.ctx("li_wei"), POOL, [Item(entry) for entry in entries], keep_good=True)
    assert [work.problem is None for work in works].count(True) == 2
    assert Customer.objects.filter(owner=world["li_wei"], name__startswith="公海测试").count() == 2


@pytest.mark.clause("SAL-14")
@pytest.mark.django_db(transaction=True)
def test_of_eight_who_claim_at_once_exactly_one_has_it() -> None:
    world = build_world()
    customer = create(world.ctx("zhang_min"), CUSTOMER, name="杭州西湖酒业有限公司")
    entry = give_up(world, customer)

    def claim(number: int) -> bool:
        try:
            run(CLAIM, world.ctx(("li_wei", "sales_manager")[number % 2]), POOL, entry.pk)
        except Problem:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(max_workers=8) as threads:
        won = [each.result(timeout=60) for each in [threads.submit(claim, number) for number in range(8)]]
    assert won.count(True) == 1
    entry.refresh_from_db()
    assert Customer.objects.get(pk=customer.pk).owner_id == entry.owner_id


# ---- By night --------------------------------------------------------------------------------------------------------


@pytest.mark.clause("SAL-14")
def test_after_a_warning_a_customer_without_contact_is_taken_back(world: World, customer: Any) -> None:
    """Level A: 60 days. Made on day 0, warned from day 46 on (14 days before), taken back on day 61."""
    made = world.ctx("zhang_min").today
    settle_pool(night(made + datetime.timedelta(days=45)))
    assert not Obligation.objects.filter(duty="customers.keep_customer").exists()
    settle_pool(night(made + datetime.timedelta(days=46)))
    owed = Obligation.objects.get(duty="customers.keep_customer", record_id=customer.pk)
    assert (owed.owner, owed.due_on) == (world["zhang_min"], made + datetime.timedelta(days=60))
    # Its page says so: on day 48 there are 13 days left, until it goes on day 61; a contact takes the word away.
    later = world.ctx("zhang_min", now=night(made + datetime.timedelta(days=48)))
    customer.refresh_from_db()
    assert leaves_after(later, customer) == made + datetime.timedelta(days=60)
    assert [seal["text"] for seal in leaving(later, customer)["seals"]] == ["将于13天后回收"]
    customer.last_contact_on = later.today
    assert leaving(later, customer) == {}
    settle_pool(night(made + datetime.timedelta(days=60)))
    assert Customer.objects.get(pk=customer.pk).owner == world["zhang_min"]
    settle_pool(night(made + datetime.timedelta(days=61)))
    assert Customer.objects.get(pk=customer.pk).owner is None
    entry = PoolEntry.objects.get(customer=customer)
    assert (entry.cause, entry.lost_by) == ("recycled", world["zhang_min"])
    owed.refresh_from_db()
    assert owed.state == "dropped"


@pytest.mark.clause("SAL-14")
def test_who_speaks_with_it_in_time_keeps_it(world: World, customer: Any) -> None:
    made = world.ctx("zhang_min").today
    warned = night(made + datetime.timedelta(days=46))
    settle_pool(warned)
    spoken = made + datetime.timedelta(days=50)
    Customer.objects.filter(pk=customer.pk).update(last_contact_on=spoken)
    note_kept([customer.pk], night(spoken) + datetime.timedelta(hours=8))
    assert Obligation.objects.get(duty="customers.keep_customer").state == "kept"
    settle_pool(night(made + datetime.timedelta(days=61)))
    assert Customer.objects.get(pk=customer.pk).owner == world["zhang_min"]


@pytest.mark.clause("SAL-14")
def test_key_accounts_and_what_is_worked_on_stay(world: World, customer: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    made = world.ctx("zhang_min").today
    edit(world.ctx("zhang_min"), CUSTOMER, customer.pk, key_account=True, confirmed=True)
    settle_pool(night(made + datetime.timedelta(days=100)))
    assert not Obligation.objects.filter(duty="customers.keep_customer").exists()
    edit(world.ctx("zhang_min"), CUSTOMER, customer.pk, key_account=False, confirmed=True)
    from guanxi.kernel.messages import Message
    from guanxi.rooms.customers import sources

    monkeypatch.setattr(sources, "pool_objections", [])
    monkeypatch.setattr(
        "guanxi.rooms.customers.queries.pool.pool_objections",
        [lambda customers: dict.fromkeys(customers, Message("the order %(number)s is open.", number="XD-1"))],
    )
    settle_pool(night(made + datetime.timedelta(days=100)))
    assert not Obligation.objects.filter(duty="customers.keep_customer").exists()
    before = digest()
    with pytest.raises(Refused) as refused:
        give_up(world, customer)
    assert "XD-1" in str(refused.value.decision.reasons[0].message)
    assert digest() == before


@pytest.mark.clause("SAL-14")
def test_what_nobody_looks_after_stands_in_the_pool(world: World, customer: Any) -> None:
    Customer.objects.filter(pk=customer.pk).update(owner=None, department=None)
    settle_pool(night(world.ctx("clerk").today + datetime.timedelta(days=1)))
    assert PoolEntry.objects.get(customer=customer).cause == "nobodys"
    settle_pool(night(world.ctx("clerk").today + datetime.timedelta(days=2)))
    assert PoolEntry.objects.filter(customer=customer).count() == 1
