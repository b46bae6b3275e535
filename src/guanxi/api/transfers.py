"""Files, exports, imports, and the jobs that do the long work."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any

from django.http import HttpResponseBase
from django.utils.translation import gettext_lazy as _

from guanxi.api.calls import Call
from guanxi.api.operations import (
    IDEMPOTENCY_KEY,
    Operation,
    described,
    json_answer,
    json_body,
    parameter,
    reading,
    reference,
    writing,
)
from guanxi.api.records import query_of, require_sight
from guanxi.api.replies import Reply
from guanxi.api.schemas import Schema
from guanxi.kernel.errors import Invalid, NotAllowed, NotFound
from guanxi.kernel.messages import Message
from guanxi.platform.files.models import StoredFile
from guanxi.platform.files.serving import served
from guanxi.platform.files.storage import store
from guanxi.platform.jobs.models import Job
from guanxi.platform.jobs.starting import cancel
from guanxi.records import attachments, exporting, problems
from guanxi.records.fields import Sealed
from guanxi.records.importing import cells, mapping, running
from guanxi.records.importing.reading import ENCODINGS, fetch
from guanxi.records.links import key_of
from guanxi.records.models import ImportRow, ImportRun
from guanxi.records.module import Module
from guanxi.records.registry import Registered

ROWS = 200
_EXPORT = {"format": str, "columns": list, "view": str, "q": str, "filter": dict, "sort": str, "ids": list}
_CHECK = {"mapping": dict, "sheet": str, "encoding": str, "header_row": int}
_APPLY = {"duplicates": str, "update_key": str}


def of_module(known: Registered) -> Iterator[Operation]:
    """Taking records of one type out as a file, and bringing them in."""
    module = known.module
    base, name, tag = f"{module.app}/{module.noun}", f"{module.app}_{module.noun}", module.label_plural
    if module.can("export_rows"):
        yield Operation(
            "POST", f"{base}/export", f"{name}_export", _("Export"), writing(partial(_export, known)),
            _describe_export, tag,
        )  # fmt: skip
    if not module.can("import_rows"):
        return
    steps: dict[str, Callable[..., Reply]] = {"check": _check, "apply": _apply, "undo": _undo, "cancel": _cancel_import}
    first: dict[str, Callable[..., Any]] = {"check": partial(_fetch, known)}
    yield Operation(
        "POST", f"{base}/import", f"{name}_import", _("Begin an import"),
        writing(partial(_begin, known), partial(_receive_import, known)),
        _describe_begin, tag,
    )  # fmt: skip
    yield Operation(
        "GET", f"{base}/import/{{id}}", f"{name}_import_get", _("An import"), reading(partial(_import, known)),
        partial(_describe_run, "Where it stands."), tag,
    )  # fmt: skip
    yield Operation(
        "GET", f"{base}/import/{{id}}/rows", f"{name}_import_rows", _("Rows of an import"),
        reading(partial(_rows, known)), _describe_rows, tag,
    )  # fmt: skip
    for step, act in steps.items():
        yield Operation(
            "POST", f"{base}/import/{{id}}/{step}", f"{name}_import_{step}", _STEPS[step],
            writing(partial(act, known), first.get(step)),
            partial(_describe_step, step), tag,
        )  # fmt: skip


def general() -> Iterator[Operation]:
    """Files and jobs, whatever they are about."""
    yield Operation(
        "POST", "files", "files_upload", _("Upload a file"), writing(_upload, _receive), _describe_upload, _("Files")
    )
    yield Operation("GET", "files/{id}", "files_get", _("A file"), reading(_file), _describe_file, _("Files"))
    yield Operation(
        "GET", "files/{id}/content", "files_content", _("Download a file"), _content, _describe_content, _("Files")
    )
    yield Operation("GET", "jobs", "jobs_list", _("My jobs"), reading(_jobs), _describe_jobs, _("Jobs"))
    yield Operation("GET", "jobs/{id}", "jobs_get", _("A job"), reading(_job), _describe_job, _("Jobs"))
    yield Operation(
        "POST", "jobs/{id}/cancel", "jobs_cancel", _("Call a job off"), writing(_cancel), _describe_cancel, _("Jobs")
    )


def typed(values: Mapping[str, Any], types: Mapping[str, type]) -> dict[str, Any]:
    """The values, each of its type; Invalid names those that are not."""
    wrong = {
        name: [Message("This value has the wrong form.")]
        for name, value in values.items()
        if not isinstance(value, types[name]) or (isinstance(value, bool) and types[name] is int)
    }
    if wrong:
        raise Invalid(wrong)
    return dict(values)


def _require_writing(call: Call) -> None:
    if call.ctx.limits.only_reads:
        raise NotAllowed(Message("This access token may only read."))


# ---- Jobs ------------------------------------------------------------------------------------------------------------


def job_data(job: Job) -> dict[str, Any]:
    """A job as a program follows it."""
    result = job.result if isinstance(job.result, dict) else {}
    file = result.get("file")
    return {
        "id": str(job.pk),
        "kind": job.kind,
        "title": job.title,
        "state": job.state,
        "is_finished": job.is_finished,
        "done": job.done,
        "total": job.total,
        "message": job.message,
        "error": str(job.error).splitlines()[-1][:200] if job.error and job.is_finished else "",
        "result": job.result,
        "file": f"/api/v1/files/{file}" if file else None,
        "created_at": job.created_at,
        "finished_at": job.finished_at,
    }


def _started(job: Job) -> Reply:
    job.refresh_from_db()
    return Reply(job_data(job), 202, {"Location": f"/api/v1/jobs/{job.pk}"})


def _mine(call: Call, pk: str) -> Job:
    call.asked(())
    key = key_of(pk)
    job = Job.objects.filter(pk=key, actor=call.ctx.actor, deleted_at=None).first() if key else None
    if job is None:
        raise NotFound
    return job


def _jobs(call: Call) -> Reply:
    call.asked(())
    jobs = Job.objects.filter(actor=call.ctx.actor, deleted_at=None).order_by("-created_at", "-id")[:100]
    return Reply({"items": [job_data(job) for job in jobs]})


def _job(call: Call, pk: str) -> Reply:
    return Reply(job_data(_mine(call, pk)))


def _cancel(call: Call, pk: str) -> Reply:
    _require_writing(call)
    job = _mine(call, pk)
    call.sent(())
    return Reply(job_data(cancel(job, call.ctx.actor, call.ctx.now)))


# ---- Files -----------------------------------------------------------------------------------------------------------


def file_data(stored: StoredFile) -> dict[str, Any]:
    """A file as a program knows it; its bytes are at `content`."""
    return {
        "id": str(stored.pk),
        "name": stored.name,
        "content_type": stored.content_type,
        "size": stored.size,
        "sha256": stored.sha256,
        "content": f"/api/v1/files/{stored.pk}/content",
    }


def _given(call: Call) -> Any:
    """The file of a multipart body."""
    upload = call.request.FILES.get("file")
    if upload is None:
        raise Invalid({"file": [Message("Choose a file.")]})
    return upload


def _receive(call: Call) -> StoredFile:
    _require_writing(call)
    call.asked(())
    upload = _given(call)
    return store(upload, str(upload.name), call.ctx.actor, call.ctx.now)


def _upload(call: Call, stored: StoredFile) -> Reply:
    return Reply(file_data(stored), 201, {"Location": f"/api/v1/files/{stored.pk}"})


def _file(call: Call, pk: str) -> Reply:
    call.asked(())
    return Reply(file_data(attachments.get(call.ctx, pk)))


def _content(call: Call, pk: str) -> HttpResponseBase:
    call.asked(())
    return served(attachments.get(call.ctx, pk), download=True)


# ---- Export ----------------------------------------------------------------------------------------------------------


def _export(known: Registered, call: Call) -> Reply:
    exporting.require_right(call.ctx, known.module)
    call.asked(())
    sent = call.sent(_EXPORT)
    given = typed(sent.values, _EXPORT)
    columns = [str(name) for name in given.get("columns", ())]
    query = query_of(call.ctx, known, {**given, "columns": ",".join(columns)})
    ids = [str(pk) for pk in given["ids"]] if "ids" in given else None
    ctx = call.ctx.because(sent.reason)
    started = exporting.start_export(ctx, known.module, query, columns, given.get("format", "xlsx"), ids=ids)
    return _started(started)


# ---- Import ----------------------------------------------------------------------------------------------------------


def _receive_import(known: Registered, call: Call) -> StoredFile:
    running.require_right(call.ctx, known.module)
    call.asked(())
    upload = _given(call)
    encoding = call.request.POST.get("encoding", "")
    if encoding and encoding not in ENCODINGS:
        raise Invalid({"encoding": [Message("One of: %(encodings)s.", encodings=tuple(ENCODINGS))]})
    kept = store(
        upload, str(upload.name), call.ctx.actor, call.ctx.now, StoredFile.Kind.IMPORT, module=known.module.key
    )
    fetch(kept)
    return kept


def _begin(known: Registered, call: Call, kept: StoredFile) -> Reply:
    ctx, module = call.ctx, known.module
    run = running.begin(ctx, module, kept, call.request.POST.get("encoding", ""))
    address = f"/api/v1/{module.app}/{module.noun}/import/{run.pk}"
    return Reply(_run_data(call, module, run), 201, {"Location": address})


def _run(known: Registered, call: Call, pk: str) -> ImportRun:
    require_sight(call.ctx, known)
    run = running.run_of(call.ctx, pk)
    if run.module != known.module.key:
        raise NotFound
    return run


def _import(known: Registered, call: Call, pk: str) -> Reply:
    call.asked(())
    return Reply(_run_data(call, known.module, _run(known, call, pk)))


def _run_data(call: Call, module: Module, run: ImportRun) -> dict[str, Any]:
    """An import; before it is checked with what each column probably is."""
    suggested: dict[str, str] = {}
    if run.state == ImportRun.State.UPLOADED:
        suggested = {str(item.column): item.field for item in running.suggestions(call.ctx, run)}
    return {
        "id": str(run.pk),
        "module": module.key,
        "state": run.state,
        "file": run.file.name,
        "headings": list(run.headings),
        "mapping": run.mapping or suggested,
        "fields": [spec.name for spec in mapping.importable(module)],
        "sheet": run.sheet,
        "encoding": run.encoding,
        "header_row": run.header_row,
        "total": run.total,
        "summary": run.summary,
        "error": str(run.error),
        "job": f"/api/v1/jobs/{run.job_id}" if run.job_id else None,
    }


def _rows(known: Registered, call: Call, pk: str) -> Reply:
    run = _run(known, call, pk)
    asked = call.asked(("state", "after"))
    state, after = asked.get("state", ""), asked.get("after", "0")
    wrong: dict[str, list[Message]] = {}
    if state and state not in ImportRow.State.values:
        wrong["state"] = [Message("One of: %(states)s.", states=tuple(ImportRow.State.values))]
    if not (after.isascii() and after.isdigit() and len(after) < 9):
        wrong["after"] = [Message("A whole number is needed here.")]
    if wrong:
        raise Invalid(wrong)
    found = run.rows.filter(line__gt=int(after)).order_by("line")
    rows = list((found.filter(state=state) if state else found)[:ROWS])
    return Reply({"items": [_row(row) for row in rows], "after": rows[-1].line if len(rows) == ROWS else None})


def _value(cell: Any) -> Any:
    found = cells.shown(cell)
    return str(found) if isinstance(found, Sealed) else found


def _row(row: ImportRow) -> dict[str, Any]:
    told = [{"field": name, "message": str(message)} for name, message in problems.messages(row.problems)]
    return {
        "line": row.line,
        "state": row.state,
        "values": [_value(value) for value in row.values],
        "problems": told,
        "request": problems.request_of(row.problems) or None,
        "record": str(row.record_id) if row.record_id else None,
    }


def _fetch(known: Registered, call: Call, pk: str) -> ImportRun:
    run = _run(known, call, pk)
    call.asked(())
    running.require_kept(run)
    fetch(run.file)
    return run


def _check(known: Registered, call: Call, pk: str, run: ImportRun) -> Reply:
    given = typed(call.sent(_CHECK).values, _CHECK)
    assigned = given.get("mapping") or _run_data(call, known.module, run)["mapping"]
    chosen = {str(column): str(name) for column, name in assigned.items()}
    run = running.set_mapping(
        call.ctx, run, given.get("sheet", run.sheet), given.get("encoding", run.encoding),
        given.get("header_row", run.header_row), chosen,
    )  # fmt: skip
    return _started(running.check(call.ctx, run))


def _apply(known: Registered, call: Call, pk: str) -> Reply:
    run = _run(known, call, pk)
    call.asked(())
    sent = call.sent(_APPLY)
    given = typed(sent.values, _APPLY)
    return _started(
        running.apply(call.ctx.because(sent.reason), run, given.get("duplicates", ""), given.get("update_key", ""))
    )


def _undo(known: Registered, call: Call, pk: str) -> Reply:
    run = _run(known, call, pk)
    call.asked(())
    call.sent(())
    return _started(running.undo(call.ctx, run))


def _cancel_import(known: Registered, call: Call, pk: str) -> Reply:
    running.require_right(call.ctx, known.module)
    run = _run(known, call, pk)
    call.asked(())
    call.sent(())
    return Reply(_run_data(call, known.module, running.cancel(call.ctx, run)))


# ---- Descriptions ----------------------------------------------------------------------------------------------------

_STEPS = {
    "check": _("Check an import"),
    "apply": _("Import"),
    "undo": _("Undo import"),
    "cancel": _("Call an import off"),
}
_TEXT: Schema = {"type": "string"}
_TEXTS: Schema = {"type": "array", "items": _TEXT}
_BODIES: Mapping[str, Schema] = {
    "check": {
        "mapping": {"type": "object", "additionalProperties": _TEXT, "description": "Column number → field."},
        "sheet": _TEXT,
        "encoding": _TEXT,
        "header_row": {"type": "integer"},
    },
    "apply": {"duplicates": {"type": "string", "enum": ["skip", "create", "update"]}, "update_key": _TEXT},
    "undo": {},
    "cancel": {},
}
_JOB_STARTED = json_answer(reference("Job"), "The job that does it.", ("Location",))

_EXPORT_ASKED = json_answer(
    {"anyOf": [reference("Job"), reference("Asked")]},
    "The job that does it, or the request to approve it.",
    ("Location",),
)


def _object(properties: Schema) -> Schema:
    more = {"_reason": {"type": "string", "maxLength": 1000}, "_confirmed": {"type": "boolean"}}
    return {"type": "object", "properties": {**properties, **more}, "additionalProperties": False}


def _multipart(more: Schema | None = None) -> Schema:
    shape = {"type": "object", "properties": {"file": {"type": "string", "format": "binary"}, **(more or {})}}
    return {"required": True, "content": {"multipart/form-data": {"schema": {**shape, "required": ["file"]}}}}


def _describe_export() -> Schema:
    shape = _object(
        {
            "format": {"type": "string", "enum": list(exporting.FORMATS), "default": "xlsx"},
            "columns": _TEXTS,
            "view": _TEXT,
            "q": _TEXT,
            "filter": {"type": "object"},
            "sort": _TEXT,
            "ids": _TEXTS,
        }
    )
    return described(
        {"202": _EXPORT_ASKED}, problems=(409, 413, 415), parameters=(IDEMPOTENCY_KEY,), body=json_body(shape)
    )


def _describe_begin() -> Schema:
    return described(
        {"201": json_answer(reference("Import"), "The file is read; the columns are to be assigned.", ("Location",))},
        problems=(409, 413),
        parameters=(IDEMPOTENCY_KEY,),
        body=_multipart({"encoding": _TEXT}),
    )


def _describe_run(text: str) -> Schema:
    return described({"200": json_answer(reference("Import"), text)})


def _describe_rows() -> Schema:
    state = {"type": "string", "enum": list(ImportRow.State.values)}
    after = parameter("after", {"type": "integer", "minimum": 0}, "The line after which to go on.")
    return described(
        {"200": json_answer(reference("ImportRows"), f"At most {ROWS} rows.")},
        parameters=(parameter("state", state, "Only rows in this state."), after),
    )


def _describe_step(step: str) -> Schema:
    done = {"200": json_answer(reference("Import"), "Called off.")} if step == "cancel" else {"202": _JOB_STARTED}
    return described(
        done, problems=(409, 413, 415), parameters=(IDEMPOTENCY_KEY,), body=json_body(_object(_BODIES[step]))
    )


def _describe_upload() -> Schema:
    return described(
        {"201": json_answer(reference("File"), "Kept; its id may be sent for a field of a record.", ("Location",))},
        problems=(409, 413),
        parameters=(IDEMPOTENCY_KEY,),
        body=_multipart(),
    )


def _describe_file() -> Schema:
    return described({"200": json_answer(reference("File"), "What it is.")})


def _describe_content() -> Schema:
    content = {"*/*": {"schema": {"type": "string", "format": "binary"}}}
    return described({"200": {"description": "The bytes.", "content": content}})


def _describe_jobs() -> Schema:
    jobs = {"type": "object", "properties": {"items": {"type": "array", "items": reference("Job")}}}
    return described({"200": json_answer({**jobs, "required": ["items"]}, "Newest first.")})


def _describe_job() -> Schema:
    return described({"200": json_answer(reference("Job"), "Where it stands.")})


def _describe_cancel() -> Schema:
    return described(
        {"200": json_answer(reference("Job"), "Called off, or asked to stop.")},
        problems=(409, 413, 415),
        parameters=(IDEMPOTENCY_KEY,),
        body=json_body(_object({})),
    )
