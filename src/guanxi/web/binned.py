"""The recycle bin of a record type: bring back, or delete for good after a second consent."""

from __future__ import annotations

from django.http import HttpResponseBase
from django.views.decorators.http import require_GET

from guanxi.kernel.errors import NotFound
from guanxi.records import listing
from guanxi.records.registry import Registered
from guanxi.web import cells
from guanxi.web.gate import Request, of_module
from guanxi.web.list_state import ListState
from guanxi.web.listing import sorting, total_text
from guanxi.web.rendering import page


@require_GET
@of_module
def show(request: Request, known: Registered) -> HttpResponseBase:
    """What lies in the bin, and who put it there when."""
    if not known.module.can("delete"):
        raise NotFound
    state = ListState(request.ctx, known, request.GET, binned=True)
    names = (*(state.params.get("columns", "").split(",") if state.params.get("columns") else known.columns[:4]),)
    names = (*names, "deleted_at", "deleted_by")
    query = listing.Query(
        text=state.query.text,
        sort=state.query.sort or "-deleted_at",
        columns=names,
        cursor=state.query.cursor,
        size=state.query.size,
        binned=True,
    )
    found = listing.page(request.ctx, known.module, query)
    ctx = request.ctx
    given = {
        "known": known,
        "module": known.module,
        "state": state,
        "found": found,
        "lines": cells.lines_of(ctx, known, found.rows, found.columns),
        "sort": sorting(state, found.columns, found.sort),
        "total_text": total_text(listing.count(listing.selected(ctx, known.module, query))),
        "may": {name: ctx.may(known.module, name) for name in ("restore", "purge")},
    }
    return page(request, "web/bin.html", given)
