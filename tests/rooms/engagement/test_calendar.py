"""The calendar: what stands in it, whose, by which days; moving it; what it costs (CRM-27, CRM-53).

The tests stand on Saturday 21 November 2026.
"""

from __future__ import annotations

import datetime
import json
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from guanxi.platform.calendar import clock_at
from guanxi.records.actions import run
from guanxi.records.standard import ASSIGN, create
from guanxi.rooms.engagement.actions import CHANGE_DAY, COMPLETE_TASK
from guanxi.rooms.engagement.models import Event, Task
from guanxi.rooms.engagement.queries import by_day, entries, whose
from guanxi.rooms.engagement.sources import Window
from tests.digest import digest
from tests.people import World

EVENT, TASK = "engagement.event", "engagement.task"
NOVEMBER = (datetime.date(2026, 11, 1), datetime.date(2026, 11, 30))


def at(day: int, hour: int = 10, minute: int = 0) -> datetime.datetime:
    return datetime.datetime(2026, 11, day, hour, minute, tzinfo=ZoneInfo("Asia/Shanghai"))


def plan(world: World, username: str = "li_wei", day: int = 24, **values: Any) -> Event:
    given = {"subject": "拜会采购总监", "starts_at": at(day), "ends_at": at(day, 11, 30), **values}
    return create(world.ctx(username), EVENT, **given)


def seen(world: World, username: str, *people: str) -> dict[int, list[str]]:
    """What stands on which day of November, of these people or of oneself."""
    window = Window(*NOVEMBER, frozenset(world[each].pk for each in people or (username,)))
    days = by_day(entries(world.ctx(username), window), window)
    return {day.day: [entry.title for entry in found] for day, found in days.items() if found}


@pytest.mark.clause("CRM-53", "CRM-27")
def test_an_event_stands_in_the_calendar_at_its_time(world: World, client: Client) -> None:
    event = plan(world, place="外滩店")
    create(world.ctx("li_wei"), TASK, subject="寄样品", due_on="2026-11-25")
    create(world.ctx("li_wei"), "engagement.meeting", name="例会", planned_at=at(24, 8))
    plan(world, subject="展会", starts_at=at(26), ends_at=at(27), all_day=True)
    assert seen(world, "li_wei") == {24: ["例会", "拜会采购总监"], 25: ["寄样品"], 26: ["展会"], 27: ["展会"]}
    client.force_login(world["li_wei"])
    with clock_at(world.now):
        for view in ("month", "week", "day", "agenda"):
            body = client.get(f"/calendar/?view={view}&on=2026-11-24").content.decode()
            assert event.subject in body and "10:00–11:30" in body, view
        assert event.subject not in client.get("/calendar/?view=day&on=2026-11-25").content.decode()


@pytest.mark.clause("CRM-53")
def test_private_events_and_what_one_may_not_see_stay_out(world: World) -> None:
    plan(world, subject="体检", private=True)
    plan(world, subject="拜会")
    assert seen(world, "sales_manager", "li_wei") == {24: ["拜会"]}
    assert seen(world, "zhang_min", "li_wei") == {}
    assert seen(world, "li_wei") == {24: ["体检", "拜会"]}
    assert [person.username for person in whose(world.ctx("zhang_min"))] == ["zhang_min"]
    assert world["li_wei"] in whose(world.ctx("sales_manager"))


@pytest.mark.clause("CRM-53")
def test_who_is_asked_has_it_in_his_calendar(world: World) -> None:
    plan(world, subject="评审", lines=[{"person": world["finance"]}])
    assert seen(world, "finance") == {24: ["评审"]}
    assert seen(world, "zhang_min") == {}


@pytest.mark.clause("CRM-53")
def test_the_name_of_a_customer_goes_with_the_customer(world: World) -> None:
    customer = create(world.ctx("li_wei"), "customers.customer", name="锦江酒店")
    plan(world, customer=customer)
    window = Window(*NOVEMBER, frozenset({world["li_wei"].pk}))
    assert [each.customer for each in entries(world.ctx("li_wei"), window)] == ["锦江酒店"]
    run(
        ASSIGN,
        world.ctx("sales_manager").because("调区"),
        "customers.customer",
        customer,
        {"owner": world["zhang_min"]},
    )
    found = entries(world.ctx("li_wei"), window)
    assert [(each.title, each.customer, each.customer_id) for each in found] == [("拜会采购总监", "", None)]


@pytest.mark.clause("CRM-53")
def test_a_series_stands_on_its_days_of_the_window_only(world: World) -> None:
    plan(world, day=23, subject="周会", repeats="weekly", times=50)
    assert seen(world, "li_wei") == {23: ["周会"], 30: ["周会"]}


def moved(client: Client, module: str, record: Any, **to: Any) -> int:
    given = {"module": module, "pk": str(record.pk), "version": record.version, **to}
    return client.post("/calendar/move/", given, headers={"HX-Request": "true"}).status_code


@pytest.mark.clause("CRM-27")
def test_what_is_dragged_is_moved_or_stays_where_it_was(world: World, client: Client) -> None:
    event = plan(world)
    task = create(world.ctx("li_wei"), TASK, subject="寄样品", due_on="2026-11-25")
    series = plan(world, day=23, subject="周会", repeats="weekly", times=3)
    client.force_login(world["li_wei"])
    with clock_at(world.now):
        assert moved(client, EVENT, event, day="2026-11-26", hour="14") == 204
        assert moved(client, TASK, task, day="2026-11-27") == 204
        assert moved(client, EVENT, series, **{"from": "2026-11-30", "day": "2026-12-01"}) == 204
    event.refresh_from_db()
    assert (event.starts_at, event.ends_at) == (at(26, 14), at(26, 15, 30))
    assert Task.objects.get(pk=task.pk).due_on == datetime.date(2026, 11, 27)
    assert Event.objects.get(series=series).instead_of == datetime.date(2026, 11, 30)
    run(COMPLETE_TASK, world.ctx("li_wei"), TASK, task)
    task.refresh_from_db()
    before = digest()
    with clock_at(world.now):
        event.version -= 1  # somebody has changed it meanwhile
        assert moved(client, EVENT, event, day="2026-11-28") >= 400
        event.version += 1
        for wrong in ({"day": "gestern"}, {"day": "2026-11-28", "hour": "25"}, {}):
            assert moved(client, EVENT, event, **wrong) >= 400
        assert moved(client, TASK, task, day="2026-11-28") >= 400  # done already
        assert moved(client, EVENT, series, **{"from": "2026-11-30", "day": "2026-12-02"}) >= 400  # moved already
        assert moved(client, "customers.customer", event, day="2026-11-28") == 404
        client.force_login(world["zhang_min"])
        assert moved(client, EVENT, event, day="2026-11-28") == 404
    assert digest() == before


@pytest.mark.parametrize("query", ["view=year", "on=2026-02-30", "on=0001-01-01", "on=9999-12-31", "who=nobody", "on="])
def test_a_window_that_there_is_not_is_that_of_today(world: World, client: Client, query: str) -> None:
    client.force_login(world["li_wei"])
    with clock_at(world.now):
        answer = client.get(f"/calendar/?{query}")
    assert answer.status_code == 200
    assert "2026-11-21" in answer.content.decode()


def test_its_queries_do_not_grow_with_what_stands_in_it(world: World, client: Client) -> None:
    client.force_login(world["sales_manager"])

    def cost() -> int:
        with (
            clock_at(world.now),
            CaptureQueriesContext(
                connection,
            ) as asked,
        ):
            assert client.get("/calendar/?who=team&on=2026-11-24").status_code == 200
        return len(asked)

    customer = create(world.ctx("li_wei"), "customers.customer", name="锦江酒店")
    plan(world, customer=customer, repeats="daily", times=4)
    create(world.ctx("li_wei"), TASK, subject="寄样品", due_on="2026-11-25")
    cost()
    few = cost()
    for day in range(2, 28):
        plan(world, username="zhang_min", day=day, repeats="daily", times=5)
        plan(world, day=day, customer=customer, lines=[{"person": world["finance"]}])
    assert cost() == few
    assert few <= 30


def test_a_series_leads_to_its_days_and_to_those_that_were_changed(world: World, client: Client) -> None:
    series = plan(world, day=23, subject="周会", repeats="weekly", times=3)
    changed = run(CHANGE_DAY, world.ctx("li_wei"), EVENT, series, {"day": "2026-11-30", "starts_at": at(29)})
    client.force_login(world["li_wei"])
    with clock_at(world.now):
        body = client.get(f"/engagement/event/{series.pk}/").content.decode()
        assert "/calendar/?view=week&amp;on=2026-11-23" in body
        tree = json.dumps({"field": "series", "op": "in", "value": [str(series.pk)]})
        rows = client.get("/engagement/event/", {"filter": tree}).content.decode()
    assert str(changed.pk) in rows
    assert f"/engagement/event/{series.pk}/" not in rows
