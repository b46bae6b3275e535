"""Meetings of all levels: planned, held by their minutes, what they decide given out (RPT-01, RPT-08).

The tests stand on Saturday 21 November 2026; the month ends on Monday the 30th.
"""

from __future__ import annotations

import datetime
import io
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.test import Client

from guanxi.kernel.errors import Conflict, Invalid, NotFound, Refused
from guanxi.platform.audit.models import AuditEntry
from guanxi.platform.notices.models import Notice
from guanxi.platform.obligations.models import Obligation
from guanxi.platform.obligations.upkeep import open_recurring
from guanxi.records import registry
from guanxi.records.actions import run
from guanxi.records.context import Context
from guanxi.records.listing import Query, selected
from guanxi.records.standard import ASSIGN, DELETE, create, edit
from guanxi.rooms.engagement.actions import (
    CANCEL_MEETING,
    COMPLETE_TASK,
    DROP_TASK,
    HAND_OUT,
    HOLD_MEETING,
    REVIEW_MINUTES,
    SEND_MINUTES,
)
from guanxi.rooms.engagement.models import Meeting, Minutes, Task
from guanxi.rooms.engagement.queries import changes_since, former_meeting, months_of_meetings
from tests.digest import digest
from tests.people import World

MEETING, MINUTES, TASK = "engagement.meeting", "engagement.minutes", "engagement.task"
HOLD, WRITE, CARRY = "engagement.hold_archive_meeting", "engagement.write_minutes", "engagement.carry_out"


def shanghai(day: int, hour: int = 10, month: int = 11) -> datetime.datetime:
    return datetime.datetime(2026, month, day, hour, tzinfo=ZoneInfo("Asia/Shanghai"))


def plan(world: World, username: str = "sales_manager", day: int = 24, **values: Any) -> Meeting:
    given = {"name": "十一月客史档案补充更新会", "planned_at": shanghai(day), "place": "二楼会议室", **values}
    return create(world.ctx(username), MEETING, **given)


def hold(world: World, meeting: Meeting, at: datetime.datetime, username: str = "sales_manager", **values: Any) -> Any:
    told = {"content": "逐户过变化", "decisions": "锦江酒店列入重点关注", **values}
    run(HOLD_MEETING, world.ctx(username, now=at), MEETING, meeting, told)
    meeting.refresh_from_db()
    return meeting.minutes


def clauses(refused: pytest.ExceptionInfo[Refused]) -> list[str]:
    return [reason.clause for reason in refused.value.decision.blocking]


# ---- The monthly meeting ---------------------------------------------------------------------------------------------


@pytest.mark.clause("RPT-01")
def test_the_heads_of_the_front_line_are_asked_to_the_monthly_meeting_and_may_open_it(world: World) -> None:
    world.departments["service"].head = world["service"]
    world.departments["service"].save()
    world.departments["finance"].head = world["finance"]  # no front line
    world.departments["finance"].save()
    meeting = plan(world)
    asked = {seat.person.username for seat in meeting.seats.all()}
    assert asked == {"sales_manager", "general_manager", "service"}
    told = Notice.objects.get(person=world["service"])
    assert (told.title, told.body, told.kind) == (
        "请您参加 2026-11-24 10:00 的会议：十一月客史档案补充更新会", "二楼会议室", "meeting",
    )  # fmt: skip
    assert Context.of(world["service"], now=world.now).get(MEETING, meeting.pk) == meeting
    with pytest.raises(NotFound):
        world.ctx("finance").get(MEETING, meeting.pk)


@pytest.mark.clause("RPT-01")
def test_a_meeting_held_in_the_month_keeps_the_duty_of_the_month(world: World) -> None:
    open_recurring(world.now)
    owed = Obligation.objects.get(duty=HOLD)
    assert (owed.owner, owed.due_on, owed.clause, owed.state) == (
        world["sales_manager"], datetime.date(2026, 11, 30), "RPT-01", "open",
    )  # fmt: skip
    meeting = plan(world)
    minutes = hold(world, meeting, shanghai(24, 16))
    owed.refresh_from_db()
    assert (owed.state, owed.evidence_id, meeting.state) == ("kept", meeting.pk, "held")
    assert (minutes.level, minutes.held_on, minutes.state) == ("company", datetime.date(2026, 11, 24), "draft")
    assert "陈慧敏" in minutes.present


@pytest.mark.clause("RPT-01")
def test_a_month_without_a_meeting_is_flagged(world: World) -> None:
    open_recurring(world.now)
    plan(world, kind="regular")  # another kind of meeting does not count
    assert hold(world, Meeting.objects.get(), shanghai(24, 16))
    first, december = shanghai(1, 9, month=12), datetime.date(2026, 12, 1)
    assert [(row.owner, row.due_on) for row in Obligation.objects.filter(duty=HOLD, state="open")] == [
        (world["sales_manager"], datetime.date(2026, 11, 30))
    ]
    plan(world, day=25)  # planned, and never held
    months = months_of_meetings(december)
    assert [(month.first, month.is_held, month.is_missing(december)) for month in months] == [
        (december, False, False), (datetime.date(2026, 11, 1), False, True),
    ]  # fmt: skip
    # Held in December for November it is late, and December's is still owed.
    open_recurring(first)
    late = create(world.ctx("sales_manager", now=first), MEETING, name="补开", planned_at=first)
    hold(world, late, shanghai(1, 12, month=12))
    states = dict(Obligation.objects.filter(duty=HOLD).values_list("due_on", "state"))
    assert states == {datetime.date(2026, 11, 30): "open", datetime.date(2026, 12, 31): "kept"}


@pytest.mark.clause("RPT-01")
def test_a_meeting_needs_minutes_and_a_day_on_which_it_can_have_been(world: World) -> None:
    meeting = plan(world)
    before = digest()
    with pytest.raises(Invalid):
        hold(world, meeting, shanghai(24, 16), content="")
    for day in (datetime.date(2026, 11, 25), datetime.date(2026, 11, 20)):
        with pytest.raises(Refused) as refused:
            hold(world, meeting, shanghai(24, 16), held_on=day)
        assert clauses(refused) == ["RPT-01"]
    with pytest.raises(NotFound):
        hold(world, meeting, shanghai(24, 16), username="zhang_min")
    assert digest() == before
    hold(world, meeting, shanghai(24, 16))
    with pytest.raises(Conflict):
        hold(world, meeting, shanghai(24, 17))
    with pytest.raises(Conflict):
        edit(world.ctx("sales_manager"), MEETING, meeting, name="改名")


@pytest.mark.clause("RPT-01")
def test_the_meeting_shows_what_changed_since_the_last_one(world: World, client: Client) -> None:
    october = world.now - datetime.timedelta(days=30)
    earlier = create(world.ctx("sales_manager", now=october), MEETING, name="十月会", planned_at=october)
    hold(world, earlier, october)
    li_wei = world.ctx("li_wei")
    for day, name in ((20, "旧"), (22, "新甲"), (25, "新乙")):
        create(li_wei, "customers.customer", name=f"{name}酒业有限公司", collected_on=f"2026-10-{day}")
    meeting = plan(world)
    assert former_meeting(meeting.planned_at) == earlier
    client.force_login(world["sales_manager"])
    page = client.get(f"/engagement/meeting/{meeting.pk}/").content.decode()
    assert "2026-10-23 至 2026-11-21" in page  # the former was held on 22 October
    counted = changes_since(world.ctx("sales_manager"), datetime.date(2026, 10, 23), datetime.date(2026, 11, 21))
    assert {str(change.module): change.count for change in counted}["customers.customer"] == 1
    # Another's customers are counted by nobody who does not see them.
    mine = changes_since(world.ctx("zhang_min"), datetime.date(2026, 10, 1), datetime.date(2026, 11, 21))
    assert {str(change.module): change.count for change in mine}["customers.customer"] == 0


# ---- Deadlines -------------------------------------------------------------------------------------------------------


@pytest.mark.clause("RPT-08")
def test_the_chair_owes_the_minutes_two_working_days_after_the_meeting(world: World) -> None:
    meeting = plan(world, username="li_wei", level="region", kind="regular", day=27)
    owed = Obligation.objects.get(duty=WRITE)
    # Friday 27 November, then Monday and Tuesday.
    assert (owed.owner, owed.due_on, owed.clause) == (world["li_wei"], datetime.date(2026, 12, 1), "RPT-08")
    edit(world.ctx("li_wei"), MEETING, meeting, planned_at=shanghai(30))
    states = sorted(Obligation.objects.filter(duty=WRITE).values_list("due_on", "state"))
    assert states == [(datetime.date(2026, 12, 1), "dropped"), (datetime.date(2026, 12, 2), "open")]
    hold(world, meeting, shanghai(4, 16, month=12), username="li_wei", held_on=datetime.date(2026, 11, 30))
    assert Obligation.objects.get(duty=WRITE, state="late").days_late == 2


@pytest.mark.clause("RPT-08")
def test_a_meeting_called_off_is_told_with_the_reason_and_owes_nothing(world: World) -> None:
    meeting = plan(world, lines=[{"person": world["finance"]}])
    Notice.objects.all().delete()
    with pytest.raises(Invalid):
        run(CANCEL_MEETING, world.ctx("sales_manager"), MEETING, meeting)
    run(CANCEL_MEETING, world.ctx("sales_manager", reason="撞上年会"), MEETING, meeting)
    assert [(row.person, row.title, row.body) for row in Notice.objects.all()] == [
        (world["finance"], "会议取消：十一月客史档案补充更新会", "撞上年会")
    ]
    assert Obligation.objects.get(duty=WRITE).state == "dropped"
    with pytest.raises(Conflict):
        hold(world, meeting, shanghai(24, 16))


# ---- Minutes on file -------------------------------------------------------------------------------------------------


@pytest.mark.clause("RPT-08")
def test_minutes_are_found_by_level_day_participant_and_decision(world: World) -> None:
    li_wei = world.ctx("li_wei")
    told = {"held_on": "2026-11-18", "content": "周例会", "present": "李伟、王芳"}
    create(li_wei, MINUTES, level="region", decisions="每周三巡店", **told)
    create(li_wei, MINUTES, level="team", decisions="", **{**told, "held_on": "2026-10-07", "present": "王芳"})
    manager, module = world.ctx("sales_manager"), registry.module(MINUTES)

    def found(query: Query) -> list[str]:
        return [str(row.held_on) for row in selected(manager, module, query)]

    day = {"field": "held_on", "op": "from", "value": "2026-11-01"}
    assert found(Query(filters={"all": [{"field": "level", "op": "in", "value": ["region"]}, day]})) == ["2026-11-18"]
    assert found(Query(text="巡店")) == ["2026-11-18"]
    assert found(Query(text="李伟、王芳")) == ["2026-11-18"]
    assert len(found(Query(view="ours"))) == 2
    assert world.ctx("zhang_min").search(MINUTES).count() == 0


@pytest.mark.clause("RPT-08")
def test_filed_minutes_stay_and_name_whose_they_are(world: World) -> None:
    li_wei = world.ctx("li_wei")
    with pytest.raises(Invalid) as caught:  # of a talk with a customer, yet of none
        create(li_wei, MINUTES, held_on="2026-11-18", content="谈价", present="李伟")
    assert set(caught.value.errors) == {"customer"}
    meeting = plan(world)
    minutes = hold(world, meeting, shanghai(24, 16))
    manager = world.ctx("sales_manager", now=shanghai(25))
    before = digest()
    for module, record in ((MINUTES, minutes), (MEETING, meeting)):
        with pytest.raises(Refused) as refused:
            run(DELETE, manager, module, record)
        assert clauses(refused) == ["RPT-08"]
    assert digest() == before
    run(REVIEW_MINUTES, world.ctx("general_manager", now=shanghai(25)), MINUTES, minutes)
    with pytest.raises(Conflict):  # they are our own: no customer gets them
        run(SEND_MINUTES, manager, MINUTES, minutes, {"sent_to": "客户"})


@pytest.mark.clause("RPT-08")
def test_a_participant_reads_the_minutes_on_the_page_of_the_meeting(world: World, client: Client) -> None:
    meeting = plan(world, lines=[{"person": world["finance"]}])
    minutes = hold(world, meeting, shanghai(21, 8))
    client.force_login(world["finance"])
    page = client.get(f"/engagement/meeting/{meeting.pk}/").content.decode()
    assert "锦江酒店列入重点关注" in page and f"/engagement/minutes/{minutes.pk}/" not in page
    assert client.get(f"/engagement/minutes/{minutes.pk}/").status_code == 404
    client.force_login(world["storekeeper"])
    assert client.get(f"/engagement/meeting/{meeting.pk}/").status_code == 404


# ---- What was decided ------------------------------------------------------------------------------------------------


def give_out(world: World, minutes: Minutes, who: str = "li_wei", day: int = 30, at: Any = None) -> Task:
    data = {"subject": "拜访锦江酒店", "owner": world[who], "due_on": datetime.date(2026, 11, day)}
    return run(HAND_OUT, world.ctx("sales_manager", now=at or shanghai(24, 17)), MINUTES, minutes, data)


@pytest.mark.clause("RPT-08")
def test_a_decision_becomes_a_task_with_a_day_that_somebody_owes(world: World) -> None:
    minutes = hold(world, plan(world), shanghai(24, 16))
    task = give_out(world, minutes)
    task.refresh_from_db()
    owed = Obligation.objects.get(duty=CARRY)
    assert (task.owner, task.minutes, task.state) == (world["li_wei"], minutes, "open")
    assert (owed.owner, owed.due_on, owed.record_id) == (world["li_wei"], datetime.date(2026, 11, 30), task.pk)
    assert Notice.objects.filter(person=world["li_wei"], record_id=task.pk).count() == 1
    run(COMPLETE_TASK, world.ctx("li_wei", now=shanghai(2, month=12)), TASK, task, {"result": "已拜访"})
    owed.refresh_from_db()
    assert (owed.state, owed.days_late, owed.evidence_id) == ("late", 2, task.pk)


@pytest.mark.clause("RPT-08")
def test_the_day_of_a_decision_stays_and_it_is_not_dropped_without_a_word(world: World) -> None:
    minutes = hold(world, plan(world), shanghai(24, 16))
    with pytest.raises(Refused) as refused:
        give_out(world, minutes, day=23)
    assert clauses(refused) == ["RPT-08"] and not Task.objects.exists()
    task = give_out(world, minutes)
    li_wei = world.ctx("li_wei", now=shanghai(25))
    before = digest()
    with pytest.raises(Refused) as refused:
        edit(li_wei, TASK, task, due_on=datetime.date(2026, 12, 24))
    assert clauses(refused) == ["RPT-08"]
    with pytest.raises(Refused) as refused:
        run(DROP_TASK, li_wei, TASK, task, {"result": " "})
    assert clauses(refused) == ["RPT-08"]
    with pytest.raises(NotFound):  # giving out is for whoever reaches the minutes
        run(HAND_OUT, world.ctx("zhang_min"), MINUTES, minutes, {})
    assert digest() == before
    run(DROP_TASK, li_wei, TASK, task, {"result": "酒店停业装修"})
    assert (Obligation.objects.get(duty=CARRY).state, Obligation.objects.get(duty=CARRY).remark) == (
        "dropped", "酒店停业装修",
    )  # fmt: skip


@pytest.mark.clause("RPT-08")
def test_what_was_given_out_goes_with_its_task_to_somebody_else(
    world: World, django_capture_on_commit_callbacks: Any
) -> None:
    task = give_out(world, hold(world, plan(world), shanghai(24, 16)))
    with django_capture_on_commit_callbacks(execute=True):
        run(ASSIGN, world.ctx("sales_manager", now=shanghai(25)), TASK, task, {"owner": world["wang_fang"]})
    assert Obligation.objects.get(duty=CARRY).owner == world["wang_fang"]


def test_minutes_go_out_as_a_sheet_of_paper_on_record(world: World, client: Client) -> None:
    minutes = hold(world, plan(world), shanghai(21, 8))
    client.force_login(world["sales_manager"])
    address = f"/engagement/minutes/{minutes.pk}/paper/"
    assert client.get(address).status_code == 200
    assert client.post(address, {"reason": ""}).status_code == 422
    reply = client.post(address, {"reason": "归档"})
    content = b"".join(reply.streaming_content)
    assert reply["Content-Type"] == "application/pdf" and io.BytesIO(content).read(5) == b"%PDF-"
    entry = AuditEntry.objects.get(action="export", module=MINUTES)
    assert (entry.reason, entry.actor) == ("归档", world["sales_manager"])
    client.force_login(world["clerk"])
    assert client.post(address, {"reason": "看看"}).status_code == 404
