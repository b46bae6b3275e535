"""Quotes and sales orders: priced lines, versions, approval, delivery (CRM-29 to CRM-36, SAL-06, SAL-07, SAL-13)."""

from __future__ import annotations

import datetime
import time
from decimal import Decimal
from typing import Any

import pytest

from guanxi.kernel.errors import Conflict, Invalid, NotAllowed, Problem, Refused
from guanxi.platform.obligations.models import Obligation
from guanxi.records.actions import run
from guanxi.records.approvals.asking import AwaitsApproval
from guanxi.records.standard import DELETE, create, edit
from guanxi.rooms.catalog.models import PriceBook, PriceBookEntry, Product
from guanxi.rooms.processes.public import install_processes
from guanxi.rooms.sales.actions import install_pipeline
from guanxi.rooms.sales.actions.orders import (
    APPROVE_ORDER,
    CANCEL_ORDER,
    CONFIRM_BOOKING,
    DELETE_ORDER,
    DELIVER_ORDER,
)
from guanxi.rooms.sales.actions.quotes import MAKE_ORDER, REJECT_QUOTE, REVISE_QUOTE, SEND_QUOTE
from guanxi.rooms.sales.models import Quote, QuoteLine, SalesOrder
from guanxi.rooms.sales.pages.papers import paper_of
from tests.digest import digest
from tests.people import World
from tests.rooms.sales.test_opportunities import begun, customer_of
from tests.web.conftest import browser

__all__ = ["browser"]

QUOTE, ORDER = "sales.quote", "sales.salesorder"
DAY = datetime.timedelta(days=1)


def product(name: str = "川兴特曲", price: str = "318.00", rate: str = "13", **more: Any) -> Product:
    """Something we sell."""
    return Product.objects.create(
        name=name, code=name, unit="bottle", standard_price=Decimal(price), tax_rate=Decimal(rate), **more
    )


def quoted(world: World, lines: list[dict[str, Any]] | None = None, **more: Any) -> Quote:
    """A quote of Li Wei's for a customer of his; three bottles at 318.00 unless said otherwise."""
    ctx = world.ctx("li_wei")
    values = {"valid_until": ctx.today + 30 * DAY, "name": "春节用酒", **more}
    customer = values.pop("customer", None) or customer_of(world, "li_wei", "锦江酒店有限公司")
    lines = lines or [{"product": product(), "quantity": "3"}]
    made: Quote = create(ctx, QUOTE, confirmed=True, customer=customer, lines=lines, **values)
    return made


def ordered(world: World, **more: Any) -> SalesOrder:
    """An order of a customer of Li Wei's, promised in ten days."""
    ctx = world.ctx("li_wei")
    values = {
        "customer": customer_of(world, "li_wei", "蓉城商贸有限公司"), "name": "首单", "ordered_on": ctx.today,
        "promised_on": ctx.today + 10 * DAY, **more,
    }  # fmt: skip
    if "lines" not in values:
        values["lines"] = [{"product": product("川兴大曲", "50.00"), "quantity": "10"}]
    made: SalesOrder = create(ctx, ORDER, confirmed=True, **values)
    return made


@pytest.mark.clause("CRM-30", "CRM-31")
def test_a_quote_is_priced_by_its_lines(world):
    wine, service = product(), product("上门配送", "100.00", "6")
    lines = [{"product": wine, "quantity": "12", "discount": "15"}, {"product": service, "quantity": "1"}]
    quote = quoted(world, lines, discount="5", freight="80", adjustment="-1.72")
    # 12 × 270.30 = 3243.60, + 100.00 = 3343.60; 5 % is 167.18; 3343.60 - 167.18 + 80.00 - 1.72 = 3254.70
    assert [str(line.amount) for line in quote.lines.all()] == ["3243.60", "100.00"]
    assert (str(quote.goods), str(quote.reduction), str(quote.amount)) == ("3343.60", "167.18", "3254.70")
    assert quote.net + quote.tax == quote.amount
    # At list prices 3916.00; paid 3343.60 - 167.18 - 1.72 = 3174.70, which is 18.93 % less.
    assert quote.conceded == Decimal("18.93")
    edit(world.ctx("li_wei"), QUOTE, quote, freight="0")
    quote.refresh_from_db()
    assert str(quote.amount) == "3174.70" and quote.lines.count() == 2
    first, second = quote.lines.all()
    again = [{"id": str(second.pk), "product": service, "quantity": "2"}, {"id": str(first.pk), "product": wine}]
    edit(world.ctx("li_wei"), QUOTE, quote, lines=[again[0], {**again[1], "quantity": "12"}])
    assert [line.product.name for line in quote.lines.all()] == ["上门配送", "川兴特曲"]


@pytest.mark.clause("CRM-30", "CRM-31")
@pytest.mark.parametrize(
    ("lines", "more", "told"),
    [
        ([], {}, "lines"),
        ([{"quantity": "3"}], {}, "lines"),
        ([{"quantity": "0"}], {}, "lines"),
        ([{"quantity": "99999999"}], {}, "lines"),
        ([{"quantity": "1", "unit_price": "100000000.01"}], {}, "lines"),
        ([{"quantity": "1", "discount": "101"}], {}, "lines"),
        ([{"quantity": "9999999", "unit_price": "100000000"}], {}, "lines"),
        ([{"quantity": "1"}], {"customer": None}, "customer"),
        ([{"quantity": "1"}], {"adjustment": "-1000"}, "adjustment"),
        ([{"quantity": "1"}], {"discount": "100.5"}, "discount"),
    ],
)
def test_a_quote_without_customer_lines_or_measure_is_refused(world, lines, more, told):
    wine = product()
    customer = customer_of(world, "li_wei", "锦江酒店有限公司")
    given = [line if line == {"quantity": "3"} else {"product": wine, **line} for line in lines]
    before = digest()
    with pytest.raises(Invalid) as refusal:
        create(
            world.ctx("li_wei"), QUOTE,
            **{"customer": customer, "name": "x", "valid_until": "2026-12-31", "lines": given, **more},
        )  # fmt: skip
    assert told in refusal.value.errors and digest() == before


@pytest.mark.clause("CRM-31")
def test_what_is_not_on_sale_or_in_another_currency_is_refused(world):
    ctx = world.ctx("li_wei")
    gone, wine = product("停售酒", active=False), product()
    with pytest.raises(Invalid, match="停售酒"):
        quoted(world, [{"product": gone, "quantity": "1"}])
    dollars = PriceBook.objects.create(name="出口价", currency="USD")
    with pytest.raises(Invalid, match="USD"):
        quoted(world, [{"product": wine, "quantity": "1"}], price_book=dollars)
    PriceBookEntry.objects.create(price_book=dollars, product=wine, price=Decimal("45.00"))
    abroad = quoted(world, [{"product": wine, "quantity": "2"}], price_book=dollars)
    assert (abroad.currency, str(abroad.amount)) == ("USD", "90.00")
    with pytest.raises(Invalid, match="USD"):
        edit(ctx, QUOTE, abroad, price_book=None)
    assert Quote.objects.get(pk=abroad.pk).currency == "USD"


@pytest.mark.clause("CRM-29", "CRM-30")
def test_a_sent_quote_is_revised_not_written(world):
    ctx = world.ctx("li_wei")
    quote = quoted(world)
    run(SEND_QUOTE, ctx, QUOTE, quote, confirmed=True)
    quote.refresh_from_db()
    assert quote.sent_on == ctx.today
    with pytest.raises(Problem):
        edit(ctx, QUOTE, quote, name="改了")
    with pytest.raises(Refused):
        run(DELETE, ctx, QUOTE, quote, confirmed=True)
    later = run(REVISE_QUOTE, ctx, QUOTE, quote, {"until": "2026-12-31"})
    quote.refresh_from_db()
    assert (quote.state, later.state, later.edition, later.former_id) == ("replaced", "draft", 2, quote.pk)
    assert later.amount == quote.amount and later.number != quote.number
    run(DELETE, ctx, QUOTE, later, confirmed=True)
    assert Quote.objects.get(pk=later.pk).deleted_at is not None


@pytest.mark.clause("CRM-30")
def test_a_discount_beyond_the_parameter_asks_a_superior(world):
    install_processes(world.ctx("li_wei").now)
    wine = product()
    small = quoted(world, [{"product": wine, "quantity": "1", "discount": "15"}])
    run(SEND_QUOTE, world.ctx("li_wei"), QUOTE, small, confirmed=True)
    large = quoted(
        world, [{"product": wine, "quantity": "1", "discount": "15.5"}], customer=small.customer
    )  # fmt: skip
    with pytest.raises(AwaitsApproval):
        run(SEND_QUOTE, world.ctx("li_wei").because("老客户"), QUOTE, large, confirmed=True)
    large.refresh_from_db()
    assert large.state == "draft"


@pytest.mark.clause("CRM-30", "CRM-36")
def test_an_order_is_made_of_a_quote_by_one_verb(world):
    ctx = world.ctx("li_wei")
    install_pipeline(ctx.now)
    opportunity = begun(world)
    quote = quoted(world, customer=opportunity.customer, opportunity=opportunity, shipping_address="成都市锦江区")
    with pytest.raises(Conflict):
        run(MAKE_ORDER, ctx, QUOTE, quote, {"promised": ctx.today + DAY})
    run(SEND_QUOTE, ctx, QUOTE, quote, confirmed=True)
    with pytest.raises(Refused):
        run(MAKE_ORDER, ctx, QUOTE, quote, {"promised": ctx.today - DAY})
    order = run(MAKE_ORDER, ctx, QUOTE, quote, {"promised": ctx.today + DAY, "win": True})
    quote.refresh_from_db()
    opportunity.refresh_from_db()
    assert (quote.state, opportunity.state, opportunity.amount) == ("accepted", "won", quote.amount)
    assert (order.amount, order.shipping_address, order.state) == (quote.amount, "成都市锦江区", "created")
    assert [line.product for line in order.lines.all()] == [line.product for line in quote.lines.all()]
    other = customer_of(world, "li_wei", "另一家有限公司")
    with pytest.raises(Refused):
        quoted(world, [{"product": product("另一种"), "quantity": "1"}], customer=other, opportunity=opportunity)


@pytest.mark.clause("CRM-30")
def test_a_quote_that_has_run_out_is_neither_sent_nor_ordered(world):
    ctx = world.ctx("li_wei")
    quote = quoted(world, valid_until=ctx.today - DAY)
    with pytest.raises(Refused, match=r"CRM-30|有效|valid"):
        run(SEND_QUOTE, ctx, QUOTE, quote, confirmed=True)
    Quote.objects.filter(pk=quote.pk).update(state="sent")
    with pytest.raises(Refused):
        run(MAKE_ORDER, ctx, QUOTE, Quote.objects.get(pk=quote.pk), {"promised": ctx.today})
    run(REJECT_QUOTE, ctx.because("价格太高"), QUOTE, Quote.objects.get(pk=quote.pk))
    assert Quote.objects.get(pk=quote.pk).answer == "价格太高"


@pytest.mark.clause("CRM-36", "SAL-06", "SAL-07", "VIS-01")
def test_an_order_is_approved_by_the_manager_and_delivered_by_its_day(world):
    ctx, manager = world.ctx("li_wei"), world.ctx("sales_manager")
    wine = product("川兴大曲", "50.00")
    lines = [{"product": wine, "quantity": "10"}]
    order = ordered(world, lines=lines)
    assert order.amount == Decimal("500.00")
    assert list(manager.search(ORDER)) == [order] and not world.ctx("zhang_min").search(ORDER).exists()
    with pytest.raises(NotAllowed):
        run(APPROVE_ORDER, ctx, ORDER, order)
    run(APPROVE_ORDER, manager, ORDER, order)
    duty = Obligation.objects.get(duty="sales.deliver_order")
    assert (duty.due_on, duty.owner, duty.state) == (order.promised_on, order.owner, "open")
    order.refresh_from_db()
    with pytest.raises(Refused):
        run(DELIVER_ORDER, ctx, ORDER, order, {"day": ctx.today + DAY})
    with pytest.raises(Refused):
        run(DELETE_ORDER, ctx, ORDER, order, confirmed=True)
    assert order.customer.stage == "collection"
    run(DELIVER_ORDER, ctx, ORDER, order, {"day": ctx.today})
    duty.refresh_from_db()
    order.refresh_from_db()
    assert order.customer.stage == "delivery"
    assert (order.state, order.delivered_on) == ("delivered", ctx.today) and duty.state != "open"
    with pytest.raises(Refused):
        ordered(world, ordered_on=ctx.today, promised_on=ctx.today - DAY, customer=order.customer, lines=lines)


@pytest.mark.clause("SAL-13")
def test_a_booking_becomes_an_order_or_nothing(world):
    ctx = world.ctx("li_wei")
    booking = ordered(world, is_booking=True)
    assert booking.state == "booked"
    with pytest.raises(Conflict):
        run(APPROVE_ORDER, world.ctx("sales_manager"), ORDER, booking)
    run(CONFIRM_BOOKING, ctx, ORDER, booking)
    booking.refresh_from_db()
    assert (booking.state, booking.is_booking) == ("created", False)
    run(CANCEL_ORDER, ctx.because("取消婚宴"), ORDER, booking)
    assert SalesOrder.objects.get(pk=booking.pk).closing == "取消婚宴"


@pytest.mark.clause("SAL-06", "CRM-29", "CRM-33")
def test_what_is_late_stands_in_its_own_list(browser, world):
    order = ordered(world)
    SalesOrder.objects.filter(pk=order.pk).update(ordered_on="2026-11-01", promised_on="2026-11-20")
    quote = quoted(world, customer=order.customer)
    client = browser("sales_manager")
    assert order.name in client.get("/sales/salesorder/?view=late").content.decode()
    assert quote.name not in client.get("/sales/quote/?view=expired").content.decode()
    SalesOrder.objects.filter(pk=order.pk).update(promised_on="2026-11-21")  # today
    assert order.name not in client.get("/sales/salesorder/?view=late").content.decode()
    assert quote.name in client.get("/sales/quote/?view=open").content.decode()


@pytest.mark.clause("CRM-31", "CRM-35", "CRM-33")
def test_the_form_has_picker_lines_and_both_addresses(browser, world):
    wine = product()
    customer = customer_of(world, "li_wei", "锦江酒店有限公司")
    client = browser("li_wei")
    page = client.get(f"/sales/salesorder/new/?customer={customer.pk}").content.decode()
    assert 'data-gx-copy-fields="billing_ shipping_"' in page and 'data-gx-copy-fields="shipping_ billing_"' in page
    assert 'data-gx-picker-url="/catalog/product/pick/"' in page and 'name="line-blank-quantity"' in page
    offered = client.get(f"/sales/salesorder/line/?pk={wine.pk}").json()
    assert offered == {str(wine.pk): {"unit_price": "318.00", "tax_rate": "13", "description": ""}}
    sent = {
        "name": "首单", "customer": str(customer.pk), "customer__text": customer.name, "ordered_on": "2026-11-20",
        "promised_on": "2026-12-01", "has_lines": "1", "discount": "0", "freight": "", "adjustment": "",
        "owner": str(world["li_wei"].pk), "owner__text": str(world["li_wei"]),
        "line-7-product": str(wine.pk), "line-7-product__text": str(wine), "line-7-quantity": "2",
        "line-7-discount": "", "line-7-amount": "1.00",
    }  # fmt: skip
    answer = client.post("/sales/salesorder/new/", sent)
    assert answer.status_code == 302, answer.content.decode()[:3000]
    order = SalesOrder.objects.get()
    assert str(order.amount) == "636.00"  # what the browser says of amounts does not count
    detail = client.get(f"/sales/salesorder/{order.pk}/").content.decode()
    assert "¥636.00" in detail and f"/sales/salesorder/{order.pk}/paper/" in detail
    assert order.number in client.get("/sales/salesorder/?q=锦江").content.decode()
    paper = client.get(f"/sales/salesorder/{order.pk}/paper/")
    assert b"".join(paper.streaming_content).startswith(b"%PDF")


@pytest.mark.clause("CRM-31")
def test_two_hundred_lines_are_saved_quickly(world, django_assert_max_num_queries):
    wine = product()
    ctx = world.ctx("li_wei")
    quote = quoted(world, [{"product": wine, "quantity": str(each)} for each in range(1, 201)])
    assert QuoteLine.objects.filter(quote=quote).count() == 200 and quote.amount == Decimal("6391800.00")
    lines = [
        {"id": str(line.pk), "product": wine, "quantity": str(line.quantity + 1)} for line in quote.lines.all()
    ]  # fmt: skip
    began = time.perf_counter()
    with django_assert_max_num_queries(45):
        edit(ctx, QUOTE, quote, lines=lines)
    assert time.perf_counter() - began < 3  # measured at rest: a tenth of this
    assert len(paper_of(ctx, Quote.objects.get(pk=quote.pk))) > 10_000
