"""Decision tables: their lines in a plain form."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse, HttpResponseBase, QueryDict
from django.views.decorators.http import require_http_methods

from guanxi.kernel.errors import Invalid, Problem
from guanxi.kernel.messages import Message
from guanxi.platform.workflow import tables
from guanxi.platform.workflow.models import DecisionTable
from guanxi.platform.workflow.tables import Column, Line, Table
from guanxi.records import registry
from guanxi.records.actions import require_possible, run
from guanxi.rooms.processes.actions import WRITE_TABLE
from guanxi.rooms.processes.module import TABLE
from guanxi.web import addresses, errors, flashes
from guanxi.web.gate import Request, require
from guanxi.web.once import new_token, once
from guanxi.web.rendering import page

#: Empty lines and columns that the form offers beside those there are.
SPARE_LINES, SPARE_COLUMNS, MORE_LINES = 2, 1, 10


@require_http_methods(["GET", "POST"])
def write(request: Request, pk: Any) -> HttpResponseBase:
    """The lines of a draft."""
    row: DecisionTable = request.ctx.get(TABLE, pk)
    require(request.ctx, registry.entry(TABLE), WRITE_TABLE.name, WRITE_TABLE.label)
    require_possible(request.ctx, TABLE, WRITE_TABLE, row)
    if request.method == "GET":
        return _draw(request, row, tables.table_of(row))
    entered = _entered(request.POST, row.key)
    if request.POST.get("more"):
        return _draw(request, row, entered, spare=MORE_LINES)

    def act() -> str:
        tables.require_sound(entered)
        seen = request.POST.get("version", "")
        data = {"table": tables.written(entered)}
        run(WRITE_TABLE, request.ctx, TABLE, row, data, version=int(seen) if seen.isdecimal() else None)
        return addresses.record(TABLE, row.pk)

    address, problem = once(request, act)
    if problem is not None:
        return _draw(request, row, entered, problem)
    return flashes.redirect(address, Message("Saved. It is a draft until it is put to use."))


def _entered(post: QueryDict, key: str) -> Table:
    """What was entered; columns without a name and lines without anything are left out."""
    ins = [at for at in range(tables.MOST_COLUMNS) if post.get(f"in-{at}", "").strip()]
    outs = [at for at in range(tables.MOST_COLUMNS) if post.get(f"out-{at}", "").strip()]
    lines = []
    for number in range(tables.MOST_LINES):
        line = Line(
            tuple(post.get(f"cell-{number}-{at}", "").strip() for at in ins),
            tuple(post.get(f"result-{number}-{at}", "").strip() for at in outs),
            post.get(f"note-{number}", "").strip(),
        )
        if any((*line.cells, *line.results)):
            lines.append(line)
    return Table(
        key, " ".join(post.get("title", "").split()) or key, post.get("title_en", "").strip(), post.get("hit", ""),
        tuple(Column(post.get(f"in-{at}", "").strip(), post.get(f"in-label-{at}", "").strip()) for at in ins),
        tuple(Column(post.get(f"out-{at}", "").strip(), post.get(f"out-label-{at}", "").strip()) for at in outs),
        tuple(lines),
    )  # fmt: skip


def _draw(
    request: Request, row: DecisionTable, table: Table, problem: Problem | None = None, spare: int = SPARE_LINES
) -> HttpResponse:
    found = problem.errors if isinstance(problem, Invalid) else {}
    blank = [Column("")] * SPARE_COLUMNS
    given = {
        "row": row,
        "table": table,
        "inputs": [*table.inputs, *blank],
        "outputs": [*table.outputs, *blank],
        "lines": [*table.lines, *[Line((), ())] * spare],
        "hits": tables.HITS,
        "wrong": [str(message) for messages in found.values() for message in messages],
        "problem": None if found else problem,
        "problem_title": errors.title_of(problem) if problem else "",
        "reasons": errors.reasons(problem) if problem else [],
        "form_token": new_token(),
        "version": request.POST.get("version", row.version),
        "tables": addresses.listing(TABLE),
        "back": addresses.record(TABLE, row.pk),
    }
    return page(request, "processes/table.html", given, status=problem.status if problem else 200)
