"""The rows that could not be imported, as a file: the original columns, the row's number and the reason."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from guanxi.kernel.errors import Conflict
from guanxi.kernel.messages import Message
from guanxi.platform.files.models import StoredFile
from guanxi.platform.files.storage import store
from guanxi.records import problems, registry
from guanxi.records.context import Context
from guanxi.records.fields import Sealed
from guanxi.records.importing.cells import opened, shown
from guanxi.records.importing.running import require_kept, run_of
from guanxi.records.models import ImportRow, ImportRun
from guanxi.records.workbooks import Sheet


def refused_file(ctx: Context, run: ImportRun) -> StoredFile:
    """An XLSX of the refused rows, to be corrected and imported again.

    Sealed cells are in clear for whoever brought them in, and masked for anybody else. Raises Conflict when no row was
    refused, or the rows were cleared away.
    """
    run = run_of(ctx, run.pk)
    require_kept(run)
    value = opened if run.person_id == ctx.actor.pk else _masked
    rows = run.rows.filter(state=ImportRow.State.PROBLEM).order_by("line")
    if not rows.exists():
        raise Conflict(Message("No row of this import was refused."))
    labels = {name: spec.label for name, spec in registry.entry(run.module).fields.items()}
    width = len(run.headings)
    headings = [*run.headings, str(Message("Import: row")), str(Message("Import: reason"))]
    with TemporaryDirectory() as folder:
        path = Path(folder) / "refused.xlsx"
        sheet = Sheet(path, str(Message("Refused rows")), headings, note="")
        for row in rows.iterator(chunk_size=1000):
            cells: list[Any] = [value(cell) for cell in row.values[:width]]
            cells += [None] * (width - len(cells))
            sheet.write([*cells, row.line, problems.text(row.problems, labels)])
        sheet.close()
        name = str(Message("%(file)s - refused rows.xlsx", file=Path(run.file.name).stem))
        with path.open("rb") as content:
            return store(content, name, ctx.actor, ctx.now, StoredFile.Kind.EXPORT, limit=200 * 1024 * 1024)


def _masked(cell: Any) -> Any:
    found = shown(cell)
    return str(found) if isinstance(found, Sealed) else found
