"""Purchase orders: written at the vendor's prices, approved by another, sent, received (CRM-33 to CRM-35)."""

from __future__ import annotations

import datetime
import re
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from guanxi.kernel.errors import Conflict, Invalid, NotAllowed, NotFound, Refused
from guanxi.records.actions import run
from guanxi.records.standard import DELETE, create, edit
from guanxi.rooms.purchasing.actions import (
    APPROVE_PURCHASE,
    CANCEL_PURCHASE,
    ORDER,
    RECEIVE_ALL,
    RECEIVE_PART,
    SEND_PURCHASE,
)
from guanxi.rooms.purchasing.models import PurchaseOrder
from guanxi.rooms.purchasing.rules import delivered_after_order, received_in_time
from tests.digest import digest
from tests.people import World

DAY = datetime.date
PLACES = {"billing_address": "成都市锦江区一号", "shipping_address": "成都市双流区仓库二号"}


@pytest.fixture
def bottles(world: World) -> Any:
    return create(
        world.ctx("sales_manager"), "catalog.product", name="酒瓶", code="BZ-01", unit="piece", standard_price="9.90"
    )


@pytest.fixture
def vendor(world: World) -> Any:
    return create(world.ctx("sales_manager"), "catalog.vendor", confirmed=True, name="宜宾玻璃制品有限公司")


@pytest.fixture
def order(world: World, vendor: Any, bottles: Any) -> PurchaseOrder:
    made: PurchaseOrder = create(
        world.ctx("storekeeper"), ORDER, name="四季度酒瓶", vendor=vendor, ordered_on="2026-11-20",
        due_on="2026-12-05", freight="300", **PLACES,
        lines=[{"product": bottles, "quantity": "10000", "unit_price": "2.26", "tax_rate": "13"}],
    )  # fmt: skip
    return made


@pytest.mark.clause("CRM-34")
def test_an_order_with_both_addresses_and_lines_is_saved_and_listed(world, order, client: Client) -> None:
    # 10,000 at 2.26 are 22,600; with freight 22,900.
    assert (order.number, order.goods, order.amount) == ("CG-2026-0001", Decimal(22_600), Decimal(22_900))
    assert (order.billing_address, order.shipping_address) == tuple(PLACES.values())
    client.force_login(world["storekeeper"])
    assert "四季度酒瓶" in client.get("/purchasing/purchaseorder/").content.decode()
    assert "成都市双流区仓库二号" in client.get(f"/purchasing/purchaseorder/{order.pk}/").content.decode()


@pytest.mark.clause("CRM-34")
def test_what_is_missing_or_wrong_is_refused(world, order, vendor, bottles) -> None:
    before, ctx = digest(), world.ctx("storekeeper")
    given = {"name": "单", "vendor": vendor, "ordered_on": "2026-11-20", "due_on": "2026-11-20"}
    line = {"product": bottles, "quantity": "1"}
    for values in (
        {**given, "lines": []},
        {**given, "lines": [line]},  # the price that we sell at does not stand in for the vendor's
        {**given, "vendor": None, "lines": [{**line, "unit_price": "1"}]},
    ):
        with pytest.raises(Invalid):
            create(ctx, ORDER, **values)
    with pytest.raises(Refused):
        create(ctx, ORDER, **{**given, "due_on": "2026-11-19", "lines": [{**line, "unit_price": "1"}]})
    with pytest.raises(NotAllowed):
        create(world.ctx("li_wei"), ORDER, **given, lines=[{**line, "unit_price": "1"}])
    with pytest.raises(NotFound):
        world.ctx("clerk").get(ORDER, order.pk)
    assert digest() == before


@pytest.mark.clause("CRM-33")
def test_the_list_is_searched_and_its_orders_edited_and_deleted(world, order, vendor, bottles, client: Client) -> None:
    ctx = world.ctx("storekeeper")
    other = create(
        ctx, ORDER, name="瓶盖", vendor=vendor, ordered_on="2026-11-20", due_on="2026-11-25",
        lines=[{"product": bottles, "quantity": "1", "unit_price": "1"}],
    )  # fmt: skip
    client.force_login(world["storekeeper"])
    found = client.get("/purchasing/purchaseorder/", {"q": "瓶盖"}).content.decode().split('id="list"')[1]
    assert "瓶盖" in found and "四季度酒瓶" not in found
    edit(ctx, ORDER, other, name="瓶盖二批")
    run(DELETE, ctx, ORDER, other)
    other.refresh_from_db()
    assert other.name == "瓶盖二批" and other.deleted_at is not None
    run(APPROVE_PURCHASE, world.ctx("sales_manager"), ORDER, order)
    before = digest()
    with pytest.raises(Refused) as refused:
        run(DELETE, ctx, ORDER, order)
    assert refused.value.decision.reasons[0].clause == "CRM-33"
    with pytest.raises(Conflict):
        edit(ctx, ORDER, order, name="改")
    assert digest() == before


@pytest.mark.clause("CRM-34")
def test_an_order_is_approved_by_another_then_sent_and_received(world, order) -> None:
    keeper = world.ctx("storekeeper")
    with pytest.raises(Conflict):
        run(SEND_PURCHASE, keeper, ORDER, order)  # nobody approved it
    with pytest.raises(NotAllowed):
        run(APPROVE_PURCHASE, keeper, ORDER, order)
    run(APPROVE_PURCHASE, world.ctx("sales_manager"), ORDER, order)
    run(SEND_PURCHASE, keeper, ORDER, order)
    later = world.ctx("storekeeper", now=world.now + datetime.timedelta(days=5))  # 26 November
    before = digest()
    for day in ("2026-11-20", "2026-11-27"):  # before it was sent, and to come
        with pytest.raises(Refused):
            run(RECEIVE_ALL, later, ORDER, order, {"day": day})
    assert digest() == before
    run(RECEIVE_PART, later, ORDER, order, {"day": "2026-11-25"})
    order.refresh_from_db()
    assert (order.state, order.receipt, order.received_on) == ("sent", "part", DAY(2026, 11, 25))
    with pytest.raises(Refused):
        run(CANCEL_PURCHASE, later.because("不要了"), ORDER, order)
    run(RECEIVE_ALL, later, ORDER, order, {"day": "2026-11-26"})
    order.refresh_from_db()
    assert (order.state, order.receipt, order.approved_by) == ("received", "all", world["sales_manager"])


@pytest.mark.clause("CRM-34")
def test_nobody_approves_his_own_and_what_is_cancelled_says_why(world, vendor, bottles) -> None:
    ctx = world.ctx("sales_manager")
    own = create(
        ctx, ORDER, name="急单", vendor=vendor, ordered_on="2026-11-20", due_on="2026-11-25",
        lines=[{"product": bottles, "quantity": "1", "unit_price": "1"}],
    )  # fmt: skip
    before = digest()
    with pytest.raises(Refused) as refused:
        run(APPROVE_PURCHASE, ctx, ORDER, own)
    assert refused.value.decision.reasons[0].clause == "CRM-34" and digest() == before
    run(CANCEL_PURCHASE, ctx.because("供应商停产"), ORDER, own)
    own.refresh_from_db()
    assert (own.state, own.closing) == ("cancelled", "供应商停产")


@pytest.mark.clause("CRM-35")
def test_the_form_offers_to_copy_either_address_and_keeps_them_apart(world, order, client: Client) -> None:
    client.force_login(world["storekeeper"])
    form = client.get("/purchasing/purchaseorder/new/").content.decode()
    assert form.count("data-gx-copy-fields") == 2
    edit(world.ctx("storekeeper"), ORDER, order, billing_address="成都市高新区三号")
    order.refresh_from_db()
    assert order.shipping_address == "成都市双流区仓库二号"


def test_the_paper_is_for_who_sees_the_order(world, order, client: Client) -> None:
    client.force_login(world["finance"])
    answer = client.get(f"/purchasing/purchaseorder/{order.pk}/paper/")
    assert answer.status_code == 200 and b"".join(answer).startswith(b"%PDF")
    client.force_login(world["clerk"])
    assert client.get(f"/purchasing/purchaseorder/{order.pk}/paper/").status_code in (403, 404)


@pytest.mark.clause("CRM-34")
@pytest.mark.parametrize(
    ("decision", "is_allowed"),
    [
        (delivered_after_order(DAY(2026, 11, 2), DAY(2026, 11, 2)), True),
        (delivered_after_order(DAY(2026, 11, 2), DAY(2026, 11, 1)), False),
        (received_in_time(DAY(2026, 11, 2), DAY(2026, 11, 2), DAY(2026, 11, 2)), True),
        (received_in_time(DAY(2026, 11, 1), DAY(2026, 11, 2), DAY(2026, 11, 3)), False),
        (received_in_time(DAY(2026, 11, 4), DAY(2026, 11, 2), DAY(2026, 11, 3)), False),
    ],
)
def test_days(decision: Any, is_allowed: bool) -> None:
    assert decision.allowed is is_allowed


@pytest.mark.clause("CRM-32")
def test_both_kinds_of_orders_stand_side_by_side_for_who_sees_both(world: World, client: Client) -> None:
    def tabs(username: str, address: str) -> list[str]:
        client.force_login(world[username])
        page = client.get(address).content.decode()
        return re.findall(r'href="(/(?:purchasing/purchaseorder|sales/salesorder)/)"', page.split("<main", 1)[-1])

    both = ["/sales/salesorder/", "/purchasing/purchaseorder/"]
    assert [each for each in tabs("sales_manager", both[0]) if each in both][:2] == both
    assert [each for each in tabs("sales_manager", both[1]) if each in both][:2] == both
    # Who sees sales orders only has no tab that leads where he may not go.
    assert both[1] not in tabs("li_wei", both[0])
    assert client.get(both[1]).status_code == 403
