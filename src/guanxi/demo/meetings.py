"""The monthly archive meetings of the demo: held with minutes, once forgotten; customers to watch, tasks given out."""

from __future__ import annotations

import datetime
from typing import Any

from guanxi.demo.company import SOURCE
from guanxi.demo.working_year import WorkingYear
from guanxi.kernel.dates import add_months
from guanxi.platform.calendar import clock_at
from guanxi.platform.obligations.upkeep import open_recurring
from guanxi.platform.people.models import Person
from guanxi.records.actions import run
from guanxi.records.context import Context
from guanxi.records.standard import create
from guanxi.rooms.customers.public import Customer
from guanxi.rooms.engagement.public import COMPLETE_TASK, HAND_OUT, HOLD_MEETING, LOOK_AGAIN, TAKE_OFF

MEETING, MINUTES, TASK, WATCH = "engagement.meeting", "engagement.minutes", "engagement.task", "engagement.watch"
#: Months ago, and whether the meeting was held; none was held two months ago.
MONTHS = ((4, True), (3, True), (2, False), (1, True))
CONTENT = "逐户通报上次会议以来的新增客户、人员变动、走访情况和归档资料；讨论成长快与流失的客户及原因。"
DECISIONS = "一、重点关注名单如下，责任人按期察看；二、华南大区补齐法人信息；三、下次会议通报结果。"
#: Who comes onto the list in which month: reason and cause, taking turns.
CAUSES = (
    ("growing", "新开三家门店，宴席用量翻番，应跟进年度协议与配送。"),
    ("falling", "采购负责人更换，订单转向竞品，须由大区经理上门。"),
    ("lost", "两个月未订货，竞品以账期换量，先谈结算方式。"),
    ("complaint", "连续两次反映破损，已答应改换包装，观察一个月。"),
    ("potential", "拟承办区域酒会，若谈成可带动周边餐饮。"),
)


def hold_meetings(year: WorkingYear) -> None:
    """Play the last months of meetings, then plan this month's; the general manager follows two key accounts."""
    manager = Person.objects.get(username="sales_manager")
    watched = _candidates()
    for ago, is_held in MONTHS:
        first = add_months(year.today.replace(day=1), -ago)
        open_recurring(_moment(year, first, 0))
        if is_held:
            _hold(year, manager, first, watched)
    open_recurring(year.now)
    _plan(year, manager)
    _follow(year)


def _candidates() -> list[Customer]:
    """Customers of every region, in a fixed order, each once."""
    rows = Customer.objects.filter(deleted_at=None, owner__isnull=False, status__in=("dealing", "at_risk", "lost"))
    return list(rows.select_related("owner").order_by("owner__department__code", "number")[:60:7])


def _moment(year: WorkingYear, day: datetime.date, minute: int) -> datetime.datetime:
    return year.moment(year.on_or_after(day), minute)


def _as(person: Person, moment: datetime.datetime, reason: str = "") -> Context:
    return Context.of(person, now=moment, source=SOURCE, reason=reason)


def _hold(year: WorkingYear, manager: Person, first: datetime.date, watched: list[Customer]) -> None:
    asked, at = _moment(year, first + datetime.timedelta(days=14), 60), _moment(year, first.replace(day=25), 330)
    with clock_at(asked):
        meeting = create(
            _as(manager, asked), MEETING, name=f"{first.year}年{first.month}月客史档案补充更新会", planned_at=at,
            place="二楼会议室",
        )  # fmt: skip
    after = at + datetime.timedelta(hours=2)
    with clock_at(after):
        run(HOLD_MEETING, _as(manager, after), MEETING, meeting, {"content": CONTENT, "decisions": DECISIONS})
        for _place in range(min(2, len(watched))):
            _watch(year, manager, meeting, watched.pop(), after, len(watched))
        meeting.refresh_from_db()
        _give_out(year, manager, meeting.minutes, after)


def _watch(
    year: WorkingYear, manager: Person, meeting: Any, customer: Customer, at: datetime.datetime, number: int
) -> None:
    reason, cause = CAUSES[number % len(CAUSES)]
    look_on = year.on_or_after(at.date() + datetime.timedelta(days=20))
    watch = create(
        _as(manager, at), WATCH, customer=customer, reason=reason, cause=cause, look_on=look_on, meeting=meeting
    )
    looked = _moment(year, look_on, 400)
    # Whoever came onto the list last has been overlooked for a few days.
    is_overlooked = number % 2 == 0 and look_on > year.today - datetime.timedelta(days=14)
    if looked >= year.now or customer.owner is None or is_overlooked:
        return
    with clock_at(looked):
        later = year.today + datetime.timedelta(days=12 + number)
        run(LOOK_AGAIN, _as(customer.owner, looked), WATCH, watch, {"finding": "已上门，情况好转。", "look_on": later})
    if number % 4 == 0:
        ended = _moment(year, look_on + datetime.timedelta(days=7), 420)
        with clock_at(ended):
            run(TAKE_OFF, _as(manager, ended, "恢复正常订货，转为一般维护"), WATCH, watch)


def _give_out(year: WorkingYear, manager: Person, minutes: Any, at: datetime.datetime) -> None:
    for username, subject, days in (
        ("huang_haitao", "补齐华南大区客户的法人信息", 12), ("archivist", "整理本月新增合同并归入第二类", 30),
    ):  # fmt: skip
        person, due = Person.objects.get(username=username), year.on_or_after(at.date() + datetime.timedelta(days=days))
        given = {"subject": subject, "owner": person, "due_on": due}
        task = run(HAND_OUT, _as(manager, at), MINUTES, minutes, given)
        done = _moment(year, due, 450)
        if done < year.now:
            with clock_at(done):
                run(COMPLETE_TASK, _as(person, done), TASK, task, {"result": "已办妥，资料在档。"})


def _plan(year: WorkingYear, manager: Person) -> None:
    this, asked = year.today.replace(day=1), year.moment(year.days[-2], 90)
    day = max(this.replace(day=25), year.today + datetime.timedelta(days=2))
    at = datetime.datetime.combine(day, datetime.time(14, 0), asked.tzinfo)
    with clock_at(asked):
        create(
            _as(manager, asked), MEETING, name=f"{this.year}年{this.month}月客史档案补充更新会", planned_at=at,
            place="二楼会议室", agenda="年末备货与重点客户回访安排。",
        )  # fmt: skip


def _follow(year: WorkingYear) -> None:
    leader = Person.objects.get(username="general_manager")
    for customer in Customer.objects.filter(key_account=True, deleted_at=None).order_by("number")[:2]:
        create(_as(leader, year.now), "customers.following", customer=customer)
