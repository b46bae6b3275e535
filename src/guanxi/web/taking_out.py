"""Taking a report or a sheet out as a file: what it is for, in which form, then the file, on record with who took it.

For tables and documents that a room works out; the lists of record types have their own export (`web.exporting`).
"""

from __future__ import annotations

import csv
import hashlib
import io
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.db import transaction
from django.http import FileResponse, HttpResponseBase
from django.utils.translation import gettext as _

from guanxi.kernel.errors import Invalid, NotAllowed
from guanxi.kernel.messages import Message
from guanxi.platform.calendar import local
from guanxi.records import export_limits, exporting, workbooks
from guanxi.records.context import Context
from guanxi.records.module import Module
from guanxi.web.gate import Request
from guanxi.web.rendering import page

#: The forms a file may have: how a browser is told of each.
FORMS = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
    "pdf": "application/pdf",
    "ics": "text/calendar; charset=utf-8",
}


@dataclass(frozen=True)
class TakingOut:
    """A file that may be taken out: of which record type it tells, its title, where one came from, how many rows.

    `write(ctx, form)` makes the file in one of `forms`; `told`: what else goes on record beside rows and fingerprint.
    """

    module: Module
    title: str
    back: str
    rows: int
    forms: Sequence[str]
    write: Callable[[Context, str], bytes]
    told: dict[str, Any] | None = None


def answer(request: Request, wanted: TakingOut) -> HttpResponseBase:
    """Ask what the file is for (GET); write and record it (POST).

    Raises NotAllowed without the right to export all that one sees, Refused where so many rows need a second person.
    """
    ctx = request.ctx.because(request.POST.get("reason", "").strip())
    if ctx.scope(wanted.module, "export") < ctx.scope(wanted.module, "view"):
        raise NotAllowed(Message("You may not export %(module)s.", module=wanted.title))
    exporting.require_right(ctx, wanted.module)
    form = request.POST.get("format", wanted.forms[0])
    if request.method == "GET" or form not in wanted.forms:
        return _ask(request, wanted)
    try:
        exporting.require_reason(ctx, wanted.module)
    except Invalid as problem:
        return _ask(request, wanted, problem)
    export_limits.require_alone(ctx, wanted.module, wanted.rows)
    ctx.require_confirmed()
    content = wanted.write(ctx, form)
    name = f"{wanted.title} {local(ctx.now):%Y-%m-%d %H%M}.{form}"
    with transaction.atomic():
        told = {**(wanted.told or {}), "rows": wanted.rows, "sha256": hashlib.sha256(content).hexdigest()}
        exporting.note_taken(ctx, wanted.module, name, **told)
    reply = FileResponse(io.BytesIO(content), as_attachment=True, filename=name, content_type=FORMS[form])
    reply.headers["Cache-Control"] = "private, no-store"
    return reply


def _ask(request: Request, wanted: TakingOut, problem: Invalid | None = None) -> HttpResponseBase:
    chosen = request.POST.get("format", wanted.forms[0])
    given = {
        "wanted": wanted,
        "forms": [(form, form.upper(), form == chosen) for form in wanted.forms] if len(wanted.forms) > 1 else [],
        "errors": problem.errors if problem else {},
    }
    return page(request, "web/taking_out.html", given, status=422 if problem else 200)


# ---- Tables ----------------------------------------------------------------------------------------------------------


def workbook(
    ctx: Context, title: object, heads: Sequence[str], rows: Sequence[Sequence[Any]], formats: Sequence[str] = ()
) -> bytes:
    """A table as XLSX that names who took it, when, and under which number."""
    note = _("Exported by %(person)s, %(time)s, export %(number)s") % {
        "person": ctx.actor.name, "time": f"{local(ctx.now):%Y-%m-%d %H:%M}", "number": uuid.uuid4(),
    }  # fmt: skip
    with TemporaryDirectory() as folder:
        path = Path(folder) / "report.xlsx"
        sheet = workbooks.Sheet(path, str(title), list(heads), note=note, author=ctx.actor.name, formats=list(formats))
        for row in rows:
            sheet.write(list(row))
        sheet.close()
        return path.read_bytes()


def comma_separated(heads: Sequence[str], rows: Sequence[Sequence[Any]]) -> bytes:
    """A table as CSV that a spreadsheet opens with its Chinese."""
    text = io.StringIO()
    csv.writer(text).writerows([exporting.csv_cell(value) for value in row] for row in (heads, *rows))
    return text.getvalue().encode("utf-8-sig")
