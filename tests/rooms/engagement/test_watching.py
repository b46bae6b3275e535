"""The list of customers to watch: fixed month by month with reasons, seen by the front line, comparable (RPT-02)."""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.test import Client

from guanxi.kernel.errors import Conflict, Invalid, NotAllowed, NotFound, Refused
from guanxi.platform.calendar import clock_at
from guanxi.platform.notices.models import Notice
from guanxi.platform.obligations.models import Obligation
from guanxi.records.actions import run
from guanxi.records.standard import create, edit
from guanxi.rooms.dossiers.models import Review, ReviewRound
from guanxi.rooms.engagement.actions import LOOK_AGAIN, TAKE_OFF
from guanxi.rooms.engagement.models import Watch
from guanxi.rooms.engagement.queries import candidates, list_of_month
from tests.digest import digest
from tests.people import World

WATCH, LOOK = "engagement.watch", "engagement.look_again"
OCTOBER, NOVEMBER, DECEMBER = (datetime.date(2026, month, 1) for month in (10, 11, 12))


def shanghai(month: int, day: int, hour: int = 10) -> datetime.datetime:
    return datetime.datetime(2026, month, day, hour, tzinfo=ZoneInfo("Asia/Shanghai"))


@pytest.fixture
def customers(world: World) -> dict[str, Any]:
    """甲 and 乙 are Li Wei's, 丙 is Zhang Min's."""
    return {
        name: create(world.ctx(owner), "customers.customer", name=f"成都{name}字号酒业有限公司")
        for name, owner in (("甲", "li_wei"), ("乙", "li_wei"), ("丙", "zhang_min"))
    }


def watch(world: World, customer: Any, at: datetime.datetime | None = None, **values: Any) -> Watch:
    at = at or world.now
    look_on = at.astimezone(ZoneInfo("Asia/Shanghai")).date() + datetime.timedelta(days=10)
    given = {"customer": customer, "reason": "falling", "cause": "换了采购经理", "look_on": look_on, **values}
    return create(world.ctx("sales_manager", now=at), WATCH, **given)


def names(world: World, month: datetime.date, at: datetime.datetime, username: str = "sales_manager") -> list[str]:
    rows = list_of_month(world.ctx(username, now=at), month)
    return sorted(f"{row.watch.customer.name[2]}{'+' * row.is_new}{'-' * row.is_last}" for row in rows)


def clauses(refused: pytest.ExceptionInfo[Refused]) -> list[str]:
    return [reason.clause for reason in refused.value.decision.blocking]


@pytest.mark.clause("RPT-02")
def test_lists_of_months_are_kept_with_reasons_and_can_be_compared(world: World, customers: dict[str, Any]) -> None:
    first = watch(world, customers["甲"], shanghai(10, 20))
    watch(world, customers["乙"], shanghai(11, 2))
    take_off = world.ctx("sales_manager", now=shanghai(11, 18), reason="已恢复订货")
    run(TAKE_OFF, take_off, WATCH, first)
    watch(world, customers["丙"], shanghai(12, 1))
    now = shanghai(12, 3)
    assert names(world, OCTOBER, now) == ["甲+"]
    assert names(world, NOVEMBER, now) == ["乙+", "甲-"]
    assert names(world, DECEMBER, now) == ["丙+", "乙"]
    first.refresh_from_db()
    assert (first.state, first.ended_on, first.outcome) == ("off", datetime.date(2026, 11, 18), "已恢复订货")
    assert (first.reason, first.cause, first.since) == ("falling", "换了采购经理", datetime.date(2026, 10, 20))


@pytest.mark.clause("RPT-02")
def test_the_front_line_sees_the_list_of_this_month_and_of_no_other(
    world: World, customers: dict[str, Any], client: Client
) -> None:
    first = watch(world, customers["甲"], shanghai(10, 20))
    run(TAKE_OFF, world.ctx("sales_manager", now=shanghai(10, 28), reason="误列"), WATCH, first)
    watch(world, customers["乙"], shanghai(11, 2))
    for username in ("service", "marketing", "zhang_min", "li_wei"):
        assert names(world, NOVEMBER, world.now, username) == ["乙+"], username
        assert names(world, OCTOBER, world.now, username) == [], username
    with clock_at(world.now):
        client.force_login(world["service"])
        page = client.get("/engagement/watching/?month=2026-10").content.decode()
        assert "成都乙字号酒业" in page and "换了采购经理" in page and "成都甲字号酒业" not in page
        assert f"/customers/customer/{customers['乙'].pk}/" not in page and "/engagement/watch/" not in page
        client.force_login(world["sales_manager"])
        assert "成都甲字号酒业" in client.get("/engagement/watching/?month=2026-10").content.decode()
        for username in ("finance", "clerk", "storekeeper", "security_admin"):
            client.force_login(world[username])
            assert client.get("/engagement/watching/").status_code == 403, username


@pytest.mark.clause("RPT-02")
def test_only_the_manager_fixes_the_list_with_a_cause_once_and_from_today_on(
    world: World, customers: dict[str, Any]
) -> None:
    standing = watch(world, customers["甲"])
    assert standing.since == datetime.date(2026, 11, 21)
    before = digest()
    for username in ("li_wei", "general_manager", "archivist", "service"):
        with pytest.raises(NotAllowed):
            create(world.ctx(username), WATCH, customer=customers["乙"], reason="lost", cause="x", look_on="2026-12-20")
    with pytest.raises(Invalid) as caught:
        watch(world, customers["乙"], cause=" ")
    assert set(caught.value.errors) == {"cause"}
    with pytest.raises((Conflict, Invalid)):
        watch(world, customers["甲"])
    with pytest.raises(Refused) as refused:
        watch(world, customers["乙"], look_on=datetime.date(2026, 11, 21))
    assert clauses(refused) == ["RPT-02"]
    with pytest.raises(Invalid):  # off the list only with a reason
        run(TAKE_OFF, world.ctx("sales_manager"), WATCH, standing)
    with pytest.raises(Invalid):  # on the list of a past month nobody is put afterwards
        edit(world.ctx("sales_manager"), WATCH, standing, since="2026-10-01")
    assert digest() == before


@pytest.mark.clause("RPT-02")
def test_whoever_looks_after_the_customer_hears_of_it_and_owes_the_next_look(
    world: World, customers: dict[str, Any]
) -> None:
    standing = watch(world, customers["甲"])
    assert Notice.objects.get(kind="watch").person == world["li_wei"]
    owed = Obligation.objects.get(duty=LOOK)
    assert (owed.owner, owed.due_on, owed.within_id) == (
        world["li_wei"], datetime.date(2026, 12, 1), customers["甲"].pk,
    )  # fmt: skip
    with pytest.raises(NotFound):
        run(LOOK_AGAIN, world.ctx("zhang_min"), WATCH, standing, {"finding": "x", "look_on": "2026-12-20"})
    with pytest.raises(Refused) as refused:
        run(LOOK_AGAIN, world.ctx("li_wei"), WATCH, standing, {"finding": "已补货", "look_on": "2026-11-21"})
    assert clauses(refused) == ["RPT-02"]
    looked = world.ctx("li_wei", now=shanghai(12, 1, 17))
    run(LOOK_AGAIN, looked, WATCH, standing, {"finding": "已补货", "look_on": "2026-12-15"})
    rows = dict(Obligation.objects.filter(duty=LOOK).values_list("due_on", "state"))
    assert rows == {datetime.date(2026, 12, 1): "kept", datetime.date(2026, 12, 15): "open"}
    edit(world.ctx("sales_manager", now=shanghai(12, 2)), WATCH, standing, look_on="2026-12-18")
    rows = dict(Obligation.objects.filter(duty=LOOK).values_list("due_on", "state"))
    assert (rows[datetime.date(2026, 12, 15)], rows[datetime.date(2026, 12, 18)]) == ("dropped", "open")
    run(TAKE_OFF, world.ctx("sales_manager", now=shanghai(12, 21), reason="恢复"), WATCH, standing)
    assert Obligation.objects.get(duty=LOOK, due_on=datetime.date(2026, 12, 18)).state == "late"


@pytest.mark.clause("RPT-02", "ARC-34")
def test_fast_growing_and_lost_customers_are_proposed_until_they_are_watched(
    world: World, customers: dict[str, Any], client: Client
) -> None:
    last = ReviewRound.objects.create(opened_on=datetime.date(2026, 11, 1), due_on=datetime.date(2026, 11, 15))
    before = ReviewRound.objects.create(opened_on=datetime.date(2026, 9, 1), due_on=datetime.date(2026, 9, 15))
    for round_, name, finding, sales, earlier in (
        (last, "甲", "growing", 900, 300), (last, "乙", "steady", 100, 100), (last, "丙", "lost", 0, 5000),
        (before, "乙", "lost", 0, 10),
    ):  # fmt: skip
        Review.objects.create(
            round=round_, customer=customers[name], due_on=round_.due_on, finding=finding, sales=Decimal(sales),
            sales_before=Decimal(earlier), owner=customers[name].owner,
        )  # fmt: skip
    manager = world.ctx("sales_manager")
    assert [review.customer.name[2] for review in candidates(manager)] == ["丙", "甲"]
    client.force_login(world["sales_manager"])
    with clock_at(world.now):
        assert f"customer={customers['丙'].pk}&amp;reason=lost" in client.get("/engagement/watching/").content.decode()
    watch(world, customers["丙"])
    assert [review.customer.name[2] for review in candidates(manager)] == ["甲"]
    assert [review.customer.name[2] for review in candidates(world.ctx("zhang_min"))] == []
