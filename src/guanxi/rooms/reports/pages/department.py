"""How the business of a department goes, upward: each salesperson’s customers, doings, sales, late items (RPT-10)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.http import HttpResponseBase
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from guanxi.kernel.errors import NotAllowed
from guanxi.kernel.messages import Message
from guanxi.platform.people.models import Person
from guanxi.records import registry
from guanxi.records.context import Context
from guanxi.records.filters import PERIOD_LABELS
from guanxi.records.reporting import running
from guanxi.records.reporting.definition import Definition, Figure, Group, Period
from guanxi.records.reporting.result import Heading, Line
from guanxi.rooms.reports.actions.files import text_of
from guanxi.rooms.reports.module import REPORT
from guanxi.rooms.reports.pages.runs import lead_of
from guanxi.web import menu
from guanxi.web.gate import Request
from guanxi.web.rendering import page

PLACE = "/reports/department/"
TITLE = _("Performance of the department")
CUSTOMER = "customers.customer"
#: The right to this page.
SEE_PERFORMANCE = "see_performance"
PERIODS = ("this_month", "last_month", "this_quarter", "last_quarter", "this_year", "last_year")


def _in(name: str, *values: str) -> dict[str, Any]:
    return {"field": name, "op": "in", "value": list(values)}


def _overdue(ctx: Context) -> dict[str, Any]:
    return {"all": [_in("state", "open"), {"not": {"field": "due_on", "op": "from", "value": ctx.today.isoformat()}}]}


_COUNT = Figure("count")


@dataclass(frozen=True)
class Column:
    """One figure of each salesperson. `day`: the date by which a row belongs to the period; without it, as of today."""

    label: Any
    module: str
    figure: Figure = _COUNT
    day: str = ""
    filters: Callable[[Context], dict[str, Any]] = lambda ctx: {}
    is_bad: bool = False


COLUMNS = (
    Column(_("Customers"), CUSTOMER),
    Column(_("Follow-ups"), "engagement.followup", day="happened_at"),
    Column(_("Visits"), "engagement.visitreport", day="visited_on"),
    Column(_("In pursuit"), "sales.opportunity", filters=lambda ctx: _in("state", "open")),
    Column(_("Expected"), "sales.opportunity", Figure("sum", "amount"), filters=lambda ctx: _in("state", "open")),
    Column(_("Won"), "sales.opportunity", day="closed_on", filters=lambda ctx: _in("state", "won")),
    Column(_("Amount won"), "sales.opportunity", Figure("sum", "amount"), "closed_on", lambda ctx: _in("state", "won")),
    Column(_("Orders"), "sales.salesorder", day="ordered_on"),
    Column(_("Contracts signed"), "sales.contract", day="signed_on"),
    Column(_("Tasks overdue"), "engagement.task", filters=_overdue, is_bad=True),
    Column(_("Duties overdue"), "obligations.obligation", filters=_overdue, is_bad=True),
)  # fmt: skip


def may_look(ctx: Context) -> bool:
    """Whoever leads others: a right of its own. The figures are of what he may see in any case."""
    return ctx.may(REPORT, SEE_PERFORMANCE)


def shown(ctx: Context) -> list[Column]:
    """The figures of what there is and the person may see."""
    known = {module.key for module in registry.modules()}
    return [each for each in COLUMNS if each.module in known and ctx.may(each.module)]


def figures(ctx: Context, column: Column, within: str) -> tuple[Heading, dict[str, Line]]:
    """One figure by the id of the salesperson, worked out by the database."""
    definition = Definition(
        column.module, groups=(Group("owner"),), figures=(column.figure,), filters=column.filters(ctx),
        period=Period(column.day, within) if column.day else Period(),
    )  # fmt: skip
    result = running.run(ctx, definition)
    found = {}
    for line in result.lines:
        first = line.leads["all"][0] if line.leads else {}
        if first.get("op") == "in":
            found[first["value"][0]] = line
    return result.headings[1], found


@require_GET
def show(request: Request) -> HttpResponseBase:
    """The table, each figure leading to exactly the records it counts."""
    ctx = request.ctx
    if not may_look(ctx):
        raise NotAllowed(Message("Only who leads others sees the performance of the department."))
    within = request.GET.get("within", "")
    within = within if within in PERIODS else "this_month"
    columns = shown(ctx)
    told = [(column, *figures(ctx, column, within)) for column in columns]
    people = Person.objects.in_bulk({key for _column, _heading, found in told for key in found})
    rows = sorted(people.values(), key=lambda person: (str(person.department or ""), person.name))
    given = {
        "columns": [(column, heading) for column, heading, _found in told],
        "rows": [
            {"name": person.name, "department": person.department,
             "cells": [_cell(column, heading, found.get(str(person.pk))) for column, heading, found in told]}
            for person in rows
        ],
        "totals": [_total(heading, found) for _column, heading, found in told],
        "tabs": [
            {"label": str(PERIOD_LABELS[name]), "href": f"{PLACE}?within={name}", "on": name == within}
            for name in PERIODS
        ],
    }  # fmt: skip
    return page(request, "reports/department.html", given)


def _cell(column: Column, heading: Heading, line: Line | None) -> dict[str, Any]:
    value = line.cells[1] if line else None
    text = text_of(heading, value) if value else ""
    href = lead_of(column.module, line) if text and line else ""
    return {"text": text, "red": column.is_bad and bool(value), "href": href}


def _total(heading: Heading, found: dict[str, Line]) -> str:
    values = [line.cells[1] for line in found.values() if isinstance(line.cells[1], int | Decimal)]
    return text_of(heading, sum(values, start=Decimal(0) if heading.kind == "money" else 0)) if values else ""


menu.add(menu.Entry("department_performance", TITLE, PLACE, "users-group", group="reports", order=30, may=may_look))
