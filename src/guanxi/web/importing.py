"""Bringing a file in, step by step: upload, columns, check, import, result; each step has its own address."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from guanxi.kernel.errors import Invalid, NotFound, Problem
from guanxi.kernel.messages import Message
from guanxi.platform.files.models import StoredFile
from guanxi.platform.files.storage import store
from guanxi.records import problems, registry
from guanxi.records.approvals import asking
from guanxi.records.context import Context
from guanxi.records.importing import cells, mapping, reading, refused, running
from guanxi.records.models import ImportRow, ImportRun
from guanxi.records.registry import Registered
from guanxi.records.standard import CREATE, EDIT
from guanxi.web import addresses, flashes
from guanxi.web.awaiting import requests_shown
from guanxi.web.gate import Request, of_module
from guanxi.web.job_pages import NEXT, progress_of
from guanxi.web.rendering import page

ROWS_SHOWN = 100
PREVIEW_ROWS = 5
State = ImportRun.State


# ---- Upload ----------------------------------------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
@of_module
def upload(request: Request, known: Registered) -> HttpResponseBase:
    """The first step: choose the file. Below it, one's earlier imports."""
    running.require_right(request.ctx, known.module)
    if request.method == "GET":
        return _draw_upload(request, known)
    try:
        given = request.FILES.get("file")
        if given is None:
            raise Invalid({"file": [Message("Choose a file.")]})
        kept = store(
            given, str(given.name), request.person, request.ctx.now, StoredFile.Kind.IMPORT, module=known.module.key
        )
        run = running.begin(request.ctx, known.module, kept, request.POST.get("encoding", ""))
    except Problem as problem:
        return _draw_upload(request, known, problem)
    return flashes.redirect(_address(known, run, "columns"))


def _draw_upload(request: Request, known: Registered, problem: Problem | None = None) -> HttpResponseBase:
    given = {
        "known": known,
        "module": known.module,
        "problem": _text_of(problem),
        "encodings": reading.ENCODINGS,
        "runs": list(running.runs(request.ctx, known.module)[:10]),
        "importable": mapping.importable(known.module),
        "steps": _steps(),
    }
    return page(request, "web/import_upload.html", given, status=problem.status if problem else 200)


def _text_of(problem: Problem | None) -> str:
    if isinstance(problem, Invalid):
        return " ".join(str(message) for found in problem.errors.values() for message in found)
    return str(problem.message) if problem else ""


def _steps() -> list[str]:
    return [_("File"), _("Columns"), _("Check"), _("Result")]


def _address(known: Registered, run: ImportRun, *parts: str) -> str:
    return addresses.of_module(known.module, "import", run.pk, *parts)


def _run(request: Request, known: Registered, pk: Any) -> ImportRun:
    run = running.run_of(request.ctx, pk)
    if run.module != known.module.key:
        raise NotFound
    return run


# ---- Columns ---------------------------------------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
@of_module
def columns(request: Request, known: Registered, pk: Any) -> HttpResponseBase:
    """The second step: which column fills which field; also how the file is read."""
    run = _run(request, known, pk)
    if request.method == "GET":
        return _draw_columns(request, known, run)
    ctx = request.ctx
    sheet, encoding, header_row = _reading(request, run)
    try:
        if request.POST.get("reread"):
            return flashes.redirect(_reread_address(known, run, sheet, encoding, header_row))
        chosen = {name[4:]: str(value) for name, value in request.POST.items() if name.startswith("col-")}
        run = running.set_mapping(ctx, run, sheet, encoding, header_row, chosen)
        running.check(ctx, run)
    except Problem as problem:
        return _draw_columns(request, known, run, problem)
    return flashes.redirect(_address(known, run))


def _reading(request: Request, run: ImportRun) -> tuple[str, str, int | None]:
    given = request.POST if request.method == "POST" else request.GET
    header = given.get("header_row", "")
    number = int(header) if header.isdigit() and 0 < int(header) < 100_000 else run.header_row
    return given.get("sheet", run.sheet), given.get("encoding", run.encoding), number


def _reread_address(known: Registered, run: ImportRun, sheet: str, encoding: str, header_row: int | None) -> str:
    query = {"sheet": sheet, "encoding": encoding, "header_row": header_row}
    return addresses.with_query(_address(known, run, "columns"), query)


def _draw_columns(
    request: Request, known: Registered, run: ImportRun, problem: Problem | None = None
) -> HttpResponseBase:
    ctx, module = request.ctx, known.module
    sheet, encoding, header_row = _reading(request, run)
    warnings: list[str] = []
    table = reading.Table(list(run.headings))
    try:
        table = reading.read(run.file, encoding, sheet, PREVIEW_ROWS * 4, header_row)
        warnings = [str(warning) for warning in table.warnings]
        sheets = reading.sheets_of(run.file, encoding)
    except Problem as unreadable:
        problem, sheets = problem or unreadable, []
    suggested = {item.column: item for item in mapping.suggest(ctx, module, table.headings, table.rows)}
    fields = mapping.importable(module)
    errors = problem.errors if isinstance(problem, Invalid) else {}
    given = {
        "known": known,
        "module": module,
        "run": run,
        "steps": _steps(),
        "rows": [
            {
                "index": index,
                "heading": heading,
                "samples": [_sample(row[index]) for row in table.rows[:PREVIEW_ROWS] if index < len(row)],
                "choices": _field_choices(fields, _chosen(request, run, index, suggested.get(index))),
                "sure": round(suggested[index].confidence * 100) if index in suggested else 0,
                "errors": [str(message) for message in errors.get(str(index), ())],
            }
            for index, heading in enumerate(table.headings)
        ],
        "sheets": sheets,
        "sheet": sheet or table.sheet,
        "encoding": encoding or table.encoding,
        "encodings": reading.ENCODINGS,
        "header_row": header_row or table.header_row,
        "is_text": not sheets or not sheets[0].name,
        "warnings": warnings,
        "problem": " ".join(str(message) for message in errors.get("", ())) if errors else _text_of(problem),
        "required": [spec.label for spec in fields if spec.required and not spec.has_default],
    }
    return page(request, "web/import_columns.html", given, status=problem.status if problem else 200)


def _sample(value: Any) -> str:
    text = "" if value is None else str(value)
    return text if len(text) <= 40 else f"{text[:39]}…"


def _chosen(request: Request, run: ImportRun, index: int, suggestion: mapping.Suggestion | None) -> str:
    if request.method == "POST":
        return str(request.POST.get(f"col-{index}", ""))
    if run.mapping:
        return str(run.mapping.get(str(index), ""))
    return suggestion.field if suggestion else ""


def _field_choices(fields: list[Any], chosen: str) -> list[tuple[str, Any, bool]]:
    return [("", _("(leave out)"), not chosen), *((spec.name, spec.label, spec.name == chosen) for spec in fields)]


# ---- Check, import, result -------------------------------------------------------------------------------------------


@require_GET
@of_module
def show(request: Request, known: Registered, pk: Any) -> HttpResponseBase:
    """Where an import stands: its progress, the report of the check, or the result."""
    run = _run(request, known, pk)
    if run.state == State.UPLOADED:
        return flashes.redirect(_address(known, run, "columns"))
    is_running = run.job is not None and not run.job.is_finished
    rows_state = request.GET.get("rows", "")
    given: dict[str, Any] = {
        "known": known,
        "module": known.module,
        "run": run,
        "steps": _steps(),
        "step": 4 if run.state in (State.DONE, State.UNDONE, State.UNDOING, State.APPLYING) else 3,
        "is_running": is_running,
        "progress": progress_of(run.job, url=_address(known, run)) if run.job is not None else None,
        "here": _address(known, run),
        "counts": _counts(run),
        "rows": [] if is_running else _rows(request.ctx, known, run, rows_state),
        "rows_state": rows_state,
        "updates_by": [(rule.name, rule.label) for rule in known.module.same_as],
        "can": _can(run),
        "needs_approval": any(asking.expected(request.ctx, known, action) for action in (CREATE, EDIT)),
    }
    if is_running:
        given["progress"]["next"] = ""
    elif given["progress"] and request.htmx:
        # The script that follows the job goes on to this very page, now with its result.
        given["progress"] |= {"state": "done", "next": _address(known, run)}
    return page(request, "web/import_run.html", given)


def _counts(run: ImportRun) -> list[tuple[str, Any, int]]:
    labels = dict(ImportRow.State.choices)
    return [(key, labels[key], run.summary.get(key, 0)) for key in labels if run.summary.get(key)]


def _can(run: ImportRun) -> dict[str, bool]:
    written = bool(run.summary.get("created") or run.summary.get("updated"))
    idle = run.job is None or run.job.is_finished
    is_kept = run.file.deleted_at is None
    open_rows = bool(run.summary.get("pending") or run.summary.get("duplicate"))
    stopped = run.state in (State.CHECKED, State.FAILED, State.CANCELLED, State.APPLYING)
    return {
        "apply": idle and is_kept and stopped and open_rows,
        "undo": idle and written and run.state in (State.DONE, State.FAILED, State.CANCELLED),
        "columns": idle and is_kept and not written and run.state not in (State.DONE, State.UNDONE),
        "refused": is_kept and bool(run.summary.get("problem")),
    }


def _rows(ctx: Context, known: Registered, run: ImportRun, state: str) -> list[dict[str, Any]]:
    found = run.rows.order_by("line")
    labels = {name: spec.label for name, spec in known.fields.items()}
    if state in ImportRow.State.values:
        found = found.filter(state=state)
    else:
        found = found.exclude(state__in=(ImportRow.State.PENDING, ImportRow.State.CREATED))
    module = known.module
    shown = list(found[:ROWS_SHOWN])
    titles = _titles(ctx, known, shown)
    asked = requests_shown(ctx, [row.problems for row in shown])
    return [
        {
            "line": row.line,
            "state": row.state,
            "state_label": row.get_state_display(),
            "cells": [_sample(cells.shown(value)) for value in row.values[:4]],
            "problem": problems.text(row.problems, labels),
            "request": asked.get(problems.request_of(row.problems)),
            "duplicates": [_duplicate(known, item, titles) for item in row.duplicates],
            "href": addresses.record(module, row.record_id)
            if row.record_id and row.state in ("created", "updated")
            else "",
        }
        for row in shown
    ]


def _titles(ctx: Context, known: Registered, rows: list[ImportRow]) -> dict[str, str]:
    """What the records are called that the rows may be the same as, as far as the person sees them."""
    keys = {item["record"] for row in rows for item in row.duplicates if item.get("record")}
    return {str(record.pk): str(record) for record in ctx.search(known.module).filter(pk__in=keys)} if keys else {}


def _duplicate(known: Registered, item: dict[str, Any], titles: dict[str, str]) -> str:
    """One possible duplicate: a record that exists, or an earlier row of the same file; and by what."""
    rule = next((rule.label for rule in known.module.same_as if rule.name == item.get("rule")), item.get("rule"))
    if item.get("line"):
        return str(Message("same %(what)s as row %(line)s", what=rule, line=item["line"]))
    title = titles.get(str(item.get("record"))) or _("a record you may not see")
    return str(Message("same %(what)s as %(title)s", what=rule, title=title))


@require_POST
@of_module
def act(request: Request, known: Registered, pk: Any, what: str) -> HttpResponseBase:
    """Import, undo or stop."""
    run = _run(request, known, pk)
    if what == "apply":
        ctx = request.ctx.because(request.POST.get("reason", "").strip())
        running.apply(ctx, run, request.POST.get("duplicates", ""), request.POST.get("update_key", ""))
    elif what == "undo":
        running.undo(request.ctx, run)
    elif what == "stop":
        running.cancel(request.ctx, run)
    else:
        raise NotFound
    return flashes.redirect(_address(known, run))


@require_POST
@of_module
def refused_rows(request: Request, known: Registered, pk: Any) -> HttpResponseBase:
    """The refused rows as a file, to be corrected and imported again."""
    stored = refused.refused_file(request.ctx, _run(request, known, pk))
    return flashes.redirect(f"/files/{stored.pk}/")


def _import_address(job: Any) -> str:
    run = ImportRun.objects.filter(pk=job.payload.get("run_id")).first()
    return addresses.of_module(run.module, "import", run.pk) if run and registry.find(run.module) else ""


for _kind in (running.CHECK, running.APPLY, running.UNDO):
    NEXT[_kind] = _import_address
