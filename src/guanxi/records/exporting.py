"""Taking records out as a file: the columns of a list or every field, as XLSX or CSV, with the rights of the person.

What is exported can be imported again and gives the same values. Every export leaves an entry in the audit trail, and
every workbook names who made it, when, and under which number.
"""

from __future__ import annotations

import csv
import dataclasses
import uuid
from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Protocol

from django.db import transaction
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from guanxi.kernel.errors import Invalid, NotAllowed, Problem, TooLarge
from guanxi.kernel.messages import Message
from guanxi.platform.access.models import Scope
from guanxi.platform.audit import entries as audit
from guanxi.platform.audit.models import Disclosure, Outcome, Sight
from guanxi.platform.calendar import local
from guanxi.platform.files.models import StoredFile
from guanxi.platform.files.storage import store
from guanxi.platform.jobs.models import Job
from guanxi.platform.jobs.progress import Progress
from guanxi.platform.jobs.registry import job
from guanxi.platform.jobs.starting import start
from guanxi.platform.people.models import Person
from guanxi.records import disclosing, export_limits, history, listing, registry, workbooks
from guanxi.records.actions import Action, run
from guanxi.records.approvals.asking import ByNature
from guanxi.records.approvals.models import PendingAction
from guanxi.records.context import Context
from guanxi.records.export_cells import ExportCells, Form
from guanxi.records.importing import parsing
from guanxi.records.listing import Column, Query
from guanxi.records.module import Module
from guanxi.records.registry import Registered
from guanxi.records.standard import APART
from guanxi.records.wording import in_words
from guanxi.records.work import Work

#: The kind of job that writes an export's file.
EXPORT = "records.export"
FORMATS = ("xlsx", "csv")
CHUNK = 1000
MAX_ROWS = 200_000
MAX_BYTES = 400 * 1024 * 1024

_NUMBER_FORMATS = {
    "money": workbooks.MONEY, "percent": workbooks.PERCENT, "date": workbooks.DATE, "moment": workbooks.MOMENT,
}  # fmt: skip
_WIDTHS = {"money": 14, "percent": 10, "integer": 10, "number": 12, "date": 12, "moment": 20, "boolean": 8}


class _Writer(Protocol):
    @property
    def forms(self) -> Sequence[Form]:
        """How a value stands in each column of the file."""

    def put(self, cells: Sequence[str]) -> None: ...

    def close(self) -> None: ...


# ---- Asking for an export ------------------------------------------------------------------------------------------


def require_right(ctx: Context, module: Module) -> None:
    """Raise NotAllowed unless the person may export from the module."""
    if not module.can("export_rows") or not ctx.may(module, "export"):
        disclosing.refused(ctx, module, Sight.EXPORT)
        raise NotAllowed(Message("You may not export %(module)s.", module=module.label_plural))


def require_reason(ctx: Context, module: Module) -> None:
    """Raise Invalid unless the person says what the export of confidential records is for (SEC-04)."""
    if disclosing.is_watched(ctx, module) and not ctx.reason.strip():
        raise Invalid(
            {"reason": [Message("Say what the file is for. The reason is kept with who exported what, and when.")]}
        )


def all_columns(module: Module) -> tuple[str, ...]:
    """Every column that an export of everything has."""
    return tuple(column.name for column in listing.offered_columns(module))


def start_export(
    ctx: Context,
    module: Module,
    query: Query,
    columns: Sequence[str] = (),
    format: str = "xlsx",
    ids: Iterable[uuid.UUID | str] | None = None,
) -> Job:
    """Have an export made of what a list shows; `ids` narrows it to chosen rows, no `columns` means every field.

    The job's result is {"file": id of the StoredFile, "rows": count, "name": file name}. Raises AwaitsApproval where it
    is more than one person may take out alone (`records.export_limits`), NotAllowed without the right to export,
    Unconfirmed when the person has to confirm who he is first, Invalid for an unknown format or without the reason that
    confidential records need.
    """
    require_right(ctx, module)
    require_reason(ctx, module)
    wanted = {**dataclasses.asdict(query), "filters": dict(query.filters), "columns": list(query.columns)}
    chosen = None if ids is None else [str(pk) for pk in ids]
    data = {"query": wanted, "columns": list(columns), "format": format, "ids": chosen}
    job: Job = run(EXPORT_ROWS, ctx, module, data=data)
    return job


def _plan_export(ctx: Context, known: Registered, works: list[Work], action: Action) -> None:
    for work in works:
        try:
            work.values = _wanted(ctx, known.module, work.item.data)
        except Problem as problem:
            work.problem = problem


def _wanted(ctx: Context, module: Module, data: Mapping[str, Any]) -> dict[str, Any]:
    """What the job is to make, and how many rows of it are confidential."""
    require_reason(ctx, module)
    wrong = {name: [Message("This value has the wrong form.")] for name in _WANTED if not _WANTED[name](data.get(name))}
    if data.get("format") not in FORMATS:
        wrong["format"] = [Message("Choose XLSX or CSV.")]
    if wrong or set(data) != {*_WANTED, "format"}:
        raise Invalid(wrong or Message("This value has the wrong form."))
    query = _query(data["query"])
    counted = disclosing.is_watched(ctx, module)
    rows = len(_selected_keys(ctx, module, query, data["ids"])) if counted else None
    return {**data, "columns": list(data["columns"]) or list(all_columns(module)), "rows": rows, "asked": query}


#: How the parts of an export look that is asked for.
_WANTED: Mapping[str, Callable[[Any], bool]] = {
    "query": lambda given: (
        isinstance(given, Mapping) and set(given) <= {each.name for each in dataclasses.fields(Query)}
    ),
    "columns": lambda given: _are_texts(given),
    "ids": lambda given: given is None or _are_texts(given),
}


def _are_texts(given: Any) -> bool:
    return isinstance(given, list) and all(isinstance(each, str) for each in given)


def _query(kept: Mapping[str, Any]) -> Query:
    """A query as JSON keeps it."""
    return Query(**{**kept, "columns": tuple(kept.get("columns", ()))})


def _execute_export(ctx: Context, known: Registered, works: list[Work]) -> None:
    request = {"request": str(ctx.approved.pk)} if ctx.approved is not None else {}
    for work in works:
        wanted, rows = work.values, work.values["rows"]
        work.changes = _told(ctx, known.module, wanted)
        what = Message("Export: %(module)s", module=known.module.label_plural)
        if rows is not None:
            what = Message("Export: %(module)s, %(rows)s rows", module=known.module.label_plural, rows=f"{rows:,}")
        payload = {
            "module": known.module.key, "query": wanted["query"], "columns": wanted["columns"],
            "format": wanted["format"], "ids": wanted["ids"], "reason": ctx.reason, "handed_on": ctx.handed_on(),
            **request,
        }  # fmt: skip
        work.result = start(EXPORT, ctx.actor, payload, what, ctx.now)


def _told(ctx: Context, module: Module, wanted: Mapping[str, Any]) -> dict[str, list[Any]]:
    """What an export would take, for who decides on it and for the audit."""
    columns = listing.columns_of(module, tuple(wanted["columns"]))
    told = {
        history.EXPORT_ROWS: wanted["rows"],
        history.EXPORT_FILTER: _narrowed(ctx, module, wanted["asked"], wanted["ids"]),
        history.EXPORT_COLUMNS: gettext(", ").join(str(each.label) for each in columns),
    }
    return {name: [None, value] for name, value in told.items() if value not in (None, "")}


def _narrowed(ctx: Context, module: Module, query: Query, ids: Sequence[str] | None) -> str:
    """Which rows, in words, as far as it narrows them."""
    parts = [gettext("View: %(view)s") % {"view": listing.view_of(ctx, module, query.view).label}]
    if query.text:
        parts.append(gettext("Search: %(words)s") % {"words": query.text})
    parts += in_words(ctx, module, query.filters)
    if ids is not None:
        parts.append(gettext("%(count)s chosen rows") % {"count": f"{len(ids):,}"})
    return gettext("; ").join(parts)


def _is_much(ctx: Context, work: Work) -> bool:
    """More of confidential records than one person takes out alone (SEC-04)."""
    rows, module = work.values["rows"], work.result.payload["module"]
    return rows is not None and not export_limits.judged(ctx, registry.module(module), rows).allowed


#: Asking for an export: the job that it starts makes the file.
EXPORT_ROWS = Action(
    name="export",
    label=_("Export"),
    icon="file-export",
    needs=("export_rows",),
    on_record=False,
    standard=True,
    plan=_plan_export,
    execute=_execute_export,
    approval=ByNature("approval.export", "SEC-04", holds=_is_much),
    entered="ask_export",
    step_up=True,
    undoable=False,
)
APART[EXPORT_ROWS.name] = EXPORT_ROWS


def _require_approved(ctx: Context, module: Module, request: str) -> None:
    """Raise NotAllowed unless that request of this person and record type was approved and has made no file yet."""
    requests = PendingAction.objects.filter(pk=request, owner=ctx.actor, module=module.key, action=EXPORT_ROWS.name)
    approved = requests.filter(state=PendingAction.State.DONE, deleted_at=None).first()
    taken = Disclosure.objects.filter(actor=ctx.actor, kind=Sight.EXPORT, outcome=Outcome.DONE)
    if approved is None or taken.filter(at__gte=approved.decided_at, detail__request=request).exists():
        raise NotAllowed(Message("The approval of this export has been used; please ask again."))


@job(EXPORT, title=_("Export"))
def export(
    progress: Progress,
    module: str,
    query: dict[str, Any],
    columns: list[str],
    format: str,
    ids: list[str] | None,
    reason: str = "",
    request: str = "",
    handed_on: dict[str, Any] | None = None,
) -> dict[str, Any]:
    """The export as a job, with the rights that the person has when it runs.

    `request`: the approved request that it comes from; without one the person takes it out alone, within his limits.
    """
    asked = progress.job
    assert asked.actor_id is not None  # start_export names who asked
    person = Person.objects.get(pk=asked.actor_id)
    ctx = Context.taken_up(person, handed_on, source="job", batch=asked.pk, reason=reason)
    known = registry.module(module)
    require_right(ctx, known)
    if request:
        _require_approved(ctx, known, request)
    wanted = _query(query)
    chosen = tuple(columns) or all_columns(known)
    with TemporaryDirectory() as folder:
        path = Path(folder) / f"export.{format}"
        count = write_file(
            ctx, known, wanted, chosen, path, number=str(asked.pk), ids=ids, told=lambda n, of: progress.step(n, of)
        )
        if not request:
            # Judged again: meanwhile there may be more rows, and other exports of the same day.
            export_limits.require_alone(ctx, known, count)
        name = f"{known.label_plural} {local(ctx.now):%Y-%m-%d %H%M}.{format}"
        with path.open("rb") as content:
            kept = store(
                content,
                name,
                person,
                ctx.now,
                StoredFile.Kind.EXPORT,
                module=known.key,
                limit=MAX_BYTES,
                with_row=False,
            )
        with transaction.atomic():
            kept.save(force_insert=True)
            _note(ctx, known, wanted, chosen, count, kept.sha256, kept.name, request)
    return {"file": str(kept.pk), "rows": count, "name": kept.name}


def _note(
    ctx: Context,
    module: Module,
    query: Query,
    columns: Sequence[str],
    count: int,
    sha256: str,
    name: str,
    request: str = "",
) -> None:
    narrowed = {"view": query.view, "text": query.text, "filters": dict(query.filters)}
    approved = {"request": request} if request else {}
    note_taken(
        ctx, module, name, rows=count, columns=list(columns), filter=narrowed, sha256=sha256, file=name, **approved
    )


def note_taken(ctx: Context, module: Module, name: str, **told: Any) -> None:
    """Put on record who took what out of a record type in the file `name`, when and what for.

    `told`: how many rows (`rows`), which columns, under which filter, and the fingerprint of the file. Within the
    caller's transaction.
    """
    changes = {key: [None, value] for key, value in told.items()}
    audit.write([ctx.entry("export", module=module.key, record_label=name, changes=changes)])
    disclosing.taken(ctx, module, Sight.EXPORT, name, **told)


def export_file(ctx: Context, module: Module | str, path: Path | str, query: Query | None = None) -> int:
    """Export every field of what the person may read into a file of this machine; returns the number of rows.

    The ending of `path` (.xlsx or .csv) chooses the format. For the command line, the demo and tests.
    """
    known = registry.module(module) if isinstance(module, str) else module
    require_right(ctx, known)
    require_reason(ctx, known)
    target = Path(path)
    if target.suffix.lstrip(".").lower() not in FORMATS:
        raise Invalid({"format": [Message("Choose XLSX or CSV.")]})
    wanted, chosen = query or Query(), all_columns(known)
    if disclosing.is_watched(ctx, known):
        export_limits.require_alone(ctx, known, len(_selected_keys(ctx, known, wanted, None)))
    count = write_file(ctx, known, wanted, chosen, target, number=str(uuid.uuid4()))
    with transaction.atomic():
        _note(ctx, known, wanted, chosen, count, workbooks.fingerprint(target), target.name)
    return count


# ---- Writing the file ----------------------------------------------------------------------------------------------


def write_file(
    ctx: Context,
    module: Module,
    query: Query,
    columns: Sequence[str],
    path: Path,
    *,
    number: str,
    ids: Iterable[uuid.UUID | str] | None = None,
    told: Callable[[int, int], None] | None = None,
) -> int:
    """Write what the query selects and the person may read and export; returns the number of rows.

    `number` is the export's number in the watermark; `told(done, total)` is called after each chunk.
    """
    shown = listing.columns_of(module, tuple(columns))
    if not shown:
        raise Invalid({"columns": [Message("Choose at least one column.")]})
    keys = _selected_keys(ctx, module, query, ids)
    writer = _writer(ctx, module, shown, path, number)
    cells = ExportCells(ctx, module, shown, writer.forms)
    for start_at in range(0, len(keys), CHUNK):
        for row in cells.rows(keys[start_at : start_at + CHUNK]):
            writer.put(row)
        if told:
            told(min(start_at + CHUNK, len(keys)), len(keys))
    writer.close()
    return len(keys)


def _selected_keys(
    ctx: Context, module: Module, query: Query, ids: Iterable[uuid.UUID | str] | None
) -> list[uuid.UUID]:
    """The records in their order, fixed at the beginning: what is entered meanwhile shifts nothing."""
    rows = listing.ordered(ctx, module, query)
    if not ctx.unbounded and ctx.scope(module, "export") is not Scope.ALL:
        rows = rows.filter(pk__in=ctx.search(module, "export", binned=query.binned).order_by().values("pk"))
    if ids is not None:
        rows = rows.filter(pk__in=[key for key in map(_key, ids) if key is not None])
    keys = list(rows.values_list("pk", flat=True)[: MAX_ROWS + 1])
    if len(keys) > MAX_ROWS:
        raise TooLarge(Message("These are more than %(limit)s records; narrow the list.", limit=MAX_ROWS))
    return list(dict.fromkeys(keys))


def _key(raw: uuid.UUID | str) -> uuid.UUID | None:
    try:
        return raw if isinstance(raw, uuid.UUID) else uuid.UUID(raw)
    except ValueError:
        return None


def _writer(ctx: Context, module: Module, columns: Sequence[Column], path: Path, number: str) -> _Writer:
    headings = [str(column.label) for column in columns]
    if path.suffix == ".csv":
        return _CsvWriter(path, headings)
    note = Message(
        "Exported by %(person)s, %(time)s, export %(number)s",
        person=ctx.actor.name, time=local(ctx.now).replace(tzinfo=None), number=number,
    )  # fmt: skip
    return workbooks.Sheet(
        path, str(module.label_plural), headings, note=str(note), author=ctx.actor.name,
        formats=[_NUMBER_FORMATS.get(column.kind, "") for column in columns],
        widths=[_WIDTHS.get(column.kind, 18) for column in columns],
    )  # fmt: skip


class _CsvWriter:
    """UTF-8 with a byte order mark, which spreadsheets need; texts that look like formulas get an apostrophe."""

    def __init__(self, path: Path, headings: Sequence[str]) -> None:
        self._file = path.open("w", encoding="utf-8-sig", newline="", errors="replace")
        self._csv = csv.writer(self._file)
        self.forms = [csv_cell] * len(headings)
        self.put([csv_cell(heading) for heading in headings])

    def put(self, cells: Sequence[str]) -> None:
        """Append one row of cells as `forms` gives them."""
        self._csv.writerow(cells)

    def close(self) -> None:
        self._file.close()


def csv_cell(value: Any) -> str:
    """A value as a cell of CSV; what a spreadsheet would take for a formula is marked as text."""
    if value is None:
        return ""
    if isinstance(value, str):
        return f"'{value}" if parsing.FORMULA.match(value) else value
    return format(value, "f") if isinstance(value, Decimal) else str(value)
