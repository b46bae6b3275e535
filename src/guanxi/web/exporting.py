"""Taking a list out as a file: what, in which form; the work is a job, the file its result."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from guanxi.kernel.errors import Invalid
from guanxi.platform.policy.values import value_of
from guanxi.records import disclosing, exporting, listing
from guanxi.records.export_limits import ROWS_ALONE
from guanxi.records.registry import Registered
from guanxi.web import entered, flashes
from guanxi.web.gate import Request, of_module
from guanxi.web.list_state import ListState, remembered_params
from guanxi.web.listing import total_text
from guanxi.web.rendering import page


@require_http_methods(["GET", "POST"])
@of_module
def export(request: Request, known: Registered) -> HttpResponseBase:
    """Choose rows, columns and format (GET, or POST with chosen rows), then start the job (POST with `go`)."""
    exporting.require_right(request.ctx, known.module)
    given = request.POST if request.method == "POST" else request.GET
    state = ListState(request.ctx, known, remembered_params(given.get("state", "")))
    keys = [key for key in given.getlist("pk") if entered.is_id(key)]
    if request.method == "POST" and given.get("go"):
        try:
            return _start(request, known, state, keys)
        except Invalid as problem:
            return _draw(request, known, state, keys, problem)
    return _draw(request, known, state, keys)


def _start(request: Request, known: Registered, state: ListState, keys: list[str]) -> HttpResponseBase:
    module, rows = known.module, request.POST.get("rows", "")
    if rows == "chosen" and not keys:
        raise Invalid({"rows": [_("No row is chosen.")]})
    query = listing.Query() if rows == "everything" else state.query
    view = listing.view_of(request.ctx, module, query.view)
    visible = tuple(query.columns or view.columns)
    columns = exporting.all_columns(module) if request.POST.get("columns") == "every" else visible
    ctx = request.ctx.because(request.POST.get("reason", "").strip())
    started = exporting.start_export(
        ctx, module, query, columns, request.POST.get("format", ""), ids=keys if rows == "chosen" else None
    )
    return flashes.redirect(f"/jobs/{started.pk}/")


def _draw(
    request: Request, known: Registered, state: ListState, keys: list[str], problem: Invalid | None = None
) -> HttpResponseBase:
    module, ctx = known.module, request.ctx
    found = listing.count(listing.selected(ctx, module, state.query), exporting.MAX_ROWS)
    everything = listing.count(ctx.search(module), exporting.MAX_ROWS)
    view = listing.view_of(ctx, module, state.query.view)
    given: dict[str, Any] = {
        "known": known,
        "module": module,
        "state": state.remembered,
        "keys": keys,
        "found": total_text(found),
        "everything": total_text(everything),
        "is_narrowed": found != everything,
        "visible": len(listing.columns_of(module, tuple(state.query.columns or view.columns))),
        "every": len(exporting.all_columns(module)),
        "alone": value_of(ROWS_ALONE, ctx.today),
        "asks_reason": disclosing.is_watched(ctx, module),
        "back": state.url(),
        "errors": problem.errors if problem else {},
        "posted": request.POST,
    }
    return page(request, "web/export.html", given, status=422 if problem else 200)
