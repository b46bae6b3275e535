"""Companies as they are named and registered in China: region, brand, trade, legal form, and a valid credit code."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from random import Random

from guanxi.kernel.chinese import credit_code
from guanxi.kernel.chinese.company import company_key

PLACES = Path(__file__).parent / "data" / "places.txt"


@dataclass(frozen=True)
class Place:
    """A city with what is needed to place a company there. `region` is the code of the sales region."""

    province: str
    city: str
    area: str
    district_code: str
    region: str
    districts: tuple[str, ...]
    roads: tuple[str, ...]

    def address(self, chance: Random) -> str:
        """A street address in this city."""
        province = "" if self.province == self.city else f"{self.province}省" if self.province != "广西" else "广西"
        number = f"{chance.randint(1, 399)}号"
        more = chance.choice(
            ("", "", f"{chance.randint(1, 12)}栋{chance.randint(1, 28)}0{chance.randint(1, 8)}室", "附1号")
        )
        return f"{province}{self.city}市{chance.choice(self.districts)}{chance.choice(self.roads)}{number}{more}"


@cache
def places() -> tuple[Place, ...]:
    """The cities that the company sells to."""
    rows = [line.split("|") for line in PLACES.read_text("utf-8").splitlines() if not line.startswith("#")]
    return tuple(
        Place(province, city, area, code, region, tuple(districts.split()), tuple(roads.split()))
        for province, city, area, code, region, districts, roads in rows
    )


@dataclass(frozen=True)
class Trade:
    """What a customer does: the words of its name, and what follows for its file."""

    words: tuple[str, ...]
    industry: str
    market_role: str
    scope: str
    forms: tuple[str, ...]
    goods: tuple[str, ...]


_COMPANY = ("有限公司", "有限公司", "有限责任公司")
_SHOP = ("商行", "经营部", "有限公司")
TRADES: tuple[Trade, ...] = (
    Trade(("酒业", "酒类销售", "名酒商贸", "糖酒"), "liquor_trade", "dealer",
          "酒类批发与零售；预包装食品销售；仓储服务；商务信息咨询。", _COMPANY, ("白酒", "葡萄酒")),
    Trade(("商贸", "贸易", "供应链管理"), "liquor_trade", "dealer",
          "食品、酒类、日用百货批发；普通货物道路运输；供应链管理服务。", _COMPANY, ("白酒", "饮料", "调味品")),
    Trade(("烟酒", "名烟名酒"), "liquor_trade", "retailer",
          "酒类零售；烟草制品零售；礼品销售。", _SHOP, ("白酒", "香烟")),
    Trade(("餐饮管理", "餐饮服务", "酒楼管理"), "catering", "consumer",
          "餐饮服务；酒水零售；宴会策划；企业管理咨询。", _COMPANY, ("宴席用酒", "餐饮用酒")),
    Trade(("酒店", "酒店管理", "大酒店"), "hotel", "consumer",
          "住宿服务；餐饮服务；会议服务；酒水销售。", _COMPANY, ("宴席用酒", "客房小酒")),
    Trade(("超市连锁", "百货", "生鲜超市"), "supermarket", "retailer",
          "预包装食品、酒类、日用品零售；场地租赁；货运代理。", _COMPANY, ("白酒", "啤酒", "饮料")),
    Trade(("食品", "副食品", "调味食品"), "food", "dealer",
          "预包装食品兼散装食品批发；酒类批发；仓储配送。", _COMPANY, ("白酒", "副食")),
    Trade(("旅游开发", "文化旅游"), "tourism", "consumer",
          "旅游资源开发；餐饮住宿；礼品与酒类销售。", _COMPANY, ("礼品酒",)),
    Trade(("建设工程", "装备制造", "电子科技"), "manufacturing", "consumer",
          "主营业务之外：员工福利与商务接待用酒采购。", _COMPANY, ("商务用酒", "定制酒")),
)  # fmt: skip
_WEIGHTS = (30, 18, 12, 14, 8, 6, 6, 2, 4)
_FIRST = "鑫瑞恒泰荣德祥丰盛锦华宏嘉裕福源永昌顺兴隆君聚金玉川蜀江岷汉唐云山海天禾润和万千百亿佳博汇旺诚信义正中"
_SECOND = "达源通泰丰盛隆祥瑞和源兴旺顺康宁安禾坤元鼎峰海阔川江林森淼晶鑫铭凯腾跃飞驰远航程途业基石润泽沛霖"


@dataclass(frozen=True)
class Company:
    """A company before anybody has entered it."""

    name: str
    short_name: str
    place: Place
    trade: Trade
    credit_code: str


class Companies:
    """Companies with names and credit codes that occur once."""

    def __init__(self, chance: Random) -> None:
        self._chance = chance
        self._keys: set[str] = set()
        self._codes: set[str] = set()

    def company(self, place: Place | None = None, trade: Trade | None = None) -> Company:
        """A new company, of the given city and trade where these are given."""
        chance = self._chance
        where = place or chance.choice(places())
        what = trade or chance.choices(TRADES, _WEIGHTS)[0]
        while True:
            brand = self.brand()
            words = chance.choice(what.words)
            name = f"{where.city}{brand}{words}{chance.choice(what.forms)}"
            if (key := company_key(name)) not in self._keys:
                self._keys.add(key)
                return Company(name, f"{brand}{words[:2]}", where, what, self.credit_code(where))

    def branch(self, head: Company, place: Place, name: str) -> Company:
        """A branch of a company in another city, with a registration of its own."""
        self._keys.add(company_key(name))
        return Company(name, f"{head.short_name}{place.city}", place, head.trade, self.credit_code(place))

    def brand(self) -> str:
        """A brand of two or three characters."""
        chance = self._chance
        third = chance.choice(_SECOND) if chance.random() < 0.35 else ""
        first, second = chance.choice(_FIRST), chance.choice(_SECOND)
        return first + second + (third if third not in (first, second) else "")

    def credit_code(self, place: Place) -> str:
        """A valid unified social credit code of a company registered in that city."""
        while True:
            body = "MA" + "".join(self._chance.choice(credit_code.ALPHABET) for _place in range(6))
            code = credit_code.make(f"91{place.district_code}{body}{_organisation_check(body)}")
            if code not in self._codes:
                self._codes.add(code)
                return code


def _organisation_check(body: str) -> str:
    """The check character of the nine-character organisation code inside the credit code (GB 11714)."""
    digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    total = sum(
        digits.index(character) * weight for character, weight in zip(body, (3, 7, 9, 10, 5, 8, 4, 2), strict=True)
    )
    rest = 11 - total % 11
    return "X" if rest == 10 else "0" if rest == 11 else str(rest)
