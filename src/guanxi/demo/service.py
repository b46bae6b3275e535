"""What customers report and ask in the demo: tickets at every stage, some settled late; frequent questions."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Any

from guanxi.demo.company import SOURCE
from guanxi.demo.working_year import WorkingYear
from guanxi.platform.calendar import clock_at
from guanxi.platform.people.models import Person
from guanxi.records.actions import run
from guanxi.records.context import Context
from guanxi.records.standard import create, edit
from guanxi.rooms.customers.public import Customer
from guanxi.rooms.service.public import (
    ADD_NOTE,
    ASK_CUSTOMER,
    CLOSE_TICKET,
    MAKE_FAQ,
    PUBLISH_FAQ,
    REOPEN_TICKET,
    RETIRE_FAQ,
    REVIEW_FAQ,
    TAKE_TICKET,
    Ticket,
)

TICKET, FAQ = "service.ticket", "service.faq"
#: Minutes after opening at which a ticket comes in and is worked on.
CALL, WORK = 35, 150


@dataclass(frozen=True)
class Trouble:
    """One ticket: how many working days ago, how it is sorted, what happened; how it went on.

    `stage`: open, progress, waiting, closed or reopened; settled `after` so many working days, by `solution`.
    """

    ago: int
    category: str
    severity: str
    priority: str
    name: str
    description: str
    stage: str = "closed"
    after: int = 1
    solution: str = ""
    hours: str = ""


TROUBLES = (
    Trouble(
        118,
        "damage",
        "major",
        "high",
        "到货破损五箱",
        "外箱受压变形，三十瓶中碎裂九瓶。",
        after=2,
        solution="补发五箱，由承运方赔付；改用五层瓦楞外箱。",
        hours="3",
    ),
    Trouble(
        104,
        "invoice",
        "minor",
        "normal",
        "增值税发票税号有误",
        "开票资料变更后仍按旧税号开具。",
        after=3,
        solution="红冲后重开，客户开票资料已更新。",
        hours="1",
    ),
    Trouble(
        97,
        "delivery",
        "noticeable",
        "high",
        "节前到货延误两天",
        "约定周三到货，周五才送达，影响陈列。",
        after=4,
        solution="与承运方约定节前加车，补偿客户陈列费。",
        hours="2.5",
    ),
    Trouble(
        83,
        "quantity",
        "minor",
        "normal",
        "少发一箱",
        "送货单二十箱，实收十九箱。",
        after=1,
        solution="核对出库录像属实，次日补发一箱。",
        hours="1",
    ),
    Trouble(
        76,
        "quality",
        "critical",
        "urgent",
        "瓶口渗漏",
        "同一批次七瓶瓶口渗漏，客户要求停售。",
        after=1,
        solution="封存该批次并换货；厂方复检为封盖机压力偏低，已调整。",
        hours="8",
    ),
    Trouble(
        64,
        "price",
        "noticeable",
        "normal",
        "季度返利未到账",
        "三季度返利应于上月兑付，至今未收到。",
        after=7,
        solution="财务补付，返利核算表已寄客户。",
        hours="2",
    ),
    Trouble(
        55,
        "advice",
        "minor",
        "low",
        "宴席用酒如何存放",
        "酒店询问开箱后存放条件与期限。",
        after=2,
        solution="避光、直立、二十五度以下存放；已寄存放说明卡。",
        hours="0.5",
    ),
    Trouble(
        47,
        "attitude",
        "noticeable",
        "high",
        "送货员态度生硬",
        "卸货时与门店人员争执。",
        after=2,
        solution="已当面致歉，更换该线路送货员。",
        hours="1.5",
    ),
    Trouble(
        38,
        "damage",
        "noticeable",
        "normal",
        "礼盒外包装潮湿",
        "二十套礼盒受潮起皱，无法陈列。",
        after=4,
        solution="换发二十套礼盒，仓库加垫防潮板。",
        hours="2",
    ),
    Trouble(
        27,
        "delivery",
        "minor",
        "normal",
        "送错门店",
        "货送到同名另一门店。",
        after=2,
        solution="当日调回，送货单加印门店编号。",
        hours="1",
    ),
    Trouble(
        19,
        "invoice",
        "minor",
        "low",
        "发票未随货",
        "客户月底结账，急需发票。",
        after=5,
        solution="已邮寄并改为电子发票。",
        hours="0.5",
    ),
    Trouble(
        14,
        "damage",
        "major",
        "high",
        "高端酒碎裂两瓶",
        "签收时发现碎裂，已拍照。",
        stage="reopened",
        after=2,
        solution="补发两瓶。",
        hours="1",
    ),
    Trouble(9, "quality", "noticeable", "high", "酒液有絮状物", "低温后出现絮状沉淀，消费者退货。", stage="waiting"),
    Trouble(
        6,
        "price",
        "noticeable",
        "normal",
        "返利比例与合同不符",
        "按合同应为百分之三，实际按百分之二计。",
        stage="progress",
    ),
    Trouble(4, "delivery", "major", "urgent", "宴席当天缺货", "婚宴用酒少到十箱，当晚使用。", stage="progress"),
    Trouble(3, "quantity", "minor", "normal", "赠品未随货", "活动约定每箱赠酒具一套，未收到。", stage="waiting"),
    Trouble(2, "advice", "minor", "low", "新品配餐建议", "餐饮客户询问新品适合哪些菜式。", stage="open"),
    Trouble(1, "damage", "noticeable", "high", "整箱被雨淋", "卸货时下雨，两箱外包装湿透。", stage="open"),
    Trouble(0, "invoice", "minor", "normal", "开票抬头更名", "客户更名，要求本月起按新抬头开票。", stage="open"),
)
#: A question, its category, its answer, and how far that has come.
QUESTIONS = (
    ("白酒开瓶后能放多久？", "goods", "拧紧瓶盖、避光直立存放，三个月内饮用口感最佳；不要放冰箱门架。", "published"),
    (
        "整箱到货破损怎么索赔？",
        "claims",
        "签收前当面开箱，拍下外箱六面与破损处，在送货单上注明，当天报客服；照片齐全的三个工作日内补货。",
        "published",
    ),
    ("最小起订量是多少？", "ordering", "经销商整箱起订，单次不少于二十箱；餐饮终端五箱起送。", "published"),
    (
        "怎样变更开票抬头？",
        "invoice",
        "提供更名通知书或新营业执照扫描件，由客户经理更新开票资料，次月起按新抬头开票。",
        "published",
    ),
    ("季度返利什么时候到账？", "price", "季度结束后次月二十日前核算，双方对账无误后五个工作日内付款。", "reviewed"),
    ("酒瓶上的批次号怎么看？", "goods", "瓶盖侧面八位数字：前六位为灌装日期，后两位为班次。", "reviewed"),
    ("礼盒能否定制烫金？", "general", "一百套起可定制，打样七天。待与包装厂确认后补充价格。", "draft"),
    ("老包装还能退换吗？", "claims", "2024 版包装已停产，退换期限已过。", "obsolete"),
)
#: Of the ticket with this subject a draft was made.
ASKED_AGAIN = "宴席用酒如何存放"


def take_tickets(year: WorkingYear) -> None:
    """The service desk takes down what customers report, works on it and settles most of it in time."""
    rows = Customer.objects.filter(deleted_at=None, owner__isnull=False, status__in=("dealing", "at_risk"))
    customers = list(rows.select_related("owner").order_by("owner__department__code", "number")[:57:3])
    desk = Person.objects.get(username="service")
    for number, trouble in enumerate(TROUBLES):
        if customers and trouble.ago < len(year.days):
            _play(year, desk, customers[number % len(customers)], trouble)
    _answer(year, desk)


def _answer(year: WorkingYear, desk: Person) -> None:
    """What is asked again and again, answered by the service desk."""
    for number, (question, category, answer, stage) in enumerate(QUESTIONS):
        moment = _moment(year, 50 - 5 * number, WORK)
        ctx = _as(desk, moment, "包装已更换")
        with clock_at(moment):
            faq = create(ctx, FAQ, confirmed=True, question=question, category=category, answer=answer)
            if stage != "draft":
                run(REVIEW_FAQ, ctx, FAQ, faq)
            if stage in ("published", "obsolete"):
                run(PUBLISH_FAQ, ctx, FAQ, faq)
            if stage == "obsolete":
                run(RETIRE_FAQ, ctx, FAQ, faq)
    with clock_at(year.now):
        again = Ticket.objects.filter(name=ASKED_AGAIN).first()
        if again is not None:
            run(MAKE_FAQ, _as(desk, year.now), TICKET, again)


def _moment(year: WorkingYear, ago: int, minute: int) -> datetime.datetime:
    return min(year.moment(year.days[-1 - max(ago, 0)], minute), year.now)


def _as(person: Person, moment: datetime.datetime, reason: str = "") -> Context:
    return Context.of(person, now=moment, source=SOURCE, reason=reason)


def _play(year: WorkingYear, desk: Person, customer: Customer, trouble: Trouble) -> None:
    came, begun = _moment(year, trouble.ago, CALL), _moment(year, trouble.ago, WORK)
    with clock_at(came):
        given: dict[str, Any] = {"customer_name": customer.number, "name": trouble.name,
                 "description": trouble.description, "category": trouble.category,
                 "severity": trouble.severity, "priority": trouble.priority}  # fmt: skip
        ticket = create(_as(desk, came), TICKET, confirmed=True, **given)
    if trouble.stage == "open":
        return
    with clock_at(begun):
        run(TAKE_TICKET, _as(desk, begun), TICKET, ticket)
        if trouble.stage == "waiting":
            asking = {"question": "请提供照片、批次号和送货单。"}
            run(ASK_CUSTOMER, _as(desk, begun), TICKET, ticket, asking)
        elif trouble.stage == "progress":
            run(ADD_NOTE, _as(desk, begun), TICKET, ticket, {"content": "已电话联系客户，转仓库与承运方核实。"})
    if trouble.stage in ("closed", "reopened"):
        _settle(year, desk, customer, ticket, trouble)


def _settle(year: WorkingYear, desk: Person, customer: Customer, ticket: Ticket, trouble: Trouble) -> None:
    done = _moment(year, trouble.ago - trouble.after, WORK + 60)
    with clock_at(done):
        ticket.refresh_from_db()
        edit(_as(desk, done), TICKET, ticket, hours=trouble.hours)
        run(CLOSE_TICKET, _as(desk, done), TICKET, ticket, {"solution": trouble.solution})
    if trouble.stage == "reopened" and customer.owner is not None:
        again = _moment(year, trouble.ago - trouble.after - 3, WORK)
        with clock_at(again):
            why = "补发的两瓶又有一瓶碎裂，客户要求上门。"
            run(REOPEN_TICKET, _as(customer.owner, again, why), TICKET, ticket)
