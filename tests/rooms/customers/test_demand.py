"""Consumption by intention: each cell counts the customers that its link lists (ARC-45)."""

import json
import re
from decimal import Decimal
from html import unescape
from urllib.parse import parse_qs, urlsplit

import pytest

from guanxi.rooms.customers.models import Customer
from guanxi.rooms.customers.queries import INTENTIONS, consumption_and_intention, levels_of_consumption

REPORT = "/customers/reports/demand/"
#: Name, demand level, sales of twelve months; the thresholds are ¥100,000 and ¥20,000.
CUSTOMERS = (
    ("甲", "A", "100000.00"), ("乙", "A", "250000.50"), ("丙", "B", "99999.99"), ("丁", "B", "20000"),
    ("戊", "C", "19999.99"), ("己", "", "0.01"), ("庚", "A", "0"), ("辛", "", "0"),
)  # fmt: skip


@pytest.fixture
def market(world, new):
    """Eight customers, all 李伟's but 乙, each at an edge of its level."""
    for name, level, sales in CUSTOMERS:
        customer = new(
            "zhang_min" if name == "乙" else "li_wei", "customers.customer", name=f"{name}记", demand_level=level
        )
        Customer.objects.filter(pk=customer.pk).update(sales_12m=Decimal(sales))


@pytest.mark.clause("ARC-45")
def test_every_customer_stands_in_one_cell(world, market):
    """High 甲+乙 = 350 000.50; medium 丙+丁 = 119 999.99; low 戊, 己; nothing 庚, 辛."""
    found = {
        level.name: [(group.customers, group.sales) for group in groups]
        for level, groups in consumption_and_intention(world.ctx("sales_manager"))
    }
    none = (0, Decimal(0))
    assert INTENTIONS == ("A", "B", "C", "")
    assert found == {
        "high": [(2, Decimal("350000.50")), none, none, none],
        "medium": [none, (2, Decimal("119999.99")), none, none],
        "low": [none, none, (1, Decimal("19999.99")), (1, Decimal("0.01"))],
        "none": [(1, Decimal(0)), none, none, (1, Decimal(0))],
    }


@pytest.mark.clause("ARC-45")
def test_each_number_opens_exactly_its_customers_and_only_those_in_reach(world, client, market):
    for username, high in (("sales_manager", ["乙记", "甲记"]), ("li_wei", ["甲记"])):
        client.force_login(world[username])
        shown = client.get(REPORT).content.decode()
        links = [unescape(link) for link in re.findall(r'href="(/customers/customer/\?filter=[^"]+)"', shown)]
        assert len(links) == 6 + 4  # six cells with somebody in them, four rows
        listed = client.get(links[0]).content.decode()
        assert sorted(re.findall(r"[甲乙丙丁戊己庚辛]记", _rows(listed))) == sorted(high)
        tree = json.loads(parse_qs(urlsplit(links[0]).query)["filter"][0])
        assert {"field": "demand_level", "op": "in", "value": ["A"]} in tree["all"]


def _rows(page: str) -> str:
    """What the links to customers in the rows of a list say."""
    body = re.findall(r"<tbody.*?</tbody>", page, re.S)[0]
    return "".join(re.findall(r'<a [^>]*href="/customers/customer/[0-9a-f-]{36}/[^"]*"[^>]*>([^<]+)</a>', body))


@pytest.mark.clause("ARC-45")
def test_who_sees_no_customers_gets_no_report(world, client, market):
    client.force_login(world["system_admin"])
    assert client.get(REPORT).status_code == 403
    client.force_login(world["clerk"])
    assert client.get(REPORT).status_code == 403


def test_the_levels_leave_no_gap_whatever_the_thresholds():
    for high, medium in ((Decimal(100), Decimal(20)), (Decimal(20), Decimal(100))):
        levels = levels_of_consumption(high, medium)
        assert [level.below for level in levels] == [None, *(level.least for level in levels[:-1])]
        assert levels[-1].least is None
