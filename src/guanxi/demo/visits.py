"""Visits of the demo as the regulation has them: planned, approved, received, paid and reported; some on their way."""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import Any

from guanxi.demo.company import SOURCE
from guanxi.demo.working_year import WorkingYear
from guanxi.platform.calendar import CHINA, clock_at
from guanxi.platform.calendar.working_days import add_working_days
from guanxi.platform.people.models import Person
from guanxi.platform.workflow.models import WorkItem
from guanxi.records.actions import Action, run
from guanxi.records.approvals.asking import AwaitsApproval
from guanxi.records.context import Context
from guanxi.records.standard import create, edit
from guanxi.rooms.customers.public import Customer
from guanxi.rooms.engagement.public import (
    CHECK_IN,
    CLOSE_VISIT,
    COMPLETE_TASK,
    LEAVE,
    RECEIVE_PLAN,
    SUBMIT_VISIT,
    Task,
    owe_return_visits,
)
from guanxi.rooms.processes.public import APPROVE

PLAN, REPORT, TASK = "engagement.visitplan", "engagement.visitreport", "engagement.task"
#: Purpose, goals, and how many working days from today the visit is; what is past was paid and reported.
VISITS = (
    ("routine", "了解库存与动销，核对上月陈列费用", -240),
    ("negotiation", "谈年度框架协议的返利条款", -170),
    ("return", "回访上次反映的配送问题", -110),
    ("survey", "了解片区竞品价格与陈列", -60),
    ("complaint", "当面处理破损投诉，商定补货", -24),
    ("return", "回访补货到位情况", -9),
    ("negotiation", "确认年末备货量与付款安排", -2),
    ("greeting", "拜访新任采购负责人", 1),
    ("routine", "签约后首次回访", 2),
    ("collection", "核对未结货款并约定付款日", 3),
)
#: Where the regional offices' customers are, by the department's code.
PLACES = {"southwest": (30.65984, 104.06573), "east": (31.23041, 121.47370), "north": (39.90420, 116.40740),
          "south": (23.12911, 113.26436)}  # fmt: skip
COMPLAINTS = ("配送经常晚到半天，宴席用酒来不及上桌", "上次破损的两箱至今没有补货")
CLERK = "clerk"


def pay_visits(year: WorkingYear) -> None:
    """Each region's managers have visits through the year; those of the coming days stand at every step."""
    people = {person.username: person for person in Person.objects.select_related("department")}
    keepers = [people[name] for name in ("wang_fang", "li_wei", "liu_yang", "he_mei")]
    for place, person in enumerate(keepers):
        known = Customer.objects.filter(
            owner=person, deleted_at=None, contacts__deleted_at=None, contacts__isnull=False
        )
        customers = list(known.distinct().order_by("number")[:20])
        for number, told in enumerate(VISITS[place % 2 :: 2]):
            if customers:
                _visit(year, people, person, customers[(number * 3 + place) % len(customers)], told, place)
    for customer in Customer.objects.filter(key_account=True, deleted_at=None).order_by("number")[:4]:
        edit(_as(people["sales_manager"], year.now), "customers.customer", customer, confirmed=True, visit_days=21)
    owe_return_visits(year.now)


def _as(person: Person, moment: datetime.datetime) -> Context:
    return Context.of(person, now=moment, source=SOURCE)


def _at(day: datetime.date, hour: int, minute: int = 0) -> datetime.datetime:
    return datetime.datetime.combine(day, datetime.time(hour, minute), CHINA)


def _visit(
    year: WorkingYear, people: dict[str, Person], person: Person, customer: Customer, told: tuple[str, str, int],
    place: int,
) -> None:  # fmt: skip
    purpose, goals, days = told
    day = add_working_days(year.today, days)
    asked = min(_at(add_working_days(day, -2), 9 + place), year.now)
    with clock_at(asked):
        plan = create(
            _as(person, asked), PLAN, customer=customer, planned_at=_at(day, 10), purpose=purpose, goals=goals,
            place=customer.city, whom=customer.operating_manager, preparation="样品、对账单、价格单",
        )  # fmt: skip
    if days > 2:
        return
    _submit(plan, person, asked)
    if days == 2:
        return
    agreed = min(asked + datetime.timedelta(hours=2), year.now)
    _agree(plan, agreed)
    if days == 1:
        return
    for action, who, hour in ((RECEIVE_PLAN, people[CLERK], 8), (LEAVE, person, 9)):
        _do(action, plan, who, _at(day, hour, 40), {})
    latitude, longitude = PLACES.get(person.department.code if person.department else "", PLACES["southwest"])
    where = {"latitude": Decimal(str(latitude)), "longitude": Decimal(str(longitude)), "accuracy_m": 12 + place * 7}
    if days == -60:
        where = {"position_note": "地下商场，手机没有信号"}
    _do(CHECK_IN, plan, person, _at(day, 10, 25), where)
    if days < -2:
        _report(year, person, customer, plan, day, place)


def _do(action: Action, record: Any, person: Person, at: datetime.datetime, data: dict[str, Any]) -> None:
    with clock_at(at):
        run(action, _as(person, at), record._meta.label_lower, record, data)


def _submit(plan: Any, person: Person, at: datetime.datetime) -> None:
    with clock_at(at):
        try:
            run(SUBMIT_VISIT, _as(person, at).because("按计划外出走访"), PLAN, plan)
        except AwaitsApproval:
            return


def _agree(plan: Any, at: datetime.datetime) -> None:
    """Whoever was asked agrees."""
    for item in WorkItem.objects.filter(state=WorkItem.State.OPEN, module=PLAN, record_id=plan.pk):
        with clock_at(at):
            run(APPROVE, _as(item.owner, at), "workflow.workitem", item, {"comment": "同意"})


def _report(year: WorkingYear, person: Person, customer: Customer, plan: Any, day: datetime.date, place: int) -> None:
    at = _at(day, 16, 30)
    found: dict[str, Any] = (
        {"dissatisfaction": COMPLAINTS[place % 2]} if plan.purpose in ("complaint", "return") else {}
    )
    signing: dict[str, Any] = (
        {"signing_reference": f"XS{day:%y%m%d}-{place + 11}"} if plan.purpose == "negotiation" else {}
    )
    steps = ["preparation", "observation", "opening", "presentation", "refusals", "closing"]
    host = customer.contacts.filter(deleted_at=None).earliest("created_at")
    with clock_at(at):
        report = create(
            _as(person, at), REPORT, customer=customer, plan=plan, visited_on=day, purpose=plan.purpose,
            content=f"{plan.goals}。对方介绍了近期经营情况，双方逐项核对。", outcome="达成一致，按约定执行。",
            next_step="两周内电话确认执行情况", next_on=add_working_days(day, 10), needs="希望固定每周二、周五配送",
            problems="宴席旺季临时加单多，库存周转慢", proposals="旺季前一个月锁定用量，分批送货",
            conduct=["card", "introduction", "relaxed", "describe"], note_opening="从门店近况谈起",
            note_refusals="以分批送货回应压货顾虑", steps=[*steps, "signing"] if signing else steps[: 3 + place],
            lines=[{"name": host.name, "post": "总经理", "decides": True}], **found,
            **signing,
        )  # fmt: skip
        run(CLOSE_VISIT, _as(person, at), REPORT, report, {"nothing_new": True})
    done = _at(add_working_days(day, 4), 17)
    task = Task.objects.filter(visit=report).first()
    if task is not None and done < year.now and task.owner is not None:
        _do(COMPLETE_TASK, task, task.owner, done, {"result": "已与仓储调整配送班次，客户认可。"})
