"""What the company means to sell: plans of the year, its quarters and months, by area and person; talks about them."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from guanxi.demo.company import ACCOUNT_MANAGERS, STAFF
from guanxi.demo.sources import Sources
from guanxi.demo.timetable import Entry, Made, Timetable
from guanxi.demo.working_year import WorkingYear
from guanxi.kernel.dates import month_of
from guanxi.records.context import Context
from guanxi.rooms.sales.public import Level, parts_of

PLAN, TALK, REPORT = "sales.salesplan", "sales.targettalk", "sales.periodreport"
#: What the company means to sell in an ordinary month, in yuan; the share of each area in per cent.
MONTH, SHARES = 4_500_000, {"southwest": 36, "north": 28, "east": 20, "south": 16}
#: Months of festivals sell more: in per cent of an ordinary one.
SEASON = {1: 150, 2: 70, 8: 120, 9: 160, 12: 130}
#: How much of a person's target comes from which products, in per cent.
MIX = (("goods", 60), ("gift", 20), ("package", 15), ("service", 5))
#: The area that has not filled in this month's plan; minutes after opening.
TARDY, DESK = "south", 480
EXPECTED = (
    "本月重点抓商超铺货，团购不要放松。",
    "新客户开发进度偏慢，下月至少签两家。",
    "回款与销量一起看，先清旧账。",
)
ANSWERS = ("已排好走访计划，需要样酒支持。", "两家在谈，报价已送，等对方招标。", "旺季备货已谈好，月底前下单。")
AGREED = ("样酒本周到位；下次沟通看铺货照片。", "每周五报进度。", "月底复盘一次。")

SUMMED_UP = (
    "团购与商超均按计划完成，宴席渠道低于预期。下月补齐西南片区铺货，并跟进两家待签经销商。",
    "节前备货拉动明显，完成情况好于上月；应关注库存与回款。华南片区计划偏高，拟与片区负责人重新商定。",
    "本期新客户贡献上升，老客户复购下滑。下期安排重点客户回访，并控制折扣幅度。",
)
ANALYSED = (
    ("白酒", "主要竞品在次高端价位加大返利，本地商超陈列费上涨约一成；建议以礼盒装错位竞争，不跟进降价。"),
    ("团购渠道", "企业年节采购预算收紧，单笔金额下降而次数增加；建议推出小规格组合，缩短报价时间。"),
)


def plan_targets(plan: Timetable, sources: Sources, year: WorkingYear) -> None:
    """Plan the months of the year as they come, each broken down to areas and people, and a talk every few weeks."""
    chance = sources.chance
    months: dict[datetime.date, datetime.date] = {}
    for day in year.days:
        months.setdefault(month_of(day).start, day)
    for start, first in months.items():
        _plan_month(plan, year, first, start, is_current=start == month_of(year.today).start)
    _plan_year(plan, year)
    _plan_reports(plan, year, list(months.items()))
    sellers = [name for names in ACCOUNT_MANAGERS.values() for name in names]
    for number, name in enumerate(sellers):
        # With one of them nobody has talked for long.
        days = year.days[8 + number :: 19][: -3 if name == sellers[-1] else None]
        for day in days:
            values = {
                "person": STAFF[name].name, "held_on": day, "expected": chance.choice(EXPECTED),
                "answer": chance.choice(ANSWERS), "agreed": chance.choice(AGREED),
            }  # fmt: skip
            plan.add(Entry(year.moment(day, DESK + 30), STAFF[name].superior, TALK, values))


def _plan_month(
    plan: Timetable, year: WorkingYear, first: datetime.date, start: datetime.date, *, is_current: bool
) -> None:
    """The company's month goes to the areas, theirs to the people; the month that runs is divided into weeks."""
    amount = MONTH * SEASON.get(start.month, 100) // 100

    def step(number: int, username: str, values: dict[str, Any], action: str = "create", target: Any = None) -> None:
        plan.add(Entry(year.moment(first, DESK + number), username, PLAN, values, action=action, target=target))

    step(0, "sales_manager", {"level": "month", "begins_on": start, "amount": Decimal(amount)})
    step(1, "sales_manager", {"by": "areas"}, "break_down", _at(start))
    for code, share in SHARES.items():
        if is_current and code == TARDY:
            continue
        head, whole = ACCOUNT_MANAGERS[code][0], amount * share // 100
        step(2, head, {"amount": Decimal(whole)}, "edit", _at(start, code))
        step(3, head, {"by": "people"}, "break_down", _at(start, code))
        for name in ACCOUNT_MANAGERS[code]:
            own = whole // len(ACCOUNT_MANAGERS[code])
            lines = [{"category": category, "amount": Decimal(own * part // 100)} for category, part in MIX]
            step(4, name, {"amount": Decimal(own), "lines": lines}, "edit", _of(start, name))
        if is_current:
            step(5, head, {"by": "times"}, "break_down", _at(start, code))
            left, days = whole, month_of(start).end.day
            for week in parts_of(Level.MONTH, month_of(start)):
                part = left if week.end.day == days else whole * ((week.end - week.start).days + 1) // days
                left -= part
                step(6, head, {"amount": Decimal(part)}, "edit", _week(week.start, code))
    if not is_current:
        step(7, "general_manager", {}, "agree_plan", _all_of(start))


def _plan_year(plan: Timetable, year: WorkingYear) -> None:
    """The year of today and its quarters, drawn up by the sales manager when it begins."""
    moment = year.moment(year.days[3], DESK)
    starts = [datetime.date(year.today.year, month, 1) for month in (1, 4, 7, 10)]
    whole = sum(MONTH * SEASON.get(month, 100) // 100 for month in range(1, 13))
    told: list[tuple[str, datetime.date, int]] = [("year", starts[0], whole)]
    for start in starts:
        months = range(start.month, start.month + 3)
        told.append(("quarter", start, sum(MONTH * SEASON.get(month, 100) // 100 for month in months)))
    for level, start, amount in told:
        values = {"level": level, "begins_on": start, "amount": Decimal(amount)}
        plan.add(Entry(moment, "sales_manager", PLAN, values))


def _plan_reports(plan: Timetable, year: WorkingYear, months: Sequence[tuple[datetime.date, datetime.date]]) -> None:
    """Each month is summed up at the beginning of the next, once late; the market is analysed every second month."""
    for number, (start, _first) in enumerate(months[:-1]):
        after = months[number + 1][1]
        summary = {"kind": "summary", "level": "month", "begins_on": start}
        _plan_report(plan, year, after, "sales_manager", summary, SUMMED_UP[number % len(SUMMED_UP)], number == 4)
        if number % 2:
            subject, text = ANALYSED[number // 2 % len(ANALYSED)]
            market = {"kind": "market", "level": "month", "begins_on": start, "subject": subject}
            is_last = number >= len(months) - 3
            _plan_report(plan, year, after, "marketing", market, "" if is_last else text, number == 3)


def _plan_report(
    plan: Timetable, year: WorkingYear, asked_on: datetime.date, author: str, values: dict[str, Any], text: str,
    is_late: bool,
) -> None:  # fmt: skip
    """A report is asked for, written and handed in; without text it is still owed."""
    due = asked_on + datetime.timedelta(days=7)
    key = f"report {values['kind']} {values['begins_on']}"
    asked = {**values, "due_on": due, "owner": STAFF[author].name}
    plan.add(Entry(year.moment(asked_on, DESK + 10), "sales_manager", REPORT, asked, key=key))
    day = year.on_or_after(due + datetime.timedelta(days=4 if is_late else -3))
    if text and asked_on < day < year.today:
        moment = year.moment(day, DESK + 20)
        plan.add(Entry(moment, author, REPORT, {"content": text}, action="edit", target=Made(key)))
        later = moment + datetime.timedelta(minutes=5)
        plan.add(Entry(later, author, REPORT, {}, action="hand_in_report", target=Made(key)))


def _at(start: datetime.date, area: str = "") -> Any:
    def chosen(ctx: Context) -> Iterable[Any]:
        scope = {"area__code": area} if area else {"area": None}
        return ctx.search(PLAN).filter(level="month", begins_on=start, person=None, **scope)

    return chosen


def _week(start: datetime.date, area: str) -> Any:
    def chosen(ctx: Context) -> Iterable[Any]:
        return ctx.search(PLAN).filter(level="week", begins_on=start, person=None, area__code=area)

    return chosen


def _of(start: datetime.date, username: str) -> Any:
    def chosen(ctx: Context) -> Iterable[Any]:
        return ctx.search(PLAN).filter(level="month", begins_on=start, person__username=username)

    return chosen


def _all_of(start: datetime.date) -> Any:
    def chosen(ctx: Context) -> Iterable[Any]:
        return ctx.search(PLAN).filter(level="month", begins_on=start)

    return chosen
