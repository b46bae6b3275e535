"""What the company sells, buys and competes with: products, vendors, price books, competitors, authorities."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from decimal import Decimal
from random import Random

from guanxi.demo.company_names import places
from guanxi.demo.people_names import person_name
from guanxi.demo.sources import Sources
from guanxi.demo.timetable import Entry, Made, Timetable

KEEPER = "marketing"


@dataclass(frozen=True)
class Bottle:
    """A product: code, name, series, specification, price for one bottle in yuan, bottles to a case."""

    code: str
    name: str
    series: str
    specification: str
    price: int
    case: int = 6

    @property
    def key(self) -> str:
        return f"product {self.code}"


BOTTLES = (
    Bottle("CX52-ZP", "川兴珍品", "川兴珍品", "52%vol 500ml", 1280, 4),
    Bottle("CX52-15", "川兴十五年", "川兴陈酿", "52%vol 500ml", 698),
    Bottle("CX52-10", "川兴十年", "川兴陈酿", "52%vol 500ml", 398),
    Bottle("CX42-10", "川兴十年低度", "川兴陈酿", "42%vol 500ml", 368),
    Bottle("CX52-06", "川兴六年", "川兴陈酿", "52%vol 500ml", 218),
    Bottle("CX42-06", "川兴六年低度", "川兴陈酿", "42%vol 500ml", 198),
    Bottle("CX52-HY", "川兴红宴", "川兴宴席", "52%vol 500ml", 158),
    Bottle("CX42-HY", "川兴红宴低度", "川兴宴席", "42%vol 500ml", 138),
    Bottle("CX38-HY", "川兴红宴38度", "川兴宴席", "38%vol 500ml", 128),
    Bottle("CX52-TQ", "川兴特曲", "川兴特曲", "52%vol 500ml", 98),
    Bottle("CX42-TQ", "川兴特曲低度", "川兴特曲", "42%vol 500ml", 88),
    Bottle("CX38-TQ", "川兴特曲38度", "川兴特曲", "38%vol 500ml", 78),
    Bottle("CX52-GP", "川兴光瓶", "川兴光瓶", "52%vol 500ml", 48, 12),
    Bottle("CX42-GP", "川兴光瓶低度", "川兴光瓶", "42%vol 500ml", 42, 12),
    Bottle("CX45-XJ", "川兴小酒", "川兴光瓶", "45%vol 100ml", 38, 24),
    Bottle("CX53-JX", "川兴酱香", "川兴酱香", "53%vol 500ml", 458),
    Bottle("CX53-JX5", "川兴酱香五年", "川兴酱香", "53%vol 500ml", 258),
    Bottle("CX52-LH", "川兴双瓶礼盒", "川兴礼品", "52%vol 500ml×2", 588, 4),
    Bottle("CX52-TZ", "川兴坛装", "川兴礼品", "52%vol 1.5L", 888, 2),
    Bottle("CX52-PJ", "川兴品鉴酒", "川兴礼品", "52%vol 100ml", 58, 24),
)  # fmt: skip
#: Kind, words of the name, what it supplies.
VENDORS = (
    ("manufacturer", "粮油", "高粱、糯米、小麦，按季采购"),
    ("manufacturer", "玻璃制品", "500ml 晶白料酒瓶及瓶盖"),
    ("manufacturer", "陶瓷", "坛装与礼品酒陶瓶"),
    ("manufacturer", "包装印务", "彩盒、礼盒、外箱"),
    ("manufacturer", "酒曲", "中高温大曲"),
    ("logistics", "物流", "西南、华南干线与城市配送"),
    ("logistics", "供应链", "华东、华北仓配一体"),
    ("service_provider", "广告传媒", "门头、陈列与品鉴会执行"),
    ("service_provider", "检测技术", "批次检验与年度型式检验"),
)
#: Name, region, products, specification and retail price of its leading product, our product it meets.
RIVALS = (
    ("泸江酒业股份有限公司", "西南", "泸江特曲、泸江窖龄", "泸江窖龄三十年", "52%vol 500ml", 288, "CX52-06"),
    ("剑山春酒厂", "西南", "剑山春水晶瓶、剑山春红花", "剑山春水晶瓶", "52%vol 500ml", 428, "CX52-10"),
    ("淮滨坊酒业有限公司", "华东", "淮滨坊蓝色、淮滨坊宴席", "淮滨坊蓝五", "42%vol 480ml", 168, "CX42-HY"),
    ("汾河老窖集团", "华北", "汾河清香、汾河光瓶", "汾河光瓶", "53%vol 475ml", 55, "CX52-GP"),
    ("赤河酱酒有限公司", "华南", "赤河酱香五年、十年", "赤河酱香五年", "53%vol 500ml", 268, "CX53-JX5"),
    ("湘里酒业有限公司", "华南", "湘里红、湘里馥郁", "湘里红", "52%vol 500ml", 188, "CX52-06"),
)  # fmt: skip
STRENGTHS = ("品牌投入大，终端陈列强。", "价格带全，经销商利润高。", "宴席政策灵活，见效快。")
WEAKNESSES = ("价格体系不稳，窜货多。", "换代理频繁，终端有怨言。", "口感偏烈，女性消费者少。")
#: Where each rival stands beside us, in their order, and how it pays its sellers.
TIERS = ("above", "same", "above", "same", "same", "below")
COMMISSIONS = (
    "业务员按回款 1.5% 提成，外部促销按开瓶计费。",
    "按销售额 2% 提成，季度结算。",
    "底薪加任务奖，不计提成。",
)
#: Organisation, kind, post, region.
PUBLIC = (
    ("成都市市场监督管理局", "supervision", "食品经营科科长", "成都"),
    ("四川省经济和信息化厅", "government", "白酒产业处主任科员", "成都"),
    ("四川省酒类流通协会", "association", "秘书长", "成都"),
    ("成都市税务局第二分局", "government", "税管员", "成都"),
    ("天府商报", "media", "酒业记者", "成都"),
    ("全国酒业观察", "media", "编辑部主任", "北京"),
    ("青羊区蜀都街道办事处", "community", "经济发展科", "成都"),
    ("华东酒类商业协会", "association", "副会长", "上海"),
)


def plan_offer(plan: Timetable, sources: Sources, opening: datetime.datetime, autumn: datetime.datetime) -> None:
    """Enter the catalogue and the market at the opening, and the autumn prices when autumn comes."""
    _plan_vendors(plan, sources, opening)
    for bottle in BOTTLES:
        _plan_product(plan, opening, bottle)
    _plan_prices(plan, opening, autumn)
    _plan_rivals(plan, sources.chance, opening)
    _plan_public(plan, sources, opening)


def _plan_vendors(plan: Timetable, sources: Sources, opening: datetime.datetime) -> None:
    chance, phones, companies = sources.chance, sources.phones, sources.companies
    at_home = [place for place in places() if place.province == "四川"]
    for number, (category, words, supplies) in enumerate(VENDORS, start=1):
        place = chance.choice(at_home)
        values = {
            "name": f"{place.city}{companies.brand()}{words}有限公司", "code": f"V{number:03}", "category": category,
            "contact_person": person_name(chance)[0], "phone": phones.landline(place.area),
            "credit_code": companies.credit_code(place), "address": place.address(chance), "description": supplies,
        }  # fmt: skip
        plan.add(Entry(opening, KEEPER, "catalog.vendor", values, key=f"vendor {number}"))


def _plan_product(plan: Timetable, opening: datetime.datetime, bottle: Bottle) -> None:
    values = {
        "name": bottle.name, "code": bottle.code, "category": "gift" if bottle.series == "川兴礼品" else "goods",
        "brand": bottle.series, "specification": bottle.specification, "unit": "bottle",
        "packing": f"每箱{bottle.case}瓶", "barcode": _barcode(f"690123{BOTTLES.index(bottle) + 1:06}"),
        "standard_price": Decimal(bottle.price),
    }  # fmt: skip
    plan.add(Entry(opening, KEEPER, "catalog.product", values, key=bottle.key))


def _barcode(twelve: str) -> str:
    """The EAN-13 of twelve digits."""
    total = sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(twelve))
    return f"{twelve}{-total % 10}"


def _plan_prices(plan: Timetable, opening: datetime.datetime, autumn: datetime.datetime) -> None:
    books = (
        ("dealers", "{year} 经销商基础价", opening, 72, True), ("chains", "{year} KA 商超价", opening, 80, True),
        ("autumn", "{year} 秋季经销商价", autumn, 68, False),
    )  # fmt: skip
    for key, name, moment, percent, open_ended in books:
        day = moment.date()
        values = {
            "name": name.format(year=moment.year), "valid_from": day, "description": "含税，按瓶计价；整箱起订。",
            "valid_until": None if open_ended else day + datetime.timedelta(days=120),
        }  # fmt: skip
        plan.add(Entry(moment, KEEPER, "catalog.pricebook", values, key=f"prices {key}"))
        entries = [{"product": Made(bottle.key), "price": dealer_price(bottle, percent)} for bottle in BOTTLES]
        plan.add(
            Entry(
                moment,
                KEEPER,
                "catalog.pricebook",
                {"entries": entries},
                action="add_products",
                target=Made(f"prices {key}"),
            )
        )


def dealer_price(bottle: Bottle, percent: int) -> Decimal:
    """A price in whole yuan at so many per cent of the standard price."""
    return (Decimal(bottle.price) * percent / 100).quantize(Decimal(1))


def _plan_rivals(plan: Timetable, chance: Random, opening: datetime.datetime) -> None:
    for number, (name, region, products, leading, specification, price, ours) in enumerate(RIVALS):
        values = {
            "name": name, "tier": TIERS[number], "region": region, "products": products,
            "commission_method": COMMISSIONS[number % len(COMMISSIONS)],
            "strengths": chance.choice(STRENGTHS),
            "weaknesses": chance.choice(WEAKNESSES),
            "price_policy": chance.choice(("买十赠一，季度返利。", "账期三十天，年度任务返利。", "按陈列面给费用。")),
        }  # fmt: skip
        plan.add(Entry(opening, KEEPER, "customers.competitor", values, key=f"rival {number}"))
        similar = {
            "name": leading, "competitor": Made(f"rival {number}"), "specification": specification,
            "price": Decimal(price), "region": region, "our_product": Made(f"product {ours}"),
            "observed_on": opening.date(), "remarks": "终端标价，含促销。",
        }  # fmt: skip
        plan.add(Entry(opening, KEEPER, "customers.similarproduct", similar))


def _plan_public(plan: Timetable, sources: Sources, opening: datetime.datetime) -> None:
    for organisation, kind, post, region in PUBLIC:
        values = {
            "name": person_name(sources.chance)[0], "organisation": organisation, "kind": kind, "post": post,
            "region": region,
            "phone": sources.phones.mobile(), "remarks": "逢年过节问候。",
        }  # fmt: skip
        plan.add(Entry(opening, KEEPER, "customers.publiccontact", values))
