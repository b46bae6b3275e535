"""Bulk actions afterwards: one's own, what became of each record, taking them back."""

from __future__ import annotations

import uuid
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.http import HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from guanxi.kernel.errors import Conflict, NotFound
from guanxi.kernel.messages import Message
from guanxi.platform.files.models import StoredFile
from guanxi.platform.files.storage import store
from guanxi.records import batches, history, problems, registry
from guanxi.records.approvals.asking import PENDING
from guanxi.records.models import Batch, BatchRow
from guanxi.records.registry import Registered
from guanxi.records.standard import action_of
from guanxi.records.workbooks import Sheet
from guanxi.web import addresses, flashes
from guanxi.web.awaiting import requests_shown
from guanxi.web.bulk import after
from guanxi.web.gate import Request
from guanxi.web.job_pages import NEXT, progress_of
from guanxi.web.rendering import page

SHOWN = 100
State = BatchRow.State
#: What was not done, or not yet.
NOT_DONE = (State.FAILED, State.KEPT, State.WAITING)


@require_GET
def index(request: Request) -> HttpResponseBase:
    """One's bulk actions, newest first; administrators see everybody's."""
    found = list(batches.batches(request.ctx)[:SHOWN])
    given = {
        "rows": [{"batch": batch, "title": str(batches.title_of(batch))} for batch in found if _known(batch)],
        "sees_all": batches.sees_all(request.ctx),
    }
    return page(request, "web/batches.html", given)


def _known(batch: Batch) -> Registered | None:
    module = registry.find(batch.module)
    return registry.entry(module) if module is not None else None


def _asked(request: Request, pk: Any) -> tuple[Batch, Registered]:
    batch = batches.batch_of(request.ctx, pk)
    known = _known(batch)
    if known is None:
        raise NotFound
    return batch, known


@require_GET
def show(request: Request, pk: Any) -> HttpResponseBase:
    """What became of a bulk action, record by record."""
    batch, known = _asked(request, pk)
    is_running = batch.state in (Batch.State.RUNNING, Batch.State.UNDOING)
    here = f"/batches/{batch.pk}/"
    progress = progress_of(batch.job, url=here) if batch.job is not None else None
    if progress and is_running:
        progress["next"] = ""
    elif progress and request.htmx:
        # The script that follows the job goes on to this very page, now with its result.
        progress |= {"state": "done", "next": here}
    chosen = request.GET.get("rows", "")
    given = {
        "batch": batch,
        "module": known.module,
        "title": str(batches.title_of(batch)),
        "here": here,
        "is_running": is_running,
        "progress": progress,
        "figures": _figures(batch, here),
        "rows": [] if is_running else _rows(request, known, batch, chosen),
        "chosen": chosen,
        "can_undo": batches.can_undo(request.ctx, batch),
        "warned": batch.rows.filter(state=State.FAILED, is_warned=True).count() if _is_mine(request, batch) else 0,
        "failed": batch.rows.filter(state__in=NOT_DONE).exists(),
        "back": addresses.listing(known.module),
    }
    return page(request, "web/batch.html", given)


def _is_mine(request: Request, batch: Batch) -> bool:
    return batch.person_id == request.person.pk


def _figures(batch: Batch, here: str) -> list[dict[str, Any]]:
    kept = batch.rows.filter(state=State.KEPT).count()
    figures = [
        {"label": _("Records"), "value": f"{batch.total:,}", "href": here},
        {"label": _("Done"), "value": f"{batch.done:,}", "href": f"{here}?rows=done"},
        {
            "label": _("Left as they were"),
            "value": f"{batch.failed:,}",
            "tone": "red" if batch.failed else "",
            "href": f"{here}?rows=failed",
        },
    ]
    if batch.waiting:
        waiting = {"label": _("Waiting for approval"), "value": f"{batch.waiting:,}", "href": f"{here}?rows=waiting"}
        figures.insert(2, waiting)
    if batch.undone or kept:
        figures.append({"label": _("Put back"), "value": f"{batch.undone:,}", "href": f"{here}?rows=undone"})
    if kept:
        figures.append({"label": _("Kept"), "value": f"{kept:,}", "tone": "red", "href": f"{here}?rows=kept"})
    return figures


def _rows(request: Request, known: Registered, batch: Batch, state: str) -> list[dict[str, Any]]:
    """The records that were asked for, what went wrong before what went right; names only of what the person sees."""
    found = batch.rows.order_by("place")
    if state in State.values:
        found = found.filter(state=state)
    elif batch.failed or batch.waiting:
        found = found.filter(state__in=NOT_DONE)
    rows = list(found[:SHOWN])
    ids = [row.record_id for row in rows]
    seen = _seen(request, known, ids)
    changes = history.of_batch(request.ctx, known, batch.pk, list(seen.values()))
    labels = {name: spec.label for name, spec in known.fields.items()}
    asked = requests_shown(request.ctx, [row.problems for row in rows])
    return [
        {
            "title": str(seen[row.record_id]) if row.record_id in seen else _("(not visible)"),
            "href": addresses.record(known.module, row.record_id)
            if row.record_id in seen and seen[row.record_id].deleted_at is None
            else "",
            "state": row.get_state_display(),
            "tone": {"failed": "red", "kept": "amber", "waiting": "blue", "done": "green"}.get(row.state, ""),
            "text": problems.text(row.problems, labels),
            "request": asked.get(problems.request_of(row.problems)),
            "changes": changes.get(row.record_id, ()),
        }
        for row in rows
    ]


@require_POST
def undo(request: Request, pk: Any) -> HttpResponseBase:
    """Take a bulk action back."""
    batch, _known_type = _asked(request, pk)
    batch = batches.undo(request.ctx, batch)
    if batch.state == Batch.State.UNDOING:
        return flashes.redirect(f"/batches/{batch.pk}/")
    text = Message("%(count)s records are as they were before.", count=batch.undone)
    return flashes.redirect(f"/batches/{batch.pk}/", text, "ok" if batch.state == Batch.State.UNDONE else "warn")


@require_POST
def confirm(request: Request, pk: Any) -> HttpResponseBase:
    """Do it all the same for the records against which nothing but a warning stood."""
    batch, known = _asked(request, pk)
    action = action_of(known.module, batch.verb)
    if action is None or not _is_mine(request, batch):
        raise NotFound
    rows = batch.rows.filter(state=State.FAILED, is_warned=True)
    keys = list(rows.order_by("place").values_list("record_id", flat=True))
    ctx = request.ctx.because(batch.reason)
    again = batches.begin(ctx, known, action, keys, batch.data, confirmed=True)
    return after(again, addresses.listing(known.module), ctx)


@require_POST
def failures(request: Request, pk: Any) -> HttpResponseBase:
    """What was left as it was, and why, as a workbook; also what waits for approval, with its request."""
    batch, known = _asked(request, pk)
    rows = batch.rows.filter(state__in=NOT_DONE).order_by("place")
    if not rows.exists():
        raise Conflict(Message("No record of this bulk action was left as it was."))
    labels = {name: spec.label for name, spec in known.fields.items()}
    with TemporaryDirectory() as folder:
        path = Path(folder) / "left.xlsx"
        headings = [str(known.module.label), _("Number"), _("State"), _("Reason"), _("Request for approval")]
        sheet = Sheet(path, str(batches.title_of(batch)), headings, note="")
        for start in range(0, rows.count(), 1000):
            part = list(rows[start : start + 1000])
            seen = _seen(request, known, [row.record_id for row in part])
            for row in part:
                record = seen.get(row.record_id)
                number = getattr(record, "number", "") if record is not None else ""
                title = str(record) if record is not None else _("(not visible)")
                text, waits_for = problems.text(row.problems, labels), problems.request_of(row.problems)
                address = request.build_absolute_uri(addresses.record(PENDING, waits_for)) if waits_for else ""
                sheet.write([title, number, row.get_state_display(), text, address])
        sheet.close()
        name = str(Message("%(what)s - left as they were.xlsx", what=batches.title_of(batch)))
        with path.open("rb") as content:
            kept = store(content, name, request.person, request.ctx.now, StoredFile.Kind.EXPORT)
    return flashes.redirect(f"/files/{kept.pk}/")


def _seen(request: Request, known: Registered, ids: list[uuid.UUID]) -> dict[uuid.UUID, Any]:
    return {
        **request.ctx.search(known.module).in_bulk(ids),
        **request.ctx.search(known.module, binned=True).in_bulk(ids),
    }


for _kind in (batches.RUN, batches.UNDO):
    NEXT[_kind] = lambda job: f"/batches/{job.payload['batch_id']}/"
