"""Customers in the public pool: given up over the last months, some of them taken up by others."""

from __future__ import annotations

import datetime

from guanxi.demo.company import SOURCE
from guanxi.demo.working_year import WorkingYear
from guanxi.platform.calendar import clock_at
from guanxi.platform.people.models import Person
from guanxi.records.actions import run
from guanxi.records.context import Context
from guanxi.rooms.customers.public import CLAIM, RETURN_TO_POOL, Customer, PoolEntry, pool_kept

#: Days ago, the reason, and whether somebody else has claimed it since.
_GIVEN_UP = (
    (64, "客户改由集团总部统一采购，本地暂无订单", True),
    (41, "多次拜访未能见到负责人", False),
    (26, "客户搬迁外地，超出本人区域", True),
    (12, "客户暂停营业，恢复时间未定", False),
    (5, "需求与现有品类不符，请其他同事跟进", False),
)


def fill_pool(year: WorkingYear) -> None:
    """Customers that did not come to buy are returned by those who had them, and some find another."""
    rows = Customer.objects.filter(
        status__in=("prospect", "following"), key_account=False, owner__isnull=False, deleted_at=None
    )
    running = pool_kept(list(rows.values_list("pk", flat=True)))
    free = [row for row in rows.select_related("owner").order_by("-number") if row.pk not in running]
    for customer, (days, reason, is_claimed) in zip(free, _GIVEN_UP, strict=False):
        assert customer.owner is not None
        at = year.moment(year.on_or_after(year.today - datetime.timedelta(days=days)), 300)
        with clock_at(at):
            ctx = Context.of(customer.owner, now=at, source=SOURCE)
            run(RETURN_TO_POOL, ctx.because(reason), "customers.customer", customer)
        others = [row.owner for row in free if row.owner is not None and row.owner_id != customer.owner_id]
        if is_claimed and others:
            _claim(customer, others[0], at)


def _claim(customer: Customer, person: Person, given_up: datetime.datetime) -> None:
    at = given_up + datetime.timedelta(days=3)
    entry = PoolEntry.objects.get(customer=customer)
    with clock_at(at):
        run(CLAIM, Context.of(person, now=at, source=SOURCE), "customers.poolentry", entry)
