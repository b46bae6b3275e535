"""The purchase-and-sale record: orders, deliveries, resales, totals of periods (SAL-09, ARC-32). By hand."""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from guanxi.kernel.errors import Invalid, NotAllowed
from guanxi.records.actions import run
from guanxi.records.standard import create
from guanxi.rooms.customers.models import Customer
from guanxi.rooms.customers.queries import purchase_and_sale_record, totals_of
from guanxi.rooms.sales.actions.orders import APPROVE_ORDER, CANCEL_ORDER, DELIVER_ORDER
from tests.digest import digest
from tests.rooms.sales.test_documents import ordered, product

ORDER, RESALE = "sales.salesorder", "sales.resale"


@pytest.mark.clause("SAL-09", "ARC-32", "ARC-40")
def test_the_record_is_made_of_orders_deliveries_and_resales_with_totals(
    world, client: Client, django_capture_on_commit_callbacks: Any
) -> None:
    manager, seller = world.ctx("sales_manager"), world.ctx("li_wei")
    wine = product("大曲", "100.00")
    with django_capture_on_commit_callbacks(execute=True):
        order = ordered(world, discount="10", lines=[{"product": wine, "quantity": "6"}])
        customer = order.customer
        assert purchase_and_sale_record(seller, customer) == []  # not approved
        run(APPROVE_ORDER, manager, ORDER, order, {})
    customer.refresh_from_db()
    assert customer.sales_12m == Decimal(540)  # nobody typed it
    run(DELIVER_ORDER, manager, ORDER, order.pk, {"day": manager.today})
    values = {"customer": customer, "product": wine, "quantity": "2", "amount": "250"}
    create(seller, RESALE, **values, sold_on=seller.today)
    create(seller, RESALE, **{**values, "quantity": "1.5"}, sold_on=datetime.date(2026, 9, 30))
    # The same order noted in the market flow counts once; another one counts.
    flow = {"customer": customer, "ordered_on": seller.today, "amount": "540"}
    create(seller, "customers.marketflow", **flow, order_number=order.number)
    create(seller, "customers.marketflow", **{**flow, "amount": "60"}, order_number="电话单")
    lines = purchase_and_sale_record(seller, customer)
    assert [(line.quantity, line.amount, line.is_resale) for line in lines if line.quantity] == [
        (6, 540, False), (2, 250, True), (Decimal("1.5"), 250, True),
    ]  # fmt: skip
    assert f"{order.ordered_on:%Y-%m}" == "2026-11" and str(seller.today) in str(lines[1].direction)

    def told(by: str) -> list[Any]:
        return [(one.name, one.quantity, one.sold, one.resold_quantity, one.resold) for one in totals_of(lines, by)]

    third, fourth = (0, 0, Decimal("1.5"), 250), (6, 600, 2, 250)
    assert told("month") == [("2026-11", *fourth), ("2026-09", *third)]
    assert told("quarter") == [("2026 Q4", *fourth), ("2026 Q3", *third)]
    assert told("year") == [("2026", 6, 600, Decimal("3.5"), 500)]
    client.force_login(world["li_wei"])
    page = client.get(f"/customers/customer/{customer.pk}/books/dealings/?by=quarter").content.decode()
    assert "2026 Q3" in page and order.number in page and "600.00" in page
    before = digest()
    with pytest.raises(Invalid):
        create(seller, RESALE, **{**values, "quantity": "0"}, sold_on=seller.today)
    with pytest.raises((Invalid, NotAllowed)):
        create(world.ctx("wang_fang"), RESALE, **values, sold_on=seller.today)
    assert digest() == before


@pytest.mark.clause("ARC-32")
def test_a_cancelled_order_leaves_the_figures(world, django_capture_on_commit_callbacks: Any) -> None:
    manager = world.ctx("sales_manager")
    with django_capture_on_commit_callbacks(execute=True):
        order = ordered(world)
        run(APPROVE_ORDER, manager, ORDER, order, {})
    assert Customer.objects.get(pk=order.customer_id).sales_12m == Decimal(500)
    with django_capture_on_commit_callbacks(execute=True):
        run(CANCEL_ORDER, manager.because("撤单"), ORDER, order.pk, {})
    assert Customer.objects.get(pk=order.customer_id).sales_12m == 0
