"""The standard sales reports: a day, week, month, quarter or year, as the orders say (RPT-05, RPT-06)."""

from __future__ import annotations

import datetime
import json
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.http import HttpResponseBase
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from guanxi.kernel.dates import parse_date
from guanxi.kernel.errors import Invalid
from guanxi.platform.people.models import Person
from guanxi.records import registry
from guanxi.rooms.catalog.public import Currency, Product
from guanxi.rooms.customers.public import Customer, whole_yuan
from guanxi.rooms.sales.models import Level, ReportState, SalesOrder
from guanxi.rooms.sales.models.plans import period_name
from guanxi.rooms.sales.queries.orders import ORDER
from guanxi.rooms.sales.queries.plans import SOLD, Figures
from guanxi.rooms.sales.queries.reports import (
    DAY,
    LEVELS,
    PLANNED,
    REPORT,
    WEEK,
    Part,
    Targets,
    grouped,
    parts_reported,
    reported_period,
    sales_seen,
    sees_all,
    summary_of,
    total,
)
from guanxi.web import addresses, looks, menu, taking_out
from guanxi.web.gate import Request, require
from guanxi.web.rendering import page
from guanxi.web.reports import Cell, Column, Subtotal, totals, written

PLACE = "/sales/report/"
TITLE = gettext_lazy("Sales report")
NAMES = {
    DAY: gettext_lazy("Day report"), WEEK: gettext_lazy("Week report"), Level.MONTH: gettext_lazy("Month report"),
    Level.QUARTER: gettext_lazy("Quarter report"), Level.YEAR: gettext_lazy("Year report"),
}  # fmt: skip
WAYS = {
    "owner": gettext_lazy("By salesperson"), "customer": gettext_lazy("By customer"),
    "product": gettext_lazy("By product"), "time": gettext_lazy("By time"), "orders": gettext_lazy("Orders"),
}  # fmt: skip
#: So many orders at most on the page; the list of orders has them all.
MOST_ORDERS = 300
_ONE_DAY = datetime.timedelta(days=1)

looks.declare(REPORT, "state", tones={ReportState.OPEN: "amber", ReportState.HANDED_IN: "green"})


class Question:
    """What the address asks: the period, and by what the sales are counted."""

    def __init__(self, request: Request) -> None:
        self.ctx, self.given, self.wrong = request.ctx, request.GET, dict[str, str]()
        level = self.given.get("level", "")
        self.level = level if level in LEVELS else Level.MONTH
        self.ways = {way: name for way, name in WAYS.items() if way != "time" or self.level != DAY}
        by = self.given.get("by", "")
        self.by = by if by in self.ways else "owner"
        self.product = self.given.get("product", "") if self.by == "orders" else ""
        self.period = self._period(self._day())
        self.sales = sales_seen(self.ctx, self.period)

    def _day(self) -> datetime.date:
        text = self.given.get("day", "").strip()
        try:
            return parse_date(text) if text else self.ctx.today
        except Invalid as problem:
            self.wrong["day"] = str(problem.message)
            return self.ctx.today

    def _period(self, day: datetime.date) -> Any:
        try:
            found = reported_period(self.level, day)
            # The report before and the one after have to be reached too.
            reported_period(self.level, found.start - _ONE_DAY)
            reported_period(self.level, found.end + _ONE_DAY)
        except (OverflowError, ValueError):
            self.wrong["day"] = _("There is no report of that time.")
            return reported_period(self.level, self.ctx.today)
        return found

    @property
    def query(self) -> dict[str, str]:
        """The address of just this report."""
        asked = {"level": self.level, "day": self.period.start.isoformat(), "by": self.by}
        return {**asked, "product": self.product} if self.product else asked

    def at(self, **other: str) -> str:
        """The same report otherwise."""
        return addresses.with_query(PLACE, {**self.query, **other})

    @property
    def name(self) -> str:
        """The time asked for, as it is read."""
        return time_name(self.level, self.period)


def time_name(level: str, period: Any) -> str:
    """A day, week, month, quarter or year as it is read."""
    if level == DAY:
        return f"{period.start:%Y-%m-%d} {_WEEKDAYS[period.start.weekday()]}"
    return period_name(level, period)


_WEEKDAYS = (
    gettext_lazy("Monday"), gettext_lazy("Tuesday"), gettext_lazy("Wednesday"), gettext_lazy("Thursday"),
    gettext_lazy("Friday"), gettext_lazy("Saturday"), gettext_lazy("Sunday"),
)  # fmt: skip


def _orders(period: Any, **fields: Any) -> str:
    """The list of the orders behind a figure."""
    tree = [
        {"field": "state", "op": "in", "value": list(SOLD)},
        {"field": "ordered_on", "op": "from", "value": period.start.isoformat()},
        {"field": "ordered_on", "op": "until", "value": period.end.isoformat()},
        {"field": "currency", "op": "in", "value": [Currency.CNY]},
        *({"field": name, "op": "in", "value": [str(value)]} for name, value in fields.items() if value),
    ]
    return addresses.listing(ORDER, filter=json.dumps({"all": tree}))


# ---- Tables ----------------------------------------------------------------------------------------------------------

_TARGET = (
    Column(gettext_lazy("Target"), "money"), Column(gettext_lazy("Sold"), "money"),
    Column(gettext_lazy("Achieved"), "percent"), Column(gettext_lazy("Missing to the target"), "money"),
)  # fmt: skip
_SOLD = (Column(gettext_lazy("Sold"), "money"), Column(gettext_lazy("Share"), "percent"))
_COUNT = Column(gettext_lazy("Orders"), "count")


def _columns(question: Question) -> list[Column]:
    figures = _TARGET if question.level in PLANNED else _SOLD
    return {
        "owner": [Column(_("Salesperson")), _COUNT, *figures],
        "customer": [Column(_("Customer")), _COUNT, *_SOLD],
        "product": [Column(_("Product")), Column(_("In orders"), "days"), *_SOLD],
        "time": [Column(_("Time")), _COUNT, *figures],
        "orders": [Column(_("Order")), Column(_("Day"), "date"), Column(_("Customer")),
                           Column(_("Salesperson")), Column(_("Sold"), "money")],
    }[question.by]  # fmt: skip


def _rows(question: Question) -> list[Sequence[Cell]]:
    """The lines of the table."""
    return {
        "owner": _by_owner, "customer": _by_customer, "product": _by_product, "time": _by_time, "orders": _by_order,
    }[question.by](question)  # fmt: skip


def _against(figures: Figures) -> list[Cell]:
    gap = figures.gap
    return [Cell(figures.target), Cell(figures.sold), Cell(figures.percent), Cell(gap if gap and gap > 0 else None)]


def _share(amount: Decimal, whole: Decimal) -> Cell:
    return Cell(int((amount * 200 + whole) // (whole * 2)) if whole > 0 else None)


def _by_owner(question: Question) -> list[Sequence[Cell]]:
    targets = Targets(question.ctx, question.level, [question.period])
    parts = grouped(question.sales, "owner")
    known = {part.key for part in parts}
    parts += [Part(key, Decimal(0), 0) for key in sorted(targets.people() - known, key=str)]
    names = {row.pk: row.name for row in Person.objects.filter(pk__in=[part.key for part in parts])}
    rows: list[Sequence[Cell]] = []
    whole = total(question.sales)
    for part in parts:
        href = _orders(question.period, owner=part.key) if part.orders and part.key else ""
        name = names.get(part.key, _("nobody")) if part.key else _("nobody")
        if question.level in PLANNED:
            told = _against(Figures(targets.of_person(part.key, question.period), part.amount))
        else:
            told = [Cell(part.amount), _share(part.amount, whole)]
        rows.append([Cell(name), Cell(part.orders, href), *told])
    if question.level in PLANNED and targets.is_whole and rows:
        rows.append(_whole(question, targets))
    return rows


def _whole(question: Question, targets: Targets, label: str = "") -> Subtotal:
    """The line below a table against the plan: the target of the whole, whatever its parts were given."""
    figures = Figures(targets.of_everybody(question.period), total(question.sales))
    count = len({sale.order for sale in question.sales})
    href = _orders(question.period) if count else ""
    first = label or (_("whole company") if targets.is_whole else _("together"))
    return Subtotal([Cell(first), Cell(count, href), *_against(figures)])


def _by_customer(question: Question) -> list[Sequence[Cell]]:
    parts, whole = grouped(question.sales, "customer"), total(question.sales)
    names: dict[Any, str] = {row.pk: row.name for row in Customer.objects.filter(pk__in=[part.key for part in parts])}
    return [
        [
            Cell(names.get(part.key, "—"), addresses.record("customers.customer", part.key)),
            Cell(part.orders, _orders(question.period, customer=part.key)),
            Cell(part.amount), _share(part.amount, whole),
        ]
        for part in parts
    ]  # fmt: skip


def _by_product(question: Question) -> list[Sequence[Cell]]:
    parts, whole = grouped(question.sales, "product"), total(question.sales)
    names: dict[Any, str] = {row.pk: row.name for row in Product.objects.filter(pk__in=[part.key for part in parts])}
    return [
        [
            Cell(names.get(part.key, "—")),
            Cell(part.orders, question.at(by="orders", product=str(part.key))),
            Cell(part.amount), _share(part.amount, whole),
        ]
        for part in parts
    ]  # fmt: skip


def _by_time(question: Question) -> list[Sequence[Cell]]:
    """Days of a week, weeks of a month, months of a quarter or year; they add up to the whole."""
    parts = parts_reported(question.level, question.period)
    targets = Targets(question.ctx, parts[0][0], [period for _level, period in parts])
    whole = total(question.sales)
    rows: list[Sequence[Cell]] = []
    for level, period in parts:
        found = [sale for sale in question.sales if sale.day in period]
        count = len({sale.order for sale in found})
        # The weeks of a month are cut where it turns: no report of a whole week shows the same.
        is_cut = question.level == Level.MONTH
        href = "" if is_cut else question.at(level=level, day=period.start.isoformat(), by="owner")
        first = [Cell(time_name(level, period), href), Cell(count, _orders(period) if count else "")]
        if question.level in PLANNED:
            rows.append([*first, *_against(Figures(targets.of_everybody(period), total(found)))])
        else:
            rows.append([*first, Cell(total(found)), _share(total(found), whole)])
    if question.level in PLANNED:
        rows.append(_whole(question, Targets(question.ctx, question.level, [question.period]), question.name))
    return rows


def _by_order(question: Question) -> list[Sequence[Cell]]:
    """The orders themselves; of one product just what its lines come to."""
    amounts: dict[Any, Decimal] = {}
    for sale in question.sales:
        if not question.product or str(sale.product) == question.product:
            amounts[sale.order] = amounts.get(sale.order, Decimal(0)) + sale.amount
    orders = SalesOrder.objects.filter(pk__in=list(amounts)).select_related("customer", "owner")
    return [
        [
            Cell(order.number, addresses.record(ORDER, order.pk)), Cell(order.ordered_on), Cell(str(order.customer)),
            Cell(str(order.owner or "")), Cell(amounts[order.pk]),
        ]
        for order in orders.order_by("ordered_on", "number")[:MOST_ORDERS]
    ]  # fmt: skip


# ---- Pages -----------------------------------------------------------------------------------------------------------


def _strip(question: Question) -> list[dict[str, Any]]:
    sold, before = total(question.sales), _before(question)
    told: list[dict[str, Any]] = [
        {"label": _("Sold"), "value": whole_yuan(sold)},
        {"label": _("Orders"), "value": f"{len({sale.order for sale in question.sales}):,}"},
        {"label": _("Sold the time before"), "value": whole_yuan(before)},
    ]
    if question.level in PLANNED:
        figures = Figures(Targets(question.ctx, question.level, [question.period]).of_everybody(question.period), sold)
        percent = figures.percent
        told.insert(0, {"label": _("Target"), "value": "—" if figures.target is None else whole_yuan(figures.target)})
        told.insert(2, {
            "label": _("Achieved"), "value": "—" if percent is None else f"{percent}%",
            "share": min(percent or 0, 100), "tone": "green" if (percent or 0) >= 100 else "",
        })  # fmt: skip
    return told


def _before(question: Question) -> Decimal:
    return total(sales_seen(question.ctx, reported_period(question.level, question.period.start - _ONE_DAY)))


def _summary(question: Question) -> dict[str, Any] | None:
    """What was written about the period, or who owes it; None for whom it does not concern."""
    if question.level not in PLANNED or not sees_all(question.ctx) or not question.ctx.may(REPORT):
        return None
    found = summary_of(question.ctx, question.level, question.period)
    if found is None:
        asked = {"kind": "summary", "level": question.level, "begins_on": question.period.start.isoformat()}
        may = question.ctx.may(REPORT, "create")
        return {"report": None, "new": addresses.of_module(REPORT, "new", query=asked) if may else ""}
    is_owed = found.state == ReportState.OPEN
    return {
        "report": found, "href": addresses.record(REPORT, found.pk), "is_owed": is_owed,
        "is_missing": is_owed and found.due_on < question.ctx.today,
    }  # fmt: skip


@require_GET
def show(request: Request) -> HttpResponseBase:
    """The report, with the period before and after, and what was written about it."""
    ctx = request.ctx
    require(ctx, registry.entry(ORDER), "view", TITLE)
    question = Question(request)
    rows, columns = _rows(question), _columns(question)
    has_own_sum = any(getattr(row, "is_sum", False) for row in rows)
    before, after = question.period.start - _ONE_DAY, question.period.end + _ONE_DAY
    given = {
        "question": question,
        "columns": columns,
        "rows": rows,
        "totals": None if has_own_sum or question.by == "product" else totals(columns, rows),
        "strip": _strip(question),
        "levels": [(NAMES[level], question.at(level=level), level == question.level) for level in LEVELS],
        "tabs": [
            {"label": name, "on": way == question.by, "href": question.at(by=way)}
            for way, name in question.ways.items()
        ],
        "before": question.at(day=before.isoformat()),
        "after": question.at(day=after.isoformat()),
        "summary": _summary(question),
        "is_cut": question.by == "orders" and len(rows) >= MOST_ORDERS,
        "all_orders": _orders(question.period),
        "here": PLACE,
        "printed": registry.module(ORDER),
        "export": addresses.with_query(f"{PLACE}export/", question.query),
        "may_export": ctx.may(ORDER, "export"),
    }  # fmt: skip
    return page(request, "sales/report.html", given, status=422 if question.wrong else 200)


@require_http_methods(["GET", "POST"])
def export(request: Request) -> HttpResponseBase:
    """The same table as XLSX, CSV or PDF, on record with who took it."""
    require(request.ctx, registry.entry(ORDER), "view", TITLE)
    question = Question(request)
    rows = _rows(question)

    def write(ctx: Any, form: str) -> bytes:
        return written(ctx, form, str(NAMES[question.level]), question.name, _columns(question), rows)

    back = addresses.with_query(PLACE, question.query)
    told = {"report": "sales", **question.query}
    wanted = taking_out.TakingOut(
        registry.module(ORDER), str(NAMES[question.level]), back, len(rows), ("xlsx", "csv", "pdf"), write, told
    )
    return taking_out.answer(request, wanted)


menu.add(
    menu.Entry("sales_report", TITLE, PLACE, "report-money", group="business", order=28,
               may=lambda ctx: ctx.may(ORDER))
)  # fmt: skip
