"""What account managers try to sell over the year: opportunities that move from stage to stage, won, lost or open."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from decimal import Decimal
from random import Random

from guanxi.demo.clientele import Client
from guanxi.demo.documents import plan_bookings, plan_order, plan_quote, plan_rejection
from guanxi.demo.offer import RIVALS
from guanxi.demo.projects import plan_project
from guanxi.demo.sources import Sources
from guanxi.demo.timetable import Entry, Made, Timetable
from guanxi.demo.working_year import WorkingYear

OPPORTUNITY = "sales.opportunity"
#: What it is about, of which products, the order of its amount in yuan, what comes next.
TOPICS = (
    ("春节礼盒团购", "gift", 180_000, "送样酒并报价"),
    ("婚宴用酒年度合作", "goods", 95_000, "约宴会部经理试饮"),
    ("商超门店铺货", "goods", 60_000, "谈陈列位置与费用"),
    ("餐饮渠道光瓶酒供应", "goods", 45_000, "走访十家核心门店"),
    ("企业定制酒", "package", 320_000, "确认瓶标与起订量"),
    ("中秋团购", "gift", 210_000, "提交方案给采购"),
    ("新品首批进货", "goods", 80_000, "确定首单数量"),
    ("年度经销任务升级", "goods", 560_000, "与总经理面谈"),
    ("专卖店形象升级", "service", 130_000, "核定装修补贴"),
)
STAGES = ("需求确认", "方案报价", "商务谈判")
QUOTED = "方案报价"
SOURCES = ("existing_customer", "cold_call", "referral", "trade_show", "website", "tender", "campaign")
REASONS = ("price", "competitor", "no_budget", "postponed", "product", "delivery", "no_answer")
ENDS = ("首单已排产。", "签订后次月发货。", "按季度分批提货。")
#: One customer in so many has one in pursuit at the end; working days between two steps, at least and at most.
OPEN_SHARE, SHORTEST, LONGEST = 60, 4, 14
#: Minutes after opening.
DESK = 520


def plan_opportunities(plan: Timetable, sources: Sources, year: WorkingYear, clients: Sequence[Client]) -> None:
    """Plan the opportunities of these customers: those of the past are won or lost, those of late are on their way."""
    chance = sources.chance
    for client in clients:
        first = next((place for place, day in enumerate(year.days) if day > client.since.date()), len(year.days))
        start = first + chance.randrange(5, 60)
        while start < len(year.days) - 20:
            _plan_one(plan, year, client, chance, start, ends=True)
            start += chance.randrange(70, 160)
        plan_bookings(plan, year, client)
        start = len(year.days) - chance.randrange(3, 45)
        if chance.randrange(100) < OPEN_SHARE and start > first:
            _plan_one(plan, year, client, chance, start, ends=False)


def _plan_one(plan: Timetable, year: WorkingYear, client: Client, chance: Random, start: int, *, ends: bool) -> None:
    topic, category, size, step = chance.choice(TOPICS)
    key = f"{client.key} opportunity {start}"
    expected = year.days[min(start + 55, len(year.days) - 1)] if ends else year.today + _some_days(chance)
    amount = Decimal(size * client.size * chance.randint(60, 150) // 100 // 1000 * 1000 + 5000)
    values = {
        "customer": Made(client.key), "name": topic, "category": category,
        "kind": "existing" if client.deals else "new",
        "amount": amount,
        "expected_on": expected, "source": chance.choice(SOURCES), "next_step": step,
        "competitor": Made(f"rival {chance.randrange(len(RIVALS))}") if chance.randrange(3) == 0 else None,
    }  # fmt: skip
    plan.add(Entry(year.moment(year.days[start], DESK), client.username, OPPORTUNITY, values, key=key))
    place, reached = start, chance.randint(1, 3) if ends else chance.choice((0, 0, 1, 1, 2, 3))
    quote = ""
    for stage in STAGES[:reached]:
        place += chance.randint(SHORTEST, LONGEST)
        if place >= len(year.days) - 1:
            return
        moment = year.moment(year.days[place], DESK)
        plan.add(Entry(moment, client.username, OPPORTUNITY, {"stage": stage}, action="move_stage", target=Made(key)))
        if stage == QUOTED:
            quote = plan_quote(plan, year, client, key, topic, amount, place)
    if not ends:
        return
    place += chance.randint(SHORTEST, LONGEST)
    if place >= len(year.days) - 1:
        return
    moment = year.moment(year.days[place], DESK)
    if chance.randrange(100) < 58:
        told, verb = {"note": chance.choice(ENDS)}, "win_opportunity"
        if quote:
            plan_order(plan, year, client, quote, place)
    else:
        if quote:
            plan_rejection(plan, year, client, quote, place)
        told, verb = {"lost_reason": chance.choice(REASONS)}, "lose_opportunity"
    plan.add(Entry(moment, client.username, OPPORTUNITY, told, action=verb, target=Made(key)))
    if verb == "win_opportunity":
        plan_project(plan, year, client, key, topic, place)


def _some_days(chance: Random) -> datetime.timedelta:
    """Until when it should close: most in the next weeks, a few should have by now."""
    return datetime.timedelta(days=chance.randint(-8, 75))
