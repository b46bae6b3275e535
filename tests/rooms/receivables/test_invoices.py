"""Invoices: from orders or by hand, issued, voided, taken back by red letters (CRM-37, CRM-38, SAL-12). By hand."""

from __future__ import annotations

import datetime
import threading
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from guanxi.kernel.errors import Conflict, Invalid, NotAllowed, NotFound, Problem, Refused
from guanxi.records.actions import run
from guanxi.records.standard import DELETE, create, edit
from guanxi.rooms.receivables import rules
from guanxi.rooms.receivables.actions import ISSUE_INVOICE, RED_LETTER, VOID_INVOICE
from guanxi.rooms.receivables.models import Invoice, InvoiceState
from guanxi.rooms.receivables.pages import paper_of
from guanxi.rooms.receivables.queries import open_receivables
from guanxi.rooms.sales.actions.invoicing import INVOICE_ORDER
from guanxi.rooms.sales.actions.orders import APPROVE_ORDER, CANCEL_ORDER, DELIVER_ORDER
from guanxi.rooms.sales.models import SalesOrder
from tests.digest import digest
from tests.people import World
from tests.rooms.sales.test_documents import ordered, product
from tests.rooms.sales.test_opportunities import customer_of

INVOICE, ORDER = "receivables.invoice", "sales.salesorder"
D = datetime.date
NUMBERS = iter(range(1, 10_000))


def number() -> str:
    return f"2651{next(NUMBERS):016}"


def approved(world: World, **more: Any) -> SalesOrder:
    """An approved order of a customer with billing data; 3 at 100.00 (13 %) and 2 at 50.00 (6 %), 400.00 in all."""
    if "lines" not in more:
        more["lines"] = [
            {"product": product("大曲", "100.00"), "quantity": "3"},
            {"product": product("送货", "50.00", "6"), "quantity": "2"},
        ]
    order = ordered(world, **more)
    create(
        world.ctx("li_wei"), "customers.billingprofile", confirmed=True, customer=order.customer, title="蓉城商贸",
        tax_number="91510100MA61ABCD1X", bank="工商银行", account="6222021234567890128", usual=True,
    )  # fmt: skip
    return run(APPROVE_ORDER, world.ctx("sales_manager"), ORDER, order, {})


def invoiced(world: World, order: SalesOrder) -> Invoice:
    return run(INVOICE_ORDER, world.ctx("finance"), ORDER, order.pk, {})


def issued(world: World, invoice: Invoice, **more: Any) -> Invoice:
    run(ISSUE_INVOICE, world.ctx("finance"), INVOICE, invoice.pk, {"fapiao_number": number(), **more})
    invoice.refresh_from_db()
    return invoice


def clause_of(refused: Any) -> str:
    return refused.value.decision.reasons[0].clause


@pytest.mark.clause("CRM-38", "SAL-12")
def test_from_order_over_dispatch_to_the_receivables_without_retyping(world, client: Client) -> None:
    order = approved(world)

    def listed(who: str, view: str) -> bool:
        client.force_login(world[who])
        return f"/sales/salesorder/{order.pk}/" in client.get("/sales/salesorder/", {"view": view}).content.decode()

    assert listed("storekeeper", "dispatch") and not listed("finance", "to_invoice")
    run(DELIVER_ORDER, world.ctx("storekeeper"), ORDER, order.pk, {"day": world.ctx("storekeeper").today})
    assert not listed("storekeeper", "dispatch") and listed("finance", "to_invoice")
    with pytest.raises(NotAllowed):
        run(INVOICE_ORDER, world.ctx("storekeeper"), ORDER, order.pk, {})
    invoice = invoiced(world, order)
    # 300.00 hold 34.51 at 13 %, 100.00 hold 5.66 at 6 %.
    assert (invoice.amount, invoice.tax, invoice.net) == (Decimal(400), Decimal("40.17"), Decimal("359.83"))
    assert (invoice.title, invoice.tax_number, invoice.bank) == ("蓉城商贸", "91510100MA61ABCD1X", "工商银行")
    assert invoice.account.plain == "6222021234567890128" and invoice.customer == order.customer
    assert open_receivables([order.customer_id]) == {}
    issued(world, invoice)
    assert invoice.due_on - invoice.issued_on == datetime.timedelta(days=30)
    order.refresh_from_db()
    assert (order.billing, order.invoiced) == ("all", Decimal(400)) and not listed("finance", "to_invoice")
    assert open_receivables([order.customer_id]) == {order.customer_id: Decimal(400)}
    client.force_login(world["li_wei"])
    page = client.get(f"/customers/customer/{order.customer_id}/").content.decode()
    assert "应收款" in page and "¥400" in page
    assert f"/receivables/invoice/{invoice.pk}/" in page  # in the timeline
    assert invoice.number in client.get(f"/customers/customer/{order.customer_id}/?tab=receivables").content.decode()
    assert invoice.number in client.get(f"/sales/salesorder/{order.pk}/").content.decode()
    assert paper_of(world.ctx("finance"), invoice).startswith(b"%PDF")


@pytest.mark.clause("CRM-38")
def test_no_more_is_invoiced_than_was_ordered(world) -> None:
    order, finance = approved(world), world.ctx("finance")
    part = invoiced(world, order)
    before = digest()
    with pytest.raises(Refused) as refused:  # the draft holds all of it
        invoiced(world, order)
    assert clause_of(refused) == "CRM-38" and digest() == before
    first, _second = part.lines.all()
    edit(finance, INVOICE, part, lines=[{"id": str(first.pk), "product": first.product, "quantity": "1"}])
    issued(world, part)
    order.refresh_from_db()
    assert (order.billing, order.invoiced) == ("part", Decimal(100))
    rest = invoiced(world, order)
    assert [(line.product.name, line.quantity) for line in rest.lines.all()] == [("大曲", 2), ("送货", 2)]
    assert rest.amount == Decimal(300)
    with pytest.raises(Refused) as refused:
        edit(finance, INVOICE, rest, adjustment="0.01")
    assert "300.00" in str(refused.value.decision.reasons[0].message)
    # The same money, but of a product of which only two are left.
    lines = [{"product": first.product, "quantity": "3", "unit_price": "100"}]
    edit(finance, INVOICE, rest, lines=lines)
    with pytest.raises(Refused) as refused:
        issued(world, rest)
    assert "大曲" in str(refused.value.decision.reasons[0].message)
    with pytest.raises(Refused):
        run(CANCEL_ORDER, world.ctx("sales_manager").because("撤单"), ORDER, order.pk, {})
    unapproved = ordered(world, customer=customer_of(world, "li_wei", "未批有限公司"), lines=[
        {"product": first.product, "quantity": "1"}])  # fmt: skip
    with pytest.raises(Conflict):
        invoiced(world, unapproved)
    for customer, of_order in ((unapproved.customer, unapproved), (unapproved.customer, order)):
        with pytest.raises(Refused) as refused:
            create(world.ctx("sales_manager"), INVOICE, customer=customer, order=of_order, name="手工",
                   lines=[{"product": first.product, "quantity": "1"}])  # fmt: skip
        assert clause_of(refused) == "CRM-38"


@pytest.mark.clause("CRM-38")
def test_discount_freight_and_rounding_of_an_order_add_up_over_its_invoices(world) -> None:
    lines = [{"product": product("小瓶", "33.33"), "quantity": "3"}]
    order = approved(world, lines=lines, discount="7", freight="10", adjustment="-0.02")
    assert order.amount == Decimal("102.97")  # 99.99 - 7.00 + 10.00 - 0.02
    amounts = []
    for _ in range(3):
        draft = invoiced(world, order)
        line = draft.lines.get()
        one = {"id": str(line.pk), "product": line.product, "quantity": "1"}
        last = line.quantity == 1
        more = {} if last else {"adjustment": "0"}
        edit(world.ctx("finance"), INVOICE, draft, lines=[one], **more)
        amounts.append(issued(world, draft).amount)
    # 33.33 - 2.33 = 31.00; the first carries the freight, the last what is left: 102.97 - 41.00 - 31.00.
    assert amounts == [Decimal("41.00"), Decimal("31.00"), Decimal("30.97")]
    order.refresh_from_db()
    assert order.billing == "all"


@pytest.mark.clause("CRM-38")
def test_a_red_letter_takes_back_whole_or_part_and_never_more(world) -> None:
    order, finance = approved(world), world.ctx("finance").because("退货")
    invoice = issued(world, invoiced(world, order))
    with pytest.raises(Conflict):
        edit(finance, INVOICE, invoice, terms="改")
    with pytest.raises(Invalid):
        run(RED_LETTER, world.ctx("finance"), INVOICE, invoice.pk, {})  # without a reason
    red = run(RED_LETTER, finance, INVOICE, invoice.pk, {})
    assert (red.amount, red.tax, red.closing) == (Decimal(-400), Decimal("-40.17"), "退货")
    assert [line.quantity for line in red.lines.all()] == [-3, -2]
    with pytest.raises(Refused):  # the draft holds all of it
        run(RED_LETTER, finance, INVOICE, invoice.pk, {})
    wine = red.lines.first()
    edit(finance, INVOICE, red, lines=[{"id": str(wine.pk), "product": wine.product, "quantity": "-1"}])
    red.refresh_from_db()
    assert red.amount == Decimal(-100)
    for wrong in ("4.01", "5"):
        with pytest.raises(Refused) as refused:
            edit(finance, INVOICE, red, lines=[{"product": wine.product, "quantity": wrong}])
        assert clause_of(refused) == "CRM-38"
    issued(world, red)
    invoice.refresh_from_db()
    assert (invoice.state, invoice.red_amount, invoice.open_amount) == ("issued", Decimal(100), Decimal(300))
    order.refresh_from_db()
    assert (order.billing, order.invoiced) == ("part", Decimal(300))
    assert open_receivables([order.customer_id]) == {order.customer_id: Decimal(300)}
    issued(world, run(RED_LETTER, finance, INVOICE, invoice.pk, {}))
    invoice.refresh_from_db()
    assert (invoice.state, invoice.open_amount) == (InvoiceState.RED_LETTERED, 0)
    assert open_receivables([order.customer_id]) == {}
    order.refresh_from_db()
    assert order.billing == "nothing" and invoiced(world, order).amount == Decimal(400)
    with pytest.raises(Refused):  # a red letter is not taken back by another
        create(world.ctx("sales_manager"), INVOICE, customer=order.customer, order=order, original=red, name="红冲红字",
               lines=[{"product": wine.product, "quantity": "1"}])  # fmt: skip


@pytest.mark.clause("CRM-37", "CRM-38")
def test_an_invoice_by_hand_is_found_copied_deleted_as_a_draft_and_never_after(world, client: Client) -> None:
    manager, finance = world.ctx("sales_manager"), world.ctx("finance")
    customer = customer_of(world, "li_wei", "手工开票有限公司")
    values = {"customer": customer, "name": "样品款", "lines": [{"product": product(), "quantity": "1"}]}
    with pytest.raises(Invalid):
        create(manager, INVOICE, **{**values, "lines": [{"product": product("负数"), "quantity": "-1"}]})
    made = create(manager, INVOICE, **values, kind="special_paper")
    for told in ({}, {"title": "手工公司"}):
        edit(finance, INVOICE, made, **told)
        with pytest.raises(Refused):  # no title; no tax number
            issued(world, made, fapiao_number="12345678", fapiao_code="5100123456")
    edit(finance, INVOICE, made, tax_number="91510100MA61ABCD1X", due_on=finance.today)
    for wrong in ({}, {"fapiao_code": "51"}, {"day": finance.today + datetime.timedelta(days=1)}):
        with pytest.raises(Problem):
            issued(world, made, **{"fapiao_number": "12345678", **wrong})
    client.force_login(world["sales_manager"])
    assert "样品款" in client.get("/receivables/invoice/", {"q": "样品款"}).content.decode()
    assert client.get(f"/receivables/invoice/new/?copy={made.pk}").status_code == 200
    other = create(manager, INVOICE, **{**values, "lines": [{"product": product("另"), "quantity": "1"}]})
    run(DELETE, finance, INVOICE, other)
    issued(world, made, fapiao_number="12345678", fapiao_code="5100123456")
    before = digest()
    with pytest.raises(Refused) as refused:
        run(DELETE, finance, INVOICE, made)
    assert clause_of(refused) == "CRM-37" and digest() == before
    twin = create(manager, INVOICE, **{**values, "lines": [{"product": product("又"), "quantity": "1"}]},
                  title="手工公司", kind="ordinary_paper")  # fmt: skip
    with pytest.raises(Conflict):  # the number is taken
        issued(world, twin, fapiao_number="12345678", fapiao_code="5100123456")
    run(VOID_INVOICE, finance.because("开错"), INVOICE, made.pk, {})
    made.refresh_from_db()
    assert (made.state, made.closing) == ("voided", "开错") and open_receivables([customer.pk]) == {}


@pytest.mark.clause("CRM-38")
def test_who_sees_and_writes_invoices(world) -> None:
    order = approved(world)
    invoice = invoiced(world, order)
    assert world.ctx("li_wei").get(INVOICE, invoice.pk) == invoice
    for who in ("wang_fang", "storekeeper"):
        with pytest.raises((NotFound, NotAllowed)):
            world.ctx(who).get(INVOICE, invoice.pk)
    with pytest.raises(NotAllowed):
        run(ISSUE_INVOICE, world.ctx("li_wei"), INVOICE, invoice.pk, {"fapiao_number": number()})


@pytest.mark.clause("CRM-38")
@pytest.mark.parametrize(
    ("decision", "is_allowed"),
    [
        (rules.may_void(True, D(2026, 11, 1), D(2026, 11, 30), False), True),
        (rules.may_void(True, D(2026, 10, 31), D(2026, 11, 1), False), False),
        (rules.may_void(True, D(2025, 11, 30), D(2026, 11, 30), False), False),
        (rules.may_void(False, D(2026, 11, 1), D(2026, 11, 1), False), False),
        (rules.may_void(True, D(2026, 11, 1), D(2026, 11, 1), True), False),
        (rules.fapiao_number_fits("", "2" * 20, False), True),
        (rules.fapiao_number_fits("", "2" * 19, False), False),
        (rules.fapiao_number_fits("5100123456", "2" * 20, False), False),
        (rules.fapiao_number_fits("510012345678", "12345678", True), True),
        (rules.fapiao_number_fits("51001234567", "12345678", True), False),
        (rules.issued_in_time(D(2026, 11, 2), D(2026, 11, 3), D(2026, 11, 3)), False),
        (rules.issued_in_time(D(2026, 11, 3), D(2026, 11, 3), D(2026, 11, 3)), True),
        (rules.due_after_issue(D(2026, 11, 2), D(2026, 11, 3)), False),
        (rules.within_order(Decimal("1.01"), Decimal(1), "XD"), False),
        (rules.order_can_be_invoiced(True, True, False, "XD"), False),
    ],
)
def test_the_judgements_on_invoices(decision, is_allowed) -> None:
    assert decision.allowed is is_allowed


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
@pytest.mark.clause("CRM-38")
def test_four_who_invoice_the_same_order_at_once_invoice_it_once(world) -> None:
    order = approved(world)
    start, came = threading.Barrier(4), []

    def act() -> None:
        try:
            start.wait()
            came.append(invoiced(world, order).amount)
        except Problem as problem:
            came.append(type(problem))
        finally:
            connection.close()

    threads = [threading.Thread(target=act) for _ in range(4)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert sorted(came, key=str) == sorted([Decimal("400.00"), Refused, Refused, Refused], key=str)
    assert Invoice.objects.count() == 1
