"""The calendars of the demo: appointments of those who look after customers, series, what was held, what is private."""

from __future__ import annotations

import datetime
from itertools import cycle
from typing import Any

from guanxi.demo.company import SOURCE
from guanxi.demo.working_year import WorkingYear
from guanxi.platform.calendar import CHINA, clock_at
from guanxi.platform.calendar.working_days import add_working_days
from guanxi.platform.people.models import Person
from guanxi.records.actions import run
from guanxi.records.context import Context
from guanxi.records.standard import create
from guanxi.rooms.customers.public import Customer
from guanxi.rooms.engagement.public import CHANGE_DAY, HOLD_EVENT, WRITE_TALK_MINUTES

EVENT = "engagement.event"
#: Subject, kind, hour, minutes, place, and how many working days from today.
APPOINTMENTS = (
    ("上门拜会，谈年度协议", "meeting", 10, 90, "客户办公室", -8),
    ("电话确认到货数量", "call", 9, 30, "", -5),
    ("品鉴会场地踏勘", "other", 14, 120, "客户门店", -3),
    ("与采购负责人会面", "meeting", 15, 60, "客户办公室", -1),
    ("电话回访元旦备货", "call", 10, 30, "", 0),
    ("年末陈列方案沟通", "meeting", 14, 60, "总部三楼会议室", 1),
    ("走访前准备电话", "call", 16, 30, "", 2),
    ("新品推介", "meeting", 10, 90, "客户办公室", 4),
    ("宴席订单现场对接", "other", 15, 120, "酒店宴会厅", 7),
    ("续约条款商谈", "negotiation", 9, 90, "客户办公室", 9),
)
#: So many people have appointments, and each so many of them.
PEOPLE, EACH = 8, 5


def plan_events(year: WorkingYear) -> None:
    """Appointments around today for several people; a weekly series of the sales manager with one day moved."""
    owned = Customer.objects.filter(deleted_at=None, owner__isnull=False, owner__is_active=True)
    keepers = list(Person.objects.filter(pk__in=owned.values("owner")).order_by("name_pinyin", "pk")[:PEOPLE])
    for place, person in enumerate(keepers):
        customers = cycle(owned.filter(owner=person).order_by("number")[:EACH])
        turn = APPOINTMENTS[place % 2 :: 2]
        for number, appointment in enumerate(turn):
            _plan(year, person, next(customers), appointment, place, number)
    _series(year, keepers)


def _plan(year: WorkingYear, person: Person, customer: Customer, told: Any, place: int, number: int) -> None:
    subject, kind, hour, minutes, where, days = told
    day = add_working_days(year.today, days + place % 3) if days + place % 3 else year.today
    begins = datetime.datetime.combine(day, datetime.time(hour), CHINA)
    asked = min(year.now, begins - datetime.timedelta(days=4))
    with clock_at(asked):
        event = create(
            Context.of(person, now=asked, source=SOURCE), EVENT, subject=subject, kind=kind, starts_at=begins,
            ends_at=begins + datetime.timedelta(minutes=minutes), place=where, customer=customer, remind_minutes=30,
            minute_taker=person if kind in ("meeting", "negotiation") else None,
            priority="high" if number == 2 else "normal",
        )  # fmt: skip
    after = event.ends_at + datetime.timedelta(minutes=40)
    if after < year.now:
        with clock_at(after):
            run(
                HOLD_EVENT,
                Context.of(person, now=after, source=SOURCE),
                EVENT,
                event,
                {"result": "已沟通，按计划推进。"},
            )
        _write_minutes(year, person, event, place)


def _write_minutes(year: WorkingYear, person: Person, event: Any, place: int) -> None:
    """Most minutes are written within two working days, some late, the last are still owed."""
    written = event.ends_at + datetime.timedelta(days=6 if place % 4 == 3 else 1)
    if event.kind == "call" or event.kind == "other" or written >= year.now:
        return
    told = {"content": "双方确认年末供货与返利口径。", "decisions": "月底前寄出补充协议"}
    with clock_at(written):
        event.refresh_from_db()
        run(WRITE_TALK_MINUTES, Context.of(person, now=written, source=SOURCE), EVENT, event, told)


def _series(year: WorkingYear, keepers: list[Person]) -> None:
    """The weekly round of the sales manager, and what he keeps to himself."""
    manager = Person.objects.get(username="sales_manager")
    monday = year.today - datetime.timedelta(days=year.today.weekday() + 14)
    begins = datetime.datetime.combine(monday, datetime.time(8, 30), CHINA)
    asked = min(year.now, begins)
    with clock_at(asked):
        ctx = Context.of(manager, now=asked, source=SOURCE)
        weekly = create(
            ctx, EVENT, subject="销售周例会", kind="meeting", starts_at=begins, place="二楼会议室", repeats="weekly",
            ends_at=begins + datetime.timedelta(hours=1), times=26, remind_minutes=15,
            lines=[{"person": person} for person in keepers[:5]],
        )  # fmt: skip
        moved = monday + datetime.timedelta(days=21)
        elsewhere = datetime.datetime.combine(moved + datetime.timedelta(days=1), datetime.time(9), CHINA)
        run(CHANGE_DAY, ctx, EVENT, weekly, {"day": moved, "starts_at": elsewhere})
    day = add_working_days(year.today, 3)
    private = datetime.datetime.combine(day, datetime.time(17), CHINA)
    create(
        Context.of(manager, now=year.now, source=SOURCE), EVENT, subject="体检", kind="other", starts_at=private,
        ends_at=private + datetime.timedelta(hours=2), private=True,
    )  # fmt: skip
