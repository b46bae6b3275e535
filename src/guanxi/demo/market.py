"""What the company knows of its market: rivals' schemes, trends, cases and laws; promoters and what they earn."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from decimal import Decimal

from guanxi.demo.clientele import Client
from guanxi.demo.company import SOURCE
from guanxi.demo.offer import RIVALS
from guanxi.demo.people_names import person_name
from guanxi.demo.sources import Sources
from guanxi.demo.timetable import Entry, Made, Timetable
from guanxi.demo.working_year import WorkingYear
from guanxi.platform.workflow.models import WorkItem
from guanxi.records import registry
from guanxi.records.actions import run
from guanxi.records.context import Context
from guanxi.records.standard import action_of
from guanxi.rooms.processes.public import APPROVE
from guanxi.rooms.sales.public import Contract, ContractState

KEEPER = "marketing"
#: Minutes after opening.
NEWS, SCHEMES, CREDITS = 550, 10, 555
#: Scheme of a rival: which one, name, how many days ago it began, how many days it lasts (0: no end), what is offered.
PROMOTIONS = (
    (0, "中秋回厂游", 75, 30, "满 200 箱送两人回厂游名额。"),
    (0, "年终冲量奖", 20, 60, "完成季度任务另返 3%。"),
    (1, "宴席买三赠一", 120, 0, "宴席备案后买三瓶赠一瓶，含税价 388 元。"),
    (2, "新品铺市奖", 40, 50, "首单 50 箱奖陈列费 2,000 元。"),
    (4, "扫码红包", 15, 90, "瓶盖扫码红包，均值 6 元。"),
)  # fmt: skip
#: Trend: name, how many days ago the period began, how long it is, areas, source, where it was read, what is known.
TRENDS = (
    ("婚宴用酒向低度与 200 元价格带转移", 210, 90, ["southwest", "east"], "market_feedback", "婚宴渠道走访 36 家",
     "酒店反映每桌用酒由两瓶 52 度减为一瓶 42 度加果酒，主流价位 150–220 元。"),
    ("高端商务宴请回落，次高端降价去库存", 120, 120, ["southwest", "east", "north", "south"], "website",
     "行业媒体三季度综述", "主要次高端品牌批价同比下降 8%–12%，经销商库存约五个月。"),
    ("光瓶酒在餐饮渠道持续增长", 60, 90, ["southwest", "central"], "sales_staff", "西南大区月会",
     "50 元以下光瓶酒动销同比上升约两成，小餐饮愿意陈列。"),
    ("电商大促低价扰动线下批价", 25, 40, ["east", "south"], "competitor", "双十一价格监测",
     "部分竞品线上到手价低于经销商进价，门店要求控价。"),
)  # fmt: skip
#: Entry of the library: title, kind, topic, date, source, document number, summary, what follows for us.
LIBRARY = (
    ("某区域酒企赊销铺货致资金链断裂", "case", "credit", (2023, 9, 15), "行业媒体公开报道", "",
     "两年内以赊销铺货扩张，应收账款升至年销售额的七成，旺季退货后无力付款。",
     "信用额度须与实际动销挂钩，逾期停止发货。"),
    ("某名酒区域窜货引发价格崩盘", "case", "channels", (2024, 4, 20), "行业协会通报", "",
     "返利按进货量而不按动销兑现，经销商跨区低价抛货，一年内终端退出三成。", "返利按动销与控价兑现，货物逐箱留码。"),
    ("某酒企虚假年份宣传被处罚", "case", "advertising", (2022, 11, 3), "市场监管部门处罚公示", "",
     "将新酒标注为陈年酒宣传，被责令停止并罚款，多家商超下架。", "年份与等级只用检验报告能证明的表述。"),
    ("中华人民共和国民法典·合同编", "law", "contracts", (2021, 1, 1), "全国人民代表大会", "主席令第四十五号",
     "合同的订立、效力、履行、变更和违约责任。", "合同签订前须经评审，变更须以书面形式。"),
    ("中华人民共和国个人信息保护法", "law", "data_protection", (2021, 11, 1), "全国人大常委会", "主席令第九十一号",
     "处理个人信息须有明确目的和合法依据，敏感信息须单独同意。", "联系人信息仅限授权人员查看并留痕。"),
    ("保障中小企业款项支付条例", "law", "credit", (2025, 6, 1), "国务院", "国令第802号",
     "机关、事业单位和大型企业应按约定期限支付中小企业款项。", "对大客户的账期写入合同，逾期依法催收。"),
)  # fmt: skip
#: So many agreements for the next year are on their way, all with this text.
CONTRACTS = 6
AGREEMENT = (
    "一、甲方授权乙方在约定区域经销川兴系列产品。\n二、乙方按季度计划提货，价格按甲方当期价目表执行。\n"
    "三、账期三十天，逾期停止发货。\n四、乙方不得跨区销售；争议由合同签订地人民法院管辖。"
)
MEANINGS = ("可主推低度宴席款。", "需重谈年度任务量。", "适合铺光瓶产品。", "要求我方线上控价。")
#: So many promoters from outside; every so many working days one of them is credited with a sale.
OUTSIDERS, CREDITED_DAYS = 3, 15


def plan_market(plan: Timetable, sources: Sources, year: WorkingYear, clients: Sequence[Client]) -> None:
    """Plan what is learnt of the market and what promoters bring in, in the course of the year."""
    _plan_promotions(plan, year)
    _plan_library(plan, year)
    trends = _plan_trends(plan, year)
    dealing = [client for client in clients if client.deals and not client.head]
    for number, client in enumerate(dealing[:12]):
        moment = max(year.moment(year.days[-18 + number], NEWS), client.since)
        values = {"customer": Made(client.key), "trend": Made(trends[number % len(trends)]),
                  "meaning": MEANINGS[number % len(MEANINGS)]}  # fmt: skip
        plan.add(Entry(moment, client.username, "customers.trendreference", values))
    _plan_promoters(plan, sources, year, dealing)
    _plan_contracts(plan, year, dealing)


def _plan_contracts(plan: Timetable, year: WorkingYear, clients: Sequence[Client]) -> None:
    """Next year's agreements are drafted in the last weeks; every second one has been put before the sales manager."""
    begins = datetime.date(year.today.year + 1, 1, 1)
    for number, client in enumerate(clients[-CONTRACTS:]):
        moment = max(year.moment(year.days[-2 - number], NEWS), client.since)
        key = f"contract {number}"
        values = {
            "customer": Made(client.key), "name": f"{begins.year} 年度经销协议", "kind": "distribution",
            "amount": Decimal(180_000 + 60_000 * number), "begins_on": begins,
            "ends_on": datetime.date(begins.year, 12, 31), "content": AGREEMENT,
        }  # fmt: skip
        plan.add(Entry(moment, client.username, "sales.contract", values, key=key))
        if number % 2:
            later = min(moment + datetime.timedelta(minutes=5), year.now)
            plan.add(Entry(later, client.username, "sales.contract", {}, action="submit_contract", target=Made(key)))


def _plan_promotions(plan: Timetable, year: WorkingYear) -> None:
    for rival, name, ago, days, content in PROMOTIONS:
        begins = year.today - datetime.timedelta(days=ago)
        values = {
            "competitor": Made(f"rival {rival}"), "name": name, "begins_on": begins, "region": RIVALS[rival][1],
            "ends_on": begins + datetime.timedelta(days=days) if days else None, "content": content,
            "source": "market_feedback",
        }  # fmt: skip
        plan.add(Entry(_heard(year, begins), KEEPER, "customers.competitorpromotion", values))


def _plan_trends(plan: Timetable, year: WorkingYear) -> list[str]:
    for number, (name, ago, days, area, source, reference, content) in enumerate(TRENDS):
        begins = year.today - datetime.timedelta(days=ago)
        moment = _heard(year, begins)
        values = {
            "name": name, "period_from": begins, "period_until": begins + datetime.timedelta(days=days),
            "noted_on": moment.date(), "area": area, "source": source, "reference": reference, "content": content,
        }  # fmt: skip
        plan.add(Entry(moment, KEEPER, "customers.markettrend", values, key=f"trend {number}"))
    return [f"trend {number}" for number in range(len(TRENDS))]


def _plan_library(plan: Timetable, year: WorkingYear) -> None:
    for name, kind, topic, dated, source, number, content, lesson in LIBRARY:
        values = {
            "name": name, "kind": kind, "topic": topic, "dated_on": datetime.date(*dated), "source": source,
            "document_number": number, "content": content, "lesson": lesson,
        }  # fmt: skip
        plan.add(Entry(year.moment(year.days[8], NEWS), "archivist", "customers.libraryentry", values))


def _heard(year: WorkingYear, day: datetime.date) -> datetime.datetime:
    return year.moment(year.on_or_after(day), NEWS)


def _plan_promoters(plan: Timetable, sources: Sources, year: WorkingYear, clients: Sequence[Client]) -> None:
    """Two schemes for outsiders, one after the other, one for staff; sales are credited every few weeks."""
    opening, middle = year.moment(year.first, SCHEMES), year.first + datetime.timedelta(days=180)
    for name, side, rate, begins, ends in (
        ("外联促销方案（上期）", "external", "3.50", year.first, middle - datetime.timedelta(days=1)),
        ("外联促销方案（本期）", "external", "4.25", middle, None),
        ("内部人员促销方案", "internal", "1.20", year.first, None),
    ):
        values = {"name": name, "side": side, "rate": Decimal(rate), "begins_on": begins, "ends_on": ends,
                  "content": "按实际回款的销售额计提，次月十五日结算。"}  # fmt: skip
        plan.add(Entry(opening, KEEPER, "customers.commissionscheme", values))
    for number in range(OUTSIDERS):
        values = {"name": person_name(sources.chance)[0], "side": "external", "phone": sources.phones.mobile(),
                  "region": ("成都", "上海", "广州")[number]}  # fmt: skip
        plan.add(Entry(opening, KEEPER, "customers.promoter", values, key=f"promoter {number}"))
    for place, day in enumerate(year.days[CREDITED_DAYS::CREDITED_DAYS]):
        moment = year.moment(day, CREDITS)
        known = [client for client in clients if client.since < moment]
        if not known:
            continue
        client = known[place * 7 % len(known)]
        values = {
            "customer": Made(client.key), "promoter": Made(f"promoter {place % OUTSIDERS}"), "sold_on": day,
            "order_number": f"CX{day:%y%m%d}", "amount": Decimal(sources.chance.randint(80_000, 3_200_000)) / 100,
        }  # fmt: skip
        plan.add(Entry(moment, client.username, "customers.promotedsale", values))


def sign_contract(year: WorkingYear) -> None:
    """One agreement has come through: the manager has approved it, both sides have signed, its paper is in class 2."""
    contract = Contract.objects.filter(state=ContractState.REVIEW).select_related("owner").order_by("number").first()
    if contract is None or contract.owner is None:
        return
    item = WorkItem.objects.filter(record_id=contract.pk, state=WorkItem.State.OPEN).select_related("owner").get()
    run(
        APPROVE, Context.of(item.owner, now=year.now, source=SOURCE), "workflow.workitem", item, {"comment": "条款妥当"}
    )
    contract.refresh_from_db()
    sign = action_of(registry.module("sales.contract"), "sign_contract")
    assert sign is not None
    run(sign, Context.of(contract.owner, now=year.now, source=SOURCE), "sales.contract", contract,
        {"signed_on": year.today})  # fmt: skip
