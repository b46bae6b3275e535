"""What follows from the opportunities of the year: quotes in the price talks, orders of those that were won."""

from __future__ import annotations

import datetime
from decimal import Decimal
from random import Random
from typing import Any

from guanxi.demo.clientele import Client
from guanxi.demo.offer import BOTTLES, dealer_price
from guanxi.demo.timetable import Entry, Made, Timetable
from guanxi.demo.working_year import WorkingYear

QUOTE, ORDER = "sales.quote", "sales.salesorder"
INVOICE = "receivables.invoice"
MANAGER, FINANCE = "sales_manager", "finance"
#: Minutes after opening; what dealers pay of the standard price, per cent.
DESK, DEALERS = 530, 72
TERMS = "含税含运费；款到发货。\n验收期七日，逾期视为合格。"
RETAILERS = ("街边烟酒店", "社区超市", "婚宴酒店", "餐饮门店", "单位团购")
REJECTED = ("价格高于预算", "已选其他品牌", "采购计划推迟")


def plan_quote(
    plan: Timetable, year: WorkingYear, client: Client, opportunity: str, topic: str, amount: Decimal, place: int
) -> str:
    """Quote for an opportunity on a working day and send it the next; "" where the year ends before that."""
    if place + 1 >= len(year.days):
        return ""
    chance = Random(f"quote {opportunity}")  # noqa: S311 - a story, no secret
    key, day = f"quote of {opportunity}", year.days[place]
    values = {
        "customer": Made(client.key), "opportunity": Made(opportunity), "name": topic, "terms": TERMS,
        "price_book": Made("prices dealers"), "valid_until": day + datetime.timedelta(days=90),
        "discount": chance.choice((0, 0, 2, 3, 5)), **_addresses(client), "lines": _lines(chance, amount),
    }  # fmt: skip
    plan.add(Entry(year.moment(day, DESK), client.username, QUOTE, values, key=key))
    sent = year.moment(year.days[place + 1], DESK)
    plan.add(Entry(sent, client.username, QUOTE, action="send_quote", target=Made(key)))
    return key


def plan_order(plan: Timetable, year: WorkingYear, client: Client, quote: str, place: int) -> None:
    """Take a quote for an order on a working day; it is approved the next day and delivered, mostly in time."""
    chance = Random(f"order {quote}")  # noqa: S311 - a story, no secret
    key, day = f"order of {quote}", year.days[place]
    promised = day + datetime.timedelta(days=chance.choice((10, 14, 21)))
    told: dict[str, Any] = {"promised": promised, "win": False}
    plan.add(
        Entry(year.moment(day, DESK), client.username, QUOTE, told, key=key, action="make_order", target=Made(quote))
    )
    if place + 1 >= len(year.days):
        return
    plan.add(Entry(year.moment(year.days[place + 1], DESK), MANAGER, ORDER, action="approve_order", target=Made(key)))
    came = year.on_or_after(promised + datetime.timedelta(days=chance.choice((-4, -3, -2, 0, 0, 5))))
    if year.days[place + 1] < came < year.days[-1]:
        plan.add(
            Entry(
                year.moment(came, DESK), client.username, ORDER, {"day": came}, action="deliver_order",
                target=Made(key),
            )
        )  # fmt: skip
        place = year.days.index(came)
        _plan_invoice(plan, year, client, key, place)
        _plan_resales(plan, year, client, key, place)


def _plan_invoice(plan: Timetable, year: WorkingYear, client: Client, order: str, place: int) -> None:
    """Finance invoices what was delivered some days later; now and then goods come back, and a red letter follows."""
    chance = Random(f"invoice {order}")  # noqa: S311 - a story, no secret
    key, place = f"invoice of {order}", place + chance.randint(1, 6)
    if place >= len(year.days):
        return
    day = year.days[place]

    def entry(at: datetime.date, action: str, target: str, values: dict[str, Any], **more: Any) -> None:
        plan.add(
            Entry(year.moment(at, DESK + 40), FINANCE, INVOICE, values, action=action, target=Made(target), **more)
        )

    plan.add(
        Entry(year.moment(day, DESK + 30), FINANCE, ORDER, {}, key=key, action="invoice_order", target=Made(order))
    )
    code = client.company.credit_code
    entry(day, "edit", key, {"title": client.company.name, "tax_number": code})
    # What was written in the last days waits for the tax office's number.
    if place + 4 >= len(year.days):
        return
    entry(year.days[place + 1], "issue_invoice", key, {"fapiao_number": _fapiao(chance)})
    back = place + chance.randint(8, 25)
    if chance.randrange(9) or back + 1 >= len(year.days):
        return
    day, again = year.days[back], f"second {key}"
    entry(day, "red_letter", key, {}, key=f"red {key}", reason="开票信息有误，冲红重开")
    entry(year.days[back + 1], "issue_invoice", f"red {key}", {"fapiao_number": _fapiao(chance)})
    if back + 3 < len(year.days):
        plan.add(
            Entry(
                year.moment(year.days[back + 2], DESK), FINANCE, ORDER, {}, key=again, action="invoice_order",
                target=Made(order),
            )
        )  # fmt: skip
        entry(year.days[back + 2], "edit", again, {"title": client.company.name, "tax_number": code})
        entry(year.days[back + 3], "issue_invoice", again, {"fapiao_number": _fapiao(chance)})


def _plan_resales(plan: Timetable, year: WorkingYear, client: Client, order: str, place: int) -> None:
    """A dealer tells in the following weeks what he sold on."""
    chance = Random(f"resale {order}")  # noqa: S311 - a story, no secret
    for bottle in chance.sample(BOTTLES, 2):
        place += chance.randint(8, 20)
        if place >= len(year.days):
            return
        quantity = bottle.case * chance.randint(3, 20)
        values = {
            "customer": Made(client.key), "sold_on": year.days[place], "product": Made(bottle.key),
            "quantity": quantity, "amount": quantity * dealer_price(bottle, 88), "buyer": chance.choice(RETAILERS),
        }  # fmt: skip
        plan.add(Entry(year.moment(year.days[place], DESK + 5), client.username, "sales.resale", values))


def _fapiao(chance: Random) -> str:
    """A number of the tax office's platform: year, area, twenty digits in all."""
    return f"26512{chance.randrange(10**15):015}"


def plan_rejection(plan: Timetable, year: WorkingYear, client: Client, quote: str, place: int) -> None:
    """The customer does not take it."""
    reason = Random(f"rejected {quote}").choice(REJECTED)  # noqa: S311 - a story, no secret
    moment = year.moment(year.days[place], DESK)
    plan.add(Entry(moment, client.username, QUOTE, action="reject_quote", target=Made(quote), reason=reason))


def plan_bookings(plan: Timetable, year: WorkingYear, client: Client) -> None:
    """Some who deal with us book for the holidays ahead of time (SAL-13)."""
    chance = Random(f"booking {client.key}")  # noqa: S311 - a story, no secret
    place = len(year.days) - chance.randrange(3, 20)
    if not client.deals or chance.randrange(4) or year.days[place] <= client.since.date():
        return
    day = year.days[place]
    values = {
        "customer": Made(client.key), "name": "春节预订", "is_booking": True, "ordered_on": day,
        "promised_on": day + datetime.timedelta(days=chance.randrange(40, 70)), "terms": TERMS,
        "price_book": Made("prices dealers"), **_addresses(client),
        "lines": _lines(chance, Decimal(20_000 * client.size)),
    }  # fmt: skip
    plan.add(Entry(year.moment(day, DESK), client.username, ORDER, values))


def _lines(chance: Random, amount: Decimal) -> list[dict[str, Any]]:
    """Two to four bottles in whole cases, worth about so much together."""
    bottles = chance.sample(BOTTLES, chance.randint(2, 4))
    lines = []
    for bottle in bottles:
        cases = int(amount / len(bottles) / (dealer_price(bottle, DEALERS) * bottle.case))
        lines.append({"product": Made(bottle.key), "quantity": max(1, cases) * bottle.case})
    return lines


def _addresses(client: Client) -> dict[str, str]:
    place = client.company.place.address(Random(f"address {client.key}"))  # noqa: S311 - a story, no secret
    return {"billing_recipient": client.company.short_name, "billing_address": place, "shipping_address": place}
