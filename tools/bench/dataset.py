"""The customers, contacts and follow-ups that everything is measured on: written by bulk, found like any others.

The same seed gives the same rows. Of 500 brands each stands in the names of one customer in 500, of eight trades each
in one in eight: searches with few and with many hits come from there. The audit is left out; pages do not need it.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import dataclass
from random import Random
from typing import Any

from django.db import transaction

from guanxi.demo.company_names import Companies, places
from guanxi.platform.bulk import insert_many, new_rows
from guanxi.platform.calendar import now
from guanxi.platform.numbering.sequences import next_numbers
from guanxi.platform.people.models import Person
from guanxi.records import derived, registry
from guanxi.rooms.customers.public import Customer
from guanxi.rooms.engagement.models import FollowUp

CHUNK = 5000
CONTACTS_PER_CUSTOMER = 1.5
FOLLOW_UPS_PER_CUSTOMER = 10
#: The eight words for a trade, and the pairs that make 500 brands.
TRADES = ("酒业", "商贸", "糖酒", "酒店", "餐饮", "食品", "百货", "名品")
FIRST, SECOND = "诚鑫瑞祥恒泰兴隆昌盛和顺德信义嘉华富宏达", "川蜀岳岭江海山河云霞松柏竹梅兰菊明阳辉耀坤乾元亨利"
SURNAMES, GIVEN = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗", "伟芳娜敏静丽强磊军洋勇艳杰涛明超秀霞平刚"
KINDS = ("phone", "visit", "wechat", "email", "meeting")


@dataclass(frozen=True)
class Questions:
    """What can be searched for with a known number of hits."""

    brand: str
    trade: str
    phone: str


def brands() -> list[str]:
    """The 500 brands."""
    return [first + second for first in FIRST for second in SECOND]


def load(customers: int, seed: int = 42, tell: Any = print) -> Questions:
    """Write so many customers with their contacts and follow-ups, shared among the people who sell."""
    chance = Random(seed)  # noqa: S311 - repeatable, not secret
    sellers = list(Person.objects.filter(is_active=True, roles__role__code="account_manager").distinct())
    made = Companies(chance)
    all_brands, first = brands(), ""
    for start in range(0, customers, CHUNK):
        count = min(CHUNK, customers - start)
        with transaction.atomic():
            rows = _customers(chance, made, all_brands, sellers, count)
            contacts = list(_contacts(chance, rows))
            for key, records in (("customers.customer", rows), ("customers.contact", contacts)):
                known = registry.entry(key)
                insert_many(known.module.model, records)
                derived.add(known, records)
            insert_many(FollowUp, list(_follow_ups(chance, rows)))
        first = first or contacts[0].mobile
        tell(f"{start + count:,} customers")
    return Questions(all_brands[7], TRADES[0], first)


def _customers(chance: Random, made: Companies, names: list[str], sellers: list[Any], count: int) -> list[Any]:
    moment, today = now(), now().date()
    rows = new_rows(Customer, count)
    numbers = next_numbers("customers.customer", registry.module("customers.customer").number, count, today)
    for row, number in zip(rows, numbers, strict=True):
        place, brand, trade, owner = (chance.choice(each) for each in (places(), names, TRADES, sellers))
        row.number, row.name = number, f"{place.city}{brand}{trade}有限公司"
        row.short_name, row.credit_code = f"{brand}{trade}", made.credit_code(place)
        row.province, row.city, row.address = place.province, place.city, place.address(chance)
        row.status = chance.choice(("prospect", "following", "dealing", "dealing", "at_risk"))
        row.demand_level = chance.choice("ABCD")
        row.industry, row.owner, row.department = "liquor_trade", owner, owner.department
        row.sales_12m = chance.randrange(0, 500_000)
        row.last_contact_on = today - datetime.timedelta(days=chance.randrange(300))
        row.created_at = row.changed_at = moment - datetime.timedelta(minutes=chance.randrange(1_000_000))
        row.created_by = row.changed_by = owner
    return rows


def _contacts(chance: Random, customers: list[Any]) -> Iterator[Any]:
    count = int(len(customers) * CONTACTS_PER_CUSTOMER)
    model = registry.module("customers.contact").model
    for place, row in enumerate(new_rows(model, count)):
        customer = customers[place % len(customers)]
        row.customer, row.name = customer, chance.choice(SURNAMES) + chance.choice(GIVEN) + chance.choice(GIVEN)
        row.mobile = f"13{chance.randrange(10**9):09d}"
        row.primary = place < len(customers)
        _belongs(row, customer)
        yield row


def _follow_ups(chance: Random, customers: list[Any]) -> Iterator[Any]:
    for place, row in enumerate(new_rows(FollowUp, len(customers) * FOLLOW_UPS_PER_CUSTOMER)):
        customer = customers[place % len(customers)]
        row.customer, row.kind = customer, chance.choice(KINDS)
        row.content = f"与{customer.short_name}沟通第{place % 97}批订货与回款安排。"
        row.happened_at = now() - datetime.timedelta(minutes=chance.randrange(500_000))
        _belongs(row, customer)
        yield row


def _belongs(row: Any, customer: Any) -> None:
    row.owner, row.department = customer.owner, customer.department
    row.created_at = row.changed_at = customer.changed_at
    row.created_by = row.changed_by = customer.owner
