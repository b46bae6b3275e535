"""Registers and reports over customers: each a table on a printable page, which can be taken out as a workbook."""

from __future__ import annotations

import datetime
import json
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby
from typing import Any

from django.http import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods

from guanxi.kernel.dates import add_months
from guanxi.kernel.errors import NotAllowed, NotFound
from guanxi.kernel.messages import Message
from guanxi.kernel.money import format_money
from guanxi.platform.people.models import Person
from guanxi.records import registry
from guanxi.records.context import Context
from guanxi.records.picklists import label
from guanxi.rooms.customers import picklists, queries
from guanxi.rooms.customers.models import Customer
from guanxi.rooms.customers.models.customer import Stage
from guanxi.rooms.customers.models.promoters import Side
from guanxi.web import addresses, taking_out
from guanxi.web.gate import Request
from guanxi.web.rendering import page
from guanxi.web.reports import Cell, Column, subtotal, totals, written

CUSTOMER = "customers.customer"
#: A page of paper ends somewhere: what a report shows at most. The export of the list has no such end.
MOST_ROWS = 2000
Row = tuple[Cell, ...]


@dataclass(frozen=True)
class Report:
    """A table worked out from what the person may see. `needs`: the record type one must be allowed to view.

    `of_owner` narrows it to one account manager's customers.
    """

    name: str
    title: Any
    note: Any
    clause: str
    icon: str
    columns: tuple[Column, ...]
    rows: Callable[[Context], list[Row]]
    needs: str = CUSTOMER
    empty: Any = ""
    of_owner: Callable[[Context, uuid.UUID], list[Row]] | None = None


def _to_customer(customer: Customer) -> Cell:
    return Cell(customer.name, addresses.record(CUSTOMER, customer.pk))


def _texts(customer: Customer, *names: str) -> tuple[Cell, ...]:
    known = registry.entry(CUSTOMER)
    return tuple(Cell(known.field(name).text(customer)) for name in names)


def _register(ctx: Context) -> list[Row]:
    rows = ctx.search(CUSTOMER).filter(status__in=picklists.DEALING_STATUSES).select_related("owner", "department")
    return [
        (
            Cell(row.number), _to_customer(row), *_texts(row, "demand_level", "importance", "status"),
            Cell(str(row.owner or "")), Cell(row.city), Cell(row.first_dealing_on), Cell(row.last_contact_on),
            Cell(row.sales_12m),
        )
        for row in rows.order_by("name", "pk")[:MOST_ROWS]
    ]  # fmt: skip


def _incomplete(ctx: Context) -> list[Row]:
    def mark(is_missing: bool) -> Cell:
        return Cell(gettext("missing"), tone="red") if is_missing else Cell(gettext("kept"))

    return [
        (
            Cell(row.customer.number), _to_customer(row.customer), Cell(str(row.customer.owner or "")),
            mark(row.visits), mark(row.dealings), mark(row.directory),
        )
        for row in queries.incomplete_books(ctx, MOST_ROWS)
    ]  # fmt: skip


def _won_and_lost(ctx: Context) -> list[Row]:
    return [
        (
            Cell(row.customer, addresses.record(CUSTOMER, row.customer_id)), Cell(row.competitor or gettext("us")),
            Cell(row.won), Cell(row.won_amount), Cell(row.lost, tone="red" if row.lost else ""), Cell(row.lost_amount),
        )
        for row in queries.won_and_lost(ctx)[:MOST_ROWS]
    ]  # fmt: skip


def _sources(ctx: Context) -> list[Row]:
    return [
        (
            Cell(
                label(picklists.SOURCE, row["source"]) if row["source"] else gettext("not stated"),
                addresses.listing(CUSTOMER, **{"f-source": row["source"]}) if row["source"] else "",
            ),
            Cell(row["customers"]), Cell(row["orders"]), Cell(row["amount"]),
        )
        for row in queries.by_source(ctx)
    ]  # fmt: skip


def _stages(ctx: Context) -> list[Row]:
    """Each stage in its order, the empty ones too, with the customers now in it."""
    counted = queries.by_stage(ctx)
    return [
        (
            Cell(f"{place}. {Stage(stage).label}", addresses.listing(CUSTOMER, **{"f-stage": stage})),
            Cell(counted[stage].customers), Cell(counted[stage].recently), Cell(counted[stage].oldest_on),
        )
        for place, stage in enumerate(Stage.values, 1)
    ]  # fmt: skip


def _ranking(ctx: Context) -> list[Row]:
    return [
        (
            Cell(place), _to_customer(row), *_texts(row, "demand_level"), Cell(str(row.owner or "")), Cell(row.city),
            Cell(row.sales_12m),
        )
        for place, row in enumerate(queries.sales_ranking(ctx, 100), start=1)
    ]  # fmt: skip


def _contributions(ctx: Context) -> list[Row]:
    return [
        (
            Cell(row["created_by__name"] or "—"), Cell(row["created_by__department__name"] or ""), Cell(row["total"]),
            Cell(row["filed"]), Cell(row["waiting"]),
        )
        for row in queries.contributions_by_employee(ctx)
    ]  # fmt: skip


def _without_policy_note(ctx: Context) -> list[Row]:
    return [
        (Cell(row.number), _to_customer(row), *_texts(row, "market_area"), Cell(str(row.owner or "")))
        for row in queries.key_accounts_without_policy_note(ctx)[:MOST_ROWS]
    ]


def _owners(ctx: Context) -> list[Row]:
    return [
        (
            Cell(
                row["owner__name"] or gettext("nobody"),
                addresses.listing(CUSTOMER, **{"f-owner": str(row["owner_id"])}) if row["owner_id"] else "",
            ),
            Cell(row["department__name"] or ""), Cell(row["customers"]), Cell(row["contacted"]),
            Cell(row["quiet"], tone="red" if row["quiet"] else ""), Cell(row["last"]),
        )
        for row in queries.upkeep_by_owner(ctx)
    ]  # fmt: skip


def _share(value: int | None, good: int = 80) -> Cell:
    """A share in per cent; what is far from whole stands out."""
    return Cell(value, tone="red" if value is not None and value < good // 2 else "")


def _quality(ctx: Context) -> list[Row]:
    report = reverse("customers:report", args=["quality-customers"])
    return [
        (
            Cell(row.owner or gettext("nobody"), f"{report}?owner={row.owner_id}" if row.owner_id else ""),
            Cell(row.department), Cell(row.customers), _share(row.timely), _share(row.checks.accurate),
            _share(row.complete), Cell(row.checks.checked), Cell(row.checks.wrong),
        )
        for row in queries.quality_by_owner(ctx)
    ]  # fmt: skip


def _quality_of_customers(ctx: Context, owner: uuid.UUID | None = None) -> list[Row]:
    return [
        (
            _to_customer(row.customer), Cell(str(row.customer.owner or "")), Cell(row.complete),
            Cell(row.age_days, tone="" if row.timely else "red"),
            Cell(gettext("timely") if row.timely else gettext("overdue"), tone="" if row.timely else "red"),
            _share(row.checks.accurate), Cell(row.checks.checked),
            Cell(row.checks.wrong, tone="red" if row.checks.wrong else ""),
        )
        for row in queries.quality_by_customer(ctx, owner, MOST_ROWS)
    ]  # fmt: skip


_CONSUMPTION = {
    "high": _("High: %(least)s and more"),
    "medium": _("Medium: %(least)s to below %(below)s"),
    "low": _("Low: below %(below)s"),
    "none": _("Bought nothing"),
}


def _level(level: queries.Consumption) -> Cell:
    bounds = {"least": level.least, "below": level.below}
    return Cell(str(_CONSUMPTION[level.name]) % {name: format_money(value) for name, value in bounds.items() if value})


def _linked(count: int, filters: Mapping[str, Any]) -> Cell:
    """A number of customers that leads to exactly these customers."""
    return Cell(count, addresses.listing(CUSTOMER, filter=json.dumps(filters)) if count else "")


def _demand(ctx: Context) -> list[Row]:
    return [
        (
            _level(level),
            *(cell for group in groups for cell in (_linked(group.customers, group.filters), Cell(group.sales))),
            _linked(sum(group.customers for group in groups), {"all": level.filters}),
            Cell(sum((group.sales for group in groups), Decimal(0))),
        )
        for level, groups in queries.consumption_and_intention(ctx)
    ]


def _commission(ctx: Context) -> list[Row]:
    """Promoter by promoter, month by month, with what each and each side came to."""
    rows: list[Row] = []
    columns = REPORTS["commission"].columns
    earned = sorted(queries.earned_by_month(ctx), key=lambda row: (row.side, row.promoter, str(row.promoter_id)))
    for side, of_side in groupby(earned, key=lambda row: row.side):
        lines: list[Row] = []
        for _promoter, of_one in groupby(of_side, key=lambda row: row.promoter_id):
            own = list(of_one)
            months = [_month_of(row) for row in own]
            lines += months
            if len(months) > 1:
                lines.append(subtotal(_("Total of %(name)s") % {"name": own[0].promoter}, columns, months))
        rows += [*lines, subtotal(_("Total: %(side)s") % {"side": Side(side).label}, columns, lines)]
    return rows


def _month_of(row: queries.Earned) -> Row:
    return (
        Cell(row.promoter, _sales_of(row)), Cell(f"{row.month:%Y-%m}"), Cell(Side(row.side).label),
        Cell(row.sales), Cell(row.amount), Cell(row.commission),
    )  # fmt: skip


def _sales_of(row: queries.Earned) -> str:
    """The list of the sales that a promoter was credited with in one month."""
    last = add_months(row.month, 1) - datetime.timedelta(days=1)
    return addresses.listing(
        "customers.promotedsale",
        **{
            "f-promoter": str(row.promoter_id),
            "f-sold_on-from": row.month.isoformat(),
            "f-sold_on-to": last.isoformat(),
        },
    )


def _leaving(ctx: Context) -> list[Row]:
    return [
        (
            Cell(each.customer.number), _to_customer(each.customer), *_texts(each.customer, "demand_level", "status"),
            Cell(str(each.customer.owner or "")), Cell(each.customer.last_contact_on), Cell(each.last_day),
            Cell(max((each.last_day - ctx.today).days, 0), tone="red" if each.last_day <= ctx.today else ""),
        )
        for each in queries.about_to_leave(ctx, MOST_ROWS)
    ]  # fmt: skip


REPORTS: dict[str, Report] = {
    report.name: report
    for report in (
        Report(
            "register", _("Register of dealing customers"), _("Every customer that deals with us, as of today"),
            "WF-05",
            "books",
            (
                Column(_("Number")), Column(_("Customer")), Column(_("Demand level")), Column(_("Importance")),
                Column(_("Status")), Column(_("Owner")), Column(_("City")), Column(_("First dealing"), "date"),
                Column(_("Last contact"), "date"), Column(_("Sales, 12 months"), "money"),
            ),
            _register, empty=_("No customer deals with us yet."),
        ),
        Report(
            "incomplete", _("Incomplete books"),
            _("Dealing customers that lack a visit log, a purchase-and-sale record or a contact directory"), "ARC-40",
            "alert-triangle",
            (
                Column(_("Number")), Column(_("Customer")), Column(_("Owner")), Column(_("Visit log")),
                Column(_("Purchase-and-sale record")), Column(_("Contact directory")),
            ),
            _incomplete, empty=_("Every dealing customer has all three books."),
        ),
        Report(
            "market", _("Orders won and lost"), _("By customer and competitor, to the single order"), "ARC-07",
            "arrows-exchange",
            (
                Column(_("Customer")), Column(_("Went to")), Column(_("Won"), "count"),
                Column(_("Won, amount"), "money"),
                Column(_("Lost orders"), "count"), Column(_("Lost, amount"), "money"),
            ),
            _won_and_lost, needs="customers.marketflow", empty=_("No order has been noted in the market flow yet."),
        ),
        Report(
            "sources", _("Customers by source"), _("How many customers each source brought, and what came of them"),
            "WF-08", "route",
            (
                Column(_("Source of the customer")), Column(_("Customers"), "count"), Column(_("Won orders"), "count"),
                Column(_("Won, amount"), "money"),
            ),
            _sources, empty=_("There are no customers yet."),
        ),
        Report(
            "stages", _("Customers by stage"),
            _("The seven stages of the sales process, from the first information to what customers say of us"),
            "VIS-01", "stairs-up",
            (
                Column(_("Stage")), Column(_("Customers"), "count"), Column(_("Entered within 30 days"), "count"),
                Column(_("Longest there since"), "date"),
            ),
            _stages, empty=_("There are no customers yet."),
        ),
        Report(
            "ranking", _("Sales ranking"),
            _("The hundred largest of twelve months; employees, shareholders and operators are left out"), "ARC-41",
            "chart-bar",
            (
                Column(_("Place"), "count"), Column(_("Customer")), Column(_("Demand level")), Column(_("Owner")),
                Column(_("City")), Column(_("Sales, 12 months"), "money"),
            ),
            _ranking, empty=_("Nothing was sold in the last twelve months."),
        ),
        Report(
            "owners", _("Upkeep of relations"), _("Who looks after how many customers, and spoke to them when"),
            "SAL-14",
            "heart-handshake",
            (
                Column(_("Owner")), Column(_("Department")), Column(_("Customers"), "count"),
                Column(_("Recently contacted"), "count"), Column(_("No recent contact"), "count"),
                Column(_("Last contact"), "date"),
            ),
            _owners, empty=_("There are no customers yet."),
        ),
        Report(
            "contributions", _("Contributions by employee"), _("Who adds to the archive, and how much of it was filed"),
            "ARC-23", "inbox",
            (
                Column(_("Employee")), Column(_("Department")), Column(_("Contributions"), "count"),
                Column(_("Filed"), "count"), Column(_("Waiting"), "count"),
            ),
            _contributions, needs="customers.contribution", empty=_("Nobody has contributed yet."),
        ),
        Report(
            "policy", _("Key accounts without a policy note"),
            _("Key accounts for whose market area nobody has noted the government's trade policy"), "ARC-06", "gavel",
            (Column(_("Number")), Column(_("Customer")), Column(_("Market area")), Column(_("Owner"))),
            _without_policy_note, empty=_("Every key account has a trade policy note."),
        ),
        Report(
            "demand", _("Consumption and intention"),
            _("What customers bought in twelve months, and what they mean to buy; each number opens its customers"),
            "ARC-45", "chart-pie",
            (
                Column(_("Consumption")),
                Column(_("Intention A"), "count"), Column(_("Sales, A"), "money"),
                Column(_("Intention B"), "count"), Column(_("Sales, B"), "money"),
                Column(_("Intention C"), "count"), Column(_("Sales, C"), "money"),
                Column(_("Not stated"), "count"), Column(_("Sales, not stated"), "money"),
                Column(_("All customers"), "count"), Column(_("Sales, 12 months"), "money"),
            ),
            _demand, empty=_("There are no customers yet."),
        ),
        Report(
            "commission", _("Commission of promoters"),
            _("Sales credited and commission earned, per promoter and month, for twelve months"), "ARC-17",
            "percentage",
            (
                Column(_("Promoter")), Column(_("Month")), Column(_("Internal or external")),
                Column(_("Sales credited"), "count"), Column(_("Sales, amount"), "money"),
                Column(_("Commission"), "money"),
            ),
            _commission, needs="customers.promotedsale", empty=_("No sale has been credited to a promoter yet."),
        ),
        Report(
            "quality", _("Quality of the archives"),
            _("Timely, accurate and complete, per account manager; open one for his customers"), "ARC-37", "gauge",
            (
                Column(_("Owner")), Column(_("Department")), Column(_("Customers"), "count"),
                Column(_("Timely"), "percent"), Column(_("Accurate"), "percent"), Column(_("Complete"), "percent"),
                Column(_("Fields checked"), "count"), Column(_("Found wrong"), "count"),
            ),
            _quality, empty=_("There are no customers yet."),
        ),
        Report(
            "quality-customers", _("Quality of the archives by customer"),
            _("Timely, accurate and complete, the least complete archive first"), "ARC-37", "gauge",
            (
                Column(_("Customer")), Column(_("Owner")), Column(_("Complete"), "percent"),
                Column(_("Days since update"), "days"), Column(_("Timely")), Column(_("Accurate"), "percent"),
                Column(_("Fields checked"), "count"), Column(_("Found wrong"), "count"),
            ),
            _quality_of_customers, empty=_("There are no customers yet."), of_owner=_quality_of_customers,
        ),
        Report(
            "to-the-pool", _("About to go to the public pool"),
            _("Customers whose owners have been warned, the next first"), "SAL-14", "clock",
            (
                Column(_("Number")), Column(_("Customer")), Column(_("Demand level")), Column(_("Status")),
                Column(_("Owner")), Column(_("Last contact"), "date"), Column(_("Last day"), "date"),
                Column(_("Days left"), "days"),
            ),
            _leaving, empty=_("No customer is about to go to the pool."),
        ),
    )
}  # fmt: skip


def offered(ctx: Context) -> list[Report]:
    """The reports this person may open."""
    return [report for report in REPORTS.values() if ctx.may(report.needs)]


def _report(ctx: Context, name: str) -> Report:
    report = REPORTS.get(name)
    if report is None:
        raise NotFound
    if not ctx.may(report.needs):
        raise NotAllowed(Message("You have no right to see: %(module)s.", module=report.title))
    return report


@require_GET
def show(request: Request, report: str) -> HttpResponseBase:
    """A report as a page."""
    asked = _report(request.ctx, report)
    owner = _owner_asked(request, asked)
    rows = _rows(request.ctx, asked, owner)
    given = {
        "report": asked,
        "printed": registry.module(asked.needs),
        "owner": owner,
        "rows": rows,
        "totals": _totals(asked, rows),
        "is_cut": len(rows) >= MOST_ROWS,
        "most": MOST_ROWS,
        "may_export": request.ctx.may(asked.needs, "export"),
        "today": request.ctx.today,
    }
    return page(request, "customers/report.html", given)


def _owner_asked(request: Request, report: Report) -> Person | None:
    """The account manager to whom the address narrows the report; NotFound for anybody there is not."""
    if report.of_owner is None or not (asked := request.GET.get("owner", "")):
        return None
    try:
        owner: Person = request.ctx.get("people.person", asked)
    except NotAllowed:
        raise NotFound from None
    return owner


def _rows(ctx: Context, report: Report, owner: Person | None) -> list[Row]:
    if owner is not None and report.of_owner is not None:
        return report.of_owner(ctx, owner.pk)
    return report.rows(ctx)


def _totals(report: Report, rows: Sequence[Row]) -> list[Cell] | None:
    """The sums below the figures; none of places in a ranking."""
    return None if report.name == "ranking" else totals(report.columns, rows)


@require_http_methods(["GET", "POST"])
def export(request: Request, report: str) -> HttpResponseBase:
    """What the file is for (GET), then the report as a workbook (POST), on record with the fingerprint of the file."""
    asked = _report(request.ctx, report)
    owner = _owner_asked(request, asked)
    rows = _rows(request.ctx, asked, owner)

    def write(ctx: Context, form: str) -> bytes:
        return written(ctx, form, title, str(asked.note), asked.columns, rows)

    title = f"{asked.title} · {owner.name}" if owner is not None else str(asked.title)
    back = reverse("customers:report", args=[asked.name]) + (f"?owner={owner.pk}" if owner is not None else "")
    wanted = taking_out.TakingOut(
        registry.module(asked.needs), title, back, len(rows), ("xlsx", "csv", "pdf"), write, {"report": asked.name}
    )
    return taking_out.answer(request, wanted)
