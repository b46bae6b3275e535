"""An import from upload to result: begin, assign the columns, check, apply, undo.

Every step needs the right "import" on the record type; each record is then written by the ordinary actions, with the
rights that the importing person has at that moment.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import UUID

from django.db import InterfaceError, OperationalError, transaction
from django.db.models import Count, QuerySet
from django.utils.translation import gettext_lazy as _

from guanxi.kernel.errors import Away, Conflict, Invalid, NotAllowed, NotFound, Problem
from guanxi.kernel.messages import Message
from guanxi.platform.access.models import Scope
from guanxi.platform.audit import entries as audit
from guanxi.platform.files.models import StoredFile
from guanxi.platform.files.storage import store
from guanxi.platform.jobs.models import Job
from guanxi.platform.jobs.progress import Cancelled, Progress, Superseded
from guanxi.platform.jobs.registry import job
from guanxi.platform.jobs.starting import cancel as cancel_job
from guanxi.platform.jobs.starting import start
from guanxi.platform.people.models import Person
from guanxi.records import registry
from guanxi.records.context import Context
from guanxi.records.importing import mapping as columns
from guanxi.records.importing.applying import ANSWERS, OPEN, SKIP, apply_rows
from guanxi.records.importing.reading import Table, read
from guanxi.records.importing.staging import stage
from guanxi.records.importing.undoing import undo_rows
from guanxi.records.models import ImportRow, ImportRun
from guanxi.records.module import Module
from guanxi.records.steps import Renew, Untold

State = ImportRun.State
PREVIEW_ROWS = 20
#: Nothing has been written in these states: columns may still be assigned anew.
BEFORE_WRITING = (State.UPLOADED, State.MAPPED, State.CHECKED, State.FAILED, State.CANCELLED)
ENDED = (State.DONE, State.FAILED, State.CANCELLED)


# ---- Who may -------------------------------------------------------------------------------------------------------


def require_right(ctx: Context, module: Module) -> None:
    """Raise NotAllowed unless the person may import into the module."""
    if not module.can("import_rows") or not ctx.may(module, "import"):
        raise NotAllowed(Message("You may not import %(module)s.", module=module.label_plural))


def require_kept(run: ImportRun) -> None:
    """Raise Conflict once file and rows of an old import were cleared away; it can then only be undone."""
    if run.file.deleted_at is not None:
        raise Conflict(Message("The rows of this import were cleared away; upload the file again."))


def runs(ctx: Context, module: Module | None = None) -> QuerySet[ImportRun]:
    """The imports a person may look at, the newest first: his own, or all of them with the right to."""
    found = ImportRun.objects.filter(deleted_at=None).select_related("file", "person", "job")
    found = found.order_by("-created_at", "-pk")
    if module is not None:
        found = found.filter(module=module.key)
    sees_all = ctx.unbounded or ctx.rights.scope(ImportRun._meta.label_lower, "view") is Scope.ALL
    return found if sees_all else found.filter(person=ctx.actor)


def run_of(ctx: Context, pk: object) -> ImportRun:
    """One import by its id; NotFound when it does not exist or is somebody else's."""
    try:
        run = runs(ctx).filter(pk=UUID(str(pk))).first()
    except ValueError:
        run = None
    if run is None:
        raise NotFound
    return run


# ---- Before anything is written ------------------------------------------------------------------------------------


def begin(
    ctx: Context,
    module: Module,
    stored_file: StoredFile,
    encoding: str = "",
    sheet: str = "",
    header_row: int | None = None,
) -> ImportRun:
    """Start an import of an uploaded file: its headings are read, nothing is staged yet.

    Raises NotAllowed without the right to import, NotFound for somebody else's file, Invalid or TooLarge for a file
    that cannot be read (with an `encoding`, `sheet` or `header_row` the person may then help).
    """
    require_right(ctx, module)
    if not ctx.unbounded and stored_file.created_by_id != ctx.actor.pk:
        raise NotFound
    table = read(stored_file, encoding, sheet, 1, header_row)
    return ImportRun.objects.create(
        module=module.key, person=ctx.actor, file=stored_file, encoding=table.encoding, sheet=table.sheet,
        header_row=table.header_row, headings=table.headings, options={"duplicates": SKIP},
        created_at=ctx.now, created_by=ctx.actor, changed_at=ctx.now, changed_by=ctx.actor,
    )  # fmt: skip


def preview(ctx: Context, run: ImportRun, limit: int = PREVIEW_ROWS) -> Table:
    """The first rows of the file as the run reads them, with the reader's warnings."""
    return read(run.file, run.encoding, run.sheet, limit, run.header_row)


def suggestions(ctx: Context, run: ImportRun) -> list[columns.Suggestion]:
    """What each column of the file probably is."""
    table = preview(ctx, run)
    return columns.suggest(ctx, registry.module(run.module), table.headings, table.rows)


def set_mapping(
    ctx: Context, run: ImportRun, sheet: str, encoding: str, header_row: int | None, mapping: Mapping[Any, str]
) -> ImportRun:
    """Say how the file is read and which column fills which field: {column index: field name}, "" for none.

    Rows that were staged before are dropped, and the choice is remembered for the next file. Raises Invalid for unknown
    fields or columns, a field named twice, and required fields without a column; Conflict once rows were written.
    """
    run = run_of(ctx, run.pk)
    module = registry.module(run.module)
    require_right(ctx, module)
    require_kept(run)
    table = read(run.file, encoding, sheet, 1, header_row)
    chosen = _checked_mapping(module, table.headings, mapping)
    with transaction.atomic():
        _move(run, BEFORE_WRITING, State.MAPPED, ctx)
        if run.rows.exclude(record_id=None).exists():
            raise Conflict(Message("Rows of this import have already been written; upload the file again."))
        run.rows.all().delete()
        run.encoding, run.sheet, run.header_row = table.encoding, table.sheet, table.header_row
        run.headings, run.mapping = table.headings, {str(column): name for column, name in chosen.items()}
        run.total, run.summary, run.error = 0, {}, ""
        run.save(update_fields=["encoding", "sheet", "header_row", "headings", "mapping", "total", "summary", "error"])
        columns.remember(ctx, module, table.headings, chosen)
    return run


def _checked_mapping(module: Module, headings: list[str], mapping: Mapping[Any, str]) -> dict[int, str]:
    offered = {spec.name: spec for spec in columns.importable(module)}
    errors: dict[str, list[Message]] = {}
    chosen: dict[int, str] = {}
    for key, name in mapping.items():
        if not name:
            continue
        if not str(key).isdecimal() or int(key) >= len(headings):
            errors.setdefault("", []).append(Message("The file has no column %(column)s.", column=str(key)[:20]))
        elif name not in offered:
            message = Message("There is no field “%(field)s” to import into.", field=str(name)[:60])
            errors.setdefault(str(key), []).append(message)
        elif name in chosen.values():
            message = Message("Two columns are assigned to %(field)s; choose one.", field=offered[name].label)
            errors.setdefault(str(key), []).append(message)
        else:
            chosen[int(key)] = name
    if not chosen and not errors:
        errors[""] = [Message("Assign at least one column to a field.")]
    lacking = [
        spec.label
        for spec in offered.values()
        if spec.required and not spec.has_default and spec.name not in chosen.values()
    ]
    if lacking and not errors and columns.NUMBER not in chosen.values():
        errors[""] = [Message("These fields must be filled in and have no column: %(fields)s.", fields=lacking)]
    if errors:
        raise Invalid(errors)
    return chosen


def check(ctx: Context, run: ImportRun) -> Job:
    """Start the dry run: the job reads all rows and says what is wrong with them; nothing else is written."""
    run = run_of(ctx, run.pk)
    require_right(ctx, registry.module(run.module))
    require_kept(run)
    if not run.mapping:
        raise Conflict(Message("Assign the columns first."))
    if run.rows.exclude(record_id=None).exists():
        raise Conflict(Message("Rows of this import have already been written; upload the file again."))
    return _start(ctx, run, (State.MAPPED, State.CHECKED, State.FAILED, State.CANCELLED), State.CHECKING, CHECK)


# ---- Writing -------------------------------------------------------------------------------------------------------


def apply(ctx: Context, run: ImportRun, duplicates: str = "", update_key: str = "") -> Job:
    """Start writing the rows of a checked import, or go on with one that stopped half way.

    `duplicates`: what to do with rows that may be known already: "skip" them, "create" them anyway, or "update" the
    record that exists; `update_key`: the one same-as field (or "number") that decides which record that is. The reason
    of the context is that of every row: who has to approve some reads it.
    """
    run = run_of(ctx, run.pk)
    module = registry.module(run.module)
    require_right(ctx, module)
    require_kept(run)
    with transaction.atomic():  # an answer that leads to nothing is not kept either
        _answer(module, run, duplicates, update_key, ctx.reason)
        if not run.rows.filter(state__in=OPEN).exists():
            raise Conflict(Message("There are no rows to import: correct the file and upload it again."))
        stopped = run.job is None or run.job.is_finished
        allowed = (State.CHECKED, State.FAILED, State.CANCELLED, *((State.APPLYING,) if stopped else ()))
        return _start(ctx, run, allowed, State.APPLYING, APPLY)


def _answer(module: Module, run: ImportRun, duplicates: str, update_key: str, reason: str = "") -> None:
    answer = duplicates or run.options.get("duplicates", SKIP)
    if answer not in ANSWERS:
        raise Invalid({"duplicates": [Message("Skip, create or update is needed here.")]})
    if update_key and update_key not in {columns.NUMBER, *(rule.name for rule in module.same_as)}:
        raise Invalid({"update_key": [Message("Records cannot be told apart by this field.")]})
    run.options = {"duplicates": answer, "update_key": update_key, "reason": reason.strip()}
    run.save(update_fields=["options"])


def undo(ctx: Context, run: ImportRun) -> Job:
    """Start taking an import back: new records to the recycle bin, changed ones to their old values.

    What was changed since is kept and reported on its row.
    """
    run = run_of(ctx, run.pk)
    require_right(ctx, registry.module(run.module))
    if not run.rows.filter(state__in=(ImportRow.State.CREATED, ImportRow.State.UPDATED)).exists():
        raise Conflict(Message("This import has written nothing that could be undone."))
    stopped = run.job is None or run.job.is_finished
    allowed = (*ENDED, *((State.UNDOING, State.APPLYING) if stopped else ()))
    return _start(ctx, run, allowed, State.UNDOING, UNDO)


def cancel(ctx: Context, run: ImportRun) -> ImportRun:
    """Stop a check or an import that is under way; what is already written stays and can be undone."""
    run = run_of(ctx, run.pk)
    if run.job is None or run.job.is_finished:
        raise Conflict(Message("Nothing is under way for this import."))
    if cancel_job(run.job, ctx.actor, ctx.now).is_finished:
        _finish(run, State.CANCELLED, ctx)
    return run


def _start(ctx: Context, run: ImportRun, allowed: tuple[str, ...], state: str, kind: str) -> Job:
    module = registry.module(run.module)
    title = Message("%(module)s: %(file)s", module=module.label_plural, file=str(run.file))
    with transaction.atomic():
        _move(run, allowed, state, ctx)
        started = start(kind, ctx.actor, {"run_id": str(run.pk), "handed_on": ctx.handed_on()}, title, ctx.now)
        ImportRun.objects.filter(pk=run.pk).update(job=started, error="", started_at=ctx.now, finished_at=None)
    run.job = started
    return started


def _move(run: ImportRun, allowed: tuple[str, ...], state: str, ctx: Context) -> None:
    # One conditional statement: of two people who press the button at once, one is told so.
    if not ImportRun.objects.filter(pk=run.pk, state__in=allowed).update(
        state=state, changed_at=ctx.now, changed_by=ctx.actor
    ):
        label = State(ImportRun.objects.values_list("state", flat=True).get(pk=run.pk)).label
        raise Conflict(Message("This is not possible while the import is in the state “%(state)s”.", state=label))
    run.state = state


# ---- The jobs ------------------------------------------------------------------------------------------------------

CHECK, APPLY, UNDO = "records.check_import", "records.apply_import", "records.undo_import"


@job(CHECK, title=_("Check an import"))
def check_import(progress: Progress, run_id: str, handed_on: dict[str, Any] | None = None) -> dict[str, Any]:
    """The dry run as a job; repeated, it begins anew."""
    run = _run(run_id)
    with _ending(run):
        _stage(_renewed(run, handed_on), run, progress)
    return dict(run.summary)


@job(APPLY, title=_("Import"))
def apply_import(progress: Progress, run_id: str, handed_on: dict[str, Any] | None = None) -> dict[str, Any]:
    """The import as a job; repeated, it goes on with the rows that are still open."""
    run = _run(run_id)
    if run.state == State.DONE:
        return dict(run.summary)
    with _ending(run):
        _apply(_renewed(run, handed_on), run, progress)
    return dict(run.summary)


@job(UNDO, title=_("Undo an import"))
def undo_import(progress: Progress, run_id: str, handed_on: dict[str, Any] | None = None) -> dict[str, Any]:
    """The undoing as a job; repeated, it goes on with what is not undone yet."""
    run = _run(run_id)
    with _ending(run):
        _undo(_renewed(run, handed_on), run, progress)
    return dict(run.summary)


def _run(run_id: str) -> ImportRun:
    return ImportRun.objects.select_related("file", "person", "job").get(pk=run_id)


def _renewed(run: ImportRun, handed_on: dict[str, Any] | None) -> Renew:
    """The circumstances of the importing person as they are at each chunk; he may have lost the right meanwhile."""

    def renew() -> Context:
        person = Person.objects.get(pk=run.person_id)
        reason = run.options.get("reason", "")
        ctx = Context.taken_up(person, handed_on, source="import", batch=run.pk, reason=reason)
        require_right(ctx, registry.module(run.module))
        return ctx

    return renew


def _stage(renew: Renew, run: ImportRun, steps: Any) -> None:
    stage(renew, run, steps)
    _finish(run, State.CHECKED, renew())


def _apply(renew: Renew, run: ImportRun, steps: Any) -> None:
    apply_rows(renew, run, steps)
    ctx = renew()
    with transaction.atomic():
        _finish(run, State.DONE, ctx)
        _note(ctx, run, "import")


def _undo(renew: Renew, run: ImportRun, steps: Any) -> None:
    def as_importer() -> Context:
        # Whoever may import may take his own import back, though he may not delete in general: only records of this
        # run are touched, and only while nobody has worked on them.
        return renew().as_program()

    undo_rows(as_importer, run, steps)
    ctx = renew()
    with transaction.atomic():
        _finish(run, State.UNDONE, ctx)
        _note(ctx, run, "undo_import")


@contextmanager
def _ending(run: ImportRun) -> Iterator[None]:
    """However the job ends, the run says so; what is only temporary leaves the run to the next attempt."""
    try:
        yield
    except (Superseded, OperationalError, InterfaceError, OSError, Away):
        raise
    except Cancelled:
        _ended_early(run, State.CANCELLED, "")
        raise
    except Problem as problem:
        _ended_early(run, State.FAILED, str(problem))
        raise
    except Exception:
        _ended_early(run, State.FAILED, str(Message("An unexpected error ended this import.")))
        raise


def _ended_early(run: ImportRun, state: str, error: str) -> None:
    ImportRun.objects.filter(pk=run.pk).update(state=state, error=error, **_counted(run))
    run.refresh_from_db()


def _finish(run: ImportRun, state: str, ctx: Context) -> None:
    ImportRun.objects.filter(pk=run.pk).update(state=state, finished_at=ctx.now, changed_at=ctx.now, **_counted(run))
    run.refresh_from_db()


def _counted(run: ImportRun) -> dict[str, Any]:
    counts = dict(run.rows.order_by().values_list("state").annotate(Count("id")))
    return {"total": sum(counts.values()), "summary": counts}


def _note(ctx: Context, run: ImportRun, action: str) -> None:
    """One entry for the whole import; each record has its own beside it, in the same batch."""
    told = {"file": run.file.name, "sha256": run.file.sha256, "rows": run.total, **run.summary}
    changes = {name: [None, value] for name, value in told.items()}
    audit.write([ctx.in_batch(run.pk).entry(action, module=run.module, record_label=str(run.file), changes=changes)])


# ---- Without a queue -----------------------------------------------------------------------------------------------


def import_file(
    ctx: Context,
    module: Module | str,
    path: Path | str,
    mapping: Mapping[Any, str] | None = None,
    duplicates: str = SKIP,
) -> ImportRun:
    """Import a file of this machine at once: for the command line, the demo and tests.

    `mapping`: column index or heading to field name; without it, what is suggested. Returns the run as it ended.
    """
    known = registry.module(module) if isinstance(module, str) else module
    require_right(ctx, known)
    with Path(path).open("rb") as content:
        kept = store(content, Path(path).name, ctx.actor, ctx.now, StoredFile.Kind.IMPORT)
    run = begin(ctx, known, kept)
    chosen = _by_column(run, mapping) if mapping else {found.column: found.field for found in suggestions(ctx, run)}
    run = set_mapping(ctx, run, run.sheet, run.encoding, run.header_row, chosen)

    def renew() -> Context:
        return dataclasses.replace(ctx, source="import", batch=run.pk)

    _answer(known, run, duplicates, "")
    with _ending(run):
        _move(run, (State.MAPPED,), State.CHECKING, ctx)
        _stage(renew, run, Untold())
        _move(run, (State.CHECKED,), State.APPLYING, ctx)
        _apply(renew, run, Untold())
    return run


def _by_column(run: ImportRun, mapping: Mapping[Any, str]) -> dict[Any, str]:
    places = {heading: column for column, heading in reversed(list(enumerate(run.headings)))}
    return {places.get(key, key) if isinstance(key, str) else key: name for key, name in mapping.items()}
