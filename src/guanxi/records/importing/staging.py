"""The dry run: every row of the file is kept as it came and judged like a new record, and nothing else is written."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import Any

from django.db import transaction

from guanxi.kernel.errors import NotFound
from guanxi.kernel.messages import Message
from guanxi.platform.access.models import Scope
from guanxi.platform.bulk import insert_many, new_rows
from guanxi.records import problems, registry
from guanxi.records.context import Context
from guanxi.records.importing.cells import sealed
from guanxi.records.importing.mapping import NUMBER
from guanxi.records.importing.reading import open_table
from guanxi.records.importing.rows import (
    Key,
    input_of,
    keys_of,
    known_records,
    mapped_columns,
    rounded_figures,
    writable,
)
from guanxi.records.models import ImportRow, ImportRun
from guanxi.records.registry import Registered
from guanxi.records.standard import judge_changed, judge_new
from guanxi.records.steps import Renew, Steps, chunks
from guanxi.records.work import Item, Work, add_error

CHUNK = 1000
#: So many possible duplicates of a row are named.
NAMED = 3


def stage(renew: Renew, run: ImportRun, steps: Steps) -> None:
    """Read the file of a run into rows, each with what is wrong with it or what it may duplicate."""
    known = registry.entry(run.module)
    columns = mapped_columns(known, run)
    secret = [column.index for column in columns if column.field in known.sealed]
    run.rows.all().delete()
    lines: dict[Key, int] = {}
    done = 0
    with open_table(run.file, run.encoding, run.sheet, run.header_row) as (table, found):
        ctx = renew()
        for chunk in chunks(found, CHUNK):
            rows = new_rows(ImportRow, len(chunk), run=run)
            for row, (line, cells) in zip(rows, chunk, strict=True):
                row.line, row.values = line, cells
            _judge(ctx, known, [input_of(columns, row.values) for row in rows], rows, lines)
            for row in rows if secret else ():
                row.values = sealed(row.values, secret)
            with transaction.atomic():
                insert_many(ImportRow, rows)
            done += len(rows)
            steps.step(done, table.total)


def _judge(
    ctx: Context, known: Registered, inputs: Sequence[dict[str, Any]], rows: Sequence[ImportRow], lines: dict[Key, int]
) -> None:
    items = [Item(data=writable(known, values), confirmed=True) for values in inputs]
    works = judge_new(ctx, known.module, items)
    for row, values, work in zip(rows, inputs, works, strict=True):
        row.keys = keys_of(known, work.values, values.get(NUMBER))
    hits = known_records(ctx, known, [row.keys for row in rows])
    _judge_as_changes(ctx, known, items, works, hits)
    scope = ctx.scope(known.module, "create")
    for row, values, work, records in zip(rows, inputs, works, hits, strict=True):
        for name, message in rounded_figures(known, values).items():
            add_error(work, name, message)
        _within_reach(ctx, known, work, scope)
        row.duplicates = [{"record": str(record), "line": None, "rule": rule} for rule, record in records[:NAMED]]
        row.duplicates += _earlier(row.keys, row.line, lines)
        if work.problem is not None:
            row.state, row.problems = ImportRow.State.PROBLEM, problems.stored(work.problem)
        elif row.duplicates:
            row.state = ImportRow.State.DUPLICATE


def _judge_as_changes(
    ctx: Context, known: Registered, items: Sequence[Item], works: list[Work], hits: Sequence[Sequence[tuple[str, Any]]]
) -> None:
    """A row that means a record which exists is judged like a change: it may say less, and repeat its own code."""
    targets = {place: records[0][1] for place, records in enumerate(hits) if len({pk for _rule, pk in records}) == 1}
    changes = [dataclasses.replace(items[place], target=target) for place, target in targets.items()]
    if not changes:
        return
    for place, judged in zip(targets, judge_changed(ctx, known.module, changes), strict=True):
        # What the person may not edit stays judged as new: whether it exists is not told by a different error.
        if not isinstance(judged.problem, NotFound):
            works[place] = judged


def _earlier(keys: Sequence[Key], line: int, lines: dict[Key, int]) -> list[dict[str, Any]]:
    """The earlier rows of the same file that share a key with this one."""
    found = [{"record": None, "line": lines[key], "rule": key[0]} for key in keys if key in lines]
    for key in keys:
        lines.setdefault(key, line)
    return found[:NAMED]


def _within_reach(ctx: Context, known: Registered, work: Work, scope: Scope) -> None:
    """A record for somebody else needs a right that reaches him; said now rather than when it is written."""
    owner = work.values.get("owner")
    if ctx.unbounded or scope is Scope.ALL or known.module.scope_through or owner is None or work.problem:
        return
    if owner.pk in ctx.rights.owner_ids:
        return
    if scope is Scope.TEAM and owner.department_id == ctx.rights.department_id:
        return
    if scope not in (Scope.OWN, Scope.TEAM) and owner.department_id in ctx.rights.department_ids:
        return
    add_error(work, "owner", Message("You may not enter records for %(owner)s.", owner=owner.name))
