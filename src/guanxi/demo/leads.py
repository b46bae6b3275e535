"""Who asked for our goods over the year, or was asked: a third becomes a customer, some are given up."""

from __future__ import annotations

import datetime
from random import Random
from typing import Any

from guanxi.demo.company import ACCOUNT_MANAGERS
from guanxi.demo.company_names import Company
from guanxi.demo.people_names import person_name
from guanxi.demo.sources import Sources
from guanxi.demo.timetable import Entry, Made, Timetable
from guanxi.demo.working_year import WorkingYear

LEAD, COUNT = "sales.lead", 42
#: Of six leads one after the other: what became of each; of the last weeks all are open still.
FATES = ("converted", "given_up", "contacted", "converted", "qualified", "given_up")
WAYS = (
    ("website", "在官网留言询价，要两款光瓶酒的经销政策"), ("trade_show", "糖酒会展位登记，对礼盒装感兴趣"),
    ("hotline", "来电咨询婚宴用酒价格，约百桌"), ("cold_call", "电话拜访得知年底要换供货商"),
    ("wechat", "公众号留言，想开专卖店"), ("promotion_meeting", "参加品鉴会，索要样酒与报价"),
    ("marketplace", "平台询盘，首单约三十箱"), ("referral", "老客户介绍，企业年会用酒"),
    ("store_visit", "走访终端时老板主动问起新品"), ("search_ad", "搜索广告留资，问定制酒起订量"),
    ("text_message", "回复节庆促销短信，要团购价目表"), ("print_ad", "看到户外广告后来店询问代理条件"),
    ("mailing", "回复新品邮件，约时间上门介绍"),
)  # fmt: skip
REASONS = ("unreachable", "no_need", "no_budget", "too_small", "competitor", "wrong_data")
POSTS = ("采购经理", "总经理", "行政主管", "餐饮部经理", "店长", "")
DESK = 470
HOUR = datetime.timedelta(hours=1)


def plan_leads(plan: Timetable, sources: Sources, year: WorkingYear) -> None:
    """Plan the leads of the year, one about every sixth working day, and what became of each."""
    chance = sources.chance
    for number in range(COUNT):
        place = 4 + number * (len(year.days) - 6) // COUNT
        company = sources.companies.company()
        username = chance.choice(ACCOUNT_MANAGERS[company.place.region])
        key = f"lead {number}"
        values = _lead(sources, company, number, year.days[place])
        plan.add(Entry(year.moment(year.days[place], DESK), username, LEAD, values, key=key))
        fate = FATES[number % len(FATES)]
        if number > COUNT - 7:
            fate = ("new", "contacted")[number % 2]
        _follow(plan, year, chance, key, username, place, fate, company)


def _lead(sources: Sources, company: Company, number: int, day: datetime.date) -> dict[str, Any]:
    chance = sources.chance
    source, content = WAYS[number % len(WAYS)]
    place = company.place
    return {
        "name": company.name, "person": person_name(chance)[0], "post": chance.choice(POSTS),
        "mobile": sources.phones.mobile(), "email": f"lead{number:02}@example.com" if number % 3 == 0 else "",
        "province": place.province, "city": place.city, "industry": company.trade.industry,
        "size": chance.choice(("micro", "small", "small", "medium", "large")), "source": source,
        "first_touch_on": day, "rating": chance.choice(("hot", "warm", "warm", "cold", "")), "content": content,
    }  # fmt: skip


def _follow(
    plan: Timetable, year: WorkingYear, chance: Random, key: str, username: str, place: int, fate: str, company: Company
) -> None:
    """What the account manager does with a lead in the days after it came."""
    aim = Made(key)

    def at(days: int) -> datetime.datetime:
        return year.moment(year.days[min(place + days, len(year.days) - 1)], DESK) + HOUR

    if fate == "new":
        return
    plan.add(Entry(at(1), username, LEAD, action="note_contact", target=aim))
    if fate == "given_up":
        told = {"lost_reason": chance.choice(REASONS), "note": ""}
        plan.add(Entry(at(6), username, LEAD, told, action="disqualify_lead", target=aim))
        return
    if fate == "contacted":
        return
    plan.add(Entry(at(3), username, LEAD, action="qualify_lead", target=aim))
    if fate == "qualified" or place + 9 >= len(year.days):
        return
    day = year.days[min(place + 7, len(year.days) - 1)]
    asked = {
        "credit_code": company.credit_code, "with_opportunity": True, "opportunity_name": "首批进货",
        "amount": chance.randrange(2, 30) * 5000, "expected_on": day + datetime.timedelta(days=60),
    }  # fmt: skip
    plan.add(Entry(at(7), username, LEAD, asked, action="convert_lead", target=aim, key=f"{key} customer"))
    met = {
        "customer": Made(f"{key} customer"), "kind": "visit", "happened_at": at(9) - HOUR,
        "content": "上门拜访，介绍供货与结算办法。",
    }  # fmt: skip
    plan.add(Entry(at(9), username, "engagement.followup", met))
