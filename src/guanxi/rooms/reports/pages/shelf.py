"""The folders of reports and what lies in them (CRM-46)."""

from __future__ import annotations

from django.http import HttpResponseBase
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from guanxi.records import registry
from guanxi.rooms.reports.module import FOLDER, REPORT
from guanxi.rooms.reports.queries import shelves
from guanxi.web import addresses, menu
from guanxi.web.gate import Request, require
from guanxi.web.rendering import page

PLACE = "/reports/all/"
TITLE = _("Reports")


@require_GET
def show(request: Request) -> HttpResponseBase:
    """Every folder with the reports in it that this person may see."""
    ctx = request.ctx
    require(ctx, registry.entry(REPORT), "view", TITLE)
    words = request.GET.get("q", "").strip()[:60]
    given = {
        "shelves": [
            {
                "folder": folder,
                "href": addresses.record(FOLDER, folder.pk),
                "reports": [
                    {"report": report, "href": addresses.record(REPORT, report.pk),
                     "module": REPORT.computed[0].figure(report)}
                    for report in reports
                ],
            }
            for folder, reports in shelves(ctx, words)
            if reports or not words
        ],
        "words": words,
        "here": PLACE,
        "new": addresses.of_module(REPORT, "new") if ctx.may(REPORT, "create") else "",
        "new_folder": addresses.of_module(FOLDER, "new") if ctx.may(FOLDER, "create") else "",
    }  # fmt: skip
    return page(request, "reports/shelf.html", given)


menu.add(
    menu.Entry("reports", TITLE, PLACE, "report", group="reports", order=10, may=lambda ctx: ctx.may(REPORT)),
)
