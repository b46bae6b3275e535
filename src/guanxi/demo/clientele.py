"""The customers: who they are, who looks after them, whom one talks to there, where goods and invoices go."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from guanxi.demo.company import ACCOUNT_MANAGERS
from guanxi.demo.company_names import TRADES, Company, Place, places
from guanxi.demo.offer import BOTTLES, RIVALS
from guanxi.demo.people_names import person_name
from guanxi.demo.sentences import sentence
from guanxi.demo.sources import Sources
from guanxi.demo.timetable import Entry, Made, Timetable

CUSTOMER = "customers.customer"
MARKET_AREAS = {"southwest": "southwest", "east": "east", "north": "north", "south": "south"}
BLOCKS = (
    "sales_capability", "growth_potential", "business_philosophy", "business_methods", "business_policies",
    "characteristics", "sales_activity", "existing_problems", "our_strategy", "outlook", "image", "reputation",
    "financial_state", "credit_standing", "product_structure", "market_competition", "competitiveness",
    "dealings_with_us", "credit_capability", "market_capacity", "operating_performance", "organisation_structure",
    "remarks",
)  # fmt: skip
#: How many of a hundred customers stand where.
STATUSES = {"prospect": 18, "following": 16, "dealing": 54, "at_risk": 7, "lost": 5}
#: How many of a hundred customers turn out how large a share of the blocks is filled: most files have gaps.
FILLED = (30, 55, 55, 80, 80, 80, 100)


@dataclass(frozen=True)
class Client:
    """A customer as the story tells it: the record is `Made(key)`."""

    key: str
    company: Company
    username: str
    since: datetime.datetime
    status: str
    size: int
    trend: int
    people: tuple[str, ...]
    head: str = ""

    @property
    def facts(self) -> dict[str, str]:
        """What the sentences are filled with."""
        return {"city": self.company.place.city, "short": self.company.short_name}

    @property
    def deals(self) -> bool:
        """Whether it orders from us at all."""
        return self.status in ("dealing", "at_risk", "lost")


def say(sources: Sources, section: str, client: Client) -> str:
    """A sentence about a customer."""
    chance = sources.chance
    more = {
        "product": chance.choice(BOTTLES).name, "competitor": chance.choice(RIVALS)[0][:3],
        "person": chance.choice(client.people),
    }  # fmt: skip
    return sentence(chance, section, **client.facts, **more)


def client_of(
    sources: Sources,
    number: int,
    since: datetime.datetime,
    company: Company | None = None,
    head: str = "",
    username: str = "",
) -> Client:
    """The customer of that number; of a given company where it is a member of a group."""
    chance = sources.chance
    made = company or sources.companies.company()
    people = tuple(person_name(chance)[0] for _person in range(chance.choices((1, 2, 3, 4), (3, 4, 2, 1))[0]))
    return Client(
        key=f"customer {number}", company=made, since=since,
        username=username or chance.choice(ACCOUNT_MANAGERS[made.place.region]),
        status="dealing" if company else chance.choices(tuple(STATUSES), tuple(STATUSES.values()))[0],
        size=chance.choices((1, 2, 4, 8), (40, 35, 18, 7))[0], trend=chance.choice((-45, -20, 0, 0, 15, 30, 60)),
        people=people, head=head,
    )  # fmt: skip


def plan_client(plan: Timetable, sources: Sources, client: Client, *, thorough: bool = True) -> None:
    """Enter the customer; thorough: with texts, all contacts, addresses and billing profile, else one contact only."""
    plan.add(Entry(client.since, client.username, CUSTOMER, _customer(sources, client, thorough), key=client.key))
    for entry in _contacts(sources, client, client.people if thorough else client.people[:1], thorough):
        plan.add(entry)
    if thorough:
        for entry in _places(sources, client):
            plan.add(entry)


def _customer(sources: Sources, client: Client, thorough: bool) -> dict[str, Any]:
    chance, company = sources.chance, client.company
    place, trade = company.place, company.trade
    day = client.since.date()
    founded = datetime.date(chance.randint(1996, day.year - 2), chance.randint(1, 12), chance.randint(1, 28))
    large = client.size >= 4
    values: dict[str, Any] = {
        "name": company.name, "short_name": company.short_name, "status": client.status,
        "relations": ["prospect"] if client.status in ("prospect", "following") else ["buyer"],
        "market_role": trade.market_role, "credit_code": company.credit_code, "industry": trade.industry,
        "legal_representative": client.people[0], "operating_manager": client.people[-1],
        "phone": sources.phones.landline(place.area), "province": place.province, "city": place.city,
        "address": place.address(chance), "business_scope": trade.scope, "goods_consumed": list(trade.goods),
        "source": chance.choice(("trade_fair", "trade_press", "internet", "association", "store_visit", "referral")),
        "size": chance.choice(("medium", "large") if large else ("micro", "small", "small", "medium")),
        "registered_capital": Decimal(chance.choice((500, 1000, 2000) if large else (10, 50, 100, 200)) * 10000),
        "founded_on": founded, "market_area": [MARKET_AREAS[place.region]],
        "demand_level": "A" if client.size == 8 else "B" if large else chance.choice("BCC"),
        "importance": "important" if client.size == 8 or client.head else "special" if large else "ordinary",
        "key_account": bool(client.head) or client.size == 8,
        "economic_nature": "private" if "公司" in company.name else "sole_trader", "collected_on": day,
    }  # fmt: skip
    if client.deals:
        values["first_dealing_on"] = day - datetime.timedelta(days=chance.randrange(0, 2000))
    if client.head and client.head != client.key:
        values |= {"parent": Made(client.head), "institution": "branch"}
    elif client.head:
        values["institution"] = "head_office"
    return values | (_described(sources, client) | _in_the_trade(sources, client) if thorough else {})


def _in_the_trade(sources: Sources, client: Client) -> dict[str, Any]:
    """What the fields of the liquor pack say of a customer."""
    chance, large = sources.chance, client.size >= 4
    channel = chance.choice(("经销商", "经销商", "分销商") if large else ("烟酒店", "烟酒店", "餐饮", "商超", "团购"))
    told: dict[str, Any] = {
        "x_liquor_channel": channel,
        "x_liquor_level": chance.choice(("战略", "一级") if large else ("二级", "三级")),
        "x_liquor_territory": f"{client.company.place.city}及周边",
        "x_liquor_diversion": chance.choices(("无", "疑似", "已处理"), (90, 6, 4))[0],
    }
    if channel in ("经销商", "分销商"):
        told["x_liquor_outlets"] = chance.randint(3, 40) * 10
        told["x_liquor_deposit"] = Decimal(chance.choice((5, 10, 20, 50)) * 10000)
    if client.deals:
        told["x_liquor_display"] = chance.sample(("堆头", "端架", "专柜", "橱窗"), 2)
        told["x_liquor_display_until"] = client.since.date() + datetime.timedelta(days=365)
    return told


def _described(sources: Sources, client: Client) -> dict[str, Any]:
    chance = sources.chance
    share = 100 if client.head else chance.choice(FILLED)
    told = {name: say(sources, name, client) for name in BLOCKS if chance.randrange(100) < share}
    if share >= 55:
        told["network_scale"] = f"下线终端约{chance.randint(3, 40) * 10}家，其中烟酒店约{chance.randint(40, 70)}%"
        told["network_reach"] = f"覆盖{client.company.place.city}{chance.randint(2, 8)}个区县"
        told["email"] = f"{chance.choice(('info', 'sales', 'office'))}@kh{chance.randrange(10**6):06}.example"
    return told


ROLES = {0: ("legal_representative", "decision_maker"), 1: ("purchasing",), 2: ("finance",), 3: ("warehouse",)}
POSTS = {
    0: ("董事长", "总经理", "老板"),
    1: ("采购经理", "采购主管"),
    2: ("财务主管", "会计"),
    3: ("仓库主管", "收货员"),
}
HOBBIES = ("钓鱼", "茶道", "自驾", "爬山", "书法", "羽毛球", "麻将", "摄影", "下棋", "养花", "读史", "太极")


def _contacts(sources: Sources, client: Client, people: tuple[str, ...], thorough: bool) -> Iterator[Entry]:
    chance = sources.chance
    for place, name in enumerate(people):
        values: dict[str, Any] = {
            "customer": Made(client.key), "name": name, "post": chance.choice(POSTS[place]),
            "roles": list(ROLES[place]),
            "mobile": sources.phones.mobile(), "primary": place == min(1, len(people) - 1),
            "gender": chance.choice(("male", "male", "female")),
        }  # fmt: skip
        if thorough and place == 0 and chance.random() < 0.45:
            values |= _profile(sources, client, client.since.year)
        yield Entry(client.since, client.username, "customers.contact", values, key=f"{client.key} contact {place}")


def _profile(sources: Sources, client: Client, year: int) -> dict[str, Any]:
    chance = sources.chance
    born = chance.randint(1962, 1992)
    hobbies = chance.sample(HOBBIES, 3)
    return {
        "personality": say(sources, "personality", client), "family": say(sources, "family", client),
        "ability": say(sources, "ability", client), "career": say(sources, "career", client),
        "interests": "、".join(hobbies[:1]), "hobbies": "、".join(hobbies[1:]),
        "education": chance.choice(("高中", "大专", "本科", "MBA")), "age": year - born,
        "birthday": datetime.date(born, chance.randint(1, 12), chance.randint(1, 28)),
    }  # fmt: skip


def _places(sources: Sources, client: Client) -> Iterator[Entry]:
    chance, company = sources.chance, client.company
    place = company.place
    delivery = {
        "customer": Made(client.key), "kind": "delivery", "province": place.province, "city": place.city,
        "address": place.address(chance), "recipient": client.people[-1], "phone": sources.phones.mobile(),
        "usual": True,
    }  # fmt: skip
    yield Entry(client.since, client.username, "customers.address", delivery)
    if client.size >= 4:
        store = {**delivery, "kind": "store", "address": place.address(chance), "usual": False, "phone": ""}
        yield Entry(client.since, client.username, "customers.address", store)
    if client.deals:
        bank = chance.choice(("中国工商银行", "中国农业银行", "中国建设银行", "招商银行", f"{place.city}银行"))
        billing = {
            "customer": Made(client.key), "title": company.name, "tax_number": company.credit_code,
            "bank": f"{bank}{place.city}{chance.choice(place.roads)}支行",
            "account": f"{chance.choice(('6222', '6217', '1100', '4402'))}{chance.randrange(10**13):013}",
            "address": place.address(chance), "phone": sources.phones.landline(place.area), "usual": True,
        }  # fmt: skip
        yield Entry(client.since, client.username, "customers.billingprofile", billing)


#: The two key groups: brand and trade of the head office, its city, and where its branches are.
GROUPS = (
    ("川汇", TRADES[5], "成都", ("绵阳", "重庆", "昆明", "贵阳")),
    ("海阔", TRADES[3], "上海", ("南京", "杭州", "苏州", "宁波", "合肥")),
)  # fmt: skip


def group_companies(sources: Sources, group: tuple[str, Any, str, tuple[str, ...]]) -> list[Company]:
    """The head office and the branches of a group."""
    brand, trade, city, branches = group
    by_city: dict[str, Place] = {place.city: place for place in places()}
    name = f"{city}{brand}{trade.words[0]}集团有限公司"
    head = Company(name, brand, by_city[city], trade, sources.companies.credit_code(by_city[city]))
    return [head, *(sources.companies.branch(head, by_city[where], f"{name}{where}分公司") for where in branches)]
