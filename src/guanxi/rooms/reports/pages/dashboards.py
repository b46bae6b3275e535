"""Dashboards: reports side by side, each asked for by itself, so that a slow one holds up no other."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponseBase
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from guanxi.kernel.errors import NotFound, Problem
from guanxi.records import registry
from guanxi.records.reporting import running
from guanxi.records.reporting.definition import read
from guanxi.rooms.reports.models import Dashboard, Tile
from guanxi.rooms.reports.module import DASHBOARD, REPORT
from guanxi.rooms.reports.pages.charts import chart_of
from guanxi.rooms.reports.pages.runs import table_of
from guanxi.rooms.reports.queries import dashboards
from guanxi.web import addresses, menu
from guanxi.web.gate import Request, require
from guanxi.web.rendering import page

PLACE = "/reports/dashboards/"
TITLE = _("Dashboards")
#: So many lines of a table a tile shows; the report shows all.
LINES = 8


@require_GET
def show(request: Request, pk: UUID | None = None) -> HttpResponseBase:
    """One dashboard with its tiles; without an id the one that is made for the person's role."""
    ctx = request.ctx
    require(ctx, registry.entry(DASHBOARD), "view", TITLE)
    found = dashboards(ctx)
    chosen = next((each for each in found if each.pk == pk), None) if pk else next(iter(found), None)
    if pk and chosen is None:
        raise NotFound
    given: dict[str, Any] = {
        "chosen": chosen,
        "tabs": [
            {"label": each.name, "href": f"{PLACE}{each.pk}/", "on": chosen is not None and each.pk == chosen.pk}
            for each in found
        ],
        "tiles": _tiles(chosen) if chosen else [],
        "new": addresses.of_module(DASHBOARD, "new") if ctx.may(DASHBOARD, "create") else "",
        "edit": addresses.record(DASHBOARD, chosen.pk, "edit")
        if chosen and ctx.search(DASHBOARD, "edit").filter(pk=chosen.pk).exists() else "",
    }  # fmt: skip
    return page(request, "reports/dashboard.html", given)


def _tiles(board: Dashboard) -> list[Tile]:
    tiles = board.tiles.filter(deleted_at=None, report__deleted_at=None).select_related("report")
    return list(tiles.order_by("place", "pk"))


@require_GET
def tile(request: Request, pk: UUID) -> HttpResponseBase:
    """What one tile shows, worked out for who looks."""
    ctx = request.ctx
    found = Tile.objects.select_related("report").filter(pk=pk, deleted_at=None).first()
    if found is None or not ctx.search(DASHBOARD).filter(pk=found.dashboard_id).exists():
        raise NotFound
    given: dict[str, Any] = {"tile": found, "href": "", "reason": ""}
    report = ctx.search(REPORT).filter(pk=found.report_id).first()
    if report is None:
        return page(request, "reports/tile.html", {**given, "reason": _("This report is not shared with you.")})
    given["href"] = addresses.record(REPORT, report.pk)
    try:
        definition = read(report.definition)
        if running.is_large(ctx, definition):
            told = _("This report reads so many rows that it is made in the background; open it for that.")
            return page(request, "reports/tile.html", {**given, "reason": told})
        result = running.run(ctx, definition, most=LINES)
    except Problem as problem:
        texts = problem.errors.values() if hasattr(problem, "errors") else ()
        reason = " ".join(str(text) for found in texts for text in found) or str(problem)
        return page(request, "reports/tile.html", {**given, "reason": reason})
    table = table_of(result)
    given |= {**table, "lines": table["lines"][:LINES], "is_more": len(table["lines"]) > LINES or result.is_cut}
    given["chart"] = chart_of(definition.chart, result) if found.show == "chart" else None
    given["is_empty"] = not result.rows
    return page(request, "reports/tile.html", given)


menu.add(
    menu.Entry(
        "dashboards", TITLE, PLACE, "layout-dashboard", group="reports", order=20,
        may=lambda ctx: ctx.may(DASHBOARD),
    )
)  # fmt: skip
