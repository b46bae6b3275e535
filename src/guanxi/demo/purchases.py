"""What the company buys for its bottles and boxes over the year: purchase orders, approved, sent and received."""

from __future__ import annotations

import datetime

from guanxi.demo.sources import Sources
from guanxi.demo.timetable import Entry, Made, Timetable
from guanxi.demo.working_year import WorkingYear

ORDER, PRODUCT = "purchasing.purchaseorder", "catalog.product"
#: What is bought: name, code, what the vendor takes for a piece, how many are ordered at a time.
MATERIALS = (
    ("浓香酒瓶 500 ml", "BC-001", "2.26", 20_000), ("礼盒外箱", "BC-002", "6.80", 5_000),
    ("铝塑瓶盖", "BC-003", "0.45", 30_000), ("酒标（卷）", "BC-004", "118.00", 60),
)  # fmt: skip
VENDOR = {
    "name": "宜宾恒达包装有限公司",
    "category": "manufacturer",
    "contact_person": "罗建军",
    "phone": "0831-5550188",
}
PLACES = {
    "billing_recipient": "林淑芬", "billing_address": "四川省成都市锦江区东大街100号",
    "shipping_recipient": "赵铁", "shipping_address": "四川省成都市双流区物流园8号库",
}  # fmt: skip
#: Working days between two orders, and from order to delivery; minutes after opening.
EVERY, DELIVERY, DESK = 28, 12, 500


def plan_purchases(plan: Timetable, sources: Sources, year: WorkingYear) -> None:
    """Plan an order every few weeks: the newest wait for approval or for the goods, one is late."""
    opening = year.moment(year.days[2], DESK)
    plan.add(Entry(opening, "marketing", "catalog.vendor", VENDOR, key="packing vendor"))
    for name, code, price, _count in MATERIALS:
        values = {"name": name, "code": code, "category": "material", "unit": "piece", "standard_price": price}
        plan.add(Entry(opening, "marketing", PRODUCT, values, key=code))
    places = [*range(6, len(year.days) - 1, EVERY), len(year.days) - 5, len(year.days) - 2]
    for number, place in enumerate(places):
        _plan_one(plan, sources, year, number, place)


def _plan_one(plan: Timetable, sources: Sources, year: WorkingYear, number: int, place: int) -> None:
    key, day = f"purchase {number}", year.days[place]
    bought = [MATERIALS[number % len(MATERIALS)], MATERIALS[(number + 1) % len(MATERIALS)]]
    lines = [
        {"product": Made(code), "quantity": count * sources.chance.randint(8, 14) // 10, "unit_price": price}
        for _name, code, price, count in bought
    ]
    values = {
        "name": f"{bought[0][0]}等", "vendor": Made("packing vendor"), "ordered_on": day,
        "due_on": day + datetime.timedelta(days=16), "contact_person": VENDOR["contact_person"],
        "terms": "货到验收合格后三十天付款。", "lines": lines, **PLACES,
    }  # fmt: skip
    plan.add(Entry(year.moment(day, DESK + 10), "storekeeper", ORDER, values, key=key))
    steps: tuple[tuple[int, str, str, dict[str, object] | None], ...] = (
        (1, "sales_manager", "approve_purchase", {}), (2, "storekeeper", "send_purchase", {}),
        (DELIVERY, "storekeeper", "receive_all", None),
    )  # fmt: skip
    for after, who, verb, told in steps:
        if place + after >= len(year.days) - 1:
            return
        then = year.days[place + after]
        asked = {"day": then} if told is None else told
        plan.add(Entry(year.moment(then, DESK + 20), who, ORDER, asked, action=verb, target=Made(key)))
