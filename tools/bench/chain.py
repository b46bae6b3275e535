"""The sales chain in great number: the board, an order and a quote with many lines, a report over a million of lines.

Written by bulk: 50,000 opportunities of which 500 are open and one manager's, 200,000 orders with 1,000,000 lines over
a year, and a month of appointments of a team of thirty.
"""

from __future__ import annotations

import datetime
import sys
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from functools import partial
from random import Random
from typing import Any

from django.db import connection, connections, transaction

from guanxi.demo import PASSWORD
from guanxi.kernel.dates import add_months
from guanxi.platform import calendar
from guanxi.platform.bulk import insert_many, new_rows
from guanxi.platform.people.models import Person
from guanxi.records.context import Context
from guanxi.records.reporting.definition import read
from guanxi.records.reporting.running import run
from guanxi.records.standard import create
from guanxi.rooms.catalog.public import Product
from guanxi.rooms.customers.public import Customer
from guanxi.rooms.engagement.models import Event
from guanxi.rooms.sales.models import Opportunity, Pipeline, Quote, SalesOrder, SalesOrderLine
from guanxi.rooms.sales.pages.papers import paper_of
from tools.bench.measuring import Figure, Visitor, measure_here, measure_requests, serving
from tools.postgres import free_port

OPPORTUNITIES, OPEN_OF_ONE, ORDERS, LINES_EACH = 50_000, 500, 200_000, 5
TEAM, APPOINTMENTS_EACH = 30, 20
CHUNK = 20_000
ORDER_LINES, QUOTE_LINES = 200, 90
REPORT = {
    "module": "sales.salesorder", "related": ["lines"],
    "groups": [{"field": "lines/product"}, {"field": "ordered_on", "by": "month"}],
    "figures": [{"how": "sum", "field": "lines/amount"}],
}  # fmt: skip
REPORT_GOAL = {"postgresql": "≤ 2 s", "sqlite": "≤ 4 s"}


def chain(times: int, database: int) -> Iterator[Figure]:
    """The board and the calendar beside a list page; what is saved, printed and added up in this process."""
    load()
    yield from _pages(times, database)
    manager = Person.objects.get(username="general_manager")
    yield from _documents(manager, times, database)
    yield _report(manager, times, database)


# ---- What is measured on ---------------------------------------------------------------------------------------------


def load() -> None:
    """Write the rows that are not there yet."""
    chance = Random(7)  # noqa: S311 - repeatable, not secret
    sellers = list(Person.objects.filter(is_active=True, roles__role__code="account_manager").distinct())
    customers = list(Customer.objects.order_by("pk")[:20_000])
    if Opportunity.objects.count() < OPPORTUNITIES:
        _load_opportunities(chance, sellers, customers)
    if SalesOrder.objects.count() < ORDERS:
        _load_orders(chance, customers)
    if Event.objects.count() < TEAM * APPOINTMENTS_EACH:
        _load_appointments(chance)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")


def _load_opportunities(chance: Random, sellers: list[Person], customers: list[Customer]) -> None:
    pipeline = Pipeline.objects.order_by("position", "pk")[0]
    stages = list(pipeline.stages.filter(deleted_at=None).order_by("position"))
    going = [stage for stage in stages if stage.outcome == "open"]
    over = [stage for stage in stages if stage.outcome != "open"]
    moment, today = calendar.now(), calendar.today()
    for start in range(0, OPPORTUNITIES, CHUNK):
        rows = new_rows(Opportunity, min(CHUNK, OPPORTUNITIES - start))
        for place, row in enumerate(rows, start):
            mine = place < OPEN_OF_ONE
            owner = sellers[0] if mine else sellers[1 + place % (len(sellers) - 1)]
            stage = chance.choice(going if mine or place % 10 == 0 else over)
            row.customer, row.name, row.number = chance.choice(customers), f"第{place}批", f"SJ-T-{place:06}"
            row.amount, row.stage, row.state = Decimal(chance.randrange(1000, 900_000)), stage, stage.outcome
            row.probability, row.stage_since = stage.probability, moment
            row.expected_on = today + datetime.timedelta(days=chance.randrange(-300, 90))
            row.closed_on = None if stage.outcome == "open" else row.expected_on
            _belongs(row, owner, moment)
        with transaction.atomic():
            insert_many(Opportunity, rows)


def _load_orders(chance: Random, customers: list[Customer]) -> None:
    products = list(Product.objects.order_by("pk"))
    moment, today = calendar.now(), calendar.today()
    for start in range(0, ORDERS, CHUNK):
        orders, lines = new_rows(SalesOrder, min(CHUNK, ORDERS - start)), []
        for place, row in enumerate(orders, start):
            row.customer, row.name, row.number = chance.choice(customers), f"第{place}单", f"XD-T-{place:06}"
            row.ordered_on = today - datetime.timedelta(days=place % 365)
            row.promised_on = row.ordered_on + datetime.timedelta(days=7)
            row.state = "approved"
            _belongs(row, row.customer.owner, moment)
            lines += _lines(chance, row, products)
            row.amount = row.goods = sum((line.amount for line in lines[-LINES_EACH:]), Decimal(0))
        with transaction.atomic():
            insert_many(SalesOrder, orders)
            insert_many(SalesOrderLine, lines)


def _lines(chance: Random, order: SalesOrder, products: list[Product]) -> list[Any]:
    rows = new_rows(SalesOrderLine, LINES_EACH, order_id=order.pk)
    for place, (row, product) in enumerate(zip(rows, chance.sample(products, LINES_EACH), strict=True)):
        row.product_id, row.quantity, row.position = product.pk, Decimal(chance.randrange(1, 40)), place
        row.unit_price = row.net_price = product.standard_price
        row.tax_rate, row.amount = product.tax_rate, row.quantity * product.standard_price
    return rows


def _load_appointments(chance: Random) -> None:
    """Thirty people below one head, each with twenty appointments in this month."""
    moment, today = calendar.now(), calendar.today()
    head = Person.objects.get(username="sales_manager")
    for number in range(TEAM):
        name = f"组员{number:02}"
        person, _made = Person.objects.get_or_create(
            username=f"bench_{number:02}", defaults={"name": name, "superior": head, "department": head.department}
        )
        rows = new_rows(Event, APPOINTMENTS_EACH)
        for place, row in enumerate(rows):
            day = today.replace(day=1 + place)
            row.subject, row.starts_at = f"约见{place}", moment.replace(month=day.month, day=day.day, hour=place % 8)
            row.ends_at, row.last_on = row.starts_at + datetime.timedelta(hours=1), day
            _belongs(row, person, moment)
        insert_many(Event, rows)


def _belongs(row: Any, owner: Any, moment: datetime.datetime) -> None:
    row.owner, row.department = owner, owner.department
    row.created_at = row.changed_at = moment
    row.created_by = row.changed_by = owner


# ---- What is measured ------------------------------------------------------------------------------------------------


def _pages(times: int, database: int) -> Iterator[Figure]:
    connections.close_all()
    port = free_port()
    command = [sys.executable, "-m", "guanxi.config.cli", "serve", "--workers", "1", "--port", str(port)]
    seller = Opportunity.objects.filter(state="open").order_by("number")[0].owner
    assert seller is not None
    with serving(command, port) as server:
        for username, name, address in (
            (seller.username, f"board of {OPEN_OF_ONE} open opportunities", "/sales/board/?owner=me"),
            ("sales_manager", f"calendar: a month of a team of {TEAM}", "/calendar/?view=month&who=team"),
        ):
            yield _beside_a_list(name, username, address, times, server, database, port)


def _beside_a_list(name: str, username: str, address: str, times: int, server: int, database: int, port: int) -> Figure:
    visitor = Visitor(port)
    visitor.log_in(username, PASSWORD)
    plain = measure_requests(
        "list of opportunities", lambda _n: visitor.get("/sales/opportunity/"), times, server, database
    )
    figure = measure_requests(name, lambda _n: visitor.get(address), times, server, database, "≤ 2 × list")
    return replace(figure, note=f"{figure.both_ms / plain.both_ms:.1f} × the list ({plain.both_ms:.1f} ms)")


def _documents(manager: Person, times: int, database: int) -> Iterator[Figure]:
    products = list(Product.objects.order_by("pk"))
    customer = Customer.objects.exclude(owner=None).order_by("pk")[0]

    def written(key: str, count: int, **more: Any) -> Any:
        ctx = Context.of(manager)
        lines = [{"product": products[place % len(products)], "quantity": "3"} for place in range(count)]
        values = {"name": "测速", "customer": customer, "owner": customer.owner, "lines": lines, **more}
        with transaction.atomic():
            return create(ctx, key, confirmed=True, **values)

    today = calendar.today()
    promised = {"ordered_on": today, "promised_on": add_months(today, 1)}
    yield measure_here(
        f"an order with {ORDER_LINES} lines saved", partial(written, "sales.salesorder", ORDER_LINES, **promised),
        max(1, min(times, 5)), database, "≤ 300 ms",
    )  # fmt: skip
    quote = Quote.objects.get(pk=written("sales.quote", QUOTE_LINES, valid_until=add_months(today, 1)).pk)
    figure = measure_here(
        "PDF of a quote of 3 pages", partial(paper_of, Context.of(manager), quote), max(1, min(times, 5)), database,
        "≤ 1,500 ms",
    )  # fmt: skip
    pages = paper_of(Context.of(manager), quote).count(b"/Type /Page\n")
    yield replace(figure, note=f"{QUOTE_LINES} lines, {pages} pages")


def _report(manager: Person, times: int, database: int) -> Figure:
    definition = read(REPORT)
    rows = SalesOrderLine.objects.count()
    return measure_here(
        f"report by product and month of {rows:,} lines", lambda: run(Context.of(manager), definition),
        max(1, min(times, 3)), database, REPORT_GOAL[connection.vendor],
    )  # fmt: skip
