"""Writing the rows of a checked file, chunk by chunk: each chunk is one transaction of records and row states."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.db.models import Min

from guanxi.kernel.errors import Conflict, NotAllowed, Problem
from guanxi.kernel.messages import Message
from guanxi.records import problems, registry
from guanxi.records.actions import Action, run_many
from guanxi.records.approvals.asking import AwaitsApproval
from guanxi.records.context import Context
from guanxi.records.importing.mapping import NUMBER
from guanxi.records.importing.rows import (
    input_of,
    known_records,
    mapped_columns,
    save_rows,
    writable,
)
from guanxi.records.importing.staging import NAMED
from guanxi.records.models import ImportRow, ImportRun
from guanxi.records.registry import Registered
from guanxi.records.standard import CREATE, EDIT
from guanxi.records.steps import Pace, Renew, Steps
from guanxi.records.work import Item, Work

CHUNK = 500
SKIP, ANYWAY, UPDATE = "skip", "create", "update"
ANSWERS = (SKIP, ANYWAY, UPDATE)
OPEN = (ImportRow.State.PENDING, ImportRow.State.DUPLICATE)


@dataclass
class Entry:
    """A row with its input, what it shares keys with, and the record it is to change, if any."""

    row: ImportRow
    values: dict[str, Any]
    matches: list[tuple[str, uuid.UUID]] = field(default_factory=list)
    target: uuid.UUID | None = None


def apply_rows(renew: Renew, run: ImportRun, steps: Steps) -> None:
    """Write the rows that are still open. Called again after an interruption, it goes on where the last chunk ended."""
    total, pace = run.rows.count(), Pace(CHUNK)
    line = run.rows.filter(state__in=OPEN).aggregate(first=Min("line"))["first"] or 0
    done = run.rows.filter(line__lt=line).count()
    while rows := _apply_chunk(renew, run, line, pace):
        line = rows[-1].line + 1
        done += len(rows)
        steps.step(done, total)


def _apply_chunk(renew: Renew, run: ImportRun, line: int, pace: Pace) -> list[ImportRow]:
    """Write what is open of the next rows of the file, from a line on, and return them all; none at its end."""
    with transaction.atomic(), pace.measured():
        # Of two workers that both believe they run this import, the second waits here and finds the rows written.
        held = ImportRun.objects.select_for_update().get(pk=run.pk)
        if held.state != ImportRun.State.APPLYING:
            raise Conflict(Message("This import is no longer under way."))
        # By their place in the file alone: asked for the open ones, the database would look through all rows each time.
        rows = list(held.rows.filter(line__gte=line).order_by("line")[: pace.size])
        if waiting := [row for row in rows if row.state in OPEN]:
            ctx = renew()
            known = registry.entry(held.module)
            columns = mapped_columns(known, held)
            entries = [Entry(row, input_of(columns, row.values)) for row in waiting]
            _write(ctx, known, entries, held.options)
            save_rows(waiting)
    return rows


def _write(ctx: Context, known: Registered, entries: list[Entry], options: dict[str, Any]) -> None:
    """Rows of one chunk that share a key are written one after the other: the later finds what the earlier made."""
    while entries:
        now, later = _without_repeats(entries)
        for entry, matches in zip(now, known_records(ctx, known, [entry.row.keys for entry in now]), strict=True):
            entry.matches = matches
        decided = [entry for entry in now if _decide(known, entry, options)]
        _run(ctx, known, CREATE, [entry for entry in decided if entry.target is None])
        _run(ctx, known, EDIT, [entry for entry in decided if entry.target is not None])
        entries = later


def _without_repeats(entries: list[Entry]) -> tuple[list[Entry], list[Entry]]:
    seen: set[tuple[str, ...]] = set()
    first: list[Entry] = []
    repeated: list[Entry] = []
    for entry in entries:
        keys = {tuple(key) for key in entry.row.keys}
        (repeated if keys & seen else first).append(entry)
        seen |= keys
    return first, repeated


def _decide(known: Registered, entry: Entry, options: dict[str, Any]) -> bool:
    """Whether the row is written, and on which record; the answer to duplicates was given for the whole import."""
    row, answer = entry.row, options.get("duplicates", SKIP)
    wanted = options.get("update_key", "")
    matches = [match for match in entry.matches if not wanted or match[0] == wanted or answer != UPDATE]
    if entry.matches:
        row.duplicates = [{"record": str(pk), "line": None, "rule": rule} for rule, pk in entry.matches[:NAMED]]
    if not matches or answer == ANYWAY:
        return True
    if answer == SKIP:
        row.state = ImportRow.State.SKIPPED
        return False
    by_number = [pk for rule, pk in matches if rule == NUMBER]
    targets = by_number[:1] or list(dict.fromkeys(pk for _rule, pk in matches))
    if len(targets) > 1:
        message = Message(
            "%(count)s records match this row; give the number of the one that is meant.", count=len(targets)
        )
        row.state, row.problems = ImportRow.State.PROBLEM, [problems.note("", message)]
        return False
    entry.target = targets[0]
    return True


def _run(ctx: Context, known: Registered, action: Action, entries: Sequence[Entry]) -> None:
    if not entries:
        return
    if not ctx.may(known.module, action.name):
        # Asked once, not row by row: the engine would look for the one bad row of each half.
        refusal = NotAllowed()
        for entry in entries:
            _failed(entry.row, refusal)
        return
    items = [Item(entry.target, writable(known, entry.values), confirmed=True) for entry in entries]
    for entry, work in zip(entries, run_many(action, ctx, known.module, items, keep_good=True), strict=True):
        _settle(entry, work)


def _settle(entry: Entry, work: Work) -> None:
    if work.problem is not None:
        _failed(entry.row, work.problem)
        return
    entry.row.state = ImportRow.State.CREATED if entry.target is None else ImportRow.State.UPDATED
    entry.row.problems = []
    entry.row.record_id, entry.row.version_after = work.result.pk, work.result.version


def _failed(row: ImportRow, problem: Problem) -> None:
    waits = isinstance(problem, AwaitsApproval)
    row.state = ImportRow.State.WAITING if waits else ImportRow.State.PROBLEM
    row.problems = problems.stored(problem)
