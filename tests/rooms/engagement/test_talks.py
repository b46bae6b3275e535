"""Meetings with customers: who keeps the minutes, until when they are written, what is recorded; one list of it all.

The tests stand on Saturday 21 November 2026, 10:24 in Shanghai.
"""

from __future__ import annotations

import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.test import Client

from guanxi.kernel.errors import Conflict, Refused
from guanxi.platform.obligations.models import Obligation
from guanxi.records.actions import run
from guanxi.records.standard import create
from guanxi.rooms.engagement.actions import (
    CONFIRM_EVENT,
    HOLD_EVENT,
    SEND_MINUTES,
    WRITE_TALK_MINUTES,
    owe_records,
)
from guanxi.rooms.engagement.models import Event, Task
from guanxi.rooms.engagement.queries import ENGAGEMENTS
from guanxi.rooms.engagement.queries.activities import Wanted, activities, shown
from tests.digest import digest
from tests.people import World

EVENT, TASK, MINUTES = "engagement.event", "engagement.task", "engagement.minutes"
LIST = "/engagement/activities/"


def at(day: int, hour: int = 10) -> datetime.datetime:
    return datetime.datetime(2026, 11, day, hour, tzinfo=ZoneInfo("Asia/Shanghai"))


@pytest.fixture
def customer(world: World) -> Any:
    return create(world.ctx("li_wei"), "customers.customer", name="重庆渝中糖酒有限公司")


def plan(world: World, customer: Any, **values: Any) -> Event:
    given = {"subject": "谈年度协议", "kind": "negotiation", "starts_at": at(24), "ends_at": at(24, 12), **values}
    return create(world.ctx("li_wei"), EVENT, customer=customer, **given)


def clauses(refused: pytest.ExceptionInfo[Refused]) -> list[str]:
    return [reason.clause for reason in refused.value.decision.blocking]


@pytest.mark.clause("WF-25", "VIS-12")
def test_a_meeting_with_a_customer_has_somebody_who_keeps_the_minutes(world: World, customer: Any) -> None:
    ctx, after = world.ctx("li_wei"), world.ctx("li_wei", now=at(24, 13))
    bare = plan(world, customer)
    before = digest()
    for action, who, data in ((CONFIRM_EVENT, ctx, {}), (HOLD_EVENT, after, {"result": "谈成"})):
        with pytest.raises(Refused) as refused:
            run(action, who, EVENT, bare, data)
        assert clauses(refused) == ["WF-25"]
    assert digest() == before
    for free in (plan(world, customer, kind="call"), plan(world, None, kind="meeting")):
        run(CONFIRM_EVENT, ctx, EVENT, free)  # a call, and a meeting of our own, need none
    event = plan(world, customer, minute_taker=world["wang_fang"])
    run(CONFIRM_EVENT, ctx, EVENT, event)
    run(HOLD_EVENT, after, EVENT, event, {"result": "返利口径已定"})
    event.refresh_from_db()
    assert (event.confirmed_on, event.present) == (datetime.date(2026, 11, 21), "李伟、王芳")
    (entry,) = [each for each in ENGAGEMENTS.entries(ctx, [customer], 9) if each.module == EVENT]
    assert (entry.body, entry.aside, entry.actor, entry.clause) == ("返利口径已定", "李伟、王芳", "李伟", "WF-28")


@pytest.mark.clause("WF-26", "WF-27")
@pytest.mark.parametrize(("day", "state", "late"), [(26, "kept", None), (27, "late", 1)])
def test_minutes_are_owed_within_two_working_days(world: World, customer: Any, day: int, state: str, late: Any) -> None:
    event = plan(world, customer, minute_taker=world["wang_fang"])
    run(HOLD_EVENT, world.ctx("li_wei", now=at(24, 13)), EVENT, event, {"result": "返利口径已定"})
    owed = Obligation.objects.get(duty="engagement.write_talk")
    # Tuesday the 24th and two working days: Thursday the 26th.
    assert (owed.owner, owed.due_on, owed.clause) == (world["li_wei"], datetime.date(2026, 11, 26), "WF-26")
    told = {"content": "年度返利三个点", "decisions": "月底寄协议"}
    run(WRITE_TALK_MINUTES, world.ctx("li_wei", now=at(day, 17)), EVENT, event, told)
    owed.refresh_from_db()
    event.refresh_from_db()
    minutes = event.minutes
    assert minutes is not None and (owed.state, owed.evidence_id) == (state, minutes.pk)
    assert (minutes.customer, minutes.held_on, minutes.days_late) == (customer, datetime.date(2026, 11, 24), late)
    with pytest.raises(Refused) as refused:  # not before the manager has reviewed them
        run(SEND_MINUTES, world.ctx("li_wei"), MINUTES, minutes, {"sent_to": "刘经理"})
    assert clauses(refused) == ["WF-27"]


@pytest.mark.clause("WF-28")
def test_what_came_of_an_appointment_with_a_customer_is_recorded(world: World, customer: Any) -> None:
    call = plan(world, customer, kind="call", starts_at=at(20), ends_at=at(20, 11))
    plan(world, None, kind="call", starts_at=at(20), ends_at=at(20, 11))  # about no customer
    plan(world, customer, kind="call")  # still to come
    owe_records(world.now)
    owe_records(world.now)
    owed = Obligation.objects.get(duty="engagement.record_contact")
    # Friday the 20th and two working days: Tuesday the 24th.
    assert (owed.record_id, owed.owner, owed.due_on) == (call.pk, world["li_wei"], datetime.date(2026, 11, 24))
    with pytest.raises(Refused) as refused:
        run(HOLD_EVENT, world.ctx("li_wei"), EVENT, call, {"result": " "})
    assert clauses(refused) == ["WF-28"]
    run(HOLD_EVENT, world.ctx("li_wei"), EVENT, call, {"result": "到货数量无误"})
    owed.refresh_from_db()
    assert owed.state == "kept"
    with pytest.raises(Conflict):
        run(HOLD_EVENT, world.ctx("li_wei"), EVENT, call, {"result": "再说一遍"})


@pytest.mark.clause("CRM-26", "CRM-28")
def test_events_and_tasks_stand_in_one_list(world: World, customer: Any, client: Client) -> None:
    ctx = world.ctx("li_wei")
    client.force_login(world["li_wei"])
    given = {"subject": "补寄样品", "customer": str(customer.pk), "due_on": "2026-11-23", "priority": "normal"}
    client.post(f"/{TASK.replace('.', '/')}/new/?customer={customer.pk}", given)
    task = Task.objects.get()
    assert (task.customer, task.owner) == (customer, world["li_wei"])
    event = plan(world, customer)
    create(ctx, TASK, subject="无日期")
    create(world.ctx("zhang_min"), TASK, subject="别人的任务")
    found = shown(ctx, activities(ctx, Wanted(state="open")))
    assert [each.subject for each in found] == ["补寄样品", "谈年度协议", "无日期"]
    for wanted, subjects in (
        (Wanted(text="渝中"), {"补寄样品", "谈年度协议"}), (Wanted(text="样品"), {"补寄样品"}),
        (Wanted(kind=EVENT), {"谈年度协议"}), (Wanted(state="done"), set()),
        (Wanted(first=datetime.date(2026, 11, 24), last=datetime.date(2026, 11, 24)), {"谈年度协议"}),
    ):  # fmt: skip
        assert {each.subject for each in shown(ctx, activities(ctx, wanted))} == subjects, wanted
    text = client.get(LIST).content.decode()
    assert text.index("补寄样品") < text.index("谈年度协议") and "别人的任务" not in text
    here = f"/engagement/task/{task.pk}/"
    assert f"{here}edit/" in text and f"{here}do/delete/" in text
    client.post(f"{here}do/delete/", {"confirmed": "1"})
    client.post(f"/engagement/event/{event.pk}/do/delete/", {"confirmed": "1"})
    text = client.get(LIST).content.decode()
    assert "补寄样品" not in text and "谈年度协议" not in text


@pytest.mark.clause("CRM-26")
def test_the_list_shows_and_exports_what_one_may(world: World, customer: Any, client: Client) -> None:
    create(world.ctx("li_wei"), TASK, subject="补寄样品", customer=customer)
    create(world.ctx("clerk"), TASK, subject="整理考勤")
    for username, query, seen in (
        ("sales_manager", "", False),
        ("sales_manager", "?who=all", True),
        ("clerk", "", False),
    ):
        client.force_login(world[username])
        assert ("补寄样品" in client.get(f"{LIST}{query}").content.decode()) is seen, (username, query)
    assert client.get(f"{LIST}export/").status_code == 403  # the clerk has no right to export
    client.force_login(world["sales_manager"])
    answer = client.post(f"{LIST}export/?who=all&state=", {"format": "csv", "reason": "周报"})
    assert answer.status_code == 200 and "补寄样品" in b"".join(answer).decode("utf-8-sig")
